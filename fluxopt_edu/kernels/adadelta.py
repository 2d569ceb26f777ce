"""AdaDelta in one pass over memory.

Made from the rule by ``python tools/kernels.py``: what is changed here by hand is lost when it runs again.
"""

from fluxopt_edu.native import at, loop, sqrt


def scalars(*, rho, epsilon):
    new = ()
    c1 = 1 - rho
    return "", (epsilon, rho, c1), new


@loop
def update(table, sizes, dtype, epsilon, rho, c1):
    for row, size in enumerate(sizes):
        xs = at(table[row, 0], size, dtype)
        gs = at(table[row, 1], size, dtype)
        accs = at(table[row, 2], size, dtype)
        Δaccs = at(table[row, 3], size, dtype)
        for i in range(size):
            x, g, acc, Δacc = xs[i], gs[i], accs[i], Δaccs[i]
            acc = dtype.type(rho * acc + c1 * g * g)
            step = dtype.type(g * (sqrt(Δacc + epsilon) / sqrt(acc + epsilon)))
            Δacc = dtype.type(rho * Δacc + c1 * step * step)
            accs[i] = acc
            Δaccs[i] = Δacc
            xs[i] = x - step


@loop
def step(table, sizes, dtype, epsilon, rho, c1):
    for row, size in enumerate(sizes):
        gs = at(table[row, 1], size, dtype)
        accs = at(table[row, 2], size, dtype)
        Δaccs = at(table[row, 3], size, dtype)
        outs = at(table[row, 4], size, dtype)
        for i in range(size):
            g, acc, Δacc = gs[i], accs[i], Δaccs[i]
            acc = dtype.type(rho * acc + c1 * g * g)
            step = dtype.type(g * (sqrt(Δacc + epsilon) / sqrt(acc + epsilon)))
            Δacc = dtype.type(rho * Δacc + c1 * step * step)
            accs[i] = acc
            Δaccs[i] = Δacc
            outs[i] = step
