"""The pages of formulas: one address each, in both languages, with its files; found by its names; what proves it to be read."""

import ast
import re
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from fluxbook import proofs
from fluxbook.permalinks import in_unicode, names
from site_pages import FOLDER, LANGUAGES, PHONE, ROOT, SEARCH, needs_browser, open_page, settled, target, violations

from fluxopt_edu import __date__, __version__
from fluxopt_edu.cite import cite
from fluxopt_edu.formulas import WITHDRAWN, catalogue

IDS = [*catalogue()]
PAGES = ["f/adam.step/index.html", "f/index.html", "f/proofs/tests/proofs/test_proofs.html#test_one_step_is_the_closed_form"]
ENDINGS = {
    "tex": lambda cited: cited.formula.latex,
    "mml": lambda cited: cited.mathml,
    "py": lambda cited: cited.python,
    "js": lambda cited: cited.javascript,
    "bib": lambda cited: cited.bibtex,
    "json": lambda cited: cited.json,
}


def page_of(pages, id):
    return pages[f"f/{id}/index.html"]


# What stands in the files


def test_every_id_has_a_page_and_its_files(pages, site):
    for id in IDS:
        assert f"f/{id}/index.html" in pages
        assert {file.name for file in (site / "f" / id).iterdir()} == {"index.html", *(f"{id}.{ending}" for ending in ENDINGS)}
        for ending, text in ENDINGS.items():
            content = (site / "f" / id / f"{id}.{ending}").read_text(encoding="utf-8")
            assert content == text(cite(id)).rstrip("\n") + "\n", f"{id}.{ending}"
        ET.parse(site / "f" / id / f"{id}.mml")


def test_a_page_tells_all_in_both_languages(pages):
    for id in IDS:
        page, entry = page_of(pages, id), catalogue()[id]
        article = page.soup.article
        assert article.h1.text == id
        assert article.select_one("#symbol").text == rf"\[{entry.latex}\]"
        for code, tag in LANGUAGES.items():
            block, cited = article.find(id=code), cite(id, code)
            assert block["lang"] == tag
            assert block.h2.text == entry.title[code]
            said = [text.text for text in block.select("pre")]
            assert said == [cited.latex, cited.bibtex]
            assert cited.apa in block.text
            assert len(block.select("tbody tr")) == len(entry.symbols) == len(block.select("tbody a"))
            assert [link.text for link in block.select("dd li > a")] == [proof.rpartition("::")[2] for proof in entry.proofs]
            shown = pages[f"book/{code}/{entry.rule.lower()}.html"].ids if f"book/{code}/{entry.rule.lower()}.html" in pages else set()
            places = [target(page, link["href"]) for link in block.select("dd > a[data-language]")]
            anchor = f"equation-{id.replace('.', '-')}-{code}"
            assert places == ([(f"book/{code}/{entry.rule.lower()}.html", anchor)] if anchor in shown else [])
        files = {link.text: target(page, link["href"])[0] for link in article.select("#files a")}
        assert files == {f"{id}.{ending}": f"f/{id}/{id}.{ending}" for ending in ENDINGS}


def test_the_list_has_every_id_with_its_titles(pages):
    page = pages["f/index.html"]
    listed = {target(page, link["href"])[0]: link.find_parent("li").text for link in page.soup.select(".formula-list a")}
    assert set(listed) == {f"f/{id}/index.html" for id in [*IDS, *WITHDRAWN]}
    for id, entry in catalogue().items():
        for code, mark in (("en", ": "), ("zh", "：")):
            assert entry.title[code].partition(mark)[2].replace("：", ": ") in listed[f"f/{id}/index.html"]


def test_no_address_is_invented(pages):
    for id in IDS:
        page = page_of(pages, id)
        assert page.soup.select_one(".formula-permalink a").text == f"f/{id}/"
        assert not page.soup.select("link[rel=canonical]")
        assert "url" not in cite(id).bibtex.partition("\n}\n")[0]


