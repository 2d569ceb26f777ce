"""Optimisers at work: walking over a function, or on gradients given in advance."""

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


def steps(opt, gradients, x0=0.0):
    """What `opt` subtracts at each step, on gradients that are given in advance.

    Parameters
    ----------
    opt : Optimiser
        Its own states are neither used nor changed.
    gradients : array_like of float, of shape ``(n, …)``
        One gradient a step.
    x0 : array_like of float, default 0
        The parameter before the first step, for rules that read it.

    Returns
    -------
    ndarray of float, of the shape of `gradients`

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> steps(Momentum(eta=1, rho=0.5), [1.0, 0.0, 0.0])
    array([1.  , 0.5 , 0.25])
    """
    gradients = np.asarray(gradients, dtype=float)
    x = np.broadcast_to(np.asarray(x0, dtype=float), gradients.shape[1:])
    state, taken = opt.init(x), []
    for g in gradients:
        state, step = opt.apply(state, x, g)
        x = x - step
        taken.append(step)
    return np.reshape(taken, gradients.shape)
