"""The plain path for large arrays: in place, block by block, in buffers that are kept.

A formula is run on traced arrays and plain scalars, so that its scalars and its branches are
Python's own; the operations that it did on arrays are then done on one block after the other, with
``out=``. A block is small enough for the processor's cache. The numbers are those of `apply`, to
the last bit: the same operations, in the same order, on the same dtypes.
"""

import operator
import threading

import numpy as np

from .precision import COMPUTE, double, plain
from .traced import SIGNS, Traced, Unanswered

SIZE = 2**15  # elements
UFUNCS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
    "negative": np.negative, "abs": np.absolute, "sqrt": np.sqrt, "maximum": lambda a, b, out: np.maximum(a, b, out=out),
    "minimum": lambda a, b, out: np.minimum(a, b, out=out), "sign": np.sign, "conj": None,  # which is left out
}  # fmt: skip
kept = threading.local()  # for each thread, its buffers by dtype and number


def prepared(opt, state, x, g, in_float64):
    """A function that does one step of `opt` on `x` and on the arrays of `state`, and the state after it.

    Nothing is changed yet. None if the formula cannot be traced or returns what it did not compute,
    and for complex numbers: NumPy swaps the factors of a product where one of them is a large
    temporary, and the last bit of a complex product can depend on their order.

    Parameters
    ----------
    opt : Optimiser
    state : tuple
        Its arrays have the shape of `x`, and are changed by the function.
    x : ndarray
        The parameter, of any layout.
    g : ndarray
        The gradient, which shares no memory with `x`.
    in_float64 : bool
        Whether to compute in float64 and round where Flux stores; see `precision`.
    """
    if x.dtype.kind != "f":
        return None
    recorded = _Recorded(x, g, in_float64)
    try:
        new = recorded.run(opt, state)
    except (TypeError, AttributeError, Unanswered):
        return None
    if not recorded.is_computed():
        return None
    with np.errstate(all="ignore"):
        program = _Program(recorded, x.dtype)

    def run():
        with np.errstate(all="ignore"):
            program.run(recorded.arrays)

    return run, new


class _Recorded:
    """What a step does to arrays: the graph, its leaves, and which of its nodes are stored."""

    def __init__(self, x, g, in_float64):
        self.arrays = [x, g]
        self.leaves = [Traced("input", ("x",)), Traced("input", ("g",))]
        self.scalar = double if in_float64 else lambda value: value
        self.stores = []  # (node, the position of the state's array in `arrays`)
        self.steps = []  # of all links: they are stored as well

    def run(self, opt, state):
        """Trace the step of `opt`; return its state afterwards, with the same arrays."""
        new, _ = self._link(opt, state, self.leaves[1])
        known = {}
        self.steps = [_real(step, known) for step in self.steps]
        self.stores = [(_real(node, known), slot) for node, slot in self.stores]
        return new

    def is_computed(self):
        """Whether each step and each new state is the result of an operation, and of one of its own."""
        new = [node for node, _ in self.stores]
        computed = all(isinstance(node, Traced) and node.operation != "input" and _has_ufuncs(node) for node in [*self.steps, *new])
        return computed and len(set(map(id, new))) == len(new)

    def _link(self, opt, state, g):
        if hasattr(opt, "links"):
            new = []
            for link, inner in zip(opt.links, state, strict=True):
                inner, g = self._link(link, inner, g)
                new.append(inner)
            return tuple(new), g
        inputs = {"g": g, "x": self.leaves[0]}
        own = [self._leaf(part) if isinstance(part, np.ndarray) else self.scalar(part) for part in state]
        hyper = {name: self.scalar(value) for name, value in opt._hyper(self.leaves[0]).items()}
        returned = opt.formula(*(inputs[name] for name in opt.reads), *own, **hyper)
        step, *new = returned if isinstance(returned, tuple) else (returned,)
        self.steps.append(step)
        after = []
        for before, leaf, value in zip(state, own, new, strict=True):
            if isinstance(before, np.ndarray):
                self.stores.append((value, self.leaves.index(leaf)))
                after.append(before)
            else:
                after.append(plain(value))
        return tuple(after), step

    def _leaf(self, array):
        self.arrays.append(array)
        self.leaves.append(Traced("input", (len(self.leaves),)))
        return self.leaves[-1]


def _has_ufuncs(node, seen=None):
    """Whether all that a node needs is done by `UFUNCS`: comparisons and cases are not."""
    seen = set() if seen is None else seen
    if not isinstance(node, Traced) or node.operation == "input" or id(node) in seen:
        return True
    seen.add(id(node))
    return node.operation in UFUNCS and all(_has_ufuncs(argument, seen) for argument in node.arguments)


