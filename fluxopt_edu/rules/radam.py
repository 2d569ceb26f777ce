from ..ops import conj, sqrt
from ..rule import Scalar, rule


@rule
def RAdam(g, m=0, v=0, βt: Scalar = "beta", t: Scalar = 1, *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """Rectified Adam: while the delta method finds no variance of Adam's denominator, do not divide by it.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0: in units of x where the step is rectified, of x per unit of the
        gradient before.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 and β2 in [0, 1) of the two averages.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root of the corrected average, in units of the gradient.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t) and t, as the next step uses them.
    In float16 v underflows to zero below |g| ≈ 5.5e-3 at the default β2.

    The paper has no ε. At the default β2 the first four steps are those of a corrected momentum.

    Source: L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao and J. Han, "On the Variance of the
    Adaptive Learning Rate and Beyond", ICLR 2020, Algorithm 2. Flux v0.12.10, ``RADAM``.

    Examples
    --------
    >>> opt = RAdam(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, (0.25, 0.5625), 2), 1.0)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    ρ_inf = 2 / (1 - β2) - 1
    ρ = ρ_inf - 2 * t * β2t / (1 - β2t)
    if ρ > 4:
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        step = m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon) * eta * r
    else:
        step = m / (1 - β1t) * eta
    return step, m, v, (β1t * β1, β2t * β2), t + 1
