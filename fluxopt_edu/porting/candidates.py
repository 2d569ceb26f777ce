"""Substitutions under which one system may be another, from what is declared beside the dialects."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, product

import sympy as sp

from ..dialects.correspondences import CANDIDATES, ELSEWHERE
from .system import T

MOST_TOGETHER = 3
_LETTERS = {name: sp.Symbol(name) for name in ("beta_1", "beta_2", "a_0", "epsilon_r")} | {"decay": sp.Symbol("lambda")}


@cache
def expression(text):
    """An expression in plain symbols from its text in a declaration.

    >>> expression("decay/eta")
    lambda/eta
    """
    names = {n: sp.Symbol(n) for n in ("eta", "alpha", "omega", "kappa", "theta", "psi", "epsilon", "delta", "mu", "tau", "rho", "t")}
    return sp.sympify(text, locals=names | _LETTERS | {n: sp.Symbol(n) for n in ("v", "b", "u", "d", "m", "s", "acc", "l")})


def named(key):
    """A symbol's name from its key in a declaration."""
    return "lambda" if key == "decay" else key


@dataclass(frozen=True)
class Substitution:
    """a's and b's hyper-parameters in common ones; a's states in b's; a's parameter less b's."""

    a: dict
    b: dict
    states: dict
    shift: sp.Expr = sp.S.Zero

    @cached_property
    def parameters(self):
        """The common hyper-parameters."""
        return {s.name for e in (*self.a.values(), *self.b.values()) for s in e.free_symbols} - {T.name}

    def departures(self, side):
        """What is not the same on both sides: the entries of a or b that are not the symbol itself."""
        return {name: e for name, e in getattr(self, side).items() if e != sp.Symbol(name)}

    @property
    def depends_on_t(self):
        return any(T in e.free_symbols for e in (*self.a.values(), *self.b.values()))

    @property
    def is_identity(self):
        """Whether all numbers stay as they are, and the states up to a sign."""
        return not (self.departures("a") or self.departures("b")) and all(map(_is_one_symbol, self.states.values())) and self.shift == 0


def _is_one_symbol(e):
    return e.is_Symbol or (-e).is_Symbol


def substitutions(a, b):
    """The substitutions to be tried for two systems, the plainest first."""
    moves = [move for candidate in CANDIDATES for move in _both_ways(candidate, a, b)]
    seen = set()
    for count in range(MOST_TOGETHER + 1):
        for chosen in combinations(moves, count):
            if len({topic for topic, *_ in chosen}) < count:
                continue
            for substitution in _complete(a, b, chosen):
                key = _key(substitution)
                if key not in seen:
                    seen.add(key)
                    yield substitution


def _key(s):
    return tuple(tuple(sorted((n, e) for n, e in part.items())) for part in (s.a, s.b, s.states)), s.shift


def _both_ways(candidate, a, b):
    """The declared substitution for a and b, and for b and a, as (topic, a's, b's, states, shift), where they have what it names."""
    for mine, its in ((candidate.a, candidate.b), (candidate.b, candidate.a)):
        own_a = {named(k): expression(e) for k, e in mine.items()}
        own_b = {named(k): expression(e) for k, e in its.items()}
        if not (own_a.keys() <= a.hyper.keys() and own_b.keys() <= b.hyper.keys()):
            continue
        used = {s.name for e in (*own_a.values(), *own_b.values()) for s in e.free_symbols} - {T.name}
        if not used <= a.hyper.keys() | b.hyper.keys():
            continue
        shift = expression(candidate.shift)
        if not {s.name for s in shift.free_symbols} <= {*b.states, *b.hyper}:
            continue
        for states in _states(candidate, a, b):
            yield candidate.topic, tuple(own_a.items()), tuple(own_b.items()), tuple(states.items()), shift
        if not (candidate.a or candidate.b):
            return


def _states(candidate, a, b):
    """The declared states, in the directions that fit: {} where none is declared."""
    if not candidate.states:
        yield {}
        return
    ((name, text),) = candidate.states.items()
    e = expression(text)
    its = next(s for s in e.free_symbols if s.name not in ("eta", "epsilon"))
    if name in a.states and its.name in b.states:
        yield {name: e}
    if its.name in a.states and name in b.states:
        own = sp.Symbol("_a")
        back = sp.solve(sp.Eq(sp.Symbol(name), e.xreplace({its: own})), own)[0]
        if its.name != name or back != e:
            yield {its.name: back}


def single_moves(a, b):
    """Nothing, and each declared substitution of hyper-parameters by itself."""
    return [(), *((move,) for candidate in CANDIDATES for move in _both_ways(candidate, a, b) if move[1] or move[2])]


def complete_with(a, b, moves):
    """a's and b's hyper-parameters in common ones, whatever the states."""
    of_a, of_b = ({n: e for move in moves for n, e in move[k]} for k in (1, 2))
    yield from _filled(a, b, of_a, of_b)


def _complete(a, b, moves):
    """The moves together, with a value for every hyper-parameter and every state; none if they contradict each other."""
    of_a, of_b, states, shift = {}, {}, {}, sp.S.Zero
    for _, own_a, own_b, own_states, own_shift in moves:
        for given, total in ((own_a, of_a), (own_b, of_b), (own_states, states)):
            if any(name in total for name, _ in given):
                return
            total |= dict(given)
        shift += own_shift
    for name in a.states:
        if name not in states:
            if name not in b.states:
                return
            states[name] = sp.Symbol(name)
    if len(a.states) != len(b.states):
        return
    for full_a, full_b in _filled(a, b, of_a, of_b):
        yield Substitution(full_a, full_b, states, shift)


def _filled(a, b, of_a, of_b):
    """Both sides with a value for every hyper-parameter."""
    choices = []
    for own, other, total, side in ((a, b, of_a, "a"), (b, a, of_b, "b")):
        for name in own.hyper:
            if name not in total:
                choices.append([(side, name, e) for e in _alternatives(name, own, other)])
    for chosen in product(*choices):
        full_a, full_b = dict(of_a), dict(of_b)
        for side, name, e in chosen:
            (full_a if side == "a" else full_b)[name] = e
        yield full_a, full_b


def _alternatives(name, own, other):
    if name in other.hyper:
        return [sp.Symbol(name)]
    if name not in own.settable:
        return [sp.Rational(str(own.values[name]))]
    return [expression(text) for text in ELSEWHERE.get("decay" if name == "lambda" else name, ())]
