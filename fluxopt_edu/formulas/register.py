"""The ids that have been given out, and what each said when it was: an id never changes its meaning.

``register.json`` only ever grows: ``python tools/register.py`` adds new ids. One that is no longer in the
catalogue needs a tombstone in `withdrawn`.
"""

import json
from importlib.resources import files

import sympy as sp

from ..proof import prove
from .largest import Largest

NAME = "register.json"


def registered():
    """What stands in the register: by id, the version it came with and its two sides."""
    return json.loads((files(__package__) / NAME).read_text(encoding="utf-8"))


def record(formula):
    """What the register keeps of a formula."""
    relation = formula.relation
    return {"since": formula.since, "left": str(relation.lhs), "relation": relation.rel_op, "right": str(relation.rhs)}


def same_meaning(formula, kept):
    """Whether a formula says what the register keeps of it, in whatever form."""
    relation = formula.relation
    if relation.rel_op != kept["relation"]:
        return False
    return all(_equal(side, kept[name], relation) for name, side in (("left", relation.lhs), ("right", relation.rhs)))


def _equal(side, text, relation):
    return str(side) == text or prove(side, _parsed(text, relation)).status == "equal"


def _parsed(text, relation):
    """The expression of a text; the formula's own names, so that `lambda` or `beta` is not read as something else."""
    own = {s.name: sp.Symbol(s.name) for s in relation.free_symbols if isinstance(s, sp.Symbol)}
    own |= {str(s.base): s.base for s in relation.atoms(sp.Indexed)}
    return sp.sympify(text, locals=own | {"Largest": Largest})
