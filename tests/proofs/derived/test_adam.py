"""Adam: the derived formulas follow from the rule."""

import pytest
import sympy as sp
from from_the_rule import at, closed, equal, first_of, gathered, positive, proved, put, says, step_of, t, value

from fluxopt_edu import Adam

g, m, v, η, β1, β2, ε = sp.symbols("g m v eta beta_1 beta_2 epsilon")
μ, s, β = sp.symbols("mu s beta", positive=True)


def next_m(before, gradient):
    return step_of(Adam, m=before, g=gradient)["m"]


def next_v(before, gradient):
    return step_of(Adam, v=before, g=gradient)["v"]


def test_unrolled():
    gathered(value("adam.unrolled", "m"), 0, next_m)


def test_bias_sum():
    relation = says("adam.bias-sum")
    with_ones = lambda before, _: put(next_m(before, 1), beta_1=sp.Symbol("beta"))  # noqa: E731  all gradients 1
    closed(relation.rhs, 0, lambda before: with_ones(before, 1))
    gathered(relation.lhs, 0, with_ones)


def test_m_bias():
    # the average is linear in itself and in the gradient, so expectations obey the same recursion
    assert all(sp.diff(next_m(m, g), a, b) == 0 for a in (m, g) for b in (m, g))
    closed(put(value("adam.m-bias", "mean_m"), mean=μ), 0, lambda before: next_m(before, μ))


def test_v_bias():
    linear = next_v(v, sp.sqrt(s))
    assert all(sp.diff(linear, a, b) == 0 for a in (v, s) for b in (v, s))
    closed(put(value("adam.v-bias", "mean_v"), second_moment=s), 0, lambda before: next_v(before, sp.sqrt(s)))


def test_epsilon_hat():
    # the only ε̂ with which the short form is the rule
    r, q, c, ε_hat = sp.symbols("r q c epsilon_hat", positive=True)
    new = step_of(Adam)
    equal(new["step"], η * (new["m"] / (1 - β1**t)) / (sp.sqrt(new["v"] / (1 - β2**t)) + ε), v >= 0)
    (only,) = sp.solve(sp.Eq((m / c) / (r / q + ε), (q / c) * m / (r + ε_hat)), ε_hat)
    proved("adam.epsilon-hat", epsilon_hat=only.subs(q, sp.sqrt(1 - β2**t)))


def test_short_form():
    new = step_of(Adam)
    proved("adam.short-form", step=new["step"], m=new["m"], v=new["v"], epsilon_hat=value("adam.epsilon-hat", "epsilon_hat"))


def test_first_step():
    proved("adam.first-step", step_1=first_of(Adam, 1)[0]["step"])


def weights():
    """Those of the gradient i steps ago in m̂ and v̂, by `test_unrolled`; v is the same average of squares."""
    equal(next_v(sp.Symbol("a"), g), put(next_m(sp.Symbol("a"), g**2), beta_1=β2))
    (total,) = value("adam.unrolled", "m").atoms(sp.Sum)
    i = total.limits[0][0]
    term = value("adam.unrolled", "m").xreplace({total: total.function})
    term = term.replace(lambda e: isinstance(e, sp.Indexed), lambda e: sp.Integer(1))
    w = positive(put(term, i=sp.Symbol("t") - i)) / (1 - positive(β1) ** positive(t))
    return sp.powsimp(w), sp.powsimp(w).subs(positive(β1), positive(β2))


def test_step_bound():
    relation = says("adam.step-bound")
    assert isinstance(relation, sp.LessThan) and put(relation.lhs, step=g) == sp.Abs(g)
    # the square of the bound over η is B² = Σ w²/u, term by term
    w, u = weights()
    (total,) = relation.rhs.atoms(sp.Sum)
    assert total.limits[0] == (sp.Symbol("i"), 0, sp.Symbol("t") - 1)
    squared = positive((relation.rhs / η) ** 2).xreplace({positive(total): positive(total.function)})
    assert sp.simplify(squared / (w**2 / u)) == 1
    # Σ u(g - c·w/u)² = v̂ - 2c·m̂ + c²B², term by term; with c = m̂/B² it is v̂ - m̂²/B², which is thus not negative
    a, b, c, x, B, m_hat, v_hat = sp.symbols("a b c x B mhat vhat", positive=True)
    assert sp.cancel(b * (x - c * a / b) ** 2 - (b * x**2 - 2 * c * a * x + c**2 * a**2 / b)) == 0
    assert sp.cancel((v_hat - 2 * c * m_hat + c**2 * B**2).subs(c, m_hat / B**2) - (v_hat - m_hat**2 / B**2)) == 0
    # a positive ε only lengthens the denominator
    root = sp.sqrt(v_hat)
    assert sp.cancel(m_hat / root - m_hat / (root + b) - m_hat * b / (root * (root + b))) == 0
    for steps in (1, 2, 3):  # and it is reached
        reached = {f"g_{k}": (sp.Rational(3, 4) / sp.Rational(4, 5)) ** (steps - k) for k in range(1, steps + 1)}
        betas = {"beta_1": sp.Rational(3, 4), "beta_2": sp.Rational(4, 5)}
        step = put(first_of(Adam, steps, epsilon=0)[-1]["step"], **betas, **reached)
        assert sp.simplify(put(at(relation.rhs, steps), **betas).doit().subs(η, 1) - step.subs({s: 1 for s in step.free_symbols})) == 0


