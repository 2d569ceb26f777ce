r"""The reader takes what an author may type for what it shows, and nothing for more than it shows."""

import ast
from pathlib import Path

import pytest
import sympy as sp
from latex_reader import Largest, Unreadable, read, read_expression, read_statement

HERE = Path(__file__).parent

m, m_old, v, g, v_max, ρ_t, ρ_oo = map(sp.Symbol, ("m[t]", "m[t-1]", "v[t]", "g[t]", "v[max,t]", "rho[t]", "rho[oo]"))
m_hat, v_hat = map(sp.Symbol, ("hat m[t]", "hat v[t]"))
β1, β2, η, ε, ρ, t, x, a, b, c = map(sp.Symbol, ("beta[1]", "beta[2]", "eta", "epsilon", "rho", "t", "x", "a", "b", "c"))
step = η * m_hat / (sp.sqrt(v_hat) + ε)
average = β1 * m_old + (1 - β1) * g

SAME = {
    step: [
        r"\eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
        r"\eta \dfrac{\hat{m}_t}{\sqrt{\hat{v}_t}+\varepsilon}",
        r"\frac{\eta \widehat{m}_t}{\sqrt{\widehat{v}_t} + \epsilon}",
        r"\eta \cdot \hat m_t / (\sqrt{\hat v_t} + \epsilon)",
        r"\eta\,\hat{m_t}\big/\left(\sqrt{\hat{v_t}} + \epsilon\right)",
        r"\tfrac{\hat m_{t}}{\sqrt{\hat v_{t}} + \epsilon} \;\eta",
        r"\eta\, \frac{\hat m_t}{{\color{#b3261e}{\underline{\sqrt{\hat v_t}}}} + \epsilon}",
        r"{\color{red}{\eta}}\, \frac{\underline{\hat m_t}}{\textcolor{#C2410C}{\sqrt{\hat v_t} + \epsilon}}",
    ],
    average: [
        r"\beta_1 m_{t-1} + (1 - \beta_1)\, g_t",
        r"\beta_{1}\cdot m_{t - 1}+\left(1-\beta_1\right)g_t",
        r"\beta_1 \times m_{t-1} + \bigl( 1 - \beta_1 \bigr) \cdot g_t",
        r"(1 - \beta_1) g_t + m_{-1+t} \beta_1",
        r"\beta_1 m_{t-1} + [1 - \beta_1] g_t",
        r"\beta_1\!m_{t-1}~+\quad\{1 - \beta_1\}\:g_{t}",
        r"{\beta_1} {m_{t-1}} + {(1 - \beta_1) g_t}",
    ],
    β1 ** (t + 1): [r"\beta_1^{t+1}", r"\beta_1^{1 + t}", r"\beta^{t+1}_1", r"{\beta_1}^{t + 1}"],
    β1 * β1**t: [r"\beta_1\, \beta_1^t", r"{\beta_1}^{t} \beta_1"],
    g**2: ["g_t^2", "g_t^{2}", "g^2_t", "{g_t}^2", r"(g_t)^2", r"g_t g_t"],
    sp.Abs(g) ** 2: [r"|g_t|\lvert g_t \rvert", r"\left|g_t\right|^2"],
    sp.Max(β2 * v, sp.Abs(g)): [
        r"\max(\beta_2 v_t, |g_t|)",
        r"\max\left(\beta_2 v_t, \lvert g_t \rvert\right)",
        r"\max\{|g_t|, \beta_2 v_t\}",
        r"\max \left\{ \beta_2 v_t,\ \left| g_t \right| \right\}",
    ],
    sp.Max(v_max, v): [r"\max(v_{\max,t}, v_t)", r"\max(v_{\text{max}, t}, v_t)", r"\max(v_{\mathrm{max},t}, v_t)"],
    sp.Abs(a) + sp.Abs(b): ["|a| + |b|", r"\left|a\right| + |b|"],
    sp.Abs(a) * sp.Abs(b): ["|a||b|"],
    sp.Rational(1, 2) * x: [r"\frac12 x", r"\tfrac 1 2 x", r"\frac{1}2x", r"x/2", r"0.5 x"],
    2 * sp.Integer(10) ** -8 * x: [r"2 \cdot 10^{-8} x"],
    sp.sqrt(2) * x ** sp.Rational(1, 3): [r"\sqrt 2 \sqrt[3]{x}", r"\sqrt{2}\sqrt[3]{x}"],
    -(x**2): ["-x^2", "- x^{2}"],
    a - b + c: ["a - b + c", "c + (a - b)", "a + {c - b}"],
    ρ_oo - 2 * t * β2**t / (1 - β2**t): [r"\rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t}", r"\rho_{\infty} - 2t\beta_2^t/(1 - \beta_2^t)"],
}


