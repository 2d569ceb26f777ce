"""What the book's site adds to Jupyter Book: two languages in one build, and everything served from its own folder.

Each module holds one feature and its ``setup_…`` function.
"""

from sphinx.application import Sphinx

from .anchors import setup_anchors
from .assets import setup_assets
from .cards import setup_cards
from .catalogues import setup_catalogues
from .citations import setup_citations
from .dialects import setup_dialects
from .downloads import setup_downloads
from .folds import setup_folds
from .footer import setup_footer
from .landing import setup_landing
from .languages import setup_languages
from .lines import setup_lines
from .mathjax import setup_mathjax
from .navigation import setup_navigation
from .notation import setup_notation
from .numbering import setup_numbering
from .permalinks import setup_permalinks
from .proofs import setup_proofs
from .repairs import setup_repairs
from .search import setup_search
from .sheet import setup_sheet
from .switcher import setup_switcher
from .tables import setup_tables
from .walks import setup_walks


def setup(app: Sphinx) -> dict:
    setup_languages(app)
    setup_catalogues(app)
    setup_anchors(app)
    setup_citations(app)
    setup_notation(app)
    setup_numbering(app)
    setup_navigation(app)
    setup_switcher(app)
    setup_search(app)
    setup_landing(app)
    setup_downloads(app)
    setup_footer(app)
    setup_mathjax(app)
    setup_assets(app)
    setup_repairs(app)
    setup_folds(app)
    setup_tables(app)
    setup_lines(app)
    setup_walks(app)
    setup_cards(app)
    setup_permalinks(app)
    setup_proofs(app)
    setup_sheet(app)
    setup_dialects(app)
    # The language of the page at hand is one value for the whole process: documents are read and written one by one.
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
