"""The generated JavaScript, run in Node, computes what NumPy computes, to the last bit."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import fluxopt_edu
from fluxopt_edu import chain
from fluxopt_edu.readings.javascript import javascript

NODE = shutil.which("node") or shutil.which("nodejs")
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed: install nodejs to run the generated JavaScript")
NAMES = [name for name in fluxopt_edu.rules.__all__]
HYPER = {
    "eta": 0.013, "rho": 0.83, "beta": (0.87, 0.93), "epsilon": 3e-7, "decay": 0.011,
}  # fmt: skip
COORDINATES, STEPS = 24, 1000


def test_all_fourteen_are_small():
    module = javascript(*(getattr(fluxopt_edu, name) for name in NAMES))
    assert len(gzip.compress(module.encode(), 9)) <= 4096


def gradients():
    """Random steps at scales 1e±150, with zeros of both signs, subnormals and infinities among them."""
    random = np.random.default_rng(20)
    g = random.normal(size=(STEPS, COORDINATES)) * 10.0 ** random.uniform(-3, 3, size=(STEPS, COORDINATES))
    g[:, 0] = 0.0
    g[:, 1] = -0.0
    g[:, 2] *= 1e150
    g[:, 3] *= 1e-150
    g[:, 4] = 5e-324 * random.integers(-9, 9, size=STEPS)
    g[:, 5] = random.choice([1.0, -2.0, 0.0, -0.0], size=STEPS)
    g[400, 6], g[500, 7], g[300, 8] = np.inf, -np.inf, np.nan
    g[::7, 9] = 0.0
    g[:, 10] = 10.0 ** random.uniform(-150, 150, size=STEPS)
    return g


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """What Node computes: for each rule its bytes on the random gradients and on Rosenbrock's function."""
    folder = tmp_path_factory.mktemp("javascript")
    rules = [getattr(fluxopt_edu, name)(**hyper_of(name)) for name in NAMES]
    (folder / "rules.mjs").write_text(javascript(*rules), encoding="utf-8")
    (folder / "g").write_bytes(np.ascontiguousarray(gradients()).tobytes())
    jobs = [{"rule": n, "gradients": str(folder / "g"), "coordinates": COORDINATES, "out": str(folder / f"{n}.g")} for n in NAMES]
    jobs += [{"rule": n, "start": [-1.5, 2.0], "steps": 5000, "out": str(folder / f"{n}.r")} for n in NAMES]
    (folder / "jobs.json").write_text(json.dumps(jobs))
    steps = Path(__file__).with_name("steps.mjs")
    subprocess.run([NODE, steps, folder / "rules.mjs", folder / "jobs.json"], check=True, timeout=300)
    return lambda name: np.frombuffer((folder / name).read_bytes())


def hyper_of(name):
    return {key: HYPER[key] for key in getattr(fluxopt_edu, name).hyper}


def bits(a):
    """The numbers as integers, with one NaN for all: -0 is not 0, and nothing is rounded."""
    a = np.array(a, dtype=float)
    a[np.isnan(a)] = np.nan
    return a.view(np.int64)


def flat(state):
    for part in state:
        if isinstance(part, tuple):
            yield from flat(part)
        else:
            yield part


@needs_node
@pytest.mark.parametrize("name", NAMES)
def test_random_gradients_to_the_last_bit(name, computed):
    opt, g = getattr(fluxopt_edu, name)(**hyper_of(name)), gradients()
    x = np.ones(COORDINATES)
    state, rows = opt.init(x), []
    with np.errstate(all="ignore"):
        for row in g:
            state, step = opt.apply(state, x, row)
            x = x - step
            rows.append([x, step, *(np.broadcast_to(part, x.shape) for part in flat(state))])
    numpy_says = np.array(rows).transpose(2, 0, 1).ravel()  # coordinate, step, quantity
    node_says = computed(f"{name}.g")
    assert numpy_says.shape == node_says.shape
    apart = np.flatnonzero(bits(numpy_says) != bits(node_says))
    assert apart.size == 0, f"{name}: {apart.size} numbers differ, the first {numpy_says[apart[0]]!r} and {node_says[apart[0]]!r}"


@needs_node
@pytest.mark.parametrize("name", NAMES)
def test_rosenbrock_to_the_last_bit(name, computed):
    opt, p = getattr(fluxopt_edu, name)(**hyper_of(name)), np.array([-1.5, 2.0])
    state, rows = opt.init(p), []
    with np.errstate(all="ignore"):
        for _ in range(5000):
            x, y = p
            state, step = opt.apply(state, p, np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]))
            p = p - step
            rows.append([*p, *step])
    np.testing.assert_array_equal(bits(rows).ravel(), bits(computed(f"{name}.r")))


def test_the_defaults_are_the_optimisers():
    module = javascript(fluxopt_edu.Adam(eta=0.5), chain(fluxopt_edu.Momentum(), fluxopt_edu.Momentum(0.25)))
    hyper = [json.loads(found) for found in re.findall(r"hyper: (\{.*\}),", module)]
    assert hyper[0] == {"eta": 0.5, "beta": [0.9, 0.999], "epsilon": 1e-08}
    assert hyper[1] == {"eta": 0.01, "rho": 0.9, "eta2": 0.25, "rho2": 0.9}
