"""After an error everything is as it was, and nothing that `apply` is given ever changes."""

import numpy as np
import pytest
from routes import arrays, by, fused, same

import fluxopt_edu
from fluxopt_edu import Adam, Momentum, chain, update
from fluxopt_edu.kernels import kernel_of
from fluxopt_edu.rule import rule

ROUTES = pytest.mark.parametrize("route", ["apart", "blocks", pytest.param("fused", marks=fused)])


def frozen(p):
    p.flags.writeable = False


def reshaped(p):
    p.shape = (2, 15)


def narrowed(p):
    p.dtype = "float32"


CALLS = {
    "a bad gradient": lambda ps, gs: (ps, gs[:2] + [np.ones(29)]),
    "an integer gradient": lambda ps, gs: (ps, gs[:2] + [np.ones(30, int)]),
    "no array": lambda ps, gs: (ps, gs[:2] + [[1.0] * 30]),
    "a complex gradient": lambda ps, gs: (ps, gs[:2] + [np.ones(30, complex)]),
    "too few": lambda ps, gs: (ps, gs[:2]),
    "one twice": lambda ps, gs: ([*ps, ps[0]], [*gs, gs[0]]),
    "an overlap": lambda ps, gs: ([*ps, ps[0][3:]], [*gs, gs[0][3:]]),
    "a fresh view": lambda ps, gs: ([ps[0], ps[1], ps[2][:]], gs),
    "a read-only parameter": lambda ps, gs: (frozen(ps[2]), (ps, gs))[1],
    "another shape": lambda ps, gs: (reshaped(ps[2]), (ps, gs))[1],
    "another dtype": lambda ps, gs: (narrowed(ps[2]), (ps, gs))[1],
}


@ROUTES
@pytest.mark.parametrize("call, steps", [
    pytest.param(call, steps, id=f"{what} after {steps}") for what, call in CALLS.items() for steps in (0, 3)
    if steps or what not in ("a fresh view", "another dtype")  # without a state these are no errors
])  # fmt: skip
def test_a_bad_call(call, steps, route):
    opt, ps, gs = Adam(), [np.ones(30) for _ in range(3)], [np.full(30, 2.0) for _ in range(3)]
    with by(route):
        for _ in range(steps):
            update(opt, ps, gs)
        before, saved = [p.tobytes() for p in ps], opt.state_dict(ps)
        bad = call(ps, gs)
        with pytest.raises((TypeError, ValueError)):
            update(opt, *bad)
        ps[2].flags.writeable = True
        ps[2].dtype = float
        ps[2].shape = 30
        assert [p.tobytes() for p in ps] == before
        after = opt.state_dict(ps)
        assert after.keys() == saved.keys() and all(same(after[name], saved[name]) for name in saved)
        update(opt, ps, gs)  # and it goes on as if nothing had been
    assert same(ps[2], ps[0])


@ROUTES
def test_a_dtype_that_a_rule_refuses_after_others_were_prepared(route):
    opt, real, complex_ = fluxopt_edu.AdaMax(), np.ones(50), np.ones(50, complex)
    with by(route), pytest.raises(TypeError, match=r"^ps\['c'\]: maximum: expected real numbers"):
        update(opt, {"r": real, "c": complex_}, {"r": real.copy(), "c": complex_.copy()})
    assert same(real, np.ones(50)) and not opt.states


@ROUTES
def test_no_memory(route, monkeypatch):
    """Wherever memory runs out, nothing has changed."""
    opt, ps = chain(Adam(), Momentum()), [np.ones(50), np.ones(60)]
    gs = [np.full(50, 2.0), np.full(60, 2.0)]
    with by(route):
        update(opt, ps[:1], gs[:1])
        before, saved = [p.copy() for p in ps], opt.state_dict(ps)
        empty_like, calls = np.full_like, []

        def full(*arguments, **options):
            calls.append(1)
            if len(calls) == 3:
                raise MemoryError
            return empty_like(*arguments, **options)

        monkeypatch.setattr(np, "full_like", full)
        with pytest.raises(MemoryError):
            update(opt, ps, gs)
        monkeypatch.undo()
        assert all(map(same, ps, before))
        after = opt.state_dict(ps)
        assert after.keys() == saved.keys() and all(same(after[name], saved[name]) for name in saved)


