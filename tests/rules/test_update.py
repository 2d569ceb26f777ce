"""update(opt, p, g): Flux's update!, in place, with the state kept by the optimiser."""

import copy
import gc
import inspect
import weakref

import numpy as np
import pytest
from flux_golden import CASES, check_bits, numbers, recorded
from flux_rules import ARTICLE, COMPLEX, DEFAULTS, FIFTEEN, FOURTEEN, name
from slow_flux import SlowFlux

import fluxopt_edu
from fluxopt_edu import Adam, AdamW, AdaMax, Descent, Momentum, RAdam, WeightDecay, chain, update

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)
each_rule = pytest.mark.parametrize("rule", FOURTEEN, ids=name)


def random(*shape, dtype=float, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if np.dtype(dtype).kind == "c" else 0)
    return np.asarray(values, dtype)


def stepped(opt, x, gradients):
    """x after these gradients, by the pure functions."""
    state = opt.init(x)
    for g in gradients:
        state, step = opt.apply(state, x, g)
        x = x - step
    return x


# One parameter


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_update_gives_fluxs_numbers_in_place(case):
    opt, p = case.optimiser(), numbers(recorded()["x0"])
    same = p
    for t, (g, flux) in enumerate(zip(numbers(recorded()["gradients"]), numbers(case["float64"])), start=1):
        assert update(opt, p, g) is None
        check_bits(case, f"x by update, step {t}", p, flux, ("coordinate",))
    assert p is same


@each
@pytest.mark.parametrize("make", [
    pytest.param(lambda x: x.reshape(2, 12), id="C order"),
    pytest.param(lambda x: np.asfortranarray(x.reshape(2, 12)), id="Fortran order"),
    pytest.param(lambda x: np.repeat(x.reshape(2, 12), 3, axis=0)[::3], id="every third row"),
    pytest.param(lambda x: x[::-1][::-1].reshape(4, 6).T, id="transposed"),
    pytest.param(lambda x: x.reshape(2, 12)[:, ::-1], id="reversed"),
    pytest.param(lambda x: x[:0].reshape(3, 0), id="empty"),
    pytest.param(lambda x: x[0:1].reshape(()), id="0-d"),
    pytest.param(lambda x: x.astype("float32"), id="float32"),
    pytest.param(lambda x: x.astype("float16"), id="float16"),
    pytest.param(lambda x: x.astype("longdouble"), id="longdouble"),
])  # fmt: skip
def test_any_layout(new, make):
    p, gradients = make(random(24)), [make(random(24, seed=t)) for t in range(1, 6)]
    expected = stepped(new(), p.copy(), gradients)
    flags, dtype, opt = str(p.flags), p.dtype, new()
    before = p.copy()
    for g in gradients:
        update(opt, p, g)
    assert np.array_equal(p, expected) and p.dtype == dtype and str(p.flags) == flags
    assert p.size == 0 or not np.array_equal(p, before)


@pytest.mark.parametrize("rule", COMPLEX, ids=name)
@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
def test_complex(rule, dtype):
    p, gradients = random(5, dtype=dtype), [random(5, dtype=dtype, seed=t) for t in range(1, 6)]
    expected, opt = stepped(rule(), p.copy(), gradients), rule()
    for g in gradients:
        update(opt, p, g)
    assert np.array_equal(p, expected) and p.dtype == dtype


@each
def test_a_view_of_a_larger_array_changes_only_its_part(new):
    whole = random(6, 4)
    before = whole.copy()
    part, opt = whole[2:4], new()
    for t in range(3):
        update(opt, part, random(2, 4, seed=t))
    assert np.array_equal(whole[[0, 1, 4, 5]], before[[0, 1, 4, 5]])
    assert np.array_equal(whole[2:4], stepped(new(), before[2:4], [random(2, 4, seed=t) for t in range(3)]))


@each
def test_a_memory_mapped_file(new, tmp_path):
    p = np.memmap(tmp_path / "p", "float64", "w+", shape=(4,))
    p[...], opt = random(4), new()
    expected = stepped(new(), np.array(p), [random(4, seed=1), random(4, seed=2)])
    update(opt, p, random(4, seed=1))
    update(opt, p, random(4, seed=2))
    p.flush()
    assert np.array_equal(np.fromfile(tmp_path / "p"), expected)


