"""Build the site into _build/html, strictly; do nothing if nothing changed since the last good build.

    python tools/build.py
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
STAMP = ROOT / "_build" / "built-from"
OPTIONS = ["--all", "-W", "-n", "--keep-going"]
NOT_READ = {"_build", "__pycache__", "dist"}


def sources():
    """Every file that a page could come from: all but hidden and generated ones, in a fixed order."""
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = sorted(name for name in subfolders if name not in NOT_READ and name[0] != ".")
        yield from (Path(folder, name) for name in sorted(files) if name[0] != ".")


def fingerprint():
    """Contents, not dates: a fresh checkout of the same files counts as unchanged, a deleted file does not."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sources():
        digest.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main():
    wanted = fingerprint()
    if SITE.is_dir() and STAMP.is_file() and STAMP.read_text() == wanted:
        print("The site is up to date.")
        return 0
    STAMP.unlink(missing_ok=True)
    # Sphinx leaves the pages of deleted sources in place.
    shutil.rmtree(SITE, ignore_errors=True)
    program = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "build", ".", *OPTIONS]
    print("jupyter-book build .", *OPTIONS, flush=True)
    failed = subprocess.run(command, cwd=ROOT).returncode
    if failed:
        print("The build failed. Each WARNING and ERROR above names its file and line.", file=sys.stderr)
        return failed
    STAMP.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
