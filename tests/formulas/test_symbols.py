"""The table of symbols covers every rule, says one thing with one letter, and agrees with the notation pages."""

import re
from collections import Counter

import pytest
import sympy as sp
from book_pages import LANGUAGES, pages
from read_back import IDS, compared, computed

from fluxopt_edu.readings.lines import letters, lines
from fluxopt_edu.symbols import HYPER, INPUTS, QUANTITIES, STATES, STEP, STEP_NUMBER, TABLE
from fluxopt_edu.trace import parts, trace

RULES = pytest.mark.parametrize("rule", IDS.values(), ids=lambda rule: rule.__name__)


def used(rule):
    """The names in code of all that a rule takes, keeps and gives."""
    record = trace(rule)
    values = record.inputs | record.states | record.hyper
    return {name + part for name, value in values.items() for part, _ in parts(value)} | {"step"}


@RULES
def test_every_name_is_in_the_table(rule):
    assert used(rule) <= set(TABLE)


def test_the_table_holds_nothing_else():
    everywhere = set().union(*map(used, IDS.values()))
    assert set(INPUTS) | set(HYPER) | set(STATES) | {STEP.code, STEP_NUMBER.code} == everywhere
    assert set(QUANTITIES) == {line.letter.symbol.code for rule in IDS.values() for line in lines(rule)} - everywhere


def test_one_letter_one_thing():
    assert max(Counter(symbol.name for symbol in TABLE.values()).values()) == 1
    assert max(Counter(symbol.id for symbol in [STEP, *STATES.values(), *QUANTITIES.values()]).values()) == 1
    assert max(Counter(symbol.at(symbol.index) for symbol in TABLE.values()).values()) == 1


@RULES
def test_every_letter_that_is_printed_is_the_tables(rule):
    for line in lines(rule):
        for letter in [line.letter, *letters(line.formula)]:
            assert letter.symbol is TABLE[letter.symbol.code]


@pytest.mark.parametrize("symbol", TABLE.values(), ids=TABLE)
def test_a_row_is_complete(symbol):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", symbol.id.replace("[", "-").replace("]", ""))
    assert symbol.shape in ("x", "number") and symbol.range in ("real", "positive", "unit", "count")
    rules = {rule.__name__ for rule in IDS.values()}
    for named, meaning in [("", symbol.meaning), *symbol.elsewhere.items()]:
        assert set(named.split()) <= rules
        assert meaning.en.isascii() or "₁" in meaning.en or "₂" in meaning.en
        assert re.search("[\u4e00-\u9fff]", meaning.zh) and not re.search("[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]", meaning.zh)


def test_sympy_has_the_tables_names():
    names = {symbol.name for symbol in TABLE.values()}
    for rule in IDS.values():
        values = [value for group in computed(rule).values() for value in (group if isinstance(group, tuple) else (group,))]
        assert {s.name for value in values for s in value.free_symbols} <= names


# Units: scale the unit of x by X and that of f by F, and every formula scales as the table says

X, F = sp.symbols("X F", positive=True)


def scale(unit):
    """What a quantity of this unit is multiplied by; None if the symbol is used with two units."""
    if r",\ " in unit:
        return None
    factors = re.sub(r"\[x\]", "X", re.sub(r"\[f\]", "F", unit or "1")).replace("^", "**")
    return sp.sympify(factors, {"X": X, "F": F})


@RULES
def test_units_balance(rule):
    code, name = computed(rule), rule.__name__
    scaled = {TABLE[code_name].name: scale(TABLE[code_name].means(name).unit) for code_name in {"t", *used(rule)}}
    for state, value in code.items():
        if isinstance(value, tuple) or state == "t":
            continue
        symbols = {s: scaled[s.name] for s in value.free_symbols}
        if None in symbols.values():
            assert (name, state) in TWO_UNITS
            continue
        assert compared(value.subs({s: s * factor for s, factor in symbols.items()}, simultaneous=True), value * scale(TABLE[state].means(name).unit)), state


# Where a symbol is used with two units, no scaling can show that they balance.
TWO_UNITS = {
    ("RAdam", "step"),  # η scales a step without a unit, or a gradient
    ("AdaDelta", "step"), ("AdaDelta", "Δacc"),  # ε stands beside squared gradients and beside squared steps
    ("AdaGrad", "step"), ("AMSGrad", "step"),  # ε is also where states start
}  # fmt: skip


# The notation pages


def notation(language):
    """The formulas in the first columns of the tables on a notation page, one by one."""
    (page,) = (page for page in pages(language) if page.path.stem == "notation")
    column = None
    for token, _ in page.cells[0].tokens:
        if token.type == "tr_open":
            column = 0
        elif token.type in ("td_close", "th_close"):
            column += 1
        elif token.type == "inline" and column == 0:
            for child in token.children:
                if child.type == "math_inline":
                    yield from (part.strip() for part in re.split(r",\s", child.content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notation_page_has_every_symbol(language):
    written = set(notation(language))
    missing = [symbol.at(symbol.index) for symbol in TABLE.values() if symbol.at(symbol.index) not in written]
    assert not missing, f"{language}/notation.md does not explain {', '.join(missing)}"
