"""What a page shows in a real browser, to every reader: formulas, colours, a phone, a keyboard, a screen reader."""

import gzip

import pytest
from site_pages import CHAPTERS, EVERY_PAGE, LANDING, LANGUAGES, PHONE, SEARCHED, SOME, needs_browser, open_page, unfold, violations

pytestmark = needs_browser


# What a page shows


@pytest.mark.parametrize("path", [LANDING, *(f"book/{code}/{kind}.html" for code in LANGUAGES for kind in SOME[code]), *SEARCHED.values()])
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

    unfold(page)
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


# Each mark that begins a line behind a formula, and each bracket that ends a line before one.
TORN = r"""() => [...document.querySelectorAll("article mjx-container:not([display])")].flatMap((formula) => {
    if (!formula.checkVisibility()) return [];
    const maths = formula.closest(".math"), block = maths.closest("p, li, dd, dt, td, th, figcaption, h1, h2, h3, h4, summary, article");
    const box = formula.getBoundingClientRect();
    const neighbour = (way) => {
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        walk.currentNode = maths;
        let text = walk[way]();
        while (text && maths.contains(text)) text = walk[way]();
        return text && !text.parentElement.closest("mjx-container") ? text : null;
    };
    const place = (text, at) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getClientRects()[0];
    };
    const after = neighbour("nextNode"), before = neighbour("previousNode");
    const marks = after?.data.match(/^[，。；：、）？！”’,.;:)?!]*/)[0].length ?? 0;
    const torn = [...Array(marks).keys()].some((at) => place(after, at)?.left < box.left);
    const left = /[（“‘(]$/.test(before?.data) && place(before, before.data.length - 1)?.left > box.left;
    return torn || left ? [block.textContent.slice(0, 80)] : [];
})"""


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1100, "height": 900}], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["book/zh/adamax.html", "book/en/adamax.html", "book/zh/radam.html"])
def test_a_formula_and_the_mark_behind_it_stand_on_one_line(reader, path, viewport):
    page = reader(viewport=viewport)
    open_page(page, path)
    unfold(page)
    assert page.evaluate(TORN) == []
    if viewport == PHONE:  # The test would see one; a wide page need not have any.
        page.add_style_tag(content=".nobreak { white-space: normal }")
        assert page.evaluate(TORN)


def test_what_scrolls_shows_it(reader):
    page = reader(viewport=PHONE)
    open_page(page, "book/zh/radam.html")
    unfold(page)
    shadows = page.evaluate(
        """() => [...document.querySelectorAll("article :is(pre, .pst-scrollable-table-container, mjx-container[display])")]
            .filter((box) => box.checkVisibility())
            .map((box) => [box.scrollWidth > box.clientWidth + 1, getComputedStyle(box).backgroundImage.includes("gradient")])"""
    )
    assert [True, True] in shadows and [False, False] in shadows
    assert [True, False] not in shadows


def test_what_is_on_the_screen_is_typeset_first(reader):
    page = reader()
    page.add_init_script(
        """new MutationObserver(() => {
            const all = [...document.querySelectorAll("article .math")], set = all.filter((each) => each.querySelector("mjx-container"));
            if (window.seen || !set.length) return;
            const shown = all.filter((each) => each.getBoundingClientRect().top < innerHeight);
            window.seen = { shown: shown.length, missing: shown.filter((each) => !set.includes(each)).length, later: all.length - set.length };
        }).observe(document, { childList: true, subtree: true })"""
    )
    open_page(page, "book/en/momentum.html")
    seen = page.evaluate("() => window.seen")
    assert seen["shown"] > 0 and seen["missing"] == 0 and seen["later"] > 300
    assert page.locator("article .math > mjx-container").count() == page.locator("article .math").count()


@pytest.mark.parametrize("path", [f"book/en/{kind}.html" for kind in CHAPTERS if EVERY_PAGE or kind in (CHAPTERS[1], CHAPTERS[-1])])
def test_a_chapter_weighs_at_most_a_megabyte_and_a_half(reader, path):
    page, sizes = reader(), {}

    def weigh(answer):
        body = answer.body()
        sizes[answer.url] = min(len(body), len(gzip.compress(body)))

    page.on("response", weigh)
    open_page(page, path)
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")  # pictures that wait until they are seen
    page.wait_for_load_state("networkidle")
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert 3e5 < sum(sizes.values()) <= 1.5e6, largest


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


def read_by_axe():
    """English pages in light and Chinese ones in dark, one of each kind; with EVERY_PAGE all in both. A chapter takes 20 seconds."""
    for scheme in ("light", "dark"):
        yield scheme, LANDING
        for code in LANGUAGES if EVERY_PAGE else ["en" if scheme == "light" else "zh"]:
            yield from ((scheme, path) for path in [*(f"book/{code}/{kind}.html" for kind in SOME[code]), SEARCHED[code]])


@pytest.mark.parametrize("scheme, path", list(read_by_axe()))
def test_nothing_keeps_a_reader_out(reader, scheme, path):
    page = reader(color_scheme=scheme)
    open_page(page, path)
    unfold(page)
    found = violations(page)
    assert not found, "\n".join(found)


def test_what_scrolls_on_a_phone_is_reached_with_the_keyboard(reader):
    page = reader(viewport=PHONE)
    open_page(page, "book/zh/descent.html")
    assert page.locator("mjx-container.wide").count()
    found = violations(page, runOnly=["scrollable-region-focusable"])
    assert not found, "\n".join(found)
