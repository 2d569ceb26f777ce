"""AdaGrad: the preconditioner it follows from, and what the sum of squares does to its steps."""

from sympy import Abs, Eq, Ge, Le, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, sequence, step, t, ε, η
from . import derived

i, j, k = Symbol("i"), letter("j"), Symbol("k")
gradients, sums = sequence("gradients"), sequence("sums")
coordinate_sums, preconditioner = sequence("coordinate-sums"), sequence("preconditioner")
n, budget = letter("coordinates"), letter("budget")
a, g = letter("acc"), letter("constant-gradient")
step_1, g_1 = letter("step", "1"), letter("g", "1")
DUCHI = Source("duchi2011")

FORMULAS = [
    derived(
        "adagrad.start",
        en="sum that starts at ε",
        zh="从 ε 开始的累加和",
        latex=r"a_t = \epsilon + \sum_{i=1}^{t} g_i^2",
        says=Eq(a, ε + Sum(gradients[i] ** 2, (i, 1, t))),
        rule="AdaGrad",
        kind="departure",
        source=DUCHI,
        flux="ADAGrad",
        holds={"en": "in Flux; the paper's sum starts at 0", "zh": "Flux 如此；论文中的累加和从 0 开始"},
    ),
    derived(
        "adagrad.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, \frac{g_1}{\sqrt{g_1^2 + \epsilon} + \epsilon}",
        says=Eq(step_1, η * g_1 / (sqrt(g_1**2 + ε) + ε)),
        rule="AdaGrad",
    ),
    derived(
        "adagrad.constant-gradient",
        en="step on a constant gradient",
        zh="常梯度下的更新量",
        latex=r"\Delta_t = \frac{\eta}{\sqrt{t}}\, \frac{g}{|g|}",
        says=Eq(step, η / sqrt(t) * g / Abs(g)),
        rule="AdaGrad",
        holds={
            "en": r"on a constant gradient $g \ne 0$, for $\epsilon = 0$ and $a_0 = 0$",
            "zh": r"梯度为常数 $g \ne 0$，$\epsilon = 0$，$a_0 = 0$",
        },
    ),
    derived(
        "adagrad.preconditioner",
        en="diagonal that minimises the regret bound",
        zh="使遗憾上界最小的对角阵",
        latex=r"s_j = c\, \frac{\sqrt{a_j}}{\sum_{k=1}^{n} \sqrt{a_k}}",
        says=Eq(preconditioner[j], budget * sqrt(coordinate_sums[j]) / Sum(sqrt(coordinate_sums[k]), (k, 1, n))),
        rule="AdaGrad",
        source=DUCHI,
        holds={
            "en": r"of all $s$ whose sum over the coordinates is $c$, the one with the least $\sum_j a_j/s_j$",
            "zh": r"在各坐标之和为 $c$ 的所有 $s$ 中，使 $\sum_j a_j/s_j$ 最小",
        },
    ),
    derived(
        "adagrad.preconditioner-bound",
        en="least value of the regret bound's sum",
        zh="遗憾上界中求和的最小值",
        latex=r"\sum_{j=1}^{n} \frac{a_j}{s_j} \ge \frac{1}{c} \left( \sum_{j=1}^{n} \sqrt{a_j} \right)^2",
        says=Ge(
            Sum(coordinate_sums[j] / preconditioner[j], (j, 1, n)),
            Sum(sqrt(coordinate_sums[j]), (j, 1, n)) ** 2 / budget,
        ),
        rule="AdaGrad",
        source=DUCHI,
        holds={
            "en": r"for positive $s_j$ of sum $c$; reached at `adagrad.preconditioner`",
            "zh": r"$s_j$ 为正且和为 $c$；在 `adagrad.preconditioner` 处取到",
        },
    ),
    derived(
        "adagrad.sum-bound",
        en="bound on the sum that regret is made of",
        zh="遗憾中求和的上界",
        latex=r"\sum_{i=1}^{t} \frac{g_i^2}{\sqrt{a_i}} \le 2 \sqrt{a_t}",
        says=Le(Sum(gradients[i] ** 2 / sqrt(sums[i]), (i, 1, t)), 2 * sqrt(a)),
        rule="AdaGrad",
        source=DUCHI,
        holds={
            "en": r"for every $a_0 \ge 0$; terms with $g_i = 0$ count as 0",
            "zh": r"对任何 $a_0 \ge 0$ 成立；$g_i = 0$ 的项算作 0",
        },
    ),
]
