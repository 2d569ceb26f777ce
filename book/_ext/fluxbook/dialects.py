"""The tables of the dialects: how each library writes a rule, and what becomes of a recipe there.

    ```{dialect} Adam
    One line for readers of the notebook, in place of the table.
    ```

writes the whole table of a rule, ``elsewhere`` a short one for its chapter, ``dialects-matrix`` all verdicts, each linked
to its row, and ``epsilon-places`` where each library puts ε. What they show is stored in book/dialects.json, which
``python tools/dialects.py`` finds out.
"""

import html
import re
from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from .dialect_content import FILE, LIBRARIES, RULES, stored
from .dialect_words import LATER_FLUX, NAMES, SIGNS, VERDICTS, WORDS
from .languages import language_of
from .sheet import maths, sentence
from .sheet_content import block

PAGE = "dialects"


class part(nodes.General, nodes.Element):
    """An element of HTML with its attributes; what is in it are ordinary nodes.

    Tables that become cards on a phone lose their roles there, and docutils' own have no place for one.
    """


def element(tag: str, *children: nodes.Node, **attributes: str) -> part:
    return part("", *children, tag=tag, attributes={name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})


class Table(SphinxDirective):
    """What the directives have in common: the page's language, and cells."""

    has_content = True  # a line for notebooks, which the site leaves out

    def run(self) -> list[nodes.Node]:
        language = language_of(self.config, self.env.docname)
        if language is None:
            raise self.error(f"{self.name}: this page is in no language of the book")
        self.language = language.code
        self.say = WORDS[self.language]
        self.env.note_dependency(str(FILE))
        return self.table()

    def rule(self) -> str:
        if self.arguments[0] not in RULES:
            raise self.error(f"{self.name}: {self.arguments[0]!r}: expected one of {', '.join(RULES)}")
        return self.arguments[0]

    def words(self, name: str, *fillings: list[nodes.Node], **named: list[nodes.Node]) -> list[nodes.Node]:
        """A sentence with nodes in its braces."""
        found, fillings = [], list(fillings)
        for piece in re.split(r"(\{\w*\})", self.say[name].replace("{{", "\x01").replace("}}", "\x02")):
            if re.fullmatch(r"\{\w*\}", piece):
                found += named[piece[1:-1]] if piece != "{}" else fillings.pop(0)
            else:
                found += sentence(piece.replace("\x01", "{").replace("\x02", "}"))
        return found

    def joined(self, lists: Iterable[list[nodes.Node]]) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for each in lists:
            found += [*([nodes.Text(self.say["comma"])] if found else []), *each]
        return found

    def link(self, anchor: str, *words: nodes.Node) -> "part":
        """Not a reference of docutils, which must stand within a paragraph."""
        return element("a", *words, href=self.to(anchor), class_="reference internal")

    def to_section(self, rule: str) -> "part":
        return self.link(f"dialects-{rule.lower()}-{self.language}", nodes.Text(rule))

    def to(self, anchor: str) -> str:
        builder = self.env.app.builder
        there = builder.get_target_uri(f"book/{self.language}/{PAGE}")
        here = builder.get_target_uri(self.env.docname)
        return ("" if there == here else relative_uri(here, there)) + f"#{anchor}"

    def anchor(self, rule: str, library: str, flagged: bool = False) -> str:
        return f"dialect-{rule.lower()}-{library}{'-set' if flagged else ''}-{self.language}"


def paragraph(*children: nodes.Node, **attributes) -> nodes.paragraph:
    return nodes.paragraph("", "", *children, **attributes)


def code(text: str) -> nodes.literal:
    return nodes.literal("", text)


def flag(name: str, value: str) -> nodes.literal:
    """A keyword argument that a narrow column breaks after an underscore or the sign."""
    first, *others = (nodes.Text(piece) for piece in re.split(r"(?<=[_=])", f"{name}={value}"))
    return nodes.literal("", "", first, *(node for piece in others for node in (element("wbr"), piece)))


def signed(sign: str, kind: str) -> nodes.inline:
    return nodes.inline("", sign, classes=["sign", f"is-{kind}"])


def header_row(names: Iterable[str]) -> part:
    return element("tr", *(element("th", nodes.Text(name), role="columnheader", scope="col") for name in names), role="row")


def number(text: str) -> nodes.math:
    """1e-06 as a power of ten, 1.2e-01 as 0.12."""
    mantissa, _, exponent = text.partition("e")
    if exponent and -3 < int(exponent) < 3:
        return maths(f"{float(text):g}")
    power = f"10^{{{int(exponent)}}}" if exponent else ""
    if power and mantissa in ("1", "-1"):
        return maths(mantissa.removesuffix("1") + power)
    return maths(rf"{mantissa} \cdot {power}" if power else mantissa)


