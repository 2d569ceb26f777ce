"""The package starts with NumPy alone, and its wheel builds without a network."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_import_takes_neither_sympy_nor_matplotlib():
    code = "import sys, fluxopt_edu, fluxopt_edu.run, fluxopt_edu.figures; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert "numpy" in modules
    assert not {"sympy", "matplotlib", "IPython", "torch", "jax", "optax"} & set(modules)


def test_wheel_builds_without_a_network_and_holds_the_package(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", tmp_path, "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("fluxopt_edu-*-py3-none-any.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (p for p in (ROOT / "fluxopt_edu").rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    sources = {p.relative_to(ROOT).as_posix() for p in files}
    assert packed == sources
