"""What the proofs of derived formulas share: the formula as the catalogue states it, and the rule as its code computes it.

All that a proof knows of a rule is `step_of`, one step from any state at a symbolic step number, and `first_of`, the
first steps from the initial state. Symbols are the same if their names are.
"""

import sympy as sp

from fluxopt_edu.formulas import formula
from fluxopt_edu.formulas.largest import Largest
from fluxopt_edu.proof import prove
from fluxopt_edu.readings.sympy import symbolic, unroll


def says(id):
    return formula(id).relation


def value(id, letter):
    """What an equation of the catalogue says that a letter is."""
    relation = says(id)
    assert isinstance(relation, sp.Eq) and relation.lhs == sp.Symbol(letter)
    return relation.rhs


def put(expression, **values):
    """An expression with values in the place of symbols, by their names."""
    expression = sp.sympify(expression)
    return expression.subs({s: values[s.name] for s in expression.free_symbols if getattr(s, "name", None) in values}, simultaneous=True)


def step_of(rule, **values):
    """The step and the new states, with values for what stood before."""
    after = symbolic(rule)
    return {name: put(e, **values) for name, e in after.items() if not isinstance(e, tuple)}


def first_of(rule, steps, **values):
    """The first steps from the initial state."""
    return [{name: put(e, **values) for name, e in after.items() if not isinstance(e, tuple)} for after in unroll(rule, steps)]


def equal(a, b, *assuming):
    verdict = prove(a, b, assuming=assuming)
    assert verdict, verdict


def proved(id, *assuming, **values):
    """An equation of the catalogue holds for these values of its letters."""
    relation = says(id)
    assert isinstance(relation, sp.Eq)
    equal(put(relation.lhs, **values), put(relation.rhs, **values), *assuming)


t = sp.Symbol("t", integer=True, positive=True)


def at(expression, step):
    return put(expression, t=step)


def closed(expression, start, recursion):
    """An expression in t is what a recursion gives from its start, by induction."""
    equal(at(expression, 0), start)
    equal(recursion(expression), at(expression, t + 1))


def gathered(expression, start, recursion, item="gradients"):
    """The same for a sum, or a maximum, over i = 1, …, t in which item number t is the newest.

    `recursion` takes the old value and the newest item.
    """
    (whole,) = expression.atoms(sp.Sum, Largest)
    ((i, first, last),) = whole.limits
    assert (first, last.name) == (1, "t")
    newest, before = sp.symbols("newest before", real=True)
    term = positive(whole.function)
    (i,) = (s for s in term.free_symbols if s.name == i.name)
    factor = sp.simplify(at(term, t + 1) / at(term, t))  # what one more step multiplies the old terms with
    assert i not in factor.free_symbols
    last_term = put(term, **{i.name: t + 1, "t": t + 1}).replace(lambda e: isinstance(e, sp.Indexed), lambda e: newest)
    if isinstance(whole, Largest):
        assert factor.is_positive
        then = sp.Max(factor * before, last_term)
        empty = 0  # the terms are not negative
    else:
        then, empty = factor * before + last_term, 0
    equal(at(expression.xreplace({whole: sp.Integer(empty)}), 0), start)
    old = expression.xreplace({whole: before})
    equal(recursion(old, newest), at(expression, t + 1).xreplace({at(whole, t + 1): then}))


def positive(expression):
    """The same in positive symbols, and t in a counting one, so that powers can be put together."""
    names = {s: sp.Symbol(s.name, positive=True, integer=True if s.name in ("t", "i") else None) for s in expression.atoms(sp.Symbol)}
    return expression.xreplace({s: new for s, new in names.items() if not expression.atoms(sp.IndexedBase) & {sp.IndexedBase(s.name)}})


def between(name):
    """A number in (0, 1), as SymPy can see it: 1/(1 + d) with d > 0."""
    return 1 / (1 + sp.Symbol(f"d_{name}", positive=True))
