"""The book's pages as the tests see them: cells, and in their Markdown the same tokens that the site builds from."""

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
LANGUAGES = sorted(index.parent.name for index in BOOK.glob("*/index.md"))

DIRECTIVE = re.compile(r"\{([\w:.-]+)\}\s*(.*)", re.DOTALL)
# What a directive holds is read as Markdown, but for these.
NOT_PROSE = {"math", "code", "code-block", "code-cell", "literalinclude", "bibliography", "toctree", "raw"}
# Stands where a reader sees a formula, a piece of code or a citation: one Latin word, for the rules on spaces.
WORD = "Placeholder"


@dataclass(frozen=True)
class Place:
    """Where something was found, for the message of a failing test."""

    page: str
    cell: int | None
    line: int

    def __str__(self):
        return f"{self.page}, " + (f"cell {self.cell}, line {self.line}" if self.cell is not None else f"line {self.line}")


@dataclass(frozen=True)
class Cell:
    page: str
    number: int | None  # None: the page is one Markdown file
    kind: str
    source: str
    metadata: dict = field(default_factory=dict, hash=False)
    outputs: list = field(default_factory=list, hash=False)
    count: int | None = None

    def place(self, line=1):
        return Place(self.page, self.number, line)

    @functools.cached_property
    def tokens(self):
        """Every token of a Markdown cell with its place, those inside directives too."""
        return [] if self.kind == "code" else list(read(self.source, self.place()))

    @property
    def figure(self):
        return self.metadata.get("mystnb", {}).get("figure", {})

    @property
    def alt(self):
        return self.metadata.get("mystnb", {}).get("image", {}).get("alt", "")

    @property
    def tags(self):
        return self.metadata.get("tags", [])


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def name(self):
        return self.path.relative_to(ROOT).as_posix()

    @property
    def language(self):
        return self.path.parent.name

    @functools.cached_property
    def cells(self):
        if self.path.suffix == ".md":
            return [Cell(self.name, None, "markdown", self.path.read_text(encoding="utf-8"))]
        notebook = nbformat.read(self.path, as_version=4)
        return [
            Cell(
                self.name, number, cell.cell_type, cell.source, cell.metadata,
                cell.get("outputs", []), cell.get("execution_count"),
            )  # fmt: skip
            for number, cell in enumerate(notebook.cells)
        ]

    @property
    def code(self):
        return [cell for cell in self.cells if cell.kind == "code"]


@functools.cache
def pages(language):
    return [Page(path) for path in sorted((BOOK / language).rglob("*")) if path.suffix in {".md", ".ipynb"}]


def all_pages():
    return [page for language in LANGUAGES for page in pages(language)]


def notebooks():
    return [page for page in all_pages() if page.path.suffix == ".ipynb"]


def name_of(value):
    return getattr(value, "name", value)


@functools.cache
def parser():
    extensions = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["parse"]["myst_enable_extensions"]
    return create_md_parser(MdParserConfig(enable_extensions=set(extensions)), RendererHTML)


def read(text, place):
    """The tokens of a Markdown text, each with the place where it stands."""
    for token in parser().parse(text):
        line = place.line + (token.map[0] if token.map else 0)
        here = Place(place.page, place.cell, line)
        yield token, here
        if directive(token) == "glossary":
            # A term, and indented below it what it means: to Markdown alone this is one paragraph.
            for number, written_line in enumerate(token.content.splitlines(), 1):
                yield from read(written_line.strip(), Place(here.page, here.cell, line + number))
        elif directive(token) and directive(token) not in NOT_PROSE:
            body = re.sub(r"\A(?::[\w-]+:.*\n)*\n?", lambda options: "\n" * options[0].count("\n"), token.content)
            yield from read(body, Place(here.page, here.cell, line + 1))


def directive(token):
    """The name of the directive that a token is, or None."""
    match = DIRECTIVE.match(token.info) if token.type in {"fence", "colon_fence"} else None
    return match[1] if match else None


def title_of(token):
    """What stands behind a directive's name."""
    return DIRECTIVE.match(token.info)[2].strip()


def option(token, name):
    match = re.search(rf"^:{name}:[ \t]*(\S+)", token.content, re.MULTILINE) if directive(token) else None
    return match[1] if match else None


