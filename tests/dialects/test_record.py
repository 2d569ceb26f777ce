"""The files of PyTorch, optax and Keras, made again from the installed libraries, are those that are there."""

import importlib.metadata
import importlib.util
import json
import subprocess
import sys

import numpy as np
import pytest
from dialect_golden import FILES, GOLDEN, check_near, numbers

TOLERANCE = {"float64": 1e-13, "float32": 1e-6}  # of float32 the last bit or two, which compilers may change


@pytest.mark.parametrize("library", ["torch", "optax", "keras"])
def test_the_installed_library_gives_what_is_stored(library, tmp_path):
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    made(library, tmp_path)
    stored, new = (json.loads((folder / f"{FILES[library]}.json").read_text("utf-8")) for folder in (GOLDEN, tmp_path))
    compare(stored, new)


def made(library, folder):
    version = importlib.metadata.version(library).partition("+")[0]
    if f"{library}_{version}" != FILES[library]:
        pytest.skip(f"{library} {version} is installed: the file is of {FILES[library]}")
    done = subprocess.run(
        [sys.executable, str(GOLDEN / "record.py"), library, "--to", str(folder)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr


def compare(stored, new):
    assert stored.keys() == new.keys() and len(stored["cases"]) == len(new["cases"])
    assert all(stored[field] == new[field] for field in ("source", "x0", "gradients"))
    for old, case in zip(stored["cases"], new["cases"]):
        assert old.keys() == case.keys()
        assert all(old[field] == case[field] for field in ("optimiser", "call", "hyperparameters"))
        for dtype, tolerance in TOLERANCE.items():
            what = f"{case['call']}({case['hyperparameters']}) in {dtype}"
            check_near(what, numbers(case[dtype], dtype), numbers(old[dtype], dtype), tolerance)


def test_the_comparison_sees_one_number():
    stored = json.loads((GOLDEN / "torch_2.13.0.json").read_text("utf-8"))
    changed = json.loads(json.dumps(stored))
    changed["cases"][6]["float64"][39][1] *= 1 + 1e-11
    with pytest.raises(AssertionError, match=r"^torch\.optim\.RAdam|^torch\.optim\.Adam\("):
        compare(stored, changed)
    assert np.isfinite(numbers(stored["cases"][6]["float64"])).all()
