"""tools/setup.sh finds a Python that works, installs once, and says what to do when it cannot.

The Pythons here are stand-ins: shell scripts that answer what setup.sh asks.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["python3.13", "python3.12", "python3.11", "python3"]
DOES_NOT_START = "echo 'no such version is set' >&2; exit 127"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows takes the plain commands of README.md")


def answers(version, venv=True):
    """A Python of this version that writes down what it is told to do."""
    return f"""
case "$*" in
  *version_info*) echo {version} ;;
  *ensurepip*) {"true" if venv else "exit 1"} ;;
  "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo "venv {version}" >> log ;;
  "-m pip install"*) echo "$*" >> log; test ! -e no-network ;;
esac
"""


class Machine:
    def __init__(self, folder):
        self.project, self.path = folder / "a project", folder / "path"
        (self.project / "tools").mkdir(parents=True)
        for name in ("pyproject.toml", "constraints.txt", "tools/setup.sh"):
            shutil.copy(ROOT / name, self.project / name)
        self.path.mkdir()
        for name in NAMES:
            self.add(name, DOES_NOT_START)

    def add(self, name, script):
        python = self.path / name
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        return python

    def setup(self, *extras, **variables):
        # PATH goes on with the system's, for cat, rm and the like.
        environment = {"PATH": f"{self.path}{os.pathsep}/usr/bin{os.pathsep}/bin", **variables}
        command = ["/bin/sh", "tools/setup.sh", *extras]
        return subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True)

    def log(self):
        log = self.project / "log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_takes_the_newest_that_starts_and_fits(machine):
    machine.add("python3.12", answers("3.12.4"))
    machine.add("python3", answers("3.14.0"))
    result = machine.setup("book", "test")
    assert result.returncode == 0, result.stderr
    assert machine.log() == ["venv 3.12.4", "-m pip install -c constraints.txt -e .[book,test]"]


def test_installs_again_only_when_something_changed(machine):
    machine.add("python3", answers("3.11.2"))
    machine.setup("book")
    assert machine.setup("book").returncode == 0
    assert len(machine.log()) == 2
    machine.setup("book", "test")
    assert machine.log()[2:] == ["-m pip install -c constraints.txt -e .[test]"]
    with (machine.project / "constraints.txt").open("a") as pins:
        pins.write("another==1\n")
    machine.setup("book")
    assert machine.log()[3:] == ["-m pip install -c constraints.txt -e .[book]"]


def test_a_failed_install_is_tried_again(machine):
    machine.add("python3", answers("3.11.2"))
    (machine.project / "no-network").touch()
    assert machine.setup("book").returncode != 0
    (machine.project / "no-network").unlink()
    assert machine.setup("book").returncode == 0
    assert machine.log() == ["venv 3.11.2", *["-m pip install -c constraints.txt -e .[book]"] * 2]


def test_made_anew_when_the_project_moves(machine):
    machine.add("python3", answers("3.11.2"))
    machine.setup("book")
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))
    machine.setup("book")
    assert [line.split()[0] for line in machine.log()] == ["venv", "-m", "venv", "-m"]


def test_made_anew_for_another_python(machine):
    machine.add("python3", answers("3.11.2"))
    machine.setup("book")
    other = machine.add("my python", answers("3.13.1"))
    machine.setup("book", PYTHON=str(other))
    assert machine.log()[2] == "venv 3.13.1"
    # Without PYTHON the environment stays as it is.
    machine.setup("book")
    assert len(machine.log()) == 4


def test_made_anew_when_its_python_became_another(machine):
    machine.add("python3", answers("3.11.2"))
    machine.setup("book")
    machine.add("python3", answers("3.13.5"))
    shutil.copy(machine.path / "python3", machine.project / ".venv" / "bin" / "python")
    machine.setup("book")
    assert machine.log()[2] == "venv 3.13.5"


def refusal(machine, **variables):
    result = machine.setup("book", **variables)
    assert result.returncode == 1
    assert not (machine.project / ".venv").exists()
    assert "needs Python 3.11, 3.12 or 3.13" in result.stderr
    assert "make book PYTHON=" in result.stderr
    return result.stderr


def test_refuses_other_versions_and_those_that_do_not_start(machine):
    machine.add("python3", answers("3.10.9"))
    message = refusal(machine)
    assert "python3: is Python 3.10.9" in message
    assert "python3.13: found, but it does not start" in message


def test_says_which_package_is_missing(machine):
    machine.add("python3", answers("3.11.2", venv=False))
    message = refusal(machine)
    assert "lacks the modules venv and ensurepip" in message
    assert "apt install python3.11-venv" in message


def test_a_python_that_was_named_is_the_only_one_tried(machine):
    machine.add("python3", answers("3.11.2"))
    assert "/nowhere/python: no such command" in refusal(machine, PYTHON="/nowhere/python")
    old = machine.add("old", answers("3.9.0"))
    assert f"{old}: is Python 3.9.0" in refusal(machine, PYTHON=str(old))
