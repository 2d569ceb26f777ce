"""AdaBelief in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(*, eta, beta, epsilon):
    β1, β2 = beta
    new = ()
    c1 = 1 - β1
    c2 = 1 - β2
    return "", (β1, c1, eta, β2, c2, epsilon), new


@loop
def update(table, sizes, dtype, β1, c1, eta, β2, c2, epsilon):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        ss = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, m, s = xs[i], gs[i], ms[i], ss[i]
            m = dtype.type(β1 * m + c1 * g)
            a1 = g - m
            s = dtype.type(β2 * s + c2 * a1 * a1)
            step = dtype.type(eta * m / (sqrt(s) + epsilon))
            ms[i] = m
            ss[i] = s
            xs[i] = x - step


@loop
def step(table, sizes, dtype, β1, c1, eta, β2, c2, epsilon):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        ss = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, m, s = gs[i], ms[i], ss[i]
            m = dtype.type(β1 * m + c1 * g)
            a1 = g - m
            s = dtype.type(β2 * s + c2 * a1 * a1)
            step = dtype.type(eta * m / (sqrt(s) + epsilon))
            ms[i] = m
            ss[i] = s
            outs[i] = step
