"""What stands in the tables of the dialects, found by `compare` and `translate`: as plain data.

Finding it takes some fifteen seconds, so it is stored in book/dialects.json, which ``python tools/dialects.py`` writes; a test
finds it again.
"""

import json
from functools import cache
from itertools import combinations
from pathlib import Path

import sympy as sp

import fluxopt_edu
from fluxopt_edu import compare, dialects, translate
from fluxopt_edu.dialects import quantities
from fluxopt_edu.dialects.rule import DialectRule, Flag
from fluxopt_edu.porting.writing import written
from fluxopt_edu.readings import latex
from fluxopt_edu.readings.lines import Power, lines
from fluxopt_edu.symbols import HYPER, STATES, TABLE, Symbol, symbol_of

from .differences import Values, differing, epsilon_parts, holds_epsilon
from .sheet_content import flux_call, marked_latex, number, start

KNOWN = [*HYPER.values(), *STATES.values(), *vars(quantities).values()]
LETTERS = {symbol.name: symbol.latex for symbol in KNOWN if isinstance(symbol, Symbol)}
FILE = Path(__file__).resolve().parents[2] / "dialects.json"
RULES = (
    "Descent", "Momentum", "Nesterov", "RMSProp", "Adam", "RAdam", "AdaMax", "AdaGrad", "AdaDelta", "AMSGrad", "NAdam", "AdamW",
    "OAdam", "AdaBelief",
)  # fmt: skip
LIBRARIES = ("paper", "flux", "optimisersjl", "torch", "optax", "keras")
# Of several constructors of a library, the one that is its usual.
USUAL = {("NAdam", "optax"): "nadam", ("OAdam", "optax"): "optimistic_adam_v2", ("AdamW", "torch"): "AdamW"}
# Numbers for which the tables translate: Flux's own, but for a decay of 0, and for OADAM's, which it runs and does not document.
EXAMPLES = {"AdamW": {"decay": 0.01}, "OAdam": {"eta": 0.001}}
# What Flux's constructor does not let you choose.
FIXED_IN_FLUX = {"AdamW": {"epsilon": sp.Rational(1, 10**8)}}
FAR = 0.5  # what is further apart, as a share of the way, is near nothing
# From the best to none.
VERDICTS = ("same", "constants", "steps-change", "start", "setting", "but-for-steps", "not-found", "impossible")


@cache
def stored() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def content() -> dict:
    """For each rule, Flux's own lines and a row for each library that has it."""
    return {name: of_rule(name) for name in RULES}


def ours(name: str):
    return getattr(fluxopt_edu, name)(**EXAMPLES.get(name, {}))


def of_rule(name: str) -> dict:
    rule = getattr(fluxopt_edu, name)
    call, _ = flux_call(rule)
    return {
        "call": call.replace("OADAM(0.0001", "OADAM(0.001"),  # what it runs
        "example": written(ours(name), "flux"),
        "lines": [f"{latex.written(line.letter)} = {latex.written(line.formula)}" for line in lines(ours(name))],
        "start": start(rule),
        "epsilon": epsilon_in(ours(name)),
        "rows": [row for library in LIBRARIES for row in rows(name, library)],
    }


def rows(name: str, library: str) -> list[dict]:
    """The usual call of a library; and, where flags bring it nearer to Flux, that with the flags."""
    opt = usual(name, library)
    if opt is None:
        return [{"library": library, "verdict": "unchanged"}] if library == "flux" else []
    found = [row(name, opt, {})]
    if library != "flux" and found[0]["verdict"] != "same":
        flags, best = nearest_flags(name, opt, found[0])
        if flags:
            found.append(row(name, best, flags))
    return found


def usual(name: str, library: str):
    """The library's optimiser of that name, with its defaults; a learning rate or a decay that it leaves to you is a number here."""
    classes = [cls for cls in dialects.RULES[library].values() if name in cls.counterparts]
    wanted = USUAL.get((name, library))
    classes = [cls for cls in classes if cls.__name__ == wanted] if wanted else classes
    if not classes:
        return None
    (cls,) = classes
    values = dict(cls.counterparts[name])
    for parameter in cls.__signature__.parameters.values():
        if parameter.default is parameter.empty:
            values.setdefault(parameter.name, 0.001)
    decay = next((each for each in ("decay", "lambda_") if each in cls.hyper), None)
    return cls(**values, **({decay: 0.01} if name == "AdamW" and decay else {}))