@pytest.mark.parametrize("g_type", ["float16", "float32", "float64", ">f8"])
@pytest.mark.parametrize("p_type", ["float32", "float64", "complex64", "complex128"])
def test_a_gradient_of_another_precision_is_converted(p_type, g_type):
    p, g = random(4, dtype=p_type), random(4, dtype=g_type, seed=1)
    expected = stepped(Adam(), p.copy(), [g.astype(p_type)])
    update(Adam(), p, g)
    assert np.array_equal(p, expected) and p.dtype == p_type


# The gradient


@each
def test_the_gradient_is_never_changed(new):
    p, g, opt = random(5), random(5, seed=1), new()
    g.flags.writeable = False
    before = g.copy()
    for _ in range(3):
        update(opt, p, g)
    assert np.array_equal(g, before)


@each
@pytest.mark.parametrize("alias", [
    pytest.param(lambda p: p, id="p itself"),
    pytest.param(lambda p: p[::-1], id="p reversed"),
    pytest.param(lambda p: p[:], id="a view of p"),
])  # fmt: skip
def test_a_gradient_that_is_the_parameters_own_memory(new, alias):
    p, opt, other, other_opt = random(5), new(), random(5), new()
    for _ in range(4):
        update(opt, p, alias(p))
        update(other_opt, other, alias(other).copy())
    assert np.array_equal(p, other)


def test_a_gradient_that_is_another_parameter_counts_as_it_was_before_the_update():
    a, b, opt = random(3), random(3, seed=1), Descent(0.5)
    a0, b0 = a.copy(), b.copy()
    update(opt, [a, b], [b, a])
    assert np.array_equal(a, a0 - 0.5 * b0) and np.array_equal(b, b0 - 0.5 * a0)


# Many parameters


STRUCTURES = {
    "list": lambda a, b, c: [a, b, c],
    "tuple": lambda a, b, c: (a, b, c),
    "dict": lambda a, b, c: {"a": a, "b": b, 3: c},
    "nested": lambda a, b, c: {"layers": [{"W": a, "b": b}, ()], "head": (c,)},
    "list in tuple in list": lambda a, b, c: [([a, [b]],), c],
}


@each
@pytest.mark.parametrize("structure", STRUCTURES.values(), ids=STRUCTURES)
def test_lists_tuples_and_dicts_nested_or_not(new, structure):
    shapes = [(2, 3), (3,), ()]
    ps = [random(*shape) for shape in shapes]
    expected = [stepped(new(), p.copy(), [random(*p.shape, seed=t) for t in range(3)]) for p in ps]
    opt = new()
    for t in range(3):
        update(opt, structure(*ps), structure(*(random(*p.shape, seed=t) for p in ps)))
    assert all(map(np.array_equal, ps, expected))


def test_sequences_match_by_position_and_dicts_by_key():
    a, b = np.zeros(2), np.zeros(2)
    update(Descent(1), [a, b], (np.ones(2), 2 * np.ones(2)))
    update(Descent(1), {"a": a, "b": b}, {"b": np.ones(2), "a": np.ones(2)})
    assert np.array_equal(a, [-2, -2]) and np.array_equal(b, [-3, -3])


def test_nothing_to_do():
    for nothing in [], (), {}, [[], {}]:
        update(Adam(), nothing, nothing)


@each
@pytest.mark.parametrize("skipping", [
    pytest.param([None, [np.ones(2), np.ones(2)]], id="one parameter"),
    pytest.param([np.ones(2), None], id="a subtree"),
    pytest.param(None, id="all"),
    pytest.param([np.ones(2), [None, np.ones(2)]], id="below"),
])  # fmt: skip
def test_none_skips_a_parameter_and_its_state(new, skipping):
    def gradients(t):
        def scaled(gs):
            return None if gs is None else [scaled(g) for g in gs] if isinstance(gs, list) else gs * random(2, seed=t)

        return [random(2, seed=t), [random(2, seed=t), random(2, seed=t)]] if t % 2 else scaled(skipping)

    ps, opt = [random(2), [random(2), random(2)]], new()
    for t in range(6):
        update(opt, ps, gradients(t))
    for pick in lambda tree: tree[0], lambda tree: tree[1][0], lambda tree: tree[1][1]:
        seen = []
        for t in range(6):
            try:
                seen.append(pick(gradients(t)))
            except TypeError:  # a None above it
                seen.append(None)
        # a skipped step is no step: not even a zero gradient's
        assert np.array_equal(pick(ps), stepped(new(), random(2), [g for g in seen if g is not None]))


