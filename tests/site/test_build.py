"""What stands in the built files, without a browser."""

import json
import posixpath
import re
import tomllib
import zipfile

import nbformat
import pytest
from site_pages import CHAPTERS, KINDS, LANGUAGES, NOTEBOOKS, ROOT, SEARCH, references, target

HAN = re.compile(r"[\u4e00-\u9fff]")
NAMES = ("aria-label", "title", "data-bs-title", "placeholder")
HOSTED = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def is_elsewhere(reference):
    return bool(HOSTED.match(reference)) or reference.startswith(("mailto:", "data:", "javascript:"))


def test_every_page_is_there_in_both_languages(pages):
    expected = {f"book/{code}/{kind}.html" for code in LANGUAGES for kind in KINDS}
    expected |= {"index.html", "book/index.html", *SEARCH.values()}
    assert {path for path in pages if not path.startswith("f/")} == expected


def test_every_link_and_anchor_is_alive(pages, site):
    dead = []
    for page in pages.values():
        for element, reference in references(page):
            if is_elsewhere(reference):
                continue
            path, anchor = target(page, reference)
            if not (site / path).is_file():
                dead.append(f"{page.path}: {reference}")
            elif anchor and element.name == "a" and path in pages and anchor not in pages[path].ids:
                dead.append(f"{page.path}: {reference} (no such anchor)")
    assert not dead, "\n".join(dead)


def test_no_address_starts_at_the_root_of_the_server(pages):
    """So that the site works in any folder of a server."""
    found = [f"{page.path}: {reference}" for page in pages.values() for _, reference in references(page) if reference.startswith("/")]
    assert not found, "\n".join(found)


def test_nothing_is_loaded_from_another_host(pages, site):
    found = []
    for page in pages.values():
        for element, reference in references(page):
            # What a reader may follow, but no browser loads by itself.
            followed = element.name == "a" or (element.name == "link" and set(element["rel"]) & {"canonical", "alternate"})
            if HOSTED.match(reference) and not followed:
                found.append(f"{page.path}: {reference}")
    for sheet in site.rglob("*.css"):
        for reference in re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", sheet.read_text(encoding="utf-8")):
            if HOSTED.match(reference):
                found.append(f"{sheet.relative_to(site)}: {reference}")
    assert not found, "\n".join(found)


def test_nothing_unused_is_loaded(pages):
    unused = re.compile(r"fontawesome\.js|require(\.min)?\.js|thebe|jupyter-widgets|embed-amd")
    found = [f"{page.path}: {reference}" for page in pages.values() for _, reference in references(page) if unused.search(reference)]
    assert not found, "\n".join(found)


def test_only_the_search_pages_load_the_search_index(pages):
    loads = {path for path, page in pages.items() if page.soup.find("script", src=re.compile("searchindex"))}
    assert loads == set(SEARCH.values())


def test_every_image_says_what_it_shows(pages):
    mute = []
    images = 0
    for page in pages.values():
        for image in page.soup.find_all("img"):
            images += 1
            alt = image.get("alt", "").strip()
            # Without a text of its author Sphinx puts the file's name, myst-nb none.
            if not alt or alt.endswith((".svg", ".png")) or (page.language == "zh") != bool(HAN.search(alt)):
                mute.append(f"{page.path}: {image['src']} alt={alt!r}")
    assert images
    assert not mute, "\n".join(mute)


def test_every_page_says_its_language(pages):
    wrong = {path: page.soup.html["lang"] for path, page in pages.items() if page.soup.html["lang"] != LANGUAGES[page.language or "en"]}
    assert not wrong


