"""OAdam: the derived formulas follow from the rule, and from the bilinear game min max xy."""

import sympy as sp
from from_the_rule import equal, first_of, proved, put, says, step_of, value

from fluxopt_edu import Descent, OAdam

u = sp.Symbol("u")
x, y, x_before, y_before = sp.symbols("x y x_before y_before", real=True)
η = sp.Symbol("eta", positive=True)
z = sp.Symbol("z")


def optimistic():
    """Twice the new step of Adam less the old one."""
    new, before = step_of(OAdam), sp.Symbol("u")
    equal(new["step"], 2 * new["u"] - before, sp.Symbol("v") >= 0)
    return lambda new, before: 2 * new - before


def plain(gradient):
    return put(step_of(Descent, g=gradient)["step"], eta=η)


def game():
    """What takes (x, y, and both of the step before) one optimistic step on; x descends, y ascends."""
    step = optimistic()
    after = [x - step(plain(y), plain(y_before)), y + step(plain(x), plain(x_before)), x, y]
    return sp.Matrix(after).jacobian([x, y, x_before, y_before])


def test_first_step():
    proved("oadam.first-step", step_1=first_of(OAdam, 1)[0]["step"])


def test_telescoped():
    relation = says("oadam.telescoped")
    (adam,) = relation.rhs.atoms(sp.Sum)
    steps, adam_steps = sp.IndexedBase("steps"), sp.IndexedBase("adam_steps")
    for total, items in ((relation.lhs, steps), (adam, adam_steps)):
        ((i, first, last),) = total.limits
        assert (total.function, first, last) == (items[i], 1, sp.Symbol("t"))
    assert put(relation.rhs.xreplace({adam: sp.Integer(0)}), u=0) == 0
    # before the first step both sides are u_0 = 0; then each step adds the same to both
    new, before = sp.symbols("new before")
    more = put(relation.rhs.xreplace({adam: new}), u=new) - put(relation.rhs.xreplace({adam: sp.Integer(0)}), u=before)
    equal(more, optimistic()(new, before))
    first = first_of(OAdam, 1)[0]
    equal(first["step"], 2 * first["u"])


def test_optimistic_step():
    after = x - optimistic()(plain(y), plain(y_before))
    proved("oadam.optimistic-step", x=after, x_before=x, opponent_before=y, opponent_t_2=y_before)


def test_descent_ascent():
    after = sp.Matrix([x - plain(y), y + plain(x)]).jacobian([x, y])
    sizes = {sp.sqrt(sp.expand(value * sp.conjugate(value))) for value in after.eigenvals()}
    assert sizes == {put(value("oadam.descent-ascent", "radius"), eta=η)}


def test_characteristic():
    relation = says("oadam.characteristic")
    stated = put(relation.lhs - relation.rhs, eigenvalue=z, eta=η)
    assert sp.expand(game().charpoly(z).as_expr() - stated) == 0


def test_threshold():
    relation = says("oadam.threshold")
    assert isinstance(relation, sp.StrictLessThan) and relation.lhs.name == "eta" and relation.rhs.is_positive
    # the characteristic polynomial is that of w = x + iy times its conjugate
    a, b = -(1 + 2 * sp.I * η), sp.I * η
    assert sp.expand((z**2 + a * z + b) * (z**2 + sp.conjugate(a) * z + sp.conjugate(b)) - game().charpoly(z).as_expr()) == 0
    # Schur and Cohn: both roots of z² + az + b are inside the unit circle iff |b| < 1 and |a - b·ā| < 1 - |b|²
    left, right = sp.expand(a - b * sp.conjugate(a)), 1 - sp.expand(b * sp.conjugate(b))
    room = sp.expand(right**2 - left * sp.conjugate(left))
    assert sp.expand(room - 3 * η**2 * (relation.rhs**2 - η**2)) == 0
    assert right.subs(η, relation.rhs).is_positive  # below the bound |b| < 1 as well
    for value, stable in ((sp.Rational(57, 100), True), (sp.Rational(58, 100), False)):
        roots = sp.Poly(game().charpoly(z).as_expr().subs(η, value), z).nroots()
        assert (max(map(abs, roots)) < 1) == stable


def test_optimistic_radius():
    radius = put(value("oadam.optimistic-radius", "radius"), eta=η)
    characteristic = game().charpoly(z).as_expr()
    root = sp.sqrt(1 - 4 * η**2)
    roots = [(1 + sign * root + 2 * sp.I * side * η) / 2 for sign in (1, -1) for side in (1, -1)]
    assert sp.expand(characteristic - sp.prod([z - each for each in roots])) == 0
    s = sp.Symbol("s", nonnegative=True)  # the root of 1 - 4η², so that η² = (1 - s²)/4

    def squared(each):
        each = each.subs(root, s)
        return sp.expand(sp.expand(each * sp.conjugate(each)).subs(η**2, (1 - s**2) / 4))

    assert {squared(each) for each in roots} == {sp.expand((1 + s) / 2), sp.expand((1 - s) / 2)}
    assert sp.expand((radius**2).subs(root, s) - (1 + s) / 2) == 0


def averaged(η, β):
    """What takes (x, y and the averages of both gradients) one optimistic step on, from the rule's own average."""
    step, average = optimistic(), step_of(OAdam, beta_1=β)["m"]
    a, b = sp.symbols("a b", real=True)
    new = [put(average, g=y, m=a), put(average, g=-x, m=b)]
    after = [x - step(η * new[0], η * a), y - step(η * new[1], η * b), *new]
    return sp.Matrix(after).jacobian([x, y, a, b])


def test_average_threshold():
    relation = says("oadam.average-threshold")
    assert isinstance(relation, sp.StrictLessThan) and relation.lhs.name == "eta"
    β = sp.Symbol("beta_1", positive=True)
    bound = put(relation.rhs, beta_1=β)
    c, d = -(1 + β + 2 * sp.I * η * (1 - β)), β + sp.I * η * (1 - β)
    characteristic = averaged(η, β).charpoly(z).as_expr()
    assert sp.expand((z**2 + c * z + d) * (z**2 + sp.conjugate(c) * z + sp.conjugate(d)) - characteristic) == 0
    # Schur and Cohn, as in test_threshold
    left, right = sp.expand(c - d * sp.conjugate(c)), 1 - sp.expand(d * sp.conjugate(d))
    room = sp.expand(right**2 - left * sp.conjugate(left))
    assert sp.simplify(room - 3 * η**2 * (1 - β) ** 4 * (bound**2 - η**2)) == 0
    assert sp.factor(right.subs(η, bound)).equals(2 * (1 + β) / 3)  # below the bound |d| < 1 as well
    assert put(relation.rhs, beta_1=0) == says("oadam.threshold").rhs
    for beta in (0.1, 0.3):
        edge = float(bound.subs(β, beta))
        for size, stable in ((0.99 * edge, True), (1.01 * edge, False)):
            roots = sp.Poly(characteristic.subs({β: beta, η: size}), z).nroots()
            assert (max(map(abs, roots)) < 1) == stable
