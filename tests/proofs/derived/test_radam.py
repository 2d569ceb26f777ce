"""RAdam: the derived formulas follow from the rule, and its lengths and variances from first principles."""

import sympy as sp
from from_the_rule import at, between, closed, equal, first_of, positive, proved, put, says, step_of, t, value

from fluxopt_edu import Adam, RAdam

g, η, β1, β2, ε = sp.symbols("g eta beta_1 beta_2 epsilon")
ρ, σ = sp.symbols("rho_t noise", positive=True)


def cases():
    """The rectified step, and the length ρ_t, which must be above 4."""
    (rectified, condition), _ = step_of(RAdam)["step"].args
    assert isinstance(condition, (sp.StrictGreaterThan, sp.StrictLessThan))
    return rectified, condition.gts - condition.lts + 4


def weight_and_ages():
    """Σ β2^(k-1) and Σ k·β2^(k-1) over the ages k = 1, …, t, by induction."""
    S, N = (1 - β2**t) / (1 - β2), (1 - (t + 1) * β2**t + t * β2 ** (t + 1)) / (1 - β2) ** 2
    equal(at(S, 1), 1)
    equal(at(N, 1), 1)
    equal(at(S, t + 1) - S, β2**t)
    equal(at(N, t + 1) - N, (t + 1) * β2**t)
    return S, N


def test_unnormalised():
    (_, condition), (momentum, otherwise) = step_of(RAdam)["step"].args
    assert otherwise and (condition.gts, condition.lts) != (4, 4)
    v_hat = step_of(RAdam)["v"] / (1 - β2**t)
    proved("radam.unnormalised", step=momentum, v_hat=v_hat, plain_step=put(step_of(Adam)["step"], epsilon=0))


def test_schedule():
    rectified, length = cases()
    r = put(value("radam.r", "r"), rho=length, rho_t=length, rho_inf=value("radam.rho-inf", "rho_inf"))
    proved("radam.schedule", step=rectified, r=r, plain_step=step_of(Adam)["step"])


def test_squared_weights():
    relation = says("radam.squared-weights")
    ((i, first, last),) = relation.lhs.limits
    assert (first, last) == (1, sp.Symbol("t"))
    b, n, k = positive(β2), positive(t), sp.Symbol("k", positive=True)
    term = positive(relation.lhs.function)
    term = term.subs(next(s for s in term.free_symbols if s.name == "i"), n - k)
    assert sp.simplify(term * (1 - b**n) ** 2 / (1 - b) ** 2 - b ** (2 * k)) == 0
    # Σ β2^2k over k = 0, …, t - 1, by induction
    squares = (1 - β2 ** (2 * t)) / (1 - β2**2)
    closed(squares, 0, lambda before: β2**2 * before + 1)
    equal((1 - β2) ** 2 / (1 - β2**t) ** 2 * squares, relation.rhs)


def test_epsilon():
    rectified, _ = cases()
    new = step_of(RAdam)
    proved("radam.epsilon", step=rectified, v_hat=new["v"] / (1 - β2**t), plain_step=put(rectified, epsilon=0))


def test_centre_of_mass():
    S, N = weight_and_ages()
    relation = says("radam.centre-of-mass")
    ((i, first, last),) = relation.rhs.limits
    assert (first, last) == (1, sp.Symbol("t"))
    k = sp.Symbol("k", positive=True)
    term = positive(relation.rhs.function)
    term = term.subs(next(s for s in term.free_symbols if s.name == "i"), positive(t) + 1 - k)
    b = positive(β2)
    assert sp.simplify(term * (1 - b ** positive(t)) / (1 - b) - k * b ** (k - 1)) == 0
    equal(put(relation.lhs, rho_t=cases()[1]), N / S)
    # a plain mean of n has its ages 1, …, n at (n + 1)/2
    n = sp.Symbol("n", positive=True, integer=True)
    assert sp.simplify(sp.summation(k, (k, 1, n)) / n - (n + 1) / 2) == 0


