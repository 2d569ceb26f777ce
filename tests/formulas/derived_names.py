"""What the letters of derived formulas stand for, written down here once more, apart from the package's tables."""

import sympy as sp
from latex_reader import Largest as Read
from latex_reader import Unreadable
from sympy.core.function import AppliedUndef

from fluxopt_edu.formulas.largest import Largest
from fluxopt_edu.proof import prove

NAMES = {
    "t": "t", "eta": "eta", "rho": "rho", "beta": "beta", "beta[1]": "beta_1", "beta[2]": "beta_2", "epsilon": "epsilon",
    "g": "constant_gradient", "g[t]": "g", "g[1]": "g_1", "x[t]": "x", "x[t-1]": "x_before", "x[0]": "x_0", "x[oo]": "terminal_x",
    "Delta": "any_step", "Delta[t]": "step", "Delta[1]": "step_1", "Delta[oo]": "terminal_step", "tilde Delta[t]": "plain_step",
    "m[t]": "m", "m[t-1]": "m_before", "v[t]": "v", "v[t-1]": "v_before", "v[1]": "v_1", "v[2]": "v_2", "v[3]": "v_3",
    "hat m[t]": "m_hat", "hat v[t]": "v_hat", "hat v[t-1]": "v_hat_before", "bar m[t]": "m_bar",
    "v[max,t]": "v_max", "v[max,t-1]": "v_max_before",
    "a[t]": "acc", "b[t]": "delta_acc", "b[t-1]": "delta_acc_before", "u[t]": "u", "s[t]": "s",
    "s[t-1]": "s_before", "tilde s[t]": "plain_s",
    "hat epsilon[t]": "epsilon_hat", "E m[t]": "mean_m", "E v[t]": "mean_v", "mu": "mean", "mu[t]": "mu",
    "s": "second_moment", "sigma": "noise",
    "lambda": "curvature", "lambda[min]": "curvature_min", "lambda[max]": "curvature_max", "kappa": "kappa",
    "c[t]": "component", "c[t-1]": "component_before", "c[t-2]": "component_t_2", "c[0]": "component_0", "c": "budget",
    "eta^star": "eta_best", "rho^star": "rho_best", "q^star": "rate_best", "T": "time", "V": "variance", "z": "eigenvalue",
    "theta[t]": "theta", "theta[t-1]": "theta_before", "rho[t]": "rho_t", "rho[oo]": "rho_inf", "r[t]": "r",
    "V[t]": "spread", "V[oo]": "spread_inf", "W[t]": "inverse_spread", "y[t-1]": "opponent_before", "y[t-2]": "opponent_t_2",
    "R": "radius", "w": "weight_decay", "C": "peak", "R[t]": "regret", "D": "diameter", "G": "gradient_bound", "n": "coordinates", "j": "j",
}  # fmt: skip
SEQUENCES = {
    "g[i]": "gradients[i]", "v[i]": "averages[i]", "a[i]": "sums[i]", "Delta[i]": "steps[i]", "u[i]": "adam_steps[i]",
    "a[j]": "coordinate_sums[j]", "a[k]": "coordinate_sums[k]", "s[j]": "preconditioner[j]",
}  # fmt: skip
BOUND = {"i": "i", "k": "k", "p": "p"}  # by a sum, a maximum, a limit
IN_ADAMW = {"lambda": "decay"}
NEVER_NEGATIVE = {
    "acc", "delta_acc", "delta_acc_before", "v_hat", "v_hat_before", "v_max", "v_max_before", "u",
    "curvature", "curvature_min", "curvature_max", "kappa",
    "rho_best", "spread", "spread_inf", "noise", "sums[i]", "coordinate_sums[j]", "coordinate_sums[k]", "v_1", "v_2", "v_3", "t",
}  # fmt: skip


NUMBERED = (sp.Sum, sp.Product, Largest, sp.Limit, AppliedUndef)  # the last for O(…)


def named(name):
    return sp.Symbol(name, nonnegative=True if name in NEVER_NEGATIVE else None)


def translated(expression, rule):
    """What was read, in the catalogue's names."""
    names = NAMES | SEQUENCES | BOUND | (IN_ADAMW if rule == "AdamW" else {})
    unknown = {s.name for s in all_symbols(expression)} - names.keys() - {"e"}
    if unknown:
        raise Unreadable(f"{', '.join(sorted(unknown))} is unknown")
    expression = expression.replace(lambda e: isinstance(e, Read), lambda e: Largest(*e.args))
    return expression.xreplace({s: sp.E if s.name == "e" else named(names.get(s.name, s.name)) for s in all_symbols(expression)})


def stated(expression):
    """A side of an entry's relation in the same symbols: an order of magnitude is a function O."""
    expression = expression.replace(lambda e: isinstance(e, sp.Indexed), lambda e: sp.Symbol(str(e)))
    expression = expression.replace(lambda e: isinstance(e, sp.Order), lambda e: sp.Function("O")(e.expr))
    return expression.xreplace({s: named(s.name) for s in all_symbols(expression)})


def all_symbols(expression):
    """But not the sign by which SymPy marks the side that a limit is taken from."""
    return expression.atoms(sp.Symbol) - {sp.Symbol("-")}


def same(a, b):
    """Whether two expressions are proved equal; a sum, a maximum or a limit is if its parts are."""
    if a == b:
        return True
    a, b = with_tokens(a, b)
    if a.has(*NUMBERED) or b.has(*NUMBERED):
        return False
    return a == b or prove(a, b).status == "equal"


def with_tokens(a, b):
    """The two with one letter for what is numbered and the same in both."""
    outer = [e for e in sp.preorder_traversal(a) if isinstance(e, NUMBERED)]
    for number, mine in enumerate(outer):
        for its in [e for e in sp.preorder_traversal(b) if isinstance(e, NUMBERED)]:
            if type(mine) is type(its) and mine.args[1:] == its.args[1:] and same(mine.args[0], its.args[0]):
                token = sp.Symbol(f"token_{number}", nonnegative=True if isinstance(mine, Largest) else None)
                a, b = a.xreplace({mine: token}), b.xreplace({its: token})
    return a, b


def faults(entry, text, read):
    """What is wrong with a text of a derived formula; nothing if it is proved to say what the entry does."""
    try:
        said = read(text)
        sides = [translated(side, entry.rule) for side in (said.lhs, said.rhs)]
    except Unreadable as error:
        yield str(error)
        return
    if type(said) is not type(entry.relation):
        yield f"{type(said).__name__} for {type(entry.relation).__name__}"
    for mine, its in zip(sides, (entry.relation.lhs, entry.relation.rhs)):
        if not same(mine, stated(its)):
            yield f"{mine} for {its}"
