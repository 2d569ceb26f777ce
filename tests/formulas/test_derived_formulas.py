"""Derived formulas: what stands in LaTeX and MathML is read back and proved to be what the entry states, and their code computes it."""

import ast
import functools
import json
import random
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import latex_reader
import mathml_reader
import mpmath
import pytest
import sympy as sp
from derived_names import faults
from test_formula_mutations import MISTAKES, replaced, some

from fluxopt_edu.formulas import catalogue
from fluxopt_edu.formulas.code import arguments
from fluxopt_edu.formulas.largest import Largest
from fluxopt_edu.rules import __all__ as RULES

HERE = Path(__file__).parent
DERIVED = {id: entry for id, entry in catalogue().items() if entry.kind != "line"}
ENTRIES = pytest.mark.parametrize("entry", DERIVED.values(), ids=list(DERIVED))
NODE = shutil.which("node") or shutil.which("nodejs")
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed: install nodejs to run the generated JavaScript")


@ENTRIES
def test_latex_says_what_is_stated(entry):
    assert not list(faults(entry, entry.latex, latex_reader.read_statement))


@ENTRIES
def test_mathml_says_what_is_stated(entry):
    assert not list(faults(entry, entry.mathml, mathml_reader.read_statement))


def test_every_rule_has_derived_formulas_and_every_departure_a_source():
    of = {rule: [entry for entry in DERIVED.values() if entry.rule == rule] for rule in RULES if rule != "WeightDecay"}
    assert min(map(len, of.values())) >= 4
    assert all(entry.source and entry.flux and entry.holds for entry in DERIVED.values() if entry.kind == "departure")
    departing = {entry.rule for entry in DERIVED.values() if entry.kind == "departure"}
    assert departing == {"RMSProp", "AdaDelta", "RAdam", "AdaMax", "AdaGrad", "AMSGrad", "NAdam", "AdamW", "AdaBelief"}


@ENTRIES
def test_letters_and_texts_are_complete(entry):
    names = {s.name for s in entry.relation.free_symbols if isinstance(s, sp.Symbol)}
    assert entry.letters.keys() == names
    for latex, symbol in entry.symbols:
        assert latex in entry.latex, f"{latex} does not occur"
        assert symbol.means(entry.rule).en and symbol.means(entry.rule).zh
    assert entry.title["en"].startswith(f"{entry.rule}: ") and entry.title["zh"].startswith(f"{entry.rule}：")
    texts = [entry.title["zh"], *([entry.holds["zh"]] if entry.holds else [])]
    assert entry.holds.keys() in ({"en", "zh"}, set())
    for text in texts:
        prose = re.sub(r"\$[^$]*\$|`[^`]*`", "x", text)
        assert not re.search("[\u4e00-\u9fff][A-Za-zΑ-ω]|[A-Za-zΑ-ω][\u4e00-\u9fff]", prose), text
        assert not re.search(r"[，。；：（）] | [，。；：（）]|[,;]", prose), text
    for named in re.findall(r"`([^`]+)`", " ".join(entry.holds.values())):
        assert named in catalogue()


# Changed in one place

RELATIONS = replaced(r" (=|<|>|\\le|\\ge) (?!i)", *(rf" {sign} " for sign in ("=", "<", ">", r"\\le", r"\\ge")))
BOUNDS = [replaced(r"=1\}", "=0}"), replaced(r"=0\}", "=1}"), replaced(r"\^\{t\}", "^{t-1}"), replaced(r"\^\{t-1\}", "^{t}")]
STARS = [replaced(r"\^\\star", ""), replaced(r"\\tilde ?", "")]
NOT_HERE = "a condition is another", "cases are exchanged", "a bracket too many"  # of a product's first factors, which changes nothing
CHANGES = {
    **{mistake: MISTAKES[mistake] for mistake in MISTAKES if mistake not in NOT_HERE},
    "a relation is another": RELATIONS,
    "a sum starts or ends elsewhere": lambda text: [changed for change in BOUNDS for changed in change(text)],
    "a star or tilde is missing": lambda text: [changed for change in STARS for changed in change(text)],
}
EQUIVALENT = [r"\frac{|g|}{g}"]  # g/|g| is its own inverse


def changes(entry, mistake):
    return [text for text in CHANGES[mistake](entry.latex) if not any(same in text for same in EQUIVALENT)]


def unnoticed(entry, text):
    return next(faults(entry, text, latex_reader.read_statement), None) is None


@pytest.mark.parametrize("mistake", CHANGES)
def test_a_mistake_is_found(mistake):
    made = [(entry, text) for entry in DERIVED.values() for text in changes(entry, mistake)]
    assert made
    sample = random.Random(mistake).sample(made, min(12, len(made)))
    survived = [f"{entry.id}: {text}" for entry, text in sample if unnoticed(entry, text)]
    assert not survived, "\n".join(survived)


@ENTRIES
def test_a_mistake_is_found_in_every_formula(entry):
    made = [text for mistake in CHANGES for text in changes(entry, mistake)]
    assert made
    survived = [text for text in some(made, 3, entry.id) if unnoticed(entry, text)]
    assert not survived, "\n".join(survived)


# The code runs

