"""That two systems are one under a substitution, by induction over the steps.

With a's states φ(b's states) before step t, the two make the same step and a's states are φ again after it;
and before the first step a's start is φ of b's. Then the trajectories are the same, whatever the
gradients. Each of these is an equation that `prove` decides exactly.
"""

import math
import random
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import sympy as sp

from ..proof import prove
from ..readings.sympy import ASSUMPTIONS
from ..symbols import HYPER, STEP_NUMBER
from .system import T

OWN_RANGES = {s.name for s in HYPER.values()} | {STEP_NUMBER.name}


@dataclass(frozen=True)
class Proved:
    """What holds of two systems under a substitution.

    Attributes
    ----------
    substitution : Substitution
    starts : dict of str to Expr
        The starts that a's states need, where they are not a's own.
    exceptions : tuple of dict
        Which conditions on t, by expression, are true and false at steps that are not proved the same.
    assumptions : tuple of str
    """

    substitution: object
    starts: dict = field(default_factory=dict)
    exceptions: tuple = ()
    assumptions: tuple = ()


def proved(a, b, substitution):
    """What induction proves, as `Proved`; None if the states do not stay in correspondence, or no step is the same."""
    if refuted(a, b, substitution):
        return None
    to_a, to_b = _replacements(a, b, substitution)
    ranges = b.ranges | a.ranges | {n: b.ranges[n] for n in b.states if n in b.ranges}
    after = {sp.Symbol(n): e.xreplace(to_b) for n, e in b.new.items()}
    assumptions = []

    def same(left, right):
        for one, other in _where_sums_vanish(left, right, ranges):
            verdict = _decided(one, other, tuple(sorted(ranges.items())))
            assumptions.extend(x for x in verdict.assumptions if x not in assumptions)
            if verdict.status != "equal":
                return False
        return True

    pairs = {}
    for name in a.states:
        pairs[name] = a.new[name].xreplace(to_a), substitution.states[name].xreplace({T: T + 1}).xreplace(after)
    moved = substitution.shift - substitution.shift.xreplace({T: T + 1}).xreplace(after)
    step = a.step.xreplace(to_a), b.step.xreplace(to_b) + moved
    conditions = sorted(_clock_conditions((*step, *(e for pair in pairs.values() for e in pair)), a, b), key=str)
    exceptions, held = [], 0
    for truth in product((True, False), repeat=len(conditions)):
        given = dict(zip(conditions, truth))
        if _contradiction(given):
            continue
        fixed = {c: sp.true if t else sp.false for c, t in given.items()}
        if not all(same(*(e.xreplace(fixed) for e in pair)) for pair in pairs.values()):
            return None
        if same(*(e.xreplace(fixed) for e in step)):
            held += 1
        else:
            exceptions.append(given)
    if not held:
        return None
    boundary = [given for given in exceptions if _is_boundary(given)]
    for given in boundary:
        (edge,) = {_difference_of(c) for c in given}
        assumptions.append(("=", edge))
    exceptions = tuple(given for given in exceptions if given not in boundary)
    first = {sp.Symbol(n): e.xreplace(to_b | {T: sp.S.One}).xreplace({T: sp.S.One}) for n, e in b.starts.items()}
    starts = {}
    for name in a.states:
        own = a.starts[name].xreplace(to_a).xreplace({T: sp.S.One})
        needed = substitution.states[name].xreplace({T: sp.S.One}).xreplace(first)
        if not same(own, needed):
            starts[name] = sp.simplify(needed)
    return Proved(substitution, starts, exceptions, tuple(assumptions))


def holds_when_changed(a, b, proof, symbol="eta"):
    """Whether the trajectories stay the same where a's and b's `symbol` changes between steps, all else constant; proved again.

    The states before a step then belong to the value before the change, which is free.
    """
    substitution, before = proof.substitution, sp.Symbol(symbol + "_before")
    eta = sp.Symbol(symbol)
    tied = [e for side in (substitution.a, substitution.b) for n, e in side.items() if n != symbol and eta in e.free_symbols]
    own = [side.get(symbol, eta) for side in (substitution.a, substitution.b)]
    if tied or any(e.free_symbols and not _multiple(e, eta) for e in own):
        return False
    to_a, to_b = _replacements(a, b, substitution)
    to_a = to_a | {sp.Symbol(n): e.xreplace({eta: before}) for n, e in substitution.states.items()}
    ranges = tuple(sorted((a.ranges | b.ranges | {before.name: "positive"}).items()))
    after = {sp.Symbol(n): e.xreplace(to_b) for n, e in b.new.items()}
    moved = substitution.shift - substitution.shift.xreplace(after)
    pairs = [(a.step.xreplace(to_a), b.step.xreplace(to_b) + moved)]
    pairs += [(a.new[n].xreplace(to_a), substitution.states[n].xreplace(after)) for n in a.states]
    if before not in set().union(*(e.free_symbols for pair in pairs for e in pair)):
        return True  # then these are the equations that were proved
    conditions = _clock_conditions([e for pair in pairs for e in pair], a, b)
    fixed = {c: sp.true for c in conditions}
    return all(_decided(x.xreplace(fixed), y.xreplace(fixed), ranges).status == "equal" for x, y in pairs)


def _multiple(e, symbol):
    return symbol not in (e / symbol).cancel().free_symbols


@lru_cache(maxsize=8192)
def _decided(left, right, ranges):
    typed = {
        sp.Symbol(n): sp.Symbol(n, **ASSUMPTIONS["real" if r == "count" else r]) for n, r in ranges if n not in OWN_RANGES
    }
    return prove(left.xreplace(typed), right.xreplace(typed))


