"""What holds for any gradients: tried on many, none chosen by hand."""

import numpy as np
import pytest
from flux_rules import FIFTEEN, FOURTEEN, REAL_ONLY, name
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as any_given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import fluxopt_edu
from fluxopt_edu import Adam, AdaDelta, RAdam, update

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)


def given(**strategies):
    """Hypothesis's `given` with the same examples at each run, and no clock: a slow machine fails no test."""
    fixed = settings(derandomize=True, database=None, deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    return lambda test: fixed(any_given(**strategies)(test))


DTYPES = st.sampled_from(["float64", "float32", "float16", "complex128", "complex64"])
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def works(new, dtype):
    return name(new) not in REAL_ONLY or np.dtype(dtype).kind == "f"


def values(dtype, bound=100):
    width = 8 * np.dtype(dtype).itemsize
    if np.dtype(dtype).kind == "c":
        return st.complex_numbers(max_magnitude=bound, allow_nan=False, width=width)
    return st.floats(-bound, bound, width=width)


@st.composite
def runs(draw, dtypes=DTYPES, shapes=SHAPES, steps=st.integers(1, 6)):
    """A parameter and some gradients, as arrays of one shape and dtype."""
    dtype, shape, n = draw(dtypes), draw(shapes), draw(steps)
    x = draw(hnp.arrays(dtype, shape, elements=values(dtype)))
    return x, draw(hnp.arrays(dtype, (n, *shape), elements=values(dtype)))


def run(opt, x, gradients):
    """The parameter after these gradients, all steps, and the state."""
    state, steps = opt.init(x), []
    with np.errstate(all="ignore"):
        for g in gradients:
            state, step = opt.apply(state, x, np.asarray(g))
            x = x - step
            steps.append(step)
    return x, steps, state


def arrays(state):
    """The arrays in a state, at any depth."""
    for part in state:
        if isinstance(part, tuple):
            yield from arrays(part)
        elif hasattr(part, "shape"):
            yield part


def same(a, b):
    return np.array_equal(a, b, equal_nan=True)


@each
@given(data=runs())
def test_shape_and_dtype_are_kept(new, data):
    x, gradients = data
    assume(works(new, x.dtype))
    after, steps, state = run(new(), x, gradients)
    for array in [after, *steps, *arrays(state)]:
        assert (array.shape, array.dtype) == (x.shape, x.dtype)


@each
@given(data=runs(dtypes=st.sampled_from(["float64", "float32", "float16"]), shapes=st.tuples(st.integers(1, 40))), seed=st.randoms())
def test_permuting_coordinates_permutes_the_result(new, data, seed):
    x, gradients = data
    order = seed.sample(range(x.size), x.size)
    after, steps, state = run(new(), x, gradients)
    moved, moved_steps, moved_state = run(new(), x[order], gradients[:, order])
    assert same(moved, after[order])
    assert all(same(a, b[order]) for a, b in zip(moved_steps, steps))
    assert all(same(a, b[order]) for a, b in zip(arrays(moved_state), arrays(state)))


@pytest.mark.parametrize("new", [new for new in FIFTEEN if name(new) not in REAL_ONLY], ids=name)
@given(data=runs(dtypes=st.sampled_from(["complex128", "complex64"]), shapes=st.tuples(st.integers(1, 40))), seed=st.randoms())
def test_permuting_complex_coordinates_permutes_the_result(new, data, seed):
    x, gradients = data
    order = seed.sample(range(x.size), x.size)
    after, steps, _ = run(new(), x, gradients)
    moved, moved_steps, _ = run(new(), x[order], gradients[:, order])
    assert same(moved, after[order])
    assert all(same(a, b[order]) for a, b in zip(moved_steps, steps))


@each
@given(data=st.lists(runs(steps=st.just(4)), min_size=1, max_size=4))
def test_a_parameter_alone_or_among_others_gets_the_same_numbers(new, data):
    assume(all(works(new, x.dtype) for x, _ in data))
    alone = [run(new(), x, gradients)[0] for x, gradients in data]
    ps, opt = [x.copy() for x, _ in data], new()
    with np.errstate(all="ignore"):
        for t in range(4):
            update(opt, ps, [np.asarray(gradients[t]) for _, gradients in data])
    assert all(same(a, b) for a, b in zip(ps, alone))


@each
@given(data=runs())
def test_apply_changes_nothing_and_gives_nothing_of_its_arguments_back(new, data):
    x, gradients = data
    assume(works(new, x.dtype))
    opt = new()
    state = opt.init(x)
    before = repr(opt)
    for g in map(np.asarray, gradients):
        passed = [x, g, *arrays(state)]
        held = [array.tobytes() for array in passed]
        with np.errstate(all="ignore"):
            state_after, step = opt.apply(state, x, g)
            again = opt.apply(state, x, g)
        assert [array.tobytes() for array in passed] == held
        assert same(again[1], step) and all(map(same, arrays(again[0]), arrays(state_after)))
        assert not any(np.shares_memory(a, b) for a in [step, *arrays(state_after)] for b in passed)
        state, x = state_after, x - step
    assert repr(opt) == before and not opt.states


# Scale invariance, at ε = 0: gradients 2^k times as large give the same steps, to the last bit.

INVARIANT = ["RMSProp", "Adam", "AdaMax", "AdaGrad", "AMSGrad", "NAdam", "AdamW", "OAdam", "AdaBelief"]
NOT_INVARIANT = ["Descent", "Momentum", "Nesterov", "AdaDelta"]


@st.composite
def gradients_and_scale(draw):
    """Non-zero gradients of shape (n, 3), n ≤ 8, and a power of two, far from under- and overflow."""
    size = st.floats(2**-10, 2**10)
    g = draw(hnp.arrays(float, st.tuples(st.integers(1, 8), st.just(3)), elements=st.one_of(size, size.map(lambda a: -a))))
    return g, 2.0 ** draw(st.integers(-60, 60).filter(bool))


@st.composite
def at_zero_epsilon(draw, rule):
    """`rule` with ε = 0 and any other hyper-parameters."""
    hyper = {"eta": draw(st.floats(1e-4, 1)), "epsilon": 0.0}
    hyper["beta"] = tuple(draw(st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.999))))
    hyper["rho"] = draw(st.floats(0.01, 0.99))
    opt = rule(**{key: value for key, value in hyper.items() if key in rule.hyper})
    if rule.__name__ == "AdamW":
        opt.links[0].epsilon = 0  # its constructor has none, as in Flux
    return opt


