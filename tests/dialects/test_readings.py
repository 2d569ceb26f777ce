"""Every rule of every dialect can be traced, proved, printed and run in a page, whatever its options."""

import json
import random
import shutil
import subprocess
import zlib

import numpy as np
import pytest
import sympy as sp
from dialect_golden import run
from dialect_options import drawn

from fluxopt_edu import dialects, javascript, latex, prove, symbolic, trace, unroll
from fluxopt_edu.symbols import TABLE, Symbol, symbol_of
from fluxopt_edu.trace import parts

RULES = [rule for rules in dialects.RULES.values() for rule in rules.values()]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
GRADIENTS = [0.5, -0.25, 0.125, -1.5]


def some(rule, number=4):
    chance = random.Random(zlib.crc32(rule.label.encode()))
    return [drawn(rule, chance) for _ in range(number)]


def values(opt):
    """The value of each symbol that stands for a hyper-parameter."""
    record = trace(opt)
    return {
        symbol_of(record.meanings[name + part]).name: value
        for name in record.hyper
        for (part, _), (_, value) in zip(parts(record.hyper[name]), parts(getattr(opt, name)))
    }


@each_rule
def test_the_unrolled_formula_is_the_run(rule):
    for opt in some(rule):
        steps = 1 if "x" in opt.reads or len(opt.declared) > 3 else 2  # expressions soon grow long
        xs = run(opt, np.array([0.75]), np.array(GRADIENTS[:steps])[:, None])[:, 0]
        known = values(opt) | {f"g_{t}": g for t, g in enumerate(GRADIENTS, 1)} | {"x_0": 0.75}
        x = 0.75
        for taken, expressions in zip(xs, unroll(opt, steps)):
            step = expressions["step"]
            x = x - float(step.subs({s: known[s.name] for s in step.free_symbols}))
            assert abs(x - taken) <= 1e-11 * max(abs(taken), 1e-2), opt


@each_rule
def test_a_step_at_a_symbolic_t_is_that_of_the_run(rule):
    """The closed forms of scalar states, such as β^t, at t = 3."""
    for opt in some(rule):
        state, x = opt.init(np.array([0.75])), np.array([0.75])
        for g in GRADIENTS[:2]:
            state, step = opt.apply(state, x, np.array([g]))
            x = x - step
        known = values(opt) | {"g": GRADIENTS[2], "t": 3, "x": x[0]}
        for declared, value in zip(opt.declared, state):
            for (part, _), (_, number) in zip(parts(trace(opt).states[declared.name]), parts(value)):
                symbol = trace(opt).meanings[declared.name + part]
                known |= {declared.name: float(np.ravel(number)[0])}
                known |= {symbol.name: float(np.ravel(number)[0])} if isinstance(symbol, Symbol) else {}
        known["t"] = 3
        expression = symbolic(opt)["step"]
        expected = opt.apply(state, x, np.array([GRADIENTS[2]]))[1][0]
        found = float(expression.subs({s: known[s.name] for s in expression.free_symbols}))
        assert abs(found - expected) <= 1e-11 * max(abs(expected), 1e-3), opt


@each_rule
def test_no_hyper_parameter_is_without_its_effect_on_the_formula(rule):
    for opt in some(rule):
        record = trace(opt)
        wanted = {symbol_of(record.meanings[n + part]).name for n in record.hyper for part, _ in parts(record.hyper[n])}
        computed = [node for value in [*unroll(opt, 1)[0].values(), *symbolic(opt).values()] for _, node in parts(value)]
        found = {symbol.name for value in computed for symbol in sp.sympify(value).free_symbols}
        missing = wanted - found
        # a dampening says nothing without momentum, and a threshold nothing where a condition is decided
        assert missing <= {"tau", "theta"}, (opt, missing)


@each_rule
def test_each_printed_letter_has_a_symbol_of_its_own(rule):
    for opt in some(rule):
        formulas = latex(opt)
        assert f"{rule.label.lower()}.step" in formulas
        left = [formula.partition(" = ")[0] for formula in formulas.values()]
        assert len(set(left)) == len(left) and not any("mathrm" in formula for formula in formulas.values()), formulas


@each_rule
def test_a_formula_is_proved_to_be_itself_and_not_its_double(rule):
    opt = some(rule, 1)[0]
    step = symbolic(opt)["step"]
    assert prove(opt, step=step)
    assert not prove(opt, step=2 * step)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
def test_meanings_are_in_the_table_or_symbols(rule):
    for opt in some(rule):
        for name, meaning in trace(opt).meanings.items():
            assert isinstance(meaning, Symbol) or meaning in TABLE or meaning in ("t", "t2"), (opt, name)
        names = [symbol_of(m).name for m in trace(opt).meanings.values() if isinstance(m, Symbol) or m in TABLE]
        assert len(set(names)) == len(names), (opt, names)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@each_rule
def test_javascript_takes_the_same_steps(rule):
    for opt in some(rule, 3):
        probe = f"""
            {javascript(opt)}
            const gs = {json.dumps(GRADIENTS)}, xs = [];
            let x = 0.75, state = {rule.__name__}.init({rule.__name__}.hyper), step;
            for (const g of gs) {{ [step, state] = {rule.__name__}.step({rule.__name__}.hyper, state, g, x); x -= step; xs.push(x); }}
            console.log(JSON.stringify(xs));
        """
        done = subprocess.run(["node", "--input-type=module", "-e", probe], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        xs = run(opt, np.array([0.75]), np.array(GRADIENTS)[:, None])[:, 0]
        np.testing.assert_allclose(json.loads(done.stdout), xs, rtol=1e-13, atol=1e-15)
