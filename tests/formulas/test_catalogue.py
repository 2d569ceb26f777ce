"""The catalogue is complete: every line of every rule is in it, and each entry has what a citation needs."""

import ast
import re
from pathlib import Path

import pytest
import sympy as sp

from fluxopt_edu import rules
from fluxopt_edu.bibliography import works
from fluxopt_edu.formulas import UnknownFormula, catalogue, formula
from fluxopt_edu.formulas.withdrawn import WITHDRAWN, Tombstone
from fluxopt_edu.readings.latex import latex

ROOT = Path(__file__).parents[2]
CATALOGUE = catalogue()
each = pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)


def test_every_line_of_every_rule_is_there_as_it_is_printed():
    lines = {id: text for name in rules.__all__ for id, text in latex(getattr(rules, name)).items()}
    assert {id: entry.latex for id, entry in CATALOGUE.items() if entry.kind == "line"} == lines


def test_there_are_at_least_seventy_and_every_rule_of_the_fourteen_has_a_departure_or_a_result():
    assert len(CATALOGUE) >= 70
    assert {entry.rule for entry in CATALOGUE.values() if entry.kind != "line"} >= set(rules.__all__) - {"WeightDecay"}


@each
def test_an_entry_is_complete(entry):
    assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", entry.id) and entry.id.partition(".")[0] == entry.rule.lower()
    assert entry.kind in ("line", "departure", "derived")
    for words in (entry.title, entry.holds or entry.title, *([entry.source.place] if entry.source and entry.source.place else [])):
        assert words.keys() == {"en", "zh"} and all(words.values())
    assert re.search("[\u4e00-\u9fff]", entry.title["zh"])
    assert not entry.latex.rstrip().endswith((".", ",", "。"))
    assert entry.source is None or entry.source.key in works()
    assert (entry.kind in ("line", "departure")) == bool(entry.flux)
    # an indexed letter stands for all that it runs over; an index that is summed over is no letter
    letters = {s.name for s in entry.relation.free_symbols if isinstance(s, sp.Symbol)}
    assert letters <= entry.letters.keys()
    for (latex, _), meaning in zip(entry.symbols, entry.meanings, strict=True):
        assert meaning.en and meaning.zh
        # "the parameter after step t" is not what x_{t-1} stands for
        assert "_{t-1}" not in latex or re.search("before (the step|step t)", meaning.en) and "第 t 步之前" in meaning.zh
        assert "_1" not in latex or "step t" not in meaning.en and "第 t 步" not in meaning.zh


def functions(path):
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


@each
def test_what_is_said_to_prove_it_exists(entry):
    assert entry.proofs
    for proof in entry.proofs:
        path, _, function = proof.partition("::")
        assert function in functions(ROOT / path), f"{proof}: no such test"


def test_titles_tell_formulas_apart():
    for language in ("en", "zh"):
        titles = [entry.title[language] for entry in CATALOGUE.values()]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("wrong, nearest", [("adam.setp", "adam.step"), ("adam.stepp", "adam.step"), ("radam.rho_inf", "radam.rho-inf")])
def test_an_unknown_id_is_answered_with_the_nearest(wrong, nearest):
    with pytest.raises(UnknownFormula, match=rf"no formula '{wrong}'; nearest: (.*, )?{nearest}"):
        formula(wrong)


def test_an_id_like_no_other_is_told_where_to_find_them():
    with pytest.raises(UnknownFormula, match="python -m fluxopt_edu list"):
        formula("???")


def test_a_withdrawn_id_says_why(monkeypatch):
    monkeypatch.setitem(WITHDRAWN, "adam.old", Tombstone("0.2.0", "it held for β₁ = 0 only", "只在 β₁ = 0 时成立", ("adam.step",)))
    with pytest.raises(UnknownFormula, match=r"'adam.old' was withdrawn in version 0.2.0: it held for β₁ = 0 only; see adam.step"):
        formula("adam.old")
