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
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        v = at(table[row, 2], size, dtype)
        for i in range(size):
            d = c1 * v[i] - c2 * g[i]
            step = dtype.type(-d)
            v[i] = rho * v[i] - eta * g[i]
            x[i] -= step


@loop
def step(table, sizes, dtype, c1, c2, rho, eta):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        v = at(table[row, 2], size, dtype)
        out = at(table[row, 3], size, dtype)
        for i in range(size):
            d = c1 * v[i] - c2 * g[i]
            step = dtype.type(-d)
            v[i] = rho * v[i] - eta * g[i]
            out[i] = step
