"""The formula sheet: two pages in each language, every rule and formula on them, no letter that a font lacks; and its page."""

import importlib.util
import io
import re
import sys

import pytest
import typst
from bs4 import BeautifulSoup
from latex_reader import read
from pdf_reader import Pdf
from read_back import IDS, faults
from site_pages import DESKTOP, LANGUAGES, PHONE, ROOT, needs_browser, open_page
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

sys.path.append(str(ROOT / "book" / "_ext"))

from fluxbook import sheet_content, sheet_pdf  # noqa: E402

from fluxopt_edu import __version__  # noqa: E402
from fluxopt_edu.readings.latex import latex  # noqa: E402
from fluxopt_edu.readings.lines import letters, lines  # noqa: E402

FOURTEEN = {name: rule for name, rule in IDS.items() if name != "weightdecay"}
WORDS = sheet_content.words()
MATHS = "NewCMMath"
CHINESE_FONT = set(typst.Fonts().families()) & {*sheet_pdf.SERIF, *sheet_pdf.SANS}
needs_chinese = pytest.mark.skipif(not CHINESE_FONT, reason=f"no Chinese font ({sheet_pdf.INSTALL})")
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_pdf = pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=needs_chinese)])


@pytest.fixture(scope="module")
def made():
    return {language: sheet_pdf.make(language) for language in LANGUAGES if language != "zh" or CHINESE_FONT}


@pytest.fixture(scope="module")
def sheets(made):
    return {language: Pdf(pdf) for language, pdf in made.items()}


def said(sheet, page, without=None):
    """All that a page says, without spaces."""
    return re.sub(r"\s", "", "".join(text for font, text in sheet.text(sheet.pages[page]) if not without or without not in font))


# PDF


@each_pdf
def test_two_pages_of_a4(sheets, language):
    assert len(sheets[language].pages) == 2
    for page in sheets[language].pages:
        size = [float(number) for number in re.search(rb"/MediaBox\s*\[([^\]]*)\]", page)[1].split()]
        assert size == pytest.approx([0, 0, 595.28, 841.89], abs=0.01)


@each_pdf
def test_every_font_is_inside(sheets, language):
    descriptors = sheets[language].of_type("FontDescriptor")
    assert descriptors and all(re.search(rb"/FontFile[23]?\b", each) for each in descriptors)
    used = {font for page in (0, 1) for font, _ in sheets[language].text(sheets[language].pages[page])}
    assert any(MATHS in font for font in used) and any("LibertinusSerif" in font for font in used), used
    chinese = [font for font in used if not re.search("NewCM|Libertinus|DejaVu", font)]
    assert bool(chinese) == (language == "zh"), used


@each_pdf
def test_every_rule_and_formula_is_named_on_its_page(sheets, language):
    front = WORDS["front"]
    for number, name in enumerate(WORDS["rules"]):
        text = said(sheets[language], 0 if number < front else 1)
        assert name in text
        for id in latex(FOURTEEN[name.lower()]):
            assert id in text


@each_pdf
def test_every_word_is_on_the_sheet(sheets, language):
    """The text between the formulas, piece by piece: a hint that is cut off would be missed here."""
    shown = [said(sheets[language], page, without=MATHS) for page in (0, 1)]
    for number, block in enumerate(sheet_content.blocks(language)):
        where = shown[number >= WORDS["front"]]
        for sentence in (block.call, block.source, block.hint, block.flux):
            for piece in re.split(r"\$[^$]*\$|`", sentence):
                assert re.sub(r"\s", "", piece) in where, piece
        for piece in re.split(r"\$[^$]*\$", block.change):
            assert re.sub(r"\s", "", piece) in shown[0], piece


@each_pdf
def test_the_same_bytes_each_time(made, language):
    assert sheet_pdf.make(language) == made[language]


def test_a_letter_that_no_font_has_is_refused(monkeypatch):
    monkeypatch.setitem(WORDS["rules"]["Adam"]["hint"], "en", "Adam \ue123")
    sheet_content.blocks.cache_clear()
    try:
        with pytest.raises(typst.TypstError, match="font"):
            sheet_pdf.make("en")
    finally:
        sheet_content.blocks.cache_clear()


@needs_chinese
def test_what_does_not_fit_is_refused(monkeypatch):
    monkeypatch.setitem(WORDS["rules"]["RAdam"]["hint"], "en", "Too long. " * 120)
    monkeypatch.setitem(WORDS["rules"]["OAdam"]["change"], "zh", "两倍本步，减上一步，" * 3)
    sheet_content.blocks.cache_clear()
    try:
        with pytest.raises(typst.TypstError, match="RAdam do not fit into one column"):
            sheet_pdf.make("en")
        with pytest.raises(typst.TypstError, match="OAdam: what it changes"):
            sheet_pdf.make("zh")
    finally:
        sheet_content.blocks.cache_clear()


