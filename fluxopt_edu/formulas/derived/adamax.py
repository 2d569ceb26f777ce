"""AdaMax: the norm that it is the limit of, and how far a step can go."""

from sympy import Abs, Eq, Le, Limit, Sum, Symbol, oo

from ..formula import Source
from ..largest import Largest
from ..letters import letter, sequence, step, t, β1, β2, ε, η
from . import derived

i, p = Symbol("i"), Symbol("p")
gradients = sequence("gradients")
u, plain_step, g = letter("u"), letter("plain-step"), letter("constant-gradient")
SECTION_7 = Source("kingma2015", {"en": "section 7.1", "zh": "第 7.1 节"})
largest = Largest(β2 ** (t - i) * Abs(gradients[i]), (i, 1, t))

FORMULAS = [
    derived(
        "adamax.epsilon",
        en="ε in the denominator",
        zh="分母中的 ε",
        latex=r"\Delta_t = \frac{u_t}{u_t + \epsilon}\, \tilde\Delta_t",
        says=Eq(step, u / (u + ε) * plain_step),
        rule="AdaMax",
        kind="departure",
        source=SECTION_7,
        flux="AdaMax",
        holds={
            "en": r"for $u_t > 0$; $\tilde\Delta_t$ is the paper's step, which has no $\epsilon$",
            "zh": r"$u_t > 0$；$\tilde\Delta_t$ 为论文中的更新量，其中没有 $\epsilon$",
        },
    ),
    derived(
        "adamax.unrolled",
        en="maximum over all gradients",
        zh="写成全部梯度的最大者",
        latex=r"u_t = \max_{1 \le i \le t} \beta_2^{t-i}\, |g_i|",
        says=Eq(u, largest),
        rule="AdaMax",
        source=SECTION_7,
    ),
    derived(
        "adamax.limit",
        en="limit of Adam's denominator with exponent p",
        zh="Adam 的分母取指数 p 时的极限",
        latex=r"\lim_{p \to \infty} \left( (1 - \beta_2^p) \sum_{i=1}^{t} \beta_2^{p (t-i)}\, |g_i|^p \right)^{1/p} "
        r"= \max_{1 \le i \le t} \beta_2^{t-i}\, |g_i|",
        says=Eq(Limit(((1 - β2**p) * Sum(β2 ** (p * (t - i)) * Abs(gradients[i]) ** p, (i, 1, t))) ** (1 / p), p, oo, "-"), largest),
        rule="AdaMax",
        source=SECTION_7,
        holds={"en": r"for $0 < \beta_2 < 1$", "zh": r"$0 < \beta_2 < 1$"},
    ),
    derived(
        "adamax.constant-gradient",
        en="step on a constant gradient",
        zh="常梯度下的更新量",
        latex=r"\Delta_t = \eta\, \frac{g}{|g| + \epsilon}",
        says=Eq(step, η * g / (Abs(g) + ε)),
        rule="AdaMax",
        holds={
            "en": r"on a constant gradient $g$, with $|g| + \epsilon > 0$, from the first step on: the maximum needs no correction",
            "zh": r"梯度为常数 $g$，$|g| + \epsilon > 0$，从第一步起即如此：最大值无需校正",
        },
    ),
    derived(
        "adamax.step-bound",
        en="sharp bound on a step",
        zh="步长的紧上界",
        latex=r"|\Delta_t| \le \eta\, \frac{1 - \beta_1}{1 - \beta_1^t} \sum_{i=0}^{t-1} \left( \frac{\beta_1}{\beta_2} \right)^i",
        says=Le(Abs(step), η * (1 - β1) / (1 - β1**t) * Sum((β1 / β2) ** i, (i, 0, t - 1))),
        rule="AdaMax",
        holds={
            "en": r"for $0 < \beta_2 < 1$, from $m_0 = u_0 = 0$ with constant $\eta$, where $u_t + \epsilon > 0$; gradients "
            r"$c\, \beta_2^i$ with $c \ne 0$ reach it for $\epsilon = 0$ and come near it for $\epsilon > 0$ as $|c| \to \infty$",
            "zh": r"$0 < \beta_2 < 1$，从 $m_0 = u_0 = 0$ 出发，$\eta$ 为常数，$u_t + \epsilon > 0$；梯度取 "
            r"$c\, \beta_2^i$（$c \ne 0$），$\epsilon = 0$ 时取到，$\epsilon > 0$ 时在 $|c| \to \infty$ 时趋近",
        },
    ),
    derived(
        "adamax.uniform-bound",
        en="bound on all steps",
        zh="各步步长共同的上界",
        latex=r"|\Delta_t| \le \eta\, \frac{(1 - \beta_1)\, \beta_2}{\beta_2 - \beta_1}",
        says=Le(Abs(step), η * (1 - β1) * β2 / (β2 - β1)),
        rule="AdaMax",
        holds={
            "en": r"for $0 \le \beta_1 < \beta_2 < 1$, as `adamax.step-bound`; it is its limit, $1.009\,\eta$ at the defaults",
            "zh": r"$0 \le \beta_1 < \beta_2 < 1$，其余条件同 `adamax.step-bound`；它是该上界的极限，取默认值时为 $1.009\,\eta$",
        },
    ),
]
