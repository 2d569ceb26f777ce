"""The project's symbols: one table for SymPy, LaTeX, the notation pages and the formula cards."""

import re
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Meaning:
    """What a symbol stands for.

    Attributes
    ----------
    en, zh : str
        In words.
    unit : str
        LaTeX, where [x] is the unit of the parameter and [f] that of the objective; empty for a
        pure number. Two units mean that the symbol is used with both.
    """

    en: str
    zh: str
    unit: str = ""

    def at(self, index):
        """The meaning where a formula writes the letter at the start, at the first step, or at the step before.

        >>> Meaning("gradient used by step t", "第 t 步所用的梯度").at("1").en
        'gradient used by step 1'
        >>> Meaning("parameter after step t", "第 t 步之后的参数").at("t-1").zh
        '第 t 步之前的参数'
        """
        if index == "1":
            return replace(self, en=self.en.replace("step t", "step 1"), zh=self.zh.replace("第 t 步", "第 1 步"))
        if index == "0" and "after step t" in self.en:
            return replace(self, en=self.en.replace("after step t", "at the start"), zh=self.zh.replace("第 t 步之后的参数", "参数的初值"))
        if index != "t-1":
            return self
        if "after step t" in self.en:
            return replace(self, en=self.en.replace("after step t", "before step t"), zh=self.zh.replace("第 t 步之后", "第 t 步之前"))
        before = {"en": " before the step", "zh": "在第 t 步之前的值"}
        return replace(self, **{lang: re.sub("(?=[:;，；]|$)", words, getattr(self, lang), count=1) for lang, words in before.items()})


@dataclass(frozen=True)
class Symbol:
    """How a quantity of a rule is written and what it is.

    Attributes
    ----------
    code : str
        Its name in rules and their traces; for a quantity that rules do not name, its id.
    name : str
        SymPy's; its printers turn ``beta_1`` into β₁.
    latex : str
        Without the index of the step.
    range : str
        ``real``, ``positive``, ``unit`` (between 0 and 1) or ``count`` (1, 2, …). States are found
        to be non-negative by proof; see `symbolic`.
    shape : str
        ``x`` for the parameter's shape, else ``number``.
    meaning : Meaning
    elsewhere : dict of str to Meaning
        The meaning in some rules, by their names joined with spaces.
    index : str
        The index of the step with which a reader meets it first, ``t`` for most; empty for none.
    id : str
        Its name in a formula's id, in ASCII: the ``m-hat`` of ``adam.m-hat``.
    """

    code: str
    name: str
    latex: str
    range: str
    shape: str
    meaning: Meaning
    elsewhere: dict = field(default_factory=dict, hash=False)
    index: str = "t"
    id: str = ""

    def __post_init__(self):
        object.__setattr__(self, "id", self.id or self.code)

    def at(self, index):
        """The LaTeX with an index.

        >>> TABLE["v"].at("t-1"), TABLE["v_max"].at("t-1"), TABLE["eta"].at("")
        ('v_{t-1}', 'v_{\\\\max,t-1}', '\\\\eta')
        """
        if not index:
            return self.latex
        letter, own = re.fullmatch(r"(.*?)(?:(?<!\\)_\{?(.*?)\}?)?", self.latex).groups()
        both = f"{own},{index}" if own else index
        return f"{letter}_{both}" if len(both) == 1 else f"{letter}_{{{both}}}"

    def means(self, rule, index="t"):
        """The meaning in the rule of that name, where a formula gives it that index."""
        return next((meaning for rules, meaning in self.elsewhere.items() if rule in rules.split()), self.meaning).at(index)


