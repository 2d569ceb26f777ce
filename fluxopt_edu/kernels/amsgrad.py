"""AMSGrad in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, maximum, sqrt


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
        vs = at(table[row, 3], size, dtype)
        v_maxs = at(table[row, 4], size, dtype)
        for i in range(size):
            x, g, m, v, v_max = xs[i], gs[i], ms[i], vs[i], v_maxs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c2 * (g * g))
            v_max = dtype.type(maximum(v_max, v))
            step = dtype.type(eta * m / (sqrt(v_max) + epsilon))
            ms[i] = m
            vs[i] = v
            v_maxs[i] = v_max
            xs[i] = x - step


@loop
def step(table, sizes, dtype, β1, c1, eta, β2, c2, epsilon):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        ms = at(table[row, 2], size, dtype)
        vs = at(table[row, 3], size, dtype)
        v_maxs = at(table[row, 4], size, dtype)
        outs = at(table[row, 5], size, dtype)
        for i in range(size):
            g, m, v, v_max = gs[i], ms[i], vs[i], v_maxs[i]
            m = dtype.type(β1 * m + c1 * g)
            v = dtype.type(β2 * v + c2 * (g * g))
            v_max = dtype.type(maximum(v_max, v))
            step = dtype.type(eta * m / (sqrt(v_max) + epsilon))
            ms[i] = m
            vs[i] = v
            v_maxs[i] = v_max
            outs[i] = step
