"""What an optimiser is made of: its formulas and its hyper-parameters, each under a name of its own."""

from dataclasses import dataclass

from ..chain import Chain
from ..optimiser import Optimiser
from ..rule import Rule, Scalar
from ..structure import dotted
from ..trace import Trace, trace


@dataclass(frozen=True)
class Link:
    """One formula of an optimiser.

    Attributes
    ----------
    rule : Rule
        With its hyper-parameters.
    path : tuple of int
        Where it stands in the chain: its states are called by it, as in `Optimiser.state_dict`.
    record : Trace
        Of its formula.
    arrays : frozenset of int
        The identities of the record's nodes that have the parameter's shape.
    stored : frozenset of int
        Those that Flux writes into arrays: the step and the new states.
    """

    rule: Rule
    path: tuple
    record: Trace
    arrays: frozenset
    stored: frozenset

    @property
    def states(self):
        return [
            State(dotted((*self.path, s.name)), s.name, s.default, s.annotation is Scalar, isinstance(self.record.states[s.name], tuple))
            for s in self.rule.declared
        ]

    @property
    def is_ordered(self):
        """Whether the formula compares elements, as complex numbers cannot be."""
        return any(node.operation in ("maximum", "minimum") for node in self.record.nodes())


@dataclass(frozen=True)
class State:
    """A state of a link: its name in the whole and in the formula, where it starts, and what it is."""

    key: str
    name: str
    default: object
    is_scalar: bool
    is_pair: bool


@dataclass(frozen=True)
class Setting:
    """A hyper-parameter that can be set: what it is called, and the rule whose it is."""

    key: str
    rule: Rule
    name: str


def checked_optimiser(opt):
    """A copy of `opt`, without states.

    Raises
    ------
    TypeError
        It is not an optimiser, or has a link that is not one plain formula, such as another
        library's rule.
    """
    if not isinstance(opt, Optimiser):
        raise TypeError(f"opt = {opt!r}: expected an optimiser, such as Adam()")
    for _, rule in _rules(opt, ()):
        if type(rule)._apply is not Rule._apply:
            raise TypeError(f"opt: {rule!r}: expected a rule of fluxopt_edu, or one made with @rule")
    return _copied(opt)


def links(opt):
    """The links of an optimiser, in order."""
    found = []
    for path, rule in _rules(opt, ()):
        record = trace(rule)
        arrays = {id(node) for name, node in (record.inputs | record.states).items() if name not in record.scalars}
        for node in record.nodes():
            if any(id(argument) in arrays for argument in node.arguments):
                arrays.add(id(node))
        new = (value for name, value in record.new.items() if name not in record.scalars)
        found.append(Link(rule, path, record, frozenset(arrays), frozenset(map(id, (record.step, *new)))))
    return found


def settings(opt, path=()):
    """The hyper-parameters of an optimiser: under their names, or in a chain with the position before them: ``1.eta``."""
    if type(opt) is Chain:
        return [setting for k, link in enumerate(opt.links) for setting in settings(link, (*path, k))]
    return [Setting(dotted((*path, name)), opt._link_with(name) if hasattr(opt, "links") else opt, name) for name in opt.hyper]


def _rules(opt, path):
    if not hasattr(opt, "links"):
        yield path, opt
    for position, link in enumerate(getattr(opt, "links", ())):
        yield from _rules(link, (*path, position))


def _copied(opt):
    # copy.copy would share a chain's links, and warn of states that are not wanted
    return Chain(*map(_copied, opt.links)) if type(opt) is Chain else type(opt)(*opt._constructor_arguments())
