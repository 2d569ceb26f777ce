"""A rule as an ES module, for figures that move in a page without a kernel.

The operations are those of the rule, in its order, on float64: the numbers are NumPy's, bit for bit.
"""

import json

from ..trace import formulas, parts, trace
from ..traced import Traced, written

# The names that formulas are written in. Both cases of a condition are computed; only one is taken.
PRELUDE = """\
const { sqrt, abs, sign, max: maximum, min: minimum } = Math, conj = (z) => z, cases = (holds, yes, no) => (holds ? yes : no);
"""


def javascript(*rules):
    """An ES module that exports `rules`.

    Parameters
    ----------
    *rules : Optimiser, or classes of them
        Rules and chains. Those given as instances have their hyper-parameters as defaults.

    Returns
    -------
    str
        For each rule an object with

        - ``hyper``: the defaults, by name;
        - ``init(hyper)``: the state of one coordinate before the first step;
        - ``step(hyper, state, g, x)``: ``[step, state]``, where the new coordinate is ``x - step``.

        Neither function changes what it is given.

    Examples
    --------
    >>> from fluxopt_edu import Momentum
    >>> print(javascript(Momentum).partition("export ")[2])
    const Momentum = {
      hyper: {"eta": 0.01, "rho": 0.9},
      init: ({ eta, rho }) => ({ v: 0 }),
      step({ eta, rho }, { v }, g, x) {
        const v_ = rho * v - eta * g;
        const step = -v_;
        return [step, { v: v_ }];
      },
    };
    <BLANKLINE>
    """
    return PRELUDE + "".join(map(_exported, rules))


def _exported(rule):
    opt = rule() if isinstance(rule, type) else rule
    record = trace(opt)
    names = {key: name.replace("'", "_").replace("[", "").replace("]", "") for key, name in record.names.items()}
    defaults = dict(zip(record.hyper, (getattr(link, name) for link in formulas(opt) for name in link.numbers), strict=True))
    hyper, states = _pattern(record.hyper, names), _pattern(record.states, names)
    lines = [f"    const {names[id(node)]} = {_without(node, names)};" for node in record.nodes() if id(node) in names]
    return f"""\
export const {record.rule} = {{
  hyper: {json.dumps(defaults)},
  init: ({hyper}) => ({_literal(record.starts, names)}),
  step({hyper}, {states}, g, x) {{
{chr(10).join(lines)}
    return [{names[id(record.step)]}, {_literal(record.new, names)}];
  }},
}};
"""


def _without(node, names):
    return written(node, {key: name for key, name in names.items() if key != id(node)})


def _pattern(leaves, names):
    """What takes an object apart into the names of the formula: ``{ eta, beta: [β1, β2] }``."""
    return _braces(
        f"{key}: [{', '.join(written(leaf, names) for _, leaf in parts(value))}]" if isinstance(value, tuple) else key
        for key, value in leaves.items()
    )


def _literal(values, names):
    def text(value):
        if isinstance(value, tuple):
            return f"[{', '.join(text(part) for part in value)}]"
        return written(value, names) if isinstance(value, Traced) else json.dumps(value)

    return _braces(key if text(value) == key else f"{key}: {text(value)}" for key, value in values.items())


def _braces(items):
    items = list(items)
    return f"{{ {', '.join(items)} }}" if items else "{}"
