"""The languages hold the same pages, code, formulas, labels, directives and citations."""

import re
from collections import Counter
from itertools import combinations, zip_longest

import pytest
from book_pages import (
    LANGUAGES, Page, all_pages, citations, directive, formulas, labels, name_of, notebooks, pages, parser, shown,
)  # fmt: skip
from docutils.nodes import make_id

FIRST, *OTHERS = LANGUAGES
PAIRS = [
    (page, Page(page.path.parents[1] / other / page.path.name))
    for other in OTHERS
    for page in pages(FIRST)
    if (page.path.parents[1] / other / page.path.name).exists()
]


def each_pair():
    return pytest.mark.parametrize("pair", PAIRS, ids=[" ".join(page.name for page in pair) for pair in PAIRS])


def differences(ours, theirs, what):
    """Where two lists of (value, place) first differ."""
    for one, two in zip_longest(ours, theirs):
        if one is None:
            return f"{two[1]}: {what} {two[0]!r} has no counterpart in the other language"
        if two is None:
            return f"{one[1]}: {what} {one[0]!r} has no counterpart in the other language"
        if one[0] != two[0]:
            return f"{what}: {one[0]!r} at {one[1]}\n{' ' * len(what)}  {two[0]!r} at {two[1]}"
    return None


def same(pair, what, find):
    ours, theirs = ([found for cell in page.cells for found in find(cell)] for page in pair)
    difference = differences(ours, theirs, what)
    assert difference is None, difference


def without_language(label):
    return re.sub(rf"-({'|'.join(LANGUAGES)})$", "", label)


def bare(latex):
    """LaTeX without what may differ between languages: words, spaces and the sentence's punctuation."""
    latex = re.sub(r"\\(text|mathrm|textnormal)\s*\{[^{}]*\}", r"\\\1{}", latex)
    return re.sub(r"(\\[,;:! ]|\s)*[.,;，。；]?\s*$", "", re.sub(r"\s+", " ", latex).strip())


def inline_equations(cell):
    """The formulas within sentences that relate things, and say more than x > 0: as a set, since sentences differ."""
    found = set()
    for token, _ in cell.tokens:
        for child in token.children or []:
            latex = re.sub(r"\s+", "", bare(child.content)) if child.type.startswith("math_inline") else ""
            relates = re.search(r"[=<>]|\\(le|ge|lt|gt|approx|to|propto|in)\b", latex)
            if relates and re.search(r"[\^_|]|\\(frac|sqrt|sum|hat)", latex):
                found.add(latex)
    return [(sorted(found), cell.place())]


def test_there_are_two_languages():
    assert LANGUAGES == ["en", "zh"]


@pytest.mark.parametrize("pair", list(combinations(LANGUAGES, 2)), ids=" ".join)
def test_same_files(pair):
    ours, theirs = ({page.path.name for page in pages(language)} for language in pair)
    assert ours == theirs, f"only in {pair[0]}: {sorted(ours - theirs)}; only in {pair[1]}: {sorted(theirs - ours)}"


@each_pair()
def test_same_order_of_cells(pair):
    same(pair, "cell", lambda cell: [(cell.kind, cell.place())])


@each_pair()
def test_same_code(pair):
    same(pair, "code", lambda cell: [(cell.source, cell.place())] * (cell.kind == "code"))
    same(pair, "tags", lambda cell: [(cell.tags, cell.place())] * (cell.kind == "code"))


@each_pair()
def test_same_output(pair):
    """The code is the same, so the text it prints is."""

    def printed(cell):
        for output in cell.outputs:
            yield output.get("text", output.get("data", {}).get("text/plain", "")), cell.place()

    same(pair, "output", lambda cell: () if "nbval-ignore-output" in cell.tags else printed(cell))


@each_pair()
def test_same_labels(pair):
    same(pair, "label", lambda cell: [(without_language(label), place) for label, place in labels(cell)])


@each_pair()
def test_same_directives(pair):
    same(pair, "directive", lambda cell: [(directive(token), place) for token, place in cell.tokens if directive(token)])


@each_pair()
def test_same_outline(pair):
    """Headings of the same level, tables of the same shape, lists of the same length, in the same order."""
    shapes = {"heading_open", "tr_open", "td_open", "th_open", "list_item_open", "blockquote_open"}
    same(pair, "part", lambda cell: [(f"{t.type} {t.tag}", place) for t, place in cell.tokens if t.type in shapes])


@each_pair()
def test_same_citations(pair):
    """In each cell the same keys: their order within a sentence is the language's own."""

    def keys(cell):
        return [(sorted(Counter(key for key, _ in citations(cell)).items()), cell.place())]

    same(pair, "citations", keys)


@each_pair()
def test_same_formulas(pair):
    same(pair, "formula label", lambda cell: [(without_language(f[1] or ""), f[2]) for f in formulas(cell)])
    same(pair, "formula", lambda cell: [(bare(f[0]), f[2]) for f in formulas(cell)])


@each_pair()
def test_same_equations_within_sentences(pair):
    same(pair, "equations", inline_equations)


def test_labels_end_with_the_language_of_their_page():
    wrong = [
        (place, label)
        for page in all_pages()
        for cell in page.cells
        for label, place in labels(cell)
        if not label.endswith(f"-{page.language}")
    ]
    assert not wrong, shown(wrong)


def test_no_two_labels_have_one_address():
    """Sphinx folds dots and other signs in an address to hyphens."""
    found = {}
    for page in all_pages():
        for cell in page.cells:
            ids = {label for _, label, _ in formulas(cell)}
            for label, place in labels(cell):
                # A formula's address begins with a word of its own.
                found.setdefault(make_id(f"equation-{label}" if label in ids else label), []).append((place, label))
    doubled = [one for places in found.values() if len(places) > 1 for one in places]
    assert not doubled, shown(doubled)


def test_formula_ids_begin_with_the_name_of_their_page():
    wrong = []
    for page in all_pages():
        for cell in page.cells:
            for _, label, place in formulas(cell):
                if label and not re.fullmatch(rf"{page.path.stem}(\.[a-z0-9]+(-[a-z0-9]+)*)+-{page.language}", label):
                    wrong.append((place, f"{label} is not of the form {page.path.stem}.quantity-{page.language}"))
    assert not wrong, shown(wrong)


@pytest.mark.parametrize("page", all_pages(), ids=name_of)
def test_markup_is_understood(page):
    """What is left in the text of $, ** or {role} would be printed as such."""
    wrong = []
    for cell in page.cells:
        captions = [(token, cell.place()) for token in parser().parse(f"{cell.alt}\n\n{cell.figure.get('caption', '')}")]
        for token, place in [*cell.tokens, *captions]:
            for child in token.children or []:
                if child.type == "text" and re.search(r"\$|\*\*|\*\b|\b\*|\{[\w:]+\}|\]\(|`", child.content):
                    wrong.append((place, child.content))
    assert not wrong, shown(wrong)


@pytest.mark.parametrize("page", notebooks(), ids=name_of)
def test_sections_have_targets(page):
    """A heading's address is made from its words otherwise, and from a running number in Chinese."""
    wrong = []
    for cell in page.cells:
        before = None
        for token, place in cell.tokens:
            if token.type == "heading_open" and token.tag in {"h1", "h2"} and before != "myst_target":
                wrong.append((place, "a heading without a target before it"))
            before = token.type
    assert not wrong, shown(wrong)
