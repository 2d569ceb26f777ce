"""The rules of PyTorch, as `torch.optim` of version 2.13.0 has them.

What all have in common:

- ``weight_decay`` adds the gradient of the penalty (λ/2)‖x‖² to the gradient, except in `AdamW` and
  where ``decoupled_weight_decay`` is set, where a step takes the share ``lr * weight_decay`` of the
  parameter away;
- ``maximize`` climbs: the gradient changes its sign;
- a complex parameter is updated as two real ones, its real and its imaginary part;
- the powers of β are those of the present β: a β that is changed in a run changes them too, other
  than in Flux.
"""

from math import inf

from ..ops import maximum, minimum, sign, sqrt, where
from ..rule import Scalar
from .quantities import (
    BUFFER, DAMPENING, GROW, INITIAL, LARGEST, LAST, LR_DECAY, MEAN, MOMENTUM, MOMENTUM_DECAY, MU, MU_NEXT, PENALISED, PRODUCT,
    SHRINK, SIZE, SMALLEST, UNSCALED,
)  # fmt: skip
from .rule import Flag, Library, Option

__all__ = ["SGD", "RMSprop", "Adam", "AdamW", "RAdam", "NAdam", "Adamax", "Adagrad", "Adadelta", "Rprop"]

torch = Library(
    dialect="torch",
    version="2.13.0",
    prefix="torch.optim.",
    meanings={
        "lr": "eta", "betas": "beta", "eps": "epsilon", "weight_decay": "decay", "momentum": "rho", "dampening": DAMPENING,
        "penalised": PENALISED, "b": BUFFER, "l": MEAN, "d": UNSCALED,
    },
    unread=frozenset({"foreach", "capturable", "differentiable", "fused"}),
    complex="two reals",
)  # fmt: skip


def with_penalty(g, x, weight_decay, maximize):
    """What PyTorch does to the gradient before anything else."""
    if maximize:
        g = -g
    if weight_decay != 0:
        g = g + weight_decay * x
    return g


def _checked_nesterov(opt):
    if opt.nesterov and (opt.momentum == 0 or opt.dampening != 0):
        return f"nesterov = True with momentum = {opt.momentum!r} and dampening = {opt.dampening!r}: expected a momentum and no dampening"


