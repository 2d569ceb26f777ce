"""The MathML reader takes presentation as it is shown."""

import pytest
import sympy as sp
from latex_reader import Unreadable
from mathml_reader import read, read_statement

m, m_old, g = map(sp.Symbol, ("m[t]", "m[t-1]", "g[t]"))
β1, t = sp.symbols("beta[1] t")

G = "<msub><mi>g</mi><mi>t</mi></msub>"
M = "<msub><mi>m</mi><mi>t</mi></msub>"
HAT = '<msub><mover accent="true"><mi>m</mi><mo>^</mo></mover><mi>t</mi></msub>'
POWER = "<msubsup><mi>β</mi><mn>1</mn><mi>t</mi></msubsup>"

FORMULAS = {
    f"{HAT}<mo>=</mo><mfrac>{M}<mrow><mn>1</mn><mo>−</mo>{POWER}</mrow></mfrac>": m / (1 - β1**t),
    f"{HAT}<mo>=</mo>{M}<mo>/</mo><mrow><mo>(</mo><mn>1</mn><mo>-</mo>{POWER}<mo>)</mo></mrow>": m / (1 - β1**t),
    f"{HAT}<mo>=</mo><msqrt>{M}<mo>+</mo>{G}</msqrt>": sp.sqrt(m + g),
    f"{HAT}<mo>=</mo><mroot>{M}<mn>3</mn></mroot>": m ** sp.Rational(1, 3),
    f"{HAT}<mo>=</mo><mn>2</mn><mo>\u2062</mo>{M}<mspace width='1em'/>{G}": 2 * m * g,
    f"{HAT}<mo>=</mo><msup><mrow><mo>(</mo>{M}<mo>−</mo>{G}<mo>)</mo></mrow><mn>2</mn></msup>": (m - g) ** 2,
    f"{HAT}<mo>=</mo><mo>(</mo>{M}<mo>−</mo>{G}<msup><mo>)</mo><mn>2</mn></msup>": (m - g) ** 2,
    f"{HAT}<mo>=</mo><mi>max</mi><mo>\u2061</mo><mo>(</mo>{M}<mo>,</mo><mo>|</mo>{G}<mo>|</mo><mo>)</mo>": sp.Max(m, sp.Abs(g)),
    f"{HAT}<mo>=</mo><msubsup><mi>m</mi><mi>t</mi><mo>′</mo></msubsup>": sp.Symbol("m'[t]"),
    f"{HAT}<mo>=</mo><msub><mi>m</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>": m_old,
    f"{HAT}<mo>=</mo><mi>λ</mi><mi>ϵ</mi><mi>Δ</mi>": sp.Symbol("lambda") * sp.Symbol("epsilon") * sp.Symbol("Delta"),
}


@pytest.mark.parametrize("mathml", FORMULAS)
def test_read(mathml):
    for namespace in ("", ' xmlns="http://www.w3.org/1998/Math/MathML"'):
        assert read(f"<math{namespace}><mrow>{mathml}</mrow></math>") == (sp.Symbol("hat m[t]"), FORMULAS[mathml])


def test_cases():
    rows = f"<mtr><mtd>{G}</mtd><mtd>{M}<mo>></mo><mn>4</mn></mtd></mtr><mtr><mtd>{M}</mtd><mtd><mtext>否则</mtext></mtd></mtr>"
    _, cases = read(f"<math>{HAT}<mo>=</mo><mrow><mo>{{</mo><mtable>{rows}</mtable></mrow></math>")
    assert (cases.subs(m, 5), cases.subs(m, 3)) == (g, 3)


def test_a_statement_with_a_sum():
    limits = "<mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>t</mi>"
    star = "<msup><mi>η</mi><mo>⋆</mo></msup>"
    i, t, g_i = sp.symbols("i t g[i]")
    for tag in ("munderover", "msubsup"):
        mathml = f"<math>{star}<mo>≤</mo><{tag}><mo>∑</mo>{limits}</{tag}><msub><mi>g</mi><mi>i</mi></msub></math>"
        assert read_statement(mathml) == (sp.Symbol("eta^star") <= sp.Sum(g_i, (i, 1, t)))


@pytest.mark.parametrize("mathml", [f"<mi>q</mi><mo>∘</mo>{G}", f"<menclose>{G}</menclose>", f"<mfrac>{G}</mfrac>", f"<msup>{G}</msup>", f"<mover><mi>g</mi><mo>→</mo></mover>", f"<msup><mrow>{G}<mo>+</mo>{M}</mrow><mn>2</mn></msup>"])
def test_refused(mathml):
    with pytest.raises(Unreadable):
        read(f"<math>{HAT}<mo>=</mo>{mathml}</math>")
