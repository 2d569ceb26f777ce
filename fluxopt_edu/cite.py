"""A formula, ready to be cited: its LaTeX with its letters explained, BibTeX, and a sentence for a methods section."""

import json
import re
from dataclasses import dataclass

from .bibliography import work
from .formulas import formula
from .formulas.origins import ORIGINS
from .version import __date__, __version__

FLUX = "Flux.jl v0.12.10"
FORMATS = ("latex", "mathml", "python", "javascript", "bibtex", "apa", "json")
LANGUAGES = ("en", "zh")
YEAR = __date__[:4]


def cite(id, lang="en", address=""):
    r"""All that is needed to cite a formula.

    Parameters
    ----------
    id : str
        Such as ``adam.step``.
    lang : {'en', 'zh'}
        Language of titles and sentences.
    address : str
        The book's public address, if it has one; the formula's permalink then stands in the BibTeX.

    Returns
    -------
    Citation

    Raises
    ------
    UnknownFormula
        There is no such formula; the message names the nearest ids.
    ValueError
        `lang` is neither.

    Examples
    --------
    >>> print(cite("momentum.v").latex)
    \begin{equation}
      v_t = \rho\, v_{t-1} - \eta\, g_t
    \end{equation}
    where $v_t$ is the velocity, $\rho$ the share of the velocity that one step keeps, $v_{t-1}$ the velocity before the step, $\eta$ the learning rate and $g_t$ the gradient used by step $t$ \cite{fluxopt-momentum-v,polyak1964}.
    >>> print(cite("amsgrad.step").sentence)
    AMSGrad as in Flux.jl v0.12.10: no bias correction, $m_0 = v_0 = v_{\max,0} = \epsilon$, constant learning rate.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"cite: lang = {lang!r}: expected one of {', '.join(LANGUAGES)}")
    return Citation(formula(id), lang, address.rstrip("/"))


@dataclass(frozen=True)
class Citation:
    """What `cite` gives; each property is text. It prints as all that a paper needs."""

    formula: object
    lang: str = "en"
    address: str = ""

    @property
    def key(self):
        return "fluxopt-" + self.formula.id.replace(".", "-")

    @property
    def latex(self):
        """The formula as a numbered equation, and a sentence that explains its letters."""
        keys = ",".join([self.key, *([self.formula.source.key] if self.formula.source else [])])
        return f"\\begin{{equation}}\n  {self.formula.latex}\n\\end{{equation}}\n{self._letters(keys)}"

    def _letters(self, keys):
        letters = self.formula.letters.values()
        said = [(each.symbol.at(each.index), tex(_said(each.symbol, each.index, self.formula.rule, self.lang))) for each in letters]
        holds = tex(self.formula.holds.get(self.lang, ""))
        if self.lang == "zh":
            sentence = "其中 " + "，".join(f"${latex}$ 是{_spaced(meaning)}" for latex, meaning in said) + f" \\cite{{{keys}}}。"
            return sentence + (f"条件：{holds}。" if holds else "")
        (first, meaning), *others = said
        parts = [f"${first}$ is {_the(meaning)}", *(f"${latex}$ {_the(meaning)}" for latex, meaning in others)]
        return f"where {_joined(parts)} \\cite{{{keys}}}." + (f" Conditions: {holds}." if holds else "")

    @property
    def mathml(self):
        return self.formula.mathml

    @property
    def python(self):
        return self.formula.python

    @property
    def javascript(self):
        return self.formula.javascript

    @property
    def bibtex(self):
        """An entry for this formula, and one for the work that it comes from."""
        own = {
            "author": "{fluxopt-edu developers}",
            "title": f"{{{tex(self.formula.title[self.lang])}}} ({self.formula.id})",
            "howpublished": f"fluxopt-edu {__version__}, formula {self.formula.id}",
            "year": YEAR,
        } | ({"url": self.permalink} if self.permalink else {})
        width = max(map(len, own))
        lines = ",\n".join(f"  {name:{width}} = {{{value}}}" for name, value in own.items())
        return "\n\n".join([f"@misc{{{self.key},\n{lines}\n}}", *([self.work.bibtex] if self.work else [])])

    @property
    def apa(self):
        own = f"fluxopt-edu developers. ({YEAR}). {self.formula.title[self.lang]} ({self.formula.id}). fluxopt-edu {__version__}."
        return "\n".join([f"{own} {self.permalink}".rstrip(), *([self.work.apa] if self.work else [])])

    @property
    def sentence(self):
        """For a methods section: which rule of its name was run."""
        origin, rule = ORIGINS[self.formula.rule], self.formula.rule
        if self.lang == "zh":
            return f"{rule} 采用 {FLUX} 的形式" + (f"：{origin.zh}。" if origin.zh else "。")
        return f"{rule} as in {FLUX}" + (f": {origin.en}." if origin.en else ".")

    @property
    def permalink(self):
        """The formula's address; empty where the book has none."""
        return f"{self.address}/f/{self.formula.id}/" if self.address else ""

    @property
    def work(self):
        return work(self.formula.source.key) if self.formula.source else None

    @property
    def record(self):
        """Everything, as plain data."""
        entry = self.formula
        return {
            "id": entry.id,
            "kind": entry.kind,
            "title": entry.title,
            "rule": entry.rule,
            "latex": entry.latex,
            "mathml": entry.mathml,
            "python": entry.python,
            "javascript": entry.javascript,
            "says": str(entry.relation),
            "holds": entry.holds,
            "symbols": [
                {
                    "latex": latex,
                    "shape": "number" if symbol.shape == "number" else "x",
                    **{key: getattr(meaning, key) for key in ("en", "zh", "unit")},
                }
                for (latex, symbol), meaning in zip(entry.symbols, entry.meanings)
            ],
            "source": {"key": entry.source.key, "place": entry.source.place, "apa": self.work.apa} if entry.source else None,
            "flux": f"{FLUX}, {entry.flux}" if entry.flux else None,
            "methods": {lang: Citation(entry, lang).sentence for lang in LANGUAGES},
            "proved by": list(entry.proofs),
            "since": entry.since,
            "changes": [vars(change) for change in entry.changes],
            "version": __version__,
            **({"permalink": self.permalink} if self.permalink else {}),
        }

    @property
    def json(self):
        return json.dumps(self.record, ensure_ascii=False, indent=2)

    def __repr__(self):
        return "\n\n".join([self.latex, self.sentence, self.bibtex])


