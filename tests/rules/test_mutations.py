"""The golden test can fail: every rule, broken in any one place, is told from Flux's.

The text of a rule's module is changed in memory, the changed rule is run on the recorded
gradients, and the comparison must fail with a message that names the rule. First mistakes that
people make, and books print; then, by machine, every operator, operand, call, name and start.
"""

import ast
import inspect
import sys

import numpy as np
import pytest
from flux_golden import CASES, check_complex, check_float64

import fluxopt_edu
from fluxopt_edu.rules import weight_decay

MISTAKES = {
    "Descent": [
        ("eta * g", "-eta * g"),
        ("eta * g", "g"),
        ("eta * g", "eta / g"),
    ],
    "Momentum": [
        ("rho * v - eta * g", "rho * v - (1 - rho) * eta * g"),
        ("rho * v - eta * g", "rho * v + eta * g"),
        ("return -v, v", "return v, v"),
        ("v = rho * v - eta * g\n    return -v", "d, v = v, rho * v - eta * g\n    return -d"),
    ],
    "Nesterov": [
        ("d = rho * rho * v", "d = rho * v"),
        ("(1 + rho) * eta * g", "eta * g"),
        ("d = rho * rho * v - (1 + rho) * eta * g\n    v = rho * v - eta * g", "v = rho * v - eta * g\n    d = v"),
        ("return -d", "return d"),
    ],
    "RMSProp": [
        ("sqrt(acc) + epsilon", "sqrt(acc + epsilon)"),
        ("sqrt(acc)", "acc"),
        ("(1 - rho) * g * conj(g)", "g * conj(g)"),
        ("acc=0", 'acc="epsilon"'),
        ("g * (eta / (sqrt(acc) + epsilon))", "eta * g / (sqrt(acc) + epsilon)"),
    ],
    "Adam": [
        ("sqrt(v / (1 - β2t))", "v / (1 - β2t)"),
        ("m / (1 - β1t)", "m"),
        ("v / (1 - β2t)", "v"),
        ("v / (1 - β2t)", "v / (1 - β1t)"),
        ("(sqrt(v / (1 - β2t)) + epsilon)", "sqrt(v / (1 - β2t) + epsilon)"),
        ("(sqrt(v / (1 - β2t)) + epsilon)", "sqrt(v / (1 - β2t)) + epsilon"),
        ("m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon)", "m * sqrt(1 - β2t) / (1 - β1t) / (sqrt(v) + epsilon)"),
        ("(β1t * β1, β2t * β2)", "(β1t, β2t)"),
        ("(β1t * β1, β2t * β2)", "(β1t * β1, β2t * β1)"),
    ],
    "RAdam": [
        ("ρ > 4", "ρ > 5"),
        (" * eta * r", " * eta"),
        ("step = m / (1 - β1t) * eta\n", "step = m / (1 - β1t) / (sqrt(v / (1 - β2t)) + epsilon) * eta\n"),
        ("step = m / (1 - β1t) * eta\n", "step = m * eta\n"),
        ("2 * t * β2t / (1 - β2t)", "2 * t * β2t"),
        ("t + 1", "t"),
        ("r = sqrt(", "r = ("),
    ],
    "AdaMax": [
        ("abs(g)", "g"),
        ("maximum(β2 * u, abs(g))", "maximum(u, abs(g))"),
        ("/ (u + epsilon)", "/ u"),
        ("eta / (1 - β1t)", "eta / (1 - β2t)"),
        ("eta / (1 - β1t)", "eta"),
    ],
    "AdaGrad": [
        ('acc="epsilon"', "acc=0"),
        ("acc + g * conj(g)", "g * conj(g)"),
        ("sqrt(acc) + epsilon", "sqrt(acc + epsilon)"),
        ("sqrt(acc)", "acc"),
    ],
    "AdaDelta": [
        ("sqrt(Δacc + epsilon)", "(sqrt(Δacc) + epsilon)"),
        ("sqrt(Δacc + epsilon) / sqrt(acc + epsilon)", "1 / sqrt(acc + epsilon)"),
        ("(1 - rho) * step * conj(step)", "(1 - rho) * g * conj(g)"),
        ("step = g *", "step = -g *"),
    ],
    "AMSGrad": [
        ('v_max="epsilon"', "v_max=0"),
        ('m="epsilon"', "m=0"),
        ('v="epsilon"', "v=0"),
        ("v_max = maximum(v_max, v)", "v_max = v"),
        ("sqrt(v_max)", "sqrt(v)"),
        ("(1 - β2) * (g * g)", "(1 - β1) * (g * g)"),
    ],
    "NAdam": [
        ("v * β2 / (1 - β2t)", "v / (1 - β2t)"),
        ("(1 - β1 * β1t)", "(1 - β1t)"),
        ("(1 - β1) * g / (1 - β1t)", "g / (1 - β1t)"),
        ("β1 * m / (1 - β1 * β1t)", "m / (1 - β1 * β1t)"),
    ],
    "AdamW": [
        ("Adam(eta, beta), WeightDecay(decay)", "WeightDecay(decay), Adam(eta, beta)"),
        ("WeightDecay(decay)", "WeightDecay(eta * decay)"),
        ("Adam(eta, beta)", "Adam(eta, beta[::-1])"),
        ("Adam(eta, beta)", "Adam(eta, beta, 1e-7)"),
    ],
    "OAdam": [
        ("step = -u", "step = u"),
        ("step + 2 * u", "step + u"),
        ("step = step + 2 * u", "step = 2 * step + u"),
        ("eta * m / (1 - β1t)", "eta * m"),
        ("sqrt(v / (1 - β2t))", "sqrt(v)"),
    ],
    "AdaBelief": [
        ("(g - m) * conj(g - m)", "g * conj(g)"),
        ("sqrt(s) + epsilon", "sqrt(s + epsilon)"),
        ("(g - m) * conj(g - m)\n", "(g - m) * conj(g - m) + epsilon\n"),
        ("eta * m", "eta * m / (1 - β1)"),
        ("m = β1 * m + (1 - β1) * g\n    s = β2 * s + (1 - β2) * (g - m) * conj(g - m)",
         "s = β2 * s + (1 - β2) * (g - m) * conj(g - m)\n    m = β1 * m + (1 - β1) * g"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("rule, right, wrong", [(rule, *pair) for rule, pairs in MISTAKES.items() for pair in pairs])
def test_a_mistake_fails_and_is_named(rule, right, wrong):
    text = text_of(rule)
    assert text.count(right) == 1, f"{right!r} occurs {text.count(right)} times in {rule}'s module"
    with pytest.raises(AssertionError, match=rf"^{rule} is not Flux's: {rule}\(.*\): float64 step: step \d+, coordinate \d: "):
        compare(rule, made(rule, text.replace(right, wrong)))


@pytest.mark.parametrize("wrong", ["g - decay * x", "g + decay * g", "g + x", "g"])
def test_a_mistake_in_weight_decay_fails_under_adamw(wrong):
    text = inspect.getsource(weight_decay)
    assert text.count("return g + decay * x") == 1
    wrong_decay = made("WeightDecay", text.replace("return g + decay * x", f"return {wrong}"))
    with pytest.raises(AssertionError, match="^AdamW is not Flux's: .*: float64 step: step "):
        compare("AdamW", made("AdamW", text_of("AdamW"), WeightDecay=wrong_decay))


@pytest.mark.parametrize("rule", [rule for rule in MISTAKES if rule != "AdamW"])
def test_every_change_of_one_place_fails_and_is_named(rule):
    noticed, cannot_run, unnoticed = 0, [], []
    for what, text in changes(rule):
        try:
            compare(rule, made(rule, text))
        except AssertionError as error:
            assert str(error).startswith(f"{rule} is not Flux's: {rule}("), error
            noticed += 1
        except (ValueError, ZeroDivisionError):
            cannot_run.append(what)  # such as the root of a negative number
        else:
            unnoticed.append(what)
    assert not unnoticed
    assert noticed >= 5 and len(cannot_run) < noticed / 10, cannot_run


def changes(rule):
    """What is changed and the changed text, for each change of one place in a rule's signature or formula."""
    text = text_of(rule)
    formula = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    states = [argument.arg for argument in formula.args.args if argument.annotation is None]
    hyper = [argument.arg for argument in formula.args.kwonlyargs if argument.arg != "beta"]
    alike = [["β1", "β2"], ["β1t", "β2t"], hyper, states]
    lines = text.encode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:i])) for i in range(len(lines))]
    for part in [*formula.args.defaults, *formula.body[1:]]:
        for node in ast.walk(part):
            for other in others(node, alike):
                start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
                changed = text.encode()[:start] + other.encode() + text.encode()[end:]
                yield f"line {node.lineno}, {ast.unparse(node)} → {other}", changed.decode()


