"""OAdam: the optimistic step, and the bilinear game that it is meant for."""

from sympy import Abs, Eq, Lt, Sum, Symbol, sqrt

from ..formula import Source
from ..letters import letter, sequence, t, x_before, β1, ε, η
from . import derived

i = Symbol("i")
steps, adam_steps = sequence("steps"), sequence("adam-steps")
u, x = letter("u"), letter("x", "t")
y_1_before, y_2_before = letter("opponent", "t-1"), letter("opponent", "t-2")
z, radius = letter("eigenvalue"), letter("radius")
step_1, g_1 = letter("step", "1"), letter("g", "1")
DASKALAKIS = Source("daskalakis2018")

FORMULAS = [
    derived(
        "oadam.first-step",
        en="first step",
        zh="第一步",
        latex=r"\Delta_1 = 2 \eta\, \frac{g_1}{|g_1| + \epsilon}",
        says=Eq(step_1, 2 * η * g_1 / (Abs(g_1) + ε)),
        rule="OAdam",
        holds={"en": r"for $g_1 \ne 0$ or $\epsilon > 0$", "zh": r"$g_1 \ne 0$ 或 $\epsilon > 0$"},
    ),
    derived(
        "oadam.telescoped",
        en="sum of all steps",
        zh="全部更新量之和",
        latex=r"\sum_{i=1}^{t} \Delta_i = u_t + \sum_{i=1}^{t} u_i",
        says=Eq(Sum(steps[i], (i, 1, t)), u + Sum(adam_steps[i], (i, 1, t))),
        rule="OAdam",
        holds={
            "en": r"from $u_0 = 0$, on whatever gradients: OAdam has gone farther than Adam by the current $u_t$",
            "zh": r"$u_0 = 0$，梯度任意：OAdam 的总位移始终比 Adam 多当前的一个 $u_t$",
        },
    ),
    derived(
        "oadam.optimistic-step",
        en="optimistic step in a bilinear game",
        zh="双线性博弈中的乐观更新",
        latex=r"x_t = x_{t-1} - 2 \eta\, y_{t-1} + \eta\, y_{t-2}",
        says=Eq(x, x_before - 2 * η * y_1_before + η * y_2_before),
        rule="OAdam",
        source=DASKALAKIS,
        holds={
            "en": r"for $f = x y$, which $x$ minimises and $y$ maximises, with the plain step $u_t = \eta\, g_t$ in the place of Adam's",
            "zh": r"$f = x y$，$x$ 求最小而 $y$ 求最大，并以 $u_t = \eta\, g_t$ 代替 Adam 的更新量",
        },
    ),
    derived(
        "oadam.descent-ascent",
        en="spectral radius of plain descent–ascent",
        zh="普通的下降–上升法的谱半径",
        latex=r"R = \sqrt{1 + \eta^2}",
        says=Eq(radius, sqrt(1 + η**2)),
        rule="OAdam",
        source=DASKALAKIS,
        holds={
            "en": r"for $f = x y$ and $\eta > 0$; every run that does not start at the equilibrium diverges",
            "zh": r"$f = x y$，$\eta > 0$；不从均衡点出发的迭代都发散",
        },
    ),
    derived(
        "oadam.characteristic",
        en="characteristic equation of the optimistic step",
        zh="乐观更新的特征方程",
        latex=r"(z^2 - z)^2 = -\eta^2 (2 z - 1)^2",
        says=Eq((z**2 - z) ** 2, -(η**2) * (2 * z - 1) ** 2),
        rule="OAdam",
        holds={"en": r"for $f = x y$ and the step of `oadam.optimistic-step`", "zh": r"$f = x y$，更新见 `oadam.optimistic-step`"},
    ),
    derived(
        "oadam.threshold",
        en="learning rates at which the optimistic step converges",
        zh="乐观更新收敛的学习率",
        latex=r"\eta < \frac{1}{\sqrt{3}}",
        says=Lt(η, 1 / sqrt(3)),
        rule="OAdam",
        holds={"en": r"for $f = x y$ and $\eta > 0$; runs from every start converge if and only if this holds", "zh": r"$f = x y$，$\eta > 0$；当且仅当此式成立，从任意起点都收敛"},
    ),
    derived(
        "oadam.optimistic-radius",
        en="spectral radius of the optimistic step",
        zh="乐观更新的谱半径",
        latex=r"R = \sqrt{\frac{1 + \sqrt{1 - 4 \eta^2}}{2}}",
        says=Eq(radius, sqrt((1 + sqrt(1 - 4 * η**2)) / 2)),
        rule="OAdam",
        holds={
            "en": r"for $f = x y$ and $0 < \eta \le \tfrac12$; least at $\eta = \tfrac12$",
            "zh": r"$f = x y$，$0 < \eta \le \tfrac12$；$\eta = \tfrac12$ 时最小",
        },
    ),
    derived(
        "oadam.average-threshold",
        en="learning rates at which the optimistic step on an averaged gradient converges",
        zh="梯度取滑动平均后，乐观更新收敛的学习率",
        latex=r"\eta < \frac{\sqrt{(1 + \beta_1) (1 - 3 \beta_1)}}{\sqrt{3} (1 - \beta_1)}",
        says=Lt(η, sqrt((1 + β1) * (1 - 3 * β1)) / (sqrt(3) * (1 - β1))),
        rule="OAdam",
        holds={
            "en": r"for $f = x y$, $\eta > 0$, $\beta_1 < \tfrac13$ and $u_t = \eta\, m_t$ in the place of Adam's step; "
            r"for $\beta_1 \ge \tfrac13$ no $\eta > 0$ converges from every start",
            "zh": r"$f = x y$，$\eta > 0$，$\beta_1 < \tfrac13$，以 $u_t = \eta\, m_t$ 代替 Adam 的更新量；"
            r"$\beta_1 \ge \tfrac13$ 时，没有 $\eta > 0$ 能从任意起点收敛",
        },
    ),
]
