"""What a rule changes in another, marked in its lines: the least parts that the other does not have."""

from collections import Counter
from dataclasses import dataclass, fields, is_dataclass

from ..symbols import STEP, TABLE
from .lines import Call, Cases, Fraction, Letter, Line, Power, Product, Sum, letters, lines


@dataclass(frozen=True)
class Marked:
    """A part of a formula that is new."""

    inside: object


def changes(rule, parent, renamed=None):
    """The lines of `rule`, with what is new in them beside `parent`.

    Parameters
    ----------
    rule, parent : Optimiser, or its class
    renamed : dict of str to str
        Letters of `parent` that have another name in `rule`, by their names in `symbols.TABLE`.

    Returns
    -------
    list of pair of Line and bool
        Each line with its new parts in `Marked`; and whether the line as a whole is new.

    Examples
    --------
    >>> from fluxopt_edu import AdaGrad, Momentum, Nesterov, RMSProp
    >>> from fluxopt_edu.readings.typst import written
    >>> for line, new in changes(RMSProp, AdaGrad):
    ...     print(written(line.formula), new)
    changed(rho) thin a_(t-1) + changed((1 - rho)) thin g_t^2 False
    frac(eta, sqrt(a_t) + epsilon.alt) thin g_t False
    """
    names = {_symbol(old).code: _symbol(new) for old, new in (renamed or {}).items()}
    before = {_renamed(line.letter, names): _renamed(line.formula, names) for line in lines(parent)}
    return [
        (Line(line.letter, marked(line.formula, before[line.letter])), False) if line.letter in before else (line, True)
        for line in lines(rule)
    ]


def _symbol(name):
    return STEP if name == "step" else TABLE[name]


def _renamed(formula, names):
    """With other letters."""
    if isinstance(formula, Letter):
        return Letter(names.get(formula.symbol.code, formula.symbol), formula.index)
    if isinstance(formula, tuple):
        return tuple(_renamed(part, names) for part in formula)
    if is_dataclass(formula):
        return type(formula)(*(_renamed(getattr(formula, part.name), names) for part in fields(formula)))
    return formula


def marked(new, old):
    """`new` with marks around its least parts that `old` does not have in the same place."""
    if new == old:
        return new
    if isinstance(new, Cases) and not isinstance(old, Cases):
        return Cases(new.condition, marked(new.yes, old), Marked(new.no))
    if isinstance(new, Sum) or isinstance(old, Sum):
        return _marked_sum(new, _terms(new), _terms(old))
    if isinstance(new, (Product, Power)) or isinstance(old, (Product, Power)):
        return _marked_product(new, _fractions(new), _fractions(old))
    match new, old:
        case Call(function, arguments), Call(other, others) if function == other and len(arguments) == len(others):
            return Call(function, tuple(marked(*pair) for pair in zip(arguments, others)))
    return Marked(new)


def _terms(formula):
    return formula.terms if isinstance(formula, Sum) else ((1, formula),)


def _marked_sum(whole, new, old):
    pairs = [(term, other if other and other[0] == term[0] else None) for term, other in _paired(new, old)]
    if not any(other for _, other in pairs):
        return Marked(whole)
    terms = tuple((sign, marked(term, other[1]) if other else Marked(term)) for (sign, term), other in pairs)
    return Sum(terms) if isinstance(whole, Sum) else terms[0][1]


def _fractions(formula):
    match formula:
        case Product(fractions):
            return fractions
        case Power():
            return (Fraction((formula,)),)
    return (Fraction((Power(formula),)),)


def _marked_product(whole, new, old):
    """Above the lines and below them, factor by factor, in whatever fractions they stand."""
    above = iter(_paired([p for f in new for p in f.above], [p for f in old for p in f.above]))
    below = iter(_paired([p for f in new for p in f.below], [p for f in old for p in f.below]))
    result = []
    for fraction in new:
        parts = []
        for factors, pairs in ((fraction.above, above), (fraction.below, below)):
            parts.append(tuple(_marked_factor(*next(pairs), alone=len(factors) == 1 and bool(fraction.below)) for _ in factors))
        result.append(Fraction(*parts))
    if all(isinstance(factor.base, Marked) for f in result for factor in f.above + f.below):
        return Marked(whole)
    return Product(tuple(result))


def _marked_factor(new, old, alone):
    if old and (new.whole, new.steps) == (old.whole, old.steps):
        inside = marked(new.base, old.base)
        if not isinstance(inside, Marked):
            return Power(inside, new.whole, new.steps)
    # alone above or below a line, a sum has no brackets
    return Power(Marked(new.base if alone and (new.whole, new.steps) == (1, 0) else new))


def _paired(new, old):
    """Each of `new` with what it is in `old`: itself, else the most similar, else None."""
    rest = list(old)
    partners = {}
    for k, one in enumerate(new):
        if one in rest:
            partners[k] = rest.pop(rest.index(one))
    for k, one in enumerate(new):
        if k not in partners and rest:
            best = max(rest, key=lambda other: _similarity(one, other))
            if _similarity(one, best) or len(rest) == len(new) - len(partners) == 1:
                partners[k] = rest.pop(rest.index(best))
    return [(one, partners.get(k)) for k, one in enumerate(new)]


def _similarity(one, other):
    """How many letters they share."""
    return (Counter(letters(one)) & Counter(letters(other))).total()