def test_pages_of_formulas_stand_in_no_contents(pages):
    for page in pages.values():
        beside = page.soup.select("#pst-primary-sidebar nav a, .prev-next-area a")
        assert not [link["href"] for link in beside if target(page, link["href"])[0].startswith("f/")], page.path
        if page.path.startswith("f/"):
            assert not beside


def test_what_proves_a_formula_can_be_read(pages):
    for proof in {proof for entry in catalogue().values() for proof in entry.proofs}:
        path, name = proofs.parts(proof)
        page = pages[f"f/proofs/{path.removesuffix('.py')}.html"]
        line = page.soup.find(id=name)
        assert line is not None, f"{proof} is not there"
        assert line.text.startswith(f"def {name}("), line.text
        written = (ROOT / path).read_text(encoding="utf-8")
        assert page.soup.select_one(".proof pre").text == written
        number = int(line.select_one(".proof-number")["data-line"])
        assert written.splitlines()[number - 1] == line.text.rstrip("\n")
        assert line.select_one("span.k")  # in colours


# The parts of the extension


def test_the_parts_of_a_proof():
    assert proofs.parts("tests/a/test_b.py::test_c") == ("tests/a/test_b.py", "test_c")
    assert proofs.parts("tests/a/test_b.py::TestIt::test_c[Adam-1]") == ("tests/a/test_b.py", "test_c")


def test_lines_of_a_file_keep_their_text_and_tests_their_place():
    code = '\n"""One\ntwo."""\n\n\n@mark\ndef test_it():\n    assert 1 < 2 & 3\n'
    lines = {node.name: node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    soup = BeautifulSoup(f"<pre>{proofs.numbered(code, lines)}</pre>", "html.parser")
    assert soup.text == code
    assert soup.find(id="test_it").text == "def test_it():\n"
    assert soup.find(id="L7").parent == soup.find(id="test_it")


def test_symbols_as_a_reader_types_them():
    typed = {r"\hat v": "v̂", r"\bar m": "m̄", r"v_{\max}": "v_max", r"\hat\epsilon": "ε̂", r"\rho_\infty": "ρ_∞", r"\Delta": "Δ", "r": "r"}
    assert {latex: in_unicode(latex) for latex in typed} == typed
    for entry in catalogue().values():
        assert not [name for name, _ in names(entry) if re.search(r"[\\{}$]", name)]


def test_the_foot_of_each_page_tells_version_and_date(pages):
    said = {"en": f"Version {__version__}, {__date__}.", "zh": f"版本 {__version__}，{__date__}。"}
    for page in pages.values():
        if page.path != "index.html":
            foot = page.soup.select_one(".bd-footer-content").get_text()
            assert [code for code in LANGUAGES if said[code] in foot] == ([page.language] if page.language else [*LANGUAGES]), page.path


# In a browser


@needs_browser
def test_every_formula_is_set(reader):
    page = reader(viewport=PHONE)
    open_page(page, "f/adam.step/index.html")
    set_ = """async (formulas) => {
        const wrong = [];
        for (const [id, latex] of formulas) {
            const node = await MathJax.tex2chtmlPromise(latex, { display: true });
            if (node.querySelector("mjx-merror, [data-mjx-error], mjx-mtext[style*=color]")) wrong.push(id);
        }
        return wrong;
    }"""
    assert page.evaluate(set_, [["broken", r"\frac{1"], ["unknown", r"\nosuch x"]]) == ["broken", "unknown"]
    assert not page.evaluate(set_, [[id, entry.latex] for id, entry in catalogue().items()])


@needs_browser
@pytest.mark.parametrize("path", [*PAGES, "f/adam.step-bound/index.html"])
def test_pages_of_formulas_fit_a_phone(reader, path):
    page = reader(viewport=PHONE)
    open_page(page, path)
    assert page.locator("article .math > mjx-container").count() == page.locator("article .math").count()
    assert not page.locator("mjx-merror").count()
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_of_formulas_keep_no_reader_out(reader, scheme, path):
    page = reader(color_scheme=scheme)
    open_page(page, path)
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => (part.open = true))")
    found = violations(page)
    assert not found, "\n".join(found)


