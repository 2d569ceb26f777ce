"""A citation leads to the list of references in the reader's language.

Authors write the same key on the pages of every language: {cite}`kingma2015`. Each language has its own list of
references; since a key may stand in one list only, the lists of all languages but the first have a prefix for theirs::

    ```{bibliography}
    :all:
    :keyprefix: zh-
    ```

Here each citation is given the prefix of the language of its page.
"""

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import CitationTarget, parse_citation_targets

from .languages import Language, default_language, language_of


def key_prefix(language: Language | None, default: Language) -> str:
    return "" if language in (None, default) else f"{language.code}-"


def written(target: CitationTarget) -> str:
    """One part of a citation as its author writes it: {see}key{p. 5}."""
    pre, post = (f"{{{text}}}" if text else "" for text in (target.pre, target.post))
    return f"{pre}{target.key}{post}"


class CiteInOwnLanguage(SphinxPostTransform):
    # Before Sphinx resolves references, at 10.
    default_priority = 5

    def run(self, **kwargs: object) -> None:
        prefix = key_prefix(language_of(self.config, self.env.docname), default_language(self.config))
        for node in self.document.findall(pending_xref):
            if prefix and node.get("refdomain") == "cite":
                targets = parse_citation_targets(node["reftarget"])
                node["reftarget"] = ",".join(written(each._replace(key=prefix + each.key)) for each in targets)


def setup_citations(app: Sphinx) -> None:
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_post_transform(CiteInOwnLanguage)
