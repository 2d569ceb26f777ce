"""Write the terms of book/terms.yml into the glossary page of each language: python tools/glossary.py

A page keeps what stands before its first group of terms.
"""

from pathlib import Path

import yaml

BOOK = Path(__file__).resolve().parent.parent / "book"
# How a definition gives the word in the other language.
COUNTERPART = {"en": "({}) ", "zh": "（{}）"}


def groups(glossary, language, other):
    for group in glossary:
        yield f"(glossary-{group['id']}-{language})="
        yield f"## {group['title'][language]}\n"
        yield "```{glossary}"
        for term in group["terms"]:
            here, there = term[language], term[other]["term"]
            yield f"{here['term']}\n  {COUNTERPART[language].format(there)}{here['meaning']}\n"
        yield "```\n"


def main():
    glossary = yaml.safe_load((BOOK / "terms.yml").read_text(encoding="utf-8"))["glossary"]
    for language, other in [("en", "zh"), ("zh", "en")]:
        page = BOOK / language / "glossary.md"
        head = page.read_text(encoding="utf-8").partition(f"(glossary-{glossary[0]['id']}-{language})=")[0]
        text = head + "\n".join(groups(glossary, language, other)).rstrip() + "\n"
        page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
