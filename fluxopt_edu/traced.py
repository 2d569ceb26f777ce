"""Numbers that remember what was done to them.

Run a formula on these instead of on arrays, and what it returns is the graph of its operations in
the order in which they were written.

>>> m, g = Traced("input", ("m",)), Traced("input", ("g",))
>>> 0.9 * m + (1 - 0.9) * g
0.9 * m + 0.09999999999999998 * g
"""

import operator
import sys
from contextvars import ContextVar

SIGNS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
BINDING = {">": 0, ">=": 0, "<": 0, "<=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "**": 4}


answers = ContextVar("answers", default=None)  # to the conditions that a formula will meet, in order


class Unanswered(Exception):
    """A formula asks whether a traced condition holds; `trace` tries both answers."""

    def __init__(self, condition):
        super().__init__(f"does {condition} hold? Traced numbers have no value")
        self.condition = condition


class Traced:
    """One operation and its arguments.

    Parameters
    ----------
    operation : str
        ``input``; a sign of `SIGNS`; ``negative``, ``abs``, ``sign``, ``sqrt``, ``conj``, ``maximum``,
        ``minimum``; or ``cases``, of a condition and the values where it holds and where it does not.
    arguments : tuple
        Traced numbers and constants; for an input, its name or its value.
    """

    __slots__ = ("operation", "arguments")
    __array_ufunc__ = None  # a NumPy number on the left must leave the operation to us

    def __init__(self, operation, arguments):
        self.operation = operation
        self.arguments = arguments

    def __array_namespace__(self):
        return sys.modules[__name__]

    def __repr__(self):
        return written(self)

    def __neg__(self):
        return Traced("negative", (self,))

    def __abs__(self):
        return Traced("abs", (self,))

    def __bool__(self):
        if answers.get() is None or not answers.get():
            raise Unanswered(self)
        return answers.get().pop(0)


def _record(sign):
    def forward(self, other):
        return Traced(sign, (self, other))

    def reflected(self, other):
        return Traced(sign, (other, self))

    return forward, reflected


Traced.__add__, Traced.__radd__ = _record("+")
Traced.__sub__, Traced.__rsub__ = _record("-")
Traced.__mul__, Traced.__rmul__ = _record("*")
Traced.__truediv__, Traced.__rtruediv__ = _record("/")
Traced.__pow__, Traced.__rpow__ = _record("**")
Traced.__gt__, Traced.__lt__ = _record(">")[0], _record("<")[0]
Traced.__ge__, Traced.__le__ = _record(">=")[0], _record("<=")[0]


def sqrt(x):
    return Traced("sqrt", (x,))


def conj(x):
    return Traced("conj", (x,))


def maximum(a, b):
    return Traced("maximum", (a, b))


def minimum(a, b):
    return Traced("minimum", (a, b))


def sign(x):
    return Traced("sign", (x,))


def where(condition, yes, no):
    return Traced("cases", (condition, yes, no))


def written(value, names=None, binding=0):
    """`value` as Python would write it; nodes in `names`, by identity, stand under their name.

    >>> a, b = Traced("input", ("a",)), Traced("input", ("b",))
    >>> written(a - (b - a) / sqrt(b), {id(b): "β"})
    'a - (β - a) / sqrt(β)'
    """
    if not isinstance(value, Traced):
        return repr(value) if binding < 3 or not value < 0 else f"({value!r})"
    if names and id(value) in names:
        return names[id(value)]
    operation, arguments = value.operation, value.arguments
    if operation == "input":
        return str(arguments[0])
    if operation not in BINDING:
        return f"{operation}({', '.join(written(a, names) for a in arguments)})"
    own = BINDING[operation]
    if operation == "negative":
        text = "-" + written(arguments[0], names, own)
    else:
        # the right operand of equal binding keeps its brackets: a - (b - c), and the order of a * (b * c)
        left = own + 1 if operation == "**" else own  # a ** b ** c is a ** (b ** c)
        text = f"{written(arguments[0], names, left)} {operation} {written(arguments[1], names, own + 1)}"
    return f"({text})" if own < binding else text
