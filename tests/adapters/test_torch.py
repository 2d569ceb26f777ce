"""Flux's rules as PyTorch optimisers: the recorded numbers, and what PyTorch's own optimisers can do."""

import copy
import functools
import io
import math
import pickle

import numpy as np
import pytest
from flux_golden import CASES, check_bits, check_near, complex_numbers, numbers, recorded, run
from flux_rules import COMPLEX, FIFTEEN, FOURTEEN, REAL_ONLY, name

from fluxopt_edu import AdaDelta, Adam, AdamW, AMSGrad, Descent, Momentum, RAdam, WeightDecay, chain, update
from fluxopt_edu.rule import rule

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make peers")

from fluxopt_edu.adapters import as_torch  # noqa: E402
from fluxopt_edu.dialects.torch import SGD  # noqa: E402

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)
each_case = pytest.mark.parametrize("case", CASES, ids=repr)
schedulers = torch.optim.lr_scheduler


def parameter(values, dtype=None):
    return torch.tensor(np.asarray(values), dtype=dtype, requires_grad=True)


def stepped(optimizer, *gradients):
    """One step; None leaves a parameter without a gradient."""
    ps = [p for group in optimizer.param_groups for p in group["params"]]
    for p, g in zip(ps, gradients, strict=True):
        p.grad = None if g is None else torch.as_tensor(g, dtype=p.dtype)
    optimizer.step()


def run_torch(opt, x0, gradients, **options):
    """x after each gradient."""
    p = parameter(x0)
    optimizer, xs = as_torch(opt, [p], **options), []
    for g in gradients:
        stepped(optimizer, g)
        xs.append(p.detach().numpy().copy())
    return np.array(xs), optimizer


def recorded_run(case, dtype, **options):
    return run_torch(case.optimiser(), numbers(recorded()["x0"], dtype), numbers(recorded()["gradients"], dtype), **options)


# Flux's numbers


@each_case
def test_float64_bit_for_bit(case):
    xs, optimizer = recorded_run(case, "float64")
    check_bits(case, "float64 x on PyTorch", xs, numbers(case["float64"]))
    (p,) = optimizer.param_groups[0]["params"]
    state = [np.asarray(part) for part in optimizer.state.get(p, {}).values()]
    flux = [part for part in case.final_state("float64") if part.shape != (0,)]
    for ours, theirs in zip(state, flux, strict=True):
        check_bits(case, "float64 state on PyTorch", ours.astype(theirs.dtype), theirs, ("coordinate",))


@each_case
def test_float32_is_numpys_and_within_5e_6_of_flux(case):
    xs, _ = recorded_run(case, "float32")
    check_bits(case, "float32 x on PyTorch", xs, run(case.optimiser(), "float32")[0])
    flux = numbers(case["float32"], "float32")
    check_near(case, "float32 x on PyTorch", xs, flux, 5e-6 * np.abs(flux).max(axis=0))


@each_case
def test_float32_as_flux_computes_it_bit_for_bit(case):
    check_bits(case, "float32 x on PyTorch", recorded_run(case, "float32", flux_float32=True)[0], numbers(case["float32"], "float32"))


@each_case
def test_float16_is_numpys(case):
    with np.errstate(all="ignore"):
        check_bits(case, "float16 x on PyTorch", recorded_run(case, "float16")[0], run(case.optimiser(), "float16")[0])


@each_case
def test_complex_parameters_by_fluxs_formula(case):
    x0, gradients = (complex_numbers(recorded()[f"complex_{name}"]) for name in ("x0", "gradients"))
    if case.rule in REAL_ONLY:
        with pytest.raises(TypeError, match=r"param_groups\[0\]\['params'\]\[0\] has dtype torch.complex128: expected real numbers"):
            run_torch(case.optimiser(), x0, gradients)
        return
    xs, _ = run_torch(case.optimiser(), x0, gradients)
    flux = complex_numbers(case["complex128"])
    check_near(case, "complex128 x on PyTorch", xs, flux, 1e-15 * np.abs(flux))


