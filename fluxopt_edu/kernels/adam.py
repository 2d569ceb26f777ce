"""Adam in one pass over memory.

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
    return "", (β1, c1, c2, β2, c3, c4, epsilon, eta), new


@loop
def update(table, sizes, dtype, β1, c1, c2, β2, c3, c4, epsilon, eta):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, m, v = xs[i], gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c3 * g * g)
            step = dtype.type(m / c2 / (sqrt(v / c4) + epsilon) * eta)
            ms[i] = m
            vs[i] = v
            xs[i] = x - step


@loop
def step(table, sizes, dtype, β1, c1, c2, β2, c3, c4, epsilon, eta):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, m, v = gs[i], ms[i], vs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c3 * g * g)
            step = dtype.type(m / c2 / (sqrt(v / c4) + epsilon) * eta)
            ms[i] = m
            vs[i] = v
            outs[i] = step
