"""The common hyper-parameters of a substitution, from those of one side."""

from functools import lru_cache

import sympy as sp

from .system import T


@lru_cache(maxsize=4096)
def solved(entries):
    """Common hyper-parameters in a side's own, and what the side's own must satisfy.

    Parameters
    ----------
    entries : tuple of (str, Expr)
        The side's hyper-parameters in common ones.

    Returns
    -------
    known : dict of str to Expr
        Common ones in the side's own symbols; those that do not occur are missing.
    conditions : dict of str to Expr
        Own hyper-parameters that are not free, in the others: ``eta: 1``, ``a_0: epsilon``.

    Examples
    --------
    >>> eta, decay, a_0, epsilon = sp.symbols("eta lambda a_0 epsilon")
    >>> solved((("eta", eta), ("lambda", decay / eta)))
    ({'eta': eta, 'lambda': eta*lambda}, {})
    >>> solved((("epsilon", epsilon), ("a_0", epsilon)))
    ({'epsilon': epsilon}, {'a_0': epsilon})
    """
    known, conditions, waiting = {}, {}, dict(entries)
    while waiting:
        name = min(waiting, key=lambda n: (len(_open(waiting[n], known)), waiting[n] != sp.Symbol(n), list(waiting).index(n)))
        e = waiting.pop(name).xreplace({sp.Symbol(n): _own(value) for n, value in known.items()})
        unknown = _open(e, {})
        if not unknown:
            conditions[name] = _common(e)
        else:
            # of several that only their sum gives, one is enough: the others are zero
            symbol = sp.Symbol(name) if sp.Symbol(name) in unknown else min(unknown, key=str)
            spare = {s: sp.S.Zero for s in unknown - {symbol}}
            known |= {s.name: zero for s, zero in spare.items()}
            e = e.xreplace(spare)
            positive = sp.Dummy(positive=True)
            roots = sp.solve(e.xreplace({symbol: positive}) - _own(sp.Symbol(name)), positive)
            known[symbol.name] = _common(roots[0])
    return known, conditions


def _own(e):
    """A side's own symbols, marked so that they are not taken for common ones; positive, as all hyper-parameters are."""
    return e.xreplace({s: sp.Symbol("own " + s.name, positive=True) for s in e.free_symbols if s != T})


def _common(e):
    return e.xreplace({s: sp.Symbol(s.name.removeprefix("own ")) for s in e.free_symbols})


def _open(e, known):
    return {s for s in e.free_symbols if s != T and not s.name.startswith("own ") and s.name not in known}
