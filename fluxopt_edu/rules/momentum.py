from ..rule import rule


@rule
def Momentum(g, v=0, *, eta=0.01, rho=0.9):
    """Gradient descent with momentum: the velocity v remembers past gradients.

    Parameters
    ----------
    eta : float, default 0.01
        Learning rate η ≥ 0, in units of x per unit of the gradient.
    rho : float, default 0.9
        Momentum ρ in [0, 1): the share of the velocity that a step keeps.

    Notes
    -----
    State: v, of the shape of x, from 0. The learning rate stands inside the velocity, so a change
    of η reaches the gradients to come, not those already in v.

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4(5), 1964, in the form of Sutskever,
    Martens, Dahl and Hinton, ICML 2013. Flux v0.12.10, ``Momentum``.

    Examples
    --------
    >>> opt = Momentum(eta=0.5, rho=0.5)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state, step
    ((-1.0,), 1.0)
    >>> opt.apply(state, 1.0 - step, 2.0)
    ((-1.5,), 1.5)
    """
    v = rho * v - eta * g
    return -v, v
