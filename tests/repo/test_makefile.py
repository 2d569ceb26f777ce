"""The Makefile's help names every target, and CI's check accepts no skipped test."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_help_names_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split())
    assert targets == set(re.findall(r"^([a-z]+):", makefile, re.M))
    assert set(re.findall(r"'make ([a-z]+)", makefile)) == targets - {"help"}


def test_extras_exist_and_ci_installs_every_one_that_tests_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(project["optional-dependencies"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(" ".join(re.findall(r"\$\(SETUP\) (.+)", makefile)).split()) <= extras
    (installed,) = re.findall(r"^sh tools/setup.sh (.+)$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.M)
    assert set(installed.split()) == extras - {"pins"}


def verdict(folder, **modules):
    for name, source in modules.items():
        (folder / f"test_{name}.py").write_text(source)
    report = folder / "junit.xml"
    command = ["pytest", "-p", "xdist", "-n", "1", "-c", os.devnull, "--rootdir", folder, "--junitxml", report, folder]
    fewer_plugins = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run([sys.executable, "-m", *command], env=fewer_plugins, capture_output=True)
    command = [sys.executable, ROOT / "tools" / "no_skips.py", report]
    return subprocess.run(command, capture_output=True, text=True)


def test_ci_accepts_passed_tests_and_expected_failures(tmp_path):
    result = verdict(tmp_path, one="import pytest\ndef test(): pass\n@pytest.mark.xfail\ndef test_known(): assert 0")
    assert (result.returncode, result.stdout) == (0, "2 tests, none skipped.\n")


def test_ci_refuses_a_skipped_test_and_a_skipped_module(tmp_path):
    result = verdict(
        tmp_path,
        one="import pytest\ndef test(): pass\ndef test_skipped(): pytest.skip('no browser')",
        two="import pytest\npytest.importorskip('no_such_module')\ndef test(): pass",
    )
    assert result.returncode == 1
    assert "no browser" in result.stderr and "no_such_module" in result.stderr


def test_ci_refuses_a_run_without_tests(tmp_path):
    result = verdict(tmp_path)
    assert result.returncode == 1
    assert "No test ran" in result.stderr