def test_ids_lead_to_the_public_address_once_there_is_one(made):
    assert b"/f/adam.step/" not in made["en"]
    pdf = Pdf(sheet_pdf.make("en", address="https://example.org/book/"))
    links = [match[1] for body in pdf.objects.values() for match in [re.search(rb"/URI\s*\(([^)]*)\)", body)] if match]
    assert {b"https://example.org/book/", *(b"https://example.org/book/f/%s/" % id.encode() for rule in FOURTEEN.values() for id in latex(rule))} == set(links)


def test_each_chinese_font_is_taken_in_turn():
    assert sheet_pdf.chinese_font(["DejaVu Sans", "SimSun", "PingFang SC"]) == "SimSun"
    assert sheet_pdf.chinese_font(["PingFang SC", "Microsoft YaHei"]) == "PingFang SC"
    with pytest.raises(sheet_pdf.NoChineseFont, match="fonts-noto-cjk"):
        sheet_pdf.chinese_font(["DejaVu Sans"])


# What stands on it


def test_the_sheet_has_all_fourteen():
    assert {name.lower() for name in WORDS["rules"]} == set(FOURTEEN)


def test_every_text_is_in_both_languages():
    texts = list(WORDS["text"].values()) + [rule[part] for rule in WORDS["rules"].values() for part in ("change", "hint")]
    assert all(list(text) == list(LANGUAGES) for text in texts)


def test_both_languages_have_the_same_formulas():
    ours, theirs = (sheet_pdf.content(language, "")["blocks"] for language in LANGUAGES)
    assert [[each[part] for part in ("name", "call", "arguments", "rows", "start")] for each in ours] == [
        [each[part] for part in ("name", "call", "arguments", "rows", "start")] for each in theirs
    ]
    for one, other in zip(sheet_content.blocks("en"), sheet_content.blocks("zh"), strict=True):
        for part in ("hint", "change"):
            assert sorted(re.findall(r"\$.*?\$", getattr(one, part))) == sorted(re.findall(r"\$.*?\$", getattr(other, part))), (one.name, part)


def test_a_child_stands_to_the_right_of_its_parent():
    at = {name: entry["at"] for name, entry in WORDS["rules"].items()}
    assert len(set(map(tuple, at.values()))) == len(at)
    for name, entry in WORDS["rules"].items():
        for other in (entry.get("from"), entry.get("also")):
            assert other is None or at[name][0] > at[other][0]


def test_states_that_do_not_start_at_zero():
    starts = {block.name: block.start for block in sheet_content.blocks("en") if block.start}
    assert starts == {"AdaGrad": r"a_0 = \epsilon", "AMSGrad": r"m_0 = v_0 = v_{\max,0} = \epsilon"}


def test_calls_are_fluxs():
    calls = {block.name: (block.call, block.arguments) for block in sheet_content.blocks("en")}
    assert calls["Adam"] == ("ADAM(0.001, (0.9, 0.999), 1e-8)", r"\eta, (\beta_1, \beta_2), \epsilon")
    assert calls["AdamW"] == ("ADAMW(0.001, (0.9, 0.999), 0)", r"\eta, (\beta_1, \beta_2), \lambda")
    assert calls["AdaDelta"] == ("ADADelta(0.9, 1e-8)", r"\rho, \epsilon")


def test_every_letter_of_the_formulas_is_in_the_legend():
    shown = {symbol for column in WORDS["symbols"] for symbol, _ in column} | {"step"}
    for name in WORDS["rules"]:
        for line in sheet_content.sheet_lines(name):
            for letter in [line.line.letter, *letters(line.line.formula)]:
                assert letter.symbol.code in shown, (line.id, letter.symbol.code)


# The page


def on_page(page):
    """The LaTeX of each line by its id."""
    found = {}
    for line in page.soup.select(".sheet-line, .sheet-line-step"):
        found[line.select_one(".sheet-id").get_text(strip=True)] = line.select_one(".sheet-formula .math").get_text().strip()[2:-2]
    return found


@each_language
def test_the_lines_of_the_page_are_the_rules(pages, language):
    found = on_page(pages[f"book/{language}/sheet.html"])
    assert list(found) == [line.id for name in WORDS["rules"] for line in sheet_content.sheet_lines(name)]
    for name, rule in FOURTEEN.items():
        written = {id: text.replace(r"\changed", r"\underline").replace(r"\displaystyle", "") for id, text in found.items() if id.startswith(f"{name}.")}
        assert not list(faults(rule, written, read))


def test_the_pages_have_the_same_formulas(pages):
    assert on_page(pages["book/en/sheet.html"]) == on_page(pages["book/zh/sheet.html"])


@needs_chinese
@each_language
def test_the_page_offers_both_pdfs_and_each_formulas_address(site, pages, language):
    page = pages[f"book/{language}/sheet.html"]
    assert [link["href"] for link in page.soup.select("a.sheet-download")] == [f"../../sheet/sheet-{code}.pdf" for code in sorted(LANGUAGES, key=lambda code: code != language)]
    for code in LANGUAGES:
        assert (site / "sheet" / f"sheet-{code}.pdf").read_bytes() == sheet_pdf.make(code)
    for link in page.soup.select(".sheet-id a"):
        assert (site / "book" / language / link["href"] / "index.html").resolve().is_file() or (site / "book" / language / link["href"]).is_file()


