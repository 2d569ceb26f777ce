"""The rules as their papers print them, under the project's names for what they call by other letters.

A paper's step size, α or η, is ``eta``; its decay rates are ``beta`` or ``rho``; a weight decay is
``decay``. What a paper leaves open has no default, and where it has no ε, a gradient that has always
been zero is divided by zero: that is the paper's rule. Over the real numbers.
"""

from math import inf

from ..ops import maximum, sign, sqrt
from ..rule import Scalar
from .quantities import DELTA, MOMENTUM_DECAY, MU, MU_NEXT, MULTIPLIER, PRODUCT
from .rule import Flag, Library, Option

__all__ = [
    "Descent", "Momentum", "Nesterov", "RMSProp", "Adam", "RAdam", "AdaMax", "AdaGrad", "AdaDelta", "AMSGrad", "NAdam", "AdamW",
    "OAdam", "AdaBelief", "Lion",
]  # fmt: skip

paper = Library(dialect="paper", version="", prefix="", meanings={}, complex="")


def ahead(opt, state, x):
    """The point θ + ρv at which `Nesterov` takes its gradient.

    Parameters
    ----------
    opt : Nesterov
    state : tuple
        From ``init``, or from the step before.
    x : array or number
        The parameter θ.

    Examples
    --------
    >>> opt, x = Nesterov(eta=0.25, rho=0.5), 1.0
    >>> state = opt.init(x)
    >>> for _ in range(2):
    ...     state, step = opt.apply(state, x, 2 * ahead(opt, state, x))  # the gradient of θ²
    ...     x = x - step
    >>> x
    0.125
    """
    return x + opt.rho * state[0]


@paper.rule("Descent")
def Descent(g, *, eta):
    """Gradient descent.

    Parameters
    ----------
    eta : float
        Step size η ≥ 0.

    Notes
    -----
    State: none. Source: A. Cauchy, Comptes rendus 25, 1847.

    Examples
    --------
    >>> Descent(eta=0.5).apply((), 1.0, 3.0)
    ((), 1.5)
    """
    return eta * g


@paper.rule("Momentum")
def Momentum(g, v=0, *, eta, rho):
    """The heavy ball, with the learning rate inside the velocity.

    Parameters
    ----------
    eta : float
        Learning rate η ≥ 0, ε in the paper.
    rho : float
        Momentum ρ in [0, 1), μ in the paper.

    Notes
    -----
    State: v, of the shape of x, from 0. Source: B. T. Polyak, 1964, in the form of I. Sutskever, J.
    Martens, G. Dahl and G. Hinton, ICML 2013.

    Examples
    --------
    >>> opt = Momentum(eta=0.5, rho=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((-1.0,), 1.0)
    """
    v = rho * v - eta * g
    return -v, v


@paper.rule("Nesterov")
def Nesterov(g, v=0, *, eta, rho):
    """Nesterov's accelerated gradient in two sequences: g is the gradient at θ + ρv, not at θ.

    Parameters
    ----------
    eta : float
        Learning rate η ≥ 0, ε in the paper.
    rho : float
        Momentum ρ in [0, 1), μ in the paper.

    Notes
    -----
    State: v, of the shape of x, from 0. The formula is that of `Momentum`, and `ahead` gives the point
    for the gradient. Flux and the other libraries hold that point φ = θ + ρv as their parameter
    instead, and take the gradient there.

    Source: Yu. E. Nesterov, 1983, in the form of I. Sutskever, J. Martens, G. Dahl and G. Hinton, ICML
    2013.

    Examples
    --------
    >>> opt = Nesterov(eta=0.5, rho=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((-1.0,), 1.0)
    """
    v = rho * v - eta * g
    return -v, v


