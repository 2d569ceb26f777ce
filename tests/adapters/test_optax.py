"""Flux's rules as gradient transformations for JAX: the recorded numbers, compiled, scheduled and sharded."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from flux_golden import CASES, check_near, complex_numbers, numbers, recorded, run
from flux_rules import FIFTEEN, FOURTEEN, REAL_ONLY, name

from fluxopt_edu import AdaDelta, Adam, AdamW, AMSGrad, Descent, Momentum, RAdam, WeightDecay, chain

jax = pytest.importorskip("jax", reason="JAX is not installed: make peers")
optax = pytest.importorskip("optax", reason="optax is not installed: make peers")
jnp = jax.numpy

from fluxopt_edu.adapters import as_optax  # noqa: E402
from fluxopt_edu.dialects.optax import adam as optax_adam  # noqa: E402

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)
each_case = pytest.mark.parametrize("case", CASES, ids=repr)


@pytest.fixture(params=[True, False], ids=["x64", "x32"])
def x64(request):
    with jax.enable_x64(request.param):
        yield request.param


@pytest.fixture
def in_float64():
    with jax.enable_x64(True):
        yield


def run_optax(tx, x, gradients, jit=True):
    """x after each gradient, what was subtracted each time, and the last state."""
    x, update = jnp.asarray(x), jax.jit(tx.update) if jit else tx.update
    state, xs, steps = tx.init(x), [], []
    for g in gradients:
        updates, state = update(jnp.asarray(g), state, x)
        x = optax.apply_updates(x, updates)
        xs.append(x)
        steps.append(-updates)
    return np.array(xs), np.array(steps), state


def recorded_run(case, dtype):
    return run_optax(as_optax(case.optimiser()), numbers(recorded()["x0"], dtype), numbers(recorded()["gradients"], dtype))


def same_bits(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return (a.shape, a.dtype, a.tobytes()) == (b.shape, b.dtype, b.tobytes())


def all_equal(a, b):
    return jax.tree.structure(a) == jax.tree.structure(b) and all(map(same_bits, jax.tree.leaves(a), jax.tree.leaves(b)))


# Flux's numbers


@each_case
def test_float64_within_1e_15(case, in_float64):
    # measured: 4.6e-16 of a step, 5.1e-16 of x
    xs, steps, state = recorded_run(case, "float64")
    for what, ours, flux in ("step", steps, numbers(case["float64_steps"])), ("x", xs, numbers(case["float64"])):
        check_near(case, f"float64 {what} in optax", ours, flux, 1e-15 * np.abs(flux).max(axis=0))
    flux = case.final_state("float64")
    ours = [part for link in (state if isinstance(state, tuple) else (state,)) for _, part in sorted(link.items(), key=order)]
    for mine, theirs in zip(ours, (part for part in flux if part.shape != (0,)), strict=True):
        check_near(case, "float64 state in optax", np.asarray(mine, theirs.dtype), theirs, 1e-14 * np.abs(theirs).max(), ("coordinate",))


def order(item):
    """Flux's order of states: as our rules declare them."""
    return ["m", "v", "v_max", "u", "s", "acc", "Δacc", "βt", "t"].index(item[0])


@each_case
def test_float32_within_1e_6_with_float64_and_without(case, x64):
    # measured: 3.2e-7 of a step, 1.7e-7 of x, the same in both
    expected, expected_steps, _ = run(case.optimiser(), "float32")
    xs, steps, _ = recorded_run(case, "float32")
    for what, ours, numpys in ("step", steps, expected_steps), ("x", xs, expected):
        check_near(case, f"float32 {what} in optax", ours, numpys, 1e-6 * np.abs(numpys).max(axis=0))
    flux = numbers(case["float32"], "float32")
    check_near(case, "float32 x in optax", xs, flux, 5e-6 * np.abs(flux).max(axis=0))


