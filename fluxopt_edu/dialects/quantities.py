"""Symbols of what only other libraries' rules have: `fluxopt_edu.symbols` has the others."""

from ..symbols import GRADIENT, SQUARED_GRADIENT, Meaning, Symbol


def _hyper(name, latex, range_, en, zh, unit=""):
    return Symbol(name, name, latex, range_, "number", Meaning(en, zh, unit), index="")


# Hyper-parameters

MOMENTUM = _hyper("mu", r"\mu", "unit", "momentum: share of past steps that one step keeps", "动量：过去更新量每步保留的那一份")
DAMPENING = _hyper("tau", r"\tau", "real", "dampening: share of the gradient that stays out of the momentum", "阻尼：梯度中不计入动量的那一份")
EPSILON_ROOT = _hyper("epsilon_r", r"\epsilon_r", "positive", "small number inside the root", "根号内的小数", SQUARED_GRADIENT)
INITIAL = _hyper("a_0", "a_0", "positive", "where the sum or the average of squared gradients starts", "梯度平方累加和或平均值的初值", SQUARED_GRADIENT)
LR_DECAY = _hyper("zeta", r"\zeta", "positive", "how fast the learning rate falls", "学习率下降的快慢")
MOMENTUM_DECAY = _hyper("psi", r"\psi", "positive", "how fast β₁ grows to its full size", "β₁ 增至其全值的快慢")
THRESHOLD = _hyper("theta", r"\vartheta", "real", "length of the average v from which steps are rectified", "平均值 v 的长度达到此值起作修正")
OPTIMISM = _hyper("omega", r"\omega", "positive", "weight of the change from the last step to this one", "本步与上一步之差的权重")
WEIGHT = _hyper("alpha", r"\alpha", "positive", "weight of the present step", "本步的权重")
SHRINK = _hyper("eta_minus", r"\eta_{-}", "unit", "factor by which a step shrinks", "步长缩小的倍数")
GROW = _hyper("eta_plus", r"\eta_{+}", "positive", "factor by which a step grows", "步长增大的倍数")
SMALLEST = _hyper("h_min", r"h_{\min}", "positive", "smallest step", "最小步长", "[x]")
LARGEST = _hyper("h_max", r"h_{\max}", "positive", "largest step", "最大步长", "[x]")
MULTIPLIER = _hyper("kappa", r"\kappa", "positive", "multiplier of the schedule", "调度乘子")
DELTA = _hyper("delta", r"\delta", "positive", "small number that keeps a denominator from zero", "使分母不为零的小数", GRADIENT)


# States


def _state(name, latex, en, zh, unit, shape="x"):
    return Symbol(name, name, latex, "real", shape, Meaning(en, zh, unit), id=name.replace("_", "-"))


BUFFER = _state("b", "b", "momentum", "动量", GRADIENT)
MEAN = _state("l", r"\ell", "moving average of the gradient", "梯度的滑动平均", GRADIENT)
PRODUCT = _state("mu_product", r"\Pi", "product of the momenta so far", "迄今各步动量之积", "", "number")
LAST = _state("g_last", r"\check g", "gradient of the step before, or 0 where its sign has changed", "上一步的梯度；变号处为 0", GRADIENT)
SIZE = _state("h", "h", "size of the step of each coordinate", "各坐标的步长", "[x]")

# Named by a rule

MU = Symbol("mu", "mu", r"\mu", "real", "number", Meaning("momentum of step t", "第 t 步的动量"))
MU_NEXT = Symbol("mu_next", "mu_next", r"\mu", "real", "number", Meaning("momentum of the step after", "下一步的动量"), index="t+1", id="mu-next")
PENALISED = _state("g_w", r"\tilde g", "gradient with the penalty's", "加上惩罚项梯度之后的梯度", GRADIENT)
UNSCALED = _state("d", "d", "step before the learning rate", "乘学习率之前的更新量", "[x]")
