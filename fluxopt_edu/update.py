"""Flux's ``update!``: a step in place, with the states kept by the optimiser."""

import functools
import importlib.util

import numpy as np

from . import blocks
from .arrays import check_array, checked_gradient
from .memory import Spans, beside
from .optimiser import Optimiser
from .rule import computed_in_float64
from .structure import is_container, matched, pairs, spelt

COMPILED_FROM = 1000  # elements; for fewer, loading numba is not worth the wait
BLOCKS_FROM = blocks.SIZE  # elements; below, NumPy's temporaries stay in the processor's cache


def update(opt, ps, gs, *, flux_float32=False):
    """Subtract one step of `opt` from each parameter, in place.

    Parameters
    ----------
    opt : Optimiser
        It keeps a state for each parameter array, found by the array's identity, for as long as
        the array lives.
    ps : ndarray, or list, tuple or dict of them, nested or not
        Writable NumPy arrays of floats, real or complex, of any shape.
    gs : like `ps`
        The gradients. None skips a parameter, or all those below it, as in Flux. Gradients of
        another precision are converted to the parameter's.

        They are never changed. (Flux may overwrite them with the step.)
    flux_float32 : bool, default False
        Compute float32 as Flux does, in float64 and rounded where Flux stores, and get Flux's own
        numbers to the last bit. Without it float32 is computed in float32, which takes less time.

    Raises
    ------
    TypeError
        Something is not a NumPy array, does not hold floats, or is complex where the parameter is
        real or the rule takes a maximum.
    ValueError
        A shape or the structure does not match, a parameter is read-only or shares memory with
        another, or it is a fresh view of one that has a state.

    After any error, all parameters and states are as they were. (Control-C may come between two
    parameters, or in the middle of a large one.)

    Notes
    -----
    Where numba is installed (the extra ``fast``), dense float32 and float64 arrays are updated by
    compiled code, in one pass over memory; the first step then waits for the compiler, or for what
    it kept. Other large arrays are updated block by block. Neither changes a bit of the result,
    which is that of ``opt.apply``.

    Infinities and NaN are no errors and give no warnings. Under ``numpy.errstate`` with "raise",
    "call", "print" or "log", the step is computed apart with plain NumPy, so that NumPy can do so
    before anything has changed.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> opt = Momentum(eta=0.1)
    >>> w = np.array([1.0, 2.0])
    >>> update(opt, w, np.array([1.0, -1.0]))
    >>> w
    array([0.9, 2.1])
    >>> W, b = np.ones((2, 2)), np.zeros(2)
    >>> update(opt, {"W": W, "b": b}, {"W": np.ones((2, 2)), "b": None})
    >>> W[0], b
    (array([0.9, 0.9]), array([0., 0.]))
    """
    if not isinstance(opt, Optimiser):
        raise TypeError(f"opt = {opt!r}: expected an optimiser, such as Adam()")
    parameters, gradients = matched(ps, gs)
    plan, run = opt.states.plan, None
    if plan is not None and not _must_be_heard():
        run = plan.prepared(parameters, gradients, flux_float32)
    if run is None:
        run = _prepared(opt, ps, gs, flux_float32)
    run()


def _prepared(opt, ps, gs, flux_float32):
    """A function that does the step: all checks are done, and all that can fail."""
    p_root, g_root = ("ps", "gs") if is_container(ps) else ("p", "g")
    given = [(spelt(p_root, path), p, spelt(g_root, path), g) for path, p, g in pairs(ps, gs)]
    for name, p, _, _ in given:
        _check_writable(name, p)
    _check_disjoint([(name, p) for name, p, _, _ in given])
    parameters = [p for _, p, _, _ in given]
    spans = Spans(parameters)
    gradients, names = [], {}
    for name, p, g_name, g in given:
        if g is not None:
            g = checked_gradient(p, g, (name, g_name))
            names[len(gradients)] = name
            opt.states.get(p, name)
        # a gradient must not change when a parameter does
        gradients.append(g.copy() if g is not None and spans.touch(g) else g)
    loud = _must_be_heard()
    elements = sum(parameters[k].size for k in names)
    together = _together() if elements >= COMPILED_FROM and not loud else None
    compiled = {k for k in names if together.fits(parameters[k])} if together and together.has_kernels(opt) else set()
    runs = []
    with np.errstate() if loud else np.errstate(all="ignore"):
        for k, name in names.items():
            if k in compiled:
                continue
            p, g = parameters[k], gradients[k]
            state = opt.states.get(p)
            state = opt._init(p) if state is None else state
            try:
                runs.append(_alone(opt, state, p, g, flux_float32, p.size >= BLOCKS_FROM and not loud))
            except (TypeError, ValueError) as error:
                raise type(error)(f"{name}: {error}") from None
    if compiled:
        gradients = [beside(p, g) if k in compiled else None for k, (p, g) in enumerate(zip(parameters, gradients))]
        runs.append(_planned(opt, together.Plan, parameters, gradients, spans, flux_float32))

    def run():
        for each in runs:
            each()

    return run


def _planned(opt, new_plan, parameters, gradients, spans, flux_float32):
    """A function that does the step of all parameters that have a gradient, in compiled loops."""
    plan = opt.states.plan
    step = plan and plan.prepared(parameters, gradients, flux_float32)
    if step:
        return step
    plan = new_plan(opt, parameters, gradients, spans)
    step = plan.prepared(parameters, gradients, flux_float32)

    def run():
        plan.take_over(opt.states, parameters)
        opt.states.plan = plan
        step()

    return run


def _alone(opt, state, p, g, flux_float32, in_blocks):
    """A function that does the step of one parameter: in place, or by taking over what was computed apart."""
    if in_blocks and (prepared := blocks.prepared(opt, state, p, g, computed_in_float64(p.dtype, flux_float32))):
        step, new_state = prepared
    else:
        new_state, step = opt._apply(state, p, g, flux_float32)
        step = functools.partial(np.copyto, p, p - step)

    def run():
        step()
        opt.states.set(p, new_state)

    return run


def _must_be_heard():
    """Whether the caller asks NumPy to raise, log or print; a kernel is silent, and cannot stop half-way."""
    return not {"raise", "call", "print", "log"}.isdisjoint(np.geterr().values())


@functools.cache
def _together():
    """The module of compiled loops, or None without numba."""
    if importlib.util.find_spec("numba") is None:
        return None
    from . import native, together

    return together if native.USABLE else None


def _check_writable(name, p):
    check_array(p, name)
    if not p.flags.writeable:
        raise ValueError(f"{name} is read-only: expected a writable array, such as {name}.copy()")


def _check_disjoint(named):
    """Refuse parameters that share memory: comparing each with those whose bytes it may touch."""
    seen = {}
    for name, p in named:
        if id(p) in seen:
            raise ValueError(f"{seen[id(p)]} and {name} are the same array: expected each parameter once")
        seen[id(p)] = name
    spans = sorted((*np.lib.array_utils.byte_bounds(p), i) for i, (_, p) in enumerate(named) if p.size)
    for at, (start, end, i) in enumerate(spans):
        if end - start < named[i][1].nbytes:
            raise ValueError(f"{named[i][0]} overlaps itself: expected an array whose elements lie apart, such as {named[i][0]}.copy()")
        for next_start, _, j in spans[at + 1 :]:
            if next_start >= end:
                break
            if np.shares_memory(named[i][1], named[j][1]):
                raise ValueError(f"{named[i][0]} and {named[j][0]} share memory: expected arrays that do not overlap")
