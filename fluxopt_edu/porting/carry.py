"""Numbers through a substitution: what one side's numbers make of the other's."""

import sympy as sp

from .solving import solved
from .system import T

DIGITS = 30
TIMES = (1, 2, 7)
CLOSE = sp.Rational(1, 10**15)


def carried(c, side="a", but_for_steps=False):
    """The other side's optimiser that makes the same trajectory, or None if there is none with constant numbers.

    Parameters
    ----------
    c : Correspondence
    side : {'a', 'b'}
        Whose optimiser is given, with its numbers.
    but_for_steps : bool
        Let the steps differ that the correspondence excepts.
    """
    other = "b" if side == "a" else "a"
    common = [common_numbers(c, side, t) for t in TIMES]
    if None in common:
        return None
    values = {}
    for symbol, e in getattr(c.substitution, other).items():
        at = [number(e, known, t) for known, t in zip(common, TIMES)]
        if not all(_close(v, at[0]) for v in at):
            return None
        values[symbol] = float(at[0])
    if not _starts_alike(c, common[0]) or not but_for_steps and c.exceptional({n: float(v) for n, v in common[0].items()}):
        return None
    try:
        return getattr(c, other).with_values(values)
    except (ValueError, TypeError):  # out of range there
        return None


def common_numbers(c, side, t):
    """The common hyper-parameters in numbers at step t; None where the side's own are not among those that are translated."""
    known, conditions = solved(tuple(getattr(c.substitution, side).items()))
    own = {n: exactly(v) for n, v in getattr(c, side).values.items()}
    if any(not _close(number(e, own, t), own[symbol]) for symbol, e in conditions.items()):
        return None
    found = {n: number(e, own, t) for n, e in known.items()}
    return None if any(not v.is_finite for v in found.values()) else found


def exactly(value):
    """The decimal that a float is written as: 0.01 over 0.001 is 10 then."""
    return sp.Rational(repr(float(value)))


def number(e, known, t):
    """An expression's value: exact where it is rational, else to `DIGITS` digits."""
    if T in e.free_symbols:  # no exact powers to the t
        known = {n: sp.Float(v, DIGITS) for n, v in known.items()}
    value = e.xreplace({sp.Symbol(n): v for n, v in known.items()} | {T: sp.Integer(t)})
    return value if value.is_Rational else sp.N(value, DIGITS)


def _close(one, other):
    return bool(sp.Abs(one - other) <= CLOSE * sp.Abs(other))


def _starts_alike(c, common):
    own = {n: e.xreplace({sp.Symbol(m): v for m, v in c.substitution.a.items()}) for n, e in c.a.starts.items()}
    return all(_close(number(own[n], common, 1), number(e, common, 1)) for n, e in c.proof.starts.items())
