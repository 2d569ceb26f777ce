"""References: readable, complete, and all there; each citation leads to the list in its own language."""

import re

import pytest
from book_pages import BOOK, LANGUAGES, all_pages, citations, shown
from pybtex.database import parse_file

LIST = parse_file(BOOK.parent / "fluxopt_edu/references.bib")
ENTRIES = LIST.entries

# The eleven references of the article, in its order, with the family names of its authors as they really are.
ARTICLE = {
    "fluxjl": "FluxML contributors",
    "hinton2012": "Hinton Srivastava Swersky",
    "kingma2015": "Kingma Ba",
    "liu2020": "Liu Jiang He Chen Liu Gao Han",
    "duchi2011": "Duchi Hazan Singer",
    "zeiler2012": "Zeiler",
    "reddi2018": "Reddi Kale Kumar",
    "dozat2016": "Dozat",
    "loshchilov2019": "Loshchilov Hutter",
    "daskalakis2018": "Daskalakis Ilyas Syrgkanis Zeng",
    "zhuang2020": "Zhuang Tang Ding Tatikonda Dvornek Papademetris Duncan",
}
VENUE = {
    "article": "journal", "inproceedings": "booktitle", "book": "publisher", "misc": "howpublished", "manual": "organization",
}  # fmt: skip
# Keras asks to be cited so.
WITH_OTHERS = {"chollet2015"}


def each_entry():
    return pytest.mark.parametrize("key", ENTRIES)


def family_names(entry):
    return " ".join(" ".join(person.last_names) for person in entry.persons.get("author", [])) or entry.fields["organization"]


def cited():
    return [(key, place) for page in all_pages() for cell in page.cells for key, place in citations(cell)]


def test_every_citation_has_its_reference():
    wrong = [(place, f"{key} is not in references.bib") for key, place in cited() if key not in ENTRIES]
    assert cited() and not wrong, shown(wrong)


@each_entry()
def test_entry_is_complete(key):
    entry = ENTRIES[key]
    assert entry.persons.get("author") or entry.fields.get("organization"), "no author"
    assert "title" in entry.fields
    assert VENUE[entry.type] in entry.fields, f"no {VENUE[entry.type]}"
    assert re.fullmatch(r"(1[6-9]|20)\d\d", entry.fields["year"])
    assert {"doi", "eprint", "url"} & set(entry.fields), "no DOI, arXiv number or address"
    if entry.type == "article":
        assert {"volume", "doi"} & set(entry.fields), "neither volume nor DOI"


@each_entry()
def test_authors_are_named_in_full(key):
    for person in ENTRIES[key].persons.get("author", []):
        if str(person) == "others":
            assert key in WITH_OTHERS, "name the others"
        else:
            assert person.last_names and person.first_names, person
            given = [re.sub(r"[{}\\'\"`^~.]", "", name) for name in person.first_names + person.middle_names]
            assert any(len(name) > 1 for name in given), f"only an initial: {person}"


@each_entry()
def test_identifiers_are_well_formed(key):
    fields = ENTRIES[key].fields
    if "doi" in fields:
        assert re.fullmatch(r"10\.\d{4,9}/\S+", fields["doi"])
    if "eprint" in fields:
        assert re.fullmatch(r"\d{4}\.\d{4,5}", fields["eprint"]) and fields["archiveprefix"] == "arXiv"
    if "url" in fields:
        assert re.fullmatch(r"https://\S+", fields["url"])
    if "pages" in fields:
        assert re.fullmatch(r"\w+(--\w+)?", fields["pages"])


def test_keys_say_author_and_year():
    """The name of the first author and the year; a library without an author has its own name."""
    for key, entry in ENTRIES.items():
        if entry.persons.get("author"):
            first = re.sub(r"\W", "", entry.persons["author"][0].last_names[-1].lower())
            expected = {"deepmind2020"} if key == "deepmind2020" else {first + entry.fields["year"]}
            assert key in expected, f"{key}: {expected}"


def test_no_identifier_twice():
    for field in ("doi", "eprint", "title"):
        values = [entry.fields[field].lower() for entry in ENTRIES.values() if field in entry.fields]
        assert len(values) == len(set(values)), field


@pytest.mark.parametrize("key", ARTICLE)
def test_references_of_the_article_are_there_under_the_right_names(key):
    assert family_names(ENTRIES[key]) == ARTICLE[key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reference_page_lists_all(language):
    text = (BOOK / language / "references.md").read_text(encoding="utf-8")
    (options,) = re.findall(r"```\{bibliography\}\n((?::.*\n)*)```", text)
    prefix = "" if language == LANGUAGES[0] else f":keyprefix: {language}-\n"
    assert options == f":all:\n{prefix}"
