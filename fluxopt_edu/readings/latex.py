"""A rule as LaTeX, line by line, each line under its id."""

import re

from ..optimiser import instance
from .lines import Call, Cases, Letter, Number, Power, Product, Raised, Relation, Sum, lines

RELATIONS = {">": ">", ">=": r"\ge", "<": "<", "<=": r"\le"}
OTHERWISE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
LOOSE_END = re.compile(r"\)$|^\\(frac|sqrt)|\\[a-z]+'*$")  # a bracket, a fraction, a root, a Greek letter
LOOSE_START = re.compile(r"\\(frac|sqrt)")


def latex(rule):
    r"""The formulas of `rule` as an author would write them.

    Parameters
    ----------
    rule : Optimiser, or its class
        A rule of this package, or a chain.

    Returns
    -------
    Formulas
        A dict of the formulas' LaTeX by their ids, in an order in which each uses only those
        before it. A notebook shows it typeset.

    Raises
    ------
    ValueError
        A scalar state of the rule is neither a power such as β1^t nor the step number.

    Notes
    -----
    An index t stands for a value after step t; x_{t-1} is the parameter that the step starts from,
    g_t the gradient there, Δ_t what is subtracted. Over the reals: g * conj(g) is g².

    The letters are those of `symbols.TABLE`. A state ``acc`` is a_t, of squared gradients, and
    AdaDelta's ``Δacc`` is b_t, of squared steps (Zeiler writes E[g²] and E[Δx²]); AMSGrad's
    ``v_max`` is v_{max,t} (Reddi and others write v with a hat, which here means bias correction).

    Examples
    --------
    >>> from fluxopt_edu import Adam, Momentum
    >>> latex(Momentum)
    momentum.v     v_t = \rho\, v_{t-1} - \eta\, g_t
    momentum.step  \Delta_t = -v_t
    >>> print(latex(Adam)["adam.step"])
    \Delta_t = \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}
    """
    opt = instance(rule)
    name = (opt.label or type(opt).__name__).lower()
    return Formulas({f"{name}.{line.letter.symbol.id}": f"{written(line.letter)} = {written(line.formula)}" for line in lines(opt)})


class Formulas(dict):
    """LaTeX by id."""

    def __repr__(self):
        width = max(map(len, self), default=0)
        return "\n".join(f"{id:{width}}  {formula}" for id, formula in self.items())

    def _repr_latex_(self):
        aligned = " \\\\\n".join(formula.replace(" = ", " &= ", 1) for formula in self.values())
        return f"$$\\begin{{aligned}}\n{aligned}\n\\end{{aligned}}$$"


def written(formula):
    """The LaTeX of a formula that `lines` made."""
    match formula:
        case Number(value):
            return _number(value)
        case Letter(symbol, index):
            return symbol.at(index)
        case Power():
            return _power(formula)
        case Product(fractions):
            return _side_by_side([factor for f in fractions for factor in _factors(f)])
        case Sum(terms):
            return _sum(terms)
        case Call("sqrt", (inside,)):
            return rf"\sqrt{{{written(inside)}}}"
        case Call("abs", (inside,)):
            return _enclosed("|", written(inside), "|")
        case Raised(base, exponent):
            return f"{written(base) if isinstance(base, (Letter, Number)) else _enclosed('(', written(base), ')')}^{{{written(exponent)}}}"
        case Call("maximum", arguments):
            return r"\max" + _enclosed("(", ", ".join(map(written, arguments)), ")")
        case Call("minimum", arguments):
            return r"\min" + _enclosed("(", ", ".join(map(written, arguments)), ")")
        case Call("sign", (inside,)):
            return r"\operatorname{sign}" + _enclosed("(", written(inside), ")")
        case Relation(sign, left, right):
            return f"{written(left)} {RELATIONS[sign]} {written(right)}"
        case Cases(Relation(sign, left, right) as condition, yes, no):
            otherwise = Relation(OTHERWISE[sign], left, right)
            rows = [f"{written(value)} & {written(when)}" for value, when in ((yes, condition), (no, otherwise))]
            # rows are set in small type, too small for a fraction of fractions
            return (r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}").replace(r"\frac", r"\dfrac")
    raise TypeError(f"{formula!r} is no formula")


def _number(value):
    mantissa, _, exponent = repr(value).removesuffix(".0").partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def _power(power):
    base, alone = written(power.base), (power.whole, power.steps) == (1, 0)
    if isinstance(power.base, (Sum, Cases)) or not alone and (not isinstance(power.base, (Letter, Number)) or "^" in base):
        base = _enclosed("(", base, ")")
    if alone:
        return base
    exponent = {0: "", 1: "t"}.get(power.steps, f"{power.steps} t")
    exponent = f"{exponent}{power.whole:+d}" if exponent and power.whole else exponent or str(power.whole)
    # two primes on one letter, as TeX sees it
    base = f"{{{base}}}" if "'" in base else base
    return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"


def _sum(terms):
    """In order, but a term with a plus first, if there is one."""
    start = next((k for k, (sign, _) in enumerate(terms) if sign > 0), 0)
    (sign, first), *others = terms[start], *terms[:start], *terms[start + 1 :]
    return ("-" if sign < 0 else "") + _term(first) + "".join((" - " if sign < 0 else " + ") + _term(term) for sign, term in others)


def _term(formula):
    return _enclosed("(", written(formula), ")") if isinstance(formula, Cases) else written(formula)


def _factors(fraction):
    above = [_power(factor) for factor in fraction.above]
    if not fraction.below:
        return above
    return [rf"\frac{{{_in_braces(fraction.above)}}}{{{_in_braces(fraction.below)}}}"]


def _in_braces(factors):
    """Above or below a line, one sum needs no brackets."""
    match factors:
        case (Power(base, 1, 0),):
            return written(base)
    return _side_by_side([_power(factor) for factor in factors])


def _side_by_side(factors):
    """Factors in a row, with a thin space where they would run together."""
    text = factors[0]
    for left, right in zip(factors, factors[1:]):
        if right[0].isdigit():
            text += r" \cdot "
        elif LOOSE_END.search(left) or LOOSE_START.match(right):
            text += "" if left.endswith(")") and right.startswith("(") else r"\, "
        else:
            text += " "
        text += right
    return text


def _enclosed(left, inside, right):
    return rf"\left{left} {inside} \right{right}" if r"\frac" in inside or r"\begin" in inside else f"{left}{inside}{right}"
