"""AdamW: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import equal, first_of, gathered, proved, put, step_of, t, value

from fluxopt_edu import Adam, AdamW, WeightDecay

g, x, u, w, η, λ, β1, β2, ε = sp.symbols("g x u w eta lambda beta_1 beta_2 epsilon")


def decoupled():
    """AdamW's step is Adam's and the share λ of the parameter."""
    equal(step_of(AdamW)["step"], step_of(Adam)["step"] + λ * x, sp.Symbol("v") >= 0)
    return u + λ * x


def test_decay():
    # elsewhere the decay is multiplied with η: η(Adam's direction + w·x)
    (only,) = sp.solve(sp.Eq(decoupled(), u + η * w * x), λ)
    proved("adamw.decay", decay=only, weight_decay=w)


def test_decoupled():
    new = step_of(AdamW)
    averages = {"m_hat": new["m"] / (1 - β1**t), "v_hat": new["v"] / (1 - β2**t)}
    proved("adamw.decoupled", x=x - new["step"], x_before=x, decay=λ, **averages)


def test_unrolled():
    step = decoupled()
    gathered(put(value("adamw.unrolled", "x"), decay=λ), sp.Symbol("x_0"), lambda before, newest: before - put(step, x=before, u=newest))


def test_penalty_first_step():
    penalised = step_of(WeightDecay, x=sp.Symbol("x_0"), g=sp.Symbol("g_1"))["step"]
    proved("adamw.penalty-first-step", step_1=first_of(Adam, 1, g_1=penalised)[0]["step"], decay=λ)


def test_terminal_parameter():
    terminal = put(value("adamw.terminal-parameter", "terminal_x"), constant_gradient=g, decay=λ)
    adam = put(value("adam.constant-gradient", "step"), constant_gradient=g, epsilon=0)
    after = x - put(decoupled(), u=adam)
    for sign in (g > 0, g < 0):
        equal(after - terminal, (1 - λ) * (x - terminal), sign)  # the distance shrinks
        equal(put(after, x=terminal), terminal, sign)  # and there it stays
