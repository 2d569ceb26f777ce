"""The site in a real browser, served from a folder of the server: finding the way, searching, taking things along."""

import json
import re
import zipfile
from io import BytesIO
from urllib.parse import urlsplit

import nbformat
import pytest
from fluxbook.search import SearchPairs
from site_pages import CHAPTERS, FOLDER, LANDING, LANGUAGES, SEARCH, needs_browser, open_page, path_of, press, settled, without_maths

pytestmark = needs_browser

HOMES = {code: f"book/{code}/index.html" for code in LANGUAGES}


# The language


@pytest.mark.parametrize("locale, home", [("en-GB", HOMES["en"]), ("zh-CN", HOMES["zh"]), ("zh-TW", HOMES["zh"])])
def test_the_ways_in_lead_to_the_language_of_the_browser(reader, locale, home):
    page = reader(locale=locale)
    for entrance in ("", "index.html", "book/index.html"):
        page.goto(page.base + entrance)
        page.wait_for_url(page.base + home)


def test_a_reader_of_neither_language_chooses_and_is_remembered(reader):
    page = reader(locale="fr-FR")
    page.goto(page.base)
    page.wait_for_url(page.base + "book/index.html")
    offered = page.locator("article a:not(.headerlink)")
    assert offered.count() == 2
    offered.nth(1).click()
    page.wait_for_url(page.base + HOMES["zh"])
    page.goto(page.base)
    page.wait_for_url(page.base + HOMES["zh"])

    page.goto(page.base + LANDING)
    page.wait_for_load_state()
    assert path_of(page).startswith(LANDING)
    offered.nth(0).click()
    page.wait_for_url(page.base + HOMES["en"])
    page.goto(page.base + "book/index.html")
    page.wait_for_url(page.base + HOMES["en"])


def test_the_switcher_changes_what_is_remembered(reader):
    page = reader(locale="en-GB")
    open_page(page, "book/en/notation.html")
    press(page, ".language-switch")
    page.wait_for_url(re.compile("book/zh/notation.html"))
    page.goto(page.base)
    page.wait_for_url(page.base + HOMES["zh"])


def test_without_scripts_the_landing_page_is_two_links(reader):
    page = reader(java_script_enabled=False, locale="zh-CN")
    page.goto(page.base)
    page.wait_for_url(page.base + "book/index.html")
    for at, code in enumerate(LANGUAGES):
        page.goto(page.base + "book/index.html")
        page.locator("article a:not(.headerlink)").nth(at).click()
        page.wait_for_url(page.base + HOMES[code])
        assert page.locator("html").get_attribute("lang") == LANGUAGES[code]
        press(page, ".language-switch")
        page.wait_for_url(page.base + next(home for other, home in HOMES.items() if other != code))


