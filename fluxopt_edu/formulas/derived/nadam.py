"""NAdam: the look-ahead inside Adam's average, and the factor under its root."""

from sympy import Abs, Eq, sqrt

from ..formula import Source
from ..letters import g, letter, m_before, m_hat, step, t, v_hat, β1, β2, ε, η
from . import derived

m_bar, plain_step, constant = letter("m-bar"), letter("plain-step"), letter("constant-gradient")
step_1, g_1 = letter("step", "1"), letter("g", "1")
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
            "en": r"with $\tilde\Delta_t$ the step with $\hat v_t$ under the root; the factor is the paper's",
            "zh": r"$\tilde\Delta_t$ 为根号内取 $\hat v_t$ 的更新量；这一因子来自论文",
        },
    ),
    derived(
        "nadam.translation",
        en="learning rate and ε without the factor β₂",
        zh="不带因子 β₂ 时的学习率与 ε",
        latex=r"\Delta_t = \frac{\eta}{\sqrt{\beta_2}}\, \frac{\bar m_t}{\sqrt{\hat v_t} + \epsilon / \sqrt{\beta_2}}",
        says=Eq(step, η / sqrt(β2) * m_bar / (sqrt(v_hat) + ε / sqrt(β2))),
        rule="NAdam",
    ),
    derived(
        "nadam.split",
        en="corrected average, split into past and present",
        zh="校正后的平均值，拆成过去与现在",
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
]
