r"""LaTeX as a reader sees it, turned into SymPy: the subset in which this book's formulas are written.

It shares no code with the printer. Where the eye could take a formula for another one than TeX
groups, it is refused: braces are invisible, so 2{a + b} is not 2(a + b), and a / b c may mean two
things.

>>> read(r"\hat{m}_t = \dfrac{m_t}{1 - \beta_1^t}")
(hat m[t], m[t]/(1 - beta[1]**t))
"""

import itertools
import re
from dataclasses import dataclass

import lark
import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

GRAMMAR = r"""
equation: sum EQUALS sum
statement: sum EQUALS sum | sum RELATION sum

sum: term | SIGN term | sum SIGN term
term: product | product "/" factor | numbered
numbered: product big | big
big: BIG "_" "{" LATIN EQUALS sum "}" "^" argument operand
   | EXTREME "_" "{" sum RELATION LATIN RELATION sum "}" operand
   | LIM "_" "{" LATIN TO WORD "}" operand
operand: product | numbered
product: factor | product factor | product TIMES factor
factor: nucleus script*
script: "_" index | "^" argument | PRIMES | "^" STAR | "^" "{" STAR "}"

?nucleus: letter | number | group | accented | fraction | root | bracket | absolute | extreme | order | cases
letter: LATIN | GREEK
number: NUMBER
group: "{" sum "}" | MARK "{" sum "}"
accented: ACCENT LATIN | ACCENT GREEK | ACCENT "{" sum "}" | EXPECTATION LATIN
fraction: FRAC argument argument | DIGITS_FRAC
root: SQRT argument | SQRT "[" NUMBER "]" "{" sum "}"
bracket: "(" sum ")" | LEFT_ROUND sum RIGHT_ROUND | "[" sum "]" | LEFT_SQUARE sum RIGHT_SQUARE | "\\{" sum "\\}" | LEFT_CURLY sum RIGHT_CURLY
absolute: LVERT sum RVERT
extreme: EXTREME "(" sums ")" | EXTREME LEFT_ROUND sums RIGHT_ROUND | EXTREME "\\{" sums "\\}" | EXTREME LEFT_CURLY sums RIGHT_CURLY
sums: sum ("," sum)+
order: ORDER "(" sum ")" | ORDER LEFT_ROUND sum RIGHT_ROUND

argument: LATIN | GREEK | NUMBER | "{" sum "}"
index: LATIN | NUMBER | WORD | "{" one_index ("," one_index)* "}"
one_index: sum | WORD | TEXT

cases: BEGIN_CASES row (NEXT_ROW row)* NEXT_ROW? END_CASES
row: sum ","? "&" when ","?
when: TEXT? relation TEXT? | TEXT
relation: sum RELATION sum

EQUALS: "="
SIGN: "+" | "-" | "−"
BIG: /\\(sum|prod)(?![A-Za-z])/
LIM: /\\lim(?![A-Za-z])/
TO: /\\(to|rightarrow)(?![A-Za-z])/
STAR: /\\(star|ast)(?![A-Za-z])/
EXPECTATION: /\\mathbb\s*(E|\{\s*E\s*\})/
TIMES: /\\(cdot|times)(?![A-Za-z])/
PRIMES: /'+/
NUMBER: /[0-9]+(\.[0-9]+)?/
LATIN: /[A-NP-Za-z]/
ORDER: "O"
GREEK: /\\(alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|Delta|Gamma|Lambda|Sigma|Phi|Psi|Omega)(?![A-Za-z])/
WORD.1: /\\(max|min|infty)(?![A-Za-z])/
ACCENT: /\\(hat|widehat|bar|overline|tilde|widetilde)(?![A-Za-z])/
FRAC: /\\[dt]?frac(?![A-Za-z])/
DIGITS_FRAC.1: /\\[dt]?frac\s*[0-9]\s*[0-9](?![0-9])/
SQRT: /\\sqrt(?![A-Za-z])/
EXTREME: /\\(max|min)(?![A-Za-z])/
MARK: /\\(color|textcolor)\s*\{[^{}]*\}|\\(underline|boxed|mathstrut)(?![A-Za-z])/
LVERT: /\\lvert(?![A-Za-z])/
RVERT: /\\rvert(?![A-Za-z])/
LEFT_ROUND: /\\left\s*\(/
RIGHT_ROUND: /\\right\s*\)/
LEFT_SQUARE: /\\left\s*\[/
RIGHT_SQUARE: /\\right\s*\]/
LEFT_CURLY: /\\left\s*\\\{/
RIGHT_CURLY: /\\right\s*\\\}/
TEXT: /\\(text|textrm|mathrm|mbox)\s*\{[^{}]*\}/
BEGIN_CASES: /\\begin\s*\{d?cases\}/
END_CASES: /\\end\s*\{d?cases\}/
NEXT_ROW: /\\\\(\s*\[[^\]]*\])?/
RELATION: ">" | "<" | /\\(geqslant|geq|ge|leqslant|leq|le|gt|lt)(?![A-Za-z])/

SPACE: /\s+|\\[,;:!> ]|~|\\(quad|qquad|displaystyle|textstyle)(?![A-Za-z])|\\[bB]igg?[lrm]?(?![A-Za-z])/
%ignore SPACE
"""