def test_the_theme_speaks_the_language_of_the_page(pages):
    """Names of buttons and links, and the words around the text; not what is marked as another language."""
    around = (
        ".bd-header-article, .prev-next-subtitle, .onthispage, .bd-footer-content, #pst-back-to-top, .skip-link,"
        " .caption-number, .bd-search-container h1, .admonition-title"
    )
    # Names that are the same in both languages, and titles that are the author's.
    neutral = re.compile(r"fluxopt-edu|\.ipynb|\.whl|Ctrl|^[\W\d]*$")
    wrong = []
    for page in pages.values():
        if not page.language:
            continue
        other = {LANGUAGES[code] for code in LANGUAGES if code != page.language}

        def counts(element):
            # The title of a citation is the work's; outputs are the same in both languages.
            marked = element.find_parents(lambda parent: "cell_output" in parent.get("class", []) or parent.get("lang") in other)
            return not marked and element.get("lang") not in other and "reference" not in element.get("class", [])

        named = page.soup.select("[aria-label], [title], [data-bs-title], [placeholder]")
        words = [element[name] for element in filter(counts, named) for name in NAMES if name in element.attrs]
        texts = [text for element in page.soup.select(around) for text in element.find_all(string=True)]
        words += [text for text in texts if text.strip() and counts(text.parent)]
        for text in words:
            if not neutral.search(text) and bool(HAN.search(text)) != (page.language == "zh"):
                wrong.append(f"{page.path}: {text!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", LANGUAGES)
def test_only_solutions_are_called_solutions(pages, code):
    words = {"en": ("Solution: code and output", "Code and output"), "zh": ("解答：代码与输出", "代码与输出")}[code]
    seen = set()
    for chapter in CHAPTERS:
        page = pages[f"book/{code}/{chapter}.html"]
        exercises = page.soup.find("section", id=f"{chapter}-exercises-{code}")
        for fold in page.soup.select(".cell details.hide.above-input"):
            label = words[exercises not in fold.parents]
            assert [title.text for title in fold.select("summary > p")] == [label, label], fold.text[:200]
            seen.add(label)
    assert words[0] in seen


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sidebar_and_the_neighbours_are_in_one_language(pages, code):
    for page in pages.values():
        if page.language != code:
            continue
        sidebar = [target(page, link["href"])[0] for link in page.soup.select("#pst-primary-sidebar nav a")]
        assert sidebar == [f"book/{code}/{kind}.html" for kind in KINDS], page.path
        around = page.soup.select(".prev-next-area a, .navbar-brand, form[action], head link:is([rel=prev], [rel=next], [rel=search])")
        for link in around:
            path = target(page, link.get("href") or link.get("action"))[0]
            assert pages[path].language == code, f"{page.path} -> {path}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_has_its_neighbours(pages, code):
    """First and last have one, the others two, in the order of the book."""
    for at, kind in enumerate(KINDS):
        page = pages[f"book/{code}/{kind}.html"]
        links = {name: page.soup.select_one(f".prev-next-area a.{name}") for name in ("left-prev", "right-next")}
        found = [target(page, link["href"])[0] if link else None for link in links.values()]
        names = [None, *KINDS, None]
        assert found == [name and f"book/{code}/{name}.html" for name in (names[at], names[at + 2])]


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_start_at_one_in_each_language_and_on_each_page(pages, code):
    words = {"en": "Fig.", "zh": "图"}[code]
    for number, chapter in enumerate(CHAPTERS, start=1):
        soup = pages[f"book/{code}/{chapter}.html"].soup
        assert soup.select_one("article h1 .section-number").text.strip() == f"{number}."
        equations = [element.get_text().strip("()#") for element in soup.select("article .eqno")]
        assert equations == [f"{number}.{at}" for at in range(1, len(equations) + 1)]
        figures = [element.text.strip() for element in soup.select("article figure .caption-number")]
        assert figures == [f"{words} {number}.{at}" for at in range(1, len(figures) + 1)]
        assert equations
        assert figures
    notation = [element.get_text().strip("()#") for element in pages[f"book/{code}/notation.html"].soup.select("article .eqno")]
    assert notation == [str(at) for at in range(1, len(notation) + 1)]


def test_both_languages_number_the_same_things_alike(pages):
    for kind in KINDS:
        numbers = [
            {
                element.parent["id"].removesuffix(f"-{code}"): element.get_text()
                for element in pages[f"book/{code}/{kind}.html"].soup.select("article .eqno")
            }
            for code in LANGUAGES
        ]
        assert numbers[0] == numbers[1]


