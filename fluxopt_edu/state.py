"""The state of each parameter, kept by the identity of its array, as Flux's IdDict keeps it."""

import weakref


class States:
    """A map from NumPy arrays, by identity, to their states.

    It keeps no array alive, and a new array never inherits the state of a dead one at the same
    address. It also knows the memory of every parameter that has a state, so that a second array
    object over that memory, such as the fresh view that ``W[0]`` makes at each evaluation, is
    refused instead of starting from nothing.
    """

    def __init__(self):
        self._states = {}  # id(array) -> (weak reference to the array, state)
        self._places = {}  # place in memory -> weak reference to the array that owns it

    def __bool__(self):
        return bool(self._states)

    def get(self, p):
        """The state of `p`, or None if it has none yet.

        Raises
        ------
        ValueError
            `p` is another array object over the memory of a parameter that has a state.
        """
        reference, state = self._states.get(id(p), (lambda: None, None))
        if reference() is p:
            return state
        owner = self._places.get(_place(p), lambda: None)()
        if owner is not None and owner is _owner(p):
            raise ValueError(
                "is a new view of a parameter that already has a state, which would be lost: "
                "make the view once (w = W[0]) and pass the same w each time, or update W itself; "
                "to start afresh, use a new optimiser"
            )
        return None

    def set(self, p, state):
        """Remember `state` for `p`; an empty one needs no memory."""
        if _empty(state):
            return
        key, states = id(p), self._states
        if key in states and states[key][0]() is p:
            states[key] = states[key][0], state
            return
        states[key] = weakref.ref(p, lambda _: states.pop(key, None)), state
        place, places = _place(p), self._places
        try:
            places[place] = weakref.ref(_owner(p), lambda _: places.pop(place, None))
        except TypeError:
            pass  # foreign memory whose owner cannot be watched: a fresh view of it is not recognised

    def forget(self, p):
        """Leave `p` without a state."""
        self._states.pop(id(p), None)
        self._places.pop(_place(p), None)


def _place(p):
    return p.__array_interface__["data"][0], p.shape, p.strides, p.dtype.str


def _owner(p):
    return p if p.base is None else p.base


def _empty(state):
    return all(isinstance(part, tuple) and _empty(part) for part in state)
