"""Nesterov: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import equal, gathered, proved, put, says, step_of, value

from fluxopt_edu import Nesterov

c, v, θ, x, g, ρ, η, λ = sp.symbols("c v theta x g rho eta lambda")
s, q = sp.symbols("s q", positive=True)


def matrix():
    """On a quadratic of curvature λ, what takes (c, v) one step on."""
    after = step_of(Nesterov, v=v, g=λ * c)
    after = [put(c - after["step"], rho=ρ, eta=η), put(after["v"], rho=ρ, eta=η)]
    return sp.Matrix(2, 2, lambda row, column: sp.diff(after[row], [c, v][column]))


def characteristic(z):
    return sp.expand(z**2 - matrix().trace() * z + matrix().det())


def test_lookahead():
    # the look-ahead point of the two sequences, one step on, is where the rule goes from the look-ahead point
    new = step_of(Nesterov, v=v, g=g)
    before = put(value("nesterov.lookahead", "x"), theta=θ, v=v)
    assert put(value("nesterov.lookahead", "x"), theta=θ, v=0) == θ  # at the start the two are one
    proved("nesterov.lookahead", x=before - new["step"], theta=θ + new["v"], v=new["v"])


def test_theta():
    # what stays when ρv is taken from the rule's parameter moves by the velocity
    new = step_of(Nesterov, v=v, g=g)
    proved("nesterov.theta", theta=x - new["step"] - ρ * new["v"], theta_before=x - ρ * v, v=new["v"])


def test_new_velocity():
    new = step_of(Nesterov, v=sp.Symbol("before"))
    proved("nesterov.new-velocity", step=new["step"], v=new["v"])


def test_velocity_difference():
    new = step_of(Nesterov, v=sp.Symbol("before"))
    proved("nesterov.velocity-difference", step=new["step"], v=new["v"], v_before=sp.Symbol("before"))


def test_unrolled():
    # v_t = -η Σ ρ^(t-i) g_i by induction; ρ times this sum is in the step
    relation = value("nesterov.unrolled", "step")
    (whole,) = relation.atoms(sp.Sum)
    velocity = -η * sp.Sum(whole.function / ρ, *whole.limits)
    gathered(velocity, 0, lambda before, newest: step_of(Nesterov, v=before, g=newest)["v"])
    new = step_of(Nesterov)
    equal(relation.xreplace({whole: -ρ * new["v"] / η}), new["step"])


def test_three_term():
    one = step_of(Nesterov, v=v, g=λ * c)
    after_one = c - one["step"]
    two = step_of(Nesterov, v=one["v"], g=λ * after_one)
    proved("nesterov.three-term", component=after_one - two["step"], component_before=after_one, component_t_2=c, curvature=λ)


def test_eigenvalue():
    z = put(value("nesterov.eigenvalue", "eigenvalue"), curvature=λ, rho=ρ, eta=η)
    root = sp.sqrt((1 + ρ) ** 2 * (1 - η * λ) ** 2 - 4 * ρ * (1 - η * λ))
    assert sp.expand(characteristic(z)) == 0
    assert sp.expand(characteristic(z - root)) == 0
    assert sp.expand(sp.discriminant(characteristic(sp.Symbol("z")), sp.Symbol("z")) - root**2) == 0


def test_stability():
    # Jury: |δ| < 1 and 1 ± τ + δ > 0
    relation = says("nesterov.stability")
    τ, δ = matrix().trace(), matrix().det()
    bound = put(relation.rhs, curvature_max=λ, rho=ρ)
    assert isinstance(relation, sp.StrictLessThan) and relation.lhs.name == "eta"
    assert sp.expand(1 - τ + δ - η * λ) == 0
    assert sp.cancel(1 + τ + δ - (1 + 2 * ρ) * λ * (bound - η)) == 0
    assert sp.expand(δ - ρ * (1 - η * λ)) == 0  # falls with ηλ from ρ < 1, and at the bound it is still above -1
    assert sp.cancel(1 + δ.subs(η, bound) - (1 + ρ) / (1 + 2 * ρ)) == 0
    assert sp.diff(bound, λ).subs({λ: 1, ρ: q}).is_negative


def test_critical_damping():
    best = put(value("nesterov.critical-damping", "rho_best"), curvature=1, eta=s**2)
    z = sp.Symbol("z")
    p = characteristic(z).subs({λ: 1, η: s**2})
    assert sp.cancel(p.subs(ρ, best) - (z - (1 - s)) ** 2) == 0
    # with less momentum the larger eigenvalue is beyond 1 - s; with more, both have the size √(ρ(1 - s²)), which is larger too
    assert sp.cancel(p.subs(z, 1 - s) - s * (1 - s) * (1 + s) * (ρ - best)) == 0
    assert sp.cancel(best * (1 - s**2) - (1 - s) ** 2) == 0
    M = matrix().subs({λ: 1, η: s**2, ρ: best})
    assert (M - (1 - s) * sp.eye(2)).applyfunc(sp.cancel).rank() == 1


def test_rate():
    # k = √κ; with η = 1/λmax, the curvature λ = y·λmax, y from 1/k² to 1
    k, y = sp.symbols("k y", positive=True)
    rate = put(value("nesterov.rate", "rate_best"), kappa=k**2)
    best = put(value("nesterov.critical-damping", "rho_best"), curvature=1, eta=1 / k**2)
    assert sp.cancel(best - (k - 1) / (k + 1)) == 0
    z = sp.Symbol("z")
    p = characteristic(z).subs({λ: y, η: 1, ρ: best})
    discriminant = sp.factor(sp.discriminant(p, z))
    # zero at the flattest curvature; beyond it not positive, so that both eigenvalues have the size √δ, which falls with y
    assert sp.cancel(discriminant - 4 * k**2 / (k + 1) ** 2 * (1 - y) * (1 / k**2 - y)) == 0
    assert sp.cancel(matrix().det().subs({λ: y, η: 1, ρ: best}) - best * (1 - y)) == 0
    assert sp.cancel(p.subs(y, 1 / k**2) - (z - rate) ** 2) == 0
    equal(rate, 1 - 1 / k)