@needs_browser
@each_language
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_formula_is_cut_off(reader, language, viewport):
    page = reader(viewport=viewport)
    open_page(page, f"book/{language}/sheet.html")
    assert page.locator(".sheet-formula mjx-container").count() == sum(len(lines(rule)) for rule in FOURTEEN.values())
    assert page.locator("mjx-merror").count() == 0
    wide = page.evaluate("[...document.querySelectorAll('.sheet-formula')].filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)")
    assert not wide
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@needs_browser
@each_language
def test_on_paper_a_rule_stays_together(reader, language):
    page = reader(viewport={"width": 720, "height": 1000})
    open_page(page, f"book/{language}/sheet.html")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet-rule')).breakInside") == "avoid"
    tops = page.evaluate("[...document.querySelectorAll('.sheet-rule')].slice(0, 2).map(each => each.getBoundingClientRect().top)")
    assert tops[0] == tops[1], "two columns"


# Where there is no Chinese font

CONFIG = """
import sys
sys.path.append({ext!r})
from fluxbook.languages import setup_languages
from fluxbook.sheet import setup_sheet
extensions = ["myst_parser"]
book_languages = {{"en": {{"tag": "en", "name": "English"}}, "zh": {{"tag": "zh-CN", "name": "中文"}}}}
html_theme = "basic"
def setup(app):
    setup_languages(app)
    setup_sheet(app)
"""


@pytest.fixture
def book(tmp_path):
    """The two pages of the sheet, built strictly, in this process; gives what the build says."""
    (tmp_path / "conf.py").write_text(CONFIG.format(ext=str(ROOT / "book" / "_ext")), encoding="utf-8")
    (tmp_path / "index.md").write_text("# Sheets\n\n```{toctree}\nbook/en/sheet\nbook/zh/sheet\n```\n", encoding="utf-8")
    for language in LANGUAGES:
        (tmp_path / "book" / language).mkdir(parents=True)
        page = (ROOT / "book" / language / "sheet.md").read_text(encoding="utf-8")
        (tmp_path / "book" / language / "sheet.md").write_text(page, encoding="utf-8")

    def build():
        said, warned = io.StringIO(), io.StringIO()
        with docutils_namespace():
            app = Sphinx(tmp_path, tmp_path, tmp_path / "out", tmp_path / "trees", "html", status=said, warning=warned, warningiserror=True)
            app.build()
        assert (app.statuscode, warned.getvalue()) == (0, "")
        return said.getvalue()

    build.out = tmp_path / "out"
    build.page = lambda language: BeautifulSoup((build.out / "book" / language / "sheet.html").read_bytes(), "html.parser")
    return build


def test_without_a_chinese_font_the_rest_is_built(book, monkeypatch):
    monkeypatch.setattr(typst, "Fonts", lambda fonts=typst.Fonts: fonts(include_system_fonts=False))
    output = book()
    assert "sheet-zh.pdf was not made: no font with Chinese characters was found" in output
    assert "sudo apt install fonts-noto-cjk" in output
    assert [file.name for file in (book.out / "sheet").iterdir()] == ["sheet-en.pdf"]
    for language, words in {"en": "There is no PDF in Chinese", "zh": "这里没有中文版 PDF"}.items():
        page = book.page(language)
        assert words in page.get_text() and "sudo apt install fonts-noto-cjk" in page.get_text()
        assert [link["href"] for link in page.select("a.sheet-download")] == ["../../sheet/sheet-en.pdf"]

    monkeypatch.undo()
    if not CHINESE_FONT:
        return
    assert "was not made" not in book()
    for language in LANGUAGES:
        page = book.page(language)
        assert "../../sheet/sheet-zh.pdf" in [link["href"] for link in page.select("a.sheet-download")]
        assert "fonts-noto-cjk" not in page.get_text()


# The command


@needs_chinese
def test_the_command_makes_them_alone(tmp_path, capsys, monkeypatch):
    spec = importlib.util.spec_from_file_location("sheet_command", ROOT / "tools" / "sheet.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)
    assert command.main(["--lang", "en", str(tmp_path)]) == 0
    assert (tmp_path / "sheet-en.pdf").read_bytes() == sheet_pdf.make("en")
    assert command.main(["--lang", "zh", "--form", "png", str(tmp_path / "png")]) == 0
    assert sorted(file.name for file in (tmp_path / "png").iterdir()) == ["sheet-zh-1.png", "sheet-zh-2.png"]
    monkeypatch.setattr(typst, "Fonts", lambda fonts=typst.Fonts: fonts(include_system_fonts=False))
    assert command.main([str(tmp_path / "none")]) == 1
    assert [file.name for file in (tmp_path / "none").iterdir()] == ["sheet-en.pdf"]
    assert "sheet-zh: no font with Chinese characters" in capsys.readouterr().err


def test_the_sheet_tells_its_version(sheets):
    assert f"fluxopt-edu{__version__}" in said(sheets["en"], 0)
