"""Random pairs of rule-shaped formulas: what is called equal is equal, and little is left undecided.

SOUNDNESS_PAIRS in the environment sets how many.
"""

import os
import random

import mpmath
import pytest
import sympy as sp

from fluxopt_edu.proof import prove

PAIRS = int(os.environ.get("SOUNDNESS_PAIRS", "500"))
BATCH = 500

g, m = sp.symbols("g m", real=True)
v, u = sp.symbols("v u", nonnegative=True)
η, β1, β2, ε = sp.symbols("eta beta_1 beta_2 epsilon", positive=True)
t = sp.Symbol("t", integer=True, positive=True)


class Formulas:
    """Random formulas of the shapes that update rules have."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def choose(self, *options):
        return self.chance.choice(options)

    def positive(self):
        return self.choose(ε, η, 1 - β1, 1 - β2, 1 - β1**t, 1 - β2**t, β2**t, 1 - β1 * β1**t, sp.Integer(2))

    def average(self):
        """Of first order: real."""
        return self.choose(g, m, β1 * m + (1 - β1) * g, g - m, (β1 * m + (1 - β1) * g) / (1 - β1**t), 2 * m - g)

    def second(self):
        """Of second order: non-negative."""
        square = self.choose(v, g**2, β2 * v + (1 - β2) * g**2, β2 * v + (1 - β2) * (g - m) ** 2, v / (1 - β2**t))
        return self.choose(square, square, sp.Max(v, square), square + ε**2, square / self.positive())

    def denominator(self):
        size = self.choose(sp.sqrt(self.second()), sp.sqrt(self.second()), sp.Max(β2 * u, sp.Abs(g)), sp.sqrt(sp.sqrt(self.second()) + ε))
        return size + self.choose(ε, ε, η, ε * sp.sqrt(1 - β2**t))

    def step(self):
        simple = η * self.average() / self.denominator() * self.choose(1, 1, sp.sqrt(self.positive()) / self.positive())
        if self.chance.random() < 0.2:
            condition = self.choose(v > g**2, β2**t < sp.Rational(1, 3), u > ε)
            return sp.Piecewise((simple, condition), (η * self.average(), True))
        return simple if self.chance.random() < 0.7 else 2 * simple - self.choose(u, m, η * g)

    @staticmethod
    def places(e):
        """Every part of a formula, in an order of its own: a maximum holds its arguments in a set."""
        return sp.preorder_traversal(e, keys=True)

    # Identities: each gives an equal formula

    def disguised(self, e, times):
        for _ in range(times):
            e = self.choose(self._expanded, self._multiplied, self._shifted, self._inside)(e)
        return e

    def _expanded(self, e):
        return sp.expand(e, power_base=False, power_exp=False) if not e.has(sp.Piecewise) else e

    def _multiplied(self, e):
        c = self.positive()
        return sp.Mul(e * c, sp.sqrt(1 / c**2) if self.chance.random() < 0.5 else 1 / c)

    def _shifted(self, e):
        c = self.average()
        return (e + c) - sp.expand(c)

    def _inside(self, e):
        """An identity applied to one root, maximum, power, absolute value or case."""
        places = [a for a in self.places(e) if isinstance(a, (sp.Max, sp.Abs, sp.Piecewise)) or a.is_Pow]
        if not places:
            return e
        place, c = self.chance.choice(places), self.positive()
        if isinstance(place, sp.Max):
            return e.xreplace({place: sp.Max(*[a * c for a in place.args]) / c})
        if isinstance(place, sp.Abs):
            return e.xreplace({place: sp.sqrt(place.args[0] ** 2 * c**2) / c})
        if isinstance(place, sp.Piecewise):
            (yes, condition), (no, _) = place.args
            return e.xreplace({place: sp.Piecewise((no, sp.Not(condition)), (yes, True))})
        if place.exp in (sp.Rational(1, 2), sp.Rational(-1, 2)):
            return e.xreplace({place: sp.Pow(sp.expand(place.base * c**2), place.exp) * c ** (-2 * place.exp)})
        if place.exp == t:
            return e.xreplace({place: place.base ** (t + 1) / place.base})
        return e

    def mutated(self, e):
        """The formula with one place of it changed, and still a formula: without a division by zero."""
        changed = self._mutated(e)
        return changed if not changed.has(sp.zoo, sp.nan) else self.mutated(e)

    def _mutated(self, e):
        places = [a for a in self.places(e) if isinstance(a, sp.Expr) and a.free_symbols and (a == t or a.free_symbols != {t})]
        place = self.chance.choice(places)
        changes = [2 * place, -place, place + ε, place * β1, place * (1 - β2**t)]
        if place.is_Pow:
            changes += [place.base, place.base ** (place.exp + 1)]
        if isinstance(place, sp.Max):
            changes += [sp.Min(*place.args), place.args[0]]
        if place.is_Symbol:
            changes += [other for other in (g, m, v, u, β1, β2) if other != place]
        if place == t:
            changes = [t + 1, t - 1]
        return e.xreplace({place: self.chance.choice(changes)})


def differ(a, b, seed, points=12):
    """Whether two formulas differ at one of a few random points, to 50 digits: a judge of its own."""
    chance = random.Random(seed)
    symbols = [g, m, v, u, η, β1, β2, ε, t]
    with mpmath.workdps(50):
        pair = sp.lambdify(symbols, [a, b], modules=["mpmath", {"Abs": abs, "Max": max, "Min": min}])
        for _ in range(points):
            values = [mpmath.mpf(chance.uniform(low, high)) for low, high in [(-3, 3)] * 2 + [(0, 3)] * 2 + [(0.1, 2)] + [(0.05, 0.95)] * 2 + [(0.1, 1)]]
            try:
                left, right = pair(*values, chance.randint(1, 5))
                if abs(left - right) > mpmath.mpf(10) ** -30 * (1 + abs(left)):
                    return True
            except (ZeroDivisionError, ValueError, TypeError):
                continue
    return False


@pytest.mark.parametrize("batch", range(PAIRS // BATCH))
def test_equal_is_equal_and_little_is_undecided(batch):
    undecided = []
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        formulas = Formulas(seed)
        original = formulas.step()
        changed = formulas.disguised(original, 1 + seed % 3)
        if seed % 2:
            changed = formulas.mutated(changed)
        verdict, different = prove(original, changed), differ(original, changed, seed)
        if verdict.status == "undecided":
            undecided.append((seed, original, changed, verdict))
        elif verdict.status == "equal":
            assert not different, f"{seed}: {original}  and  {changed}  differ, yet were called equal"
        else:
            assert different or verdict.where, f"{seed}: {original}  and  {changed}  were called different"
    assert len(undecided) <= BATCH // 100, "\n".join(map(str, undecided))
