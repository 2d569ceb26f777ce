"""OAdam in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(βt, *, eta, beta, epsilon):
    β1, β2 = beta
    β1t, β2t = βt
    new = ((β1t * β1, β2t * β2),)
    c1 = 1 - β1
    c2 = 1 - β1t
    c3 = 1 - β2
    c4 = 1 - β2t
    c5 = 2
    return "", (β1, c1, eta, c2, β2, c3, c4, epsilon, c5), new


@loop
def update(table, sizes, dtype, β1, c1, eta, c2, β2, c3, c4, epsilon, c5):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        u = at(table[row, 4], size, dtype)
        for i in range(size):
            u_before = u[i]
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            u[i] = eta * m[i] / c2 / (sqrt(v[i] / c4) + epsilon)
            step = dtype.type(-u_before + c5 * u[i])
            x[i] -= step


@loop
def step(table, sizes, dtype, β1, c1, eta, c2, β2, c3, c4, epsilon, c5):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        u = at(table[row, 4], size, dtype)
        out = at(table[row, 5], size, dtype)
        for i in range(size):
            u_before = u[i]
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            u[i] = eta * m[i] / c2 / (sqrt(v[i] / c4) + epsilon)
            step = dtype.type(-u_before + c5 * u[i])
            out[i] = step