@each
def test_long_vectors_bit_for_bit(new):
    # where PyTorch computes with wide registers, and its own root errs in the last bit
    rng = np.random.default_rng(5)
    x, opt = rng.standard_normal(2001), new()
    gradients = rng.standard_normal((6, 2001))
    xs, _ = run_torch(new(), x, gradients)
    for g, ours in zip(gradients, xs):
        update(opt, x, g)
        assert x.tobytes() == ours.tobytes()


@each
@pytest.mark.parametrize("shape", [(), (0,), (2, 3)], ids=str)
def test_any_shape(new, shape):
    xs, _ = run_torch(new(), np.ones(shape), np.full((2, *shape), 0.5))
    p = np.ones(shape)
    opt = new()
    state = opt.init(p)
    for x in xs:
        state, step = opt.apply(state, p, np.full(shape, 0.5))
        p = np.asarray(p - step)
        assert np.array_equal(x, p)


@pytest.mark.parametrize("rule", FOURTEEN, ids=name)
def test_bfloat16_keeps_its_type(rule):
    p, exact = parameter([1.0, -2.0], torch.bfloat16), parameter([1.0, -2.0], torch.float64)
    half, double = as_torch(rule(), [p]), as_torch(rule(), [exact])
    for t in range(4):
        for optimizer in half, double:
            stepped(optimizer, [0.5 + t, -1.0])
    assert p.dtype == torch.bfloat16 and all(part.dtype == torch.bfloat16 for part in tensors(half))
    assert torch.allclose(p.double(), exact, rtol=2**-6, atol=0)


def tensors(optimizer):
    return [part for state in optimizer.state.values() for part in state.values() if isinstance(part, torch.Tensor)]


def test_a_rule_of_ones_own():
    @rule
    def Halves(g, x, n=1, *, eta=0.5):
        return eta * g + x / 2, n + 1

    xs, optimizer = run_torch(Halves(), np.array([4.0]), np.ones((2, 1)))
    assert xs.tolist() == [[1.5], [0.25]]
    assert optimizer.state_dict()["state"][0]["n"].tolist() == [3.0]


# Parameter groups


def test_groups_have_their_own_hyper_parameters():
    a, b, c = (parameter([1.0]) for _ in range(3))
    optimizer = as_torch(Momentum(0.5, 0.25), [{"params": [a]}, {"params": [b], "lr": 0.125}, {"params": c, "eta": 0.25, "rho": 0.5}])
    assert [(group["lr"], group["rho"]) for group in optimizer.param_groups] == [(0.5, 0.25), (0.125, 0.25), (0.25, 0.5)]
    assert not any("eta" in group for group in optimizer.param_groups)
    for _ in range(2):
        stepped(optimizer, [1.0], [1.0], [1.0])
    for p, opt in (a, Momentum(0.5, 0.25)), (b, Momentum(0.125, 0.25)), (c, Momentum(0.25, 0.5)):
        x = np.array([1.0])
        for _ in range(2):
            update(opt, x, np.ones(1))
        assert p.item() == x.item()


def test_a_states_start_is_the_groups():
    # βt starts at β, and AMSGrad's states at ε
    ps = [parameter([1.0]), parameter([1.0])]
    optimizer = as_torch(Adam(), [{"params": ps[:1]}, {"params": ps[1:], "beta": (0.5, 0.25)}])
    stepped(optimizer, [1.0], [1.0])
    assert [optimizer.state[p]["βt"] for p in ps] == [(0.9 * 0.9, 0.999 * 0.999), (0.25, 0.0625)]
    p = parameter([1.0])
    stepped(as_torch(AMSGrad(), [{"params": [p], "epsilon": 0.5}]), [0.0])
    x, opt = np.array([1.0]), AMSGrad(epsilon=0.5)
    update(opt, x, np.zeros(1))
    assert p.item() == x.item()


