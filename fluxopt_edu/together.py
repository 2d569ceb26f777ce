"""The fast path: parameters that stand at the same step go through one compiled loop together.

What they share, the powers of β and whatever follows from them, is computed once. What each has
of its own, the parameter, its gradient and its states, is found by address: a table has a row for
each parameter, and compiled code walks down that table.
"""

import functools
import operator
import weakref

import numpy as np

from .kernels import kernel_of
from .memory import WORD, address, beside, is_dense, layout_is_known, side_by_side
from .native import find
from .rule import Scalar, computed_in_float64

# Of most dtypes there is one object; those that were pickled, or carry metadata, are equal to it.
DTYPES = {dtype: dtype for dtype in map(np.dtype, ("float32", "float64"))}
BLOCK = 2**15  # elements that go through all links of a chain before the next ones follow


def fits(p):
    """Whether kernels can work on `p`."""
    return is_dense(p) and p.dtype in DTYPES


def has_kernels(opt):
    """Whether `opt` is made of this package's own rules alone."""
    return all(kernel_of(type(link)) is not None for link in _links(opt))


class Plan:
    """How a list of parameters is updated, again and again, as long as nothing about them changes.

    Parameters
    ----------
    opt : Optimiser
        Its states are not changed.
    parameters : list of ndarray
    gradients : list of ndarray or None
        None for each parameter that does not fit.
    spans : Spans
        The memory of all parameters.
    """

    def __init__(self, opt, parameters, gradients, spans):
        self.references = [weakref.ref(p) for p in parameters]  # a plan keeps no parameter alive
        self.skipped = _skipped(gradients)
        self.spans = spans
        together = {}
        for position, (p, g) in enumerate(zip(parameters, gradients)):
            if g is not None:
                state = opt.states.get(p)
                states = list(_by_link(opt, opt._init(p) if state is None else state))
                arrays = [[beside(p, part) for part, varies in zip(own, _varies(link)) if varies] for link, own in states]
                scalars = tuple(tuple(part for part, varies in zip(own, _varies(link)) if not varies) for link, own in states)
                together.setdefault((DTYPES[p.dtype], scalars), []).append((position, p, arrays))
        self.groups = [_Group(opt, dtype, scalars, members) for (dtype, scalars), members in together.items()]

    def take_over(self, states, parameters):
        """Keep the states of these parameters from now on."""
        for group in self.groups:
            for position, arrays in zip(group.positions, group.arrays):
                states.set(parameters[position], functools.partial(group.shared.state, arrays))

    def prepared(self, parameters, gradients, flux_float32):
        """A function that does one step; None if this plan was not made for these arrays."""
        if len(parameters) != len(self.references) or not all(map(operator.is_, parameters, [r() for r in self.references])):
            return None
        if _skipped(gradients) != self.skipped:
            return None
        if not all([group.find(parameters, gradients, self.spans) for group in self.groups]):
            return None
        runs = [group.prepared(flux_float32) for group in self.groups]
        return functools.partial(_run, runs, (parameters, gradients))


class _Group:
    """Parameters of one dtype whose scalar states are equal, and stay so."""

    def __init__(self, opt, dtype, scalars, members):
        self.dtype = dtype
        self.links = list(_links(opt))
        self.shared = _Shared(_nest(opt), [_varies(link) for link in self.links], scalars)
        self.kernels = [kernel_of(type(link)) for link in self.links]
        positions, parameters, arrays = zip(*members)
        self.positions = list(positions)
        self.ids = np.array([id(p) for p in parameters], WORD)
        self.sizes = np.array([p.size for p in parameters], WORD)
        self.dtypes = np.array([id(p.dtype) for p in parameters], WORD)
        self._lay_out(arrays)

    def _lay_out(self, arrays):
        """For each link a table: where x, g and the states of each piece lie, and where its step goes."""
        self.arrays = arrays  # whose addresses stand in the tables
        states = [np.array([[address(a) for a in own[k]] for own in arrays], WORD).reshape(len(arrays), -1) for k in range(len(self.links))]
        self.found = np.zeros((len(arrays), 2), WORD)  # addresses of parameters and gradients
        if len(self.links) == 1:
            self.tables, self.counts, self.batches = [np.hstack([self.found, *states])], self.sizes, [slice(None)]
            self.found = self.tables[0]
            return
        self.rows, starts, self.counts, places, self.batches = _pieces(self.sizes, BLOCK)
        self.offsets = starts[:, None] * self.dtype.itemsize
        # each link's step is the next one's gradient
        self.steps = [np.empty(BLOCK, self.dtype) for _ in range(2)]
        buffers = [(address(step) + places * self.dtype.itemsize)[:, None] for step in self.steps]
        self.tables = []
        for k, own in enumerate(states):
            table = np.hstack([self.found[self.rows], own[self.rows] + self.offsets, buffers[k % 2]])
            table[:, 1:2] = buffers[(k - 1) % 2]
            self.tables.append(table)

    def find(self, parameters, gradients, spans):
        """Look the addresses up; whether all arrays are as they must be."""
        parameters, gradients = ([arrays[k] for k in self.positions] for arrays in (parameters, gradients))
        if _layout_is_known():
            ids = np.fromiter(map(id, gradients), WORD, len(gradients))
            return find(self.ids, ids, self.sizes, self.dtypes, self.dtype, spans, self.found)
        for row, (p, g) in enumerate(zip(parameters, gradients)):
            if not fits(p) or p.dtype != self.dtype or p.size != self.sizes[row] or not p.flags.writeable:
                return False
            if not side_by_side(p, g) or spans.touch(g):
                return False
            self.found[row, :2] = address(p), address(g)
        return True

    def prepared(self, flux_float32):
        """A function that does one step, with the addresses that `find` found; everything is compiled when this returns."""
        in_float64 = self.dtype.char == "d" or computed_in_float64(self.dtype, flux_float32)
        scalar = float if in_float64 else _float32
        after, loops = [], []
        for k, (link, kernel, own) in enumerate(zip(self.links, self.kernels, self.shared.scalars)):
            branch, numbers, new = kernel.scalars(*own, **{name: getattr(link, name) for name in link.hyper})
            after.append(new)
            loop = getattr(kernel, ("step" if k + 1 < len(self.links) else "update") + branch)
            numbers = tuple(map(scalar, numbers))
            loops.append((loop.compiled(self.dtype, "d" if in_float64 else "f", len(numbers)), self.tables[k], numbers))

        def run():
            if len(loops) > 1:
                at = self.found[self.rows] + self.offsets
                self.tables[0][:, 1] = at[:, 1]
                for table in self.tables:
                    table[:, 0] = at[:, 0]
            for pieces in self.batches:
                for compiled, table, numbers in loops:
                    compiled(table[pieces], self.counts[pieces], self.dtype, *numbers)
            self.shared.scalars = after

        return run