RELATIONS = {
    "=": sp.Eq, ">": sp.Gt, "gt": sp.Gt, "ge": sp.Ge, "geq": sp.Ge, "geqslant": sp.Ge,
    "<": sp.Lt, "lt": sp.Lt, "le": sp.Le, "leq": sp.Le, "leqslant": sp.Le,
}  # fmt: skip
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"}
IF = {"if", "when", "for", "若", "如果", "当", "当 时", "时", "如果 则"}
OTHERWISE = {"otherwise", "else", "否则", "其他", "其它", "其余", "其他情形", "其余情形"}

ATOM, PRODUCT, SUM = range(3)


class Largest(ExprWithLimits):
    """The maximum of a term over the values of a letter."""


class Unreadable(ValueError):
    """The text is outside the subset, or could be read in two ways."""


@dataclass(frozen=True)
class Value:
    """An expression, and what the eye sees of it where braces alone hold it together."""

    expression: object
    seen: int = ATOM


@dataclass(frozen=True)
class Name:
    """A letter before its indices are known."""

    letter: str
    accent: str = ""
    primes: str = ""
    indices: tuple = ()

    @property
    def value(self):
        below = f"[{','.join(self.indices)}]" if self.indices else ""
        return Value(sp.Symbol(" ".join(filter(None, (self.accent, self.letter + self.primes + below)))))


