"""What the tests of the site know about it: its pages and languages."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"en": "en", "zh": "zh-CN"}
KINDS = ["index", "notation", "descent", "adam", "glossary", "references"]
CHAPTERS = ["descent", "adam"]
SEARCH = {"en": "search.html", "zh": "search-zh.html"}


@dataclass
class Page:
    path: str
    soup: BeautifulSoup

    @property
    def language(self):
        """The folder of its language, or None for the pages of both."""
        for code, search in SEARCH.items():
            if self.path.startswith(f"book/{code}/") or self.path == search:
                return code
        return None

    @cached_property
    def ids(self):
        return {element["id"] for element in self.soup.find_all(id=True)}