class OfOneRule(Table):
    required_arguments = 1

    def table(self) -> list[nodes.Node]:
        self.name_of_rule = self.rule()
        entry = stored()[self.name_of_rule]
        head = header_row(self.say[name] for name in self.columns)
        rows = [self.own(entry), *(self.row(row) for row in entry["rows"] if self.shows(row))]
        body = element("tbody", *rows, role="rowgroup")
        return [element("table", element("thead", head, role="rowgroup"), body, class_=f"dialects {self.name}", role="table")]

    def shows(self, row: dict) -> bool:
        return row["verdict"] != "unchanged"

    def line(self, header: part, cells: dict, **attributes: str) -> part:
        found = [header]
        for name in self.columns[1:]:
            inside = cells.get(name) or []
            found.append(element("td", *inside, role="cell", data_label=self.say[name], class_=name if inside else "none"))
        return element("tr", *found, role="row", **attributes)

    def header(self, library: str, version: str, flags: dict, anchor: str) -> part:
        words = [nodes.Text(NAMES[library][self.language])]
        if version:
            words += [nodes.Text(" "), nodes.inline("", version, classes=["version"])]
        if flags:
            named = self.joined([flag(own, str(v).lower() if library == "optimisersjl" else str(v))] for own, v in flags.items())
            words += [nodes.Text(" "), nodes.inline("", "", *self.words("flag", named), classes=["version"])]
        return element("th", *words, role="rowheader", scope="row", id=anchor)

    def own(self, entry: dict) -> part:
        return self.line(
            element("th", nodes.Text("Flux "), nodes.inline("", "v0.12.10", classes=["version"]), role="rowheader", scope="row"),
            {
                "call": [paragraph(code(entry["call"]))],
                "formula": self.formulas(entry["lines"], entry["start"]),
                "verdict": [paragraph(nodes.Text(self.say["reference"]), classes=["muted"])],
            },
            class_="reference-row",
        )

    def row(self, row: dict) -> part:
        library, rule = row["library"], self.name_of_rule
        anchor = self.anchor(rule, library, bool(row["flags"])) if self.full else self.anchor(rule, f"{library}-brief", bool(row["flags"]))
        version = {"paper": ""}.get(library, row["version"])
        cells = {
            "call": [paragraph(code(row["call"]))] if row["call"] else [paragraph(nodes.Text(block(rule, self.language).source))],
            "formula": self.formulas(row["lines"], row["start"]),
            "verdict": self.verdict(row),
            "there": self.there(row.get("there")),
            "back": self.there(row.get("back")),
        }
        return self.line(self.header(library, version, row["flags"], anchor), cells)

    def formulas(self, lines: list[str], start: str) -> list[nodes.Node]:
        found = [element("div", maths(line, display=True), class_="dialect-formula") for line in lines]
        if start:
            found.append(element("div", nodes.Text(self.say["starts"] + " "), maths(start), class_="dialect-formula"))
        return found

    def verdict(self, row: dict) -> list[nodes.Node]:
        kind, more = row["verdict"], []
        mark = signed(SIGNS[kind], kind)
        end = "。" if self.language == "zh" else "."
        text = VERDICTS[kind][self.language]
        text = text[0].upper() + text[1:] + end
        if row.get("ours"):
            more.append(self.words("where-only", self.joined([[maths(each)] for each in row["ours"]])))
        if row.get("arguments"):
            settings = [[code(each["argument"]), nodes.Text(" "), maths(f"= {each['value']}")] for each in row["arguments"]]
            more.append(self.words("set", self.joined(settings)))
        for each in row.get("states", []):
            if row["verdict"] != "same":
                more.append(self.words("states", [maths(each["state"])], [maths(each["value"])]))
        if row.get("shift"):
            more.append(self.words("shift", [maths(row["shift"])]))
        if row.get("starts"):
            more.append(self.words("from", self.joined([[maths(each)] for each in row["starts"]])))
        if row.get("steps"):
            more.append(self.words("steps", [maths("t = " + ", ".join(map(str, row["steps"])))]))
        if row.get("no-constants") and kind == "steps-change":
            more.append(self.words("no-constants"))
        if row.get("constant-rate-only"):
            more.append(self.words("constant"))
        if self.full:
            if row.get("back-only"):
                settings = [[code(each["argument"]), nodes.Text(" "), maths(f"= {each['value']}")] for each in row["back-only"]]
                more.append(self.words("back-only", self.joined(settings)))
            if at := row.get("parting"):
                gradients = self.joined([[number(g)] for g in at["gradients"]])
                first, second = ([number(step)] for step in at["steps"])
                words = "parting" if len(at["gradients"]) > 1 else "parting-at-once"
                more.append(self.words(words, t=[nodes.Text(str(at["t"]))], g=gradients, a=first, b=second))
        return [paragraph(mark, nodes.Text(" "), nodes.Text(text)), *(paragraph(*each) for each in more)]

    def there(self, found: dict | None) -> list[nodes.Node]:
        if found is None:
            return []
        if text := found["call"]:
            return [nodes.literal_block(text, text, language="julia" if re.match(r"[A-Z]", text) else "python")]
        if found["near"] is None:
            return [paragraph(*self.words("no-call-nor-near"))]
        near = found["near"]
        text = self.words("near", [code(near["call"])], [number(near["unit"])], [number(near["tiny"])])
        return [paragraph(*self.words("no-call"), *([nodes.Text(" ")] if self.language == "en" else []), *text)]


