"""Search that finds Chinese words, and answers in the reader's language.

Chinese is written without spaces, and a dictionary misses the words of a field. So a run of Chinese characters is
indexed as its overlapping pairs (学习率: 学习, 习率), and a query is cut the same way in the browser: a page is found
when it holds every pair. English words are stemmed as Sphinx does.
"""

import re
from collections.abc import Iterator

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

from .languages import language_of, languages, search_page

# Chinese characters, as a character class that Python and JavaScript (with the flag `u`) both read.
HAN_RANGES = [(0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)]
HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)

# A run of Chinese characters, or a word of others.
WORD = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")

SPLITTER = (
    r"""
const hanRun = /^[HAN]/u;
var splitQuery = (query) =>
  (query.match(/[HAN]+|(?:(?![HAN])[\p{Letter}\p{Number}_])+/gu) ?? []).flatMap((word) => {
    if (!hanRun.test(word)) return [word];
    const characters = [...word];
    return characters.length === 1 ? characters : characters.slice(1).map((next, at) => characters[at] + next);
  });
"""
).replace("HAN", HAN)


def cut(word: str) -> Iterator[str]:
    if not re.match(rf"[{HAN}]", word):
        yield word
        return
    # Single characters as well, so that a query of one finds something.
    yield from word
    for first, second in zip(word, word[1:]):
        yield first + second


class SearchPairs(SearchEnglish):
    lang = "pairs"
    language_name = "English and Chinese"
    js_splitter_code = SPLITTER

    def split(self, text: str) -> list[str]:
        return [part for word in WORD.findall(text) for part in cut(word)]

    def stem(self, word: str) -> str:
        # As the browser does. The stemmer makes "s", behind an apostrophe, an empty word.
        return word.lower() if len(word) < 3 else super().stem(word)


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """A search page in each language; the first is Sphinx's own."""
    for language in languages(app.config).values():
        if (name := search_page(app.config, language)) != "search":
            yield name, {}, "search.html"


def search_in_language(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    language = language_of(app.config, pagename)
    context["is_search_page"] = templatename == "search.html"
    if context["is_search_page"]:
        context["search_scope"] = {
            "code": language.code,
            "folder": language.folder,
            "others": [
                {
                    "folder": other.folder,
                    "name": other.name,
                    "tag": other.tag,
                    "page": context["pathto"](search_page(app.config, other)),
                }
                for other in languages(app.config).values()
                if other != language
            ],
        }


def setup_search(app: Sphinx) -> None:
    app.add_search_language(SearchPairs)
    app.connect("html-collect-pages", search_pages)
    app.connect("html-page-context", search_in_language, priority=15)