def test_add_param_group():
    a, b = parameter([1.0]), parameter([1.0])
    optimizer = as_torch(Descent(0.5), [a])
    optimizer.add_param_group({"params": b, "eta": 0.25})
    stepped(optimizer, [1.0], [1.0])
    assert (a.item(), b.item()) == (0.5, 0.75)


def test_the_rule_is_copied():
    opt, p = Adam(0.5), parameter([1.0])
    optimizer = as_torch(opt, [p])
    opt.eta = 0.0
    stepped(optimizer, [1.0])
    assert p.item() == pytest.approx(0.5)
    assert optimizer.param_groups[0]["lr"] == 0.5


def test_a_partial_takes_parameters_alone():
    p = parameter([1.0])
    stepped(functools.partial(as_torch, Descent(0.5))([p]), [1.0])
    assert p.item() == 0.5


def test_a_network_with_named_parameters():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    x = torch.randn(32, 3)
    y = x.sum(1, keepdim=True)
    optimizer, losses = as_torch(RAdam(0.02), net.named_parameters()), []
    for _ in range(60):
        optimizer.zero_grad()
        losses.append(torch.nn.functional.mse_loss(net(x), y))
        losses[-1].backward()
        optimizer.step()
    assert losses[-1] < 0.8 * losses[0]
    net[0].bias.grad = torch.zeros(4).to_sparse()
    with pytest.raises(TypeError, match="the gradient of 0.bias has layout torch.sparse_coo: expected a dense one"):
        optimizer.step()


def test_a_chain_names_by_position():
    opt = chain(WeightDecay(0.25), Momentum(0.5, 0.125), chain(Descent(0.5)))
    p = parameter([2.0])
    optimizer = as_torch(opt, [p])
    group = optimizer.param_groups[0]
    assert {key: group[key] for key in group if key != "params"} == {"0.decay": 0.25, "1.eta": 0.5, "1.rho": 0.125, "2.0.eta": 0.5}
    group["2.0.eta"] = 1.0
    stepped(optimizer, [1.0])
    assert p.item() == 2 - 0.5 * 1.5 and list(optimizer.state[p]) == ["1.v"]


def test_a_chain_with_one_learning_rate_has_lr():
    p = parameter([2.0])
    optimizer = as_torch(chain(WeightDecay(0.25), Momentum(0.5)), [p])
    assert optimizer.param_groups[0]["lr"] == 0.5
    optimizer.param_groups[0]["lr"] = 1.0
    stepped(optimizer, [1.0])
    assert p.item() == 0.5


# Schedulers


def halved_every_second(step):
    return 0.5 ** (step // 2)


def pytorchs_rates(new):
    """The learning rates that a scheduler gives PyTorch's own optimiser."""
    optimizer = torch.optim.SGD([parameter([1.0])], lr=0.25)
    scheduler, rates = new(optimizer), []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*[1.0] * isinstance(scheduler, schedulers.ReduceLROnPlateau))
    return rates


