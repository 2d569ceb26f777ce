"""pyproject.toml, constraints.txt, environment.yml and what is installed say the same."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
# The first releases of what setup.sh accepts; 3.11.2 is Debian 12's.
PYTHONS = ["3.11.2", "3.12.0", "3.13.0"]
# What conda-forge calls otherwise.
CONDA = {"matplotlib": "matplotlib-base", "playwright": "playwright-python"}
# These versions show in the book's outputs, so conda takes nearly the same ones.
SHOWS = ["numpy", "sympy", "matplotlib", "jupyter-book"]

project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
extras = project["project"]["optional-dependencies"]
pin_lines = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith("#")
]
pins = {canonicalize_name(pin.name): pin for pin in pin_lines}
direct = {
    requirement.name: requirement
    for requirement in map(Requirement, [*project["project"]["dependencies"], *sum(extras.values(), [])])
    if requirement.name != "fluxopt-edu"
}


def pinned(name):
    (specifier,) = pins[canonicalize_name(name)].specifier
    return Version(specifier.version)


def closure(*names):
    """The names of everything these extras install here, with what they need in turn."""
    found, todo = set(), [Requirement(f"fluxopt-edu[{','.join(names)}]")]
    while todo:
        requirement = todo.pop()
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key in found:
            continue
        found.add(key)
        for needed in map(Requirement, metadata.requires(requirement.name) or []):
            if any(needed.marker is None or needed.marker.evaluate({"extra": e}) for e in {"", *requirement.extras}):
                todo.append(needed)
    return {name for name, _ in found} - {"fluxopt-edu"}


def installed_extras():
    optional = [e for e in ("fast", "peers", "pins") if all(is_installed(Requirement(r).name) for r in extras[e])]
    return ["book", "test", *optional]


def is_installed(name):
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def test_constraints_are_exact_versions_and_no_addresses():
    assert len(pins) == len(pin_lines), "a package is pinned twice"
    for pin in pin_lines:
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), pin
        assert pin.url is None, pin


@pytest.mark.parametrize("name", direct)
def test_pin_fits_what_pyproject_asks_for(name):
    assert pinned(name) in direct[name].specifier


def test_everything_installed_is_pinned():
    assert closure(*installed_extras()) <= set(pins)


@pytest.mark.skipif(Path(sys.prefix, "conda-meta").is_dir(), reason="conda chooses among its own versions")
def test_what_is_installed_is_what_is_pinned():
    different = {
        name: f"{metadata.version(name)}, pinned {pinned(name)}"
        for name in closure(*installed_extras())
        if Version(Version(metadata.version(name)).public) != pinned(name)
    }
    assert not different, "run the command again that installs: make book, make test or make peers"


@pytest.mark.parametrize("python", PYTHONS)
def test_pinned_versions_support_the_first_release_of_each_python(python):
    refuse = {
        name: wanted
        for name in closure(*installed_extras())
        if (wanted := metadata.metadata(name).get("Requires-Python")) and Version(python) not in SpecifierSet(wanted)
    }
    assert not refuse


def test_the_build_backend_is_installed_with_the_book():
    (backend,) = project["build-system"]["requires"]
    assert backend in extras["book"]
    assert backend == f"flit_core=={pinned('flit-core')}"


def test_the_same_pythons_everywhere():
    minors = [".".join(p.split(".")[:2]) for p in PYTHONS]
    listed = [c.split(" :: ")[-1] for c in project["project"]["classifiers"] if re.search(r"Python :: 3\.\d", c)]
    accepted = re.search(r"^ *(3\.\d+\.\*.*)\) ;;$", (ROOT / "tools/setup.sh").read_text(encoding="utf-8"), re.M)
    assert listed == minors
    assert accepted[1].replace(".*", "").split(" | ") == minors
    assert project["project"]["requires-python"] == f">={minors[0]}"
    for readme, text in [("README.md", "3.11, 3.12 or 3.13"), ("README.zh.md", "3.11、3.12 或 3.13")]:
        assert text in (ROOT / readme).read_text(encoding="utf-8")


environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
conda_lines = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
conda = dict(re.fullmatch(r"([\w.-]+?)((?:[=<>].*)?)", line).groups() for line in conda_lines)
(pip_lines,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
from_pip = {r.name: r for r in map(Requirement, (line for line in pip_lines if not line.startswith("-")))}
not_for_conda = {Requirement(r).name for extra in ("fast", "peers", "pins") for r in extras[extra]}
from_conda = {
    CONDA.get(name, name).lower().replace("_", "-"): name for name in direct.keys() - not_for_conda - from_pip.keys()
}


def test_conda_environment_holds_the_same_packages():
    assert environment["name"] == "fluxopt-edu"
    assert len(conda) == len(conda_lines), "a package stands twice in environment.yml"
    assert set(from_conda) == set(conda) - {"python", "pip"}
    assert "--editable ." in pip_lines
    assert from_pip == {name: direct[name] for name in from_pip}


@pytest.mark.parametrize("conda_name", sorted(from_conda))
def test_conda_environment_asks_for_the_same_versions(conda_name):
    asked, name = conda[conda_name], from_conda[conda_name]
    if name in SHOWS:
        assert re.fullmatch(r"=\d+\.\d.*", asked), "major and minor version"
        assert f"{pinned(name)}.".startswith(asked.removeprefix("=") + ".")
    else:
        assert set(map(str, SpecifierSet(re.sub("^=(?!=)", "==", asked)))) == set(map(str, direct[name].specifier))


def test_conda_environment_takes_a_python_that_works():
    assert conda["python"].removeprefix("=") in [".".join(p.split(".")[:2]) for p in PYTHONS]
