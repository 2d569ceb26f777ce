"""NAdam: the look-ahead inside Adam's average, and the factor under its root."""

from sympy import Abs, Eq, O, Rational, Sum, Symbol, oo, sqrt

from ..formula import Source
from ..letters import g, letter, m_before, m_hat, step, t, v_hat, β1, β2, ε, η
from . import derived

m_bar, plain_step, constant = letter("m-bar"), letter("plain-step"), letter("constant-gradient")
step_1, g_1 = letter("step", "1"), letter("g", "1")
μ, v_hat_before = letter("mu"), letter("v-hat", "t-1")
i = Symbol("i")
DOZAT = Source("dozat2016")

FORMULAS = [
    derived(
        "nadam.beta-2-factor",
        en="factor β₂ under the root",
        zh="根号内的因子 β₂",
        latex=r"\Delta_t = \frac{\sqrt{\hat v_t} + \epsilon}{\sqrt{\beta_2 \hat v_t} + \epsilon}\, \tilde\Delta_t",
        says=Eq(step, (sqrt(v_hat) + ε) / (sqrt(β2 * v_hat) + ε) * plain_step),
        rule="NAdam",
        kind="departure",
        source=DOZAT,
        flux="NADAM",
        holds={
            "en": r"with $\tilde\Delta_t = \eta\, \bar m_t / (\sqrt{\hat v_t} + \epsilon)$; the factor is the paper's",
            "zh": r"$\tilde\Delta_t = \eta\, \bar m_t / (\sqrt{\hat v_t} + \epsilon)$；这一因子来自论文",
        },
    ),
    derived(
        "nadam.translation",
        en="learning rate and ε without the factor β₂",
        zh="不带因子 β₂ 时的学习率与 ε",
        latex=r"\Delta_t = \frac{\eta}{\sqrt{\beta_2}}\, \frac{\bar m_t}{\sqrt{\hat v_t} + \epsilon / \sqrt{\beta_2}}",
        says=Eq(step, η / sqrt(β2) * m_bar / (sqrt(v_hat) + ε / sqrt(β2))),
        rule="NAdam",
        holds={"en": r"for $\beta_2 > 0$", "zh": r"$\beta_2 > 0$"},
    ),
    derived(
        "nadam.split",
        en="corrected average, split into past and present",
        zh="校正后的平均值，拆成历史项与当前项",
        latex=r"\hat m_t = \frac{\beta_1 m_{t-1}}{1 - \beta_1^t} + \frac{(1 - \beta_1)\, g_t}{1 - \beta_1^t}",
        says=Eq(m_hat, β1 * m_before / (1 - β1**t) + (1 - β1) * g / (1 - β1**t)),
        rule="NAdam",
        source=DOZAT,
    ),
    derived(
        "nadam.lookahead",
        en="look-ahead average from the corrected one",
        zh="由校正后的平均值得到的前瞻平均值",
        latex=r"\bar m_t = \beta_1\, \frac{1 - \beta_1^t}{1 - \beta_1^{t+1}}\, \hat m_t + \frac{1 - \beta_1}{1 - \beta_1^t}\, g_t",
        says=Eq(m_bar, β1 * (1 - β1**t) / (1 - β1 ** (t + 1)) * m_hat + (1 - β1) / (1 - β1**t) * g),
        rule="NAdam",
    ),
    derived(
        "nadam.weight",
        en="weight that the look-ahead average has gathered",
        zh="前瞻平均值已累积的权重",
        latex=r"\bar m_t = \left( \beta_1\, \frac{1 - \beta_1^t}{1 - \beta_1^{t+1}} + \frac{1 - \beta_1}{1 - \beta_1^t} \right) g",
        says=Eq(m_bar, (β1 * (1 - β1**t) / (1 - β1 ** (t + 1)) + (1 - β1) / (1 - β1**t)) * constant),
        rule="NAdam",
        holds={"en": "on a constant gradient; the weight is above 1 and tends to it", "zh": "梯度为常数；权重大于 1 而趋于 1"},
    ),
    derived(
        "nadam.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, \frac{1 + 2 \beta_1}{1 + \beta_1}\, \frac{g_1}{\sqrt{\beta_2}\, |g_1| + \epsilon}",
        says=Eq(step_1, η * (1 + 2 * β1) / (1 + β1) * g_1 / (sqrt(β2) * Abs(g_1) + ε)),
        rule="NAdam",
    ),
    derived(
        "nadam.lead",
        en="weight above 1 that all steps have gathered",
        zh="各步的权重超出 1 的部分之和",
        latex=r"\sum_{i=1}^{t} \left( \beta_1\, \frac{1 - \beta_1^i}{1 - \beta_1^{i+1}} + \frac{1 - \beta_1}{1 - \beta_1^i} - 1 \right) "
        r"= 1 - \frac{1 - \beta_1}{1 - \beta_1^{t+1}}",
        says=Eq(
            Sum(β1 * (1 - β1**i) / (1 - β1 ** (i + 1)) + (1 - β1) / (1 - β1**i) - 1, (i, 1, t)),
            1 - (1 - β1) / (1 - β1 ** (t + 1)),
        ),
        rule="NAdam",
        holds={
            "en": r"the sum of `nadam.weight` minus 1; it tends to $\beta_1$, the lead of the look-ahead point",
            "zh": r"`nadam.weight` 的权重减 1 之和；它趋于 $\beta_1$，即前瞻点领先的距离",
        },
    ),
    derived(
        "nadam.moving-divisor",
        en="a divisor that changes from step to step",
        zh="逐步变化的除数",
        latex=r"\Delta_t = \tilde\Delta_t + \eta\, \frac{\beta_1 m_{t-1}}{1 - \beta_1^t} "
        r"\left( \frac{1}{\sqrt{\hat v_{t-1}} + \epsilon} - \frac{1}{\sqrt{\hat v_t} + \epsilon} \right)",
        says=Eq(
            step,
            plain_step + η * β1 * m_before / (1 - β1**t) * (1 / (sqrt(v_hat_before) + ε) - 1 / (sqrt(v_hat) + ε)),
        ),
        rule="NAdam",
        kind="departure",
        source=DOZAT,
        flux="NADAM",
        holds={
            "en": r"for $t \ge 2$; here $\Delta_t = \eta\, \bar m_t / (\sqrt{\hat v_t} + \epsilon)$, without the factor $\beta_2$, "
            r"and $\tilde\Delta_t$ leads from one look-ahead point to the next",
            "zh": r"$t \ge 2$；此处 $\Delta_t = \eta\, \bar m_t / (\sqrt{\hat v_t} + \epsilon)$，不带因子 $\beta_2$；"
            r"$\tilde\Delta_t$ 由一个前瞻点到下一个",
        },
    ),
    derived(
        "nadam.schedule",
        en="schedule of the paper in the place of β₁",
        zh="论文中代替 β₁ 的调度",
        latex=r"\mu_t = \beta_1 \left( 1 - \frac{1}{2} \left( \frac{24}{25} \right)^{t/250} \right)",
        says=Eq(μ, β1 * (1 - Rational(1, 2) * Rational(24, 25) ** (t / 250))),
        rule="NAdam",
        kind="departure",
        source=DOZAT,
        flux="NADAM",
        holds={"en": r"in the paper; Flux has $\mu_t = \beta_1$", "zh": r"论文的取法；Flux 取 $\mu_t = \beta_1$"},
    ),
    derived(
        "nadam.large-epsilon",
        en="Nesterov's momentum as the limit for large ε",
        zh="ε 很大时的极限：Nesterov 动量法",
        latex=r"\Delta_t = \frac{\eta}{\epsilon}\, \bar m_t \left( 1 + O(1 / \epsilon) \right)",
        says=Eq(step, η / ε * m_bar * (1 + O(1 / ε, (ε, oo))), evaluate=False),
        rule="NAdam",
        holds={"en": r"for $\epsilon \to \infty$ at fixed $\eta/\epsilon$", "zh": r"$\epsilon \to \infty$，$\eta/\epsilon$ 固定"},
    ),
]
