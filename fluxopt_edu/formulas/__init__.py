"""The catalogue of formulas that can be cited, each once, for both languages.

>>> from fluxopt_edu.formulas import catalogue, formula
>>> formula("momentum.v").title["en"]
'Momentum: velocity'
>>> len(catalogue()) >= 60
True
"""

import difflib
import importlib
from functools import cache

from .. import rules
from .formula import Change, Formula, Source
from .lines import of_rule
from .withdrawn import WITHDRAWN

__all__ = ["Change", "Formula", "Source", "UnknownFormula", "catalogue", "formula"]

# Rules whose chapters derive more than the rule's lines: the modules of `derived`.
CHAPTERS = [name.lower() for name in rules.__all__]


class UnknownFormula(KeyError):
    """There is no formula of that id; the message names the nearest."""

    def __str__(self):
        return self.args[0]


@cache
def catalogue():
    """All formulas by id, rule after rule, each after those that it uses.

    Returns
    -------
    dict of str to Formula
    """
    entries = {}
    for name in rules.__all__:
        entries |= {entry.id: entry for entry in of_rule(getattr(rules, name))}
        try:
            module = importlib.import_module(f".derived.{name.lower()}", __name__)
        except ModuleNotFoundError:
            continue
        for entry in module.FORMULAS:
            if entry.id in entries:
                raise ValueError(f"{entry.id} is in the catalogue twice")
            entries[entry.id] = entry
    return entries


def formula(id):
    """The formula of an id.

    Parameters
    ----------
    id : str
        Such as ``adam.step``; the command ``python -m fluxopt_edu list`` lists all.

    Returns
    -------
    Formula

    Raises
    ------
    UnknownFormula
        There is none, or it was withdrawn; the message says what to look at instead.

    Examples
    --------
    >>> formula("adam.setp")
    Traceback (most recent call last):
    ...
    fluxopt_edu.formulas.UnknownFormula: no formula 'adam.setp'; nearest: adam.step, ...
    """
    entries = catalogue()
    if id in entries:
        return entries[id]
    if id in WITHDRAWN:
        raise UnknownFormula(WITHDRAWN[id].message(id))
    near = difflib.get_close_matches(id, entries, n=4, cutoff=0.5) or difflib.get_close_matches(id.partition(".")[2], entries, n=4, cutoff=0.3)
    raise UnknownFormula(f"no formula {id!r}; " + (f"nearest: {', '.join(near)}" if near else "python -m fluxopt_edu list names all"))