@pytest.mark.parametrize("meant, latex", [(meant, latex) for meant, texts in SAME.items() for latex in texts])
def test_what_an_author_may_type(meant, latex):
    assert sp.expand(read_expression(latex) - meant) == 0


CASES = [
    r"\begin{cases} a & \rho_t > 4 \\ b & \rho_t \le 4 \end{cases}",
    r"\begin{cases} a, & \text{if } \rho_t > 4, \\ b, & \text{otherwise} \end{cases}",
    r"\begin{cases} a & \text{若 } \rho_t > 4 \\[1ex] b & \text{否则} \end{cases}",
    r"\begin{cases} a & \text{当}\ \rho_t > 4\ \text{时} \\ b & \text{其他} \\ \end{cases}",
    r"\begin{dcases} a & \rho_t \gt 4 \\ b & \rho_t \leqslant 4 \end{dcases}",
]


@pytest.mark.parametrize("latex", CASES)
def test_cases_with_words_in_either_language_and_without(latex):
    cases = read_expression(latex)
    assert [cases.subs(ρ_t, value) for value in (3, 4, 5)] == [b, b, a]


@pytest.mark.parametrize("latex", [r"\hat m_t = \frac{m_t}{1 - \beta_1^t}", r"\hat{m}_t = m_t / (1 - \beta_1^t) \,.", r"\hat m_t = \frac{m_t}{1 - \beta_1^t}，"])
def test_an_equation_may_end_a_sentence(latex):
    assert read(latex) == (m_hat, m / (1 - β1**t))


DIFFERENT = [
    (r"\sqrt{v_t} + \epsilon", r"\sqrt{v_t + \epsilon}"),
    (r"\hat m_t", r"m_t"), (r"\hat m_t", r"\bar m_t"), ("m_t", "m_{t-1}"), ("m_t", "m"), (r"\rho_t", r"\rho_\infty"),
    (r"\beta_1^t", r"\beta_2^t"), (r"\beta_1^t", r"\beta_1^{t-1}"), (r"\beta_1^t", r"\beta_{1,t}"), ("v'_t", "v_t"),
    (r"1 - \beta_1 g_t", r"(1 - \beta_1) g_t"), (r"\eta'", r"\eta"), (r"\max(a, b)", r"\min(a, b)"), ("g_t^2", "g_{t^2}"),
]  # fmt: skip


@pytest.mark.parametrize("one, other", DIFFERENT)
def test_what_looks_different_is_different(one, other):
    assert read_expression(one) != read_expression(other)


REFUSED = {
    "a / b c": "may be (a/b)c or a/(bc)",
    "a / b / c": "may be (a/b)/c or a/(b/c)",
    "2{a + b}": "braces do not show",
    "{a + b}^2": "braces do not show",
    "{a b}^2": "braces do not show",
    "-{a + b}": "looks like -a + b",
    "c - {a + b}": "looks like c - a + b",
    "a / {b + c}": "looks like a/b + c",
    "a / {b c}": "looks like a/bc",
    r"c - {\color{red}{a + b}}": "a mark does not show where it ends either",
    "x^12": "TeX raises one digit",
    "g_12": "TeX lowers one digit",
    "x 2": "a number after a factor",
    "v - -v": "two signs",
    "v'^2_t'": "two scripts",
    "x^2^3": "two scripts",
    "v'_t^2": "two scripts, as TeX sees it",
    "g_t_t": "two scripts",
    "(a + b": "a bracket is open",
    r"\left( a + b )": "\\left without \\right",
    "|a + b": "a bar is open",
    r"\max a, b": "no brackets",
    r"\sqrt": "nothing under the root",
    r"\frac{a}": "nothing below the line",
    r"\frac123": "which digits?",
    r"(a + b)_t": "an index on a sum",
    r"\hat{a + b}": "a hat on a sum",
    r"f \circ g": "not in the subset",
    r"\begin{cases} a & \text{unless } x > 0 \\ b & \text{otherwise} \end{cases}": "an unknown word",
    r"\begin{cases} a & \text{otherwise} \\ b & x > 0 \end{cases}": "a case after the last one",
    r"\begin{cases} a \\ b \end{cases}": "no conditions",
    "": "nothing",
}  # fmt: skip