def _real(node, known):
    """The same graph without conjugates, for which NumPy would copy real arrays."""
    if not isinstance(node, Traced) or node.operation == "input":
        return node
    if id(node) not in known:
        arguments = tuple(_real(a, known) for a in node.arguments)
        known[id(node)] = arguments[0] if node.operation == "conj" else Traced(node.operation, arguments)
    return known[id(node)]


class _Program:
    """The operations of a graph, one after the other, on numbered slots.

    First come the slots of the arrays, then those of the scalars and of the buffers.
    """

    def __init__(self, recorded, dtype):
        step = recorded.steps[-1]
        self.dtype = dtype
        self.home = {id(node): slot for node, slot in recorded.stores}
        self.stored = {id(node) for node in recorded.steps} | self.home.keys()
        self.samples = {id(leaf): np.empty(0, dtype) for leaf in recorded.leaves}  # empty arrays, for the dtypes
        self.order = []
        for node in [*recorded.steps, *(node for node, _ in recorded.stores)]:
            self._visit(node)
        self.last = {id(argument): position for position, node in enumerate(self.order) for argument in node.arguments}
        self.last[id(step)] = len(self.order)
        self.slots = {id(leaf): slot for slot, leaf in enumerate(recorded.leaves)}
        self.scalars, self.buffers, self.free = {}, {}, []
        self.count = len(recorded.leaves)
        self.lines, moves = [], []
        for position, node in enumerate(self.order):
            self._add(position, node, recorded.leaves, moves)
        self.lines += moves
        self._line(np.subtract, 0, self.slots[id(step)], 0)

    def _visit(self, node):
        """Put what `node` needs, then `node` itself, in order, and find the dtype that NumPy gives it."""
        if not isinstance(node, Traced) or id(node) in self.samples:
            return
        for argument in node.arguments:
            self._visit(argument)
        sample = self._sample(node)
        self.samples[id(node)] = sample.astype(self.dtype) if id(node) in self.stored else sample
        self.order.append(node)

    def _sample(self, node):
        return COMPUTE[node.operation](*(self.samples.get(id(a), a) for a in node.arguments))

    def _add(self, position, node, leaves, moves):
        """Add the lines for `node`; to `moves`, what is to be written when all else is done."""
        operands = [self._slot(a) for a in node.arguments]
        for slot in {self.slots[id(a)] for a in node.arguments if self.last[id(a)] == position and id(a) in self.slots}:
            if slot in self.buffers:
                self.free.append(slot)
        computed, wanted = self._sample(node).dtype, self.samples[id(node)].dtype
        home = self.home.get(id(node))
        # not into a state whose old value is still to be read
        at_home = home is not None and self.last.get(id(leaves[home]), -1) <= position
        if computed == wanted:
            slot = home if at_home else self._buffer(wanted)
            self._line(UFUNCS[node.operation], *operands, slot)
        else:
            wide = self._buffer(computed)
            slot = home if at_home else self._buffer(wanted)
            self._line(UFUNCS[node.operation], *operands, wide)
            self._line(np.copyto, slot, wide)
            self.free.append(wide)
        self.slots[id(node)] = slot
        if home is not None and not at_home:
            moves.append((np.copyto, operator.itemgetter(home, slot)))
            self.last[id(node)] = len(self.order)

    def _line(self, function, *slots):
        self.lines.append((function, operator.itemgetter(*slots)))

    def _slot(self, value):
        if id(value) in self.slots:
            return self.slots[id(value)]
        return self._new(self.scalars, value)

    def _buffer(self, dtype):
        # the last one is still in the processor's cache
        free = next((slot for slot in reversed(self.free) if self.buffers[slot] == dtype), None)
        if free is None:
            return self._new(self.buffers, dtype)
        self.free.remove(free)
        return free

    def _new(self, kind, value):
        kind[self.count] = value
        self.count += 1
        return self.count - 1

    def run(self, arrays):
        buffers = dict(zip(self.buffers, _kept(self.buffers.values())))
        writable = [["readwrite"], ["readonly"], *[["readwrite"]] * (len(arrays) - 2)]
        blocks = np.nditer(
            arrays, ["external_loop", "buffered", "zerosize_ok"], writable, [self.dtype] * len(arrays),
            order="K", casting="same_kind", buffersize=SIZE,
        )  # fmt: skip
        others = range(len(arrays), self.count)
        with blocks:
            for block in blocks if blocks.itersize else ():
                size = block[0].size
                slots = [*block, *(self.scalars[k] if k in self.scalars else buffers[k][:size] for k in others)]
                for function, operands in self.lines:
                    function(*operands(slots))


def _kept(dtypes):
    """A buffer for each of these dtypes, the same at each call."""
    pool = kept.__dict__.setdefault("pool", {})
    numbers = {}
    for dtype in dtypes:
        number = numbers[dtype] = numbers.get(dtype, 0) + 1
        if (dtype, number) not in pool:
            pool[dtype, number] = np.empty(SIZE, dtype)
        yield pool[dtype, number]
