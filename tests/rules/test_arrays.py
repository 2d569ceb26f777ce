"""The rules on other libraries' arrays, through init and apply.

array-api-strict accepts nothing beyond the standard. PyTorch and JAX are the `peers` extra; they
rewrite some operations (a scalar divided by a tensor, for one), so they agree with NumPy to a few
units in the last place and no better.
"""

import math

import array_api_strict
import numpy as np
import pytest
from flux_golden import CASES, check_bits, check_near, flat, numbers, recorded, run
from flux_rules import FIFTEEN, FOURTEEN, REAL_ONLY, name

from fluxopt_edu import Adam, Momentum, ops, update

each_case = pytest.mark.parametrize("case", CASES, ids=repr)


def run_on(opt, asarray, dtype="float64"):
    """As `run`, with arrays that `asarray` makes; steps and states stay that library's."""
    x = asarray(numbers(recorded()["x0"], dtype))
    kind, state, steps = (type(x), x.dtype), opt.init(x), []
    for g in numbers(recorded()["gradients"], dtype):
        state, step = opt.apply(state, x, asarray(g))
        x = x - step
        steps.append(step)
        assert all((type(array), array.dtype) == kind for array in [x, step, *arrays(state)])
    return x, steps, state


def arrays(state):
    for part in state:
        if isinstance(part, tuple):
            yield from arrays(part)
        elif hasattr(part, "shape"):
            yield part


# The array API standard


@each_case
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_array_api_strict_gives_numpys_numbers(case, dtype):
    x, steps, state = run_on(case.optimiser(), array_api_strict.asarray, dtype)
    xs, expected, expected_state = run(case.optimiser(), dtype)
    check_bits(case, f"{dtype} step on array-api-strict", np.array([np.asarray(step) for step in steps]), expected)
    check_bits(case, f"{dtype} x on array-api-strict", np.asarray(x), xs[-1], ("coordinate",))
    for ours, numpys in zip(flat(as_numpy(state), dtype), flat(expected_state, dtype), strict=True):
        check_bits(case, f"{dtype} state on array-api-strict", ours, numpys, ("coordinate",))


def as_numpy(state):
    return tuple(as_numpy(part) if isinstance(part, tuple) else np.asarray(part) if hasattr(part, "shape") else part for part in state)


@pytest.mark.parametrize("new", FIFTEEN, ids=name)
@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 0, 3)], ids=str)
def test_array_api_strict_of_any_shape(new, shape):
    opt, x = new(), array_api_strict.ones(shape)
    state, step = opt.apply(opt.init(x), x, 0.5 * x)
    assert step.shape == shape and all(part.shape == shape for part in arrays(state))


@pytest.mark.parametrize("new", FIFTEEN, ids=name)
def test_array_api_strict_complex(new):
    opt, x = new(), array_api_strict.asarray([1 + 2j, -0.5j])
    if name(new) in REAL_ONLY:
        with pytest.raises(TypeError, match="expected real numbers, got .*complex128: complex numbers have no order"):
            opt.apply(opt.init(x), x, x)
        return
    state, step = opt.apply(opt.init(x), x, x)
    plain = np.asarray(x)
    expected = new().apply(new().init(plain), plain, plain)[1]
    assert np.array_equal(np.asarray(step), expected)


def test_array_api_strict_shapes_are_checked():
    opt, x = Adam(), array_api_strict.ones((2, 3))
    with pytest.raises(ValueError, match=r"g has shape \(3,\): expected \(2, 3\), the shape of x"):
        opt.apply(opt.init(x), x, array_api_strict.ones(3))
    with pytest.raises(TypeError, match=r"g is 1.0, of type float: expected an array like x, of shape \(2, 3\)"):
        opt.apply(opt.init(x), x, 1.0)


def test_update_is_for_numpy_alone():
    x = array_api_strict.ones(2)
    with pytest.raises(TypeError, match="p is of type Array: expected a NumPy array; for others, use opt.init and opt.apply"):
        update(Adam(), x, x)


