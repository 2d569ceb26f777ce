"""The words on a folded cell: in the exercises of a chapter it is a solution, elsewhere just code."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

_ = get_translation("sphinx")


def in_exercises(node: nodes.Node) -> bool:
    """Whether it stands in the section with the label ``<rule>-exercises-<language>``."""
    while node := node.parent:
        if isinstance(node, nodes.section) and any("-exercises-" in id for id in node["ids"]):
            return True
    return False


class NameFolds(SphinxPostTransform):
    default_priority = 2  # the language of the page is set at 1

    def run(self, **kwargs: object) -> None:
        for cell in self.document.findall(nodes.container):
            if cell.get("hide_mode") == "all":
                words = _("Solution: code and output") if in_exercises(cell) else _("Code and output")
                cell["prompt_show"] = cell["prompt_hide"] = words


def setup_folds(app: Sphinx) -> None:
    app.add_post_transform(NameFolds)
