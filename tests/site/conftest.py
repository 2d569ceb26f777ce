"""The built site, once for all tests of a run: strict, and from `_build/html` if nothing has changed since."""

import os
import subprocess
import sys
import time

import pytest
from bs4 import BeautifulSoup
from site_pages import ROOT, Page

# The site's extension, whose parts some tests call.
sys.path.append(str(ROOT / "book" / "_ext"))


def build():
    program = [sys.executable, ROOT / "tools" / "build.py"]
    result = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"the strict build failed:\n{result.stderr[-5000:]}"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site. With several workers the first one builds and the others wait."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        build()
        return ROOT / "_build" / "html"
    shared = tmp_path_factory.getbasetemp().parent
    done, failed = shared / "site-built", shared / "site-failed"
    try:
        (shared / "site-building").mkdir()
    except FileExistsError:
        while not done.exists() and not failed.exists():
            time.sleep(0.2)
    else:
        try:
            build()
        except AssertionError:
            failed.touch()
            raise
        done.touch()
    assert not failed.exists(), "the strict build failed: another worker reports why"
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the site by its path."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        if not path.startswith(("_static/", "_sources/")):
            found[path] = Page(path, BeautifulSoup(file.read_bytes(), "html.parser"))
    return found
