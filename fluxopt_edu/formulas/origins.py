"""Where each rule comes from, and what a methods section should say of it."""

from dataclasses import dataclass

from .formula import Source

ALGORITHM_1, ALGORITHM_2 = {"en": "Algorithm 1", "zh": "算法 1"}, {"en": "Algorithm 2", "zh": "算法 2"}


@dataclass(frozen=True)
class Origin:
    """A rule's paper, its name in Flux v0.12.10, and how Flux's rule is told from others of its name.

    `en` and `zh` go on after "… as in Flux.jl v0.12.10"; they are empty where there is nothing to tell.
    """

    source: Source
    flux: str
    en: str = ""
    zh: str = ""


ORIGINS = {
    "Descent": Origin(Source("cauchy1847"), "Descent"),
    "Momentum": Origin(
        Source("polyak1964"), "Momentum",
        r"the learning rate is inside the velocity, $v_t = \rho v_{t-1} - \eta g_t$",
        r"学习率在速度之内，$v_t = \rho v_{t-1} - \eta g_t$",
    ),
    "Nesterov": Origin(
        Source("sutskever2013"), "Nesterov",
        "the parameter is the look-ahead point, and the learning rate is inside the velocity",
        "参数为前瞻点，学习率在速度之内",
    ),
    "RMSProp": Origin(
        Source("tieleman2012"), "RMSProp",
        r"$\epsilon$ outside the root, no bias correction, no momentum",
        r"$\epsilon$ 在根号外，无偏差校正，无动量",
    ),
    "Adam": Origin(
        Source("kingma2015", ALGORITHM_1), "ADAM",
        r"$\epsilon$ outside the root, after bias correction",
        r"$\epsilon$ 在根号外，先作偏差校正",
    ),
    "RAdam": Origin(
        Source("liu2020", ALGORITHM_2), "RADAM",
        r"rectified where $\rho_t > 4$, with $\epsilon$ outside the root",
        r"当 $\rho_t > 4$ 时修正，$\epsilon$ 在根号外",
    ),
    "AdaMax": Origin(
        Source("kingma2015", ALGORITHM_2), "AdaMax",
        r"with $\epsilon$ added to $u_t$ in the denominator",
        r"分母为 $u_t + \epsilon$",
    ),
    "AdaGrad": Origin(
        Source("duchi2011"), "ADAGrad",
        r"$\epsilon$ outside the root, $a_0 = \epsilon$",
        r"$\epsilon$ 在根号外，$a_0 = \epsilon$",
    ),
    "AdaDelta": Origin(
        Source("zeiler2012", ALGORITHM_1), "ADADelta",
        r"no learning rate, $\epsilon$ inside both roots",
        r"无学习率，$\epsilon$ 在两个根号内",
    ),
    "AMSGrad": Origin(
        Source("reddi2018", ALGORITHM_2), "AMSGrad",
        r"no bias correction, $m_0 = v_0 = v_{\max,0} = \epsilon$, constant learning rate",
        r"无偏差校正，$m_0 = v_0 = v_{\max,0} = \epsilon$，学习率为常数",
    ),
    "NAdam": Origin(
        Source("dozat2016"), "NADAM",
        r"constant $\beta_1$, and the root is that of $\beta_2 \hat v_t$",
        r"$\beta_1$ 为常数，根号内为 $\beta_2 \hat v_t$",
    ),
    "AdamW": Origin(
        Source("loshchilov2019", ALGORITHM_2), "ADAMW",
        r"the decay $\lambda$ is not multiplied by $\eta$, and $\epsilon = 10^{-8}$",
        r"衰减系数 $\lambda$ 不乘 $\eta$，$\epsilon = 10^{-8}$",
    ),
    "OAdam": Origin(
        Source("daskalakis2018", ALGORITHM_1), "OADAM",
        r"$u_0 = 0$, so the first step is $2 u_1$",
        r"$u_0 = 0$，故第一步为 $2 u_1$",
    ),
    "AdaBelief": Origin(
        Source("zhuang2020", ALGORITHM_2), "AdaBelief",
        r"no bias correction and no $\epsilon$ in $s_t$",
        r"无偏差校正，$s_t$ 中无 $\epsilon$",
    ),
    "WeightDecay": Origin(
        Source("loshchilov2019"), "WeightDecay",
        "first in a chain it is an L2 penalty, last in it decoupled decay",
        "置于链首即 L2 惩罚，置于链尾即解耦的权重衰减",
    ),
}  # fmt: skip
