r"""The Typst printer: every line is read back and proved equal to the rule; a changed line, a changed printer is found out.

What the reader makes of a line is what Typst makes of it: Typst's own parser gives its tree, which is read as LaTeX.
"""

import importlib.util
import json
import os
import random
import re
import sys
from pathlib import Path

import latex_reader
import pytest
import sympy as sp
import typst as engine
import typst_reader
from latex_reader import Unreadable
from read_back import IDS, faults

import fluxopt_edu
from fluxopt_edu import Adam, AdaGrad, Momentum, RMSProp, WeightDecay, chain
from fluxopt_edu.readings.changes import Marked, changes, marked
from fluxopt_edu.readings.latex import latex
from fluxopt_edu.readings.lines import Letter, lines
from fluxopt_edu.readings.typst import from_latex, typst, written
from fluxopt_edu.rule import rule
from fluxopt_edu.symbols import TABLE

PRINTED = {rule: typst(rule) for rule in IDS.values()}
# Each text once, with a rule and id that it is printed for.
LINES = {text: (owner, id) for owner, formulas in reversed(PRINTED.items()) for id, text in formulas.items()}
each_rule = pytest.mark.parametrize("rule", IDS.values(), ids=IDS)
CHAINS = [chain(WeightDecay(), Adam()), chain(WeightDecay(), RMSProp(), Momentum()), chain(WeightDecay(), Momentum(), Adam())]


# Read back


@each_rule
def test_every_line_says_what_the_code_computes(rule):
    assert not list(faults(rule, typst(rule), typst_reader.read))


@each_rule
def test_the_ids_are_those_of_the_latex(rule):
    assert list(typst(rule)) == list(latex(rule))


@pytest.mark.parametrize("opt", CHAINS, ids=str)
def test_a_chain_is_read_back(opt):
    assert not list(faults(opt, typst(opt), typst_reader.read))


def test_radams_condition():
    _, step = typst_reader.read(typst(fluxopt_edu.RAdam)["radam.step"])
    ρ = sp.Symbol("rho[t]")
    assert [condition for _, condition in step.args] == [ρ > 4, ρ <= 4]


# What Typst sees

SIGNS = {"−": "-", "⋅": r"\cdot ", "ϵ": r"\epsilon ", "∞": r"\infty ", "≤": r"\le ", "≥": r"\ge "}
LETTERS = dict(zip("αβγδηθκλμνρσφΔ", "alpha beta gamma delta eta theta kappa lambda mu nu rho sigma phi Delta".split()))
ACCENTS = {"\u0302": r"\hat", "\u0304": r"\bar"}


def shown(content):
    """Typst's tree of a formula, in LaTeX."""
    match content:
        case {"func": "sequence", "children": children}:
            return "".join(map(shown, children))
        case {"func": "symbol" | "text", "text": text}:
            return SIGNS.get(text) or (rf"\{LETTERS[text]} " if text in LETTERS else text)
        case {"func": "op", "text": {"text": text}}:
            return rf"\{text} "
        case {"func": "space" | "h"}:
            return " "
        case {"func": "align-point"}:
            return "&"
        case {"func": "lr", "body": body}:
            return shown(body)
        case {"func": "styled", "child": child}:
            return shown(child)
        case {"func": "root", "radicand": inside}:
            return rf"\sqrt{{{shown(inside)}}}"
        case {"func": "frac", "num": above, "denom": below}:
            return rf"\frac{{{shown(above)}}}{{{shown(below)}}}"
        case {"func": "accent", "base": base, "accent": accent}:
            return rf"{ACCENTS[accent]}{{{shown(base)}}}"
        case {"func": "cases", "children": rows}:
            return r"\begin{cases} " + r" \\ ".join(map(shown, rows)) + r" \end{cases}"
        case {"func": "attach", "base": base}:
            scripts = {"b": "_", "t": "^"}
            rest = "".join(f"{sign}{{{shown(content[where])}}}" for where, sign in scripts.items() if where in content)
            return shown(base) + "'" * content.get("tr", {}).get("count", 0) + rest
    raise Unreadable(str(content))


def seen_by_typst(formulas):
    """Each formula as Typst's own parser groups it."""
    expression = "(" + ", ".join(f"${formula}$.body" for formula in formulas) + ",)"
    return [latex_reader.read(shown(tree)) for tree in json.loads(engine.Compiler().eval(expression, format="json"))]


def test_typst_groups_every_line_as_the_reader_does():
    formulas = [*LINES, *(text for opt in CHAINS for text in typst(opt).values())]
    for text, seen in zip(formulas, seen_by_typst(formulas), strict=True):
        assert seen == typst_reader.read(text), text


