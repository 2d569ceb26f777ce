from ..ops import conj, sqrt
from ..rule import Scalar, rule


@rule
def Adam(g, m=0, v=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """Adam: moving averages of the gradient and of its square, each corrected for its start at zero.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 and β2 in [0, 1) of the two averages.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root of the corrected average, in units of the gradient.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t), the powers that the next step uses.
    In float16 v underflows to zero below |g| ≈ 5.5e-3 at the default β2; then the step divides by ε.

    Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015,
    Algorithm 1. Flux v0.12.10, ``ADAM``.

    Examples
    --------
    >>> opt = Adam(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, (0.25, 0.5625)), 0.5)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    step = m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon) * eta
    return step, m, v, (β1t * β1, β2t * β2)
