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
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        us = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, m, u = xs[i], gs[i], ms[i], us[i]
            m = dtype.type(β1 * m + c1 * g)
            u = dtype.type(maximum(β2 * u, abs(g)))
            step = dtype.type(c2 * m / (u + epsilon))
            ms[i] = m
            us[i] = u
            xs[i] = x - step


@loop
def step(table, sizes, dtype, β1, c1, c2, β2, epsilon):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        us = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, m, u = gs[i], ms[i], us[i]
            m = dtype.type(β1 * m + c1 * g)
            u = dtype.type(maximum(β2 * u, abs(g)))
            step = dtype.type(c2 * m / (u + epsilon))
            ms[i] = m
            us[i] = u
            outs[i] = step
