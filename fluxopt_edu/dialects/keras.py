"""The rules of Keras, as `keras.optimizers` of version 3.15.1 has them.

What all have in common: ``weight_decay`` takes the share ``learning_rate * weight_decay`` of the
parameter away, beside the step, whatever the rule; powers are those of the present β, and t is one
count for the whole model; β^t is computed in the parameter's precision; parameters are real.
"""

from ..ops import maximum, sign, sqrt
from ..rule import Scalar
from .quantities import INITIAL, MEAN, MOMENTUM, MU, MU_NEXT, PRODUCT, UNSCALED
from .rule import Flag, Library, Option

__all__ = ["SGD", "RMSprop", "Adam", "AdamW", "Adamax", "Adagrad", "Adadelta", "Nadam", "Lion"]

keras = Library(
    dialect="keras",
    version="3.15.1",
    prefix="keras.optimizers.",
    meanings={
        "learning_rate": "eta", "beta_1": "beta[0]", "beta_2": "beta[1]", "momentum": "rho", "weight_decay": "decay",
        "l": MEAN, "d": UNSCALED,
    },
    unread=frozenset({"name", "loss_scale_factor"}),
    uncovered=frozenset({
        "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum", "ema_overwrite_frequency", "gradient_accumulation_steps",
    }),
    in_float32="powers",
    complex="",
)  # fmt: skip


def with_decay(step, x, learning_rate, weight_decay):
    """What Keras does beside every step."""
    return step if weight_decay is None or weight_decay == 0 else x * weight_decay * learning_rate + step


