"""Leave out what the theme loads and the book does not use."""

import re
from pathlib import Path

from markupsafe import Markup
from sphinx.application import Sphinx

# 1.5 MB that draw the icons a second time: the theme's style sheet has them as a web font.
UNUSED_SCRIPT = "fontawesome.js"
UNUSED_FILES = ["scripts/fontawesome.js*", "scripts/*.map", "styles/*.map"]


def without_unused_script(head: str) -> Markup:
    return Markup(re.sub(rf"<script[^>]*/{re.escape(UNUSED_SCRIPT)}[^>]*></script>", "", head))


def offer_filter(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    context["without_unused_script"] = without_unused_script


def remove_unused_files(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        for pattern in UNUSED_FILES:
            for file in Path(app.outdir, "_static").glob(pattern):
                file.unlink()


def setup_assets(app: Sphinx) -> None:
    app.add_css_file("book.css", priority=900)
    app.add_js_file("reading.js", loading_method="defer", priority=900)
    app.connect("html-page-context", offer_filter)
    app.connect("build-finished", remove_unused_files)
