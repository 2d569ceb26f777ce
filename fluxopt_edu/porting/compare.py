"""Whether two rules are the same, and under which substitution: proved, or not found."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import sympy as sp

from ..optimiser import Optimiser, instance
from .carry import carried
from .correspondence import Correspondence, correspondences
from .impossible import impossible
from .numbers import parting
from .reading import read
from .system import Settings, T, copied, system
from .wording import condition_text, definition, name, own_name

VERDICTS = ("equal", "equal after translation", "equal except at steps", "no translation found", "different")
CHINESE = dict(zip(VERDICTS, ("相等", "换算后相等", "除某些步外相等", "未找到换算", "不等")))
SIGNS = dict(zip(VERDICTS, "=≅≈?≠"))
WORDS = {
    "en": {
        "constant": ", at a constant learning rate", "state": "state", "start": "where it starts", "except": "except where", "here": "here",
        "none": "none", "parts": "with the same numbers they part at", "only": "equal where", "impossible": "no positive constants do:",
    },
    "zh": {
        "constant": "，但学习率须不变", "state": "状态", "start": "初值", "except": "例外：", "here": "此处", "none": "无",
        "parts": "取相同数值时，两者在此处分开：", "only": "仅在此时相等：", "impossible": "任何正的常数都不行：",
    },
}  # fmt: skip


def compare(a, b):
    """Prove two rules the same, or find out where they part.

    Hyper-parameters are symbols in this comparison, and flags are as constructed. A candidate
    substitution (see `fluxopt_edu.dialects.correspondences`) counts only if induction proves it: the
    starts correspond, and one step at a symbolic t keeps the correspondence and is the same step.

    Parameters
    ----------
    a, b : Optimiser, its class, or a call as text
        Rules of this package, of a dialect, or chains.

    Returns
    -------
    Comparison

    Raises
    ------
    TypeError
        One of them is no optimiser.
    CallError
        A text is no call of one.

    Examples
    --------
    >>> from fluxopt_edu import Adam, AdamW, dialects
    >>> compare(AdamW, dialects.torch.AdamW)
    AdamW, torch.AdamW: equal after translation, at a constant learning rate
        torch.AdamW: weight_decay = decay/eta
    >>> compare(Adam, dialects.torch.Adam).verdict
    'equal'
    >>> bool(compare("RMSProp()", "keras.optimizers.RMSprop()"))
    False
    """
    a, b = _optimiser(a), _optimiser(b)
    found = correspondences(Settings(a), Settings(b))
    return Comparison(a, b, found[0] if found else None, tuple(found[1:]))


def _optimiser(given):
    if isinstance(given, str):
        return read(given).optimiser
    if isinstance(given, Optimiser) or isinstance(given, type) and issubclass(given, Optimiser):
        return copied(instance(given))
    raise TypeError(f"compare: {given!r}: expected an optimiser, its class, or a call as text")


@lru_cache(maxsize=1024)
def _impossible(key_a, key_b):
    return impossible(system(key_a.opt), system(key_b.opt))


@dataclass(frozen=True, repr=False)
class Comparison:
    """What `compare` found. True in a condition where the two are equal, translated or not.

    Attributes
    ----------
    a, b : Optimiser
    correspondence : Correspondence or None
        The best one that was proved.
    others : tuple of Correspondence
        More, such as for ε = 0.
    """

    a: object
    b: object
    correspondence: Correspondence | None
    others: tuple

    @property
    def verdict(self):
        """One of `VERDICTS`."""
        c = self.correspondence
        if c is None or not (c.covers("a") or c.covers("b")):
            return "different" if self.impossible else "no translation found"
        if c.proof.exceptions:
            return "equal except at steps"
        return "equal" if c.kind == "E0" and c.holds_for_changing_learning_rate is not False else "equal after translation"

    def __bool__(self):
        return self.verdict in ("equal", "equal after translation")

    @property
    def kind(self):
        """``E0``, ``E1``, ``E2``, ``E3``, ``E2 + E3``, or ``D`` where there is no translation."""
        return "D" if self.verdict in ("different", "no translation found") else self.correspondence.kind

    @property
    def holds_for_changing_learning_rate(self):
        """Whether it stays so where the learning rate changes between steps, as the same multiple on both sides; or None."""
        return self.correspondence.holds_for_changing_learning_rate if self.kind != "D" else None

    @property
    def impossible(self):
        """A proof that no constants, ε > 0 among them, make one rule the other, as `Impossible`; or None.

        Also where a translation depends on t: then it proves that no constant one exists.
        """
        c = self.correspondence
        proper = c is not None and (c.covers("a") or c.covers("b")) and not c.substitution.depends_on_t and not c.proof.starts
        return None if proper else _impossible(Settings(self.a), Settings(self.b))

    @property
    def only_where(self):
        """Settings at which both are one, where neither is translated as a whole: a `Correspondence`, or None."""
        return self.correspondence if self.kind == "D" else None

    # As data

    @property
    def equations(self):
        """The substitution: an `Equation` for each hyper-parameter that is not simply the other side's."""
        c = self.correspondence
        if c is None:
            return ()
        given = [(side, own, sp.sympify(value)) for side in "ab" for own, value in c.options[side].items() if value is not None]
        found = [Equation(getattr(self, side), own, value, sp.sstr(value).replace("oo", "inf")) for side, own, value in given]
        for side, other in (("b", "a"), ("a", "b")):
            for name, e in c.substitution.departures(side).items():
                system_ = getattr(c, side)
                if name in system_.settable:
                    found.append(Equation(getattr(self, side), own_name(system_, name), e, self._in_own_names(e, other)))
        return tuple(found)

    def _in_own_names(self, e, side):
        """The expression as text, in the names that the other rule's arguments have."""
        c = self.correspondence
        of_side = getattr(c.substitution, side)
        names = {s: sp.Symbol(own_name(getattr(c, side), s.name)) for s in e.free_symbols if of_side.get(s.name) == s}
        return sp.sstr(e.xreplace(names))

    @property
    def states(self):
        """a's states in b's, where they are not simply those: a dict of str to Expr."""
        c = self.correspondence
        return {n: e for n, e in c.substitution.states.items() if e != sp.Symbol(n)} if c else {}

    @property
    def starts(self):
        """Where a's states would have to start: a dict of str to Expr."""
        return dict(self.correspondence.proof.starts) if self.correspondence else {}

    @property
    def assumptions(self):
        """What the proof rests on, as text."""
        given = self.correspondence.proof.assumptions if self.correspondence else ()
        return tuple(a if isinstance(a, str) else condition_text(sp.Ne(a[1], 0, evaluate=False)) for a in given)

    @property
    def except_at(self):
        """Which steps differ, as a condition in t; empty if none."""
        cases = self.correspondence.proof.exceptions if self.correspondence else ()
        return " ∨ ".join(" ∧ ".join(condition_text(c if holds else sp.Not(c)) for c, holds in case.items()) for case in cases)

    @property
    def steps(self):
        """The numbers of the steps that differ, of the first 5000, with a's values."""
        return self.steps_at()

    def steps_at(self, **values):
        """The same with other values: ``steps_at(beta_2=0.99)``."""
        c = self.correspondence
        if not c or not c.proof.exceptions:
            return ()
        used = {s.name for given in c.proof.exceptions for condition in given for s in condition.free_symbols} - {T.name}
        return c.exceptional({n: values.get(n, c.a.values.get(n, c.b.values.get(n))) for n in sorted(used)})

    @property
    def aligned(self):
        """b with a's numbers for what both have, as far as it can take them."""
        own, other = system(self.b), system(self.a)
        try:
            return own.with_values({n: other.values.get(n, value) for n, value in own.values.items()})
        except ValueError:
            return self.b

    @property
    def parting(self):
        """The first step and gradients at which a and b part, with the same numbers, as `Parting`; None where they do not."""
        return parting(self.a, self.aligned)

    @property
    def parting_as_constructed(self):
        """The same with the numbers that each has: None where the two are the same as they stand, on the gradients tried."""
        return parting(self.a, self.b)

    @property
    def as_constructed(self):
        """Whether the two are the same with the numbers that each has, by what was proved."""
        target = carried(self.correspondence) if self else None
        if target is None:
            return False
        own, its = system(self.b).values, system(target).values
        return own.keys() == its.keys() and all(its[n] == v or abs(its[n] - v) <= 1e-14 * abs(v) for n, v in own.items())

    # As text

    def text(self, lang="en"):
        """What was found, in English or Chinese."""
        words = WORDS[lang]
        only = self.kind != "D" and self.holds_for_changing_learning_rate is False
        verdict = self.verdict if lang == "en" else CHINESE[self.verdict]
        lines = [f"{name(self.a)}, {name(self.b)}: {verdict}{words['constant'] if only else ''}"]
        if self.kind != "D":
            lines += [f"    {equation}" for equation in self.equations]
            kinds = [("state", self.states if self.kind != "E0" else {}), ("start", self.starts)]
            lines += [f"    {name(self.a)}: {n} = {sp.sstr(e)} ({words[kind]})" for kind, found in kinds for n, e in found.items()]
        if self.except_at:
            at = f"t = {', '.join(map(str, self.steps[:5]))}{', …' if len(self.steps) > 5 else ''}" if self.steps else words["none"]
            lines.append(f"    {words['except']} {self.except_at}{definition(self.except_at)}; {words['here']} {at}")
        if self.kind == "D":
            lines += [f"    {words['parts']} {self.parting}"] if self.parting else []
            lines += [f"    {words['only']} {', '.join(map(str, self.equations))}"] if self.only_where else []
        if self.impossible:
            lines.append(f"    {words['impossible']} {self.impossible}")
        return "\n".join(lines)

    def __repr__(self):
        return self.text()

    def _repr_html_(self):
        sign = SIGNS[self.verdict]
        rest = [str(e) for e in self.equations] + [f"{n} ↦ {sp.sstr(e)}" for n, e in self.states.items()]
        rest += [f"{n}₀ = {sp.sstr(e)}" for n, e in self.starts.items()]
        if self.except_at:
            rest.append(f"≠: {self.except_at}{definition(self.except_at)}")
        if self.kind == "D" and self.parting:
            rest = [str(self.parting)]
        if self.kind != "D" and self.holds_for_changing_learning_rate is False:
            rest.append("η = const")
        words = f"{self.verdict} · {CHINESE[self.verdict]}"
        a, b = (f"<code>{escape(name(opt))}</code>" for opt in (self.a, self.b))
        cells = [a, f'<abbr title="{words}">{sign}</abbr>', b, escape("; ".join(rest))]
        return f'<table class="proof"><tr>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr></table>'


@dataclass(frozen=True)
class Equation:
    """One hyper-parameter of a rule in those of the other.

    Attributes
    ----------
    opt : Optimiser
    argument : str
        Its own name for it.
    value : Expr
        In symbols that all dialects share, and t.
    text : str
        In the other's own names.
    """

    opt: object
    argument: str
    value: sp.Expr
    text: str

    def __str__(self):
        return f"{name(self.opt)}: {self.argument} = {self.text}"
