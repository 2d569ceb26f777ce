"""A Python call, read by Python's own parser and never run; with imports before it, if there are any."""

import ast
import math
import warnings

from .call import Argument, Call, CallError, Other

MOST_CHARACTERS = 10_000
INFINITIES = {"inf", "Inf", "infty"}


def parse(text):
    """The last call in `text`.

    Parameters
    ----------
    text : str
        Such as ``"from torch import optim\\nopt = optim.Adam(model.parameters(), lr=1e-3)"``.

    Returns
    -------
    Call
        Its name without aliases.

    Raises
    ------
    CallError

    Examples
    --------
    >>> call = parse("import torch.optim as o; o.SGD(params, lr=1e-2, momentum=0.9)")
    >>> call.name, [(a.name, a.value) for a in call.arguments]
    ('torch.optim.SGD', [('', Other(text='params')), ('lr', 0.01), ('momentum', 0.9)])
    """
    if len(text) > MOST_CHARACTERS:
        raise CallError(text[:60], 0, f"a text of {len(text)} characters: expected a call")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what would be odd to run
            body = ast.parse(text).body
    except SyntaxError as error:
        position = _offset(text, error.lineno or 1, (error.offset or 1) - 1, characters=True)
        raise CallError(text, max(0, min(position, len(text))), f"no Python call: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise CallError(text[:60], 0, f"no Python call: {error}") from None
    aliases = {}
    for statement in body[:-1]:
        _import(statement, aliases, text)
    if not body:
        raise CallError(text, 0, "nothing: expected a call, such as torch.optim.Adam(lr=0.001)")
    last = body[-1]
    value = last.value if isinstance(last, (ast.Expr, ast.Assign, ast.AnnAssign)) else None
    if not isinstance(value, ast.Call):
        raise CallError(text, _at(text, last), "expected a call, such as torch.optim.Adam(lr=0.001)")
    try:
        return _call(value, aliases, text)
    except RecursionError:
        raise CallError(text[:60], 0, "a text nested too deep: expected a call") from None


def _import(statement, aliases, text):
    if isinstance(statement, ast.Import):
        for name in statement.names:
            aliases[name.asname or name.name.partition(".")[0]] = name.name if name.asname else name.name.partition(".")[0]
    elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        for name in statement.names:
            aliases[name.asname or name.name] = f"{statement.module}.{name.name}"
    else:
        raise CallError(text, _at(text, statement), "expected imports and one call")


def _call(node, aliases, text):
    name = _dotted(node.func)
    if not name:
        raise CallError(text, _at(text, node), "expected the name of an optimiser before the bracket")
    head, dot, rest = name.partition(".")
    arguments = []
    for given in node.args:
        if isinstance(given, ast.Starred):
            raise CallError(text, _at(text, given), f"{name}: expected arguments that are written out, not *{ast.unparse(given.value)}")
        arguments.append(Argument("", _value(given, aliases, text), _at(text, given)))
    for keyword in node.keywords:
        if keyword.arg is None:
            shown = ast.unparse(keyword.value)
            raise CallError(text, _at(text, keyword.value), f"{name}: expected arguments that are written out, not **{shown}")
        arguments.append(Argument(keyword.arg, _value(keyword.value, aliases, text), _at(text, keyword.value)))
    return Call(aliases.get(head, head) + dot + rest, tuple(arguments), text, _at(text, node))


def _value(node, aliases, text):
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (bool, int, float))):
        return _bounded(node.value, node, text)
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(_value(part, aliases, text) for part in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand, aliases, text)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return -value if isinstance(node.op, ast.USub) else value
    name = _dotted(node)
    if name and name.rpartition(".")[2] in INFINITIES:
        return math.inf
    if isinstance(node, ast.Call):
        if _dotted(node.func) == "float" and len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.Constant):
            if str(node.args[0].value).lower() in ("inf", "infinity"):
                return math.inf
        if _dotted(node.func).rpartition(".")[2][:1].isalpha():
            return _call(node, aliases, text) if _is_plain(node) else Other(ast.unparse(node))
    return Other(ast.unparse(node))


def _is_plain(node):
    return not any(isinstance(a, ast.Starred) for a in node.args) and all(k.arg for k in node.keywords)


def _bounded(value, node, text):
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**300:
        raise CallError(text, _at(text, node), "an integer that no float holds: expected a number")
    return value


def _dotted(node):
    """A name with dots, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _at(text, node):
    return _offset(text, node.lineno, node.col_offset)


def _offset(text, line, column, characters=False):
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: line - 1]))
    if characters or line > len(lines):
        return before + column
    return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))
