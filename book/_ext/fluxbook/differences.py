"""The lines of a library's rule that differ from ours, with the differing parts marked.

A library may write the same value in another way, such as ``m + (1 - β1)(g - m)``. Here lines and terms count as the same
where their values are, so that what is marked is a difference and not a habit.
"""

import random
from dataclasses import fields, is_dataclass
from math import isclose, sqrt

from fluxopt_edu.readings.changes import Marked, marked
from fluxopt_edu.readings.lines import Call, Cases, Fraction, Letter, Line, Number, Power, Product, Raised, Relation, Sum, letters, lines
from fluxopt_edu.symbols import QUANTITIES, STEP_NUMBER

FUNCTIONS = {"sqrt": sqrt, "abs": abs, "maximum": max, "minimum": min, "sign": lambda x: (x > 0) - (x < 0)}
CORRECTED = {QUANTITIES["m-hat"], QUANTITIES["v-hat"]}
RELATIONS = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}


def differing(rule, ours) -> list[Line]:
    """The lines of `rule` whose values are not those of `ours`, marked; of a letter that `ours` has not, the whole line."""
    values = Values(rule, ours)
    own = {line.letter: line.formula for line in lines(ours)}
    # a correction that ours has not is best seen where it is used
    corrected = {line.letter: line.formula for line in lines(rule) if line.letter.symbol in CORRECTED and line.letter not in own}
    result = []
    for line in lines(rule):
        formula = written_out(line.formula, corrected)
        if line.letter in corrected:
            continue
        if line.letter not in own:
            result.append(Line(line.letter, Marked(formula)))
        elif not values.same(formula, own[line.letter]):
            result.append(Line(line.letter, marks(formula, own[line.letter], values)))
    return result


def written_out(formula, definitions: dict):
    """A formula with letters replaced by what they stand for."""
    match formula:
        case Letter():
            return definitions.get(formula, formula)
        case Fraction(above, below):
            over, under = [], []
            for factor in above:
                match definitions.get(factor.base), (factor.whole, factor.steps):
                    case Product((Fraction(more, less),)), (1, 0):
                        over, under = [*over, *more], [*under, *less]
                    case _:
                        over.append(written_out(factor, definitions))
            return Fraction(tuple(over), (*under, *written_out(below, definitions)))
        case tuple():
            return tuple(written_out(part, definitions) for part in formula)
    if is_dataclass(formula) and not isinstance(formula, Number):
        return type(formula)(*(written_out(getattr(formula, part.name), definitions) for part in fields(formula)))
    return formula


class Values:
    """Values of formulas at random points, with what a rule computes in passing written out."""

    def __init__(self, *rules) -> None:
        everything = [line for rule in rules for line in lines(rule)]
        before = {letter.symbol for line in everything for letter in letters(line.formula) if letter.index == "t-1"}
        self.expanded = {line.letter: line.formula for line in everything if line.letter.symbol not in before}
        # long averages too: RAdam's cases need them
        self.points = [{Letter(STEP_NUMBER): t, "from": least} for least in (0.1, 0.9) for t in (1, 2, 5, 6, 40)]
        self.random = random.Random(0)

    def same(self, one, other) -> bool:
        return all(isclose(self.value(one, point), self.value(other, point), rel_tol=1e-9) for point in self.points)

    def value(self, formula, point: dict) -> float:
        match formula:
            case Number(value):
                return value
            case Letter():
                if formula in self.expanded:
                    return self.value(self.expanded[formula], point)
                if formula not in point:
                    point[formula] = self.random.uniform(point["from"], 0.999)
                return point[formula]
            case Power(base, whole, steps):
                t = self.value(Letter(STEP_NUMBER), point) if steps else 0
                return self.value(base, point) ** (whole + steps * t)
            case Raised(base, exponent):
                return self.value(base, point) ** self.value(exponent, point)
            case Fraction(above, below):
                return self.product(above, point) / self.product(below, point)
            case Product(fractions):
                return self.product(fractions, point)
            case Sum(terms):
                return sum(sign * self.value(term, point) for sign, term in terms)
            case Call(function, arguments):
                values = [self.value(argument, point) for argument in arguments]
                return FUNCTIONS[function](*(map(abs, values) if function == "sqrt" else values))
            case Cases(Relation(sign, left, right), yes, no):
                holds = RELATIONS[sign](self.value(left, point), self.value(right, point))
                return self.value(yes if holds else no, point)
        raise TypeError(f"{formula!r} is no formula")

    def product(self, factors, point: dict) -> float:
        result = 1.0
        for factor in factors:
            result *= self.value(factor, point)
        return result


