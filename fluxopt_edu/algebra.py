"""Exact comparison of formulas made of roots, absolute values, maxima, cases and powers like β^t.

Each of these is replaced by a letter with its defining relation: the letter R of √f satisfies
R² = f and R ≥ 0, that of |f| satisfies A² = f² and A ≥ 0, and β^t is a letter in (0, 1) if β is.
Where a maximum or a case depends on a sign that the assumptions leave open, the formula is read
once for each sign. What remains are quotients of polynomials in letters, over the integers, and a
difference of two such quotients is zero if its numerator reduces to zero by the relations.

So "equal" is a proof. The converse is not: a numerator that does not reduce proves nothing, because
the letters may be related in a way that was not found.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyRing

SPARE = 32  # letters that a proof may use
MOST_SIGNS = 5  # open signs, each of which triples the readings


class Unreadable(Exception):
    """The formula has a part that this algebra does not know."""


class OpenSign(Exception):
    """The formula depends on the sign of a polynomial that the assumptions leave open."""

    def __init__(self, polynomial, possible):
        super().__init__(str(polynomial))
        self.polynomial, self.possible = polynomial, possible


@dataclass
class Letters:
    """The letters of a proof: their ranges, their relations, and the facts they stand under.

    A range is ``real``, ``nonnegative``, ``positive``, or ``unit``: the open interval (0, 1).
    """

    ranges: dict  # symbol name -> range
    closed: bool = False  # read a maximum as one letter, known by what it is of
    used: set = field(default_factory=set)  # names whose range a conclusion rests on

    def __post_init__(self):
        self.ring = PolyRing([f"_{k}" for k in range(SPARE)], QQ)
        self.index, self.keys = {}, []  # key of a letter -> its place; and back
        self.squares = {}  # place -> polynomial
        self.facts = {}  # polynomial -> its sign 1, 0 or -1, assumed or chosen for this reading

    # Letters

    def letter(self, key, range_="real", square=None):
        """The generator for `key`: a symbol's name, or a tuple such as ('root', f) or ('power', f, 't')."""
        if key not in self.index:
            place = len(self.keys)
            if place == self.ring.ngens:
                raise Unreadable(f"more than {SPARE} letters")
            self.index[key] = place
            self.keys.append((key, range_))
            if square is not None:
                self.squares[place] = square
        return self.ring.gens[self.index[key]]

    def reduced(self, polynomial):
        """The polynomial with every square of a root or absolute value replaced by what it is."""
        while True:
            high = [(m, c) for m, c in polynomial.terms() if any(m[k] > 1 for k in self.squares)]
            if not high:
                return polynomial
            for monomial, coefficient in high:
                rest, factor = list(monomial), self.ring.one
                for place, square in self.squares.items():
                    factor *= square ** (monomial[place] // 2)
                    rest[place] %= 2
                polynomial += factor * self.ring({tuple(rest): coefficient}) - self.ring({monomial: coefficient})

    # Signs

    def sign(self, polynomial, strictly=False):
        """1 or -1 if the polynomial has one sign over all ranges and facts, else None; zero does not count, or strictly does."""
        if polynomial.is_ground:
            return 1 if polynomial.LC > 0 else -1
        for known, sign in self.facts.items():
            if sign and known in (polynomial, -polynomial):
                return sign if known == polynomial else -sign
        spread = self._without_units(polynomial)
        if any(e % 2 and self.keys[k][1] == "real" for m in spread.monoms() for k, e in enumerate(m) if e):
            return None
        signs = {coefficient > 0 for coefficient in spread.coeffs()}
        never_zero = any(all(self.keys[k][1] in ("positive", "unit") for k, e in enumerate(m) if e) for m in spread.monoms())
        if len(signs) > 1 or (strictly and not never_zero):
            return None
        self.used |= {self.keys[k][0] for k in occurring(polynomial) if isinstance(self.keys[k][0], str)}
        return 1 if signs.pop() else -1

    def _without_units(self, polynomial):
        """With L = 1/(1 + z), a polynomial in L ∈ (0, 1) is one in z > 0 over a positive denominator: its numerator."""
        for place in occurring(polynomial):
            if self.keys[place][1] == "unit":
                degree, one_plus_z = polynomial.degree(self.ring.gens[place]), 1 + self.ring.gens[place]
                spread = self.ring.zero
                for monomial, coefficient in polynomial.terms():
                    rest = monomial[:place] + (0,) + monomial[place + 1 :]
                    spread += self.ring({rest: coefficient}) * one_plus_z ** (degree - monomial[place])
                polynomial = spread
        return polynomial

    def decided(self, value, strictly=True):
        """The sign of a quotient: 1, 0 or -1; an open one is asked for. Where zero may count as positive, not `strictly`."""
        if not value[0]:
            return 0
        constant, found = factors(self._without_roots(self.reduced(value[0] * value[1])))
        sign, open_part, possible = (1 if constant > 0 else -1), self.ring.one, 1
        for factor, exponent in found:
            known = self.sign(factor, strictly)
            if known is not None:
                sign *= known**exponent
            elif exponent % 2 or strictly:
                open_part *= factor ** (2 - exponent % 2)
                possible *= 0 if exponent % 2 and self.sign(factor) is None else (self.sign(factor) or 1) ** exponent
        if open_part == 1:
            return sign
        for known, its_sign in self.facts.items():
            if known in (open_part, -open_part):
                return sign * its_sign * (1 if known == open_part else -1)
        if not strictly:
            raise OpenSign(open_part, (1, -1))
        raise OpenSign(open_part, (possible, 0) if possible else (1, 0, -1))

    def _without_roots(self, polynomial):
        """A polynomial of the same sign: a - b has that of a² - b² if neither is negative, which takes roots away."""
        constant, found = factors(polynomial)
        result = self.ring(constant)
        for factor, exponent in found:
            if len(factor) == 2 and any(factor.degree(self.ring.gens[k]) > 0 for k in self.squares):
                a, b = (self.ring({monomial: coefficient}) for monomial, coefficient in factor.terms())
                if self.sign(a) == 1 and self.sign(b) == -1:
                    factor = self.reduced(a**2 - b**2)
            result *= factor**exponent
        return result

    def assume(self, condition):
        """Take an inequality as a fact."""
        left, right = (self.read(side) for side in (condition.gts, condition.lts))
        numerator, denominator = self.minus(left, right)
        constant, found = factors(self.reduced(numerator * denominator))
        sign, open_part = (1 if constant > 0 else -1), self.ring.one
        for factor, exponent in found:
            known = self.sign(factor)
            if known is not None:
                sign *= known**exponent
            elif exponent % 2:
                open_part *= factor
        if open_part != 1:
            self.facts[open_part] = sign

    # Functions, on quotients: pairs of polynomials

    def root(self, value):
        """√(n/d) = √(n·d) / |d|, with the squares taken out of the root and each factor of known sign under its own."""
        (numerator, denominator) = value
        if not numerator:
            return value
        constant, found = factors(self.reduced(numerator))
        below, factors_below = factors(self.reduced(denominator))
        exponents = dict(found)
        for factor, exponent in factors_below:
            exponents[factor] = exponents.get(factor, 0) - exponent
        constant /= below
        outside, inside = (self.ring.one, self.ring.one), self.ring.one
        sign = 1 if constant > 0 else -1
        for prime, exponent in sp.factorrat(abs(_rational(constant))).items():
            prime = self.ring(int(prime))
            outside = self.times(outside, self.power((prime, self.ring.one), exponent // 2))
            if exponent % 2:
                outside = self.times(outside, (self._root_of(prime), self.ring.one))
        for factor, exponent in exponents.items():
            known = self.sign(factor)
            if known is None:
                half = self.power((self._absolute_of(factor), self.ring.one), exponent // 2)
                if exponent % 2:
                    inside *= factor
            else:
                half = self.power((known * factor, self.ring.one), exponent // 2)
                if exponent % 2:
                    half = self.times(half, (self._root_of(known * factor), self.ring.one))
                    sign *= known
            outside = self.times(outside, half)
        inside *= sign
        if inside == -1:
            raise Unreadable("the root of a negative number")
        return outside if inside == 1 else self.times(outside, (self._root_of(inside), self.ring.one))

    def absolute(self, value):
        (numerator, denominator) = value
        if not numerator:
            return value
        sides = []
        for side in (numerator, denominator):
            constant, found = factors(self.reduced(side))
            product = self.ring(abs(constant))
            for factor, exponent in found:
                known = self.sign(factor)
                product *= (self._absolute_of(factor) if known is None else known * factor) ** exponent
            sides.append(product)
        return self.quotient(*sides)

    def _root_of(self, polynomial):
        return self.letter(("root", polynomial), self._range(polynomial), polynomial)

    def _absolute_of(self, polynomial):
        return self.letter(("abs", polynomial), self._range(polynomial), self.reduced(polynomial**2))

    def _range(self, polynomial):
        return "positive" if self.sign(polynomial, strictly=True) else "nonnegative"

    def raised(self, value, name):
        """value ** name, where `name` is a symbol for a positive integer: multiplicative over the factors."""
        result = (self.ring.one, self.ring.one)
        for side, up in zip(value, (True, False)):
            constant, found = factors(self.reduced(side))
            pieces = [(self.ring(int(p)), e) for p, e in sp.factorrat(_rational(constant)).items()]
            for factor, exponent in [*pieces, *found]:
                letter = self._power_of(factor, name)
                result = self.times(result, self.power((letter, self.ring.one), exponent if up else -exponent))
        return result

    def _power_of(self, factor, name):
        if factor == -1:
            return self.letter(("power", factor, name), "real", self.ring.one)
        one_letter = len(factor) == 1 and sum(factor.degrees()) == 1 and factor.LC == 1
        if one_letter:
            range_ = self.keys[occurring(factor)[0]][1]
        else:
            range_ = {1: "nonnegative", None: "real", -1: "real"}[self.sign(factor)]
            range_ = "positive" if self.sign(factor, strictly=True) == 1 else range_
        return self.letter(("power", factor, name), range_)

    # Arithmetic on quotients

    def quotient(self, numerator, denominator):
        numerator, denominator = self.reduced(numerator), self.reduced(denominator)
        if not denominator:
            raise Unreadable("a division by zero")
        if denominator.is_ground:
            return numerator.quo_ground(denominator.LC), self.ring.one
        common = self._common(numerator, denominator)
        return common if common else (numerator, denominator)

    def _common(self, numerator, denominator):
        if not numerator:
            return numerator, self.ring.one
        _, numerator, denominator = numerator.cofactors(denominator)
        lead = denominator.LC
        return numerator.quo_ground(lead), denominator.quo_ground(lead)

    def plus(self, a, b):
        if a[1] == b[1]:
            return self.quotient(a[0] + b[0], a[1])
        return self.quotient(a[0] * b[1] + b[0] * a[1], a[1] * b[1])

    def minus(self, a, b):
        return self.plus(a, (-b[0], b[1]))

    def times(self, a, b):
        return self.quotient(a[0] * b[0], a[1] * b[1])

    def power(self, a, n):
        if n < 0:
            a, n = a[::-1], -n
        return self.quotient(a[0] ** n, a[1] ** n)

    # Reading SymPy expressions

    def read(self, expression):
        """The expression as a quotient of polynomials."""
        done = {}

        def value(e):
            if e not in done:
                done[e] = self._read(e, value)
            return done[e]

        return value(expression)

    def _read(self, e, value):
        one = self.ring.one
        if e.is_Rational:
            return self.ring(int(e.p)), self.ring(int(e.q))
        if e.is_Float:
            return value(sp.Rational(str(e)))
        if e.is_Symbol:
            return self.letter(e.name, self.ranges.get(e.name, "real")), one
        if e.is_Add or e.is_Mul:
            combine = self.plus if e.is_Add else self.times
            result = value(e.args[0])
            for argument in e.args[1:]:
                result = combine(result, value(argument))
            return result
        if e.is_Pow:
            return self._read_power(e, value)
        if isinstance(e, sp.Abs):
            return self.absolute(value(e.args[0]))
        if isinstance(e, sp.conjugate):
            return value(e.args[0])  # over the reals
        if isinstance(e, sp.sign):
            return self.ring(self.decided(value(e.args[0]))), one
        if isinstance(e, (sp.Max, sp.Min)):
            return self._read_extreme(e, value)
        if isinstance(e, sp.Piecewise):
            for branch, condition in e.args:
                if self.holds(condition, value):
                    return value(branch)
            raise Unreadable("no case holds")
        raise Unreadable(f"{type(e).__name__}: {e}")

    def _read_power(self, e, value):
        base, exponent = e.args
        fixed, moving = sp.sympify(exponent).expand().as_coeff_Add()
        if not (2 * fixed).is_Integer:
            raise Unreadable(f"the exponent {exponent}")
        base = value(base)
        result = self.power(base, int(fixed)) if fixed.is_Integer else self.power(self.root(base), int(2 * fixed))
        for term in sp.Add.make_args(moving) if moving else ():
            factor, symbol = term.as_coeff_Mul()
            if not ((symbol.is_Symbol or self._is_positive(base) and _is_product(symbol)) and (2 * factor).is_Integer):
                raise Unreadable(f"the exponent {exponent}")
            power = self.raised(base, str(symbol))
            result = self.times(result, self.power(power, int(factor)) if factor.is_Integer else self.power(self.root(power), int(2 * factor)))
        return result

    def _is_positive(self, value):
        return all(side.is_ground and side.LC > 0 or self.sign(side, strictly=True) == 1 for side in value)

    def _read_extreme(self, e, value):
        if self.closed:
            arguments = [value(argument) for argument in e.args]
            never_negative = any(self.sign(n * d) == 1 for n, d in arguments)  # in SymPy's order: it notes what it used
            return self.letter((type(e), frozenset(arguments)), "nonnegative" if never_negative and isinstance(e, sp.Max) else "real"), self.ring.one
        largest, *others = map(value, e.args)
        wanted = 1 if isinstance(e, sp.Max) else -1
        for other in others:
            sign = self.decided(self.minus(other, largest), strictly=False)
            if sign == wanted or sign == 0 and str(other) < str(largest):  # where they are equal, either will do, but always the same
                largest = other
        return largest

    def holds(self, condition, value=None):
        """Whether a condition holds, by the ranges, the facts, or the sign chosen for this reading."""
        value = value or self.read
        if condition in (sp.true, True):
            return True
        if condition in (sp.false, False):
            return False
        if isinstance(condition, sp.And):
            return all(self.holds(c, value) for c in condition.args)
        if isinstance(condition, sp.Or):
            return any(self.holds(c, value) for c in condition.args)
        if isinstance(condition, sp.Not):
            return not self.holds(condition.args[0], value)
        wanted = {sp.Gt: (1,), sp.Ge: (1, 0), sp.Lt: (-1,), sp.Le: (-1, 0), sp.Eq: (0,), sp.Ne: (1, -1)}
        if type(condition) not in wanted:
            raise Unreadable(f"the condition {condition}")
        return self.decided(self.minus(*map(value, condition.args))) in wanted[type(condition)]


@lru_cache(maxsize=4096)
def factors(polynomial):
    """A rational constant, and pairs of an irreducible polynomial and its exponent."""
    if polynomial.is_ground:
        return polynomial.LC, ()
    ring, places = polynomial.ring, occurring(polynomial)
    # factoring is recursive in the generators: spare it those that do not occur
    small = PolyRing([ring.symbols[k] for k in places], QQ)
    constant, found = small.from_dict({tuple(m[k] for k in places): c for m, c in polynomial.terms()}).factor_list()
    result = []
    for factor, exponent in found:
        constant *= factor.LC**exponent
        terms = {}
        for monomial, coefficient in factor.monic().terms():
            full = [0] * ring.ngens
            for place, degree in zip(places, monomial):
                full[place] = degree
            terms[tuple(full)] = coefficient
        result.append((ring.from_dict(terms), exponent))
    return constant, tuple(result)


def _is_product(e):
    """Whether an expression is a product of symbols, as the exponent ψt is; powers of a positive number to it multiply as well."""
    return e.is_Mul and all(factor.is_Symbol for factor in e.args)


def occurring(polynomial):
    """The places of the letters that occur in a polynomial."""
    return [k for k, degree in enumerate(polynomial.degrees()) if degree > 0]


def _rational(number):
    return sp.Rational(int(number.numerator), int(number.denominator))


def every_reading(read, ranges, assuming=(), closed=False):
    """`read(letters)` once for each choice of the signs that it finds open, as (letters, result) pairs.

    Parameters
    ----------
    read : callable
        It takes `Letters` and may read any number of expressions with them.
    ranges : dict of str to str
        The range of each symbol, by name; real if it is not there.
    assuming : iterable of SymPy inequalities
    closed : bool
        Leave maxima closed: fewer readings, and equal maxima are recognised only if what they are
        of is the same.
    """
    to_do = [()]
    while to_do:
        chosen = to_do.pop()
        letters = Letters(ranges, closed)
        for condition in assuming:
            letters.assume(condition)
        letters.facts |= dict(chosen)
        try:
            yield letters, read(letters)
        except OpenSign as question:
            if len(chosen) == MOST_SIGNS:
                raise Unreadable(f"more than {MOST_SIGNS} open signs") from None
            to_do += [(*chosen, (question.polynomial, sign)) for sign in question.possible]
