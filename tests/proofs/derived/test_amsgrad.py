"""AMSGrad: the derived formulas follow from the rule, and Adam's failure from Adam's."""

import sympy as sp
from from_the_rule import at, closed, equal, first_of, gathered, proved, put, says, step_of, t, value

from fluxopt_edu import Adam, AMSGrad

g, m, v, v_max, η, β1, β2, ε = sp.symbols("g m v v_max eta beta_1 beta_2 epsilon")


def test_start():
    gathered(value("amsgrad.start", "m"), ε, lambda before, g: step_of(AMSGrad, m=before, g=g)["m"])
    equal(first_of(AMSGrad, 1)[0]["m"], β1 * ε + (1 - β1) * sp.Symbol("g_1"))


def largest():
    """The new maximum is the larger of the old one and the new average."""
    new = step_of(AMSGrad)
    equal(new["v_max"], sp.Max(v_max, new["v"]))
    return new


def never_lower():
    """max(a, b) is a, or it is b and b > a."""
    a, b = sp.symbols("a b", real=True)
    equal(sp.Max(a, b), a, b <= a)
    equal(sp.Max(a, b), b, b > a)


def test_floor():
    largest()
    relation = says("amsgrad.floor")
    assert isinstance(relation, sp.GreaterThan) and (relation.lhs, relation.rhs) == (v_max, ε)
    equal(first_of(AMSGrad, 1)[0]["v_max"], sp.Max(ε, β2 * ε + (1 - β2) * sp.Symbol("g_1") ** 2))  # it starts there
    never_lower()


def test_monotone():
    largest()
    relation = says("amsgrad.monotone")
    assert isinstance(relation, sp.GreaterThan) and (relation.lhs, relation.rhs) == (v_max, sp.Symbol("v_max_before"))
    never_lower()


def test_zero_gradient():
    averages = β1**t * ε, β2**t * ε
    closed(averages[0], ε, lambda before: step_of(AMSGrad, m=before, g=0)["m"])
    closed(averages[1], ε, lambda before: step_of(AMSGrad, v=before, g=0)["v"])
    before = {"m": at(averages[0], t - 1), "v": at(averages[1], t - 1), "v_max": ε}
    new = step_of(AMSGrad, g=0, **before)
    equal(new["v_max"], ε)  # so it was ε before
    proved("amsgrad.zero-gradient", step=new["step"])


def test_epsilon():
    new, size = step_of(AMSGrad), sp.Symbol("size", positive=True)
    step = put(value("amsgrad.epsilon", "step"), v_max=size, plain_step=η * new["m"] / sp.sqrt(size))
    equal(new["step"].subs(new["v_max"], size), step)
    assert not new["step"].subs(new["v_max"], size).has(sp.Max)


def test_missing_correction():
    new, size = step_of(AMSGrad, epsilon=0), sp.Symbol("size", positive=True)
    corrected = η * (new["m"] / (1 - β1**t)) / sp.sqrt(size / (1 - β2**t))
    proved("amsgrad.missing-correction", step=new["step"].subs(new["v_max"], size), plain_step=corrected)
    assert not new["step"].subs(new["v_max"], size).has(sp.Max)


def test_unrolled():
    largest()
    gathered(value("amsgrad.unrolled", "v_max"), ε, lambda before, average: sp.Max(before, average))


def test_regret():
    relation = says("amsgrad.regret")
    assert isinstance(relation, sp.LessThan) and relation.lhs == sp.Symbol("regret")
    new, x, goal = step_of(AMSGrad, beta_1=0, epsilon=0), *sp.symbols("x goal")
    p, D, G, i = sp.symbols("p D G i", positive=True)
    step = new["step"].subs(new["v_max"], p**2)
    assert not step.has(sp.Max)
    # one step; a projection brings x no farther from a point of the interval
    closer = (x - goal) ** 2 - (x - step - goal) ** 2
    equal(g * (x - goal), p / (2 * η) * closer + η * g**2 / (2 * p))
    # Σ cᵢ(dᵢ₋₁ - dᵢ) = Σ (cᵢ - cᵢ₋₁)dᵢ₋₁ - c_t d_t, by induction; so it is at most c_t D² where c = p/(2η) does not fall
    total, c, c_old, d, d_old = sp.symbols("total c c_old d d_old")
    equal(total - c_old * d_old + c * (d_old - d), total + (c - c_old) * d_old - c * d)
    # p² ≥ v ≥ (1 - β2)g², so g²/p ≤ |g|/√(1 - β2); and 1/√(i + 1) ≤ 2(√(i + 1) - √i)
    largest()
    equal(new["v"] - (1 - β2) * g**2, β2 * v)
    last, new_root = sp.sqrt(i), sp.sqrt(i + 1)  # i = 0 gives 2 - 1 = 1
    equal(2 * (new_root - last) - 1 / new_root, (new_root - last) ** 2 / new_root)
    # v is an average of squares of at most G², from 0; η becomes η/√t
    closed((1 - β2**t) * G**2, 0, lambda before: step_of(AMSGrad, v=before, g=G)["v"])
    parts = G / (2 * (η / sp.sqrt(t))) * D**2, η / 2 * G / sp.sqrt(1 - β2) * 2 * sp.sqrt(t)
    equal(put(relation.rhs, diameter=D, gradient_bound=G, t=t), sum(parts))


def test_counter_example():
    relation = says("amsgrad.counter-example")
    assert isinstance(relation, sp.StrictLessThan)
    C = sp.Symbol("C", positive=True)
    q = 1 / (1 + C**2)
    after = [step_of(Adam, v=sp.Symbol(f"v_{k}"), g=g, beta_2=q)["v"] for k, g in ((3, C), (1, -1), (2, -1))]
    unknown = sp.symbols("v_1 v_2 v_3")
    (periodic,) = sp.linsolve([a - b for a, b in zip(after, unknown)], unknown)  # towards it, errors shrink by q³ a round
    F = (1 - q) / (1 - q**3)
    above, below_2, below_3 = periodic[0] / F - C**2, 4 - periodic[1] / F, 4 - periodic[2] / F
    assert all(sp.cancel(e) == 0 for e in (above - q - q**2, below_2 - 2 - q * (1 - q), below_3 - 2 - (1 - q) ** 2))
    # so v_1 > C²F and v_2, v_3 < 4F: the left side is below 1/√F, and each term of the right is above its half
    left, right = (put(side, peak=C) for side in (relation.lhs, relation.rhs))
    v_1, v_2, v_3 = unknown
    f = sp.Symbol("F", positive=True)
    assert sp.simplify(left.subs(v_1, C**2 * f) - right.subs({v_2: 4 * f, v_3: 4 * f})) == 0
    # the two sides are the steps down and up in one round, since Adam's step is ηg/√v̂, and v̂ is v in the long run
    new = step_of(Adam, beta_1=0, epsilon=0)
    equal(new["step"], η * g / sp.sqrt(new["v"] / (1 - β2**t)), v >= 0)
