"""A Julia call, read by hand: names with dots, numbers, tuples, keywords, and calls inside calls.

    call     = name "(" [ argument { ("," | ";") argument } ] ")"
    argument = [ name "=" ] value
    value    = number | "true" | "false" | "nothing" | "Inf" | name | call | "(" value { "," value } ")" | "[" … "]"
    number   = 0.001, 1e-3, 1f-3 (Float32), 1_000, .5, and a sign before it
"""

import math
import re

import numpy as np

from .call import Argument, Call, CallError, Other

MOST_DEEP = 50
TOKEN = re.compile(
    r"(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eEf][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d][\w!′]*(?:\.[^\W\d][\w!′]*)*)|(?P<sign>[(),;=\[\]+-])",
)
WORDS = {"true": True, "false": False, "nothing": None, "Inf": math.inf, "Inf32": math.inf, "Inf64": math.inf}
MEANT = {"(": "'('", ")": "')' or another argument"}


def parse(text):
    """The call in `text`; what stands before an ``=``, as in ``opt = ADAM()``, is left out.

    Raises
    ------
    CallError

    Examples
    --------
    >>> call = parse("ADAMW(0.001, (0.9, 0.999), 0.01)")
    >>> call.name, [a.value for a in call.arguments]
    ('ADAMW', [0.001, (0.9, 0.999), 0.01])
    >>> [(a.name, a.value) for a in parse("Optimisers.AdamW(; η = 1f-3, λ = .01)").arguments]
    [('η', 0.0010000000474974513), ('λ', 0.01)]
    """
    reader = _Reader(text)
    if reader.kind() == "name" and reader.peek(1) == "=":
        reader.place += 2
    if reader.kind() != "name":
        raise reader.error("expected the name of an optimiser, such as ADAM(0.001)")
    call = reader.value()
    if not isinstance(call, Call):
        raise reader.error("expected '(' after the name")
    if reader.peek() == ";":
        reader.place += 1
    if reader.peek():
        raise reader.error("expected nothing after the call")
    return call


class _Reader:
    def __init__(self, text):
        self.text, self.tokens, self.place, self.deep = text, [], 0, 0
        position = 0
        while position < len(text):
            if text[position].isspace():
                position += 1
                continue
            if text[position] == "#":
                position = (text + "\n").index("\n", position)
                continue
            match = TOKEN.match(text, position)
            if not match:
                raise CallError(text, position, f"{text[position]!r} is not part of a call with plain numbers")
            self.tokens.append((match.lastgroup, match[0], position))
            position = match.end()

    def peek(self, ahead=0):
        place = self.place + ahead
        return self.tokens[place][1] if place < len(self.tokens) else ""

    def kind(self):
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def position(self):
        return self.tokens[self.place][2] if self.place < len(self.tokens) else len(self.text)

    def error(self, problem):
        return CallError(self.text, self.position(), problem)

    def take(self, wanted):
        if self.peek() != wanted:
            raise self.error(f"expected {MEANT.get(wanted, repr(wanted))}")
        self.place += 1

    def value(self):
        self.deep += 1
        if self.deep > MOST_DEEP:
            raise self.error("nested too deep")
        try:
            return self._value()
        finally:
            self.deep -= 1

    def _value(self):
        kind, token, start = self.kind(), self.peek(), self.position()
        if token in ("+", "-"):
            self.place += 1
            if self.kind() != "number" and self.peek() not in ("Inf", "Inf32", "Inf64"):
                raise self.error("expected a number after the sign")
            value = self.value()
            return -value if token == "-" else value
        if kind == "number":
            self.place += 1
            return _number(token)
        if token in ("(", "["):
            self.place += 1
            return self._several(")" if token == "(" else "]", bracket=token)
        if kind == "name":
            self.place += 1
            if self.peek() == "(":
                self.place += 1
                return Call(token, self._arguments(token), self.text, start, "julia")
            return WORDS[token] if token in WORDS else Other(token)
        raise self.error("expected a number, a tuple or a name")

    def _several(self, end, bracket):
        values, comma = [], bracket == "["
        while self.peek() != end:
            values.append(self.value())
            if self.peek() != end:
                self.take(",")
                comma = True
        self.take(end)
        return tuple(values) if comma or not values else values[0]

    def _arguments(self, name):
        found = []
        while self.peek() != ")":
            if self.peek() in (";", ",") and (self.peek() == ";" or found):
                self.place += 1
                continue
            keyword = ""
            if self.kind() == "name" and self.peek(1) == "=":
                keyword = self.peek()
                self.place += 2
            position = self.position()
            found.append(Argument(keyword, self.value(), position))
            if self.peek() not in (",", ";", ")"):
                raise self.error(f"{name}: expected ',' or ')'")
        self.take(")")
        return tuple(found)


def _number(token):
    text = token.replace("_", "")
    if "f" in text:
        with np.errstate(over="ignore"):
            return float(np.float32(text.replace("f", "e")))
    return float(text) if re.search(r"[.eE]", text) else int(text)
