"""Measure steps against those of other libraries, and write results.json, results.md and results.svg beside this file.

    python benchmarks/run.py            about ten minutes, on a quiet machine
    python benchmarks/run.py --quick    to see whether it runs; writes into _build/benchmarks

Needs the extras `fast` and `peers`. Everything runs in this one process, on one core, the
contenders one after the other in each round, so that a disturbance meets them alike.
"""

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from importlib.metadata import version
from pathlib import Path

if hasattr(os, "sched_setaffinity"):  # before any library starts its threads
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.update(OMP_NUM_THREADS="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", TF_CPP_MIN_LOG_LEVEL="3")

import numpy as np  # noqa: E402
from contenders import CONTENDERS, OURS, RULES, floor, fluxopt_edu, moved, update  # noqa: E402
from report import write  # noqa: E402

HERE = Path(__file__).resolve().parent
SIZES = {"1e3": [1000], "1e5": [10**5], "1e7": [10**7], "200 × 100": [100] * 200}
CURVE = [10**3, 10**4, 10**5, 10**6, 10**7]
SECONDS = 0.01  # the least that one measurement takes: as many steps as that needs


def measured(steps, rounds):
    """For each contender the time of one step, in seconds, in each round."""
    counts, number = {}, 0
    for name, step in steps.items():
        for _ in range(3):  # compile, warm up
            step(number := number + 1)
        start = time.perf_counter()
        step(number := number + 1)
        counts[name] = max(1, int(SECONDS / max(time.perf_counter() - start, 1e-9)))
    times = {name: [] for name in steps}
    gc.disable()
    for _ in range(rounds):
        for name, step in steps.items():
            start = time.perf_counter()
            for k in range(counts[name]):
                step(k)
            times[name].append((time.perf_counter() - start) / counts[name])
        gc.collect()
    gc.enable()
    return times


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3


def row(rule, dtype, sizes, rounds, contenders=CONTENDERS):
    rng = np.random.default_rng(0)
    start = [rng.standard_normal(n).astype(dtype) for n in sizes]
    gradients = [[rng.standard_normal(n).astype(dtype) for n in sizes] for _ in range(2)]
    steps = {name: make(rule, dtype, start, gradients) for name, make in contenders.items()}
    steps = {name: step for name, step in steps.items() if step}
    steps["floor"] = floor(rule, dtype, start, gradients)
    times = measured(steps, rounds)
    # from the additions three arrays move, in a step of the rule more
    times["floor"] = [seconds * moved(rule) / 3 for seconds in times["floor"]]
    peers = [name for name in times if name not in (*OURS, "floor")]
    best = min(peers, key=lambda name: statistics.median(times[name]), default=None)
    ratios = {}
    for name in OURS:
        for other in filter(None, [best, "floor"]):
            # round by round: what slows a whole round does not count
            what = f"{name}/{'best peer' if other == best else other}"
            ratios[what] = quartiles([a / b for a, b in zip(times[name], times[other])])
    short = ", ".join(f"{what} {middle:.2f}" for what, (_, middle, _) in ratios.items())
    print(f"{rule:10} {dtype} {len(sizes)} × {sizes[0]:<9} best peer: {best}; {short}", flush=True)
    seconds = {name: quartiles(taken) for name, taken in times.items()}
    return {"rule": rule, "dtype": dtype, "best peer": best, "seconds": seconds, "ratios": ratios}


FIRST_STEP = "import numpy, fluxopt_edu; p = numpy.ones(2000); fluxopt_edu.update(fluxopt_edu.Adam(), p, p.copy())"
IMPORTS = {
    "NumPy": "import numpy",
    "fluxopt_edu": "import fluxopt_edu",
    "fluxopt_edu, and a first step that loads numba": FIRST_STEP,
    "fluxopt_edu and SymPy": "import fluxopt_edu, sympy",
    "PyTorch": "import torch",
    "optax": "import optax",
    "Keras": "import keras",
}


def import_times(repeats):
    """Seconds that a fresh interpreter takes, less those of one that imports nothing; the first run fills caches."""

    def seconds(program):
        environment = os.environ | {"PYTHONPATH": str(HERE.parent), "KERAS_BACKEND": "jax"}
        taken = []
        for _ in range(repeats + 1):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, env=environment, stderr=subprocess.DEVNULL)
            taken.append(time.perf_counter() - start)
        return statistics.median(taken[1:])

    nothing = seconds("")
    return {name: seconds(program) - nothing for name, program in IMPORTS.items()}


def peak_memory(n):
    """What the first step and a later one allocate at their peak, in multiples of the parameter's bytes."""
    result = {}
    for name in OURS:
        for rule in RULES:
            start, gradients = [np.ones(n)], [[np.ones(n)]] * 2
            CONTENDERS[name](rule, "float64", [np.ones(40_000)], [[np.ones(40_000)]] * 2)(0)  # imports, buffers
            opt, peaks = getattr(fluxopt_edu, rule)(), []
            for _ in range(2):
                tracemalloc.start()
                update(name, opt, start, gradients[0])
                peaks.append(tracemalloc.get_traced_memory()[1] / start[0].nbytes)
                tracemalloc.stop()
            result[f"{rule}, {name}"] = {"first step": peaks[0], "next step": peaks[1]}
    return result


def proof_time():
    """Seconds for all one-step proofs, in a process that has proved nothing yet; None without the closed forms."""
    folder = HERE.parent / "tests" / "proofs"
    if not (folder / "closed_forms.py").exists():
        return None
    program = (
        "import time, fluxopt_edu, closed_forms; from fluxopt_edu.proof import prove; import fluxopt_edu.readings.sympy\n"
        "start = time.perf_counter()\n"
        "assert all(bool(prove(getattr(fluxopt_edu, name), **form())) for name, form in closed_forms.FORMS.items())\n"
        "print(time.perf_counter() - start)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(folder)])}
    command = [sys.executable, "-c", program]
    return statistics.median(float(subprocess.run(command, check=True, env=environment, capture_output=True).stdout) for _ in range(3))


def machine():
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    packages = ["numpy", "numba", "torch", "jax", "optax", "keras", "fluxopt-edu"]
    versions = {"Python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = version(package)
        except Exception:  # run from a checkout
            continue
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"processor": model, "cores": os.cpu_count(), "system": platform.system(), "versions": versions, "load at the start": load}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing above 1e5")
    quick = parser.parse_args().quick
    rounds = 3 if quick else 11
    sizes = {name: n for name, n in SIZES.items() if not quick or max(n) <= 10**5}
    results = {"machine": machine(), "rounds": rounds, "steps": {}}
    for name, n in sizes.items():
        results["steps"][name] = [row(rule, dtype, n, rounds) for dtype in ("float64", "float32") for rule in RULES]
    curve = [n for n in CURVE if not quick or n <= 10**5]
    results["curve"] = {str(n): row("Adam", "float64", [n], rounds)["seconds"] for n in curve}
    results["imports"] = import_times(1 if quick else 7)
    results["memory"] = peak_memory(10**5 if quick else 10**7)
    results["proofs"] = proof_time()
    folder = HERE.parent / "_build" / "benchmarks" if quick else HERE
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(rounded(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write(folder)


def rounded(value):
    """Three digits: more say nothing."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.3g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()
