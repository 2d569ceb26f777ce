"""Flux v0.12.10's own numbers, and the comparison that says where ours are not the same."""

import functools
import json
from pathlib import Path

import numpy as np

import fluxopt_edu

GOLDEN = Path(__file__).parents[1] / "golden"


@functools.cache
def recorded(version="0.12.10"):
    return json.loads((GOLDEN / f"flux_{version}.json").read_text(encoding="utf-8"))


def numbers(values, dtype=float):
    """A recorded list as an array; NaN and the infinities stand in it as strings, which float reads."""
    return np.array(values, dtype=object).astype(dtype)


def complex_numbers(values):
    """A recorded list of [re, im] as a complex array."""
    parts = numbers(values)
    return parts[..., 0] + 1j * parts[..., 1]


class Case:
    """One optimiser with one set of hyper-parameters, as it was run in Flux."""

    def __init__(self, case):
        self.case = case
        self.rule = case["optimiser"]
        self.hyper = {name: tuple(v) if isinstance(v, list) else v for name, v in case["hyperparameters"].items()}
        self.id = f"{self.rule}({', '.join(f'{name}={value}' for name, value in self.hyper.items())})"

    def __getitem__(self, field):
        return self.case[field]

    def __repr__(self):
        return self.id

    def optimiser(self, rule=None):
        """The rule of this case, or another one in its place, with the case's hyper-parameters."""
        return (rule or getattr(fluxopt_edu, self.rule))(**self.hyper)

    def final_state(self, dtype):
        """Flux's state after the last step as a flat list, the links of a chain one after the other."""
        return flat(self[f"{dtype}_final_state"], dtype)


CASES = [Case(case) for case in recorded()["cases"]]


def flat(state, dtype):
    """The arrays in a state; the powers of β are one array in Flux, a tuple here, and float64 in both."""
    parts = []
    for part in state:
        nested = isinstance(part, (list, tuple))
        if nested and (not part or isinstance(part[0], (list, tuple, np.ndarray))):
            parts += flat(part, dtype)
        elif nested:
            parts.append(numbers(part, "float64" if len(part) == 2 else dtype))
        else:
            parts.append(np.asarray(part))
    return parts


def run(opt, dtype="float64", x0=None, gradients=None):
    """x after each recorded gradient, what was subtracted each time, and the last state."""
    x = numbers(recorded()["x0"], dtype) if x0 is None else x0
    gradients = numbers(recorded()["gradients"], dtype) if gradients is None else gradients
    state, xs, steps = opt.init(x), [], []
    for g in gradients:
        state, step = opt.apply(state, x, g)
        x = x - step
        xs.append(x)
        steps.append(step)
    return np.array(xs), np.array(steps), state


def check_bits(case, what, ours, flux, axes=("step", "coordinate")):
    """Raise unless the two arrays hold the same bits; NaN is NaN, but -0.0 is not 0.0.

    Flux's signs of zero are in the file, and they tell rules apart: at a zero gradient Momentum's
    step is -0.0, as it negates a velocity, and RMSProp's is 0.0.
    """
    _check_kind(case, what, ours, flux)
    differ = ours.view(f"u{ours.itemsize}") != flux.view(f"u{flux.itemsize}")
    _check(case, what, ours, flux, differ & ~(np.isnan(ours) & np.isnan(flux)), axes)


def check_near(case, what, ours, flux, allowed, axes=("step", "coordinate")):
    """Raise unless the two arrays differ by at most `allowed`, and are not finite in the same places."""
    _check_kind(case, what, ours, flux)
    with np.errstate(invalid="ignore"):
        near = (np.abs(ours - flux) <= allowed) | (ours == flux) | (np.isnan(ours) & np.isnan(flux))
    _check(case, what, ours, flux, ~near, axes)


def _check_kind(case, what, ours, flux):
    if (ours.shape, ours.dtype) != (flux.shape, flux.dtype):
        raise AssertionError(
            f"{case.rule} is not Flux's: {case}: {what}: shape {ours.shape} and dtype {ours.dtype}, "
            f"Flux has {flux.shape} and {flux.dtype}"
        )


def _check(case, what, ours, flux, wrong, axes):
    if wrong.any():
        where = np.argwhere(wrong)[0]
        place = ", ".join(f"{axis} {i + (axis == 'step')}" for axis, i in zip(axes, where))
        mine, theirs = ours[tuple(where)], flux[tuple(where)]
        raise AssertionError(
            f"{case.rule} is not Flux's: {case}: {what}: {place or 'a number'}: {mine!r}, Flux has {theirs!r} "
            f"({wrong.sum()} of {wrong.size} values differ)"
        )


def check_float64(case, rule=None):
    """x, steps and final state of a case, bit for bit."""
    check_run(case, "float64", case.optimiser(rule), check_bits)


def check_run(case, dtype, opt, check):
    xs, steps, state = run(opt, dtype)
    # steps first: they show the error where it arises
    check(case, f"{dtype} step", steps, numbers(case[f"{dtype}_steps"], dtype))
    check(case, f"{dtype} x", xs, numbers(case[dtype], dtype))
    ours, flux = flat(state, dtype), case.final_state(dtype)
    if len(ours) != len(flux):
        raise AssertionError(f"{case.rule} is not Flux's: {case}: {len(ours)} parts of state, Flux has {len(flux)}")
    for position, (a, b) in enumerate(zip(ours, flux)):
        check(case, f"{dtype} state after step {len(steps)}, part {position}", a, b, ("coordinate",))


def check_complex(case, rule=None):
    """x of a case on complex numbers, within 1e-15 of the value."""
    x0, gradients = (complex_numbers(recorded()[f"complex_{name}"]) for name in ("x0", "gradients"))
    flux = complex_numbers(case["complex128"])
    xs, _, _ = run(case.optimiser(rule), x0=x0, gradients=gradients)
    check_near(case, "complex128 x", xs, flux, 1e-15 * np.abs(flux))


def check_rosenbrock(case, rule=None):
    """The closed loop on Rosenbrock's function, bit for bit at each recorded step up to 5000."""
    opt = case.optimiser(rule)
    x = numbers(recorded()["rosenbrock_x0"])
    state = opt.init(x)
    flux = dict(zip(recorded()["rosenbrock_steps"], numbers(case["rosenbrock"])))
    with np.errstate(all="ignore"):  # plain descent does diverge here
        for t in range(1, max(flux) + 1):
            a, b = x.tolist()
            slope = b - a * a
            state, step = opt.apply(state, x, np.array([-2 * (1 - a) - 400 * a * slope, 200 * slope]))
            x = x - step
            if t in flux:
                check_bits(case, f"Rosenbrock, x after step {t}", x, flux[t], ("coordinate",))
