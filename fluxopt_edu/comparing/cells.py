"""One entry of the stored results, computed again: what `tools/comparing.py` writes and the tests check."""

import numpy as np

from .network import held_out_error
from .problems import PROBLEMS
from .protocol import JUDGING, TUNING, losses, positions, trials

NUDGE = 1e-12
TOLERANCE = 0.05  # on another machine, of a steady loss


def setting(problem, rule, entry, place):
    return trials(rule, problem)[place] if entry in ("trials", "tuned") else {}


def compute(problem, rule, entry, place=None):
    """A trial, the tuned run or the run with Flux's defaults.

    Parameters
    ----------
    problem, rule : str
    entry : {"trials", "tuned", "default"}
    place : int, optional
        Which trial.

    Returns
    -------
    dict
        ``losses`` of every seed after all steps; for a trial the ``early`` ones too, after a tenth of them; for the digits the
        held-out ``errors`` of tuned and default runs.
    """
    seeds = TUNING if entry == "trials" else JUDGING
    early, last = positions(PROBLEMS[problem], rule, setting(problem, rule, entry, place), seeds)
    found = {"losses": losses(PROBLEMS[problem], last)}
    if entry == "trials":
        found["early"] = losses(PROBLEMS[problem], early)
    elif problem == "digits":
        found["errors"] = [round(float(error), 3) for error in held_out_error(last)]
    return found


def steady(problem, rule, entry, place=None):
    """Whether no loss moves by more than a hundredth when the start is nudged."""
    seeds = TUNING if entry == "trials" else JUDGING
    runs = [positions(PROBLEMS[problem], rule, setting(problem, rule, entry, place), seeds, nudge)[1] for nudge in (0, NUDGE)]
    return bool(np.allclose(*[losses(PROBLEMS[problem], run) for run in runs], rtol=0.01, atol=0))
