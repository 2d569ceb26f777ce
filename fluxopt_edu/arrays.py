"""What a parameter and its gradient may be."""

import numpy as np

from .ops import library


def check_parameter(x, name="x"):
    """Refuse a NumPy array that holds no floats; other libraries refuse for themselves."""
    if isinstance(x, np.ndarray) and x.dtype.kind not in "fc":
        raise TypeError(f"{name} has dtype {x.dtype}: expected real or complex floats, such as {name}.astype(float)")


def checked_gradient(x, g, names=("x", "g")):
    """The gradient `g`, in the precision of the parameter `x`.

    >>> checked_gradient(np.zeros((2, 3)), np.zeros(3))
    Traceback (most recent call last):
    ...
    ValueError: g has shape (3,): expected (2, 3), the shape of x
    """
    x_name, g_name = names
    if isinstance(x, np.ndarray) and not isinstance(g, (np.ndarray, np.generic)):
        raise TypeError(f"{g_name} is {_described(g)}: expected a NumPy array like {x_name}")
    if not hasattr(x, "shape"):
        return g
    if not hasattr(g, "shape"):
        raise TypeError(f"{g_name} is {_described(g)}: expected an array like {x_name}, of shape {tuple(x.shape)}")
    if g.shape != x.shape:
        raise ValueError(f"{g_name} has shape {tuple(g.shape)}: expected {tuple(x.shape)}, the shape of {x_name}")
    if not isinstance(x, (np.ndarray, np.generic)):
        return g
    if g.dtype.kind not in "fc":
        raise TypeError(f"{g_name} has dtype {g.dtype}: expected {x.dtype}, the dtype of {x_name}")
    if g.dtype.kind == "c" and x.dtype.kind == "f":
        raise TypeError(
            f"{g_name} has dtype {g.dtype}, but {x_name} is real ({x.dtype}): expected a real gradient, such as {g_name}.real"
        )
    return g.astype(x.dtype, copy=False)


def full_like(x, value):
    """An array like `x` filled with `value`; a plain number or a symbol is its own shape."""
    where = library(x)
    return where.full_like(x, value) if hasattr(where, "full_like") else value


def _described(value):
    return f"{value!r}, of type {type(value).__name__}" if np.isscalar(value) else f"of type {type(value).__name__}"