def test_alternates_name_each_other(pages):
    for page in pages.values():
        alternates = {link["hreflang"]: target(page, link["href"])[0] for link in page.soup.select("head link[rel=alternate]")}
        if page.path == "index.html" or page.path.startswith("f/"):
            assert not alternates
            continue
        assert set(alternates) == {*LANGUAGES.values(), "x-default"}, page.path
        if page.language:
            assert alternates[LANGUAGES[page.language]] == page.path
        for path in alternates.values():
            if pages[path].language:
                back = {target(pages[path], link["href"])[0] for link in pages[path].soup.select("head link[rel=alternate]")}
                assert page.path in back


def test_the_switcher_leads_to_the_same_page_and_its_sections(pages):
    for page in pages.values():
        if not page.language:
            continue
        (link,) = page.soup.select("a.language-switch")
        other = pages[target(page, link["href"])[0]]
        assert other.language == link["data-language"] != page.language
        assert link["hreflang"] == link["lang"] == LANGUAGES[other.language]
        anchors = json.loads(link["data-anchors"])
        assert set(anchors) <= page.ids
        assert set(anchors.values()) <= other.ids
        sections = {section["id"] for section in page.soup.select("article section section")}
        assert sections <= set(anchors), f"{page.path}: sections without a counterpart: {sections - set(anchors)}"
        equations = {element.parent["id"] for element in page.soup.select("article .eqno")}
        assert equations <= set(anchors)


def test_headings_are_addressed_by_their_labels(pages):
    """Not by their words, which change, nor by `id5`, which changes with the page."""
    for page in pages.values():
        for link in page.soup.select("article :is(h1, h2, h3, h4) > a.headerlink") if page.language else ():
            assert link["href"].endswith(f"-{page.language}"), f"{page.path}: {link.parent.text}"


def test_mathjax_is_there_and_no_more_of_it_than_needed(pages, site):
    folder = site / "_static" / "mathjax"
    with_formulas = [page for page in pages.values() if page.soup.select("article .math")]
    assert len(with_formulas) >= 8
    for page in with_formulas:
        (script,) = [element for element in page.soup.find_all("script", src=True) if "mathjax" in element["src"]]
        assert target(page, script["src"])[0] == "_static/mathjax/tex-chtml.js"
    assert len(list((folder / "output/chtml/fonts/woff-v2").glob("*.woff"))) == 23
    assert (folder / "input/tex/extensions/colorv2.js").is_file()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    assert size < 3e6


def test_colour_in_formulas_is_grouped(pages):
    r"""For some programs ``\color`` lasts to the end of its group: the braces keep it on the changed term."""
    found = []
    for page in pages.values():
        for formula in page.soup.select("article .math"):
            found += [f"{page.path}: {formula.text[:200]}" for _ in re.findall(r"(?<!\{)\\color\b", formula.text)]
    assert not found, "\n".join(found)


def test_each_chapter_offers_its_notebook_and_the_package(pages, site):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl"
    for page in pages.values():
        offered = {link["data-download"]: target(page, link["href"])[0] for link in page.soup.select("a[data-download]")}
        chapter = posixpath.splitext(page.path)[0]
        if posixpath.basename(chapter) not in NOTEBOOKS:
            assert not offered, page.path
            continue
        assert offered == {"notebook": f"_sources/{chapter}.ipynb", "package": f"downloads/{name}"}
        notebook = site / offered["notebook"]
        nbformat.validate(nbformat.read(notebook, as_version=4))
        assert notebook.read_bytes() == (ROOT / f"{chapter}.ipynb").read_bytes()
    assert [file.name for file in (site / "downloads").iterdir()] == [name]
    with zipfile.ZipFile(site / "downloads" / name) as wheel:
        assert wheel.testzip() is None
        packed = {entry for entry in wheel.namelist() if entry.endswith(".py")}
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "fluxopt_edu").rglob("*.py")}
    assert packed == modules


def test_the_root_leads_in_without_scripts(pages):
    root, landing = pages["index.html"].soup, pages["book/index.html"]
    assert root.noscript.meta["content"].endswith("url=book/index.html")
    offered = {target(landing, link["href"])[0] for link in landing.soup.select("article a:not(.headerlink)")}
    assert offered == {f"book/{code}/index.html" for code in LANGUAGES}
    for block in landing.soup.select("article [data-language]"):
        assert block["lang"] == LANGUAGES[block["data-language"]]
