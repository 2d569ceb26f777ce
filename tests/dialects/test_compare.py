"""What `compare` proves of the fourteen rules in every dialect, and that it proves nothing else."""

import dataclasses
from math import inf

import numpy as np
import pytest
import sympy as sp

from fluxopt_edu import (
    AdaBelief, AdaDelta, AdaGrad, Adam, AdaMax, AdamW, AMSGrad, Descent, Momentum, NAdam, Nesterov, OAdam, RAdam, RMSProp, WeightDecay,
    chain, compare, dialects,
)  # fmt: skip
from fluxopt_edu.dialects import correspondences
from fluxopt_edu.porting import candidates, induction
from fluxopt_edu.porting.impossible import _never, impossible
from fluxopt_edu.porting.numbers import walk
from fluxopt_edu.porting.system import system
from fluxopt_edu.rule import rule

flux, jl, torch, optax, keras, paper = (getattr(dialects, d) for d in ("flux", "optimisersjl", "torch", "optax", "keras", "paper"))

# ours, the other, the kind, b's hyper-parameters that are not ours, and whether it stays so when the learning rate changes
MATRIX = [
    (Descent, paper.Descent, "E0", {}, True),
    (Descent, jl.Descent, "E0", {}, True),
    (Descent, torch.SGD, "E0", {}, True),
    (Descent, optax.sgd, "E0", {}, True),
    (Descent, keras.SGD, "E0", {}, True),
    (Momentum, paper.Momentum, "E0", {}, True),
    (Momentum, jl.Momentum, "E0", {}, True),
    (Momentum, torch.SGD(momentum=0.9), "E1", {}, False),
    (Momentum, optax.sgd(1, momentum=0.9), "E1", {}, False),
    (Momentum, keras.SGD(momentum=0.9), "E0", {}, True),
    (Nesterov, paper.Nesterov, "E1", {}, True),
    (Nesterov, jl.Nesterov, "E0", {}, True),
    (Nesterov, torch.SGD(momentum=0.9, nesterov=True), "E1", {}, False),
    (Nesterov, optax.sgd(1, momentum=0.9, nesterov=True), "E1", {}, False),
    (Nesterov, keras.SGD(momentum=0.9, nesterov=True), "E0", {}, True),
    (RMSProp, jl.RMSProp, "E0", {}, True),
    (RMSProp, torch.RMSprop, "E0", {}, True),
    (RMSProp, optax.rmsprop(1, eps_in_sqrt=False), "E0", {}, True),
    (RMSProp, optax.rmsprop, "D", {}, None),
    (RMSProp, keras.RMSprop, "D", {}, None),
    (Adam, paper.Adam, "E0", {}, True),
    (Adam, paper.Adam(epsilon_hat=True), "E2", {"epsilon": "epsilon*sqrt(1 - beta_2**t)"}, True),
    (Adam, jl.Adam, "E0", {}, True),
    (Adam, torch.Adam, "E0", {}, True),
    (Adam, optax.adam, "E0", {}, True),
    (Adam, keras.Adam, "E2", {"epsilon": "epsilon*sqrt(1 - beta_2**t)"}, True),
    (RAdam, jl.RAdam, "E0", {}, True),
    (RAdam, torch.RAdam, "E2", {"epsilon": "epsilon*sqrt(1 - beta_2**t)"}, True),
    (RAdam, optax.radam, "E1", {"theta": "4"}, True),
    (AdaMax, jl.AdaMax, "E0", {}, True),
    (AdaMax, torch.Adamax, "D", {}, None),
    (AdaMax, optax.adamax, "D", {}, None),
    (AdaMax, keras.Adamax, "E0", {}, True),
    (AdaGrad, jl.AdaGrad, "E0", {}, True),
    (AdaGrad, torch.Adagrad, "E1", {"a_0": "epsilon"}, True),
    (AdaGrad, optax.adagrad, "D", {}, None),
    (AdaGrad, keras.Adagrad, "D", {}, None),
    (AdaDelta, paper.AdaDelta, "E0", {}, None),
    (AdaDelta, jl.AdaDelta, "E0", {}, None),
    (AdaDelta, torch.Adadelta, "E1", {"eta": "1"}, None),
    (AdaDelta, optax.adadelta(1), "E1", {"eta": "1"}, None),
    (AdaDelta, optax.adadelta, "E1", {"eta": "1"}, None),
    (AdaDelta, keras.Adadelta, "E1", {"eta": "1"}, None),
    (AMSGrad, jl.AMSGrad, "E0", {}, True),
    (AMSGrad, torch.Adam(amsgrad=True), "E2 + E3",
     {"eta": "eta*(1 - beta_1**t)/sqrt(1 - beta_2**t)", "epsilon": "epsilon/sqrt(1 - beta_2**t)"}, True),
    (AMSGrad, optax.amsgrad(1, bias_correction_mu=False, bias_correction_nu=False), "E3", {}, True),
    (AMSGrad, optax.amsgrad, "D", {}, None),
    (AMSGrad, keras.Adam(amsgrad=True), "E2 + E3", {"eta": "eta*(1 - beta_1**t)/sqrt(1 - beta_2**t)"}, True),
    (NAdam, paper.NAdam(eta=1, momentum_decay=inf), "E0", {}, True),
    (NAdam, jl.NAdam, "E0", {}, True),
    (NAdam, torch.NAdam(momentum_decay=inf), "E1", {"eta": "eta/sqrt(beta_2)", "epsilon": "epsilon/sqrt(beta_2)"}, True),
    (NAdam, torch.NAdam, "E1", {"eta": "eta/sqrt(beta_2)", "epsilon": "epsilon/sqrt(beta_2)"}, True),
    (NAdam, optax.nadam, "E1", {"eta": "eta/sqrt(beta_2)", "epsilon": "epsilon/sqrt(beta_2)"}, True),
    (NAdam, keras.Nadam, "D", {}, None),
    (AdamW, paper.AdamW(decay=0.1), "E0", {}, True),
    (AdamW, flux.ADAMW, "E1", {"lambda": "decay/eta"}, False),
    (AdamW, jl.AdamW(**{"lambda": 0.1}, couple=False), "E0", {}, True),
    (AdamW, jl.AdamW(**{"lambda": 0.1}), "E1", {"lambda": "decay/eta"}, False),
    (AdamW, torch.AdamW, "E1", {"lambda": "decay/eta"}, False),
    (AdamW, optax.adamw, "E1", {"lambda": "decay/eta"}, False),
    (AdamW, keras.AdamW, "E2", {"lambda": "decay/eta", "epsilon": "epsilon*sqrt(1 - beta_2**t)"}, False),
    (OAdam, paper.OAdam, "E0", {}, True),
    (OAdam, jl.OAdam, "E0", {}, True),
    (OAdam, optax.optimistic_adam_v2(1, nesterov=False), "E1", {"alpha": "1", "omega": "1"}, False),
    (OAdam, optax.optimistic_adam_v2, "D", {}, None),
    (AdaBelief, paper.AdaBelief, "D", {}, None),
    (AdaBelief, flux.AdaBelief, "D", {}, None),
    (AdaBelief, jl.AdaBelief, "D", {}, None),
    (AdaBelief, optax.adabelief, "E2",
     {"eta": "eta*(1 - beta_1**t)/sqrt(1 - beta_2**t)", "epsilon": "epsilon/sqrt(1 - beta_2**t)"}, True),
    (flux.AdaBelief, jl.AdaBelief, "E1", {"epsilon": "epsilon**2"}, True),
    (flux.AdaBelief, optax.adabelief, "E1", {"epsilon": "epsilon**2", "epsilon_r": "epsilon**2"}, True),
    (jl.AdaBelief, optax.adabelief, "E1", {"epsilon_r": "epsilon"}, True),
    (paper.AdaBelief, jl.AdaBelief, "E0", {}, True),
    (optax.rmsprop, keras.RMSprop, "E0", {}, True),
    (torch.Adamax, optax.adamax, "E0", {}, True),
    (keras.Adagrad, optax.adagrad, "E0", {}, True),
    (keras.Adagrad, torch.Adagrad, "E1", {"epsilon": "0", "a_0": "a_0 + epsilon"}, True),
    (keras.Nadam, torch.NAdam, "E1", {"psi": "1"}, True),
    (keras.Adam(amsgrad=True), torch.Adam(amsgrad=True), "E2", {"epsilon": "epsilon/sqrt(1 - beta_2**t)"}, True),
    (torch.RMSprop(momentum=0.5), keras.RMSprop(momentum=0.5), "D", {}, None),
    (torch.RMSprop(momentum=0.5), optax.rmsprop(1, momentum=0.5, eps_in_sqrt=False), "E1", {}, False),
    (torch.RMSprop(centered=True), jl.RMSProp(centred=True), "E0", {}, True),
    (paper.Lion(eta=1), keras.Lion, "E0", {}, True),
    (paper.Lion(eta=1, decay=0.1), optax.lion, "E0", {}, True),
    (paper.Lion(eta=1), jl.Lion, "E1", {"beta_1": "beta_1*(1 - beta_2)/beta_2", "beta_2": "1 - beta_2"}, True),
    (chain(WeightDecay(0.1), Momentum()), torch.SGD(momentum=0.9, weight_decay=0.1), "E1", {}, False),
    (chain(WeightDecay(0.1), Adam()), torch.Adam(weight_decay=0.1), "E0", {}, True),
    (chain(Adam(), WeightDecay(0.1)), keras.Adam(weight_decay=0.1), "E2",
     {"lambda": "decay/eta", "epsilon": "epsilon*sqrt(1 - beta_2**t)"}, False),
]  # fmt: skip

