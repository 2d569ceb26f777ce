"""AdaBelief: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import between, closed, equal, first_of, proved, put, says, step_of, t, value

from fluxopt_edu import AdaBelief, Adam

g, m, s, v, η, β1, β2, ε = sp.symbols("g m s v eta beta_1 beta_2 epsilon")


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


def test_below_adam():
    relation, new = says("adabelief.below-adam"), step_of(AdaBelief)
    assert isinstance(relation, sp.LessThan) and relation.lhs == s
    b1, r = sp.symbols("beta_1 r", positive=True)  # r is the root of β2

    def plain(expression):
        return sp.sympify(expression).subs({x: sp.Symbol(x.name) for x in sp.sympify(expression).free_symbols}).subs({β2: r**2, β1: b1})

    factor = plain(relation.rhs) / v
    assert not factor.has(v, s)
    k = b1**2 * (1 - r) * (1 + r) ** 2 / (r * (1 - b1) * (b1 + r))
    room, after = factor * v - s - k * m**2, {"v": plain(step_of(Adam)["v"]), "s": plain(new["s"]), "m": plain(new["m"])}
    square = ((1 - b1) * g + (b1 + r) * m) ** 2
    weight = b1**2 * (r**2 - b1) * (1 - r**2) / (r * (1 - b1) * (b1 + r) ** 2)  # not negative for β1 ≤ β2
    # from 0 the room is a sum of what is not negative, so it is not; and k is not
    assert sp.simplify(factor * after["v"] - after["s"] - k * after["m"] ** 2 - r**2 * room - weight * square) == 0
    # no smaller factor: gradients that keep the square zero make m alternate and shrink by r, and s/v tends to the factor
    worst = -(b1 + r) / (1 - b1) * m
    assert sp.simplify(after["m"].subs(g, worst) + r * m) == 0
    # over r^2t the square of m thus rests, while v grows by the same amount at each step
    assert sp.simplify(after["v"].subs(g, worst) - r**2 * v - (1 - r**2) * (b1 + r) ** 2 / (1 - b1) ** 2 * m**2) == 0
    assert sp.simplify(1 - sp.sqrt(factor) - r * (1 - b1) / (b1 + r)) == 0  # it is below 1


def test_equal_decay():
    β = sp.Symbol("beta")
    relation = says("adabelief.equal-decay")
    assert relation.lhs == s and relation.rhs.subs({v: 0, m: 0}) == 0
    before = put(relation.rhs, beta=β)
    same = {"beta_1": β, "beta_2": β}
    new = {name: put(step_of(AdaBelief, s=before)[name], **same) for name in ("m", "s")}
    squares = put(step_of(Adam)["v"], beta_2=β)
    equal(new["s"], put(relation.rhs, v=squares, m=new["m"]))