def marks(new, old, values: Values):
    """`new` with marks around what is not in `old`."""
    match new, old:
        case Cases(Relation(sign, left, right), yes, no), Cases(Relation(other, left2, right2), yes2, no2):
            if (sign, left, right) != (other, left2, right2):
                right = Marked(right)
            yes, no = (one if values.same(one, two) else marks(one, two, values) for one, two in ((yes, yes2), (no, no2)))
            return Cases(Relation(sign, left, right), yes, no)
        case Call("maximum", arguments), Call("maximum", others):
            order = [k for k, other in enumerate(others) for argument in arguments if values.same(argument, other)]
            if len(order) == 1 and len(arguments) == 2 and values.same(arguments[1 - order[0]], others[order[0]]):
                new = Call("maximum", arguments[::-1])
    if isinstance(old, Sum):
        new = distributed(new)
    if isinstance(new, Sum):
        return marked_terms(new, old, values)
    return marked(new, old)


def marked_terms(new: Sum, old, values: Values) -> Sum:
    rest = list(old.terms if isinstance(old, Sum) else ((1, old),))
    found = {}
    for k, (sign, term) in enumerate(new.terms):
        for other in rest:
            if sign == other[0] and values.same(term, other[1]):
                found[k] = rest.pop(rest.index(other))
                break
    left = [pair for k, pair in enumerate(new.terms) if k not in found]
    if not found or not left:
        return marked(new, old)
    return Sum(tuple(found.get(k) or (pair[0], marked(pair[1], rest[0][1]) if len(rest) == len(left) == 1 else Marked(pair[1]))
                     for k, pair in enumerate(new.terms)))  # fmt: skip


def distributed(formula):
    """A product of a sum as the sum of products."""
    if not isinstance(formula, Product):
        return formula
    for k, fraction in enumerate(formula.fractions):
        for n, factor in enumerate(fraction.above):
            if isinstance(factor.base, Sum) and (factor.whole, factor.steps) == (1, 0):
                before, after = formula.fractions[:k], formula.fractions[k + 1 :]
                others = fraction.above[:n] + fraction.above[n + 1 :]
                around = (*before, *([Fraction(others, fraction.below)] if others or fraction.below else []), *after)
                return Sum(tuple((sign, Product((*around, *fractions_of(term)))) for sign, term in factor.base.terms))
    return formula


def fractions_of(term) -> tuple[Fraction, ...]:
    return term.fractions if isinstance(term, Product) else (Fraction((Power(term),)),)


def holds_epsilon(formula) -> bool:
    return any(letter.symbol.name in ("epsilon", "epsilon_r", "delta") for letter in letters(formula))


def epsilon_parts(formula):
    """The least denominators, maxima and sums of a formula in which an ε stands."""
    if isinstance(formula, Fraction):
        for factor in formula.below:
            if holds_epsilon(factor):
                yield factor
        for factor in formula.above:
            yield from epsilon_parts(factor)
    elif isinstance(formula, tuple):
        for part in formula:
            yield from epsilon_parts(part)
    elif isinstance(formula, Call) and formula.function != "sqrt" and holds_epsilon(formula):
        yield formula
    elif is_dataclass(formula) and not isinstance(formula, Letter):
        for part in fields(formula):
            yield from epsilon_parts(getattr(formula, part.name))
