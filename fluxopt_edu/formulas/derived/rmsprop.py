"""RMSProp: what its average weighs, what the missing correction does, and where ε stands."""

from sympy import Abs, Eq, Le, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, sequence, step, t, ε, η, ρ
from . import derived

i = Symbol("i")
gradients = sequence("gradients")
a, plain_step = letter("acc"), letter("plain-step")
step_1, g_1 = letter("step", "1"), letter("g", "1")
x, curvature = letter("x", "t"), letter("curvature")
LECTURE = Source("tieleman2012")

FORMULAS = [
    derived(
        "rmsprop.epsilon-outside",
        en="ε outside the root",
        zh="根号外的 ε",
        latex=r"\Delta_t = \frac{\sqrt{a_t}}{\sqrt{a_t} + \epsilon}\, \tilde\Delta_t",
        says=Eq(step, sqrt(a) / (sqrt(a) + ε) * plain_step),
        rule="RMSProp",
        kind="departure",
        source=LECTURE,
        flux="RMSProp",
        holds={
            "en": r"for $a_t > 0$, with $\tilde\Delta_t$ the lecture's step, which has no $\epsilon$",
            "zh": r"$a_t > 0$，$\tilde\Delta_t$ 为讲义中的更新量，其中没有 $\epsilon$",
        },
    ),
    derived(
        "rmsprop.missing-correction",
        en="missing bias correction",
        zh="缺少偏差校正",
        latex=r"\Delta_t = \frac{1}{\sqrt{1 - \rho^t}}\, \tilde\Delta_t",
        says=Eq(step, 1 / sqrt(1 - ρ**t) * plain_step),
        rule="RMSProp",
        kind="departure",
        source=LECTURE,
        flux="RMSProp",
        holds={
            "en": r"for $a_t > 0$ and $\epsilon = 0$, with $\tilde\Delta_t$ the step with $a_t/(1 - \rho^t)$ under the root",
            "zh": r"$a_t > 0$，$\epsilon = 0$，$\tilde\Delta_t$ 为根号内用 $a_t/(1 - \rho^t)$ 的更新量",
        },
    ),
    derived(
        "rmsprop.unrolled",
        en="average as a sum over all gradients",
        zh="滑动平均写成全部梯度之和",
        latex=r"a_t = (1 - \rho) \sum_{i=1}^{t} \rho^{t-i} g_i^2",
        says=Eq(a, (1 - ρ) * Sum(ρ ** (t - i) * gradients[i] ** 2, (i, 1, t))),
        rule="RMSProp",
    ),
    derived(
        "rmsprop.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, \frac{g_1}{\sqrt{1 - \rho}\, |g_1| + \epsilon}",
        says=Eq(step_1, η * g_1 / (sqrt(1 - ρ) * Abs(g_1) + ε)),
        rule="RMSProp",
    ),
    derived(
        "rmsprop.step-bound",
        en="sharp bound on a step",
        zh="步长的紧上界",
        latex=r"|\Delta_t| \le \frac{\eta}{\sqrt{1 - \rho}}",
        says=Le(Abs(step), η / sqrt(1 - ρ)),
        rule="RMSProp",
        holds={
            "en": r"for every $\epsilon$; reached for $\epsilon = 0$ by a gradient $g_t \ne 0$ that follows on zeros alone",
            "zh": r"$\epsilon$ 任意；$\epsilon = 0$，$g_t \ne 0$ 且此前的梯度全为零时取到",
        },
    ),
    derived(
        "rmsprop.epsilon-placement",
        en="ε outside the root against its square inside",
        zh="根号外的 ε 与根号内的 ε 平方之比",
        latex=r"\frac{\sqrt{a_t} + \epsilon}{\sqrt{a_t + \epsilon^2}} \le \sqrt{2}",
        says=Le((sqrt(a) + ε) / sqrt(a + ε**2), sqrt(2)),
        rule="RMSProp",
        holds={
            "en": r"for all $a_t$ and $\epsilon$ not both zero; reached at $\sqrt{a_t} = \epsilon$; the ratio of the two denominators is never below 1",
            "zh": r"$a_t$ 与 $\epsilon$ 任意，但不同时为零；$\sqrt{a_t} = \epsilon$ 时取到；两个分母之比不小于 1",
        },
    ),
    derived(
        "rmsprop.cycle",
        en="cycle around a minimum",
        zh="极小点附近的循环",
        latex=r"|x_t| = \frac{\eta}{2} - \frac{\epsilon}{\lambda}",
        says=Eq(Abs(x), η / 2 - ε / curvature),
        rule="RMSProp",
        holds={
            "en": r"for a coordinate of curvature $\lambda$ with its minimum at 0, if $x_t = -x_{t-1} \ne 0$ at every step; exists for $\epsilon < \eta\lambda/2$",
            "zh": r"坐标的曲率为 $\lambda$，极小点在 0，每一步 $x_t = -x_{t-1} \ne 0$；$\epsilon < \eta\lambda/2$ 时存在",
        },
    ),
]
