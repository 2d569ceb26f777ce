"""The helpers that pages use: a closed loop, a rule's own text, and the look of figures."""

import ast
import inspect
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from flux_golden import CASES, check_bits, numbers, recorded
from flux_rules import FIFTEEN, FOURTEEN, name

import fluxopt_edu
from fluxopt_edu import Adam, Momentum, WeightDecay, figures, source, update
from fluxopt_edu.run import steps, trajectory

# trajectory


@pytest.mark.parametrize("case", [case for case in CASES if case.rule != "Descent"], ids=repr)
def test_trajectory_walks_rosenbrocks_function_as_flux_does(case):
    def gradient(position):
        x, y = position.tolist()
        return [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]

    flux = dict(zip(recorded()["rosenbrock_steps"], numbers(case["rosenbrock"])))
    with np.errstate(all="ignore"):
        positions = trajectory(case.optimiser(), gradient, recorded()["rosenbrock_x0"], 100)
    assert positions.shape == (101, 2) and positions[0].tolist() == recorded()["rosenbrock_x0"]
    for t in 1, 2, 3, 5, 10, 50, 100:
        check_bits(case, f"trajectory, position {t}", positions[t], flux[t], ("coordinate",))


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_steps_are_those_of_flux_on_the_recorded_gradients(case):
    taken = steps(case.optimiser(), recorded()["gradients"], recorded()["x0"])
    for t, step in enumerate(taken):
        check_bits(case, f"step {t + 1}", step, numbers(case["float64_steps"])[t], ("coordinate",))


@pytest.mark.parametrize("new", FIFTEEN, ids=name)
def test_trajectory_starts_afresh_and_leaves_the_optimiser_and_the_start_alone(new):
    opt, x0, p = new(), np.array([[1.0, -2.0]]), np.ones(3)
    update(opt, p, p)
    states = {key: value.copy() for key, value in opt.state_dict(p).items()}
    first = trajectory(opt, np.cos, x0, 5)
    second = trajectory(opt, np.cos, x0, 5)
    assert np.array_equal(first, second) and first.shape == (6, 1, 2) and first.dtype == float
    assert np.array_equal(x0, [[1.0, -2.0]])
    assert all(np.array_equal(opt.state_dict(p)[key], value) for key, value in states.items())


@pytest.mark.parametrize("x0, shape", [(2.0, (4,)), ([1, 2], (4, 2)), (np.zeros((2, 0)), (4, 2, 0)), (np.ones(2, "float32"), (4, 2))])
def test_trajectory_of_any_start(x0, shape):
    positions = trajectory(Adam(), lambda x: 2 * x, x0, 3)
    assert positions.shape == shape and positions.dtype == float and np.array_equal(positions[0], x0)
    assert trajectory(Adam(), lambda x: 2 * x, x0, 0).shape == (1, *shape[1:])


# source


@pytest.mark.parametrize("rule", [*FOURTEEN, WeightDecay], ids=name)
def test_source_is_the_rules_own_text_without_its_docstring(rule):
    text = source(rule)
    whole = Path(inspect.getsourcefile(sys.modules[rule.__module__])).read_text(encoding="utf-8")
    head, body = text.split(":\n", 1)
    assert whole.count(head) == 1 and whole.endswith(f'"""\n{body}\n')
    assert '"""' not in text and text.startswith("@rule\n" if hasattr(rule, "formula") else "@chained\n")
    assert repr(text) == text == str(text)
    # and what runs is what is shown
    (shown,) = ast.parse(text).body
    (run,) = ast.parse(inspect.getsource(rule.formula if hasattr(rule, "formula") else rule.composition)).body
    del run.body[0]
    assert ast.dump(shown) == ast.dump(run)


