"""What the rules race on: each problem is a start, a gradient and a loss, for many seeds at once.

A row of `x` is one seed's run. Whatever is random comes from that seed's own generator, so a run does not depend on which others
run beside it.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from . import network


@dataclass(frozen=True)
class Problem:
    """One problem, with the number of steps that it gets.

    Attributes
    ----------
    steps : int
    start : callable
        ``start(generator)``: the parameters of one seed, shape ``(n,)``.
    gradient : callable
        ``gradient(x, generators)``: x of shape ``(seeds, n)``, one generator a seed; the same shape.
    loss : callable
        ``loss(x)``: how far each seed is from its aim, shape ``(seeds,)``; 0 at best.
    """

    steps: int
    start: Callable
    gradient: Callable
    loss: Callable


# Every minimum is at zero: at any other place floating point would catch a run on the very minimum, where its gradient is 0.

CURVATURES = np.geomspace(0.01, 10, 10)
# Each coordinate turned by 45° against the one at the other end of the spectrum.
TURN = (np.eye(10) + np.fliplr(np.diag([1.0] * 5 + [-1.0] * 5))) / np.sqrt(2)


def quadratic(hessian):
    return Problem(
        steps=500,
        start=lambda generator: generator.normal(size=10),
        gradient=lambda x, generators: x @ hessian,
        loss=lambda x: np.einsum("si,ij,sj->s", x, hessian, x) / 2,
    )


# x²/2 − y² + y⁴/4: a saddle at the origin, minima of −1 at (0, ±√2), which no number is; the start is beside the line that leads
# into the saddle
saddle = Problem(
    steps=100,
    start=lambda generator: np.array([1.0, 1e-3 * generator.normal()]),
    gradient=lambda x, generators: np.stack([x[:, 0], x[:, 1] ** 3 - 2 * x[:, 1]], axis=1),
    loss=lambda x: x[:, 0] ** 2 / 2 + (x[:, 1] ** 2 - 2) ** 2 / 4,
)


def rosenbrock_bend(x):
    """y − x² of Rosenbrock's function (1 − x)² + 100 (y − x²)², from the distances to its minimum at (1, 1)."""
    return x[:, 1] - 2 * x[:, 0] - x[:, 0] ** 2


def rosenbrock_gradient(x, generators):
    bend = rosenbrock_bend(x)
    return np.stack([2 * x[:, 0] - 400 * (1 + x[:, 0]) * bend, 200 * bend], axis=1)


rosenbrock = Problem(
    steps=2000,
    start=lambda generator: np.array([-2.2, 0.0]) + 0.1 * generator.normal(size=2),
    gradient=rosenbrock_gradient,
    loss=lambda x: x[:, 0] ** 2 + 100 * rosenbrock_bend(x) ** 2,
)

# Feature j is present in one example of j: twenty features, least squares, one example a step, a target with noise 0.1.
FREQUENCIES = 1 / np.arange(1, 21)
WEIGHTS = np.where(np.arange(20) % 2, -1.0, 1.0)


def sparse_gradient(x, generators):
    features = np.stack([generator.random(20) < FREQUENCIES for generator in generators])
    noise = np.array([0.1 * generator.normal() for generator in generators])
    return features * ((features * (x - WEIGHTS)).sum(axis=1) - noise)[:, None]


def sparse_loss(x):
    """The expected excess of the squared error over an example, halved: a variance and the square of a mean."""
    error = x - WEIGHTS
    return (error**2 @ (FREQUENCIES * (1 - FREQUENCIES)) + (error @ FREQUENCIES) ** 2) / 2


sparse = Problem(
    steps=2000, start=lambda generator: generator.normal(size=20), gradient=sparse_gradient, loss=sparse_loss
)

digits = Problem(steps=1000, start=network.start, gradient=network.gradient, loss=network.loss)

# min over x, max over y of xy: the second player's gradient has its sign turned, so that both descend
game = Problem(
    steps=2000,
    start=lambda generator: generator.normal(size=2),
    gradient=lambda x, generators: np.stack([x[:, 1], -x[:, 0]], axis=1),
    loss=lambda x: np.hypot(x[:, 0], x[:, 1]),
)

PROBLEMS = {
    "quadratic": quadratic(np.diag(CURVATURES)),
    "turned": quadratic(TURN @ np.diag(CURVATURES) @ TURN.T),
    "saddle": saddle,
    "rosenbrock": rosenbrock,
    "sparse": sparse,
    "digits": digits,
    "game": game,
}
