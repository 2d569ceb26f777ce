"""The largest of terms that are numbered, as ``Sum`` is for sums; SymPy has a maximum of given arguments only."""

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits


class Largest(ExprWithLimits):
    """The maximum of a term over i = first, …, last.

    >>> i, t = sp.symbols("i t")
    >>> Largest(2**i, (i, 1, t)).subs(t, 3).doit()
    8
    """

    def doit(self, **hints):
        ((i, first, last),) = self.limits
        if not (first.is_Integer and last.is_Integer):
            return self
        return sp.Max(*(self.function.subs(i, k) for k in range(int(first), int(last) + 1)))
