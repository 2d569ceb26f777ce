"""AMSGrad: what Flux's start at ε does, the monotone denominator and its bound on the regret, and the run on which Adam fails."""

from sympy import Eq, Ge, Le, Lt, Max, Sum, Symbol, sqrt

from ..formula import Source
from ..largest import Largest
from ..letters import letter, m, sequence, step, t, β1, β2, ε, η
from . import derived

i = Symbol("i")
gradients, averages = sequence("gradients"), sequence("averages")
v_max, v_max_before, plain_step = letter("v_max"), letter("v_max", "t-1"), letter("plain-step")
peak, v_1, v_2, v_3 = letter("peak"), *(letter("v", index) for index in "123")
regret, diameter, bound = letter("regret"), letter("diameter"), letter("gradient-bound")
REDDI = Source("reddi2018")

FORMULAS = [
    derived(
        "amsgrad.start",
        en="average that starts at ε",
        zh="从 ε 开始的滑动平均",
        latex=r"m_t = \beta_1^t\, \epsilon + (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{t-i} g_i",
        says=Eq(m, β1**t * ε + (1 - β1) * Sum(β1 ** (t - i) * gradients[i], (i, 1, t))),
        rule="AMSGrad",
        kind="departure",
        source=REDDI,
        flux="AMSGrad",
        holds={"en": r"in Flux, from $m_0 = \epsilon$; the paper starts at $m_0 = 0$", "zh": r"Flux 取 $m_0 = \epsilon$；论文取 $m_0 = 0$"},
    ),
    derived(
        "amsgrad.floor",
        en="floor under the denominator",
        zh="分母的下界",
        latex=r"v_{\max,t} \ge \epsilon",
        says=Ge(v_max, ε),
        rule="AMSGrad",
        kind="departure",
        source=REDDI,
        flux="AMSGrad",
        holds={"en": r"Flux starts at $v_{\max,0} = \epsilon$, the paper at 0", "zh": r"Flux 取 $v_{\max,0} = \epsilon$，论文取 0"},
    ),
    derived(
        "amsgrad.zero-gradient",
        en="step without a gradient",
        zh="梯度为零时的更新量",
        latex=r"\Delta_t = \eta\, \frac{\beta_1^t\, \epsilon}{\sqrt{\epsilon} + \epsilon}",
        says=Eq(step, η * β1**t * ε / (sqrt(ε) + ε)),
        rule="AMSGrad",
        kind="departure",
        source=REDDI,
        flux="AMSGrad",
        holds={"en": "if all gradients are zero; the paper's step is then 0/0", "zh": "梯度全为零；论文的更新量此时为 0/0"},
    ),
    derived(
        "amsgrad.epsilon",
        en="ε in the denominator",
        zh="分母中的 ε",
        latex=r"\Delta_t = \frac{\sqrt{v_{\max,t}}}{\sqrt{v_{\max,t}} + \epsilon}\, \tilde\Delta_t",
        says=Eq(step, sqrt(v_max) / (sqrt(v_max) + ε) * plain_step),
        rule="AMSGrad",
        kind="departure",
        source=REDDI,
        flux="AMSGrad",
        holds={
            "en": r"with $\tilde\Delta_t$ the paper's step from the same averages, without $\epsilon$",
            "zh": r"$\tilde\Delta_t$ 为论文中由相同平均值得到、不含 $\epsilon$ 的更新量",
        },
    ),
    derived(
        "amsgrad.missing-correction",
        en="missing bias correction",
        zh="缺少偏差校正",
        latex=r"\Delta_t = \frac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}}\, \tilde\Delta_t",
        says=Eq(step, (1 - β1**t) / sqrt(1 - β2**t) * plain_step),
        rule="AMSGrad",
        kind="departure",
        source=REDDI,
        flux="AMSGrad",
        holds={
            "en": r"in the paper as in Flux; with $\tilde\Delta_t$ the step from $m_t/(1 - \beta_1^t)$ and $v_{\max,t}/(1 - \beta_2^t)$, "
            r"without the $\epsilon$ of the denominator",
            "zh": r"论文与 Flux 皆如此；$\tilde\Delta_t$ 为用 $m_t/(1 - \beta_1^t)$ 与 $v_{\max,t}/(1 - \beta_2^t)$ 算出的更新量，分母不含 $\epsilon$",
        },
    ),
    derived(
        "amsgrad.monotone",
        en="denominator that never decreases",
        zh="不减的分母",
        latex=r"v_{\max,t} \ge v_{\max,t-1}",
        says=Ge(v_max, v_max_before),
        rule="AMSGrad",
        source=REDDI,
    ),
    derived(
        "amsgrad.unrolled",
        en="maximum over all averages",
        zh="写成全部平均值的最大者",
        latex=r"v_{\max,t} = \max\left( \epsilon, \max_{1 \le i \le t} v_i \right)",
        says=Eq(v_max, Max(ε, Largest(averages[i], (i, 1, t)))),
        rule="AMSGrad",
    ),
    derived(
        "amsgrad.regret",
        en="bound on the regret",
        zh="遗憾的上界",
        latex=r"R_t \le \left( \frac{D^2}{2 \eta} + \frac{\eta}{\sqrt{1 - \beta_2}} \right) G \sqrt{t}",
        says=Le(regret, (diameter**2 / (2 * η) + η / sqrt(1 - β2)) * bound * sqrt(t)),
        rule="AMSGrad",
        holds={
            "en": r"not for Flux's settings, but for $\beta_1 = 0$, $\epsilon = 0$, $v_0 = v_{\max,0} = 0$ and the learning rate "
            r"$\eta/\sqrt{t}$ at step $t$; convex functions of one coordinate, $|g_i| \le G$; $x_0$ in an interval of length $D$ that contains "
            r"$x^\star$, each later $x_t$ projected onto it",
            "zh": r"不照 Flux 的设定，而取 $\beta_1 = 0$，$\epsilon = 0$，$v_0 = v_{\max,0} = 0$，第 $t$ 步的学习率为 $\eta/\sqrt{t}$；"
            r"各函数为一个坐标上的凸函数，$|g_i| \le G$；$x_0$ 在长度为 $D$ 且含有 $x^\star$ 的区间内，以后每个 $x_t$ 都投影到这个区间上",
        },
    ),
    derived(
        "amsgrad.counter-example",
        en="run on which Adam goes the wrong way",
        zh="使 Adam 走错方向的例子",
        latex=r"\frac{C}{\sqrt{v_1}} < \frac{1}{\sqrt{v_2}} + \frac{1}{\sqrt{v_3}}",
        says=Lt(peak / sqrt(v_1), 1 / sqrt(v_2) + 1 / sqrt(v_3)),
        rule="AMSGrad",
        source=REDDI,
        holds={
            "en": r"for gradients that repeat $C, -1, -1$, in the long run: Adam with $\beta_1 = 0$, $\beta_2 = 1/(1 + C^2)$, "
            r"$\epsilon = 0$ moves up in each round, although for $C > 2$ the mean gradient is positive; $v_1, v_2, v_3$ are the averages after the three",
            "zh": r"梯度依 $C, -1, -1$ 循环，就长期而言：取 $\beta_1 = 0$，$\beta_2 = 1/(1 + C^2)$，$\epsilon = 0$ 的 Adam 每一轮都向上走，"
            r"而 $C > 2$ 时平均梯度为正；$v_1, v_2, v_3$ 是三步之后的平均值",
        },
    ),
]
