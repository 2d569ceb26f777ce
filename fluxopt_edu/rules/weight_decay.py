from ..rule import rule


@rule
def WeightDecay(g, x, *, decay=0):
    """Weight decay: add a share of the parameter to the gradient, or to whatever came before in a chain.

    Parameters
    ----------
    decay : float, default 0
        λ ≥ 0. First in a chain it is the gradient of the penalty (λ/2)‖x‖²; last, it takes the
        share λ of the parameter away at each step, whatever the learning rate.

    Notes
    -----
    State: none. Source: Flux v0.12.10, ``WeightDecay``.

    Examples
    --------
    >>> WeightDecay(decay=0.5).apply((), 4.0, 1.0)
    ((), 3.0)
    """
    return g + decay * x
