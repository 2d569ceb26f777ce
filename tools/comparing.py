"""Write fluxopt_edu/comparing/results.json: the long runs behind the page that compares the rules.

    python tools/comparing.py               all problems, a few minutes
    python tools/comparing.py game sparse   these problems anew; the others stay as they are
"""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fluxopt_edu.comparing.cells import NUDGE, compute, steady  # noqa: E402
from fluxopt_edu.comparing.problems import PROBLEMS  # noqa: E402
from fluxopt_edu.comparing.protocol import JUDGING, LOST, RULES, SOLVED, TUNING, best, trials  # noqa: E402
from fluxopt_edu.comparing.results import FILE  # noqa: E402


def entry(*which):
    return {**compute(*which), "steady": steady(*which)}


def runs(problem, rule):
    tried = [entry(problem, rule, "trials", place) for place in range(len(trials(rule, problem)))]
    place = best([trial["losses"] for trial in tried])[0]
    return {"trials": tried, "tuned": entry(problem, rule, "tuned", place), "default": entry(problem, rule, "default")}


def text(problems):
    settings = {
        "tuning seeds": list(TUNING), "judging seeds": list(JUDGING), "steps": {name: p.steps for name, p in PROBLEMS.items()},
        "trials": {name: {rule: trials(rule, name) for rule in RULES} for name in ("digits", "others")}, "losses between": [SOLVED, LOST], "nudge": NUDGE,
    }  # fmt: skip
    parts = [f'"settings": {json.dumps(settings)}']
    for name, rules in problems.items():
        lines = ",\n".join(f'  "{rule}": {json.dumps(found)}' for rule, found in rules.items())
        parts.append(f'"{name}": {{\n{lines}\n }}')
    return "{" + parts[0] + ',\n"problems": {\n ' + ",\n ".join(parts[1:]) + "\n}}\n"


def main():
    wanted = sys.argv[1:] or list(PROBLEMS)
    if unknown := set(wanted) - set(PROBLEMS):
        sys.exit(f"no problem {', '.join(sorted(unknown))}; there are {', '.join(PROBLEMS)}")
    stored = json.loads(FILE.read_text(encoding="utf-8"))["problems"] if FILE.exists() else {}
    for name in wanted:
        began = time.perf_counter()
        stored[name] = {}
        for rule in RULES:
            stored[name][rule] = runs(name, rule)
            print(f"\r{name}: {len(stored[name])} of {len(RULES)} rules, {time.perf_counter() - began:.0f} s", end="", flush=True)
        print()
    FILE.write_text(text({name: stored[name] for name in PROBLEMS if name in stored}), encoding="utf-8")


if __name__ == "__main__":
    main()
