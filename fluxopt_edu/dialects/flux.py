"""The rules of Flux in the versions whose numbers are not those of v0.12.10.

All other rules have the numbers of v0.12.10 in v0.13.0 to v0.14.25. Flux v0.15 takes its rules from
Optimisers.jl.
"""

from ..ops import conj, sqrt
from ..rule import Scalar
from .rule import Library

__all__ = ["ADAMW", "AdaBelief"]

flux = Library(dialect="flux", version="0.12.10", prefix="", meanings={})


@flux.rule("AdamW", version="0.12.5–0.12.9")
def ADAMW(g, x, m=0, v=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), decay=0.0):
    """Adam with weight decay, times the learning rate: Flux v0.12.5 to v0.12.9.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    decay : float, default 0
        λ ≥ 0: a step takes the share ηλ of the parameter away, as in PyTorch. Before and after, it
        takes λ.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t). ε is 1e-8. In Flux it is a chain of
    ``ADAM(1, β)``, ``WeightDecay(decay)`` and ``Descent(η)``.

    Source: Flux v0.12.5, ``src/optimise/optimisers.jl``; I. Loshchilov and F. Hutter, ICLR 2019.
    Threads: FluxML/Flux.jl #2433, PR #1612, #1868.

    Examples
    --------
    >>> opt = ADAMW(eta=0.5, beta=(0.5, 0.75), decay=0.25)
    >>> round(opt.apply(opt.init(8.0), 8.0, 2.0)[1], 6)
    1.5
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    step = eta * (m / (1 - β1t) / (sqrt(v / (1 - β2t)) + 1e-8) + decay * x)
    return step, m, v, (β1t * β1, β2t * β2)


@flux.rule("AdaBelief", version="0.13.1–0.14.25")
def AdaBelief(g, m=0, s=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AdaBelief with its corrections, and ε² twice: Flux v0.13.1 to v0.14.25.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0. Its square is added to s at every step, and to the corrected root.

    Notes
    -----
    State: m and s, of the shape of x, from 0; βt = (β1^t, β2^t). v0.12.10 and v0.13.0 have neither the
    corrections nor the ε inside s: at the defaults the first step there is 3.5 η, here 1.1 η.
    Optimisers.jl's rule with ε² for its ε.

    Source: Flux v0.14.0, ``src/optimise/optimisers.jl``; J. Zhuang and others, NeurIPS 2020, Algorithm
    2. Threads: FluxML/Flux.jl #1962, PR #1963.

    Examples
    --------
    >>> opt = AdaBelief(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 0.25, (0.25, 0.5625)), 1.0)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    s = β2 * s + (1 - β2) * (g - m) * conj(g - m) + epsilon * epsilon
    step = eta * m / (1 - β1t) / (sqrt(s / (1 - β2t)) + epsilon * epsilon)
    return step, m, s, (β1t * β1, β2t * β2)