def steps_of(opt, gradients):
    return np.array(run(opt, np.zeros(3), gradients)[1])


def test_each_rule_is_in_one_class():
    assert {*INVARIANT, *NOT_INVARIANT, "RAdam"} == set(map(name, FOURTEEN))


@pytest.mark.parametrize("rule", INVARIANT)
@given(data=st.data(), scaled=gradients_and_scale())
def test_steps_do_not_depend_on_the_scale_of_the_gradients(rule, data, scaled):
    gradients, scale = scaled
    opt = data.draw(at_zero_epsilon(getattr(fluxopt_edu, rule)))
    steps = steps_of(opt, gradients)
    # AdaBelief divides by how far g is from its forecast, which can be by nothing
    assume(rule != "AdaBelief" or np.isfinite(steps).all())
    assert np.isfinite(steps).all() and steps.any()
    assert np.array_equal(steps, steps_of(opt, scale * gradients))


@pytest.mark.parametrize("rule", ["Descent", "Momentum", "Nesterov"])
@given(data=st.data(), scaled=gradients_and_scale())
def test_steps_scale_with_the_gradients(rule, data, scaled):
    gradients, scale = scaled
    opt = data.draw(at_zero_epsilon(getattr(fluxopt_edu, rule)))
    steps = steps_of(opt, gradients)
    assert steps.any() and np.array_equal(scale * steps, steps_of(opt, scale * gradients))


@given(data=st.data(), scaled=gradients_and_scale())
def test_adadelta_stands_still_at_epsilon_0_and_depends_on_the_scale_above(data, scaled):
    gradients, scale = scaled
    opt = data.draw(at_zero_epsilon(AdaDelta))
    assert not steps_of(opt, gradients).any()
    # Its first step is g √ε / √((1 − ρ) g² + ε), for which g and √ε have the same units.
    opt.epsilon = 1.0
    assert not np.array_equal(steps_of(opt, gradients), steps_of(opt, scale * gradients))
    opt_scaled = AdaDelta(opt.rho, scale**2)
    assert np.allclose(scale * steps_of(opt, gradients), steps_of(opt_scaled, scale * gradients), rtol=1e-14, atol=0)


@given(scaled=gradients_and_scale())
def test_radam_is_invariant_only_where_it_is_rectified(scaled):
    gradients, scale = scaled
    gradients = np.resize(gradients, (8, 3))
    steps, scaled_steps = (steps_of(RAdam(epsilon=0), k * gradients) for k in (1, scale))
    # at the default β2 the first four steps are those of the corrected average
    assert np.array_equal(scaled_steps[:4], scale * steps[:4]) and steps[:4].any()
    assert np.array_equal(scaled_steps[4:], steps[4:]) and steps[4:].any()


@given(scaled=gradients_and_scale())
def test_epsilon_ends_the_invariance(scaled):
    gradients, scale = scaled
    steps, scaled_steps = (steps_of(Adam(epsilon=0.5), k * gradients) for k in (1, scale))
    assert not np.array_equal(steps, scaled_steps)