@fused
def test_a_compiler_that_fails(monkeypatch):
    from fluxopt_edu import native

    def fail(*_, **__):
        raise NotImplementedError("the compiler")

    opt, ps = Adam(), [np.ones(50), np.ones(50, "float32")]
    with by("fused"):
        update(opt, ps[:1], [np.full(50, 2.0)])
        before, saved = [p.copy() for p in ps], opt.state_dict(ps)
        monkeypatch.setattr(native, "_compiled", fail)
        monkeypatch.setattr(kernel_of(Adam).update, "ready", {})
        with pytest.raises(NotImplementedError):
            update(opt, ps, [p * 2 for p in ps])
        after = opt.state_dict(ps)
    assert all(map(same, ps, before)) and after.keys() == saved.keys()
    assert all(same(after[name], saved[name]) for name in saved)


@ROUTES
@pytest.mark.parametrize("steps", [0, 2])
def test_numpy_raises_before_anything_has_changed(route, steps):
    opt, ps = Adam(), [np.ones(40), np.ones(40)]
    gradients = [np.full(40, 1.0 + t * t) for t in range(steps + 2)]
    with by(route):
        for g in gradients[:steps]:
            update(opt, ps, [g] * 2)
        before, saved = [p.copy() for p in ps], opt.state_dict(ps)
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
            update(opt, ps, [np.ones(40), np.full(40, 1e200)])
        after = opt.state_dict(ps)
        assert all(map(same, ps, before)) and after.keys() == saved.keys() and all(same(after[n], saved[n]) for n in saved)
        with np.errstate(all="raise"):
            update(opt, ps, [gradients[-2]] * 2)
        update(opt, ps, [gradients[-1]] * 2)
        expected = Adam()
        x = np.ones(40)
        for g in gradients:
            with by("apart"):
                update(expected, x, g)
        assert same(ps[0], x) and same(ps[1], x)


@ROUTES
@pytest.mark.filterwarnings("error")
def test_infinities_and_nan_are_no_errors_and_give_no_warnings(route):
    opt, p = Adam(), np.ones((4, 20))
    g = np.repeat([[np.inf], [np.nan], [1e200], [1.0]], 20, axis=1)
    with by(route):
        for _ in range(2):
            update(opt, p, g)
            update(Adam(eta=1e300), np.ones(40, "float32"), np.ones(40, "float32"))
    # g² is infinite at 1e200, and the step zero
    assert np.isnan(p[:2]).all() and same(p[2], np.ones(20)) and (p[3] < 1).all()


@ROUTES
def test_gradients_and_what_apply_is_given_stay_as_they_are(route):
    opt, p, g = chain(Adam(), Momentum()), np.ones(50), np.full(50, 2.0)
    with by(route):
        for _ in range(3):
            update(opt, p, g)
            assert same(g, np.full(50, 2.0))
        state, x = opt.states.get(p), p.copy()
        held = [part.copy() for part in arrays(state)]
        opt.apply(state, p, g)
        assert all(map(same, arrays(state), held)) and same(p, x)
        saved = opt.state_dict({"p": p})
        held = {name: part.copy() for name, part in saved.items()}
        update(opt, p, g)
        assert all(same(saved[name], held[name]) for name in held), "a saved state is no copy"


def test_a_rule_that_cannot_be_traced_and_one_that_hands_its_input_on():
    @rule
    def SignDescent(g, *, eta=0.1):
        return eta * np.sign(g)

    @rule
    def Normed(g, *, eta=0.1):
        return eta * g / np.sqrt((g * g).sum())

    @rule
    def Last(g, last=0, *, eta=0.1):
        return eta * last, g

    @rule
    def Swap(g, a=0, b=1, *, eta=0.1):
        return eta * (a - b) * g, b * 1, a * 1

    g = np.linspace(-1, 1, 70)
    for new in SignDescent, Normed, Last, Swap, lambda: chain(SignDescent(), Adam()):
        for route in "blocks", "fused":
            opt, p, x = new(), np.ones(70), np.ones(70)
            state = opt.init(x)
            with by(route):
                for k in range(4):
                    update(opt, p, g * (k + 1))
                    state, step = opt.apply(state, x, g * (k + 1))
                    x = x - step
            assert same(p, x) and opt.states.plan is None
