"""What a chapter of a rule must hold, and what its derivation may not look at."""

import ast
import re

import pytest
from book_pages import name_of, notebooks, shown

import fluxopt_edu
from fluxopt_edu.readings.sympy import symbolic
from fluxopt_edu.source import source

SECTIONS = [
    "card", "failure", "change", "derivation", "by-hand", "code", "limits", "figures", "elsewhere", "use", "exercises",
    "references",
]  # fmt: skip
# Longer helpers belong in the package.
LINES_OF_A_FUNCTION = 12
EXERCISES = 6


RULES = {name.lower() for name in fluxopt_edu.rules.__all__}


def each_chapter():
    return pytest.mark.parametrize("page", [page for page in notebooks() if page.path.stem in RULES], ids=name_of)


def sections(page):
    """The cells of each section by its name; a target begins one."""
    name, found = None, {}
    stem, language = page.path.stem, page.language
    for cell in page.cells:
        for token, _ in cell.tokens:
            match = re.fullmatch(rf"{stem}-(.+)-{language}", token.content) if token.type == "myst_target" else None
            if match and match[1] in SECTIONS:
                name = match[1]
        found.setdefault(name, []).append(cell)
    return found


def without_magics(source):
    return re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE)


def tree(cell):
    return ast.parse(without_magics(cell.source))


