"""The works that the book and the formulas cite, from ``references.bib``, the one list of them."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

ENTRY = re.compile(r"^@(?P<kind>\w+)\{(?P<key>\w+),\n(?P<fields>.*?)\n\}$", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^  (?P<name>\w+)\s*= \{(?P<value>.*?)\},?$", re.MULTILINE)
ACCENTS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "v": "\u030c", "c": "\u0327", "r": "\u030a"}


@dataclass(frozen=True)
class Work:
    """One entry.

    Attributes
    ----------
    key : str
    bibtex : str
        As it stands in ``references.bib``.
    fields : dict of str to str
    """

    key: str
    bibtex: str
    fields: dict = field(hash=False)

    @property
    def apa(self):
        """As the American Psychological Association asks for it.

        >>> print(work("kingma2015").apa)
        Kingma, D. P., & Ba, J. (2015). Adam: A Method for Stochastic Optimization. In 3rd International Conference on Learning Representations (ICLR). arXiv:1412.6980
        """
        known = self.fields
        place = ", ".join(part for part in (plain(known.get(name, "")) for name in ("journal", "publisher", "howpublished", "organization")) if part)
        if "booktitle" in known:
            place = f"In {plain(known['booktitle'])}"
        volume = plain(known.get("volume", "")) + (f"({known['number']})" if "number" in known and "journal" in known else "")
        where = ", ".join(part for part in (place, volume, plain(known.get("pages", ""))) if part)
        who = f"{_authors(known)} " if "author" in known else f"{plain(known['organization'])}. "
        if "author" not in known:
            where = ""
        return " ".join(part for part in (f"{who}({known['year']}). {plain(known['title'])}.", where and where + ".", _address(known)) if part)


@cache
def works():
    """All works by key, in the order of the file."""
    text = (files(__package__) / "references.bib").read_text(encoding="utf-8")
    found = {}
    for entry in ENTRY.finditer(text):
        found[entry["key"]] = Work(entry["key"], entry[0], {each["name"]: each["value"] for each in FIELD.finditer(entry["fields"])})
    return found


def work(key):
    """The work of a key, such as ``kingma2015``."""
    return works()[key]


def plain(text):
    r"""BibTeX's text without its braces and commands.

    >>> plain(r"{\v{S}}t{\v{e}}p{\'a}n, pages 1--17")
    'Štěpán, pages 1–17'
    """
    text = re.sub(r"\\(['`\"^~]|[vcr](?=\{))\{?(\w)\}?", lambda match: match[2] + ACCENTS[match[1]], text)
    return unicodedata.normalize("NFC", re.sub(r"[{}]", "", text)).replace("---", "—").replace("--", "–")


def _authors(known):
    people = plain(known["author"]).split(" and ")
    names = [_name(person) for person in people if person != "others"]
    if "others" in people:
        return ", ".join(names) + ", et al."
    if len(names) > 20:
        return ", ".join(names[:19]) + ", … " + names[-1]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + ", & " + names[-1]


def _name(person):
    """``Kingma, Diederik P.`` with initials."""
    family, _, given = person.partition(", ")
    initials = " ".join("-".join(part[0] + "." for part in word.split("-")) for word in given.split())
    return f"{family}, {initials}" if initials else family


def _address(known):
    if "doi" in known:
        return f"https://doi.org/{known['doi']}"
    return f"arXiv:{known['eprint']}" if "eprint" in known else known.get("url", "")
