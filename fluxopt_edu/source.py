"""A rule's source text, for pages that show the code they speak of."""

import ast
import inspect
import textwrap


def source(rule):
    """The formula of `rule` as it stands in its module, without the docstring.

    Parameters
    ----------
    rule : type
        A rule such as ``Adam``, or a chain such as ``AdamW``.

    Returns
    -------
    Source
        A string whose notebook display is the text itself.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> source(Momentum)
    @rule
    def Momentum(g, v=0, *, eta=0.01, rho=0.9):
        v = rho * v - eta * g
        return -v, v
    """
    written = getattr(rule, "formula", None) or getattr(rule, "composition", None)
    if written is None:
        raise TypeError(f"source: rule = {rule!r}: expected a rule of this package, such as Adam")
    text = textwrap.dedent(inspect.getsource(written))
    first, *_ = ast.parse(text).body[0].body
    lines = text.splitlines()
    if ast.get_docstring(ast.parse(text).body[0]) is not None:
        del lines[first.lineno - 1 : first.end_lineno]
    return Source("\n".join(lines))


class Source(str):
    """Source text that shows itself unquoted, highlighted where a page can."""

    def __repr__(self):
        return str(self)
