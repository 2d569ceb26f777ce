"""Formula cards: open for every reader, copy what the catalogue has, and lead to what they name."""

import json
import re
from urllib.parse import urljoin

import pytest
from fluxbook.formulas import clashes, equation_anchor
from fluxbook.languages import Language
from site_pages import CHAPTERS, LANGUAGES, PHONE, needs_browser, open_page, references, target, violations, without_maths

from fluxopt_edu.cite import cite
from fluxopt_edu.formulas import WITHDRAWN, catalogue

TEXTS = {
    "LaTeX": lambda cited: cited.formula.latex,
    "MathML": lambda cited: cited.mathml,
    "Python": lambda cited: cited.python,
    "JavaScript": lambda cited: cited.javascript,
    "BibTeX": lambda cited: cited.bibtex,
}
PAGES = [f"book/{code}/{chapter}.html" for code in LANGUAGES for chapter in CHAPTERS]
HAN = re.compile("[\u4e00-\u9fff]")


def cards(page):
    return {card["data-formula"]: card for card in page.soup.select("details.formula-card")}


# What stands in the pages


@pytest.mark.parametrize("path", PAGES)
def test_each_formula_of_the_catalogue_has_its_card(pages, path):
    page = pages[path]
    anchors = {equation_anchor(id, Language(page.language, "", "")): id for id in catalogue()}
    labelled = [anchors[block["id"]] for block in page.soup.select("article div.math[id]") if block["id"] in anchors]
    assert labelled
    assert list(cards(page)) == labelled
    for id, card in cards(page).items():
        assert card.find_previous_sibling()["id"] == equation_anchor(id, Language(page.language, "", ""))


@pytest.mark.parametrize("path", PAGES)
def test_a_card_says_what_the_catalogue_says(pages, path):
    page = pages[path]
    for id, card in cards(page).items():
        cited = cite(id, page.language)
        entry = cited.formula
        name = {"en": f"About {id}", "zh": f"关于 {id}"}[page.language]
        assert card.summary["aria-label"] == name and not card.has_attr("open")
        assert id in card.summary["aria-label"] and card.summary.text.strip() == id  # its name holds what is seen
        assert card.select_one(".formula-title").text == entry.title[page.language]
        texts = json.loads(card.script.string)
        assert texts == {name: text(cited) for name, text in TEXTS.items()}

        rows = [[cell.get_text() for cell in row.select("td")] for row in card.select("tbody tr")]
        assert [row[:2] for row in rows] == [
            [f"\\({latex}\\)", getattr(meaning, page.language)] for (latex, _), meaning in zip(entry.symbols, entry.meanings)
        ]
        units = [symbol.means(entry.rule).unit for _, symbol in entry.symbols]
        assert [row[3] for row in rows] == [f"\\({unit}\\)" if unit else "–" for unit in units]
        words = [word.text for word in card.select("th, dt, .formula-copy, .formula-files")]
        assert all(bool(HAN.search(word)) == (page.language == "zh") for word in words if word != "Flux")


@pytest.mark.parametrize("path", PAGES)
def test_each_link_of_a_card_leads_where_it_says(pages, path, site):
    page = pages[path]
    for id, card in cards(page).items():
        entry = catalogue()[id]
        assert target(page, card.select_one(".formula-permalink a")["href"]) == (f"f/{id}/index.html", "")
        files = {link.text: target(page, link["href"])[0] for link in card.select(".formula-encodings a")}
        endings = {"LaTeX": "tex", "MathML": "mml", "Python": "py", "JavaScript": "js", "BibTeX": "bib", "JSON": "json"}
        assert files == {name: f"f/{id}/{id}.{ending}" for name, ending in endings.items()}

        proofs = [target(page, link["href"]) for link in card.select("dd li > a")]
        named = [proof.partition("::") for proof in entry.proofs]
        assert proofs == [(f"f/proofs/{file.removesuffix('.py')}.html", test) for file, _, test in named]
        links = [link for link in card.select("dl a[href*=references]")]
        assert len(links) == bool(entry.source)
        for link in links:
            key = {"en": "", "zh": "zh-"}[page.language] + entry.source.key
            assert target(page, link["href"]) == (f"book/{page.language}/references.html", key)


@pytest.mark.parametrize("path", PAGES)
def test_each_symbol_of_a_card_leads_to_the_row_that_explains_it(pages, path):
    page = pages[path]
    notation = pages[f"book/{page.language}/notation.html"]
    for id, card in cards(page).items():
        for (latex, symbol), row in zip(catalogue()[id].symbols, card.select("tbody tr"), strict=True):
            where, anchor = target(page, row.a["href"])
            assert where == notation.path
            explained = notation.soup.find(id=anchor).get_text()
            assert symbol.at(symbol.index) in re.split(r"(?<!\\), |\\\(|\\\)", explained), f"{id}: {latex} leads to {explained}"