# The paper's rule is ours at one setting: ours, the paper's, our hyper-parameters there.
PAPER = [
    (RMSProp, paper.RMSProp, {"epsilon": "0"}),
    (RAdam, paper.RAdam, {"epsilon": "0"}),
    (AdaMax, paper.AdaMax, {"epsilon": "0"}),
    (AdaGrad, paper.AdaGrad(eta=1), {"epsilon": "0"}),
    (AMSGrad, paper.AMSGrad, {"epsilon": "0"}),
]


def named(pair):
    return "-".join(str(getattr(opt, "label", "") or getattr(opt, "__name__", opt)) for opt in pair[:2])


def expressions(texts):
    return {name: candidates.expression(text) for name, text in texts.items()}


@pytest.mark.parametrize("row", MATRIX, ids=named)
def test_the_matrix(row):
    ours, other, kind, substitution, changing = row
    found = compare(ours, other)
    assert found.kind == kind, found
    assert found.holds_for_changing_learning_rate is changing
    if kind != "D":
        departures = found.correspondence.substitution.departures("b")
        wanted = expressions(substitution)
        assert all(sp.simplify(departures[name] - e) == 0 for name, e in wanted.items())
        assert departures.keys() - wanted.keys() <= {"epsilon_r"}  # optax's second ε is 0 where the other has none
    assert bool(found) is (kind != "D" and not found.except_at)