# The state


@each
def test_the_state_is_found_by_identity(new):
    a, b, opt = random(3), random(3), new()
    gradients = [random(3, seed=t) for t in range(4)]
    for g in gradients:
        update(opt, a, g)
    for g in gradients:
        update(opt, b, g)  # equal to what a was, and no heir of a's state
    assert np.array_equal(a, b)
    assert np.array_equal(a, stepped(new(), random(3), gradients))


@each
def test_each_optimiser_keeps_its_own_state(new):
    gradients = [random(3, seed=t) for t in range(4)]
    p, first, second = random(3), new(), new()
    for g in gradients[:2]:
        update(first, p, g)
    middle = p.copy()
    for g in gradients[2:]:
        update(second, p, g)
    assert np.array_equal(p, stepped(new(), middle, gradients[2:]))


@each
def test_no_parameter_is_kept_alive(new):
    update(new(), random(1000), random(1000))  # compiling once may leave cycles to the garbage collector
    opt, alive = new(), []
    for t in range(3):
        p = random(1000)
        alive.append(weakref.ref(p))
        update(opt, {"p": [p]}, {"p": [random(1000, seed=t)]})
        opt.state_dict({"p": [p]})
    del p
    assert [reference() for reference in alive] == [None] * 3  # at once, with no garbage collection
    assert not opt.states and opt.state_dict([]) == {}


def test_no_parameter_is_kept_alive_by_an_error():
    opt, p = Adam(), random(3)
    alive = weakref.ref(p)
    with pytest.raises(ValueError):
        update(opt, p, random(2))
    del p
    gc.collect()
    assert alive() is None


def test_a_new_array_at_an_old_address_gets_no_old_state():
    opt, g, met = Momentum(), np.ones(4), 0
    addresses, identities = set(), set()
    for _ in range(200):
        p = np.zeros(4)
        met += p.ctypes.data in addresses and id(p) in identities
        addresses.add(p.ctypes.data)
        identities.add(id(p))
        update(opt, p, g)
        assert np.array_equal(p, np.full(4, -0.01))
        del p
    assert met > 100, "no address came back: this tests nothing"


def test_a_new_view_at_an_old_address_of_new_memory_gets_no_old_state():
    opt, g = Momentum(), np.ones(4)
    for _ in range(200):
        row = np.zeros((2, 4))[1]
        update(opt, row, g)
        assert np.array_equal(row, np.full(4, -0.01))
        del row


FRESH = {
    "a row": lambda W: W[0],
    "a column": lambda W: W[:, 1],
    "the whole": lambda W: W[:],
    "transposed": lambda W: W.T,
    "flat": lambda W: W.reshape(-1),
    "a view of a view": lambda W: W[1:][0],
    "one number": lambda W: W[0, 0:1].reshape(()),
}
MEMORY = {
    "an array": lambda tmp_path: np.ones((3, 4)),
    "a view": lambda tmp_path: np.ones((6, 4))[::2],
    "a reshaped array": lambda tmp_path: np.ones(12).reshape(3, 4),
    "a memory-mapped file": lambda tmp_path: np.memmap(tmp_path / "W", "float64", "w+", shape=(3, 4)),
    "another object's memory": lambda tmp_path: np.frombuffer(bytearray(96)).reshape(3, 4),
    "another object's memory, not reshaped": lambda tmp_path: np.ndarray((3, 4), buffer=bytearray(96)),
}
VIEWS = [  # a flat one of every second row is no view but a copy
    pytest.param(memory, view, id=f"{v} of {m}")
    for m, memory in MEMORY.items() for v, view in FRESH.items() if (m, v) != ("a view", "flat")
]  # fmt: skip


@pytest.mark.parametrize("memory, view", VIEWS)
def test_a_fresh_view_at_each_call_is_an_error_that_says_what_to_do(memory, view, tmp_path):
    opt, W = Momentum(), memory(tmp_path)
    update(opt, view(W), np.ones(view(W).shape))
    before = W.copy()
    with pytest.raises(ValueError, match=r"^p is a new view of a parameter that already has a state.*make the view once"):
        update(opt, view(W), np.ones(view(W).shape))
    with pytest.raises(ValueError, match=r"^ps\['W'\]\[0\] is a new view .*make the view once"):
        update(opt, {"W": [view(W)]}, {"W": [np.ones(view(W).shape)]})
    assert np.array_equal(W, before)


