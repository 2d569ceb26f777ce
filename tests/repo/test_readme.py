"""The two READMEs say the same, and what they show works."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"


def text(path):
    return path.read_text(encoding="utf-8")


def blocks(path, language=r"\w+"):
    return re.findall(rf"^```({language})\n(.*?)^```$", text(path), re.M | re.S)


def without_comments(code):
    return re.sub(r" +#.*", "", code)


def prose(path):
    return re.sub(r"^```.*?^```$", "", text(path), flags=re.M | re.S)


def headings(path):
    return re.findall(r"^(#+) .+$", prose(path), re.M)


def links(path):
    return re.findall(r"\]\(([^)\s]+)\)", prose(path))


def test_same_headings_links_and_paragraphs():
    assert headings(ENGLISH) == headings(CHINESE)
    assert len(headings(ENGLISH)) >= 6
    switch = {"README.md", "README.zh.md"}
    assert [x for x in links(ENGLISH) if x not in switch] == [x for x in links(CHINESE) if x not in switch]
    assert "README.zh.md" in links(ENGLISH) and "README.md" in links(CHINESE)
    shapes = [[part[:1] in "#-*!" and part[:1] for part in re.split(r"\n\s*\n", prose(p).strip())] for p in (ENGLISH, CHINESE)]
    assert shapes[0] == shapes[1]


def test_same_code_names_and_numbers():
    english, chinese = ([(lang, without_comments(code)) for lang, code in blocks(p)] for p in (ENGLISH, CHINESE))
    assert english == chinese
    # Names in backticks, and every number in the prose.
    for pattern in (r"`[^`]+`", r"\d[\d./₂²]*\d|\d"):
        assert sorted(re.findall(pattern, prose(ENGLISH))) == sorted(re.findall(pattern, prose(CHINESE)))


@pytest.mark.parametrize("path", [ENGLISH, CHINESE, ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name)
def test_commands_and_files_exist(path):
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.M))
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", text(path), re.M))
    assert "test" in commands
    assert commands <= targets
    for link in links(path):
        assert (ROOT / link).exists(), link
    tools = re.findall(r"\btools[/\\](\w+\.\w+)", text(path))
    assert tools
    for tool in tools:
        assert (ROOT / "tools" / tool).is_file(), tool


@pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda p: p.name)
def test_example_prints_what_it_says(path):
    ((_, code),) = blocks(path, "python")
    ((_, printed),) = blocks(path, "text")
    assert len([line for line in code.splitlines() if line]) <= 10
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, path.name, "exec"), {})
    assert output.getvalue() == printed


@pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda p: p.name)
def test_one_picture_with_words_for_those_who_cannot_see_it(path):
    ((alternative, picture),) = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text(path))
    assert len(alternative) > 40
    assert (ROOT / picture).is_file()


def test_the_picture_is_what_its_script_draws(tmp_path):
    code = "import sys; sys.path.insert(0, 'tools'); import picture; picture.draw(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, tmp_path / "picture.svg"], cwd=ROOT, check=True)
    drawn = (tmp_path / "picture.svg").read_bytes()
    assert drawn == (ROOT / "book" / "readme.svg").read_bytes(), "draw it again: python tools/picture.py"
    assert drawn.count(b"<path") > 50
