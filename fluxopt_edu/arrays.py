"""What a parameter and its gradient may be."""

import numpy as np

from .ops import library


def check_parameter(x, name="x"):
    """Refuse what is neither an array nor a number, and a NumPy array that holds no floats.

    Other libraries refuse for themselves.
    """
    if isinstance(x, (np.ndarray, np.generic)):
        _check_class(x, name)
        if x.dtype.kind not in "fc" or not x.dtype.isnative:
            raise TypeError(f"{name} has dtype {x.dtype}: expected real or complex floats, such as {name}.astype(float)")
    elif not _computes(x):
        raise TypeError(f"{name} is {_described(x)}: expected an array or a number, such as np.asarray({name}, float)")


def check_array(p, name):
    """Refuse what `update` cannot change in place."""
    if not isinstance(p, np.ndarray):
        raise TypeError(f"{name} is {_described(p)}: expected a NumPy array; for others, use opt.init and opt.apply")
    check_parameter(p, name)


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
        return _checked_number(x, g, names)
    if not hasattr(g, "shape"):
        raise TypeError(f"{g_name} is {_described(g)}: expected an array like {x_name}, of shape {tuple(x.shape)}")
    if g.shape != x.shape:
        raise ValueError(f"{g_name} has shape {tuple(g.shape)}: expected {tuple(x.shape)}, the shape of {x_name}")
    if not isinstance(x, (np.ndarray, np.generic)):
        return g
    _check_class(g, g_name)
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
    if hasattr(where, "full_like"):
        return where.full_like(x, value)
    return complex(value) if isinstance(x, complex) else value


def _checked_number(x, g, names):
    x_name, g_name = names
    if getattr(g, "shape", ()) != () or not _computes(g):
        raise TypeError(f"{g_name} is {_described(g)}: expected a number like {x_name}")
    if isinstance(g, complex) and isinstance(x, (int, float)):
        raise TypeError(f"{g_name} = {g!r}, but {x_name} is real: expected a real gradient, such as {g_name}.real")
    return g


def _computes(value):
    """Whether `value` is a number, a symbol or an array, rather than a list or text."""
    return hasattr(value, "__truediv__")


def _check_class(array, name):
    # np.matrix multiplies otherwise, and a masked array skips
    if isinstance(array, np.ndarray) and type(array) not in (np.ndarray, np.memmap):
        raise TypeError(f"{name} is of type {type(array).__name__}: expected a plain NumPy array, such as np.asarray({name})")


def _described(value):
    return f"{value!r}, of type {type(value).__name__}" if np.isscalar(value) else f"of type {type(value).__name__}"
