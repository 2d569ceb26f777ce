"""Flux's own numbers by every route: float64, and float32 computed as Flux computes it."""

import numpy as np
import pytest
from routes import by, fused, same
from flux_golden import CASES, check_bits, check_run, flat, numbers, recorded

from fluxopt_edu import Adam, Momentum, chain, update

each_case = pytest.mark.parametrize("case", CASES, ids=repr)


@each_case
def test_apply_with_flux_float32_bit_for_bit(case):
    class Flux32:
        def __init__(self, opt):
            self.init, self.opt = opt.init, opt

        def apply(self, state, x, g):
            return self.opt.apply(state, x, g, flux_float32=True)

    check_run(case, "float32", Flux32(case.optimiser()), check_bits)


@each_case
@pytest.mark.parametrize("route", ["apart", "blocks", pytest.param("fused", marks=fused)])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_update_bit_for_bit(case, route, dtype):
    opt, x = case.optimiser(), numbers(recorded()["x0"], dtype)
    # a step is not seen by update; x shows it where it is not absorbed, and the zeros show all of it
    zero, other, xs, steps = np.zeros_like(x), case.optimiser(), [], []
    for g in numbers(recorded()["gradients"], dtype):
        with by(route):
            update(opt, x, g, flux_float32=True)
            if case.rule != "AdamW":  # which reads x
                zero[...] = 0
                update(other, zero, g, flux_float32=True)
        xs.append(x.copy())
        steps.append(-zero)
    check_bits(case, f"{dtype} x", np.array(xs), numbers(case[dtype], dtype))
    if case.rule != "AdamW":
        flux = numbers(case[f"{dtype}_steps"], dtype)
        check_bits(case, f"{dtype} step", np.array(steps) + 0.0, flux + 0.0)  # 0 - step has lost the sign of a zero
    state = opt.states.get(x)
    for position, (a, b) in enumerate(zip(flat(state or (), dtype), case.final_state(dtype), strict=True)):
        check_bits(case, f"{dtype} state, part {position}", a, b, ("coordinate",))


def test_flux_float32_changes_float32_alone_and_only_when_asked():
    rng = np.random.default_rng(0)
    g = rng.standard_normal(1000)
    for dtype, differs in ("float64", False), ("float32", True), ("float16", False):
        steps = []
        for asked in {}, {"flux_float32": True}:
            opt, p = Adam(), np.zeros(1000, dtype)
            for _ in range(3):
                update(opt, p, g.astype(dtype), **asked)
            steps.append(p)
        assert same(*steps) != differs
    assert "flux" not in repr(Adam())


def test_flux_float32_rounds_between_the_links_of_a_chain():
    # 0.1 in float32 is not 0.1: the first link's step is stored before the second takes it
    opt, g = chain(Momentum(0.1), Momentum(0.1)), np.array([1.0, 3.0], "float32")
    x = np.zeros(2, "float32")
    first = -(-(0.1 * g.astype(float))).astype("float32")
    expected = (0.1 * -first.astype(float)).astype("float32")
    _, step = opt.apply(opt.init(x), x, g, flux_float32=True)
    assert same(step, -expected) or same(step, (0.1 * first.astype(float)).astype("float32"))
