"""Run notebooks from top to bottom in a clean kernel and store what they print.

    python tools/notebooks.py                    all of them
    python tools/notebooks.py book/en/adam.ipynb book/zh/adam.ipynb

Nothing else goes into the files: no times, no widget state, no version of Python.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
SECONDS_PER_CELL = 120

# What a kernel writes here differs between Python's versions, and no reader needs it.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def run(path):
    """Run one notebook and rewrite it; on an error leave the file as it was and return the message."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, RuntimeError) as error:
        return str(error)
    notebook.metadata = nbformat.from_dict({**notebook.metadata, **METADATA})
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.validate(notebook)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        nbformat.write(notebook, file)
    return None


def main(names):
    paths = [Path(name).resolve() for name in names] or sorted(
        path for path in ROOT.glob("book/**/*.ipynb") if ".ipynb_checkpoints" not in path.parts
    )
    failed = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        for path, error in zip(paths, pool.map(run, paths)):
            print("failed" if error else "done  ", path, flush=True)
            if error:
                failed += 1
                print(error, file=sys.stderr)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
