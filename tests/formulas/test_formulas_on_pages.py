"""What stands on the pages under a rule's label is read there, as any reader reads it, and proved equal to the rule."""

import pytest
from book_pages import LANGUAGES, all_pages, formulas
from latex_reader import read
from read_back import IDS, faults

from fluxopt_edu.readings.latex import latex


def found():
    """The lines of rules on each page: {(page, id of the rule): {id: LaTeX}}."""
    result = {}
    for page in all_pages():
        for cell in page.cells:
            for text, label, _ in formulas(cell):
                id = (label or "").removesuffix(f"-{page.language}")
                rule = id.partition(".")[0]
                if rule in IDS and id in latex(IDS[rule]):
                    result.setdefault((page.name, rule), {})[id] = text
    return result


FOUND = found()
CHAPTERS = [(page, page.path.stem) for page in all_pages() if page.path.stem in IDS]


@pytest.mark.parametrize("page, rule", FOUND, ids=map(" ".join, FOUND))
def test_formulas_on_a_page_are_the_rule(page, rule):
    assert not list(faults(IDS[rule], FOUND[page, rule], read, every=page.split("/")[-1].startswith(f"{rule}.")))


@pytest.mark.parametrize("page, rule", CHAPTERS, ids=[page.name for page, _ in CHAPTERS])
def test_a_chapter_has_every_line_of_its_rule(page, rule):
    missing = latex(IDS[rule]).keys() - FOUND.get((page.name, rule), {}).keys()
    assert not missing, f"{page.name} has no formula labelled {', '.join(f'{id}-{page.language}' for id in sorted(missing))}"


def test_there_are_pages_to_read():
    for language in LANGUAGES:
        assert {("book/%s/descent.ipynb" % language, "descent"), ("book/%s/adam.ipynb" % language, "adam")} <= FOUND.keys()
