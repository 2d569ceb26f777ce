"""AdaMax: the derived formulas follow from the rule."""

import pytest
import sympy as sp
from from_the_rule import at, closed, equal, first_of, gathered, positive, proved, put, says, step_of, t, value

from fluxopt_edu import AdaMax

g, u, η, β1, β2, ε = sp.symbols("g u eta beta_1 beta_2 epsilon")


def next_u(before, gradient):
    return step_of(AdaMax, u=before, g=gradient)["u"]


def test_epsilon():
    new = step_of(AdaMax)
    plain = η / (1 - β1**t) * new["m"] / sp.Symbol("new_u", positive=True)
    step = put(value("adamax.epsilon", "step"), u=sp.Symbol("new_u", positive=True), plain_step=plain)
    equal(new["step"], step.subs(sp.Symbol("new_u", positive=True), new["u"]), u >= 0)


def test_unrolled():
    gathered(value("adamax.unrolled", "u"), 0, next_u)


def test_limit():
    relation = says("adamax.limit")
    inside, p, end, _ = relation.lhs.args
    assert end == sp.oo and relation.rhs == value("adamax.unrolled", "u")
    (total,) = inside.atoms(sp.Sum)
    largest = relation.rhs
    assert total.limits == largest.limits
    # each term is the p-th power of one that the maximum is of: the sum is between its p-th power and t times that
    G = sp.Symbol("G", positive=True)
    with_size = lambda e: positive(e.replace(lambda e: isinstance(e, sp.Abs), lambda _: G))  # noqa: E731
    P = positive(p)
    assert sp.powdenest(with_size(largest.function) ** P / with_size(total.function)) == 1
    # so the limit is that of ((1 - β2^p)·n)^(1/p) times the maximum, for n = 1 and n = t; and 1 - β2 ≤ 1 - β2^p ≤ 1
    size, n = sp.symbols("size n", positive=True)
    assert inside.xreplace({total: size}) == ((1 - β2**p) * size) ** (1 / p)
    assert sp.limit(n ** (1 / P), P, sp.oo) == 1

def test_constant_gradient():
    m = (1 - β1**t) * g
    closed(m, 0, lambda before: step_of(AdaMax, m=before, g=g)["m"])
    equal(next_u(0, g), sp.Abs(g))
    equal(next_u(sp.Abs(g), g), sp.Abs(g))
    for before in (0, sp.Abs(g)):
        proved("adamax.constant-gradient", step=step_of(AdaMax, m=at(m, t - 1), u=before)["step"], constant_gradient=g)


def test_step_bound():
    relation = says("adamax.step-bound")
    assert isinstance(relation, sp.LessThan) and put(relation.lhs, step=g) == sp.Abs(g)
    # |g| i steps ago is at most u/β2^i, as `test_unrolled` shows; and the weights of m̂, applied to that:
    (total,) = relation.rhs.atoms(sp.Sum)
    (i, first, last) = total.limits[0]
    assert (first, last) == (0, sp.Symbol("t") - 1)
    m = (1 - β1) * sp.Sum(β1 ** (sp.Symbol("t") - i) * sp.IndexedBase("gradients")[i], (i, 1, sp.Symbol("t")))
    gathered(m, 0, lambda before, newest: step_of(AdaMax, m=before, g=newest)["m"])
    weight, most = (1 - β1) * β1**i / (1 - β1 ** sp.Symbol("t")), 1 / β2**i
    assert sp.simplify(positive(relation.rhs.xreplace({total: total.function}) / η) / positive(weight * most)) == 1
    betas = {"beta_1": sp.Rational(3, 4), "beta_2": sp.Rational(4, 5)}
    for steps in (1, 2, 3):  # and it is reached
        gradients = {f"g_{k}": betas["beta_2"] ** k for k in range(1, steps + 1)}
        step = put(first_of(AdaMax, steps, epsilon=0)[-1]["step"], eta=1, **betas, **gradients)
        assert put(at(relation.rhs, steps), eta=1, **betas).doit() == step


def test_uniform_bound():
    relation, sharp = says("adamax.uniform-bound"), says("adamax.step-bound")
    assert type(relation) is type(sharp) and relation.lhs == sharp.lhs
    (total,) = sharp.rhs.atoms(sp.Sum)
    # the sum is geometric
    ratio = β1 / β2
    assert total.function == ratio ** total.limits[0][0]
    geometric = (1 - ratio**t) / (1 - ratio)
    equal(at(geometric, 1), 1)
    equal(at(geometric, t + 1) - geometric, ratio**t)
    # so the sharp bound is this one times (1 - b)/(1 - a), with a = β1^t, and b = (β1/β2)^t, which is not below a as β2 < 1
    a, b = sp.symbols("a b", positive=True)
    with_letters = sharp.rhs.xreplace({total: (1 - b) / (1 - ratio)}).subs(β1 ** sp.Symbol("t"), a)
    assert sp.simplify(with_letters - relation.rhs * (1 - b) / (1 - a)) == 0
    # and a and b tend to 0
    assert sp.simplify(with_letters.subs({a: 0, b: 0}) - relation.rhs) == 0
    value = put(relation.rhs, eta=1, beta_1=sp.Rational(9, 10), beta_2=sp.Rational(999, 1000))
    assert float(value) == pytest.approx(1.009, abs=0.0005)