@torch.rule(
    {"Descent": {}, "Momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}},
    keyword_only=("maximize",),
    refused=_checked_nesterov,
)
def SGD(
    g, x, b=0, t: Scalar = 1, *,
    lr=0.001, momentum: Option(0) = 0, dampening: Option(0) = 0, weight_decay: Option(0) = 0,
    nesterov: Flag = False, maximize: Flag = False,
):  # fmt: skip
    """Gradient descent, with momentum or Nesterov's; the learning rate stands outside the momentum.

    Parameters
    ----------
    lr : float, default 0.001
        Learning rate η ≥ 0.
    momentum : float, default 0
        ρ in [0, 1).
    dampening : float, default 0
        τ: the share of a gradient that stays out of the momentum, from the second step on.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty.
    nesterov : bool, default False
        Needs a momentum and no dampening.
    maximize : bool, default False

    Notes
    -----
    State: b, of the shape of x, where there is momentum; t where there is dampening. The first b is
    the gradient itself, not damped, so lr/(1 − ρ) with a dampening of ρ is not Flux's Momentum.

    Flux and Keras have η inside the velocity, v = −ηb: the same steps as long as η is constant. In
    the numbers recorded, a change of η parts the two by 40 % of the way.

    Source: ``torch/optim/sgd.py``; I. Sutskever, J. Martens, G. Dahl and G. Hinton, ICML 2013, whose
    v has η inside. Threads: pytorch #1099, #14465, #45036, PR #887, #1196, #5920.

    Examples
    --------
    >>> opt = SGD(lr=0.5, momentum=0.5, nesterov=True)
    >>> opt, opt.ours
    (torch.SGD(lr=0.5, momentum=0.5, nesterov=True), 'Nesterov')
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((2.0,), 1.5)
    """
    penalised = with_penalty(g, x, weight_decay, maximize)
    if momentum == 0:
        return lr * penalised, b, t + 1
    if dampening == 0:
        b = momentum * b + penalised
    else:
        b = where(t > 1, momentum * b + (1 - dampening) * penalised, penalised)
    step = penalised + momentum * b if nesterov else b
    return lr * step, b, t + 1


@torch.rule("RMSProp", keyword_only=("maximize",), meanings={"alpha": "rho", "momentum": MOMENTUM})
def RMSprop(
    g, x, acc=0, l=0, b=0, *,
    lr=0.01, alpha=0.99, eps=1e-8, weight_decay: Option(0) = 0, momentum: Option(0) = 0, centered: Flag = False, maximize: Flag = False,
):  # fmt: skip
    """RMSProp, with ε outside the root.

    Parameters
    ----------
    lr : float, default 0.01
        Learning rate η ≥ 0; Flux's default is 0.001.
    alpha : float, default 0.99
        ρ in [0, 1); Flux's default is 0.9.
    eps : float, default 1e-8
        ε ≥ 0, added to the root.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty.
    momentum : float, default 0
        μ in [0, 1), on the scaled gradient, with the learning rate outside.
    centered : bool, default False
        Divide by the standard deviation instead: subtract the squared average of the gradient.
    maximize : bool, default False

    Notes
    -----
    State: acc, l where ``centered``, b where there is momentum, of the shape of x, from 0. The same
    rule as Flux's at equal numbers; optax and Keras put ε inside the root.

    Source: ``torch/optim/rmsprop.py``; T. Tieleman and G. Hinton, lecture 6, 2012; centred: A.
    Graves, arXiv:1308.0850. Threads: pytorch #23796, PR #26735, torch/optim #149.

    Examples
    --------
    >>> opt = RMSprop(lr=0.5, alpha=0.75, eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    penalised = with_penalty(g, x, weight_decay, maximize)
    acc = alpha * acc + (1 - alpha) * penalised * penalised
    if centered:
        l = l + (1 - alpha) * (penalised - l)
        root = sqrt(acc - l * l)
    else:
        root = sqrt(acc)
    step = penalised / (root + eps)
    if momentum != 0:
        b = momentum * b + step
        step = b
    return lr * step, acc, l, b


@torch.rule(
    {"Adam": {}, "AMSGrad": {"amsgrad": True}, "AdamW": {"decoupled_weight_decay": True}},
    keyword_only=("maximize", "decoupled_weight_decay"),
)
def Adam(
    g, x, m=0, v=0, v_max=0, t: Scalar = 1, *,
    lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay: Option(0) = 0, amsgrad: Flag = False, maximize: Flag = False,
    decoupled_weight_decay: Flag = False,
):  # fmt: skip
    """Adam, Algorithm 1 of its paper: ε outside the root, after the correction.

    Parameters
    ----------
    lr : float, default 0.001
        Learning rate η ≥ 0.
    betas : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty, or decoupled.
    amsgrad : bool, default False
        Divide by the largest v so far: the maximum is of the raw averages, and is corrected after.
        The paper corrects nothing; optax takes the maximum of corrected averages.
    maximize : bool, default False
    decoupled_weight_decay : bool, default False
        `AdamW`.

    Notes
    -----
    State: m, v and, where ``amsgrad``, v_max, of the shape of x, from 0; t, the number of the next
    step. Until PR #22628 (2019), ε was added to the root before the correction.

    Source: ``torch/optim/adam.py``; D. P. Kingma and J. Ba, ICLR 2015, Algorithm 1; S. J. Reddi, S.
    Kale and S. Kumar, ICLR 2018. Threads: pytorch #2060, #41477, PR #22628, #23737; AMSGrad #142323,
    PR #142351.

    Examples
    --------
    >>> opt = Adam(lr=0.5, betas=(0.5, 0.75), eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 0.5)
    >>> Adam(amsgrad=True).ours
    'AMSGrad'
    """
    β1, β2 = betas
    penalised = with_penalty(g, x, 0 if decoupled_weight_decay else weight_decay, maximize)
    m = m + (1 - β1) * (penalised - m)
    v = β2 * v + (1 - β2) * penalised * penalised
    if amsgrad:
        v_max = maximum(v_max, v)
    root = sqrt(v_max if amsgrad else v)
    step = lr / (1 - β1**t) * m / (root / sqrt(1 - β2**t) + eps)
    if decoupled_weight_decay and weight_decay != 0:
        step = lr * weight_decay * x + step
    return step, m, v, v_max, t + 1


@torch.rule("AdamW", keyword_only=("maximize",))
def AdamW(
    g, x, m=0, v=0, v_max=0, t: Scalar = 1, *,
    lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay: Option(0) = 0.01, amsgrad: Flag = False, maximize: Flag = False,
):  # fmt: skip
    """Adam with decoupled weight decay, which the learning rate multiplies.

    Parameters
    ----------
    lr : float, default 0.001
        Learning rate η ≥ 0, of Adam and of the decay.
    betas : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    weight_decay : float, default 0.01
        λ ≥ 0: a step takes the share ηλ of the parameter away. Flux's ``decay`` is that share.
    amsgrad : bool, default False
        As in `Adam`.
    maximize : bool, default False

    Notes
    -----
    State: as in `Adam`. In the paper, the schedule's multiplier and not η multiplies the decay: at a
    constant η the same rule with another λ, and another rule where η changes.

    Source: ``torch/optim/adamw.py``; I. Loshchilov and F. Hutter, ICLR 2019, Algorithm 2. Threads:
    pytorch #38853, PR #3740, #21250; FluxML/Flux.jl #2433; FluxML/Optimisers.jl #182, PR #188.

    Examples
    --------
    >>> opt = AdamW(lr=0.5, betas=(0.5, 0.75), eps=0, weight_decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)
    ((1.0, 1.0, 2), 1.5)
    """
    β1, β2 = betas
    penalised = with_penalty(g, x, 0, maximize)
    m = m + (1 - β1) * (penalised - m)
    v = β2 * v + (1 - β2) * penalised * penalised
    if amsgrad:
        v_max = maximum(v_max, v)
    root = sqrt(v_max if amsgrad else v)
    step = lr / (1 - β1**t) * m / (root / sqrt(1 - β2**t) + eps)
    if weight_decay != 0:
        step = lr * weight_decay * x + step
    return step, m, v, v_max, t + 1


@torch.rule("RAdam", keyword_only=("maximize",))
def RAdam(
    g, x, m=0, v=0, t: Scalar = 1, *,
    lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay: Option(0) = 0, decoupled_weight_decay: Flag = False, maximize: Flag = False,
):  # fmt: skip
    """Rectified Adam, with ρ > 5 where the paper and Flux have ρ > 4, and ε on the raw root.

    Parameters
    ----------
    lr : float, default 0.001
        Learning rate η ≥ 0.
    betas : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the root before the correction; the paper has none, and Flux adds it after.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty, or decoupled.
    decoupled_weight_decay : bool, default False
    maximize : bool, default False

    Notes
    -----
    State: m and v, of the shape of x, from 0; t, the number of the next step. At β2 = 0.999, ρ_5 =
    4.996: exactly one step, the fifth, differs from the paper's.

    Source: ``torch/optim/radam.py``; L. Liu and others, ICLR 2020, Algorithm 2; the authors' code has
    ρ ≥ 5. Threads: pytorch PR #58968, #92551; optax PR #15.

    Examples
    --------
    >>> opt = RAdam(lr=0.5, betas=(0.5, 0.75))
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 1.0)
    """
    β1, β2 = betas
    penalised = with_penalty(g, x, 0 if decoupled_weight_decay else weight_decay, maximize)
    m = m + (1 - β1) * (penalised - m)
    v = β2 * v + (1 - β2) * penalised * penalised
    ρ_inf = 2 / (1 - β2) - 1
    ρ = ρ_inf - 2 * t * β2**t / (1 - β2**t)
    if ρ > 5:
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        step = m / (1 - β1**t) * lr * (sqrt(1 - β2**t) / (sqrt(v) + eps)) * r
    else:
        step = m / (1 - β1**t) * lr
    if decoupled_weight_decay and weight_decay != 0:
        step = lr * weight_decay * x + step
    return step, m, v, t + 1


@torch.rule(
    "NAdam",
    keyword_only=("maximize",),
    meanings={"momentum_decay": MOMENTUM_DECAY, "μ_product": PRODUCT, "μ": MU, "μ_next": MU_NEXT},
)
def NAdam(
    g, x, m=0, v=0, μ_product: Scalar = 1.0, t: Scalar = 1, *,
    lr=0.002, betas=(0.9, 0.999), eps=1e-8, weight_decay: Option(0) = 0, momentum_decay: Option(inf) = 0.004,
    decoupled_weight_decay: Flag = False, maximize: Flag = False,
):  # fmt: skip
    """NAdam with the paper's schedule for the momentum μ, but m averaged with β1.

    Parameters
    ----------
    lr : float, default 0.002
        Learning rate η ≥ 0.
    betas : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty, or decoupled.
    momentum_decay : float, default 0.004
        ψ ≥ 0 in μ_t = β1 (1 − 0.96^(ψt)/2). Infinite, it leaves μ_t = β1.
    decoupled_weight_decay : bool, default False
    maximize : bool, default False

    Notes
    -----
    State: m and v, of the shape of x, from 0; the product of the μ so far, from 1; t. Algorithm 2 of
    the paper averages m with μ_t, and has a factor β2 under the root: with ``momentum_decay=inf`` and
    both lr and eps divided by √β2, this rule is Flux's.

    PyTorch holds the product in its default dtype: float32 unless that is changed, which costs
    float64 parameters up to 2e-10 in 40 steps. Here it is Python's float64.

    Source: ``torch/optim/nadam.py``; T. Dozat, ICLR 2016 workshop, Algorithm 2. Threads: pytorch PR
    #59009, #92699; optax PR #719; keras #15710.

    Examples
    --------
    >>> from math import inf
    >>> opt = NAdam(lr=0.5, betas=(0.5, 0.75), eps=0, momentum_decay=inf)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state, round(step, 4)
    ((1.0, 1.0, 0.5, 2), 0.6667)
    """
    β1, β2 = betas
    penalised = with_penalty(g, x, 0 if decoupled_weight_decay else weight_decay, maximize)
    if momentum_decay == inf:
        μ = μ_next = β1
    else:
        μ = β1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        μ_next = β1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    μ_product = μ_product * μ
    m = m + (1 - β1) * (penalised - m)
    v = β2 * v + (1 - β2) * penalised * penalised
    root = sqrt(v / (1 - β2**t)) + eps
    step = lr * (1 - μ) / (1 - μ_product) * penalised / root + lr * μ_next / (1 - μ_product * μ_next) * m / root
    if decoupled_weight_decay and weight_decay != 0:
        step = lr * weight_decay * x + step
    return step, m, v, μ_product, t + 1


@torch.rule("AdaMax", keyword_only=("maximize",))
def Adamax(
    g, x, m=0, u=0, t: Scalar = 1, *, lr=0.002, betas=(0.9, 0.999), eps=1e-8, weight_decay: Option(0) = 0, maximize: Flag = False
):
    """AdaMax, with ε inside the maximum instead of in the denominator.

    Parameters
    ----------
    lr : float, default 0.002
        Learning rate η ≥ 0.
    betas : pair of float, default (0.9, 0.999)
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to each |g| of the maximum; the paper has none, and Flux adds it to u.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty.
    maximize : bool, default False

    Notes
    -----
    State: m and u, of the shape of x, from 0; t, the number of the next step. A step differs from
    Flux's by a share of at most ε/u.

    Source: ``torch/optim/adamax.py``; D. P. Kingma and J. Ba, ICLR 2015, Algorithm 2. Threads: Flux PR
    #245; PaddlePaddle #36712.

    Examples
    --------
    >>> opt = Adamax(lr=0.5, betas=(0.5, 0.75), eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, -2.0)
    ((-1.0, 2.0, 2), -0.5)
    """
    β1, β2 = betas
    penalised = with_penalty(g, x, weight_decay, maximize)
    m = m + (1 - β1) * (penalised - m)
    u = maximum(β2 * u, abs(penalised) + eps)
    step = lr / (1 - β1**t) * m / u
    return step, m, u, t + 1


@torch.rule("AdaGrad", keyword_only=("maximize",), meanings={"lr_decay": LR_DECAY, "initial_accumulator_value": INITIAL})
def Adagrad(
    g, x, acc="initial_accumulator_value", t: Scalar = 1, *,
    lr=0.01, lr_decay: Option(0) = 0, weight_decay: Option(0) = 0, initial_accumulator_value: Option(0) = 0, eps=1e-10,
    maximize: Flag = False,
):  # fmt: skip
    """AdaGrad, whose sum starts where one likes.

    Parameters
    ----------
    lr : float, default 0.01
        Learning rate η ≥ 0.
    lr_decay : float, default 0
        ζ ≥ 0: step t has the learning rate η/(1 + (t − 1)ζ).
    weight_decay : float, default 0
        λ ≥ 0, of the penalty.
    initial_accumulator_value : float, default 0
        a_0 ≥ 0, where the sum starts; in Flux it is ε.
    eps : float, default 1e-10
        ε ≥ 0, added to the root.
    maximize : bool, default False

    Notes
    -----
    State: acc, of the shape of x, from a_0; t where the learning rate falls. With equal numbers for
    ε and a_0, this rule is Flux's; so the default is not one of Flux's.

    Source: ``torch/optim/adagrad.py``; J. Duchi, E. Hazan and Y. Singer, JMLR 12, 2011. Threads:
    pytorch PR #6616, #8148, #24980, #125886.

    Examples
    --------
    >>> opt = Adagrad(lr=0.5, eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    penalised = with_penalty(g, x, weight_decay, maximize)
    acc = acc + penalised * penalised
    step = penalised / (sqrt(acc) + eps)
    if lr_decay != 0:
        return lr / (1 + (t - 1) * lr_decay) * step, acc, t + 1
    return lr * step, acc, t + 1


@torch.rule("AdaDelta", keyword_only=("maximize",))
def Adadelta(g, x, acc=0, Δacc=0, *, lr=1.0, rho=0.9, eps=1e-6, weight_decay: Option(0) = 0, maximize: Flag = False):
    """AdaDelta, with a learning rate outside: the average of squared steps is of the steps before it.

    Parameters
    ----------
    lr : float, default 1
        η ≥ 0; the paper and Flux have none.
    rho : float, default 0.9
        ρ in [0, 1).
    eps : float, default 1e-6
        ε ≥ 0, inside both roots; it sets the size of the first steps. Flux's default is 1e-8.
    weight_decay : float, default 0
        λ ≥ 0, of the penalty.
    maximize : bool, default False

    Notes
    -----
    State: acc and Δacc, of the shape of x, from 0. At lr = 1, Flux's rule.

    Source: ``torch/optim/adadelta.py``; M. D. Zeiler, arXiv:1212.5701, Algorithm 1. Threads: keras
    #3889; tensorflow #36785.

    Examples
    --------
    >>> opt = Adadelta(rho=0.75, eps=0.0625)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state[0], round(step, 4)
    (1.0, 0.4851)
    """
    penalised = with_penalty(g, x, weight_decay, maximize)
    acc = rho * acc + (1 - rho) * penalised * penalised
    d = sqrt(Δacc + eps) / sqrt(acc + eps) * penalised
    Δacc = rho * Δacc + (1 - rho) * d * d
    return lr * d, acc, Δacc


@torch.rule(
    "Rprop", keyword_only=("maximize",), meanings={"etas": (SHRINK, GROW), "step_sizes": (SMALLEST, LARGEST), "g_last": LAST, "h": SIZE}
)
def Rprop(g, g_last=0, h="lr", *, lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-6, 50.0), maximize: Flag = False):
    """Rprop: each coordinate has a step of its own, which grows while the gradient keeps its sign.

    Parameters
    ----------
    lr : float, default 0.01
        Where the steps start, in units of x.
    etas : pair of float, default (0.5, 1.2)
        The factors by which a step shrinks and grows.
    step_sizes : pair of float, default (1e-6, 50)
        The smallest and the largest step.
    maximize : bool, default False

    Notes
    -----
    State: g_last, the gradient before, from 0, and 0 where its sign has just changed; h, the sizes of
    the steps, from η; of the shape of x. For whole batches: it reads the gradient's sign alone.

    Source: ``torch/optim/rprop.py``; M. Riedmiller and H. Braun, ICNN 1993.

    Examples
    --------
    >>> opt = Rprop(lr=0.5)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 3.0)
    >>> opt.apply(state, 1.0, -3.0)
    ((0, 0.25), 0.0)
    """
    shrink, grow = etas
    smallest, largest = step_sizes
    penalised = with_penalty(g, None, 0, maximize)
    agreement = penalised * g_last
    factor = where(agreement > 0, grow, where(agreement < 0, shrink, 1))
    h = minimum(maximum(h * factor, smallest), largest)
    g_last = where(agreement < 0, 0, penalised)
    return sign(g_last) * h, g_last, h
