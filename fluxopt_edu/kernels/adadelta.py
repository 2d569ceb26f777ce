"""AdaDelta in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(*, rho, epsilon):
    new = ()
    c1 = 1 - rho
    return "", (epsilon, rho, c1), new


@loop
def update(table, sizes, dtype, epsilon, rho, c1):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        acc = at(table[row, 2], size, dtype)
        Δacc = at(table[row, 3], size, dtype)
        for i in range(size):
            acc[i] = rho * acc[i] + c1 * g[i] * g[i]
            step = dtype.type(g[i] * (sqrt(Δacc[i] + epsilon) / sqrt(acc[i] + epsilon)))
            Δacc[i] = rho * Δacc[i] + c1 * step * step
            x[i] -= step


@loop
def step(table, sizes, dtype, epsilon, rho, c1):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        acc = at(table[row, 2], size, dtype)
        Δacc = at(table[row, 3], size, dtype)
        out = at(table[row, 4], size, dtype)
        for i in range(size):
            acc[i] = rho * acc[i] + c1 * g[i] * g[i]
            step = dtype.type(g[i] * (sqrt(Δacc[i] + epsilon) / sqrt(acc[i] + epsilon)))
            Δacc[i] = rho * Δacc[i] + c1 * step * step
            out[i] = step
