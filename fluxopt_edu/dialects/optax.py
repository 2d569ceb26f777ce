"""The rules of optax, of version 0.2.8, as its aliases compose them.

What all have in common: ``learning_rate`` is mandatory but in `adadelta`; a number here, as a schedule
is another rule at every step; the powers of a decay rate are those of the present rate; a complex
parameter is updated with |g|². In float32, β^t is computed in float32, as it is in JAX by default.
"""

from ..ops import conj, maximum, minimum, sign, sqrt, where
from ..rule import Scalar
from .quantities import (
    BUFFER, EPSILON_ROOT, GROW, INITIAL, LARGEST, LAST, MEAN, MOMENTUM, OPTIMISM, PENALISED, SHRINK, SIZE, SMALLEST,
    THRESHOLD, UNSCALED, WEIGHT,
)  # fmt: skip
from .rule import Flag, Library, Option

__all__ = [
    "sgd", "rmsprop", "adam", "adamw", "nadam", "nadamw", "radam", "adamax", "adagrad", "adadelta", "amsgrad", "adabelief",
    "optimistic_adam", "optimistic_adam_v2", "lion", "rprop",
]  # fmt: skip

optax = Library(
    dialect="optax",
    version="0.2.8",
    prefix="optax.",
    meanings={
        "learning_rate": "eta", "b1": "beta[0]", "b2": "beta[1]", "eps": "epsilon", "eps_root": EPSILON_ROOT, "weight_decay": "decay",
        "momentum": "rho", "b": BUFFER, "l": MEAN, "d": UNSCALED, "penalised": PENALISED,
    },
    unread=frozenset({"mu_dtype", "accumulator_dtype"}),
    uncovered=frozenset({"mask", "weight_decay_mask"}),
    in_float32="powers",
)  # fmt: skip


def look_ahead(g, m, b1, t, nesterov):
    """m after bias correction; with `nesterov`, of one step ahead."""
    if nesterov:
        return b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)
    return m / (1 - b1**t)


def root_of(v, eps_root):
    return sqrt(v + eps_root) if eps_root != 0 else sqrt(v)


