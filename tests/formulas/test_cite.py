"""What is handed to one who cites: complete, parseable by others, and the same by code and by command."""

import json
import re
import subprocess
import sys

import pytest
from pybtex.database import parse_string
from pybtex.richtext import Text

from fluxopt_edu import __version__
from fluxopt_edu.bibliography import plain, works
from fluxopt_edu.cite import cite, tex
from fluxopt_edu.command import main
from fluxopt_edu.formulas import catalogue

IDS = list(catalogue())


def test_every_bibtex_that_is_emitted_parses_and_is_complete():
    for id in IDS:
        for language in ("en", "zh"):
            citation = cite(id, language, "https://example.org/book/")
            entries = parse_string(citation.bibtex, "bibtex").entries
            own = entries.pop(citation.key)
            assert own.fields["url"] == f"https://example.org/book/f/{id}/"
            assert {"title", "year", "howpublished"} <= own.fields.keys() and own.persons["author"]
            assert id in own.fields["title"] and __version__ in own.fields["howpublished"]
            assert list(entries) == ([citation.formula.source.key] if citation.formula.source else [])


def test_no_address_is_invented():
    citation = cite("adam.step")
    assert "url" not in parse_string(citation.bibtex, "bibtex").entries[citation.key].fields
    assert "permalink" not in citation.record and "://" not in citation.apa.splitlines()[0]


def test_works_are_read_as_a_parser_of_bibtex_reads_them():
    for key, work in works().items():
        (entry,) = parse_string(work.bibtex, "bibtex").entries.values()
        for name, value in entry.fields.items():
            if name == "url":
                assert work.fields[name] == value
                continue
            assert plain(work.fields[name]) == str(Text.from_latex(value)).replace("---", "—").replace("--", "–"), (key, name)
        for person in entry.persons.get("author", []):
            family = str(Text.from_latex(" ".join([*person.prelast_names, *person.last_names])))
            assert family == "others" or family in work.apa or "…" in work.apa, (key, family)


def test_apa_as_the_manual_has_it():
    assert works()["duchi2011"].apa == (
        "Duchi, J., Hazan, E., & Singer, Y. (2011). Adaptive Subgradient Methods for Online Learning and Stochastic Optimization. "
        "Journal of Machine Learning Research, 12, 2121–2159. https://jmlr.org/papers/v12/duchi11a.html"
    )
    assert works()["fluxjl"].apa.startswith("FluxML contributors. (2022). Flux.jl v0.12.10")


def test_the_latex_explains_every_letter_once():
    for id in IDS:
        citation = cite(id)
        sentence = citation.latex.partition("\\end{equation}\n")[2].partition("\\cite{")[0]
        explained = re.findall(r"\$([^$]+)\$ (?:is the|the|is Adam's|Adam's) ", sentence)
        assert sorted(explained) == sorted(latex for latex, _ in citation.formula.symbols), id
        assert citation.formula.latex in citation.latex
        assert cite(id, "zh").latex.count("是") >= len(explained)


def test_titles_in_bibtex_need_no_unicode():
    for id in IDS:
        assert tex(cite(id).formula.title["en"]).isascii(), cite(id).formula.title["en"]
        assert cite(id).latex.isascii(), id


def test_the_record_is_all_of_it_as_plain_data():
    record = json.loads(cite("amsgrad.v-max", address="https://example.org").json)
    assert record["id"] == "amsgrad.v-max" and record["permalink"] == "https://example.org/f/amsgrad.v-max/"
    assert record["flux"] == "Flux.jl v0.12.10, AMSGrad" and record["source"]["place"]["en"] == "Algorithm 2"
    assert {"latex", "mathml", "python", "javascript", "says", "symbols", "methods", "proved by", "since", "changes"} <= record.keys()
    assert record["methods"]["zh"].startswith("AMSGrad 采用 Flux.jl v0.12.10 的形式：")


def test_another_language_is_refused_by_name():
    with pytest.raises(ValueError, match="lang = 'fr': expected one of en, zh"):
        cite("adam.step", "fr")


# The command


def said(capsys, *arguments):
    status = main(list(arguments))
    return status, capsys.readouterr()


@pytest.mark.parametrize("format", ["latex", "mathml", "python", "javascript", "bibtex", "apa", "json", "sentence"])
def test_the_command_gives_what_the_function_gives(capsys, format):
    status, output = said(capsys, "cite", "oadam.step", "--format", format)
    assert (status, output.out) == (0, getattr(cite("oadam.step"), format).rstrip("\n") + "\n")


def test_list_has_an_id_a_line(capsys):
    _, output = said(capsys, "list")
    assert [line.split()[0] for line in output.out.splitlines()] == IDS
    _, output = said(capsys, "list", "Momentum", "--lang", "zh")
    assert output.out.splitlines()[0].split() == ["momentum.v", "Momentum：速度"]


def test_the_language_may_stand_before_or_after(capsys):
    _, before = said(capsys, "--lang", "zh", "show", "adam.step")
    _, after = said(capsys, "show", "adam.step", "--lang", "zh")
    assert before.out == after.out and "出处" in before.out and "tests/proofs/" in before.out


@pytest.mark.parametrize("command", ["cite", "show"])
def test_an_unknown_id_fails_and_names_the_nearest(capsys, command):
    status, output = said(capsys, command, "adam.setp")
    assert status == 1 and output.out == "" and "nearest: adam.step" in output.err


def test_an_unknown_rule_fails(capsys):
    status, output = said(capsys, "list", "adamm")
    assert status == 1 and "no rule 'adamm'" in output.err


def test_it_runs_as_a_module_and_explains_itself():
    answer = subprocess.run([sys.executable, "-m", "fluxopt_edu", "--help"], capture_output=True, text=True, check=True)
    for word in ("list", "show", "cite", "examples:", "--lang"):
        assert word in answer.stdout
    wrong = subprocess.run([sys.executable, "-m", "fluxopt_edu", "cite", "nothing.here"], capture_output=True, text=True)
    assert wrong.returncode == 1 and wrong.stdout == "" and wrong.stderr
