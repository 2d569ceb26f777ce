"""What ``python -m fluxopt_edu`` understands."""

import argparse
import sys

from .version import __version__

EXAMPLES = """\
examples:
  python -m fluxopt_edu list adam
  python -m fluxopt_edu show adam.step
  python -m fluxopt_edu cite adam.step --format bibtex
  python -m fluxopt_edu --lang zh cite amsgrad.step
  python -m fluxopt_edu translate "torch.optim.AdamW(lr=1e-3, weight_decay=0.01)" --to flux
  python -m fluxopt_edu compare "keras.optimizers.Adam()" "torch.optim.Adam()"
"""


class Negative(Exception):
    """An answer, which is no."""


def main(arguments=None):
    """Run one command; the exit status is 0, or 1 for what cannot be done and for an answer that is no, and 2 for what cannot be read."""
    known = parser().parse_args(arguments)
    try:
        print(known.run(known))
    except Negative as answer:
        print(answer)
        return 1
    except (LookupError, ValueError, ImportError) as error:
        print(f"fluxopt_edu: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # as in `… list | head`
        sys.stderr.close()
    return 0


def parser():
    top = argparse.ArgumentParser(
        prog="python -m fluxopt_edu",
        description="Flux's fourteen update rules as formulas that can be cited, and translated for other libraries.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"fluxopt-edu {__version__}")
    _language(top, "en")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    one = commands.add_parser("list", help="all formulas, or those of some rules: an id a line, with its title")
    one.add_argument("rule", nargs="*", metavar="RULE", help="such as adam; without it, all rules")
    one.set_defaults(run=_list)

    one = commands.add_parser("show", help="one formula: what it says, what its letters mean, where it comes from, what proves it")
    one.add_argument("id", metavar="ID", help="such as adam.step")
    one.set_defaults(run=_show)

    one = commands.add_parser("cite", help="one formula, ready for a paper")
    one.add_argument("id", metavar="ID", help="such as adam.step")
    one.add_argument(
        "--format", choices=["all", "latex", "mathml", "python", "javascript", "bibtex", "apa", "json", "sentence"], default="all",
        help="all: LaTeX with its letters explained, a sentence for a methods section, and BibTeX (default)",
    )  # fmt: skip
    one.add_argument("--address", default="", metavar="URL", help="the book's public address, for permalinks")
    one.set_defaults(run=_cite)

    one = commands.add_parser("translate", help="a constructor call for another library: the same trajectory, or what comes nearest")
    one.add_argument("call", metavar="CALL", help="such as 'torch.optim.AdamW(lr=1e-3)' or 'ADAMW(0.001)', Flux's; parsed, never run")
    one.add_argument("--to", default="torch", metavar="LIBRARY", help="flux, optimisersjl, torch (default), optax, keras or fluxopt_edu")
    one.set_defaults(run=_translate)

    one = commands.add_parser("compare", help="two constructor calls: whether they are one rule, and under which substitution")
    one.add_argument("a", metavar="CALL")
    one.add_argument("b", metavar="CALL")
    one.set_defaults(run=_compare)
    for command in commands.choices.values():
        _language(command, argparse.SUPPRESS)
    return top


def _language(parser, default):
    parser.add_argument("--lang", choices=["en", "zh"], default=default, help="language of titles and sentences (default: en)")


def _list(known):
    from .formulas import UnknownFormula, catalogue

    entries = catalogue().values()
    rules = {entry.rule.lower() for entry in entries}
    for name in known.rule:
        if name.lower() not in rules:
            raise UnknownFormula(f"no rule {name!r}; there are {', '.join(sorted(rules))}")
    wanted = {name.lower() for name in known.rule} or rules
    chosen = [entry for entry in entries if entry.rule.lower() in wanted]
    width = max(len(entry.id) for entry in chosen)
    return "\n".join(f"{entry.id:{width}}  {entry.title[known.lang]}" for entry in chosen)


SHOWN = {
    "en": {"where": "where", "source": "source", "flux": "Flux", "holds": "holds", "proved": "proved by", "since": "since"},
    "zh": {"where": "其中", "source": "出处", "flux": "Flux", "holds": "成立条件", "proved": "证明", "since": "始于"},
}


def _show(known):
    from .cite import FLUX, cite

    citation = cite(known.id, known.lang)
    entry, words = citation.formula, SHOWN[known.lang]
    lines = [f"{entry.id}  {entry.title[known.lang]}", "", f"    {entry.latex}", f"    {entry.relation}", ""]
    where = [f"{latex}: {getattr(meaning, known.lang)}" for (latex, _), meaning in zip(entry.symbols, entry.meanings)]
    about = [(words["where"], text) for text in where]
    if entry.holds:
        about.append((words["holds"], entry.holds[known.lang]))
    if entry.source:
        place = entry.source.place.get(known.lang, "")
        about.append((words["source"], citation.work.apa + (f" {place}" if place else "")))
    if entry.flux:
        about.append((words["flux"], f"{FLUX}, {entry.flux}"))
    about += [(words["proved"], proof) for proof in entry.proofs]
    about.append((words["since"], entry.since))
    before = None
    for word, text in about:
        lines.append(f"{word if word != before else '':10}  {text}".rstrip())
        before = word
    return "\n".join(lines)


def _cite(known):
    from .cite import cite

    citation = cite(known.id, known.lang, known.address)
    return repr(citation) if known.format == "all" else getattr(citation, known.format).rstrip("\n")


def _translate(known):
    from .porting.translate import translate

    found = translate(known.call, known.to)
    return _answer(found.text(known.lang), found)


def _compare(known):
    from .porting.compare import compare

    found = compare(known.a, known.b)
    return _answer(found.text(known.lang), found)


def _answer(text, found):
    if not found:
        raise Negative(text)
    return text
