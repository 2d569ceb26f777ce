"""Each library's optimisers behind one face: arrays in, a function that does one step out.

A contender is called with the rule's name, the dtype, the starting values and two sets of
gradients, all as lists of NumPy arrays; it returns a function of the step's number, or None where
the library has no such rule. The settings are Flux's defaults. The gradients alternate, so that no
average of their differences sinks into subnormal numbers, which are slow for everyone.
"""

import os
import sys
from pathlib import Path
from unittest import mock

os.environ.setdefault("KERAS_BACKEND", "jax")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402

import fluxopt_edu  # noqa: E402

RULES = ["Momentum", "RMSProp", "Adam", "AdaGrad", "AdaBelief"]


def only(path):
    """A context in which this package runs without numba, if `path` is "plain"."""
    module = sys.modules["fluxopt_edu.update"]
    return mock.patch.object(module, "_together", (lambda: None) if path == "plain" else module._together)


def ours(rule, dtype, start, gradients, path):
    opt, ps = getattr(fluxopt_edu, rule)(), [x.copy() for x in start]

    def step(k):
        with only(path):  # a few microseconds, which only "plain" pays
            fluxopt_edu.update(opt, ps, gradients[k % 2])

    def fused(k):
        fluxopt_edu.update(opt, ps, gradients[k % 2])

    if path == "plain":
        return step
    fused(0)
    if opt.states.plan is None:
        raise RuntimeError("the fused path did not run: is numba installed?")
    return fused


def torch_(rule, dtype, start, gradients, **mode):
    import torch

    ps = [torch.nn.Parameter(torch.tensor(x)) for x in start]
    sets = [[torch.tensor(g) for g in gs] for gs in gradients]
    make = {
        "Momentum": lambda: torch.optim.SGD(ps, lr=0.01, momentum=0.9, **mode),
        "RMSProp": lambda: torch.optim.RMSprop(ps, lr=0.001, alpha=0.9, eps=1e-8, **mode),
        "Adam": lambda: torch.optim.Adam(ps, lr=0.001, **mode),
        "AdaGrad": lambda: torch.optim.Adagrad(ps, lr=0.1, eps=1e-8, **mode),
    }.get(rule)
    if make is None or "fused" in mode and rule == "RMSProp":
        return None
    opt = make()

    def step(k):
        for p, g in zip(ps, sets[k % 2]):
            p.grad = g
        opt.step()

    return step


def optax_(rule, dtype, start, gradients):
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    opt = {
        "Momentum": optax.sgd(0.01, momentum=0.9),
        "RMSProp": optax.rmsprop(0.001, decay=0.9, eps=1e-8),
        "Adam": optax.adam(0.001),
        "AdaGrad": optax.adagrad(0.1, initial_accumulator_value=1e-8, eps=1e-8),
        "AdaBelief": optax.adabelief(0.001, eps=1e-8),
    }[rule]

    def one(ps, state, gs):
        steps, state = opt.update(gs, state, ps)
        return optax.apply_updates(ps, steps), state

    one = jax.jit(one, donate_argnums=(0, 1))
    ps = [jax.numpy.array(x) for x in start]
    sets = [[jax.numpy.array(g) for g in gs] for gs in gradients]
    now = [ps, opt.init(ps)]

    def step(k):
        now[:] = one(*now, sets[k % 2])
        jax.block_until_ready(now)

    return step


def keras_(rule, dtype, start, gradients):
    import jax
    import keras

    jax.config.update("jax_enable_x64", True)
    make = {
        "Momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.9),
        "RMSProp": lambda: keras.optimizers.RMSprop(0.001, rho=0.9, epsilon=1e-8),
        "Adam": lambda: keras.optimizers.Adam(0.001, epsilon=1e-8),
        "AdaGrad": lambda: keras.optimizers.Adagrad(0.1, initial_accumulator_value=1e-8, epsilon=1e-8),
    }.get(rule)
    if make is None:
        return None
    keras.config.set_floatx(dtype)
    opt, variables = make(), [keras.Variable(x, dtype=dtype) for x in start]
    opt.build(variables)
    one = jax.jit(opt.stateless_apply, donate_argnums=(0, 2))
    sets = [[jax.numpy.array(g) for g in gs] for gs in gradients]
    now = [[v.value for v in opt.variables], [v.value for v in variables]]

    def step(k):
        now[1], now[0] = one(now[0], sets[k % 2], now[1])
        jax.block_until_ready(now)

    return step


CONTENDERS = {
    "fused": lambda *arguments: ours(*arguments, path="fused"),
    "plain": lambda *arguments: ours(*arguments, path="plain"),
    "torch single": lambda *arguments: torch_(*arguments, foreach=False),
    "torch foreach": lambda *arguments: torch_(*arguments, foreach=True),
    "torch fused": lambda *arguments: torch_(*arguments, fused=True),
    "optax": optax_,
    "Keras": keras_,
}
OURS = ["fused", "plain"]


def floor(rule, dtype, start, gradients):
    """An addition in place: two arrays are read and one is written. Its bytes a second are the floor's."""
    a, b = np.ones(sum(x.size for x in start), dtype), np.ones(sum(x.size for x in start), dtype)
    return lambda k: np.add(a, b, out=a)


def moved(rule):
    """How many arrays a step must read and write: x, g and the states; x and the states."""
    states = sum(state.annotation is not fluxopt_edu.rule.Scalar for state in getattr(fluxopt_edu, rule).declared)
    return (2 + states) + (1 + states)
