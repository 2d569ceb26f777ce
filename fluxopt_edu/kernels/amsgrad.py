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
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        v_max = at(table[row, 4], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c2 * (g[i] * g[i])
            v_max[i] = maximum(v_max[i], v[i])
            step = dtype.type(eta * m[i] / (sqrt(v_max[i]) + epsilon))
            x[i] -= step


@loop
def step(table, sizes, dtype, β1, c1, eta, β2, c2, epsilon):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        m = at(table[row, 2], size, dtype)
        v = at(table[row, 3], size, dtype)
        v_max = at(table[row, 4], size, dtype)
        out = at(table[row, 5], size, dtype)
        for i in range(size):
            m[i] = β1 * m[i] + c1 * g[i]
            v[i] = β2 * v[i] + c2 * (g[i] * g[i])
            v_max[i] = maximum(v_max[i], v[i])
            step = dtype.type(eta * m[i] / (sqrt(v_max[i]) + epsilon))
            out[i] = step