def roles(cell):
    """Every role with its text and place, as in {cite}`kingma2015`."""
    for token, place in cell.tokens:
        for child in token.children or []:
            if child.type == "myst_role":
                yield child.meta["name"], child.content, place


def citations(cell):
    for name, text, place in roles(cell):
        if name == "cite" or name.startswith("cite:"):
            for key in re.sub(r"\{[^}]*\}", "", text).split(","):
                yield key.strip(), place


def labels(cell):
    """What can be linked to: targets, formulas, figures and directives with a name; with their places."""
    if "name" in cell.figure:
        yield cell.figure["name"], cell.place()
    for token, place in cell.tokens:
        if token.type == "myst_target":
            yield token.content, place
        elif token.type == "math_block_label":
            yield token.info, place
        for name in ("label", "name"):
            if option(token, name):
                yield option(token, name), place


def formulas(cell):
    """Displayed formulas: LaTeX, label or None, place."""
    for token, place in cell.tokens:
        if token.type in {"math_block", "math_block_label", "amsmath"}:
            yield token.content, token.info or None, place
        elif directive(token) == "math":
            yield re.sub(r"^:[\w-]+:.*$", "", token.content, flags=re.MULTILINE), option(token, "label"), place


def prose(cell):
    """What a reader reads, paragraph by paragraph, with formulas, code and citations as one word; with places."""
    for text in (cell.alt, cell.figure.get("caption", "")):
        if text:
            yield from paragraphs(text, cell.place())
    if cell.kind == "markdown":
        yield from written(cell.tokens)


def paragraphs(text, place):
    yield from written(read(text, place))


def written(tokens):
    for token, place in tokens:
        if token.type == "inline":
            yield "".join(inline(token.children, (ROOT / place.page).parent)), place
        elif directive(token) and directive(token) not in NOT_PROSE and title_of(token):
            yield from paragraphs(title_of(token), place)


def inline(children, folder):
    before = None
    for token in children:
        # A link without words shows the title of its page.
        if token.type == "link_close" and before.type == "link_open":
            yield title(folder, before.attrs["href"])
        before = token
        if token.type == "myst_role" and token.meta["name"] in {"ref", "doc", "term"}:
            words, target = re.fullmatch(r"(?:(.*?)\s*<)?([^<>]*)>?", token.content, re.DOTALL).groups()
            yield words or (title(folder, f"#{target}") if token.meta["name"] == "ref" else target)
        elif token.type in {"code_inline", "math_inline", "math_inline_double", "myst_role"}:
            yield WORD
        elif token.type == "image":
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.type == "text":
            text = re.sub(r"\((?:[-−]?[\d.]+,? ?)+\)", WORD, token.content)  # coordinates, as in (10, 1)
            # An issue of a repository, as in owner/name#12, and an address are spelled by their owners.
            yield re.sub(r"[\w.-]+/[\w.-]+#\d+|[\w-]+\.\w+#\d+|https?://\S+", WORD, text)


def title(folder, href):
    """What a link without words shows: the title of a page, or of the section after a target."""
    path = folder / href
    if href.startswith("#"):
        return headings(folder.name).get(href[1:], WORD)
    if path.suffix in {".md", ".ipynb"} and path.exists():
        return next(iter(headings_of(Page(path)).values()), WORD)
    return WORD


def headings_of(page):
    """The words of the headings of a page by the target before them, the page's own title first."""
    found, target = {}, None
    for cell in page.cells:
        for number, (token, _) in enumerate(cell.tokens):
            if token.type == "heading_open" and target:
                # Headings hold no links without words.
                found[target] = "".join(inline(cell.tokens[number + 1][0].children, page.path.parent))
            target = token.content if token.type == "myst_target" else None
    return found


@functools.cache
def headings(language):
    return {target: words for page in pages(language) for target, words in headings_of(page).items()}


def normal_prose(language):
    """(paragraph, place) of every page of a language."""
    return [found for page in pages(language) for cell in page.cells for found in prose(cell)]


def readme_prose(name):
    path = ROOT / name
    return list(paragraphs(path.read_text(encoding="utf-8"), Place(name, None, 1))) if path.exists() else []


def shown(failures):
    """A message of one line per failure."""
    return "\n" + "\n".join(f"{place}: {what}" for place, what in failures)
