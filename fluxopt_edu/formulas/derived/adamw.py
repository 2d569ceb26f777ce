"""AdamW: what decoupling does, and the translation of its decay."""

from sympy import Abs, Eq, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, m_hat, sequence, t, v_hat, x_before, β1, ε, η, λ
from . import derived

i = Symbol("i")
adam_steps = sequence("adam-steps")
x, x_0, terminal_x = letter("x", "t"), letter("x", "0"), letter("terminal-x")
w, constant = letter("weight-decay"), letter("constant-gradient")
step_1, g_1 = letter("step", "1"), letter("g", "1")
V = letter("variance")
LOSHCHILOV = Source("loshchilov2019")

FORMULAS = [
    derived(
        "adamw.decay",
        en="decay that is not multiplied by η",
        zh="不乘 η 的衰减系数",
        latex=r"\lambda = \eta w",
        says=Eq(λ, η * w),
        rule="AdamW",
        kind="departure",
        source=LOSHCHILOV,
        flux="ADAMW",
        holds={
            "en": r"for a constant $\eta$: Flux with $\lambda$ steps as PyTorch and optax with the weight decay $w$",
            "zh": r"$\eta$ 为常数：取 $\lambda$ 的 Flux 与取权重衰减 $w$ 的 PyTorch、optax 步步相同",
        },
    ),
    derived(
        "adamw.decoupled",
        en="parameter after a step",
        zh="一步之后的参数",
        latex=r"x_t = (1 - \lambda)\, x_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
        says=Eq(x, (1 - λ) * x_before - η * m_hat / (sqrt(v_hat) + ε)),
        rule="AdamW",
        source=LOSHCHILOV,
    ),
    derived(
        "adamw.unrolled",
        en="parameter as a sum over Adam's steps",
        zh="参数写成 Adam 更新量之和",
        latex=r"x_t = (1 - \lambda)^t\, x_0 - \sum_{i=1}^{t} (1 - \lambda)^{t-i} u_i",
        says=Eq(x, (1 - λ) ** t * x_0 - Sum((1 - λ) ** (t - i) * adam_steps[i], (i, 1, t))),
        rule="AdamW",
    ),
    derived(
        "adamw.penalty-first-step",
        en="first step with the decay in the gradient",
        zh="衰减加在梯度里时的第一步",
        latex=r"\Delta_1 = \eta\, \frac{g_1 + \lambda\, x_0}{|g_1 + \lambda\, x_0| + \epsilon}",
        says=Eq(step_1, η * (g_1 + λ * x_0) / (Abs(g_1 + λ * x_0) + ε)),
        rule="AdamW",
        source=LOSHCHILOV,
        holds={
            "en": r"for an L2 penalty of weight $\lambda$ inside Adam: at $\epsilon = 0$ only its sign counts",
            "zh": r"Adam 内加系数为 $\lambda$ 的 L2 惩罚：$\epsilon = 0$ 时只有它的符号起作用",
        },
    ),
    derived(
        "adamw.terminal-parameter",
        en="parameter in the long run",
        zh="参数的长期值",
        latex=r"x_\infty = -\frac{\eta}{\lambda}\, \frac{g}{|g|}",
        says=Eq(terminal_x, -η / λ * constant / Abs(constant)),
        rule="AdamW",
        holds={"en": r"on a constant gradient, for $\epsilon = 0$ and $0 < \lambda < 2$", "zh": r"梯度为常数，$\epsilon = 0$，$0 < \lambda < 2$"},
    ),
    derived(
        "adamw.noise",
        en="variance of the parameter under noise alone",
        zh="只有噪声时参数的方差",
        latex=r"V = \eta^2\, \frac{1 - \beta_1}{1 + \beta_1}\, \frac{1 + (1 - \lambda) \beta_1}{(1 - (1 - \lambda) \beta_1) (1 - (1 - \lambda)^2)}",
        says=Eq(V, η**2 * (1 - β1) / (1 + β1) * (1 + (1 - λ) * β1) / ((1 - (1 - λ) * β1) * (1 - (1 - λ) ** 2))),
        rule="AdamW",
        holds={
            "en": r"in the long run, for independent gradients of mean 0, $\epsilon = 0$, $0 < \lambda < 1$, and with $\hat v_t$ taken as their variance",
            "zh": r"长期值；各步梯度独立，均值为 0，$\epsilon = 0$，$0 < \lambda < 1$，并把 $\hat v_t$ 当作梯度的方差",
        },
    ),
]
