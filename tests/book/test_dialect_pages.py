"""The tables of the dialects say what `compare` and `translate` find, and the texts around them what is so."""

import contextlib
import io
import json
import re
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import sympy as sp
from book_pages import BOOK, LANGUAGES, Page, directive, title_of

from fluxopt_edu import compare, dialects, translate
from fluxopt_edu.porting import reading
from fluxopt_edu.run import steps

sys.path.insert(0, str(BOOK / "_ext"))
from fluxbook import dialect_content as content  # noqa: E402
from fluxbook.dialect_words import SIGNS, VERDICTS, WORDS  # noqa: E402

STORED = content.stored()
ROWS = [(rule, row) for rule, entry in STORED.items() for row in entry["rows"] if row["verdict"] != "unchanged"]


def each_row():
    return pytest.mark.parametrize("rule, row", ROWS, ids=[f"{r}-{row['library']}{'-set' if row['flags'] else ''}" for r, row in ROWS])


# The tables are current


@pytest.mark.parametrize("rule", content.RULES)
def test_stored_tables_are_what_is_found(rule):
    assert STORED[rule] == json.loads(json.dumps(content.of_rule(rule), ensure_ascii=False)), "run: python tools/dialects.py"


def test_all_rules_and_no_others():
    assert list(STORED) == list(content.RULES)


# What is found is so: in numbers, without compare


GRADIENTS = np.random.default_rng(5).standard_normal((25, 4)) * [1, 1e-2, 1e-4, 1e-6]


def walked(opt, gradients=GRADIENTS):
    with np.errstate(all="ignore"):
        return np.asarray(steps(opt, gradients, 1.0), dtype=float)


def optimiser(call):
    return reading.read(call).optimiser


@each_row()
def test_calls_that_are_ready_to_paste_give_the_same_steps(rule, row):
    plain = content.usual(rule, row["library"])
    opt = type(plain)(**{own: getattr(plain, own) for own in plain.hyper} | row["flags"])
    for source, entry in ((content.ours(rule), row.get("there")), (opt, row.get("back"))):
        if entry and entry["call"]:
            np.testing.assert_allclose(walked(optimiser(entry["call"])), walked(source), rtol=1e-9, atol=0)


@each_row()
def test_what_is_called_the_same_walks_the_same_way_and_nothing_else_does(rule, row):
    plain = content.usual(rule, row["library"])
    opt = type(plain)(**{own: getattr(plain, own) for own in plain.hyper} | row["flags"])
    aligned = compare(content.ours(rule), opt).aligned
    same = np.allclose(walked(aligned), walked(content.ours(rule)), rtol=1e-9, atol=0)
    if row["verdict"] == "same":
        assert same
    elif row["verdict"] in ("impossible", "not-found", "but-for-steps", "steps-change", "start", "setting"):
        assert not same


@each_row()
def test_where_they_part(rule, row):
    at = row.get("parting")
    if not at:
        assert row["verdict"] in ("same", "constants", "start")
        return
    plain = content.usual(rule, row["library"])
    opt = type(plain)(**{own: getattr(plain, own) for own in plain.hyper} | row["flags"])
    gradients = np.array([float(g) for g in at["gradients"]])[:, None]
    sides = [walked(each, gradients)[:, 0] for each in (content.ours(rule), compare(content.ours(rule), opt).aligned)]
    np.testing.assert_allclose(*(side[:-1] for side in sides), rtol=1e-9)
    np.testing.assert_allclose([side[-1] for side in sides], [float(step) for step in at["steps"]], rtol=1e-5)
    assert at["t"] == len(gradients) and not np.isclose(*(side[-1] for side in sides), rtol=1e-9, atol=0)


@each_row()
def test_lines_are_shown_where_rules_differ(rule, row):
    """And each differs: with its marks taken off it is no line of Flux's."""
    shown = [re.sub(r"\s|\\,", "", line.replace(r"\changed", "")) for line in row["lines"]]
    own = [re.sub(r"\s|\\,", "", line) for line in STORED[rule]["lines"]]
    assert not set(shown) & set(own)
    only_numbers = row["kind"] in ("E0", "E3") or rule == "AdaGrad" and row["library"] == "torch"
    assert bool(shown) is not (row["verdict"] == "same" or only_numbers and not shown)


# The matrix is what was found by hand, before there was a machine for it

S, C, T, I, E, N, P = "same", "constants", "steps-change", "setting", "but-for-steps", "not-found", "impossible"
BY_HAND = {  # paper, Flux ≥ 0.13.1, Optimisers.jl, PyTorch, optax, Keras; the calls as they are named, then with flags
    "Descent": (S, "unchanged", S, S, S, S),
    "Momentum": (S, "unchanged", S, C, C, S),
    "Nesterov": (C, "unchanged", S, C, C, S),
    "RMSProp": (I, "unchanged", S, S, (P, S), P),
    "Adam": (S, "unchanged", S, S, S, T),
    "RAdam": (I, "unchanged", S, E, C, None),
    "AdaMax": (I, "unchanged", S, P, P, S),
    "AdaGrad": (I, "unchanged", S, C, P, P),
    "AdaDelta": (S, "unchanged", S, C, C, C),
    "AMSGrad": (I, "unchanged", S, T, (N, "start"), T),
    "NAdam": (C, "unchanged", S, C, C, N),
    "AdamW": (S, C, (C, S), C, C, T),
    "OAdam": (S, "unchanged", S, None, (N, E), None),
    # optax's two ε can be set apart, so that Flux's rule is there at ε_r = 0 with numbers that change with t
    "AdaBelief": (N, N, N, None, T, None),
}


