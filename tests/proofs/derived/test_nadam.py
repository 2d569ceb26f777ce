"""NAdam: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import at, closed, equal, first_of, proved, put, step_of, t, value

from fluxopt_edu import NAdam

g, m, η, β1, β2, ε = sp.symbols("g m eta beta_1 beta_2 epsilon")


def look_ahead(new):
    """Past and present as the paper weighs them, the past with the correction of the step to come."""
    return β1 * new["m"] / (1 - β1 ** (t + 1)) + (1 - β1) * g / (1 - β1**t)


def test_beta_2_factor():
    new = step_of(NAdam)
    v_hat = new["v"] / (1 - β2**t)
    proved("nadam.beta-2-factor", step=new["step"], v_hat=v_hat, plain_step=η * look_ahead(new) / (sp.sqrt(v_hat) + ε))


def test_translation():
    new = step_of(NAdam)
    proved("nadam.translation", step=new["step"], v_hat=new["v"] / (1 - β2**t), m_bar=look_ahead(new))


def test_split():
    new = step_of(NAdam)
    proved("nadam.split", m_hat=new["m"] / (1 - β1**t), m_before=m)
    # with the past of the step to come in the place of this step's, it is the numerator of the rule
    past, present = sorted(value("nadam.split", "m_hat").args, key=lambda part: part.has(sp.Symbol("g")))
    equal(put(at(past, t + 1), m_before=new["m"]) + present, look_ahead(new))
    equal(new["step"], η * look_ahead(new) / (sp.sqrt(β2 * new["v"] / (1 - β2**t)) + ε))


def test_lookahead():
    new = step_of(NAdam)
    proved("nadam.lookahead", m_bar=look_ahead(new), m_hat=new["m"] / (1 - β1**t))


def test_weight():
    average = (1 - β1**t) * g
    closed(average, 0, lambda before: step_of(NAdam, m=before, g=g)["m"])
    proved("nadam.weight", m_bar=look_ahead(step_of(NAdam, m=at(average, t - 1))), constant_gradient=g)
    # above 1, by what tends to 0
    rest = β1**t * (1 - β1) ** 2 / ((1 - β1 ** (t + 1)) * (1 - β1**t))
    equal(put(value("nadam.weight", "m_bar"), constant_gradient=1) - 1, rest)


def test_first_step():
    proved("nadam.first-step", step_1=first_of(NAdam, 1)[0]["step"])
