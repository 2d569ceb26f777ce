"""Equal, and under which assumptions; or different, and where; or undecided.

Proofs are over the reals: rounding is the matter of the recorded numbers in the tests.
"""

import random
from dataclasses import dataclass
from html import escape

import mpmath
import sympy as sp

from .algebra import Unreadable, every_reading
from .optimiser import Optimiser
from .readings.sympy import ranges as ranges_of, symbolic
from .symbols import HYPER, STEP_NUMBER

DIGITS = 50
POINTS = 60


class Undecided(Exception):
    """A proof that was asked for a yes or no has neither."""


@dataclass(frozen=True)
class Verdict:
    """What `prove` found.

    Attributes
    ----------
    status : {'equal', 'different', 'undecided'}
    assumptions : tuple of str
        What an "equal" rests on, in symbols.
    where : dict of str to number, or None
        For "different", values of all symbols at which the two sides differ.
    sides : tuple of two numbers, or None
        The two sides there.
    name : str
        What was compared, such as ``step``.
    reason : str
        Why it is undecided.
    """

    status: str
    assumptions: tuple = ()
    where: dict | None = None
    sides: tuple | None = None
    name: str = ""
    reason: str = ""

    def __bool__(self):
        if self.status == "undecided":
            raise Undecided(f"{self.name or 'the comparison'} is undecided: {self.reason}")
        return self.status == "equal"

    def __repr__(self):
        what = f"{self.name}: " if self.name else ""
        if self.status == "equal":
            return f"{what}equal" + (f"  ({', '.join(self.assumptions)})" if self.assumptions else "")
        if self.status == "undecided":
            return f"{what}undecided  ({self.reason})"
        return f"{what}different  ({self.sides[0]} ≠ {self.sides[1]} at {self._point()})"

    def _point(self):
        return ", ".join(f"{_pretty(name)} = {value}" for name, value in self.where.items())

    def _row(self):
        """For a table that both languages can read: what, a sign, and what it rests on or where it fails."""
        sign, words, rest = {
            "equal": ("=", "equal · 相等", ", ".join(self.assumptions)),
            "different": ("≠", "different · 不等", f"{self.sides[0]} ≠ {self.sides[1]}: {self._point()}" if self.where else ""),
            "undecided": ("?", "undecided · 未定", self.reason),
        }[self.status]
        return f'<tr><td><code>{escape(self.name)}</code></td><td><abbr title="{words}">{sign}</abbr></td><td>{escape(rest)}</td></tr>'

    def _repr_html_(self):
        return f'<table class="proof">{self._row()}</table>'


def prove(a, b=None, *, assuming=(), **derived):
    """Decide whether two formulas are equal for all values of their symbols.

    Symbols are the same if their names are, whatever SymPy assumptions they carry.

    Parameters
    ----------
    a, b : Expr
        Two SymPy expressions. Or `a` is a rule, and `derived` gives its states and step as derived.
    assuming : iterable of inequalities
        SymPy's ``x > 0`` and the like. The ranges of the hyper-parameters, 0 < β < 1, ρ < 1 and
        η, ε, λ > 0, and t = 1, 2, … are assumed throughout; where `a` is a rule, its states that
        are proved to be non-negative are taken so.
    **derived : Expr, or tuple of Expr
        ``step=…``, ``m=…``: proved equal to what the rule's code computes, one by one.

    Returns
    -------
    Verdict, or Verdicts where `a` is a rule
        True in a condition only if equal; undecided raises `Undecided` there.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> v, g, rho, eta = sp.symbols("v g rho eta")
    >>> prove(Momentum, v=rho * v - eta * g, step=eta * g - rho * v)
    v: equal
    step: equal
    >>> x = sp.Symbol("x")
    >>> prove(sp.sqrt(x**2), x)
    different  (1 ≠ -1 at x = -1)
    >>> prove(sp.sqrt(x**2), x, assuming=[x > 0])
    equal  (x > 0)
    """
    if isinstance(a, Optimiser) or isinstance(a, type) and issubclass(a, Optimiser):
        return _prove_rule(a, derived, assuming)
    if derived or b is None:
        raise TypeError("prove: expected two expressions, or a rule and what was derived for it: prove(Momentum, v=…, step=…)")
    return _compared(sp.sympify(a), sp.sympify(b), _standard_ranges(), tuple(assuming))


class Verdicts(tuple):
    """A verdict for each part of a rule that was compared."""

    def __bool__(self):
        return all(map(bool, self))

    def __repr__(self):
        return "\n".join(map(repr, self))

    def _repr_html_(self):
        return f'<table class="proof">{"".join(verdict._row() for verdict in self)}</table>'


