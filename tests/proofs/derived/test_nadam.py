"""NAdam: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import at, closed, equal, first_of, proved, put, says, step_of, t, value

from fluxopt_edu import NAdam, dialects

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


def test_lead():
    relation = says("nadam.lead")
    weight = put(value("nadam.weight", "m_bar"), constant_gradient=1)
    i, n = sp.symbols("i t", positive=True, integer=True)
    assert sp.simplify(put(relation.lhs.function, i=i) - (put(weight, t=i) - 1)) == 0
    closed(relation.rhs, 0, lambda before: before + at(weight, t + 1) - 1)
    assert relation.lhs.limits[0][1] == 1 and relation.lhs.limits[0][2].name == "t"
    d = sp.Symbol("d", positive=True)  # β1 = 1/(1 + d) < 1
    assert sp.limit(put(relation.rhs, beta_1=sp.Rational(9, 10), t=n), n, sp.oo) == sp.Rational(9, 10)
    equal(put(relation.rhs, beta_1=1 / (1 + d)) - 1 / (1 + d), -(d / (1 + d)) * (1 / (1 + d)) ** (t + 1) / (1 - (1 / (1 + d)) ** (t + 1)))


def test_moving_divisor():
    new, v = step_of(NAdam), sp.Symbol("v")
    v_hat, v_hat_before = new["v"] / (1 - β2**t), v / (1 - β2 ** (t - 1))
    divisor, divisor_before = sp.symbols("d d_before", positive=True)
    past = β1 * m / (1 - β1**t)
    θ = sp.Symbol("theta")
    θ_new = θ - η * new["m"] / (1 - β1**t) / divisor  # Adam
    ahead = θ - η * past / divisor_before
    ahead_new = θ_new - η * put(at(past, t + 1), m=new["m"]) / divisor
    roots = {divisor: sp.sqrt(v_hat) + ε, divisor_before: sp.sqrt(v_hat_before) + ε}
    proved(
        "nadam.moving-divisor",
        step=η * look_ahead(new) / (sp.sqrt(v_hat) + ε),
        plain_step=(ahead - ahead_new).subs(roots),
        m_before=m,
        v_hat=v_hat,
        v_hat_before=v_hat_before,
    )


def test_schedule():
    relation = says("nadam.schedule")
    scheduled = dialects.paper.NAdam(eta=1.0, beta=(0.75, 0.999), epsilon=0.0)
    state, product = scheduled.init(1.0), 1.0
    for n in range(1, 400):
        state, _ = scheduled.apply(state, 1.0, 1.0)
        product *= float(put(relation.rhs, beta_1=sp.Rational(3, 4), t=sp.Integer(n)))
        assert abs(state[2] - product) <= 1e-12 * product
    # in Flux every step keeps β1
    new = step_of(NAdam)["m"]
    equal(put(new, m=1) - put(new, m=0), β1)


def test_large_epsilon():
    relation = says("nadam.large-epsilon")
    assert relation.lhs == sp.Symbol("step")
    order = relation.rhs.atoms(sp.Order).pop()
    leading = relation.rhs.replace(lambda e: isinstance(e, sp.Order), lambda e: sp.Integer(0))
    new, root = step_of(NAdam), sp.Symbol("root", positive=True)
    exact = new["step"] / put(leading, m_bar=look_ahead(new))  # 1/(1 + √(β2 v̂)/ε)
    equal(exact, 1 / (1 + sp.sqrt(β2 * new["v"] / (1 - β2**t)) / ε), sp.Symbol("v") >= 0)
    assert sp.limit((1 / (1 + root / ε) - 1) / order.expr, ε, sp.oo) == -root and order.point == (sp.oo,)
