"""A library's rule under its own call: one formula with options, of which each optimiser takes what it uses.

A formula is declared as `fluxopt_edu.rule` says, and its hyper-parameters may be options besides:

- a `Flag` is a truth value;
- an `Option` is a number that may be absent, such as a momentum of 0.

The body asks for them with plain ``if``, as the libraries do: ``if momentum != 0``. What they are is
fixed when an optimiser is made, so each optimiser has a formula without questions about options,
and of the inputs and states that the formula declares, those on which its steps depend.
"""

import inspect
import keyword
from dataclasses import dataclass

import numpy as np

from ..hyper import CHECKS, decay_rate, non_negative, pair, real
from ..optimiser import bound
from ..rule import Rule, Scalar
from ..symbols import Symbol
from ..trace import parts, trace
from ..traced import Traced


class Flag:
    """Annotation of a hyper-parameter that is true or false."""


@dataclass(frozen=True)
class Option:
    """Annotation of a hyper-parameter that is a number or absent.

    Attributes
    ----------
    absent : number or None
        The value that says so; the formula gets it as it is, and any other as a number that is not it.
    """

    absent: object

    def is_at(self, value):
        """Whether `value` says that the option is absent."""
        return value is None if self.absent is None else not isinstance(value, bool) and bool(np.ndim(value) == 0 and value == self.absent)


@dataclass(frozen=True)
class Library:
    """What all rules of a library have in common.

    Attributes
    ----------
    dialect : str
        The name of its module here.
    version : str
        The version whose source was read and whose numbers were recorded.
    prefix : str
        What stands before a rule's name in a call.
    meanings : dict
        What its names for hyper-parameters and states stand for: a name in `symbols.TABLE`, a symbol,
        or a pair of them.
    unread : frozenset of str
        Arguments of its constructors that change how a step is computed or stored, and not its formula.
    uncovered : frozenset of str
        Arguments that do change the numbers and that the rules here do not have.
    in_float32 : {'hyper-parameters', 'powers', ''}
        What it computes in float32 where the parameter is: whatever hyper-parameters are in, or what
        depends on the number of the step; or arrays only, and all scalars in float64.
    complex : {'formula', 'two reals', ''}
        How a complex parameter is updated: by the formula, or as two real ones; or refused.
    """

    dialect: str
    version: str
    prefix: str
    meanings: dict
    unread: frozenset = frozenset()
    uncovered: frozenset = frozenset()
    in_float32: str = ""
    complex: str = "formula"

    def rule(self, ours, *, keyword_only=(), meanings=None, name=None, version=None, refused=None):
        """The decorator that makes the optimiser class of a formula.

        Parameters
        ----------
        ours : str, or dict of str to dict
            The project's name of the optimiser it is called after; or several, each with the options
            that make it one, the last that fits counting.
        keyword_only : tuple of str
            The hyper-parameters that the library takes by name only, or that come after an argument
            which is not here.
        meanings : dict
            Beside or instead of the library's.
        name : str
            In the library, where it is not the formula's.
        version : str
            Where it is not the library's.
        refused : callable
            From an optimiser to what is wrong with it and what was expected, or to None: for
            options that do not go together.
        """

        def decorate(formula):
            return _made(self, formula, {ours: {}} if isinstance(ours, str) else ours, keyword_only, meanings or {}, name, version, refused)

        return decorate


def _made(library, formula, ours, keyword_only, meanings, name, version, refused):
    parameters = list(inspect.signature(formula).parameters.values())
    hyper = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    states = [p for p in parameters if p not in hyper and p.default is not p.empty]
    first = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in hyper if p.name not in keyword_only]
    last = [p for p in hyper if p.name in keyword_only]
    plain = [p.replace(annotation=p.empty) for p in (*first, *last)]
    return type(formula.__name__, (DialectRule,), {
        "__doc__": formula.__doc__,
        "__module__": formula.__module__,
        "__signature__": inspect.Signature(plain),
        "formula": staticmethod(formula),
        "declared": tuple(states),
        "reads": tuple(p.name for p in parameters if p not in hyper and p not in states),
        "hyper": tuple(p.name for p in plain),
        "numbers": tuple(p.name for p in plain),
        "options": {p.name: p.annotation for p in hyper if p.annotation is Flag or isinstance(p.annotation, Option)},
        "meanings": library.meanings | meanings,
        "library": library,
        "dialect": library.dialect,
        "version": version or library.version,
        "label": f"{library.dialect}.{formula.__name__}",
        "call_name": library.prefix + (name or formula.__name__),
        "counterparts": ours,
        "ours": _Ours(),
        "refused": staticmethod(refused or (lambda opt: None)),
    })  # fmt: skip


