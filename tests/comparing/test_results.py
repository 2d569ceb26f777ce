"""A random tenth of the stored results, computed again; and that the file is of this protocol."""

import json
import secrets

import numpy as np
import pytest

from fluxopt_edu.comparing.cells import TOLERANCE, compute
from fluxopt_edu.comparing.problems import PROBLEMS
from fluxopt_edu.comparing.protocol import JUDGING, LOST, RULES, SOLVED, TUNING, best, trials
from fluxopt_edu.comparing.results import FILE, results

CELLS = [
    (problem, rule, entry, place)
    for problem in PROBLEMS
    for rule in RULES
    for entry, place in [*(("trials", place) for place in range(12)), ("tuned", None), ("default", None)]
]


def stored(problem, rule, entry, place):
    found = results()[problem][rule][entry]
    return found if place is None else found[place]


def test_the_settings_are_the_protocol_s():
    settings = json.loads(FILE.read_text(encoding="utf-8"))["settings"]
    assert settings["tuning seeds"] == list(TUNING) and settings["judging seeds"] == list(JUDGING)
    assert settings["steps"] == {name: problem.steps for name, problem in PROBLEMS.items()}
    assert settings["trials"] == {name: {rule: trials(rule, name) for rule in RULES} for name in ("digits", "others")}
    assert settings["losses between"] == [SOLVED, LOST]


def test_every_entry_is_there():
    for cell in CELLS:
        found = stored(*cell)
        for losses in (found["losses"], found.get("early", [])):
            assert all(SOLVED <= loss <= LOST for loss in losses)
        assert len(found["losses"]) == len(JUDGING if cell[3] is None else TUNING)
    assert list(results()) == list(PROBLEMS) and all(list(rules) == RULES for rules in results().values())


def again(problem, rule, entry, place):
    if entry == "tuned":
        place = best([trial["losses"] for trial in results()[problem][rule]["trials"]])[0]
    return compute(problem, rule, entry, place)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_random_tenth_comes_out_again(problem):
    """Of the steady entries: the others depend on the last digits, and so on the machine; a few of them run too, for their errors."""
    seed = secrets.randbits(32)
    cells = [cell for cell in CELLS if cell[0] == problem and stored(*cell)["steady"]]
    chosen = np.random.default_rng(seed).choice(len(cells), size=round(len(RULES) * 14 / 10), replace=False)
    for cell in (cells[k] for k in chosen):
        found = again(*cell)
        for what, values in found.items():
            # one of the 500 held-out digits may go either way
            tolerance = {"atol": 0.0021, "rtol": 0} if what == "errors" else {"rtol": TOLERANCE}
            np.testing.assert_allclose(values, stored(*cell)[what], err_msg=f"{what} of {cell}, seed {seed}", **tolerance)


def test_most_entries_are_steady():
    for problem in PROBLEMS:
        cells = [cell for cell in CELLS if cell[0] == problem]
        assert sum(stored(*cell)["steady"] for cell in cells) > 0.6 * len(cells)