@pytest.mark.parametrize("new", [
    pytest.param(lambda o: schedulers.StepLR(o, step_size=2, gamma=0.5), id="StepLR"),
    pytest.param(lambda o: schedulers.LambdaLR(o, halved_every_second), id="LambdaLR"),
    pytest.param(lambda o: schedulers.CosineAnnealingLR(o, T_max=8), id="CosineAnnealingLR"),
    pytest.param(lambda o: schedulers.OneCycleLR(o, max_lr=0.5, total_steps=12, cycle_momentum=False), id="OneCycleLR"),
    pytest.param(lambda o: schedulers.CyclicLR(o, 0.1, 0.5, step_size_up=3, cycle_momentum=False), id="CyclicLR"),
    pytest.param(lambda o: schedulers.ReduceLROnPlateau(o, factor=0.5, patience=1), id="ReduceLROnPlateau"),
    pytest.param(lambda o: schedulers.SequentialLR(o, [schedulers.LinearLR(o), schedulers.ExponentialLR(o, 0.5)], [4]), id="SequentialLR"),
])  # fmt: skip
@pytest.mark.parametrize("rule", [Adam, AdamW], ids=name)
def test_schedulers(new, rule):
    p, x, opt = parameter([1.0, -2.0]), np.array([1.0, -2.0]), rule(0.25)
    optimizer = as_torch(rule(0.25), [p])
    scheduler, rates = new(optimizer), []
    for t in range(10):
        g = np.cos(t + np.arange(2))
        opt.eta = optimizer.param_groups[0]["lr"]
        rates.append(opt.eta)
        update(opt, x, g)
        stepped(optimizer, g)
        assert p.detach().numpy().tobytes() == x.tobytes()
        scheduler.step(*[1.0] * isinstance(scheduler, schedulers.ReduceLROnPlateau))
    assert rates == pytest.approx(pytorchs_rates(new), rel=1e-15) and len(set(rates)) > 2


def test_decay_is_not_scheduled():
    p = parameter([1.0])
    optimizer = as_torch(AdamW(0.5, decay=0.25), [p])
    optimizer.param_groups[0]["lr"] = 0.0
    stepped(optimizer, [1.0])
    assert p.item() == 0.75


@pytest.mark.parametrize("new", [
    lambda o: schedulers.StepLR(o, 2), lambda o: schedulers.ReduceLROnPlateau(o), lambda o: schedulers.LambdaLR(o, halved_every_second),
    lambda o: schedulers.CosineAnnealingLR(o, 8), lambda o: o.param_groups[0]["lr"],
])  # fmt: skip
@pytest.mark.parametrize("opt, why", [(AdaDelta(), "no η"), (chain(Descent(), Adam()), "several, 0.eta, 1.eta")], ids=["none", "several"])
def test_without_one_learning_rate_a_scheduler_is_an_error(new, opt, why):
    optimizer = as_torch(opt, [parameter([1.0])])
    with pytest.raises(ValueError, match=f"has no 'lr': expected an optimiser with one learning rate; this one has {why}"):
        new(optimizer)


def test_a_learning_rate_set_where_there_is_none_is_an_error():
    p = parameter([1.0])
    optimizer = as_torch(AdaDelta(), [p])
    optimizer.param_groups[0]["lr"] = 0.1
    with pytest.raises(ValueError, match=r"param_groups\[0\] has 'lr': expected rho, epsilon, the hyper-parameters of AdaDelta"):
        stepped(optimizer, [1.0])
    assert p.item() == 1.0


# What PyTorch's optimisers do


def test_none_is_skipped_and_its_powers_wait():
    a, b = parameter([1.0]), parameter([1.0])
    optimizer = as_torch(Adam(), [a, b])
    stepped(optimizer, [1.0], None)
    assert b.item() == 1.0 and b not in optimizer.state
    stepped(optimizer, [1.0], [1.0])
    assert optimizer.state[a]["βt"][0] == 0.9**3 and optimizer.state[b]["βt"][0] == 0.9 * 0.9


def test_closure_and_zero_grad():
    p = parameter([3.0])
    optimizer = as_torch(Descent(0.25), [p])

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    assert [optimizer.step(closure).item() for _ in range(3)] == [9.0, 2.25, 0.5625]
    optimizer.zero_grad()
    assert p.grad is None and p.requires_grad and p.is_leaf and p.grad_fn is None
    assert optimizer.step() is None


def test_the_parameter_stays_where_it_is():
    p, g = parameter([[1.0, 2.0], [3.0, 4.0]]), torch.ones(2, 2, dtype=torch.float64)
    view, version, kept = p.detach().T, p.data_ptr(), g.clone()
    optimizer = as_torch(Adam(), [p])
    p.grad = g
    optimizer.step()
    assert p.data_ptr() == version and torch.equal(view.T, p) and torch.equal(g, kept)
    assert not any(part.requires_grad for part in tensors(optimizer))


