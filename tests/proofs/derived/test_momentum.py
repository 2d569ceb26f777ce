"""Momentum: the derived formulas follow from the rule."""

import sympy as sp
from from_the_rule import between, closed, equal, first_of, gathered, proved, put, says, step_of, t, value

from fluxopt_edu import Momentum

g, c, c_before, ρ, η, λ = sp.symbols("g c c_before rho eta lambda")
q, s, κ = sp.symbols("q s kappa", positive=True)


def next_step(step, gradient):
    """The step after a step, since the velocity is its negative."""
    return step_of(Momentum, v=-step, g=gradient)["step"]


def matrix():
    """On a quadratic of curvature λ, what takes (c, v) one step on."""
    v = sp.Symbol("v")
    after = step_of(Momentum, v=v, g=λ * c)
    after = [put(after["v"], rho=ρ, eta=η), put(c - after["step"], rho=ρ, eta=η)]
    return sp.Matrix(2, 2, lambda row, column: sp.diff(after[1 - row], [c, v][column]))


def characteristic(z):
    M = matrix()
    return sp.expand(z**2 - M.trace() * z + M.det())


def test_unrolled():
    gathered(value("momentum.unrolled", "step"), 0, next_step)
    equal(first_of(Momentum, 1)[0]["step"], put(η, eta=η) * sp.Symbol("g_1"))


def test_constant_gradient():
    closed(put(value("momentum.constant-gradient", "step"), constant_gradient=g), 0, lambda step: next_step(step, g))


def test_terminal_step():
    terminal = put(value("momentum.terminal-step", "terminal_step"), constant_gradient=g)
    equal(next_step(terminal, g), terminal)
    on_the_way = put(value("momentum.constant-gradient", "step"), constant_gradient=g)
    equal(terminal - on_the_way, terminal * ρ**t)
    assert sp.limit(between("rho") ** t, t, sp.oo) == 0


def test_three_term():
    # the velocity is the last step, c - c_before
    after = c - step_of(Momentum, v=c - c_before, g=λ * c)["step"]
    proved("momentum.three-term", component=after, component_before=c, component_t_2=c_before, curvature=λ)


def test_eigenvalue():
    z = put(value("momentum.eigenvalue", "eigenvalue"), curvature=λ, rho=ρ, eta=η)
    root = sp.sqrt((1 + ρ - η * λ) ** 2 - 4 * ρ)
    assert sp.expand(characteristic(z)) == 0
    assert sp.expand(characteristic(z - root)) == 0
    assert sp.expand(z - (z - root) - root) == 0  # so z is the larger of the two where they are real
    assert sp.expand((1 + ρ - η * λ) ** 2 - 4 * ρ - sp.discriminant(characteristic(sp.Symbol("z")), sp.Symbol("z"))) == 0


def test_modulus():
    # complex where the discriminant is negative, that is between its two zeros in ηλ; then |z|² = z·z̄ = det
    z = sp.Symbol("z")
    discriminant = sp.discriminant(characteristic(z), z).subs(ρ, q**2)
    assert sp.expand(discriminant - (η * λ - (1 - q) ** 2) * (η * λ - (1 + q) ** 2)) == 0
    relation = says("momentum.modulus")
    assert matrix().det() == ρ and relation.lhs == sp.Abs(sp.Symbol("eigenvalue"))
    assert put(relation.rhs, rho=q**2) == q


def test_critical_damping():
    best = put(value("momentum.critical-damping", "rho_best"), curvature=λ, eta=s**2 / λ).subs(λ, 1)
    best = sp.simplify(best)
    z = sp.Symbol("z")
    p = characteristic(z).subs(η, s**2 / λ)
    assert sp.expand(p.subs(ρ, best) - (z - (1 - s)) ** 2) == 0  # one eigenvalue twice, of size √ρ
    # with less momentum there is a real one beyond 1 - s; with more, up to (1 + s)², both have the size √ρ
    assert sp.expand(p.subs(z, 1 - s) - s * (ρ - best)) == 0
    M = matrix().subs({η: s**2 / λ, ρ: best})
    assert (M - (1 - s) * sp.eye(2)).rank() == 1  # defective: one eigenvector


