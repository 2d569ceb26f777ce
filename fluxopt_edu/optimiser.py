"""What every optimiser can do, whether it is one formula or a chain of them."""

import inspect
import warnings
from collections.abc import Mapping

import numpy as np

from .arrays import check_array, check_parameter, checked_gradient
from .hyper import checked
from .state import States
from .structure import leaves, spelt


class Optimiser:
    """A rule with its hyper-parameters, and the states of the parameters it has updated.

    Hyper-parameters are attributes. They may be set between steps, are checked as in the
    constructor, and count from the next step on; stored powers of β stay as they are, as in Flux.

    A copy or a pickle keeps the hyper-parameters and no state (and warns if there was one):
    states travel by `state_dict` and `load_state_dict`.
    """

    hyper = ()  # the names of the hyper-parameters
    label = ""  # what it is called where its class's name would not tell which one it is

    def __init__(self):
        object.__setattr__(self, "states", States())

    # A kind of optimiser defines these five.

    def _init(self, x):
        raise NotImplementedError

    def _apply(self, state, x, g, flux_float32=False):
        raise NotImplementedError

    def _named(self, state, path):
        """The parts of a state by name: a dict."""
        raise NotImplementedError

    def _rebuilt(self, like, path, parts):
        """The state, like `like`, from its parts by name, which are taken out of `parts`."""
        raise NotImplementedError

    def _set(self, name, value):
        raise NotImplementedError

    def init(self, x):
        """The state before the first step, for a parameter like `x`.

        Parameters
        ----------
        x : array of floats, real or complex, of any shape, or a plain number

        Returns
        -------
        tuple
            In the order of Flux's own state; arrays have the shape and dtype of `x`.

        Raises
        ------
        TypeError
            `x` is a NumPy array of another kind, such as integers.
        """
        check_parameter(x)
        return self._init(x)

    def apply(self, state, x, g, *, flux_float32=False):
        """One step, as a pure function: nothing that is passed in is changed.

        Parameters
        ----------
        state : tuple
            From `init`, or from the step before.
        x : array of floats, real or complex, of any shape, or a plain number
            The parameter. NumPy float16 is computed in float64 and rounded where Flux stores.
        g : like `x`
            The gradient.
        flux_float32 : bool, default False
            Compute NumPy float32 as Flux does, in float64 and rounded where Flux stores, and get
            Flux's own numbers to the last bit. Without it float32 is computed in float32.

        Returns
        -------
        state : tuple
            The new state.
        step : like `x`
            What is to be subtracted: the new parameter is ``x - step``.

        Raises
        ------
        TypeError
            A dtype that holds no floats, a complex gradient for a real parameter, or complex
            numbers for a rule that takes a maximum.
        ValueError
            The gradient's shape is not the parameter's, or the state is not one of this rule.
        """
        check_parameter(x)
        return self._apply(state, x, checked_gradient(x, g), flux_float32)

    def state_dict(self, ps):
        """The states of the parameters `ps`, as plain arrays under plain names, ready for `numpy.savez`.

        Parameters
        ----------
        ps : ndarray, or list, tuple or dict of them, nested or not

        Returns
        -------
        dict of str to ndarray
            ``"W.m"`` is the state ``m`` of ``ps["W"]``; in a list, positions stand for names.
            A parameter that has no state yet does not occur, nor do hyper-parameters.

        Raises
        ------
        TypeError
            Something in `ps` is not a NumPy array of floats.
        ValueError
            Two parameters would get the same name, or one is a fresh view of another that has a
            state.

        Examples
        --------
        >>> from fluxopt_edu import Momentum, update
        >>> opt, ps = Momentum(), {"W": np.zeros(2)}
        >>> update(opt, ps, {"W": np.ones(2)})
        >>> opt.state_dict(ps)
        {'W.v': array([-0.01, -0.01])}
        """
        saved = {}
        for path, p, _ in self._starts(ps):
            state = self.states.get(p, spelt("ps", path))
            if state is not None:
                saved |= {name: np.array(part) for name, part in self._named(state, path).items()}
        return saved

    def load_state_dict(self, sd, ps):
        """Take up the states that `state_dict` gave, for the parameters `ps`.

        A run that is cut, saved and resumed so is bit-identical to one that was not.

        Parameters
        ----------
        sd : mapping of str to array
            From `state_dict`, or from `numpy.load` of what was saved.
        ps : ndarray, or list, tuple or dict of them, nested or not
            The parameters, under the names they had when the states were saved. One whose names
            do not occur is left without a state.

        Raises
        ------
        TypeError
            `sd` is not a mapping, or something in `ps` is not a NumPy array of floats.
        ValueError
            A name is missing or unknown, or a shape or dtype does not fit, or two parameters have
            the same name.

        After any error, no state has changed.
        """
        if not isinstance(sd, Mapping):
            raise TypeError(f"sd is of type {type(sd).__name__}: expected a mapping from names to arrays, such as np.load(file)")
        parts = {name: np.asarray(sd[name]) for name in sd}
        loaded, expected = [], []
        for path, p, start in self._starts(ps):
            names = self._named(start, path)
            expected += names
            loaded.append((p, self._rebuilt(start, path, parts) if names.keys() & parts.keys() else ()))
        if parts:
            raise ValueError(f"sd has unknown names {sorted(parts)}: expected {expected}, those of {self} with these ps")
        for p, state in loaded:
            self.states.forget(p)
            self.states.set(p, state)

    def _starts(self, ps):
        """Each parameter with its path and the state it would start from; the names of all parts differ."""
        seen = {}
        for path, p in leaves(ps):
            here = spelt("ps", path)
            check_array(p, here)
            start = self._init(p)
            for name in self._named(start, path):
                if name in seen:
                    raise ValueError(f"{seen[name]} and {here} both have a state called {name!r}: expected keys that give different names")
                seen[name] = here
            yield path, p, start

    def __setattr__(self, name, value):
        if name not in self.hyper:
            raise AttributeError(
                f"{type(self).__name__} has no hyper-parameter {name!r}: expected one of {', '.join(self.hyper) or 'none'}"
            )
        self._set(name, self._checked(name, value))

    @classmethod
    def _checked(cls, name, value):
        return checked(cls.__name__, name, value)

    def __repr__(self):
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.hyper)
        return f"{type(self).__name__}({values})"

    def __reduce__(self):
        if self.states:
            warnings.warn(
                f"the copy or pickle of {self} keeps its hyper-parameters and no state: "
                "take states along with state_dict and load_state_dict",
                stacklevel=3,
            )
        return type(self), self._constructor_arguments()

    def _constructor_arguments(self):
        return tuple(getattr(self, name) for name in self.hyper)


def instance(rule):
    """An optimiser for its class. What has no default is 1/2: formulas name hyper-parameters and do not use their values."""
    if not isinstance(rule, type):
        return rule
    return rule(**{p.name: 0.5 for p in rule.__signature__.parameters.values() if p.default is p.empty})


def bound(cls, signature, args, kwargs):
    """The hyper-parameters by name that a constructor call gives, checked, defaults filled in."""
    try:
        call = signature.bind(*args, **kwargs)
    except TypeError as error:
        name = cls.label or cls.__name__
        raise TypeError(f"{name}: {error}: expected {name}{signature}") from None
    call.apply_defaults()
    return {name: cls._checked(name, value) for name, value in call.arguments.items()}


def constructor_signature(parameters):
    """Hyper-parameters as a constructor takes them: in order or by name, as in Flux."""
    return inspect.Signature([p.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in parameters])
