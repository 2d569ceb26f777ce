"""Presentation MathML, turned into SymPy by what it shows: written down as LaTeX and read as that.

>>> read('<math><msub><mi>m</mi><mi>t</mi></msub><mo>=</mo><mfrac><mn>1</mn><mi>x</mi></mfrac></math>')
(m[t], 1/x)
"""

import unicodedata
from xml.etree import ElementTree

import latex_reader
from latex_reader import Unreadable

SIGNS = {
    "+": "+", "-": "-", "−": "-", "=": "=", "(": "(", ")": ")", "[": "[", "]": "]", ",": ",", "/": "/", "|": "|", "∣": "|",
    "<": "<", ">": ">", "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "⋅": r"\cdot ", "·": r"\cdot ", "×": r"\times ",
    "∞": r"\infty ", "max": r"\max ", "min": r"\min ", "ϵ": r"\epsilon ", "ε": r"\epsilon ",
    "∑": r"\sum ", "∏": r"\prod ", "lim": r"\lim ", "→": r"\to ", "⋆": r"\star ", "𝔼": r"\mathbb{E} ",
    "\u2061": "", "\u2062": "",  # function application, invisible times
}  # fmt: skip
ACCENTS = {"^": r"\hat", "ˆ": r"\hat", "\u0302": r"\hat", "¯": r"\bar", "‾": r"\bar", "―": r"\bar", "\u0304": r"\bar", "~": r"\tilde", "˜": r"\tilde"}
CHILDREN = {"msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "munderover": 3, "mfrac": 2, "mroot": 2, "mover": 2}
PRIMES = {"′": "'", "″": "''", "‴": "'''", "'": "'"}


def read(mathml):
    """The symbol that a formula defines, and what it is defined as."""
    return latex_reader.read(shown(ElementTree.fromstring(mathml)))


def read_statement(mathml):
    """A formula with an equals sign or another relation, as SymPy's relation."""
    return latex_reader.read_statement(shown(ElementTree.fromstring(mathml)))


def shown(element):
    """What an element shows, in LaTeX."""
    tag, children = element.tag.rpartition("}")[2], list(element)
    if tag in ("mi", "mn", "mo"):
        return _token((element.text or "").strip())
    if tag == "mtext":
        return rf"\text{{{(element.text or '').strip()}}}"
    if tag == "mspace":
        return " "
    if tag in ("math", "mrow", "mstyle", "mtd"):
        return _row(children)
    if len(children) != CHILDREN.get(tag, len(children)):
        raise Unreadable(f"<{tag}> with {len(children)} children")
    if tag in ("msub", "munder"):
        base, below = children
        return f"{_base(base)}_{{{shown(below)}}}"
    if tag == "msup":
        base, above = children
        return _base(base) + _above(above)
    if tag in ("msubsup", "munderover"):
        base, below, above = children
        return f"{_base(base)}_{{{shown(below)}}}{_above(above)}"
    if tag == "mfrac":
        above, below = map(shown, children)
        return rf"\frac{{{above}}}{{{below}}}"
    if tag == "msqrt":
        return rf"\sqrt{{{_row(children)}}}"
    if tag == "mroot":
        inside, degree = map(shown, children)
        return rf"\sqrt[{degree}]{{{inside}}}"
    if tag == "mover" and (children[1].text or "").strip() in ACCENTS:
        return rf"{ACCENTS[children[1].text.strip()]}{{{shown(children[0])}}}"
    if tag == "mtable":
        rows = r" \\ ".join(" & ".join(map(shown, row)) for row in children)
        return rf"\begin{{cases}} {rows} \end{{cases}}"
    raise Unreadable(f"<{tag}>")


def _row(children):
    if len(children) > 1 and children[0].text == "{" and children[1].tag.endswith("mtable"):
        children = children[1:]
    return "".join(map(shown, children))


def _base(element):
    """A base, in braces if it is more than one sign: they show no more than its grouping does."""
    return shown(element) if element.tag.rpartition("}")[2] in ("mi", "mn", "mo", "mover", "msub") else f"{{{shown(element)}}}"


def _above(element):
    text = (element.text or "").strip()
    return PRIMES[text] if text in PRIMES else f"^{{{shown(element)}}}"


def _token(text):
    if text in SIGNS:
        return SIGNS[text]
    if text.isascii() and text.isalpha() and len(text) == 1 or text.isascii() and text.replace(".", "", 1).isdigit():
        return text
    words = unicodedata.name(text, "").split() if len(text) == 1 else []
    if words[:1] == ["GREEK"] and "LETTER" in words:
        return "\\" + (words[-1].lower() if "SMALL" in words else words[-1].title()).replace("amda", "ambda") + " "
    raise Unreadable(f"{text!r}")