@each_case
def test_complex(case, in_float64):
    x0, gradients = (complex_numbers(recorded()[f"complex_{name}"]) for name in ("x0", "gradients"))
    tx = as_optax(case.optimiser())
    if case.rule in REAL_ONLY:
        with pytest.raises(TypeError, match="maximum: expected real numbers, got complex128: complex numbers have no order"):
            run_optax(tx, x0, gradients)
        return
    flux = complex_numbers(case["complex128"])
    check_near(case, "complex128 x in optax", run_optax(tx, x0, gradients)[0], flux, 1e-15 * np.abs(flux))


@pytest.mark.parametrize("rule", FOURTEEN, ids=name)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_keeps_its_type(rule, dtype, x64):
    x, gradients = np.array([1.0, -2.0]), [np.array([0.5 + t, -1.0]) for t in range(4)]
    xs, _, state = run_optax(as_optax(rule()), jnp.asarray(x, dtype), [jnp.asarray(g, dtype) for g in gradients])
    assert xs.dtype == jnp.dtype(dtype)
    assert all(part.dtype == jnp.dtype(dtype) for key, part in state_items(state) if key not in ("βt", "t"))
    assert np.allclose(xs.astype(float), run(rule(), x0=x, gradients=gradients)[0], rtol=2**-6, atol=0)


def state_items(state):
    return [item for link in (state if isinstance(state, tuple) else (state,)) for item in link.items()]


def test_the_first_steps_of_adam_without_float64():
    # 1 - 0.999 from one float32 is wrong in the fifth digit
    with jax.enable_x64(False):
        tx = as_optax(Adam(1.0, epsilon=0))
        updates, _ = tx.update(jnp.asarray([3.0]), tx.init(jnp.zeros(1)))
        assert abs(float(updates[0]) + 1) < 2e-7


# What optax's own transformations can do


@each
def test_pytrees(new, in_float64):
    random = np.random.default_rng(4).standard_normal
    params = {"layers": [(random((3, 2)), random(2)), (np.asarray(random()), random((0, 2)))], "none": None}
    tx, opt = as_optax(new()), new()
    whole, state, update = params, tx.init(params), jax.jit(tx.update)
    plain = [(leaf, opt.init(leaf)) for leaf in map(np.asarray, jax.tree.leaves(params))]
    for t in range(3):
        updates, state = update(jax.tree.map(lambda p: jnp.cos(p + t), whole), state, whole)
        whole = optax.apply_updates(whole, updates)
        for k, (leaf, own) in enumerate(plain):
            own, step = opt.apply(own, leaf, np.asarray(np.cos(leaf + t)))
            plain[k] = np.asarray(leaf - step), own
    assert jax.tree.structure(whole) == jax.tree.structure(params)
    assert len(plain) == 4
    assert all(a.shape == b.shape and np.allclose(a, b, rtol=1e-13, atol=1e-15) for a, (b, _) in zip(jax.tree.leaves(whole), plain))


@each
def test_without_jit(new, in_float64):
    x, gradients = np.array([1.0, -2.0]), np.ones((3, 2))
    eager, compiled = (run_optax(as_optax(new()), x, gradients, jit)[0] for jit in (False, True))
    assert np.allclose(eager, compiled, rtol=1e-15, atol=0)


@each
def test_in_a_loop_and_mapped(new, x64):
    # scan wants the state to keep its types
    tx, x = as_optax(new()), jnp.asarray([[1.0, -2.0], [3.0, 0.5]])

    def trained(x):
        def step(carry, t):
            x, state = carry
            updates, state = tx.update(jnp.cos(x + t), state, x)
            return (optax.apply_updates(x, updates), state), None

        return jax.lax.scan(step, (x, tx.init(x)), jnp.arange(7.0))[0][0]

    expected, state, update = x, tx.init(x), jax.jit(tx.update)
    for t in range(7):
        updates, state = update(jnp.cos(expected + t), state, expected)
        expected = optax.apply_updates(expected, updates)
    for ours in jax.jit(trained)(x), jax.vmap(trained)(x):
        assert np.allclose(ours, expected, rtol=1e-13 if x64 else 1e-5, atol=0)


