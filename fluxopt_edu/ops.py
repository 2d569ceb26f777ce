"""The functions a formula needs beyond arithmetic, for whatever numbers it is run on.

A rule says ``sqrt(v)``, and ``v`` may be a NumPy, JAX, PyTorch or array-API array, a SymPy
expression, a traced value or a plain number. Each function asks the value whose it is.

>>> import numpy as np
>>> sqrt(np.array([4.0, 9.0]))
array([2., 3.])
>>> sqrt(2.25), conj(1 + 2j), maximum(1, 3)
(1.5, (1-2j), 3)
"""

import cmath
import math
import sys

__all__ = ["sqrt", "conj", "maximum", "minimum", "sign", "where"]


def sqrt(x):
    """The square root of `x`, element by element."""
    where = library(x)
    if where is None:
        return cmath.sqrt(x) if isinstance(x, complex) else math.sqrt(x)
    return where.sqrt(x)


def conj(x):
    """The complex conjugate of `x`; a real `x` is returned as it is."""
    where = library(x)
    if where is None:
        return x.conjugate()
    if _is_complex(x, where) is False:
        return x
    return where.conj(x) if hasattr(where, "conj") else where.conjugate(x)


def maximum(a, b):
    """The larger of `a` and `b`, element by element; NaN where one of them is NaN.

    Raises
    ------
    TypeError
        For complex numbers, which have no order.
    """
    where = library(a)
    if _is_complex(a, where) or isinstance(a, complex):
        raise TypeError(f"maximum: expected real numbers, got {getattr(a, 'dtype', a)}: complex numbers have no order")
    if where is None:
        return a if a > b or a != a else b
    return where.maximum(a, b) if hasattr(where, "maximum") else where.Max(a, b)


def minimum(a, b):
    """The smaller of `a` and `b`, element by element; as `maximum`."""
    where = library(a)
    if where is None or isinstance(a, complex) or _is_complex(a, where):
        return -maximum(-a, -b)
    return where.minimum(a, b) if hasattr(where, "minimum") else where.Min(a, b)


def sign(x):
    """1, 0 or -1, the sign of `x`, element by element; x/|x| where `x` is complex."""
    where = library(x)
    if where is None:
        return x / abs(x) if x else x * 0
    return where.sign(x)


def where(condition, yes, no):
    """`yes` where the condition holds, and `no` elsewhere."""
    its = library(condition)
    if its is None:
        return yes if condition else no
    return its.where(condition, yes, no) if hasattr(its, "where") else its.Piecewise((yes, condition), (no, True))


def library(x):
    """The module whose functions compute on `x`; None for a plain number."""
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    module = sys.modules[type(x).__module__.partition(".")[0]]
    return module if hasattr(module, "sqrt") else None


def _is_complex(x, where):
    """Whether `x` holds complex numbers; None where the library does not tell."""
    return where.isdtype(x.dtype, "complex floating") if hasattr(where, "isdtype") else None