@pytest.mark.parametrize("row", PAPER, ids=named)
def test_a_papers_rule_is_one_setting_of_ours(row):
    ours, other, setting = row
    found = compare(ours, other)
    assert found and found.correspondence.covers("b") and not found.correspondence.covers("a")
    assert found.correspondence.conditions("a") == expressions(setting)
    assert not found.starts


def test_ams_grad_is_the_others_where_its_states_start_at_zero():
    found = compare(AMSGrad, optax.amsgrad(1, bias_correction_mu=False, bias_correction_nu=False))
    assert found.verdict == "equal after translation" and found.starts == {"m": 0, "v": 0, "v_max": 0}


def test_momentum_translates_by_its_velocity():
    found = compare(Momentum, torch.SGD(momentum=0.9))
    eta, b = sp.symbols("eta b")
    assert found.states == {"v": -eta * b} and found.verdict == "equal after translation"


# Steps


@pytest.mark.parametrize(
    "beta_2, steps", [(0.999, (5,)), (0.99, (5,)), (0.9, (5,)), (0.8, (5, 6)), (0.6, ())]
)
def test_radam_parts_from_torch_where_rho_is_between_four_and_five(beta_2, steps):
    found = compare(RAdam, torch.RAdam)
    assert found.verdict == "equal except at steps" and found.except_at == "ρₜ > 4 ∧ ρₜ ≤ 5"
    t = np.arange(1, 200)
    ρ = 2 / (1 - beta_2) - 1 - 2 * t * beta_2**t / (1 - beta_2**t)
    by_hand = tuple((np.flatnonzero((ρ > 4) & (ρ <= 5)) + 1).tolist())
    assert found.steps_at(beta_2=beta_2) == by_hand == steps
    one, other = RAdam(beta=(0.9, beta_2), epsilon=0), torch.RAdam(lr=0.001, betas=(0.9, beta_2), eps=0)
    g = np.random.default_rng(3).normal(size=(30, 1))
    a, b = walk(one, g)[0], walk(other, g)[0]
    assert tuple((np.flatnonzero(np.abs(a - b) > 1e-9 * np.abs(a)) + 1).tolist()) == steps


def test_where_rho_stays_between_four_and_five_all_late_steps_differ():
    steps = compare(RAdam, torch.RAdam).steps_at(beta_2=0.65)
    assert steps[-1] == 5000 and steps == tuple(range(steps[0], 5001))


