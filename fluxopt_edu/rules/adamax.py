from ..ops import maximum
from ..rule import Scalar, rule


@rule
def AdaMax(g, m=0, u=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AdaMax: Adam with the largest past gradient, slowly forgotten, in place of the root mean square.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x. The paper recommends 0.002.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 of the average and β2 of the maximum, in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the denominator, in units of the gradient; the paper has none.

    Notes
    -----
    State: m and u, of the shape of x, from 0; βt = (β1^t, β2^t), the powers that the next step
    uses. Real parameters only: a maximum needs an order (Flux raises an error as well).

    Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015,
    section 7.1, Algorithm 2. Flux v0.12.10, ``AdaMax``.

    Examples
    --------
    >>> opt = AdaMax(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, -2.0)
    ((-1.0, 2.0, (0.25, 0.5625)), -0.5)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    u = maximum(β2 * u, abs(g))
    step = (eta / (1 - β1t)) * m / (u + epsilon)
    return step, m, u, (β1t * β1, β2t * β2)
