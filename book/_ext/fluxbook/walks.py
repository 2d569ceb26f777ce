"""A figure that moves: rules walking over a landscape, with hyper-parameters and start under the reader's hand.

    ```{walk} Adam(eta=0.1); Descent(eta=0.1)
    :on: valley
    :start: -2, 0.8
    :steps: 60

    The caption.
    ```

The directive draws the picture at build time, from NumPy's numbers. Where scripts run, ``walk.js`` adds the controls
and draws the paths anew, with the JavaScript that is generated from the same rules.
"""

import ast
import html
import json
import math
from functools import lru_cache
from pathlib import Path

import contourpy
import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import fluxopt_edu
from fluxopt_edu.landscapes import LANDSCAPES
from fluxopt_edu.readings.javascript import javascript
from fluxopt_edu.run import trajectory
from fluxopt_edu.traced import Traced, written

SCRIPT = "walk-rules.js"
DASHES = ["none", "6 3"]  # a line style for each rule; walk.css has a colour for each
WIDTH, HEIGHT = 640, 320
WORDS = {
    "en": {"start": "Start", "steps": "Steps", "reset": "Reset", "plot": "Level lines and paths; drag to move the start"},
    "zh": {"start": "起点", "steps": "步数", "reset": "还原", "plot": "等高线与路径；拖动可移动起点"},
}


class walk(nodes.Element, nodes.General):
    pass


def numbers(text: str) -> list[float]:
    values = [float(part) for part in text.split(",")]
    if len(values) != 2:
        raise ValueError("expected two numbers, such as -2, 0.8")
    return values


def rule(call: str):
    """The optimiser of a call such as ``Adam(eta=0.1)``, read as text, not run as code."""
    tree = ast.parse(call.strip(), mode="eval").body
    name, keywords = (tree.func.id, tree.keywords) if isinstance(tree, ast.Call) else (tree.id, [])
    return getattr(fluxopt_edu, name)(**{k.arg: ast.literal_eval(k.value) for k in keywords})


class Walk(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        "on": lambda name: directives.choice(name, sorted(LANDSCAPES)),
        "start": numbers,
        "steps": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        try:
            rules = [rule(call) for call in self.arguments[0].split(";")]
        except (SyntaxError, AttributeError, TypeError, ValueError) as error:
            raise self.error(f"walk: cannot read the rules {self.arguments[0]!r}: {error}; write them as Adam(eta=0.1); Descent")
        if len(rules) > len(DASHES):
            raise self.error(f"walk: {len(rules)} rules, but there are colours and line styles for {len(DASHES)}")
        caption = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, caption)
        figure = walk(
            landscape=self.options.get("on", "valley"),
            start=self.options.get("start", [-2.0, 0.8]),
            steps=self.options.get("steps", 60),
            rules=[
                {"name": type(opt).__name__, "call": repr(opt), "hyper": {name: getattr(opt, name) for name in opt.hyper}} for opt in rules
            ],
        )
        figure += caption.children
        return [figure]


def place(landscape, points: np.ndarray) -> str:
    """Points in the plane as the picture's coordinates."""
    (x0, x1), (y0, y1) = landscape.xlim, landscape.ylim
    x, y = (points[:, 0] - x0) / (x1 - x0) * WIDTH, (y1 - points[:, 1]) / (y1 - y0) * HEIGHT
    return " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y) if np.isfinite(a) and np.isfinite(b) and abs(a) < 1e5 and abs(b) < 1e5)


@lru_cache
def level_lines(name: str) -> str:
    landscape = LANDSCAPES[name]
    x, y = np.meshgrid(np.linspace(*landscape.xlim, 121), np.linspace(*landscape.ylim, 121))
    z = landscape.f(x, y)
    generator = contourpy.contour_generator(x, y, z)
    levels = z.min() + (z.max() - z.min()) * np.linspace(0, 1, 14)[1:-1] ** 2.5
    lines = [line for level in levels for line in generator.lines(level)]
    return "".join(f'<polyline class="level" points="{place(landscape, line)}"/>' for line in lines)


def ticks(name: str, limits: tuple, start: str) -> str:
    """Numbers beside the picture, in the page's type whatever the picture's size; the axis is named between the last two."""
    low, high = limits
    whole = range(math.ceil(low), math.floor(high) + 1)
    marks = [(value, f"<b></b>{value}".replace("-", "−")) for value in whole] + [(whole[-1] - 0.5, f"<i>{name}</i>")]
    spans = "".join(f'<span style="{start}:{(value - low) / (high - low):.2%}">{mark}</span>' for value, mark in marks)
    return f'<div class="walk-ticks walk-{name}" aria-hidden="true">{spans}</div>'