# The reader

m, v, g = map(sp.Symbol, ("m[t]", "v[t]", "g[t]"))


@pytest.mark.parametrize(
    "typst, expression",
    [
        ("hat(m)_t", sp.Symbol("hat m[t]")),
        ("v_(max,t-1)", sp.Symbol("v[max,t-1]")),
        ("v'_t", sp.Symbol("v'[t]")),
        ("rho_infinity", sp.Symbol("rho[oo]")),
        ("beta_1^(t+1)", sp.Symbol("beta[1]") ** (sp.Symbol("t") + 1)),
        ("-m_t - (v_t - g_t)", -m - v + g),
        ("2 m_t (v_t + g_t)^2", 2 * m * (v + g) ** 2),
        ("frac(m_t, sqrt(v_t)) thin g_t", m / sp.sqrt(v) * g),
        ("max(m_t, abs(g_t))", sp.Max(m, sp.Abs(g))),
        ("0.5 dot 10^(-8)", sp.Rational(1, 2) * sp.Rational(10) ** -8),
        ("changed((m_t + v_t)) thin g_t", (m + v) * g),
    ],
)
def test_read(typst, expression):
    assert sp.expand(typst_reader.read_expression(typst) - expression) == 0


@pytest.mark.parametrize(
    "typst",
    ["m_t(v_t)", "m(v)", "(m)(v)", "sqrt (m)", "frac(m_t)", "m_t 2", "m^-1", "mv", "hat(m v)", "m_t_t", "epsilon", "m / v", "hat(m)^", "m = v", "max(m)"],
)
def test_refused(typst):
    with pytest.raises(Unreadable):
        typst_reader.read_expression(typst)


# Mistakes in a line

MUTANTS = os.environ.get("FORMULA_MUTANTS", "some")
EXCHANGED = {
    "+": ["-"], "-": ["+"], "1": ["2"], "2": ["1", "3"], "4": ["5"], "t": ["t-1"], ">": ["<", ">="], "<=": ["<", ">"], "max": ["min"],
    "beta": ["rho"], "rho": ["eta"], "eta": ["epsilon.alt"], "epsilon.alt": ["eta", "epsilon"], "lambda": ["eta"], "infinity": ["t"],
    "Delta": ["v"], "hat": ["macron"], "macron": ["hat"], "sqrt": ["abs", ""], "abs": [""], "frac": ["max"], "m": ["v"], "v": ["m"],
    "g": ["m"], "x": ["g"], "u": ["m"], "a": ["b"], "b": ["a"], "s": ["v"], "r": ["rho"],
}  # fmt: skip
NO_MEANING = {"thin", "quad", "display"}


def changes_of_signs(text):
    for match in re.finditer(r"epsilon\.alt|[A-Za-z]+|<=|\S", text):
        for other in ["", *EXCHANGED.get(match[0], ())] if match[0] not in NO_MEANING else ():
            changed = text[: match.start()] + other + text[match.end() :]
            if changed.replace("display()", "()") != text:
                yield changed


def arguments_exchanged(text):
    for match in re.finditer(r"frac\(([^(),]*(?:\([^()]*\)[^(),]*)*), ([^()]*(?:\([^()]*\)[^()]*)*)\)", text):
        yield f"{text[: match.start()]}frac({match[2]}, {match[1]}){text[match.end() :]}"


@pytest.mark.parametrize("text", LINES, ids=[id for _, id in LINES.values()])
def test_a_changed_line_is_found(text):
    owner, id = LINES[text]
    made = [*changes_of_signs(text), *arguments_exchanged(text)]
    if MUTANTS != "all":
        made = random.Random(text).sample(made, min(4, len(made)))
    assert made
    survived = [changed for changed in made if next(faults(owner, {**PRINTED[owner], id: changed}, typst_reader.read), None) is None]
    assert not survived, "\n".join(survived)


# Mistakes of the printer

PRINTER_MISTAKES = [
    ('">": "<="', '">": "<"'),
    ('f"{name}({written(inside)})"', "written(inside)"),
    ('f"{function[:3]}(', 'f"min('),
    ('f"({text})" if isinstance(power.base, (Sum, Cases)) else text', "text"),
    ('else f"({text})"', "else text"),
    ('{0: "", 1: "t"}', '{0: "", 1: ""}'),
    ("if exponent and power.whole", "if exponent and power.whole > 1"),
    ('f"frac({_alone(fraction.above)}, {_alone(fraction.below)})"', 'f"frac({_alone(fraction.below)}, {_alone(fraction.above)})"'),
    ('(" - " if sign < 0 else " + ") + _term(term) for', '(" + " if sign < 0 else " - ") + _term(term) for'),
    ('("-" if sign < 0 else "") + _term(first)', "_term(first)"),
    ('"hat": ("hat", 1)', '"hat": ("macron", 1)'),
    ('"infty": "infinity"', '"infty": "t"'),
    ('"epsilon": "epsilon.alt"', '"epsilon": "eta"'),
]


