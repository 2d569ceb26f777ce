"""Draw the picture of README.md with the package itself: python tools/picture.py"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
import numpy as np

from fluxopt_edu import Adam, Descent, Momentum, figures
from fluxopt_edu.run import trajectory

PICTURE = Path(__file__).resolve().parent.parent / "book" / "readme.svg"
CURVATURE = np.array([20.0, 1.0])
START = np.array([0.4, 4.5])
RUNS = {
    "Descent, η = 0.09": Descent(0.09),
    "Momentum, η = 0.01": Momentum(0.01),
    "Adam, η = 0.2": Adam(0.2),
}


def draw(path):
    figures.style()
    fig, ax = plt.subplots(figsize=(8, 3))
    figures.contour(ax, lambda x, y: (CURVATURE[1] * x**2 + CURVATURE[0] * y**2) / 2, (-1.8, 5), (-0.55, 0.55))
    for label, opt in RUNS.items():
        positions = trajectory(opt, lambda w: CURVATURE * w, START, 60)
        figures.path(ax, positions[:, ::-1], label)
    ax.plot(0, 0, "k+", markersize=12)
    ax.set(xlabel="$w_1$", ylabel="$w_0$")
    ax.legend(loc="upper left", frameon=True, edgecolor="none")
    # Without a date, and on white: the same file each time, readable on a dark page too.
    fig.savefig(path, metadata={"Date": None}, facecolor="white")
    plt.close(fig)


if __name__ == "__main__":
    draw(PICTURE)
