"""AdaDelta: how ε sets the first steps, and how far they can grow."""

from sympy import Abs, Eq, Lt, Sum, Symbol, sqrt

from ..letters import g, letter, sequence, step, t, ε, ρ
from . import derived

i = Symbol("i")
steps = sequence("steps")
b, b_before = letter("Δacc"), letter("Δacc", "t-1")
step_1, g_1 = letter("step", "1"), letter("g", "1")
constant, terminal_step = letter("constant-gradient"), letter("terminal-step")

FORMULAS = [
    derived(
        "adadelta.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \frac{\sqrt{\epsilon}}{\sqrt{(1 - \rho)\, g_1^2 + \epsilon}}\, g_1",
        says=Eq(step_1, sqrt(ε) / sqrt((1 - ρ) * g_1**2 + ε) * g_1),
        rule="AdaDelta",
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
]
