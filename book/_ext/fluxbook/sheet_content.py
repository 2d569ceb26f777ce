"""What stands on the formula sheet, for its PDF and its page: the catalogue's lines, and the words of words.yml."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import fluxopt_edu
from fluxopt_edu import trace
from fluxopt_edu.bibliography import plain, work
from fluxopt_edu.formulas import catalogue
from fluxopt_edu.formulas.origins import ORIGINS
from fluxopt_edu.optimiser import instance
from fluxopt_edu.readings import latex, typst
from fluxopt_edu.readings.changes import Marked, changes
from fluxopt_edu.readings.lines import Fraction, Letter, Line, Power, Product, lines
from fluxopt_edu.symbols import STATES, STEP, TABLE, Meaning, Symbol, symbol_of
from fluxopt_edu.trace import parts

SOURCES = Path(__file__).resolve().parents[2] / "sheet"
END = "\x03"  # of a marked part, while LaTeX is being put together
LETTER = re.compile(r"(?<![\w'])[gmstuvx](?!\w)", re.ASCII)  # within the table's meanings


@dataclass(frozen=True)
class SheetLine:
    """A line of a rule; `marked` has what is new in it beside the rule's parent."""

    id: str
    line: Line
    marked: Line
    new: bool

    @property
    def quantity(self) -> str:
        """The second part of the id."""
        return self.id.partition(".")[2]

    @property
    def step(self) -> bool:
        return self.line.letter.symbol is STEP

    @property
    def latex(self) -> str:
        return f"{latex.written(self.marked.letter)} = {marked_latex(self.marked.formula)}"

    @property
    def typst(self) -> str:
        return f"{typst.written(self.marked.letter)} = {typst.written(self.marked.formula)}"


@dataclass(frozen=True)
class Block:
    """A rule. Texts are in one language, with inline LaTeX between dollar signs and code between backticks."""

    name: str
    call: str
    arguments: str
    source: str
    parent: str
    also: str
    at: tuple[int, int]
    change: str
    lines: tuple[SheetLine, ...]
    start: str  # LaTeX; empty where all states start at 0
    hint: str
    flux: str


@cache
def words() -> dict:
    return yaml.safe_load((SOURCES / "words.yml").read_text(encoding="utf-8"))


def text(name: str, language: str) -> str:
    return words()["text"][name][language]


@cache
def blocks(language: str) -> tuple[Block, ...]:
    return tuple(block(name, language) for name in words()["rules"])


def block(name: str, language: str) -> Block:
    entry, rule, origin = words()["rules"][name], getattr(fluxopt_edu, name), ORIGINS[name]
    call, arguments = flux_call(rule)
    return Block(
        name=name,
        call=call,
        arguments=arguments,
        source=text("comma", language).join([authors(origin.source.key, language), *filter(None, [origin.source.place.get(language)])]),
        parent=entry.get("from", ""),
        also=entry.get("also", ""),
        at=tuple(entry["at"]),
        change=entry["change"][language],
        lines=sheet_lines(name),
        start=start(rule),
        hint=entry["hint"][language],
        flux=getattr(origin, language),
    )


def sheet_lines(name: str) -> tuple[SheetLine, ...]:
    entry, rule = words()["rules"][name], getattr(fluxopt_edu, name)
    parent = entry.get("from")
    found = changes(rule, getattr(fluxopt_edu, parent), entry.get("renamed")) if parent else [(line, False) for line in lines(rule)]
    result = [
        SheetLine(f"{name.lower()}.{line.letter.symbol.id}", line, marked, new) for line, (marked, new) in zip(lines(rule), found)
    ]
    missing = [each.id for each in result if each.id not in catalogue()]
    if missing:
        raise ValueError(f"the formula sheet has {missing}, which the catalogue does not have")
    return tuple(result)


