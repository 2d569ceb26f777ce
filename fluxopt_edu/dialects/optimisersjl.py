"""The rules of Optimisers.jl, as version 0.4.8 has them.

Most are those of Flux v0.12.10 in their numbers; `AdaBelief` and the default `AdamW` are not, and `Lion`
is not its paper's. What all have in common: hyper-parameters, the powers of β and RAdam's length ρ are
computed in the parameter's precision, as nothing in Flux is; a complex gradient is squared as |g|².

Arguments have the names of Julia's fields, in the order of the positional constructors. ``lambda``,
which Python keeps for itself, is ``lambda_`` here; ``**{"lambda": 0.1}`` does as well.
"""

from ..ops import conj, maximum, minimum, sign, sqrt, where
from ..rule import Scalar
from .quantities import GROW, LARGEST, LAST, MEAN, SHRINK, SIZE, SMALLEST
from .rule import Flag, Library, Option

__all__ = [
    "Descent", "Momentum", "Nesterov", "RMSProp", "Rprop", "Adam", "Lion", "RAdam", "AdaMax", "OAdam", "AdaGrad", "AdaDelta",
    "AMSGrad", "NAdam", "AdamW", "AdaBelief",
]  # fmt: skip

optimisersjl = Library(
    dialect="optimisersjl",
    version="0.4.8",
    prefix="Optimisers.",
    meanings={"lambda_": "decay", "l": MEAN},
    in_float32="hyper-parameters",
)


@optimisersjl.rule("Descent")
def Descent(g, *, eta=0.10000000149011612):
    """Gradient descent.

    Parameters
    ----------
    eta : float, default 0.10000000149011612
        Learning rate η ≥ 0. The default is Julia's ``1f-1``, 0.1 in Float32.

    Notes
    -----
    State: none. Source: ``src/rules.jl``, ``Descent``.

    Examples
    --------
    >>> Descent(eta=0.5).apply((), 1.0, 3.0)
    ((), 1.5)
    """
    return g * eta


