r"""The read-back can fail: a printed formula that is changed in one place is found out, and so is a changed printer.

First the mistakes that people make and books print, in every place where they can be made; then single signs, dropped
or exchanged: a sample, or all of them with FORMULA_MUTANTS=all in the environment, as in continuous integration.
"""

import importlib.util
import os
import random
import re
import sys
from pathlib import Path

import latex_reader
import mathml_reader
import pytest
from read_back import IDS, faults

import fluxopt_edu
from fluxopt_edu.readings.latex import latex
from fluxopt_edu.readings.mathml import mathml
from fluxopt_edu.rule import rule

MUTANTS = os.environ.get("FORMULA_MUTANTS", "some")
PRINTED = {rule: latex(rule) for rule in IDS.values()}
# Each text once, with a rule and id that it is printed for.
LINES = {text: (owner, id) for owner, formulas in reversed(PRINTED.items()) for id, text in formulas.items()}


def first_fault(rule, id, changed, printed=PRINTED, read=latex_reader.read):
    return next(faults(rule, {**printed[rule], id: changed}, read), None)


# Mistakes


def replaced(pattern, *replacements):
    """Each place where a pattern stands, with each of the replacements."""

    def changes(text):
        for match in re.finditer(pattern, text):
            for replacement in replacements:
                changed = text[: match.start()] + match.expand(replacement) + text[match.end() :]
                if changed != text:
                    yield changed

    return changes