def test_threshold_four_assumes_that_rho_is_never_four():
    found = compare(RAdam, optax.radam)
    assert "ρₜ ≠ 4" in found.assumptions and not found.except_at
    assert compare(RAdam, jl.RAdam).assumptions and "ρₜ ≠ 4" not in compare(RAdam, jl.RAdam).assumptions


def test_only_the_edge_itself_is_a_boundary():
    rho, t = sp.symbols("rho t")
    above, from_on = rho - 4 > 0, rho - 4 >= 0
    assert induction._is_boundary({above: False, from_on: True})
    assert not induction._is_boundary({above: False})  # on the edge and below it
    assert not induction._is_boundary({above: False, from_on: False})  # below it
    assert not induction._is_boundary({above: True, from_on: True})  # above it
    assert not induction._is_boundary({above: False, rho - 5 >= 0: True})  # of two edges
    assert not induction._is_boundary({above: False, from_on: True, t - 1 > 0: True})  # at some steps


def test_optimistic_adam_differs_at_its_first_step():
    found = compare(OAdam, optax.optimistic_adam_v2(1, nesterov=False))
    assert found.verdict == "equal except at steps" and found.steps == (1,)


# Nothing that is false


@pytest.mark.parametrize("row", [row for row in MATRIX if row[2] in ("E0", "E1")], ids=named)
def test_what_is_proved_runs(row):
    """The correspondence in numbers: both rules, on gradients of three sizes."""
    from fluxopt_edu.porting.carry import carried

    found = compare(*row[:2])
    c = found.correspondence
    start = c.a.opt
    target = carried(c, but_for_steps=True)
    if target is None:  # a's own numbers are not among those that are translated
        pytest.skip("no numbers")
    g = np.random.default_rng(1).normal(size=(25, 6)) * np.array([1, 1, 1e-3, 1e-3, 1e-6, 1e-6])
    if c.substitution.shift != 0:
        check_shift(start, target, g)
        return
    one, other = walk(start, g)[0], walk(target, g)[0]
    steps = [t for t in range(25) if t + 1 not in found.steps]
    np.testing.assert_allclose(one[steps], other[steps], rtol=1e-9, atol=0)


def check_shift(ours, theirs, g):
    """Nesterov: our parameter is the paper's and ρv."""
    x, state, θ, its = 1.0, ours.init(1.0), 1.0, theirs.init(1.0)
    for value in g[:, 0]:
        state, step = ours.apply(state, x, value)
        its, other = theirs.apply(its, θ, value)
        x, θ = x - step, θ - other
        assert x == pytest.approx(θ + theirs.rho * its[0], rel=1e-12)


