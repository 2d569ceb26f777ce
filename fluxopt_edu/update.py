"""Flux's ``update!``: a step in place, with the states kept by the optimiser."""

import numpy as np

from .arrays import check_parameter, checked_gradient
from .structure import is_container, pairs, spelt


def update(opt, ps, gs):
    """Subtract one step of `opt` from each parameter, in place.

    Parameters
    ----------
    opt : Optimiser
        It keeps a state for each parameter array, found by the array's identity, for as long as
        the array lives.
    ps : ndarray, or list, tuple or dict of them, nested or not
        Writable NumPy arrays of floats, real or complex, of any shape.
    gs : like `ps`
        The gradients. None skips a parameter, or all those below it, as in Flux. Gradients of
        another precision are converted to the parameter's.

        They are never changed. (Flux may overwrite them with the step.)

    Raises
    ------
    TypeError
        Something is not a NumPy array, does not hold floats, or is complex where the parameter is
        real or the rule takes a maximum.
    ValueError
        A shape or the structure does not match, a parameter is read-only or shares memory with
        another, or it is a fresh view of one that has a state.

    After any error, all parameters and states are as they were.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> opt = Momentum(eta=0.1)
    >>> w = np.array([1.0, 2.0])
    >>> update(opt, w, np.array([1.0, -1.0]))
    >>> w
    array([0.9, 2.1])
    >>> W, b = np.ones((2, 2)), np.zeros(2)
    >>> update(opt, {"W": W, "b": b}, {"W": np.ones((2, 2)), "b": None})
    >>> W[0], b
    (array([0.9, 0.9]), array([0., 0.]))
    """
    p_root, g_root = ("ps", "gs") if is_container(ps) else ("p", "g")
    given = [(spelt(p_root, path), p, spelt(g_root, path), g) for path, p, g in pairs(ps, gs)]
    for name, p, _, _ in given:
        _check_writable(name, p)
    _check_disjoint([(name, p) for name, p, _, _ in given])
    steps = [(p, *_step(opt, name, p, g_name, g)) for name, p, g_name, g in given if g is not None]
    for p, new, state in steps:
        p[...] = new
        opt.states.set(p, state)


def _step(opt, name, p, g_name, g):
    """The parameter and its state after the step, computed apart from both."""
    g = checked_gradient(p, g, (name, g_name))
    try:
        state = opt.states.get(p)
        state, step = opt._apply(opt._init(p) if state is None else state, p, g)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None
    return p - step, state


def _check_writable(name, p):
    # a subclass such as np.matrix multiplies otherwise, and a masked array skips
    if type(p) not in (np.ndarray, np.memmap):
        raise TypeError(f"{name} is of type {type(p).__name__}: expected a NumPy array; for others, use opt.init and opt.apply")
    check_parameter(p, name)
    if not p.flags.writeable:
        raise ValueError(f"{name} is read-only: expected a writable array, such as {name}.copy()")


def _check_disjoint(named):
    """Refuse two parameters that share memory: comparing each with those whose bytes it may touch."""
    seen = {}
    for name, p in named:
        if id(p) in seen:
            raise ValueError(f"{seen[id(p)]} and {name} are the same array: expected each parameter once")
        seen[id(p)] = name
    spans = sorted((*np.lib.array_utils.byte_bounds(p), i) for i, (_, p) in enumerate(named) if p.size)
    for at, (_, end, i) in enumerate(spans):
        for start, _, j in spans[at + 1 :]:
            if start >= end:
                break
            if np.shares_memory(named[i][1], named[j][1]):
                raise ValueError(f"{named[i][0]} and {named[j][0]} share memory: expected arrays that do not overlap")
