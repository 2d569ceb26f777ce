"""Write book/dialects.json, what `compare` and `translate` find of each rule in each library, for the book's tables.

    python tools/dialects.py            write it
    python tools/dialects.py --check    only say whether it is what would be written
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "book" / "_ext")]

from fluxbook.dialect_content import FILE, content  # noqa: E402


def text():
    return json.dumps(content(), ensure_ascii=False, indent=1) + "\n"


def main():
    if "--check" in sys.argv[1:]:
        same = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
        print(f"{FILE.relative_to(ROOT)} is {'current' if same else 'not current: run python tools/dialects.py'}")
        return 0 if same else 1
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
