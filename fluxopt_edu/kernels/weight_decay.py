"""WeightDecay in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop


def scalars(*, decay):
    new = ()
    return "", (decay,), new


@loop
def update(table, sizes, dtype, decay):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        for i in range(size):
            step = dtype.type(g[i] + decay * x[i])
            x[i] -= step


@loop
def step(table, sizes, dtype, decay):
    for row, size in enumerate(sizes):
        x = at(table[row, 0], size, dtype)
        g = at(table[row, 1], size, dtype)
        out = at(table[row, 2], size, dtype)
        for i in range(size):
            step = dtype.type(g[i] + decay * x[i])
            out[i] = step
