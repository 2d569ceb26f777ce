"""AdaDelta: how ε sets the first steps, how far they can grow, and what ε does around a minimum."""

from sympy import Abs, Eq, Lt, Rational, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import g, letter, sequence, step, t, ε, ρ
from . import derived

i = Symbol("i")
steps = sequence("steps")
b, b_before = letter("Δacc"), letter("Δacc", "t-1")
step_1, g_1 = letter("step", "1"), letter("g", "1")
a, plain_step = letter("acc"), letter("plain-step")
x, x_before, curvature = letter("x"), letter("x", "t-1"), letter("curvature")
constant, terminal_step = letter("constant-gradient"), letter("terminal-step")

FORMULAS = [
    derived(
        "adadelta.epsilon",
        en="ε inside both roots",
        zh="两个根号内的 ε",
        latex=r"\Delta_t = \sqrt{\frac{1 + \epsilon / b_{t-1}}{1 + \epsilon / a_t}}\, \tilde\Delta_t",
        says=Eq(step, sqrt((1 + ε / b_before) / (1 + ε / a)) * plain_step),
        rule="AdaDelta",
        kind="departure",
        source=Source("zeiler2012"),
        flux="ADADelta",
        holds={
            "en": r"for $a_t > 0$ and $b_{t-1} > 0$, with $\tilde\Delta_t$ the step without $\epsilon$",
            "zh": r"$a_t > 0$，$b_{t-1} > 0$，$\tilde\Delta_t$ 为不含 $\epsilon$ 的更新量",
        },
    ),
    derived(
        "adadelta.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \frac{\sqrt{\epsilon}}{\sqrt{(1 - \rho)\, g_1^2 + \epsilon}}\, g_1",
        says=Eq(step_1, sqrt(ε) / sqrt((1 - ρ) * g_1**2 + ε) * g_1),
        rule="AdaDelta",
        holds={"en": r"from $a_0 = b_0 = 0$", "zh": r"从 $a_0 = b_0 = 0$ 出发"},
    ),
    derived(
        "adadelta.unrolled",
        en="average of squared steps as a sum over all steps",
        zh="更新量平方的滑动平均写成全部更新量之和",
        latex=r"b_t = (1 - \rho) \sum_{i=1}^{t} \rho^{t-i} \Delta_i^2",
        says=Eq(b, (1 - ρ) * Sum(ρ ** (t - i) * steps[i] ** 2, (i, 1, t))),
        rule="AdaDelta",
    ),
    derived(
        "adadelta.step-bound",
        en="bound on a step",
        zh="步长的上界",
        latex=r"|\Delta_t| < \sqrt{\frac{b_{t-1} + \epsilon}{1 - \rho}}",
        says=Lt(Abs(step), sqrt((b_before + ε) / (1 - ρ))),
        rule="AdaDelta",
    ),
    derived(
        "adadelta.growth",
        en="growth of the average of squared steps",
        zh="更新量平方的滑动平均的增长",
        latex=r"b_t - b_{t-1} = (1 - \rho)\, \epsilon\, \frac{g_t^2 - b_{t-1}}{g_t^2 + \epsilon}",
        says=Eq(b - b_before, (1 - ρ) * ε * (g**2 - b_before) / (g**2 + ε)),
        rule="AdaDelta",
        holds={"en": r"for $a_t = g_t^2$, which a constant gradient tends to", "zh": r"$a_t = g_t^2$，常梯度趋于这一情形"},
    ),
    derived(
        "adadelta.terminal-step",
        en="step in the long run",
        zh="长期的更新量",
        latex=r"\Delta_\infty = g",
        says=Eq(terminal_step, constant),
        rule="AdaDelta",
        holds={"en": "on a constant gradient", "zh": "梯度为常数时"},
    ),
    derived(
        "adadelta.drift",
        en="drift of the jumps around a minimum",
        zh="极小点两侧跳动的漂移",
        latex=r"x_t^2 - x_{t-1}^2 = \epsilon \left( \frac{1}{4} - \frac{1}{\lambda^2} \right)",
        says=Eq(x**2 - x_before**2, ε * (Rational(1, 4) - 1 / curvature**2)),
        rule="AdaDelta",
        holds={
            "en": r"to first order in $\epsilon/x_t^2$, for $g_t = \lambda x_{t-1}$, while a step multiplies $x$ by one factor near $-1$",
            "zh": r"精确到 $\epsilon/x_t^2$ 的一阶，$g_t = \lambda x_{t-1}$，每步把 $x$ 乘以同一个接近 $-1$ 的因子",
        },
    ),
]