@paper.rule("RMSProp")
def RMSProp(g, acc=0, *, eta, rho=0.9):
    """RMSProp: divide the gradient by the root of a moving average of its square.

    Parameters
    ----------
    eta : float
        Learning rate η ≥ 0.
    rho : float, default 0.9
        ρ in [0, 1).

    Notes
    -----
    State: acc, of the shape of x, from 0. The slide has no ε.

    Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6, 2012.

    Examples
    --------
    >>> opt = RMSProp(eta=0.5, rho=0.75)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    acc = rho * acc + (1 - rho) * g * g
    return eta * g / sqrt(acc), acc


@paper.rule("Adam")
def Adam(g, m=0, v=0, t: Scalar = 1, *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8, epsilon_hat: Flag = False):
    """Adam, Algorithm 1; or the short form that the paper gives beside it.

    Parameters
    ----------
    eta : float, default 0.001
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root; or ε̂, to the raw one.
    epsilon_hat : bool, default False
        Take the short form, with α_t = α √(1 − β2^t)/(1 − β1^t). It is Algorithm 1 with an ε that
        changes with t: ε = ε̂/√(1 − β2^t).

    Notes
    -----
    State: m and v, of the shape of x, from 0; t, the number of the next step.

    Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, Algorithm
    1 and the text before section 2.1.

    Examples
    --------
    >>> opt = Adam(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 0.5)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * g
    if epsilon_hat:
        step = eta * sqrt(1 - β2**t) / (1 - β1**t) * m / (sqrt(v) + epsilon)
    else:
        step = eta * (m / (1 - β1**t)) / (sqrt(v / (1 - β2**t)) + epsilon)
    return step, m, v, t + 1


@paper.rule("RAdam")
def RAdam(g, m=0, v=0, t: Scalar = 1, *, eta, beta=(0.9, 0.999)):
    """Rectified Adam: as long as ρ ≤ 4, do not divide.

    Parameters
    ----------
    eta : float
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).

    Notes
    -----
    State: m and v, of the shape of x, from 0; t, the number of the next step. There is no ε. The authors'
    code rectifies from ρ ≥ 5, and its last default makes no step at all before.

    Source: L. Liu and others, "On the Variance of the Adaptive Learning Rate and Beyond", ICLR 2020,
    Algorithm 2.

    Examples
    --------
    >>> opt = RAdam(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 1.0)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * g
    ρ_inf = 2 / (1 - β2) - 1
    ρ = ρ_inf - 2 * t * β2**t / (1 - β2**t)
    if ρ > 4:
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        step = eta * r * (m / (1 - β1**t)) * sqrt((1 - β2**t) / v)
    else:
        step = eta * (m / (1 - β1**t))
    return step, m, v, t + 1


@paper.rule("AdaMax")
def AdaMax(g, m=0, u=0, t: Scalar = 1, *, eta=0.002, beta=(0.9, 0.999)):
    """AdaMax: Adam with the largest past gradient, slowly forgotten.

    Parameters
    ----------
    eta : float, default 0.002
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).

    Notes
    -----
    State: m and u, of the shape of x, from 0; t, the number of the next step. There is no ε.

    Source: D. P. Kingma and J. Ba, ICLR 2015, section 7.1, Algorithm 2.

    Examples
    --------
    >>> opt = AdaMax(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, -2.0)
    ((-1.0, 2.0, 2), -0.5)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    u = maximum(β2 * u, abs(g))
    return eta / (1 - β1**t) * m / u, m, u, t + 1


