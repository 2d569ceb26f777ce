"""The words of the tables of dialects, in both languages; inline LaTeX between dollar signs, code between backticks."""

NAMES = {
    "flux": {"en": "Flux", "zh": "Flux"},
    "paper": {"en": "Paper", "zh": "论文"},
    "optimisersjl": {"en": "Optimisers.jl", "zh": "Optimisers.jl"},
    "torch": {"en": "PyTorch", "zh": "PyTorch"},
    "optax": {"en": "optax", "zh": "optax"},
    "keras": {"en": "Keras", "zh": "Keras"},
}
LATER_FLUX = {"en": "Flux ≥ 0.13.1", "zh": "Flux ≥ 0.13.1"}

# The sign of a verdict, for the matrix; and what it says.
SIGNS = {
    "same": "=", "unchanged": "=", "constants": "≅", "steps-change": "≅ₜ", "start": "≅₀", "setting": "⊂", "but-for-steps": "≈",
    "not-found": "?", "impossible": "≠", "none": "–",
}  # fmt: skip
VERDICTS = {
    "same": {"en": "the same rule, number for number", "zh": "同一条规则，数值逐个对应"},
    "unchanged": {"en": "the same rule as in v0.12.10", "zh": "与 v0.12.10 是同一条规则"},
    "constants": {"en": "the same rule after translation", "zh": "换算之后是同一条规则"},
    "steps-change": {"en": "the same rule if numbers are set anew before each step", "zh": "每步之前重设数值，才是同一条规则"},
    "start": {"en": "the same rule if the states start elsewhere", "zh": "改动状态的初值之后是同一条规则"},
    "setting": {"en": "Flux's rule at one setting", "zh": "Flux 规则的一个特例"},
    "but-for-steps": {"en": "the same rule but for single steps", "zh": "除个别步之外是同一条规则"},
    "not-found": {"en": "another rule; no translation was found", "zh": "另一条规则，未找到换算"},
    "impossible": {"en": "another rule; it is proved that no constants translate it", "zh": "另一条规则；已证明任何常数都无法换算"},
    "none": {"en": "has no such optimiser", "zh": "没有这种优化器"},
}

WORDS = {
    "en": {
        "where": "Where", "call": "Call, with defaults", "formula": "Where it differs", "verdict": "Verdict",
        "there": "Flux's defaults there",
        "back": "Its defaults in Flux", "rule": "Rule", "reference": "The others are compared with this one.", "starts": "starts at",
        "constant": "At a constant learning rate only.",
        "set": "Set {}.", "states": "Flux's {} is {} here.", "shift": "Flux's $x$ is the paper's parameter plus {}.",
        "from": "With {} at the start.",
        "where-only": "Where {}.", "back-only": "The way back holds only where {}.", "no-constants": "It is proved that no constants do.",
        "steps": "Only {} differs.",
        "parting": "With the same numbers they part at step {t}, with gradients {g}: Flux steps {a}, here {b}.",
        "parting-at-once": "With the same numbers they part at step {t}, at a gradient of {g}: Flux steps {a}, here {b}.",
        "no-call": "No equivalent call.", "no-call-nor-near": "No equivalent call, and none that comes near.",
        "near": "Nearest: {}, which strays by {} of the way on normal gradients, and by {} on such times $10^{{-6}}$.",
        "flag": "with {}", "comma": ", ", "flags-mark": "with another flag than the default",
        "own": "Flux v0.12.10",
    },
    "zh": {
        "where": "出处", "call": "调用与默认值", "formula": "不同之处", "verdict": "结论", "there": "Flux 的默认调用换到该库", "back": "该库的默认调用换到 Flux",
        "rule": "规则", "reference": "其余各行都与它比较。", "starts": "初值", "constant": "只在学习率不变时成立。",
        "set": "取 {}。", "states": "Flux 的 {} 是这里的 {}。", "shift": "Flux 的 $x$ 是论文的参数加上 {}。", "from": "前提是初值 {}。",
        "where-only": "此时 {}。", "back-only": "反过来只在 {} 时成立。", "no-constants": "已证明任何常数都不行。",
        "steps": "只有 {} 不同。", "parting": "取相同数值，两者在第 {t} 步分开，梯度依次为 {g}：Flux 的更新量是 {a}，这里是 {b}。",
        "parting-at-once": "取相同数值，两者在第 {t} 步就分开，梯度为 {g}：Flux 的更新量是 {a}，这里是 {b}。",
        "no-call": "没有等价的调用。", "no-call-nor-near": "没有等价的调用，也没有相近的调用。",
        "near": "最接近的是 {}：梯度服从正态分布时，相差占总路程的 {}；梯度再乘 $10^{{-6}}$ 时，占 {}。",
        "flag": "取 {}", "comma": "，", "flags-mark": "某个开关不取默认值",
        "own": "Flux v0.12.10",
    },
}  # fmt: skip
