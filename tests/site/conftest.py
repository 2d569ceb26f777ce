"""The built site, once for all tests of a run: strict, and from `_build/html` if nothing has changed since."""

import http.server
import os
import subprocess
import sys
import threading
import time
from functools import partial
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from site_pages import CHROMIUM, DESKTOP, FOLDER, ROOT, Page

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


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site, tmp_path_factory):
    """Where the site is served: in a folder, as on most hosts."""
    root = tmp_path_factory.mktemp("server")
    (root / FOLDER).parent.mkdir(parents=True)
    (root / FOLDER).symlink_to(site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{FOLDER}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def reader(browser, address):
    """Opens a fresh browser for a reader; after the test, no page may have complained or asked another host."""
    contexts, complaints = [], []

    def visit(base=address, **settings):
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce", **settings})
        contexts.append(context)

        def watch(request):
            url = urlsplit(request.url)
            if url.scheme not in ("data", "blob", "file") and not request.url.startswith(address):
                complaints.append(f"asks {request.url}")

        context.on("request", watch)
        if settings.get("java_script_enabled", True):
            context.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
        context.on("response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.url}: {answer.status}"))
        context.on("console", lambda said: said.type in ("error", "warning") and complaints.append(f"{said.page.url}: {said.text}"))
        context.on("weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}"))
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.base = base
        return page

    yield visit
    for context in contexts:
        context.close()
    # A page left before it was loaded breaks off what it was loading.
    complaints = [each for each in complaints if "net::ERR_ABORTED" not in each]
    assert not complaints, "\n".join(complaints)