def test_hooks_are_called():
    p, seen = parameter([1.0]), []
    optimizer = as_torch(Descent(), [p])
    optimizer.register_step_pre_hook(lambda *_: seen.append("before"))
    optimizer.register_step_post_hook(lambda *_: seen.append("after"))
    stepped(optimizer, [1.0])
    assert seen == ["before", "after"]


def test_repr_names_the_rule():
    text = repr(as_torch(Adam(0.5), [parameter([1.0])]))
    assert text.startswith("as_torch(Adam(eta=0.5, beta=(0.9, 0.999), epsilon=1e-08)) (\nParameter Group 0\n") and "    lr: 0.5\n" in text


# Saved and resumed

DTYPES = ["float64", "float32", "float16", "complex128"]


def through_a_file(saved):
    file = io.BytesIO()
    torch.save(saved, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def two_groups(new, dtype):
    ps = [parameter(np.arange(1, 4).astype(dtype)), parameter(np.array(2, dtype))]
    return ps, as_torch(new(), [{"params": ps[:1]}, {"params": ps[1:]}])


def go_on(optimizer, ps, ts):
    for t in ts:
        stepped(optimizer, *(np.cos(t + np.arange(p.numel())).reshape(p.shape) + 0.1 * p.detach().numpy() for p in ps))


@pytest.mark.parametrize("new, dtype", [(n, d) for n in FIFTEEN for d in DTYPES if d != "complex128" or n in COMPLEX], ids=lambda v: name(v) or v)
def test_a_run_that_is_cut_saved_and_resumed_is_bit_identical(new, dtype):
    whole, optimizer = two_groups(new, dtype)
    go_on(optimizer, whole, range(12))
    first, optimizer = two_groups(new, dtype)
    go_on(optimizer, first, range(5))
    file = through_a_file({"ps": [p.detach() for p in first], "optimizer": optimizer.state_dict()})
    second, optimizer = two_groups(new, dtype)
    for p, saved in zip(second, file["ps"]):
        p.data.copy_(saved)
    optimizer.load_state_dict(file["optimizer"])
    go_on(optimizer, second, range(5, 12))
    assert all(a.detach().numpy().tobytes() == b.detach().numpy().tobytes() for a, b in zip(second, whole))


def test_loading_takes_hyper_parameters_and_schedulers_go_on():
    runs = []
    for cut in False, True:
        p = parameter([1.0])
        optimizer = as_torch(Adam(0.5), [p])
        scheduler = schedulers.StepLR(optimizer, 2, 0.5)
        for t in range(8):
            if cut and t == 3:
                saved = through_a_file({"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()})
                optimizer = as_torch(Adam(0.125), [p])
                scheduler = schedulers.StepLR(optimizer, 2, 0.5)
                optimizer.load_state_dict(saved["optimizer"])
                scheduler.load_state_dict(saved["scheduler"])
            stepped(optimizer, [math.cos(t)])
            scheduler.step()
        runs.append(p.item())
    assert runs[0] == runs[1]
    assert type(optimizer.param_groups[0]).__name__ == "Group"


@pytest.mark.parametrize("way", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))], ids=["deepcopy", "pickle"])
def test_a_copy_goes_on(way):
    p = parameter([1.0])
    optimizer = as_torch(RAdam(), [p], flux_float32=True)
    for _ in range(3):
        stepped(optimizer, [1.0])
    other = way(optimizer)
    (q,) = other.param_groups[0]["params"]
    assert other.flux_float32 and other.rule is not optimizer.rule
    for _ in range(4):
        stepped(optimizer, [0.5])
        stepped(other, [0.5])
    assert q is not p and q.item() == p.item()


