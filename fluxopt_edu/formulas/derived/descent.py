"""Descent: the principle it follows from, and what it does on a quadratic."""

from sympy import Abs, Eq, Lt, Max, O, exp

from ..formula import Source
from ..letters import g, letter, t, η
from . import derived

Δ = letter("any-step")
λ, λ_min, λ_max, κ = map(letter, ["curvature", "curvature-min", "curvature-max", "kappa"])
c, c_before, c_0 = (letter("component", index) for index in ["t", "t-1", "0"])
η_best, T, σ, V = map(letter, ["eta-best", "time", "noise", "variance"])
ON_A_QUADRATIC = {"en": "on a quadratic, along one eigenvector of its Hessian", "zh": "目标为二次函数时，沿其黑塞矩阵的一个特征向量"}

FORMULAS = [
    derived(
        "descent.linear-model",
        en="price of a step, completed to a square",
        zh="一步的代价，配成完全平方",
        latex=r"-g_t\, \Delta + \frac{\Delta^2}{2\eta} = \frac{(\Delta - \eta\, g_t)^2}{2\eta} - \frac{\eta\, g_t^2}{2}",
        says=Eq(-g * Δ + Δ**2 / (2 * η), (Δ - η * g) ** 2 / (2 * η) - η * g**2 / 2, evaluate=False),
        rule="Descent",
    ),
    derived(
        "descent.contraction",
        en="contraction of one component",
        zh="单个分量的压缩",
        latex=r"c_t = (1 - \eta \lambda)\, c_{t-1}",
        says=Eq(c, (1 - η * λ) * c_before),
        rule="Descent",
        holds=ON_A_QUADRATIC,
    ),
    derived(
        "descent.loss",
        en="value of f that one component leaves",
        zh="单个分量留下的函数值",
        latex=r"\frac12 \lambda\, c_t^2 = \frac12 \lambda\, (1 - \eta \lambda)^{2t}\, c_0^2",
        says=Eq(λ * c**2 / 2, λ * (1 - η * λ) ** (2 * t) * c_0**2 / 2),
        rule="Descent",
        holds=ON_A_QUADRATIC,
    ),
    derived(
        "descent.stability",
        en="bound of stability",
        zh="稳定域的上界",
        latex=r"\eta < \frac{2}{\lambda_{\max}}",
        says=Lt(η, 2 / λ_max),
        rule="Descent",
        holds={"en": r"on a quadratic, for $\eta > 0$; runs from every start converge if and only if this holds", "zh": r"目标为二次函数，$\eta > 0$；当且仅当此式成立，从任意起点都收敛"},
    ),
    derived(
        "descent.best-eta",
        en="best learning rate on a quadratic",
        zh="二次函数上的最优学习率",
        latex=r"\eta^\star = \frac{2}{\lambda_{\min} + \lambda_{\max}}",
        says=Eq(η_best, 2 / (λ_min + λ_max)),
        rule="Descent",
    ),
    derived(
        "descent.best-rate",
        en="rate at the best learning rate",
        zh="最优学习率下的收敛速率",
        latex=r"\max(|1 - \eta^\star \lambda_{\min}|, |1 - \eta^\star \lambda_{\max}|) = \frac{\kappa - 1}{\kappa + 1}",
        says=Eq(Max(Abs(1 - η_best * λ_min), Abs(1 - η_best * λ_max)), (κ - 1) / (κ + 1)),
        rule="Descent",
    ),
    derived(
        "descent.flow",
        en="distance from the gradient flow",
        zh="与梯度流的差距",
        latex=r"(1 - \eta \lambda)^{T / \eta} = e^{-\lambda T} \left( 1 - \frac12 \eta\, \lambda^2 T + O(\eta^2) \right)",
        says=Eq((1 - η * λ) ** (T / η), exp(-λ * T) * (1 - η * λ**2 * T / 2 + O(η**2)), evaluate=False),
        rule="Descent",
        holds={"en": r"for $\eta \to 0$ at a fixed time $T$", "zh": r"$\eta \to 0$，时间 $T$ 固定"},
    ),
    derived(
        "descent.noise",
        en="variance that noisy gradients leave",
        zh="带噪声的梯度留下的方差",
        latex=r"V = \frac{\eta\, \sigma^2}{\lambda\, (2 - \eta \lambda)}",
        says=Eq(V, η * σ**2 / (λ * (2 - η * λ))),
        rule="Descent",
        holds={
            "en": r"on a quadratic, for independent noise of variance $\sigma^2$ and $\eta < 2/\lambda$",
            "zh": r"目标为二次函数，噪声相互独立、方差为 $\sigma^2$，且 $\eta < 2/\lambda$",
        },
    ),
]