class Table(dict):
    """Symbols by their names in code; in a chain, ``eta2`` and ``v2`` are those of a second link, with a prime.

    >>> TABLE["eta2"].latex, TABLE["beta2[0]"].name, TABLE["v3"].at("t")
    ("\\\\eta'", 'beta2_1', "v''_t")
    """

    def __missing__(self, code):
        numbered = re.fullmatch(r"(.+?)(\d+)(\[\d\])?", code)
        if not numbered:
            raise KeyError(code)
        stem, number, part = numbered.groups()
        first, primes = self[stem + (part or "")], "'" * (int(number) - 1)
        name, index = re.fullmatch(r"([^_]*)(.*)", first.name).groups()
        letter, below = re.fullmatch(r"([^_]*)(.*)", first.latex).groups()
        return replace(first, code=code, name=name + number + index, latex=letter + primes + below, id=f"{first.id}-{number}")


def _table(*symbols):
    return Table((symbol.code, symbol) for symbol in symbols)


def symbol_of(meaning):
    """What stands for a quantity, by its name in the table, or itself if it is a symbol already.

    >>> symbol_of("beta[1]").latex, symbol_of(TABLE["eta"]).name
    ('\\\\beta_2', 'eta')
    """
    return meaning if isinstance(meaning, Symbol) else TABLE[meaning]


# The table, by the names that rules and their traces use; with the units
GRADIENT, SQUARED_GRADIENT, CURVATURE, RATE = "[f]/[x]", "[f]^2/[x]^2", "[f]/[x]^2", "[x]^2/[f]"

STEP_NUMBER = Symbol("t", "t", "t", "count", "number", Meaning("number of the step", "步的序号"), index="")

STEP = Symbol(
    "step", "Delta", r"\Delta", "real", "x",
    Meaning("step: what step t subtracts from the parameter", "更新量，即第 t 步从参数中减去的量", "[x]"),
    {"WeightDecay": Meaning("what goes on to the next rule of a chain", "传给链中下一条规则的量", GRADIENT)},
)  # fmt: skip

INPUTS = {
    "g": Symbol("g", "g", "g", "real", "x", Meaning("gradient used by step t", "第 t 步所用的梯度", GRADIENT)),
    "x": Symbol("x", "x", "x", "real", "x", Meaning("parameter after step t", "第 t 步之后的参数", "[x]")),
}

HYPER = _table(
    Symbol(
        "eta", "eta", r"\eta", "positive", "number",
        Meaning("learning rate", "学习率", "[x]"),
        {
            "Descent Momentum Nesterov": Meaning("learning rate", "学习率", RATE),
            "RAdam": Meaning("learning rate", "学习率", f"[x],\\ {RATE}"),
        },
        index="",
    ),
    Symbol(
        "rho", "rho", r"\rho", "unit", "number",
        Meaning("share of an average that one step keeps", "平均值每步保留的那一份"),
        {"Momentum Nesterov": Meaning("share of the velocity that one step keeps", "速度每步保留的那一份")},
        index="",
    ),
    Symbol(
        "beta[0]", "beta_1", r"\beta_1", "unit", "number",
        Meaning("share of the average m that one step keeps", "平均值 m 每步保留的那一份"),
        index="",
    ),
    Symbol(
        "beta[1]", "beta_2", r"\beta_2", "unit", "number",
        Meaning("share of the average v that one step keeps", "平均值 v 每步保留的那一份"),
        {
            "AdaMax": Meaning("share of the maximum u that one step keeps", "最大值 u 每步保留的那一份"),
            "AdaBelief": Meaning("share of the average s that one step keeps", "平均值 s 每步保留的那一份"),
        },
        index="",
    ),
    Symbol(
        "epsilon", "epsilon", r"\epsilon", "positive", "number",
        Meaning("small number that keeps a denominator from zero", "使分母不为零的小数", GRADIENT),
        {
            "AdaGrad": Meaning(
                "small number that keeps a denominator from zero; where the sum starts",
                "使分母不为零的小数，也是累加的初值",
                f"{GRADIENT},\\ {SQUARED_GRADIENT}",
            ),
            "AMSGrad": Meaning(
                "small number that keeps a denominator from zero; where all states start",
                "使分母不为零的小数，也是各状态的初值",
                f"{GRADIENT},\\ {SQUARED_GRADIENT}",
            ),
            "AdaDelta": Meaning("small number inside both roots", "两个根号内的小数", f"{SQUARED_GRADIENT},\\ [x]^2"),
        },
        index="",
    ),
    Symbol(
        "decay", "lambda", r"\lambda", "positive", "number",
        Meaning("share of the parameter that each step takes away", "每步从参数中减去的那一份"),
        {"WeightDecay": Meaning("weight of the parameter beside the gradient", "参数加到梯度上时所乘的权重", CURVATURE)},
        index="",
    ),
)  # fmt: skip

