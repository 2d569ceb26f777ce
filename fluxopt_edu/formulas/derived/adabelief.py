"""AdaBelief: what it measures, how that compares with Adam's average, and what Flux's missing correction and missing ε do."""

from sympy import Abs, Eq, Le, sqrt

from ..formula import Source
from ..letters import g, letter, m, m_before, step, t, v, β1, β2, ε, η
from . import derived

s, s_before, plain_s, plain_step = letter("s"), letter("s", "t-1"), letter("plain-s"), letter("plain-step")
constant, step_1, g_1 = letter("constant-gradient"), letter("step", "1"), letter("g", "1")
β = letter("beta")
ZHUANG = Source("zhuang2020", {"en": "Algorithm 2", "zh": "算法 2"})

FORMULAS = [
    derived(
        "adabelief.missing-correction",
        en="missing bias correction",
        zh="缺少偏差校正",
        latex=r"\Delta_t = \frac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}}\, \tilde\Delta_t",
        says=Eq(step, (1 - β1**t) / sqrt(1 - β2**t) * plain_step),
        rule="AdaBelief",
        kind="departure",
        source=ZHUANG,
        flux="AdaBelief",
        holds={
            "en": r"for $\epsilon = 0$, with $\tilde\Delta_t$ the step from $m_t/(1 - \beta_1^t)$ and $s_t/(1 - \beta_2^t)$",
            "zh": r"$\epsilon = 0$，$\tilde\Delta_t$ 为用 $m_t/(1 - \beta_1^t)$ 与 $s_t/(1 - \beta_2^t)$ 算出的更新量",
        },
    ),
    derived(
        "adabelief.inner-epsilon",
        en="missing ε in the average",
        zh="平均值中缺少的 ε",
        latex=r"s_t = \tilde s_t - \epsilon\, \frac{1 - \beta_2^t}{1 - \beta_2}",
        says=Eq(s, plain_s - ε * (1 - β2**t) / (1 - β2)),
        rule="AdaBelief",
        kind="departure",
        source=ZHUANG,
        flux="AdaBelief",
        holds={
            "en": r"with $\tilde s_t$ the paper's average, which adds $\epsilon$ in each step",
            "zh": r"$\tilde s_t$ 为论文中的平均值，每一步都加 $\epsilon$",
        },
    ),
    derived(
        "adabelief.deviation",
        en="deviation from the new average and from the forecast",
        zh="与新平均值之差和与预测之差",
        latex=r"g_t - m_t = \beta_1 (g_t - m_{t-1})",
        says=Eq(g - m, β1 * (g - m_before)),
        rule="AdaBelief",
    ),
    derived(
        "adabelief.forecast",
        en="average of squared forecast errors",
        zh="预测误差平方的滑动平均",
        latex=r"s_t = \beta_2 s_{t-1} + (1 - \beta_2)\, \beta_1^2 (g_t - m_{t-1})^2",
        says=Eq(s, β2 * s_before + (1 - β2) * β1**2 * (g - m_before) ** 2),
        rule="AdaBelief",
    ),
    derived(
        "adabelief.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, \frac{(1 - \beta_1)\, g_1}{\beta_1 \sqrt{1 - \beta_2}\, |g_1| + \epsilon}",
        says=Eq(step_1, η * (1 - β1) * g_1 / (β1 * sqrt(1 - β2) * Abs(g_1) + ε)),
        rule="AdaBelief",
    ),
    derived(
        "adabelief.constant-gradient",
        en="average on a constant gradient",
        zh="常梯度下的滑动平均",
        latex=r"s_t = (1 - \beta_2)\, \beta_1^2\, \frac{\beta_2^t - \beta_1^{2t}}{\beta_2 - \beta_1^2}\, g^2",
        says=Eq(s, (1 - β2) * β1**2 * (β2**t - β1 ** (2 * t)) / (β2 - β1**2) * constant**2),
        rule="AdaBelief",
        holds={
            "en": r"on a constant gradient, for $\beta_1^2 \ne \beta_2$: it tends to 0, and the step to $\eta\, g/\epsilon$",
            "zh": r"梯度为常数，$\beta_1^2 \ne \beta_2$：它趋于 0，更新量趋于 $\eta\, g/\epsilon$",
        },
    ),
    derived(
        "adabelief.below-adam",
        en="average compared with Adam's on the same gradients",
        zh="同样的梯度下与 Adam 的平均之比较",
        latex=r"s_t \le \left( \frac{\beta_1 (1 + \sqrt{\beta_2})}{\beta_1 + \sqrt{\beta_2}} \right)^2 v_t",
        says=Le(s, (β1 * (1 + sqrt(β2)) / (β1 + sqrt(β2))) ** 2 * v),
        rule="AdaBelief",
        holds={
            "en": r"for $\beta_1 \le \beta_2$ and all averages from 0, with $v_t$ that of Adam on the same gradients; "
            r"the factor is below 1, and no smaller one holds for all $t$",
            "zh": r"$\beta_1 \le \beta_2$，各平均都从 0 出发，$v_t$ 为同样的梯度下 Adam 的平均；系数小于 1，对所有 $t$ 都成立的系数没有更小的",
        },
    ),
    derived(
        "adabelief.equal-decay",
        en="average for equal decay rates",
        zh="两个衰减率相等时的滑动平均",
        latex=r"s_t = \beta (v_t - m_t^2)",
        says=Eq(s, β * (v - m**2)),
        rule="AdaBelief",
        holds={
            "en": r"for $\beta_1 = \beta_2 = \beta$ and all averages from 0, with $v_t$ the average of $g_t^2$",
            "zh": r"$\beta_1 = \beta_2 = \beta$，各平均都从 0 出发，$v_t$ 为 $g_t^2$ 的滑动平均",
        },
    ),
]
