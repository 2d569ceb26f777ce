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
            "en": r"with $\tilde\Delta_t$ the paper's step, which has no $\epsilon$",
            "zh": r"$\tilde\Delta_t$ 为论文中的更新量，其中没有 $\epsilon$",
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
    ),
    derived(
        "adamax.constant-gradient",
        en="step on a constant gradient",
        zh="常梯度下的更新量",
        latex=r"\Delta_t = \eta\, \frac{g}{|g| + \epsilon}",
        says=Eq(step, η * g / (Abs(g) + ε)),
        rule="AdaMax",
        holds={
            "en": "on a constant gradient, from the first step on: the maximum needs no correction",
            "zh": "梯度为常数，从第一步起即如此：最大值无需校正",
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
            "en": r"for every $\epsilon$; reached for $\epsilon = 0$ by gradients proportional to $\beta_2^i$ at step $i$",
            "zh": r"$\epsilon$ 任意；$\epsilon = 0$ 且第 $i$ 步的梯度与 $\beta_2^i$ 成正比时取到",
        },
    ),
]
