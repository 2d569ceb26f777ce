"""What a step allocates, and where arrays lie."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from routes import OPTIMISERS, UPDATE, by, fused

from fluxopt_edu import Adam, Momentum, blocks, memory, update

LARGE = 2**21  # elements
each = pytest.mark.parametrize("new", OPTIMISERS.values(), ids=OPTIMISERS)


def allocated(step):
    """The peak of what `step` allocates beyond what was there, in bytes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_the_measure_sees_numpys_memory():
    assert 8 * LARGE <= allocated(lambda: np.ones(LARGE)) < 8 * LARGE + 2000


@each
@pytest.mark.parametrize("route", ["blocks", pytest.param("fused", marks=fused)])
@pytest.mark.parametrize("dtype, flux_float32", [("float64", False), ("float32", False), ("float32", True)])
def test_a_step_allocates_nothing_that_grows_with_the_array(new, route, dtype, flux_float32):
    opt, p, g = new(), np.ones(LARGE // 8, dtype), np.ones(LARGE // 8, dtype)
    with by(route):
        update(opt, p, g, flux_float32=flux_float32)
        for _ in range(5):  # RAdam changes its loop on the way
            peak = allocated(lambda: update(opt, p, g, flux_float32=flux_float32))
    # an array has 1 or 2 MB; NumPy casts float32 to float64 through a buffer of 64 kB
    assert peak < (160_000 if flux_float32 else 24_000), f"{peak} bytes"
    assert (opt.states.plan is not None) == (route == "fused")


@pytest.mark.parametrize("route", ["blocks", pytest.param("fused", marks=fused)])
def test_the_first_step_allocates_the_state_and_little_more(route):
    p, g = np.ones(LARGE), np.ones(LARGE)
    with by(route):
        update(Adam(), np.ones(40), np.ones(40))  # imports, compiles, makes the buffers
        opt = Adam()
        state = 2 * p.nbytes
        assert state <= allocated(lambda: update(opt, p, g)) < state + 0.01 * p.nbytes


def test_large_arrays_go_block_by_block_without_being_asked(monkeypatch):
    monkeypatch.setattr(UPDATE, "_together", lambda: None)
    opt, p, g = Adam(), np.ones(LARGE), np.ones(LARGE)
    update(opt, p, g)
    assert allocated(lambda: update(opt, p, g)) < 24_000


@fused
@pytest.mark.parametrize("new", [OPTIMISERS["Adam"], OPTIMISERS["Descent"], OPTIMISERS["nested"]])
def test_no_parameter_and_no_state_of_a_dead_one_is_kept(new):
    with by("fused"):
        opt, ps = new(), [np.ones(100) for _ in range(3)]
        update(opt, ps, [np.ones(100)] * 3)
        states = [weakref.ref(a) for link in getattr(opt.states.plan.groups[0], "arrays") for own in link for a in own]
        dead = weakref.ref(ps.pop())
        gc.collect()
        assert dead() is None
        alive = sum(state() is not None for state in states)
        assert alive == len(states) * 2 // 3


@fused
def test_copies_of_gradients_live_until_the_step_is_done(monkeypatch):
    from fluxopt_edu import together

    copies, alive, run, beside = [], [], together._run, UPDATE.beside

    def copied(p, g):
        copies.append(weakref.ref(copy := beside(p, g)))
        return copy

    def watched(*arguments):
        alive.append([reference() is not None for reference in copies])
        run(*arguments)

    monkeypatch.setattr(UPDATE, "beside", copied)
    monkeypatch.setattr(together, "_run", watched)
    with by("fused"):
        update(Adam(), [np.ones((3, 4))], [np.asfortranarray(np.ones((3, 4)))])
    assert alive == [[True]] and copies[0]() is None


@fused
def test_small_work_does_not_load_the_compiler(monkeypatch):
    monkeypatch.setattr(UPDATE, "_together", lambda: pytest.fail("asked for compiled loops"))
    update(Adam(), np.ones(UPDATE.COMPILED_FROM - 1), np.ones(UPDATE.COMPILED_FROM - 1))


def test_the_layout_of_array_objects_is_that_of_numpys_interface():
    assert memory.layout_is_known()


@pytest.mark.parametrize("name, value", [("HEADER", 3), ("C_ORDER", 2), ("ALIGNED", 1), ("WRITEABLE", 4)])
def test_another_layout_is_noticed(monkeypatch, name, value):
    monkeypatch.setattr(memory, name, value)
    assert not memory.layout_is_known()


@fused
def test_compiled_code_and_python_find_the_same(monkeypatch):
    from fluxopt_edu import together

    def group():
        with by("fused"):
            opt = Momentum()
            update(opt, ps, [p.copy() for p in ps])
        return opt.states.plan.groups[0], opt.states.plan.spans

    ps = [np.ones((3, 4)), np.ones(7)]
    (first, spans), matrix = group(), ps[0]
    readonly = np.ones((3, 4))
    readonly.flags.writeable = False
    gradients = {
        "alike": (np.ones((3, 4)), True),
        "read-only": (readonly, True),
        "Fortran's order": (np.asfortranarray(np.ones((3, 4))), False),
        "another shape": (np.ones((4, 3)), False),
        "flat": (np.ones(12), False),
        "too small": (np.ones((3, 3)), False),
        "another dtype": (np.ones((3, 4), "float32"), False),
        "foreign bytes": (np.ones((3, 4), ">f8"), False),
        "gaps": (np.ones((3, 8))[:, ::2], False),
        "a subclass": (np.ones((3, 4)).view(np.memmap), False),
        "no array": (3.0, False),
        "a number": (np.float64(3), False),
        "the parameter": (matrix, False),
        "a part of it": (np.ones((3, 4)), True),
    }
    for what, (g, fits) in gradients.items():
        for known in True, False:
            monkeypatch.setattr(together, "_layout_is_known", lambda known=known: known)
            try:
                found = first.find(ps, [g, np.ones(7)], spans)
            except AttributeError:
                found = False  # Python's way meets what has no flags
            assert found == fits, (what, known)
            if fits:
                assert first.found[0, :2].tolist() == [memory.address(matrix), memory.address(g)]
    # the one way in which an array that is referred to can get another length
    ps[1].__setstate__((1, (5,), np.dtype(float), False, np.ones(5).tobytes()))
    for known in True, False:
        monkeypatch.setattr(together, "_layout_is_known", lambda known=known: known)
        assert not first.find(ps, [np.ones((3, 4)), np.ones(5)], spans)


def test_spans():
    whole = np.zeros(100)
    spans = memory.Spans([whole[10:20], whole[20:30], whole[50:60:3], whole[:0]])
    touched = [bool(spans.touch(whole[k : k + 1])) for k in range(100)]
    assert [k for k in range(100) if touched[k]] == [*range(10, 30), *range(50, 60)]
    assert spans.touch(whole) and not spans.touch(whole[30:50]) and not spans.touch(whole[12:12])
    assert not memory.Spans([]).touch(whole)


def test_buffers_are_those_of_a_thread():
    import threading

    results = []

    def work(seed):
        rng = np.random.default_rng(seed)
        opt, p, x = Adam(), np.ones(3 * blocks.SIZE), np.ones(3 * blocks.SIZE)
        state = opt.init(x)
        for _ in range(10):
            g = rng.standard_normal(p.size)
            update(opt, p, g)
            state, step = opt.apply(state, x, g)
            x = x - step
        results.append(np.array_equal(p, x))

    with by("blocks"):
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [True] * 4