STATES = _table(
    Symbol("m", "m", "m", "real", "x", Meaning("moving average of the gradient", "梯度的滑动平均", GRADIENT)),
    Symbol(
        "v", "v", "v", "real", "x",
        Meaning("moving average of the squared gradient", "梯度平方的滑动平均", SQUARED_GRADIENT),
        {"Momentum Nesterov": Meaning("velocity", "速度", "[x]")},
    ),
    Symbol("v_max", "v_max", r"v_{\max}", "real", "x", Meaning("largest v so far", "迄今最大的 v", SQUARED_GRADIENT), id="v-max"),
    Symbol(
        "acc", "acc", "a", "real", "x",
        Meaning("moving average of the squared gradient", "梯度平方的滑动平均", SQUARED_GRADIENT),
        {"AdaGrad": Meaning("start value plus the sum of the squared gradients", "梯度平方的累加和（含初值）", SQUARED_GRADIENT)},
    ),
    Symbol(
        "Δacc", "Δacc", "b", "real", "x",
        Meaning("moving average of the squared step", "更新量平方的滑动平均", "[x]^2"),
        id="delta-acc",
    ),
    Symbol(
        "u", "u", "u", "real", "x",
        Meaning("largest size of a past gradient, slowly forgotten", "过去梯度绝对值的最大者，随时间慢慢遗忘", GRADIENT),
        {"OAdam": Meaning("Adam's step", "Adam 的更新量", "[x]")},
    ),
    Symbol(
        "s", "s", "s", "real", "x",
        Meaning(
            "moving average of the squared difference between gradient and forecast m",
            "梯度与其预测 m 之差的平方的滑动平均",
            SQUARED_GRADIENT,
        ),
    ),
    Symbol("βt[0]", "beta_1**t", r"\beta_1^t", "unit", "number", Meaning("power of β₁ at step t", "第 t 步时 β₁ 的幂"), index="", id="beta-1-t"),
    Symbol("βt[1]", "beta_2**t", r"\beta_2^t", "unit", "number", Meaning("power of β₂ at step t", "第 t 步时 β₂ 的幂"), index="", id="beta-2-t"),
)  # fmt: skip

# Named by a rule; or by authors, where a rule computes them in passing: see `readings.lines`.
QUANTITIES = _table(
    Symbol("m-hat", "mhat", r"\hat m", "real", "x", Meaning("moving average of the gradient after bias correction", "经偏差校正的梯度滑动平均", GRADIENT)),
    Symbol("v-hat", "vhat", r"\hat v", "real", "x", Meaning("moving average of the squared gradient after bias correction", "经偏差校正的梯度平方的滑动平均", SQUARED_GRADIENT)),
    Symbol(
        "m-bar", "mbar", r"\bar m", "real", "x",
        Meaning("moving average of the gradient, one step ahead and after bias correction", "前瞻一步并经偏差校正的梯度滑动平均", GRADIENT),
    ),
    Symbol(
        "ρ_inf", "rho_oo", r"\rho_\infty", "real", "number",
        Meaning("length of the average v in the long run", "平均值 v 的长期长度"),
        index="", id="rho-inf",
    ),
    Symbol("ρ", "rho_t", r"\rho", "real", "number", Meaning("length of the average v at step t", "第 t 步时平均值 v 的长度"), id="rho"),
    Symbol("r", "r_t", "r", "real", "number", Meaning("rectification term", "修正项")),
)  # fmt: skip

TABLE = Table(INPUTS | {"step": STEP, "t": STEP_NUMBER} | HYPER | STATES | QUANTITIES)
