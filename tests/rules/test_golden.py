"""Every rule against the numbers that Flux v0.12.10 itself gave."""

import numpy as np
import pytest
from flux_golden import (
    CASES, Case, check_bits, check_complex, check_float64, check_near, check_rosenbrock, check_run, complex_numbers,
    numbers, recorded, run,
)  # fmt: skip

import fluxopt_edu

each_case = pytest.mark.parametrize("case", CASES, ids=repr)


def test_the_file_holds_all_fourteen_rules_of_flux_0_12_10():
    assert recorded()["source"].startswith("Flux.jl v0.12.10")
    assert {case.rule for case in CASES} == set(fluxopt_edu.rules.__all__) - {"WeightDecay"}
    assert len(CASES) == 30 and recorded()["rosenbrock_steps"][-1] == 5000


@each_case
def test_float64_x_steps_and_state_bit_for_bit(case):
    check_float64(case)


@each_case
def test_rosenbrock_to_step_5000_bit_for_bit(case):
    check_rosenbrock(case)


@each_case
def test_complex(case):
    if case["complex128"] is not None:
        check_complex(case)
        return
    # Flux raises an error here.
    x0, gradients = (complex_numbers(recorded()[f"complex_{name}"]) for name in ("x0", "gradients"))
    with pytest.raises(TypeError, match="expected real numbers, got complex128: complex numbers have no order"):
        run(case.optimiser(), x0=x0, gradients=gradients)


@each_case
def test_float32_within_5e_6_of_the_coordinates_scale(case):
    def near(case, what, ours, flux, axes=("step", "coordinate")):
        scale = np.abs(flux).max(axis=0) if axes[0] == "step" else np.abs(flux)
        check_near(case, what, ours, flux, 5e-6 * scale, axes)

    check_run(case, "float32", case.optimiser(), near)


@each_case
def test_float32_bit_for_bit_where_it_is_computed_as_flux_computes(case, monkeypatch):
    # the path that float16 takes, for which there are no recorded numbers
    monkeypatch.setattr("fluxopt_edu.rule.COMPUTED_IN_FLOAT64", {np.dtype("float32")})
    check_run(case, "float32", case.optimiser(), check_bits)


@pytest.mark.parametrize("case", [Case(case) for case in recorded("0.14.0")["cases"]], ids=repr)
def test_adabelief_is_not_that_of_flux_0_14(case):
    with pytest.raises(AssertionError, match="AdaBelief is not Flux's: .*: float64 step: step 1, coordinate 0"):
        check_float64(case)
    # What v0.13.1 added, the bias correction and an ε² inside s, makes the whole difference.
    eta, (β1, β2), epsilon = case.hyper.values()
    m, s, β1t, β2t = np.zeros(6), np.zeros(6), β1, β2
    for g, flux in zip(numbers(recorded()["gradients"]), numbers(case["float64_steps"])):
        m = β1 * m + (1 - β1) * g
        s = β2 * s + (1 - β2) * (g - m) * (g - m) + epsilon * epsilon
        step = eta * m / (1 - β1t) / (np.sqrt(s / (1 - β2t)) + epsilon * epsilon)
        β1t, β2t = β1t * β1, β2t * β2
        check_bits(case, "0.14 step", step, flux, ("coordinate",))
