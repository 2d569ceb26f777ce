"""Columns that keep a sensible width where a table has little room.

A browser gives each column a share by its longest cell, and breaks Chinese between any two characters. Here the cells of a
column are told how much stands in it: ``short`` ones stay on one line, ``long`` ones and ``chinese`` ones are held open.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

SHORT, LONG = 7, 12  # ems
CHINESE = "\u2e80"  # and what comes after it


def ems(cell: nodes.entry) -> float:
    """About how wide the cell is on one line."""
    # A command of LaTeX is one letter; braces and signs that raise or lower are none.
    text = re.sub(r"\\[A-Za-z]+|[{}^_$]", lambda found: "x" if found[0][0] == "\\" else "", cell.astext())
    return sum(1 if letter > CHINESE else 0.55 for letter in text)


def kind(column: tuple[nodes.entry, ...]) -> list[str]:
    width = max(map(ems, column))
    if width <= SHORT:
        return ["short"]
    if width > LONG:
        return ["long"]
    # Without its heading, which stays on one line anyway.
    return ["chinese"] if any(letter > CHINESE for cell in column[1:] for letter in cell.astext()) else []


class SizeColumns(SphinxPostTransform):
    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for table in self.document.findall(nodes.table):
            rows = [list(row.findall(nodes.entry)) for row in table.findall(nodes.row)]
            if len({len(row) for row in rows}) != 1:
                continue
            for column in zip(*rows):
                for cell in column:
                    cell["classes"] += kind(column)


def setup_tables(app: Sphinx) -> None:
    app.add_post_transform(SizeColumns)
