"""The site in a real browser, served from a folder of the server: what a reader sees and does."""

import http.server
import json
import re
import shutil
import threading
import zipfile
from functools import partial
from io import BytesIO
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from site_pages import CHAPTERS, KINDS, LANGUAGES, SEARCH

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no browser: install Chromium so that `chromium`, `chromium-browser` or `google-chrome` is on the path",
)

FOLDER = "a/b"
HOMES = {code: f"book/{code}/index.html" for code in LANGUAGES}
SEARCHED = {"en": f"{SEARCH['en']}?q=momentum", "zh": f"{SEARCH['zh']}?q=动量"}
LANDING = "book/index.html?choose"
PAGES = {code: [*(f"book/{code}/{kind}.html" for kind in KINDS), SEARCHED[code]] for code in LANGUAGES}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}


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
        context.on("console", lambda message: message.type in ("error", "warning") and complaints.append(f"{message.page.url}: {message.text}"))
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


def open_page(page, path):
    page.goto(page.base + path)
    settled(page)


def settled(page):
    """Formulas are set; search is done."""
    page.wait_for_function("() => document.readyState === 'complete'")
    page.evaluate("() => window.MathJax?.startup?.promise")
    if "search" in page.url and "q=" in page.url:
        page.wait_for_function("() => document.querySelector('.search-summary')?.textContent")


def press(page, selector):
    """A click where the reader sees it: Playwright's own may scroll the page to bring a fixed bar into view."""
    box = page.locator(selector).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def path_of(page):
    """The address of the page, from the root of the site."""
    assert page.url.startswith(page.base), page.url
    return page.url.removeprefix(page.base)


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
    return [urlsplit(link).path.split(f"/{FOLDER}/")[-1] for link in page.eval_on_selector_all("ul.search a", "links => links.map(link => link.href)")]


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
    assert all(path.startswith(f"book/{code}/") for path in found)
    # Every result holds the words: in Chinese as written, in English by their stems.
    wanted = word.lower().split() if code == "zh" else [part[:6] for part in word.split()]
    for path in set(found):
        text = pages[path].soup.article.text.lower()
        assert all(part in text for part in wanted), path


@pytest.mark.parametrize("code, word", [("zh", "率习学"), ("zh", "龘靐"), ("zh", "Adam 龘靐"), ("en", "quuxometry"), ("en", "zyzzyvize")])
def test_search_finds_nothing_for_made_up_words(reader, code, word):
    page = reader()
    assert results(page, f"{SEARCH[code]}?q={word}") == []
    assert bool(re.search("[\u4e00-\u9fff]", page.text_content(".search-summary"))) == (code == "zh")
    assert page.is_hidden("#search-elsewhere")


def test_search_tells_of_the_other_language(reader, pages):
    text = {code: " ".join(page.soup.article.text for page in pages.values() if page.language == code and page.soup.article) for code in LANGUAGES}
    word = next(word for word in re.findall("[\u4e00-\u9fff]{4}", text["zh"]) if word not in text["en"])
    page = reader()
    assert results(page, f"{SEARCH['en']}?q={word}") == []
    page.click("#search-elsewhere a")
    page.wait_for_url(re.compile("search-zh.html"))
    settled(page)
    assert page.locator("ul.search a").count()


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
    from fluxbook.search import SearchPairs

    texts = ["学习率 η 取 0.001", "Adam与AdamW，都用v̂_t", "第2步x", "ﬁne-tuned 𠀀𠀁字", "β1_hat 与 ε", "日"]
    page = reader()
    open_page(page, SEARCH["zh"])
    for text in texts:
        asked = page.evaluate("text => splitQuery(text)", text)
        indexed = SearchPairs({}).split(text)
        assert set(asked) <= set(indexed)
        # The index has single characters besides.
        assert {word for word in indexed if len(word) > 1} <= set(asked)


# What a page shows