def test_radam_crosses_its_threshold_compiled_and_can_be_differentiated(in_float64):
    x, gradients = np.array([1.0, -2.0]), [np.array([0.5, 0.1 * t]) for t in range(9)]
    expected = run(RAdam(), x0=x, gradients=gradients)[1]
    assert abs(expected[4, 0]) < abs(expected[3, 0]) / 10  # rectified from the fifth step on
    assert np.allclose(run_optax(as_optax(RAdam()), x, gradients)[1], expected, rtol=1e-14, atol=0)

    def after(eta, steps):
        tx, p = as_optax(RAdam(), eta=eta), jnp.asarray(x)
        state = tx.init(p)
        for g in gradients[:steps]:
            updates, state = tx.update(jnp.asarray(g), state, p)
            p = optax.apply_updates(p, updates)
        return p.sum()

    for steps in 3, 9:
        slope = jax.jit(jax.grad(after), static_argnums=1)(jnp.asarray(0.001), steps)
        assert np.allclose(slope, -expected[:steps].sum() / 0.001, rtol=1e-12)


def test_the_state_by_name(x64):
    params = {"w": jnp.ones((2, 2)), "b": jnp.ones(2)}
    state = as_optax(RAdam()).init(params)
    assert list(state) == ["m", "v", "βt", "t"] and state["m"].keys() == params.keys()
    assert all_equal(optax.tree.get(state, "m"), jax.tree.map(jnp.zeros_like, params))
    beta1, beta2 = state["βt"]
    assert beta2.dtype == ("float64" if x64 else "float32") and beta2.shape == (() if x64 else (2,))
    assert np.asarray(beta2, float).sum() == pytest.approx(0.999, rel=1e-14)
    assert not any(leaf.weak_type for leaf in jax.tree.leaves(state))
    assert all_equal(jax.tree.map(jnp.asarray, pickle.loads(pickle.dumps(jax.tree.map(np.asarray, state)))), state)
    assert as_optax(Descent()).init(params) == {}
    adam, decay = as_optax(AdamW()).init(params)
    assert list(adam) == ["m", "v", "βt"] and decay == {}


def test_parameter_like_states_are_found_by_optax(x64):
    params = {"w": jnp.ones(2)}
    tx = as_optax(AMSGrad(epsilon=0.5))
    state = optax.tree_map_params(tx, lambda part: part + 1, tx.init(params))
    assert [part["w"].tolist() for part in state.values()] == [[1.5, 1.5]] * 3


def test_masked_and_in_groups(x64):
    params = {"w": jnp.asarray([2.0]), "b": jnp.asarray([2.0])}
    grads = jax.tree.map(jnp.ones_like, params)
    tx = optax.masked(as_optax(Descent(0.5)), {"w": True, "b": False})
    updates, _ = tx.update(grads, tx.init(params), params)
    assert updates == {"w": jnp.asarray([-0.5]), "b": jnp.asarray([1.0])}
    groups = {"fast": as_optax(Descent(0.5)), "slow": as_optax(Descent(0.125))}
    tx = optax.partition(groups, {"w": "fast", "b": "slow"})
    updates, _ = tx.update(grads, tx.init(params), params)
    assert updates == {"w": jnp.asarray([-0.5]), "b": jnp.asarray([-0.125])}


def test_gradients_of_another_precision(in_float64):
    params = jnp.ones(2, "float32")
    for p in params, None:
        tx = as_optax(Momentum())
        updates, state = tx.update(jnp.ones(2, "float64"), tx.init(params), p)
        assert updates.dtype == state["v"].dtype == "float32"


# Hyper-parameters


def test_hyper_parameters_are_read_when_it_is_made():
    opt = Descent(0.5)
    tx = as_optax(opt)
    opt.eta = 0.125
    assert tx.update(jnp.ones(1), tx.init(jnp.ones(1)))[0].tolist() == [-0.5]
    tx = as_optax(opt, eta=0.25)
    assert tx.update(jnp.ones(1), tx.init(jnp.ones(1)))[0].tolist() == [-0.25] and opt.eta == 0.125


