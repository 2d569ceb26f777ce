"""Write the kernel of each rule into fluxopt_edu/kernels: python tools/kernels.py"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fluxopt_edu import rules  # noqa: E402
from fluxopt_edu.readings.kernel import kernel  # noqa: E402
from fluxopt_edu.rule import Rule  # noqa: E402


def texts():
    """The text of each kernel by its file's name, which is that of the rule's own file."""
    single = [rule for rule in (getattr(rules, name) for name in rules.__all__) if issubclass(rule, Rule)]
    return {rule.__module__.rpartition(".")[2] + ".py": kernel(rule) for rule in single}


def main():
    folder = ROOT / "fluxopt_edu" / "kernels"
    written = texts()
    for path in folder.glob("*.py"):
        if path.name not in {"__init__.py", *written}:
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
