from ..ops import conj, sqrt
from ..rule import rule


@rule
def AdaGrad(g, acc="epsilon", *, eta=0.1, epsilon=1e-8):
    """AdaGrad: the gradient divided by the root of the sum of all squared gradients.

    Parameters
    ----------
    eta : float, default 0.1
        Learning rate η ≥ 0, in units of x.
    epsilon : float, default 1e-8
        ε ≥ 0, twice: added to the root, in units of the gradient, and where the sum starts, in
        units of the gradient squared.

    Notes
    -----
    State: acc, of the shape of x, from ε (the paper's sum starts at 0), which float16 rounds to 0
    at the default. In float16 the sum stands still as soon as g² is below half its spacing.

    Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive Subgradient Methods for Online Learning and
    Stochastic Optimization", JMLR 12, 2011. Flux v0.12.10, ``ADAGrad``.

    Examples
    --------
    >>> opt = AdaGrad(eta=0.5, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    acc = acc + g * conj(g)
    step = g * (eta / (sqrt(acc) + epsilon))
    return step, acc