class Dialect(OfOneRule):
    columns = ("where", "call", "formula", "verdict", "there", "back")
    full = True


class Elsewhere(OfOneRule):
    columns = ("where", "call", "verdict", "there")
    full = False


class Matrix(Table):
    def table(self) -> list[nodes.Node]:
        names = [LATER_FLUX if library == "flux" else NAMES[library] for library in LIBRARIES]
        head = [element("th", nodes.Text(self.say["rule"]), scope="col")]
        head += [element("th", element("span", nodes.Text(name[self.language])), scope="col") for name in names]
        rows = [element("tr", element("th", self.to_section(rule), scope="row"), *self.cells(rule)) for rule in RULES]
        table = element("table", element("thead", element("tr", *head)), element("tbody", *rows), class_="dialects-matrix")
        return [element("div", table, class_="dialects-matrix-box"), self.key()]

    def cells(self, rule: str) -> Iterable[part]:
        for library in LIBRARIES:
            rows = [row for row in stored()[rule]["rows"] if row["library"] == library and row.get("version") != "0.12.5–0.12.9"]
            if not rows:
                yield element("td", *self.signed("–" if library != "flux" else "=", "none" if library != "flux" else "unchanged"))
                continue
            found: list[nodes.Node] = []
            for row in rows:
                kind = row["verdict"]
                sign = SIGNS[kind] + ("†" if row.get("flags") else "")
                if kind == "unchanged":
                    found += self.signed(sign, kind)
                    continue
                link = self.link(self.anchor(rule, library, bool(row["flags"])), *self.signed(sign, kind))
                found += [*([nodes.Text(" ")] if found else []), link]
            yield element("td", *found)

    def signed(self, sign: str, kind: str) -> list[nodes.Node]:
        return [signed(sign, kind), nodes.inline("", f" {VERDICTS[kind][self.language]}", classes=["visually-hidden"])]

    def key(self) -> part:
        entries = [(SIGNS[kind], VERDICTS[kind][self.language], kind) for kind in SIGNS if kind != "unchanged"]
        entries.append(("†", self.say["flags-mark"], "flag"))
        items = [element("div", element("dt", signed(sign, kind)), element("dd", nodes.Text(text))) for sign, text, kind in entries]
        return element("dl", *items, class_="dialects-key")


class EpsilonPlaces(Table):
    """A row for each rule with an ε, a cell for each library."""

    def table(self) -> list[nodes.Node]:
        libraries = ("flux", *(each for each in LIBRARIES if each not in ("paper", "flux")))
        names = [self.say["own"] if each == "flux" else NAMES[each][self.language] for each in libraries]
        head = header_row((self.say["rule"], *names))
        rows = []
        for rule in RULES:
            entry = stored()[rule]
            if not entry["epsilon"]:
                continue
            header = element("th", self.to_section(rule), role="rowheader", scope="row")
            cells = [self.cell(entry["epsilon"], names[0])]
            for library, name in zip(libraries[1:], names[1:]):
                row = next((row for row in entry["rows"] if row["library"] == library), None)
                cells.append(self.cell(row["epsilon"] if row else [], name))
            rows.append(element("tr", header, *cells, role="row"))
        body = element("tbody", *rows, role="rowgroup")
        return [element("table", element("thead", head, role="rowgroup"), body, class_="dialects epsilon-places", role="table")]

    def cell(self, places: list[str], label: str) -> part:
        inside = [element("div", maths(each, display=True), class_="dialect-formula") for each in places]
        return element("td", *(inside or [nodes.Text("–")]), role="cell", data_label=label)


def visit(translator: nodes.NodeVisitor, node: part) -> None:
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node["attributes"].items())
    translator.body.append(f"<{node['tag']}{attributes}>")


def depart(translator: nodes.NodeVisitor, node: part) -> None:
    if node["tag"] != "wbr":
        translator.body.append(f"</{node['tag']}>")


def pass_through(translator: nodes.NodeVisitor, node: part) -> None:
    pass


def add_style(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and next(doctree.findall(part), None) is not None:
        app.add_css_file("dialects.css")


def setup_dialects(app: Sphinx) -> None:
    app.add_node(part, html=(visit, depart), latex=(pass_through, pass_through), text=(pass_through, pass_through))
    app.add_directive("dialect", Dialect)
    app.add_directive("elsewhere", Elsewhere)
    app.add_directive("dialects-matrix", Matrix)
    app.add_directive("epsilon-places", EpsilonPlaces)
    app.connect("html-page-context", add_style)
