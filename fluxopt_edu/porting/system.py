"""A rule as a dynamical system: where it starts, what a step does, in symbols that mean the same in every dialect."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import sympy as sp

from ..chain import Chain, NamedChain, chain
from ..dialects.rule import Flag
from ..optimiser import instance
from ..readings.sympy import ranges, symbolic
from ..symbols import STEP_NUMBER, symbol_of
from ..trace import counts, formulas, geometric, parts, trace
from ..traced import Traced

T = sp.Symbol(STEP_NUMBER.name)
G = sp.Symbol("g")


def plain(expression):
    """The expression in symbols that differ by their names alone."""
    return expression.xreplace({s: sp.Symbol(s.name) for s in expression.free_symbols})


@dataclass(frozen=True)
class System:
    """One step of an optimiser at a symbolic t.

    Powers β^t and the number t are no states here: they are known at every step.

    Attributes
    ----------
    opt : Optimiser
    hyper : dict of str to tuple
        Each hyper-parameter's symbol, by name; with the number of its link, its own name there and the place in a pair.
    starts, new : dict of str to Expr
        Of each state, by its symbol's name.
    step : Expr
    ranges : dict of str to str
        Of every symbol; see `algebra.Letters`.
    """

    opt: object
    hyper: dict
    starts: dict
    new: dict
    step: sp.Expr
    ranges: dict

    @property
    def states(self):
        return tuple(self.new)

    @cached_property
    def values(self):
        """The number that each hyper-parameter has in `opt`."""
        links = list(formulas(self.opt))
        return {name: _part(getattr(links[number], own), k) for name, (number, own, k) in self.hyper.items()}

    @cached_property
    def settable(self):
        """The symbols that a call can set: a named chain, such as AdamW, keeps some of its links' to itself."""
        if not isinstance(self.opt, NamedChain):
            return frozenset(self.hyper)
        return frozenset(name for name, (_, own, _) in self.hyper.items() if own in self.opt.hyper)

    def with_values(self, values):
        """The optimiser with other numbers, by symbols, and the same flags.

        Raises
        ------
        ValueError
            A number is out of range, or cannot be set.
        """
        fixed = {name: v for name, v in values.items() if name not in self.settable and v != self.values[name]}
        if fixed:
            raise ValueError(f"{type(self.opt).__name__} keeps {', '.join(fixed)} at {', '.join(str(self.values[n]) for n in fixed)}")
        per_link = {}
        for name, (number, own, k) in self.hyper.items():
            per_link.setdefault(number, {}).setdefault(own, {})[k] = values[name]
        links = [_with(link, per_link.get(number, {})) for number, link in enumerate(formulas(self.opt))]
        if isinstance(self.opt, NamedChain):
            return type(self.opt)(**{own: value for link in links for own, value in _own(link).items() if own in self.opt.hyper})
        return chain(*links) if isinstance(self.opt, Chain) else links[0]

    @property
    def function(self):
        """From numbers by name to the step and the new states."""
        return _function((self.step, *self.new.values()))


@lru_cache(maxsize=1024)
def _function(expressions):
    names = sorted({s.name for e in expressions for s in e.free_symbols})
    compiled = sp.lambdify([sp.Symbol(n) for n in names], list(expressions), "math", cse=True)
    return lambda known: compiled(*(known[n] for n in names))


def copied(opt):
    """The same optimiser without states, which no caller holds and changes."""
    if type(opt) is Chain:
        return chain(*map(copied, opt.links))
    return type(opt)(**_own(opt))


def system(opt):
    """The system of an optimiser or its class, the same one for the same formula with the same numbers.

    Raises
    ------
    TypeError
        It is no optimiser.
    """
    opt = instance(opt)
    return replace(_system(Formulas(opt)), opt=opt)


class Keyed:
    """An optimiser as a key: optimisers compare by identity, and keys by `text`."""

    def __init__(self, opt):
        self.opt, self.text = opt, self.text_of(opt)

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        return self.text == other.text


class Settings(Keyed):
    """Equal for the same formulas and the same numbers."""

    @staticmethod
    def text_of(opt):
        return type(opt), repr(opt)


class Formulas(Keyed):
    """Equal for the same formulas, whatever the numbers."""

    @staticmethod
    def text_of(opt):
        if type(opt) is Chain:
            return tuple(map(Formulas.text_of, opt.links))
        # the numbers say of the options which are absent, and the flags are what they are
        options = getattr(opt, "options", {})
        return type(opt), getattr(opt, "numbers", ()), tuple(getattr(opt, name) for name, kind in options.items() if kind is Flag)


@lru_cache(maxsize=2048)
def _system(key):
    opt = key.opt
    record, expressions = trace(opt), symbolic(opt)
    hyper, links = {}, {}
    for number, link in enumerate(formulas(opt)):
        for own in link.numbers:
            links[next(f"{own}{n}" for n in ("", *range(2, 99)) if f"{own}{n}" not in links)] = (number, own)  # as in the record
    for free, value in record.hyper.items():
        for k, (part, _) in enumerate(parts(value)):
            number, own = links[free]
            hyper[symbol_of(record.meanings[free + part]).name] = (number, own, k if part else None)
    starts, new = {}, {}
    for name, leaf in record.states.items():
        expression = expressions[name]
        if name in record.scalars:
            known = [
                geometric(node, after) is not None or counts(node, start, after)
                for (_, node), (_, start), (_, after) in zip(parts(leaf), parts(record.starts[name]), parts(record.new[name]))
            ]
            if all(known):
                continue
            name_of = symbol_of(record.meanings[name]).name
        else:
            name_of = name
        new[name_of] = plain(expression)
        starts[name_of] = _start(record, record.starts[name])
    return System(opt, hyper, starts, new, plain(expressions["step"]), dict(ranges(opt)))


def _start(record, start):
    if isinstance(start, Traced):
        return sp.Symbol(symbol_of(record.meanings[start.arguments[0]]).name)
    return sp.sympify(start)


def _part(value, k):
    return value if k is None else value[k]


def _own(link):
    return {name: getattr(link, name) for name in link.hyper}


def _with(link, given):
    """A link with other numbers for some of its hyper-parameters."""
    values = _own(link)
    for own, by_place in given.items():
        values[own] = by_place[None] if None in by_place else tuple(by_place[k] for k in sorted(by_place))
    return type(link)(**values)
