"""The label written before a heading is the heading's address.

Docutils puts an address made from the words of the title first, and words change. Where the author gave a label, the
links in the page, the contents and the search use that.
"""

from docutils import nodes
from sphinx.application import Sphinx


def prefer_labels(app: Sphinx, doctree: nodes.document) -> None:
    labels = {node_id for name, node_id in doctree.nameids.items() if doctree.nametypes.get(name)}
    for section in doctree.findall(nodes.section):
        section["ids"].sort(key=lambda node_id: node_id not in labels)


def setup_anchors(app: Sphinx) -> None:
    # Before the contents, labels and search index are collected from the same event.
    app.connect("doctree-read", prefer_labels, priority=100)
