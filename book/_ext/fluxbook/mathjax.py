"""MathJax from the site's own folder.

The files come from the PyPI package ``sphinx-mathjax-offline``; its own extension would copy all 24 MB of them. Taken
here are the program, its fonts and the TeX extensions that it loads when a formula first needs one.
"""

import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

PACKAGE = "sphinx-mathjax-offline"
PARTS = ["tex-chtml.js", "output/chtml/fonts/woff-v2/*.woff", "input/tex/extensions/*.js"]
# All the others in one file, for programs that cannot load them one by one.
LEFT_OUT = {"all-packages.js"}


def source_folder() -> Path:
    try:
        return Path(distribution(PACKAGE).locate_file(f"{PACKAGE}/static/mathjax"))
    except PackageNotFoundError as error:
        raise ExtensionError(
            f"MathJax comes from the package {PACKAGE}, which is not installed. "
            "Install what the book needs: pip install -e '.[book]'"
        ) from error


def copy_mathjax(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    source, target = source_folder(), Path(app.outdir, "_static", "mathjax")
    for pattern in PARTS:
        files = [file for file in source.glob(pattern) if file.name not in LEFT_OUT]
        if not files:
            raise ExtensionError(f"The package {PACKAGE} has no {pattern}: its layout has changed. Install the pinned version.")
        for file in files:
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def setup_mathjax(app: Sphinx) -> None:
    app.connect("builder-inited", copy_mathjax)
    app.add_js_file("maths.js", loading_method="defer", priority=400)  # before MathJax, which reads what it sets