@keras.rule({"Descent": {}, "Momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}})
def SGD(g, x, v=0, *, learning_rate=0.01, momentum: Option(0.0) = 0.0, nesterov: Flag = False, weight_decay: Option(None) = None):
    """Gradient descent, with momentum or Nesterov's; the learning rate stands inside the velocity, as in Flux.

    Parameters
    ----------
    learning_rate : float, default 0.01
        η ≥ 0; Flux's defaults are 0.1, 0.01 with momentum and 0.001 with Nesterov's.
    momentum : float, default 0
        ρ in [0, 1).
    nesterov : bool, default False
        Has no effect without momentum.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: v, of the shape of x, from 0, where there is momentum.

    Source: ``keras/src/optimizers/sgd.py``; I. Sutskever, J. Martens, G. Dahl and G. Hinton, ICML 2013.

    Examples
    --------
    >>> opt = SGD(learning_rate=0.5, momentum=0.5, nesterov=True)
    >>> opt, opt.ours
    (keras.SGD(learning_rate=0.5, momentum=0.5, nesterov=True), 'Nesterov')
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((-1.0,), 1.5)
    """
    if momentum == 0:
        step = g * learning_rate
    else:
        v = v * momentum - g * learning_rate
        step = -(v * momentum - g * learning_rate) if nesterov else -v
    return with_decay(step, x, learning_rate, weight_decay), v


@keras.rule("RMSProp", meanings={"momentum": MOMENTUM})
def RMSprop(
    g, x, acc=0, l=0, d=0, *,
    learning_rate=0.001, rho=0.9, momentum: Option(0.0) = 0.0, epsilon=1e-7, centered: Flag = False, weight_decay: Option(None) = None,
):  # fmt: skip
    """RMSProp, with ε inside the root.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0.
    rho : float, default 0.9
        ρ in [0, 1).
    momentum : float, default 0
        μ in [0, 1), on the steps, with the learning rate inside.
    epsilon : float, default 1e-7
        ε ≥ 0, inside the root, in units of the squared gradient: it keeps the denominator above 3e-4.
    centered : bool, default False
        Divide by the standard deviation instead.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: acc, l where ``centered`` and d where there is momentum, of the shape of x, from 0. optax's
    rule; no constant translates ε inside the root to Flux's outside.

    Source: ``keras/src/optimizers/rmsprop.py``, whose docstring calls ε "epsilon hat". Threads:
    tensorflow #58412; keras-team/tf-keras #315.

    Examples
    --------
    >>> opt = RMSprop(learning_rate=0.5, rho=0.75, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    acc = rho * acc + (1 - rho) * (g * g)
    if centered:
        l = rho * l + (1 - rho) * g
        denominator = acc - l * l + epsilon
    else:
        denominator = acc + epsilon
    step = learning_rate * g / sqrt(denominator)
    if momentum != 0:
        d = momentum * d + step
        step = d
    return with_decay(step, x, learning_rate, weight_decay), acc, l, d


@keras.rule({"Adam": {}, "AMSGrad": {"amsgrad": True}})
def Adam(
    g, x, m=0, v=0, v_max=0, t: Scalar = 1, *,
    learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad: Flag = False, weight_decay: Option(None) = None,
):  # fmt: skip
    """Adam in the short form of its paper, with ε̂ on the root before the correction.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0.
    beta_1, beta_2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-7
        ε̂ ≥ 0, added to the root of the raw v: in step t as much as ε = ε̂/√(1 − β2^t) in Algorithm 1.
    amsgrad : bool, default False
        Divide by the largest v so far, of the raw averages.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: m, v and, where ``amsgrad``, v_max, of the shape of x, from 0; t, the number of the next
    step. Flux's rule only where ε is 0.

    Source: ``keras/src/optimizers/adam.py``; D. P. Kingma and J. Ba, ICLR 2015, before section 2.1;
    S. J. Reddi, S. Kale and S. Kumar, ICLR 2018. Threads: tensorflow #9047; optax #571; keras PR #8693.

    Examples
    --------
    >>> opt = Adam(learning_rate=0.5, beta_1=0.5, beta_2=0.75, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 0.5)
    """
    m = m + (g - m) * (1 - beta_1)
    v = v + (g * g - v) * (1 - beta_2)
    if amsgrad:
        v_max = maximum(v_max, v)
    step = m * (learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)) / (sqrt(v_max if amsgrad else v) + epsilon)
    return with_decay(step, x, learning_rate, weight_decay), m, v, v_max, t + 1


@keras.rule("AdamW")
def AdamW(
    g, x, m=0, v=0, v_max=0, t: Scalar = 1, *,
    learning_rate=0.001, weight_decay: Option(0.0) = 0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad: Flag = False,
):  # fmt: skip
    """`Adam` with decoupled weight decay by default.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0, of Adam and of the decay.
    weight_decay : float, default 0.004
        λ ≥ 0: a step takes the share ηλ of the parameter away. Flux's ``decay`` is that share.
    beta_1, beta_2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-7
        ε̂ ≥ 0, added to the root of the raw v.
    amsgrad : bool, default False
        As in `Adam`.

    Notes
    -----
    State: as in `Adam`. Source: ``keras/src/optimizers/adamw.py``, ``base_optimizer.py``; I.
    Loshchilov and F. Hutter, ICLR 2019, Algorithm 2. Thread: tensorflow/addons #2282.

    Examples
    --------
    >>> opt = AdamW(learning_rate=0.5, beta_1=0.5, beta_2=0.75, epsilon=0, weight_decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)
    ((1.0, 1.0, 2), 1.5)
    """
    m = m + (g - m) * (1 - beta_1)
    v = v + (g * g - v) * (1 - beta_2)
    if amsgrad:
        v_max = maximum(v_max, v)
    step = m * (learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)) / (sqrt(v_max if amsgrad else v) + epsilon)
    return with_decay(step, x, learning_rate, weight_decay), m, v, v_max, t + 1


@keras.rule("AdaMax")
def Adamax(
    g, x, m=0, u=0, t: Scalar = 1, *, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay: Option(None) = None
):
    """AdaMax, with ε in the denominator: at equal numbers Flux's rule.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0; the paper recommends 0.002.
    beta_1, beta_2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-7
        ε ≥ 0, added to u; the paper has none. Flux's default is 1e-8.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: m and u, of the shape of x, from 0; t, the number of the next step.

    Source: ``keras/src/optimizers/adamax.py``; D. P. Kingma and J. Ba, ICLR 2015, Algorithm 2.

    Examples
    --------
    >>> opt = Adamax(learning_rate=0.5, beta_1=0.5, beta_2=0.75, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, -2.0)
    ((-1.0, 2.0, 2), -0.5)
    """
    m = m + (g - m) * (1 - beta_1)
    u = maximum(beta_2 * u, abs(g))
    step = learning_rate * m / ((1 - beta_1**t) * (u + epsilon))
    return with_decay(step, x, learning_rate, weight_decay), m, u, t + 1


@keras.rule("AdaGrad", meanings={"initial_accumulator_value": INITIAL})
def Adagrad(
    g, x, acc="initial_accumulator_value", *,
    learning_rate=0.001, initial_accumulator_value: Option(0.0) = 0.1, epsilon=1e-7, weight_decay: Option(None) = None,
):  # fmt: skip
    """AdaGrad, with ε inside the root and a sum that starts at 0.1.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0; Flux's default is 0.1.
    initial_accumulator_value : float, default 0.1
        a_0 ≥ 0, where the sum starts; in the paper 0, in Flux ε.
    epsilon : float, default 1e-7
        ε ≥ 0, inside the root.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: acc, of the shape of x, from a_0. optax's rule, and PyTorch's with a_0 + ε for its start and
    0 for its ε.

    Source: ``keras/src/optimizers/adagrad.py``; J. Duchi, E. Hazan and Y. Singer, JMLR 12, 2011.
    Thread: tensorflow PR #37819.

    Examples
    --------
    >>> opt = Adagrad(learning_rate=0.5, initial_accumulator_value=0.0, epsilon=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    acc = acc + g * g
    step = learning_rate * g / sqrt(acc + epsilon)
    return with_decay(step, x, learning_rate, weight_decay), acc


@keras.rule("AdaDelta")
def Adadelta(g, x, acc=0, Δacc=0, *, learning_rate=0.001, rho=0.95, epsilon=1e-7, weight_decay: Option(None) = None):
    """AdaDelta with a learning rate of 0.001, where the paper's is 1.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0, outside the average of squared steps; the paper and Flux have none, which is 1.
    rho : float, default 0.95
        ρ in [0, 1); Flux's default is 0.9.
    epsilon : float, default 1e-7
        ε ≥ 0, inside both roots; Flux's default is 1e-8.
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: acc and Δacc, of the shape of x, from 0. At a learning rate of 1, Flux's rule.

    Source: ``keras/src/optimizers/adadelta.py``; M. D. Zeiler, arXiv:1212.5701, Algorithm 1. Threads:
    keras #3889, PR #10410, #11532; tensorflow #32950, #36785.

    Examples
    --------
    >>> opt = Adadelta(learning_rate=1.0, rho=0.75, epsilon=0.0625)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state[0], round(step, 4)
    (1.0, 0.4851)
    """
    acc = rho * acc + (1 - rho) * (g * g)
    d = sqrt(Δacc + epsilon) * g / sqrt(acc + epsilon)
    Δacc = rho * Δacc + (1 - rho) * (d * d)
    return with_decay(learning_rate * d, x, learning_rate, weight_decay), acc, Δacc


@keras.rule("NAdam", meanings={"μ_product": PRODUCT, "μ": MU, "μ_next": MU_NEXT})
def Nadam(
    g, x, m=0, v=0, μ_product: Scalar = 1.0, t: Scalar = 1, *,
    learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay: Option(None) = None,
):  # fmt: skip
    """NAdam with a schedule for the momentum μ that is over after some hundred steps.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0.
    beta_1, beta_2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    epsilon : float, default 1e-7
        ε ≥ 0, added to the corrected root, although the docstring says "epsilon hat".
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: m and v, of the shape of x, from 0; the product of the μ so far, from 1; t. Here μ_t =
    β1 (1 − 0.96^t/2); the paper, PyTorch and Keras before 2022 have 0.96^(0.004t). It is PyTorch's
    rule with ``momentum_decay=1``; the factor β2 of the paper under the root is left out.

    Source: ``keras/src/optimizers/nadam.py``; T. Dozat, ICLR 2016 workshop, Algorithm 2. Threads:
    tensorflow #53204; keras #12189, #15710; keras-core PR #551.

    Examples
    --------
    >>> opt = Nadam(learning_rate=0.5, beta_1=0.5, beta_2=0.75, epsilon=0)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> [round(s, 4) for s in state], round(step, 4)
    ([1.0, 1.0, 0.26, 2], 0.5725)
    """
    μ = beta_1 * (1 - 0.5 * 0.96**t)
    μ_next = beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
    μ_product = μ_product * μ
    m = m + (g - m) * (1 - beta_1)
    v = v + (g * g - v) * (1 - beta_2)
    forward = μ_next * m / (1 - μ_product * μ_next) + (1 - μ) * g / (1 - μ_product)
    step = forward * learning_rate / (sqrt(v / (1 - beta_2**t)) + epsilon)
    return with_decay(step, x, learning_rate, weight_decay), m, v, μ_product, t + 1


@keras.rule("Lion")
def Lion(g, x, m=0, *, learning_rate=0.001, beta_1=0.9, beta_2=0.99, weight_decay: Option(None) = None):
    """Lion: the sign of an average.

    Parameters
    ----------
    learning_rate : float, default 0.001
        η ≥ 0.
    beta_1, beta_2 : float, default 0.9 and 0.99
        β1, of the average whose sign is taken, and β2, of the one that is kept, in [0, 1).
    weight_decay : float, optional
        λ ≥ 0, decoupled, times the learning rate.

    Notes
    -----
    State: m, of the shape of x, from 0. The rule of the paper.

    Source: ``keras/src/optimizers/lion.py``; X. Chen and others, arXiv:2302.06675.

    Examples
    --------
    >>> opt = Lion(learning_rate=0.5, beta_1=0.5, beta_2=0.75)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((0.5,), 0.5)
    """
    step = learning_rate * sign(m * beta_1 + g * (1 - beta_1))
    m = m * beta_2 + g * (1 - beta_2)
    return with_decay(step, x, learning_rate, weight_decay), m
