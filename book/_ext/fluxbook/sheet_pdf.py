"""The formula sheet as PDF, set by Typst."""

import json
import re
from collections.abc import Iterable

from fluxopt_edu import __date__, __version__
from fluxopt_edu.readings.typst import from_latex

from .sheet_content import SOURCES, blocks, legend, rows, text, words

# Families that hold simplified Chinese, best first; what carries running text, then what carries names.
SERIF = ["Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "STSong", "SimSun"]
SANS = [
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "WenQuanYi Micro Hei",
]  # fmt: skip
INSTALL = "Debian and Ubuntu: sudo apt install fonts-noto-cjk; macOS and Windows have one"


class NoChineseFont(Exception):
    """The sheet cannot be set in Chinese here."""

    def __str__(self):
        return f"no font with Chinese characters was found. Install one ({INSTALL}), then build again"


def chinese_font(families: Iterable[str]) -> str:
    """The best Chinese font among the families, by name.

    Raises
    ------
    NoChineseFont
    """
    families = set(families)
    for name in (*SERIF, *SANS):
        if name in families:
            return name
    raise NoChineseFont


def runs(sentence: str) -> list[dict]:
    """A text with inline LaTeX and code as what Typst sets one after the other."""
    result = []
    for piece in re.split(r"(\$[^$]+\$|`[^`]+`)", sentence):
        if piece.startswith("$"):
            result.append({"math": from_latex(piece[1:-1])})
        elif piece.startswith("`"):
            result.append({"code": piece[1:-1]})
        elif piece:
            result.append({"text": piece})
    return result


def content(language: str, font: str, address: str = "") -> dict:
    """All that the template sets; with the site's address, each id leads to its formula."""
    return {
        "language": language,
        "font": font,
        "version": __version__,
        "date": dict(zip(("year", "month", "day"), map(int, __date__.split("-")))),  # the version's, not today's
        "address": address.rstrip("/"),
        "front": words()["front"],
        "text": {name: runs(text(name, language)) for name in words()["text"]},
        "title": text("title", language),
        "blocks": [
            {
                "name": block.name,
                "call": block.call,
                "arguments": from_latex(block.arguments),
                "source": block.source,
                "parent": block.parent,
                "from": runs(text("from", language).format(block.parent)) if block.parent else [],
                "also": block.also,
                "at": block.at,
                "change": runs(block.change),
                "rows": [[{"id": line.id, "math": line.typst, "new": line.new, "step": line.step} for line in row] for row in rows(block)],
                "start": from_latex(block.start) if block.start else "",
                "hint": runs(block.hint),
                "flux": runs(block.flux),
            }
            for block in blocks(language)
        ],
        "legend": [[{"math": from_latex(latex), "meaning": runs(meaning)} for latex, meaning in column] for column in legend(language)],
    }


def make(language: str, fonts=None, form: str = "pdf", ppi: float | None = None, address: str = "") -> bytes | list[bytes]:
    """The sheet in a language, the same bytes each time.

    Parameters
    ----------
    language : {'en', 'zh'}
    fonts : typst.Fonts, optional
        All fonts of the system and Typst's own if left out.
    address : str
        The site's public address, if it has one.
    form : {'pdf', 'png', 'svg'}
        Other forms than PDF come as a list, page by page.

    Raises
    ------
    ImportError
        Typst is not installed.
    NoChineseFont
        The sheet is to be in Chinese, and the system has no font for it.
    ValueError
        Typst has something to complain of, such as a letter that no font has.
    """
    try:
        import typst
    except ImportError:
        raise ImportError("the formula sheet is set by Typst, which is not installed: pip install -e '.[book]'") from None
    fonts = fonts or typst.Fonts()
    font = chinese_font(fonts.families()) if language == "zh" else ""
    data = json.dumps(content(language, font, address), ensure_ascii=False)
    compiler = typst.Compiler(SOURCES / "sheet.typ", root=SOURCES, font_paths=fonts, sys_inputs={"sheet": data})
    # PDF/A refuses letters that no font has
    standard = {"pdf_standards": ["a-2b"]} if form == "pdf" else {"ppi": ppi}
    result, warnings = compiler.compile_with_warnings(format=form, **standard)
    if warnings:
        raise ValueError(f"the formula sheet in {language}: " + "; ".join(warning.message for warning in warnings))
    return result
