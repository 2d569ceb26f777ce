"""AdaDelta: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import at, between, closed, equal, first_of, gathered, proved, put, says, step_of, t, value

from fluxopt_edu import AdaDelta

g, a, b, ρ, ε = sp.symbols("g acc b rho epsilon")


def now(**values):
    """One step, with b for the average of squared steps before it."""
    return step_of(AdaDelta, **{"Δacc": b, **values})


def test_epsilon():
    new = now()
    plain = g * sp.sqrt(b) / sp.sqrt(new["acc"])
    proved("adadelta.epsilon", a > 0, b > 0, step=new["step"], acc=new["acc"], delta_acc_before=b, plain_step=plain)


def test_first_step():
    proved("adadelta.first-step", step_1=first_of(AdaDelta, 1)[0]["step"])


def test_unrolled():
    equal(now()["Δacc"], ρ * b + (1 - ρ) * now()["step"] ** 2, a >= 0, b >= 0)
    gathered(value("adadelta.unrolled", "delta_acc"), 0, lambda before, step: ρ * before + (1 - ρ) * step**2)


def test_step_bound():
    relation, new = says("adadelta.step-bound"), now()
    assert isinstance(relation, sp.StrictLessThan) and put(relation.lhs, step=g) == sp.Abs(g)
    bound = put(relation.rhs, delta_acc_before=b)
    assert put(bound, b=1, epsilon=1, rho=sp.Rational(1, 2)) == 2
    # its square less that of the step is positive: so is each factor
    room = (b + ε) / (1 - ρ) * (ρ * a + ε) / (new["acc"] + ε)
    equal(bound**2 - new["step"] ** 2, room, a >= 0, b >= 0)


def test_growth():
    new = now(acc=g**2)  # a constant gradient's average in the long run, which one more step leaves as it is
    equal(new["acc"], g**2)
    proved("adadelta.growth", b >= 0, delta_acc=new["Δacc"], delta_acc_before=b)


def test_terminal_step():
    terminal = put(value("adadelta.terminal-step", "terminal_step"), constant_gradient=g)
    # the average tends to g²; there b tends to g², by the same factor in each step; and there the step is g
    average = (1 - ρ**t) * g**2
    closed(average, 0, lambda before: now(acc=before)["acc"])
    assert sp.limit(average.subs(ρ, between("rho")), t, sp.oo) == g**2
    new = now(acc=g**2)
    factor = 1 - (1 - ρ) * ε / (g**2 + ε)
    equal(new["Δacc"] - g**2, factor * (b - g**2), b >= 0)
    equal(now(acc=g**2, **{"Δacc": g**2})["step"], terminal)
    # on the way b is multiplied by, and gains, what tends to the same numbers
    on_the_way = now(acc=at(average, t - 1))
    gained = put(on_the_way["Δacc"], b=0)
    equal(on_the_way["Δacc"] - gained, b * (ρ + (1 - ρ) * g**2 / (average + ε)), b >= 0)
    small = sp.Symbol("rest")  # ρ^t
    assert sp.cancel((ρ + (1 - ρ) * g**2 / ((1 - small) * g**2 + ε)).subs(small, 0) - factor) == 0


def test_drift():
    # x_t = -(1 + growth) x_{t-1} at every step: the averages before a step from x = 1 are geometric sums
    growth, rest, λ = sp.symbols("growth rest curvature", positive=True)  # rest = ε/x²
    weights = (1 - ρ) / (1 - ρ / (1 + growth) ** 2)
    before = {"acc": λ**2 * weights / (1 + growth) ** 2, "Δacc": (2 + growth) ** 2 * weights / (1 + growth) ** 2}
    new = now(g=λ, rho=ρ, epsilon=rest, **before)
    assert sp.cancel(new["acc"] - λ**2 * weights) == 0
    off = sp.numer(sp.together(new["step"] ** 2 - (2 + growth) ** 2))
    still = {growth: 0, rest: 0}
    assert sp.cancel(off.subs(still)) == 0  # without ε every cycle stays as it is
    relation = says("adadelta.drift")
    assert put(relation.lhs, x=3, x_before=2) == 5
    slope = sp.cancel((-sp.diff(off, rest) / sp.diff(off, growth)).subs(still))  # of growth by ε/x²
    assert sp.cancel(2 * slope - put(relation.rhs, curvature=λ, epsilon=1)) == 0
