"""What cards and permalink pages show of a formula, as plain values for their templates."""

import re
from collections.abc import Callable
from functools import partial

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from fluxopt_edu.bibliography import Work, plain
from fluxopt_edu.cite import FLUX, Citation, cite
from fluxopt_edu.formulas import WITHDRAWN, Formula, catalogue

from .catalogues import in_language
from .citations import key_prefix
from .languages import Language, default_language
from .lines import held
from .notation import symbol_label
from .proofs import proof_page

FOLDER = "f"

# Each encoding's file ending, and its text.
ENCODINGS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "LaTeX": ("tex", lambda citation: citation.formula.latex),
    "MathML": ("mml", lambda citation: citation.mathml),
    "Python": ("py", lambda citation: citation.python),
    "JavaScript": ("js", lambda citation: citation.javascript),
    "BibTeX": ("bib", lambda citation: citation.bibtex),
    "JSON": ("json", lambda citation: citation.json),
}


def page_of(id: str) -> str:
    """The name of a formula's page, for formulas that are and that were."""
    return f"{FOLDER}/{id}/index"


def equation_anchor(id: str, language: Language) -> str:
    """Where a formula stands on the page that shows it: Sphinx folds the dots of a label."""
    return nodes.make_id(f"equation-{id}-{language.code}")


def clashes(ids: list[str], language: Language) -> list[tuple[str, str]]:
    """Pairs of ids that fold to one anchor."""
    first: dict[str, str] = {}
    return [(first[anchor], id) for id in ids if first.setdefault(anchor := equation_anchor(id, language), id) != id]


def maths(latex: str) -> Markup:
    """Inline maths, as Sphinx writes it."""
    return Markup('<span class="math notranslate nohighlight">\\({}\\)</span>').format(latex)


def code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(text)


def prose(text: str, to: Callable[[str], str]) -> Markup:
    """A sentence of the catalogue: ``$…$`` is maths, and an id in backticks leads to its formula."""
    parts = []
    for part in re.split(r"(\$[^$]+\$|`[^`]+`)", text):
        if part.startswith("$"):
            parts.append(maths(part[1:-1]))
        elif part.startswith("`"):
            id = part[1:-1]
            link = Markup('<a href="{}">{}</a>').format(to(page_of(id) + ".html"), code(id))
            parts.append(link if id in catalogue() or id in WITHDRAWN else code(id))
        else:
            parts.append(escape(part))
    return Markup(held(Markup("").join(parts)))


def author_year(work: Work, language: Language) -> str:
    """A work as a sentence names it: Kingma and Ba (2015)."""
    people = plain(work.fields.get("author", "")).split(" and ") if "author" in work.fields else [plain(work.fields["organization"])]
    names = [person.partition(", ")[0] for person in people]
    chinese = language.code == "zh"
    if len(names) > 2 or names[-1] == "others":
        who = names[0] + (" 等" if chinese else " et al.")
    else:
        who = (" 与 " if chinese else " and ").join(names)
    return f"{who}（{work.fields['year']}）" if chinese else f"{who} ({work.fields['year']})"


def source(app: Sphinx, citation: Citation, language: Language, to: Callable[[str], str]) -> Markup | None:
    """The work that a formula comes from, with the place in it; a link where the references page has it."""
    work = citation.work
    if work is None:
        return None
    name = escape(author_year(work, language))
    key = key_prefix(language, default_language(app.config)) + work.key
    references = f"{language.folder}references"
    if references in app.env.found_docs and any(each.key == key for each in app.env.get_domain("cite").citations):
        name = Markup('<a href="{}#{}">{}</a>').format(to(app.builder.get_target_uri(references)), key, name)
    place = citation.formula.source.place.get(language.code)
    return name + ({"zh": "，"}.get(language.code, ", ") + place if place else "")


def symbols(app: Sphinx, formula: Formula, language: Language, to: Callable[[str], str]) -> list[dict]:
    """The rows of the table of symbols; each leads to its row on the notation page."""
    say = partial(in_language, language)
    labels = app.env.get_domain("std").anonlabels
    shapes = {"number": escape(say("number")), "x": escape(say("of {x}")).format(x=maths("x"))}
    rows = []
    for (latex, symbol), meaning in zip(formula.symbols, formula.meanings):
        page, anchor = labels.get(symbol_label(symbol, language), (None, None))
        rows.append({
            "maths": maths(latex),
            "href": page and f"{to(app.builder.get_target_uri(page))}#{anchor}",
            "meaning": getattr(meaning, language.code),
            "shape": shapes["number" if symbol.shape == "number" else "x"],
            "unit": maths(meaning.unit) if meaning.unit else "–",
        })  # fmt: skip
    return rows


def describe(app: Sphinx, id: str, language: Language, pagename: str) -> dict:
    """All that is told of a formula in a language, with links from the page of that name."""
    citation = cite(id, language.code, app.config.html_baseurl)
    formula = citation.formula
    to = partial(relative_uri, app.builder.get_target_uri(pagename))
    say = partial(in_language, language)
    return {
        "id": id,
        "title": formula.title[language.code],
        "permalink": to(app.builder.get_target_uri(page_of(id))),
        "address": citation.permalink or f"{FOLDER}/{id}/",
        "encodings": [
            {"name": name, "file": f"{id}.{ending}", "href": to(f"{FOLDER}/{id}/{id}.{ending}"), "text": text(citation)}
            for name, (ending, text) in ENCODINGS.items()
        ],
        "symbols": symbols(app, formula, language, to),
        "holds": prose(formula.holds[language.code], to) if formula.holds else None,
        "source": source(app, citation, language, to),
        "flux": Markup(say("{name} in {flux}")).format(name=code(formula.flux), flux=FLUX) if formula.flux else None,
        "proofs": [
            {
                "name": proof.rpartition("::")[2],
                "file": proof.partition("::")[0],
                "href": page and f"{to(page)}#{page.partition('#')[2]}",
            }
            for proof in formula.proofs
            for page in [proof_page(app, proof)]
        ],
        "since": formula.since,
        "changes": [(change.version, getattr(change, language.code)) for change in formula.changes],
        "methods": prose(citation.sentence, to),
        "cited": citation,
        "lang": language.tag,
        "say": say,
    }