class _Ours:
    """The project's name of the optimiser: of a class, that of its plain call."""

    def __get__(self, opt, cls):
        if opt is None:
            return next(iter(cls.counterparts))
        return [name for name, options in cls.counterparts.items() if opt._has(options)][-1]


class DialectRule(Rule):
    """An optimiser as a library has it.

    Attributes
    ----------
    dialect : str
        The library's name here, such as ``"torch"``.
    version : str
        The library's version, or a range of them.
    label : str
        ``"torch.Adam"``.
    call_name : str
        ``"torch.optim.Adam"``.
    ours : str
        The project's name of the optimiser, such as ``"AMSGrad"`` for ``torch.Adam(amsgrad=True)``.
    counterparts : dict of str to dict
        All such names that its calls can have, with the options that make them.
    """

    def __init__(self, *args, **kwargs):
        super(Rule, self).__init__()
        given = {name + "_" if keyword.iskeyword(name) else name: value for name, value in kwargs.items()}
        for name, value in bound(type(self), self.__signature__, args, given).items():
            self._set(name, value)
        wrong = self.refused(self)
        if wrong:
            raise ValueError(f"{self.label}: {wrong}")
        fixed = tuple((name, getattr(self, name)) for name, kind in self.options.items() if self._is_fixed(name, kind))
        for name, value in _chosen(self, fixed).items():
            self._set(name, value)

    def _is_fixed(self, name, kind):
        return kind is not None and (kind is Flag or kind.is_at(getattr(self, name)))

    def _has(self, options):
        for name, value in options.items():
            kind, own = self.options[name], getattr(self, name)
            if (own != value) if kind is Flag else kind.is_at(own) != kind.is_at(value):
                return False
        return True

    @classmethod
    def _checked(cls, name, value):
        what, kind = f"{cls.label}: {name}", cls.options.get(name)
        if kind is Flag:
            if not isinstance(value, (bool, np.bool_)):
                raise TypeError(f"{what} = {value!r}: expected True or False")
            return bool(value)
        if kind is not None and kind.is_at(value):
            return kind.absent
        return _check_of(cls.meanings.get(name, name))(what, value)

    def __setattr__(self, name, value):
        kind = self.options.get(name)
        if kind is not None:
            value, now = self._checked(name, value), getattr(self, name)
            if (value != now) if kind is Flag else (kind.is_at(value) != kind.is_at(now)):
                raise ValueError(
                    f"{self.label}: {name} = {value!r}: expected {'' if kind is Flag else 'a value like '}{now!r}, as it was made: "
                    f"another formula is another optimiser, {self.label}(…, {name}={value!r})"
                )
        super().__setattr__(name, value)

    # In the library's precision

    def _hyper(self, x):
        hyper = super()._hyper(x)
        return {name: _float32(value) for name, value in hyper.items()} if self._is_narrow(x, "hyper-parameters") else hyper

    def _start(self, state, x):
        start = super()._start(state, x)
        if state.annotation is not Scalar:
            return start
        if self._is_narrow(x, "powers"):
            return np.float32(start)  # the number of the step, too, and with it β^t
        return _float32(start) if self._is_narrow(x, "hyper-parameters") else start

    def _is_narrow(self, x, what):
        return self.library.in_float32 == what and isinstance(x, (np.ndarray, np.generic)) and x.dtype.char in "fF"

    # Complex parameters

    def _init(self, x):
        if _is_complex(x) and not self.library.complex:
            raise TypeError(f"{self.label}: x = {_described(x)}: expected real numbers: the library has no complex parameters")
        state = super()._init(x)
        if self.library.complex == "two reals" and _is_complex(x):  # each part starts where a real one does
            state = tuple(s if declared.annotation is Scalar else s * (1 + 1j) for s, declared in zip(state, self.declared))
        return state

    def _apply(self, state, x, g, flux_float32=False):
        if not (self.library.complex == "two reals" and _is_complex(x)):
            return super()._apply(state, x, g, flux_float32)
        array = [declared.annotation is not Scalar for declared in self.declared]
        new, step = super()._apply(tuple(s.real if a else s for s, a in zip(state, array)), x.real, g.real, flux_float32)
        other, other_step = super()._apply(tuple(s.imag if a else s for s, a in zip(state, array)), x.imag, g.imag, flux_float32)
        return tuple(s + 1j * o if a else s for s, o, a in zip(new, other, array)), step + 1j * other_step

    # As text

    def __repr__(self):
        return f"{self.label}({', '.join(f'{name}={value!r}' for name, value in self.stated().items())})"

    def stated(self):
        """The hyper-parameters by name, without the options that are absent and the flags that are at their default."""
        defaults = {p.name: p.default for p in self.__signature__.parameters.values()}
        names = [n for n in self.hyper if not self._is_fixed(n, self.options.get(n)) or getattr(self, n) != defaults[n]]
        return {name: getattr(self, name) for name in names}

    def __reduce__(self):
        super().__reduce__()  # which warns of states
        return _remade, (type(self), {name: getattr(self, name) for name in self.hyper})