def marked_latex(formula) -> str:
    r"""LaTeX in which ``\changed{…}`` is around what is marked: it is printed by itself, and put back as one letter."""
    text = latex.written(_marks_as_letters(formula))
    # The printer sees no Greek letter or bracket in it, and so leaves no thin space before the next factor.
    return re.sub(rf"{END} (?=[A-Za-z(]|\\(?!end\b|\\))", r"\\, ", text).replace(END, "")


def _marks_as_letters(formula):
    if isinstance(formula, Marked):
        inside = formula.inside
        inside = Product((Fraction((inside,)),)) if isinstance(inside, Power) else inside
        text = rf"\changed{{{latex.written(_marks_as_letters(inside))}}}{END}"
        return Letter(Symbol("marked", "marked", text, "real", "x", Meaning("", "")))
    if isinstance(formula, tuple):
        return tuple(map(_marks_as_letters, formula))
    if hasattr(formula, "__dataclass_fields__") and not isinstance(formula, (Letter, Symbol)):
        return type(formula)(*(_marks_as_letters(getattr(formula, name)) for name in formula.__dataclass_fields__))
    return formula


def flux_call(rule) -> tuple[str, str]:
    """The call in Flux with its defaults, and the letters of its arguments as LaTeX."""
    values, names = [], []
    for name, parameter in rule.__signature__.parameters.items():
        default = parameter.default
        values.append(f"({', '.join(map(number, default))})" if isinstance(default, tuple) else number(default))
        codes = [f"{name}[{k}]" for k in range(len(default))] if isinstance(default, tuple) else [name]
        symbols = ", ".join(TABLE[code].latex for code in codes)
        names.append(f"({symbols})" if isinstance(default, tuple) else symbols)
    return f"{ORIGINS[rule.__name__].flux}({', '.join(values)})", ", ".join(names)


def number(value) -> str:
    return re.sub(r"e-0*", "e-", repr(value))


def authors(key: str, language: str) -> str:
    fields = work(key).fields
    people = [plain(person).partition(",")[0] for person in fields["author"].split(" and ")]
    if len(people) > 2 or "others" in people:
        who = people[0] + text("others", language)
    else:
        who = text("and", language).join(people)
    return f"{who} {fields['year']}"


def start(rule) -> str:
    """Where states start that do not start at zero, as LaTeX."""
    record = trace(instance(rule))
    called = {id(node): symbol_of(record.meanings[name + part]) for name, value in record.hyper.items() for part, node in parts(value)}
    letters: dict = {}
    for name, value in record.starts.items():
        if name not in record.scalars and id(value) in called:
            letters.setdefault(called[id(value)].latex, []).append(symbol_of(record.meanings[name]).at("0"))
        elif name not in record.scalars and value != 0:
            letters.setdefault(number(value), []).append(symbol_of(record.meanings[name]).at("0"))
    return r",\quad ".join(" = ".join([*states, value]) for value, states in letters.items())


def rows(block: Block) -> list[tuple[SheetLine, ...]]:
    """The block's lines, those together that stand side by side."""
    pairs, result = [tuple(pair) for pair in words()["beside"]], []
    for line in block.lines:
        if result and (result[-1][-1].quantity, line.quantity) in pairs:
            result[-1] += (line,)
        else:
            result.append((line,))
    return result


def legend(language: str) -> list[list[tuple[str, str]]]:
    """Column by column, pairs of a letter's LaTeX and its meaning, with inline LaTeX."""
    return [[explained(code, index, language) for code, index in column] for column in words()["symbols"]]


def explained(code: str, index: str, language: str) -> tuple[str, str]:
    symbol = STEP if code == "step" else TABLE[code]
    meaning = getattr(symbol.meaning, language)
    for rules, other in symbol.elsewhere.items() if code in STATES else ():
        names = [name for name in rules.split() if name in words()["rules"]]
        meaning += text("in", language).format(text("list", language).join(names), getattr(other, language))
    return symbol.at(index), LETTER.sub(r"$\g<0>$", meaning)