@pytest.mark.parametrize("path", [LANDING, *PAGES["en"], *PAGES["zh"]])
def test_formulas_are_set_and_fit_a_phone(reader, path):
    page = reader(viewport=PHONE)
    open_page(page, path)
    assert page.locator("article .math > mjx-container").count() == page.locator("article .math").count()
    # A formula that is wrong, and a command that MathJax does not know.
    wrong = page.eval_on_selector_all(
        "mjx-merror, [data-mjx-error], mjx-mtext[style*=color], mjx-mstyle[style*='color: red']",
        "all => all.map((each) => each.closest('mjx-container').textContent.slice(0, 200))",
    )
    assert not wrong

    page.evaluate("() => document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    # Nothing is cut off either: what is wide scrolls.
    cut = page.evaluate(
        """() => [...document.querySelectorAll("article :is(mjx-container, pre, table, img, p, li, code)")]
            .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.checkVisibility())
            .filter((part) => {
                for (let box = part; box; box = box.parentElement)
                    if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return false;
                return true;
            })
            .map((part) => part.outerHTML.slice(0, 200))"""
    )
    assert not cut


def test_the_theme_follows_the_system(reader):
    page = reader(color_scheme="dark")
    open_page(page, "book/en/notation.html")
    background = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(page.evaluate(background)) < 60
    page.emulate_media(color_scheme="light")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert min(page.evaluate(background)) > 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_changed_term_stands_out_and_can_be_read(reader, scheme):
    page = reader(color_scheme=scheme)
    open_page(page, "book/en/descent.html")
    page.add_script_tag(
        content="""
        window.contrast = (term) => {
            const luminance = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
                .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
                .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
            const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const ink = getComputedStyle(term).color;
            const page = getComputedStyle(document.body).backgroundColor;
            return [ink !== getComputedStyle(term.closest(".math")).color, ratio(luminance(ink), luminance(page))];
        }"""
    )
    terms = page.eval_on_selector_all("article mjx-mstyle[style*=color], article .changed", "terms => terms.map(contrast)")
    assert terms
    assert all(differs and ratio >= 4.5 for differs, ratio in terms), terms


# Accessibility


def violations(page):
    # Not the glyphs of formulas, thousands on a page: a screen reader reads the MathML beside them, and their colours
    # are those of the text. `preload` would ask for style sheets a second time, at addresses that are not theirs.
    found = Axe().run(
        page,
        context={"exclude": [["mjx-math"]]},
        options={"preload": False, "resultTypes": ["violations"]},
    ).response["violations"]
    return [
        f"{each['impact']}: {each['id']}: {each['help']}\n" + "\n".join(f"    {node['html'][:200]}\n    {node['failureSummary'][:400]}" for node in each["nodes"][:5])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


# Each kind of page in light and dark, and each page of either language.
@pytest.mark.parametrize(
    "scheme, path",
    [
        *((scheme, LANDING) for scheme in ("light", "dark")),
        *(("light", path) for path in PAGES["en"]),
        *(("dark", path) for path in PAGES["zh"]),
    ],
)
def test_nothing_keeps_a_reader_out(reader, scheme, path):
    page = reader(color_scheme=scheme)
    open_page(page, path)
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => (part.open = true))")
    found = violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_a_reader_with_a_phone_out(reader, scheme):
    page = reader(viewport=PHONE, color_scheme=scheme)
    open_page(page, "book/zh/descent.html")
    # The wide formulas are among what has to be reached with the keyboard.
    assert page.locator("mjx-container.wide").count()
    found = violations(page)
    assert not found, "\n".join(found)


# To take away


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebook_and_the_package_can_be_taken(reader, chapter):
    page = reader()
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
    page.wait_for_url(page.base + "book/en/adam.html")

    open_page(page, f"{SEARCH['zh']}?q=学习率")
    page.locator("ul.search a").first.click()
    page.wait_for_url(re.compile("book/zh/"))
    open_page(page, f"{SEARCH['zh']}?q=率习学")
    assert page.locator("ul.search a").count() == 0