@pytest.mark.parametrize("latex", REFUSED, ids=REFUSED.values())
def test_what_could_be_misread_is_refused(latex):
    with pytest.raises(Unreadable):
        read_expression(latex)


@pytest.mark.parametrize("latex", [r"m_t + 1 = g_t", r"m_t", r"m_t = g_t = x", r"2 m_t = g_t", r"m_t \ne g_t"])
def test_an_equation_defines_one_letter(latex):
    with pytest.raises(Unreadable):
        read(latex)


i, p = sp.symbols("i p")
g_i = sp.Symbol("g[i]")
NUMBERED = {
    r"\sum_{i=1}^{t} \rho^{t-i} g_i": sp.Sum(ρ ** (t - i) * g_i, (i, 1, t)),
    r"\sum_{i=1}^{t} g_i + x": sp.Sum(g_i, (i, 1, t)) + x,
    r"\eta \sum_{i = 0}^{t-1} (g_i + x)": η * sp.Sum(g_i + x, (i, 0, t - 1)),
    r"\sum_{i=1}^{t} \frac{g_i}{x}\, \rho": sp.Sum(g_i / x * ρ, (i, 1, t)),
    r"\left( \sum_{i=1}^t g_i \right)^2": sp.Sum(g_i, (i, 1, t)) ** 2,
    r"\prod_{i=1}^{t} g_i": sp.Product(g_i, (i, 1, t)),
    r"\max_{1 \le i \le t} \rho\, |g_i|": Largest(ρ * sp.Abs(g_i), (i, 1, t)),
    r"\max(x, \max_{1 \le i \le t} g_i)": sp.Max(x, Largest(g_i, (i, 1, t))),
    r"\lim_{p \to \infty} x^{1/p}": sp.Limit(x ** (1 / p), p, sp.oo, "-"),
    r"\eta^\star x^2": sp.Symbol("eta^star") * x**2,
    r"\mathbb{E}\, m_t": sp.Symbol("E m[t]"),
    r"1 + O(\eta^2)": 1 + sp.Function("O")(η**2),
}


@pytest.mark.parametrize("latex", NUMBERED)
def test_sums_maxima_and_limits(latex):
    assert read_expression(latex) == NUMBERED[latex]


MISREAD = [
    r"\sum_{i=1} g_i", r"\sum^{t} g_i", r"\sum_{i=1}^{t}", r"\sum_{i=1}^{t} {g_i + x}", r"\max_{1 < i < t} g_i", r"\lim_{p \to 0} x", r"O \eta^2", r"(x)^\star",
]  # fmt: skip


@pytest.mark.parametrize("latex", MISREAD)
def test_sums_that_could_be_misread_are_refused(latex):
    with pytest.raises(Unreadable):
        read_expression(latex)


@pytest.mark.parametrize("sign, relation", [("=", sp.Eq), ("<", sp.Lt), (r"\le", sp.Le), (">", sp.Gt), (r"\ge", sp.Ge)])
def test_a_statement_keeps_its_sides(sign, relation):
    assert read_statement(rf"|x| {sign} 2 a") == relation(sp.Abs(x), 2 * a, evaluate=False)


def test_the_readers_know_nothing_of_the_package():
    for name in ("latex_reader", "mathml_reader"):
        tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not any("fluxopt" in module for module in imported), imported
