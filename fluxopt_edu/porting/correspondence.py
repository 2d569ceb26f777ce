"""The ways in which two optimisers were proved to be one."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np
import sympy as sp

from ..dialects.rule import DialectRule, Flag
from ..symbols import symbol_of
from .candidates import substitutions
from .induction import holds_when_changed, proved
from .solving import solved
from .system import Formulas, T, system

LAST_STEP = 5000  # up to which exceptional steps are looked for


@dataclass(frozen=True)
class Correspondence:
    """A proved way in which one rule is the other.

    Attributes
    ----------
    a, b : System
        With the options that it needs present or absent.
    proof : induction.Proved
    options : dict of str to dict
        For "a" and "b", options by the library's own name that must be absent, or present, other than constructed.
    holds_for_changing_learning_rate : bool or None
        None where one of the two has none.
    """

    a: object
    b: object
    proof: object
    options: dict
    holds_for_changing_learning_rate: bool | None

    @property
    def substitution(self):
        return self.proof.substitution

    def conditions(self, side):
        """Hyper-parameters of "a" or "b" that are not free, by symbol."""
        return _solved(getattr(self.substitution, side))[1]

    def covers(self, side):
        """Whether every setting of that side has one on the other."""
        return not self.conditions(side) and not any(value is not None for value in self.options[side].values())

    @property
    def kind(self):
        """E0: the same; E1: constants change; E2: with t; E3: the states start elsewhere. As in E2 + E3."""
        s, kinds = self.substitution, []
        if s.depends_on_t:
            kinds.append("E2")
        elif not s.is_identity or any(self.options[side] for side in "ab"):
            kinds.append("E1")
        return " + ".join(kinds + (["E3"] if self.proof.starts else [])) or "E0"

    @property
    def rank(self):
        """The better correspondences have the smaller rank."""
        s = self.substitution
        return (
            not (self.covers("a") or self.covers("b")), bool(self.proof.exceptions), bool(self.proof.starts), s.depends_on_t,
            not self.covers("a"), not self.covers("b"), not self.holds_for_changing_learning_rate, bool(s.departures("a")),
            len(s.departures("a")) + len(s.departures("b")),
        )  # fmt: skip

    def exceptional(self, values, limit=LAST_STEP):
        """The steps that are not the same, where the common hyper-parameters have these values."""
        if not self.proof.exceptions:
            return ()
        t = np.arange(1, limit + 1, dtype=float)
        known = [sp.Symbol(n) for n in values]
        at = np.zeros(limit, dtype=bool)
        for given in self.proof.exceptions:
            here = np.ones(limit, dtype=bool)
            for condition, holds in given.items():
                with np.errstate(all="ignore"):
                    here &= sp.lambdify([T, *known], condition, "numpy")(t, *values.values()) == holds
            at |= here
        return tuple((np.flatnonzero(at) + 1).tolist())


def _solved(entries):
    return solved(tuple(entries.items()))


@lru_cache(maxsize=4096)
def correspondences(key_a, key_b):
    """The proved correspondences of two optimisers, by `Settings`, with options as each needs them; the best first."""
    found = []
    for changed_a, changed_b, a, b in _variants(key_a.opt, key_b.opt):
        found += [replace(c, options={"a": changed_a, "b": changed_b}) for c in between(a, b)]
        if any(c.rank[:4] == (False,) * 4 for c in found):
            break
    return sorted(found, key=lambda c: (c.rank, len(c.options["a"]) + len(c.options["b"])))


def between(a, b):
    """The proved correspondences of two optimisers as they are, options and all, the best first."""
    return [replace(c, a=system(a), b=system(b)) for c in _between(Formulas(a), Formulas(b))]


@lru_cache(maxsize=8192)
def _between(key_a, key_b):
    return tuple(sorted(_proved(system(key_a.opt), system(key_b.opt)), key=lambda c: c.rank))


def _proved(a, b, most=6):
    found = []
    for substitution in substitutions(a, b):
        proof = proved(a, b, substitution)
        if proof:
            has_rate = "eta" in a.hyper and "eta" in b.hyper
            found.append(Correspondence(a, b, proof, {"a": {}, "b": {}}, holds_when_changed(a, b, proof) if has_rate else None))
            if found[-1].rank[:4] == (False,) * 4 or len(found) == most:
                break
    return found


def _variants(a, b):
    """Both optimisers with options present or absent as the other needs it; those as constructed first."""
    found = []
    for (changed_a, one), (changed_b, other) in product(_each(a, b), _each(b, a)):
        found.append((len(changed_a) + len(changed_b), changed_a, changed_b, one, other))
    return [rest for _, *rest in sorted(found, key=lambda v: v[0]) if len(rest[0]) + len(rest[1]) <= 2]


def _each(opt, other):
    yield {}, opt
    if not isinstance(opt, DialectRule):
        return
    there = system(other).hyper
    for name, kind in opt.options.items():
        if kind is Flag:
            continue
        symbol = symbol_of(opt.meanings.get(name, name)).name
        absent = opt._is_fixed(name, kind)
        useful = symbol in there or symbol in ("a_0", "epsilon_r", "delta", "omega", "eta")
        if absent is useful:
            changed = set_option(opt, name, None if absent else kind.absent)
            if changed is not None:
                # a value is set by the substitution; an absence is a setting of its own
                yield {name: None if absent else kind.absent}, changed


def set_option(opt, name, value):
    """The optimiser with an option at a value, or at any value that is not its absence; None if the library refuses it."""
    values = {own: getattr(opt, own) for own in opt.hyper}
    tried = [value] if value is not None or opt.options[name].absent is None and not opt._is_fixed(name, opt.options[name]) else [0.5, 0.25]
    for candidate in tried:
        if value is None and opt.options[name].is_at(candidate):
            continue
        try:
            return type(opt)(**values | {name: candidate})
        except ValueError:
            continue
    return None