def without(state, key):
    return {k: v for k, v in state.items() if k != key}


@pytest.mark.parametrize("change, message", [
    pytest.param(lambda s: without(s, "v"), r"the state of .* has the parts \['m', 'βt'\]: expected \['m', 'v', 'βt'\]", id="missing"),
    pytest.param(lambda s: s | {"u": s["m"]}, r"has the parts \['m', 'u', 'v', 'βt'\]", id="unknown"),
    pytest.param(lambda s: s | {"m": torch.zeros(1)}, r"the state m of .* has shape \(1,\) and dtype torch.float64: expected \(2,\)", id="shape"),
    pytest.param(lambda s: s | {"m": 0.0}, "the state m of .* is of type float: expected a tensor", id="number"),
    pytest.param(lambda s: s | {"βt": 0.9}, "the state βt of .* is 0.9: expected a pair of numbers", id="one power"),
    pytest.param(lambda s: s | {"βt": (0.9,)}, r"the state βt of .* is \(0.9,\): expected a pair of numbers", id="a single"),
    pytest.param(lambda s: s | {"βt": (torch.ones(()), 0.9)}, "the state βt of .*: expected a pair of numbers", id="tensor"),
])  # fmt: skip
def test_a_wrong_state_is_an_error_and_changes_nothing(change, message):
    p = parameter([1.0, 2.0])
    optimizer = as_torch(Adam(), [p])
    stepped(optimizer, [1.0, 1.0])
    saved, before = optimizer.state_dict(), optimizer.state[p]
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(saved | {"state": {0: change(saved["state"][0])}})
    assert optimizer.state[p] is before


@pytest.mark.parametrize("change, message", [
    pytest.param(lambda g: without(g, "lr"), r"param_groups\[0\] has no 'lr': expected lr, beta, epsilon, the hyper-parameters of Adam", id="missing"),
    pytest.param(lambda g: g | {"beta": (0.9, 1.5)}, r"param_groups\[0\]\['beta'\]: Adam: beta\[1\] = 1.5: expected a number in \[0, 1\)", id="range"),
    pytest.param(lambda g: g | {"betas": (0.9, 0.9)}, "has 'betas': expected lr, beta, epsilon, and beta for PyTorch's betas", id="PyTorch's"),
])  # fmt: skip
def test_a_wrong_group_is_an_error_and_changes_nothing(change, message):
    optimizer = as_torch(Adam(0.5), [parameter([1.0])])
    saved = optimizer.state_dict()
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(saved | {"param_groups": [change(saved["param_groups"][0])]})
    assert optimizer.param_groups[0]["lr"] == 0.5


def test_the_state_of_another_rule_is_an_error():
    p = parameter([1.0])
    adam, amsgrad = as_torch(Adam(), [p]), as_torch(AMSGrad(), [p])
    stepped(adam, [1.0])
    with pytest.raises(ValueError, match=r"has the parts \['m', 'v', 'βt'\]: expected \['m', 'v', 'v_max'\], those of AMSGrad"):
        amsgrad.load_state_dict(adam.state_dict())


# What does not fit


@pytest.mark.parametrize("opt, found", [(Adam, "opt = <class"), ("Adam", "opt = 'Adam'"), (None, "opt = None"), ([torch.zeros(1)], r"opt = \[tensor")])
def test_no_optimiser(opt, found):
    with pytest.raises(TypeError, match=rf"^{found}.*: expected an optimiser, such as Adam\(\)"):
        as_torch(opt, [parameter([1.0])])


def test_another_librarys_rule():
    for opt in SGD(), chain(Descent(), SGD()):
        with pytest.raises(TypeError, match=r"opt: torch.SGD\(.*\): expected a rule of fluxopt_edu"):
            as_torch(opt, [parameter([1.0])])


