"""RAdam in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(βt, t, *, eta, beta, epsilon):
    β1, β2 = beta
    β1t, β2t = βt
    ρ_inf = 2 / (1 - β2) - 1
    ρ = ρ_inf - 2 * t * β2t / (1 - β2t)
    new = ((β1t * β1, β2t * β2), t + 1)
    if ρ > 4:
        c1 = 1 - β1
        c2 = 1 - β1t
        c3 = 1 - β2
        c4 = 1 - β2t
        r = sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
        return "_then", (β1, c1, c2, β2, c3, c4, epsilon, eta, r), new
    c1 = 1 - β1
    c2 = 1 - β1t
    c3 = 1 - β2
    return "_else", (β1, c1, c2, eta, β2, c3), new


@loop
def update_then(table, sizes, dtype, β1, c1, c2, β2, c3, c4, epsilon, eta, r):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            step = dtype.type(m[i] / c2 / (sqrt(v[i] / c4) + epsilon) * eta * r)
            x[i] -= step


@loop
def step_then(table, sizes, dtype, β1, c1, c2, β2, c3, c4, epsilon, eta, r):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        out = at(table[row, 4], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            step = dtype.type(m[i] / c2 / (sqrt(v[i] / c4) + epsilon) * eta * r)
            out[i] = step


@loop
def update_else(table, sizes, dtype, β1, c1, c2, eta, β2, c3):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            step = dtype.type(m[i] / c2 * eta)
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            x[i] -= step


@loop
def step_else(table, sizes, dtype, β1, c1, c2, eta, β2, c3):
    for row, size in enumerate(sizes):
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        out = at(table[row, 4], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            step = dtype.type(m[i] / c2 * eta)
            v[i] = β2 * v[i] + c3 * g[i] * g[i]
            out[i] = step
