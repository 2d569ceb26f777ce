"""One look for all figures: colours that colour-blind readers tell apart, and a line style with each.

Matplotlib is imported when a function is called, not with the package.
"""

import sys

import numpy as np

# Okabe and Ito's palette without its yellow, which is too pale for a line on white.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#000000", "#E69F00"]
LINES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]


def style():
    """Set colours, line styles and sizes, and make notebooks store figures as reproducible SVG.

    The n-th line of an axes has the n-th colour and the n-th line style, so that no figure relies
    on colour alone.
    """
    import matplotlib

    matplotlib.rcParams.update({
        "axes.prop_cycle": matplotlib.cycler(color=COLOURS, linestyle=LINES),
        "axes.grid": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.constrained_layout.use": True,
        "figure.figsize": (6.4, 3.6),
        "font.size": 11,
        "grid.alpha": 0.3,
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "svg.hashsalt": "fluxopt-edu",
    })  # fmt: skip
    # asked for without an import: that would start IPython in a plain script
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})


def contour(ax, f, xlim, ylim, levels=12):
    """Draw level lines of a function of two variables, closer together near its minimum.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    f : callable
        ``f(x, y)`` for arrays `x` and `y` of shape (200, 200).
    xlim, ylim : pair of float
        What to show.
    levels : int, default 12
        How many lines.
    """
    x, y = np.meshgrid(np.linspace(*xlim, 200), np.linspace(*ylim, 200))
    z = f(x, y)
    low, high = z.min(), z.max()
    ax.contour(x, y, z, levels=low + (high - low) * np.linspace(0, 1, levels + 2)[1:-1] ** 2.5, colors="0.75", linewidths=0.8)
    ax.set(xlim=xlim, ylim=ylim)
    ax.grid(False)


def path(ax, positions, label):
    """Draw a trajectory in the plane: a line through all positions, a dot where it starts.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    positions : ndarray, shape (n, 2)
    label : str
        Its name in the legend.
    """
    (line,) = ax.plot(positions[:, 0], positions[:, 1], label=label, marker=".", markersize=4)
    ax.plot(*positions[0], "o", color=line.get_color(), markersize=6)
