"""Every formula that is printed, as LaTeX and as MathML, is read back and proved equal to the code of its rule."""

import latex_reader
import mathml_reader
import pytest
import sympy as sp
from read_back import IDS, computed, faults, meanings

import fluxopt_edu
from fluxopt_edu.proof import prove
from fluxopt_edu.readings.latex import latex
from fluxopt_edu.readings.mathml import mathml

WRITTEN = {"LaTeX": (latex, latex_reader.read), "MathML": (mathml, mathml_reader.read)}
RULES = pytest.mark.parametrize("rule", IDS.values(), ids=lambda rule: rule.__name__)
each_way = pytest.mark.parametrize("written, read", WRITTEN.values(), ids=WRITTEN)


@RULES
@each_way
def test_every_line_says_what_the_code_computes(rule, written, read):
    assert not list(faults(rule, written(rule), read))


@each_way
def test_radams_condition(written, read):
    """The step is proved above for every sign of ρ − 4; here the condition alone."""
    formulas = {id.partition(".")[2]: text for id, text in written(fluxopt_edu.RAdam).items()}
    _, step = read(formulas["step"])
    ρ = sp.Symbol("rho[t]")
    assert [condition for _, condition in step.args] == [ρ > 4, ρ <= 4]
    (_, condition), (_, otherwise) = computed(fluxopt_edu.RAdam)["step"].args
    assert type(condition) in (sp.Gt, sp.Lt) and otherwise == True  # noqa: E712  SymPy's own truth value
    assert prove(meanings(fluxopt_edu.RAdam, formulas, read)["rho"] - 4, condition.gts - condition.lts)


@pytest.mark.parametrize(
    "id, right, wrong",
    [
        ("radam.step", r"\rho_t \le 4", r"\rho \le 4"),  # true of every decay rate
        ("radam.m", "m_t = ", r"m_t = \Delta_t + "),  # which is defined by m_t
        ("radam.m", "m_{t-1}", "m_t"),
        ("radam.m-hat", r"\hat m_t =", "m_t ="),
        ("radam.r", r"\rho_t", r"\rho_{t-1}"),
    ],
)
def test_what_is_not_defined_is_refused(id, right, wrong):
    printed = latex(fluxopt_edu.RAdam)
    assert right in printed[id]
    (fault,) = faults(fluxopt_edu.RAdam, {**printed, id: printed[id].replace(right, wrong)}, latex_reader.read)
    assert "define" in fault


def test_a_state_without_a_line_is_missed():
    m = {"amsgrad.m": latex(fluxopt_edu.AMSGrad)["amsgrad.m"]}
    assert not list(faults(fluxopt_edu.AMSGrad, m, latex_reader.read, every=False))
    missed = {fault.removesuffix(" is not defined") for fault in faults(fluxopt_edu.AMSGrad, m, latex_reader.read)}
    assert missed == {"v", "v-max", "step"}


@pytest.mark.parametrize("name", ["Adam", "RAdam", "AdaMax", "NAdam", "OAdam"])
def test_what_is_printed_as_a_power_or_as_t_is_kept_so(name):
    """β^t and t are states that no line defines; this is the induction behind their letters. (AdamW keeps Adam's.)"""
    rule = getattr(fluxopt_edu, name)
    after, start = computed(rule), dict(zip(computed(rule), rule().init(0.0)))
    t = sp.Symbol("t", integer=True, positive=True)
    assert start["βt"] == rule().beta
    for k in (0, 1):
        assert prove(after["βt"][k], sp.Symbol(f"beta_{k + 1}") ** (t + 1))
    assert name != "RAdam" or (start["t"], after["t"]) == (1, t + 1)


def test_no_other_state_goes_without_a_line():
    for rule in IDS.values():
        scalars = {state for state, value in computed(rule).items() if isinstance(value, tuple) or state == "t"}
        assert scalars <= {"βt", "t"}
        assert scalars <= {"βt"} or rule is fluxopt_edu.RAdam
