"""One address for each formula, in no language: ``f/adam.step/``, with its files beside the page.

The pages are no sources of the book: they are written from the catalogue at the end of a build, stand in no table of
contents, and the search knows only their titles. A formula that was withdrawn keeps its address, which says why.
"""

from collections.abc import Iterator
from pathlib import Path
from posixpath import join

from docutils import nodes
from docutils.utils import new_document
from sphinx.application import Sphinx

from fluxopt_edu import __version__
from fluxopt_edu.cite import GREEK, cite
from fluxopt_edu.formulas import WITHDRAWN, Formula, catalogue

from .catalogues import in_language
from .formulas import ENCODINGS, FOLDER, describe, equation_anchor, page_of
from .languages import Language, languages, search_page

TEMPLATES = {"formula.html", "formula-withdrawn.html", "formulas.html", "proof.html"}
LIST = f"{FOLDER}/index"

LETTERS = {f"\\{name}": letter for letter, name in GREEK.items()} | {r"\infty": "∞", r"\max": "max", r"\min": "min", r"\star": "*"}
ABOVE = {r"\hat": "\u0302", r"\bar": "\u0304"}


def in_unicode(latex: str) -> str:
    r"""A symbol as a reader types it into a search field.

    >>> in_unicode(r"\hat v"), in_unicode(r"v_{\max}"), in_unicode(r"\hat\epsilon")
    ('v̂', 'v_max', 'ε̂')
    """
    for command, letter in LETTERS.items():
        latex = latex.replace(command, letter)
    for command, mark in ABOVE.items():
        before, found, after = latex.partition(command)
        if found:
            after = after.lstrip()
            latex = before + after[:1] + mark + after[1:]
    return latex.replace("{", "").replace("}", "")


def names(formula: Formula) -> Iterator[tuple[str, str | None]]:
    """What the search finds a formula by, each with its place on the page: the id, the titles, the symbol it defines."""
    yield formula.id, None
    for code, title in formula.title.items():
        yield title, code
    defined = formula.letters.get(getattr(formula.relation.lhs, "name", ""))
    if defined and formula.kind == "line":
        yield in_unicode(defined.symbol.latex), "symbol"


def titles_alone(pagename: str, found_by: list[tuple[str, str | None]]) -> nodes.document:
    """A page as the search index gets it."""
    document = new_document(pagename)
    for name, anchor in found_by:
        section = nodes.section(ids=[anchor] if anchor else [])
        section += nodes.title("", name)
        document += section
    return document


def write_index(app: Sphinx) -> None:
    """Add the pages of formulas to the search index; Sphinx leaves out of it what is no document of the book."""
    builder = app.builder
    if getattr(builder, "indexer", None) is None:
        return
    found_by = {id: list(names(formula)) for id, formula in catalogue().items()} | {id: [(id, None)] for id in WITHDRAWN}
    for id, known in found_by.items():
        builder.indexer.feed(page_of(id), page_of(id), id, titles_alone(page_of(id), known))
    with Path(app.outdir, builder.searchindex_filename).open("w", encoding="utf-8") as file:
        builder.indexer.dump(file, builder.indexer_format)


def sections(app: Sphinx) -> dict[str, str]:
    """The title of the section in which each labelled formula stands."""
    found = {}
    for docname in {docname for docname, _ in app.env.get_domain("math").equations.values()}:
        for block in app.env.get_doctree(docname).findall(nodes.math_block):
            above = block
            while above is not None and not isinstance(above, nodes.section):
                above = above.parent
            if above is not None and block.get("label"):
                found[block["label"]] = above.next_node(nodes.title).astext()
    return found


def place(app: Sphinx, id: str, language: Language, titles: dict[str, str]) -> dict | None:
    """Where the book shows a formula, in a language."""
    label = f"{id}-{language.code}"
    docname, _ = app.env.get_domain("math").equations.get(label, (None, None))
    if docname is None:
        return None
    anchor = equation_anchor(id, language)
    number = app.env.toc_fignumbers.get(docname, {}).get("displaymath", {}).get(anchor, ())
    return {
        "page": docname,
        "anchor": anchor,
        "chapter": app.env.titles[docname].astext(),
        "section": titles.get(label, ""),
        "number": ".".join(map(str, number)),
    }


def formula_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    titles = sections(app)
    equations = app.env.get_domain("math").data["has_equations"]
    for id, formula in catalogue().items():
        pagename = page_of(id)
        equations[pagename] = True  # so that it gets MathJax
        blocks = [
            {
                "code": each.code,
                "tag": each.tag,
                "search": search_page(app.config, each),
                "shown": describe(app, id, each, pagename),
                "place": place(app, id, each, titles),
            }
            for each in languages(app.config).values()
        ]
        yield pagename, {"title": id, "formula": formula, "blocks": blocks}, "formula.html"
    for id, tombstone in WITHDRAWN.items():
        reasons = [(each, getattr(tombstone, each.code)) for each in languages(app.config).values()]
        see = [(page_of(other), other) for other in tombstone.see]
        yield page_of(id), {"title": id, "reasons": reasons, "version": tombstone.version, "see": see}, "formula-withdrawn.html"
    yield LIST, {"title": f"{FOLDER}/", "rules": by_rule(), "withdrawn": [(page_of(id), id) for id in WITHDRAWN]}, "formulas.html"


def by_rule() -> dict[str, list[tuple[str, Formula]]]:
    rules: dict[str, list[tuple[str, Formula]]] = {}
    for id, formula in catalogue().items():
        rules.setdefault(formula.rule, []).append((page_of(id), formula))
    return rules


def write_files(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    for id in catalogue():
        citation = cite(id, address=app.config.html_baseurl)
        for ending, text in ENCODINGS.values():
            content = text(citation).rstrip("\n") + "\n"
            Path(app.outdir, FOLDER, id, f"{id}.{ending}").write_text(content, encoding="utf-8", newline="\n")
    write_index(app)


def words(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if templatename not in TEMPLATES:
        return
    context["book_version"] = __version__
    context["book_languages"] = list(languages(app.config).values())
    context["formula_list"] = LIST
    context["in_language"] = in_language
    if app.config.html_baseurl and pagename.endswith("/index"):
        context["pageurl"] = join(app.config.html_baseurl, pagename.removesuffix("index"))
    app.add_css_file("card.css")
    app.add_js_file("card.js", loading_method="defer")
    app.add_js_file("permalink.js", loading_method="defer")


def setup_permalinks(app: Sphinx) -> None:
    app.connect("html-collect-pages", formula_pages)
    app.connect("html-page-context", words, priority=25)
    app.connect("build-finished", write_files)