class Reading(lark.Transformer):
    def statement(self, parts):
        left, sign, right = parts
        return RELATIONS[sign.lstrip("\\")](left.expression, right.expression, evaluate=False)

    def equation(self, sides):
        left, _, right = sides
        if not left.expression.is_Symbol:
            raise Unreadable(f"{left.expression} is defined: expected one letter on the left")
        return left.expression, right.expression

    # Sums and products

    def sum(self, parts):
        *before, last = parts
        if not before:
            return last
        sign = -1 if before[-1] != "+" else 1
        if sign < 0 and last.seen == SUM:
            raise Unreadable(f"-{{{last.expression}}}: braces do not show, expected brackets")
        start = before[0].expression if len(before) == 2 else 0
        return Value(start + sign * last.expression, SUM)

    def term(self, parts):
        if len(parts) == 1:
            return parts[0]
        above, below = parts
        if above.seen == SUM or below.seen != ATOM:
            raise Unreadable(f"{above.expression} / {below.expression}: braces do not show, expected brackets or \\frac")
        return Value(above.expression / below.expression, PRODUCT)

    def numbered(self, parts):
        *before, big = parts
        return self.product([*before, big])

    def operand(self, parts):
        return parts[0]

    def big(self, parts):
        *heading, term = parts
        if term.seen == SUM:
            raise Unreadable(f"{heading[0]} {{{term.expression}}}: braces do not show, expected brackets")
        if heading[0] == r"\lim":
            _, letter, _, towards = heading
            if towards != r"\infty":
                raise Unreadable(f"{letter} to {towards}: expected \\infty")
            return Value(sp.Limit(term.expression, self.letter([letter]).value.expression, sp.oo, "-"), PRODUCT)
        if heading[0] == r"\max":
            _, first, below, letter, beyond, last = heading
            if {below, beyond} - {r"\le", r"\leq"}:
                raise Unreadable(f"{below} {letter} {beyond}: expected \\le")
            kind = Largest
        else:
            sign, letter, _, first, last = heading
            kind = {r"\sum": sp.Sum, r"\prod": sp.Product}[sign]
        return Value(kind(term.expression, (self.letter([letter]).value.expression, first.expression, last.expression)), PRODUCT)

    def product(self, parts):
        if len(parts) == 1:
            return parts[0]
        left, right = parts[0], parts[-1]
        if SUM in (left.seen, right.seen):
            raise Unreadable(f"{{{left.expression}}} {{{right.expression}}}: braces do not show, expected brackets")
        if len(parts) == 2 and right.expression.is_Number:
            raise Unreadable(f"{left.expression} {right.expression}: a number after a factor, expected \\cdot between them")
        return Value(left.expression * right.expression, PRODUCT)

    # Letters and scripts

    def factor(self, parts):
        nucleus, *scripts = parts
        kinds = [kind for kind, _ in scripts]
        if len(set(kinds)) < len(kinds) or ("prime" in kinds and "^" in kinds and kinds.index("^") != kinds.index("prime") + 1):
            raise Unreadable("two scripts in one place")
        scripts = dict(scripts)
        if isinstance(nucleus, Name):
            nucleus = Name(nucleus.letter + scripts.get("star", ""), nucleus.accent, scripts.get("prime", ""), nucleus.indices + scripts.get("_", ())).value
        elif scripts.keys() & {"_", "prime", "star"}:
            raise Unreadable(f"an index, a prime or a star on {nucleus.expression}")
        if "^" not in scripts:
            return nucleus
        if nucleus.seen != ATOM:
            raise Unreadable(f"{{{nucleus.expression}}}^…: braces do not show, expected brackets")
        return Value(nucleus.expression ** scripts["^"].expression)

    def script(self, parts):
        (part,) = parts
        if isinstance(part, tuple):
            return "_", part
        if isinstance(part, Value):
            return "^", part
        return ("star", "^star") if part.type == "STAR" else ("prime", str(part))

    def letter(self, parts):
        return Name(parts[0].lstrip("\\").replace("varepsilon", "epsilon"))

    def accented(self, parts):
        accent, what = parts
        if isinstance(what, Value):
            if not what.expression.is_Symbol:
                raise Unreadable(f"{accent} on {what.expression}: expected one letter")
            letter, indices = re.fullmatch(r"([^\[]*)(?:\[(.*)\])?", what.expression.name).groups()
            return Name(letter, ACCENTS[accent[1:]], "", tuple(indices.split(",")) if indices else ())
        return Name(what.lstrip("\\"), "E" if accent.type == "EXPECTATION" else ACCENTS[accent[1:]])

    def index(self, parts):
        return tuple(part if isinstance(part, str) and not isinstance(part, lark.Token) else self._one(part) for part in parts)

    def one_index(self, parts):
        return self._one(parts[0])

    def _one(self, part):
        if isinstance(part, Value):
            return str(part.expression).replace(" ", "")
        if part.type == "NUMBER" and len(part) > 1:
            raise Unreadable(f"_{part}: TeX takes one digit, expected _{{{part}}}")
        return {"infty": "oo"}.get(word := re.sub(r"\\(text|textrm|mathrm|mbox)\s*\{(.*)\}|\\", r"\2", part), word)

    # What has its own outline

    def number(self, parts):
        return Value(sp.Rational(parts[0]))

    def argument(self, parts):
        (part,) = parts
        if isinstance(part, Value):
            return part
        if part.type != "NUMBER":
            return self.letter(parts).value
        if len(part) > 1:
            raise Unreadable(f"{part} as an argument without braces: TeX takes one digit")
        return self.number(parts)

    def group(self, parts):
        return parts[-1]

    def fraction(self, parts):
        if len(parts) == 1:
            return Value(sp.Rational(*map(int, re.findall(r"\d", parts[0]))))
        _, above, below = parts
        return Value(above.expression / below.expression)

    def root(self, parts):
        degree = sp.Integer(parts[1]) if len(parts) == 3 else 2
        return Value(parts[-1].expression ** sp.Rational(1, degree))

    def bracket(self, parts):
        return Value(next(part for part in parts if isinstance(part, Value)).expression)

    def absolute(self, parts):
        return Value(sp.Abs(parts[1].expression))

    def extreme(self, parts):
        function = sp.Max if "max" in parts[0] else sp.Min
        return Value(function(*next(part for part in parts if isinstance(part, list))))

    def order(self, parts):
        return Value(sp.Function("O")(next(part for part in parts if isinstance(part, Value)).expression))

    def sums(self, parts):
        return [part.expression for part in parts]

    # Cases

    def cases(self, parts):
        rows = [part for part in parts if isinstance(part, tuple)]
        if any(condition is sp.true for _, condition in rows[:-1]):
            raise Unreadable("a case after the last one")
        return Value(sp.Piecewise(*rows, evaluate=False))

    def row(self, parts):
        value, condition = parts
        return value.expression, condition

    def when(self, parts):
        words = " ".join(re.sub(r"^\\\w+\s*\{\s*|\s*\}$", "", part).strip(" ,，") for part in parts if isinstance(part, lark.Token))
        conditions = [part for part in parts if not isinstance(part, lark.Token)]
        if words in OTHERWISE and not conditions:
            return sp.true
        if conditions and (not words or words in IF):
            return conditions[0]
        raise Unreadable(f"the words {words!r} in a case")

    def relation(self, parts):
        left, sign, right = parts
        return RELATIONS[sign.lstrip("\\")](left.expression, right.expression, evaluate=False)


