r"""tools/formulas.py puts the catalogue's formulas under their labels, and leaves everything else as it is."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from fluxopt_edu.formulas import catalogue

TOOL = Path(__file__).parents[2] / "tools" / "formulas.py"
PRINTED = {id: formula.latex for id, formula in catalogue().items() if formula.rule == "Adam"}

PAGE = r"""$$
a = b
$$

Not a rule's:

$$
x_t = x_{t-1} - \Delta_t
$$ (notation.update-LANG)

$$
\Delta_t = \eta\, {\color{#b3261e}{\underline{\hat m_t}}} .
$$ (adam.step-LANG)
"""


def lines(language, **changed):
    return "\n\n".join(f"$$\n{changed.get(id.removeprefix('adam.'), text)}\n$$ ({id}-{language})" for id, text in PRINTED.items() if id != "adam.step")


@pytest.fixture
def book(tmp_path):
    for language in ("en", "zh"):
        folder = tmp_path / "book" / language
        folder.mkdir(parents=True)
        cells = [nbformat.v4.new_markdown_cell(PAGE.replace("LANG", language)), nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_markdown_cell(lines(language, m=r"m_t = g_t"))]
        notebook = nbformat.v4.new_notebook(cells=cells)
        nbformat.write(notebook, folder / "adam.ipynb")
        (folder / "notation.md").write_text(PAGE.replace("LANG", language), encoding="utf-8")
    return tmp_path / "book"


@pytest.fixture
def run(book, capsys):
    spec = importlib.util.spec_from_file_location("formulas_tool", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    def command(name):
        """What it returns and prints."""
        return tool.main(name, book), capsys.readouterr().out

    return command


def texts(book):
    return {path: path.read_text(encoding="utf-8") for path in sorted(book.rglob("*.*"))}


def test_check_says_what_differs_and_changes_nothing(book, run):
    before = texts(book)
    returned, said = run("check")
    assert returned == 1
    for language in ("en", "zh"):
        assert f"book/{language}/adam.ipynb, cell 0: adam.step" in said
        assert f"book/{language}/adam.ipynb, cell 2: adam.m\n  stands   m_t = g_t\n  printed  {PRINTED['adam.m']}" in said
        assert f"book/{language}/notation.md: adam.step" in said
    assert said.count("printed") == 6 and "adam.v\n" not in said and "notation.update" not in said
    assert texts(book) == before


def test_write_puts_the_printed_formula_there_and_nothing_else(book, run):
    before = texts(book)
    assert run("write")[0] == 0
    for path, text in texts(book).items():
        if path.suffix == ".md":
            language = path.parent.name
            assert text == PAGE.replace("LANG", language).replace(r"\Delta_t = \eta\, {\color{#b3261e}{\underline{\hat m_t}}} .", PRINTED["adam.step"] + " .")
        else:
            old, new = nbformat.reads(before[path], 4), nbformat.reads(text, 4)
            assert new.cells[0].source == old.cells[0].source.replace(r"\eta\, {\color{#b3261e}{\underline{\hat m_t}}} .", PRINTED["adam.step"].partition(" = ")[2] + " .")
            assert new.cells[1] == old.cells[1]
            assert new.cells[2].source == lines(path.parent.name)
            assert (new.metadata, [cell.id for cell in new.cells]) == (old.metadata, [cell.id for cell in old.cells])
    assert run("check") == (0, "")
    after = texts(book)
    assert run("write") == (0, "") and texts(book) == after


def test_a_chapter_that_lacks_a_line_is_named(book, run):
    path = book / "zh" / "adam.ipynb"
    notebook = nbformat.read(path, 4)
    # under the label of another language's page, which is no business of this one
    notebook.cells[2].source = notebook.cells[2].source.replace(PRINTED["adam.v"] + "\n$$ (adam.v-zh)", "v_t = 0\n$$ (adam.v-en)")
    assert "v_t = 0" in notebook.cells[2].source
    nbformat.write(notebook, path)
    run("write")
    assert "v_t = 0" in path.read_text(encoding="utf-8")
    assert run("check") == (1, f"book/zh/adam.ipynb: adam.v is missing\n  printed  {PRINTED['adam.v']}\n")


def test_a_label_that_names_no_formula_is_named(book, run):
    run("write")
    path = book / "en" / "notation.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n$$\na = b\n$$ (adam.nothing-en)\n", encoding="utf-8")
    assert run("check") == (1, "book/en/notation.md: adam.nothing is not in the catalogue\n")


@pytest.mark.parametrize("arguments", [[], ["print"], ["check", "book", "more"]])
def test_other_commands_are_answered_with_the_usage(arguments):
    answer = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, encoding="utf-8")
    assert answer.returncode == 1 and "formulas.py check" in answer.stderr
