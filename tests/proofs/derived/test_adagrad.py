"""AdaGrad: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import at, closed, equal, first_of, gathered, proved, put, says, step_of, t, value

from fluxopt_edu import AdaGrad

g, a, η, ε = sp.symbols("g acc eta epsilon")
# one coordinate's sum of squares and divisor; the sum of the roots over all coordinates, and of the divisors
a_j, s_j, S, c = sp.symbols("a_j s_j S c", positive=True)


def next_sum(before, gradient):
    return step_of(AdaGrad, acc=before, g=gradient)["acc"]


def test_start():
    gathered(value("adagrad.start", "acc"), ε, next_sum)
    equal(first_of(AdaGrad, 1)[0]["acc"], ε + sp.Symbol("g_1") ** 2)


def test_first_step():
    proved("adagrad.first-step", step_1=first_of(AdaGrad, 1)[0]["step"])


def test_constant_gradient():
    total = ε + t * g**2
    closed(total, ε, lambda before: next_sum(before, g))
    step = step_of(AdaGrad, acc=put(at(total, t - 1), epsilon=0), epsilon=0)["step"]
    proved("adagrad.constant-gradient", g > 0, step=step, constant_gradient=g)
    proved("adagrad.constant-gradient", g < 0, step=step, constant_gradient=g)


def regret_term():
    """a/s = 2(S/c)√a - (S/c)²s + a square over s, whose sum over all coordinates is S²/c and the squares."""
    square = (sp.sqrt(a_j) - s_j * S / c) ** 2 / s_j
    equal(a_j / s_j, 2 * S / c * sp.sqrt(a_j) - (S / c) ** 2 * s_j + square)
    assert sp.expand(2 * S / c * S - (S / c) ** 2 * c - S**2 / c) == 0
    return square


def test_preconditioner():
    relation = says("adagrad.preconditioner")
    (total,) = relation.rhs.atoms(sp.Sum)
    j = sp.Symbol("j")
    assert relation.lhs == sp.IndexedBase("preconditioner")[j] and total.limits[0][1:] == (1, sp.Symbol("coordinates"))
    assert relation.rhs.subs(total, 1).atoms(sp.Indexed) == {sp.IndexedBase("coordinate_sums")[j]}
    ((k, _, _),) = total.limits
    assert total.function == sp.sqrt(sp.IndexedBase("coordinate_sums")[k])
    stated = put(relation.rhs.xreplace({total: S}).replace(lambda e: isinstance(e, sp.Indexed), lambda e: a_j), budget=c)
    equal(regret_term().subs(s_j, stated), 0)  # all squares are zero, and at no other s
    assert stated.coeff(sp.sqrt(a_j)) * S == c  # they sum to c
    # for c = S it is what the rule divides by
    after = step_of(AdaGrad, epsilon=0)
    equal(after["step"] * stated.subs(c, S).subs(a_j, after["acc"]), η * g)


def test_preconditioner_bound():
    relation = says("adagrad.preconditioner-bound")
    assert isinstance(relation, sp.GreaterThan)
    (left,) = relation.lhs.atoms(sp.Sum)
    (right,) = relation.rhs.atoms(sp.Sum)
    (j, *_) = left.limits[0]
    sums, divisors = sp.IndexedBase("coordinate_sums"), sp.IndexedBase("preconditioner")
    assert (left, left.function, right.function) == (relation.lhs, sums[j] / divisors[j], sp.sqrt(sums[j]))
    assert left.limits[0][1:] == right.limits[0][1:] == (1, sp.Symbol("coordinates"))
    assert regret_term().subs(a_j, 4).subs({s_j: 1, S: 3, c: 1}) > 0 and regret_term().is_nonnegative
    equal(put(relation.rhs.xreplace({right: S}), budget=c), S**2 / c)


def test_sum_bound():
    relation = says("adagrad.sum-bound")
    assert isinstance(relation, sp.LessThan)
    (i, first, last) = relation.lhs.limits[0]
    assert (first, last) == (1, sp.Symbol("t"))
    newest = relation.lhs.function.replace(
        lambda e: isinstance(e, sp.Indexed), lambda e: g if e.base == sp.IndexedBase("gradients") else next_sum(a, g)
    )
    # one more step adds no more to the left than to the right; before the first the left is 0
    grown = put(relation.rhs, acc=next_sum(a, g)) - relation.rhs
    equal(grown - newest, (sp.sqrt(next_sum(a, g)) - sp.sqrt(a)) ** 2 / sp.sqrt(next_sum(a, g)), a > 0)
