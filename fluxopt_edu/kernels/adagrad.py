"""AdaGrad in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(*, eta, epsilon):
    new = ()
    return "", (epsilon, eta), new


@loop
def update(table, sizes, dtype, epsilon, eta):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        accs = at(table[row, 2], size, dtype)
        for i in range(size):
            x, g, acc = xs[i], gs[i], accs[i]
            acc = dtype.type(acc + g * g)
            step = dtype.type(g * (eta / (sqrt(acc) + epsilon)))
            accs[i] = acc
            xs[i] = x - step


@loop
def step(table, sizes, dtype, epsilon, eta):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        accs = at(table[row, 2], size, dtype)
        outs = at(table[row, 3], size, dtype)
        for i in range(size):
            g, acc = gs[i], accs[i]
            acc = dtype.type(acc + g * g)
            step = dtype.type(g * (eta / (sqrt(acc) + epsilon)))
            accs[i] = acc
            outs[i] = step