def names(rules: list) -> list[str]:
    """What to call each rule: by its name, numbered where two have the same."""
    plain = [one["name"] for one in rules]
    return [name if plain.count(name) == 1 else f"{name} {plain[: k + 1].count(name)}" for k, name in enumerate(plain)]


def stroke(k: int) -> str:
    return f'style="stroke: var(--rule-{k})" stroke-dasharray="{DASHES[k]}"'


def picture(node: walk, language: str) -> str:
    """The still picture, which the script keeps and moves, between what its lines mean and its ticks."""
    landscape, start = LANDSCAPES[node["landscape"]], np.array(node["start"])
    lines, markers, legend = [], [], []
    for k, (one, name) in enumerate(zip(node["rules"], names(node["rules"]))):
        with np.errstate(all="ignore"):
            path = trajectory(rule(one["call"]), lambda p: np.array(landscape.gradient(*p)), start, node["steps"])
        dots = f'marker-mid="url(#dot{k})" marker-end="url(#dot{k})"'
        lines.append(f'<polyline class="path path{k}" {stroke(k)} {dots} points="{place(landscape, path)}"/>')
        markers.append(
            f'<marker id="dot{k}" viewBox="-2 -2 4 4" markerWidth="4" markerHeight="4" markerUnits="userSpaceOnUse">'
            f'<circle r="2" style="fill: var(--rule-{k})"/></marker>'
        )
        swatch = f'<svg class="swatch" width="30" height="8" aria-hidden="true"><line x2="30" y1="4" y2="4" {stroke(k)}/></svg>'
        legend.append(f"<span>{swatch}{name}</span>")
    (x, y), (bx, by) = (tuple(map(float, place(landscape, np.array([p])).split(","))) for p in (start, np.array(landscape.minimum, float)))
    label = html.escape(WORDS[language]["plot"] + ": " + "; ".join(one["call"] for one in node["rules"]))
    return (
        f'<div class="walk-legend">{"".join(legend)}</div><div class="walk-plot">{ticks("y", landscape.ylim, "bottom")}'
        f'<svg class="plane" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}"><defs>{"".join(markers)}</defs>'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>{level_lines(node["landscape"])}'
        f'{"".join(lines)}<path class="minimum" d="M{bx - 6},{by}h12M{bx},{by - 6}v12"/>'
        f'<circle class="start" cx="{x}" cy="{y}" r="7"/></svg>{ticks("x", landscape.xlim, "left")}</div>'
    )


def visit(translator, node: walk) -> None:
    language = "zh" if translator.builder.current_docname.startswith("book/zh/") else "en"
    landscape = LANDSCAPES[node["landscape"]]
    settings = {key: node[key] for key in ("landscape", "start", "steps", "rules")}
    settings |= {"xlim": landscape.xlim, "ylim": landscape.ylim, "width": WIDTH, "height": HEIGHT, "words": WORDS[language]}
    translator.body.append(f'<figure class="walk" data-walk="{html.escape(json.dumps(settings))}">{picture(node, language)}')
    translator.body.append("<figcaption>")


def depart(translator, node: walk) -> None:
    translator.body.append("</figcaption></figure>")


def skip(translator, node: walk) -> None:
    raise nodes.SkipNode


def script() -> str:
    """All rules and landscapes as one plain script: modules do not load from a file."""
    names = [name for name in fluxopt_edu.rules.__all__ if name != "WeightDecay"]
    rules = javascript(*(getattr(fluxopt_edu, name) for name in names)).replace("export const", "const")
    x, y = Traced("input", ("x",)), Traced("input", ("y",))
    gradients = ", ".join(
        f"{name}: (x, y) => [{', '.join(written(part) for part in landscape.gradient(x, y))}]" for name, landscape in LANDSCAPES.items()
    )
    return f"window.fluxopt = (() => {{\n{rules}return {{ rules: {{ {', '.join(names)} }}, gradients: {{ {gradients} }} }};\n}})();\n"


def write_script(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        Path(app.outdir, "_static", SCRIPT).write_text(script(), encoding="utf-8")


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and next(doctree.findall(walk), None) is not None:
        app.add_js_file(SCRIPT, loading_method="defer")
        app.add_js_file("walk.js", loading_method="defer")
        app.add_css_file("walk.css")


def setup_walks(app: Sphinx) -> None:
    app.add_node(walk, html=(visit, depart), latex=(skip, None), text=(skip, None))
    app.add_directive("walk", Walk)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_script)
