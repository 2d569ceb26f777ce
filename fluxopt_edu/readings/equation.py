"""One line of a rule as a SymPy equation, with its operations in the order in which they are written."""

import re

import sympy as sp

from ..symbols import STEP_NUMBER
from .lines import Call, Cases, Letter, Number, Power, Product, Relation, Sum, letters

STEP = sp.Symbol(STEP_NUMBER.name)
FUNCTIONS = {"sqrt": sp.sqrt, "abs": sp.Abs, "maximum": sp.Max}
RELATIONS = {">": sp.Gt, ">=": sp.Ge, "<": sp.Lt, "<=": sp.Le}


def equation(line):
    """The equation of a line that `lines` made, and what its symbols are.

    Returns
    -------
    Eq
    dict of str to Letter
        By the symbols' names.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> from fluxopt_edu.readings.lines import lines
    >>> equation(lines(Momentum)[0])[0]
    Eq(v, -eta*g + rho*v_before)
    """
    says = sp.Eq(_symbol(line.letter), _written(line.formula), evaluate=False)
    used = [line.letter, *letters(line.formula)]
    if STEP in says.free_symbols and Letter(STEP_NUMBER) not in used:  # as an exponent
        used.append(Letter(STEP_NUMBER))
    return says, {name_of(letter): letter for letter in used}


def name_of(letter):
    """A letter's name in code: ``m_hat``, and ``v_before`` for what stood before the step.

    >>> from fluxopt_edu.symbols import TABLE
    >>> name_of(Letter(TABLE["v"], "t-1")), name_of(Letter(TABLE["beta[1]"])), name_of(Letter(TABLE["m-hat"], "t"))
    ('v_before', 'beta_2', 'm_hat')
    """
    symbol = letter.symbol
    name = symbol.id if symbol.id.replace("-", "").isalnum() and symbol.id.isascii() else symbol.name
    name = name.replace("-", "_")
    index = {"": "", "t": "", "t-1": "_before"}.get(letter.index)
    return name + ("_" + re.sub(r"\W+", "_", letter.index) if index is None else index)


def _symbol(letter):
    return sp.Symbol(name_of(letter))


def _written(formula):
    match formula:
        case Number(value):
            return sp.nsimplify(value)
        case Letter():
            return _symbol(formula)
        case Power(base, whole, steps):
            exponent = sp.Add(steps * STEP, whole) if steps else sp.Integer(whole)
            return _power(_written(base), exponent)
        case Product(fractions):
            factors = [_written(f) for fraction in fractions for f in fraction.above]
            factors += [_power(_written(f), sp.Integer(-1)) for fraction in fractions for f in fraction.below]
            return factors[0] if len(factors) == 1 else sp.Mul(*factors, evaluate=False)
        case Sum(terms):
            start = next((k for k, (sign, _) in enumerate(terms) if sign > 0), 0)
            ordered = [terms[start], *terms[:start], *terms[start + 1 :]]
            signed = [_written(term) if sign > 0 else sp.Mul(-1, _written(term), evaluate=False) for sign, term in ordered]
            return signed[0] if len(signed) == 1 else sp.Add(*signed, evaluate=False)
        case Call(function, arguments):
            return FUNCTIONS[function](*map(_written, arguments), evaluate=False)
        case Relation(sign, left, right):
            return RELATIONS[sign](_written(left), _written(right), evaluate=False)
        case Cases(condition, yes, no):
            return sp.Piecewise((_written(yes), _written(condition)), (_written(no), True), evaluate=False)
    raise TypeError(f"{formula!r} is no formula")


def _power(base, exponent):
    return base if exponent == 1 else sp.Pow(base, exponent, evaluate=False)

