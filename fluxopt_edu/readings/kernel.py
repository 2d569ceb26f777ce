"""A rule as source text that numba compiles: one pass over memory, in the rule's own names and order.

What does not depend on the arrays is computed once a step, in Python's float64, by the function
``scalars``, which also decides the rule's branch. What does stands in a loop: it reads all arrays,
computes, and writes them last, as a write between two reads makes the processor wait. What Flux
stores is rounded to the arrays' dtype where it is computed. So one text serves float64, float32,
and Flux's float32, where the scalars are float64.
"""

import itertools
import keyword

from ..trace import parts, trace
from ..traced import Traced, written

MODULE = '''"""{rule} in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from {package}.native import {helpers}


{functions}'''
HELPERS = {"at": "at(", "loop": "@loop", "maximum": "maximum(", "sqrt": "sqrt("}


def kernel(rule):
    """The module that updates arrays in place as `rule` says.

    Parameters
    ----------
    rule : type
        One formula of this package, such as ``Adam``. A chain runs through the kernels of its links.

    Returns
    -------
    str
        A module with the function ``scalars`` and two loops for each branch of the rule: ``update``
        subtracts the step from the parameter, ``step`` hands it to the next link of a chain.

    Raises
    ------
    ValueError
        The rule asks more than one question, or returns something that it did not compute.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> print(kernel(Momentum).partition("@loop")[2].partition("@loop")[0].strip())
    def update(table, sizes, dtype, rho, eta):
        for row, size in enumerate(sizes):
            xs = at(table[row, 0], size, dtype)
            gs = at(table[row, 1], size, dtype)
            vs = at(table[row, 2], size, dtype)
            for i in range(size):
                x, g, v = xs[i], gs[i], vs[i]
                v = dtype.type(rho * v - eta * g)
                step = dtype.type(-v)
                vs[i] = v
                xs[i] = x - step
    """
    record = trace(rule)
    conditions = list({id(node): node.arguments[0] for node in record.nodes() if node.operation == "cases"}.values())
    if any(condition is not conditions[0] for condition in conditions):
        raise ValueError(f"{record.rule} asks more than one question: expected a rule with at most one")
    branches = [_Branch(record, "_then", True), _Branch(record, "_else", False)] if conditions else [_Branch(record, "", None)]
    functions = "\n\n".join([_scalars(record, conditions[:1], branches), *(text for branch in branches for text in branch.loops())])
    helpers = ", ".join(name for name, sign in HELPERS.items() if sign in functions)
    return MODULE.format(rule=record.rule, package=__package__.partition(".")[0], helpers=helpers, functions=functions)