@paper.rule("AdaGrad", meanings={"delta": DELTA})
def AdaGrad(g, acc=0, *, eta, delta: Option(0) = 0):
    """AdaGrad: the gradient divided by the root of the sum of all squared gradients.

    Parameters
    ----------
    eta : float
        Step size η ≥ 0.
    delta : float, default 0
        δ ≥ 0, added to the root.

    Notes
    -----
    State: acc, of the shape of x, from 0; in Flux it starts at ε. The paper's rule has the diagonal
    matrix δI + diag(√acc), and projects onto a set, here the whole space.

    Source: J. Duchi, E. Hazan and Y. Singer, JMLR 12, 2011.

    Examples
    --------
    >>> opt = AdaGrad(eta=0.5)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    acc = acc + g * g
    return eta * g / (sqrt(acc) if delta == 0 else delta + sqrt(acc)), acc


@paper.rule("AdaDelta")
def AdaDelta(g, acc=0, Δacc=0, *, rho=0.95, epsilon=1e-6):
    """AdaDelta: the ratio of two root mean squares, of past steps and of gradients.

    Parameters
    ----------
    rho : float, default 0.95
        ρ in [0, 1).
    epsilon : float, default 1e-6
        ε ≥ 0, inside both roots.

    Notes
    -----
    State: acc, E[g²], and Δacc, E[Δx²], of the shape of x, from 0. The defaults are those of the paper's
    runs.

    Source: M. D. Zeiler, "ADADELTA: An Adaptive Learning Rate Method", arXiv:1212.5701, Algorithm 1.

    Examples
    --------
    >>> opt = AdaDelta(rho=0.75, epsilon=0.0625)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state[0], round(step, 4)
    (1.0, 0.4851)
    """
    acc = rho * acc + (1 - rho) * g * g
    step = sqrt(Δacc + epsilon) / sqrt(acc + epsilon) * g
    Δacc = rho * Δacc + (1 - rho) * step * step
    return step, acc, Δacc


@paper.rule("AMSGrad")
def AMSGrad(g, m=0, v=0, v_max=0, t: Scalar = 1, *, eta, beta=(0.9, 0.99), falling: Flag = False):
    """AMSGrad: Adam without correction, whose denominator never decreases.

    Parameters
    ----------
    eta : float
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.99)
        β1 and β2 in [0, 1); the paper leaves them open, and its synthetic run has β2 = 0.99.
    falling : bool, default False
        Take α_t = α/√t, as the paper's theorem does.

    Notes
    -----
    State: m, v and v_max, of the shape of x, from 0; t where the step size falls. There is no ε and no
    correction. The paper also lets β1 fall, and projects onto a set, here the whole space.

    Source: S. J. Reddi, S. Kale and S. Kumar, "On the Convergence of Adam and Beyond", ICLR 2018,
    Algorithm 2.

    Examples
    --------
    >>> opt = AMSGrad(eta=0.5, beta=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0), 0.5)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * g
    v_max = maximum(v_max, v)
    rate = eta / sqrt(t) if falling else eta
    return rate * m / sqrt(v_max), m, v, v_max, t + 1


@paper.rule("NAdam", meanings={"momentum_decay": MOMENTUM_DECAY, "μ_product": PRODUCT, "μ": MU, "μ_next": MU_NEXT})
def NAdam(
    g, m=0, v=0, μ_product: Scalar = 1.0, t: Scalar = 1, *,
    eta, beta=(0.99, 0.999), epsilon=1e-8, momentum_decay: Option(inf) = 0.004,
):  # fmt: skip
    """NAdam: Adam with Nesterov's look-ahead and a momentum μ that grows.

    Parameters
    ----------
    eta : float
        Step size α ≥ 0.
    beta : pair of float, default (0.99, 0.999)
        μ, to which μ_t grows, and ν, of the average of squares, in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the root.
    momentum_decay : float, default 0.004
        ψ ≥ 0 in μ_t = μ (1 − 0.96^(ψt)/2), 1/250 in the paper. Infinite, it leaves μ_t = μ: Flux's rule.

    Notes
    -----
    State: m and v, n in the paper, of the shape of x, from 0; the product of the μ so far, from 1; t.
    Other than in PyTorch and Keras, m is averaged with μ_t, and there is a factor ν under the root.

    Source: T. Dozat, "Incorporating Nesterov Momentum into Adam", ICLR 2016 workshop, Algorithm 2.

    Examples
    --------
    >>> opt = NAdam(eta=0.5, beta=(0.5, 0.75), epsilon=0, momentum_decay=inf)
    >>> round(opt.apply(opt.init(1.0), 1.0, 2.0)[1], 4)
    0.7698
    """
    β1, β2 = beta
    if momentum_decay == inf:
        μ = μ_next = β1
    else:
        μ = β1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        μ_next = β1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    μ_product = μ_product * μ
    m = μ * m + (1 - μ) * g
    v = β2 * v + (1 - β2) * g * g
    forward = μ_next * m / (1 - μ_product * μ_next) + (1 - μ) * g / (1 - μ_product)
    step = eta * forward / (sqrt(β2 * v / (1 - β2**t)) + epsilon)
    return step, m, v, μ_product, t + 1


