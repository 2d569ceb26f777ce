from ..ops import conj, sqrt
from ..rule import rule


@rule
def AdaDelta(g, acc=0, Δacc=0, *, rho=0.9, epsilon=1e-8):
    """AdaDelta: RMSProp whose learning rate is the root mean square of its own past steps.

    Parameters
    ----------
    rho : float, default 0.9
        Decay rate ρ in [0, 1) of both averages. The paper's runs use 0.95.
    epsilon : float, default 1e-8
        ε ≥ 0, inside both roots; it sets the size of the first steps. The paper's runs use 1e-6.

    Notes
    -----
    State: acc, the average of squared gradients, and Δacc, that of squared steps, of the shape of
    x, from 0. At the default, in float16, acc underflows below |g| ≈ 5.5e-4, and Δacc for steps
    below 5.5e-4, so that it may never leave 0.

    Source: M. D. Zeiler, "ADADELTA: An Adaptive Learning Rate Method", arXiv:1212.5701, Algorithm 1.
    Flux v0.12.10, ``ADADelta``.

    Examples
    --------
    >>> opt = AdaDelta(rho=0.75, epsilon=0.0625)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state[0], round(step, 4)
    (1.0, 0.4851)
    """
    acc = rho * acc + (1 - rho) * g * conj(g)
    # ε must stay in the numerator, inside the root: without it no step would ever leave zero.
    step = g * (sqrt(Δacc + epsilon) / sqrt(acc + epsilon))
    Δacc = rho * Δacc + (1 - rho) * step * conj(step)
    return step, acc, Δacc
