"""Rules of dialects are optimisers like ours: states, copies, complex parameters, large arrays; and the papers' rules."""

import copy
import pickle

import numpy as np
import pytest
from dialect_golden import cases, check_case, numbers, recorded, run
from dialect_options import all_hyper

import fluxopt_edu
from fluxopt_edu import dialects, update

RULES = [rule for rules in dialects.RULES.values() for rule in rules.values()]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
MANDATORY = {"learning_rate": 0.05, "eta": 0.05, "rho": 0.9}


def plain(rule):
    return rule(**{p.name: MANDATORY[p.name] for p in rule.__signature__.parameters.values() if p.default is p.empty})


@each_rule
def test_the_text_is_the_call(rule):
    opt = plain(rule)
    again = eval(repr(opt), {dialect: getattr(dialects, dialect) for dialect in dialects.DIALECTS}, {"inf": float("inf")})
    assert type(again) is rule and all_hyper(again) == all_hyper(opt)


@each_rule
def test_a_copy_has_the_hyper_parameters(rule):
    opt = plain(rule)
    for other in (copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        assert type(other) is rule and all_hyper(other) == all_hyper(opt)


@each_rule
def test_updates_are_those_of_apply_on_small_and_large_arrays(rule):
    chance = np.random.default_rng(1)
    for size in (3, 70_000):
        opt, x = plain(rule), chance.standard_normal(size)
        p, state = x.copy(), opt.init(x)
        for g in chance.standard_normal((3, size)):
            state, step = opt.apply(state, x, g)
            x = x - step
            update(opt, p, g.copy())
        np.testing.assert_array_equal(p, x)


@each_rule
def test_states_go_to_a_file_and_back(rule):
    chance = np.random.default_rng(1)
    p, opt, other = chance.standard_normal(3), plain(rule), plain(rule)
    gs = chance.standard_normal((4, 3))
    for g in gs[:2]:
        update(opt, p, g)
    q = p.copy()
    other.load_state_dict(opt.state_dict({"w": p}), {"w": q})
    for g in gs[2:]:
        update(opt, p, g)
        update(other, q, g)
    np.testing.assert_array_equal(p, q)


@pytest.mark.parametrize("rule", dialects.RULES["torch"].values(), ids=lambda rule: rule.label)
def test_torch_updates_a_complex_parameter_as_two_real_ones(rule):
    torch = pytest.importorskip("torch")
    chance = np.random.default_rng(2)
    x = chance.standard_normal(4) + 1j * chance.standard_normal(4)
    gs = chance.standard_normal((8, 4)) + 1j * chance.standard_normal((8, 4))
    p = torch.nn.Parameter(torch.tensor(x))
    theirs, xs = getattr(torch.optim, rule.__name__)([p]), []
    for g in gs:
        p.grad = torch.tensor(g)
        theirs.step()
        xs.append(p.detach().numpy().copy())
    tolerance = 1e-7 if rule.__name__ == "NAdam" else 1e-13  # its product of momenta is float32
    np.testing.assert_allclose(run(rule(), x, gs), np.array(xs), rtol=tolerance)


@pytest.mark.parametrize("rule", [*dialects.RULES["keras"].values(), *dialects.RULES["paper"].values()], ids=lambda rule: rule.label)
def test_the_others_refuse_complex_parameters(rule):
    with pytest.raises(TypeError, match=rf"^{rule.label}: x = of dtype complex128: expected real numbers"):
        plain(rule).init(np.ones(2, complex))


@pytest.mark.parametrize("case", [c for c in cases("optimisersjl", "flux") if c["complex128"] is not None], ids=repr)
def test_complex_parameters_of_julia(case):
    file = recorded(case.dialect)
    x, gs, expected = (numbers(values) for values in (file["complex_x0"], file["complex_gradients"], case["complex128"]))
    x, gs, expected = (a[..., 0] + 1j * a[..., 1] for a in (x, gs, expected))
    np.testing.assert_allclose(run(case.rule(**case.hyper), x, gs), expected, rtol=1e-12)


# The comparison with the recorded numbers can fail

MISTAKES = [
    ("torch", "RMSprop", "root + eps", "sqrt(acc + eps)"),
    ("torch", "Adam", "v_max = maximum(v_max, v)", "v_max = v"),
    ("torch", "Adam", "root / sqrt(1 - β2**t) + eps", "(root + eps) / sqrt(1 - β2**t)"),
    ("torch", "RAdam", "if ρ > 5", "if ρ > 4"),
    ("torch", "NAdam", "(1 - μ) / (1 - μ_product)", "(1 - β1) / (1 - μ_product)"),
    ("torch", "NAdam", "(t + 1) * momentum_decay", "t * momentum_decay"),
    ("torch", "Adamax", "abs(penalised) + eps", "abs(penalised)"),
    ("torch", "Adagrad", "sqrt(acc) + eps", "sqrt(acc + eps)"),
    ("torch", "SGD", "where(t > 1, momentum", "where(t > 0, momentum"),
    ("torch", "AdamW", "lr * weight_decay * x", "weight_decay * x"),
    ("optax", "rmsprop", "sqrt(v + eps) if eps_in_sqrt else sqrt(v) + eps", "sqrt(v) + eps"),
    ("optax", "radam", "ρ >= threshold", "ρ > 4"),
    ("optax", "amsgrad", "maximum(v_max, v / (1 - b2**t) if bias_correction_nu else v)", "maximum(v_max, v) / (1 - b2**t)"),
    ("optax", "optimistic_adam_v2", "where(t > 1, before, d)", "before"),
    ("optax", "adabelief", "s = s + eps_root", "s = s"),
    ("optax", "adagrad", "sqrt(acc + eps)", "(sqrt(acc) + eps)"),
    ("keras", "Adam", "sqrt(v_max if amsgrad else v) + epsilon", "sqrt(v_max if amsgrad else v) + epsilon * sqrt(1 - beta_2**t)"),
    ("keras", "Nadam", "0.96**t", "0.96 ** (0.004 * t)"),
    ("keras", "AdamW", "return with_decay(step, x, learning_rate, weight_decay)", "return with_decay(step, x, 1, weight_decay)"),
    ("keras", "RMSprop", "denominator = acc + epsilon", "denominator = acc + epsilon * epsilon"),
    ("optimisersjl", "Lion", "β2 * g + (1 - β2) * m", "β2 * m + (1 - β2) * g"),
    ("optimisersjl", "AdamW", "elif couple", "elif not couple"),
    ("optimisersjl", "AdaBelief", "conj(g - m) + epsilon", "conj(g - m)"),
    ("optimisersjl", "RMSProp", "acc - l * conj(l)", "acc"),
    ("optimisersjl", "Rprop", "where(agreement < 0, 0, g)", "g"),
    ("flux", "AdaBelief", "conj(g - m) + epsilon * epsilon", "conj(g - m) + epsilon"),
]


@pytest.mark.parametrize("dialect, name, right, wrong", MISTAKES)
def test_a_mistake_is_told_from_the_recorded_numbers(dialect, name, right, wrong):
    import inspect

    module = getattr(dialects, dialect)
    before = inspect.getsource(getattr(module, name).formula)
    assert before.count(right) == 1, f"{right!r} occurs {before.count(right)} times"
    names = vars(module).copy()
    names[dialect] = getattr(module, dialect)  # the library, whose decorator makes the rule
    exec(compile(before.replace(right, wrong), f"mutated {name}", "exec"), names)
    with pytest.raises((AssertionError, ZeroDivisionError)):
        for case in cases(dialect):
            if case.rule.__name__ == name:
                check_case(case, "float64", names[name])


# The papers' rules, by what is known of them elsewhere

GRADIENTS = [1, -0.5, 0.25, 0]
PAPER = [  # x after the four gradients, from x = 1, of Flux v0.12.10 where it has the paper's rule
    ("Descent", {"eta": 0.1}, [0.9, 0.95, 0.925, 0.925]),
    ("Momentum", {"eta": 0.01, "rho": 0.9}, [0.99, 0.986, 0.9799, 0.97441]),
    ("Adam", {}, [0.999000000010000, 0.998733662973709, 0.998393233830648, 0.998114374991775]),
    ("AdaDelta", {"rho": 0.9, "epsilon": 1e-8}, [0.999683772249795, 0.999892286649573, 0.999776978252393, 0.999776978252393]),
    ("AdamW", {"decay": 0.01}, [0.989000000010000, 0.978843662973609, 0.968714797200812, 0.958748790389931]),
    ("OAdam", {"eta": 0.001}, [0.998000000020000, 0.999000000010000, 0.998551033103900, 0.998526727486622]),
    ("NAdam", {"eta": 0.001, "beta": (0.9, 0.999), "momentum_decay": float("inf")},
     [0.998525578409028, 0.998690524510964, 0.998309375341624, 0.998098506775749]),
    ("AdaBelief", {"epsilon": 1e-16}, [0.998888888888889, 0.998605188095960, 0.998239485881255, 0.997940322086561]),
]  # fmt: skip


@pytest.mark.parametrize("name, hyper, expected", PAPER, ids=[name for name, *_ in PAPER])
def test_the_numbers_of_papers(name, hyper, expected):
    xs = run(getattr(dialects.paper, name)(**hyper), np.array([1.0]), np.array(GRADIENTS, float)[:, None])[:, 0]
    np.testing.assert_allclose(xs, expected, rtol=1e-14, atol=1e-15 * 600)


SAME = [  # a rule of a paper, and one of ours or of a library that is it at these numbers
    ("RMSProp", {"eta": 0.01}, fluxopt_edu.RMSProp(0.01, epsilon=0)),
    ("RAdam", {"eta": 0.01}, fluxopt_edu.RAdam(0.01, epsilon=0)),
    ("AdaMax", {}, fluxopt_edu.AdaMax(0.002, epsilon=0)),
    ("AdaGrad", {"eta": 0.1, "delta": 1e-3}, dialects.torch.Adagrad(lr=0.1, eps=1e-3)),
    ("AMSGrad", {"eta": 0.01}, dialects.optax.amsgrad(0.01, b2=0.99, eps=0, bias_correction_mu=False, bias_correction_nu=False)),
    ("Adam", {"epsilon_hat": True, "epsilon": 1e-3}, dialects.keras.Adam(epsilon=1e-3)),
    ("AdamW", {"eta": 0.1, "decay": 0.2, "multiplier": 0.5}, dialects.torch.AdamW(lr=0.05, weight_decay=2)),
    ("Lion", {"eta": 0.01, "decay": 0.1}, dialects.optax.lion(0.01, weight_decay=0.1)),
    ("Lion", {"eta": 0.01}, dialects.optimisersjl.Lion(eta=0.01, beta=(0.9 * 0.01 / 0.99, 0.01))),
    ("NAdam", {"eta": 0.01, "momentum_decay": float("inf"), "beta": (0.9, 0.99)},
     dialects.optax.nadam(0.01 / 0.99**0.5, b2=0.99, eps=1e-8 / 0.99**0.5)),
]  # fmt: skip


@pytest.mark.parametrize("name, hyper, other", SAME, ids=[f"{name} {hyper}" for name, hyper, _ in SAME])
def test_papers_rules_are_those_of_libraries(name, hyper, other):
    chance = np.random.default_rng(3)
    x, gs = chance.standard_normal(5), chance.standard_normal((20, 5))
    np.testing.assert_allclose(run(getattr(dialects.paper, name)(**hyper), x, gs), run(other, x, gs), rtol=1e-12, atol=1e-15)


def test_amsgrad_of_the_paper_with_a_falling_step():
    plain_, falling = dialects.paper.AMSGrad(eta=0.1), dialects.paper.AMSGrad(eta=0.1, falling=True)
    gs = np.array(GRADIENTS, float)[:, None]
    steps = [np.diff(np.concatenate([[1.0], run(opt, np.array([1.0]), gs)[:, 0]])) for opt in (plain_, falling)]
    np.testing.assert_allclose(steps[1] * np.sqrt([1, 2, 3, 4]), steps[0], rtol=1e-12)


def test_nadam_of_the_paper_with_its_schedule_by_hand():
    """Algorithm 2, written out once more."""
    mu = [0.99 * (1 - 0.5 * 0.96 ** (t / 250)) for t in range(1, 6)]
    m = n = 0.0
    x, product = 1.0, 1.0
    expected = []
    for t, g in enumerate(GRADIENTS, 1):
        m, n, product = mu[t - 1] * m + (1 - mu[t - 1]) * g, 0.999 * n + 0.001 * g * g, product * mu[t - 1]
        m_hat = mu[t] * m / (1 - product * mu[t]) + (1 - mu[t - 1]) * g / (1 - product)
        x -= 0.01 * m_hat / ((0.999 * n / (1 - 0.999**t)) ** 0.5 + 1e-8)
        expected.append(x)
    xs = run(dialects.paper.NAdam(eta=0.01), np.array([1.0]), np.array(GRADIENTS, float)[:, None])[:, 0]
    np.testing.assert_allclose(xs, expected, rtol=1e-13)


def test_nesterov_of_the_paper_is_ours_at_the_point_ahead():
    """φ = θ + ρv goes where our parameter goes, on f = Σ k x²/2."""
    paper, ours = dialects.paper.Nesterov(eta=0.05, rho=0.8), fluxopt_edu.Nesterov(0.05, 0.8)
    curvature = np.array([1.0, 7.0])
    theta, phi = np.array([1.0, -2.0]), np.array([1.0, -2.0])
    state, other = paper.init(theta), ours.init(phi)
    for _ in range(30):
        state, step = paper.apply(state, theta, curvature * dialects.paper.ahead(paper, state, theta))
        theta = theta - step
        other, step = ours.apply(other, phi, curvature * phi)
        phi = phi - step
        np.testing.assert_allclose(dialects.paper.ahead(paper, state, theta), phi, rtol=1e-12, atol=1e-15)


def test_flux_coupled_adamw_is_the_chain_it_was():
    opt = dialects.flux.ADAMW(eta=0.01, beta=(0.8, 0.95), decay=0.1)
    was = fluxopt_edu.chain(fluxopt_edu.Adam(1, (0.8, 0.95)), fluxopt_edu.WeightDecay(0.1), fluxopt_edu.Descent(0.01))
    chance = np.random.default_rng(4)
    x, gs = chance.standard_normal(5), chance.standard_normal((20, 5))
    np.testing.assert_allclose(run(opt, x, gs), run(was, x, gs), rtol=1e-14)


def test_radam_of_optimisers_jl_rectifies_two_steps_early_in_float32():
    """At β2 = 0.9999, ρ_3 is 5.0 in float32, and 2.9999 in float64."""
    opt = dialects.optimisersjl.RAdam(eta=1.0, beta=(0.9, 0.9999))
    steps = {}
    for dtype in ("float64", "float32"):
        state, x = opt.init(np.ones(1, dtype)), np.ones(1, dtype)
        for _ in range(3):
            state, steps[dtype] = opt.apply(state, x, np.full(1, 1e-3, dtype))
    # not rectified, a step is the corrected mean of the gradients; rectified, r of about the size of 0.02 times its sign
    assert abs(steps["float64"][0] - 1e-3) < 1e-9 and steps["float32"][0] > 0.005