@pytest.mark.parametrize("group, message", [
    ({"lr": -1}, r"param_groups\[1\]\['lr'\]: Adam: eta = -1: expected a finite number, at least 0"),
    ({"lr": 1, "eta": 1}, r"param_groups\[1\] has lr = 1 and eta = 1: expected one of them"),
    ({"rho": 0.9}, r"param_groups\[1\] has 'rho': expected lr, beta, epsilon, the hyper-parameters of Adam"),
    ({"eps": 1e-8}, "has 'eps': expected lr, beta, epsilon, and epsilon for PyTorch's eps"),
    ({"weight_decay": 0.1}, "has 'weight_decay': expected lr, beta, epsilon, the hyper-parameters of Adam"),
    ({"beta": 0.9}, r"param_groups\[1\]\['beta'\]: Adam: beta = 0.9: expected a pair"),
    ({"params": [torch.zeros(2, dtype=torch.int64)]}, r"param_groups\[1\]\['params'\]\[0\] has dtype torch.int64: expected real or complex floats"),
    ({"params": [torch.zeros(2).to_sparse()]}, "has layout torch.sparse_coo: expected a dense parameter"),
    ({"params": [P := torch.zeros(1), P]}, r"param_groups\[1\] has a parameter twice: expected each once"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:optimizer contains a parameter group with duplicate")
def test_a_wrong_group_is_not_added(group, message):
    optimizer = as_torch(Adam(), [parameter([1.0])])
    with pytest.raises((TypeError, ValueError), match=message):
        optimizer.add_param_group({"params": [parameter([1.0])]} | group)
    assert len(optimizer.param_groups) == 1


def test_pytorchs_weight_decay_is_decay_times_lr():
    with pytest.raises(ValueError, match="has 'weight_decay': expected lr, beta, decay, and decay for PyTorch's weight_decay, times lr"):
        as_torch(AdamW(), [{"params": [parameter([1.0])], "weight_decay": 0.1}])


def test_other_names_in_a_group_are_the_users():
    optimizer = as_torch(Adam(), [{"params": [parameter([1.0])], "name": "head", "initial_lr": 0.5}])
    stepped(optimizer, [1.0])
    assert optimizer.param_groups[0]["name"] == "head"


def sparse(p):
    p.grad = torch.zeros_like(p).to_sparse()


def resized(p):
    p.data = torch.zeros(3, dtype=p.dtype)


@pytest.mark.parametrize("spoil, message", [
    (sparse, r"the gradient of param_groups\[1\]\['params'\]\[0\] has layout torch.sparse_coo: expected a dense one, such as grad.to_dense"),
    (resized, r"the state m of param_groups\[1\]\['params'\]\[0\] has shape \(2,\) .*: expected \(3,\)"),
])  # fmt: skip
def test_a_failed_step_changes_nothing(spoil, message):
    a, b = parameter([1.0, 2.0]), parameter([1.0, 2.0])
    optimizer = as_torch(Adam(), [{"params": [a]}, {"params": [b]}])
    stepped(optimizer, [1.0, 1.0], [1.0, 1.0])
    kept, states = a.tolist(), [dict(optimizer.state[p]) for p in (a, b)]
    a.grad, b.grad = torch.ones_like(a), torch.ones_like(b)
    spoil(b)
    with pytest.raises((TypeError, ValueError), match=message):
        optimizer.step()
    assert a.tolist() == kept
    assert all(optimizer.state[p] == state for p, state in zip((a, b), states))


def test_a_hyper_parameter_out_of_range_changes_nothing():
    a, b = parameter([1.0]), parameter([1.0])
    optimizer = as_torch(Adam(), [{"params": [a]}, {"params": [b]}])
    optimizer.param_groups[1]["lr"] = math.nan
    with pytest.raises(ValueError, match=r"param_groups\[1\]\['lr'\]: Adam: eta = nan: expected a finite number"):
        stepped(optimizer, [1.0], [1.0])
    assert a.item() == 1.0 and not optimizer.state
