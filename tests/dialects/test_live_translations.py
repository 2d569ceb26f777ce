"""Translated calls, pasted into the installed PyTorch, optax and Keras, with random hyper-parameters."""

import os
import random
import sys
import warnings

import numpy as np
import pytest
from dialect_golden import GOLDEN, check_near, run

from fluxopt_edu import (
    AdaDelta, AdaGrad, Adam, AdaMax, AdamW, Descent, Momentum, NAdam, Nesterov, RAdam, RMSProp, WeightDecay, chain, dialects, translate,
)  # fmt: skip
from fluxopt_edu.porting.reading import read

os.environ.setdefault("KERAS_BACKEND", "torch")
sys.path.insert(0, str(GOLDEN))
from record import computing_in  # noqa: E402

DRAWS = 4
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras on PyTorch


def rate(chance):
    return round(10 ** chance.uniform(-3, -1), 5)


def betas(chance):
    return round(chance.uniform(0.5, 0.95), 3), round(chance.uniform(0.9, 0.9995), 4)


def small(chance):
    return float(f"{10 ** chance.uniform(-9, -5):.2g}")


OURS = {
    "Descent": lambda c: Descent(rate(c)),
    "Momentum": lambda c: Momentum(rate(c), round(c.uniform(0.1, 0.99), 3)),
    "Nesterov": lambda c: Nesterov(rate(c), round(c.uniform(0.1, 0.99), 3)),
    "RMSProp": lambda c: RMSProp(rate(c), round(c.uniform(0.5, 0.99), 3), small(c)),
    "Adam": lambda c: Adam(rate(c), betas(c), small(c)),
    "Adam without ε": lambda c: Adam(rate(c), betas(c), 0),
    "RAdam": lambda c: RAdam(rate(c), betas(c), small(c)),
    "AdaMax": lambda c: AdaMax(rate(c), betas(c), small(c)),
    "AdaGrad": lambda c: AdaGrad(rate(c), small(c)),
    "AdaDelta": lambda c: AdaDelta(round(c.uniform(0.5, 0.99), 3), small(c)),
    "NAdam": lambda c: NAdam(rate(c), betas(c), small(c)),
    "AdamW": lambda c: AdamW(rate(c), betas(c), rate(c)),
    "decay before": lambda c: chain(WeightDecay(rate(c)), Adam(rate(c), betas(c), small(c))),
    "decay before momentum": lambda c: chain(WeightDecay(rate(c)), Momentum(rate(c))),
    "decay after": lambda c: chain(Momentum(rate(c)), WeightDecay(rate(c))),
    "Keras's Nadam": lambda c: dialects.keras.Nadam(rate(c), *betas(c), small(c)),
    "Keras's Adagrad": lambda c: dialects.keras.Adagrad(rate(c), rate(c), small(c)),
    "PyTorch's AdamW": lambda c: dialects.torch.AdamW(rate(c), betas(c), small(c), rate(c)),
    "Optimisers.jl's AdaBelief": lambda c: dialects.optimisersjl.AdaBelief(rate(c), betas(c), small(c)),
}
# those that have a translation: all others have none
TRANSLATED = {
    "torch": set(OURS) - {"RAdam", "AdaMax", "decay after", "Optimisers.jl's AdaBelief"},
    "optax": set(OURS) - {"AdaMax", "AdaGrad", "decay after", "Keras's Nadam"},
    "keras": set(OURS) - {"RMSProp", "Adam", "RAdam", "AdaGrad", "NAdam", "AdamW", "decay before", "decay before momentum",
                          "PyTorch's AdamW", "Optimisers.jl's AdaBelief"},
}  # fmt: skip


def pasted(call, library, x0, gradients):
    """What the library makes of the call."""
    xs = []
    if library == "torch":
        import torch

        x = torch.nn.Parameter(torch.tensor(x0))
        opt = eval(call, {"torch": torch, "params": [x]})  # our own text, in the place where a reader would paste it
        for g in gradients:
            x.grad = torch.tensor(g)
            opt.step()
            xs.append(x.detach().numpy().copy())
    elif library == "optax":
        import jax.numpy as jnp
        import optax

        opt, x = eval(call, {"optax": optax}), jnp.asarray(x0)
        state = opt.init(x)
        for g in gradients:
            updates, state = opt.update(jnp.asarray(g), state, x)
            x = optax.apply_updates(x, updates)
            xs.append(np.asarray(x))
    else:
        import keras

        opt, x = eval(call, {"keras": keras}), keras.Variable(x0, dtype="float64")
        opt.build([x])
        for g in gradients:
            opt.apply_gradients([(keras.ops.convert_to_tensor(g), x)])
            xs.append(np.array(keras.ops.convert_to_numpy(x)))
    return np.array(xs)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("library", ["torch", "optax", "keras"])
def test_a_pasted_call_makes_the_same_trajectory(library, kind):
    pytest.importorskip(library)
    chance = random.Random(f"{library} {kind}")
    normal = np.random.default_rng(3)
    x0 = normal.standard_normal(6)
    for _ in range(DRAWS):
        opt = OURS[kind](chance)
        found = translate(opt, library)
        assert bool(found) is (kind in TRANSLATED[library]), found
        if not found:
            continue
        for scale in (1, 1e-6):
            gs = scale * normal.standard_normal((15, 6))
            with computing_in(library, "float64"), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                theirs = pasted(found.call, library, x0, gs)
            check_near(f"{opt} as {found.call}", run(opt, x0, gs), theirs, 1e-12, np.maximum(np.abs(theirs), 1e-3).max(axis=0))


def test_another_number_is_noticed():
    pytest.importorskip("torch")
    opt, gs, x0 = AdamW(0.01, decay=0.01), np.random.default_rng(3).standard_normal((15, 6)), np.ones(6)
    call = translate(opt, "torch").call
    with computing_in("torch", "float64"):
        theirs = pasted(call.replace("weight_decay=1.0", "weight_decay=1.001"), "torch", x0, gs)
    assert "weight_decay=1.0" in call and read(call)
    with pytest.raises(AssertionError):
        check_near("another decay", run(opt, x0, gs), theirs, 1e-12, np.abs(theirs).max(axis=0))
