"""An id that was given out keeps its meaning, or has a tombstone."""

import dataclasses
import importlib.util
from pathlib import Path

import pytest
import sympy as sp

from fluxopt_edu.formulas import catalogue
from fluxopt_edu.formulas.register import record, registered, same_meaning
from fluxopt_edu.formulas.withdrawn import WITHDRAWN, Tombstone

TOOL = Path(__file__).parents[2] / "tools" / "register.py"
spec = importlib.util.spec_from_file_location("register_tool", TOOL)
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

CATALOGUE, REGISTER = catalogue(), registered()


def test_no_id_is_lost_and_none_means_something_else():
    assert not list(tool.faults(CATALOGUE, REGISTER, WITHDRAWN))


def test_every_id_is_registered():
    assert not CATALOGUE.keys() - REGISTER.keys(), "run: python tools/register.py"


def test_the_register_keeps_what_it_is_given():
    for entry in CATALOGUE.values():
        assert same_meaning(entry, record(entry)), entry.id


def changed(id, right):
    """The catalogue with another right side under `id`."""
    entry = CATALOGUE[id]
    return CATALOGUE | {id: dataclasses.replace(entry, relation=entry.relation.func(entry.relation.lhs, right, evaluate=False))}


g, eta, v_hat, epsilon, m_hat = sp.symbols("g eta v_hat epsilon m_hat")


@pytest.mark.parametrize(
    "id, right",
    [
        ("descent.step", 2 * eta * g),
        ("adam.step", eta * m_hat / sp.sqrt(v_hat + epsilon)),
        ("adam.step", eta * m_hat / (v_hat + epsilon)),
        ("adam.bias-sum", 1 - sp.Symbol("beta") ** (sp.Symbol("t") - 1)),
    ],
)
def test_another_meaning_is_refused(id, right):
    (fault,) = tool.faults(changed(id, right), REGISTER, WITHDRAWN)
    assert fault.startswith(f"{id} said ") and "new id" in fault


def test_another_form_of_the_same_is_not():
    assert not list(tool.faults(changed("adam.step", m_hat / ((sp.sqrt(v_hat) + epsilon) / eta)), REGISTER, WITHDRAWN))


def test_another_relation_is_refused():
    entry = CATALOGUE["descent.stability"]
    other = CATALOGUE | {entry.id: dataclasses.replace(entry, relation=sp.Le(*entry.relation.args))}
    assert len(list(tool.faults(other, REGISTER, WITHDRAWN))) == 1


def test_a_lost_id_needs_a_tombstone():
    without = {id: entry for id, entry in CATALOGUE.items() if id != "adam.v-hat"}
    (fault,) = tool.faults(without, REGISTER, {})
    assert fault.startswith("adam.v-hat is gone") and "tombstone" in fault
    grave = {"adam.v-hat": Tombstone("0.2.0", "reason", "原因", ("adam.v",))}
    assert not list(tool.faults(without, REGISTER, grave))
    assert "stays withdrawn" in next(tool.faults(CATALOGUE, REGISTER, grave))
    nowhere = {"adam.v-hat": Tombstone("0.2.0", "reason", "原因", ("adam.w",))}
    assert "names adam.w" in next(tool.faults(without, REGISTER, nowhere))
