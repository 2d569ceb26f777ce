"""Translations, run: both sides on the recorded gradients, and there and back."""

from math import inf

import numpy as np
import pytest
from dialect_golden import numbers, recorded

from fluxopt_edu import (
    AdaBelief, AdaDelta, AdaGrad, Adam, AdaMax, AdamW, AMSGrad, Descent, Momentum, NAdam, Nesterov, OAdam, RAdam, RMSProp, WeightDecay,
    chain, dialects, translate,
)  # fmt: skip
from fluxopt_edu.command import main
from fluxopt_edu.porting.libraries import TARGETS
from fluxopt_edu.porting.numbers import Distance
from fluxopt_edu.porting.reading import read
from fluxopt_edu.porting.writing import dialect_of

torch, optax, keras, jl = dialects.torch, dialects.optax, dialects.keras, dialects.optimisersjl

DEFAULTS = [
    Descent(), Momentum(), Nesterov(), RMSProp(), Adam(), RAdam(), AdaMax(), AdaGrad(), AdaDelta(), AMSGrad(), NAdam(), AdamW(decay=0.01),
    OAdam(0.001), AdaBelief(),
]  # fmt: skip
ODD = [
    Descent(0.3), Momentum(0.05, 0.5), Nesterov(0.003, 0.95), RMSProp(0.002, 0.95, 1e-4), Adam(0.01, (0.9, 0.8), 1e-4), Adam(epsilon=0),
    RAdam(0.01, (0.9, 0.8), 1e-4), RAdam(0.01, (0.9, 0.6), 1e-4), AdaMax(0.01, (0.9, 0.8), 1e-4), AdaGrad(0.01, 1e-3), AdaDelta(0.5, 1e-4),
    NAdam(0.01, (0.9, 0.8), 1e-4), AdamW(0.003, (0.89, 0.995), 0.0007), OAdam(0.01, (0.9, 0.8), 1e-4), AdaBelief(0.01, (0.9, 0.8), 1e-4),
    chain(WeightDecay(1e-3), Momentum(0.1)), chain(WeightDecay(1e-3), Adam()), chain(Adam(0.002), WeightDecay(1e-3)),
    torch.SGD(0.1, 0.9, weight_decay=5e-4), torch.SGD(0.1, 0.9, weight_decay=5e-4, nesterov=True), torch.Adam(weight_decay=0.01),
    torch.AdamW(eps=1e-6), torch.Adam(amsgrad=True), torch.RMSprop(), torch.RMSprop(momentum=0.5), torch.RMSprop(centered=True),
    torch.NAdam(), torch.NAdam(momentum_decay=inf), torch.RAdam(), torch.Adagrad(), torch.Adagrad(initial_accumulator_value=0.1),
    torch.Adadelta(), optax.rmsprop(0.01), optax.rmsprop(0.01, momentum=0.5), optax.radam(0.01), optax.amsgrad(0.01),
    optax.adabelief(0.01), optax.nadam(0.01), optax.adagrad(0.1), optax.lion(0.01), optax.lion(0.01, weight_decay=0),
    optax.optimistic_adam_v2(0.01), optax.adamax(0.01), keras.Adam(), keras.Adam(epsilon=0), keras.Adam(weight_decay=0.004),
    keras.AdamW(epsilon=0), keras.Nadam(), keras.RMSprop(), keras.Adagrad(), keras.Adamax(), keras.Lion(), keras.Adadelta(),
    keras.SGD(0.1, 0.9, nesterov=True), keras.SGD(0.1, 0.9, weight_decay=0.01), jl.AdamW(lambda_=0.01),
    jl.AdamW(lambda_=0.01, couple=False), jl.AdaBelief(), jl.Lion(), jl.RMSProp(centred=True), jl.OAdam(), jl.AMSGrad(),
]  # fmt: skip


def trajectory(opt):
    """x on the recorded gradients, of scales from 1e-9 to 1e3, some zero."""
    file = recorded("torch")
    x, gradients, xs = numbers(file["x0"]), numbers(file["gradients"]), []
    state = opt.init(x)
    with np.errstate(all="ignore"):
        for g in gradients:
            state, step = opt.apply(state, x, g)
            x = x - step
            xs.append(x)
    return np.array(xs)


def check_same(one, other):
    same = np.abs(one - other) <= 1e-12 * np.maximum(np.abs(one), 1e-3)
    assert (same | (np.isnan(one) & np.isnan(other)) | (one == other)).all()


@pytest.mark.parametrize("opt", DEFAULTS + ODD, ids=repr)
def test_a_translation_makes_the_same_trajectory(opt):
    own = trajectory(opt)
    for to in TARGETS:
        found = translate(opt, to)
        if found:
            pasted = ("fluxopt_edu." if to == "fluxopt_edu" else "") + found.call
            check_same(own, trajectory(read(pasted).optimiser))
        else:
            assert found.call is None and found.notes and (found.nearest is None or found.nearest.call)


