from ..rule import rule


@rule
def Descent(g, *, eta=0.1):
    """Gradient descent: a step of η times the gradient.

    Parameters
    ----------
    eta : float, default 0.1
        Learning rate η ≥ 0, in units of x per unit of the gradient.

    Notes
    -----
    State: none. The article this project grew from prints ``p := η × δp``; Flux subtracts.

    Source: A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées",
    Comptes rendus 25, 1847. Flux v0.12.10, ``Descent``.

    Examples
    --------
    >>> Descent(eta=0.5).apply((), 1.0, 3.0)
    ((), 1.5)
    """
    return eta * g
