r"""What the printer prints: the ids, which never change, chains, rules of a reader's own, what a notebook shows."""

import re

import pytest
from latex_reader import read
from read_back import IDS, faults

import fluxopt_edu
from fluxopt_edu import Adam, Momentum, RMSProp, WeightDecay, chain
from fluxopt_edu.ops import maximum, sqrt
from fluxopt_edu.readings.latex import latex
from fluxopt_edu.rule import Scalar, rule

# An id is cited. It may be added, never renamed or taken away.
CITED = """
    descent.step
    momentum.v momentum.step
    nesterov.v nesterov.step
    rmsprop.acc rmsprop.step
    adam.m adam.v adam.m-hat adam.v-hat adam.step
    radam.m radam.v radam.rho-inf radam.rho radam.r radam.m-hat radam.v-hat radam.step
    adamax.m adamax.u adamax.step
    adagrad.acc adagrad.step
    adadelta.acc adadelta.step adadelta.delta-acc
    amsgrad.m amsgrad.v amsgrad.v-max amsgrad.step
    nadam.m nadam.v nadam.m-bar nadam.v-hat nadam.step
    adamw.m adamw.v adamw.m-hat adamw.v-hat adamw.step
    oadam.m oadam.v oadam.m-hat oadam.v-hat oadam.u oadam.step
    adabelief.m adabelief.s adabelief.step
    weightdecay.step
""".split()


def test_cited_ids_stay():
    assert [id for rule_ in IDS.values() for id in latex(rule_)] == CITED


def test_a_rule_and_its_class_print_the_same():
    assert latex(Adam(0.1, (0.8, 0.9))) == latex(Adam)


@pytest.mark.parametrize("formula", [formula for rule_ in IDS.values() for formula in latex(rule_).values()])
def test_printed_with_care(formula):
    assert not re.search(r"[-+] [-+]|\(\(|\)\)|\s{2}|\s$|=\s*\+", formula)
    assert formula.count("{") == formula.count("}")


# Chains

CHAINS = [
    chain(WeightDecay(), Adam()),
    chain(WeightDecay(), Momentum()),
    chain(WeightDecay(), RMSProp(), Momentum()),
    chain(Momentum(), WeightDecay(), Adam()),
    chain(WeightDecay(), Momentum(), Adam()),
]


@pytest.mark.parametrize("opt", CHAINS, ids=str)
def test_a_chain_is_read_back(opt):
    assert not list(faults(opt, latex(opt), read))


def test_a_link_that_uses_the_step_before_more_than_once_gives_it_a_name():
    assert latex(CHAINS[0])["chain.g-2"] == r"g'_t = g_t + \lambda\, x_{t-1}"
    assert latex(CHAINS[0])["chain.v"] == r"v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, {g'_t}^2"
    assert "chain.g-2" not in latex(CHAINS[1])


# Rules that are not this package's


def test_a_rule_of_a_readers_own():
    @rule
    def Own(g, x, w=0, last_g=0, *, eta=0.1, rho=0.9, epsilon=1e-8):
        half = 0.5 * maximum(abs(g - last_g), epsilon)
        w = w * rho + half * 2e-9
        step = g * (eta / (w + sqrt(epsilon) + 1 / rho)) - (-(x - w))
        return step, w, g

    assert latex(Own) == {
        "own.w": r"w_t = \rho\, w_{t-1} + 0.5 \cdot 2 \cdot 10^{-9} \max(|g_t - \mathrm{last\_g}_{t-1}|, \epsilon)",
        "own.last-g": r"\mathrm{last\_g}_t = g_t",
        "own.step": r"\Delta_t = \frac{\eta}{w_t + \sqrt{\epsilon} + \frac{1}{\rho}}\, g_t + x_{t-1} - w_t",
    }


def test_a_state_that_is_the_step_or_stays():
    @rule
    def Lazy(g, v=0, w=0, *, eta=0.1):
        v = eta * g
        return v, v, w

    assert list(latex(Lazy).values()) == [r"v_t = \eta\, g_t", "w_t = w_{t-1}", r"\Delta_t = v_t"]


def test_cases_within_a_product():
    @rule
    def Stepped(g, *, eta=0.1):
        return eta * (g if g > 1 else g * g) / 2

    assert latex(Stepped)["stepped.step"] == r"\Delta_t = \begin{cases} \eta\, \dfrac{g_t}{2} & g_t > 1 \\ \eta\, \dfrac{g_t^2}{2} & g_t \le 1 \end{cases}"


@pytest.mark.parametrize("start, grown", [(0, lambda k: k + 1), (1, lambda k: 2 * k), (1, lambda k: k + 2)])
def test_a_scalar_that_is_neither_power_nor_step_number_is_refused(start, grown):
    def Counted(g, k: Scalar = start, *, eta=0.1):
        return eta * g / k, grown(k)

    with pytest.raises(ValueError, match="Counted: its state k .* expected a power"):
        latex(rule(Counted))


# In a notebook


def test_text_has_a_line_for_each_id():
    assert repr(latex(fluxopt_edu.AdamW)).splitlines()[-1] == r"adamw.step   \Delta_t = \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} + \lambda\, x_{t-1}"


def test_notebook_shows_aligned_lines():
    shown = latex(Momentum)._repr_latex_()
    assert shown == "$$\\begin{aligned}\nv_t &= \\rho\\, v_{t-1} - \\eta\\, g_t \\\\\n\\Delta_t &= -v_t\n\\end{aligned}$$"
