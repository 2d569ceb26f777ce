"""The lines at the foot of every page, in its language; on the landing page in all."""

from sphinx.application import Sphinx

from fluxopt_edu import __date__, __version__

from .catalogues import in_language
from .languages import Language, language_of, languages

LINES = ["© fluxopt-edu developers.", "Version {version}, {date}.", "Code under the MIT licence; text and figures under CC BY 4.0."]


def text(language: Language) -> str:
    lines = " ".join(in_language(language, line) for line in LINES).format(version=__version__, date=__date__)
    return lines.replace("。 ", "。")


def licence(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    language = language_of(app.config, pagename)
    shown = [language] if language else languages(app.config).values()
    context["licence"] = [(each.tag, text(each)) for each in shown]


def setup_footer(app: Sphinx) -> None:
    app.connect("html-page-context", licence)
