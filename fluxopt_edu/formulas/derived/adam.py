"""Adam: the correction, its other form, and how far a step can go."""

from sympy import Abs, Eq, Le, O, Sum, Symbol, oo, sqrt

from ..formula import Source
from ..letters import letter, m, m_hat, sequence, step, t, v, β1, β2, ε, η
from . import derived

i = Symbol("i")
gradients, g = sequence("gradients"), letter("constant-gradient")
μ, second_moment, mean_m, mean_v = map(letter, ["mean", "second-moment", "mean-m", "mean-v"])
β, ε_hat = letter("beta"), letter("epsilon-hat")
step_1, g_1 = letter("step", "1"), letter("g", "1")
SECTION_2, SECTION_3 = ({"en": f"section {n}", "zh": f"第 {n} 节"} for n in (2, 3))

FORMULAS = [
    derived(
        "adam.unrolled",
        en="average as a sum over all gradients",
        zh="滑动平均写成全部梯度之和",
        latex=r"m_t = (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{t-i} g_i",
        says=Eq(m, (1 - β1) * Sum(β1 ** (t - i) * gradients[i], (i, 1, t))),
        rule="Adam",
    ),
    derived(
        "adam.bias-sum",
        en="weight that an average has gathered",
        zh="滑动平均已累积的权重",
        latex=r"\sum_{i=1}^{t} (1 - \beta)\, \beta^{t-i} = 1 - \beta^t",
        says=Eq(Sum((1 - β) * β ** (t - i), (i, 1, t)), 1 - β**t),
        rule="Adam",
        source=Source("kingma2015", SECTION_3),
    ),
    derived(
        "adam.m-bias",
        en="expectation of the average before its correction",
        zh="校正之前平均值的期望",
        latex=r"\mathbb{E}\, m_t = (1 - \beta_1^t)\, \mu",
        says=Eq(mean_m, (1 - β1**t) * μ),
        rule="Adam",
        holds={"en": r"if all gradients have the expectation $\mu$", "zh": r"各步梯度的期望都是 $\mu$"},
    ),
    derived(
        "adam.v-bias",
        en="expectation of the average of squares before its correction",
        zh="校正之前平方的平均值的期望",
        latex=r"\mathbb{E}\, v_t = (1 - \beta_2^t)\, s",
        says=Eq(mean_v, (1 - β2**t) * second_moment),
        rule="Adam",
        source=Source("kingma2015", SECTION_3),
        holds={"en": r"if all squared gradients have the expectation $s$", "zh": r"各步梯度平方的期望都是 $s$"},
    ),
    derived(
        "adam.epsilon-hat",
        en="ε of the short form",
        zh="简写形式的 ε",
        latex=r"\hat\epsilon_t = \epsilon\, \sqrt{1 - \beta_2^t}",
        says=Eq(ε_hat, ε * sqrt(1 - β2**t)),
        rule="Adam",
        source=Source("kingma2015", SECTION_2),
    ),
    derived(
        "adam.short-form",
        en="step without corrected averages",
        zh="不用校正后平均值的更新量",
        latex=r"\Delta_t = \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\, \frac{m_t}{\sqrt{v_t} + \hat\epsilon_t}",
        says=Eq(step, η * sqrt(1 - β2**t) / (1 - β1**t) * m / (sqrt(v) + ε_hat)),
        rule="Adam",
        source=Source("kingma2015", SECTION_2),
        holds={"en": r"with $\hat\epsilon_t$ as in `adam.epsilon-hat`", "zh": r"$\hat\epsilon_t$ 见 `adam.epsilon-hat`"},
    ),
    derived(
        "adam.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, \frac{g_1}{|g_1| + \epsilon}",
        says=Eq(step_1, η * g_1 / (Abs(g_1) + ε)),
        rule="Adam",
    ),
    derived(
        "adam.step-bound",
        en="sharp bound on a step",
        zh="步长的紧上界",
        latex=r"|\Delta_t| \le \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\, \frac{1 - \beta_1}{\sqrt{1 - \beta_2}}\, "
        r"\sqrt{\sum_{i=0}^{t-1} \left( \frac{\beta_1^2}{\beta_2} \right)^i}",
        says=Le(
            Abs(step),
            η * sqrt(1 - β2**t) / (1 - β1**t) * (1 - β1) / sqrt(1 - β2) * sqrt(Sum((β1**2 / β2) ** i, (i, 0, t - 1))),
        ),
        rule="Adam",
        holds={
            "en": r"for $\epsilon = 0$; reached by gradients proportional to $(\beta_1/\beta_2)^{t-i}$",
            "zh": r"$\epsilon = 0$；梯度与 $(\beta_1/\beta_2)^{t-i}$ 成正比时取到",
        },
    ),
    derived(
        "adam.uniform-bound",
        en="bound on all steps",
        zh="各步步长共同的上界",
        latex=r"|\Delta_t| \le \eta\, \frac{1 - \beta_1}{\sqrt{(1 - \beta_2) (1 - \beta_1^2 / \beta_2)}}",
        says=Le(Abs(step), η * (1 - β1) / sqrt((1 - β2) * (1 - β1**2 / β2))),
        rule="Adam",
        holds={
            "en": r"for $\beta_1^2 < \beta_2$; it is the limit of `adam.step-bound`, $7.27\,\eta$ at the defaults",
            "zh": r"$\beta_1^2 < \beta_2$；它是 `adam.step-bound` 的极限，取默认值时为 $7.27\,\eta$",
        },
    ),
    derived(
        "adam.constant-gradient",
        en="step on a constant gradient",
        zh="常梯度下的更新量",
        latex=r"\Delta_t = \eta\, \frac{g}{|g| + \epsilon}",
        says=Eq(step, η * g / (Abs(g) + ε)),
        rule="Adam",
        holds={"en": "on a constant gradient, from the first step on", "zh": "梯度为常数，从第一步起即如此"},
    ),
    derived(
        "adam.large-epsilon",
        en="momentum as the limit for large ε",
        zh="ε 很大时的极限：动量法",
        latex=r"\Delta_t = \frac{\eta}{\epsilon}\, \hat m_t \left( 1 + O(1 / \epsilon) \right)",
        says=Eq(step, η / ε * m_hat * (1 + O(1 / ε, (ε, oo))), evaluate=False),
        rule="Adam",
        holds={"en": r"for $\epsilon \to \infty$ at fixed $\eta/\epsilon$", "zh": r"$\epsilon \to \infty$，$\eta/\epsilon$ 固定"},
    ),
    derived(
        "adam.noise",
        en="variance of the corrected average",
        zh="校正后平均值的方差",
        latex=r"\sum_{i=1}^{t} \left( \frac{(1 - \beta_1)\, \beta_1^{t-i}}{1 - \beta_1^t} \right)^2 "
        r"= \frac{1 - \beta_1}{1 + \beta_1}\, \frac{1 + \beta_1^t}{1 - \beta_1^t}",
        says=Eq(
            Sum(((1 - β1) * β1 ** (t - i) / (1 - β1**t)) ** 2, (i, 1, t)),
            (1 - β1) / (1 + β1) * (1 + β1**t) / (1 - β1**t),
        ),
        rule="Adam",
        holds={
            "en": r"the variance of $\hat m_t$ over that of one gradient, for uncorrelated gradients of equal variance",
            "zh": r"各步梯度互不相关、方差相等时，$\hat m_t$ 的方差与单个梯度的方差之比",
        },
    ),
]
