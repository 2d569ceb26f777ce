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


def test_noise():
    m, σ = sp.symbols("m sigma", positive=True)
    m_new = β1 * m + (1 - β1) * g  # in the long run it needs no correction
    adam = put(value("adam.step", "step"), m_hat=m_new, v_hat=σ**2, epsilon=0)
    x_new = x - put(decoupled(), u=adam)
    xx, xm, mm = moments = sp.symbols("E_xx E_xm E_mm")
    expected = {x**2: xx, x * m: xm, m**2: mm, x * g: 0, m * g: 0, g**2: σ**2}  # g: of mean 0, independent of what came before

    def mean(product):
        return sum(factor * expected[sp.prod(s**k for s, k in zip((x, m, g), powers))] for powers, factor in sp.Poly(product, x, m, g).terms())

    pairs = zip(moments, (x_new**2, x_new * m_new, m_new**2))
    (long_run,) = sp.solve([mean(product) - moment for moment, product in pairs], moments, dict=True)
    proved("adamw.noise", variance=long_run[xx], decay=λ)
