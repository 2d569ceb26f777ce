"""The tests that prove formulas, as pages to read: ``f/proofs/tests/….html``, with an address for each line and test."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx
from sphinx.util import logging

from fluxopt_edu.formulas import catalogue

logger = logging.getLogger(__name__)

FOLDER = "f/proofs"


def parts(proof: str) -> tuple[str, str]:
    """The file and the function of a test, as pytest names it."""
    path, _, name = proof.partition("::")
    return path, name.rpartition("::")[2].partition("[")[0]


@cache
def tests_of(file: Path) -> dict[str, int]:
    """The functions of a file and the lines on which they begin; empty if there is no such file."""
    if not file.is_file():
        return {}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node.lineno for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def page_name(path: str) -> str:
    return f"{FOLDER}/{path.removesuffix('.py')}"


def proof_page(app: Sphinx, proof: str) -> str | None:
    """Where a test can be read, from the root of the site; None if there is no such test."""
    path, name = parts(proof)
    if name not in tests_of(Path(app.srcdir, path)):
        return None
    return f"{app.builder.get_target_uri(page_name(path))}#{name}"


def numbered(code: str, tests: dict[str, int]) -> Markup:
    """Python in colours, line by line; the line on which a test begins has its name for an address."""
    names = {line: name for name, line in tests.items()}
    coloured = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).splitlines()
    lines = []
    for number, line in enumerate(coloured, start=1):
        id = f' id="{names[number]}"' if number in names else ""
        lines.append(f'<span class="proof-line"{id}><span class="proof-number" id="L{number}" data-line="{number}"></span>{line}\n</span>')
    return Markup("".join(lines))


def proof_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    proofs = {proof: entry.id for entry in catalogue().values() for proof in entry.proofs}
    for proof, id in proofs.items():
        if proof_page(app, proof) is None:
            logger.warning("%s: its proof, %s, is not there", id, proof, type="fluxbook", subtype="proof")
    for path in dict.fromkeys(parts(proof)[0] for proof in proofs):
        file = Path(app.srcdir, path)
        if tests := tests_of(file):
            yield page_name(path), {"title": path, "lines": numbered(file.read_text(encoding="utf-8"), tests)}, "proof.html"


def setup_proofs(app: Sphinx) -> None:
    # A server that builds again and again reads them anew.
    app.connect("builder-inited", lambda app: tests_of.cache_clear())
    app.connect("html-collect-pages", proof_pages)