def closing(text, start):
    """Where the bracket or brace that opens at `start` closes."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] in "({") - (text[place] in ")}")
        if not depth:
            return place
    raise ValueError(text)


def without_root(text):
    for match in re.finditer(r"\\sqrt", text):
        end = closing(text, match.end())
        yield f"{text[: match.start()]}({text[match.end() + 1 : end]}){text[end + 1 :]}"


def without_brackets(text):
    for match in re.finditer(r"\(", text):
        end = closing(text, match.start())
        yield text[: match.start()] + text[match.end() : end] + text[end + 1 :]


def with_epsilon_in_the_root(text):
    for match in re.finditer(r"\\sqrt", text):
        end = closing(text, match.end())
        if text[end + 1 :].startswith(r" + \epsilon"):
            yield text[:end] + r" + \epsilon}" + text[end + 1 + len(r" + \epsilon") :]


def turned_over(text):
    for match in re.finditer(r"\\d?frac", text):
        middle = closing(text, match.end())
        end = closing(text, middle + 1)
        above, below = text[match.end() : middle + 1], text[middle + 1 : end + 1]
        yield text[: match.end()] + below + above + text[end + 1 :]


def rows_exchanged(text):
    if match := re.search(r"\\begin\{cases\} (.*) & (.*) \\\\ (.*) & (.*) \\end", text):
        first, one, second, other = match.groups()
        yield text[: match.start()] + rf"\begin{{cases}} {second} & {one} \\ {first} & {other} \end" + text[match.end() :]


MISTAKES = {
    "a root is missing": without_root,
    "a hat or bar is missing": replaced(r"\\(hat|bar) ", ""),
    "a bracket is missing": without_brackets,
    "a bracket too many": replaced(r"(?<== )(\S+) ((?!\\frac|\\begin|\().* [-+] .*)$", r"\1 (\2)"),
    "a sign is turned": lambda text: [*replaced(r"(?<= )\+ ", "- ")(text), *replaced(r"(?<= )- ", "+ ")(text), *replaced("= -", "= ")(text), *replaced("= ", "= -")(text)],
    "t−1 is t": replaced(r"(_\{(?:\\max,)?)t-1\}", r"\1t}"),
    "t is t−1": replaced(r"_t|(?<=\\max,)t(?=\})", r"_{t-1}", r"t-1"),
    "an index is missing": replaced(r"_(\w|\\infty|\{[^{}]*\})", ""),
    "β1 is β2": replaced(r"\\beta_1", r"\\beta_2"),
    "β2 is β1": replaced(r"\\beta_2", r"\\beta_1"),
    "an exponent is missing": replaced(r"\^(\w|\{[^{}]*\})", ""),
    "an exponent is another": lambda text: [*replaced(r"\^2", "^3")(text), *replaced(r"\^t", "^{t-1}", "^{t+1}")(text), *replaced(r"\^\{t\+1\}", "^t")(text)],
    "a factor is missing": replaced(r"(?<=[= {(])(\\?[a-z]+(_\w|_\{[^{}]*\})?)(\\,)? (?=[\\a-z(])(?!\\end|\\le|\\\\)", ""),
    "ε is missing": replaced(r" \+ \\epsilon", ""),
    "ε is inside the root": with_epsilon_in_the_root,
    "a fraction is turned over": turned_over,
    "a number is another": replaced(r"(?<![_\d])[124]", "3"),
    "max is min": replaced(r"\\max\(", r"\\min("),
    "bars are missing": replaced(r"\|([^|]*)\|", r"\1"),
    "a condition is another": replaced(r" > ", " < ", r" \\ge "),
    "cases are exchanged": rows_exchanged,
}


def some(changes, count, seed):
    """A fixed sample, or all."""
    changes = list(changes)
    return changes if MUTANTS == "all" or len(changes) <= count else random.Random(seed).sample(changes, count)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake):
    made = [(rule, id, changed) for text, (rule, id) in LINES.items() for changed in MISTAKES[mistake](text)]
    assert made
    survived = [f"{id}: {changed}" for rule, id, changed in some(made, 6, mistake) if first_fault(rule, id, changed) is None]
    assert not survived, "\n".join(survived)


# Single signs

EXCHANGED = {
    "+": ["-"], "-": ["+"], "1": ["2"], "2": ["1", "3"], "4": ["5"], "t": ["t-1"], ">": ["<", r"\ge "], r"\le": ["<", ">"],
    r"\max": [r"\min"], r"\beta": [r"\rho"], r"\rho": [r"\eta"], r"\eta": [r"\epsilon"], r"\epsilon": [r"\eta"], r"\lambda": [r"\eta"],
    r"\infty": ["t"], r"\Delta": ["v"], r"\hat": [r"\bar"], "m": ["v"], "v": ["m"], "g": ["m"], "x": ["g"], "u": ["m"], "a": ["b"],
    "b": ["a"], "s": ["v"], "r": [r"\rho"],
}  # fmt: skip
SPACE = {r"\,"}


def changes_of_signs(text):
    for match in re.finditer(r"\\[A-Za-z]+|\\.|\S", text):
        for other in ["", *EXCHANGED.get(match[0], ())] if match[0] not in SPACE else ():
            yield text[: match.start()] + other + text[match.end() :]


@pytest.mark.parametrize("text", LINES, ids=[id for _, id in LINES.values()])
def test_a_changed_sign_is_found(text):
    rule, id = LINES[text]
    survived = [changed for changed in some(changes_of_signs(text), 2, text) if first_fault(rule, id, changed) is None]
    assert not survived, "\n".join(survived)


# MathML


def other_tags(tag, other):
    return lambda text: [text.replace(f"<{tag}>", f"<{other}>").replace(f"</{tag}>", f"</{other}>")] if tag in text else []


MATHML = {rule: mathml(rule) for rule in (fluxopt_edu.Adam, fluxopt_edu.AdaBelief, fluxopt_edu.RAdam)}
BRACKET = '<mo stretchy="false">&#x0002{};</mo>'
MATHML_MISTAKES = {
    "a root is missing": other_tags("msqrt", "mrow"),
    "a hat is missing": replaced('<mover accent="true">(.*?)<mo>.*?</mover>', r"\1"),
    "a bracket is missing": replaced(f"{BRACKET.format(8)}(.*?){BRACKET.format(9)}", r"\1"),
    "a sign is turned": replaced("&#x0002B;", "&#x02212;"),
    "an index is a power": other_tags("msub", "msup"),
    "a fraction is a product": other_tags("mfrac", "mrow"),
    "a number is another": replaced("<mn>[124]</mn>", "<mn>3</mn>"),
    "a condition is another": replaced("&#x0003E;", "&#x0003C;"),
}


@pytest.mark.parametrize("mistake", MATHML_MISTAKES)
def test_a_mistake_in_mathml_is_found(mistake):
    made = [(rule, id, changed) for rule in MATHML for id, text in MATHML[rule].items() for changed in MATHML_MISTAKES[mistake](text)]
    assert made
    survived = [f"{id}: {changed}" for rule, id, changed in some(made, 4, mistake) if first_fault(rule, id, changed, MATHML, mathml_reader.read) is None]
    assert not survived, "\n".join(survived)


# The printer

PRINTER_MISTAKES = [
    ("symbols", r'"eta", "eta", r"\eta"', r'"eta", "eta", r"\epsilon"'),
    ("symbols", r'"beta_2", r"\beta_2"', r'"beta_2", r"\beta_1"'),
    ("symbols", r'"Δacc", "Δacc", "b"', r'"Δacc", "Δacc", "a"'),
    ("symbols", r'"vhat", r"\hat v"', r'"vhat", r"\hat m"'),
    ("symbols", r'"rho_t", r"\rho"', r'"rho_t", r"\rho_\infty"'),
    ("symbols", 'both = f"{own},{index}" if own else index', "both = own or index"),
    ("readings.lines", '"v-hat": lambda v, βt: v / (1 - βt[1])', '"v-hat": lambda v, βt: v'),
    ("readings.lines", '"t" if name == "g" else "t-1"', '"t"'),
    ("readings.lines", 'self.called[id(value)] = Letter(_symbol(record.meanings[name]), "t-1")', 'self.called[id(value)] = Letter(_symbol(record.meanings[name]), "t")'),
    ("readings.lines", "return Power(base, 0, 1)", "return Power(base, 1, 1)"),
    ("readings.lines", "(1, arguments[0]), (-1, arguments[1])", "(1, arguments[0]), (1, arguments[1])"),
    ("readings.lines", "result = _added((-1, arguments[0]))", "result = arguments[0]"),
    ("readings.lines", "result = Cases(*arguments)", "result = Cases(arguments[0], arguments[2], arguments[1])"),
    ("readings.lines", "_with_sign(one * other, self._product([*left, *right]))", "_with_sign(one, self._product([*left, *right]))"),
    ("readings.lines", "last.below + below", "below"),
    ("readings.lines", "last.below + below", "last.below"),
    ("readings.lines", "fraction.below[: len(below)] == below:", "True:"),
    ("readings.lines", "before.whole + factor.whole", "factor.whole"),
    ("readings.lines", "before.steps + factor.steps", "0"),
    ("readings.lines", "sign * own, term", "own, term"),
    ("readings.latex", '">": "<="', '">": "<"'),
    ("readings.latex", '{">": ">", ', '{">": r"\\ge", '),
    ("readings.latex", r'rf"\sqrt{{{written(inside)}}}"', "written(inside)"),
    ("readings.latex", r'_enclosed("|", written(inside), "|")', "written(inside)"),
    ("readings.latex", r'r"\max"', r'r"\min"'),
    ("readings.latex", 'base = _enclosed("(", base, ")")', "pass"),
    ("readings.latex", "{0: \"\", 1: \"t\"}", "{0: \"\", 1: \"\"}"),
    ("readings.latex", "if exponent and power.whole", "if exponent and power.whole > 1"),
    ("readings.latex", "{_in_braces(fraction.above)}", "{_in_braces(fraction.below)}"),
    ("readings.latex", '(" - " if sign < 0 else " + ") + _term(term) for', '(" + " if sign < 0 else " - ") + _term(term) for'),
    ("readings.latex", '("-" if sign < 0 else "") + _term(first)', "_term(first)"),
]


@rule
def Odd(g, v=0, *, eta=0.1, rho=0.9, epsilon=1e-8):
    """What no rule has, and a reader's may have: a negative factor, two divisions after each other."""
    v = rho * v + g * -eta * (1 - rho)
    return v / (1 - rho) / (abs(g) + epsilon), v


