from ..rule import rule


@rule
def Nesterov(g, v=0, *, eta=0.001, rho=0.9):
    """Nesterov's accelerated gradient, written for the point where the gradient is taken.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x per unit of the gradient.
    rho : float, default 0.9
        Momentum ρ in [0, 1).

    Notes
    -----
    State: v, of the shape of x, from 0. The parameter that Flux holds is the look-ahead point
    θ + ρv of Nesterov's two sequences, not θ.

    Source: Yu. E. Nesterov, "A method of solving a convex programming problem with convergence
    rate O(1/k²)", Soviet Mathematics Doklady 27(2), 1983; Sutskever, Martens, Dahl and Hinton,
    ICML 2013. Flux v0.12.10, ``Nesterov``.

    Examples
    --------
    >>> opt = Nesterov(eta=0.5, rho=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((-1.0,), 1.5)
    """
    d = rho * rho * v - (1 + rho) * eta * g
    v = rho * v - eta * g
    return -d, v