@pytest.mark.parametrize("opt", DEFAULTS + ODD, ids=repr)
def test_there_and_back(opt):
    """The same numbers again, up to rounding, whatever the second call is named."""
    home = dialect_of(opt)
    own = trajectory(opt)
    for to in TARGETS:
        there = translate(opt, to)
        if there:
            back = translate(there.optimiser, home)
            assert back, (there, back)
            check_same(own, trajectory(back.optimiser))


CHEAT_SHEET = [
    ("Descent(0.1)", "torch", "torch.optim.SGD(params, lr=0.1)"),
    ("Momentum()", "torch", "torch.optim.SGD(params, lr=0.01, momentum=0.9)"),
    ("Nesterov()", "torch", "torch.optim.SGD(params, lr=0.001, momentum=0.9, nesterov=True)"),
    ("RMSProp()", "torch", "torch.optim.RMSprop(params, lr=0.001, alpha=0.9)"),
    ("ADAM()", "torch", "torch.optim.Adam(params, lr=0.001)"),
    ("RADAM()", "torch", None),
    ("AdaMax()", "torch", None),
    ("ADAGrad()", "torch", "torch.optim.Adagrad(params, lr=0.1, initial_accumulator_value=1e-8, eps=1e-8)"),
    ("ADADelta()", "torch", "torch.optim.Adadelta(params, lr=1.0, eps=1e-8)"),
    ("AMSGrad()", "torch", None),
    ("NADAM(0.001, (0.9, 0.75))", "torch",
     'torch.optim.NAdam(params, lr=0.0011547005383792516, betas=(0.9, 0.75), eps=1.1547005383792515e-8, momentum_decay=float("inf"))'),
    ("ADAMW(0.001, (0.9, 0.999), 0.01)", "torch", "torch.optim.AdamW(params, lr=0.001, weight_decay=10.0)"),
    ("ADAMW(0.001, (0.9, 0.999), 0.0003)", "torch", "torch.optim.AdamW(params, lr=0.001, weight_decay=0.3)"),
    ("OADAM()", "torch", None),
    ("AdaBelief()", "torch", None),
    ("RMSProp()", "optax", "optax.rmsprop(learning_rate=0.001, eps_in_sqrt=False)"),
    ("RADAM()", "optax", "optax.radam(learning_rate=0.001, threshold=4.0)"),
    ("ADADelta()", "optax", "optax.adadelta(learning_rate=1.0, eps=1e-8)"),
    ("ADAMW(0.001, (0.9, 0.999), 0.01)", "optax", "optax.adamw(learning_rate=0.001, weight_decay=10.0)"),
    ("Momentum()", "keras", "keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)"),
    ("RMSProp()", "keras", None),
    ("ADAM()", "keras", None),
    ("AdaMax()", "keras", "keras.optimizers.Adamax(learning_rate=0.001, epsilon=1e-8)"),
    ("ADADelta()", "keras", "keras.optimizers.Adadelta(learning_rate=1.0, rho=0.9, epsilon=1e-8)"),
    ("OADAM()", "optax", None),
    ("OADAM()", "optimisersjl", "Optimisers.OAdam(eta = 0.001)"),
    ("ADAMW(0.001, (0.9, 0.999), 0.01)", "optimisersjl", "Optimisers.AdamW(eta = 0.001, lambda = 0.01, couple = false)"),
    ("AdaBelief()", "optimisersjl", None),
    ("torch.optim.RMSprop()", "flux", "RMSProp(0.01, 0.99)"),
    ("torch.optim.Adadelta()", "flux", "ADADelta(0.9, 1e-6)"),
    ("torch.optim.AdamW(lr=1e-3, weight_decay=0.01)", "flux", "ADAMW(0.001, (0.9, 0.999), 1e-5)"),
    ("torch.optim.AdamW(eps=1e-6)", "flux", "Optimiser(ADAM(0.001, (0.9, 0.999), 1e-6), WeightDecay(1e-5))"),
    ("torch.optim.SGD(lr=0.1, momentum=0.9, weight_decay=5e-4)", "flux", "Optimiser(WeightDecay(0.0005), Momentum(0.1))"),
    ("torch.optim.Adagrad()", "flux", None),
    ("torch.optim.NAdam()", "flux", None),
    ("keras.optimizers.Nadam()", "torch", "torch.optim.NAdam(params, lr=0.001, eps=1e-7, momentum_decay=1.0)"),
    ("keras.optimizers.Adagrad()", "torch", "torch.optim.Adagrad(params, lr=0.001, initial_accumulator_value=0.1000001, eps=0.0)"),
    ("keras.optimizers.Lion()", "optimisersjl", "Optimisers.Lion(eta = 0.001, beta = (0.00909090909090909, 0.01))"),
    ("Optimisers.AdaBelief()", "optax", "optax.adabelief(learning_rate=0.001)"),
    ("Optimiser(WeightDecay(1e-4), Momentum(0.1))", "optax",
     "optax.chain(optax.add_decayed_weights(0.0001), optax.sgd(learning_rate=0.1, momentum=0.9))"),
]  # fmt: skip


