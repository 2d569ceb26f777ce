"""From a formula to an optimiser: the signature is the declaration, the body is the mathematics.

In the signature of a rule

- a parameter without a default is an input: the gradient ``g``, or the parameter ``x`` itself;
- one with a default is a state, and the default is where it starts: a number, the name of a
  hyper-parameter, or a tuple of these; it has the shape of ``x`` unless it is annotated `Scalar`;
- what follows the ``*`` are the hyper-parameters and their defaults.

A rule returns the step, which is subtracted from ``x``, and its new states in the order of the
signature.
"""

import inspect

import numpy as np

from .arrays import full_like
from .optimiser import Optimiser, bound, constructor_signature
from .precision import rounded_where_stored
from .structure import dotted


COMPUTED_IN_FLOAT64 = {np.dtype("float16")}  # and rounded where Flux stores; see `precision`


def computed_in_float64(dtype, flux_float32):
    """Whether a step on arrays of `dtype` is computed in float64 and rounded where Flux stores."""
    return dtype in COMPUTED_IN_FLOAT64 or flux_float32 and dtype.char in "fF"


class Scalar:
    """Annotation of a state that does not have the parameter's shape, such as the powers of β."""


def rule(formula):
    """The optimiser class of a formula.

    Parameters
    ----------
    formula : function
        Declared as this module's docstring says; its docstring becomes the class's.

    Returns
    -------
    type
        A subclass of `Optimiser`; the function itself stays reachable as its attribute `formula`.

    Examples
    --------
    >>> @rule
    ... def SignDescent(g, *, eta=0.1):
    ...     return eta * np.sign(g)
    >>> SignDescent(0.5)
    SignDescent(eta=0.5)
    >>> SignDescent().apply((), np.zeros(2), np.array([3.0, -4.0]))
    ((), array([ 0.1, -0.1]))
    """
    parameters = list(inspect.signature(formula).parameters.values())
    hyper = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    states = [p for p in parameters if p not in hyper and p.default is not p.empty]
    return type(formula.__name__, (Rule,), {
        "__doc__": formula.__doc__,
        "__module__": formula.__module__,
        "__signature__": constructor_signature(hyper),
        "formula": staticmethod(formula),
        "declared": tuple(states),
        "reads": tuple(p.name for p in parameters if p not in hyper and p not in states),
        "hyper": tuple(p.name for p in hyper),
    })  # fmt: skip


class Rule(Optimiser):
    """An optimiser that is one formula."""

    meanings = {}  # of names that are not the project's: a name of `symbols.TABLE`, a symbol, or a tuple of them

    def __init__(self, *args, **kwargs):
        super().__init__()
        for name, value in bound(type(self), self.__signature__, args, kwargs).items():
            self._set(name, value)

    def _set(self, name, value):
        object.__setattr__(self, name, value)

    def _init(self, x):
        return tuple(self._start(state, x) for state in self.declared)

    @property
    def numbers(self):
        """The hyper-parameters that the formula takes as numbers, by name: for a rule without options, all."""
        return self.hyper

    def _hyper(self, x):
        """What the formula is called with, for a parameter like `x`."""
        return {name: getattr(self, name) for name in self.numbers}

    def _start(self, state, x):
        value = start_of(state.default, lambda name: getattr(self, name))
        return value if state.annotation is Scalar else full_like(x, value)

    def _apply(self, state, x, g, flux_float32=False):
        if not isinstance(state, tuple) or len(state) != len(self.declared):
            names = ", ".join(state.name for state in self.declared)
            raise ValueError(f"{type(self).__name__}: state = {state!r}: expected the tuple ({names}) from init or apply")
        for declared, part in zip(self.declared, state):
            if declared.annotation is not Scalar and _shape(part) != _shape(x):
                raise ValueError(
                    f"{type(self).__name__}: state {declared.name} has shape {_shape(part)}: expected {_shape(x)}, the shape of x"
                )
        inputs = {"g": g, "x": x}
        arguments = [*(inputs[name] for name in self.reads), *state]
        hyper = self._hyper(x)
        if isinstance(x, (np.ndarray, np.generic)) and computed_in_float64(x.dtype, flux_float32):
            returned = rounded_where_stored(self.formula, arguments, hyper, x.dtype)
        else:
            returned = self.formula(*arguments, **hyper)
        step, *new = returned if isinstance(returned, tuple) else (returned,)
        return tuple(new), step

    def _named(self, state, path):
        return {dotted((*path, declared.name)): part for declared, part in zip(self.declared, state)}

    def _rebuilt(self, like, path, parts):
        return tuple(_taken(name, part, parts) for name, part in self._named(like, path).items())


def start_of(start, value):
    """Where a state starts, with the value of each hyper-parameter that it names."""
    if isinstance(start, tuple):
        return tuple(start_of(part, value) for part in start)
    return value(start) if isinstance(start, str) else start


def _shape(array):
    """The shape of any library's array; a plain number has none."""
    return tuple(getattr(array, "shape", ()))


def _taken(name, like, parts):
    """The part of a state called `name`, of the types that `like` has."""
    if name not in parts:
        raise ValueError(f"sd has no {name!r}, though other parts of the same state: expected all of them")
    part = parts.pop(name)
    if part.shape != np.shape(like) or part.dtype != np.asarray(like).dtype:
        wanted = np.asarray(like)
        raise ValueError(f"sd[{name!r}] has shape {part.shape} and dtype {part.dtype}: expected {wanted.shape} and {wanted.dtype}")
    # scalars come back from a file as 0-d arrays, which would promote float32 parameters
    return np.array(part) if hasattr(like, "dtype") else tuple(part.tolist()) if isinstance(like, tuple) else part.item()