def test_source_of_a_function_that_has_no_docstring(tmp_path, monkeypatch):
    (tmp_path / "bare_rule.py").write_text("from fluxopt_edu.rule import rule\n\n\n@rule\ndef Bare(g, *, eta=0.1):\n    return eta * g\n")
    monkeypatch.syspath_prepend(tmp_path)
    from bare_rule import Bare

    assert source(Bare) == "@rule\ndef Bare(g, *, eta=0.1):\n    return eta * g"


@pytest.mark.parametrize("value", [42, None, "Adam", update, np.sqrt])
def test_source_of_what_is_no_rule(value):
    with pytest.raises(TypeError, match="^source: rule = .*: expected a rule of this package, such as Adam$"):
        source(value)


# figures


@pytest.fixture
def plt():
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    with matplotlib.rc_context():
        yield pyplot
        pyplot.close("all")


def drawn(plt):
    figures.style()
    fig, ax = plt.subplots()
    figures.contour(ax, lambda x, y: x**2 + 4 * y**2, (-2, 2), (-1, 1))
    figures.path(ax, trajectory(Momentum(), lambda p: p * [2, 8], [-1.5, 0.8], 20), "Momentum")
    ax.legend()
    return fig, ax


def test_figures_are_reproducible(plt):
    files = []
    for _ in range(2):
        file = io.BytesIO()
        drawn(plt)[0].savefig(file, format="svg", metadata={"Date": None})
        files.append(file.getvalue())
    assert files[0] == files[1] and b"<dc:date>" not in files[0]


def test_each_line_has_its_own_colour_and_its_own_style(plt):
    figures.style()
    _, ax = plt.subplots()
    lines = [ax.plot([0, 1])[0] for _ in range(7)]
    assert len({line.get_color() for line in lines}) == len({str(line._unscaled_dash_pattern) for line in lines}) == 7


def test_each_colour_stands_out_from_white_and_from_the_others(plt):
    from matplotlib.colors import to_rgb

    def light(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return linear @ np.array([0.2126, 0.7152, 0.0722])

    assert all(1.05 / (light(colour) + 0.05) > 2 for colour in figures.COLOURS)
    assert len(set(figures.COLOURS)) == len(figures.COLOURS)


def test_contour_draws_level_lines_closer_together_at_the_minimum(plt):
    _, ax = drawn(plt)
    levels = ax.collections[0].levels
    assert len(levels) == 12 and levels[0] > 0 and levels[-1] < 8  # the function runs from 0 to 8
    assert (np.diff(levels, 2) > 0).all()
    assert ax.get_xlim() == (-2, 2) and ax.get_ylim() == (-1, 1)


def test_path_draws_all_positions_and_marks_the_start(plt):
    _, ax = drawn(plt)
    line, start = ax.get_lines()
    assert len(line.get_xdata()) == 21 and line.get_label() == "Momentum"
    assert (start.get_xdata()[0], start.get_ydata()[0]) == (-1.5, 0.8) and start.get_color() == line.get_color()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Momentum"]


@pytest.mark.parametrize("first", ["", "import IPython; "], ids=["plain", "IPython imported"])
def test_style_starts_no_shell_in_a_plain_script(first):
    # it would leave a thread and a history file behind
    script = f"{first}import fluxopt_edu.figures as f; f.style(); import threading, sys; print(threading.active_count(), 'matplotlib_inline.backend_inline' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(fluxopt_edu.__file__).parents[1], capture_output=True, text=True, check=True)
    assert done.stdout == "1 False\n"


def test_style_sets_the_format_in_a_notebook(tmp_path):
    pytest.importorskip("IPython")
    script = (
        "from IPython.core.interactiveshell import InteractiveShell; shell = InteractiveShell.instance(); "
        "import fluxopt_edu.figures as f; f.style(); "
        "from matplotlib.figure import Figure; figure = Figure(); figure.add_subplot(); "
        "print(sorted(shell.display_formatter.format(figure)[0]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(fluxopt_edu.__file__).parents[1], env={"IPYTHONDIR": str(tmp_path), "PATH": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "['image/svg+xml', 'text/plain']\n"
