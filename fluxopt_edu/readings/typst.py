"""A rule as Typst maths, line by line, each line under its id; and the LaTeX of a sentence as Typst maths."""

import re

from ..optimiser import instance
from .changes import Marked
from .lines import Call, Cases, Letter, Number, Power, Product, Raised, Relation, Sum, lines

NAMES = {"epsilon": "epsilon.alt", "varepsilon": "epsilon", "infty": "infinity", "cdot": "dot", "le": "<=", "ge": ">="}
GREEK = "alpha beta gamma delta zeta eta theta kappa lambda mu nu rho sigma tau phi psi omega Delta".split()
NAMES |= {name: name for name in [*GREEK, "max", "min", "sum"]}
FUNCTIONS = {"hat": ("hat", 1), "bar": ("macron", 1), "sqrt": ("sqrt", 1), "abs": ("abs", 1), "frac": ("frac", 2)}
SPACES = {",": "thin", "quad": "quad"}

RELATIONS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
OTHERWISE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
LOOSE_END = re.compile(r"^(frac|sqrt|changed|max|min)\(|^\(.*\)$|(^|[^_^(])\b[a-z]{2,}(\.alt)?'*$")  # a fraction, a root, a bracket, a Greek letter
LOOSE_START = re.compile(r"(changed\()?(frac|sqrt)\(")


def typst(rule):
    r"""The formulas of `rule` as an author would write them in Typst.

    Parameters
    ----------
    rule : Optimiser, or its class
        A rule of this package, or a chain.

    Returns
    -------
    dict of str to str
        What stands between Typst's dollar signs, by the ids of `latex` and in the same order.

    Raises
    ------
    ValueError
        As `latex`; or a letter of the rule cannot be written in Typst.

    Notes
    -----
    The letters are those of `latex`; epsilon is ``epsilon.alt``, whose shape LaTeX calls ``\epsilon``.

    Examples
    --------
    >>> from fluxopt_edu import Adam, Momentum
    >>> typst(Momentum)
    {'momentum.v': 'v_t = rho thin v_(t-1) - eta thin g_t', 'momentum.step': 'Delta_t = -v_t'}
    >>> print(typst(Adam)["adam.step"])
    Delta_t = eta thin frac(hat(m)_t, sqrt(hat(v)_t) + epsilon.alt)
    """
    opt = instance(rule)
    name = type(opt).__name__.lower()
    return {f"{name}.{line.letter.symbol.id}": f"{written(line.letter)} = {written(line.formula)}" for line in lines(opt)}


def written(formula):
    """The Typst maths of a formula that `lines` made; what `changes` has marked is in ``changed(…)``."""
    match formula:
        case Number(value):
            return _number(value)
        case Letter(symbol, index):
            return from_latex(symbol.at(index))
        case Marked(inside):
            return f"changed({written(inside)})"
        case Power():
            return _power(formula)
        case Product(fractions):
            return _side_by_side([factor for f in fractions for factor in _factors(f)])
        case Sum(terms):
            return _sum(terms)
        case Call("sqrt" | "abs" as name, (inside,)):
            return f"{name}({written(inside)})"
        case Call("maximum" | "minimum" as function, arguments):
            return f"{function[:3]}({', '.join(map(written, arguments))})"
        case Call("sign", (inside,)):
            return f'op("sign")({written(inside)})'
        case Raised(base, exponent):
            base = _base(base)
            return f"{base}^({written(exponent)})"
        case Relation(sign, left, right):
            return f"{written(left)} {RELATIONS[sign]} {written(right)}"
        case Cases(Relation(sign, left, right) as condition, yes, no):
            otherwise = Relation(OTHERWISE[sign], left, right)
            # rows are set in small type, too small for a fraction of fractions
            rows = [f"display({written(value)}) quad & {written(when)}" for value, when in ((yes, condition), (no, otherwise))]
            return f"cases({', '.join(rows)})"
    raise TypeError(f"{formula!r} is no formula")


def _number(value):
    mantissa, _, exponent = repr(value).removesuffix(".0").partition("e")
    if not exponent:
        return mantissa
    power = f"10^({int(exponent)})"
    return power if mantissa == "1" else f"{mantissa} dot {power}"


def _base(base):
    """What is raised to a power, in brackets if it is more than one sign or has a script of its own above."""
    text = written(base)
    return text if isinstance(base, (Letter, Number)) and not re.search(r"[\^' ]", text) else f"({text})"


