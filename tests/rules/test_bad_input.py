"""Bad input: an error that names the argument, what it was and what was expected; and nothing has changed."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from flux_rules import DEFAULTS, FIFTEEN, FOURTEEN, REAL_ONLY, name

import fluxopt_edu
from fluxopt_edu import Adam, AdamW, Descent, Momentum, chain, update
from fluxopt_edu.run import trajectory

each = pytest.mark.parametrize("new", FIFTEEN, ids=name)
each_rule = pytest.mark.parametrize("rule", FOURTEEN, ids=name)

# Hyper-parameters

NON_NEGATIVE = "expected a finite number, at least 0"
RATE = r"expected a number in \[0, 1\)"
PAIR = r"expected a pair of numbers in \[0, 1\), such as \(0.9, 0.999\)"

NO_NUMBERS = ["0.1", True, False, None, [0.1], (0.1,), 1j, np.bool_(True), np.array([0.1]), np.array("0.1"), object(), b"1", {}]
OUT_OF_RANGE = {
    "eta": (NON_NEGATIVE, [-1, -1e-300, math.nan, math.inf, -math.inf, 10**400, -(10**400), Fraction(10**400), np.float32("nan"), np.array(-1.0)]),
    "rho": (RATE, [-0.1, 1, 1.0, 1.5, math.nan, math.inf, 10**400, np.array(1)]),
}
OUT_OF_RANGE["epsilon"] = OUT_OF_RANGE["decay"] = OUT_OF_RANGE["eta"]
NO_PAIRS = [0.9, None, "ab", (), (0.9,), (0.9, 0.99, 0.999), [0.9], {0.9, 0.999}, {0.9: 1, 0.999: 2}, iter((0.9, 0.999)), np.array([0.9]), np.eye(2), np.array(0.9), 1j, True]

HYPER = [(rule, key) for rule, defaults in DEFAULTS.items() for key in defaults] + [("WeightDecay", "decay")]


def bad_values():
    for rule, key in HYPER:
        if key == "beta":
            for value in NO_PAIRS:
                yield rule, key, value, TypeError, f"{rule}: beta = {exactly(value)}: {PAIR}"
            for k in 0, 1:
                for value in NO_NUMBERS:
                    yield rule, key, pair(k, value), TypeError, rf"{rule}: beta\[{k}\] = {exactly(value)}: {RATE}"
                for value in OUT_OF_RANGE["rho"][1]:
                    yield rule, key, pair(k, value), ValueError, rf"{rule}: beta\[{k}\] = {exactly(value)}: {RATE}"
        else:
            expected, values = OUT_OF_RANGE[key]
            for value in values:
                yield rule, key, value, ValueError, f"{rule}: {key} = {exactly(value)}: {expected}"
            for value in NO_NUMBERS:
                yield rule, key, value, TypeError, f"{rule}: {key} = {exactly(value)}: {expected}"


def pair(k, value):
    return (value, 0.999) if k == 0 else [0.9, value]


def exactly(value):
    return re.escape(repr(value))


def test_bad_values_of_hyper_parameters():
    count = 0
    for rule, key, value, error, message in bad_values():
        cls = getattr(fluxopt_edu, rule)
        opt = cls()
        before = repr(opt)
        with pytest.raises(error, match=f"^{message}$"):
            cls(**{key: value})
        with pytest.raises(error, match=f"^{message}$"):
            setattr(opt, key, value)
        assert repr(opt) == before
        count += 1
    assert count > 1000


@pytest.mark.parametrize("rule, key", HYPER)
def test_values_at_the_border_are_good(rule, key):
    cls = getattr(fluxopt_edu, rule)
    below_one = math.nextafter(1, 0)
    values = {"beta": [(0, 0), (below_one, below_one), [0.5, 0.5], np.array([0.5, 0.25])], "rho": [0, below_one]}.get(key, [0, 1e300, 5e-324])
    for value in [*values, *([] if key == "beta" else [np.float32(0.5), np.array(0.5), Fraction(1, 2), np.int8(0)])]:
        opt = cls(**{key: value})
        assert np.array_equal(getattr(opt, key), np.array(value, float))
        setattr(opt, key, value)
        parts = getattr(opt, key) if key == "beta" else [getattr(opt, key)]
        assert all(type(part) is float for part in parts)


@pytest.mark.parametrize("rule", [*DEFAULTS, "WeightDecay"])
def test_unknown_and_surplus_arguments(rule):
    cls = getattr(fluxopt_edu, rule)
    call = re.escape(f"expected {rule}({', '.join(f'{k}={v}' for k, v in DEFAULTS.get(rule, {'decay': 0}).items())})")
    for keyword in "lr", "learning_rate", "betas", "weight_decay", "η", "Eta":
        with pytest.raises(TypeError, match=f"^{rule}: .*'{keyword}'.*{call}$"):
            cls(**{keyword: 0.1})
    with pytest.raises(TypeError, match=f"^{rule}: too many positional arguments: {call}$"):
        cls(0.1, 0.1, 0.1, 0.1)
    with pytest.raises(TypeError, match=f"^{rule}: multiple values for argument '{cls.hyper[0]}': {call}$"):
        cls(0.1, **{cls.hyper[0]: 0.1})


@pytest.mark.parametrize("rule", [*DEFAULTS, "WeightDecay"])
def test_unknown_attributes(rule):
    opt = getattr(fluxopt_edu, rule)()
    for attribute in "lr", "betas", "η", "states", "formula", "links":
        with pytest.raises(AttributeError, match=f"^{rule} has no hyper-parameter '{attribute}': expected one of {', '.join(opt.hyper)}$"):
            setattr(opt, attribute, 0.1)
    with pytest.raises(AttributeError, match="no attribute 'lr'"):
        opt.lr


def test_an_attribute_that_only_a_link_has():
    with pytest.raises(AttributeError, match="AdamW has no hyper-parameter 'epsilon': expected one of eta, beta, decay"):
        AdamW().epsilon = 1e-6
    with pytest.raises(AttributeError, match="Chain has no hyper-parameter 'eta'"):
        chain(Adam()).eta = 1


@pytest.mark.parametrize("links, message", [
    ((), "chain: expected at least one optimiser"),
    ((Adam,), r"chain: link 0 = <class .*Adam'>: expected an optimiser, such as Adam\(\)"),
    ((Adam(), None), "chain: link 1 = None: expected an optimiser"),
    (([Adam(), Descent()],), r"chain: link 0 = \[Adam\(.*\)\]: expected an optimiser"),
])  # fmt: skip
def test_links_that_are_no_optimisers(links, message):
    with pytest.raises(TypeError, match=f"^{message}"):
        chain(*links)


# Parameters and gradients


def good():
    return {"first": np.array([1.0, 2.0]), "W": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "last": np.array([3.0])}


def good_gradients():
    return {"first": np.array([1.0, 1.0]), "W": np.ones((2, 3)), "last": np.array([1.0])}


def read_only():
    p = np.ones((2, 3))
    p.flags.writeable = False
    return p


BAD_PARAMETERS = {
    "list": ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], ValueError, r"gs\['W'\] is of type ndarray: expected a list like ps\['W'\]"),
    "number": (1.0, TypeError, r"ps\['W'\] is 1.0, of type float: expected a NumPy array; for others, use opt.init and opt.apply"),
    "NumPy number": (np.float64(1), TypeError, r"ps\['W'\] is .*1.0.*, of type float64: expected a NumPy array"),
    "None": (None, TypeError, r"ps\['W'\] is of type NoneType: expected a NumPy array"),
    "text": ("W", TypeError, r"ps\['W'\] is 'W', of type str: expected a NumPy array"),
    "set": ({1.0}, TypeError, r"ps\['W'\] is of type set: expected a NumPy array"),
    "integers": (np.ones((2, 3), int), TypeError, r"ps\['W'\] has dtype int64: expected real or complex floats, such as ps\['W'\].astype\(float\)"),
    "unsigned": (np.ones((2, 3), "uint8"), TypeError, r"ps\['W'\] has dtype uint8: expected real or complex floats"),
    "truth values": (np.ones((2, 3), bool), TypeError, r"ps\['W'\] has dtype bool: expected real or complex floats"),
    "objects": (np.ones((2, 3), object), TypeError, r"ps\['W'\] has dtype object: expected real or complex floats"),
    "strings": (np.full((2, 3), "1"), TypeError, r"ps\['W'\] has dtype <U1: expected real or complex floats"),
    "dates": (np.ones((2, 3), "M8[s]"), TypeError, r"ps\['W'\] has dtype datetime64\[s\]: expected real or complex floats"),
    "records": (np.ones((2, 3), [("a", float)]), TypeError, r"ps\['W'\] has dtype .*: expected real or complex floats"),
    "foreign byte order": (np.ones((2, 3), np.dtype(float).newbyteorder("S")), TypeError, r"ps\['W'\] has dtype [<>]f8: expected real or complex floats, such as ps\['W'\].astype\(float\)"),
    "matrix": (np.ones((2, 3)).view(np.matrix), TypeError, r"ps\['W'\] is of type matrix: expected a plain NumPy array, such as np.asarray\(ps\['W'\]\)"),
    "masked": (np.ma.ones((2, 3)), TypeError, r"ps\['W'\] is of type MaskedArray: expected a plain NumPy array"),
    "records array": (np.ones((2, 3)).view(np.recarray), TypeError, r"ps\['W'\] is of type recarray: expected a plain NumPy array"),
    "read-only": (read_only(), ValueError, r"ps\['W'\] is read-only: expected a writable array, such as ps\['W'\].copy\(\)"),
    "broadcast": (np.broadcast_to(np.ones(3), (2, 3)), ValueError, r"ps\['W'\] is read-only"),
}  # fmt: skip

BAD_GRADIENTS = {
    "shape": (np.ones((3, 2)), ValueError, r"gs\['W'\] has shape \(3, 2\): expected \(2, 3\), the shape of ps\['W'\]"),
    "shape that broadcasts": (np.ones(3), ValueError, r"gs\['W'\] has shape \(3,\): expected \(2, 3\)"),
    "shape that broadcasts in two": (np.ones((2, 1)), ValueError, r"gs\['W'\] has shape \(2, 1\): expected \(2, 3\)"),
    "shape (1,)": (np.ones(1), ValueError, r"gs\['W'\] has shape \(1,\): expected \(2, 3\)"),
    "0-d": (np.array(1.0), ValueError, r"gs\['W'\] has shape \(\): expected \(2, 3\)"),
    "one axis more": (np.ones((1, 2, 3)), ValueError, r"gs\['W'\] has shape \(1, 2, 3\): expected \(2, 3\)"),
    "empty": (np.ones(0), ValueError, r"gs\['W'\] has shape \(0,\): expected \(2, 3\)"),
    "NumPy number": (np.float64(1), ValueError, r"gs\['W'\] has shape \(\): expected \(2, 3\)"),
    "number": (1.0, TypeError, r"gs\['W'\] is 1.0, of type float: expected a NumPy array like ps\['W'\]"),
    "list": ([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]], ValueError, r"gs\['W'\] is a list: expected a gradient, as ps\['W'\] is no list"),
    "dict": ({}, ValueError, r"gs\['W'\] is a dict: expected a gradient"),
    "text": ("g", TypeError, r"gs\['W'\] is 'g', of type str: expected a NumPy array"),
    "integers": (np.ones((2, 3), int), TypeError, r"gs\['W'\] has dtype int64: expected float64, the dtype of ps\['W'\]"),
    "truth values": (np.ones((2, 3), bool), TypeError, r"gs\['W'\] has dtype bool: expected float64"),
    "objects": (np.ones((2, 3), object), TypeError, r"gs\['W'\] has dtype object: expected float64"),
    "complex": (np.ones((2, 3), complex), TypeError, r"gs\['W'\] has dtype complex128, but ps\['W'\] is real \(float64\): expected a real gradient, such as gs\['W'\].real"),
    "matrix": (np.ones((2, 3)).view(np.matrix), TypeError, r"gs\['W'\] is of type matrix: expected a plain NumPy array, such as np.asarray\(gs\['W'\]\)"),
    "masked": (np.ma.masked_equal(np.ones((2, 3)), 1), TypeError, r"gs\['W'\] is of type MaskedArray: expected a plain NumPy array"),
}  # fmt: skip


class Watch:
    """All that an update may change: taken down before, compared after."""

    def __init__(self, opt, ps, gs):
        self.opt, self.arrays = opt, [*found(ps), *found(gs)]
        self.known = [p for p in found(ps) if isinstance(p, np.ndarray)]
        self.before = self.now()

    def now(self):
        kept = self.opt.states._states
        states = [frozen(self.opt.states.get(p)) if id(p) in kept else None for p in self.known]
        return repr(self.opt), len(kept), states, [a.tobytes() for a in self.arrays if a.dtype != object]

    def nothing_changed(self):
        return self.now() == self.before


def frozen(state):
    return tuple(map(frozen, state)) if isinstance(state, tuple) else state.tobytes() if hasattr(state, "tobytes") else state


def found(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return [array for inner in tree for array in found(inner)]
    return [tree] if isinstance(tree, np.ndarray) else []


def refused(opt, ps, gs, error, message):
    watch = Watch(opt, ps, gs)
    with pytest.raises(error, match=f"^{message}"):
        update(opt, ps, gs)
    assert watch.nothing_changed()


@pytest.mark.parametrize("stepped", [False, True], ids=["new", "with states"])
@pytest.mark.parametrize("bad", BAD_PARAMETERS)
def test_bad_parameters(bad, stepped):
    value, error, message = BAD_PARAMETERS[bad]
    for new in FIFTEEN:
        opt, ps = new(), good()
        if stepped:
            update(opt, ps, good_gradients())
        refused(opt, ps | {"W": value}, good_gradients(), error, message)
        if stepped:
            update(opt, ps, good_gradients())


@pytest.mark.parametrize("stepped", [False, True], ids=["new", "with states"])
@pytest.mark.parametrize("bad", BAD_GRADIENTS)
def test_bad_gradients(bad, stepped):
    value, error, message = BAD_GRADIENTS[bad]
    for new in FIFTEEN:
        opt, ps = new(), good()
        if stepped:
            update(opt, ps, good_gradients())
        refused(opt, ps, good_gradients() | {"W": value}, error, message)


@pytest.mark.parametrize("bad", sorted(BAD_PARAMETERS.keys() - {"list", "set"}))
def test_a_bad_parameter_alone_is_called_p(bad):
    value, error, message = BAD_PARAMETERS[bad]
    refused(Momentum(), value, np.ones((2, 3)), error, message.replace(r"ps\['W'\]", "p"))


@pytest.mark.parametrize("bad", sorted(BAD_GRADIENTS.keys() - {"list", "dict"}))
def test_a_bad_gradient_alone_is_called_g(bad):
    value, error, message = BAD_GRADIENTS[bad]
    refused(Momentum(), np.ones((2, 3)), value, error, message.replace(r"gs\['W'\]", "g").replace(r"ps\['W'\]", "p"))


def test_a_bad_parameter_is_refused_even_where_its_gradient_is_none():
    for value, error, message in BAD_PARAMETERS.values():
        if not isinstance(value, list):
            refused(Adam(), good() | {"W": value}, good_gradients() | {"W": None}, error, message)


@pytest.mark.parametrize("opt", [Adam, None, "Adam", 0.1, print], ids=["class", "None", "text", "number", "function"])
def test_an_optimiser_that_is_none(opt):
    p = np.ones(2)
    with pytest.raises(TypeError, match=rf"^opt = {exactly(opt)}: expected an optimiser, such as Adam\(\)$"):
        update(opt, p, np.ones(2))
    assert np.array_equal(p, np.ones(2))


@pytest.mark.parametrize("rule", [rule for rule in FOURTEEN if rule.__name__ in REAL_ONLY], ids=name)
def test_complex_parameters_for_a_rule_that_takes_a_maximum(rule):
    a, z = np.ones(2), np.ones(2, complex)
    refused(rule(), [a, z], [np.ones(2), np.ones(2, complex)], TypeError, r"ps\[1\]: maximum: expected real numbers, got complex128: complex numbers have no order")


@pytest.mark.parametrize("rule", [rule for rule in FOURTEEN if rule.__name__ in REAL_ONLY], ids=name)
def test_a_complex_number_for_a_rule_that_takes_a_maximum(rule):
    for x in 1 - 2j, np.complex64(1j):
        with pytest.raises(TypeError, match="^maximum: expected real numbers, got .*: complex numbers have no order$"):
            rule().apply(rule().init(x), x, x)


# Parameters that share memory

W = np.ones((4, 4))


@pytest.mark.parametrize("ps, message", [
    pytest.param([W, W], r"ps\[0\] and ps\[1\] are the same array: expected each parameter once", id="the same array"),
    pytest.param({"a": W, "b": [W]}, r"ps\['a'\] and ps\['b'\]\[0\] are the same array", id="the same array, nested"),
    pytest.param([np.zeros(0)] * 2, r"ps\[0\] and ps\[1\] are the same array", id="the same empty array"),
    pytest.param([W, W[0]], r"ps\[[01]\] and ps\[[01]\] share memory: expected arrays that do not overlap", id="an array and its row"),
    pytest.param([W[0], W], "ps.* share memory", id="a row and its array"),
    pytest.param([W[:3], W[2:]], r"ps\[0\] and ps\[1\] share memory", id="overlapping rows"),
    pytest.param([W[:, :2], W[:, 1:]], r"ps\[0\] and ps\[1\] share memory", id="overlapping columns"),
    pytest.param([W[::2], W[::-2], W[::3]], "ps.* share memory", id="every second and every third"),
    pytest.param([W, W.T], "ps.* share memory", id="an array and its transpose"),
    pytest.param([W[:], W[:]], "ps.* share memory", id="two views of the whole"),
    pytest.param([np.ones(3), W, np.ones(3), W[3, 3:]], "ps.* share memory", id="with others between"),
    pytest.param([W[:, 0], W[1:3, 1:], W[3]], "ps.* share memory", id="with another within"),
])  # fmt: skip
def test_parameters_that_share_memory(ps, message):
    def gradients(ps):
        return {k: gradients(p) for k, p in ps.items()} if isinstance(ps, dict) else [gradients(p) for p in ps] if isinstance(ps, list) else np.ones(ps.shape)

    refused(Momentum(), ps, gradients(ps), ValueError, message)


def test_an_array_that_overlaps_itself():
    window = np.lib.stride_tricks.sliding_window_view(np.ones(4), 2, writeable=True)
    refused(Momentum(), window, np.ones((3, 2)), ValueError, r"p overlaps itself: expected an array whose elements lie apart, such as p.copy\(\)")


@pytest.mark.parametrize("ps", [
    pytest.param([W[::2], W[1::2]], id="interleaved rows"),
    pytest.param([W[:, ::2], W[:, 1::2]], id="interleaved columns"),
    pytest.param([W[0], W[1], W[2:]], id="rows side by side"),
    pytest.param([np.diag(W, 1).copy(), W[:2, :2], W[2:, 2:]], id="blocks"),
    pytest.param([W[:0], W], id="an empty part"),
])  # fmt: skip
def test_parameters_that_share_no_element_are_allowed(ps):
    before, opt = [p.copy() for p in ps], Descent(0.5)
    update(opt, ps, [np.ones(p.shape) for p in ps])
    try:
        assert all(np.array_equal(p, b - 0.5) for p, b in zip(ps, before))
    finally:
        W[...] = 1


# Structures that do not match

a, b, c = np.ones(2), np.ones(2), np.ones(2)
g = np.ones(2)


@pytest.mark.parametrize("ps, gs, message", [
    pytest.param([a, b], [g], r"gs has length 1: expected 2, that of ps; a gradient of None skips a parameter", id="too short"),
    pytest.param([a, b], [g, g, g], r"gs has length 3: expected 2", id="too long"),
    pytest.param([a, b], [], r"gs has length 0: expected 2", id="empty"),
    pytest.param([], [g], r"gs has length 1: expected 0", id="none to match"),
    pytest.param([a, b], np.ones((2, 2)), r"gs is of type ndarray: expected a list like ps", id="array for list"),
    pytest.param((a, b), g, r"gs is of type ndarray: expected a tuple like ps", id="array for tuple"),
    pytest.param([a], {0: g}, r"gs is of type dict: expected a list like ps", id="dict for list"),
    pytest.param({0: a}, [g], r"gs is of type list: expected a dict like ps", id="list for dict"),
    pytest.param({"a": a, "b": b}, {"a": g}, r"gs has the keys \['a'\]: expected \['a', 'b'\], those of ps; a gradient of None skips a parameter", id="missing key"),
    pytest.param({"a": a}, {"a": g, "c": g}, r"gs has the keys \['a', 'c'\]: expected \['a'\]", id="extra key"),
    pytest.param({"a": a}, {"A": g}, r"gs has the keys \['A'\]: expected \['a'\]", id="other key"),
    pytest.param({"a": a}, g, r"gs is of type ndarray: expected a dict like ps", id="array for dict"),
    pytest.param({"a": a}, 1.0, r"gs is of type float: expected a dict like ps", id="number for dict"),
    pytest.param([a, {"b": [b, c]}], [g, {"b": [g]}], r"gs\[1\]\['b'\] has length 1: expected 2, that of ps\[1\]\['b'\]", id="deep length"),
    pytest.param([a, {"b": b}], [g, {"c": g}], r"gs\[1\] has the keys \['c'\]: expected \['b'\], those of ps\[1\]", id="deep key"),
    pytest.param([a, [b]], [g, g], r"gs\[1\] is of type ndarray: expected a list like ps\[1\]", id="deep kind"),
    pytest.param([a, b], [g, [g]], r"gs\[1\] is a list: expected a gradient, as ps\[1\] is no list", id="too deep"),
    pytest.param(a, [g], r"g is a list: expected a gradient, as p is no list", id="list for array"),
    pytest.param(a, {}, r"g is a dict: expected a gradient, as p is no dict", id="dict for array"),
])  # fmt: skip
def test_structures_that_do_not_match(ps, gs, message):
    refused(Momentum(), ps, gs, ValueError, message)


# Errors that NumPy raises

@each
@pytest.mark.parametrize("value", [1e300, 1e-200, 5e-324, math.inf, math.nan], ids=str)
def test_nothing_changes_when_numpy_itself_raises(new, value):
    opt, ps = new(), good()
    update(opt, ps, good_gradients())
    watch, gs = Watch(opt, ps, {}), good_gradients() | {"last": np.array([value])}
    with np.errstate(all="raise"):
        try:
            update(opt, ps, gs)
        except FloatingPointError:
            assert watch.nothing_changed()
        else:  # no operation of this rule is out of range here: a NaN may be handed on
            assert value != 1e300 or new in RATIOS_AND_SUMS
            assert not watch.nothing_changed()


# They square no gradient.
RATIOS_AND_SUMS = [Descent, Momentum, fluxopt_edu.Nesterov, fluxopt_edu.AdaMax]


@each
def test_nothing_changes_when_a_gradient_does_not_fit_the_parameters_precision(new):
    opt, ps = new(), [np.ones(2, "float32"), np.ones(2, "float16")]
    update(opt, ps, [np.ones(2), np.ones(2)])
    watch = Watch(opt, ps, [])
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
        update(opt, ps, [np.ones(2), np.full(2, 1e6)])
    assert watch.nothing_changed()


def test_nothing_changes_when_the_subtraction_overflows():
    ps, opt = [np.ones(1), np.array([-1.7e308])], Descent(1)
    watch = Watch(opt, ps, [])
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
        update(opt, ps, [np.ones(1), np.array([1.7e308])])
    assert watch.nothing_changed()


# apply and init

LIKE_X = {"x": np.ones((2, 3)), "g": np.ones((2, 3))}


@pytest.mark.parametrize("x, message", [
    ([1.0, 2.0], r"x is of type list: expected an array or a number, such as np.asarray\(x, float\)"),
    ((1.0,), "x is of type tuple: expected an array or a number"),
    ({"W": np.ones(2)}, "x is of type dict: expected an array or a number"),
    (None, "x is of type NoneType: expected an array or a number"),
    ("1.0", "x is '1.0', of type str: expected an array or a number"),
    (np.array([1, 2]), "x has dtype int64: expected real or complex floats"),
    (np.int64(3), "x has dtype int64: expected real or complex floats"),
    (np.array([True]), "x has dtype bool"),
    (np.array([1.0], object), "x has dtype object"),
    (np.ones((1, 1)).view(np.matrix), "x is of type matrix: expected a plain NumPy array"),
    (np.ma.array([1.0]), "x is of type MaskedArray: expected a plain NumPy array"),
], ids=lambda value: type(value).__name__ + str(getattr(value, "dtype", "")))  # fmt: skip
def test_init_and_apply_refuse_what_is_no_parameter(x, message):
    for new in FIFTEEN:
        opt = new()
        with pytest.raises(TypeError, match=f"^{message}"):
            opt.init(x)
        with pytest.raises(TypeError, match=f"^{message}"):
            opt.apply(opt.init(np.ones(2)), x, x)


@pytest.mark.parametrize("bad", BAD_GRADIENTS)
def test_apply_refuses_the_gradients_that_update_refuses(bad):
    value, error, message = BAD_GRADIENTS[bad]
    if bad in ("list", "dict"):  # there, a structure; here, nothing
        error, message = TypeError, f"g is of type {bad}: expected a NumPy array like x"
    for new in FIFTEEN:
        opt, x = new(), np.ones((2, 3))
        with pytest.raises(error, match="^" + message.replace(r"gs\['W'\]", "g").replace(r"ps\['W'\]", "x")):
            opt.apply(opt.init(x), x, value)


@pytest.mark.parametrize("x, bad, message", [
    (1.0, np.ones(2), "g is of type ndarray: expected a number like x"),
    (1.0, [1.0], "g is of type list: expected a number like x"),
    (1.0, None, "g is of type NoneType: expected a number like x"),
    (1.0, "1", "g is '1', of type str: expected a number like x"),
    (1.0, 1j, "g = 1j, but x is real: expected a real gradient, such as g.real"),
    (np.float64(1), np.complex128(1j), r"g has dtype complex128, but x is real \(float64\)"),
    (np.float64(1), "1", r"g is '1', of type str: expected an array like x, of shape \(\)"),
], ids=repr)  # fmt: skip
def test_gradients_of_a_number(x, bad, message):
    for new in FIFTEEN:
        with pytest.raises(TypeError, match=f"^{message}"):
            opt = new()
            opt.apply(opt.init(x), x, bad)


@each_rule
def test_a_state_of_another_parameter_or_rule(rule):
    opt, x = rule(), np.ones((2, 3))
    if not rule().init(x):
        with pytest.raises(ValueError, match=r"^Descent: state = \(0,\): expected the tuple \(\) from init or apply"):
            opt.apply((0,), x, x)
        return
    for wrong in (), (0,) * 9, None, [*opt.init(x)], np.ones((3, 2, 3)):
        with pytest.raises(ValueError, match="(?s)^(Adam|AdamW.*|" + rule.__name__ + r"): state = .*: expected (the tuple \(|a tuple of 2 states).* from init or apply"):
            opt.apply(wrong, x, x)
    for shape in (2, 1), (3,), (1,), (), (3, 2):
        with pytest.raises(ValueError, match=rf"^{rule.__name__.removesuffix('W')}: state \w+ has shape {re.escape(str(shape))}: expected \(2, 3\), the shape of x"):
            opt.apply(opt.init(np.ones(shape)), x, x)


def test_a_parameter_reshaped_in_place_between_steps():
    opt, ps = Momentum(), [np.ones(2), np.ones((3, 1))]
    update(opt, ps, [np.ones(2), np.ones((3, 1))])
    ps[1].shape = (3,)
    refused(opt, ps, [np.ones(2), np.ones(3)], ValueError, r"ps\[1\]: Momentum: state v has shape \(3, 1\): expected \(3,\), the shape of x")


# A closed loop


def test_trajectory_names_the_gradient():
    with pytest.raises(TypeError, match="g has dtype int64: expected float64, the dtype of x"):
        trajectory(Adam(), lambda x: [1, 0], [1.0, 2.0], 3)
    with pytest.raises(ValueError, match=r"g has shape \(3,\): expected \(2,\), the shape of x"):
        trajectory(Adam(), lambda x: np.ones(3), [1.0, 2.0], 3)
