"""The catalogue's formulas on the book's pages.

    python tools/formulas.py check    say which stand there otherwise, which are missing from a rule's chapter,
                                      and which labels name no formula of the catalogue
    python tools/formulas.py write    put the catalogue's LaTeX under every label
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

from fluxopt_edu.formulas import catalogue

ROOT = Path(__file__).resolve().parent.parent
LABELLED = re.compile(r"^\$\$\n(?P<latex>(?:(?!\$\$).)*)\n\$\$ \((?P<id>[a-z0-9.-]+)-(?P<language>[a-z]{2})\)$", re.MULTILINE | re.DOTALL)
SENTENCE_END = re.compile(r"(?:\s|\\,)*[.,;。，；]?\s*$")


@dataclass(frozen=True)
class Difference:
    where: str
    id: str
    stands: str
    printed: str

    def __str__(self):
        return f"{self.where}: {self.id}\n  stands   {self.stands}\n  printed  {self.printed}"


def rewritten(text, printed, language, where):
    """A page's text with the printed formulas, and what differed."""
    found = []

    def replacement(match):
        id, stands = match["id"], match["latex"]
        if id not in printed or match["language"] != language:
            return match[0]
        end = SENTENCE_END.search(stands)[0].rstrip()
        if " ".join(stands.split()) == printed[id] + end:
            return match[0]
        found.append(Difference(where, id, stands, printed[id]))
        return f"$$\n{printed[id]}{end}\n$$ ({id}-{language})"

    return LABELLED.sub(replacement, text), found


def process(path, printed, write):
    """The differences on one page, and the ids that stand there; the file is changed only if asked to."""
    language, where = path.parent.name, name_of(path)
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
        new, differences = rewritten(text, printed, language, where)
        texts = [new]
        if write and differences:
            path.write_text(new, encoding="utf-8", newline="\n")
    else:
        notebook = nbformat.read(path, as_version=4)
        differences, texts = [], []
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                cell.source, found = rewritten(cell.source, printed, language, f"{where}, cell {number}")
                differences += found
                texts.append(cell.source)
        if write and differences:
            with path.open("w", encoding="utf-8", newline="\n") as file:
                nbformat.write(notebook, file)
    return differences, {match["id"] for text in texts for match in LABELLED.finditer(text) if match["language"] == language}


def name_of(path):
    return "/".join(path.parts[-3:])


def main(command, book=ROOT / "book"):
    printed = {id: formula.latex for id, formula in catalogue().items()}
    chapters = {id.partition(".")[0] for id in printed}
    failed = False
    for path in sorted(path for suffix in ("md", "ipynb") for path in Path(book).glob(f"??/*.{suffix}")):
        differences, standing = process(path, printed, write=command == "write")
        for difference in differences:
            print(difference)
        missing = [id for id in printed if id.partition(".")[0] == path.stem and id not in standing] if path.stem in chapters else []
        for id in missing:
            print(f"{name_of(path)}: {id} is missing\n  printed  {printed[id]}")
        unknown = [id for id in standing if id not in printed and id.partition(".")[0] in chapters]
        for id in unknown:
            print(f"{name_of(path)}: {id} is not in the catalogue")
        failed |= bool(missing or unknown) or command == "check" and bool(differences)
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in ("check", "write"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
