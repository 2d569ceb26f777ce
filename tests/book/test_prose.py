"""How the text is written: spaces and punctuation in Chinese, and words that say nothing in either language."""

import re

import autocorrect_py
import pytest
from book_pages import WORD, all_pages, normal_prose, pages, prose, readme_prose, shown

HAN = r"\u3400-\u9fff"
# Signs that have the width of a Chinese character and bring their own space.
WIDE = r"，。：；！？、（）《》“”‘’…—"

EMPTY_ENGLISH = [
    "simply", "obviously", "clearly", "trivially", "of course", "powerful", "leverage", "leverages", "leveraging", "utilize",
    "utilise", "let's", "let us", "in order to", "it is important to note", "it should be noted", "it is worth noting",
    "note that", "needless to say", "as we can see", "we can see", "we see that", "it is easy to see", "as you can see",
    "basically", "delve", "in conclusion", "to sum up", "in summary",
]  # fmt: skip
EMPTY_CHINESE = [
    "显然", "众所周知", "值得注意的是", "值得一提", "我们可以看到", "可以看到", "可以看出", "不难看出", "总的来说", "总而言之",
    "综上所述", "简单来说", "简而言之", "一般来说", "事实上", "一个有趣的事实", "需要注意的是", "需要指出的是", "毫无疑问",
    "非常强大", "强大的", "进行了", "使得其", "对其进行", "的作用是用来", "不言而喻", "易得", "易见",
]  # fmt: skip

CHINESE = [*normal_prose("zh"), *readme_prose("README.zh.md")]
ENGLISH = [*normal_prose("en"), *readme_prose("README.md"), *readme_prose("CONTRIBUTING.md")]


def without_quotations(text):
    return re.sub(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|《[^》]*》", "“”", text)


def found(pattern, texts, clean=lambda text: text, flags=0):
    """(place, the match in its surroundings) for each match of a pattern."""
    for text, place in texts:
        text = clean(text)
        for match in re.finditer(pattern, text, flags):
            yield place, f"…{text[max(match.start() - 15, 0) : match.end() + 15]}…".replace(WORD, "▢").replace("\n", "⏎")


def none_found(*arguments, **more):
    wrong = list(found(*arguments, **more))
    assert not wrong, shown(wrong)


def test_there_is_prose_in_each_language():
    assert len(CHINESE) > 100 and len(ENGLISH) > 100


@pytest.mark.parametrize("phrase", EMPTY_CHINESE)
def test_chinese_says_nothing_empty(phrase):
    none_found(re.escape(phrase), CHINESE, clean=without_quotations)


@pytest.mark.parametrize("phrase", EMPTY_ENGLISH)
def test_english_says_nothing_empty(phrase):
    none_found(rf"\b{re.escape(phrase)}\b", ENGLISH, clean=without_quotations, flags=re.IGNORECASE)


def test_reader_is_addressed_plainly():
    none_found("您", CHINESE)


def test_autocorrect_finds_nothing_in_chinese():
    wrong = []
    for text, place in CHINESE:
        for line in text.splitlines():
            # It takes 2.08：50 for a time of day.
            line = re.sub(r"(?<=\d)：(?=\d)", "，", line)
            mended = autocorrect_py.format(line)
            if mended != line:
                wrong.append((place, f"{line}  →  {mended}".replace(WORD, "▢")))
    assert not wrong, shown(wrong)


def test_one_space_between_chinese_and_the_rest():
    """Latin letters, digits, formulas and code: one space. Autocorrect does not ask this of every sign."""
    none_found(rf"[{HAN}](?=[A-Za-z0-9α-ωΑ-Ω√∞∂∇±≤≥|])|[A-Za-z0-9α-ωΑ-Ω₀-₉²³√∞|%](?=[{HAN}])", CHINESE)
    none_found(rf"[{HAN}]  +|  +[{HAN}]", CHINESE)


def test_no_space_beside_wide_punctuation():
    none_found(rf"[{WIDE}] +(?=\S)|(?<=\S) +[{WIDE}]", CHINESE, clean=lambda text: text.replace("——", ""))


def test_chinese_has_wide_punctuation():
    none_found(rf"[{HAN}{WIDE}] ?[,;:?!]|[,;?!] ?[{HAN}]|[{HAN}]\.(?!\w)|[{HAN}] ?\((?!\))|\) ?[{HAN}]", CHINESE)
    none_found(rf"[{HAN}]\s?[\"']|[\"']\s?[{HAN}]", CHINESE)
    # A paragraph that is Chinese ends like one.
    none_found(rf"\A(?=.*[{HAN}]).*[,.;:]\Z", CHINESE, flags=re.DOTALL)


def test_chinese_lines_are_not_broken():
    """A line break in the source is a space on the page."""
    none_found(rf"[{HAN}{WIDE}]\n|\n[{HAN}{WIDE}]", CHINESE)


def test_english_pages_hold_no_chinese():
    texts = [each for page in pages("en") if page.path.stem != "glossary" for cell in page.cells for each in prose(cell)]
    none_found(rf"[{HAN}，。：；！？、（）《》]", texts)


def test_chinese_pages_are_chinese():
    """No paragraph was left in English."""
    texts = [each for page in pages("zh") for cell in page.cells for each in prose(cell)]
    wrong = [
        (place, text)
        for text, place in texts
        if len(re.findall(r"\b[a-z]{2,}\b", text.replace(WORD, ""))) >= 6 and not re.search(rf"[{HAN}]", text)
    ]
    assert not wrong, shown(wrong)


def test_code_is_commented_in_english():
    wrong = [
        (cell.place(), match[0])
        for page in all_pages()
        for cell in page.code
        for match in re.finditer(rf".*[{HAN}].*", cell.source)
    ]
    assert not wrong, shown(wrong)
