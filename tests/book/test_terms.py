"""The words of the book: one list for both languages, and nothing beside it."""

import re
from collections import Counter

import pytest
import yaml
from book_pages import (
    BOOK, LANGUAGES, Page, directive, name_of, normal_prose, notebooks, pages, prose, readme_prose, shown,
)  # fmt: skip

LIST = yaml.safe_load((BOOK / "terms.yml").read_text(encoding="utf-8"))
TERMS = [term for group in LIST["glossary"] for term in group["terms"]]
# How a definition in the glossary gives the word in the other language.
COUNTERPART = {"en": r"\((.+?)\) (.+)", "zh": r"（(.+?)）(.+)"}

# The landing page speaks both languages.
LANDING = [each for cell in Page(BOOK / "index.md").cells for each in prose(cell)] if (BOOK / "index.md").exists() else []
PROSE = {
    "en": [*normal_prose("en"), *readme_prose("README.md"), *readme_prose("CONTRIBUTING.md"), *LANDING],
    "zh": [*normal_prose("zh"), *readme_prose("README.zh.md"), *LANDING],
}


def without_quotations(text):
    return re.sub(r"“[^”]*”|\"[^\"]*\"|《[^》]*》", "“”", text)


def whole_word(word):
    # Chinese has no spaces between words: there a word is found inside others.
    return rf"(?<![\w-]){re.escape(word)}(?![\w-])" if word.isascii() else re.escape(word)


def uses(pattern, language, flags=0):
    for text, place in PROSE[language]:
        text = without_quotations(text)
        for match in re.finditer(pattern, text, flags):
            yield place, text[max(match.start() - 15, 0) : match.end() + 15]


AVOID = [
    (language, word, term[language]["term"])
    for term in TERMS
    for language in LANGUAGES
    for word in term[language].get("avoid", [])
]


@pytest.mark.parametrize(("language", "word", "term"), AVOID, ids=[f"{language} {word}" for language, word, _ in AVOID])
def test_no_word_is_used_beside_the_term(language, word, term):
    wrong = [(place, f"{text!r}: write {term}") for place, text in uses(whole_word(word), language, re.IGNORECASE)]
    assert not wrong, shown(wrong)


NAMES = [(name, wrong) for name, spellings in LIST["names"].items() for wrong in spellings]


@pytest.mark.parametrize(("name", "spelling"), NAMES, ids=[f"{wrong} for {name}" for name, wrong in NAMES])
def test_names_are_spelled_as_flux_and_the_libraries_do(name, spelling):
    wrong = [(place, f"{text!r}: write {name}") for language in LANGUAGES for place, text in uses(whole_word(spelling), language)]
    assert not wrong, shown(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_are_defined_once(language):
    words = Counter(term[language]["term"].lower() for term in TERMS)
    assert not [word for word, times in words.items() if times > 1]
    assert not [word for term in TERMS for word in term[language].get("avoid", []) if word.lower() in words]
    ids = Counter(term["id"] for term in TERMS)
    assert not [name for name, times in ids.items() if times > 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_is_complete(language):
    for term in TERMS:
        entry = term[language]
        assert entry["term"] and entry["meaning"].rstrip()[-1] in ".。", term["id"]
        assert set(entry) <= {"term", "meaning", "avoid", "introduce"}, term["id"]


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_glossary_page_is_the_list(language, other):
    (page,) = [page for page in pages(language) if page.path.name == "glossary.md"]
    shown_terms = []
    for token, _ in page.cells[0].tokens:
        if directive(token) == "glossary":
            for word, line in re.findall(r"^(\S.*)\n[ ]+(.+)$", token.content, re.MULTILINE):
                counterpart, meaning = re.fullmatch(COUNTERPART[language], line).groups()
                shown_terms.append((word, counterpart, meaning))
    listed = [(term[language]["term"], term[other]["term"], term[language]["meaning"]) for term in TERMS]
    assert shown_terms == listed, "run: python tools/glossary.py"


INTRODUCED = [term for term in TERMS if term["zh"].get("introduce")]
CHINESE_NOTEBOOKS = [page for page in notebooks() if page.language == "zh"]


@pytest.mark.parametrize("page", CHINESE_NOTEBOOKS, ids=name_of)
def test_terms_are_introduced_with_the_english_word(page):
    """In running text, headings, tables and captions left out: 偏差校正（bias correction）, then 偏差校正."""
    wrong = []
    running = list(running_text(page))
    for term in INTRODUCED:
        word, english = term["zh"]["term"], term["en"]["term"]
        # 权重衰减 within 解耦权重衰减 is not a use of it.
        longer = [other["zh"]["term"] for other in TERMS if word in other["zh"]["term"] and other is not term]
        for text, place in running:
            for whole in longer:
                text = text.replace(whole, "")
            if word in text:
                if not re.search(rf"{word}[^，。；]*?（{re.escape(english)}", text, re.IGNORECASE):
                    wrong.append((place, f"{word} is used first here: write {word}（{english}）"))
                break
    assert not wrong, shown(wrong)


def running_text(page):
    for cell in page.cells:
        if cell.kind == "markdown":
            inside = []
            for token, place in cell.tokens:
                if token.type in {"heading_open", "table_open"}:
                    inside.append(token.type)
                elif token.type in {"heading_close", "table_close"}:
                    inside.pop()
                elif token.type == "inline" and not inside:
                    yield token.content, place