@pytest.mark.parametrize("module, written, mistaken", PRINTER_MISTAKES, ids=[f"{mistaken} for {written}"[:80] for _, written, mistaken in PRINTER_MISTAKES])
def test_a_mistake_of_the_printer_is_found(module, written, mistaken, monkeypatch):
    printer = changed_printer(monkeypatch, module, written, mistaken)
    try:
        printed = {rule: printer.latex(rule) for rule in [*IDS.values(), Odd]}
    except ValueError:
        return  # it does not find β^t and will not print
    assert any(next(faults(rule, formulas, latex_reader.read), None) for rule, formulas in printed.items() if formulas != PRINTED.get(rule))


def test_the_printer_unchanged_has_no_fault(monkeypatch):
    printer = changed_printer(monkeypatch, "symbols", "", "")
    assert {rule: printer.latex(rule) for rule in IDS.values()} == PRINTED
    assert not list(faults(Odd, printer.latex(Odd), latex_reader.read))


def changed_printer(monkeypatch, module, written, mistaken):
    """The printer's modules, loaded anew in the place of the real ones, with a change in the text of one."""
    for name in ("symbols", "readings.lines", "readings.latex"):
        spec = importlib.util.find_spec(f"fluxopt_edu.{name}")
        source = Path(spec.origin).read_text(encoding="utf-8")
        if name == module:
            assert written in source, f"{name} has no {written}"
            source = source.replace(written, mistaken) if written else source
        printer = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, printer)
        exec(compile(source, spec.origin, "exec"), printer.__dict__)
    return printer
