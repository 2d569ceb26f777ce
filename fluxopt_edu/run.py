"""A closed loop: an optimiser walking over a function."""

import numpy as np


def trajectory(opt, gradient, x0, steps):
    """The positions that `opt` visits, with a state of its own.

    Parameters
    ----------
    opt : Optimiser
        Its own states are neither used nor changed.
    gradient : callable
        ``gradient(x)`` gives an array of the shape of `x`.
    x0 : array_like of float, of any shape
        Where to start.
    steps : int
        How many steps to take.

    Returns
    -------
    ndarray of float, of shape ``(steps + 1, *x0.shape)``
        The start, then the position after each step.

    Examples
    --------
    >>> from fluxopt_edu import Descent
    >>> trajectory(Descent(0.25), lambda x: 2 * x, 8.0, 3)
    array([8., 4., 2., 1.])
    """
    x = np.asarray(x0, dtype=float)
    state, positions = opt.init(x), [x]
    for _ in range(steps):
        state, step = opt.apply(state, x, np.asarray(gradient(x)))
        x = x - step
        positions.append(x)
    return np.array(positions)