def _prove_rule(rule, derived, assuming):
    code = symbolic(rule)
    unknown = derived.keys() - code.keys()
    if unknown or not derived:
        raise TypeError(f"prove: {sorted(unknown) or 'nothing'} was given for {rule}: expected some of {', '.join(code)}")
    verdicts = []
    for name, expression in derived.items():
        pairs = zip(expression, code[name], strict=True) if isinstance(code[name], tuple) else [(expression, code[name])]
        for position, (mine, its) in enumerate(pairs):
            label = f"{name}[{position}]" if isinstance(code[name], tuple) else name
            verdicts.append(_compared(sp.sympify(mine), its, ranges_of(rule), tuple(assuming), label))
    return Verdicts(verdicts)


def _standard_ranges():
    return {s.name: s.range for s in HYPER.values()} | {STEP_NUMBER.name: "positive"}


def _compared(a, b, ranges, assuming, name=""):
    symbols = a.free_symbols | b.free_symbols
    names = {s.name for s in symbols}
    # What SymPy was told counts where the project has no word on it; of two symbols of one name, the one that says less.
    told = {s.name: "positive" for s in symbols}
    told |= {s.name: "nonnegative" for s in symbols if not s.is_positive}
    told |= {s.name: "real" for s in symbols if not s.is_nonnegative}
    ranges = told | ranges
    a, b = _plain(a), _plain(b)
    assuming = tuple(_plain(condition) for condition in assuming)
    for closed in (True, False) if a.has(sp.Max, sp.Min) else (False,):
        used, reason = _difference(a, b, ranges, assuming, closed)
        if not reason:
            stated = [_range_as_text(symbol, ranges[symbol]) for symbol in sorted(used & names) if ranges[symbol] != "real"]
            return Verdict("equal", (*stated, *map(str, assuming)), name=name)
    found = _counter_example(a, b, ranges, assuming)
    if found:
        return Verdict("different", where=found[0], sides=found[1], name=name)
    return Verdict("undecided", name=name, reason=reason)


def _difference(a, b, ranges, assuming, closed):
    """The names whose ranges were used, and why the two are not proved equal: nothing if they are."""
    used = set()
    try:
        for letters, zero in every_reading(lambda letters: _same(letters, a, b), ranges, assuming, closed):
            used |= letters.used
            if not zero:
                return used, "the difference does not reduce to zero, and no numbers were found at which it shows"
    except Unreadable as error:
        return used, f"cannot read {error}"
    return used, ""


def _same(letters, a, b):
    numerator, _ = letters.minus(letters.read(a), letters.read(b))
    return not letters.reduced(numerator)


def _plain(expression):
    """The expression in symbols that differ only by name."""
    expression = sp.sympify(expression)
    return expression.subs({s: sp.Symbol(s.name) for s in expression.free_symbols}) if hasattr(expression, "free_symbols") else expression


def _range_as_text(name, range_):
    return {"nonnegative": "{} ≥ 0", "positive": "{} > 0", "unit": "0 < {} < 1"}[range_].format(_pretty(name))


def _pretty(name):
    return sp.pretty(sp.Symbol(name), use_unicode=True)


# Numbers at which two formulas differ

VALUES = {
    "real": ["-1", "1", "2", "0", "-1/3", "1/1000", "-50", "7/5"],
    "nonnegative": ["1", "0", "4", "1/9", "1/1000", "30", "2/7"],
    "positive": ["1", "2", "1/10", "1/1000", "5", "3/7"],
    "unit": ["1/2", "9/10", "999/1000", "1/3", "99/100", "4/5"],
    "count": ["1", "2", "3", "5", "6", "4", "12"],
}


def _counter_example(a, b, ranges, assuming):
    """Values of all symbols at which the sides differ, found by trying; None if none are found."""
    symbols = sorted(a.free_symbols | b.free_symbols | {s for c in assuming for s in c.free_symbols}, key=str)
    chance = random.Random(0)
    for attempt in range(POINTS):
        point = {}
        for symbol in symbols:
            values = VALUES["count" if symbol.name == STEP_NUMBER.name else ranges.get(symbol.name, "real")]
            point[symbol] = sp.Rational(values[0] if attempt == 0 else chance.choice(values))
        if all(condition.subs(point) == True for condition in assuming):  # noqa: E712  SymPy's own truth value
            sides = _value(a, point), _value(b, point)
            if None not in sides and _differ(*sides):
                return {str(s): str(v) for s, v in point.items()}, tuple(mpmath.nstr(side, 6).removesuffix(".0") for side in sides)
    return None


def _differ(a, b):
    return abs(a - b) > mpmath.mpf(10) ** (20 - DIGITS) * max(abs(a), abs(b))


def _value(expression, point):
    """A number to `DIGITS` digits, complex where a root of a negative number is taken; None where there is none."""
    try:
        value = sp.N(expression.subs(point), DIGITS)
        real, imaginary = value.as_real_imag()
        if not (real.is_number and real.is_finite and imaginary.is_finite):
            return None
        return mpmath.mpf(str(real)) if imaginary == 0 else mpmath.mpc(str(real), str(imaginary))
    except (ZeroDivisionError, TypeError, ValueError):
        return None
