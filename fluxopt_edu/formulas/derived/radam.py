"""RAdam: the length of an average, the variance of its inverse root, and when rectification begins."""

from sympy import Eq, Gt, Le, Lt, Rational, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, step, t, v_hat, β2, ε, η
from . import derived

i = Symbol("i")
ρ_t, ρ_inf, r = letter("rho-t"), letter("ρ_inf"), letter("r")
spread, spread_inf, inverse_spread, σ = map(letter, ["spread", "spread-inf", "inverse-spread", "noise"])
plain_step, step_1, g_1 = letter("plain-step"), letter("step", "1"), letter("g", "1")
LIU = Source("liu2020")

FORMULAS = [
    derived(
        "radam.unnormalised",
        en="first steps, not divided by a root",
        zh="不除以平方根的头几步",
        latex=r"\Delta_t = \sqrt{\hat v_t}\, \tilde\Delta_t",
        says=Eq(step, sqrt(v_hat) * plain_step),
        rule="RAdam",
        kind="departure",
        source=Source("liu2020", {"en": "Algorithm 2", "zh": "算法 2"}),
        flux="RADAM",
        holds={
            "en": r"for $\rho_t \le 4$, with $\tilde\Delta_t$ Adam's step at $\epsilon = 0$; the derivation gives no step at all",
            "zh": r"$\rho_t \le 4$，$\tilde\Delta_t$ 为 $\epsilon = 0$ 时 Adam 的更新量；按推导，这几步不更新",
        },
    ),
    derived(
        "radam.schedule",
        en="rectified step as a scheduled step of Adam",
        zh="修正步写成带调度的 Adam 更新量",
        latex=r"\Delta_t = r_t\, \tilde\Delta_t",
        says=Eq(step, r * plain_step),
        rule="RAdam",
        holds={
            "en": r"for $\rho_t > 4$, with $\tilde\Delta_t$ Adam's step on the same gradients; $r_t$ depends on $t$ and $\beta_2$ alone",
            "zh": r"$\rho_t > 4$，$\tilde\Delta_t$ 为同样的梯度下 Adam 的更新量；$r_t$ 只由 $t$ 和 $\beta_2$ 决定",
        },
    ),
    derived(
        "radam.squared-weights",
        en="sum of the squared weights of the average",
        zh="平均的权重的平方和",
        latex=r"\sum_{i=1}^{t} \left( \frac{(1 - \beta_2)\, \beta_2^{t-i}}{1 - \beta_2^t} \right)^2 "
        r"= \frac{1 - \beta_2}{1 + \beta_2}\, \frac{1 + \beta_2^t}{1 - \beta_2^t}",
        says=Eq(
            Sum(((1 - β2) * β2 ** (t - i) / (1 - β2**t)) ** 2, (i, 1, t)),
            (1 - β2) / (1 + β2) * (1 + β2**t) / (1 - β2**t),
        ),
        rule="RAdam",
        holds={
            "en": r"one over the number of gradients whose plain mean has the variance of $\hat v_t$; at least $1/t$",
            "zh": r"若干个梯度平方的算术平均与 $\hat v_t$ 方差相同时，个数的倒数；不小于 $1/t$",
        },
    ),
    derived(
        "radam.epsilon",
        en="ε in the rectified step",
        zh="修正步中的 ε",
        latex=r"\Delta_t = \frac{\sqrt{\hat v_t}}{\sqrt{\hat v_t} + \epsilon}\, \tilde\Delta_t",
        says=Eq(step, sqrt(v_hat) / (sqrt(v_hat) + ε) * plain_step),
        rule="RAdam",
        kind="departure",
        source=Source("liu2020", {"en": "Algorithm 2", "zh": "算法 2"}),
        flux="RADAM",
        holds={
            "en": r"for $\rho_t > 4$, with $\tilde\Delta_t$ the paper's step, which has no $\epsilon$",
            "zh": r"$\rho_t > 4$，$\tilde\Delta_t$ 为论文中的更新量，其中没有 $\epsilon$",
        },
    ),
    derived(
        "radam.centre-of-mass",
        en="length of an average from its centre of mass",
        zh="由质心得到的平均长度",
        latex=r"\frac{\rho_t + 1}{2} = \sum_{i=1}^{t} \frac{(1 - \beta_2)\, \beta_2^{t-i}}{1 - \beta_2^t}\, (t + 1 - i)",
        says=Eq((ρ_t + 1) / 2, Sum((1 - β2) * β2 ** (t - i) / (1 - β2**t) * (t + 1 - i), (i, 1, t))),
        rule="RAdam",
        source=LIU,
        holds={
            "en": r"where a plain mean of the last $n$ gradients has its centre of mass at $(n + 1)/2$",
            "zh": r"最近 $n$ 个梯度的算术平均，质心在 $(n + 1)/2$",
        },
    ),
    derived(
        "radam.inverse-variance",
        en="variance of the inverse average",
        zh="平均值倒数的方差",
        latex=r"W_t = \frac{2 \rho_t^2}{(\rho_t - 2)^2 (\rho_t - 4)\, \sigma^4}",
        says=Eq(inverse_spread, 2 * ρ_t**2 / ((ρ_t - 2) ** 2 * (ρ_t - 4) * σ**4)),
        rule="RAdam",
        source=LIU,
        holds={
            "en": r"for $\hat v_t$ a mean of $\rho_t$ squares of normal gradients of variance $\sigma^2$; infinite for $\rho_t \le 4$",
            "zh": r"$\hat v_t$ 为 $\rho_t$ 个方差为 $\sigma^2$ 的正态梯度的平方的均值；$\rho_t \le 4$ 时为无穷",
        },
    ),
    derived(
        "radam.variance",
        en="variance of the inverse root, by the delta method",
        zh="平方根倒数的方差，由 Delta 方法得到",
        latex=r"V_t = \frac{\rho_t}{2 (\rho_t - 2) (\rho_t - 4)\, \sigma^2}",
        says=Eq(spread, ρ_t / (2 * (ρ_t - 2) * (ρ_t - 4) * σ**2)),
        rule="RAdam",
        source=LIU,
        holds={
            "en": r"to first order: the variance of $\hat v_t^{-1}$ over four times its mean, for normal gradients and $\rho_t > 4$",
            "zh": r"一阶近似：$\hat v_t^{-1}$ 的方差除以其均值的四倍，梯度为正态且 $\rho_t > 4$",
        },
    ),
    derived(
        "radam.rectification",
        en="rectification term from the variance",
        zh="由方差得到的修正项",
        latex=r"r_t = \sqrt{\frac{V_\infty}{V_t}}",
        says=Eq(r, sqrt(spread_inf / spread)),
        rule="RAdam",
        source=LIU,
        holds={
            "en": r"with $V_t$ as in `radam.variance`, and $V_\infty$ the same with $\rho_\infty$",
            "zh": r"$V_t$ 见 `radam.variance`，$V_\infty$ 是其中取 $\rho_\infty$ 的值",
        },
    ),
    derived(
        "radam.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = \eta\, g_1",
        says=Eq(step_1, η * g_1),
        rule="RAdam",
        holds={
            "en": r"whatever $\epsilon$ is; the three steps that follow are not divided by a root either",
            "zh": r"$\epsilon$ 任意；随后三步也不除以平方根",
        },
    ),
    derived(
        "radam.length-bound",
        en="bound on the length of an average",
        zh="平均长度的上界",
        latex=r"\rho_t \le t",
        says=Le(ρ_t, t),
        rule="RAdam",
        holds={
            "en": r"for every $\beta_2$, so that no step before the fifth is rectified",
            "zh": r"$\beta_2$ 任意；所以第五步之前都不修正",
        },
    ),
    derived(
        "radam.fifth-step",
        en="whether the fifth step is rectified",
        zh="第五步是否修正",
        latex=r"3 + \beta_2 < \beta_2^2 + 3 \beta_2^3 + 5 \beta_2^4",
        says=Lt(3 + β2, β2**2 + 3 * β2**3 + 5 * β2**4),
        rule="RAdam",
        holds={
            "en": r"if and only if $\rho_5 > 4$, that is for $\beta_2 > 0.7733$",
            "zh": r"当且仅当 $\rho_5 > 4$，即 $\beta_2 > 0.7733$",
        },
    ),
    derived(
        "radam.threshold",
        en="whether any step is rectified",
        zh="是否有任何一步修正",
        latex=r"\beta_2 > \frac{3}{5}",
        says=Gt(β2, Rational(3, 5)),
        rule="RAdam",
        holds={
            "en": r"if and only if $\rho_\infty > 4$; below, RAdam is corrected momentum for ever",
            "zh": r"当且仅当 $\rho_\infty > 4$；否则 RAdam 始终是校正后的动量法",
        },
    ),
]
