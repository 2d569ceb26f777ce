"""`make lab` opens a JupyterLab that shows MyST and can speak Chinese."""

import re
import subprocess
import sys
from importlib.metadata import entry_points


def test_jupyterlab_loads_the_myst_extension():
    """JupyterLab checks the extension's own dependencies against its own."""
    command = [sys.executable, "-m", "jupyter", "labextension", "list"]
    listed = subprocess.run(command, capture_output=True, text=True)
    lines = re.sub(r"\x1b\[\d*m", "", listed.stdout + listed.stderr)
    assert re.search(r"jupyterlab-myst v\S+ +enabled +OK\b", lines), lines


def test_chinese_is_among_the_languages():
    assert "zh_CN" in {point.name for point in entry_points(group="jupyterlab.languagepack")}
