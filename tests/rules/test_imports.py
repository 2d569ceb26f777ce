"""What imports what: read from the source, and seen in a fresh interpreter."""

import ast
import graphlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from flux_rules import ARTICLE, DEFAULTS

import fluxopt_edu

ROOT = Path(fluxopt_edu.__file__).parent
HEAVY = {"sympy", "matplotlib", "numba", "torch", "jax", "optax", "scipy", "IPython"}


def module_name(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in ROOT.rglob("*.py")}


def imports(name, on_import=False):
    """All that a module imports, in functions too or `on_import` alone; the package's own modules by full name."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if on_import else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


def own_imports(name, on_import=False):
    return {module for module in imports(name, on_import) if module in MODULES}


def below(*names, on_import=False):
    """These modules and all that they rest on."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += own_imports(name, on_import)
    return found


RULES = {name for name in MODULES if name.startswith("fluxopt_edu.rules.")}


def test_the_graph_is_read_right():
    assert len(RULES) == 15
    assert own_imports("fluxopt_edu.rules.adam") == {"fluxopt_edu.ops", "fluxopt_edu.rule"}
    assert own_imports("fluxopt_edu.rules.adamw") == {"fluxopt_edu.chain", "fluxopt_edu.rules.adam", "fluxopt_edu.rules.weight_decay"}
    assert "fluxopt_edu.ops" in own_imports("fluxopt_edu.precision")  # from . import ops
    assert "numpy" in imports("fluxopt_edu.rule") and "matplotlib" in imports("fluxopt_edu.figures")  # within a function


def test_imports_run_one_way():
    # raises CycleError, which names the modules of a circle; the package itself only gathers
    modules = {name: own_imports(name) for name in MODULES if name != "fluxopt_edu"}
    list(graphlib.TopologicalSorter(modules).static_order())
    importing_the_package = [name for name, others in modules.items() if "fluxopt_edu" in others]
    assert importing_the_package == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_rules_know_rule_ops_and_chain_only(name):
    outside = set(imports(name)) - RULES
    assert outside <= {"fluxopt_edu.rule", "fluxopt_edu.ops", "fluxopt_edu.chain"}


def test_nothing_below_the_rules_knows_their_readers():
    core = below(*RULES, "fluxopt_edu.update")
    readers = {"trace", "readings", "algebra", "symbols", "proof", "formulas", "cite", "dialects", "porting", "adapters", "bibliography", "command", "figures", "run", "source"}
    assert not [name for name in core if name.split(".")[1] in readers]


def test_import_fluxopt_edu_needs_numpy_and_the_standard_library_only():
    for name in below("fluxopt_edu", on_import=True):
        outside = {module.partition(".")[0] for module in imports(name, on_import=True)} - {"fluxopt_edu"}
        assert outside <= {"numpy"} | sys.stdlib_module_names, name


def test_nothing_knows_the_book_or_the_tests():
    for name in MODULES:
        assert not {module.partition(".")[0] for module in imports(name)} & {"book", "tests", "tools"}, name


@pytest.mark.parametrize("statement", [
    "import fluxopt_edu",
    "from fluxopt_edu import *",
    "from fluxopt_edu import Adam, update, source; import numpy as np; p = np.ones(2); update(Adam(), p, p); source(Adam)",
    "from fluxopt_edu import figures",
    "from fluxopt_edu.run import trajectory",
    "import numpy as np; from fluxopt_edu import Adam; x = np.ones(2, 'float16'); Adam().apply(Adam().init(x), x, x)",
])  # fmt: skip
def test_heavy_libraries_are_imported_only_when_used(statement):
    probe = f"import sys; {statement}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_probe_sees_an_import():
    done = subprocess.run([sys.executable, "-c", "import sys, sympy; print('sympy' in sys.modules)"], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_all_public_names_exist_once():
    names = fluxopt_edu.__all__
    assert len(set(names)) == len(names) and all(hasattr(fluxopt_edu, name) for name in names)
    assert {*DEFAULTS, *ARTICLE, "WeightDecay", "chain", "update", "source"} <= set(names)
