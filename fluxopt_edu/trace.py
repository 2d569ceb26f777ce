"""The record of a rule: its operations in written order, under the rule's own names.

SymPy, LaTeX, JavaScript and kernels are read from it.
"""

import inspect
import re
import sys
from dataclasses import dataclass, field

from .optimiser import instance
from .rule import Scalar, start_of
from .traced import Traced, Unanswered, answers, written


@dataclass(frozen=True)
class Trace:
    """What one step of a rule does.

    Where a value is a pair, such as β, its entry is a tuple.

    Attributes
    ----------
    rule : str
        Its name.
    inputs : dict of str to Traced
        ``g``, and ``x`` where the rule reads it.
    states : dict of str to Traced
        The states before the step.
    starts : dict of str to number or Traced
        Where each state starts: a number, or the hyper-parameter that gives it.
    scalars : frozenset of str
        The states that do not have the parameter's shape.
    hyper : dict of str to Traced
        The hyper-parameters.
    step : Traced
        What is subtracted from the parameter.
    new : dict of str to Traced
        The states after the step.
    meanings : dict of str to str or Symbol
        What a hyper-parameter, a state, a part of one or a named result stands for: a name in
        `symbols.TABLE`, or a symbol of its own.
    names : dict of int to str
        The name by which the rule knows a node, by the node's identity; a prime marks a state
        after the step.
    """

    rule: str
    inputs: dict
    states: dict
    starts: dict
    scalars: frozenset
    hyper: dict
    step: Traced
    new: dict
    meanings: dict
    names: dict
    graph: tuple = field(repr=False)  # all nodes: as long as they live, their identities are theirs alone

    def nodes(self):
        """Every operation once, each after those it needs; inputs are not operations."""
        return list(_operations([self.step, *(node for value in self.new.values() for _, node in parts(value))]))

    def __repr__(self):
        lines = [f"{self.rule}({', '.join([*self.inputs, *self.states])}; {', '.join(self.hyper)})"]
        for node in self.nodes():
            if id(node) in self.names:
                others = {key: name for key, name in self.names.items() if key != id(node)}
                lines.append(f"    {self.names[id(node)]} = {written(node, others)}")
        return "\n".join(lines)


def trace(rule):
    """Record one step of `rule`.

    Parameters
    ----------
    rule : Optimiser, or its class
        A rule of this package, or a chain. Hyper-parameters are recorded as names, not as values.

    Returns
    -------
    Trace

    Examples
    --------
    >>> from fluxopt_edu import AdamW, Momentum
    >>> trace(Momentum)
    Momentum(g, v; eta, rho)
        v' = rho * v - eta * g
        step = -v'
    >>> trace(AdamW)
    AdamW(g, x, m, v, βt; eta, beta, epsilon, decay)
        m' = β1 * m + (1 - β1) * g
        v' = β2 * v + (1 - β2) * g * conj(g)
        step1 = m' / (1 - β1t) / (sqrt(v' / (1 - β2t)) + epsilon) * eta
        step = step1 + decay * x
        βt'[0] = β1t * β1
        βt'[1] = β2t * β2
    """
    opt = instance(rule)
    hyper, states, starts, meanings = {}, {}, {}, {}
    calls = [_prepared(link, hyper, states, starts, meanings) for link in formulas(opt)]
    inputs = {name: Traced("input", (name,)) for name in ("g", "x") if any(name in call.link.reads for call in calls)}
    shared = _Shared()
    step, new, named = _merged(_every_way(lambda: _run(calls, inputs)), shared)
    names = {}
    for name, node in named:
        if id(node) not in names and name not in names.values():
            names[id(node)] = name
    for link in formulas(opt):
        meanings |= {name: link.meanings[name] for name in names.values() if name in link.meanings}
    hyper, states, starts, inputs = ({k: shared(v) for k, v in leaves.items()} for leaves in (hyper, states, starts, inputs))
    declared = [pair for call in calls for pair in zip(call.states, call.link.declared)]
    scalars = frozenset(name for name, state in declared if state.annotation is Scalar)
    return Trace(type(opt).__name__, inputs, states, starts, scalars, hyper, step, new, meanings, names, tuple(shared.known.values()))


# The inputs: one leaf for each name


@dataclass(frozen=True)
class _Call:
    """A formula and what it is to be called with, by the rule's own names."""

    link: object
    hyper: dict
    states: dict  # by the record's names, which tell links apart


def formulas(opt):
    """The formulas that make up `opt`, in order."""
    if not hasattr(opt, "links"):
        yield opt
    for link in getattr(opt, "links", ()):
        yield from formulas(link)


def _prepared(link, hyper, states, starts, meanings):
    """Add the leaves of a link to those of the links before it."""
    own_hyper = {name: _leaf(name, getattr(link, name), hyper, link, meanings) for name in link.numbers}
    own_states = {}
    for state in link.declared:
        start = start_of(state.default, lambda name: own_hyper.get(name, getattr(link, name)))
        leaf = _leaf(state.name, start, states, link, meanings)
        name = list(states)[-1]
        own_states[name], starts[name] = leaf, start
    return _Call(link, own_hyper, own_states)


