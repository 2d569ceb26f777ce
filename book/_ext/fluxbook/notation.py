"""The notation pages as the place where each symbol is explained.

In a table whose first column is formulas, a row becomes the address of the symbols that it explains: ``symbol-eta-en``.
The directive ``symbols-of-derivations`` writes the table of those that only derivations use and no other row explains.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

import fluxopt_edu.formulas.letters
from fluxopt_edu.formulas import catalogue
from fluxopt_edu.formulas.letters import DERIVED
from fluxopt_edu.symbols import TABLE, Symbol

from .catalogues import in_language
from .languages import Language, language_of

PAGE = "notation"


def symbol_label(symbol: Symbol, language: Language) -> str:
    name = symbol.name if symbol.name.isascii() else symbol.id  # of Δacc, Sphinx would make acc
    return f"{nodes.make_id(f'symbol-{name}')}-{language.code}"


def all_symbols() -> list[Symbol]:
    return [*TABLE.values(), *DERIVED.values()]


def explained(row: nodes.row) -> set[str]:
    """The formulas in a row's first column, each in the LaTeX that it has there."""
    return {latex for formula in row[0].findall(nodes.math) for latex in re.split(r"(?<!\\), ", formula.astext())}


def written(symbol: Symbol) -> str:
    return symbol.at(symbol.index)


def rows(document: nodes.document) -> list[nodes.row]:
    return [row for body in document.findall(nodes.tbody) for row in body.findall(nodes.row)]


class AddressRows(SphinxTransform):
    """Give each row the labels of its symbols; the first row that has a symbol is the one that explains it."""

    default_priority = 800  # before the domains collect the labels, at 850

    def apply(self, **kwargs: object) -> None:
        language = language_of(self.config, self.env.docname)
        if language is None or self.env.docname != language.folder + PAGE:
            return
        unexplained = all_symbols()
        for row in rows(self.document):
            here = [symbol for symbol in unexplained if written(symbol) in explained(row)]
            unexplained = [symbol for symbol in unexplained if symbol not in here]
            row[0]["names"] += dict.fromkeys(symbol_label(symbol, language) for symbol in here)
            if here:
                self.document.note_explicit_target(row[0])


class SymbolsOfDerivations(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(fluxopt_edu.formulas.letters.__file__)
        catalogue()  # its modules define the letters
        language = language_of(self.config, self.env.docname)
        elsewhere = {latex for row in rows(self.state.document) for latex in explained(row)}
        table = nodes.table(classes=["colwidths-auto"])
        group = nodes.tgroup(cols=4)
        table += group
        group += [nodes.colspec(colwidth=1) for _ in range(4)]
        head, body = nodes.thead(), nodes.tbody()
        group += [head, body]
        head += self.row(*(nodes.Text(in_language(language, word)) for word in ("symbol", "meaning", "shape", "unit")))
        for symbol in DERIVED.values():
            if written(symbol) not in elsewhere:
                body += self.row(
                    nodes.math("", written(symbol)),
                    nodes.Text(getattr(symbol.meaning, language.code)),
                    nodes.Text(in_language(language, "number")) if symbol.shape == "number" else self.same_as_x(language),
                    nodes.math("", symbol.meaning.unit) if symbol.meaning.unit else nodes.Text("–"),
                )
        return [table]

    def row(self, *cells: nodes.Node | list[nodes.Node]) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            row += nodes.entry("", nodes.paragraph("", "", *(cell if isinstance(cell, list) else [cell])))
        return row

    def same_as_x(self, language: Language) -> list[nodes.Node]:
        before, after = in_language(language, "of {x}").split("{x}")
        return [nodes.Text(before), nodes.math("", "x"), nodes.Text(after)]


def setup_notation(app: Sphinx) -> None:
    app.add_directive("symbols-of-derivations", SymbolsOfDerivations)
    app.add_transform(AddressRows)