# Plain numbers


def test_the_functions_of_a_formula_on_plain_numbers():
    assert ops.sqrt(2.25) == 1.5 and ops.sqrt(-4 + 0j) == 2j
    assert ops.conj(1 + 2j) == 1 - 2j and ops.conj(2.5) == 2.5 and ops.conj(3) == 3
    assert ops.maximum(1, 2) == ops.maximum(2, 1) == 2
    # as in NumPy, and as Julia's max
    assert all(math.isnan(ops.maximum(*pair)) for pair in [(math.nan, 1.0), (1.0, math.nan)])
    for pair in (1j, 1.0), (1j, 1j):
        with pytest.raises(TypeError, match="^maximum: expected real numbers, got 1j: complex numbers have no order$"):
            ops.maximum(*pair)


# PyTorch and JAX


def check_peer(case, asarray, library):
    x, steps, state = run_on(case.optimiser(), asarray)
    xs, expected, expected_state = run(case.optimiser())
    # relative to the coordinate: OAdam's step is a difference and can be small
    scale = np.abs(expected).max(axis=0)
    check_near(case, f"step on {library}", np.array([np.asarray(step) for step in steps]), expected, 1e-13 * scale)
    check_near(case, f"x on {library}", np.asarray(x), xs[-1], 1e-13 * np.abs(xs).max(axis=0), ("coordinate",))
    for ours, numpys in zip(flat(as_numpy(state), float), flat(expected_state, float), strict=True):
        check_near(case, f"state on {library}", ours, numpys, 1e-13 * np.abs(numpys), ("coordinate",))


@each_case
def test_torch_within_1e_13_of_numpy(case):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: make peers")
    check_peer(case, torch.asarray, "PyTorch")


@pytest.mark.parametrize("rule", FOURTEEN, ids=name)
def test_torch_keeps_types_and_complex_numbers(rule):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: make peers")
    opt, x = rule(), torch.ones(3, dtype=torch.float32)
    state, step = opt.apply(opt.init(x), x, x)
    assert all(part.dtype == torch.float32 and part.shape == (3,) for part in [step, *arrays(state)])
    z = torch.tensor([1 + 2j, -0.5j], dtype=torch.complex128)
    if rule.__name__ in REAL_ONLY:
        with pytest.raises((TypeError, RuntimeError)):
            opt.apply(opt.init(z), z, z)
    else:
        plain = rule().apply(rule().init(z.numpy()), z.numpy(), z.numpy())[1]
        assert np.allclose(opt.apply(opt.init(z), z, z)[1].numpy(), plain, rtol=1e-13, atol=0)


def test_torch_memory_by_update():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: make peers")
    opt, weight = Momentum(1, 0.5), torch.zeros(3)
    kept = weight.numpy()
    update(opt, kept, np.ones(3))
    update(opt, kept, np.ones(3))
    assert torch.equal(weight, torch.full((3,), -2.5))


@each_case
def test_jax_within_1e_13_of_numpy(case):
    jax = pytest.importorskip("jax", reason="JAX is not installed: make peers")
    with jax.enable_x64(True):
        check_peer(case, jax.numpy.asarray, "JAX")


@pytest.mark.parametrize("rule", FOURTEEN, ids=name)
def test_jax_under_jit(rule):
    jax = pytest.importorskip("jax", reason="JAX is not installed: make peers")
    with jax.enable_x64(True):
        opt, x = rule(), jax.numpy.asarray([1.0, -2.0, 3.0])
        state = plain = opt.init(x)
        step = jax.jit(opt.apply)
        if rule.__name__ == "RAdam":  # it asks whether ρ > 4, which a tracer cannot answer
            with pytest.raises(jax.errors.TracerBoolConversionError):
                step(state, x, x)
            return
        for _ in range(3):
            state, moved = step(state, x, x)
            plain, expected = opt.apply(plain, x, x)
            assert np.allclose(moved, expected, rtol=1e-13, atol=0)
