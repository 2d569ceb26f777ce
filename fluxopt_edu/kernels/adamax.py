"""AdaMax in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, maximum


def scalars(βt, *, eta, beta, epsilon):
    β1, β2 = beta
    β1t, β2t = βt
    new = ((β1t * β1, β2t * β2),)
    c1 = 1 - β1
    c2 = eta / (1 - β1t)
    return "", (β1, c1, c2, β2, epsilon), new


@loop
def update(table, sizes, dtype, β1, c1, c2, β2, epsilon):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        u = at(table[row, 3], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            u[i] = maximum(β2 * u[i], abs(g[i]))
            step = dtype.type(c2 * m[i] / (u[i] + epsilon))
            x[i] -= step


@loop
def step(table, sizes, dtype, β1, c1, c2, β2, epsilon):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        u = at(table[row, 3], size, dtype)
        out = at(table[row, 4], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            u[i] = maximum(β2 * u[i], abs(g[i]))
            step = dtype.type(c2 * m[i] / (u[i] + epsilon))
            out[i] = step
