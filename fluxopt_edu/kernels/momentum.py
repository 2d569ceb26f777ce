"""Momentum in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop


def scalars(*, eta, rho):
    new = ()
    return "", (rho, eta), new


@loop
def update(table, sizes, dtype, rho, eta):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        vs = at(table[row, 2], size, dtype)
        for i in range(size):
            x, g, v = xs[i], gs[i], vs[i]
            v = dtype.type(rho * v - eta * g)
            step = dtype.type(-v)
            vs[i] = v
            xs[i] = x - step


@loop
def step(table, sizes, dtype, rho, eta):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        vs = at(table[row, 2], size, dtype)
        outs = at(table[row, 3], size, dtype)
        for i in range(size):
            g, v = gs[i], vs[i]
            v = dtype.type(rho * v - eta * g)
            step = dtype.type(-v)
            vs[i] = v
            outs[i] = step
