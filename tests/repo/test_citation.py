"""CITATION.cff is valid, says what the package says, and invents nothing."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

import fluxopt_edu

ROOT = Path(__file__).parents[2]
citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def check_schema(path):
    return CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.citation-file-format", str(path)])


def test_valid_by_the_schema_of_cff_1_2_0():
    assert citation["cff-version"] == "1.2.0"
    result = check_schema(ROOT / "CITATION.cff")
    assert result.exit_code == 0, result.output


def test_the_schema_refuses_an_unknown_field(tmp_path):
    path = tmp_path / "CITATION.cff"
    path.write_text((ROOT / "CITATION.cff").read_text(encoding="utf-8") + "adress: nowhere\n", encoding="utf-8")
    result = check_schema(path)
    assert result.exit_code == 1
    assert "adress" in result.output


def test_same_version_everywhere():
    version = project["version"]
    assert citation["version"] == version == fluxopt_edu.__version__
    assert str(citation["date-released"]) == fluxopt_edu.__date__
    for readme in ("README.md", "README.zh.md"):
        assert f"version = {{{version}}}" in (ROOT / readme).read_text(encoding="utf-8")


def test_same_title_and_author_as_the_bibtex_entry():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    entry = re.search(r"```bibtex\n(.*?)```", readme, re.S)[1].replace("{", "").replace("}", "")
    assert f"title   = {citation['title']}," in entry
    assert citation["authors"] == [{"name": author["name"]} for author in project["authors"]]
    assert f"author  = {citation['authors'][0]['name']}," in entry


def test_nothing_invented():
    """No identifier or address until there is one."""
    assert not {"doi", "identifiers", "url", "repository", "repository-code", "repository-artifact"} & set(citation)
    assert not re.search(r"https?://|orcid|10\.\d{4}/", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.I)


@pytest.mark.parametrize(
    ("name", "first_line"),
    [("LICENSE", "MIT License"), ("LICENSE-CC-BY-4.0", "Creative Commons Attribution 4.0 International Public License")],
)
def test_licences_stand_beside_it(name, first_line):
    assert (ROOT / name).read_text(encoding="utf-8").splitlines()[0] == first_line
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert project["license"] == "MIT", "the package holds code alone"
