"""The fourteen rules as their papers write them, in SymPy alone: nothing here knows the package.

A state's letter stands for its value before the step. Where Flux departs from the paper, the
departure is written here and named, so that the proof says what Flux computes.
"""

import sympy as sp

g, x, m, v, s, acc, Δacc, v_max, u = sp.symbols("g x m v s acc Δacc v_max u", real=True)
η, ρ, β1, β2, ε, λ = sp.symbols("eta rho beta_1 beta_2 epsilon lambda", positive=True)
t = sp.Symbol("t", integer=True, positive=True)

m_t = β1 * m + (1 - β1) * g  # Kingma and Ba 2015, Algorithm 1
v_t = β2 * v + (1 - β2) * g**2
m_hat = m_t / (1 - β1**t)
v_hat = v_t / (1 - β2**t)
adam = η * m_hat / (sp.sqrt(v_hat) + ε)
powers = (β1 ** (t + 1), β2 ** (t + 1))  # what Flux stores is for the next step


def descent():
    """Cauchy 1847."""
    return {"step": η * g}


def momentum():
    """Polyak 1964, in the form of Sutskever et al. 2013: v ← ρv - ηg, x ← x + v."""
    return {"v": ρ * v - η * g, "step": -(ρ * v - η * g)}


def nesterov():
    """Sutskever et al. 2013, for the look-ahead point φ = θ + ρv: φ ← φ + ρv_t + (v_t - ρv)."""
    v_new = ρ * v - η * g
    φ_before, θ_before = x, x - ρ * v
    θ_new = θ_before + v_new
    return {"v": v_new, "step": sp.expand(φ_before - (θ_new + ρ * v_new))}


def rmsprop():
    """Tieleman and Hinton 2012, lecture 6: divide the gradient by the root of its mean square. Flux: ε outside the root."""
    mean_square = ρ * acc + (1 - ρ) * g**2
    return {"acc": mean_square, "step": η * g / (sp.sqrt(mean_square) + ε)}


def adam_():
    """Kingma and Ba 2015, Algorithm 1."""
    return {"m": m_t, "v": v_t, "βt": powers, "step": adam}


def radam():
    """Liu et al. 2020, Algorithm 2; the paper has no ε."""
    ρ_inf = 2 / (1 - β2) - 1
    ρ_t = ρ_inf - 2 * t * β2**t / (1 - β2**t)
    r_t = sp.sqrt((ρ_t - 4) * (ρ_t - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ_t))
    step = sp.Piecewise((η * r_t * m_hat / (sp.sqrt(v_hat) + ε), ρ_t > 4), (η * m_hat, True))
    return {"m": m_t, "v": v_t, "βt": powers, "t": t + 1, "step": step}


def adamax():
    """Kingma and Ba 2015, Algorithm 2; the paper has no ε."""
    u_t = sp.Max(β2 * u, sp.Abs(g))
    return {"m": m_t, "u": u_t, "βt": powers, "step": η / (1 - β1**t) * m_t / (u_t + ε)}


def adagrad():
    """Duchi, Hazan and Singer 2011, diagonal: δ + √(Σg²). Flux: the sum starts at ε."""
    return {"acc": acc + g**2, "step": η * g / (ε + sp.sqrt(acc + g**2))}


def adadelta():
    """Zeiler 2012, Algorithm 1: Δx = -RMS[Δx]_{t-1} / RMS[g]_t · g."""
    squares = ρ * acc + (1 - ρ) * g**2
    Δ = sp.sqrt(Δacc + ε) / sp.sqrt(squares + ε) * g
    return {"acc": squares, "Δacc": ρ * Δacc + (1 - ρ) * Δ**2, "step": Δ}


def amsgrad():
    """Reddi, Kale and Kumar 2018, Algorithm 2, with constant α and β1. Flux: an ε in the denominator, and states from ε."""
    largest = sp.Max(v_max, v_t)
    return {"m": m_t, "v": v_t, "v_max": largest, "step": η * m_t / (sp.sqrt(largest) + ε)}


def nadam():
    """Dozat 2016, Algorithm 2, with constant μ = β1 and ν = β2; n̂ = ν n/(1 - ν^t)."""
    m_bar = β1 * m_t / (1 - β1 ** (t + 1)) + (1 - β1) * g / (1 - β1**t)
    return {"m": m_t, "v": v_t, "βt": powers, "step": η * m_bar / (sp.sqrt(β2 * v_t / (1 - β2**t)) + ε)}


def adamw():
    """Loshchilov and Hutter 2019, Algorithm 2, line 12, with the schedule multiplier 1: the decay is not multiplied by α."""
    return {"m": m_t, "v": v_t, "βt": powers, "step": adam + λ * x}


def oadam():
    """Daskalakis et al. 2018: twice Adam's step, less the one before."""
    return {"m": m_t, "v": v_t, "u": adam, "βt": powers, "step": 2 * adam - u}


def adabelief():
    """Zhuang et al. 2020, with (g - m_t) = β1(g - m). Flux v0.12.10: no bias correction and no ε inside s."""
    s_t = β2 * s + (1 - β2) * (β1 * (g - m)) ** 2
    return {"m": m_t, "s": s_t, "step": η * m_t / (sp.sqrt(s_t) + ε)}


def weight_decay():
    """The gradient of (λ/2)x² added."""
    return {"step": g + sp.diff(λ * x**2 / 2, x)}


FORMS = {
    "Descent": descent, "Momentum": momentum, "Nesterov": nesterov, "RMSProp": rmsprop, "Adam": adam_,
    "RAdam": radam, "AdaMax": adamax, "AdaGrad": adagrad, "AdaDelta": adadelta, "AMSGrad": amsgrad,
    "NAdam": nadam, "AdamW": adamw, "OAdam": oadam, "AdaBelief": adabelief, "WeightDecay": weight_decay,
}  # fmt: skip

# Where each state starts, as Flux starts it; a state not named here starts at 0.
STARTS = {"AdaGrad": {acc: ε}, "AMSGrad": {m: ε, v: ε, v_max: ε}}
STATES = {"m": m, "v": v, "s": s, "acc": acc, "Δacc": Δacc, "v_max": v_max, "u": u}


def at(expression, k, starts):
    """A formula at step k: at k = 1 with the initial states, later with states written m_1, m_2, …"""
    values = {}
    for symbol in expression.free_symbols:
        if str(symbol) == "t":
            values[symbol] = k
        elif str(symbol) in STATES:
            values[symbol] = starts.get(str(symbol), 0) if k == 1 else sp.Symbol(f"{symbol}_{k - 1}", nonnegative=symbol.is_nonnegative)
    return expression.subs(values, simultaneous=True)


def unrolled(name, steps):
    """The first `steps` steps of a closed form, in g_1, g_2, … and the start x_0."""
    form = FORMS[name]()
    states = {STATES[key]: STARTS.get(name, {}).get(STATES[key], 0) for key in form if key in STATES}
    position, result = sp.Symbol("x_0", real=True), []
    for k in range(1, steps + 1):
        now = {**states, g: sp.Symbol(f"g_{k}", real=True), t: k, x: position}
        values = {
            key: tuple(e.subs(now, simultaneous=True) for e in value) if isinstance(value, tuple) else value.subs(now, simultaneous=True)
            for key, value in form.items()
        }
        states = {STATES[key]: values[key] for key in form if key in STATES}
        position = sp.expand(position - values["step"])
        result.append(values)
    return result
