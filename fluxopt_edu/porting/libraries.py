"""The libraries by the names that their calls begin with, and what is called otherwise in them."""

from .. import dialects, rules

TARGETS = ("flux", "optimisersjl", "torch", "optax", "keras", "fluxopt_edu")
PREFIXES = {
    "fluxopt_edu": ("fluxopt_edu",),
    "flux": ("Flux", "Flux.Optimise", "Optimise"),
    "optimisersjl": ("Optimisers", "optimisersjl"),
    "torch": ("torch.optim", "optim", "torch"),
    "optax": ("optax",),
    "keras": ("keras.optimizers", "tf.keras.optimizers", "tensorflow.keras.optimizers", "optimizers", "tf.optimizers", "keras"),
}
FLUX_NAMES = {
    "ADAM": "Adam", "RADAM": "RAdam", "ADAGrad": "AdaGrad", "ADADelta": "AdaDelta", "NADAM": "NAdam", "ADAMW": "AdamW", "OADAM": "OAdam",
}  # fmt: skip
IN_FLUX = {ours: flux for flux, ours in FLUX_NAMES.items()}
CHAINS = {"flux": ("Optimiser",), "optimisersjl": ("OptimiserChain",), "optax": ("chain",), "fluxopt_edu": ("chain",)}
DECAYS = {  # a weight decay that is a link of its own: its name, argument and default
    "flux": ("WeightDecay", "decay", 0.0),
    "optimisersjl": ("WeightDecay", "lambda", 5e-4),
    "optax": ("add_decayed_weights", "weight_decay", 0.0),
    "fluxopt_edu": ("WeightDecay", "decay", 0.0),
}
FLUX_DEFAULTS = {"OAdam": {"eta": 0.001}}  # where Flux's code runs another number than its documentation says


def classes(dialect):
    """The optimisers of a dialect by the names that calls have."""
    if dialect not in ("flux", "fluxopt_edu"):
        return dialects._rules(dialect)
    named = {name: getattr(rules, name) for name in rules.__all__}
    return named | {flux: named[ours] for flux, ours in FLUX_NAMES.items()}


def full(dialect, name):
    """A name with its library's.

    >>> full("torch", "Adam")
    'torch.optim.Adam'
    """
    return f"{PREFIXES[dialect][0]}.{name}"
