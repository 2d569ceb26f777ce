"""A rule as MathML, line by line: what `latex` prints, converted by latex2mathml."""

from .latex import latex


def mathml(rule):
    """The formulas of `rule` as MathML.

    Parameters
    ----------
    rule : Optimiser, or its class
        A rule of this package, or a chain.

    Returns
    -------
    dict of str to str
        A ``<math>`` element in display style for each id of `latex`, in the same order.

    Raises
    ------
    ImportError
        latex2mathml is not installed.
    ValueError
        As `latex`.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> print(mathml(Momentum)["momentum.step"])  # doctest: +ELLIPSIS
    <math ... display="block"><mrow><msub><mi>&#x00394;</mi><mi>t</mi></msub>...</mrow></math>
    """
    return {id: converted(formula) for id, formula in latex(rule).items()}


def converted(formula):
    """One formula's LaTeX as a ``<math>`` element in display style."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise ImportError("mathml: latex2mathml is not installed: pip install latex2mathml") from None
    return convert(formula, display="block")
