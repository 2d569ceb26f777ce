"""Proofs that no constant hyper-parameters make one rule another.

Each rests on a quantity of a rule's response to short sequences of gradients that is the same number
for all hyper-parameters of the one rule, and never that number for the other. With x = 0, so that
decays do not show, and g > 0.

- The bend: with f the first step and y = g², that is ∂²/∂y² of (g/f)². Zero where a first step is g over
  the root of a linear function of g², as with ε inside the root; negative with ε outside.
- The half: g/f is (g + K)/L with K the gradient that makes half of the largest step. K of the second
  step over K of the first is taken, where the other gradient is zero.
"""

import math
import random
from dataclasses import dataclass

import sympy as sp

from ..algebra import OpenSign, Unreadable, every_reading
from ..proof import prove
from ..symbols import HYPER
from .system import G, T


@dataclass(frozen=True)
class Impossible:
    """Why no constants can do.

    Attributes
    ----------
    quantity : {'bend', 'half of the first', 'half of the second'}
        The quantity; of the half, which of the two gradients is the non-zero one at the second step.
    values : tuple of two Expr
        Of a and b.
    constant : Expr
        The number that one of them always is, and the other never.
    """

    quantity: str
    values: tuple
    constant: sp.Expr

    def __str__(self):
        what = {
            "bend": "∂²(g/Δ₁)²/∂(g²)²",
            "half of the first": "K(g, 0)/K(g)",
            "half of the second": "K(0, g)/K(g)",
        }[self.quantity]
        one, other = (sp.sstr(v) for v in self.values)
        return f"{what}: {one} ≠ {other}"


def impossible(a, b):
    """An `Impossible` for two systems, or None if none of the quantities tells."""
    for quantity, constant, of, measure in QUANTITIES:
        try:
            if [math.isclose(measure(side), constant, abs_tol=1e-7) for side in (a, b)] not in ([True, False], [False, True]):
                continue  # most pairs, at no cost
            values = of(a), of(b)
        except (Unreadable, ValueError, NotImplementedError, ArithmeticError, TypeError):
            continue
        if None in values:
            continue
        for one, other, others in ((*values, b), (*values[::-1], a)):
            if _is(one, constant) and _never(other - constant, others):
                return Impossible(quantity, values, constant)
    return None


def _steps(system, gradients):
    """The steps on given gradients, at x = 0, in closed form."""
    states, steps = dict(system.starts), []
    for t, g in enumerate(gradients, start=1):
        known = {sp.Symbol(n): e for n, e in states.items()} | {G: sp.sympify(g), sp.Symbol("x"): sp.S.Zero, T: sp.Integer(t)}
        steps.append(_positive(system, system.step.xreplace(known)))
        states = {n: e.xreplace(known) for n, e in system.new.items()}
    return steps


def _positive(system, e):
    """With the hyper-parameters positive, and maxima as they are for large g."""
    e = e.xreplace({s: sp.Symbol(s.name, positive=True) for s in e.free_symbols})
    large = sp.Symbol("g", positive=True)
    if e.has(sp.Piecewise):
        raise ValueError("cases")
    return e.replace(sp.Max, lambda *args: _largest(args, large))


def _largest(args, g):
    slopes = [sp.limit(arg / g, g, sp.oo) for arg in args]
    best = args[0]
    slope = slopes[0]
    for arg, its in zip(args[1:], slopes[1:]):
        if (its - slope).is_positive:
            best, slope = arg, its
        elif not (slope - its).is_positive:
            raise ValueError("two that grow alike")
    return best


def _bend(system):
    (step,) = _steps(system, [G])
    y, g = sp.Symbol("y", positive=True), sp.Symbol("g", positive=True)
    squared = sp.simplify((g / step) ** 2).subs(g, sp.sqrt(y))
    return sp.factor(sp.simplify(sp.diff(squared, y, 2)))


def _half(gradients):
    def of(system):
        g = sp.Symbol("g", positive=True)
        ks = []
        for given in ([G], gradients):
            slope = sp.simplify(g / _steps(system, given)[-1])
            constant = sp.simplify(sp.diff(slope, g))
            if constant.has(g) or constant == 0:
                return None
            ks.append(sp.simplify((slope - g * constant) / constant))
        return sp.simplify(ks[1] / ks[0]) if ks[0] != 0 else None

    return of


# The same in numbers, to see whether a proof is worth trying


def _response(system, gradients):
    """g over the last step, for numbers g in place of G."""
    chance = random.Random(2)
    known = {name: chance.uniform(0.3, 0.8) for name in sorted(system.hyper)}
    starts = {n: float(e.xreplace({sp.Symbol(m): sp.Float(v) for m, v in known.items()})) for n, e in system.starts.items()}

    def inverse(g):
        states = dict(starts)
        for t, given in enumerate(gradients, start=1):
            step, *new = system.function(known | states | {"g": g if given is G else 0.0, "x": 0.0, "t": t})
            states = dict(zip(system.states, new))
        return g / step

    return inverse


def _measured_bend(system):
    one, two, three = (_response(system, [G])(math.sqrt(y)) ** 2 for y in (1, 2, 3))
    return (one - 2 * two + three) / two


def _measured_half(gradients):
    def of(system):
        ks = []
        for given in ([G], gradients):
            inverse = _response(system, given)
            slope = (inverse(200.0) - inverse(100.0)) / 100
            ks.append(inverse(100.0) / slope - 100)
        return ks[1] / ks[0]

    return of


QUANTITIES = (
    ("bend", sp.S.Zero, _bend, _measured_bend),
    ("half of the second", sp.S.One, _half([0, G]), _measured_half([0, G])),
    ("half of the first", sp.S.One, _half([G, 0]), _measured_half([G, 0])),
)


def _is(e, constant):
    return prove(sp.sympify(e), constant).status == "equal"


def _never(e, system):
    """Whether an expression has one sign, and is never zero, over the ranges of the hyper-parameters."""
    ranges = {s.name: s.range for s in HYPER.values()} | system.ranges | {"g": "positive", "y": "positive"}
    e = e.xreplace({s: sp.Symbol(s.name) for s in e.free_symbols})
    try:
        signs = {sign for _, sign in every_reading(lambda letters: letters.decided(letters.read(e)), ranges)}
    except (Unreadable, OpenSign):
        return False
    return len(signs) == 1 and 0 not in signs
