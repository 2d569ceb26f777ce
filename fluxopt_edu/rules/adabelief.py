from ..ops import conj, sqrt
from ..rule import rule


@rule
def AdaBelief(g, m=0, s=0, *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AdaBelief: divide by how far the gradient strays from its forecast m, not by its size.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0, in units of x.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 and β2 in [0, 1) of the two averages.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root, in units of the gradient. The article this project grew from
        prints ``10e-8``, a misprint of 1.0e-8.

    Notes
    -----
    State: m and s, of the shape of x, from 0. In float16 s underflows to zero where
    |g − m| is below 5.5e-3 at the default β2.

    Flux v0.12.10 has neither the bias correction of the paper nor its ε inside s; v0.13.1 added both.

    Source: J. Zhuang, T. Tang, Y. Ding, S. Tatikonda, N. Dvornek, X. Papademetris and J. S. Duncan,
    "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients", NeurIPS 2020.
    Flux v0.12.10, ``AdaBelief``.

    Examples
    --------
    >>> opt = AdaBelief(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 0.25), 1.0)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    s = β2 * s + (1 - β2) * (g - m) * conj(g - m)
    step = eta * m / (sqrt(s) + epsilon)
    return step, m, s
