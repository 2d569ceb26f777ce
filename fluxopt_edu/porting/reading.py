"""What a call constructs."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from .. import rules
from ..chain import chain
from ..dialects.rule import DialectRule
from ..rules import WeightDecay
from . import julia_call, python_call
from .call import Call, CallError, Note, Other, wrong
from .libraries import CHAINS, DECAYS, FLUX_DEFAULTS, FLUX_NAMES, IN_FLUX, PREFIXES, classes, full

NOT_HERE = {
    "InvDecay", "ExpDecay", "ClipValue", "ClipNorm", "ClipGrad", "SignDecay", "AccumGrad", "MixedPrecision",
    "clip_by_global_norm", "clip", "adaptive_grad_clip", "scale_by_adam",
    "scale", "scale_by_learning_rate", "apply_if_finite", "MultiSteps",
}  # fmt: skip
GREEK = {"η": "eta", "β": "beta", "ϵ": "epsilon", "ε": "epsilon", "λ": "lambda", "ρ": "rho", "ℓ": "ell", "Γ": "gamma", "γ": "gamma"}


@dataclass(frozen=True)
class Reading:
    """What a call constructs.

    Attributes
    ----------
    optimiser : Optimiser
    dialect : str
    notes : tuple of Note
        What was passed over, and what a name was taken for.
    """

    optimiser: object
    dialect: str
    notes: tuple = ()


OADAM = Note(
    "without a learning rate Flux runs η = 0.001; its docstring says 0.0001",
    "不写学习率时，Flux 实际运行 η = 0.001；其文档字符串写的是 0.0001",
)


def read(text):
    """The optimiser that a call constructs; the text is parsed and never run.

    Parameters
    ----------
    text : str
        A call in Python or Julia. A bare name is Flux's, unless its arguments tell another library.

    Returns
    -------
    Reading

    Raises
    ------
    CallError
        It is no call of an optimiser that is known here, or has an argument that is not.

    Examples
    --------
    >>> read("torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)").optimiser
    torch.AdamW(lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
    >>> read("OADAM()").optimiser
    OAdam(eta=0.001, beta=(0.5, 0.9), epsilon=1e-08)
    >>> read("Optimisers.OptimiserChain(WeightDecay(1f-4), Momentum())").optimiser.links[1]
    optimisersjl.Momentum(eta=0.01, rho=0.9)
    """
    if not isinstance(text, str):
        raise TypeError(f"{text!r}: expected a call as text")
    call, notes = _parsed(text), []
    dialect = _dialect(call)
    if "." not in call.name and call.syntax == "python":
        taken = full(dialect, call.name)
        notes.append(Note(f"{call.name} is taken as {taken}, by its arguments", f"按参数将 {call.name} 认作 {taken}"))
    if dialect == "flux" and classes("flux").get(call.name.rpartition(".")[2]) is rules.OAdam and not call.arguments:
        notes.append(OADAM)
    return Reading(_built(call, dialect, notes), dialect, tuple(notes))


def _parsed(text):
    names = re.findall(r"[^\W\d][\w.]*(?=\s*\()", text)
    head = (names[0] if names else "").partition(".")[0]
    bare = bool(names) and "." not in names[0]
    julia = head in ("Flux", "Optimise", "Optimisers", "Optimiser", "OptimiserChain") or bare and (head in FLUX_NAMES or head in _flux())
    julia = julia and not re.match(r"\s*(import|from)\b", text)
    if julia and bare and head not in CHAINS["flux"] + CHAINS["optimisersjl"]:
        try:  # a bare name may be Python's as well, where its arguments say so
            call = python_call.parse(text)
            if call.syntax == "python" and any(a.name for a in call.arguments) and _by_keywords(call):
                return call
        except CallError:
            pass
    return julia_call.parse(text) if julia else python_call.parse(text)


def _flux():
    return {IN_FLUX.get(name, name) for name in rules.__all__} | set(rules.__all__) | NOT_HERE


# Which library


def _dialect(call):
    prefix, _, name = call.name.rpartition(".")
    for dialect, known in PREFIXES.items():
        if prefix in known:
            return dialect
    if prefix:
        known = ", ".join(f"{p[0]}.…" for p in PREFIXES.values())
        raise wrong(call, call, f"{prefix!r} is no library that is known here: expected {known}")
    if name in CHAINS["optimisersjl"]:
        return "optimisersjl"
    if name in CHAINS["flux"]:
        return "flux"
    keywords = any(a.name for a in call.arguments)
    if call.syntax == "julia":  # of the two, Optimisers.jl has keywords
        return "optimisersjl" if keywords and name in classes("optimisersjl") else "flux"
    found = _by_keywords(call)
    if found[:1] == ["fluxopt_edu"]:  # whose keywords Optimisers.jl has as well
        return "fluxopt_edu"
    if len(found) == 1:
        return found[0]
    if found:
        raise wrong(call, call, f"it may be {' or '.join(full(d, name) for d in found)}: expected one of these names")
    raise wrong(call, call, f"expected an optimiser{_nearest(name, _all_names())}")


def _by_keywords(call):
    """The dialects that have a bare name with such keywords."""
    keywords, found = {a.name for a in call.arguments if a.name}, []
    for dialect in ("fluxopt_edu", "torch", "optax", "keras", "optimisersjl"):
        cls = classes(dialect).get(call.name)
        if cls is not None and keywords <= _keywords(cls, dialect):
            found.append(dialect)
    return found


def _keywords(cls, dialect):
    if not issubclass(cls, DialectRule):
        return set(cls.hyper)
    own = {name.rstrip("_") for name in cls.hyper} | cls.library.unread | cls.library.uncovered
    return own | ({"params"} if dialect == "torch" else set())


def _all_names():
    return [f"{PREFIXES[d][0]}.{n}" for d in PREFIXES for n in classes(d)]


def _nearest(name, known):
    near = get_close_matches(name, known, 2) or get_close_matches(name, [k.rpartition(".")[2] for k in known], 2)
    return f", such as {' or '.join(near)}" if near else f"; known are {', '.join(sorted(known)[:4])}, …"


# What it constructs


def _built(call, dialect, notes):
    name = call.name.rpartition(".")[2]
    if name in CHAINS.get(dialect, ()):
        return _chained(call, dialect, notes)
    if dialect in DECAYS and name == DECAYS[dialect][0]:
        return _decay(call, dialect)
    known = classes(dialect)
    if name not in known:
        if name in NOT_HERE:
            raise wrong(call, call, "it changes the numbers and is not covered: expected an optimiser without it")
        raise wrong(call, call, f"{PREFIXES[dialect][0]} has no such optimiser here{_nearest(name, list(known))}")
    cls = known[name]
    given = _flux_arguments(call, cls) if dialect == "flux" else _arguments(call, cls, dialect, notes)
    try:
        return cls(**given)
    except (TypeError, ValueError) as error:
        at = next((a for a in call.arguments if a.name and f"{_own(a.name, cls)} =" in str(error)), call)
        raise CallError(call.text, at.position, str(error)) from None


def _chained(call, dialect, notes):
    links = []
    for argument in call.arguments:
        if argument.name or not isinstance(argument.value, Call):
            raise wrong(call, argument, "expected optimisers")
        inner = argument.value
        prefix, _, name = inner.name.rpartition(".")
        if prefix and _dialect(inner) != dialect:
            raise wrong(inner, inner, f"expected an optimiser of {PREFIXES[dialect][0]}, as the chain")
        links.append(_built(inner, dialect, notes))
    if not links:
        raise wrong(call, call, "expected at least one optimiser")
    return chain(*links) if len(links) > 1 else links[0]


def _decay(call, dialect):
    _, own, default = DECAYS[dialect]
    if len(call.arguments) > 1 or any(a.name and GREEK.get(a.name, a.name) != own for a in call.arguments):
        raise wrong(call, call, f"expected one number, {own}")
    value = _plain(call.arguments[0], call, own) if call.arguments else default
    try:
        return WeightDecay(value)
    except (TypeError, ValueError) as error:
        raise CallError(call.text, call.arguments[0].position, str(error)) from None


def _flux_arguments(call, cls):
    """Flux's constructors take their numbers in order."""
    defaults = {n: p.default for n, p in cls.__signature__.parameters.items()} | FLUX_DEFAULTS.get(cls.__name__, {})
    names = list(defaults)
    for place, argument in enumerate(call.arguments):
        if argument.name:
            raise wrong(call, argument, f"{argument.name} = …: Flux takes numbers in order: expected {_order(names)}")
        if place >= len(names):
            raise wrong(call, argument, f"too many arguments: expected at most {_order(names)}")
        defaults[names[place]] = _plain(argument, call, names[place])
    return defaults


def _order(names):
    return f"({', '.join(names)})" if names else "none"


def _arguments(call, cls, dialect, notes):
    """By position or name, without those that do not change the numbers."""
    arguments = list(call.arguments)
    if dialect == "torch":
        arguments = _without_parameters(arguments, call)
    signature = cls.__signature__.parameters
    order = [n for n, p in signature.items() if p.kind is not p.KEYWORD_ONLY]
    given = {}
    library = getattr(cls, "library", None)
    for place, argument in enumerate(arguments):
        if not argument.name:
            if place >= len(order):
                raise wrong(call, argument, f"too many arguments by position: expected {_order(order)}, others by name")
            name = order[place]
        else:
            name = _own(argument.name, cls)
            if name not in signature:
                if library and argument.name in library.unread:
                    notes.append(Note(f"{argument.name} does not change the numbers and is passed over", f"{argument.name} 不影响数值，略去"))
                    continue
                if library and argument.name in library.uncovered:
                    if argument.value in (None, False):
                        continue
                    raise wrong(call, argument, f"{argument.name} changes the numbers and is not covered: expected a call without it")
                known = [n.rstrip("_") for n in signature]
                raise wrong(call, argument, f"no argument {argument.name}{_near(argument.name, known)}: expected {_order(known)}")
        if name in given:
            raise wrong(call, argument, f"{name} is given twice")
        given[name] = _plain(argument, call, argument.name or name)
    return given


def _near(name, known):
    near = get_close_matches(name, known, 1)
    return f" (is it {near[0]}?)" if near else ""


def _own(name, cls):
    name = GREEK.get(name, name)
    return name + "_" if name + "_" in cls.__signature__.parameters else name


def _without_parameters(arguments, call):
    """torch's first argument is what is optimised: any expression, but no number, and no groups with numbers of their own."""
    first = next((a for a in arguments if a.name == "params"), arguments[0] if arguments and not arguments[0].name else None)
    if first is None:
        return arguments
    if isinstance(first.value, (int, float)) and not isinstance(first.value, bool):
        raise wrong(call, first, f"{first.value!r} stands where the parameters do: expected params first, or lr={first.value!r}")
    if "{" in _source_of(first) and re.search(r"""['"](?!params['"])\w+['"]\s*:""", _source_of(first)):
        raise wrong(call, first, "groups of parameters with numbers of their own are not covered: expected one group")
    return [a for a in arguments if a is not first]


def _source_of(argument):
    value = argument.value
    if isinstance(value, tuple):
        return " ".join(_source_of(type(argument)("", part, argument.position)) for part in value)
    return value.text if isinstance(value, Other) else ""


def _plain(argument, call, name):
    """A value that is a number, a truth value, nothing, or a tuple of such."""
    value = argument.value
    parts = value if isinstance(value, tuple) else (value,)
    for part in parts:
        if isinstance(part, (Call, Other, tuple)):
            shown = f"{part.name}(…)" if isinstance(part, Call) else getattr(part, "text", part)
            raise wrong(call, argument, f"{name} = {shown}: expected a number that is written out")
    return value
