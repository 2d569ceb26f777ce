"""RMSProp: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import equal, first_of, gathered, proved, put, says, step_of, t, value

from fluxopt_edu import RMSProp

g, a, ρ, η, ε = sp.symbols("g acc rho eta epsilon")


def test_epsilon_outside():
    new = step_of(RMSProp)
    proved("rmsprop.epsilon-outside", step=new["step"], acc=new["acc"], plain_step=η * g / sp.sqrt(new["acc"]))


def test_missing_correction():
    new = step_of(RMSProp, epsilon=0)
    proved("rmsprop.missing-correction", step=new["step"], plain_step=η * g / sp.sqrt(new["acc"] / (1 - ρ**t)))


def test_unrolled():
    gathered(value("rmsprop.unrolled", "acc"), 0, lambda before, g: step_of(RMSProp, acc=before, g=g)["acc"])


def test_first_step():
    proved("rmsprop.first-step", step_1=first_of(RMSProp, 1)[0]["step"])


def test_step_bound():
    relation, new = says("rmsprop.step-bound"), step_of(RMSProp)
    assert isinstance(relation, sp.LessThan) and put(relation.lhs, step=η) == sp.Abs(η)
    root = sp.sqrt(new["acc"])
    # its square less that of the step: a sum of products of what is not negative
    room = η**2 / (1 - ρ) * (ρ * a + 2 * ε * root + ε**2) / (root + ε) ** 2
    equal(relation.rhs**2 - new["step"] ** 2, room, a >= 0)
    reached = step_of(RMSProp, acc=0, epsilon=0)["step"]
    equal(sp.Abs(reached), relation.rhs, g > 0)


def test_epsilon_placement():
    relation = says("rmsprop.epsilon-placement")
    above, below = relation.lhs.as_numer_denom()
    assert isinstance(relation, sp.LessThan) and relation.rhs == sp.sqrt(2)
    equal(2 * below**2 - above**2, (sp.sqrt(a) - ε) ** 2, a >= 0)
    equal(put(relation.lhs, acc=ε**2), relation.rhs)
    equal(above**2 - below**2, 2 * ε * sp.sqrt(a), a >= 0)  # so it is not below 1
    equal(above, η * g / step_of(RMSProp)["step"].subs(sp.sqrt(step_of(RMSProp)["acc"]), sp.sqrt(a)))  # the rule's denominator


def test_cycle():
    x, λ = sp.symbols("x curvature")
    new = step_of(RMSProp, acc=(λ * x) ** 2, g=λ * x)
    equal(new["acc"], (λ * x) ** 2)  # on the cycle the average rests
    there = η * λ * x / (λ * x + ε)
    equal(new["step"], there, x > 0, λ > 0)
    (size,) = sp.solve(sp.Eq(there / x, 2), x)  # the one size whose step leads from x to -x
    relation = says("rmsprop.cycle")
    assert isinstance(relation, sp.Eq) and relation.lhs == sp.Abs(sp.Symbol("x"))
    equal(relation.rhs, size)
