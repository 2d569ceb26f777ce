"""What the libraries write into a page that a screen reader cannot make sense of."""

from sphinx.application import Sphinx

REPAIRS = {
    # Myst-nb names every folded cell so, in English, in place of the words that it shows.
    ' aria-label="Toggle hidden content"': "",
    # A list may hold only list items; this role is no longer one.
    ' role="doc-biblioentry"': ' role="listitem"',
}


def repair(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    for written, meant in REPAIRS.items():
        if "body" in context:
            context["body"] = context["body"].replace(written, meant)


def setup_repairs(app: Sphinx) -> None:
    app.connect("html-page-context", repair)