@pytest.mark.parametrize("rule", [rule for rule in FOURTEEN if rule is not AdaDelta], ids=name)
def test_a_schedule_through_inject_hyperparams(rule, in_float64):
    tx = optax.inject_hyperparams(lambda eta: as_optax(rule(), eta=eta))(eta=optax.exponential_decay(0.5, 2, 0.5))
    x, opt = np.array([1.0, -2.0]), rule()
    params, state, plain = jnp.asarray(x), tx.init(jnp.asarray(x)), opt.init(x)
    update, rates = jax.jit(tx.update), []
    for t in range(8):
        updates, state = update(jnp.cos(params + t), state, params)
        opt.eta = float(state.hyperparams["eta"])
        rates.append(opt.eta)
        plain, step = opt.apply(plain, x, np.cos(x + t))
        params, x = optax.apply_updates(params, updates), x - step
        assert np.allclose(params, x, rtol=1e-11, atol=1e-13)
    assert np.allclose(rates, 0.5 ** (1 + np.arange(8) / 2), rtol=1e-6)


def test_a_hyper_parameter_set_between_compiled_steps(in_float64):
    tx = optax.inject_hyperparams(lambda eta, beta: as_optax(Adam(), eta=eta, beta=beta))(eta=0.5, beta=np.array([0.5, 0.25]))
    compiled = []

    @jax.jit
    def update(grads, state):
        compiled.append(1)
        return tx.update(grads, state, jnp.ones(2))

    state, opt, plain = tx.init(jnp.ones(2)), Adam(0.5, (0.5, 0.25)), Adam(0.5, (0.5, 0.25)).init(np.ones(2))
    for eta in 0.5, 0.5, 0.125:
        state.hyperparams["eta"] = jnp.asarray(eta)
        opt.eta = eta
        updates, state = update(jnp.asarray([1.0, -3.0]), state)
        plain, step = opt.apply(plain, np.ones(2), np.array([1.0, -3.0]))
        assert np.allclose(-updates, step, rtol=1e-14, atol=0)
    assert len(compiled) == 1


def test_in_a_chain_by_position():
    opt = chain(WeightDecay(0.5), Descent(0.25), AdamW(decay=0.5))
    tx = as_optax(opt, **{"1.eta": 0.125, "2.decay": 0.25, "2.eta": jnp.asarray(0.0)})
    params = jnp.asarray([8.0])
    assert tx.update(jnp.ones(1), tx.init(params), params)[0].tolist() == [-2.0]


# What does not fit


@pytest.mark.parametrize("opt", [Adam, "Adam", None, optax.adam(0.1)], ids=["class", "text", "None", "optax"])
def test_no_optimiser(opt):
    with pytest.raises(TypeError, match=r"^opt = .*: expected an optimiser, such as Adam\(\)"):
        as_optax(opt)


def test_another_librarys_rule():
    with pytest.raises(TypeError, match=r"opt: optax.adam\(.*\): expected a rule of fluxopt_edu"):
        as_optax(chain(Descent(), optax_adam(0.1)))


@pytest.mark.parametrize("hyper, error, message", [
    ({"lr": 0.1}, ValueError, r"lr = 0.1: expected eta, beta, epsilon, the hyper-parameters of Adam"),
    ({"eta": -1}, ValueError, "Adam: eta = -1: expected a finite number, at least 0"),
    ({"eta": optax.constant_schedule(0.1)}, TypeError, "eta is a schedule, .*: expected a number, or optax.inject_hyperparams around as_optax"),
    ({"eta": jnp.ones(2)}, TypeError, r"eta has shape \(2,\) and dtype float32: expected \(\) and real numbers"),
    ({"beta": jnp.ones(())}, TypeError, r"beta has shape \(\) and dtype float32: expected \(2,\) and real numbers"),
    ({"eta": jnp.asarray(1j)}, TypeError, "eta has shape .* and dtype complex64: expected .* real numbers"),
])  # fmt: skip
def test_wrong_hyper_parameters(hyper, error, message):
    with pytest.raises(error, match=message):
        as_optax(Adam(), **hyper)


