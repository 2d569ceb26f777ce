"""tools/notebooks.py stores what notebooks print, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat

TOOLS = Path(__file__).parents[2] / "tools"


def run(*paths):
    command = [sys.executable, TOOLS / "notebooks.py", *paths]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def notebook(path, *cells):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nb.metadata["widgets"] = {"state": {}}
    nbformat.write(nb, path)
    return path


def test_stores_outputs_and_nothing_that_changes_from_run_to_run(tmp_path):
    # Flushed, each line is a message of its own; how they would be cut otherwise depends on time.
    path = notebook(tmp_path / "a.ipynb", "x = 1\nprint('α', flush=True)\nprint('β', flush=True)", "x + 1")
    assert run(path).returncode == 0
    first = path.read_bytes()
    assert run(path).returncode == 0
    assert path.read_bytes() == first
    nb = json.loads(first)
    assert nb["cells"][0]["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["α\n", "β\n"]}]
    assert nb["cells"][1]["outputs"][0]["data"]["text/plain"] == ["2"]
    assert [cell["execution_count"] for cell in nb["cells"]] == [1, 2]
    assert [cell["metadata"] for cell in nb["cells"]] == [{}, {}]
    assert set(nb["metadata"]) == {"kernelspec", "language_info"}
    assert "version" not in nb["metadata"]["language_info"]
    assert b"\r" not in first and first.endswith(b"\n") and "α".encode() in first


def test_a_notebook_that_fails_stays_as_it_was(tmp_path):
    bad = notebook(tmp_path / "bad.ipynb", "1 / 0")
    good = notebook(tmp_path / "good.ipynb", "1 + 1")
    before = bad.read_bytes()
    result = run(bad, good)
    assert result.returncode == 1
    assert "ZeroDivisionError" in result.stderr
    assert bad.read_bytes() == before
    assert '"2"' in good.read_text(encoding="utf-8")