@pytest.mark.parametrize("call, to, wanted", CHEAT_SHEET)
def test_the_cheat_sheet(call, to, wanted):
    assert translate(call, to).call == wanted


def test_flux_runs_another_oadam_than_it_documents():
    assert translate("OADAM()", "fluxopt_edu").call == "OAdam(eta=0.001)"
    assert translate(OAdam(), "flux").call == translate(OAdam, "flux").call == "OADAM(0.0001)"
    assert translate(AdaBelief(), "flux").call == "AdaBelief(0.001)"


def test_constant_learning_rates_are_told():
    assert translate(Momentum(), "torch").holds_for_changing_learning_rate is False
    assert any("constant learning rate" in str(note) for note in translate(AdamW(decay=0.1), "torch").notes)
    assert translate(Momentum(), "keras").holds_for_changing_learning_rate is True
    assert not any("constant" in str(note) for note in translate(NAdam(), "optax").notes)


CHANGING = [
    (Momentum(0.1), "torch"), (AdamW(0.01, decay=0.01), "torch"), (Momentum(0.1), "keras"), (NAdam(), "optax"),
    (AdamW(0.01, decay=0.01), "optimisersjl"),
]  # fmt: skip


@pytest.mark.parametrize("opt, to", CHANGING)
def test_what_is_said_of_a_changing_learning_rate(opt, to):
    """η falls to a tenth after the tenth step, on both sides."""
    found = translate(opt, to)
    other = found.optimiser
    rate = next(name for name in other.hyper if other.meanings.get(name, name) == "eta")
    ends = []
    for each, name in ((opt, "eta"), (other, rate)):
        x, g = np.array([1.0]), np.random.default_rng(0).normal(size=(20, 1))
        state, usual = each.init(x), getattr(each, name)
        for t in range(20):
            setattr(each, name, usual if t < 10 else usual / 10)
            state, step = each.apply(state, x, g[t])
            x = x - step
        setattr(each, name, usual)
        ends.append(float(x[0]))
    assert (abs(ends[0] - ends[1]) < 1e-12) is found.holds_for_changing_learning_rate


def test_the_nearest():
    near = translate(RMSProp(), "keras").nearest
    assert near.call == "keras.optimizers.RMSprop(learning_rate=0.001, epsilon=1e-16)"
    assert near.distance.unit < 1e-4 < 1e-2 < near.distance.tiny < 0.1
    assert translate(RAdam(), "keras").nearest is None
    radam = translate(OAdam(0.001), "optax").nearest
    assert radam.steps == (1,) and radam.call == "optax.optimistic_adam_v2(learning_rate=0.001, b1=0.5, b2=0.9, nesterov=False)"
    assert translate(Adam(), "torch").nearest is None


def test_the_nearest_keeps_a_decay_where_tiny_gradients_part_any_two():
    near = translate("keras.optimizers.AdamW(weight_decay=0.01)", to="flux").nearest
    assert near.distance.tiny > 1 and near.distance.unit < 1e-5
    assert "WeightDecay" in near.call


def test_what_is_nearer():
    both, unit_only, neither = Distance(0.1, 0.2), Distance(1e-6, 3.0), Distance(0.1, 2.0)
    assert both.nearer(unit_only) and unit_only.nearer(neither) and not neither.nearer(unit_only)
    assert Distance(0.01, 0.2).nearer(both) and not both.nearer(both)
    assert not Distance(0.1, 0.15).nearer(both, 1.5)


def test_a_caller_cannot_change_what_was_found():
    first = translate(Adam(), "torch").optimiser
    first.lr = 7
    assert translate(Adam(), "torch").call == "torch.optim.Adam(params, lr=0.001)"


def test_bad_input():
    with pytest.raises(ValueError, match="to = 'jax': expected one of flux"):
        translate(Adam(), "jax")
    with pytest.raises(TypeError, match="translate: 3: expected an optimiser"):
        translate(3)


# The command line


def test_translate_on_the_command_line(capsys):
    assert main(["translate", "torch.optim.AdamW(lr=1e-3, weight_decay=0.01)", "--to", "flux"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ADAMW(0.001, (0.9, 0.999), 1e-5)"
    assert main(["--lang", "zh", "translate", "ADAMW(0.001, (0.9, 0.999), 0.01)"]) == 0
    assert "只在学习率不变时相同" in capsys.readouterr().out
    assert main(["translate", "RMSProp()", "--to", "keras"]) == 1
    assert "no translation found: the nearest" in capsys.readouterr().out
    assert main(["translate", "torch.optim.Adm()"]) == 1
    assert "no such optimiser here" in capsys.readouterr().err


def test_compare_on_the_command_line(capsys):
    assert main(["compare", "keras.optimizers.Adam()", "torch.optim.Adam()"]) == 0
    assert "equal after translation" in capsys.readouterr().out
    assert main(["compare", "RMSProp()", "keras.optimizers.RMSprop()", "--lang", "zh"]) == 1
    assert "不等" in capsys.readouterr().out