def test_cards_are_not_searched(pages, site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    terms = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    only_on_cards = "test_float64_x_steps_and_state_bit_for_bit"
    assert only_on_cards in pages["book/en/adam.html"].soup.article.text
    assert "momentum" in terms and only_on_cards not in terms


def test_a_citation_leads_to_the_list_in_its_own_language(pages):
    for page in pages.values():
        for _, reference in references(page):
            path, anchor = target(page, reference)
            if page.language and path.endswith("references.html") and anchor:
                assert path == f"book/{page.language}/references.html", f"{page.path}: {reference}"


def test_no_two_ids_share_an_anchor():
    for code in LANGUAGES:
        language = Language(code, "", "")
        assert not clashes([*catalogue(), *WITHDRAWN], language)
        assert clashes(["adam.m-hat", "adam.v", "adam-m.hat"], language) == [("adam.m-hat", "adam-m.hat")]


# In a browser


@needs_browser
@pytest.mark.parametrize("way", ["click", "Enter", "touch"])
def test_a_card_opens(reader, way):
    page = reader(**({"has_touch": True, "viewport": PHONE} if way == "touch" else {}))
    open_page(page, "book/en/adam.html")
    card = page.locator("[data-formula='adam.step']")
    summary, inside = card.get_by_label("About adam.step"), card.get_by_text("Kingma and Ba (2015)")
    assert inside.is_hidden()
    box = summary.bounding_box()
    assert box["height"] >= 24
    for visible in (True, False):
        if way == "click":
            summary.click()
        elif way == "touch":
            summary.tap()
        else:
            summary.focus()
            page.keyboard.press("Enter")
        assert inside.is_visible() == visible


@needs_browser
def test_a_card_is_reached_with_the_tab_key(reader):
    page = reader()
    open_page(page, "book/zh/descent.html")
    focused = "() => document.activeElement.closest('.formula-card')?.dataset.formula"
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(focused):
            break
    assert page.evaluate(focused) == page.locator(".formula-card").first.get_attribute("data-formula")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.matches('.formula-permalink a')")


@needs_browser
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_card_copies(reader, code, name):
    page = without_maths(reader(permissions=["clipboard-read", "clipboard-write"]))
    open_page(page, f"book/{code}/adam.html")
    card = page.locator("[data-formula='adam.v-hat']")
    card.locator("summary").click()
    button = card.get_by_role("button", name=f"{ {'en': 'Copy', 'zh': '复制'}[code] } {name}", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    card.get_by_text({"en": "Copied", "zh": "已复制"}[code], exact=True).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == TEXTS[name](cite("adam.v-hat", code))


@needs_browser
def test_a_card_copies_where_the_clipboard_is_closed_to_scripts(reader, browser):
    page = without_maths(reader())
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_page(page, "book/en/adam.html")
    page.evaluate("() => document.addEventListener('copy', () => (window.taken = document.activeElement.value))")
    card = page.locator("[data-formula='adam.step']")
    card.locator("summary").click()
    card.get_by_role("button", name="Copy LaTeX").click()
    card.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("() => window.taken") == cite("adam.step").formula.latex
    assert page.evaluate("() => document.activeElement.textContent") == "LaTeX"


@needs_browser
def test_a_card_works_from_a_file(reader, site):
    page = reader(base=f"{site.as_uri()}/", permissions=["clipboard-read", "clipboard-write"])
    open_page(page, "book/zh/adam.html")
    card = page.locator("[data-formula='adam.step']")
    card.locator("summary").click()
    card.get_by_role("button", name="BibTeX").click()
    card.get_by_text("已复制", exact=True).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == cite("adam.step", "zh").bibtex
    card.locator(".formula-permalink a").click()
    page.wait_for_url(page.base + "f/adam.step/index.html")


@needs_browser
def test_without_scripts_a_card_offers_files(reader):
    page = reader(java_script_enabled=False)
    page.goto(page.base + "book/en/adam.html")
    card = page.locator("[data-formula='adam.step']")
    card.locator("summary").click()
    assert card.locator(".formula-encodings a:visible").all_inner_texts() == [*TEXTS, "JSON"]
    assert card.get_by_text("Files").is_visible() and card.get_by_text("Copy").is_hidden()
    assert not card.locator("button").count()
    file = card.get_by_role("link", name="LaTeX").get_attribute("href")
    assert page.request.get(urljoin(page.url, file)).text() == cite("adam.step").formula.latex + "\n"


@needs_browser
@pytest.mark.parametrize("scheme, path", [("light", "book/en/adam.html"), ("dark", "book/zh/descent.html")])
def test_an_open_card_keeps_no_reader_out(reader, scheme, path):
    page = reader(color_scheme=scheme)
    open_page(page, path)
    page.evaluate("() => document.querySelectorAll('.formula-card').forEach((card) => (card.open = true))")
    found = violations(page, within=".formula-card")
    assert not found, "\n".join(found)
