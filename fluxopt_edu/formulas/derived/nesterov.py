"""Nesterov: the change of variables behind Flux's form, and how it crosses a quadratic."""

from sympy import Eq, Lt, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import g, letter, sequence, step, t, v, v_before, η, ρ
from . import derived

i = Symbol("i")
gradients = sequence("gradients")
x, θ, θ_before = letter("x", "t"), letter("theta"), letter("theta", "t-1")
λ, λ_max, κ = map(letter, ["curvature", "curvature-max", "kappa"])
c, c_1_before, c_2_before = (letter("component", index) for index in ["t", "t-1", "t-2"])
z, ρ_best, rate_best = map(letter, ["eigenvalue", "rho-best", "rate-best"])
SUTSKEVER = Source("sutskever2013")

FORMULAS = [
    derived(
        "nesterov.lookahead",
        en="look-ahead point, which is the parameter that Flux holds",
        zh="前瞻点，即 Flux 所存的参数",
        latex=r"x_t = \theta_t + \rho\, v_t",
        says=Eq(x, θ + ρ * v),
        rule="Nesterov",
        source=Source("bengio2013"),
    ),
    derived(
        "nesterov.theta",
        en="parameter before the look-ahead",
        zh="前瞻之前的参数",
        latex=r"\theta_t = \theta_{t-1} + v_t",
        says=Eq(θ, θ_before + v),
        rule="Nesterov",
        source=SUTSKEVER,
        holds={"en": r"with $g_t$ taken at $\theta_{t-1} + \rho\, v_{t-1}$", "zh": r"$g_t$ 在 $\theta_{t-1} + \rho\, v_{t-1}$ 处求得"},
    ),
    derived(
        "nesterov.new-velocity",
        en="step from the new velocity",
        zh="用新速度写出的更新量",
        latex=r"\Delta_t = \eta\, g_t - \rho\, v_t",
        says=Eq(step, η * g - ρ * v),
        rule="Nesterov",
    ),
    derived(
        "nesterov.velocity-difference",
        en="step as momentum and a correction",
        zh="动量加校正项写出的更新量",
        latex=r"\Delta_t = -v_t - \rho\, (v_t - v_{t-1})",
        says=Eq(step, -v - ρ * (v - v_before)),
        rule="Nesterov",
    ),
    derived(
        "nesterov.unrolled",
        en="step as a sum over all gradients",
        zh="更新量写成全部梯度之和",
        latex=r"\Delta_t = \eta\, g_t + \eta \sum_{i=1}^{t} \rho^{t-i+1} g_i",
        says=Eq(step, η * g + η * Sum(ρ ** (t - i + 1) * gradients[i], (i, 1, t))),
        rule="Nesterov",
    ),
    derived(
        "nesterov.three-term",
        en="recursion of one component",
        zh="单个分量的递推",
        latex=r"c_t = (1 - \eta \lambda) \left( (1 + \rho)\, c_{t-1} - \rho\, c_{t-2} \right)",
        says=Eq(c, (1 - η * λ) * ((1 + ρ) * c_1_before - ρ * c_2_before)),
        rule="Nesterov",
        holds={"en": "on a quadratic, along one eigenvector of its Hessian", "zh": "目标为二次函数时，沿其黑塞矩阵的一个特征向量"},
    ),
    derived(
        "nesterov.eigenvalue",
        en="larger eigenvalue of the iteration",
        zh="迭代的较大特征值",
        latex=r"z = \frac{(1 + \rho) (1 - \eta \lambda) + \sqrt{(1 + \rho)^2 (1 - \eta \lambda)^2 - 4 \rho\, (1 - \eta \lambda)}}{2}",
        says=Eq(z, ((1 + ρ) * (1 - η * λ) + sqrt((1 + ρ) ** 2 * (1 - η * λ) ** 2 - 4 * ρ * (1 - η * λ))) / 2),
        rule="Nesterov",
        holds={
            "en": r"on a quadratic, for $\eta \lambda \le 1$; the other has a minus before the root",
            "zh": r"目标为二次函数，$\eta \lambda \le 1$；另一个在根号前取负号",
        },
    ),
    derived(
        "nesterov.stability",
        en="bound of stability",
        zh="稳定域的上界",
        latex=r"\eta < \frac{2 + 2 \rho}{(1 + 2 \rho)\, \lambda_{\max}}",
        says=Lt(η, (2 + 2 * ρ) / ((1 + 2 * ρ) * λ_max)),
        rule="Nesterov",
        holds={"en": r"on a quadratic, for $\eta > 0$; runs from every start converge if and only if this holds", "zh": r"目标为二次函数，$\eta > 0$；当且仅当此式成立，从任意起点都收敛"},
    ),
    derived(
        "nesterov.critical-damping",
        en="critical damping",
        zh="临界阻尼",
        latex=r"\rho^\star = \frac{1 - \sqrt{\eta \lambda}}{1 + \sqrt{\eta \lambda}}",
        says=Eq(ρ_best, (1 - sqrt(η * λ)) / (1 + sqrt(η * λ))),
        rule="Nesterov",
        holds={
            "en": r"on a quadratic of one curvature, $\eta \lambda < 1$; both eigenvalues are then $1 - \sqrt{\eta \lambda}$",
            "zh": r"曲率只有一个的二次函数，$\eta \lambda < 1$；此时两个特征值都是 $1 - \sqrt{\eta \lambda}$",
        },
    ),
    derived(
        "nesterov.rate",
        en="rate at the standard choice of η and ρ",
        zh="η 与 ρ 取标准值时的收敛速率",
        latex=r"q^\star = 1 - \frac{1}{\sqrt{\kappa}}",
        says=Eq(rate_best, 1 - 1 / sqrt(κ)),
        rule="Nesterov",
        holds={
            "en": r"on a quadratic, for $\eta = 1/\lambda_{\max}$ and $\rho = (\sqrt{\kappa} - 1)/(\sqrt{\kappa} + 1)$",
            "zh": r"目标为二次函数，$\eta = 1/\lambda_{\max}$，$\rho = (\sqrt{\kappa} - 1)/(\sqrt{\kappa} + 1)$",
        },
    ),
]
