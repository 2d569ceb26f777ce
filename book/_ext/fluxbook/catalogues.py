"""Theme strings in the page's language.

Sphinx loads one set of message catalogues for a whole build. Here each catalogue is replaced by one that asks the
catalogue of the page at hand; the page at hand is set whenever Sphinx begins to read, resolve or render one.
Strings that have no translation upstream, or a poor one, stand in ``locale/<locale>.po``.
"""

import gettext
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pydata_sphinx_theme
import sphinx.locale
import sphinx_book_theme
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from .languages import Language, default_language, language_of, languages

OVERLAYS = Path(__file__).parent / "locale"

SOURCES = {
    "sphinx": [Path(sphinx.locale.__file__).parent, Path(pydata_sphinx_theme.__file__).parent / "locale"],
    "booktheme": [sphinx_book_theme.get_html_theme_path() / "static" / "locales"],
}

# What Sphinx's scripts look up in the browser.
SCRIPT_MESSAGES = [
    "Search Results",
    "Searching",
    "Preparing search...",
    "Search finished, found ${resultCount} page(s) matching the search query.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've"
    " selected enough categories.",
    "Hide Search Matches",
    ", in ",
]

NUMBER_FORMATS = {"figure": "Fig. %s", "table": "Table %s", "code-block": "Listing %s", "section": "Section %s"}

_ = get_translation("sphinx")


class PageCatalogue(gettext.NullTranslations):
    """A message catalogue that answers in the language of the page at hand."""

    language: Language

    def __init__(self, by_code: dict[str, gettext.NullTranslations]) -> None:
        super().__init__()
        self.by_code = by_code

    def gettext(self, message: str) -> str:
        return self.by_code[PageCatalogue.language.code].gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.by_code[PageCatalogue.language.code].ngettext(singular, plural, n)


def read_overlay(locale: str) -> gettext.NullTranslations:
    path = OVERLAYS / f"{locale}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def chain(domain: str, language: Language) -> gettext.NullTranslations:
    """The overlay, then the catalogues that came with the libraries."""
    if language.locale is None:
        return gettext.NullTranslations()
    catalogue = read_overlay(language.locale)
    for folder in SOURCES[domain]:
        catalogue.add_fallback(gettext.translation(domain, folder, [language.locale], fallback=True))
    return catalogue


def install(app: Sphinx) -> None:
    PageCatalogue.language = default_language(app.config)
    for domain in SOURCES:
        catalogue = PageCatalogue({code: chain(domain, each) for code, each in languages(app.config).items()})
        sphinx.locale.translators["general", domain] = catalogue
        if domain == "sphinx":
            app.translator = catalogue
            if app.builder.format == "html":
                app.builder.templates.environment.install_gettext_translations(catalogue)


def in_language(language: Language, message: str) -> str:
    """A message in a given language, whichever the page at hand is in."""
    return sphinx.locale.translators["general", "sphinx"].by_code[language.code].gettext(message)


def turn_to(app: Sphinx, pagename: str) -> Language:
    """Make the language of a page the one that all catalogues answer in."""
    PageCatalogue.language = language_of(app.config, pagename) or default_language(app.config)
    return PageCatalogue.language


def translate_prompts(document: nodes.document) -> None:
    """Myst-nb takes the words on folded cells from a setting, not from a catalogue."""
    for cell in document.findall(nodes.container):
        for key in ("prompt_show", "prompt_hide"):
            if key in cell:
                cell[key] = _(cell[key])


class TurnToPage(SphinxPostTransform):
    """Before anything in the document is resolved: cross references take their words from the catalogue."""

    default_priority = 1

    def run(self, **kwargs: object) -> None:
        turn_to(self.app, self.env.docname)
        # Safe to change here: the settings are stored with the environment before the first document is resolved.
        self.config.numfig_format = {kind: _(words) for kind, words in NUMBER_FORMATS.items()}
        translate_prompts(self.document)


def script_messages(language: Language) -> Iterator[str]:
    """Scripts that give the browser its messages in the page's language."""
    messages = {message: _(message) for message in SCRIPT_MESSAGES}
    catalogue = {"locale": language.tag, "messages": messages, "plural_expr": "0"}
    yield f"Documentation.addTranslations({json.dumps(catalogue, ensure_ascii=False)});"
    hints = {"toggleHintShow": _("Click to show"), "toggleHintHide": _("Click to hide")}
    yield " ".join(f"{name} = {json.dumps(hint, ensure_ascii=False)};" for name, hint in hints.items())


def words_of_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    language = turn_to(app, pagename)
    context["language"] = language.tag
    context["theme_search_bar_text"] = _("Search this book")
    if language.locale:
        for script in script_messages(language):
            app.add_js_file(None, body=script)


def setup_catalogues(app: Sphinx) -> None:
    # Before the theme's handlers of the same events, which already take words from the catalogues.
    app.connect("builder-inited", install, priority=10)
    app.connect("source-read", lambda app, docname, source: turn_to(app, docname), priority=10)
    app.connect("html-page-context", words_of_page, priority=10)
    app.add_post_transform(TurnToPage)
