"""Functions of two variables for optimisers to walk on, with their gradients.

They use arithmetic alone, so that they run on arrays, on traced numbers and, read from those, in a page.
"""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Landscape:
    """A function of x and y.

    Attributes
    ----------
    f : callable
        ``f(x, y)``.
    gradient : callable
        ``gradient(x, y)``: the two partial derivatives.
    xlim, ylim : pair of float
        What to show of it.
    minimum : pair of float
        Where it is lowest.
    """

    f: Callable
    gradient: Callable
    xlim: tuple
    ylim: tuple
    minimum: tuple


LANDSCAPES = {
    # curvature 1 along x and 19 along y
    "valley": Landscape(
        f=lambda x, y: (x * x + 19 * y * y) / 2,
        gradient=lambda x, y: (x, 19 * y),
        xlim=(-2.4, 2.4),
        ylim=(-1.2, 1.2),
        minimum=(0, 0),
    ),
    # the same curvatures, turned by 45°
    "turned": Landscape(
        f=lambda x, y: (10 * x * x + 18 * x * y + 10 * y * y) / 2,
        gradient=lambda x, y: (10 * x + 9 * y, 9 * x + 10 * y),
        xlim=(-2.4, 2.4),
        ylim=(-1.2, 1.2),
        minimum=(0, 0),
    ),
    # Rosenbrock's function
    "rosenbrock": Landscape(
        f=lambda x, y: (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
        gradient=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
        xlim=(-2, 2),
        ylim=(-0.8, 2.4),
        minimum=(1, 1),
    ),
}
