from ..ops import conj, sqrt
from ..rule import rule


@rule
def RMSProp(g, acc=0, *, eta=0.001, rho=0.9, epsilon=1e-8):
    """RMSProp: the gradient divided by the root of a moving average of its square.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x.
    rho : float, default 0.9
        Decay rate ρ in [0, 1) of the average.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root, in units of the gradient.

    Notes
    -----
    State: acc, of the shape of x, from 0, in units of the gradient squared; below |g| ≈ 5.5e-4 it
    underflows to zero in float16. There is no bias correction.

    Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6, 2012.
    Flux v0.12.10, ``RMSProp``.

    Examples
    --------
    >>> opt = RMSProp(eta=0.5, rho=0.75, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    acc = rho * acc + (1 - rho) * g * conj(g)
    step = g * (eta / (sqrt(acc) + epsilon))
    return step, acc