@needs_browser
@pytest.mark.parametrize("locale, first", [("en-GB", "en"), ("zh-CN", "zh"), ("fr-FR", "en")])
def test_the_readers_language_comes_first(reader, locale, first):
    page = reader(locale=locale)
    open_page(page, "f/adam.step/index.html")
    assert page.locator(".formula-language").first.get_attribute("id") == first
    page.keyboard.press("Control+k")
    page.keyboard.type("adam.step")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(SEARCH[first])))


@needs_browser
def test_a_chapter_link_takes_the_reader_to_the_formula(reader):
    page = reader(locale="zh-CN")
    open_page(page, "f/adam.step/index.html")
    page.locator("#zh a[data-language]").click()
    page.wait_for_url(page.base + "book/zh/adam.html#equation-adam-step-zh")


@needs_browser
def test_a_proof_link_marks_its_line(reader):
    page = reader()
    open_page(page, "f/adam.step/index.html")
    page.locator("#en").get_by_role("link", name="test_one_step_is_the_closed_form").click()
    page.wait_for_url(re.compile("test_proofs.html#test_one_step_is_the_closed_form"))
    line = page.locator("#test_one_step_is_the_closed_form")
    assert line.is_visible()
    colour = "line => getComputedStyle(line).backgroundColor"
    assert line.evaluate(colour) != page.locator(".proof-line").first.evaluate(colour)


@needs_browser
@pytest.mark.parametrize("at, ending", [*enumerate(ENDINGS)])
def test_a_permalink_page_copies(reader, at, ending):
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    open_page(page, "f/adam.step-bound/index.html")
    part = page.locator("#files details").nth(at)
    part.locator("summary").click()
    part.get_by_role("button").click()
    part.get_by_text("Copied · 已复制").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == ENDINGS[ending](cite("adam.step-bound"))


# Found by name


def found(page, code, query):
    open_page(page, SEARCH[code])
    page.goto(f"{page.base}{SEARCH[code]}?q={query}")
    settled(page)
    links = page.eval_on_selector_all("ul.search a", "links => links.map(link => [link.href, link.textContent])")
    return [(urlsplit(link).path.split(f"/{FOLDER}/")[-1], text) for link, text in links]


@needs_browser
@pytest.mark.parametrize(
    "code, query, id",
    [
        ("en", "adam.step", "adam.step"),
        ("zh", "adam.step", "adam.step"),
        ("en", "Adam: sharp bound on a step", "adam.step-bound"),
        ("zh", "Adam：步长的紧上界", "adam.step-bound"),
        ("en", "m̄", "nadam.m-bar"),
        ("zh", "ρ_∞", "radam.rho-inf"),
    ],
)
def test_a_formula_asked_for_by_name_comes_first(reader, code, query, id):
    results = found(reader(), code, query)
    assert results[0] == (f"f/{id}/index.html", f"{id} · {catalogue()[id].title[code]}")
    assert len({path for path, _ in results if path.startswith("f/")}) == len([path for path, _ in results if path.startswith("f/")])


@needs_browser
@pytest.mark.parametrize(
    "code, query, id",
    [("en", "sharp bounds", "adam.step-bound"), ("zh", "紧上界", "adam.step-bound"), ("zh", "修正项", "radam.r"), ("en", "v̂", "adam.v-hat")],
)
def test_a_formula_is_found_by_the_words_of_its_title(reader, code, query, id):
    assert f"f/{id}/index.html" in dict(found(reader(), code, query))


@needs_browser
@pytest.mark.parametrize(
    "code, query",
    [
        *(("en", query) for query in ("subtracts", "Diederik", "紧上界", "version", "test_one_step_is_the_closed_form")),
        *(("zh", query) for query in ("sharp bound", "使分母不为零")),
    ],
)
def test_a_formula_is_not_found_by_other_words(reader, code, query):
    assert not [path for path, _ in found(reader(), code, query) if path.startswith("f/")]


@needs_browser
def test_pages_come_before_formulas_that_only_share_a_word(reader):
    paths = [path for path, _ in found(reader(), "en", "momentum")]
    kinds = [path.startswith("f/") for path in paths]
    assert any(kinds) and not all(kinds)
    assert kinds == sorted(kinds)
