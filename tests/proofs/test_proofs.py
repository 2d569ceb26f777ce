"""Each rule's code is proved equal to its closed form, and every wrong formula is found different."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import closed_forms
import pytest
import sympy as sp
from wrong_formulas import WRONG

import fluxopt_edu
from fluxopt_edu.proof import Undecided, prove
from fluxopt_edu.readings.sympy import symbolic, unroll

NAMES = list(closed_forms.FORMS)


@pytest.mark.parametrize("name", NAMES)
def test_one_step_is_the_closed_form(name):
    rule = getattr(fluxopt_edu, name)
    form = closed_forms.FORMS[name]()
    assert form.keys() == symbolic(rule).keys()  # no state is left out
    verdicts = prove(rule, **form)
    assert verdicts, verdicts


@pytest.mark.parametrize("name", NAMES)
def test_six_steps_from_the_start(name):
    # Step by step from the initial state: once two states are proved equal, one symbol stands for both.
    opt, form = getattr(fluxopt_edu, name)(), closed_forms.FORMS[name]()
    code = symbolic(opt)
    starts = {str(s): v for s, v in closed_forms.STARTS.get(name, {}).items()}
    for t in range(1, 7):
        for part in [key for key in code if key not in ("βt", "t")]:
            mine, its = (closed_forms.at(e[part], t, starts) for e in (form, code))
            assert prove(mine, its), f"{name}.{part} at t = {t}"


@pytest.mark.parametrize("name", NAMES)
def test_two_steps_unrolled(name):
    code, form = unroll(getattr(fluxopt_edu, name), 2), closed_forms.unrolled(name, 2)
    for t, (mine, its) in enumerate(zip(form, code), start=1):
        for part in [key for key in its if key not in ("βt", "t")]:
            assert prove(mine[part], its[part]), f"{name}.{part} at t = {t}"


@pytest.mark.parametrize("rule, mistake, derived", WRONG, ids=[f"{rule}: {mistake}" for rule, mistake, _ in WRONG])
def test_wrong_formula_is_found_different(rule, mistake, derived):
    for verdict in prove(getattr(fluxopt_edu, rule), **derived):
        assert verdict.status == "different", verdict
        assert verdict.where and verdict.sides[0] != verdict.sides[1]


def test_there_are_enough_wrong_formulas_and_every_rule_has_one():
    assert len(WRONG) >= 30
    assert {rule for rule, _, _ in WRONG} == set(NAMES)


def test_the_closed_forms_know_nothing_of_the_package():
    for file in ("closed_forms.py", "wrong_formulas.py"):
        tree = ast.parse((Path(__file__).parent / file).read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert imported <= {"sympy", "closed_forms"}


def test_the_powers_of_beta_are_what_their_closed_form_says():
    # symbolic() takes the stored power at step t as β^t; here is the induction that allows it
    for name in ("Adam", "RAdam", "AdaMax", "NAdam", "OAdam"):
        opt = getattr(fluxopt_edu, name)()
        t = sp.Symbol("t", integer=True, positive=True)
        assert opt.init(0.0)[list(symbolic(opt)).index("βt")] == opt.beta  # β^1 at t = 1
        for k, after in enumerate(symbolic(opt)["βt"], start=1):
            assert prove(after, sp.Symbol(f"beta_{k}") ** (t + 1))


def test_undecided_is_neither_yes_nor_no():
    x = sp.Symbol("x")
    verdict = prove(sp.sin(x) ** 2 + sp.cos(x) ** 2, 1)
    assert verdict.status == "undecided"
    with pytest.raises(Undecided):
        bool(verdict)


def test_a_boundary_is_not_overlooked():
    x, v = sp.symbols("x v")
    assert prove(sp.Piecewise((x, v > 0), (0, True)), sp.Piecewise((x, v >= 0), (0, True))).status == "different"
    assert prove(sp.Piecewise((x, v**2 > 0), (0, True)), x).status == "different"


@pytest.mark.parametrize("misuse", [dict(), dict(step=None, n=1), dict(velocity=sp.Symbol("v"))])
def test_misuse_is_named(misuse):
    with pytest.raises((TypeError, sp.SympifyError)):
        prove(fluxopt_edu.Momentum, **misuse)


def test_what_a_proof_rests_on_does_not_depend_on_the_hash_seed():
    """Maxima once noted what they used in the order of a set."""
    program = """
import sympy as sp
from fluxopt_edu import AMSGrad, AdaMax, prove
from fluxopt_edu.readings.sympy import symbolic
for rule in (AMSGrad, AdaMax):
    code = symbolic(rule)
    print([(v.name, v.assumptions) for v in prove(rule, step=sp.expand(code["step"] * 2) / 2, **{k: code[k] for k in code if k in ("u", "v_max")})])
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": str(seed)}, capture_output=True, text=True, check=True
        ).stdout
        for seed in range(6)
    }
    assert len(found) == 1, found
