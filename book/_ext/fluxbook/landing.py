"""The way in: the root of the site, and the page where a reader chooses a language.

Both send a reader on whose language is known, from an earlier choice or from the browser. Without scripts the root
leads to the landing page, which offers the languages as plain links.
"""

from collections.abc import Iterator

from sphinx.application import Sphinx

from .languages import languages

ROOT = "index"


def root_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield ROOT, {}, "root.html"


def homes(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if pagename in (ROOT, app.config.root_doc):
        context["homes"] = {
            each.code: {"href": context["pathto"](each.home), "name": each.name, "tag": each.tag}
            for each in languages(app.config).values()
        }


def setup_landing(app: Sphinx) -> None:
    app.connect("html-collect-pages", root_page)
    app.connect("html-page-context", homes, priority=15)