def _replacements(a, b, substitution):
    """a's symbols and b's, in the common ones and b's states."""
    hyper_a = {sp.Symbol(n): e for n, e in substitution.a.items()}
    states = {sp.Symbol(n): e for n, e in substitution.states.items()}
    x = {sp.Symbol("x"): sp.Symbol("x") + substitution.shift} if substitution.shift != 0 else {}
    return hyper_a | states | x, {sp.Symbol(n): e for n, e in substitution.b.items()}


def _where_sums_vanish(left, right, ranges):
    """Both sides with a condition like acc + g² > 0 taken as true, and with what it adds taken as zero where it is not."""
    conditions = {c for e in (left, right) for cases in e.atoms(sp.Piecewise) for _, c in cases.args if isinstance(c, sp.Gt) and c.rhs == 0}
    for c in sorted(conditions, key=str):
        terms = [(term.args[0] if term.is_Pow and term.exp == 2 else term, term) for term in sp.Add.make_args(c.lhs)]
        if all(s.is_Symbol and (term.is_Pow or ranges.get(s.name) in ("nonnegative", "positive")) for s, term in terms):
            yield from _where_sums_vanish(*(e.xreplace({c: sp.true}) for e in (left, right)), ranges)
            zero = {s: sp.S.Zero for s, _ in terms}
            yield from _where_sums_vanish(*(e.xreplace({c: sp.false}).xreplace(zero) for e in (left, right)), ranges)
            return
    yield left, right


# Conditions on the number of the step


def _clock_conditions(expressions, a, b):
    """The inequalities that depend on t and hyper-parameters alone."""
    states = {*a.states, *b.states, "g", "x"}
    found = set()
    for e in expressions:
        for cases in e.atoms(sp.Piecewise):
            for _, condition in cases.args:
                found |= {c for c in condition.atoms(sp.core.relational.Relational) if not {s.name for s in c.free_symbols} & states}
    return found


def _difference_of(condition):
    """e of a condition e > 0 or e ≥ 0."""
    return sp.expand(condition.gts - condition.lts)


def _strict(condition):
    return isinstance(condition, (sp.Gt, sp.Lt))


def _contradiction(given):
    """Whether e > 0 is said to hold and e - c ≥ 0 for a c ≤ 0 not to."""
    for c, holds in given.items():
        for other, its in given.items():
            if holds and not its and c != other:
                gap = sp.expand(_difference_of(other) - _difference_of(c))
                if gap.is_number and (gap > 0 or gap == 0 and (_strict(c) or not _strict(other))):
                    return True
    return False


def _is_boundary(given):
    """Whether these conditions leave e = 0 alone: e ≥ 0, and not e > 0."""
    if len(given) != 2 or len({_difference_of(c) for c in given}) != 1:
        return False
    return all(holds != _strict(c) for c, holds in given.items())


# Numbers first: most candidates fail at the first point

POINTS = 10


def refuted(a, b, substitution):
    """Whether numbers show that the correspondence is not kept, or no step is the same."""
    chance, met = random.Random(1), 0
    for _ in range(POINTS):
        try:
            agrees = _agrees(a, b, substitution, chance)
        except ValueError:  # a root of a negative number
            continue
        except (ArithmeticError, TypeError, KeyError):
            return True
        if agrees is False:
            return True
        met += agrees is True
    return not met


def _agrees(a, b, substitution, chance):
    """Whether all is the same at a random point; None where a's states are not ones that it can be in."""
    unit = {n for n, r in (a.ranges | b.ranges).items() if r == "unit"}
    common = {n: chance.uniform(0.2, 0.9) if n in unit else chance.uniform(0.3, 2) for n in sorted(substitution.parameters)}
    common |= {n: chance.uniform(0.98, 0.99) for n in common if n == "beta_2"}
    t = chance.randint(20, 40)
    of_b = {n: _number(e, common | {"t": t}) for n, e in substitution.b.items()}
    of_a = {n: _number(e, common | {"t": t}) for n, e in substitution.a.items()}
    # of all sizes, so that each argument of a maximum is the largest at some point
    state_b = {n: 10 ** chance.uniform(-2, 2) * (1 if b.ranges.get(n) == "nonnegative" else chance.choice((1, -1))) for n in b.states}
    state_a = {n: _number(e, common | state_b | {"t": t}) for n, e in substitution.states.items()}
    if any(a.ranges.get(n) == "nonnegative" and value < 0 for n, value in state_a.items()):
        return None
    g, x = chance.choice((1, -1)) * 10 ** chance.uniform(-1, 1.5), chance.uniform(-2, 2)
    step_b, *new_b = b.function(of_b | state_b | {"g": g, "x": x, "t": t})
    shift = _number(substitution.shift, common | state_b | {"t": t})
    step_a, *new_a = a.function(of_a | state_a | {"g": g, "x": x + shift, "t": t})
    after = common | dict(zip(b.states, new_b)) | {"t": t + 1}
    step_b += shift - _number(substitution.shift, after)
    needed = [_number(substitution.states[n], after) for n in a.states]
    return all(math.isclose(p, q, rel_tol=1e-8, abs_tol=1e-12) for p, q in zip((step_a, *new_a), (step_b, *needed)))


def _number(e, known):
    return _function(e)(known)


@lru_cache(maxsize=8192)
def _function(e):
    names = sorted(s.name for s in e.free_symbols)
    if not names:
        value = float(e)
        return lambda known: value
    compiled = sp.lambdify([sp.Symbol(n) for n in names], e, "math")
    return lambda known: compiled(*(known[n] for n in names))
