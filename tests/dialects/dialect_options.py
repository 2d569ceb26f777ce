"""Random optimisers of a rule: hyper-parameters in their ranges, options present or absent."""

from fluxopt_edu.dialects.rule import Flag
from fluxopt_edu.symbols import Symbol, symbol_of

__all__ = ["Flag", "all_hyper", "drawn", "value_of"]


def drawn(rule, chance):
    """One optimiser; what its library refuses is drawn again."""
    while True:
        hyper = {}
        for name in rule.hyper:
            kind = rule.options.get(name)
            if kind is Flag:
                hyper[name] = chance.random() < 0.5
            elif kind is not None and chance.random() < 0.5:
                hyper[name] = kind.absent
            else:
                hyper[name] = value_of(rule.meanings.get(name, name), chance)
        try:
            opt = rule(**hyper)
        except ValueError:
            continue
        if not rounds_to_noise(opt):
            return opt


def rounds_to_noise(opt):
    """Whether the first step is divided by the root of g² − g²: optax's centred RMSProp with both averages corrected."""
    return opt.label == "optax.rmsprop" and opt.centered and opt.bias_correction and opt.initial_scale == 0


def value_of(meaning, chance):
    if isinstance(meaning, tuple):
        return tuple(value_of(part, chance) for part in meaning)
    if meaning == "beta":
        return value_of("beta[0]", chance), value_of("beta[1]", chance)
    symbol = meaning if isinstance(meaning, Symbol) else symbol_of(meaning)
    if symbol.name in VALUES:
        low, high = VALUES[symbol.name]
        return chance.uniform(low, high)
    if symbol.range == "unit":
        return chance.uniform(0.3, 0.99)
    low, high = SIZES.get(symbol.name, (-3, -1))
    return 10 ** chance.uniform(low, high)


# Powers of ten; and values. Thresholds stay away from all ρ_t, where a last bit decides.
SIZES = {"epsilon": (-9, -3), "epsilon_r": (-12, -4), "h_min": (-7, -5), "h_max": (1, 2), "a_0": (-6, 0)}
VALUES = {"eta_minus": (0.3, 0.7), "eta_plus": (1.1, 1.5), "theta": (4.2, 8), "alpha": (0.5, 2), "omega": (0.2, 2), "psi": (0.001, 1.5)}


def all_hyper(opt):
    """The hyper-parameters by name, for the library's own constructor."""
    return {name: getattr(opt, name) for name in opt.hyper}
