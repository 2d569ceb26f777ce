"""Formulas that look right and are not: mistakes that books, blogs and libraries have printed, or that one might.

Each is (rule, what is wrong, what was derived), and each must be found different from the code.
"""

import sympy as sp
from closed_forms import FORMS, acc, adam, g, m, m_hat, m_t, s, t, u, v, v_hat, v_max, v_t, x, Δacc, β1, β2, ε, η, λ, ρ

root = sp.sqrt
c1, c2 = 1 - β1**t, 1 - β2**t
mean_square = ρ * acc + (1 - ρ) * g**2
s_t = FORMS["AdaBelief"]()["s"]
largest = sp.Max(v_max, v_t)
u_t = sp.Max(β2 * u, sp.Abs(g))
ρ_inf = 2 / (1 - β2) - 1
ρ_t = ρ_inf - 2 * t * β2**t / c2
r_squared = (ρ_t - 4) * (ρ_t - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ_t)


def radam(rectified=η * root(r_squared) * m_hat / (root(v_hat) + ε), plain=η * m_hat, when=ρ_t > 4):
    return {"step": sp.Piecewise((rectified, when), (plain, True))}


WRONG = [
    ("Descent", "the article: p := η × δp, without the subtraction", {"step": -η * g}),
    ("Descent", "the learning rate dropped", {"step": g}),
    ("Momentum", "dampened: (1 - ρ)g, as in a leaky average", {"v": ρ * v - (1 - ρ) * η * g}),
    ("Momentum", "Flux's manual of v0.12.10: w = w - v", {"step": ρ * v - η * g}),
    ("Momentum", "the learning rate outside the velocity", {"v": ρ * v - g}),
    ("Nesterov", "plain momentum", {"step": η * g - ρ * v}),
    ("Nesterov", "ρv for ρ²v", {"step": (1 + ρ) * η * g - ρ * v}),
    ("Nesterov", "ηg for (1 + ρ)ηg", {"step": η * g - ρ**2 * v}),
    ("RMSProp", "d2l: the square lost", {"acc": ρ * acc + (1 - ρ) * g}),
    ("RMSProp", "ε inside the root, as Keras and optax have it", {"step": η * g / root(mean_square + ε)}),
    ("RMSProp", "the root lost", {"step": η * g / (mean_square + ε)}),
    ("RMSProp", "ρ and 1 - ρ exchanged", {"acc": (1 - ρ) * acc + ρ * g**2}),
    ("Adam", "ε inside the root", {"step": η * m_hat / root(v_hat + ε)}),
    ("Adam", "ε̂ = ε in the form with one factor", {"step": η * root(c2) / c1 * m_t / (root(v_t) + ε)}),
    ("Adam", "labml: ε̂ = (1 - β2^t)ε, its root lost", {"step": η * root(c2) / c1 * m_t / (root(v_t) + ε * c2)}),
    ("Adam", "labml: m̂/v̂, the root lost", {"step": η * m_hat / (v_hat + ε)}),
    ("Adam", "d2l, TensorFlow tab: ε added to the step, its brackets lost", {"step": η * m_hat / root(v_hat) + ε}),
    ("Adam", "β^(t-1) in the corrections", {"step": η * (m_t / (1 - β1 ** (t + 1))) / (root(v_t / (1 - β2 ** (t + 1))) + ε)}),
    ("Adam", "no bias correction, as in BERT", {"step": η * m_t / (root(v_t) + ε)}),
    ("Adam", "β1 in the correction of v", {"step": η * m_hat / (root(v_t / c1) + ε)}),
    ("Adam", "the old m", {"step": η * (m / c1) / (root(v_hat) + ε)}),
    ("Adam", "the powers for this step stored", {"βt": (β1**t, β2**t)}),
    ("RAdam", "no r", radam(rectified=η * m_hat / (root(v_hat) + ε))),
    ("RAdam", "r without its root", radam(rectified=η * r_squared * m_hat / (root(v_hat) + ε))),
    ("RAdam", "rectified from 5 on, as in PyTorch", radam(when=ρ_t > 5)),
    ("RAdam", "ε on the uncorrected root, as in PyTorch", radam(rectified=η * root(r_squared) * m_hat * root(c2) / (root(v_t) + ε))),
    ("RAdam", "the first steps uncorrected", radam(plain=η * m_t)),
    ("AdaMax", "no ε", {"step": η / c1 * m_t / u_t}),
    ("AdaMax", "ε inside the maximum, as in PyTorch", {"u": sp.Max(β2 * u, sp.Abs(g) + ε)}),
    ("AdaMax", "g for |g|", {"u": sp.Max(β2 * u, g)}),
    ("AdaMax", "u corrected like v", {"step": η / c1 * m_t / (u_t / c2 + ε)}),
    ("AdaMax", "the minimum", {"u": sp.Min(β2 * u, sp.Abs(g))}),
    ("AdaGrad", "ε inside the root", {"step": η * g / root(acc + g**2 + ε)}),
    ("AdaGrad", "the new square left out of the sum", {"step": η * g / (root(acc) + ε)}),
    ("AdaDelta", "ε outside the roots", {"step": (root(Δacc) + ε) / (root(mean_square) + ε) * g}),
    ("AdaDelta", "Flux v0.7.0 to v0.11.0: no ε in the numerator", {"step": root(Δacc) / root(mean_square + ε) * g}),
    ("AdaDelta", "gradients for steps in the second average", {"Δacc": ρ * Δacc + (1 - ρ) * g**2}),
    ("AMSGrad", "bias-corrected, as in PyTorch", {"step": η * m_hat / (root(largest / c2) + ε)}),
    ("AMSGrad", "no maximum", {"step": η * m_t / (root(v_t) + ε)}),
    ("AMSGrad", "the maximum fed back into the average", {"v": β2 * v_max + (1 - β2) * g**2}),
    ("NAdam", "β1^t for β1^(t+1)", {"step": η * (β1 * m_t / c1 + (1 - β1) * g / c1) / (root(β2 * v_hat) + ε)}),
    ("NAdam", "the factor β2 dropped, as in PyTorch, optax and Keras", {"step": η * (β1 * m_t / (1 - β1 ** (t + 1)) + (1 - β1) * g / c1) / (root(v_hat) + ε)}),
    ("AdamW", "the decay multiplied by η, as in PyTorch", {"step": adam + η * λ * x}),
    ("AdamW", "L2: the decay in the gradient", {"step": adam.subs(g, g + λ * x)}),
    ("AdamW", "the decay's sign", {"step": adam - λ * x}),
    ("OAdam", "the sign of the old step", {"step": 2 * adam + u}),
    ("OAdam", "Adam's step once", {"step": adam - u}),
    ("AdaBelief", "+ ε inside s, as in the paper and Flux from v0.13.1 on", {"s": s_t + ε}),
    ("AdaBelief", "bias-corrected, as in the paper", {"step": η * m_hat / (root(s_t / c2) + ε)}),
    ("AdaBelief", "the old m in the deviation", {"s": β2 * s + (1 - β2) * (g - m) ** 2}),
    ("WeightDecay", "twice, the gradient of λx²", {"step": g + 2 * λ * x}),
]
