"""The lines of the rules as catalogue entries: all that they say is read from the rules."""

from ..readings.equation import equation
from ..readings.latex import written
from ..readings.lines import lines
from .formula import Formula
from .origins import ORIGINS

# The tests that prove every line of every rule.
PROOFS = (
    "tests/proofs/test_proofs.py::test_one_step_is_the_closed_form",
    "tests/formulas/test_read_back.py::test_every_line_says_what_the_code_computes",
    "tests/rules/test_golden.py::test_float64_x_steps_and_state_bit_for_bit",
)


def of_rule(rule):
    """The entries of one rule, in an order in which each uses only those before it."""
    name, origin = rule.__name__, ORIGINS[rule.__name__]
    for line in lines(rule):
        symbol = line.letter.symbol
        relation, letters = equation(line)
        meaning = symbol.means(name)
        yield Formula(
            id=f"{name.lower()}.{symbol.id}",
            kind="line",
            title={"en": f"{name}: {meaning.en.partition(':')[0]}", "zh": f"{name}：{meaning.zh.partition('，即')[0]}"},
            latex=f"{written(line.letter)} = {written(line.formula)}",
            relation=relation,
            letters=letters,
            rule=name,
            source=origin.source,
            flux=origin.flux,
            proofs=PROOFS,
        )