def others(node, alike):
    """What could stand in the place of `node` by mistake."""
    match node:
        case ast.Constant("epsilon"):
            yield "0"
        case ast.Constant("beta"):
            yield "(0.5, 0.5)"
        case ast.Constant(number):
            yield str(number + 1)
        case ast.BinOp(left, operator, right):
            left, right, written = ast.unparse(left), ast.unparse(right), SIGNS[type(operator)]
            yield from (f"(({left}) {sign} ({right}))" for sign in SIGNS.values() if sign != written)
            yield from (f"({left})", f"({right})")
        case ast.UnaryOp(_, operand):
            yield ast.unparse(operand)
        case ast.Compare(left, [ast.Gt()], [right]):
            yield f"{ast.unparse(left)} < {ast.unparse(right)}"
        case ast.Call(_, arguments):
            yield from (f"({ast.unparse(argument)})" for argument in arguments)
        case ast.Name(name, ast.Load()):
            yield from (other for names in alike if name in names for other in names if other != name)


SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def compare(rule, wrong):
    for case in CASES:
        if case.rule == rule:
            with np.errstate(all="ignore"):
                check_float64(case, wrong)
                if case["complex128"] is not None:  # only there is a lost conj seen
                    check_complex(case, wrong)


def text_of(rule):
    return inspect.getsource(sys.modules[getattr(fluxopt_edu, rule).__module__])


def made(rule, text, **replaced):
    """The rule that the changed text of its module defines."""
    names = {"__name__": f"fluxopt_edu.rules.mutated_{rule.lower()}", "__package__": "fluxopt_edu.rules"}
    exec(compile(text, f"mutated {rule}", "exec"), names)
    names.update(replaced)
    return names[rule]
