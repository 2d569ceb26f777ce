"""The fourteen rules as Flux v0.12.10 and its documentation give them."""

import fluxopt_edu
from fluxopt_edu import chain

# In Flux's order of arguments, with its documented defaults.
DEFAULTS = {
    "Descent": {"eta": 0.1},
    "Momentum": {"eta": 0.01, "rho": 0.9},
    "Nesterov": {"eta": 0.001, "rho": 0.9},
    "RMSProp": {"eta": 0.001, "rho": 0.9, "epsilon": 1e-8},
    "Adam": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
    "RAdam": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
    "AdaMax": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
    "AdaGrad": {"eta": 0.1, "epsilon": 1e-8},
    "AdaDelta": {"rho": 0.9, "epsilon": 1e-8},
    "AMSGrad": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
    "NAdam": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
    "AdamW": {"eta": 0.001, "beta": (0.9, 0.999), "decay": 0},
    "OAdam": {"eta": 0.0001, "beta": (0.5, 0.9), "epsilon": 1e-8},  # Flux's code runs eta = 0.001
    "AdaBelief": {"eta": 0.001, "beta": (0.9, 0.999), "epsilon": 1e-8},
}

ARTICLE = {
    "ADAM": "Adam", "RADAM": "RAdam", "ADAGrad": "AdaGrad", "ADADelta": "AdaDelta",
    "NADAM": "NAdam", "ADAMW": "AdamW", "OADAM": "OAdam",
}  # fmt: skip

REAL_ONLY = {"AdaMax", "AMSGrad"}  # they take a maximum; Flux raises an error as well

FOURTEEN = [getattr(fluxopt_edu, name) for name in DEFAULTS]
COMPLEX = [rule for rule in FOURTEEN if rule.__name__ not in REAL_ONLY]


def decayed_momentum():
    """A chain that is no rule of Flux's, and reads x."""
    return chain(fluxopt_edu.WeightDecay(0.01), fluxopt_edu.Momentum(), fluxopt_edu.Adam())


FIFTEEN = [*FOURTEEN, decayed_momentum]


def name(value):
    """A test's name for a rule."""
    return getattr(value, "__name__", None)