def _power(power):
    if (power.whole, power.steps) == (1, 0):
        text = written(power.base)
        return f"({text})" if isinstance(power.base, (Sum, Cases)) else text
    exponent = {0: "", 1: "t"}.get(power.steps, f"{power.steps} t")
    exponent = f"{exponent}{power.whole:+d}" if exponent and power.whole else exponent or str(power.whole)
    return f"{_base(power.base)}^{exponent}" if len(exponent) == 1 else f"{_base(power.base)}^({exponent})"


def _sum(terms):
    """In order, but a term with a plus first, if there is one."""
    start = next((k for k, (sign, _) in enumerate(terms) if sign > 0), 0)
    (sign, first), *others = terms[start], *terms[:start], *terms[start + 1 :]
    return ("-" if sign < 0 else "") + _term(first) + "".join((" - " if sign < 0 else " + ") + _term(term) for sign, term in others)


def _term(formula):
    return f"({written(formula)})" if isinstance(formula, Cases) else written(formula)


def _factors(fraction):
    if not fraction.below:
        return [_power(factor) for factor in fraction.above]
    return [f"frac({_alone(fraction.above)}, {_alone(fraction.below)})"]


def _alone(factors):
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
            text += " dot "
        elif left.endswith(")") and right.startswith("(") or not (LOOSE_END.search(left) or LOOSE_START.match(right)):
            text += " "
        else:
            text += " thin "
        text += right
    return text


# LaTeX, as it stands in sentences and in the table of symbols


def from_latex(latex):
    r"""Short LaTeX as Typst maths: letters with their marks, indices and powers, and what stands between them.

    Parameters
    ----------
    latex : str

    Returns
    -------
    str

    Raises
    ------
    ValueError
        There is something in it that has no Typst here; the message names it.

    Examples
    --------
    >>> from_latex(r"\hat v_t"), from_latex(r"v_{\max,t-1}"), from_latex(r"\beta_1^t")
    ('hat(v)_t', 'v_(max,t-1)', 'beta_1^t')
    >>> from_latex(r"\eta < 2/\lambda_{\max}")
    'eta < 2 slash lambda_max'
    >>> from_latex(r"\aleph")
    Traceback (most recent call last):
    ...
    ValueError: from_latex: '\\aleph' has no Typst here
    """
    latex = re.sub(r"\|([^|]*)\|", r"\\abs{\1}", latex)
    tokens = re.findall(r"\\mathrm\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", latex)
    return _converted(tokens, None).strip()


def _converted(tokens, end):
    text = ""
    while tokens and tokens[0] != end:
        part = _atom(tokens)
        # a letter beside a letter would be one word
        together = not text or not part or part[0] in "_^',)" or text[-1] == "(" or part == "(" and text.endswith(("max", "min"))
        text += part if together else f" {part}"
    return text


def _atom(tokens):
    token = tokens.pop(0)
    if token.isspace():
        return ""
    if token == "{":
        return _braced(tokens)
    if token == "}":
        raise ValueError("from_latex: a brace too many")
    if token in ("_", "^"):
        while tokens[0].isspace():
            tokens.pop(0)
        script = _atom(tokens)
        tight = re.sub(" ?([-+,]) ?", r"\1", script)
        return token + (script if re.fullmatch(r"\w+", script) else f"({tight})")
    if token.startswith(r"\mathrm{"):
        return '"' + token[8:-1].replace(r"\_", "_") + '"'
    if token.startswith("\\"):
        name = token[1:]
        if name in FUNCTIONS:
            function, count = FUNCTIONS[name]
            return f"{function}({', '.join(_argument(tokens) for _ in range(count))})"
        if name in SPACES or name in NAMES:
            return SPACES.get(name) or NAMES[name]
        raise ValueError(f"from_latex: {token!r} has no Typst here")
    if token == "/":
        return "slash"
    if token.isalnum() or re.fullmatch(r"\d+\.\d+", token) or token in "+-=<>()[],.'":
        return token
    raise ValueError(f"from_latex: {token!r} has no Typst here")


def _argument(tokens):
    while tokens[0].isspace():
        tokens.pop(0)
    return _atom(tokens)


def _braced(tokens):
    text = _converted(tokens, "}")
    if not tokens:
        raise ValueError("from_latex: a brace is not closed")
    tokens.pop(0)
    return text
