"""A rule line by line, as an author would write it; `latex` prints what is made here.

The record of a rule has its operations as the code has them. A formula on paper keeps their order
but for a few habits: what the code computes in passing has a name, equal factors are a power, and
a scalar stands before a fraction. Each habit is one function here, or one entry of the table
`IDIOMS`. Over the reals: conj g = g.
"""

import inspect
import re
from dataclasses import dataclass, fields

from ..optimiser import instance
from ..symbols import QUANTITIES, STEP, STEP_NUMBER, Meaning, Symbol, symbol_of
from ..trace import counts, geometric, parts, trace
from ..traced import Traced

# What rules compute in passing and authors name: functions of inputs, hyper-parameters, powers of β and new
# states, by their names in the rule.
IDIOMS = {
    "m-hat": lambda m, βt: m / (1 - βt[0]),
    "v-hat": lambda v, βt: v / (1 - βt[1]),
    "m-bar": lambda g, m, βt, beta: beta[0] * m / (1 - beta[0] * βt[0]) + (1 - beta[0]) * g / (1 - βt[0]),
}


# What a formula is made of


@dataclass(frozen=True)
class Number:
    value: int | float


@dataclass(frozen=True)
class Letter:
    symbol: Symbol
    index: str = ""


@dataclass(frozen=True)
class Power:
    """A base to the power of `whole`, or of `steps`·t + `whole`."""

    base: object
    whole: int = 1
    steps: int = 0


@dataclass(frozen=True)
class Raised:
    """A base to a power that is neither a number nor the number of the step."""

    base: object
    exponent: object


@dataclass(frozen=True)
class Fraction:
    """Powers above and below a line; there is no line if there is nothing below it."""

    above: tuple
    below: tuple = ()


@dataclass(frozen=True)
class Product:
    fractions: tuple


@dataclass(frozen=True)
class Sum:
    """Pairs of a sign, 1 or -1, and a formula; what is negative is a sum, if only of one term."""

    terms: tuple


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple


@dataclass(frozen=True)
class Relation:
    sign: str
    left: object
    right: object


@dataclass(frozen=True)
class Cases:
    condition: Relation
    yes: object
    no: object


def letters(formula):
    """The letters of a formula, from left to right, as often as they occur."""
    if isinstance(formula, Letter):
        yield formula
    elif isinstance(formula, tuple):
        for part in formula:
            yield from letters(part)
    elif hasattr(formula, "__dataclass_fields__"):
        for part in fields(formula):
            yield from letters(getattr(formula, part.name))


# A rule's lines


@dataclass(frozen=True)
class Line:
    """One definition."""

    letter: Letter
    formula: object


def lines(rule):
    """The definitions that make up one step of `rule`, each after those that it uses: its states, then the step.

    Parameters
    ----------
    rule : Optimiser, or its class

    Returns
    -------
    list of Line
    """
    opt = instance(rule)
    author, done = _Author(trace(opt), linked=hasattr(opt, "links")), []

    def define(letter):
        if letter in author.definitions:
            formula = author.definitions.pop(letter)
            for needed in letters(formula):
                define(needed)
            done.append(Line(letter, formula))

    for letter in [*author.states, Letter(STEP, "t")]:
        define(letter)
    return done