class _Branch:
    """A rule with its question answered, on real numbers: no cases and no conjugates.

    Attributes
    ----------
    given : dict of str to Traced or number
        What the loop takes from outside, in the order in which it is used.
    lines : list of (str, Traced)
        The assignments in the loop: what is stored, what has a name, and what is used twice.
    """

    def __init__(self, record, suffix, answer):
        self.record, self.suffix, self.answer = record, suffix, answer
        self.taken = {}  # for the record's nodes, by identity, those of this branch
        self.names = {}
        for node in record.graph:
            name = record.names.get(id(node), "")
            if name.isidentifier() and name != "step":
                self.names.setdefault(id(self._taken(node)), name)
        self.states = {name: node for name, node in record.states.items() if name not in record.scalars}
        self.leaves = {id(node): name for name, node in (record.inputs | self.states).items()}
        self.step = self._taken(record.step)
        self.new = {name: self._taken(record.new[name]) for name in self.states}
        self.order = self._order()
        self.given = self._given()
        self.lines = self._lines()

    def _taken(self, node):
        if not isinstance(node, Traced) or node.operation == "input":
            return node
        if id(node) not in self.taken:
            if node.operation == "cases":
                result = self._taken(node.arguments[1 if self.answer else 2])
            else:
                arguments = tuple(map(self._taken, node.arguments))
                same = all(a is b for a, b in zip(arguments, node.arguments))
                result = arguments[0] if node.operation == "conj" else node if same else Traced(node.operation, arguments)
            self.taken[id(node)] = result
        return self.taken[id(node)]

    def _varies(self, node):
        """Whether a node has the parameter's shape."""
        if not isinstance(node, Traced) or node.operation == "input":
            return id(node) in self.leaves
        return any(map(self._varies, node.arguments))

    def _order(self):
        """The operations on arrays, each once and after those that it needs."""
        order = {}

        def visit(node):
            if self._varies(node) and id(node) not in self.leaves and id(node) not in order:
                for argument in node.arguments:
                    visit(argument)
                order[id(node)] = node

        for node in (self.step, *self.new.values()):
            visit(node)
            if id(node) not in order:
                raise ValueError(f"{self.record.rule} returns {node}: expected the result of an operation on arrays")
        return list(order.values())

    def _given(self):
        given, numbers = {}, itertools.count(1)
        for value in (a for node in self.order for a in node.arguments if not self._varies(a)):
            if not any(value is other or not isinstance(value, Traced) and repr(value) == repr(other) for other in given.values()):
                name = self.names.get(id(value)) or isinstance(value, Traced) and value.operation == "input" and value.arguments[0]
                given[name or f"c{next(numbers)}"] = value
        return given

    def _lines(self):
        stored = {id(node): name for name, node in self.new.items()}
        lines, numbers = [], itertools.count(1)
        for node in self.order:
            uses = sum(argument is node for other in self.order for argument in other.arguments)
            if id(node) in stored:
                lines.append((stored[id(node)], node))
            elif id(node) in self.names or uses > 1 and node is not self.step:
                lines.append((self.names.get(id(node)) or f"a{next(numbers)}", node))
            if node is self.step:
                lines.append(("step", node))
        return lines

    def loops(self):
        """The text of the two loops."""
        columns = ["x", "g", *self.states]
        read = {name for leaf, name in self.leaves.items() if any(id(a) == leaf for node in self.order for a in node.arguments)}
        yield self._loop("update", columns, read | {"x"}, "xs[i] = x - step")
        yield self._loop("step", [*columns, "out"], read, "outs[i] = step")

    def _loop(self, name, columns, read, last):
        names = dict(self.leaves) | {id(value): name for name, value in self.given.items()}
        rounded = {"step", *self.states}
        inputs = [column for column in columns if column in read]
        body = [f"{', '.join(inputs)} = {', '.join(f'{_array(column)}[i]' for column in inputs)}"]
        for state in self._read_late():
            names[id(self.states[state])] = f"{state}_before"
            body.append(f"{state}_before = {state}")
        for target, node in self.lines:
            text = names[id(node)] if id(node) in names else written(self._with_names_for_numbers(node, names), names)
            body.append(f"{target} = dtype.type({text})" if target in rounded else f"{target} = {text}")
            names[id(node)] = target
        body += [*(f"{_array(state)}[i] = {state}" for state in self.states), last]
        used = [column for column in columns if any(f"{_array(column)}[i]" in line for line in body)]
        return "\n".join([
            "@loop",
            f"def {name}{self.suffix}({', '.join(['table', 'sizes', 'dtype', *self.given])}):",
            "    for row, size in enumerate(sizes):",
            *(f"        {_array(column)} = at(table[row, {columns.index(column)}], size, dtype)" for column in used),
            "        for i in range(size):",
            *(f"            {line}" for line in body),
        ]) + "\n"  # fmt: skip

    def _read_late(self):
        """The states whose old value is still read after the new one is stored."""
        placed = {id(node) for _, node in self.lines}

        def reads(node, leaf):
            inside = self._varies(node) and id(node) not in placed and id(node) not in self.leaves
            return node is leaf or inside and any(reads(a, leaf) for a in node.arguments)

        for name, leaf in self.states.items():
            stored = next(k for k, (target, _) in enumerate(self.lines) if target == name)
            if any(reads(argument, leaf) for _, node in self.lines[stored + 1 :] for argument in node.arguments):
                yield name

    def _with_names_for_numbers(self, node, names):
        """A bare 2 would be an int64 in the loop, which makes float32 float64: numbers come from outside, too."""
        if id(node) in names or not isinstance(node, Traced):
            return node
        number = {repr(value): Traced("input", (name,)) for name, value in self.given.items() if not isinstance(value, Traced)}
        return Traced(node.operation, tuple(
            self._with_names_for_numbers(a, names) if isinstance(a, Traced) else number[repr(a)] for a in node.arguments
        ))  # fmt: skip


def _array(name):
    """The name of the array whose elements are called `name`."""
    return f"{name}_s" if keyword.iskeyword(f"{name}s") else f"{name}s"


def _scalars(record, condition, branches):
    """The text of the function that prepares a step: the branch, what its loop takes, and the new scalar states."""
    given = {name: record.states[name] for name in record.states if name in record.scalars}
    names, body = {}, []
    for name, value in (record.hyper | given).items():
        own = {id(leaf): record.names.get(id(leaf), name + part.strip("[]")) for part, leaf in parts(value)}
        if isinstance(value, tuple):
            body.append(f"{', '.join(own.values())} = {name}")
        names |= own
    body += _assignments(condition, names, record.names)
    new = [record.new[name] for name in given]
    texts = [_tuple([written(node, names) for node in value]) if isinstance(value, tuple) else written(value, names) for value in new]
    body.append(f"new = {_tuple(texts)}")
    for branch, indent in zip(branches, ["    ", ""] if condition else [""]):
        if indent:
            body.append(f"if {written(condition[0], names)}:")
        inner = dict(names)
        wanted = branch.names | {id(value): name for name, value in branch.given.items()}
        body += [indent + line for line in _assignments(branch.given.values(), inner, wanted)]
        body.append(f'{indent}return "{branch.suffix}", {_tuple(list(branch.given))}, new')
    return "\n".join([f"def scalars({', '.join([*given, '*', *record.hyper])}):", *(f"    {line}" for line in body)]) + "\n"


def _assignments(values, names, wanted):
    """A line for each of `values`, and before it for whatever it needs that has a name in `wanted`; the names go into `names`."""
    for value in values:
        if id(value) in names:
            continue
        if isinstance(value, Traced):
            yield from _assignments(value.arguments, names, wanted)
        if id(value) in wanted:
            yield f"{wanted[id(value)]} = {written(value, names)}"
            names[id(value)] = wanted[id(value)]


def _tuple(texts):
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"