UNIT = {"beta", "beta_1", "beta_2", "rho", "rho_best", "rate_best", "decay"}
REAL = {
    "g", "g_1", "m", "m_before", "m_hat", "m_bar", "v", "v_before", "x", "x_0", "x_before", "constant_gradient", "plain_step", "u",
    "eigenvalue", "theta", "theta_before", "component_0", "component_before", "component_t_2", "opponent_before", "opponent_t_2", "mean", "any_step",
}  # fmt: skip
LONG = {"rho_t": (4.2, 40), "kappa": (1.1, 30)}
POINTS = 5


@functools.cache
def points(entry):
    """Values for what the code takes, at which the right side is a finite real number; and that number."""
    chance = random.Random(zlib.crc32(entry.id.encode()))
    right = entry.relation.rhs.replace(lambda e: isinstance(e, sp.Order), lambda e: sp.Integer(0))
    found = []
    while len(found) < POINTS:
        values = {s.name: value(s.name, chance, entry) for s in arguments(entry)}
        expected = exact(right, values)
        if expected is not None:
            found.append((values, expected))
    return found


def value(name, chance, entry):
    if entry.letters[name].index in ("i", "j"):
        low = -2 if name in ("gradients", "steps", "adam_steps") else 0.1
        return [chance.uniform(low, 2) for _ in range(8)]
    if name in ("t", "coordinates"):
        return chance.randint(1, 8)
    if name == "j":
        return chance.randint(1, 4)
    if name in LONG:
        return chance.uniform(*LONG[name])
    if name in REAL and not (name == "v" and entry.rule == "Adam"):
        return chance.uniform(0.1, 2) * chance.choice([1, -1])
    return chance.uniform(0.02, 0.98) if name in UNIT else chance.uniform(0.05, 3)


def exact(right, values):
    """The value to 40 digits; None where there is none."""
    numbers = {name: sp.Rational(v) if not isinstance(v, list) else v for name, v in values.items()}
    with_numbers = right.subs({sp.Symbol(name): number for name, number in numbers.items() if not isinstance(number, list)})
    with_numbers = with_numbers.replace(lambda e: isinstance(e, (sp.Sum, Largest)), lambda e: e.doit())
    item = lambda e: sp.Rational(numbers[e.base.label.name][int(e.indices[0]) - 1])  # noqa: E731
    with_numbers = with_numbers.replace(lambda e: isinstance(e, sp.Indexed), item)
    number = sp.N(with_numbers, 40)
    return mpmath.mpf(str(number)) if number.is_real and number.is_finite else None


def close(computed, expected):
    return abs(computed - expected) <= 1e-10 * abs(expected) + 1e-13


@ENTRIES
def test_python_computes_the_right_side(entry):
    scope = {}
    exec(entry.python, scope)
    function = scope[re.sub(r"[.-]", "_", entry.id)]
    for values, expected in points(entry):
        assert close(function(**values), expected), values


@pytest.fixture(scope="module")
def in_node(tmp_path_factory):
    """What Node computes, by id: a list of numbers."""
    folder = tmp_path_factory.mktemp("derived")
    (folder / "formulas.mjs").write_text("\n".join(entry.javascript for entry in DERIVED.values()), encoding="utf-8")
    jobs = {}
    for id, entry in DERIVED.items():
        name = re.search(r"function (\w+)\(", entry.javascript)[1]
        jobs[id] = [name, [list(values.values()) for values, _ in points(entry)]]
    (folder / "jobs.json").write_text(json.dumps(jobs))
    (folder / "run.mjs").write_text(
        'import { readFileSync } from "node:fs";\nimport * as formulas from "./formulas.mjs";\n'
        'const jobs = JSON.parse(readFileSync(new URL("./jobs.json", import.meta.url)));\n'
        "const computed = Object.entries(jobs).map(([id, [name, points]]) => [id, points.map((point) => formulas[name](...point))]);\n"
        "console.log(JSON.stringify(Object.fromEntries(computed)));\n"
    )
    ran = subprocess.run([NODE, folder / "run.mjs"], check=True, capture_output=True, text=True, timeout=60)
    return json.loads(ran.stdout)


@needs_node
def test_javascript_computes_the_right_side(in_node):
    assert in_node.keys() == DERIVED.keys()
    for id, entry in DERIVED.items():
        for computed, (values, expected) in zip(in_node[id], points(entry), strict=True):
            assert computed is not None and close(computed, expected), (id, values)


# Each has its proof


def test_every_derived_formula_has_its_proof_and_every_proof_its_formula():
    root = HERE.parents[1]
    named = {proof for entry in DERIVED.values() for proof in entry.proofs}
    there = set()
    for file in sorted((root / "tests/proofs/derived").glob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                there.add(f"{file.relative_to(root).as_posix()}::{node.name}")
    assert named == there
    assert len(named) == len(DERIVED)


def test_a_proof_reads_what_it_proves():
    """Each test of a proof states the id of its formula, and no other test does."""
    for id, entry in DERIVED.items():
        (proof,) = entry.proofs
        path, name = proof.split("::")
        tree = ast.parse((HERE.parents[1] / path).read_text(encoding="utf-8"))
        (body,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
        strings = {node.value for node in ast.walk(body) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        assert id in strings, f"{proof} does not read {id}"
