"""Each gradient against differences of the loss, and what the protocol promises."""

import numpy as np
import pytest

from fluxopt_edu.comparing import network
from fluxopt_edu.comparing.problems import FREQUENCIES, PROBLEMS, WEIGHTS
from fluxopt_edu.comparing.protocol import JUDGING, RULES, TUNING, positions, trials


def differences(f, x, h=1e-5):
    """Central differences of f, which takes rows, at the one row x."""
    moves = h * np.eye(x.size)
    return (f(x + moves) - f(x - moves)) / (2 * h)


@pytest.mark.parametrize("name", ["quadratic", "turned", "saddle", "rosenbrock"])
def test_the_gradient_is_the_loss_s(name):
    problem, generator = PROBLEMS[name], np.random.default_rng(1)
    x = problem.start(generator) + generator.normal(size=problem.start(generator).shape)
    np.testing.assert_allclose(problem.gradient(x[None], [generator])[0], differences(problem.loss, x), rtol=1e-6, atol=1e-6)


def test_sparse_gradients_average_to_the_loss_s():
    generators, n = [np.random.default_rng(seed) for seed in range(40_000)], 40_000
    x = WEIGHTS + np.random.default_rng(2).normal(size=20)
    drawn = PROBLEMS["sparse"].gradient(np.tile(x, (n, 1)), generators)
    error = (drawn.mean(axis=0) - differences(PROBLEMS["sparse"].loss, x)) / (drawn.std(axis=0) / np.sqrt(n))
    assert abs(error).max() < 4.5


def test_sparse_features_are_as_frequent_as_said():
    generators = [np.random.default_rng(seed) for seed in range(20_000)]
    present = PROBLEMS["sparse"].gradient(np.tile(WEIGHTS + 1, (20_000, 1)), generators) != 0
    np.testing.assert_allclose(present.mean(axis=0), FREQUENCIES, atol=0.015)


def test_the_network_s_gradient_is_its_loss_s():
    generator = np.random.default_rng(3)
    x, (pixels, classes) = network.start(generator) + 0.1 * generator.normal(size=2410), network.data()
    rows = generator.integers(network.TRAINING, size=8)

    def loss(x):
        logs = network.forward(x, pixels[rows])[1]
        return -logs[:, np.arange(8), classes[rows]].mean(axis=1)

    found = network.batch_gradient(x[None], pixels[rows][None], classes[rows][None])[0]
    some = generator.choice(2410, size=200, replace=False)
    moves = 1e-5 * np.eye(2410)[some]
    np.testing.assert_allclose(found[some], (loss(x + moves) - loss(x - moves)) / 2e-5, rtol=1e-5, atol=1e-8)


def test_no_held_out_digit_is_trained_on():
    pixels, classes = network.data()
    assert pixels.shape == (1797, 64) and 0 <= pixels.min() and pixels.max() == 1 and set(classes) == set(range(10))
    drawn = []

    class Generator:
        def integers(self, high, size):
            drawn.append(high)
            return np.zeros(size, dtype=int)

    network.gradient(np.zeros((1, 2410)), [Generator()])
    assert drawn == [network.TRAINING]


def test_a_player_of_the_game_pushes_the_other_in_a_circle():
    x = np.array([[0.6, 0.8]])
    turned = PROBLEMS["game"].gradient(x, [None])
    assert (turned == [[0.8, -0.6]]).all() and PROBLEMS["game"].loss(x) == 1


def test_every_rule_has_twelve_trials_and_no_judging_seed_was_tuned_on():
    assert len(RULES) == len(set(RULES)) == 14
    for rule in RULES:
        for problem in PROBLEMS:
            assert len({str(setting) for setting in trials(rule, problem)}) == 12
    assert not set(TUNING) & set(JUDGING)


@pytest.mark.parametrize("name", ["sparse", "digits"])
def test_a_run_does_not_depend_on_the_runs_beside_it(name):
    problem = PROBLEMS[name]
    short = type(problem)(50, problem.start, problem.gradient, problem.loss)
    alone, beside = positions(short, "Adam", {}, [3])[1], positions(short, "Adam", {}, [5, 3, 4])[1]
    np.testing.assert_allclose(alone[0], beside[1], rtol=1e-10, atol=1e-13)


def test_adamw_without_decay_is_adam():
    for name in ("quadratic", "rosenbrock"):
        pair = [positions(PROBLEMS[name], "Adam", {"eta": 0.01}, TUNING), positions(PROBLEMS[name], "AdamW", {"eta": 0.01}, TUNING)]
        assert (pair[0][1] == pair[1][1]).all()


def test_no_run_is_caught_by_rounding():
    """RMSProp's steps do not shrink: where it ends below 1e-12, floating point has caught it on the minimum."""
    for name in ("quadratic", "turned", "saddle", "rosenbrock"):
        _, ends = positions(PROBLEMS[name], "RMSProp", {"eta": 0.01}, TUNING)
        assert (PROBLEMS[name].loss(ends) > 1e-12).all()
