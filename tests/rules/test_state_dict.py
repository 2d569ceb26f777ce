"""Saving and resuming: states travel by state_dict, hyper-parameters by pickle, copy and repr."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from flux_rules import DEFAULTS, FIFTEEN, FOURTEEN, REAL_ONLY, decayed_momentum, name

import fluxopt_edu
from fluxopt_edu import Adam, AdamW, Descent, Momentum, RAdam, chain, update

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)
each_rule = pytest.mark.parametrize("rule", FOURTEEN, ids=name)


def each_with_dtypes(*dtypes):
    pairs = [(new, dtype) for new in FIFTEEN for dtype in dtypes if name(new) not in REAL_ONLY or dtype[0] == "f"]
    return pytest.mark.parametrize("new, dtype", pairs, ids=lambda value: name(value) or value)


def parameters(dtype):
    """Nested, of several shapes, one of them in Fortran order and one 0-d."""
    rng = np.random.default_rng(3)

    def random(*shape):
        values = rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if np.dtype(dtype).kind == "c" else 0)
        return np.asarray(values, dtype)

    layers = [{"W": np.asfortranarray(random(3, 2)), "b": random(2)}, {"W": random(2, 2), "b": random(2)}]
    return {"层": layers, "scale": random(), "gone": (random(0, 3),)}


def gradients(ps, t):
    """From t and the parameters themselves, so that an error in a parameter grows."""
    return mapped(ps, lambda p: np.asarray((np.cos(t + np.arange(p.size)).reshape(p.shape) + 0.1 * p), p.dtype))


def mapped(ps, function):
    if isinstance(ps, dict):
        return {key: mapped(inner, function) for key, inner in ps.items()}
    if isinstance(ps, (list, tuple)):
        return [mapped(inner, function) for inner in ps]
    return function(ps)


def flat(ps):
    if isinstance(ps, dict):
        ps = list(ps.values())
    return [p for inner in ps for p in flat(inner)] if isinstance(ps, (list, tuple)) else [ps]


def through_a_file(tmp_path, **saved):
    np.savez(tmp_path / "run.npz", **saved)
    return np.load(tmp_path / "run.npz", allow_pickle=False)


def same_bits(a, b):
    return (a.shape, a.dtype, a.tobytes()) == (b.shape, b.dtype, b.tobytes())


# Resuming


@each_with_dtypes("float64", "float32", "float16", "complex128", "complex64")
def test_a_run_that_is_cut_saved_and_resumed_is_bit_identical(new, dtype, tmp_path):
    whole, opt = parameters(dtype), new()
    for t in range(12):
        update(opt, whole, gradients(whole, t))

    first, opt = parameters(dtype), new()
    for t in range(5):
        update(opt, first, gradients(first, t))
    file = through_a_file(tmp_path, **{f"p{i}": p for i, p in enumerate(flat(first))}, **prefixed(opt.state_dict(first)))

    second, opt = parameters(dtype), new()
    for i, p in enumerate(flat(second)):
        p[...] = file[f"p{i}"]
    opt.load_state_dict({key.removeprefix("opt "): file[key] for key in file if key.startswith("opt ")}, second)
    for t in range(5, 12):
        update(opt, second, gradients(second, t))
    assert all(map(same_bits, flat(second), flat(whole)))
    assert all(p.dtype == dtype for p in flat(second))


def prefixed(sd):
    return {f"opt {key}": value for key, value in sd.items()}


@each
def test_the_open_file_itself_can_be_loaded(new, tmp_path):
    ps, opt = {"W": np.ones((2, 2))}, new()
    update(opt, ps, {"W": np.full((2, 2), 0.5)})
    other = new()
    with through_a_file(tmp_path, **opt.state_dict(ps)) as file:
        other.load_state_dict(file, ps)
    assert_same_states(other.state_dict(ps), opt.state_dict(ps))


def assert_same_states(a, b):
    assert list(a) == list(b) and all(map(same_bits, a.values(), b.values()))


@each_with_dtypes("float32", "float16", "complex64")
def test_types_after_loading_are_those_before(new, dtype, tmp_path):
    # 0-d float64 arrays, as a file gives back for plain numbers, would promote the parameters
    ps, opt, other = [np.ones(3, dtype)], new(), new()
    update(opt, ps, [np.ones(3, dtype)])
    other.load_state_dict(through_a_file(tmp_path, **opt.state_dict(ps)), ps)
    saved, loaded = opt.states.get(ps[0]), other.states.get(ps[0])
    assert kinds(saved) == kinds(loaded)
    if saved is not None:
        _, step = other.apply(loaded, ps[0], np.ones(3, dtype))
        assert step.dtype == dtype


def kinds(state):
    if isinstance(state, tuple):
        return tuple(map(kinds, state))
    return (type(state), state.dtype, state.shape) if isinstance(state, np.ndarray) else type(state)


# The saved form


@each
def test_names_and_plain_arrays(new):
    W, b = np.ones((2, 2), "float32"), np.ones(2)
    opt, ps = new(), {"W": W, "layers": [b]}
    assert opt.state_dict(ps) == {}
    update(opt, ps, {"W": np.ones((2, 2), "float32"), "layers": [None]})
    saved = opt.state_dict(ps)
    assert all(key.startswith("W.") for key in saved)
    assert all(type(value) is np.ndarray and value.dtype.kind in "fi" for value in saved.values())
    update(opt, ps, {"W": None, "layers": [np.ones(2)]})
    both = opt.state_dict(ps)
    assert list(both) == [*saved, *(key.replace("W.", "layers.0.", 1) for key in saved)]


def test_the_names_of_the_parts():
    p = np.zeros(2)
    names = {
        Descent: [], Momentum: ["v"], RAdam: ["m", "v", "βt", "t"], fluxopt_edu.AMSGrad: ["m", "v", "v_max"],
        fluxopt_edu.OAdam: ["m", "v", "u", "βt"], AdamW: ["0.m", "0.v", "0.βt"], decayed_momentum: ["1.v", "2.m", "2.v", "2.βt"],
    }  # fmt: skip
    for new, parts in names.items():
        opt = new()
        update(opt, p, np.ones(2))
        assert list(opt.state_dict(p)) == parts
        assert list(opt.state_dict([p])) == [f"0.{part}" for part in parts]
    assert RAdam().state_dict(p) == {}


def test_saved_states_are_copies():
    opt, p = Momentum(), np.zeros(2)
    update(opt, p, np.ones(2))
    saved = opt.state_dict(p)
    kept = saved["v"].copy()
    saved["v"][...] = 100
    assert np.array_equal(opt.state_dict(p)["v"], kept)
    saved = opt.state_dict(p)
    update(opt, p, np.ones(2))
    assert np.array_equal(saved["v"], kept)
    loaded, ours = Momentum(), np.zeros(2)
    loaded.load_state_dict(saved, ours)
    saved["v"][...] = 100
    assert np.array_equal(loaded.state_dict(ours)["v"], kept)


def test_hyper_parameters_are_not_saved():
    a, b, p = Adam(0.5), Adam(0.25), np.ones(2)
    update(a, p, p)
    b.load_state_dict(a.state_dict(p), p)
    assert b.eta == 0.25


def test_loading_replaces_a_state_and_leaves_out_what_is_not_there():
    opt, a, b = Momentum(), np.zeros(2), np.zeros(2)
    update(opt, {"a": a, "b": b}, {"a": np.ones(2), "b": np.ones(2)})
    opt.load_state_dict({"a.v": np.full(2, 7.0)}, {"a": a, "b": b})
    assert opt.state_dict({"a": a, "b": b}).keys() == {"a.v"}
    update(opt, a, np.zeros(2))
    assert np.allclose(a, -0.01 + 0.9 * 7)


def test_after_loading_a_fresh_view_is_still_an_error():
    opt, W = Momentum(), np.ones((2, 3))
    row = W[0]
    opt.load_state_dict({"v": np.ones(3)}, row)
    with pytest.raises(ValueError, match="is a new view"):
        update(opt, W[0], np.ones(3))
    update(opt, row, np.ones(3))


def test_a_state_loaded_for_a_view_that_is_gone_is_an_error_at_the_next_step():
    opt, W = Momentum(), np.ones((2, 3))
    opt.load_state_dict({"v": np.ones(3)}, W[0])
    with pytest.raises(ValueError, match="is a new view"):
        update(opt, W[0], np.ones(3))


# What does not fit


@pytest.mark.parametrize("change, message", [
    pytest.param(lambda sd: sd | {"W.w": np.zeros(2)}, r"sd has unknown names \['W.w'\]: expected \['W.m', 'W.v', 'W.βt', 'b.m'", id="unknown part"),
    pytest.param(lambda sd: {f"model.{k}": v for k, v in sd.items()}, "sd has unknown names .*'model.W.m'.*: expected .*'W.m'", id="unknown prefix"),
    pytest.param(lambda sd: without(sd, "W.v"), "sd has no 'W.v', though other parts of the same state: expected all of them", id="missing array"),
    pytest.param(lambda sd: without(sd, "b.βt"), "sd has no 'b.βt', though", id="missing scalar"),
    pytest.param(lambda sd: sd | {"b.m": np.zeros(3)}, r"sd\['b.m'\] has shape \(3,\) and dtype float64: expected \(2,\) and float64", id="shape"),
    pytest.param(lambda sd: sd | {"b.m": np.zeros(1)}, r"sd\['b.m'\] has shape \(1,\)", id="shape that would broadcast"),
    pytest.param(lambda sd: sd | {"b.m": np.zeros(())}, r"sd\['b.m'\] has shape \(\)", id="number for an array"),
    pytest.param(lambda sd: sd | {"b.βt": np.zeros(3)}, r"sd\['b.βt'\] has shape \(3,\) and dtype float64: expected \(2,\)", id="three powers"),
    pytest.param(lambda sd: sd | {"b.m": np.zeros(2, "float32")}, "dtype float32: expected .* and float64", id="dtype"),
    pytest.param(lambda sd: sd | {"b.m": np.zeros(2, complex)}, "dtype complex128: expected .* and float64", id="complex"),
    pytest.param(lambda sd: sd | {"b.m": ["a", "b"]}, "dtype <U1: expected .* and float64", id="text"),
    pytest.param(lambda sd: sd | {"b.m": None}, "dtype object: expected .* and float64", id="nothing"),
])  # fmt: skip
def test_a_wrong_state_dict_is_an_error_and_changes_nothing(change, message):
    ps, opt = {"W": np.ones(3), "b": np.ones(2)}, Adam()
    update(opt, ps, {"W": np.ones(3), "b": np.ones(2)})
    before = opt.state_dict(ps)
    update(opt, ps, {"W": np.ones(3), "b": np.ones(2)})
    after = opt.state_dict(ps)
    with pytest.raises(ValueError, match=message):
        opt.load_state_dict(change(before), ps)
    assert_same_states(opt.state_dict(ps), after)


def without(sd, missing):
    return {key: value for key, value in sd.items() if key != missing}


@pytest.mark.parametrize("sd", [None, [("v", np.zeros(2))], "run.npz", np.zeros(2), Momentum()], ids=lambda sd: type(sd).__name__)
def test_a_state_dict_that_is_no_mapping(sd):
    with pytest.raises(TypeError, match=f"sd is of type {type(sd).__name__}: expected a mapping from names to arrays"):
        Momentum().load_state_dict(sd, np.zeros(2))


@pytest.mark.parametrize("ps, what", [(1.5, r"ps is 1.5, of type float"), ({"W": "abc"}, r"ps\['W'\] is 'abc', of type str"), ([None], r"ps\[0\] is of type NoneType"), ([range(2)], r"ps\[0\] is of type range")])
def test_parameters_that_are_no_arrays(ps, what):
    for call in Momentum().state_dict, lambda ps: Momentum().load_state_dict({}, ps):
        with pytest.raises(TypeError, match=f"{what}: expected a NumPy array"):
            call(ps)


def test_parameters_that_hold_no_floats():
    for call in Momentum().state_dict, lambda ps: Momentum().load_state_dict({}, ps):
        with pytest.raises(TypeError, match=r"ps\['n'\] has dtype int64: expected real or complex floats"):
            call({"n": np.array([1, 2])})


def test_two_parameters_with_the_same_name():
    ps = {"a": {"b": np.zeros(2)}, "a.b": np.zeros(2)}
    opt = Momentum()
    update(opt, ps["a.b"], np.ones(2))
    for call in opt.state_dict, lambda ps: opt.load_state_dict({"a.b.v": np.ones(2)}, ps):
        with pytest.raises(ValueError, match=r"ps\['a'\]\['b'\] and ps\['a.b'\] both have a state called 'a.b.v': expected keys that give different names"):
            call(ps)


def test_saving_a_fresh_view_is_an_error():
    opt, W = Momentum(), np.zeros((2, 2))
    row = W[0]
    update(opt, row, np.ones(2))
    with pytest.raises(ValueError, match=r"ps\['row'\] is a new view of a parameter that already has a state"):
        opt.state_dict({"row": W[0]})


def test_the_state_of_another_rule_is_an_error():
    p, momentum, adam = np.zeros(2), Momentum(), Adam()
    update(momentum, p, np.ones(2))
    with pytest.raises(ValueError, match="sd has no 'm', though other parts of the same state"):
        adam.load_state_dict(momentum.state_dict(p), p)


# Pickles and copies

WAYS = {
    "pickle": lambda opt: pickle.loads(pickle.dumps(opt)),
    "old pickle": lambda opt: pickle.loads(pickle.dumps(opt, protocol=0)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def other_values(rule):
    return rule(*({"beta": (0.25, 0.5)}.get(key, (i + 1) / 8) for i, key in enumerate(DEFAULTS[name(rule)])))


@each_rule
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_copy_keeps_the_hyper_parameters(rule, way):
    opt = other_values(rule)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other = way(opt)
    assert type(other) is rule and other is not opt and repr(other) == repr(opt)
    setattr(other, rule.hyper[0], 0.0)
    assert repr(other) != repr(opt) == repr(other_values(rule))


@each
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_copy_keeps_no_state_and_says_so(new, way):
    opt, p = new(), np.ones(2)
    update(opt, p, np.ones(2))
    if not opt.state_dict(p):  # Descent has none to lose
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            way(opt)
        return
    with pytest.warns(UserWarning, match="keeps its hyper-parameters and no state: take states along with state_dict and load_state_dict") as caught:
        other = way(opt)
    assert len(caught) == 1 and str(caught[0].message).startswith(f"the copy or pickle of {opt!r} ")
    assert other.state_dict(p) == {} and opt.state_dict(p) != {}


def test_no_warning_when_the_parameter_is_gone():
    opt = Adam()
    update(opt, np.ones(2), np.ones(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pickle.dumps(opt)


def test_a_chain_in_a_pickle():
    opt = chain(fluxopt_edu.WeightDecay(0.1), chain(AdamW(decay=0.2), Descent(1)))
    assert repr(pickle.loads(pickle.dumps(opt))) == repr(opt)


def test_copied_optimiser_and_loaded_state_go_on_as_before():
    opt, p = AdamW(0.01, decay=0.1), np.ones(3)
    for t in range(3):
        update(opt, p, np.cos(t + p))
    with pytest.warns(UserWarning):
        other = pickle.loads(pickle.dumps(opt))
    q = p.copy()
    other.load_state_dict(opt.state_dict([p]), [q])
    for t in range(3):
        update(opt, p, np.cos(t + p))
        update(other, q, np.cos(t + q))
    assert same_bits(p, q)