@optax.rule({"Descent": {}, "Momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}})
def sgd(g, b=0, *, learning_rate, momentum: Option(None) = None, nesterov: Flag = False):
    """Gradient descent, with momentum or Nesterov's; the learning rate stands outside the momentum.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    momentum : float, optional
        ρ in [0, 1).
    nesterov : bool, default False
        Has no effect without a momentum.

    Notes
    -----
    State: b, of the shape of x, from 0, where there is momentum. As PyTorch's without dampening:
    Flux has η inside the velocity, which is the same as long as η is constant.

    Source: ``optax/_src/alias.py``, ``sgd``; ``optax/transforms/_accumulation.py``, ``trace``.

    Examples
    --------
    >>> opt = sgd(0.5, momentum=0.5)
    >>> opt, opt.ours
    (optax.sgd(learning_rate=0.5, momentum=0.5), 'Momentum')
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((2.0,), 1.0)
    """
    if momentum is None:
        return learning_rate * g, b
    b = g + momentum * b
    step = g + momentum * b if nesterov else b
    return learning_rate * step, b


@optax.rule("RMSProp", meanings={"decay": "rho", "initial_scale": INITIAL, "momentum": MOMENTUM})
def rmsprop(
    g, acc="initial_scale", l=0, b=0, t: Scalar = 1, *,
    learning_rate, decay=0.9, eps=1e-8, initial_scale: Option(0) = 0.0, eps_in_sqrt: Flag = True, centered: Flag = False,
    momentum: Option(None) = None, nesterov: Flag = False, bias_correction: Flag = False,
):  # fmt: skip
    """RMSProp, with ε inside the root unless told otherwise.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    decay : float, default 0.9
        ρ in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, in units of the squared gradient inside the root, of the gradient outside.
    initial_scale : float, default 0
        a_0 ≥ 0, where the average starts.
    eps_in_sqrt : bool, default True
        False adds ε to the root, as Flux and PyTorch do.
    centered : bool, default False
        Divide by the standard deviation instead.
    momentum : float, optional
        μ in [0, 1), on the steps, with the learning rate inside.
    nesterov : bool, default False
    bias_correction : bool, default False

    Notes
    -----
    State: acc from a_0; l where ``centered`` and b where there is momentum, from 0; of the shape of
    x; t where ``bias_correction``. ε = 1e-8 inside keeps the denominator above 1e-4: on gradients of
    size 1e-6 the steps are some hundred times shorter than Flux's. Inside and outside are not translated
    into each other by any constant.

    Source: ``alias.py``, ``rmsprop``; ``transform.py``, ``scale_by_rms``, ``scale_by_stddev``.
    Threads: optax #532, PR #595; jax PR #1427.

    Examples
    --------
    >>> opt = rmsprop(0.5, decay=0.75, eps=0.0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0,), 1.0)
    """
    acc = (1 - decay) * g * conj(g) + decay * acc
    v = acc / (1 - decay**t) if bias_correction else acc
    if centered:
        l = (1 - decay) * g + decay * l
        mean = l / (1 - decay**t) if bias_correction else l
        v = v - mean * conj(mean)
    root = sqrt(v + eps) if eps_in_sqrt else sqrt(v) + eps
    d = learning_rate * (g / root)
    if momentum is None:
        return d, acc, l, b, t + 1
    b = d + momentum * b
    step = d + momentum * b if nesterov else b
    return step, acc, l, b, t + 1


@optax.rule({"Adam": {}, "NAdam": {"nesterov": True}}, keyword_only=("nesterov",))
def adam(
    g, m=0, v=0, t: Scalar = 1, *, learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, nesterov: Flag = False
):
    """Adam, Algorithm 1 of its paper: ε outside the root, after the correction.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    eps_root : float, default 0
        ε_r ≥ 0, inside it.
    nesterov : bool, default False
        `nadam`.

    Notes
    -----
    State: m and v, of the shape of x, from 0; t, the number of the next step.

    Source: ``alias.py``, ``adam``; ``transform.py``, ``scale_by_adam``; D. P. Kingma and J. Ba, ICLR
    2015, Algorithm 1. Threads: optax #571, PR #572.

    Examples
    --------
    >>> opt = adam(0.5, b1=0.5, b2=0.75, eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 0.5)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    step = look_ahead(g, m, b1, t, nesterov) / (root_of(v / (1 - b2**t), eps_root) + eps)
    return learning_rate * step, m, v, t + 1


@optax.rule({"AdamW": {}}, keyword_only=("weight_decay", "nesterov"))
def adamw(
    g, x, m=0, v=0, t: Scalar = 1, *,
    learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, weight_decay: Option(0) = 0.0001, nesterov: Flag = False,
):  # fmt: skip
    """Adam with decoupled weight decay, which the learning rate multiplies.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0, of Adam and of the decay.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    eps_root : float, default 0
        ε_r ≥ 0, inside it.
    weight_decay : float, default 1e-4
        λ ≥ 0: a step takes the share ηλ of the parameter away. Flux's ``decay`` is that share.
    nesterov : bool, default False
        `nadamw`.

    Notes
    -----
    State: as in `adam`. Source: ``alias.py``, ``adamw``; ``transform.py``, ``scale_by_adam``,
    ``add_decayed_weights``; I. Loshchilov and F. Hutter, ICLR 2019, Algorithm 2. Thread: optax #292.

    Examples
    --------
    >>> opt = adamw(0.5, b1=0.5, b2=0.75, eps=0, weight_decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)
    ((1.0, 1.0, 2), 1.5)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    step = look_ahead(g, m, b1, t, nesterov) / (root_of(v / (1 - b2**t), eps_root) + eps)
    if weight_decay != 0:
        step = step + weight_decay * x
    return learning_rate * step, m, v, t + 1


@optax.rule("NAdam")
def nadam(g, m=0, v=0, t: Scalar = 1, *, learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0):
    """NAdam with a constant momentum, without the factor β2 under the root that the paper and Flux have.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root.
    eps_root : float, default 0
        ε_r ≥ 0, inside it.

    Notes
    -----
    State: as in `adam`. With learning_rate and eps divided by √β2, Flux's rule.

    Source: ``alias.py``, ``nadam``; ``transform.py``, ``scale_by_adam``; T. Dozat, ICLR 2016
    workshop. Threads: optax PR #529, #719, #1128.

    Examples
    --------
    >>> opt = nadam(0.5, b1=0.5, b2=0.75, eps=0)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 2.0)
    >>> state, round(step, 4)
    ((1.0, 1.0, 2), 0.6667)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    step = look_ahead(g, m, b1, t, True) / (root_of(v / (1 - b2**t), eps_root) + eps)
    return learning_rate * step, m, v, t + 1


@optax.rule("NAdamW", keyword_only=("weight_decay",))
def nadamw(
    g, x, m=0, v=0, t: Scalar = 1, *,
    learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, weight_decay: Option(0) = 0.0001,
):  # fmt: skip
    """`nadam` with the weight decay of `adamw`.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps, eps_root : float, default 1e-8 and 0
        ε and ε_r ≥ 0.
    weight_decay : float, default 1e-4
        λ ≥ 0, times the learning rate.

    Notes
    -----
    State: as in `adam`. Source: ``alias.py``, ``nadamw``. No rule of Flux.

    Examples
    --------
    >>> opt = nadamw(0.5, b1=0.5, b2=0.75, eps=0, weight_decay=0.25)
    >>> round(opt.apply(opt.init(8.0), 8.0, 2.0)[1], 4)
    1.6667
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    step = look_ahead(g, m, b1, t, True) / (root_of(v / (1 - b2**t), eps_root) + eps)
    if weight_decay != 0:
        step = step + weight_decay * x
    return learning_rate * step, m, v, t + 1


@optax.rule("RAdam", keyword_only=("nesterov",), meanings={"threshold": THRESHOLD})
def radam(
    g, m=0, v=0, t: Scalar = 1, *,
    learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, threshold=5.0, nesterov: Flag = False,
):  # fmt: skip
    """Rectified Adam, from a length of the average that one chooses.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the corrected root; the paper has none.
    eps_root : float, default 0
        ε_r ≥ 0, inside it.
    threshold : float, default 5
        Steps are rectified where ρ_t is at least that. The paper and Flux have ρ_t > 4.
    nesterov : bool, default False

    Notes
    -----
    State: as in `adam`. With ``threshold=4``, Flux's rule; at the default one step differs, the fifth
    where β2 = 0.999.

    Source: ``alias.py``, ``radam``; ``transform.py``, ``scale_by_radam``; L. Liu and others, ICLR
    2020, Algorithm 2. Threads: optax PR #15; pytorch PR #58968.

    Examples
    --------
    >>> opt = radam(0.5, b1=0.5, b2=0.75)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 2), 1.0)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    forward = look_ahead(g, m, b1, t, nesterov)
    ρ_inf = 2 / (1 - b2) - 1
    ρ = ρ_inf - 2 * t * b2**t / (1 - b2**t)
    if ρ >= threshold:
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        step = learning_rate * (r * forward / (root_of(v / (1 - b2**t), eps_root) + eps))
    else:
        step = learning_rate * forward
    return step, m, v, t + 1


@optax.rule("AdaMax")
def adamax(g, m=0, u=0, t: Scalar = 1, *, learning_rate, b1=0.9, b2=0.999, eps=1e-8):
    """AdaMax, with ε inside the maximum instead of in the denominator.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to each |g| of the maximum; the paper has none, and Flux adds it to u.

    Notes
    -----
    State: m and u, of the shape of x, from 0; t, the number of the next step. PyTorch's rule; a step
    differs from Flux's by a share of at most ε/u. Real parameters only.

    Source: ``alias.py``, ``adamax``; ``transform.py``, ``scale_by_adamax``; D. P. Kingma and J. Ba,
    ICLR 2015, Algorithm 2.

    Examples
    --------
    >>> opt = adamax(0.5, b1=0.5, b2=0.75, eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, -2.0)
    ((-1.0, 2.0, 2), -0.5)
    """
    m = (1 - b1) * g + b1 * m
    u = maximum(abs(g) + eps, b2 * u)
    step = m / (1 - b1**t) / u
    return learning_rate * step, m, u, t + 1


@optax.rule("AdaGrad", meanings={"initial_accumulator_value": INITIAL})
def adagrad(g, acc="initial_accumulator_value", *, learning_rate, initial_accumulator_value: Option(0) = 0.1, eps=1e-7):
    """AdaGrad, with ε inside the root and a sum that starts at 0.1.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    initial_accumulator_value : float, default 0.1
        a_0 ≥ 0, where the sum starts; in the paper 0, in Flux ε.
    eps : float, default 1e-7
        ε ≥ 0, inside the root.

    Notes
    -----
    State: acc, of the shape of x, from a_0. A coordinate whose sum is 0 does not move. The same as
    PyTorch's with a_0 + ε for its start and 0 for its ε.

    Source: ``alias.py``, ``adagrad``; ``transform.py``, ``scale_by_rss``; J. Duchi, E. Hazan and Y.
    Singer, JMLR 12, 2011.

    Examples
    --------
    >>> opt = adagrad(0.5, initial_accumulator_value=0.0, eps=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((4.0,), 0.5)
    """
    acc = g * conj(g) + acc
    step = where(acc > 0, g / sqrt(acc + eps), 0)
    return learning_rate * step, acc


@optax.rule("AdaDelta")
def adadelta(g, x, acc=0, Δacc=0, *, learning_rate: Option(None) = None, rho=0.9, eps=1e-6, weight_decay: Option(0) = 0.0):
    """AdaDelta; without a learning rate it climbs.

    Parameters
    ----------
    learning_rate : float, optional
        η ≥ 0; the paper and Flux have none, which is 1. None, the default, leaves the minus sign out
        together with the rate: the parameter moves up the gradient. Always give one.
    rho : float, default 0.9
        ρ in [0, 1).
    eps : float, default 1e-6
        ε ≥ 0, inside both roots; Flux's default is 1e-8.
    weight_decay : float, default 0
        λ ≥ 0, of a penalty: added to the gradient.

    Notes
    -----
    State: acc and Δacc, of the shape of x, from 0. The default rate is legal since 0.2.5.

    Source: ``alias.py``, ``adadelta``; ``transform.py``, ``scale_by_adadelta``,
    ``scale_by_learning_rate``; M. D. Zeiler, arXiv:1212.5701, Algorithm 1. Thread: optax #1242.

    Examples
    --------
    >>> opt, upwards = adadelta(1.0, rho=0.75, eps=0.0625), adadelta(rho=0.75, eps=0.0625)
    >>> [round(o.apply(o.init(1.0), 1.0, 2.0)[1], 4) for o in (opt, upwards)]
    [0.4851, -0.4851]
    """
    penalised = g + weight_decay * x if weight_decay != 0 else g
    acc = (1 - rho) * penalised * penalised + rho * acc
    d = sqrt(Δacc + eps) / sqrt(acc + eps) * penalised
    Δacc = (1 - rho) * d * d + rho * Δacc
    step = -d if learning_rate is None else learning_rate * d
    return step, acc, Δacc


@optax.rule("AMSGrad", keyword_only=("bias_correction_mu", "bias_correction_nu"))
def amsgrad(
    g, m=0, v=0, v_max=0, t: Scalar = 1, *,
    learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, bias_correction_mu: Flag = True, bias_correction_nu: Flag = True,
):  # fmt: skip
    """AMSGrad, whose maximum is of bias-corrected averages.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-8
        ε ≥ 0, added to the root.
    eps_root : float, default 0
        ε_r ≥ 0, inside it.
    bias_correction_mu, bias_correction_nu : bool, default True
        Correct m, and v before the maximum. Both False is the paper's rule, and Flux's but for the ε
        with which Flux fills its states.

    Notes
    -----
    State: m, v and v_max, of the shape of x, from 0; t where something is corrected. PyTorch and Keras
    correct after the maximum, which is another sequence. Real parameters only.

    Source: ``alias.py``, ``amsgrad``; ``transform.py``, ``scale_by_amsgrad``; S. J. Reddi, S. Kale and
    S. Kumar, ICLR 2018, Algorithm 2. Threads: optax #1389, PR #1423; pytorch #142323.

    Examples
    --------
    >>> opt = amsgrad(0.5, b1=0.5, b2=0.75, eps=0, bias_correction_mu=False, bias_correction_nu=False)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0), 0.5)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    v_max = maximum(v_max, v / (1 - b2**t) if bias_correction_nu else v)
    step = (m / (1 - b1**t) if bias_correction_mu else m) / (root_of(v_max, eps_root) + eps)
    return learning_rate * step, m, v, v_max, t + 1


@optax.rule("AdaBelief", keyword_only=("nesterov",))
def adabelief(
    g, m=0, s=0, t: Scalar = 1, *, learning_rate, b1=0.9, b2=0.999, eps=1e-16, eps_root: Option(0) = 1e-16, nesterov: Flag = False
):
    """AdaBelief with its corrections, an ε that grows in s and another outside the root.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1).
    eps : float, default 1e-16
        ε ≥ 0, added to the corrected root.
    eps_root : float, default 1e-16
        ε_r ≥ 0, added to s at every step.
    nesterov : bool, default False

    Notes
    -----
    State: m and s, of the shape of x, from 0; t, the number of the next step. At the defaults Flux's
    since v0.13.1; v0.12.10 corrects nothing.

    Source: ``alias.py``, ``adabelief``; ``transform.py``, ``scale_by_belief``; J. Zhuang and others,
    NeurIPS 2020, Algorithm 2. Threads: optax #440, PR #12, #869, #1264.

    Examples
    --------
    >>> opt = adabelief(0.5, b1=0.5, b2=0.75, eps=0, eps_root=0)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 0.25, 2), 1.0)
    """
    m = (1 - b1) * g + b1 * m
    s = (1 - b2) * (g - m) * conj(g - m) + b2 * s
    if eps_root != 0:
        s = s + eps_root
    step = look_ahead(g, m, b1, t, nesterov) / (sqrt(s / (1 - b2**t)) + eps)
    return learning_rate * step, m, s, t + 1


@optax.rule("OAdam", keyword_only=("nesterov",), meanings={"optimism": OPTIMISM})
def optimistic_adam(
    g, m=0, v=0, d=0, t: Scalar = 1, *,
    learning_rate, optimism: Option(None) = None, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, nesterov: Flag = True,
):  # fmt: skip
    """Optimistic Adam, deprecated for `optimistic_adam_v2`.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    optimism : float, optional
        ω ≥ 0, the weight of the change from the last step to this; η if it is not given.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1); Flux's defaults are 0.5 and 0.9.
    eps, eps_root : float, default 1e-8 and 0
        ε and ε_r ≥ 0.
    nesterov : bool, default True

    Notes
    -----
    State: m, v and d, Adam's last direction, of the shape of x, from 0; t. The first step has no
    optimism, as there is no change: Flux's first is twice as long, and all later ones are the same
    where ``nesterov`` is False.

    Source: ``alias.py``, ``optimistic_adam``; ``transform.py``, ``scale_by_optimistic_gradient``; C.
    Daskalakis and others, ICLR 2018. Threads: optax #1081, #1082, PR #1088.

    Examples
    --------
    >>> opt = optimistic_adam(0.5, b1=0.5, b2=0.75, eps=0, nesterov=False)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0, 2), 0.5)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    before = d
    d = look_ahead(g, m, b1, t, nesterov) / (root_of(v / (1 - b2**t), eps_root) + eps)
    before = where(t > 1, before, d)
    weight = learning_rate if optimism is None else optimism
    return (learning_rate + weight) * d - weight * before, m, v, d, t + 1


@optax.rule(
    "OAdam",
    keyword_only=("alpha", "beta", "b1", "b2", "eps", "eps_root", "nesterov"),
    meanings={"alpha": WEIGHT, "beta": OPTIMISM},
)
def optimistic_adam_v2(
    g, m=0, v=0, d=0, t: Scalar = 1, *,
    learning_rate, alpha=1.0, beta=1.0, b1=0.9, b2=0.999, eps=1e-8, eps_root: Option(0) = 0.0, nesterov: Flag = True,
):  # fmt: skip
    """Optimistic Adam: Adam's direction, and its change from the last step to this once more.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0.
    alpha, beta : float, default 1
        α and ω ≥ 0, the weights of the direction and of its change.
    b1, b2 : float, default 0.9 and 0.999
        β1 and β2 in [0, 1); Flux's defaults are 0.5 and 0.9.
    eps, eps_root : float, default 1e-8 and 0
        ε and ε_r ≥ 0.
    nesterov : bool, default True
        The paper has it not.

    Notes
    -----
    State: as in `optimistic_adam`; the first step has no optimism.

    Source: ``alias.py``, ``optimistic_adam_v2``; ``transform.py``, ``scale_by_optimistic_gradient``;
    C. Daskalakis and others, ICLR 2018. Threads: optax #1082, PR #1088, #1089.

    Examples
    --------
    >>> opt = optimistic_adam_v2(0.5, b1=0.5, b2=0.75, eps=0, nesterov=False)
    >>> opt.apply(opt.init(1.0), 1.0, 2.0)
    ((1.0, 1.0, 1.0, 2), 0.5)
    """
    m = (1 - b1) * g + b1 * m
    v = (1 - b2) * g * conj(g) + b2 * v
    before = d
    d = look_ahead(g, m, b1, t, nesterov) / (root_of(v / (1 - b2**t), eps_root) + eps)
    before = where(t > 1, before, d)
    return learning_rate * ((alpha + beta) * d - beta * before), m, v, d, t + 1


@optax.rule("Lion", keyword_only=("weight_decay",))
def lion(g, x, m=0, *, learning_rate, b1=0.9, b2=0.99, weight_decay: Option(0) = 0.001):
    """Lion: the sign of an average, with decoupled weight decay.

    Parameters
    ----------
    learning_rate : float
        η ≥ 0, of the sign and of the decay.
    b1, b2 : float, default 0.9 and 0.99
        β1, of the average whose sign is taken, and β2, of the one that is kept, in [0, 1).
    weight_decay : float, default 0.001
        λ ≥ 0, times the learning rate.

    Notes
    -----
    State: m, of the shape of x, from 0. The rule of the paper and of Keras; Optimisers.jl 0.4.8 has
    another.

    Source: ``alias.py``, ``lion``; ``transform.py``, ``scale_by_lion``; X. Chen and others,
    arXiv:2302.06675.

    Examples
    --------
    >>> opt = lion(0.5, b1=0.5, b2=0.75, weight_decay=0.25)
    >>> opt.apply(opt.init(8.0), 8.0, 2.0)
    ((0.5,), 1.5)
    """
    step = sign((1 - b1) * g + b1 * m)
    m = (1 - b2) * g + b2 * m
    if weight_decay != 0:
        step = step + weight_decay * x
    return learning_rate * step, m


@optax.rule(
    "Rprop",
    meanings={"eta_minus": SHRINK, "eta_plus": GROW, "min_step_size": SMALLEST, "max_step_size": LARGEST, "d": LAST, "h": SIZE},
)
def rprop(g, h="learning_rate", d=0, *, learning_rate, eta_minus=0.5, eta_plus=1.2, min_step_size=1e-6, max_step_size=50.0):
    """Rprop, each step one step late: what is subtracted is the step that the gradient before has found.

    Parameters
    ----------
    learning_rate : float
        Where the steps start, in units of x.
    eta_minus, eta_plus : float, default 0.5 and 1.2
        The factors by which a step shrinks and grows.
    min_step_size, max_step_size : float, default 1e-6 and 50
        The smallest and the largest step; the first is not limited, other than in PyTorch.

    Notes
    -----
    State: h, the sizes of the steps, from η; d, the step found last, from 0, and 0 where the gradient
    has just changed its sign; of the shape of x. The first step is 0. PyTorch's subtracts d itself.

    Source: ``alias.py``, ``rprop``; ``transform.py``, ``scale_by_rprop``; M. Riedmiller and H. Braun,
    ICNN 1993.

    Examples
    --------
    >>> opt = rprop(0.5)
    >>> state, step = opt.apply(opt.init(1.0), 1.0, 3.0)
    >>> step, opt.apply(state, 1.0, 3.0)
    (0, ((0.6, 0.6), 0.5))
    """
    agreement = g * d
    factor = where(agreement > 0, eta_plus, eta_minus)
    h = where(agreement == 0, h, minimum(maximum(h * factor, min_step_size), max_step_size))
    step = where(agreement < 0, 0, d)
    d = where(agreement < 0, 0, h * sign(g))
    return step, h, d
