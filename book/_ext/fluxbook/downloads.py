"""A notebook page offers its notebook, and the package that the notebook imports.

The wheel is built from ``pyproject.toml`` with the build backend that is installed, so that no network is needed, and
kept until the package changes.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

FOLDER = "downloads"


def fingerprint(root: Path, package: str) -> str:
    digest = hashlib.sha256()
    files = [*root.glob("*.toml"), *root.glob("README*"), *root.glob("LICENSE*"), *(root / package).rglob("*.py")]
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def build_wheel(root: Path, cache: Path) -> Path:
    """The package's wheel, built if the package has changed since the last time."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    kept = cache / fingerprint(root, project.replace("-", "_"))
    if not list(kept.glob("*.whl")):
        with tempfile.TemporaryDirectory() as fresh:
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
            command += ["--no-index", "--no-build-isolation", "--wheel-dir", fresh, str(root)]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode:
                raise ExtensionError(
                    f"The package's wheel cannot be built:\n{result.stderr.strip()}\n"
                    "Install what the book needs: pip install -e '.[book]'"
                )
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(fresh, kept)
    (wheel,) = kept.glob("*.whl")
    return wheel


def add_wheel(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    wheel = build_wheel(Path(app.srcdir), Path(app.outdir).parent / ".wheel")
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(wheel, folder / wheel.name)
    app.config.html_context["wheel"] = f"{FOLDER}/{wheel.name}"


def notebooks_with_old_wheel(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """When the wheel's name changes, the pages that link to it are written again."""
    before, env.book_wheel = getattr(env, "book_wheel", None), app.config.html_context.get("wheel")
    if before == env.book_wheel:
        return []
    return [docname for docname in env.found_docs if env.doc2path(docname).endswith(".ipynb")]


def offer(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    context["downloads"] = []
    if doctree is not None and context.get("page_source_suffix") == ".ipynb":
        pathto = context["pathto"]
        notebook = f"_sources/{context['sourcename']}"
        context["downloads"] = [
            {"kind": kind, "href": pathto(path, True), "name": Path(path).name}
            for kind, path in (("notebook", notebook), ("package", context["wheel"]))
        ]


def setup_downloads(app: Sphinx) -> None:
    app.connect("builder-inited", add_wheel)
    app.connect("env-get-outdated", notebooks_with_old_wheel)
    app.connect("html-page-context", offer)
