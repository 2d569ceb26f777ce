"""A formula that can be cited: what it says, where it comes from, and what proves it."""

from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from . import code


@dataclass(frozen=True)
class Source:
    """Where a formula comes from.

    Attributes
    ----------
    key : str
        The work's key in ``references.bib``.
    place : dict of str to str
        Where in it, by language: ``{"en": "Algorithm 1", "zh": "算法 1"}``; empty for the work as a whole.
    """

    key: str
    place: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Change:
    """What a version of this project changed in a formula's entry; never its meaning."""

    version: str
    en: str
    zh: str


@dataclass(frozen=True)
class Formula:
    r"""One entry of the catalogue.

    Attributes
    ----------
    id : str
        ``<rule>.<quantity>``, the same in both languages and for ever.
    kind : {'line', 'departure', 'derived'}
        A line of a rule; a place where Flux departs from the paper; or what follows from a rule.
    title : dict of str to str
        By language.
    latex : str
        As it stands on the pages, without the sentence's full stop.
    relation : sympy.Rel
        What it says. The code computes its right side.
    letters : dict of str to Letter
        What each symbol of `relation` is, by the symbol's name.
    rule : str
        The rule it belongs to, by its class name.
    source : Source or None
        None for a result of this book.
    flux : str
        The optimiser's name in Flux v0.12.10, for what is in Flux's code; else empty.
    proofs : tuple of str
        The tests that prove it, as pytest names them.
    holds : dict of str to str
        Under which conditions, by language, with inline LaTeX; empty if always.
    since : str
        The version of this project that has it first.
    changes : tuple of Change

    Examples
    --------
    >>> from fluxopt_edu.formulas import formula
    >>> v_hat = formula("adam.v-hat")
    >>> print(v_hat.latex)
    \hat v_t = \frac{v_t}{1 - \beta_2^t}
    >>> v_hat.relation
    Eq(v_hat, v/(1 - beta_2**t))
    >>> print(v_hat.python, end="")
    def adam_v_hat(v, beta_2, t):
        return v/(1 - beta_2**t)
    """

    id: str
    kind: str
    title: dict = field(hash=False)
    latex: str
    relation: sp.Rel
    letters: dict = field(hash=False)
    rule: str
    source: Source | None = None
    flux: str = ""
    proofs: tuple = ()
    holds: dict = field(default_factory=dict, hash=False)
    since: str = "0.1.0"
    changes: tuple = ()

    @cached_property
    def python(self):
        """A Python function of the formula's letters that computes its right side."""
        return code.python(self)

    @cached_property
    def javascript(self):
        """The same as an ES module."""
        return code.javascript(self)

    @cached_property
    def mathml(self):
        """A ``<math>`` element in display style; needs latex2mathml."""
        from ..readings.mathml import converted

        return converted(self.latex)

    @cached_property
    def symbols(self):
        """Each letter once, in the order of the formula: pairs of its LaTeX and its `Symbol`."""
        return [(letter.symbol.at(letter.index), letter.symbol) for letter in self.letters.values()]

    @cached_property
    def meanings(self):
        """What each of these letters means in this formula, in the same order."""
        return [letter.symbol.means(self.rule, letter.index) for letter in self.letters.values()]
