"""Of another library, the optimisers that may be the same as one."""

from itertools import product

from .. import dialects, rules
from ..chain import Chain, chain
from ..dialects.rule import DialectRule, Flag
from ..optimiser import instance
from ..rules import WeightDecay
from ..symbols import symbol_of
from .libraries import DECAYS
from .system import system

RELATED = {"Adam": ("AdamW",), "AdamW": ("Adam",), "NAdam": ("NAdamW",), "NAdamW": ("NAdam",)}
DEPRECATED = {"optimistic_adam"}
MAY_BE_SET = ("a_0", "epsilon_r", "eta", "delta", "omega", "psi")  # options that make a rule another's, where that has none such


def names(opt):
    """What an optimiser is called here, and what else it may be."""
    links = [link for link in (opt.links if type(opt) is Chain else (opt,)) if not isinstance(link, WeightDecay)]
    own = links[0].ours if links and isinstance(links[0], DialectRule) else type(links[0]).__name__ if links else "WeightDecay"
    return (own, *RELATED.get(own, ()))


def counterparts(opt, to):
    """The target's optimisers that may be the same, in every form that its flags and options give."""
    wanted, source, found = names(opt), system(opt), []
    for cls in _classes(to):
        of_class = tuple(cls.counterparts) if issubclass(cls, DialectRule) else (cls.__name__,)
        for called in wanted:
            if called in of_class:
                # AdamW before Adam with an option that makes it one
                usual = cls.__name__ in DEPRECATED, wanted.index(called), of_class.index(called)
                found += [((*usual, departures), form) for departures, form in _forms(cls, called, source, opt)]
    found = sorted(found, key=lambda pair: pair[0])
    plain = [candidate for _, candidate in found]
    if to in DECAYS and "lambda" in source.hyper:
        bare = [candidate for candidate in plain if "lambda" not in system(candidate).hyper]
        plain += [chain(WeightDecay(0.5), candidate) for candidate in bare]
        plain += [chain(candidate, WeightDecay(0.5)) for candidate in bare if to != "optax"]  # optax would add it with the wrong sign
    return plain


def _classes(to):
    if to in ("flux", "fluxopt_edu"):
        return [getattr(rules, rule) for rule in rules.__all__ if rule != "WeightDecay"]
    return list(dialects._rules(to).values())


def _forms(cls, called, source, opt):
    """Instances of a class with its flags and options both ways, with how many are not as the counterpart has them."""
    if not issubclass(cls, DialectRule):
        return [(0, instance(cls))]
    plain = instance(cls)
    wanted = cls.counterparts[called]
    axes = []
    for own, kind in cls.options.items():
        if kind is Flag:
            usual = wanted.get(own, getattr(plain, own))
            other = own != "maximize" or getattr(opt, "maximize", False)
            axes.append([(0, own, usual), *([(1, own, not usual)] if other and own not in wanted else [])])
            continue
        present, absent = (1, own, _present(plain, own, kind)), (0, own, kind.absent)
        symbol = symbol_of(cls.meanings.get(own, own)).name
        if own in wanted:
            axes.append([present])
        elif symbol in source.hyper:
            axes.append([present, absent])
        else:
            axes.append([absent, present] if symbol in MAY_BE_SET else [absent])
    values = {own: getattr(plain, own) for own in cls.hyper}
    found = []
    for chosen in product(*axes):
        try:
            form = cls(**values | {own: value for _, own, value in chosen})
        except ValueError:  # the library refuses the combination
            continue
        found.append((sum(n for n, *_ in chosen), form))
    return found


def _present(plain, own, kind):
    value = getattr(plain, own)
    return value if not kind.is_at(value) else 0.5 if kind.absent != 0.5 else 0.25
