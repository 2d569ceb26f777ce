"""A rule as SymPy expressions, over the reals: conj g = g."""

import sympy as sp

from ..algebra import Letters, OpenSign, Unreadable
from ..symbols import HYPER, INPUTS, STEP_NUMBER, Symbol, symbol_of
from ..trace import counts, geometric, parts, trace
from ..traced import Traced

OPERATIONS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "**": lambda a, b: a**b,
    ">": sp.Gt, ">=": sp.Ge, "<": sp.Lt, "<=": sp.Le,
    "negative": lambda a: -a, "abs": sp.Abs, "sqrt": sp.sqrt, "conj": lambda a: a, "maximum": sp.Max, "minimum": sp.Min,
    "sign": sp.sign,
    "cases": lambda condition, yes, no: sp.Piecewise((yes, condition), (no, True)),
}  # fmt: skip
ASSUMPTIONS = {
    "real": {"real": True},
    "nonnegative": {"nonnegative": True},
    "positive": {"positive": True},
    "unit": {"positive": True},
    "count": {"integer": True, "positive": True},
}


def symbolic(rule):
    """One step of `rule` at a symbolic step number t.

    Parameters
    ----------
    rule : Optimiser, or its class

    Returns
    -------
    dict of str to Expr, or to a tuple of them
        Each state after the step by its name, and ``"step"``, what is subtracted. In them a
        state's name stands for its value before the step, g for the gradient, x for the parameter,
        and eta, rho, beta_1, beta_2, epsilon, lambda for the hyper-parameters.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> symbolic(Momentum)
    {'v': -eta*g + rho*v, 'step': eta*g - rho*v}
    """
    record = trace(rule)
    return _computed(record, _symbols(record, ranges(rule)))


def unroll(rule, n):
    """The first `n` steps of `rule` from its initial state.

    Parameters
    ----------
    rule : Optimiser, or its class
    n : int

    Returns
    -------
    list of dict
        As from `symbolic`, for t = 1, …, n, in the gradients g_1, …, g_n and, where the rule reads
        the parameter, the start x_0.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> unroll(Momentum, 2)[1]["step"]
    eta*g_1*rho + eta*g_2
    """
    record = trace(rule)
    known = _symbols(record, ranges(rule))
    x, states = sp.Symbol("x_0", real=True), {}
    for name, leaf in record.states.items():
        states |= {node: _value(start, known) for (_, node), (_, start) in zip(parts(leaf), parts(record.starts[name]))}
    steps = []
    for t in range(1, n + 1):
        inputs = {"g": sp.Symbol(f"g_{t}", real=True), "x": x}
        steps.append(_computed(record, known | states | {leaf: inputs[name] for name, leaf in record.inputs.items()}))
        for name, leaf in record.states.items():
            states |= {node: value for (_, node), (_, value) in zip(parts(leaf), parts(steps[-1][name]))}
        x = sp.expand(x - steps[-1]["step"]) if "x" in record.inputs else x
    return steps


def ranges(rule):
    """The range of each symbol of `symbolic(rule)`, by its name; see `algebra.Letters`.

    That a state is never negative is not assumed but proved, by induction: it starts so, and where
    all such states are so before a step, they are after it.
    """
    record = trace(rule)
    candidates = {name for name, leaf in record.states.items() if name not in record.scalars}
    own = [symbol_of(record.meanings[name + part]) for name, value in record.hyper.items() for part, _ in parts(value)]
    own += [meaning for meaning in record.meanings.values() if isinstance(meaning, Symbol)]
    known = {s.name: s.range for s in [*INPUTS.values(), *HYPER.values(), *own]} | {STEP_NUMBER.name: "positive"}
    while True:
        given = known | {name: "nonnegative" for name in candidates}
        after = _computed(record, _symbols(record, given))
        kept = {name for name in candidates if _never_negative(after[name], given)}
        if kept == candidates:
            return given
        candidates = kept


def _never_negative(e, given):
    """Whether an expression is seen to be non-negative: as a polynomial over the ranges, or by how it is made."""
    if e.is_Pow and e.exp.is_even or isinstance(e, sp.Abs):
        return True
    if isinstance(e, sp.Max):
        return any(_never_negative(a, given) for a in e.args)
    if isinstance(e, sp.Piecewise):
        return all(_never_negative(branch, given) for branch, _ in e.args)
    if not e.has(sp.Max, sp.Piecewise):
        letters = Letters(given)
        try:
            numerator, denominator = letters.read(e)
            if letters.sign(numerator * denominator) == 1:
                return True
        except (OpenSign, Unreadable):
            pass
    return (e.is_Add or e.is_Mul) and all(_never_negative(a, given) for a in e.args)


def _symbols(record, given):
    """The symbol of each input of the record, by the input's node."""
    symbols = {leaf: _symbol(INPUTS[name], given) for name, leaf in record.inputs.items()}
    for name, value in record.hyper.items():
        symbols |= {leaf: _symbol(symbol_of(record.meanings[name + part]), given) for part, leaf in parts(value)}
    t = _symbol(STEP_NUMBER, given)
    for name, value in record.states.items():
        for (part, leaf), (_, start), (_, new) in zip(parts(value), parts(record.starts[name]), parts(record.new[name])):
            if name not in record.scalars:
                symbols[leaf] = sp.Symbol(name, **ASSUMPTIONS[given.get(name, "real")])
            elif (ratio := geometric(leaf, new)) is not None:
                power = symbols[ratio] ** t
                symbols[leaf] = power if ratio is start else power / symbols[ratio] * _value(start, symbols)
            elif counts(leaf, start, new):
                symbols[leaf] = t
            else:
                symbols[leaf] = _symbol(symbol_of(record.meanings[name + part]), given)
    return symbols


def _symbol(symbol, given):
    return sp.Symbol(symbol.name, **ASSUMPTIONS["count" if symbol is STEP_NUMBER else given.get(symbol.name, symbol.range)])


def _computed(record, known):
    """The states after the step and the step, from what is known of the inputs."""
    known = dict(known)
    for node in record.nodes():
        known[node] = OPERATIONS[node.operation](*(_value(a, known) for a in node.arguments))
    new = {name: tuple(known[n] for _, n in parts(v)) if isinstance(v, tuple) else known[v] for name, v in record.new.items()}
    return {**new, "step": known[record.step]}


def _value(argument, known):
    return known[argument] if isinstance(argument, Traced) else sp.sympify(argument)
