import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "book"))  # the pages as the book's tests read them