def test_defective():
    # from rest the component before the first step is c_0 too, and the recursion has z twice
    z = sp.Symbol("eigenvalue")

    def at(n):
        return put(value("momentum.defective", "component"), component_0=c, t=n)

    assert at(0) == c and sp.simplify(at(-1) - c) == 0
    after = step_of(Momentum, v=at(t) - at(t - 1), g=λ * at(t))["step"]
    after = put(at(t) - after, rho=z**2, eta=(1 - z) ** 2 / λ)
    assert sp.simplify((after - at(t + 1)) / z**t) == 0


def test_stability():
    # both roots of z² - τz + δ are inside the unit circle iff |δ| < 1 and 1 ± τ + δ > 0 (Jury)
    τ, δ = matrix().trace(), matrix().det()
    assert δ == ρ and sp.expand(1 - τ + δ - η * λ) == 0
    bound = put(says("momentum.stability").rhs, curvature_max=λ, rho=ρ)
    assert says("momentum.stability").lhs.name == "eta" and isinstance(says("momentum.stability"), sp.StrictLessThan)
    assert sp.expand(1 + τ + δ - λ * (bound - η)) == 0
    assert sp.diff(bound, λ).subs({λ: 1, ρ: q}).is_negative  # the largest curvature decides


def best():
    low, high = sp.symbols("low high", positive=True)
    best_eta = put(value("momentum.best-eta", "eta_best"), curvature_min=low, curvature_max=high)
    return low, high, best_eta, put(value("momentum.best-rho", "rho_best"), kappa=high / low)


def test_best_eta():
    # at the ends of the spectrum the discriminant is zero, so between them all eigenvalues are complex
    assert says("momentum.best-eta").lhs.name == "eta_best"
    low, high, best_eta, best_rho = best()
    a, b = sp.symbols("a b", positive=True)
    best_eta, root = (e.subs({low: a**2, high: b**2}) for e in (best_eta, sp.sqrt(best_rho)))
    root = (b - a) / (b + a)
    assert sp.simplify(put(value("momentum.best-rho", "rho_best"), kappa=b**2 / a**2) - root**2) == 0
    assert sp.cancel(best_eta * a**2 - (1 - root) ** 2) == 0
    assert sp.cancel(best_eta * b**2 - (1 + root) ** 2) == 0


def test_best_rho():
    # no pair does better: if all eigenvalues at both ends have a size of at most q, then ρ ≤ q² and q² + ρ ≥ |τ|q, so
    δ = sp.Symbol("rho", positive=True)
    low_at_least = sp.factor(1 + δ - (q**2 + δ) / q)
    high_at_most = sp.factor(1 + δ + (q**2 + δ) / q)
    assert sp.cancel(low_at_least - (1 - q) * (q - δ) / q) == 0
    assert sp.cancel(high_at_most - (1 + q) * (q + δ) / q) == 0
    most = high_at_most / low_at_least  # which κ cannot exceed, and which grows with ρ
    assert sp.cancel(sp.diff(most, δ) * (1 - q) * (q - δ) ** 2 / (2 * q * (1 + q))) == 1
    assert sp.cancel(most.subs(δ, q**2) - ((1 + q) / (1 - q)) ** 2) == 0
    # so √κ ≤ (1 + q)/(1 - q), with equality at the momentum that is stated
    root = sp.Symbol("root_kappa", positive=True)
    (reached,) = sp.solve(sp.Eq(root, (1 + q) / (1 - q)), q)
    assert sp.simplify(put(value("momentum.best-rho", "rho_best"), kappa=root**2) - reached**2) == 0


def test_best_rate():
    root = sp.Symbol("root_kappa", positive=True)
    rate = put(value("momentum.best-rate", "rate_best"), kappa=root**2)
    assert sp.simplify(rate**2 - put(value("momentum.best-rho", "rho_best"), kappa=root**2)) == 0  # |z| = √ρ
    assert sp.cancel((1 + rate) / (1 - rate) - root) == 0  # the least that is possible, see above


def test_noise():
    noise, V, C, σ, v = sp.symbols("noise V C sigma v", positive=True)
    after = put(sp.expand(c - step_of(Momentum, v=c - c_before, g=λ * c + noise)["step"]), rho=ρ, eta=η)
    here, before, chance = after.coeff(c), after.coeff(c_before), after.coeff(noise)
    # independent of the parameter and of mean zero; C is the mean of the product of two successive components
    equations = [(here**2 + before**2 - 1) * V + 2 * here * before * C + chance**2 * σ**2, here * V + (before - 1) * C]
    (settled,) = sp.solve(equations, [V, C], dict=True)
    proved("momentum.noise", variance=settled[V], curvature=λ, noise=σ)
