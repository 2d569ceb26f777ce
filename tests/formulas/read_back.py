"""What printed formulas say, proved equal to what the code of their rule computes.

The letters and what each id stands for are written down here once more, apart from the package's
table of symbols: a letter that is wrong there is found here.
"""

import functools

import sympy as sp
from latex_reader import Unreadable

import fluxopt_edu
from fluxopt_edu.proof import prove
from fluxopt_edu.readings.sympy import symbolic
from fluxopt_edu.rules import __all__ as RULES

IDS = {name.lower(): getattr(fluxopt_edu, name) for name in RULES}  # the first part of an id

HYPER = {"eta": "eta", "rho": "rho", "beta[1]": "beta_1", "beta[2]": "beta_2", "epsilon": "epsilon", "lambda": "lambda", "t": "t"}
INPUTS = {"g[t]": "g", "x[t-1]": "x"}
BEFORE = {
    "m[t-1]": "m", "v[t-1]": "v", "u[t-1]": "u", "s[t-1]": "s", "a[t-1]": "acc", "b[t-1]": "Δacc", "v[max,t-1]": "v_max",
}  # fmt: skip
SECOND_LINK = {"eta'": "eta2", "rho'": "rho2", "v'[t-1]": "v2"}  # of a chain

# The second part of an id, and the letter that the formula defines.
DEFINES = {
    "m": "m[t]", "v": "v[t]", "u": "u[t]", "s": "s[t]", "acc": "a[t]", "delta-acc": "b[t]", "v-max": "v[max,t]", "step": "Delta[t]",
    "m-hat": "hat m[t]", "v-hat": "hat v[t]", "m-bar": "bar m[t]", "rho-inf": "rho[oo]", "rho": "rho[t]", "r": "r[t]",
    "v-2": "v'[t]", "g-2": "g'[t]", "g-3": "g''[t]",
}  # fmt: skip
STATE_OF = {
    "m": "m", "v": "v", "v-2": "v2", "u": "u", "s": "s", "acc": "acc", "delta-acc": "Δacc", "v-max": "v_max", "step": "step",
}  # fmt: skip

t, β1, β2 = sp.symbols("t beta_1 beta_2")
ρ_inf = 2 / (1 - β2) - 1
ρ = ρ_inf - 2 * t * β2**t / (1 - β2**t)

# What is neither a state nor the step, as the papers define it, from the new states. What goes from link to link of
# a chain is proved with the states in which it occurs.
QUANTITIES = {
    "m-hat": lambda new: new["m"] / (1 - β1**t),
    "v-hat": lambda new: new["v"] / (1 - β2**t),
    "m-bar": lambda new: β1 * new["m"] / (1 - β1 ** (t + 1)) + (1 - β1) * sp.Symbol("g") / (1 - β1**t),
    "rho-inf": lambda new: ρ_inf,
    "rho": lambda new: ρ,
    "r": lambda new: sp.sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ)),
}


def faults(rule, formulas, read, every=True):
    """What is wrong with the formulas of a rule, one by one; nothing if each is proved.

    Parameters
    ----------
    rule : type
    formulas : dict of str to str
        Printed text by id.
    read : callable
        From the text of an equation to its symbol and expression.
    every : bool
        Whether all states and the step must be there.

    Yields
    ------
    str
    """
    try:
        meant = meanings(rule, {id.partition(".")[2]: text for id, text in formulas.items()}, read)
    except Unreadable as error:
        yield str(error)
        return
    code = computed(rule)
    wanted = {quantity: code[state] for quantity, state in STATE_OF.items() if state in code}
    for quantity in meant:
        if quantity not in wanted and quantity in QUANTITIES:
            wanted[quantity] = QUANTITIES[quantity](code)
        if quantity in wanted and (verdict := compared(meant[quantity], wanted[quantity])).status != "equal":
            yield f"{quantity}: {verdict!r}"
    if every:
        yield from (f"{quantity} is not defined" for quantity in wanted if quantity not in meant)


def meanings(rule, formulas, read):
    """Each formula in the names of `symbolic`: new states, and what is defined by a formula, are put in."""
    defined = {}
    for quantity, text in formulas.items():
        symbol, expression = read(text)
        if symbol.name != DEFINES.get(quantity):
            raise Unreadable(f"{quantity}: {text} defines {symbol}, expected {DEFINES.get(quantity)}")
        defined[symbol.name] = expression
    names = HYPER | INPUTS | BEFORE | SECOND_LINK
    # With the ranges that the code's symbols carry: a second moment is known to be non-negative. Letters that the
    # rule does not have are refused: ρ ≤ 4 is true of a decay rate, whatever ρ_t is.
    symbols = {s.name: s for value in computed(rule).values() for part in (value if isinstance(value, tuple) else (value,)) for s in part.free_symbols}

    def meaning(name, within):
        if names.get(name) in symbols:
            return symbols[names[name]]
        if name not in defined or name in within:
            raise Unreadable(f"{within[-1]}: {name} is not defined" + (" but by itself" if name in within else ""))
        return put_in(defined[name], (*within, name))

    def put_in(expression, within):
        return expression.subs({s: meaning(s.name, within) for s in expression.free_symbols}, simultaneous=True)

    return {quantity: put_in(defined[DEFINES[quantity]], (DEFINES[quantity],)) for quantity in formulas}


compared = functools.cache(prove)


@functools.cache
def computed(rule):
    """What the code computes: `symbolic`."""
    return symbolic(rule)

