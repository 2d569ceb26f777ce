"""Every rule of PyTorch, optax and Keras against the installed library, with random hyper-parameters and options."""

import math
import os
import random
import sys
import zlib

import numpy as np
import pytest
from dialect_golden import GOLDEN, check_near, run
from dialect_options import Flag, all_hyper, drawn

from fluxopt_edu import dialects

os.environ.setdefault("KERAS_BACKEND", "torch")  # as the numbers were recorded; Keras reads it when it is imported
sys.path.insert(0, str(GOLDEN))
from record import RUN, computing_in  # noqa: E402

DRAWS = 14
TOLERANCE = 1e-13
LIVE = [rule for dialect in ("torch", "optax", "keras") for rule in dialects.RULES[dialect].values()]
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras on PyTorch
each_rule = pytest.mark.parametrize("rule", LIVE, ids=lambda rule: rule.label)


def draws(rule):
    chance = random.Random(zlib.crc32(rule.label.encode()))
    return [drawn(rule, chance) for _ in range(DRAWS)]


def gradients(scale):
    chance = np.random.default_rng(20)
    return chance.standard_normal(8), scale * chance.standard_normal((20, 8))


@each_rule
@pytest.mark.parametrize("scale", [1, 1e-6])
def test_x_after_each_step(rule, scale):
    pytest.importorskip(rule.dialect)
    x0, gs = gradients(scale)
    for opt in draws(rule):
        check(opt, x0, gs, in_its_library(opt, x0, gs))


def in_its_library(opt, x0, gs):
    with computing_in(opt.dialect, "float64"):
        return RUN[opt.dialect](opt.call_name.rpartition(".")[2], all_hyper(opt), x0, gs)


def check(opt, x0, gs, theirs):
    check_near(f"{opt}", run(opt, x0, gs), theirs, TOLERANCE, np.abs(theirs).max(axis=0))


@each_rule
def test_all_options_are_drawn_present_and_absent(rule):
    for name, kind in rule.options.items():
        values = [getattr(opt, name) for opt in draws(rule)]
        assert {kind is Flag and value or kind is not Flag and not kind.is_at(value) for value in values} == {True, False}, name


@each_rule
def test_a_wrong_number_is_noticed(rule):
    pytest.importorskip(rule.dialect)
    x0, gs = gradients(1e-6)
    unnoticed = {name for name in rule.hyper if rule.options.get(name) is not Flag}
    unnoticed -= {"step_sizes", "min_step_size", "max_step_size"}  # steps of Rprop reach neither limit in a run this short
    for opt in draws(rule):
        theirs = in_its_library(opt, x0, gs)
        for name in unnoticed & set(opt.numbers):
            value = getattr(opt, name)
            changed = tuple(0.9 * part for part in value) if isinstance(value, tuple) else 0.9 * value
            try:
                check(rule(**all_hyper(opt) | {name: changed}), x0, gs, theirs)
            except AssertionError:
                unnoticed.discard(name)
        if not unnoticed:
            break
    assert not unnoticed


def test_optax_adadelta_climbs_by_default():
    pytest.importorskip("optax")
    opt, x = dialects.optax.adadelta(), np.array([5.0])
    with computing_in("optax", "float64"):
        theirs = RUN["optax"]("adadelta", {}, x, np.ones((5, 1)))
    check_near("adadelta()", run(opt, x, np.ones((5, 1))), theirs, TOLERANCE)
    assert (np.diff(theirs[:, 0]) > 0).all() and math.isclose(theirs[0, 0], 5 + 0.0031622619, abs_tol=1e-9)


def test_optax_rprop_steps_one_step_late():
    pytest.importorskip("optax")
    pytest.importorskip("torch")
    x0, gs = gradients(1)
    gs = np.abs(gs)  # no change of sign
    with computing_in("optax", "float64"):
        late = RUN["optax"]("rprop", {"learning_rate": 0.01}, x0, gs)
    with computing_in("torch", "float64"):
        plain = RUN["torch"]("Rprop", {"lr": 0.01}, x0, gs)
    assert (late[0] == x0).all() and (plain[0] != x0).all()
    # the sizes themselves are found at the same time, but those of the first step do not grow twice
    check_near("one step late", late[1:], plain[:-1], 1e-13)


def test_torch_nadam_holds_its_product_in_the_default_dtype():
    torch = pytest.importorskip("torch")
    x0, gs = gradients(1)
    opt = dialects.torch.NAdam()
    assert torch.get_default_dtype() == torch.float32
    drifted = RUN["torch"]("NAdam", {}, x0, gs)
    difference = np.abs(run(opt, x0, gs) - drifted).max()
    assert 1e-12 < difference < 1e-7


def test_optax_takes_decay_rates_in_the_parameters_precision():
    """JAX's default: 1 − β2^t is computed from β2 in float32, 1 − 0.999 wrong by 1e-5 of its value."""
    jax = pytest.importorskip("jax")
    pytest.importorskip("optax")
    x0, gs = (a.astype("float32") for a in gradients(1))
    with jax.enable_x64(False):
        theirs = RUN["optax"]("adam", {"learning_rate": 1.0}, x0, gs)
    opt = dialects.optax.adam(1.0)
    check_near("adam in float32", run(opt, x0, gs), theirs, 2e-6, np.abs(theirs).max(axis=0))
    wide = run(opt, x0.astype(float), gs.astype(float)).astype("float32")
    with pytest.raises(AssertionError, match="adam in float64"):
        check_near("adam in float64", wide, theirs, 2e-6, np.abs(theirs).max(axis=0))
