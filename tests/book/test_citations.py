"""On each page a citation leads to the list of references in the page's own language."""

import io
import re

import pytest
from book_pages import BOOK
from sphinx.application import Sphinx

CONF = f"""
import sys
sys.path.insert(0, {str(BOOK / "_ext")!r})
from fluxbook.citations import setup_citations
from fluxbook.languages import setup_languages

extensions = ["myst_parser", "sphinxcontrib.bibtex"]
bibtex_bibfiles = ["book/references.bib"]
book_languages = {{"en": {{"tag": "en", "name": "English"}}, "zh": {{"tag": "zh-CN", "name": "中文"}}}}
exclude_patterns = ["_build"]
html_theme = "basic"

def setup(app):
    setup_languages(app)
    setup_citations(app)
"""
PAGE = "# Page\n\nIn {cite}`kingma2015`, in {cite:t}`{see}polyak1964{p. 4},cauchy1847` and {cite}`%s`.\n"
LIST = "# References\n\n```{bibliography}\n:all:\n%s```\n"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A small book with both languages, as HTML by page; and what Sphinx warned of."""
    root = tmp_path_factory.mktemp("citations")
    files = {"conf.py": CONF, "index.md": "# Book\n\n```{toctree}\n:glob:\nbook/*/*\n```\n"}
    for language, prefix, last in [("en", "", "boyd2004"), ("zh", ":keyprefix: zh-\n", "unknown1900")]:
        files[f"book/{language}/index.md"] = PAGE % last
        files[f"book/{language}/references.md"] = LIST % prefix
    files["book/references.bib"] = (BOOK.parent / "fluxopt_edu/references.bib").read_text(encoding="utf-8")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    out, warnings = root / "_build", io.StringIO()
    Sphinx(root, root, out, out, "html", status=None, warning=warnings, freshenv=True).build()
    html = {page.relative_to(out).as_posix(): page.read_text(encoding="utf-8") for page in out.rglob("*.html")}
    return html, warnings.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_citations_stay_in_their_language(build, language):
    html, _ = build
    links = re.findall(r'href="([^"#]*references\.html)#([^"]+)"', html[f"book/{language}/index.html"])
    assert len(links) == (4 if language == "en" else 3)
    for page, anchor in links:
        assert page == "references.html"
        assert f'id="{anchor}"' in html[f"book/{language}/references.html"]


def test_words_around_a_citation_stay(build):
    for language in ("en", "zh"):
        assert "Polyak [see Pol64, p. 4]" in re.sub(r"<[^>]+>", "", build[0][f"book/{language}/index.html"])


def test_unknown_key_is_a_warning_and_nothing_else_is(build):
    warned = [line for line in build[1].splitlines() if "WARNING" in line]
    assert len(warned) == 1 and "zh-unknown1900" in warned[0], build[1]
