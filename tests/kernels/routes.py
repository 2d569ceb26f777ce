"""The ways by which `update` can do a step, one by one, and runs to compare them on."""

import contextlib
import sys
from unittest import mock

import numpy as np
import pytest

from fluxopt_edu import Adam, AdamW, Descent, Momentum, WeightDecay, chain, native, rules, update
from fluxopt_edu.rule import Rule

sys.path.append(str(__import__("pathlib").Path(__file__).parents[1] / "rules"))

UPDATE = sys.modules["fluxopt_edu.update"]
fused = pytest.mark.skipif(not native.USABLE, reason="numba is not installed: pip install -e .[fast]")

SINGLE = [rule for rule in (getattr(rules, name) for name in rules.__all__) if issubclass(rule, Rule)]
CHAINS = {
    "AdamW": lambda: AdamW(decay=0.01),
    "three links": lambda: chain(WeightDecay(0.01), Momentum(), Adam()),
    "nested": lambda: chain(chain(Adam(0.1), WeightDecay(0.1)), chain(Descent(0.5))),
}
OPTIMISERS = {rule.__name__: rule for rule in SINGLE} | CHAINS


@contextlib.contextmanager
def by(route):
    """Let `update` take one way, however small the arrays are."""
    patches = {
        "apart": {"_together": lambda: None, "BLOCKS_FROM": np.inf},
        "blocks": {"_together": lambda: None, "BLOCKS_FROM": 0},
        "fused": {"COMPILED_FROM": 0},
    }[route]
    with contextlib.ExitStack() as stack:
        for name, value in patches.items():
            stack.enter_context(mock.patch.object(UPDATE, name, value))
        yield


def arrays(state):
    """What a state consists of, at any depth."""
    for part in state:
        if isinstance(part, tuple):
            yield from arrays(part)
        else:
            yield np.asarray(part)


def same(a, b):
    """Whether two arrays hold the same bits; NaN is NaN whatever its payload, and -0 is not 0."""
    a, b = np.asarray(a), np.asarray(b)
    kinds = (a.shape, a.dtype) == (b.shape, b.dtype)
    return kinds and bool(((a == b) & (np.signbit(a.real) == np.signbit(b.real)) | np.isnan(a) & np.isnan(b)).all())


def pure(opt, xs, gradients, **options):
    """Parameters and states after these gradients, by `apply`."""
    states = [opt.init(x) for x in xs]
    with np.errstate(all="ignore"):
        for gs in gradients:
            for k, g in enumerate(gs):
                if g is not None:
                    states[k], step = opt.apply(states[k], xs[k], g, **options)
                    xs[k] = np.asarray(xs[k] - step)
    return xs, states


def check(opt, ps, gradients, route, **options):
    """Run `update` by this route, and compare parameters and states with `apply`, bit for bit."""
    xs, states = pure(opt, [p.copy() for p in ps], gradients, **options)
    with by(route):
        for gs in gradients:
            update(opt, ps, gs, **options)
    assert (opt.states.plan is not None) == (route == "fused"), "the step took another route"
    for p, x, state in zip(ps, xs, states):
        assert same(p, x)
        kept = opt.states.get(p)
        assert kept is not None or not list(arrays(state))
        if kept is not None:
            pairs = list(zip(arrays(kept), arrays(state), strict=True))
            assert all(same(a, b) for a, b in pairs)