@pytest.mark.parametrize("opt", [WeightDecay(0.1), AdamW(), chain(Descent(), WeightDecay())], ids=repr)
def test_rules_that_read_x_need_params(opt):
    tx = as_optax(opt)
    message = r"update: params = None: expected the parameters, update\(grads, state, params\), as WeightDecay\(.*\) reads them"
    with pytest.raises(ValueError, match=message):
        tx.update(jnp.ones(1), tx.init(jnp.ones(1)))


def test_params_that_hold_no_floats():
    with pytest.raises(TypeError, match=r"params\['n'\] has dtype int32: expected real or complex floats"):
        as_optax(Adam()).init({"n": jnp.arange(3)})


@pytest.mark.parametrize("grads, message", [
    ({"w": jnp.ones(3)}, r"updates\['w'\] has shape \(3,\): expected \(2,\), the shape of the parameter"),
    ({"w": jnp.ones(2) * 1j}, r"updates\['w'\] has dtype complex64, but the parameter is real \(float32\): expected a real gradient"),
    ({"v": jnp.ones(2)}, "has not the structure of updates"),
    ({"w": None}, "has not the structure of updates"),
])  # fmt: skip
def test_wrong_gradients(grads, message):
    tx, params = as_optax(Momentum()), {"w": jnp.ones(2)}
    for given in params, None:
        with pytest.raises((TypeError, ValueError), match=message):
            tx.update(grads, tx.init(params), given)


# Sharded

SHARDED = """
import sys
import jax, jax.numpy as jnp, numpy as np, optax
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P

sys.path[:0] = [{tests!r}]
from flux_rules import FIFTEEN, name
from fluxopt_edu.adapters import as_optax

jax.config.update("jax_enable_x64", {x64})
assert jax.device_count() == 8
mesh = Mesh(np.array(jax.devices()).reshape(4, 2), ("a", "b"))
placed = {{"w": NamedSharding(mesh, P("a", "b")), "b": NamedSharding(mesh, P(("a", "b")))}}
params = {{"w": jnp.arange(64.0).reshape(8, 8) / 7 - 4, "b": jnp.linspace(-1.0, 1.0, 16)}}

def gradients(params, t):
    return jax.tree.map(lambda p: jnp.cos(p + t), params)

def arrays(state):
    links = state if isinstance(state, tuple) else (state,)
    return [part for link in links for key, part in link.items() if key not in ("βt", "t")]

def spread(tree):
    return jax.tree.map(lambda p, where: p.sharding.is_equivalent_to(where, p.ndim), tree, placed)

for new in FIFTEEN if {x64} else FIFTEEN[:6]:
    tx = as_optax(new())
    update = jax.jit(tx.update)
    plain, sharded = params, jax.device_put(params, placed)
    state, own = tx.init(plain), tx.init(sharded)
    for t in range(6):
        grads = gradients(plain, t)
        updates, state = update(grads, state, plain)
        own_updates, own = update(jax.device_put(grads, placed), own, sharded)
        plain, sharded = optax.apply_updates(plain, updates), optax.apply_updates(sharded, own_updates)
    parts = arrays(own)
    both = zip(jax.tree.leaves((plain, state)), jax.tree.leaves((sharded, own)), strict=True)
    same = all(np.all(np.abs(a - b) <= 4 * jnp.finfo(float).eps * np.abs(b).max()) for a, b in both)
    kept = all(jax.tree.leaves(spread(tree)) == [True, True] for tree in [sharded, own_updates, *parts])
    kept = kept and all(jax.tree.leaves(spread(tree)) == [True, True] for tree in arrays(tx.init(jax.device_put(params, placed))))
    print(name(new), same, kept, len(parts))
"""


@pytest.mark.parametrize("x64", [True, False], ids=["x64", "x32"])
def test_sharded_over_eight_devices(x64):
    tests = os.path.dirname(sys.modules["flux_rules"].__file__)
    environment = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    code = SHARDED.format(tests=tests, x64=x64)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == [name(new) for new in (FIFTEEN if x64 else FIFTEEN[:6])]
    assert [line for line in lines if line[1:3] != ["True", "True"]] == []
    assert sum(int(line[3]) for line in lines) >= (20 if x64 else 7)