@pytest.mark.parametrize("memory, view", VIEWS)
def test_a_view_that_is_kept_keeps_its_state(memory, view, tmp_path):
    opt, W = Momentum(), memory(tmp_path)
    kept, expected = view(W), stepped(Momentum(), view(W).copy(), [np.ones(view(W).shape)] * 3)
    for _ in range(3):
        update(opt, kept, np.ones(kept.shape))
    assert np.array_equal(kept, expected)


@pytest.mark.parametrize("memory", MEMORY.values(), ids=MEMORY)
def test_a_view_of_the_whole_of_an_array_that_has_a_state_is_an_error(memory, tmp_path):
    opt, W = Momentum(), memory(tmp_path)
    update(opt, W, np.ones(W.shape))
    with pytest.raises(ValueError, match="is a new view of a parameter that already has a state"):
        update(opt, W[...], np.ones(W.shape))
    update(opt, W, np.ones(W.shape))


def test_a_fresh_view_is_no_error_where_there_is_no_state_to_lose():
    W = np.zeros((2, 2))
    for opt in Descent(1), chain(WeightDecay(0.0), Descent(1)):
        update(opt, W[0], np.ones(2))
        update(opt, W[0], np.ones(2))
    assert np.array_equal(W, [[-4, -4], [0, 0]])


def test_empty_views_of_one_array_do_not_stand_in_each_others_way():
    W = np.zeros((2, 0))
    opt, a, b = Momentum(), W[0], W[1]
    update(opt, a, np.zeros(0))
    update(opt, b, np.zeros(0))


def test_views_side_by_side_have_their_own_states():
    W, opt = np.zeros((2, 3)), Momentum()
    rows = list(W)
    for t in range(3):
        update(opt, rows, [np.ones(3), None if t else np.ones(3)])
    assert np.array_equal(W[0], stepped(Momentum(), np.zeros(3), [np.ones(3)] * 3))
    assert np.array_equal(W[1], stepped(Momentum(), np.zeros(3), [np.ones(3)]))


# Hyper-parameters between steps


def drop(case, opt, at, value, steps=40):
    """The steps of `opt` and of the slow transcription of Flux, with a new learning rate from step `at` on."""
    slow, x = SlowFlux(case.rule, "float64", case.hyper), numbers(recorded()["x0"])
    p, ours, theirs = x.copy(), [], []
    for t, g in enumerate(numbers(recorded()["gradients"])[:steps], start=1):
        if t == at:
            opt.eta = value
            slow.hyper["eta"] = np.float64(value)
        before = p.copy()
        update(opt, p, g)
        step = slow.step(x, g)
        x = x - step
        ours.append(p.copy())
        theirs.append(x)
        assert t < at or not np.array_equal(p, before) or not g.any()
    return np.array(ours), np.array(theirs)


@pytest.mark.parametrize("case", [case for case in CASES if "eta" in case.hyper], ids=repr)
def test_a_drop_of_the_learning_rate_counts_from_the_next_step(case):
    ours, independent = drop(case, case.optimiser(), 11, case.hyper["eta"] / 10)
    check_bits(case, "x with a drop of eta at step 11", ours, independent)
    flux = numbers(case["float64"])
    assert np.array_equal(ours[:10], flux[:10]) and not np.array_equal(ours[10], flux[10])


def test_a_drop_of_the_learning_rate_by_hand():
    # heavy ball: v ← ρ v − η g, x ← x + v, with g = 1 and ρ = 1/2
    opt, x = Momentum(eta=1, rho=0.5), np.array([0.0])
    seen = []
    for eta in 1, 1, 0.25, 0.25:
        opt.eta = eta
        update(opt, x, np.array([1.0]))
        seen.append(float(x[0]))
    # v: -1, -1.5, -0.75 - 0.25 = -1, -0.5 - 0.25 = -0.75: the old η lives on in v
    assert seen == [-1, -2.5, -3.5, -4.25]


POWERS = ["Adam", "RAdam", "AdaMax", "NAdam", "OAdam"]


