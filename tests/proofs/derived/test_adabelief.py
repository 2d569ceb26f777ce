"""AdaBelief: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import between, closed, equal, first_of, proved, put, says, step_of, t, value

from fluxopt_edu import AdaBelief

g, m, s, η, β1, β2, ε = sp.symbols("g m s eta beta_1 beta_2 epsilon")


def test_missing_correction():
    new = step_of(AdaBelief, epsilon=0)
    corrected = η * (new["m"] / (1 - β1**t)) / sp.sqrt(new["s"] / (1 - β2**t))
    proved("adabelief.missing-correction", s >= 0, step=new["step"], plain_step=corrected)


def test_inner_epsilon():
    # the paper adds ε to the same recursion, so what its average has more is β2 times what it had more, and ε
    new = step_of(AdaBelief, s=s)
    assert sp.simplify(sp.diff(put(new["s"], beta_2=β2), s)) == β2
    more = sp.Symbol("plain_s") - value("adabelief.inner-epsilon", "s")
    closed(more, 0, lambda before: β2 * before + ε)
    assert says("adabelief.inner-epsilon").lhs == s


def test_deviation():
    proved("adabelief.deviation", m=step_of(AdaBelief)["m"], m_before=m)


def test_forecast():
    proved("adabelief.forecast", s=step_of(AdaBelief)["s"], s_before=s, m_before=m)


def test_first_step():
    proved("adabelief.first-step", step_1=first_of(AdaBelief, 1)[0]["step"])


def test_constant_gradient():
    forecast = (1 - β1**t) * g
    closed(forecast, 0, lambda before: step_of(AdaBelief, m=before, g=g)["m"])
    average = put(value("adabelief.constant-gradient", "s"), constant_gradient=g)
    closed(average, 0, lambda before: step_of(AdaBelief, m=forecast, s=before, g=g)["s"])
    # it is a multiple of β2^t - β1^2t, both of which tend to 0, while m tends to g; there the step is
    numbers = {β1: between("beta_1"), β2: between("beta_2")}
    assert all(sp.limit(power.subs(numbers), t, sp.oo) == 0 for power in (β1**t, β2**t))
    n = sp.Symbol("t")
    assert not (average / (β2**n - β1 ** (2 * n))).has(n)
    equal(step_of(AdaBelief, m=g, s=0, g=g)["step"], η * g / ε)
