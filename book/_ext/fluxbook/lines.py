"""Where a line of text may break, and where it must not.

A browser breaks a line on either side of a formula, even between the formula and the full stop after it. And it takes a
long call for one word, which it then cuts anywhere.
"""

import re

from sphinx.application import Sphinx

MATHS = r'<span class="math notranslate nohighlight">\\\([^<]*\\\)</span>'
OPENING = r"[（“‘《「【(\[]"
CLOSING = r"[，。；：、！？）”’》」】,.;:!?)\]%…]"
# What a line may not end with, a formula, and what may not begin a line. A full stop behind **bold $x$** becomes bold.
# Or such a piece that is held already.
HELD = re.compile(
    rf'<span class="nobreak">{OPENING}*{MATHS}|({OPENING}*)({MATHS})((?:</strong>|</em>)*)((?:-\w+)?{CLOSING}*)'
)

# A word of code that need not fit a phone; a break is then at a sign, or before the name that follows a dot. Others stay whole.
LONG = re.compile(r'<span class="pre">([^<]{30,})</span>')
SIGN = re.compile(r"(?<=[\w)])([(=,_/]|\.(?=[A-Za-z]))(?=\w)")

# A setting as Julia writes it, with spaces.
SETTING = re.compile(r'<span class="pre">[\w.(;]+</span> <span class="pre">=</span> <span class="pre">[^<]*</span>')


def held(html: str) -> str:
    """Each formula in one piece with the marks beside it."""

    def hold(found: re.Match) -> str:
        before, formula, ends, after = found.groups()
        return f'<span class="nobreak">{before}{formula}{after}</span>{ends}' if before or after else found[0]

    return HELD.sub(hold, html)


def parted(html: str) -> str:
    """Each long word of inline code with places to break; none beside the sign of a setting."""
    long = LONG.sub(lambda word: '<span class="pre long">' + SIGN.sub(r"\1<wbr>", word[1]) + "</span>", html)
    return SETTING.sub(r'<span class="nobreak">\g<0></span>', long)


def set_lines(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if "body" in context:
        context["body"] = parted(held(context["body"]))


def setup_lines(app: Sphinx) -> None:
    app.connect("html-page-context", set_lines)