def nearest_flags(name: str, opt, plain: dict):
    names = [own for own, kind in opt.options.items() if kind is Flag and own != "maximize"]
    best, chosen = None, {}
    rank = VERDICTS.index(plain["verdict"])
    for many in (1, 2):
        for group in combinations(names, many):
            changed = opt
            for own in group:
                changed = changed and flipped(changed, own)
            if changed is None:
                continue
            found = verdict(compare(ours(name), changed))
            if VERDICTS.index(found) < rank:
                best, chosen, rank = changed, {own: getattr(changed, own) for own in group}, VERDICTS.index(found)
    return chosen, best


def flipped(opt, own: str):
    values = {each: getattr(opt, each) for each in opt.hyper}
    try:
        return type(opt)(**values | {own: not values[own]})
    except ValueError:  # the library refuses it
        return None


def verdict(found) -> str:
    c = found.correspondence
    if found.verdict == "different":
        return "impossible"
    if found.verdict == "no translation found":
        return "not-found"
    if found.except_at:
        return "but-for-steps"
    if not c.covers("a") and c.conditions("a") != FIXED_IN_FLUX.get(type(found.a).__name__):
        return "setting"
    if found.verdict == "equal":
        return "same"
    if c.substitution.depends_on_t:
        return "steps-change"
    return "start" if c.proof.starts else "constants"


def row(name: str, opt, flags: dict) -> dict:
    found = compare(ours(name), opt)
    kind = verdict(found)
    result = {
        "library": opt.dialect,
        "version": opt.version,
        "call": call_with_defaults(opt, name),
        "flags": flags,
        "verdict": kind,
        "kind": found.kind,
        "lines": [] if kind == "same" else differing_lines(opt, ours(name)),
        "start": starts(opt, name),
        "epsilon": epsilon_in(opt, ours(name)),
    }
    if kind not in ("not-found", "impossible"):
        result |= translated(found)
    if kind not in ("same", "constants") or found.correspondence.substitution.departures("b"):
        result["parting"] = parting(found)
    if opt.dialect not in ("paper", "flux"):
        result["there"] = call_there(ours(name), opt.dialect)
        result["back"] = call_there(opt, "flux")
    return result


def differing_lines(opt, own) -> list[str]:
    return [f"{latex.written(line.letter)} = {marked_latex(line.formula)}" for line in differing(opt, own)]


def translated(found) -> dict:
    """The substitution, as LaTeX."""
    c = found.correspondence
    of_theirs = [{"argument": e.argument, "value": latex_of(e.value)} for e in found.equations if e.opt is found.b]
    return {
        "arguments": of_theirs,
        "ours": [f"{latex_of(sp.Symbol(n))} = {latex_of(e)}" for n, e in c.conditions("a").items()] if verdict(found) == "setting" else [],
        "back-only": [{"argument": argument(found.b, n), "value": latex_of(e)} for n, e in c.conditions("b").items()],
        "states": [{"state": TABLE[n].latex, "value": latex_of(e)} for n, e in found.states.items()],
        "starts": [f"{TABLE[n].at('0')} = {latex_of(e)}" for n, e in found.starts.items()],
        "no-constants": bool(found.impossible),
        "shift": latex_of(c.substitution.shift) if c.substitution.shift != 0 else "",
        "constant-rate-only": found.holds_for_changing_learning_rate is False,
        "steps": list(found.steps),
    }


def parting(found) -> dict | None:
    at = found.parting
    return at and {"t": at.t, "gradients": [f"{g:g}" for g in at.gradients], "steps": [f"{step:.6g}" for step in at.steps]}


