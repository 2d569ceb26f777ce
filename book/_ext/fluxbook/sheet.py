"""The formula sheet: two PDFs in the site, and the same as a page.

    ```{formula-sheet} rules
    ```

writes a part of the sheet, from the catalogue, into a page of either language: ``downloads``, ``key``, ``rules``,
``family`` or ``symbols``. Where no Chinese font is installed the Chinese PDF is left out; the build says so and goes on.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from .formulas import page_of
from .languages import language_of, languages
from .sheet_content import Block, blocks, legend, rows, text
from .sheet_pdf import NoChineseFont, make

logger = logging.getLogger(__name__)

FOLDER = "sheet"
PAGE = "sheet"


def file_of(code: str) -> str:
    return f"{FOLDER}/sheet-{code}.pdf"


# The PDFs


def add_pdfs(app: Sphinx) -> None:
    app.sheets_made, app.sheets_missing = [], {}
    if app.builder.format != "html":
        return
    for code in languages(app.config):
        try:
            pdf = make(code, address=app.config.html_baseurl)
        except NoChineseFont as error:
            app.sheets_missing[code] = str(error)
        except ImportError as error:
            raise ExtensionError(str(error)) from error
        else:
            file = Path(app.outdir, file_of(code))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(pdf)
            app.sheets_made.append(code)


def say_what_is_missing(app: Sphinx, exception: Exception | None) -> None:
    """At the end, where it is seen; no warning, since the book is whole without it."""
    for code, reason in app.sheets_missing.items():
        logger.info("sheet-%s.pdf was not made: %s.", code, reason, color="yellow")


def pages_with_other_pdfs(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """The pages tell which PDFs there are: when that changes, they are read again."""
    before, env.book_sheets = getattr(env, "book_sheets", None), app.sheets_made
    pages = [each.folder + PAGE for each in languages(app.config).values()]
    return [] if before == env.book_sheets else [page for page in pages if page in env.found_docs]


# The page


def sentence(words: str) -> list[nodes.Node]:
    """A text with inline LaTeX and code."""
    result: list[nodes.Node] = []
    for piece in re.split(r"(\$[^$]+\$|`[^`]+`)", words):
        if piece.startswith("$"):
            result.append(maths(piece[1:-1]))
        elif piece.startswith("`"):
            result.append(nodes.literal("", piece[1:-1]))
        elif piece:
            result.append(nodes.Text(piece))
    return result


def maths(latex: str, display: bool = False) -> nodes.math:
    latex = rf"\displaystyle {latex}" if display else latex
    return nodes.math(latex, latex)


def box(name: str, *children: nodes.Node, **attributes) -> nodes.container:
    return nodes.container("", *children, classes=[f"sheet-{name}"], **attributes)


def words_in(name: str, *children: nodes.Node) -> nodes.inline:
    return nodes.inline("", "", *children, classes=[f"sheet-{name}"])


def item(*children: nodes.Node) -> nodes.list_item:
    return nodes.list_item("", nodes.paragraph("", "", *children))


class FormulaSheet(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        language = language_of(self.config, self.env.docname)
        if language is None:
            raise self.error("formula-sheet: this page is in no language of the book")
        self.language = language.code
        part = directives.choice(self.arguments[0], ["downloads", "key", "rules", "family", "symbols"])
        return getattr(self, part)()

    def say(self, name: str) -> str:
        return text(name, self.language)

    def to(self, target: str) -> str:
        return relative_uri(self.env.app.builder.get_target_uri(self.env.docname), target)

    def anchor(self, name: str) -> str:
        return f"sheet-{name.lower()}-{self.language}"

    def downloads(self) -> list[nodes.Node]:
        known = languages(self.config)
        links, rest = [], []
        for code in sorted(known, key=lambda code: code != self.language):
            words = self.say("pdf").format(self.say(f"in-{code}"))
            if code in self.env.app.sheets_made:
                links.append(item(nodes.reference("", words, refuri=self.to(file_of(code)), internal=True, classes=["sheet-download"])))
            else:
                rest.append(nodes.paragraph("", "", *sentence(self.say("no-pdf").format(words)), classes=["sheet-missing"]))
        return [nodes.bullet_list("", *links, classes=["sheet-downloads"]) if links else nodes.container(), *rest]

    def key(self) -> list[nodes.Node]:
        marks = [
            (words_in("new", nodes.Text("+")), "new"),
            (maths(r"\changed{\hat m_t}"), "changed"),
            (nodes.literal("", "adam.step"), "id"),
        ]
        rows = [item(mark, nodes.Text(" "), words_in("means", *sentence(self.say(name)))) for mark, name in marks]
        rest = [self.say(name) for name in ("update", "starts", "call")]
        return [nodes.bullet_list("", *rows, classes=["sheet-key"]), nodes.paragraph("", "", *sentence(self.say("space").join(rest)))]

    def rules(self) -> list[nodes.Node]:
        return [box("rules", *(self.rule(block) for block in blocks(self.language)))]

    def rule(self, block: Block) -> nodes.Node:
        title = nodes.rubric("", "", nodes.Text(block.name), **{"heading-level": 3})
        below = [words_in("source", nodes.Text(block.source))]
        if block.parent:
            before, after = self.say("from").split("{}")
            link = nodes.reference("", block.parent, refid=self.anchor(block.parent))
            below = [words_in("from", nodes.Text(before), link, nodes.Text(after)), *below]
        lines = []
        for row in rows(block):
            for line in row:
                mark = [words_in("new", nodes.Text("+"))] if line.new else []
                address = self.to(self.env.app.builder.get_target_uri(page_of(line.id)))
                name = nodes.reference("", "", nodes.literal("", line.id), refuri=address, internal=True)
                formula = box("formula", maths(line.latex, display=True))
                id = nodes.paragraph("", "", name, classes=["sheet-id"])
                lines.append(box("line-step" if line.step else "line", box("mark", *mark), formula, id))
        notes = []
        if block.start:
            notes.append(nodes.paragraph("", "", nodes.Text(self.say("start") + " "), maths(block.start), classes=["sheet-start"]))
        notes.append(nodes.paragraph("", "", *sentence(block.hint)))
        if block.flux:
            words = sentence(self.say("flux") + block.flux + self.say("stop"))
            notes.append(nodes.paragraph("", "", *words, classes=["sheet-flux"]))
        return box(
            "rule",
            title,
            nodes.paragraph("", "", *below, classes=["sheet-below"]),
            nodes.paragraph("", "", nodes.literal("", block.call), words_in("arguments", maths(block.arguments)), classes=["sheet-call"]),
            box("lines", *lines),
            *notes,
            ids=[self.anchor(block.name)],
        )

    def family(self) -> list[nodes.Node]:
        everyone = blocks(self.language)

        def tree(parent: str) -> list[nodes.Node]:
            children = [self.member(block, tree(block.name)) for block in everyone if block.parent == parent]
            return [nodes.bullet_list("", *children)] if children else []

        (root,) = tree("")
        root["classes"].append("sheet-family")
        return [root]

    def member(self, block: Block, children: Iterable[nodes.Node]) -> nodes.list_item:
        name = nodes.reference("", block.name, refid=self.anchor(block.name))
        words = [name, nodes.Text(" "), words_in("change", *sentence(block.change))]
        if block.also:
            words.append(words_in("also", nodes.Text(self.say("also").format(block.also))))
        return nodes.list_item("", nodes.paragraph("", "", *words), *children)

    def symbols(self) -> list[nodes.Node]:
        entries = [
            nodes.definition_list_item(
                "", nodes.term("", "", maths(latex)), nodes.definition("", nodes.paragraph("", "", *sentence(meaning)))
            )
            for column in legend(self.language)
            for latex, meaning in column
        ]
        return [nodes.definition_list("", *entries, classes=["sheet-symbols"])]


def setup_sheet(app: Sphinx) -> None:
    app.add_directive("formula-sheet", FormulaSheet)
    app.add_css_file("sheet.css", priority=901)
    app.connect("builder-inited", add_pdfs)
    app.connect("env-get-outdated", pages_with_other_pdfs)
    app.connect("build-finished", say_what_is_missing)
