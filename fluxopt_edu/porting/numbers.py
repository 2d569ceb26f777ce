"""Two optimisers on the same gradients: where they part, and how far."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SCALES = (1.0, 1e-3, 1e-6)
PATTERN = (1.0, -0.5, 0.25, 0.5, -1.0, 0.75, 0.25, -0.25, 1.0, 0.5, -0.5, 1.0)
SAME = 1e-9  # relative: rounding is far below, departures are far above


@dataclass(frozen=True)
class Parting:
    """The first step that is not the same.

    Attributes
    ----------
    t : int
    gradients : tuple of float
        Up to that step. The parameter starts at 1.
    steps : tuple of two floats
        What each side subtracts in step t.
    """

    t: int
    gradients: tuple
    steps: tuple

    @property
    def relative(self):
        """The difference, as a share of the larger step."""
        one, other = self.steps
        return abs(one - other) / max(abs(one), abs(other))

    def __str__(self):
        gradients = ", ".join(f"{g:g}" for g in self.gradients)
        return f"t = {self.t}, g = {gradients}: {self.steps[0]:.9g} ≠ {self.steps[1]:.9g}"


def parting(a, b):
    """Where `a` and `b` part first, as `Parting`; None if they do not on the gradients tried.

    Of the gradients tried, those of the earliest step, and there the largest relative difference.
    """
    gradients = np.outer(PATTERN, SCALES)
    one, other = walk(a, gradients)[0], walk(b, gradients)[0]
    with np.errstate(all="ignore"):
        relative = np.abs(one - other) / np.maximum(np.abs(one), np.abs(other))
    parted = (relative > SAME) & np.isfinite(relative)
    if not parted.any():
        return None
    t = int(np.argmax(parted.any(axis=1)))
    k = int(np.nanargmax(np.where(parted[t], relative[t], -1)))
    return Parting(t + 1, tuple(gradients[: t + 1, k].tolist()), (float(one[t, k]), float(other[t, k])))


def walk(opt, gradients):
    """The steps, and the parameter after each, from 1; shapes as `gradients`."""
    x, steps, positions = np.ones(gradients.shape[1]), [], []
    with np.errstate(all="ignore"):
        state = opt.init(x)
        for g in gradients:
            state, step = opt.apply(state, x, g)
            step = step + 0 * x
            x = x - step
            steps.append(step)
            positions.append(x)
    return np.array(steps), np.array(positions)


@dataclass(frozen=True)
class Distance:
    """How far apart two trajectories are, as shares of the way: on standard normal gradients, and on such times 1e-6."""

    unit: float
    tiny: float

    @property
    def worst(self):
        """The larger of the two; a run that misses the whole way misses it, by however much."""
        return min(1.0, max(self.unit, self.tiny))

    def nearer(self, other, factor=1):
        """Whether it is nearer by this factor: where it is worst, or, where it is no worse, on unit gradients."""
        return self.worst * factor < other.worst or self.worst <= other.worst and self.unit * factor < other.unit

    def __str__(self):
        return f"{self.unit:.1e} (g ~ N(0, 1)), {self.tiny:.1e} (g ~ 1e-6 N(0, 1))"


@lru_cache(maxsize=1)
def _normal():
    return np.random.default_rng(0).standard_normal((20, 50))


def distance(a, b):
    """`Distance` over 20 steps of 50 coordinates: the largest gap over the longest way of `a` from the start."""
    found = []
    for scale in (1.0, 1e-6):
        one, other = walk(a, _normal() * scale)[1], walk(b, _normal() * scale)[1]
        with np.errstate(all="ignore"):
            way = np.max(np.abs(one - 1))
            gap = np.max(np.abs(one - other))
        found.append(float(gap / way) if np.isfinite(gap) and way > 0 else float("inf"))
    return Distance(*found)
