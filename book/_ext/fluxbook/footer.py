"""The lines at the foot of every page, in its language; on the landing page in all."""

from sphinx.application import Sphinx

from .catalogues import in_language
from .languages import language_of, languages

LINES = ["© fluxopt-edu developers.", "Code under the MIT licence; text and figures under CC BY 4.0."]


def licence(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    language = language_of(app.config, pagename)
    shown = [language] if language else languages(app.config).values()
    context["licence"] = [(each.tag, " ".join(in_language(each, line) for line in LINES)) for each in shown]


def setup_footer(app: Sphinx) -> None:
    app.connect("html-page-context", licence)
