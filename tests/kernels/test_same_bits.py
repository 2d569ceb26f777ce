"""In blocks or fused, a step has the bits of `apply`: parameters and states, on any numbers."""

import itertools
import pickle

import numpy as np
import pytest
from routes import OPTIMISERS, by, check, fused, same

from fluxopt_edu import AdaGrad, Adam, AdamW, Momentum, RMSProp, blocks, chain, update

each = pytest.mark.parametrize("new", OPTIMISERS.values(), ids=OPTIMISERS)
ROUTES = pytest.mark.parametrize("route", ["blocks", pytest.param("fused", marks=fused)])
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -2.2e-308, 1e-45, 1e-38, 3e38, 1e150, -1e-150, 1e-200, 1e300, 1.0]


def numbers(rng, shape, dtype):
    """Ordinary numbers, and far ones, and those that are like no other."""
    x = rng.standard_normal(shape) * 10.0 ** rng.integers(-30, 30, shape) ** rng.integers(0, 2, shape)
    x = np.where(rng.random(shape) < 0.1, rng.choice(SPECIAL, shape), x)
    with np.errstate(all="ignore"):
        return np.asarray(x, dtype)


@each
@ROUTES
@pytest.mark.parametrize("dtype, flux_float32", [("float64", False), ("float32", False), ("float32", True)])
def test_every_rule_and_chain(new, route, dtype, flux_float32):
    # one of more than a block, two of which one ends within a vector register, none, one, and a matrix in Fortran's order
    shapes = [(2 * blocks.SIZE + 13,), (37, 3), (0, 4), (), (5, 7)]
    rng = np.random.default_rng(1)
    ps = [numbers(rng, shape, dtype) for shape in shapes]
    gradients = [[numbers(rng, shape, dtype) for shape in shapes] for _ in range(7)]  # RAdam's branch turns at the fifth
    for arrays in ps, *gradients:
        arrays[4] = np.asfortranarray(arrays[4])
    check(new(), ps, gradients, route, flux_float32=flux_float32)


@each
def test_float16_in_blocks(new):
    values = np.random.default_rng(2).standard_normal((9, blocks.SIZE + 5)).astype("float16")
    check(new(), [values[0].copy()], [[g] for g in values[1:]], "blocks")


@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
def test_large_complex_arrays(dtype):
    # not in blocks: NumPy's own last bit depends on the order of factors
    rng = np.random.default_rng(2)
    values = rng.standard_normal((4, 3 * blocks.SIZE)) + 1j * rng.standard_normal((4, 3 * blocks.SIZE))
    for new in Adam, RMSProp, AdaGrad, OPTIMISERS["three links"]:
        check(new(), [values[0].astype(dtype)], [[g.astype(dtype)] for g in values[1:]], "blocks")


def test_complex64_as_flux_computes_it():
    rng = np.random.default_rng(3)
    values = (rng.standard_normal((6, 50)) + 1j * rng.standard_normal((6, 50))).astype("complex64")
    for route in "apart", "blocks":
        opt, p, v, x = Momentum(), values[0].copy(), np.zeros(50, "complex64"), values[0].copy()
        for g in values[1:]:
            with by(route):
                update(opt, p, g, flux_float32=True)
            v = (0.9 * v.astype(complex) - 0.01 * g.astype(complex)).astype("complex64")
            x = x + v
        assert same(p, x)