@optimisersjl.rule("Momentum")
def Momentum(g, v=0, *, eta=0.01, rho=0.9):
    """Gradient descent with momentum; the velocity has the other sign than Flux's.

    Parameters
    ----------
    eta : float, default 0.01
        Learning rate η ≥ 0, inside the velocity.
    rho : float, default 0.9
        Momentum ρ in [0, 1).

    Notes
    -----
    State: v, of the shape of x, from 0. Source: ``src/rules.jl``, ``Momentum``; B. T. Polyak, 1964.

    Examples
    --------
    >>> opt = Momentum(eta=0.5, rho=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    v = rho * v + eta * g
    return v, v


@optimisersjl.rule("Nesterov")
def Nesterov(g, v=0, *, eta=0.001, rho=0.9):
    """Nesterov's accelerated gradient, in Flux's form.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    rho : float, default 0.9
        Momentum ρ in [0, 1).

    Notes
    -----
    State: v, of the shape of x, from 0. Source: ``src/rules.jl``, ``Nesterov``; I. Sutskever, J.
    Martens, G. Dahl and G. Hinton, ICML 2013.

    Examples
    --------
    >>> opt = Nesterov(eta=0.5, rho=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((-1.0,), 1.5)
    """
    d = -(rho * rho) * v + (1 + rho) * eta * g
    v = rho * v - eta * g
    return d, v


@optimisersjl.rule("RMSProp", keyword_only=("centred",))
def RMSProp(g, acc=0, l=0, *, eta=0.001, rho=0.9, epsilon=1e-8, centred: Flag = False):
    """RMSProp, with ε outside the root.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    rho : float, default 0.9
        ρ in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root.
    centred : bool, default False
        Divide by the standard deviation instead.

    Notes
    -----
    State: acc and, where ``centred``, l, of the shape of x, from 0.

    Source: ``src/rules.jl``, ``RMSProp``; T. Tieleman and G. Hinton, lecture 6, 2012; centred: A.
    Graves, arXiv:1308.0850.

    Examples
    --------
    >>> opt = RMSProp(eta=0.5, rho=0.75, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    acc = rho * acc + (1 - rho) * g * conj(g)
    if centred:
        l = rho * l + (1 - rho) * g
        root = sqrt(acc - l * conj(l))
    else:
        root = sqrt(acc)
    return g * eta / (root + epsilon), acc, l


@optimisersjl.rule("Rprop", meanings={"ell": (SHRINK, GROW), "gamma": (SMALLEST, LARGEST), "g_last": LAST, "h": SIZE})
def Rprop(
    g, g_last=0, h="eta", *,
    eta=0.0010000000474974513, ell=(0.5, 1.2000000476837158), gamma=(9.999999974752427e-07, 50.0),
):  # fmt: skip
    """Rprop: each coordinate has a step of its own, which grows while the gradient keeps its sign.

    Parameters
    ----------
    eta : float, default 0.001 in Float32
        Where the steps start, in units of x.
    ell : pair of float, default (0.5, 1.2) in Float32
        The factors by which a step shrinks and grows.
    gamma : pair of float, default (1e-6, 50) in Float32
        The smallest and the largest step.

    Notes
    -----
    State: g_last, the gradient before, from 0, and 0 where its sign has just changed; h, the sizes of
    the steps, from η; of the shape of x. PyTorch's rule, with other defaults.

    Source: ``src/rules.jl``, ``Rprop``; M. Riedmiller and H. Braun, ICNN 1993.

    Examples
    --------
    >>> opt = Rprop(eta=0.5)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 3.0)
    >>> opt.apply(state, 1.0, -3.0)
    ((0, 0.25), 0.0)
    """
    shrink, grow = ell
    smallest, largest = gamma
    agreement = g_last * g
    h = where(agreement > 0, minimum(h * grow, largest), where(agreement < 0, maximum(h * shrink, smallest), h))
    g_last = where(agreement < 0, 0, g)
    return h * sign(g_last), g_last, h


@optimisersjl.rule("Adam")
def Adam(g, m=0, v=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """Adam, Algorithm 1 of its paper.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t), in the parameter's precision since
    v0.3.1. Until v0.2 the default ε was Julia's ``eps`` of the type of η.

    Source: ``src/rules.jl``, ``Adam``; D. P. Kingma and J. Ba, ICLR 2015, Algorithm 1. Threads:
    FluxML/Optimisers.jl #119, PR #120, #151, #158.

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


@optimisersjl.rule("Lion")
def Lion(g, m=0, *, eta=0.001, beta=(0.9, 0.999)):
    """Lion with the roles of β2 and 1 − β2 exchanged in its average.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1); the paper's default for β2 is 0.99.

    Notes
    -----
    State: m, of the shape of x, from 0. The paper keeps the share β2 of the average, this rule the
    share 1 − β2; the step is the one that follows from the paper's. At the defaults it takes the sign of
    0.9981 g + 0.0009 m: that of the gradient. The paper's Lion with (b1, b2) is this one with
    β = (b1 (1 − b2)/b2, 1 − b2).

    Source: ``src/rules.jl``, ``Lion``, since v0.2.15; X. Chen and others, arXiv:2302.06675. Thread:
    FluxML/Optimisers.jl PR #129, which added it.

    Examples
    --------
    >>> opt = Lion(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.5,), 0.5)
    """
    β1, β2 = beta
    m = β2 * g + (1 - β2) * m
    return eta * sign((β2 - β1) * g + β1 * m), m


@optimisersjl.rule("RAdam")
def RAdam(g, m=0, v=0, βt: Scalar = "beta", t: Scalar = 1, *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """Rectified Adam, from ρ > 4 on as in its paper.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root; the paper has none.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t) and t. In Float32, ρ is a small
    difference of large numbers and wrong by 0.5 % at t = 5; at β2 = 0.9999, steps are rectified from
    t = 3 on instead of 5.

    Source: ``src/rules.jl``, ``RAdam``; L. Liu and others, ICLR 2020, Algorithm 2.

    Examples
    --------
    >>> opt = RAdam(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, (0.25, 0.5625), 2), 1.0)
    """
    β1, β2 = beta
    β1t, β2t = βt
    ρ_inf = 2 / (1 - β2) - 1
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    ρ = ρ_inf - 2 * t * β2t / (1 - β2t)
    if ρ > 4:
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        step = m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon) * eta * r
    else:
        step = m / (1 - β1t) * eta
    return step, m, v, (β1t * β1, β2t * β2), t + 1


@optimisersjl.rule("AdaMax")
def AdaMax(g, m=0, u=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AdaMax, with ε in the denominator.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0; the paper recommends 0.002.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to u; the paper has none.

    Notes
    -----
    State: m and u, of the shape of x, from 0; βt = (β1^t, β2^t). Real parameters only.

    Source: ``src/rules.jl``, ``AdaMax``; D. P. Kingma and J. Ba, ICLR 2015, Algorithm 2.

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


@optimisersjl.rule("OAdam")
def OAdam(g, m=0, v=0, u=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.5, 0.9), epsilon=1e-8):
    """Optimistic Adam: twice Adam's step, less the one before.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.5, 0.9)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root.

    Notes
    -----
    State: m, v and u, Adam's last step, of the shape of x, from 0; βt = (β1^t, β2^t).

    Source: ``src/rules.jl``, ``OAdam``; C. Daskalakis and others, ICLR 2018.

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
    before = u
    u = eta * m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon)
    return 2 * u - before, m, v, u, (β1t * β1, β2t * β2)


