from ..ops import maximum, sqrt
from ..rule import rule


@rule
def AMSGrad(g, m="epsilon", v="epsilon", v_max="epsilon", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AMSGrad: Adam without correction, whose denominator never decreases.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 and β2 in [0, 1) of the two averages.
    epsilon : float, default 1e-8
        ε ≥ 0, twice: added to the root, in units of the gradient, and where all three states start.

    Notes
    -----
    State: m, v and v_max, of the shape of x, from ε (the paper's start at 0). So the parameter moves
    at a zero gradient, by 9e-8 in the first step at the defaults, and the denominator is at least
    √ε. In float16 the default ε is 0 where it is stored, and v underflows below |g| ≈ 5.5e-3.
    Real parameters only: a maximum needs an order (Flux raises an error as well).

    Source: S. J. Reddi, S. Kale and S. Kumar, "On the Convergence of Adam and Beyond", ICLR 2018,
    Algorithm 2. Flux v0.12.10, ``AMSGrad``.

    Examples
    --------
    >>> opt = AMSGrad(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0), 0.5)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * (g * g)
    v_max = maximum(v_max, v)
    step = eta * m / (sqrt(v_max) + epsilon)
    return step, m, v, v_max
