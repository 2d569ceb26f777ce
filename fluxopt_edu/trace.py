"""Numbers that remember what was done to them.

Run a rule's formula on these instead of on arrays, and what it returns is the graph of its
operations in the order in which they were written.

>>> m, g = Traced("input", ("m",)), Traced("input", ("g",))
>>> 0.9 * m + (1 - 0.9) * g
((0.9 * m) + (0.09999999999999998 * g))
"""

import operator
import sys

SYMBOLS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


class Traced:
    """One operation and its arguments: traced numbers, or constants.

    Parameters
    ----------
    operation : str
        ``input``, or a sign of `SYMBOLS`, or ``negative``, ``abs``, ``sqrt``, ``conj``, ``maximum``.
    arguments : tuple
        What it was applied to; for an input, its name or its value.
    """

    __slots__ = ("operation", "arguments")
    __array_ufunc__ = None  # a NumPy number on the left must leave the operation to us

    def __init__(self, operation, arguments):
        self.operation = operation
        self.arguments = arguments

    def __array_namespace__(self):
        return sys.modules[__name__]

    def __repr__(self):
        if self.operation == "input":
            return str(self.arguments[0])
        if self.operation in SYMBOLS:
            return "({1} {0} {2})".format(self.operation, *self.arguments)
        return f"{self.operation}({', '.join(map(repr, self.arguments))})"

    def __neg__(self):
        return Traced("negative", (self,))

    def __abs__(self):
        return Traced("abs", (self,))


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


def sqrt(x):
    return Traced("sqrt", (x,))


def conj(x):
    return Traced("conj", (x,))


def maximum(a, b):
    return Traced("maximum", (a, b))