def inverse_moment(n):
    """E v̂^-n for v̂ = σ²X/ρ, X being χ² with ρ degrees of freedom."""
    x = sp.Symbol("x", positive=True)
    weigh = lambda n: sp.integrate(x ** (ρ / 2 - 1 - n) * sp.exp(-x / 2), (x, 0, sp.oo), conds="none")  # noqa: E731
    return sp.gammasimp((ρ / σ**2) ** n * weigh(n) / weigh(0))


def test_inverse_variance():
    variance = inverse_moment(2) - inverse_moment(1) ** 2
    stated = put(value("radam.inverse-variance", "inverse_spread"), rho_t=ρ, noise=σ)
    assert sp.simplify(stated / variance) == 1


def test_variance():
    # √y near its mean has the slope 1/(2√mean)
    y, mean = sp.symbols("y mean", positive=True)
    squared_slope = (sp.diff(sp.sqrt(y), y) ** 2).subs(y, mean)
    stated = put(value("radam.variance", "spread"), rho_t=ρ, noise=σ)
    variance = put(value("radam.inverse-variance", "inverse_spread"), rho_t=ρ, noise=σ)
    assert sp.simplify(stated / (squared_slope.subs(mean, inverse_moment(1)) * variance)) == 1


def test_rectification():
    rectified, length = cases()
    new = step_of(RAdam)
    variance = put(value("radam.variance", "spread"), noise=σ)
    assert variance.diff(σ) * σ == -2 * variance  # a factor σ^-2, which cancels
    spread, spread_inf = (put(variance, rho_t=at_length, noise=1) for at_length in (length, value("radam.rho-inf", "rho_inf")))
    r = put(value("radam.rectification", "r"), spread=spread, spread_inf=spread_inf)
    m_hat, v_hat = new["m"] / (1 - β1**t), new["v"] / (1 - β2**t)
    equal(rectified, η * r * m_hat / (sp.sqrt(v_hat) + ε))


def test_first_step():
    proved("radam.first-step", step_1=first_of(RAdam, 1)[0]["step"])


def test_length_bound():
    relation = says("radam.length-bound")
    assert isinstance(relation, sp.LessThan) and (relation.lhs, relation.rhs) == (sp.Symbol("rho_t"), sp.Symbol("t"))
    S, N = weight_and_ages()
    room = (t + 1) * S - 2 * N
    equal((t - cases()[1]) * S, room)
    # it is 0 at t = 1 and grows, for what it grows by is positive at t = 1 and grows itself
    equal(at(room, 1), 0)
    growth = S - t * β2**t
    equal(at(room, t + 1) - room, growth)
    equal(at(growth, 1), 1 - β2)
    equal(at(growth, t + 1) - growth, (t + 1) * β2**t * (1 - β2))


def test_fifth_step():
    relation = says("radam.fifth-step")
    assert isinstance(relation, sp.StrictLessThan)
    S, _ = weight_and_ages()
    equal((at(cases()[1], 5) - 4) * at(S, 5), relation.rhs - relation.lhs)
    gap = sp.Poly(relation.rhs - relation.lhs, β2)
    assert gap.count_roots(0, 1) == 1 and gap.eval(1) > 0
    assert gap.eval(sp.Rational(77325, 100000)) < 0 < gap.eval(sp.Rational(77335, 100000))  # the 0.7733 of the condition


def test_threshold():
    relation = says("radam.threshold")
    assert isinstance(relation, sp.StrictGreaterThan) and relation.lhs.name == "beta_2"
    b = sp.Symbol("beta_2", positive=True)
    limit = put(value("radam.rho-inf", "rho_inf"), beta_2=b)
    assert sp.cancel((limit - 4) * (1 - b) - 5 * (b - relation.rhs)) == 0
    # the length grows towards its limit: one more step mixes t + 1 into the centre of mass, which was at most (t + 1)/2
    S, N = weight_and_ages()
    equal((at(cases()[1], t + 1) + 1) / 2, (N + (t + 1) * β2**t) / (S + β2**t))
    equal(value("radam.rho-inf", "rho_inf") - cases()[1], 2 * t * β2**t / (1 - β2**t))
    n = sp.Symbol("n", positive=True)
    assert sp.limit(n * between("beta_2") ** n, n, sp.oo) == 0
