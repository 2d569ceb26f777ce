"""Parameters in lists, tuples and dicts, nested or not, and their gradients beside them."""

from collections.abc import Mapping

import numpy as np


def leaves(ps, path=()):
    """Each parameter in `ps` with its path: the keys and positions that lead to it.

    >>> list(leaves({"a": [1, 2], "b": 3}))
    [(('a', 0), 1), (('a', 1), 2), (('b',), 3)]
    """
    if not is_container(ps):
        yield path, ps
        return
    for key, inner in items(ps):
        yield from leaves(inner, (*path, key))


def pairs(ps, gs, path=()):
    """Each parameter with its path and its gradient, which is None for whatever stands under a None in `gs`.

    >>> list(pairs({"a": [1, 2], "b": 3}, {"a": None, "b": 30}))
    [(('a', 0), 1, None), (('a', 1), 2, None), (('b',), 3, 30)]

    Raises
    ------
    ValueError
        The two do not have the same structure; the message says where.
    """
    if gs is None:
        yield from ((where, p, None) for where, p in leaves(ps, path))
    elif not is_container(ps):
        if is_container(gs):
            g, p, kind = spelt("gs", path) if path else "g", spelt("ps", path) if path else "p", type(gs).__name__
            raise ValueError(f"{g} is a {kind}: expected a gradient, as {p} is no {kind}")
        yield path, ps, gs
    else:
        _check_keys(ps, gs, path)
        for key, inner in items(ps):
            yield from pairs(inner, gs[key], (*path, key))


def matched(ps, gs):
    """The parameters in `ps` and the gradients in `gs`, each as a list: `pairs` without paths.

    >>> matched({"a": [1, 2], "b": 3}, {"b": 30, "a": None})
    ([1, 2, 3], [None, None, 30])
    """
    # the usual forms first: for small parameters, this takes longer than the arithmetic
    if type(ps) is type(gs) is np.ndarray:
        return [ps], [gs]
    parameters, gradients = ps, gs
    if type(ps) is dict is type(gs) and ps.keys() == gs.keys():
        parameters, gradients = list(ps.values()), [gs[key] for key in ps]
    if isinstance(parameters, (list, tuple)) and isinstance(gradients, (list, tuple)) and len(parameters) == len(gradients):
        if {*map(type, parameters)} == {np.ndarray} and {*map(type, gradients)} <= {np.ndarray, type(None)}:
            return list(parameters), list(gradients)
    flat = list(pairs(ps, gs))
    return [p for _, p, _ in flat], [g for _, _, g in flat]


def is_container(ps):
    return isinstance(ps, (list, tuple, Mapping))


def items(ps):
    return ps.items() if isinstance(ps, Mapping) else enumerate(ps)


def spelt(root, path):
    """How Python reaches the value at `path`: ``ps['layers'][0]``."""
    return root + "".join(f"[{key!r}]" for key in path)


def dotted(path):
    """The name of the value at `path` in a saved file: ``layers.0``."""
    return ".".join(map(str, path))


def _check_keys(ps, gs, path):
    kind = type(ps).__name__
    here, there = spelt("ps", path), spelt("gs", path)
    if not is_container(gs) or isinstance(ps, Mapping) != isinstance(gs, Mapping):
        raise ValueError(f"{there} is of type {type(gs).__name__}: expected a {kind} like {here}")
    if isinstance(ps, Mapping):
        missing, extra = [k for k in ps if k not in gs], [k for k in gs if k not in ps]
        if missing or extra:
            raise ValueError(
                f"{there} has the keys {list(gs)}: expected {list(ps)}, those of {here}; a gradient of None skips a parameter"
            )
    elif len(ps) != len(gs):
        raise ValueError(f"{there} has length {len(gs)}: expected {len(ps)}, that of {here}; a gradient of None skips a parameter")
