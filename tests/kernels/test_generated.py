"""The files of fluxopt_edu/kernels are what the rules give now, and their machine code rounds each operation."""

import importlib.util
import platform
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from routes import SINGLE, fused

from fluxopt_edu import native
from fluxopt_edu.kernels import kernel_of
from fluxopt_edu.ops import maximum, sqrt
from fluxopt_edu.readings.kernel import kernel
from fluxopt_edu.rule import rule

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fluxopt_edu" / "kernels"


def test_the_files_are_those_that_the_tool_writes():
    tool = importlib.util.spec_from_file_location("kernels_tool", ROOT / "tools" / "kernels.py")
    module = importlib.util.module_from_spec(tool)
    tool.loader.exec_module(module)
    stored = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py") if path.name != "__init__.py"}
    assert stored == module.texts()
    assert len(stored) == 14  # the single rules and WeightDecay: AdamW is a chain


@pytest.mark.parametrize("new", SINGLE)
def test_each_rule_has_its_own_kernel_and_another_of_its_name_has_none(new):
    assert kernel_of(new).__name__.rpartition(".")[2] == new.__module__.rpartition(".")[2]
    other = type(new.__name__, (new,), {"__module__": new.__module__})
    assert kernel_of(other) is None


def test_what_no_kernel_can_be_made_of():
    @rule
    def Two(g, m=0, *, eta=0.1, rho=0.9):
        step = eta * g if eta > rho else rho * g
        return (step, m * rho) if rho > 0.5 else (step, m * eta)

    with pytest.raises(ValueError, match="^Two asks more than one question"):
        kernel(Two)

    @rule
    def Same(g, m=0, *, eta=0.1):
        return eta * g, g

    with pytest.raises(ValueError, match="^Same returns g: expected the result of an operation on arrays"):
        kernel(Same)


def test_hard_rules_by_their_text():
    @rule
    def Hard(g, x, a=0, b=0, *, eta=0.1):
        """Reads old states late, swaps, repeats, and meets bare numbers."""
        far = 3 - x * 0.5
        return far * eta + maximum(a, b) / far, b * far + a, a - sqrt(far * far) * 3

    text = kernel(Hard)
    compile(text, "Hard", "exec")
    assert "a_before = a\n" in text and "b_before" not in text
    assert re.search(r"c\d = 3\n", text) and re.search(r"c\d = 0.5\n", text)
    line = next(line for line in text.splitlines() if line.strip().startswith("far ="))
    assert not re.search(r"[^c]\d", line)


@fused
@pytest.mark.parametrize("new", SINGLE)
def test_no_two_operations_are_rounded_as_one(new):
    """A fused multiply-add has no second rounding: its instruction must not be in the machine code."""
    import numba

    intel, arm = r"\bvfn?m(add|sub)", r"\bfn?m(add|sub|la|ls)"
    sign = {"x86_64": intel, "AMD64": intel, "aarch64": arm, "arm64": arm}.get(platform.machine())
    if sign is None:
        pytest.skip(f"the name of this instruction on {platform.machine()} is not known here")

    def assembly(function, count, **options):
        numbers = [numba.float64] * count
        compiled = numba.njit(error_model="numpy", **options)(function)
        compiled.compile(numba.void(native._words(2), native._words(1), numba.types.DType(numba.float64), *numbers))
        return "".join(compiled.inspect_asm().values())

    loop = next(value for name, value in vars(kernel_of(new)).items() if name.startswith("update"))
    count = loop.function.__code__.co_argcount - 3
    assert not re.search(sign, assembly(loop.function, count))
    # the search can succeed
    if new.__name__ == "Momentum":
        assert re.search(sign, assembly(loop.function, count, fastmath=True))


@fused
def test_compiled_options():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled = kernel_of(SINGLE[0]).update.compiled(np.dtype(float), "d", 1)
    options = compiled.targetoptions
    assert options["error_model"] == "numpy" and not options.get("fastmath") and not options.get("parallel")
