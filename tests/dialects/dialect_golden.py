"""The numbers that the libraries themselves gave, and the comparison that says where ours are not the same."""

import functools
import json
from pathlib import Path

import numpy as np

from fluxopt_edu import dialects

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = {
    "torch": "torch_2.13.0", "optax": "optax_0.2.8", "keras": "keras_3.15.1",
    "optimisersjl": "optimisersjl_0.4.8", "flux": "flux_0.14.0",
}  # fmt: skip
TOLERANCE = {"float64": 1e-13, "float32": 1e-5}


@functools.cache
def recorded(dialect):
    return json.loads((GOLDEN / f"{FILES[dialect]}.json").read_text(encoding="utf-8"))


def numbers(values, dtype=float):
    """A recorded list as an array; NaN and the infinities stand in it as strings, which float reads."""
    return np.array(values, dtype=object).astype(dtype)


class Case:
    """One call, as it was run in its library."""

    def __init__(self, dialect, case):
        self.dialect, self.case = dialect, case
        self.hyper = {name: tuple(v) if isinstance(v, list) else v for name, v in case["hyperparameters"].items()}
        called = case.get("call", case["optimiser"]).rpartition(".")[2]
        self.rule = getattr(getattr(dialects, dialect), called)
        self.id = f"{dialect}.{called}({', '.join(f'{name}={value}' for name, value in self.hyper.items())})"

    def __getitem__(self, field):
        return self.case[field]

    def __repr__(self):
        return self.id


def cases(*named):
    return [Case(dialect, case) for dialect in named for case in recorded(dialect)["cases"]]


def run(opt, x, gradients):
    """x after each gradient."""
    state, xs = opt.init(x), []
    with np.errstate(all="ignore"):
        for g in gradients:
            state, step = opt.apply(state, x, g)
            x = x - step
            xs.append(x)
    return np.array(xs)


def check_near(what, ours, theirs, tolerance, size=None):
    """Raise unless the two differ by at most `tolerance` of max(|x|, 1e-3), and are not finite in the same places.

    For |x|, its `size`, if it is given: a coordinate that crosses zero brings its rounding with it.
    """
    size = theirs if size is None else size
    kinds = (ours.shape, ours.dtype), (theirs.shape, theirs.dtype)
    assert kinds[0] == kinds[1], f"{what}: {kinds[0]}, expected {kinds[1]}"
    with np.errstate(invalid="ignore"):
        allowed = tolerance * np.maximum(np.abs(size), 1e-3)
        near = (np.abs(ours - theirs) <= allowed) | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    if not near.all():
        where = tuple(int(i) for i in np.argwhere(~near)[0])
        worst = np.nanmax(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-3))
        raise AssertionError(f"{what}: at {where}: {ours[where]!r}, the library has {theirs[where]!r}; at worst {worst:.1e} of the value")


def check_case(case, dtype, rule=None, **changed):
    """x of a case after each step."""
    opt = (rule or case.rule)(**case.hyper | changed)
    file = recorded(case.dialect)
    xs = run(opt, numbers(file["x0"], dtype), numbers(file["gradients"], dtype))
    check_near(f"{case} in {dtype}", xs, numbers(case[dtype], dtype), TOLERANCE[dtype])