@pytest.mark.parametrize("code, other", [("en", "zh"), ("zh", "en")])
def test_the_switcher_keeps_the_place(reader, code, other):
    page = reader()
    open_page(page, f"book/{code}/descent.html")
    anchors = json.loads(page.get_attribute(".language-switch", "data-anchors"))
    headings = page.eval_on_selector_all("article section section", "sections => sections.map(section => section.id)")
    here = headings[len(headings) // 2]

    # Read on past the heading: the reader is in its section, without having asked for it.
    page.evaluate("id => { document.getElementById(id).scrollIntoView(); scrollBy(0, 20) }", here)
    press(page, ".language-switch")
    page.wait_for_url(re.compile(rf"book/{other}/descent.html#"))
    assert path_of(page) == f"book/{other}/descent.html#{anchors[here]}"
    settled(page)
    top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", anchors[here])
    assert -5 < top < 300

    # Asked for by its address: a formula, which is below the heading of its section.
    formula = f"equation-descent-loss-{code}"
    open_page(page, f"book/{code}/notation.html")
    open_page(page, f"book/{code}/descent.html#{formula}")
    press(page, ".language-switch")
    page.wait_for_url(page.base + f"book/{other}/descent.html#{anchors[formula]}")


def test_the_switcher_at_the_head_of_a_page_leads_to_its_head(reader):
    page = reader()
    open_page(page, "book/en/descent.html")
    press(page, ".language-switch")
    page.wait_for_url(page.base + "book/zh/descent.html")


# Search


def results(page, path):
    open_page(page, path)
    links = page.eval_on_selector_all("ul.search a", "links => links.map(link => link.href)")
    return [urlsplit(link).path.split(f"/{FOLDER}/")[-1] for link in links]


@pytest.mark.parametrize(
    "code, word",
    [
        ("zh", "学习率"),
        ("zh", "动量"),
        ("zh", "鞍点"),
        ("zh", "梯度下降"),
        ("zh", "偏差校正"),
        ("zh", "Adam 偏差校正"),
        ("zh", "率"),
        ("en", "momentum"),
        ("en", "saddle points"),
    ],
)
def test_search_finds(reader, pages, code, word):
    page = reader()
    found = results(page, f"{SEARCH[code]}?q={word}")
    assert found
    assert all(path.startswith((f"book/{code}/", "f/")) for path in found)
    assert any(path.startswith("book/") for path in found)
    # Every result holds the words: in Chinese by their pairs of characters, in English by their stems.
    pairs = [part[at : at + 2] for part in word.lower().split() for at in range(max(1, len(part) - 1))]
    wanted = pairs if code == "zh" else [part[:5] for part in word.split()]
    for path in set(found):
        text = pages[path].soup.article.text.lower()
        assert all(part in text for part in wanted), path


@pytest.mark.parametrize(
    "code, word", [("zh", "率习学"), ("zh", "龘靐"), ("zh", "Adam 龘靐"), ("en", "quuxometry"), ("en", "zyzzyvize")]
)
def test_search_finds_nothing_for_made_up_words(reader, code, word):
    page = reader()
    assert results(page, f"{SEARCH[code]}?q={word}") == []
    assert bool(re.search("[\u4e00-\u9fff]", page.text_content(".search-summary"))) == (code == "zh")
    assert page.is_hidden("#search-elsewhere")


def test_search_tells_of_the_other_language(reader, pages):
    text = {
        code: " ".join(page.soup.article.text for page in pages.values() if page.language == code and page.soup.article)
        for code in LANGUAGES
    }
    word = next(word for word in re.findall("[\u4e00-\u9fff]{4}", text["zh"]) if word not in text["en"])
    page = reader()
    assert results(page, f"{SEARCH['en']}?q={word}") == []
    page.click("#search-elsewhere a")
    page.wait_for_url(re.compile("search-zh.html"))
    settled(page)
    assert page.locator("ul.search a").count()


def test_an_id_is_marked_whole(reader):
    page = reader()
    open_page(page, "search.html?q=adam.m-hat+learning+rate")
    assert page.evaluate("() => localStorage.getItem('sphinx_highlight_terms')").split() == ["learning", "rate", "adam.m-hat"]


def test_search_from_a_page(reader):
    page = reader()
    open_page(page, "book/zh/notation.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("学习率")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search-zh.html"))
    settled(page)
    page.locator("ul.search a", has_text="记号").click()
    page.wait_for_selector("article span.highlighted")
    assert page.text_content("article span.highlighted") == "学习率"
    # The language can be changed with the question kept.
    page.go_back()
    settled(page)
    press(page, ".language-switch")
    page.wait_for_url(re.compile(r"search\.html\?q="))


def test_both_sides_cut_words_alike(reader):
    texts = ["学习率 η 取 0.001", "Adam与AdamW，都用v̂_t", "第2步x", "ﬁne-tuned 𠀀𠀁字", "β1_hat 与 ε", "日"]
    page = reader()
    open_page(page, SEARCH["zh"])
    for text in texts:
        asked = page.evaluate("text => splitQuery(text)", text)
        indexed = SearchPairs({}).split(text)
        assert set(asked) <= set(indexed)
        # The index has single characters besides.
        assert {word for word in indexed if len(word) > 1} <= set(asked)


# To take away


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebook_and_the_package_can_be_taken(reader, chapter):
    page = without_maths(reader())
    open_page(page, f"book/en/{chapter}.html")
    assert page.is_hidden(".page-downloads .dropdown-menu")
    for kind in ("notebook", "package"):
        page.click(".page-downloads button")
        with page.expect_download() as waiting:
            page.click(f".page-downloads [data-download={kind}]")
        content = waiting.value.path().read_bytes()
        name = waiting.value.suggested_filename
        page.keyboard.press("Escape")
        if kind == "notebook":
            assert name == f"{chapter}.ipynb"
            nbformat.validate(nbformat.reads(content.decode(), as_version=4))
        else:
            assert name.endswith(".whl")
            assert zipfile.ZipFile(BytesIO(content)).testzip() is None


# From a folder


def test_the_site_works_from_a_file(reader, site):
    page = reader(base=f"{site.as_uri()}/")
    open_page(page, "book/zh/descent.html")
    assert page.locator("mjx-container").count()
    assert not page.locator("mjx-merror").count()
    press(page, ".language-switch")
    page.wait_for_url(page.base + "book/en/descent.html")
    page.click(".next-page, .right-next")
    page.wait_for_url(page.base + f"book/en/{CHAPTERS[1]}.html")

    open_page(page, f"{SEARCH['zh']}?q=学习率")
    page.locator("ul.search a").first.click()
    page.wait_for_url(re.compile("book/zh/"))
    open_page(page, f"{SEARCH['zh']}?q=率习学")
    assert page.locator("ul.search a").count() == 0
