from ..chain import chained
from .adam import Adam
from .weight_decay import WeightDecay


@chained
def AdamW(eta=0.001, beta=(0.9, 0.999), decay=0):
    """Adam with decoupled weight decay: a chain of Adam and WeightDecay.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0 of Adam, in units of x.
    beta : pair of float, default (0.9, 0.999)
        Decay rates β1 and β2 in [0, 1) of Adam.
    decay : float, default 0
        Share of the parameter that each step takes away. It is not multiplied by η: what other
        libraries call ``weight_decay`` is ``decay / eta``.

    Notes
    -----
    State: Adam's, and none for the decay; so in float16 v underflows to zero below |g| ≈ 5.5e-3 at
    the default β2. Adam's ε is 1e-8 and cannot be set, as in Flux.

    Source: I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
    Algorithm 2, with the schedule multiplier 1. Flux v0.12.10, ``ADAMW``; v0.12.5 to v0.12.9
    multiply the decay by η.

    Examples
    --------
    >>> opt = AdamW(decay=0.01)
    >>> opt.decay = 0.02
    >>> opt, opt.links
    (AdamW(eta=0.001, beta=(0.9, 0.999), decay=0.02), (Adam(eta=0.001, beta=(0.9, 0.999), epsilon=1e-08), WeightDecay(decay=0.02)))
    """
    return Adam(eta, beta), WeightDecay(decay)
