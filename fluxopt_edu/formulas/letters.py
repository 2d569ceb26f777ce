"""The letters of derived formulas: the symbols of the rules, and those that only derivations use.

A letter is a SymPy symbol whose name is the one that code uses; `LETTERS` tells what it stands for.
Letters with an index of their own, such as the g_i of a sum, are those of a `sequence`.
"""

import sympy as sp

from ..readings.equation import name_of
from ..readings.lines import Letter
from ..symbols import CURVATURE, GRADIENT, RATE, SQUARED_GRADIENT, TABLE, Meaning, Symbol

DERIVED = {
    symbol.code: symbol
    for symbol in (
        Symbol("beta", "beta", r"\beta", "unit", "number", Meaning("decay rate, β₁ or β₂", "衰减率，β₁ 或 β₂"), index=""),
        Symbol("curvature", "curvature", r"\lambda", "positive", "number", Meaning("curvature: an eigenvalue of the Hessian", "曲率，即黑塞矩阵的一个特征值", CURVATURE), index=""),
        Symbol("curvature-min", "curvature_min", r"\lambda_{\min}", "positive", "number", Meaning("smallest curvature", "最小曲率", CURVATURE), index="", id="curvature-min"),
        Symbol("curvature-max", "curvature_max", r"\lambda_{\max}", "positive", "number", Meaning("largest curvature", "最大曲率", CURVATURE), index="", id="curvature-max"),
        Symbol("kappa", "kappa", r"\kappa", "positive", "number", Meaning("condition number: largest over smallest curvature", "条件数，即最大曲率与最小曲率之比"), index=""),
        Symbol("component", "component", "c", "real", "number", Meaning("component of the error along an eigenvector of the Hessian", "误差沿黑塞矩阵某一特征向量的分量", "[x]")),
        Symbol("eta-best", "eta_best", r"\eta^\star", "positive", "number", Meaning("best learning rate", "最优学习率", RATE), index="", id="eta-best"),
        Symbol("time", "time", "T", "positive", "number", Meaning("time: the number of steps times η", "时间，即步数乘以 η", RATE), index=""),
        Symbol("noise", "noise", r"\sigma", "positive", "number", Meaning("standard deviation of the gradient's noise", "梯度噪声的标准差", GRADIENT), index=""),
        Symbol("variance", "variance", "V", "positive", "number", Meaning("variance of the parameter in the long run", "参数的长期方差", "[x]^2"), index=""),
        Symbol("epsilon-hat", "epsilon_hat", r"\hat\epsilon", "positive", "number", Meaning("ε of the short form, for the average before its correction", "简写形式中的 ε，加在校正之前的平均值上", GRADIENT), id="epsilon-hat"),
        Symbol("any-step", "any_step", r"\Delta", "real", "number", Meaning("a step, not yet chosen", "尚未选定的更新量", "[x]"), index="", id="any-step"),
        # momentum
        Symbol("constant-gradient", "constant_gradient", "g", "real", "x", Meaning("gradient that every step is given", "各步所用的同一个梯度", GRADIENT), index=""),
        Symbol("terminal-step", "terminal_step", r"\Delta_\infty", "real", "x", Meaning("step in the long run", "长期的更新量", "[x]"), index=""),
        Symbol("eigenvalue", "eigenvalue", "z", "real", "number", Meaning("eigenvalue of the matrix that takes one step to the next", "由一步到下一步的矩阵的特征值"), index=""),
        Symbol("rho-best", "rho_best", r"\rho^\star", "unit", "number", Meaning("best momentum", "最优动量系数"), index=""),
        Symbol("rate-best", "rate_best", r"q^\star", "unit", "number", Meaning("rate: largest absolute eigenvalue over all curvatures", "收敛速率，即各曲率下特征值绝对值的最大者"), index=""),
        Symbol("theta", "theta", r"\theta", "real", "x", Meaning("parameter of Nesterov's two sequences, before the look-ahead", "Nesterov 两个序列中前瞻之前的参数", "[x]")),
        # nadam
        Symbol("mu", "mu", r"\mu", "unit", "number", Meaning("share of the average m that step t keeps", "第 t 步使平均值 m 保留的比例")),
        # the same step, had the code followed the derivation or the paper
        Symbol("plain-step", "plain_step", r"\tilde\Delta", "real", "x", Meaning("step without the departure", "没有这一偏离时的更新量", "[x]")),
        Symbol("plain-s", "plain_s", r"\tilde s", "real", "x", Meaning("average s of the paper", "论文中的平均值 s", SQUARED_GRADIENT)),
        # expectations
        Symbol("mean", "mean", r"\mu", "real", "x", Meaning("expectation of the gradient", "梯度的期望", GRADIENT), index=""),
        Symbol("second-moment", "second_moment", "s", "positive", "x", Meaning("expectation of the squared gradient", "梯度平方的期望", SQUARED_GRADIENT), index=""),
        Symbol("mean-m", "mean_m", r"\mathbb{E}\, m", "real", "x", Meaning("expectation of the average m", "平均值 m 的期望", GRADIENT)),
        Symbol("mean-v", "mean_v", r"\mathbb{E}\, v", "real", "x", Meaning("expectation of the average v", "平均值 v 的期望", SQUARED_GRADIENT)),
        Symbol("rho-t", "rho_t", r"\rho", "real", "number", TABLE["ρ"].meaning),
        Symbol("inverse-spread", "inverse_spread", "W", "positive", "x", Meaning("variance of the inverse of the corrected average v", "校正后的平均值 v 的倒数的方差", "[x]^4/[f]^4")),
        Symbol("spread", "spread", "V", "positive", "x", Meaning("variance of the inverse root of the corrected average v", "校正后的平均值 v 的平方根之倒数的方差", "[x]^2/[f]^2")),
        Symbol("spread-inf", "spread_inf", r"V_\infty", "positive", "x", Meaning("same variance in the long run", "该方差的长期值", "[x]^2/[f]^2"), index=""),
        # two players
        Symbol("opponent", "opponent", "y", "real", "x", Meaning("parameter of the other player", "另一方的参数", "[x]")),
        Symbol("radius", "radius", "R", "positive", "number", Meaning("spectral radius", "谱半径"), index=""),
        # weight decay, and others
        Symbol("weight-decay", "weight_decay", "w", "positive", "number", Meaning("weight decay of other libraries, which they multiply with η", "其他库的权重衰减系数，在那里还要乘 η", "1/[x]"), index=""),
        Symbol("terminal-x", "terminal_x", r"x_\infty", "real", "x", Meaning("parameter in the long run", "参数的长期值", "[x]"), index=""),
        Symbol("peak", "peak", "C", "positive", "number", Meaning("the large gradient, one in three", "每三个梯度中大的那一个", GRADIENT), index=""),
        Symbol("regret", "regret", "R", "real", "number", Meaning("regret of the first t steps", "前 t 步的遗憾", "[f]")),
        Symbol("diameter", "diameter", "D", "positive", "number", Meaning("length of the interval that x is confined to", "限制 x 的区间的长度", "[x]"), index=""),
        Symbol("gradient-bound", "gradient_bound", "G", "positive", "number", Meaning("bound on the absolute values of the gradients", "梯度绝对值的上界", GRADIENT), index="", id="gradient-bound"),
        Symbol("budget", "budget", "c", "positive", "number", Meaning("sum of the divisors over all coordinates", "各坐标的除数之和", GRADIENT), index=""),
        Symbol("coordinates", "coordinates", "n", "count", "number", Meaning("number of coordinates", "坐标的个数"), index=""),
        Symbol("j", "j", "j", "count", "number", Meaning("number of a coordinate", "坐标的序号"), index=""),
        # sequences
        Symbol("gradients", "gradients", "g", "real", "x", Meaning("gradient used by step i", "第 i 步所用的梯度", GRADIENT), index="i"),
        Symbol("averages", "averages", "v", "real", "x", Meaning("moving average v after step i", "第 i 步之后的滑动平均 v", SQUARED_GRADIENT), index="i"),
        Symbol("sums", "sums", "a", "real", "x", Meaning("start value plus the sum of the squared gradients up to step i", "到第 i 步为止梯度平方的累加和（含初值）", SQUARED_GRADIENT), index="i"),
        Symbol("steps", "steps", r"\Delta", "real", "x", Meaning("amount that step i subtracts", "第 i 步的更新量", "[x]"), index="i"),
        Symbol("adam-steps", "adam_steps", "u", "real", "x", Meaning("step i of Adam", "第 i 步的 Adam 更新量", "[x]"), index="i"),
        Symbol("coordinate-sums", "coordinate_sums", "a", "real", "number", Meaning("sum of the squared gradients in coordinate j", "第 j 个坐标上梯度平方的累加和", SQUARED_GRADIENT), index="j"),
        Symbol("preconditioner", "preconditioner", "s", "positive", "number", Meaning("divisor of the gradient in coordinate j", "第 j 个坐标上梯度的除数", GRADIENT), index="j"),
    )
}  # fmt: skip
LETTERS = {}


def letter(code, index=None):
    """The symbol of a quantity, by its name in a rule or its id, with an index of its own or its usual one.

    >>> letter("m-hat"), letter("v", "t-1"), letter("g", "1")
    (m_hat, v_before, g_1)
    """
    symbol = DERIVED[code] if code in DERIVED else TABLE[code]
    made = Letter(symbol, symbol.index if index is None else index)
    LETTERS[name_of(made)] = made
    return sp.Symbol(name_of(made))


def sequence(code):
    """A quantity of each step, or of each coordinate: ``sequence("gradients")[i]`` is g_i.

    In code it is a list that starts with number 1.
    """
    symbol = DERIVED[code]
    LETTERS[symbol.name] = Letter(symbol, symbol.index)
    return sp.IndexedBase(symbol.name)


t, η, ρ, β1, β2, ε, λ = map(letter, ["t", "eta", "rho", "beta[0]", "beta[1]", "epsilon", "decay"])
g, m, v, step = map(letter, ["g", "m", "v", "step"])
x_before, m_before, v_before = (letter(code, "t-1") for code in ["x", "m", "v"])
m_hat, v_hat = letter("m-hat"), letter("v-hat")
