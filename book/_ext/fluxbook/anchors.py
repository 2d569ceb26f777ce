"""The label written before a heading is the heading's address.

Docutils makes the first address of a section from the words of its title. For a Chinese title that is ``id5``, which
changes when a section is added before it; and in any language it changes with the words. Where the author gave a
label, links in the page, the contents and the search use that.
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
