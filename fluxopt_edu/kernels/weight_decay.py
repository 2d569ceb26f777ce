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
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        for i in range(size):
            x, g = xs[i], gs[i]
            step = dtype.type(g + decay * x)
            xs[i] = x - step


@loop
def step(table, sizes, dtype, decay):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        outs = at(table[row, 2], size, dtype)
        for i in range(size):
            x, g = xs[i], gs[i]
            step = dtype.type(g + decay * x)
            outs[i] = step