@pytest.mark.parametrize("case", [case for case in CASES if case.rule in POWERS], ids=repr)
def test_a_change_of_beta_keeps_the_stored_powers(case):
    slow, opt, x = SlowFlux(case.rule, "float64", case.hyper), case.optimiser(), numbers(recorded()["x0"])
    state, ours, theirs = opt.init(x), [], []
    for t, g in enumerate(numbers(recorded()["gradients"]), start=1):
        if t == 6:
            opt.beta = 0.75, 0.9
            slow.hyper["beta"] = np.float64(0.75), np.float64(0.9)
        state, step = opt.apply(state, x, g)
        ours.append(step)
        theirs.append(slow.step(x, g))
        x = x - step
    check_bits(case, "step with another beta from step 6 on", np.array(ours), np.array(theirs))
    # Flux multiplies its powers after use, by the β of that step: five steps with the old one
    # leave β⁶, as they start at β; then come 35 with the new.
    for old, new, power in zip(case.hyper["beta"], (0.75, 0.9), state[3 if case.rule == "OAdam" else 2]):
        assert power == pytest.approx(old**6 * new**35, rel=1e-12)


@each_rule
def test_setting_what_is_already_set_changes_nothing(rule):
    a, b = random(4), random(4)
    plain, touched = rule(), rule()
    for t in range(3):
        for key in rule.hyper:
            setattr(touched, key, getattr(touched, key))
        update(plain, a, random(4, seed=t))
        update(touched, b, random(4, seed=t))
    assert np.array_equal(a, b)


def test_a_hyper_parameter_of_one_optimiser_is_not_anothers():
    a, b = Adam(), Adam()
    a.eta = 0.5
    assert b.eta == 0.001 and Adam().eta == 0.001


def test_adamws_attributes_act_on_its_links():
    opt = AdamW(0.1, (0.8, 0.9), 0.01)
    opt.eta, opt.beta, opt.decay = 0.2, (0.5, 0.75), 0.02
    assert repr(opt) == "AdamW(eta=0.2, beta=(0.5, 0.75), decay=0.02)"
    assert list(map(repr, opt.links)) == ["Adam(eta=0.2, beta=(0.5, 0.75), epsilon=1e-08)", "WeightDecay(decay=0.02)"]
    opt.links[1].decay = 0.5
    assert opt.decay == 0.5
    # Adam's step, which for a first gradient is η sign g, plus the share of x: 0.2 + 0.5 · 3
    step = opt.apply(opt.init(np.array([3.0])), np.array([3.0]), np.array([7.0]))[1]
    assert step == pytest.approx(1.7, rel=1e-8)


@pytest.mark.parametrize("case", [case for case in CASES if case.rule == "AdamW"], ids=repr)
def test_adamw_with_other_attributes_from_step_6_on(case):
    slow, opt, x = SlowFlux("AdamW", "float64", case.hyper), case.optimiser(), numbers(recorded()["x0"])
    state = opt.init(x)
    for t, g in enumerate(numbers(recorded()["gradients"]), start=1):
        if t == 6:
            opt.eta, opt.beta, opt.decay = 0.02, (0.75, 0.9), 0.3
            slow.hyper = {"eta": np.float64(0.02), "beta": (np.float64(0.75), np.float64(0.9)), "decay": np.float64(0.3)}
        state, step = opt.apply(state, x, g)
        check_bits(case, f"step {t} with other attributes from step 6 on", step, slow.step(x, g), ("coordinate",))
        x = x - step


# Names and constructors


@pytest.mark.parametrize("article, rule", ARTICLE.items())
def test_the_articles_spellings_are_the_same_objects(article, rule):
    assert getattr(fluxopt_edu, article) is getattr(fluxopt_edu, rule)
    assert article in fluxopt_edu.__all__ and rule in fluxopt_edu.__all__


@pytest.mark.parametrize("rule", DEFAULTS)
def test_defaults_are_fluxs_documented_ones_in_fluxs_order(rule):
    cls = getattr(fluxopt_edu, rule)
    assert {p.name: p.default for p in inspect.signature(cls).parameters.values()} == DEFAULTS[rule]
    assert tuple(inspect.signature(cls).parameters) == tuple(DEFAULTS[rule]) == cls.hyper
    assert {key: getattr(cls(), key) for key in DEFAULTS[rule]} == DEFAULTS[rule]


@pytest.mark.parametrize("rule", DEFAULTS)
def test_arguments_by_position_and_by_name(rule):
    cls = getattr(fluxopt_edu, rule)
    values = [{"beta": (0.25, 0.5)}.get(key, (position + 1) / 8) for position, key in enumerate(DEFAULTS[rule])]
    by_position, by_name = cls(*values), cls(**dict(zip(DEFAULTS[rule], values)))
    assert repr(by_position) == repr(by_name)
    assert [getattr(by_position, key) for key in DEFAULTS[rule]] == values