def _float32(value):
    if isinstance(value, tuple):
        return tuple(map(_float32, value))
    return np.float32(value) if isinstance(value, float) else value


def _remade(cls, hyper):
    return cls(**hyper)


def _is_complex(x):
    return isinstance(x, complex) or "complex" in str(getattr(x, "dtype", ""))


def _described(x):
    return f"of dtype {x.dtype}" if hasattr(x, "dtype") else repr(x)


# Which formula


_found = {}  # by class and options: an optimiser's formula and arguments


def _chosen(opt, fixed):
    """What an optimiser has instead of its class: a formula without options, and its arguments."""
    cls, options = type(opt), dict(fixed)
    if (cls, fixed) not in _found:
        numbers = tuple(name for name in cls.hyper if name not in options)
        for name, value in {"numbers": numbers, "formula": _variant(cls, options, cls.reads, cls.declared)}.items():
            opt._set(name, value)
        _found[cls, fixed] = {"numbers": numbers} | _live(opt, options)
    return _found[cls, fixed]


def _live(opt, options):
    """The formula with the inputs and states on which the step depends, at once or by way of the states."""
    cls, record = type(opt), trace(opt)
    leaves = {id(node): name for name, value in (record.inputs | record.states).items() for _, node in parts(value)}
    live, waiting, seen = set(), [record.step], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Traced) or id(node) in seen:
            continue
        seen.add(id(node))
        name = leaves.get(id(node))
        if node.operation != "input":
            waiting += node.arguments
        elif name is not None and name not in live:
            live.add(name)
            waiting += [new for _, new in parts(record.new[name])] if name in record.new else []
    reads = tuple(name for name in cls.reads if name in live)
    declared = tuple(state for state in cls.declared if state.name in live)
    return {"reads": reads, "declared": declared, "formula": _variant(cls, options, reads, declared)}


def _variant(cls, options, reads, declared):
    """The class's formula as a function of some of its inputs and states, and of the hyper-parameters that are not fixed."""
    formula, kept = cls.formula, [*reads, *(state.name for state in declared)]
    stored = [state in declared for state in cls.declared]
    # what nothing depends on may still be computed
    spare = {name: 1 for name in cls.reads} | {state.name: (1.0, 1.0) if state.name == "βt" else 1 for state in cls.declared}

    def variant(*arguments, **hyper):
        given = spare | dict(zip(kept, arguments))
        returned = formula(*given.values(), **options, **hyper)
        step, *new = returned if isinstance(returned, tuple) else (returned,)
        return step, *(value for value, is_kept in zip(new, stored) if is_kept)

    variant.__wrapped__ = formula
    return variant


# Checks


def _check_of(meaning):
    if isinstance(meaning, tuple):
        first, second = map(_check_of, meaning)
        return lambda what, value: pair(what, value, first, second)
    if isinstance(meaning, Symbol):
        return {"unit": decay_rate, "positive": non_negative, "real": _finite}[meaning.range]
    return decay_rate if meaning in ("beta[0]", "beta[1]") else CHECKS[meaning]


def _finite(what, value):
    number = real(what, value, "a finite number")
    if not np.isfinite(number):
        raise ValueError(f"{what} = {value!r}: expected a finite number")
    return number
