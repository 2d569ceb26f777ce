"""The project's symbols: one table for SymPy, LaTeX, the notation page and the formula cards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Symbol:
    """How a quantity of a rule is written and what it is.

    Attributes
    ----------
    name : str
        SymPy's name; its printers turn ``beta_1`` into β₁.
    range : str
        ``real``, ``positive``, ``unit`` (between 0 and 1) or ``count`` (1, 2, …). States are found
        to be non-negative by proof; see `symbolic`.
    """

    name: str
    range: str = "real"


# By the names that rules and their traces use.
INPUTS = {"g": Symbol("g"), "x": Symbol("x")}
HYPER = {
    "eta": Symbol("eta", "positive"),
    "rho": Symbol("rho", "unit"),
    "beta[0]": Symbol("beta_1", "unit"),
    "beta[1]": Symbol("beta_2", "unit"),
    "epsilon": Symbol("epsilon", "positive"),
    "decay": Symbol("lambda", "positive"),
}
STEP_NUMBER = Symbol("t", "count")