def call_there(opt, to: str) -> dict:
    found = translate(opt, to)
    if found:
        return {"call": found.call}
    near = found.nearest
    if near is None or min(near.distance.unit, near.distance.tiny) > FAR:
        return {"call": None, "near": None}
    return {"call": None, "near": {"call": near.call, "unit": f"{near.distance.unit:.1e}", "tiny": f"{near.distance.tiny:.1e}"}}


def call_with_defaults(opt, name: str) -> str:
    """With every number that is not an absent option; an argument without a default is its name alone."""
    if opt.dialect == "paper":
        return ""
    julia, defaults = opt.dialect in ("flux", "optimisersjl"), {p.name: p.default for p in opt.__signature__.parameters.values()}
    chosen = {*opt.counterparts[name], *(own for own, kind in opt.options.items() if kind is Flag)}
    numbers = {own: v if own in chosen else defaults[own] for own, v in opt.stated().items()}
    if opt.dialect == "flux":
        return f"{opt.call_name}({', '.join(map(value, numbers.values()))})"
    sign = " = " if julia else "="
    words = [own if v is opt.__signature__.empty else f"{own.rstrip('_')}{sign}{value(v, julia)}" for own, v in numbers.items()]
    return f"{opt.call_name}({', '.join(words)})"


def value(v, julia: bool = True) -> str:
    if isinstance(v, tuple):
        return f"({', '.join(value(each, julia) for each in v)})"
    if isinstance(v, bool):
        return str(v).lower() if julia else str(v)
    return "1f-1" if v == 0.10000000149011612 else number(v)


def starts(opt, name: str) -> str:
    """Where states start, if not where ours do."""
    own, theirs = start(ours(name)), start_of(opt)
    if own == theirs:
        return ""
    return theirs or f"{own.rpartition(' = ')[0]} = 0"


def start_of(opt) -> str:
    """With the number of a hyper-parameter that is nothing but the start."""
    if "initial_accumulator_value" in opt.hyper:
        return f"a_0 = {number(opt.initial_accumulator_value)}" if opt.initial_accumulator_value else ""
    return start(opt)


def argument(opt, symbol: str) -> str:
    """The library's name of a hyper-parameter that has this symbol."""
    single = [own for own in opt.hyper if not isinstance(getattr(opt, own), tuple)]
    return next(own for own in single if symbol_of(opt.meanings.get(own, own)).name == symbol)


def latex_of(e) -> str:
    """With the book's letters, and the learning rate before a state."""
    e = sp.sympify(e)
    if e == sp.Rational(1, 10**8):
        return "10^{-8}"
    names = {symbol: LETTERS[symbol.name] for symbol in e.free_symbols if symbol.name in LETTERS}
    if e.is_Mul and all(factor.is_Symbol or factor == -1 for factor in e.args):
        factors = sorted((factor for factor in e.args if factor.is_Symbol), key=lambda s: s.name not in ("eta", "rho"))
        return ("-" if -1 in e.args else "") + r"\, ".join(sp.latex(factor, symbol_names=names) for factor in factors)
    return sp.latex(e, symbol_names=names)


def epsilon_in(opt, like=None) -> list[str]:
    """Where an ε stands, as LaTeX: denominators, maxima, sums of a state; and states that start at it.

    What has the value of a part of `like` is written as there.
    """
    found, values = [], Values(opt, like or opt)
    known = [part for line in lines(like or opt) for part in bare_parts(line.formula)]
    for line in lines(opt):
        if holds_epsilon(line.formula):
            parts = bare_parts(line.formula)
            parts = [latex.written(next((own for own in known if values.same(own, part)), part)) for part in parts]
            added = [term for sign, term in getattr(line.formula, "terms", ()) if holds_epsilon(term)]
            found += parts or [rf"{latex.written(line.letter)} = \cdots + {latex.written(term)}" for term in added]
    *states, begin = (start_of(opt) if isinstance(opt, DialectRule) else start(opt)).split(" = ")
    return list(dict.fromkeys([*found, *(f"{state} = {begin}" for state in states)]))


def bare_parts(formula) -> list:
    """Those of `epsilon_parts`, without the brackets of a factor."""
    return [part.base if isinstance(part, Power) and (part.whole, part.steps) == (1, 0) else part for part in epsilon_parts(formula)]