@optimisersjl.rule("AdaGrad")
def AdaGrad(g, acc="epsilon", *, eta=0.1, epsilon=1e-8):
    """AdaGrad, whose sum starts at ε as in Flux.

    Parameters
    ----------
    eta : float, default 0.1
        Learning rate η ≥ 0.
    epsilon : float, default 1e-8
        ε ≥ 0, twice: added to the root, and where the sum starts.

    Notes
    -----
    State: acc, of the shape of x, from ε. Source: ``src/rules.jl``, ``AdaGrad``; J. Duchi, E. Hazan
    and Y. Singer, JMLR 12, 2011.

    Examples
    --------
    >>> opt = AdaGrad(eta=0.5, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    acc = acc + g * conj(g)
    return g * eta / (sqrt(acc) + epsilon), acc


@optimisersjl.rule("AdaDelta")
def AdaDelta(g, acc=0, Δacc=0, *, rho=0.9, epsilon=1e-8):
    """AdaDelta, Algorithm 1 of its paper.

    Parameters
    ----------
    rho : float, default 0.9
        ρ in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, inside both roots.

    Notes
    -----
    State: acc and Δacc, of the shape of x, from 0. Source: ``src/rules.jl``, ``AdaDelta``; M. D.
    Zeiler, arXiv:1212.5701, Algorithm 1.

    Examples
    --------
    >>> opt = AdaDelta(rho=0.75, epsilon=0.0625)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state[0], round(step, 4)
    (1.0, 0.4851)
    """
    acc = rho * acc + (1 - rho) * g * conj(g)
    step = g * sqrt(Δacc + epsilon) / sqrt(acc + epsilon)
    Δacc = rho * Δacc + (1 - rho) * step * conj(step)
    return step, acc, Δacc


@optimisersjl.rule("AMSGrad")
def AMSGrad(g, m="epsilon", v="epsilon", v_max="epsilon", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AMSGrad, whose states start at ε as in Flux.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, twice: added to the root, and where all states start.

    Notes
    -----
    State: m, v and v_max, of the shape of x, from ε; the paper's start at 0. Real parameters only.

    Source: ``src/rules.jl``, ``AMSGrad``; S. J. Reddi, S. Kale and S. Kumar, ICLR 2018, Algorithm 2.

    Examples
    --------
    >>> opt = AMSGrad(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0), 0.5)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    v_max = maximum(v_max, v)
    return eta * m / (sqrt(v_max) + epsilon), m, v, v_max


@optimisersjl.rule("NAdam")
def NAdam(g, m=0, v=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """NAdam with a constant momentum and the paper's factor β2 under the root.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t).

    Source: ``src/rules.jl``, ``NAdam``; T. Dozat, ICLR 2016 workshop, Algorithm 2.

    Examples
    --------
    >>> opt = NAdam(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> round(opt.apply(opt.init(1.0), 1.0, 2.0)[1], 4)
    0.7698
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    step = (β1 * m / (1 - β1 * β1t) + (1 - β1) * g / (1 - β1t)) / (sqrt(v * β2 / (1 - β2t)) + epsilon) * eta
    return step, m, v, (β1t * β1, β2t * β2)


@optimisersjl.rule("AdamW", keyword_only=("couple",))
def AdamW(
    g, x, m=0, v=0, βt: Scalar = "beta", *,
    eta=0.001, beta=(0.9, 0.999), lambda_: Option(0) = 0.0, epsilon=1e-8, couple: Flag = True,
):  # fmt: skip
    """Adam with decoupled weight decay, which the learning rate multiplies unless told otherwise.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    lambda_ : float, default 0
        λ ≥ 0. Julia's name is ``lambda``.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    couple : bool, default True
        A step takes the share ηλ of the parameter away, as in PyTorch; False takes λ, as Flux's
        ``decay``.

    Notes
    -----
    State: m and v, of the shape of x, from 0; βt = (β1^t, β2^t). Before v0.4.0 the decay was never
    coupled; v0.4.0 and v0.4.1 exchange λ and ε.

    Source: ``src/rules.jl``, ``AdamW``; I. Loshchilov and F. Hutter, ICLR 2019, Algorithm 2. Threads:
    FluxML/Flux.jl #2433; FluxML/Optimisers.jl #182, #197, PR #188, #198, #212.

    Examples
    --------
    >>> opt = AdamW(eta=0.5, beta=(0.5, 0.75), epsilon=0, **{"lambda": 0.25})
    >>> opt
    optimisersjl.AdamW(eta=0.5, beta=(0.5, 0.75), lambda_=0.25, epsilon=0.0)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)[1]
    1.5
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * conj(g)
    d = m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon)
    if lambda_ == 0:
        step = eta * d
    elif couple:
        step = eta * (d + lambda_ * x)
    else:
        step = eta * d + lambda_ * x
    return step, m, v, (β1t * β1, β2t * β2)


@optimisersjl.rule("AdaBelief")
def AdaBelief(g, m=0, s=0, βt: Scalar = "beta", *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-16):
    """AdaBelief with its corrections and an ε that grows in s.

    Parameters
    ----------
    eta : float, default 0.001
        Learning rate η ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-16
        ε ≥ 0, added to s at every step, and to the corrected root.

    Notes
    -----
    State: m and s, of the shape of x, from 0; βt = (β1^t, β2^t). The rule of Flux v0.13.1 to v0.14.25
    with its ε squared. ``Flux.setup`` of v0.13.9 to v0.14.25 hands that ε over as it is: the
    optimiser it makes is this one with ε = 1e-8.

    Source: ``src/rules.jl``, ``AdaBelief``; J. Zhuang and others, NeurIPS 2020, Algorithm 2. Threads:
    FluxML/Flux.jl #1962; FluxML/Optimisers.jl PR #75.

    Examples
    --------
    >>> opt = AdaBelief(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 0.25, (0.25, 0.5625)), 1.0)
    """
    β1, β2 = beta
    β1t, β2t = βt
    m = β1 * m + (1 - β1) * g
    s = β2 * s + (1 - β2) * (g - m) * conj(g - m) + epsilon
    step = eta * m / (1 - β1t) / (sqrt(s / (1 - β2t)) + epsilon)
    return step, m, s, (β1t * β1, β2t * β2)