def _leaf(name, value, leaves, link, meanings):
    """Add to `leaves` an input called `name`, or with a number if there is one already; a tuple for a tuple."""
    number = next(number for number in ("", *range(2, 99)) if f"{name}{number}" not in leaves)
    free, meaning = f"{name}{number}", link.meanings.get(name, name)
    if isinstance(value, tuple):
        leaves[free] = tuple(Traced("input", (f"{free}[{k}]",)) for k in range(len(value)))
    else:
        leaves[free] = Traced("input", (free,))
    for k, (part, _) in enumerate(parts(leaves[free])):
        means = meaning[k] if isinstance(meaning, tuple) else meaning
        # beta2[0], and a part of a pair that has a name of its own: beta[0]2 is no name
        means = re.sub(r"(\[\d\])?$", rf"{number}\1", means, count=1) if isinstance(means, str) else means
        meanings[free + part] = means + part if isinstance(meaning, str) else means
    return leaves[free]


# Running the formulas on them


def _run(calls, inputs):
    """Call one formula after the other: the last step, the new states, and (name, node) of all that has a name."""
    after, names, given = {}, [], dict(inputs)
    for position, call in enumerate(calls, start=1):
        arguments = [*(given[name] for name in call.link.reads), *call.states.values()]
        returned, known = _with_locals(call.link.formula, arguments, call.hyper)
        step, *new = returned if isinstance(returned, tuple) else (returned,)
        after |= zip(call.states, new)
        names += [(f"{name}'{part}", node) for name, value in zip(call.states, new) for part, node in parts(value)]
        names.append(("step" if position == len(calls) else f"step{position}", step))
        names += [(name, node) for name, node in known.items() if _needs_name(node)]
        given["g"] = step
    return step, after, names


def _with_locals(formula, arguments, hyper):
    """What `formula` returns, and its local variables at that moment."""
    known, profiler, code = {}, sys.getprofile(), inspect.unwrap(formula).__code__

    def watch(frame, event, _):
        if event == "return" and frame.f_code is code:
            known.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        return formula(*arguments, **hyper), known
    finally:
        # cProfile's profiler is not a function that could be set again
        profiler.enable() if hasattr(profiler, "enable") else sys.setprofile(profiler)


def _needs_name(value):
    """Whether a local variable tells more than its value: β1 for beta[0] does, an input's own name does not."""
    return isinstance(value, Traced) and (value.operation != "input" or "[" in value.arguments[0])


# Both outcomes of a condition


@dataclass(frozen=True)
class _Fork:
    condition: Traced
    yes: object
    no: object


def _every_way(run, given=()):
    """`run()`; or a fork, if it asks whether a condition holds."""
    token = answers.set(list(given))
    try:
        return run()
    except Unanswered as question:
        condition = question.condition
    finally:
        answers.reset(token)
    return _Fork(condition, _every_way(run, (*given, True)), _every_way(run, (*given, False)))


def _merged(outcome, shared):
    """One graph of all outcomes, with each operation once; what they do not share becomes ``cases``."""
    if not isinstance(outcome, _Fork):
        step, new, names = outcome
        return shared(step), {name: shared(value) for name, value in new.items()}, [(n, shared(v)) for n, v in names]
    (step, new, names), (other_step, other_new, other_names) = (_merged(o, shared) for o in (outcome.yes, outcome.no))
    condition = shared(outcome.condition)

    def either(a, b):
        if isinstance(a, tuple):
            return tuple(map(either, a, b))
        return a if a is b else shared(Traced("cases", (condition, a, b)))

    # first come, first named: what the cases are of keeps no name of its own
    step, new = either(step, other_step), {name: either(new[name], other_new[name]) for name in new}
    return step, new, [("step", step), *names, *other_names]


class _Shared:
    """One node for all that are the same operation on the same arguments."""

    def __init__(self):
        self.known = {}

    def __call__(self, value):
        if isinstance(value, tuple):
            return tuple(map(self, value))
        if not isinstance(value, Traced):
            return value
        arguments = value.arguments if value.operation == "input" else tuple(map(self, value.arguments))
        key = value.operation, *(id(a) if isinstance(a, Traced) else repr(a) for a in arguments)
        return self.known.setdefault(key, Traced(value.operation, arguments))


def parts(value):
    """The nodes of a value that is one node or a tuple of them, each with the index that Python would write."""
    return [(f"[{k}]", node) for k, node in enumerate(value)] if isinstance(value, tuple) else [("", value)]


def geometric(state, new):
    """The hyper-parameter by which a step multiplies a scalar state, or None."""
    if isinstance(new, Traced) and new.operation == "*" and any(a is state for a in new.arguments):
        (other,) = [a for a in new.arguments if a is not state] or [state]
        if isinstance(other, Traced) and other.operation == "input" and other is not state:
            return other
    return None


def counts(state, start, new):
    """Whether a scalar state is the number of the step: it starts at 1, and a step adds 1."""
    return start == 1 and isinstance(new, Traced) and new.operation == "+" and new.arguments[0] is state and new.arguments[1] == 1


def _operations(values, seen=None):
    seen = set() if seen is None else seen
    for value in values:
        if isinstance(value, Traced) and value.operation != "input" and id(value) not in seen:
            seen.add(id(value))
            yield from _operations(value.arguments, seen)
            yield value