@pytest.mark.parametrize("rule", content.RULES)
def test_verdicts(rule):
    for library, wanted in zip(content.LIBRARIES, BY_HAND[rule]):
        found = tuple(row["verdict"] for row in STORED[rule]["rows"] if row["library"] == library)
        assert found == (wanted if isinstance(wanted, tuple) else (wanted,) if wanted else ()), library


def test_unchanged_in_flux():
    """AdaBelief is the one rule whose numbers changed from v0.12.10 to v0.14; ADAMW's row is of the versions before."""
    dialect = {cls.__name__: cls.version for cls in dialects.RULES["flux"].values()}
    assert dialect == {"ADAMW": "0.12.5–0.12.9", "AdaBelief": "0.13.1–0.14.25"}
    assert [rule for rule in content.RULES if STORED[rule]["rows"][1].get("version")] == ["AdamW", "AdaBelief"]


def test_signs_and_words():
    assert set(content.VERDICTS) <= set(SIGNS) == set(VERDICTS)
    assert len(set(SIGNS.values())) == len(SIGNS) - 1  # two ways to be the same
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for name, english in WORDS["en"].items():
        assert sorted(re.findall(r"\{\w*\}", english)) == sorted(re.findall(r"\{\w*\}", WORDS["zh"][name])), name


def test_no_words_without_use():
    source = (BOOK / "_ext" / "fluxbook" / "dialects.py").read_text(encoding="utf-8")
    assert not [name for name in WORDS["en"] if f'"{name}"' not in source]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_says_that_no_call_is_the_same_or_near(language):
    assert len(re.findall(r"[。.]", WORDS[language]["no-call-nor-near"])) == 1


# The pages


def page(language, name):
    return next(Page(path) for path in (BOOK / language).glob(f"{name}.*") if path.suffix in (".md", ".ipynb"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_has_its_table_below_its_target(language):
    targets, found = [], []
    for token, _ in (pair for cell in page(language, "dialects").cells for pair in cell.tokens):
        if token.type == "myst_target":
            targets.append(token.content)
        elif directive(token) == "dialect":
            found.append((title_of(token), targets[-1]))
            assert token.content.strip(), "nothing for a reader of the source"
    assert found == [(rule, f"dialects-{rule.lower()}-{language}") for rule in content.RULES]


def numbers_of_row(text, row):
    line = next(line for line in text.splitlines() if line.startswith(row))
    return [float(cell) for cell in line.split("|")[2:-1]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_factors_on_the_page_of_epsilon(language):
    text = page(language, "epsilon").path.read_text(encoding="utf-8")
    t = np.array(numbers_of_row(text, "| $t$ |"))
    rows = [line for line in text.splitlines() if r"\epsilon/\hat\epsilon$" in line]
    assert len(rows) == 2
    for line, beta_2 in zip(rows, (0.999, 0.99)):
        assert f"{beta_2}$" in line
        np.testing.assert_array_equal([float(cell) for cell in line.split("|")[2:-1]], (1 / np.sqrt(1 - beta_2**t)).round(2))


def test_the_bound_of_the_root_of_two():
    s, e = sp.symbols("s epsilon", positive=True)
    ratio = (s + e) ** 2 / (s**2 + e**2)
    assert sp.simplify(ratio - (1 + 2 * s * e / (s**2 + e**2))) == 0
    assert sp.simplify(2 - ratio - (s - e) ** 2 / (s**2 + e**2)) == 0 and ratio.subs(s, e) == 2


def test_what_a_state_holds_of_epsilon():
    b, e, t = sp.symbols("beta_2 epsilon t", positive=True)
    held = e * (1 - b**t) / (1 - b)
    assert sp.simplify(held.subs(t, t + 1) - (b * held + e)) == 0 and sp.simplify(held / (1 - b**t) - e / (1 - b)) == 0


def test_commands_on_the_page_print_what_it_says():
    for language in LANGUAGES:
        text = page(language, "dialects").path.read_text(encoding="utf-8")
        ((call, said),) = re.findall(r"```text\n\$ python -m fluxopt_edu translate \"(.*)\" --to flux\n(.*?)```", text, re.DOTALL)
        assert translate(call, to="flux").text() == said.strip()


@pytest.mark.parametrize("name", ["descent", "adam"])
def test_chapters_have_their_table(name):
    for language in LANGUAGES:
        tokens = [token for cell in page(language, name).cells for token, _ in cell.tokens]
        found = [title_of(token).lower() for token in tokens if directive(token) == "elsewhere"]
        assert found == [name]


# What to run in the libraries themselves

SNIPPETS = [
    snippet
    for cell in page("en", "findings").cells
    if cell.kind == "markdown"
    for snippet in re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)
]


def needed(snippet):
    return [name for name in ("torch", "optax", "jax", "keras") if re.search(rf"\b{name}\b", snippet)]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning", "ignore:Gradients do not exist:UserWarning")
def test_snippets_print_what_is_said(snippet, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")  # which the snippet would set for the tests after it
    missing = [name for name in needed(snippet) if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet, {})
    assert printed.getvalue().strip() == "\n".join(re.findall(r"^# (.*)$", snippet, re.MULTILINE))


def test_there_are_snippets():
    assert len(SNIPPETS) >= 10
