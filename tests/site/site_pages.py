"""What the tests of the site share: its pages and languages, and how a test moves in a browser."""

import os
import posixpath
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

import fluxopt_edu

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"en": "en", "zh": "zh-CN"}
# The pages of a language in the order of the book, and those of them that are chapters of a rule.
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
KINDS = [Path(entry["file"]).name for part in TOC["parts"] for entry in part["chapters"] if entry["file"].startswith("book/en/")]
RULES = {name.lower(): getattr(fluxopt_edu, name) for name in fluxopt_edu.rules.__all__}
CHAPTERS = [kind for kind in KINDS if kind in RULES]
NOTEBOOKS = [kind for kind in KINDS if (ROOT / f"book/en/{kind}.ipynb").exists()]
SEARCH = {"en": "search.html", "zh": "search-zh.html"}
SEARCHED = {"en": f"{SEARCH['en']}?q=momentum", "zh": f"{SEARCH['zh']}?q=动量"}
LANDING = "book/index.html?choose"
PAGES = {code: [*(f"book/{code}/{kind}.html" for kind in KINDS), SEARCHED[code]] for code in LANGUAGES}

# What takes seconds on each page looks at one page of each kind, in one language or the other, and at all if EVERY_PAGE is set
# in the environment.
EVERY_PAGE = bool(os.environ.get("EVERY_PAGE"))
ONE_OF_EACH = {"en": ["index", "notation", "sheet", "descent"], "zh": ["index", "dialects", "glossary", "comparing", "adam"]}
SOME = {code: KINDS if EVERY_PAGE else ONE_OF_EACH[code] for code in LANGUAGES}

# The folder of the server that the site is served from, as on most hosts.
FOLDER = "a/b"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_browser = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no browser: install Chromium so that `chromium`, `chromium-browser` or `google-chrome` is on the path",
)


@dataclass
class Page:
    path: str
    soup: BeautifulSoup

    @property
    def language(self):
        """The folder of its language, or None for the pages of both."""
        for code, search in SEARCH.items():
            if self.path.startswith(f"book/{code}/") or self.path == search:
                return code
        return None

    @cached_property
    def ids(self):
        return {element["id"] for element in self.soup.find_all(id=True)}


def target(page, reference):
    """The file and the anchor that a reference on a page leads to."""
    parts = urlsplit(reference)
    path = unquote(parts.path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path)) if path else page.path, unquote(parts.fragment)


def references(page):
    """Every address in a page that a browser follows or loads."""
    for element in page.soup.find_all(True):
        for name in ("href", "src", "action", "data-src", "poster"):
            if name in element.attrs:
                yield element, element[name]
        for candidate in filter(None, element.get("srcset", "").split(",")):
            yield element, candidate.split()[0]
        if element.name == "meta" and element.get("http-equiv") == "refresh":
            yield element, element["content"].split("url=")[1]


def open_page(page, path):
    page.goto(page.base + path)
    settled(page)


def without_maths(page):
    """Formulas stay as they are written, for a test that does not look at them: to set a chapter's takes seconds."""
    page.route("**/tex-chtml.js*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    return page


def settled(page):
    """Formulas are set; search is done."""
    page.wait_for_function("() => document.readyState === 'complete'")
    page.evaluate("() => window.MathJax?.startup?.promise")
    if "search" in page.url and "q=" in page.url:
        page.wait_for_function("() => document.querySelector('.search-summary')?.textContent")


def unfold(page):
    """Open every folded part."""
    page.evaluate(
        """async () => {
            const folds = [...document.querySelectorAll("details:not([open])")];
            const opened = folds.map((fold) => new Promise((done) => fold.addEventListener("toggle", done, { once: true })));
            folds.forEach((fold) => (fold.open = true));
            await Promise.all(opened);
        }"""
    )
    looked(page)


def looked(page):
    """The theme has looked, 300 ms after the page's last change, for what scrolls."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")


def press(page, selector):
    """A click where the reader sees it: Playwright's own may scroll the page to bring a fixed bar into view."""
    box = page.locator(selector).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def path_of(page):
    """The address of the page, from the root of the site."""
    assert page.url.startswith(page.base), page.url
    return page.url.removeprefix(page.base)


def violations(page, within=None, **options):
    looked(page)
    # Not the glyphs of formulas, thousands on a page: a screen reader reads the MathML beside them, and their colours
    # are those of the text. `preload` would ask for style sheets a second time, at addresses that are not theirs.
    found = Axe().run(
        page,
        context={"exclude": [["mjx-math"]]} | ({"include": [[within]]} if within else {}),
        options={"preload": False, "resultTypes": ["violations"], **options},
    ).response["violations"]
    return [
        f"{each['impact']}: {each['id']}: {each['help']}\n"
        + "\n".join(f"    {node['html'][:200]}\n    {node['failureSummary'][:400]}" for node in each["nodes"][:5])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
