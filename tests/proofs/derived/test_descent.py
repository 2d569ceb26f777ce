"""Descent: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import closed, equal, proved, put, says, step_of, t, value

from fluxopt_edu import Descent

g, c, c_0, h = sp.symbols("g c c_0 h", real=True)
η, λ, low, high, T = sp.symbols("eta lambda low high T", positive=True)


def factor():
    """What a component is multiplied with in one step."""
    return sp.diff(c - put(step_of(Descent, g=λ * c)["step"], eta=η), c)


def test_linear_model():
    relation = says("descent.linear-model")
    equal(relation.lhs, relation.rhs)
    (best,) = sp.solve(sp.diff(relation.lhs, sp.Symbol("any_step")), sp.Symbol("any_step"))
    equal(best, step_of(Descent)["step"])
    equal(put(relation.rhs, any_step=step_of(Descent)["step"]), -η * g**2 / 2)  # where the square is zero


def test_contraction():
    proved("descent.contraction", component=c - step_of(Descent, g=λ * c)["step"], component_before=c, curvature=λ)


def test_loss():
    after = (1 - η * λ) ** t * c_0
    closed(after, c_0, lambda before: before - step_of(Descent, g=λ * before)["step"])
    proved("descent.loss", component=after, component_0=c_0, curvature=λ)


def test_stability():
    bound = put(says("descent.stability").rhs, curvature_max=λ)
    assert isinstance(says("descent.stability"), sp.StrictLessThan) and says("descent.stability").lhs.name == "eta"
    assert sp.expand(1 - factor() ** 2 - η * λ**2 * (bound - η)) == 0  # below 1 in size iff η is below the bound
    assert sp.diff(bound, λ).is_negative  # the largest curvature decides


def test_best_eta():
    best = put(value("descent.best-eta", "eta_best"), curvature_min=low, curvature_max=high)
    slow, steep = factor().subs(λ, low), -factor().subs(λ, high)
    rate = (high - low) / (high + low)
    # at η = best + h the two ends have the factors rate - h·low and -(rate + h·high): one of them is beyond the rate
    assert sp.cancel(slow.subs(η, best + h) - (rate - h * low)) == 0
    assert sp.cancel(steep.subs(η, best + h) - (rate + h * high)) == 0


def test_best_rate():
    d = sp.Symbol("d", positive=True)
    best = put(value("descent.best-eta", "eta_best"), curvature_min=low, curvature_max=low * (1 + d))
    proved("descent.best-rate", eta_best=best, curvature_min=low, curvature_max=low * (1 + d), kappa=1 + d)
    # the Max is of the two factors of the rule
    ends = {sp.Abs(factor().subs({λ: end, η: sp.Symbol("eta_best")})) for end in (sp.Symbol("curvature_min"), sp.Symbol("curvature_max"))}
    assert ends == {sp.Abs(sp.expand(a.args[0])) for a in says("descent.best-rate").lhs.args}


def test_flow():
    relation = says("descent.flow")
    left = put(relation.lhs, eta=η, curvature=λ, time=T)
    equal(put(relation.lhs, eta=sp.Symbol("eta"), curvature=λ, time=t * sp.Symbol("eta")), factor() ** t)  # T/η steps
    expansion = sp.series(sp.exp(T / η * sp.log(left.base)), η, 0, 2)
    stated = put(relation.rhs.subs(sp.O(sp.Symbol("eta") ** 2), 0), eta=η, curvature=λ, time=T)
    assert relation.rhs.has(sp.O(sp.Symbol("eta") ** 2))
    assert sp.expand(expansion.removeO() - stated) == 0 and expansion.getO() == sp.O(η**2)


def test_noise():
    noise, V, σ = sp.symbols("noise V sigma", positive=True)
    after = sp.expand(c - put(step_of(Descent, g=λ * c + noise)["step"], eta=η))
    # independent of the parameter and of mean zero: the variances of the two terms add up
    (stationary,) = sp.solve(sp.Eq(V, after.coeff(c) ** 2 * V + after.coeff(noise) ** 2 * σ**2), V)
    proved("descent.noise", variance=stationary, curvature=λ, noise=σ)