OTHERS = {
    "Descent": "Descent(eta=0.3)",
    "Momentum": "Momentum(eta=0.01, rho=0.95)",
    "Adam": "Adam(eta=0.0003, beta=(0.5, 0.99), epsilon=1e-12)",
    "AdamW": "AdamW(eta=0.001, beta=(0.9, 0.999), decay=0.1)",
    "AdaDelta": "AdaDelta(rho=0.95, epsilon=1e-06)",
    "WeightDecay": "WeightDecay(decay=0.5)",
    "chain": "chain(WeightDecay(decay=0.01), chain(Adam(eta=0.1, beta=(0.9, 0.999), epsilon=0.0), Descent(eta=1.0)))",
}


@pytest.mark.parametrize("call", [*OTHERS.values(), *(f"{rule}()" for rule in DEFAULTS)])
def test_a_rule_prints_as_its_constructor_call(call):
    opt = eval(call, vars(fluxopt_edu))
    again = eval(repr(opt), vars(fluxopt_edu))
    assert type(again) is type(opt) and repr(again) == repr(opt)
    assert repr(opt) == call or call.endswith("()")
    g = random(4, seed=1)
    assert np.array_equal(again.apply(again.init(g), g, g)[1], opt.apply(opt.init(g), g, g)[1])


def test_numbers_of_numpy_print_as_plain_ones():
    opt = Adam(np.float32(0.5), np.array([0.5, 0.75]), np.array(0.25))
    assert repr(opt) == "Adam(eta=0.5, beta=(0.5, 0.75), epsilon=0.25)"
    opt.eta = np.int64(1)
    assert repr(opt) == "Adam(eta=1.0, beta=(0.5, 0.75), epsilon=0.25)"


@each_rule
def test_the_formula_is_reachable_and_the_docstring_tells_its_source(rule):
    assert rule.__doc__ and "Source:" in rule.__doc__ and "Flux v0.12.10" in rule.__doc__ and ">>>" in rule.__doc__
    assert callable(getattr(rule, "formula", None) or rule.composition)


# apply, the pure half


@each_rule
def test_plain_numbers(rule):
    opt = rule()
    state, x = opt.init(2.0), 2.0
    arrays, p = opt.init(np.array([2.0])), np.array([2.0])
    for g in 1.0, -0.5, 3.0:
        state, step = opt.apply(state, x, g)
        arrays, steps = opt.apply(arrays, p, np.array([g]))
        assert step == steps[0]
        x, p = x - step, p - steps


@pytest.mark.parametrize("rule", COMPLEX, ids=name)
def test_plain_complex_numbers(rule):
    opt, x, g = rule(), 1 - 2j, 0.5 + 0.25j
    _, step = opt.apply(opt.init(x), x, g)
    _, expected = opt.apply(opt.init(np.array([x])), np.array([x]), np.array([g]))
    assert step == pytest.approx(expected[0], rel=1e-15)


def test_radam_takes_four_plain_steps_at_its_default_beta():
    opt, x, g = RAdam(eta=1), np.zeros(1), np.array([1e-3])
    state, steps = opt.init(x), []
    for _ in range(6):
        state, step = opt.apply(state, x, g)
        steps.append(float(step[0]))
    # the corrected average of a constant gradient is the gradient
    assert steps[:4] == pytest.approx([1e-3] * 4, rel=1e-12) and min(steps[4:]) > 5e-3
    assert state[3] == 7


def test_amsgrad_moves_at_a_zero_gradient():
    # by η β1 ε / (√ε + ε)
    opt, zero = fluxopt_edu.AMSGrad(), np.zeros(1)
    assert opt.apply(opt.init(zero), zero, zero)[1] == pytest.approx(9e-8, rel=1e-3)


def test_adamax_stands_still_at_a_zero_gradient():
    opt, zero = AdaMax(), np.zeros(1)
    assert not opt.apply(opt.init(zero), zero, zero)[1].any()


def test_a_copy_of_a_chains_rules_is_its_own():
    opt = chain(WeightDecay(0.1), Momentum())
    other = copy.deepcopy(opt)
    other.links[0].decay = 0.2
    assert opt.links[0].decay == 0.1
