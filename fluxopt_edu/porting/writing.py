"""The constructor call of an optimiser, in the language of its library."""

import re

from ..chain import Chain
from ..dialects.rule import DialectRule, Flag
from ..rules import WeightDecay
from .libraries import DECAYS, FLUX_DEFAULTS, IN_FLUX


def written(opt, dialect=None):
    """The constructor call of an optimiser, ready to paste.

    Parameters
    ----------
    opt : Optimiser
        Of that dialect; this package's own is written for Flux v0.12.10 or for this package.
    dialect : str, optional
        One of `TARGETS`.

    Returns
    -------
    str
        The learning rate is always there, other numbers where they are not the default; ``params``
        stands for PyTorch's parameters.

    Examples
    --------
    >>> from fluxopt_edu import OAdam, dialects
    >>> written(dialects.torch.AdamW(lr=0.001, weight_decay=10))
    'torch.optim.AdamW(params, lr=0.001, weight_decay=10.0)'
    >>> written(OAdam(), "flux"), written(OAdam(), "fluxopt_edu")
    ('OADAM(0.0001)', 'OAdam(eta=0.0001)')
    """
    dialect = dialect or dialect_of(opt)
    if type(opt) is Chain:
        links = ", ".join(written(link, dialect) for link in opt.links)
        return f"{_chain_name(dialect)}({links})"
    if type(opt) is WeightDecay and dialect in DECAYS:
        name, own, _ = DECAYS[dialect]
        prefix = {"optax": "optax.", "optimisersjl": "Optimisers."}.get(dialect, "")
        number = number_text(opt.decay, dialect)
        return f"{prefix}{name}({f'{own}=' if dialect == 'fluxopt_edu' else ''}{number})"
    if dialect == "flux":
        return _flux_call(opt)
    julia = dialect == "optimisersjl"
    equals = " = " if julia else "="
    stated = ["params"] if dialect == "torch" else []
    stated += [f"{name.rstrip('_')}{equals}{number_text(value, dialect)}" for name, value in _stated(opt)]
    return f"{getattr(opt, 'call_name', type(opt).__name__)}({', '.join(stated)})"


def dialect_of(opt):
    """The dialect of an optimiser; of a chain, that of the first link which has one."""
    for link in getattr(opt, "links", ()) if type(opt) is Chain else (opt,):
        if isinstance(link, DialectRule):
            return link.dialect
    return "fluxopt_edu"


def _chain_name(dialect):
    return {"flux": "Optimiser", "optimisersjl": "Optimisers.OptimiserChain", "optax": "optax.chain"}.get(dialect, "chain")


def _stated(opt):
    meanings = opt.meanings if isinstance(opt, DialectRule) else {}
    for name, parameter in opt.__signature__.parameters.items():
        value, default = getattr(opt, name), parameter.default
        flag = getattr(opt, "options", {}).get(name) is Flag
        is_rate = meanings.get(name, name) == "eta"
        if value != (bool(default) if flag else default) or is_rate and value is not None:
            yield name, value


def _flux_call(opt):
    ours = type(opt).__name__
    if isinstance(opt, DialectRule):
        raise ValueError(f"{opt.label}: expected a rule of Flux v0.12.10: that of {opt.version} has another formula")
    defaults = {n: p.default for n, p in opt.__signature__.parameters.items()} | FLUX_DEFAULTS.get(ours, {})
    values = {name: getattr(opt, name) for name in defaults}
    last = max([0, *(k for k, name in enumerate(defaults) if values[name] != defaults[name])])
    return f"{IN_FLUX.get(ours, ours)}({', '.join(number_text(v, 'flux') for v in list(values.values())[: last + 1])})"


def number_text(value, dialect):
    """A number, a pair or a flag as the library's language writes it, exact and short.

    >>> number_text(1e-08, "torch"), number_text((0.9, 0.999), "flux"), number_text(float("inf"), "torch"), number_text(False, "flux")
    ('1e-8', '(0.9, 0.999)', 'float("inf")', 'false')
    """
    julia = dialect in ("flux", "optimisersjl")
    if isinstance(value, tuple):
        return f"({', '.join(number_text(part, dialect) for part in value)})"
    if isinstance(value, bool):
        return str(value).lower() if julia else str(value)
    if value == float("inf"):
        return "Inf" if julia else 'float("inf")'
    return re.sub(r"e([+-])0*(\d)", lambda m: f"e{'-' if m[1] == '-' else ''}{m[2]}", repr(value))