class _Shared:
    """What the states of a group's parameters have in common; it holds none of their arrays."""

    def __init__(self, nest, varies, scalars):
        self.nest, self.varies, self.scalars = nest, varies, scalars

    def state(self, arrays):
        """The state of the parameter that has these arrays, for each link."""
        return self._nested(self.nest, arrays)

    def _nested(self, nest, arrays):
        if isinstance(nest, tuple):
            return tuple(self._nested(inner, arrays) for inner in nest)
        own, shared = iter(arrays[nest]), iter(self.scalars[nest])
        return tuple(next(own if varies else shared) for varies in self.varies[nest])


@functools.cache
def _layout_is_known():
    return layout_is_known()


def _float32(number):
    """The scalar as NumPy takes it when it meets float32: 1e300 is ∞."""
    if abs(number) < 3e38:
        return np.float32(number)
    with np.errstate(all="ignore"):
        return np.float32(number)


def _run(functions, alive):
    """Call one after the other; `alive` are the arrays whose addresses they use."""
    for function in functions:
        function()


def _skipped(gradients):
    return [k for k, g in enumerate(gradients) if g is None]


def _varies(link):
    """For each state of a rule, whether it has the parameter's shape."""
    return [state.annotation is not Scalar for state in link.declared]


def _links(opt):
    """The rules that make up `opt`, in order."""
    if not hasattr(opt, "links"):
        yield opt
    for link in getattr(opt, "links", ()):
        yield from _links(link)


def _by_link(opt, state):
    """Each rule with its part of a state."""
    if not hasattr(opt, "links"):
        yield opt, state
    for link, own in zip(getattr(opt, "links", ()), state):
        yield from _by_link(link, own)


def _nest(opt, numbers=None):
    """How the states of links are nested in the state of `opt`: each by its number."""
    numbers = iter(range(len(list(_links(opt))))) if numbers is None else numbers
    return tuple(_nest(link, numbers) for link in opt.links) if hasattr(opt, "links") else next(numbers)


def _pieces(sizes, most):
    """Cut parameters of these sizes into pieces, and pieces into batches of at most `most` elements.

    Returns
    -------
    rows, starts, counts, places : ndarray of WORD
        Of each piece: its parameter, its first element there, how many they are, and how many come
        before it in its batch.
    batches : list of slice
        The pieces of each batch.

    Examples
    --------
    >>> *columns, batches = _pieces(np.array([3, 6]), 4)
    >>> [column.tolist() for column in columns]
    [[0, 1, 1, 1], [0, 0, 1, 5], [3, 1, 4, 1], [0, 3, 0, 0]]
    >>> batches
    [slice(0, 2, None), slice(2, 3, None), slice(3, 4, None)]
    """
    pieces, bounds, filled = [], [0], 0
    for row, size in enumerate(sizes.tolist()):
        start = 0
        while start < size:
            if filled == most:
                bounds.append(len(pieces))
                filled = 0
            count = min(size - start, most - filled)
            pieces.append((row, start, count, filled))
            start, filled = start + count, filled + count
    bounds.append(len(pieces))
    columns = np.array(pieces, WORD).reshape(-1, 4).T.copy()
    return *columns, list(map(slice, bounds, bounds[1:]))
