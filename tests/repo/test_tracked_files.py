"""No file names a package registry or a folder of somebody's machine."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = {"_build", "dist", "__pycache__"}
FORBIDDEN = re.compile(
    r"""
    \b(?:pypi|pythonhosted|npmjs|deb\.debian|registry\.yarnpkg|repo\.anaconda|conda\.anaconda)\.(?:org|com)\b
    | --(?:extra-)?index-url
    | (?<![\w.~)}\]-])/(?:root|work|tmp|home/\w+|Users/\w+)/
    | \b[A-Z]:\\Users\\
    """,
    re.VERBOSE,
)


def tracked():
    """What git holds or would add; without git, all that is neither hidden nor generated."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    paths = (path for path in ROOT.rglob("*") if path.is_file())
    return [p for p in paths if not any(part in GENERATED or part[0] == "." for part in p.relative_to(ROOT).parts)]


def findings(text):
    return [match[0] for match in FORBIDDEN.finditer(text)]


def test_the_pattern_finds_what_it_should():
    slash, dot = "/", "."
    for bad in (
        f"https:{slash}/pypi{dot}org/simple",
        f"see files{dot}pythonhosted{dot}org",
        f"File {slash}tmp/ipykernel_12/345.py",
        f'"{slash}root/.venv/bin/python"',
        f"={slash}home/reader/project",
        "C:" + r"\Users\reader",
    ):
        assert findings(bad), bad
    for good in ("example.org/a/b/", "../work/x", "https://example.org/tmp/x", "a/home/x/y", "creativecommons.org"):
        assert not findings(good), good


def test_no_registry_address_and_no_machine_path():
    found = {}
    for path in tracked():
        if lines := findings(path.read_text(encoding="utf-8", errors="ignore")):
            found[path.relative_to(ROOT).as_posix()] = lines
    assert len(tracked()) > 30
    assert not found
