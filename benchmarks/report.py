"""Write the table and the picture of results.json: python benchmarks/report.py"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from fluxopt_edu import figures  # noqa: E402

COLUMNS = ["fused", "plain", "torch single", "torch foreach", "torch fused", "optax", "Keras"]
TARGETS = {"1e7": ("fused/floor", 1.3), "200 × 100": ("fused/best peer", 0.2)}


def write(folder):
    """Make results.md and results.svg from the results.json in `folder`."""
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    (folder / "results.md").write_text("\n".join(lines(results)) + "\n", encoding="utf-8")
    picture(results, folder / "results.svg")


def lines(results):
    machine = results["machine"]
    yield "# Time of a step\n"
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    yield f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; one core used. {versions}."
    yield f"Medians of {results['rounds']} rounds, in which the contenders take turns; load at the start {machine['load at the start']}.\n"
    yield "*fused* and *plain* are this package with and without numba; the others run under their fastest settings"
    yield "(optax and Keras under jit with donated buffers). The *floor* is the time in which the bytes of a step can be"
    yield "read and written, at the speed of an addition in place in the same round. A ratio is the median of the rounds'"
    yield "ratios, with its quartiles; below 1 this package is faster.\n"
    for size, rows in results["steps"].items():
        yield f"## {size} elements\n" if "×" not in size else f"## {size.replace('×', 'parameters of')} elements\n"
        yield f"| rule | dtype | {' | '.join(COLUMNS)} | fused / best peer | plain / best peer | fused / floor | plain / floor |"
        yield "|---|---|" + "--:|" * (len(COLUMNS) + 4)
        for row in rows:
            peer = row["best peer"]
            cells = [time(row["seconds"].get(name)) for name in COLUMNS]
            cells = [f"**{cell}**" if name == peer else cell for name, cell in zip(COLUMNS, cells)]
            ratios = [ratio(row["ratios"].get(key)) for key in ("fused/best peer", "plain/best peer")]
            large = size == "1e7"
            ratios += [ratio(row["ratios"][key]) if large else "" for key in ("fused/floor", "plain/floor")]
            yield f"| {row['rule']} | {row['dtype']} | {' | '.join(cells + ratios)} |"
        yield ""
    yield "In bold the best peer. Where its time is below that of *fused*, it wins:\n"
    yield from wins(results)
    yield "\n## A step of Adam, float64, by the number of elements\n"
    yield f"| elements | {' | '.join(COLUMNS)} |"
    yield "|--:|" + "--:|" * len(COLUMNS)
    for n, seconds in results["curve"].items():
        yield f"| {int(n):,} | {' | '.join(time(seconds.get(name)) for name in COLUMNS)} |".replace(",", " ")
    yield "\n## Imports\n\n| what | seconds |\n|---|--:|"
    yield from (f"| {name} | {seconds:.2f} |" for name, seconds in results["imports"].items())
    yield "\n## Memory\n"
    yield "The peak of what a step allocates, in multiples of the parameter: the state at the first step, then nothing.\n"
    yield "| | first step | next step |\n|---|--:|--:|"
    yield from (f"| {name} | {peak['first step']:.3f} | {peak['next step']:.3f} |" for name, peak in results["memory"].items())
    if results["proofs"] is not None:
        yield f"\n## Proofs\n\nAll one-step proofs together: {results['proofs']:.2f} s."


def wins(results):
    found = False
    for size, rows in results["steps"].items():
        for row in rows:
            first, middle, last = row["ratios"]["fused/best peer"]
            if middle > 1:
                found = True
                sure = "" if first > 1 else ", within the spread"
                yield f"- {row['best peer']}: {row['rule']}, {row['dtype']}, {size} ({middle:.2f}; {first:.2f} to {last:.2f}{sure})"
    if not found:
        yield "- nowhere in this run"


def time(quartiles):
    if quartiles is None:
        return "–"
    seconds = quartiles[1]
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def ratio(quartiles):
    return "–" if quartiles is None else f"{quartiles[1]:.2f} ({quartiles[0]:.2f}–{quartiles[2]:.2f})"


def picture(results, path):
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    figures.style()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4), width_ratios=[1, 1.2])
    curve = {int(n): seconds for n, seconds in results["curve"].items()}
    for name in [*COLUMNS, "floor"]:
        known = [n for n in curve if name in curve[n]]
        style = {"color": "0.6", "linestyle": "-", "linewidth": 1} if name == "floor" else {}
        left.loglog(known, [curve[n][name][1] for n in known], label=name, **style)
    left.set(xlabel="elements", ylabel="seconds per step", title="Adam, float64")
    left.legend(fontsize=8)
    sizes = list(results["steps"])
    rules = list(dict.fromkeys(row["rule"] for row in results["steps"][sizes[0]]))
    for k, rule in enumerate(rules):
        rows = [next(r for r in results["steps"][size] if r["rule"] == rule and r["dtype"] == "float64") for size in sizes]
        middle = [row["ratios"]["fused/best peer"] for row in rows]
        places = [position + (k - len(rules) / 2) * 0.13 for position in range(len(sizes))]
        errors = [[q[1] - q[0] for q in middle], [q[2] - q[1] for q in middle]]
        right.errorbar(places, [q[1] for q in middle], errors, fmt="osD^v"[k], markersize=5, label=rule, linestyle="none")
    right.axhline(1, color="black", linewidth=1)
    right.set_yscale("log")
    right.set_xticks(range(len(sizes)), sizes)
    right.set(xlabel="elements", ylabel="time / best peer", title="fused, float64")
    right.legend(fontsize=8)
    fig.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    write(HERE)
