"""Run the optimisers of PyTorch, optax and Keras, and write down where they go.

    python tests/golden/record.py torch optax keras          # writes the files beside this one
    python tests/golden/record.py torch --to elsewhere

The start point and the gradients are those of the Flux file; the calls are those of the files that
are there. What each library needs to compute in float64 throughout is set here, and nowhere else.
"""

import argparse
import contextlib
import importlib.metadata
import json
import os
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FILES = {"torch": "torch_2.13.0.json", "optax": "optax_0.2.8.json", "keras": "keras_3.15.1.json"}


@contextlib.contextmanager
def computing_in(library, dtype):
    """The settings under which `library` computes in `dtype` and nothing else; as they were, afterwards."""
    if library == "torch":
        import torch

        before = torch.get_default_dtype()  # of the product of momenta in NAdam
        torch.set_default_dtype(getattr(torch, dtype))
        try:
            yield
        finally:
            torch.set_default_dtype(before)
    elif library == "optax":
        import jax

        # also for float32: β^t is then computed in float64 and rounded, as it was when the file was made
        with jax.enable_x64(True):
            yield
    else:
        os.environ.setdefault("KERAS_BACKEND", "torch")
        import keras

        before = keras.config.floatx()
        keras.config.set_floatx(dtype)
        try:
            with computing_in("torch", dtype):
                yield
        finally:
            keras.config.set_floatx(before)


def run_torch(call, hyper, x0, gradients):
    """x after each step of ``torch.optim.<call>(**hyper)``."""
    import torch

    x = torch.nn.Parameter(torch.tensor(x0))
    opt, xs = getattr(torch.optim, call)([x], **hyper), []
    for g in gradients:
        x.grad = torch.tensor(g)
        opt.step()
        xs.append(x.detach().numpy().copy())
    return np.array(xs)


def run_optax(call, hyper, x0, gradients):
    """x after each step of ``optax.<call>(**hyper)``."""
    import jax.numpy as jnp
    import optax

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of optimistic_adam
        opt = getattr(optax, call)(**hyper)
    x, xs = jnp.asarray(x0), []
    state = opt.init(x)
    for g in gradients:
        updates, state = opt.update(jnp.asarray(g), state, x)
        x = optax.apply_updates(x, updates)
        xs.append(np.asarray(x))
    return np.array(xs)


def run_keras(call, hyper, x0, gradients):
    """x after each step of ``keras.optimizers.<call>(**hyper)``."""
    import keras

    x = keras.Variable(x0, dtype=str(x0.dtype))
    opt, xs = getattr(keras.optimizers, call)(**hyper), []
    opt.build([x])
    for g in gradients:
        opt.apply_gradients([(keras.ops.convert_to_tensor(g), x)])
        xs.append(np.array(keras.ops.convert_to_numpy(x)))
    return np.array(xs)


RUN = {"torch": run_torch, "optax": run_optax, "keras": run_keras}


def recorded(library):
    """The file of a library, made again from the installed one."""
    old = json.loads((HERE / FILES[library]).read_text(encoding="utf-8"))
    flux = json.loads((HERE / "flux_0.12.10.json").read_text(encoding="utf-8"))
    start = {field: numbers(flux[field]) for field in ("x0", "gradients")}
    cases = []
    for case in old["cases"]:
        hyper = {name: tuple(v) if isinstance(v, list) else v for name, v in case["hyperparameters"].items()}
        new = {field: case[field] for field in ("optimiser", "call", "hyperparameters")}
        for dtype in ("float64", "float32"):
            with computing_in(library, dtype):
                xs = RUN[library](case["call"].rpartition(".")[2], hyper, *(a.astype(dtype) for a in start.values()))
            assert xs.dtype == dtype, (library, case["call"], xs.dtype)
            new[dtype] = [[_written(value) for value in row] for row in xs.tolist()]
        cases.append(new)
    return {"source": _source(library), "x0": flux["x0"], "gradients": flux["gradients"], "cases": cases}


def numbers(values):
    """A recorded list as an array; NaN and the infinities stand in it as strings, which float reads."""
    return np.array(values, dtype=object).astype(float)


def _written(value):
    return value if np.isfinite(value) else {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}[str(value)]


def _source(library):
    version = importlib.metadata.version(library).partition("+")[0]
    return f"{library} {version}" + (" (torch backend)" if library == "keras" else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("libraries", nargs="+", choices=FILES)
    parser.add_argument("--to", type=Path, default=HERE)
    given = parser.parse_args()
    for library in given.libraries:
        new = recorded(library)
        name = f"{library}_{new['source'].split()[1]}.json"
        (given.to / name).write_text(json.dumps(new), encoding="utf-8")
        print(f"{given.to / name}: {len(new['cases'])} cases")


if __name__ == "__main__":
    main()
