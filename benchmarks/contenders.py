"""Each library's optimisers behind one face: arrays in, a function that does one step out.

A contender is called with the rule's name, the dtype, the starting values and two sets of
gradients, all as lists of NumPy arrays; it returns a function of the step's number, or None where
the library has no such rule. The settings are Flux's defaults. The gradients alternate where they
are handed over at each step: so no average of their differences, as AdaBelief's, sinks into
subnormal numbers, which are slow for everyone.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402

import fluxopt_edu  # noqa: E402

RULES = ["Momentum", "RMSProp", "Adam", "AdaGrad", "AdaBelief"]


def update(path, opt, ps, gs):
    """A step of this package by its fused path, or as it is without numba."""
    module = sys.modules["fluxopt_edu.update"]
    together = module._together
    if path == "plain":
        module._together = lambda: None
    try:
        fluxopt_edu.update(opt, ps, gs)
    finally:
        module._together = together
    if (opt.states.plan is None) != (path == "plain"):
        raise RuntimeError(f"{path}: the step went another way: is numba installed?")


def ours(rule, dtype, start, gradients, path):
    opt, ps = getattr(fluxopt_edu, rule)(), [x.copy() for x in start]
    return lambda k: update(path, opt, ps, gradients[k % 2])


def torch_(rule, dtype, start, gradients, **mode):
    import torch

    ps = [torch.nn.Parameter(torch.tensor(x)) for x in start]
    for p, g in zip(ps, gradients[0]):
        p.grad = torch.tensor(g)  # once: in training it is autograd that puts them there
    make = {
        "Momentum": lambda: torch.optim.SGD(ps, lr=0.01, momentum=0.9, **mode),
        "RMSProp": lambda: torch.optim.RMSprop(ps, lr=0.001, alpha=0.9, eps=1e-8, **mode),
        "Adam": lambda: torch.optim.Adam(ps, lr=0.001, **mode),
        "AdaGrad": lambda: torch.optim.Adagrad(ps, lr=0.1, eps=1e-8, **mode),
    }.get(rule)
    if make is None or "fused" in mode and rule == "RMSProp":
        return None
    opt = make()
    return lambda k: opt.step()


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
