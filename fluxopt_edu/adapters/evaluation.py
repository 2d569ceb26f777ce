"""A formula computed by another library: its record, operation by operation."""

import copy
from abc import ABC, abstractmethod

from ..precision import COMPUTE
from ..trace import parts
from ..traced import Traced


class Evaluation(ABC):
    """The numbers that the nodes of a formula's record stand for, each computed when it is first asked for.

    A library's own subclass says how it computes. Where `wide` is given, arrays are of the dtype
    `narrow`, and are computed with in `wide` as soon as they meet a float, and rounded where Flux
    stores; see `fluxopt_edu.precision`.

    Parameters
    ----------
    link : Link
    given : dict
        The values of hyper-parameters and scalar states by name.
    """

    operations = COMPUTE

    def __init__(self, link, given):
        self.link, self.narrow, self.wide = link, None, None
        self.values = dict(_leaves(link.record.hyper | link.record.states, given))

    def on(self, arrays, narrow=None, wide=None):
        """The same with arrays: inputs and states by name. What was computed of scalars stays known."""
        other = self._apart()
        other.narrow, other.wide = narrow, wide
        other.values |= _leaves(self.link.record.inputs | self.link.record.states, arrays)
        return other

    def __call__(self, node):
        """The value of a node, or of each in a tuple."""
        if isinstance(node, tuple):
            return tuple(map(self, node))
        if not isinstance(node, Traced):
            return node
        if id(node) not in self.values:
            value = self._computed(node)
            self.values[id(node)] = self.cast(value, self.narrow) if self.wide and id(node) in self.link.stored else value
        return self.values[id(node)]

    # What a library may do in its own way

    @abstractmethod
    def cast(self, array, dtype):
        """`array` in another dtype."""

    def beside(self, scalar, array):
        """`scalar` as it may meet `array` without changing its dtype."""
        return scalar

    def is_float(self, scalar):
        return isinstance(scalar, float)

    def either(self, condition, yes, no):
        """`yes()` where a scalar condition holds, otherwise `no()`."""
        return yes() if condition else no()

    # How

    def _computed(self, node):
        is_array = [id(argument) in self.link.arrays for argument in node.arguments]
        if node.operation == "cases" and not is_array[0]:
            condition, yes, no = node.arguments
            # what is computed in one case only must not be known outside it
            return self.either(self(condition), lambda: self._apart()(yes), lambda: self._apart()(no))
        values = [self(argument) for argument in node.arguments]
        if any(is_array):
            values = self._together(values, is_array)
        return self.operations[node.operation](*values)

    def _together(self, values, is_array):
        if self.wide and any(self.is_float(value) for value, array in zip(values, is_array) if not array):
            values = [self.cast(value, self.wide) if array else value for value, array in zip(values, is_array)]
        like = values[is_array.index(True)]
        return [value if array else self.beside(value, like) for value, array in zip(values, is_array)]

    def _apart(self):
        other = copy.copy(self)
        other.values = dict(self.values)
        return other


def _leaves(nodes, given):
    """The identity and the value of each leaf that has one."""
    for name, value in given.items():
        numbers = value if isinstance(nodes.get(name), tuple) else (value,)
        for k, (_, node) in enumerate(parts(nodes[name]) if name in nodes else ()):
            yield id(node), numbers[k]
