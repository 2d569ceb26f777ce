"""Momentum: what the velocity remembers, and how it crosses a quadratic."""

from sympy import Abs, Eq, Lt, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, sequence, step, t, η, ρ
from . import derived

i = Symbol("i")
gradients = sequence("gradients")
g, terminal_step = letter("constant-gradient"), letter("terminal-step")
λ, λ_min, λ_max, κ = map(letter, ["curvature", "curvature-min", "curvature-max", "kappa"])
c, c_1_before, c_2_before, c_0 = (letter("component", index) for index in ["t", "t-1", "t-2", "0"])
σ, V = letter("noise"), letter("variance")
z, η_best, ρ_best, rate_best = map(letter, ["eigenvalue", "eta-best", "rho-best", "rate-best"])
CONSTANT = {"en": "on a constant gradient", "zh": "梯度为常数时"}
ALONG_ONE = {"en": "on a quadratic, along one eigenvector of its Hessian", "zh": "目标为二次函数时，沿其黑塞矩阵的一个特征向量"}
GOH = Source("goh2017")

FORMULAS = [
    derived(
        "momentum.unrolled",
        en="step as a sum over all gradients",
        zh="更新量写成全部梯度之和",
        latex=r"\Delta_t = \eta \sum_{i=1}^{t} \rho^{t-i} g_i",
        says=Eq(step, η * Sum(ρ ** (t - i) * gradients[i], (i, 1, t))),
        rule="Momentum",
    ),
    derived(
        "momentum.constant-gradient",
        en="step on a constant gradient",
        zh="常梯度下的更新量",
        latex=r"\Delta_t = \eta g\, \frac{1 - \rho^t}{1 - \rho}",
        says=Eq(step, η * g * (1 - ρ**t) / (1 - ρ)),
        rule="Momentum",
        holds=CONSTANT,
    ),
    derived(
        "momentum.terminal-step",
        en="step in the long run",
        zh="长期的更新量",
        latex=r"\Delta_\infty = \frac{\eta g}{1 - \rho}",
        says=Eq(terminal_step, η * g / (1 - ρ)),
        rule="Momentum",
        holds=CONSTANT,
    ),
    derived(
        "momentum.three-term",
        en="recursion of one component",
        zh="单个分量的递推",
        latex=r"c_t = (1 + \rho - \eta \lambda)\, c_{t-1} - \rho\, c_{t-2}",
        says=Eq(c, (1 + ρ - η * λ) * c_1_before - ρ * c_2_before),
        rule="Momentum",
        source=Source("polyak1964"),
        holds=ALONG_ONE,
    ),
    derived(
        "momentum.eigenvalue",
        en="larger eigenvalue of the iteration",
        zh="迭代的较大特征值",
        latex=r"z = \frac{1 + \rho - \eta \lambda + \sqrt{(1 + \rho - \eta \lambda)^2 - 4 \rho}}{2}",
        says=Eq(z, (1 + ρ - η * λ + sqrt((1 + ρ - η * λ) ** 2 - 4 * ρ)) / 2),
        rule="Momentum",
        source=GOH,
        holds={
            "en": r"on a quadratic; the other has a minus before the root, and both are complex for "
            r"$(1 - \sqrt{\rho})^2 < \eta \lambda < (1 + \sqrt{\rho})^2$",
            "zh": r"目标为二次函数；另一个在根号前取负号，当 $(1 - \sqrt{\rho})^2 < \eta \lambda < (1 + \sqrt{\rho})^2$ 时两者为复数",
        },
    ),
    derived(
        "momentum.modulus",
        en="size of complex eigenvalues",
        zh="复特征值的模",
        latex=r"|z| = \sqrt{\rho}",
        says=Eq(Abs(z), sqrt(ρ)),
        rule="Momentum",
        source=GOH,
        holds={
            "en": r"on a quadratic, for $(1 - \sqrt{\rho})^2 \le \eta \lambda \le (1 + \sqrt{\rho})^2$, whatever $\eta \lambda$ is there",
            "zh": r"目标为二次函数，$(1 - \sqrt{\rho})^2 \le \eta \lambda \le (1 + \sqrt{\rho})^2$，与 $\eta \lambda$ 在其中的位置无关",
        },
    ),
    derived(
        "momentum.critical-damping",
        en="critical damping",
        zh="临界阻尼",
        latex=r"\rho^\star = (1 - \sqrt{\eta \lambda})^2",
        says=Eq(ρ_best, (1 - sqrt(η * λ)) ** 2),
        rule="Momentum",
        source=GOH,
        holds={
            "en": r"on a quadratic of one curvature, $\eta \lambda < 4$: the momentum whose larger eigenvalue is smallest; "
            "there the iteration matrix is defective",
            "zh": r"曲率只有一个的二次函数，$\eta \lambda < 4$：使较大特征值的模最小的动量系数；此时迭代矩阵不可对角化",
        },
    ),
    derived(
        "momentum.defective",
        en="component at critical damping",
        zh="临界阻尼下的分量",
        latex=r"c_t = c_0\, z^t\, (1 + (1 - z)\, t)",
        says=Eq(c, c_0 * z**t * (1 + (1 - z) * t)),
        rule="Momentum",
        holds={
            "en": r"on a quadratic, from rest, $v_0 = 0$, at $\rho = (1 - \sqrt{\eta \lambda})^2$, where $z = 1 - \sqrt{\eta \lambda}$ is the only eigenvalue",
            "zh": r"目标为二次函数，从静止（$v_0 = 0$）出发，且 $\rho = (1 - \sqrt{\eta \lambda})^2$；此时 $z = 1 - \sqrt{\eta \lambda}$ 是唯一的特征值",
        },
    ),
    derived(
        "momentum.stability",
        en="bound of stability",
        zh="稳定域的上界",
        latex=r"\eta < \frac{2 (1 + \rho)}{\lambda_{\max}}",
        says=Lt(η, 2 * (1 + ρ) / λ_max),
        rule="Momentum",
        source=GOH,
        holds={"en": r"on a quadratic, for $\eta > 0$; runs from every start converge if and only if this holds", "zh": r"目标为二次函数，$\eta > 0$；当且仅当此式成立，从任意起点都收敛"},
    ),
    derived(
        "momentum.best-eta",
        en="best learning rate on a quadratic",
        zh="二次函数上的最优学习率",
        latex=r"\eta^\star = \frac{4}{(\sqrt{\lambda_{\min}} + \sqrt{\lambda_{\max}})^2}",
        says=Eq(η_best, 4 / (sqrt(λ_min) + sqrt(λ_max)) ** 2),
        rule="Momentum",
        source=GOH,
        holds={"en": r"together with `momentum.best-rho`", "zh": r"与 `momentum.best-rho` 同时取"},
    ),
    derived(
        "momentum.best-rho",
        en="best momentum on a quadratic",
        zh="二次函数上的最优动量系数",
        latex=r"\rho^\star = \left( \frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1} \right)^2",
        says=Eq(ρ_best, ((sqrt(κ) - 1) / (sqrt(κ) + 1)) ** 2),
        rule="Momentum",
        source=GOH,
        holds={"en": r"together with `momentum.best-eta`", "zh": r"与 `momentum.best-eta` 同时取"},
    ),
    derived(
        "momentum.best-rate",
        en="rate at the best learning rate and momentum",
        zh="最优学习率与动量系数下的收敛速率",
        latex=r"q^\star = \frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1}",
        says=Eq(rate_best, (sqrt(κ) - 1) / (sqrt(κ) + 1)),
        rule="Momentum",
        source=GOH,
        holds={"en": "on a quadratic, in the long run; no other pair is faster", "zh": "目标为二次函数，就长期而言；没有更快的一对取值"},
    ),
    derived(
        "momentum.noise",
        en="variance that noisy gradients leave",
        zh="带噪声的梯度留下的方差",
        latex=r"V = \frac{\eta\, \sigma^2}{\lambda\, (1 - \rho)}\, \frac{1 + \rho}{2 (1 + \rho) - \eta \lambda}",
        says=Eq(V, η * σ**2 / (λ * (1 - ρ)) * (1 + ρ) / (2 * (1 + ρ) - η * λ)),
        rule="Momentum",
        holds={
            "en": r"on a quadratic, for independent noise of variance $\sigma^2$ and $\eta < 2 (1 + \rho)/\lambda$",
            "zh": r"目标为二次函数，噪声相互独立、方差为 $\sigma^2$，且 $\eta < 2 (1 + \rho)/\lambda$",
        },
    ),
]
