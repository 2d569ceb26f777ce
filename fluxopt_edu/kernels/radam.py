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
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, m, v = xs[i], gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c3 * g * g)
            step = dtype.type(m / c2 / (sqrt(v / c4) + epsilon) * eta * r)
            ms[i] = m
            vs[i] = v
            xs[i] = x - step


@loop
def step_then(table, sizes, dtype, β1, c1, c2, β2, c3, c4, epsilon, eta, r):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, m, v = gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c3 * g * g)
            step = dtype.type(m / c2 / (sqrt(v / c4) + epsilon) * eta * r)
            ms[i] = m
            vs[i] = v
            outs[i] = step


@loop
def update_else(table, sizes, dtype, β1, c1, c2, eta, β2, c3):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, m, v = xs[i], gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            step = dtype.type(m / c2 * eta)
            v = dtype.type(β2 * v + c3 * g * g)
            ms[i] = m
            vs[i] = v
            xs[i] = x - step


@loop
def step_else(table, sizes, dtype, β1, c1, c2, eta, β2, c3):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, m, v = gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            step = dtype.type(m / c2 * eta)
            v = dtype.type(β2 * v + c3 * g * g)
            ms[i] = m
            vs[i] = v
            outs[i] = step
