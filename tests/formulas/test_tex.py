"""A paper that cites every formula: LaTeX and BibTeX take what is emitted, with no error and no overfull box."""

import re
import shutil
import subprocess

import pytest

from fluxopt_edu.cite import cite
from fluxopt_edu.formulas import catalogue

if not shutil.which("pdflatex"):
    pytest.skip("needs pdflatex and bibtex (Debian: texlive-latex-base)", allow_module_level=True)

PAPER = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\begin{document}
%s
\bibliographystyle{plain}
\bibliography{all}
\end{document}
"""


def run(folder, *command):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120)


def compiled(folder, ids):
    """The logs of LaTeX and BibTeX for a paper that cites these formulas."""
    citations = [cite(id) for id in ids]
    body = "\n\n".join(f"{c.latex}\n\n{c.sentence}" for c in citations)
    (folder / "paper.tex").write_text(PAPER % body, encoding="utf-8")
    works = {c.work.key: c.work.bibtex for c in citations if c.work}
    own = [c.bibtex.partition("\n\n")[0] for c in citations]
    (folder / "all.bib").write_text("\n\n".join([*own, *works.values()]), encoding="utf-8")
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    first = run(folder, *latex)
    assert first.returncode == 0, first.stdout[-2000:]
    bibtex = run(folder, "bibtex", "paper")
    assert bibtex.returncode == 0, bibtex.stdout
    run(folder, *latex)
    last = run(folder, *latex)
    assert last.returncode == 0, last.stdout[-2000:]
    return (folder / "paper.log").read_text(encoding="utf-8", errors="replace"), bibtex.stdout


def complaints(log):
    return re.findall(r"^(?:Overfull \\hbox.*|! .*|LaTeX Warning: (?:Citation|Reference|Label).*)$", log, re.MULTILINE)


def test_every_formula_in_one_paper(tmp_path):
    log, bibtex = compiled(tmp_path, catalogue())
    # the lists of authors and addresses in the bibliography are the style's business
    body = log.partition("(./paper.bbl")[0]
    assert not complaints(body)
    assert not re.findall("Citation .* undefined", log)
    assert "Warning--" not in re.sub(r"Warning--empty journal.*", "", bibtex), bibtex


def test_an_overfull_box_would_be_seen(tmp_path):
    (tmp_path / "paper.tex").write_text(PAPER % (r"\begin{equation} " + "+".join("abcdefgh" * 9) + r" \end{equation}"), encoding="utf-8")
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "paper.tex")
    assert complaints((tmp_path / "paper.log").read_text(errors="replace"))
