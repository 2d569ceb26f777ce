"""The stored results, and what a page shows of them: ranks, bands and two digits."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from .protocol import LOST, RULES, SOLVED, best, trials

FILE = Path(__file__).with_name("results.json")


@cache
def results():
    """What `tools/comparing.py` has stored: ``results()[problem][rule]``."""
    return json.loads(FILE.read_text(encoding="utf-8"))["problems"]


def tried(problem, rule, horizon="losses"):
    """Losses of all trials, shape ``(12, tuning seeds)``: after all steps, or after ``"early"`` a tenth of them."""
    return np.array([trial[horizon] for trial in results()[problem][rule]["trials"]])


def final(problem, entry="tuned"):
    """Final losses, shape ``(rules, judging seeds)``, of the tuned runs or of ``"default"``."""
    return np.array([results()[problem][rule][entry]["losses"] for rule in RULES])


def ranks(losses):
    """Each rule's rank for each seed, 1 for the lowest loss; equals share the mean of their ranks.

    Examples
    --------
    >>> ranks(np.array([[0.3], [0.1], [0.3]])).ravel().tolist()
    [2.5, 1.0, 2.5]
    """
    below = (losses[None] < losses[:, None]).sum(axis=1)
    equal = (losses[None] == losses[:, None]).sum(axis=1)
    return below + (equal + 1) / 2


def band(values):
    """Median, first and third quartile over the seeds (the last axis), each a value that occurs."""
    return np.quantile(values, [0.5, 0.25, 0.75], axis=-1, method="nearest")


def tuned(problem, rule, horizon="losses"):
    """The setting with the lowest median over the tuning seeds, the first of equals."""
    return trials(rule, problem)[best(tried(problem, rule, horizon))[0]]


def digits(value):
    """Two digits of a loss, or the end of the scale.

    >>> [digits(value) for value in (0.01234, 1e-12, 1e6)]
    ['0.012', '< 1e-12', '> 1e+06']
    """
    return f"< {SOLVED:g}" if value <= SOLVED else f"> {LOST:g}" if value >= LOST else f"{value:.2g}"


def table(problem):
    """One line a rule, best first: rank with its band, loss with its band, the tuned setting.

    A star marks a rule whose tuned runs are not steady: their last digits decide where they end.
    """
    losses = final(problem)
    place, loss = band(ranks(losses)).T, band(losses).T
    lines = [f"{'rule':10}  {'rank':>4}  {'(band)':^12}  {'loss':>8}  {'(band)':^20}  setting"]
    for k in sorted(range(len(RULES)), key=lambda k: (place[k].tolist(), loss[k].tolist())):
        star = "" if results()[problem][RULES[k]]["tuned"]["steady"] else " *"
        words = ", ".join(f"{name} {value:g}" for name, value in tuned(problem, RULES[k]).items())
        (rank, low, high), (middle, first, third) = place[k], map(digits, loss[k])
        lines.append(f"{RULES[k]:10}  {rank:4g}  {f'{low:g} to {high:g}':^12}  {middle:>8}  {f'{first} to {third}':^20}  {words}{star}")
    return "\n".join(lines)
