"""Low precision as Flux computes it: in float64, rounded where Flux stores.

Julia promotes a Float16 array that meets a Float64 hyper-parameter to Float64, fuses the whole
broadcast, and rounds once, when the result is written into an array. What Flux writes into arrays
is what a rule returns: its states and its step. So the formula is traced, and the graph is
computed with every returned value rounded as soon as it is known; where only arrays meet, as in
AMSGrad's g·g, the arithmetic stays in their own precision, in Julia as here.
"""

import operator

import numpy as np

from . import ops
from .traced import SIGNS, Traced

COMPUTE = SIGNS | {
    "negative": operator.neg, "abs": abs,
    "sqrt": ops.sqrt, "conj": ops.conj, "maximum": ops.maximum, "minimum": ops.minimum, "sign": ops.sign, "cases": ops.where,
}


def rounded_where_stored(formula, arguments, hyper, dtype):
    """Run `formula` in float64 on arrays of a lower precision.

    Parameters
    ----------
    formula : callable
        A rule's formula, called as ``formula(*arguments, **hyper)``.
    arguments : sequence
        Inputs and states: arrays of dtype `dtype`; scalars, or tuples of them, as plain numbers.
    hyper : dict
        The hyper-parameters.
    dtype : dtype
        What Flux stores: the parameter's own.

    Returns
    -------
    tuple or ndarray
        What the formula returns: the step and the states, arrays as `dtype`.
    """
    arguments = [Traced("input", (a,)) if hasattr(a, "dtype") else double(a) for a in arguments]
    returned = formula(*arguments, **{name: double(value) for name, value in hyper.items()})
    returned = returned if isinstance(returned, tuple) else (returned,)
    stored = {id(node) for node in returned}
    known = {}

    def value(node):
        if not isinstance(node, Traced):
            return node
        if id(node) not in known:
            if node.operation == "input":
                known[id(node)] = node.arguments[0]
            else:
                result = COMPUTE[node.operation](*map(value, node.arguments))
                known[id(node)] = np.asarray(result, dtype=dtype) if id(node) in stored else result
        return known[id(node)]

    return tuple(plain(value(node)) for node in returned)


def double(scalar):
    """A float64 that NumPy promotes arrays to, as Julia does; Python's own floats give way to the array."""
    if isinstance(scalar, tuple):
        return tuple(map(double, scalar))
    return np.float64(scalar) if isinstance(scalar, float) else scalar


def plain(scalar):
    """Undo `double`, so that a state is made of the same types on every path."""
    if isinstance(scalar, tuple):
        return tuple(map(plain, scalar))
    return float(scalar) if type(scalar) is np.float64 else scalar
