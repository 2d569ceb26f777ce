"""float16: the arithmetic of Flux, in float64 and rounded where Flux stores.

There are no recorded float16 numbers. The slow transcription of Flux in `slow_flux` stands in: it
is first checked against the recorded float64 and float32 ones.
"""

import re

import numpy as np
import pytest
from flux_golden import CASES, check_bits, flat, numbers, recorded, run
from flux_rules import DEFAULTS, FOURTEEN
from slow_flux import SlowFlux

import fluxopt_edu
from fluxopt_edu import AdaDelta, AdaGrad, AMSGrad

each_case = pytest.mark.parametrize("case", CASES, ids=repr)


def slow_run(case, dtype, x0, gradients):
    slow, x, xs, steps = SlowFlux(case.rule, dtype, case.hyper), x0, [], []
    for g in gradients:
        steps.append(slow.step(x, g))
        x = x - steps[-1]
        xs.append(x)
    state = [np.array(part) for part in slow.state.values()]
    return np.array(xs), np.array(steps), state


@each_case
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_slow_transcription_is_flux(case, dtype):
    xs, steps, state = slow_run(case, dtype, numbers(recorded()["x0"], dtype), numbers(recorded()["gradients"], dtype))
    check_bits(case, f"{dtype} step, slow", steps, numbers(case[f"{dtype}_steps"], dtype))
    check_bits(case, f"{dtype} x, slow", xs, numbers(case[dtype], dtype))
    for position, (a, b) in enumerate(zip(state, case.final_state(dtype), strict=True)):
        check_bits(case, f"{dtype} state, slow, part {position}", a, b, ("coordinate",))


GRADIENTS = {
    "recorded": lambda rng: numbers(recorded()["gradients"], "float16"),
    "zero": lambda rng: np.zeros((40, 6), "float16"),
    "1e-3": lambda rng: np.full((40, 6), 1e-3, "float16"),
    "zero, then 1e-3": lambda rng: np.repeat([0, 1e-3], 20).astype("float16")[:, None] * np.ones(6, "float16"),
    "random": lambda rng: rng.standard_normal((40, 6)).astype("float16"),
    # from below the smallest float16 to above the root of the largest
    "of every size": lambda rng: (np.logspace(-9, 3, 40)[:, None] * rng.standard_normal((40, 6))).astype("float16"),
}


@each_case
@pytest.mark.parametrize("gradients", GRADIENTS)
@pytest.mark.filterwarnings("ignore:overflow encountered", "ignore:invalid value", "ignore:divide by zero")
def test_float16_is_computed_as_flux_computes(case, gradients):
    gradients = GRADIENTS[gradients](np.random.default_rng(16))
    x0 = numbers(recorded()["x0"], "float16")
    xs, steps, state = run(case.optimiser(), "float16", x0, gradients)
    with np.errstate(all="ignore"):
        slow_xs, slow_steps, slow_state = slow_run(case, "float16", x0, gradients)
    check_bits(case, "float16 step", steps, slow_steps)
    check_bits(case, "float16 x", xs, slow_xs)
    for position, (a, b) in enumerate(zip(flat(state, "float16"), slow_state, strict=True)):
        check_bits(case, f"float16 state, part {position}", a, b, ("coordinate",))


def test_the_plain_path_would_not_do():
    # float16 arithmetic with NumPy's own promotion, which the package must not use
    case = next(case for case in CASES if case.rule == "Adam")
    gradients, x = GRADIENTS["recorded"](None), numbers(recorded()["x0"], "float16")
    m, v, βt = case.optimiser().init(x)
    with np.errstate(all="ignore"):
        step, *_ = fluxopt_edu.Adam.formula(gradients[0], m, v, βt, **case.hyper)
        slow = SlowFlux("Adam", "float16", case.hyper).step(x, gradients[0])
    assert step.dtype == slow.dtype == "float16" and not np.array_equal(step, slow)


# What the docstrings say of underflow


def state_after(rule, g):
    """The state after one gradient, by name."""
    opt, x = rule(), np.zeros(1, "float16")
    (state, _), link = opt.apply(opt.init(x), x, np.array([g], "float16")), getattr(opt, "links", [opt])[0]
    return dict(zip([declared.name for declared in link.declared], state[0] if link is not opt else state))


SECOND_MOMENTS = {"v", "acc", "s", "v_max"}  # of the rules that square the gradient
SQUARING = [rule for rule in FOURTEEN if rule.__name__ not in ("Descent", "Momentum", "Nesterov", "AdaMax")]


@pytest.mark.parametrize("rule", FOURTEEN, ids=lambda rule: rule.__name__)
def test_the_docstring_tells_of_float16_exactly_where_a_second_moment_underflows(rule):
    after = {part: value for part, value in state_after(rule, 1e-4).items() if part in SECOND_MOMENTS}
    lost = rule in SQUARING and any(value == 0 for value in after.values())
    assert lost == ("float16" in rule.__doc__) == (rule in SQUARING)


@pytest.mark.parametrize("rule", [rule for rule in SQUARING if rule is not AdaGrad], ids=lambda rule: rule.__name__)
def test_the_threshold_in_the_docstring(rule):
    (threshold,) = {float(number) for number in re.findall(r"5\.5e-\d", rule.__doc__)}
    part = {"AdaBelief": "s", "RMSProp": "acc", "AdaDelta": "acc"}.get(rule.__name__, "v")
    # AdaBelief squares g − m, which in a first step is β1 g
    share = DEFAULTS["AdaBelief"]["beta"][0] if rule.__name__ == "AdaBelief" else 1
    assert state_after(rule, 0.97 * threshold / share)[part] == 0
    assert state_after(rule, 1.03 * threshold / share)[part] > 0


def test_adadeltas_average_of_steps_never_leaves_zero_at_its_default():
    opt, x, rng = AdaDelta(), np.zeros(6, "float16"), np.random.default_rng(1)
    state, largest = opt.init(x), 0
    for _ in range(300):
        g = np.asarray(10.0 ** rng.uniform(-4, 2, 6) * rng.choice([-1, 0, 1], 6), "float16")
        state, step = opt.apply(state, x, g)
        largest = max(largest, np.abs(step).max())
    assert not state[1].any() and 0 < largest < 5.5e-4
    # with the paper's ε it does
    opt = AdaDelta(0.95, 1e-6)
    assert opt.apply(opt.init(x), x, np.ones(6, "float16"))[0][1].all()


def test_adagrads_sum_starts_at_zero_and_stands_still_below_half_its_spacing():
    opt, x = AdaGrad(), np.zeros(1, "float16")
    assert opt.init(x)[0] == 0
    one, spacing = np.ones(1, "float16"), np.spacing(np.float16(1))
    for factor, stands in (0.49, True), (0.51, False):
        g = np.sqrt(np.array([factor * spacing]))
        (acc,), _ = opt.apply((one,), x, g.astype("float16"))
        assert (acc == 1) == stands


def test_amsgrads_states_start_at_zero():
    assert not np.any(AMSGrad().init(np.zeros(2, "float16")))
    assert np.all(AMSGrad(epsilon=1e-7).init(np.zeros(2, "float16")))