LAYOUTS = {
    "every second": lambda: np.ones((2, 60))[:, ::2],
    "backwards": lambda: np.ones((3, 20))[::-1, ::-1],
    "a transposed slice": lambda: np.ones((6, 10))[1:4].T,
    "unaligned": lambda: np.frombuffer(bytearray(b"?" + np.ones(60).tobytes()), np.uint8)[1:].view(float),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@ROUTES
def test_any_layout_of_parameter_and_gradient(layout, route):
    rng = np.random.default_rng(4)
    for new in Adam, OPTIMISERS["three links"]:
        p, q = layout(), np.ones(layout().shape)
        g, h = layout(), np.ones(layout().shape)
        opts = [new() for _ in range(3)]
        xs = [q.copy() for _ in range(3)]
        xs[0] = p
        for _ in range(3):
            h[...] = rng.standard_normal(h.shape)
            g[...] = h
            with by(route):
                update(opts[0], xs[0], h)  # the parameter lies otherwise
                update(opts[1], xs[1], g)  # the gradient does
            with by("apart"):
                update(opts[2], xs[2], h)
        assert same(xs[0], xs[2]) and same(xs[1], xs[2])


@fused
def test_dtypes_that_are_equal_and_not_the_same():
    tagged, pickled = np.dtype("float64", metadata={"unit": "m"}), pickle.loads(pickle.dumps(np.ones(3))).dtype
    assert tagged == pickled == np.dtype(float) and tagged is not pickled is not np.dtype(float)
    rng = np.random.default_rng(10)
    for of_p, of_g in itertools.product([tagged, pickled, np.dtype(float)], repeat=2):
        p, r, q = np.ones(30).view(of_p), np.ones(30), np.ones(30)
        assert p.dtype is of_p
        first, second = Adam(), Adam()
        for _ in range(3):
            g = rng.standard_normal(30)
            with by("fused"):
                update(first, [r, p], [g, g.view(of_g)])
            assert len(first.states.plan.groups) == 1
            with by("apart"):
                update(second, q, g)
        assert same(p, q) and same(r, q)


@ROUTES
def test_a_gradient_of_another_precision(route):
    rng = np.random.default_rng(5)
    g = rng.standard_normal((4, 100))
    p, q = np.ones(100, "float32"), np.ones(100, "float32")
    opt, other = Adam(), Adam()
    for k in range(4):
        with by(route):
            update(opt, [p], [g[k]])
        with by("apart"):
            update(other, [q], [g[k].astype("float32")])
    assert same(p, q)


@ROUTES
def test_hyper_parameters_count_from_the_next_step_on(route):
    gradients = np.random.default_rng(6).standard_normal((6, 40))
    results = []
    for way in route, "apart":
        opt, p = AdamW(0.1, decay=0.1), np.ones(40)
        for t, g in enumerate(gradients):
            if t == 3:
                opt.eta, opt.beta, opt.decay = 0.01, (0.5, 0.75), 0.3
            with by(way):
                update(opt, p, g)
        results.append(p)
    assert same(*results)


@fused
def test_every_change_of_what_is_updated():
    """Alone, together, in other orders, with gradients missing, by another route in between, saved and loaded."""
    rng = np.random.default_rng(7)

    def a_run(route):
        ps, opt = {name: np.ones(k + 3) for k, name in enumerate("abcde")}, chain(Adam(0.1), Momentum())
        for t in range(40):
            names = list(rng.permutation(list(ps))[: rng.integers(1, 6)])
            gs = {name: None if rng.random() < 0.1 else rng.standard_normal(ps[name].shape) for name in names}
            with by("apart" if rng.random() < 0.2 else route):
                if rng.random() < 0.2:
                    update(opt, ps[names[0]], rng.standard_normal(ps[names[0]].shape))
                else:
                    update(opt, {name: ps[name] for name in names}, gs)
            if t % 13 == 12:
                saved, opt = opt.state_dict(ps), chain(Adam(0.1), Momentum())
                opt.load_state_dict(saved, ps)
        return [*ps.values(), *opt.state_dict(ps).values()]

    results = []
    for route in "fused", "apart":
        rng = np.random.default_rng(7)
        results.append(a_run(route))
    assert all(same(a, b) for a, b in zip(*results, strict=True))


@ROUTES
def test_a_loaded_state_that_lies_otherwise_than_the_parameter(route):
    rng = np.random.default_rng(9)
    start, gradients = rng.standard_normal((5, 7)), rng.standard_normal((2, 5, 7))
    p, first, second = np.asfortranarray(start), Adam(), Adam()
    with by("apart"):
        update(first, p, gradients[0])
    saved = {name: np.ascontiguousarray(part) for name, part in first.state_dict([p]).items()}
    second.load_state_dict(saved, [p])
    with by(route):
        update(second, p, np.asfortranarray(gradients[1]))
    opt, x = Adam(), start.copy()
    with by("apart"):
        for g in gradients:
            update(opt, x, g)
    assert same(p, x)


@fused
def test_parameters_that_come_and_go_get_no_others_state():
    opt, g = Momentum(), np.ones(8)
    with by("fused"):
        for _ in range(200):
            p = np.zeros(8)
            update(opt, p, g)
            assert np.array_equal(p, np.full(8, -0.01))
            del p
    assert opt.states.plan is None and not opt.states


@fused
def test_the_same_list_with_another_array_in_it():
    opt, ps = Momentum(), [np.zeros(4), np.zeros(4)]
    with by("fused"):
        update(opt, ps, [np.ones(4)] * 2)
        old, ps[1] = ps[1], np.zeros(4)
        update(opt, ps, [np.ones(4)] * 2)
    assert same(ps[0], np.full(4, -0.01 + (0.9 * -0.01 - 0.01))) and same(ps[1], np.full(4, -0.01)) and same(old, ps[1])


@fused
def test_a_gradient_that_is_missing_now_and_one_that_is_there_again():
    opt, ps, g = Momentum(), [np.zeros(4), np.zeros(4)], np.ones(4)
    with by("fused"):
        for gs in [g, g], [g, None], [g, None], [g, g], [None, g]:
            update(opt, ps, gs)
    expected, other = np.zeros(4), Momentum()
    with by("apart"):
        for _ in range(4):
            update(other, expected, g)
    third, other = np.zeros(4), Momentum()
    with by("apart"):
        for _ in range(3):
            update(other, third, g)
    assert same(ps[0], expected) and same(ps[1], third)


@fused
def test_a_state_that_is_taken_away_or_changed_between_steps():
    opt, p, g = Momentum(), np.zeros(4), np.ones(4)
    with by("fused"):
        update(opt, p, g)
        first = p.copy()
        opt.load_state_dict({}, [p])
        p[...] = 0
        update(opt, p, g)
        assert same(p, first)
        opt.load_state_dict({"0.v": np.full(4, 2.0)}, [p])
        update(opt, p, np.zeros(4))
    assert same(p, first + 0.9 * 2.0)


@fused
def test_without_reading_array_objects_addresses_are_asked_for(monkeypatch):
    from fluxopt_edu import together

    monkeypatch.setattr(together, "_layout_is_known", lambda: False)
    rng = np.random.default_rng(8)
    gradients = [[rng.standard_normal(20), rng.standard_normal((3, 4))] for _ in range(5)]
    check(Adam(), [np.ones(20), np.ones((3, 4))], gradients, "fused")


@pytest.mark.parametrize("route", ["apart", "blocks", pytest.param("fused", marks=fused)])
def test_a_gradient_that_shares_memory_with_parameters(route):
    for new in Momentum, lambda: chain(Momentum(), Adam()):
        memory = np.arange(1.0, 41.0)
        p, q = memory[:20], memory[20:]
        expected = []
        for x, g in (p, q), (q, p):
            opt = new()
            expected.append(x - opt.apply(opt.init(x), x, g)[1])
        with by(route):
            update(new(), [p, q], [q, p])
        assert same(p, expected[0]) and same(q, expected[1])
        with by(route):
            r, opt = memory.copy(), new()
            expected = r[1:] - opt.apply(opt.init(r[1:]), r[1:], r[:-1])[1]
            update(new(), r[1:], r[:-1])
        assert same(r[1:], expected)
