"""Under each formula of the catalogue, its card: what it says, where it comes from, what proves it, how to cite it.

On the page the formula is plain labelled maths. A card is a ``details`` element, so it opens without a script; with one
(``card.js``), it also copies.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from fluxopt_edu.formulas import WITHDRAWN, catalogue

from .formulas import clashes, describe
from .languages import language_of, languages

TEMPLATE = "formula-card.html"


class formula_card(nodes.General, nodes.Element):
    """Where a card goes; it holds no text, so that the search finds formulas on their own pages."""


def check_anchors(app: Sphinx) -> None:
    for language in languages(app.config).values():
        if pairs := clashes([*catalogue(), *WITHDRAWN], language):
            raise ExtensionError(f"Formula ids that cannot be told apart on a page: {', '.join(map(' and '.join, pairs))}")


class AddCards(SphinxPostTransform):
    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        language = language_of(self.config, self.env.docname)
        if language is None:
            return
        for block in list(self.document.findall(nodes.math_block)):
            label = block.get("label") or ""
            if label.endswith(f"-{language.code}") and (id := label.removesuffix(f"-{language.code}")) in catalogue():
                block.parent.insert(block.parent.index(block) + 1, formula_card(id=id))


def visit(translator: nodes.NodeVisitor, node: formula_card) -> None:
    builder = translator.builder
    pagename = builder.current_docname
    shown = describe(builder.app, node["id"], language_of(builder.config, pagename), pagename)
    translator.body.append(builder.templates.render(TEMPLATE, {"shown": shown, "say": shown["say"]}))
    raise nodes.SkipNode


def skip(translator: nodes.NodeVisitor, node: formula_card) -> None:
    raise nodes.SkipNode


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and next(doctree.findall(formula_card), None) is not None:
        app.add_css_file("card.css")
        app.add_js_file("card.js", loading_method="defer")


def setup_cards(app: Sphinx) -> None:
    app.add_node(formula_card, html=(visit, skip))
    app.add_post_transform(AddCards)
    app.connect("builder-inited", check_anchors)
    app.connect("html-page-context", add_script)