class _Author:
    """Writes the operations of one record as formulas."""

    def __init__(self, record, linked):
        self.record = record
        self.called, self.idioms = {}, {}  # how a node is called, by its identity; how a formula is called
        self._call_inputs()
        self._call_results()
        if linked:
            self._call_steps_of_links()
        self.idioms = {self._idiom(name): Letter(QUANTITIES[name], "t") for name in IDIOMS if self._arguments(name)}
        self.definitions = {letter: formula for formula, letter in self.idioms.items()}
        for letter, node in self.results.items():
            # a second name of the same value is defined by the first
            self.definitions[letter] = self.written(node) if self.called.get(id(node), letter) == letter else self.called[id(node)]

    # Names

    def _call_inputs(self):
        record = self.record
        for name, node in record.inputs.items():
            self.called[id(node)] = Letter(_symbol(name), "t" if name == "g" else "t-1")
        for name, value in record.hyper.items():
            self.called |= {id(node): Letter(_symbol(record.meanings[name + part])) for part, node in parts(value)}
        for name, value in record.states.items():
            if name in record.scalars:
                for (part, node), (_, start), (_, new) in zip(parts(value), parts(record.starts[name]), parts(record.new[name])):
                    self.called[id(node)] = self._kept(name + part, node, start, new)
            else:
                self.called[id(value)] = Letter(_symbol(record.meanings[name]), "t-1")

    def _kept(self, name, node, start, new):
        """What a scalar state is at step t, by how it starts and goes on."""
        ratio = geometric(node, new)
        if ratio is not None and (start is ratio or start == 1):
            base = self.called[id(ratio)]
            return Power(base, 0, 1) if start is ratio else Power(base, -1, 1)
        if counts(node, start, new):
            return Letter(STEP_NUMBER)
        if isinstance(self.record.meanings[name], Symbol):
            return Letter(self.record.meanings[name], "t-1")
        raise ValueError(
            f"{self.record.rule}: its state {name} starts at {start} and becomes {new}: "
            "expected a power of a hyper-parameter, the number of the step, or a state that has a symbol"
        )

    def _call_results(self):
        """Name the new states, the quantities that the rule has a name for, and the step."""
        record = self.record
        names = {record.names[id(node)]: node for node in record.nodes() if id(node) in record.names}
        states = {
            Letter(_symbol(record.meanings[name]), "t"): node
            for name, node in record.new.items()
            if name not in record.scalars or isinstance(record.meanings.get(name), Symbol)
        }
        own = {name: meaning for name, meaning in record.meanings.items() if isinstance(meaning, Symbol)}
        quantities = {Letter(symbol, symbol.index): names[name] for name, symbol in (QUANTITIES | own).items() if name in names}
        self.states = list(states)
        self.results = states | quantities | {Letter(STEP, "t"): record.step}
        for letter, node in self.results.items():
            if isinstance(node, Traced):  # a number has no identity of its own
                self.called.setdefault(id(node), letter)

    def _call_steps_of_links(self):
        """The step of a link is the gradient of the next, g', and has a name if that one uses it more than once."""
        uses = [id(a) for node in self.record.nodes() for a in node.arguments]
        for node in self.record.nodes():
            step = re.fullmatch(r"step(\d+)", self.record.names.get(id(node), ""))
            if step and uses.count(id(node)) > 1 and not isinstance(_signed(self.formula(node))[1], Letter):
                letter = Letter(_symbol(f"g{int(step[1]) + 1}"), "t")
                self.called[id(node)], self.results[letter] = letter, node

    def _arguments(self, idiom):
        """The nodes that an idiom is made of, if the rule has them all."""
        record = self.record
        states = {name: record.states[name] if name in record.scalars else new for name, new in record.new.items()}
        nodes = record.inputs | record.hyper | states
        hyper = {record.meanings[name + part]: node for name, value in record.hyper.items() for part, node in parts(value)}
        if {"beta[0]", "beta[1]"} <= hyper.keys():  # under whatever names
            nodes["beta"] = hyper["beta[0]"], hyper["beta[1]"]
            if "t" in record.scalars and "βt" not in nodes:
                nodes["βt"] = tuple(Traced("**", (β, record.states["t"])) for β in nodes["beta"])
        wanted = inspect.signature(IDIOMS[idiom]).parameters
        return [nodes[name] for name in wanted] if wanted.keys() <= nodes.keys() else None

    def _idiom(self, name):
        return self.written(IDIOMS[name](*self._arguments(name)))

    # Formulas

    def formula(self, value):
        """`value` by its name if it has one."""
        return self.called[id(value)] if id(value) in self.called else self.written(value)

    def written(self, value):
        """`value` as it is computed."""
        if not isinstance(value, Traced):
            return _with_sign(1 if value >= 0 else -1, Number(abs(value)))
        arguments = tuple(map(self.formula, value.arguments))
        match value.operation:
            case "+":
                result = _added((1, arguments[0]), (1, arguments[1]))
            case "-":
                result = _added((1, arguments[0]), (-1, arguments[1]))
            case "negative":
                result = _added((-1, arguments[0]))
            case "*":
                result = self._multiplied(*arguments)
            case "/":
                result = self._divided(*arguments)
            case "**":
                result = _raised(*arguments)
            case "conj":
                result = arguments[0]
            case "cases":
                result = Cases(*arguments)
            case ">" | ">=" | "<" | "<=":
                result = Relation(value.operation, *arguments)
            case _:
                result = Call(value.operation, arguments)
        return self.idioms.get(result, result)

    def _multiplied(self, left, right):
        (one, left), (other, right) = _signed(left), _signed(right)
        left, right = _fractions(left), _fractions(right)
        if any(f.below for f in right) and not any(f.below for f in left):
            left, right = right, left  # g · (η / u): what scales comes before what is scaled
        return _with_sign(one * other, self._product([*left, *right]))

    def _divided(self, left, right):
        (one, left), (other, right) = _signed(left), _signed(right)
        *before, last = _fractions(left)
        plain = _fractions(right)
        below = plain[0].above if len(plain) == 1 and not plain[0].below else (Power(right),)
        return _with_sign(one * other, self._product([*before, Fraction(last.above, last.below + below)]))

    def _product(self, fractions):
        fractions = [part for f in fractions for part in _scalars_out(_in_order(f))]
        fractions = [self._with_idioms(f) for f in fractions]
        fractions = _together(fractions)
        # η comes first, whether the code multiplies by it first or last
        fractions = _together(sorted(fractions, key=lambda f: bool(f.below) or not _is_scalar(f.above)))
        match fractions:
            case [Fraction((Power(base, 1, 0),), ())]:
                return base
            case [Fraction((power,), ())]:
                return power
        return Product(tuple(fractions))

    def _with_idioms(self, fraction):
        for formula, letter in self.idioms.items():
            match formula:
                case Product((Fraction(above, below),)) if fraction.above == above and fraction.below[: len(below)] == below:
                    return Fraction((Power(letter),), fraction.below[len(below) :])
        return fraction


