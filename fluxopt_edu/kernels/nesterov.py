"""Nesterov in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop


def scalars(*, eta, rho):
    new = ()
    c1 = rho * rho
    c2 = (1 + rho) * eta
    return "", (c1, c2, rho, eta), new


@loop
def update(table, sizes, dtype, c1, c2, rho, eta):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        vs = at(table[row, 2], size, dtype)
        for i in range(size):
            x, g, v = xs[i], gs[i], vs[i]
            d = c1 * v - c2 * g
            step = dtype.type(-d)
            v = dtype.type(rho * v - eta * g)
            vs[i] = v
            xs[i] = x - step


@loop
def step(table, sizes, dtype, c1, c2, rho, eta):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        vs = at(table[row, 2], size, dtype)
        outs = at(table[row, 3], size, dtype)
        for i in range(size):
            g, v = gs[i], vs[i]
            d = c1 * v - c2 * g
            step = dtype.type(-d)
            v = dtype.type(rho * v - eta * g)
            vs[i] = v
            outs[i] = step