def from_the_package(page):
    """Every name that any cell imports from the package, or makes out of what it imports."""
    names = {"fluxopt_edu"}
    for cell in page.code:
        for node in ast.walk(tree(cell)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "fluxopt_edu":
                names |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {alias.asname for alias in node.names if alias.name.startswith("fluxopt_edu") and alias.asname}
        for statement in tree(cell).body:
            used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            if isinstance(statement, ast.FunctionDef) and used & names:
                names.add(statement.name)
            elif isinstance(statement, ast.Assign) and used & names:
                names |= {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            elif isinstance(statement, ast.Assign):
                # The name has been given something else.
                names -= {target.id for target in statement.targets if isinstance(target, ast.Name)}
        yield cell, set(names)


def uses_of_the_package(cell, names):
    for node in ast.walk(tree(cell)):
        if isinstance(node, ast.Name) and node.id in names:
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from (module for module in modules if module.split(".")[0] == "fluxopt_edu")


def readings(cell):
    """What reads a rule's formula instead of running the rule."""
    for node in ast.walk(tree(cell)):
        if isinstance(node, ast.Attribute) and node.attr in {"formula", "rule"}:
            yield f".{node.attr}"
        elif isinstance(node, ast.Name) and node.id in {"source", "inspect", "trace", "symbolic", "unroll", "latex", "prove", "exec", "eval"}:
            yield node.id


def calls(source, name):
    nodes = ast.walk(ast.parse(without_magics(source)))
    return [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]


def tight(line):
    """A line of code without spaces and comment."""
    return re.sub(r"\s", "", line.split("#")[0])


def rule_of(page):
    # The article's spellings come after Flux's in the list.
    return next(name for name in fluxopt_edu.__all__ if plain(name) == page.path.stem)


def plain(name):
    return name.lower().replace("_", "")


@each_chapter()
def test_sections_in_order(page):
    found = [name for name in sections(page) if name]
    assert found == SECTIONS, f"{page.name}: {found}"


@each_chapter()
def test_derivation_does_not_look_at_the_package(page):
    derivation = [cell.number for cell in sections(page)["derivation"] if cell.kind == "code"]
    assert derivation, f"{page.name}: a derivation without code"
    wrong = [
        (cell.place(), f"uses {name}")
        for cell, names in from_the_package(page)
        if cell.number in derivation
        for name in [*uses_of_the_package(cell, names), *readings(cell)]
    ]
    assert not wrong, shown(wrong)


@each_chapter()
def test_nothing_reads_the_formula_before_the_proof(page):
    """Between derivation and code the rule may run, to compare numbers with it, but not be read."""
    wrong = [
        (cell.place(), f"uses {name}")
        for section in ("derivation", "by-hand")
        for cell in sections(page)[section]
        if cell.kind == "code"
        for name in readings(cell)
    ]
    assert not wrong, shown(wrong)


@each_chapter()
def test_the_rule_is_shown(page):
    code = [cell.source for cell in sections(page)["code"] if cell.kind == "code"]
    assert any(re.search(rf"\bsource\({rule_of(page)}\)", source) for source in code), f"{page.name}: no source(…)"


@each_chapter()
def test_the_rule_is_proved(page):
    """In the code section a proof of the step and of every state is asserted."""
    rule = rule_of(page)
    proved = []
    for cell in sections(page)["code"]:
        if cell.kind == "code" and any(isinstance(node, ast.Assert) for node in ast.walk(tree(cell))):
            calls = [node for node in ast.walk(tree(cell)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "prove"]
            proved += [{word.arg for word in call.keywords} for call in calls if ast.unparse(call.args[0]) == rule]
    assert set(symbolic(getattr(fluxopt_edu, rule))) in proved, f"{page.name}: what is proved together: {proved}"


@each_chapter()
def test_no_library_code_is_pasted(page):
    # The code lines of each rule, without their comments: two in a row on a page were copied.
    bodies = {}
    for name in fluxopt_edu.__all__:
        try:
            text = source(getattr(fluxopt_edu, name))
        except (TypeError, AttributeError, OSError, ValueError):
            continue
        lines = [tight(line) for line in text.splitlines() if re.match(r"\s+\S", line)]
        bodies[name] = {pair for pair in zip(lines, lines[1:]) if all(len(line) > 10 for line in pair)}
    assert any(bodies.values())
    wrong = []
    for cell in page.code:
        lines = [tight(line) for line in cell.source.splitlines() if tight(line)]
        for name, body in bodies.items():
            if body & set(zip(lines, lines[1:])):
                wrong.append((cell.place(), f"holds the code of {name}: show it with source({name})"))
        for node in ast.walk(tree(cell)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                if plain(node.name) in {plain(name) for name in fluxopt_edu.__all__}:
                    wrong.append((cell.place(), f"defines {node.name}, which is the package's"))
                if node.end_lineno - node.lineno + 1 > LINES_OF_A_FUNCTION:
                    wrong.append((cell.place(), f"{node.name} has over {LINES_OF_A_FUNCTION} lines: move it to the package"))
    assert not wrong, shown(wrong)


@each_chapter()
def test_first_cell_says_how_to_install(page):
    assert "pip install fluxopt_edu-*.whl" in page.cells[0].source, page.name
    assert page.cells[0].kind == "markdown", page.name


@each_chapter()
def test_facts_are_asserted(page):
    """The sections that state facts hold asserts."""
    for name in ("derivation", "by-hand", "code", "limits"):
        code = [cell for cell in sections(page)[name] if cell.kind == "code"]
        asserts = [node for cell in code for node in ast.walk(tree(cell)) if isinstance(node, ast.Assert)]
        assert asserts, f"{page.name}: nothing is asserted in the section {name}"


@each_chapter()
def test_six_exercises_with_folded_solutions(page):
    """Each ends in a dropdown, and the code after it is folded on the site and in JupyterLab."""
    cells = sections(page)["exercises"]
    folded = [
        number
        for number, cell in enumerate(cells)
        if any(token.info.startswith("{dropdown}") for token, _ in cell.tokens if token.info)
    ]
    assert len(folded) == EXERCISES, f"{page.name}: {len(folded)} dropdowns for {EXERCISES} exercises"
    for number in folded:
        code = next((cell for cell in cells[number + 1 :]), None)
        assert code and code.kind == "code", f"{cells[number].place()}: no code after the solution"
        hidden = code.metadata.get("jupyter", {})
        assert "hide-cell" in code.tags and hidden.get("source_hidden") and hidden.get("outputs_hidden"), f"{code.place()}: not folded"
