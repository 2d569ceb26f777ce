"""The notebooks are stored as one clean run from top to bottom left them, fit for any reader."""

import re

import nbformat
import pytest
from book_pages import name_of, notebooks, shown

HAN = re.compile(r"[\u4e00-\u9fff]")
# A path from the root of some machine: /home/…, C:\…; not a path in an address, and not a fraction.
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:[A-Za-z][\w.+-]*/)+[\w.+-]+|\b[A-Za-z]:\\\\?\w")
MEMORY_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
MISSING_GLYPH = re.compile(r"Glyph \d+ .*missing", re.DOTALL)


def each_notebook():
    return pytest.mark.parametrize("page", notebooks(), ids=name_of)


def texts(output):
    """What an output shows as text, pictures left out."""
    if output.output_type == "stream":
        yield output.text
    elif output.output_type == "error":
        yield "\n".join(output.traceback)
    else:
        yield from (text for kind, text in output.data.items() if not kind.startswith("image/") and isinstance(text, str))


def pictures(cell):
    return [kind for output in cell.outputs for kind in output.get("data", {}) if kind.startswith("image/")]


@each_notebook()
def test_every_cell_was_run_in_order(page):
    counts = [(cell.count, cell.place()) for cell in page.code if cell.source.strip()]
    wrong = [(place, f"has the number {count}, not {n}") for n, (count, place) in enumerate(counts, 1) if count != n]
    assert counts and not wrong, "run: make notebooks" + shown(wrong)


@each_notebook()
def test_no_empty_cells(page):
    wrong = [(cell.place(), "is empty") for cell in page.cells if not cell.source.strip()]
    assert not wrong, shown(wrong)


@each_notebook()
def test_no_errors_and_warnings(page):
    wrong = []
    for cell in page.code:
        for output in cell.outputs:
            if output.output_type == "error":
                wrong.append((cell.place(), f"{output.ename}: {output.evalue}"))
            elif output.get("name") == "stderr":
                wrong.append((cell.place(), f"stderr: {output.text.strip()}"))
            wrong += [(cell.place(), text) for text in texts(output) if MISSING_GLYPH.search(text)]
    assert not wrong, shown(wrong)


@each_notebook()
def test_nothing_of_one_machine(page):
    wrong = []
    for cell in page.code:
        for output in cell.outputs:
            found = [*texts(output), *(text for kind, text in output.get("data", {}).items() if kind == "image/svg+xml")]
            for text in found:
                # In a drawing, addresses of name spaces and the commands of its paths look like paths.
                patterns = [MEMORY_ADDRESS] if "<svg" in text else [MACHINE_PATH, MEMORY_ADDRESS]
                wrong += [(cell.place(), match[0]) for pattern in patterns for match in pattern.finditer(text)]
                wrong += [(cell.place(), "dc:date") for _ in re.finditer("<dc:date>", text)]
    assert not wrong, shown(wrong)


@each_notebook()
def test_pictures_are_described_in_the_language_of_the_page(page):
    wrong = []
    for cell in page.code:
        if pictures(cell):
            for what, text in [("alt text", cell.alt), ("caption", cell.figure.get("caption", ""))]:
                if len(text) < 10:
                    wrong.append((cell.place(), f"a picture without {what}: metadata.mystnb.image.alt, figure.caption"))
                elif bool(HAN.search(text)) != (page.language == "zh"):
                    wrong.append((cell.place(), f"{what} in another language: {text}"))
            if "name" not in cell.figure:
                wrong.append((cell.place(), "a picture without a name: metadata.mystnb.figure.name"))
    assert not wrong, shown(wrong)


@each_notebook()
def test_only_pictures_are_left_uncompared(page):
    """nbval compares no picture, and compares nothing of a cell with this tag: numbers go into cells of their own."""
    wrong = []
    for cell in page.code:
        ignored = "nbval-ignore-output" in cell.tags
        if bool(pictures(cell)) != ignored:
            wrong.append((cell.place(), "the tag nbval-ignore-output is for pictures, and for all of them"))
        if ignored and any(output.output_type == "stream" for output in cell.outputs):
            wrong.append((cell.place(), "prints text that is not compared: print it in a cell of its own"))
        if set(cell.tags) & {"nbval-skip", "raises-exception", "nbval-raises-exception", "skip-execution"}:
            wrong.append((cell.place(), f"is not tested: {cell.tags}"))
    assert not wrong, shown(wrong)


@each_notebook()
def test_metadata_is_of_no_machine(page):
    notebook = nbformat.read(page.path, as_version=4)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}, f"{page.name}: {set(notebook.metadata)}"
    assert notebook.metadata.kernelspec.name == "python3", page.name
    assert "version" not in notebook.metadata.language_info, f"{page.name} stores the version of Python"
    timed = [(cell.place(), "stores times of execution") for cell in page.code if "execution" in cell.metadata]
    assert not timed, shown(timed)
