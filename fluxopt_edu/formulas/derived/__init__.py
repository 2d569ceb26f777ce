"""What follows from the rules: one module for each, with the formulas that its chapter derives.

The LaTeX of a derived formula is written here once, and what it says once more in SymPy. Two tests
hold them together: the LaTeX is read back and proved to say the same, and the statement itself is
proved under the name that the entry gives.
"""

from sympy import Symbol

from ..formula import Formula
from ..letters import LETTERS


def derived(id, *, en, zh, latex, says, rule, kind="derived", **more):
    """An entry of the catalogue; its proof is the test that has its name.

    Parameters
    ----------
    id : str
    en, zh : str
        Title.
    latex : str
    says : sympy.Rel
        In the symbols of `letters`.
    rule : str
        Class name of the rule.
    kind : {'derived', 'departure'}
    **more
        Further fields of `Formula`: ``source``, ``holds``, ``flux``, ``changes``.
    """
    names = {s.name for s in says.free_symbols if isinstance(s, Symbol)}
    names = sorted(names, key=lambda name: (latex.find(LETTERS[name].symbol.latex), name))
    test = id.partition(".")[2].replace("-", "_")
    return Formula(
        id=id,
        kind=kind,
        title={"en": f"{rule}: {en}", "zh": f"{rule}：{zh}"},
        latex=latex,
        relation=says,
        letters={name: LETTERS[name] for name in names},
        rule=rule,
        proofs=(f"tests/proofs/derived/test_{rule.lower()}.py::test_{test}",),
        **more,
    )
