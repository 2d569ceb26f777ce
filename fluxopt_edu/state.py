"""The state of each parameter, kept by the identity of its array, as Flux's IdDict keeps it."""

import weakref

import numpy as np


class States:
    """A map from NumPy arrays, by identity, to their states.

    It keeps no array alive, and a new array never inherits the state of a dead one at the same
    address. It also knows the memory of every parameter that has a state, so that a second array
    object over that memory, such as the fresh view that ``W[0]`` makes at each evaluation, is
    refused instead of starting from nothing.
    """

    def __init__(self):
        self._states = {}  # id(array) -> (weak reference to the array, state or a function that gives it)
        self._places = {}  # place in memory -> weak reference to the array that owns it
        self._plan = []

    def __bool__(self):
        return bool(self._states)

    @property
    def plan(self):
        """How `update` did the last step, or None: it lasts until a state is set, or a parameter dies."""
        return self._plan[0] if self._plan else None

    @plan.setter
    def plan(self, plan):
        self._plan[:] = [plan]

    def get(self, p, name="p"):
        """The state of `p`, or None if it has none yet.

        Raises
        ------
        ValueError
            `p` is another array object over the memory of a parameter that has a state.
        """
        reference, state = self._states.get(id(p), (lambda: None, None))
        if reference() is p:
            return state() if callable(state) else state
        owner = self._places.get(_place(p), lambda: None)()
        if owner is not None and owner is _owner(p) and p.size:
            raise ValueError(
                f"{name} is a new view of a parameter that already has a state, which would be lost: "
                "make the view once (w = W[0]) and pass the same w each time, or update W itself; "
                "to start afresh, use a new optimiser"
            )
        return None

    def set(self, p, state):
        """Remember `state`, or the function that gives it, for `p`; an empty one needs no memory."""
        if _empty(state() if callable(state) else state):
            return
        key, states, plan = id(p), self._states, self._plan
        plan.clear()
        if key in states and states[key][0]() is p:
            states[key] = states[key][0], state
            return
        states[key] = weakref.ref(p, lambda _: (plan.clear(), states.pop(key, None))), state
        place, places = _place(p), self._places
        places[place] = weakref.ref(_owner(p), lambda _: places.pop(place, None))

    def forget(self, p):
        """Leave `p` without a state."""
        self._plan.clear()
        self._states.pop(id(p), None)
        self._places.pop(_place(p), None)


def _place(p):
    return p.__array_interface__["data"][0], p.shape, p.strides, p.dtype.str


def _owner(p):
    """The array that `p` is a view of, or `p`; whatever holds memory for NumPy comes after it."""
    while isinstance(p.base, np.ndarray):
        p = p.base
    return p


def _empty(state):
    return all(isinstance(part, tuple) and _empty(part) for part in state)