def test_uniform_bound():
    relation, sharp = says("adam.uniform-bound"), says("adam.step-bound")
    assert type(relation) is type(sharp) and relation.lhs == sharp.lhs
    (total,) = sharp.rhs.atoms(sp.Sum)
    # with a = β2^(t/2) and b = (β1/√β2)^t the sum is geometric, and β1^t = ab
    a, b, β1_, β2_ = sp.symbols("a b beta_1 beta_2", positive=True)
    ratio = β1**2 / β2
    geometric = (1 - ratio**t) / (1 - ratio)
    equal(at(geometric, 1), 1)
    equal(at(geometric, t + 1) - geometric, ratio**t)
    assert total.function == ratio ** total.limits[0][0]
    squared = (sharp.rhs / η) ** 2
    squared = squared.xreplace({total: (1 - b**2) / (1 - ratio)}).subs({β1 ** sp.Symbol("t"): a * b, β2 ** sp.Symbol("t"): a**2})
    squared, limit = (e.subs({β1: β1_, β2: β2_}) for e in (squared, (relation.rhs / η) ** 2))
    # what is missing to the limit is a square over a square
    assert sp.simplify(limit - squared - limit * (a - b) ** 2 / (1 - a * b) ** 2) == 0
    # and nothing in the end
    assert sp.simplify(squared.subs({a: 0, b: 0}) - limit) == 0
    value = put(relation.rhs, eta=1, beta_1=sp.Rational(9, 10), beta_2=sp.Rational(999, 1000))
    assert float(value) == pytest.approx(7.27, abs=0.005)


def test_constant_gradient():
    averages = (1 - β1**t) * g, (1 - β2**t) * g**2
    closed(averages[0], 0, lambda before: next_m(before, g))
    closed(averages[1], 0, lambda before: next_v(before, g))
    before = {"m": at(averages[0], t - 1), "v": at(averages[1], t - 1)}
    proved("adam.constant-gradient", step=step_of(Adam, **before)["step"], constant_gradient=g)


def test_large_epsilon():
    relation = says("adam.large-epsilon")
    assert relation.lhs == sp.Symbol("step")
    order = relation.rhs.atoms(sp.Order).pop()
    leading = relation.rhs.replace(lambda e: isinstance(e, sp.Order), lambda e: sp.Integer(0))
    new, root = step_of(Adam), sp.Symbol("root", positive=True)
    m_hat = new["m"] / (1 - β1**t)
    exact = new["step"] / put(leading, m_hat=m_hat)  # 1/(1 + √v̂/ε)
    equal(exact, 1 / (1 + sp.sqrt(new["v"] / (1 - β2**t)) / ε), v >= 0)
    assert sp.limit((1 / (1 + root / ε) - 1) / order.expr, ε, sp.oo) == -root and order.point == (sp.oo,)


def test_noise():
    relation = says("adam.noise")
    w, _ = weights()
    b, n = positive(β1), positive(t)
    i = sp.Symbol("i", positive=True, integer=True)
    assert sp.simplify(positive(relation.lhs.function) / (w**2).subs(i, n - i)) == 1
    # Σ β1^2(t-i), by induction, times what does not depend on i
    squares = (1 - β1 ** (2 * t)) / (1 - β1**2)
    closed(squares, 0, lambda before: β1**2 * before + 1)
    equal((1 - β1) ** 2 / (1 - β1**t) ** 2 * squares, relation.rhs)
    assert sp.simplify(w**2 / ((1 - b) ** 2 / (1 - b**n) ** 2) - b ** (2 * i)) == 0