WRONG = [
    {"epsilon": "epsilon*(1 - beta_2**t)"},
    {"epsilon": "epsilon*sqrt(1 - beta_2**(t + 1))"},
    {"epsilon": "epsilon/sqrt(1 - beta_2**t)"},
    {"epsilon": "epsilon*sqrt(1 - beta_1**t)"},
    {"epsilon": "epsilon"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_wrong_candidate_is_not_proved(wrong, monkeypatch):
    a, b = system(Adam), system(keras.Adam)
    right = next(s for s in candidates.substitutions(a, b) if induction.proved(a, b, s))
    assert sp.simplify(right.b["epsilon"] - candidates.expression("epsilon*sqrt(1 - beta_2**t)")) == 0
    declared = dataclasses.replace(right, b=right.b | expressions(wrong))
    assert induction.proved(a, b, declared) is None
    monkeypatch.setattr(induction, "refuted", lambda *_: False)  # and not by numbers alone
    assert induction.proved(a, b, declared) is None


def test_the_same_step_is_not_enough(monkeypatch):
    """Both subtract the state; what becomes of it differs."""

    def halves(g, m=0, *, eta=0.1):
        return m, m / 2 + eta * g

    def thirds(g, m=0, *, eta=0.1):
        return m, m / 3 + eta * g

    a, b = system(rule(halves)), system(rule(thirds))
    same = candidates.Substitution({"eta": sp.Symbol("eta")}, {"eta": sp.Symbol("eta")}, {"m": sp.Symbol("m")})
    monkeypatch.setattr(induction, "refuted", lambda *_: False)
    assert induction.proved(a, b, same) is None
    assert induction.proved(a, a, same)


def test_a_start_that_does_not_correspond_is_told():
    a, b = system(AdaGrad), system(torch.Adagrad(initial_accumulator_value=1))
    of_a, of_b = ({n: sp.Symbol(n) for n in side.hyper} for side in (a, b))
    wrong = candidates.Substitution(of_a, of_b | {"a_0": sp.Symbol("epsilon")}, {"acc": sp.Symbol("acc")})
    assert induction.proved(a, b, wrong).starts == {}
    twice = dataclasses.replace(wrong, b=wrong.b | {"a_0": 2 * sp.Symbol("epsilon")})
    assert induction.proved(a, b, twice).starts == {"acc": 2 * sp.Symbol("epsilon")}


def test_nothing_is_found_that_is_not_declared(monkeypatch):
    assert len(correspondences.CANDIDATES) == len(set(map(str, correspondences.CANDIDATES)))
    a, b = system(Momentum), system(torch.SGD(momentum=0.9))
    assert list(candidates.substitutions(a, b))
    monkeypatch.setattr(candidates, "CANDIDATES", ())
    assert not list(candidates.substitutions(a, b))


# Where nothing can do


IMPOSSIBLE = [
    (RMSProp, keras.RMSprop, "bend"),
    (AdaGrad, keras.Adagrad, "bend"),
    (AdaGrad, optax.adagrad, "bend"),
    (Adam, keras.Adam, "half of the second"),
    (AdaMax, torch.Adamax, "half of the first"),
]


@pytest.mark.parametrize("a, b, quantity", IMPOSSIBLE)
def test_no_constants_can_do(a, b, quantity):
    for one, other in ((a, b), (b, a)):
        assert impossible(system(one), system(other)).quantity == quantity


@pytest.mark.parametrize("row", [row for row in MATRIX if row[2] in ("E0", "E1")], ids=named)
def test_nothing_is_called_impossible_that_is_possible(row):
    found = compare(*row[:2])
    if found.steps or 0 in found.correspondence.substitution.b.values():
        return  # the proofs are for ε > 0, and for all steps
    assert impossible(found.correspondence.a, found.correspondence.b) is None


def test_only_one_sign_is_never_zero():
    eta, epsilon, beta_2, rho = sp.symbols("eta epsilon beta_2 rho")
    one = system(RMSProp)
    assert _never(eta * epsilon, one) and _never(-epsilon / sp.sqrt(1 - beta_2), one) and _never(1 - rho, one)
    assert not (_never(eta - 1, one) or _never(sp.S.Zero, one) or _never(rho - sp.Rational(1, 2), one) or _never(sp.Symbol("g") * 0, one))


def test_verdicts_without_a_translation():
    assert compare(RMSProp, keras.RMSprop).verdict == "different"
    assert compare(AdaBelief, jl.AdaBelief).verdict == "no translation found"
    assert compare(Adam, AdaMax).verdict in ("different", "no translation found")
    parting = compare(AdaBelief, jl.AdaBelief).parting
    one, other = AdaBelief(), compare(AdaBelief, jl.AdaBelief).aligned
    for opt, step in zip((one, other), parting.steps):
        state, x = opt.init(1.0), 1.0
        for g in parting.gradients:
            state, last = opt.apply(state, x, g)
            x -= last
        assert last == pytest.approx(step, rel=1e-12)
    assert parting.relative > 0.1 and len(parting.gradients) == parting.t


# What is shown


def test_settings_as_constructed():
    assert compare(Adam(), torch.Adam()).as_constructed
    assert not compare(Adam(), torch.Adam(lr=0.01)).as_constructed
    assert compare("ADAMW(0.001, (0.9, 0.999), 0.01)", "torch.optim.AdamW(lr=0.001, weight_decay=10.0)").as_constructed
    assert compare(Adam(), torch.Adam()).parting_as_constructed is None
    assert compare(Adam(), torch.Adam(lr=0.01)).parting_as_constructed.t == 1


def test_text_and_html():
    found = compare(AdamW, torch.AdamW)
    assert "weight_decay = decay/eta" in repr(found) and "constant learning rate" in repr(found)
    assert "换算后相等" in found.text("zh") and "learning" not in found.text("zh")
    html = found._repr_html_()
    assert "equal after translation · 换算后相等" in html and html.startswith("<table")
    assert all("\n" not in repr(compare(a, b)).splitlines()[0] for a, b in ((Adam, torch.Adam), (RMSProp, keras.RMSprop)))


@pytest.mark.parametrize("wrong", [3, None, "no call", "torch.optim.Adm()"])
def test_bad_input(wrong):
    with pytest.raises((TypeError, ValueError), match="expected|no such|no Python call"):
        compare(Adam, wrong)