def _symbol(name):
    """From the table; a rule that is not this package's may have other names."""
    try:
        return symbol_of(name)
    except KeyError:
        letter = name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")
        return Symbol(name, name, letter, "real", "x", Meaning("", ""), id=name.replace("_", "-"))


# Sums


def _added(*signed):
    """A sum without brackets in it: a - (b - c) is a - b + c."""
    terms = tuple(
        (sign * own, term)
        for sign, formula in signed
        for own, term in (formula.terms if isinstance(formula, Sum) else ((1, formula),))
    )
    return terms[0][1] if len(terms) == 1 and terms[0][0] > 0 else Sum(terms)


def _signed(formula):
    match formula:
        case Sum(((sign, term),)):
            return sign, term
    return 1, formula


def _with_sign(sign, formula):
    return formula if sign > 0 else _added((-1, formula))


# Powers


def _raised(base, exponent):
    match exponent:
        case Number(int(whole)):
            return Power(base, whole)
        case Letter(symbol) if symbol is STEP_NUMBER:
            return Power(base, 0, 1)
        case Sum(((1, Letter(symbol)), (sign, Number(int(whole))))) if symbol is STEP_NUMBER:
            return Power(base, sign * whole, 1)
    return Raised(base, exponent)


# Products


def _fractions(formula):
    match formula:
        case Product(fractions):
            return fractions
        case Power():
            return (Fraction((formula,)),)
    return (Fraction((Power(formula),)),)


def _in_order(fraction):
    """Scalars first, and equal factors as a power."""
    return Fraction(_powers(sorted(fraction.above, key=lambda factor: not _is_scalar(factor))), fraction.below)


def _together(fractions):
    """Neighbours without a line as one."""
    result = []
    for fraction in fractions:
        if result and not fraction.below and not result[-1].below:
            fraction = _in_order(Fraction(result.pop().above + fraction.above))
        result.append(fraction)
    return result


def _powers(factors):
    collected = []
    for factor in factors:
        if collected and collected[-1].base == factor.base:
            before = collected.pop()
            factor = Power(factor.base, before.whole + factor.whole, before.steps + factor.steps)
        collected.append(factor)
    return tuple(collected)


def _scalars_out(fraction):
    """η m / u as η · m/u, but η/u as it is."""
    scalars = tuple(factor for factor in fraction.above if _is_scalar(factor))
    others = fraction.above[len(scalars) :]
    return [Fraction(scalars), Fraction(others, fraction.below)] if scalars and others and fraction.below else [fraction]


def _is_scalar(formula):
    return all(letter.symbol.shape == "number" for letter in letters(formula))