PARSER = lark.Lark(GRAMMAR, parser="lalr", start=["equation", "statement", "sum"], maybe_placeholders=False)


def read(latex):
    """The symbol that a formula defines, and what it is defined as."""
    return _parsed(latex, "equation")


def read_statement(latex):
    """A formula with an equals sign or another relation, as SymPy's relation."""
    return _parsed(latex, "statement")


def read_expression(latex):
    """The SymPy expression of a formula without an equals sign."""
    return _parsed(latex, "sum").expression


def _parsed(latex, start):
    latex = re.sub(r"(\s|\\,)*[.,;。，；]?\s*$", "", latex)  # the sentence's
    try:
        return Reading().transform(PARSER.parse(_with_sides(latex), start=start))
    except lark.exceptions.VisitError as error:
        raise error.orig_exc if isinstance(error.orig_exc, Unreadable) else Unreadable(f"{latex}: {error.orig_exc}") from None
    except lark.exceptions.UnexpectedInput as error:
        raise Unreadable(f"{latex}: cannot be read from {latex[error.pos_in_stream or 0:][:20]!r} on") from None


def _with_sides(latex):
    """Bars told apart: each opens or closes, in turn."""
    latex = re.sub(r"\\left\s*(\||\\lvert)", r"\\lvert ", latex)
    latex = re.sub(r"\\right\s*(\||\\rvert)", r"\\rvert ", latex)
    sides = itertools.cycle([r"\lvert ", r"\rvert "])
    return re.sub(r"(?<!\\)\|", lambda _: next(sides), latex)
