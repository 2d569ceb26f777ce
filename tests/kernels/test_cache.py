"""Compiled code is kept, and where it cannot be, everything works as well."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from routes import UPDATE, by, fused, same

import fluxopt_edu
from fluxopt_edu import Momentum, update
from fluxopt_edu.kernels import kernel_of

PACKAGE = Path(fluxopt_edu.__file__).parent
STEP = """
    import sys
    import numpy as np
    from fluxopt_edu import Momentum, update
    opt, p = Momentum(0.5), np.ones(2000)
    for _ in range(2):
        update(opt, p, np.full(2000, 2.0))
    assert opt.states.plan is not None, "no compiled loop ran"
    from fluxopt_edu.kernels import momentum
    (loop,) = momentum.update.ready.values()
    print(p[0], sum(loop.stats.cache_hits.values()), sum(loop.stats.cache_misses.values()))
"""
NOWHERE = os.devnull + "/nowhere"  # not even root can make this folder


@pytest.fixture
def package(tmp_path):
    """A copy of the package, and a function that runs `STEP` on it in a fresh interpreter."""
    shutil.copytree(PACKAGE, tmp_path / "fluxopt_edu", ignore=shutil.ignore_patterns("__pycache__"))

    def run(home=NOWHERE, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "XDG_", "PYTHON"))}
        environment = kept | {"PYTHONPATH": str(tmp_path), "HOME": str(home), "XDG_CACHE_HOME": str(home)} | variables
        command = [sys.executable, "-W", "error", "-c", textwrap.dedent(STEP)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        x, hits, misses = done.stdout.split()
        assert float(x) == 1 - 1 - 1.9  # v = -1, then 0.9 · -1 - 1
        return int(hits), int(misses)

    run.folder = tmp_path / "fluxopt_edu" / "kernels" / "__pycache__"
    run.folders = run.folder, tmp_path / "fluxopt_edu" / "__pycache__"
    return run


def compiled_files(folder):
    return sorted(path.name for path in Path(folder).rglob("*.nb*"))


@fused
def test_the_second_process_compiles_nothing(package):
    assert package() == (0, 1)
    assert any(name.startswith("momentum.update") for name in compiled_files(package.folder))
    assert package() == (1, 0)


@fused
def test_a_package_that_cannot_be_written_to(package, tmp_path):
    for folder in package.folders:
        folder.write_text("a file where the folder would be")
    assert package() == package() == (0, 1)  # it compiles each time
    assert compiled_files(tmp_path) == []
    # the user's own folder
    home = tmp_path / "home"
    home.mkdir()
    assert package(home=home) == (0, 1) and compiled_files(home)
    assert package(home=home) == (1, 0)


@fused
def test_the_cache_folder_of_ones_own(package, tmp_path):
    own = tmp_path / "own"
    assert package(NUMBA_CACHE_DIR=str(own)) == (0, 1) and compiled_files(own) and not compiled_files(package.folder)
    assert package(NUMBA_CACHE_DIR=str(own)) == (1, 0)
    assert package(NUMBA_CACHE_DIR=NOWHERE) == (0, 1)  # another place is found


@fused
def test_a_cache_that_is_broken(package):
    package()
    for path in package.folder.glob("*.nb*"):
        path.write_bytes(b"what a full disk left")
    package()


@fused
def test_a_disk_that_is_full(monkeypatch):
    from numba.core import caching

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, "save", full)
    monkeypatch.setattr(caching.IndexDataCacheFile, "load", lambda *_: None)
    monkeypatch.setattr(kernel_of(Momentum).update, "ready", {})
    p = np.ones(100)
    with by("fused"):
        update(Momentum(0.5), p, np.ones(100))
    assert same(p, np.full(100, 0.5))


def test_without_numba_the_plain_path_runs():
    program = """
        import sys
        sys.modules["numba"] = None  # importing it fails
        import numpy as np
        from fluxopt_edu import Momentum, native, update
        opt, p = Momentum(0.5), np.ones(100_000)
        update(opt, p, p.copy())
        assert p[0] == 0.5 and opt.states.plan is None and not native.USABLE
        from fluxopt_edu.kernels import adam
        print(adam.scalars((0.5, 0.5), eta=1.0, beta=(0.5, 0.5), epsilon=0.0)[2])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.returncode == 0 and done.stdout.strip() == "((0.25, 0.25),)", done.stderr


@fused
def test_an_installed_numba_that_does_not_work_is_said(tmp_path):
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs another NumPy')")
    program = textwrap.dedent("""
        import numpy as np
        from fluxopt_edu import Momentum, update
        for _ in range(3):
            p = np.ones(5000)
            update(Momentum(0.5), p, p.copy())
            assert p[0] == 0.5
    """)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{PACKAGE.parent}"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("numba is installed but cannot be imported (Numba needs another NumPy)") == 1


@fused
def test_disabled_compilation_is_the_plain_path():
    program = "from fluxopt_edu import native; assert not native.USABLE"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    assert subprocess.run([sys.executable, "-c", program], env=environment, cwd=PACKAGE.parent).returncode == 0


def test_the_package_alone_imports_no_numba():
    step = "fluxopt_edu.update(fluxopt_edu.Adam(), numpy.ones(9), numpy.ones(9))"
    program = f"import sys, fluxopt_edu, numpy; {step}; assert 'numba' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], cwd=PACKAGE.parent).returncode == 0
    assert UPDATE.COMPILED_FROM > 9
