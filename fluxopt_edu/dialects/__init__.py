"""The same optimisers as papers and other libraries have them, under their own names.

>>> from fluxopt_edu import dialects
>>> dialects.torch.AdamW(lr=0.01)
torch.AdamW(lr=0.01, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
"""

import importlib

DIALECTS = ("paper", "flux", "optimisersjl", "torch", "optax", "keras")


def __getattr__(name):
    if name in DIALECTS:
        return importlib.import_module(f".{name}", __name__)
    if name == "RULES":
        return {dialect: _rules(dialect) for dialect in DIALECTS}
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*globals(), *DIALECTS, "RULES"]


def _rules(dialect):
    module = importlib.import_module(f".{dialect}", __name__)
    return {name: getattr(module, name) for name in module.__all__}