@rule
def Odd(g, v=0, *, eta=0.1, rho=0.9, epsilon=1e-8):
    """What no rule has, and a reader's may have: a negative factor, two divisions after each other."""
    v = rho * v + g * -eta * (1 - rho)
    return v / (1 - rho) / (abs(g) + epsilon), v


@pytest.mark.parametrize("written_, mistaken", PRINTER_MISTAKES, ids=[mistaken[:60] for _, mistaken in PRINTER_MISTAKES])
def test_a_mistake_of_the_printer_is_found(written_, mistaken):
    printer = changed_printer(written_, mistaken)
    printed = {rule: printer.typst(rule) for rule in [*IDS.values(), Odd]}
    assert any(next(faults(rule, formulas, typst_reader.read), None) for rule, formulas in printed.items() if formulas != PRINTED.get(rule))


def test_the_printer_unchanged_has_no_fault():
    printer = changed_printer("", "")
    assert {rule: printer.typst(rule) for rule in IDS.values()} == PRINTED
    assert not list(faults(Odd, printer.typst(Odd), typst_reader.read))


def changed_printer(written_, mistaken):
    """The printer's module, loaded anew, with a change in its text."""
    spec = importlib.util.find_spec("fluxopt_edu.readings.typst")
    source = Path(spec.origin).read_text(encoding="utf-8")
    assert written_ in source, f"the printer has no {written_}"
    printer = importlib.util.module_from_spec(spec)
    exec(compile(source.replace(written_, mistaken) if written_ else source, spec.origin, "exec"), printer.__dict__)
    return printer


# Short LaTeX


@each_rule
def test_a_rules_latex_says_the_same_in_typst(rule):
    for id, text in latex(rule).items():
        if "cases" not in text:
            assert typst_reader.read(from_latex(text)) == latex_reader.read(text), id


@pytest.mark.parametrize("latex, named", [(r"\aleph", r"\\aleph"), ("a # b", "#"), ("{a", "not closed"), ("a}", "a brace too many"), (r"\begin{cases}", "begin")])
def test_latex_that_has_no_typst_is_refused(latex, named):
    with pytest.raises(ValueError, match=named):
        from_latex(latex)


# What a rule changes in another


def test_the_least_parts_are_marked():
    assert [(written(line.formula), new) for line, new in changes(fluxopt_edu.AdaDelta, RMSProp)] == [
        ("rho thin a_(t-1) + (1 - rho) thin g_t^2", False),
        ("frac(changed(sqrt(b_(t-1) + epsilon.alt)), sqrt(a_t + changed(epsilon.alt))) thin g_t", False),
        ("rho thin b_(t-1) + (1 - rho) thin Delta_t^2", True),
    ]


def test_letters_of_another_name_are_no_change():
    found = {line.letter.symbol.id: (written(line.formula), new) for line, new in changes(Adam, RMSProp, {"acc": "v", "rho": "beta[1]"})}
    assert found["v"] == ("beta_2 v_(t-1) + (1 - beta_2) thin g_t^2", False)
    assert found["m"][1] and found["m-hat"][1]
    assert found["step"] == ("eta thin frac(changed(hat(m)_t), sqrt(changed(hat(v)_t)) + epsilon.alt)", False)
    assert "changed" in {line.letter.symbol.id: written(line.formula) for line, new in changes(Adam, RMSProp, {"acc": "v"})}["v"]


@each_rule
def test_nothing_is_new_beside_itself(rule):
    assert [(line, False) for line in lines(rule)] == changes(rule, rule)


@each_rule
@pytest.mark.parametrize("parent", [Adam, AdaGrad, Momentum], ids=lambda rule: rule.__name__)
def test_a_mark_changes_no_meaning(rule, parent):
    """Read back with its marks, a line is what it is without."""
    for line, (with_marks, _) in zip(lines(rule), changes(rule, parent), strict=True):
        sides = [f"{written(each.letter)} = {written(each.formula)}" for each in (line, with_marks)]
        assert typst_reader.read(sides[0]) == typst_reader.read(sides[1])


def test_a_letter_for_another_is_marked():
    one, other = Letter(TABLE["m"], "t"), Letter(TABLE["v"], "t")
    assert marked(one, other) == Marked(one)
