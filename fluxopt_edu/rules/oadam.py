from ..ops import conj, sqrt
from ..rule import Scalar, rule


@rule
def OAdam(g, m=0, v=0, u=0, βt: Scalar = "beta", *, eta=0.0001, beta=(0.5, 0.9), epsilon=1e-8):
    """Optimistic Adam: twice Adam's step, less the one before.

    Parameters
    ----------
    eta : float, default 0.0001
        Learning rate η ≥ 0, in units of x. The default is Flux's documented one; Flux's code runs
        0.001.
    beta : pair of float, default (0.5, 0.9)
        Decay rates β1 and β2 in [0, 1) of the two averages.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root of the corrected average, in units of the gradient.

    Notes
    -----
    State: m, v and u, Adam's last step, of the shape of x, from 0; βt = (β1^t, β2^t), the powers
    that the next step uses. In float16 v underflows to zero below |g| ≈ 5.5e-4 at the default β2.

    Source: C. Daskalakis, A. Ilyas, V. Syrgkanis and H. Zeng, "Training GANs with Optimism",
    ICLR 2018. Flux v0.12.10, ``OADAM``.

    Examples
    --------
    >>> opt = OAdam(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 0.5, (0.25, 0.5625)), 1.0)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    step = -u
    u = eta * m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon)
    step = step + 2 * u
    return step, m, v, u, (β1t * β1, β2t * β2)
