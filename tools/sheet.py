"""Make the formula sheet: python tools/sheet.py [--lang zh] [--form png] [FOLDER]

`make book` puts both PDFs into the site; this makes them alone, to look at while working on book/sheet/.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from fluxbook.sheet_pdf import NoChineseFont, make  # noqa: E402


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0].partition(":")[0] + ".")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "_build" / "sheet", metavar="FOLDER", help="default: _build/sheet")
    parser.add_argument("--lang", choices=("en", "zh"), action="append", help="default: both")
    parser.add_argument("--form", choices=("pdf", "png", "svg"), default="pdf", help="default: pdf")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for language in options.lang or ("en", "zh"):
        try:
            made = make(language, form=options.form, ppi=144)
        except (NoChineseFont, ImportError) as error:
            print(f"sheet-{language}: {error}.", file=sys.stderr)
            failed = 1
            continue
        if options.form == "pdf":
            pages = {f"sheet-{language}.pdf": made}
        else:
            pages = {f"sheet-{language}-{k}.{options.form}": page for k, page in enumerate(made, 1)}
        for name, page in pages.items():
            (options.folder / name).write_bytes(page)
            print(options.folder / name)
    return failed


if __name__ == "__main__":
    sys.exit(main())