@paper.rule("AdamW", meanings={"multiplier": MULTIPLIER})
def AdamW(
    g, x, m=0, v=0, t: Scalar = 1, *,
    eta=0.001, beta=(0.9, 0.999), epsilon=1e-8, decay: Option(0) = 0, multiplier: Option(1) = 1,
):  # fmt: skip
    """Adam with decoupled weight decay: the schedule multiplies step and decay, the step size the step alone.

    Parameters
    ----------
    eta : float, default 0.001
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    decay : float, default 0
        λ ≥ 0, which the paper leaves open.
    multiplier : float, default 1
        The schedule's multiplier, η_t in the paper, κ ≥ 0 here.

    Notes
    -----
    State: m and v, of the shape of x, from 0; t, the number of the next step. With multiplier 1,
    Flux's rule; PyTorch, optax, Keras and Optimisers.jl multiply the decay by the learning rate.

    Source: I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, Algorithm 2.

    Examples
    --------
    >>> opt = AdamW(eta=0.5, beta=(0.5, 0.75), epsilon=0, decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)[1]
    2.5
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * g
    step = eta * (m / (1 - β1**t)) / (sqrt(v / (1 - β2**t)) + epsilon)
    if decay != 0:
        step = step + decay * x
    return step if multiplier == 1 else multiplier * step, m, v, t + 1


@paper.rule("OAdam")
def OAdam(g, m=0, v=0, u=0, t: Scalar = 1, *, eta=0.0001, beta=(0.5, 0.9), epsilon=1e-8):
    """Optimistic Adam: twice Adam's step, less the one before.

    Parameters
    ----------
    eta : float, default 0.0001
        Step size η ≥ 0.
    beta : pair of float, default (0.5, 0.9)
        β1 and β2 in [0, 1), those of the paper's networks.
    epsilon : float, default 1e-8
        ε ≥ 0, added to the corrected root.

    Notes
    -----
    State: m, v and u, Adam's last step, of the shape of x, from 0; t. The authors' code scales the step
    before with the factors of the present one.

    Source: C. Daskalakis, A. Ilyas, V. Syrgkanis and H. Zeng, "Training GANs with Optimism", ICLR 2018.

    Examples
    --------
    >>> opt = OAdam(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 0.5, 2), 1.0)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    v = β2 * v + (1 - β2) * g * g
    before = u
    u = eta * (m / (1 - β1**t)) / (sqrt(v / (1 - β2**t)) + epsilon)
    return 2 * u - before, m, v, u, t + 1


@paper.rule("AdaBelief")
def AdaBelief(g, m=0, s=0, t: Scalar = 1, *, eta=0.001, beta=(0.9, 0.999), epsilon=1e-8):
    """AdaBelief, with both corrections and an ε inside s.

    Parameters
    ----------
    eta : float, default 0.001
        Step size α ≥ 0.
    beta : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-8
        ε ≥ 0, added to s at every step, and to the corrected root. The authors' code has 1e-16 since
        its version 0.1.0.

    Notes
    -----
    State: m and s, of the shape of x, from 0; t, the number of the next step. The first version of the
    paper prints neither the corrections nor the ε in s; Flux v0.12.10 has neither.

    Source: J. Zhuang and others, "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed
    Gradients", NeurIPS 2020, Algorithm 2. Threads: juntang-zhuang/Adabelief-Optimizer #18, #23, #32,
    #57, #61.

    Examples
    --------
    >>> opt = AdaBelief(eta=0.5, beta=(0.5, 0.75), epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 0.25, 2), 1.0)
    """
    β1, β2 = beta
    m = β1 * m + (1 - β1) * g
    s = β2 * s + (1 - β2) * (g - m) * (g - m) + epsilon
    step = eta * (m / (1 - β1**t)) / (sqrt(s / (1 - β2**t)) + epsilon)
    return step, m, s, t + 1


@paper.rule("Lion")
def Lion(g, x, m=0, *, eta, beta=(0.9, 0.99), decay: Option(0) = 0):
    """Lion: the sign of an average of the gradients, and decoupled weight decay.

    Parameters
    ----------
    eta : float
        Learning rate η ≥ 0, of the sign and of the decay.
    beta : pair of float, default (0.9, 0.99)
        β1, of the average whose sign is taken, and β2, of the one that is kept, in [0, 1).
    decay : float, default 0
        λ ≥ 0.

    Notes
    -----
    State: m, of the shape of x, from 0. Source: X. Chen and others, "Symbolic Discovery of Optimization
    Algorithms", arXiv:2302.06675.

    Examples
    --------
    >>> opt = Lion(eta=0.5, beta=(0.5, 0.75), decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)
    ((0.5,), 1.5)
    """
    β1, β2 = beta
    step = sign(β1 * m + (1 - β1) * g)
    m = β2 * m + (1 - β2) * g
    if decay != 0:
        step = step + decay * x
    return eta * step, m
