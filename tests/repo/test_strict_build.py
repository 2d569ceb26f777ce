"""tools/build.py builds strictly, and only when something changed."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def book(tmp_path):
    """A book of one page, with the project's own build script."""
    (tmp_path / "tools").mkdir()
    shutil.copy(TOOLS / "build.py", tmp_path / "tools")
    (tmp_path / "_config.yml").write_text("title: One page\nonly_build_toc_files: true\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: page\n")
    (tmp_path / "page.md").write_text("# One page\n")
    return tmp_path


def build(book):
    command = [sys.executable, book / "tools" / "build.py"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_builds_once_and_again_after_a_change(book):
    assert build(book).returncode == 0
    page = book / "_build" / "html" / "page.html"
    assert "One page" in page.read_text(encoding="utf-8")

    page.write_text("kept")
    os.utime(book / "page.md")
    result = build(book)
    assert (result.returncode, result.stdout) == (0, "The site is up to date.\n")
    assert page.read_text() == "kept"

    # A warning fails the build, and the next run does not take the old success for its own.
    (book / "page.md").write_text("# One page\n\n[nowhere](nowhere.md)\n")
    result = build(book)
    assert result.returncode != 0
    assert "nowhere.md" in result.stderr
    assert "The build failed" in result.stderr
    assert not (book / "_build" / "built-from").exists()


def test_every_source_counts(book):
    spec = importlib.util.spec_from_file_location("build_script", book / "tools" / "build.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.ROOT == book.resolve()
    start = script.fingerprint()
    (book / "new").mkdir()
    (book / "new" / "rule.py").write_text("1")
    added = script.fingerprint()
    (book / "new" / "rule.py").write_text("2")
    changed = script.fingerprint()
    (book / "new" / "rule.py").rename(book / "new" / "renamed.py")
    renamed = script.fingerprint()
    assert len({start, added, changed, renamed}) == 4
    shutil.rmtree(book / "new")
    (book / "_build").mkdir()
    (book / "_build" / "page.html").write_text("generated")
    (book / "__pycache__").mkdir()
    (book / "__pycache__" / "build.pyc").write_text("generated")
    assert script.fingerprint() == start
