"""A reader meets one language: its sidebar, previous and next pages, home and search."""

from collections.abc import Callable

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import TocTree

from .languages import Language, default_language, language_of, search_page


def parts_of(app: Sphinx, language: Language) -> list[addnodes.toctree]:
    """The parts of ``_toc.yml`` whose pages are in the language."""
    return [
        part
        for part in app.env.master_doctree.findall(addnodes.toctree)
        if any(docname.startswith(language.folder) for docname in part["includefiles"])
    ]


def sidebar(app: Sphinx, pagename: str, language: Language) -> Callable[..., str]:
    def toctree(**options: object) -> str:
        options["maxdepth"] = int(options.get("maxdepth") or 0)
        parts = [
            resolved
            for part in parts_of(app, language)
            if (resolved := TocTree(app.env).resolve(pagename, app.builder, part, **options)) is not None
        ]
        for part in parts[1:]:
            parts[0].extend(part.children)
        return app.builder.render_partial(parts[0])["fragment"] if parts else ""

    return toctree


def neighbour(app: Sphinx, pagename: str, position: int) -> str | None:
    """The page before or after, as Sphinx knows it: (parent, previous, next)."""
    return app.builder.relations.get(pagename, (None, None, None))[position]


def one_language(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    page_language = language_of(app.config, pagename)
    language = page_language or default_language(app.config)
    context["toctree"] = sidebar(app, pagename, language)

    for position, name in ((1, "prev"), (2, "next")):
        found = neighbour(app, pagename, position)
        if found and language_of(app.config, found) != page_language:
            context[name] = None

    pathto = context["pathto"]

    def pathto_in_language(target: str, resource: bool = False, **options: str) -> str:
        if page_language and not resource:
            if target == app.config.root_doc:
                target = language.home
            elif target == "search":
                target = search_page(app.config, language)
        return pathto(target, resource, **options)

    context["pathto"] = pathto_in_language


def setup_navigation(app: Sphinx) -> None:
    # Before the theme puts its own functions around the toctree.
    app.connect("html-page-context", one_language, priority=20)