GREEK = {"α": "alpha", "β": "beta", "ε": "epsilon", "η": "eta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma", "Δ": "Delta"}
BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₜ", "0123456789t")


def tex(text):
    r"""Greek letters and ids as LaTeX, for papers and bibliographies that are not set in Unicode.

    >>> tex("ε and the power of β₁")
    '$\\epsilon$ and the power of $\\beta_1$'
    """
    def letter(match):
        below = match[2].translate(BELOW)
        return f"$\\{GREEK[match[1]]}{'_' + below if below else ''}$"

    text = re.sub(rf"([{''.join(GREEK)}])([₀-₉ₜ]?)", letter, text)
    return re.sub(r"`([^`]+)`", r"\\texttt{\1}", text).replace("–", "--")


def _said(symbol, index, rule, lang):
    """A letter's meaning, inside a sentence."""
    meaning = symbol.means(rule, index)
    if lang == "zh":
        return re.sub("第 ([ti]) 步", r"第 $\1$ 步", re.split("[，；]", meaning.zh)[0])
    return re.sub(r"\bstep ([ti])\b", r"step $\1$", re.split("[:;]", meaning.en)[0])


def _the(meaning):
    return meaning if meaning.startswith(("Adam's", "the ")) else f"the {meaning}"


def _spaced(meaning):
    """With the space that Chinese puts before Latin letters and formulas."""
    return f" {meaning}" if meaning[0].isascii() else meaning


def _joined(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
