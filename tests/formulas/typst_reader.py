r"""Typst maths as a reader sees it, turned into SymPy: the subset in which this book prints formulas.

It shares no code with the printer. What Typst would group in another way than it is spaced is refused.

>>> read("hat(m)_t = frac(m_t, 1 - beta_1^t)")
(hat m[t], m[t]/(1 - beta[1]**t))
"""

import re

import lark
import sympy as sp
from latex_reader import Unreadable

GRAMMAR = r"""
equation: sum "=" sum

sum: (SIGN? product) (SIGN product)*
product: factor (TIMES? factor)*
factor: nucleus ("_" below)? ("^" exponent)?

?nucleus: letter | number | "(" sum ")" -> inside | call
letter: (LATIN | GREEK) PRIMES?
number: NUMBER
call: "hat(" _named ")" -> hat
    | "macron(" _named ")" -> bar
    | "sqrt(" sum ")" -> root
    | "frac(" sum "," sum ")" -> fraction
    | "abs(" sum ")" -> absolute
    | "max(" sum ("," sum)+ ")" -> maximum
    | "display(" sum ")" -> inside
    | "changed(" sum ")" -> mark
    | "cases(" row ("," row)+ ")" -> cases
_named: letter

row: sum "&" relation
relation: sum RELATION sum

below: (LATIN | WORD | NUMBER) -> one_index | "(" index ("," index)* ")"
index: (LATIN | WORD | NUMBER) (SIGN NUMBER)?
exponent: LATIN | NUMBER | "(" sum ")"

SIGN: "+" | "-"
TIMES: /dot(?![A-Za-z(])/
PRIMES: /'+/
NUMBER: /[0-9]+(\.[0-9]+)?/
LATIN: /[A-Za-z](?![A-Za-z])/
GREEK: /(alpha|beta|gamma|delta|epsilon\.alt|zeta|eta|theta|kappa|lambda|mu|nu|rho|sigma|tau|phi|psi|omega|Delta)(?![A-Za-z.])/
WORD: /(max|min|infinity)(?![A-Za-z(])/
RELATION: /[<>]=?/

SPACE: /\s+|(thin|quad)(?![A-Za-z(])/
%ignore SPACE
"""

RELATIONS = {">": sp.Gt, ">=": sp.Ge, "<": sp.Lt, "<=": sp.Le}
# What Typst takes for the argument of a function or for one script, however it is meant.
ADJACENT = re.compile(r"(?<![A-Za-z.])(?!hat|macron|sqrt|frac|abs|max|min|display|changed|cases)[A-Za-z.]+'*\(|\)\(|\d\(|[_^]\w+'*\(")


class Reading(lark.Transformer):
    def equation(self, sides):
        left, right = sides
        if not left.is_Symbol:
            raise Unreadable(f"{left} is defined: expected one letter on the left")
        return left, right

    def sum(self, parts):
        value, sign = sp.Integer(0), 1
        for part in parts:
            if isinstance(part, lark.Token):
                sign = 1 if part == "+" else -1
            else:
                value, sign = value + sign * part, 1
        return value

    def product(self, parts):
        for left, right in zip(parts, parts[1:]):
            if not isinstance(left, lark.Token) and not isinstance(right, lark.Token) and right.is_Number:
                raise Unreadable(f"{left} {right}: a number after a factor, expected dot between them")
        return sp.Mul(*(part for part in parts if not isinstance(part, lark.Token)))

    def factor(self, parts):
        nucleus, *scripts = parts
        for kind, what in scripts:
            if kind == "^":
                nucleus = nucleus**what
            elif not nucleus.is_Symbol or "[" in nucleus.name:
                raise Unreadable(f"an index on {nucleus}")
            else:
                nucleus = sp.Symbol(f"{nucleus.name}[{what}]")
        return nucleus

    def below(self, parts):
        return "_", ",".join(parts)

    def one_index(self, parts):
        return "_", self.index(parts)

    def index(self, parts):
        return "".join(parts).replace("infinity", "oo")

    def exponent(self, parts):
        (part,) = parts
        if isinstance(part, lark.Token):
            part = sp.Symbol(part) if part.isalpha() else sp.Rational(part)
        return "^", part

    def letter(self, parts):
        return sp.Symbol("".join(parts).replace("epsilon.alt", "epsilon"))

    def number(self, parts):
        return sp.Rational(parts[0])

    def inside(self, parts):
        return parts[0]

    mark = inside

    def hat(self, parts):
        return sp.Symbol(f"hat {parts[0].name}")

    def bar(self, parts):
        return sp.Symbol(f"bar {parts[0].name}")

    def root(self, parts):
        return sp.sqrt(parts[0])

    def fraction(self, parts):
        return parts[0] / parts[1]

    def absolute(self, parts):
        return sp.Abs(parts[0])

    def maximum(self, parts):
        return sp.Max(*parts)

    def cases(self, rows):
        return sp.Piecewise(*rows, evaluate=False)

    def row(self, parts):
        return tuple(parts)

    def relation(self, parts):
        left, sign, right = parts
        return RELATIONS[sign](left, right, evaluate=False)


PARSER = lark.Lark(GRAMMAR, parser="lalr", start=["equation", "sum"], maybe_placeholders=False)


def read(typst):
    """The symbol that a formula defines, and what it is defined as."""
    return _parsed(typst, "equation")


def read_expression(typst):
    """The SymPy expression of a formula without an equals sign."""
    return _parsed(typst, "sum")


def _parsed(typst, start):
    if found := ADJACENT.search(typst):
        raise Unreadable(f"{typst}: {found[0]!r} without a space")
    try:
        return Reading().transform(PARSER.parse(typst, start=start))
    except lark.exceptions.VisitError as error:
        raise error.orig_exc if isinstance(error.orig_exc, Unreadable) else Unreadable(f"{typst}: {error.orig_exc}") from None
    except (lark.exceptions.UnexpectedInput, lark.exceptions.UnexpectedEOF) as error:
        raise Unreadable(f"{typst}: cannot be read: {error}") from None
