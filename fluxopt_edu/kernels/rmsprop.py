"""RMSProp in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(*, eta, rho, epsilon):
    new = ()
    c1 = 1 - rho
    return "", (rho, c1, epsilon, eta), new


@loop
def update(table, sizes, dtype, rho, c1, epsilon, eta):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        acc = at(table[row, 2], size, dtype)
        for i in range(size):
            acc[i] = rho * acc[i] + c1 * g[i] * g[i]
            step = dtype.type(g[i] * (eta / (sqrt(acc[i]) + epsilon)))
            x[i] -= step


@loop
def step(table, sizes, dtype, rho, c1, epsilon, eta):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        acc = at(table[row, 2], size, dtype)
        out = at(table[row, 3], size, dtype)
        for i in range(size):
            acc[i] = rho * acc[i] + c1 * g[i] * g[i]
            step = dtype.type(g[i] * (eta / (sqrt(acc[i]) + epsilon)))
            out[i] = step
