"""The fourteen optimisers of Flux.jl: each rule one formula, equal to Flux v0.12.10.

>>> import numpy as np
>>> from fluxopt_edu import Adam, update
>>> opt, w = Adam(eta=0.1), np.array([1.0, -2.0])
>>> for _ in range(100):
...     update(opt, w, 2 * w)  # the gradient of |w|²
>>> bool(abs(w).max() < 0.1)
True
"""

import importlib

from .chain import chain
from .rules import *
from .rules import AdaDelta, AdaGrad, Adam, AdamW, NAdam, OAdam, RAdam, __all__ as _rules
from .source import source
from .trace import trace
from .update import update
from .version import __date__, __version__

# The spellings of Flux up to v0.13.3 and of the article.
ADAM, RADAM, ADAGrad, ADADelta, NADAM, ADAMW, OADAM = Adam, RAdam, AdaGrad, AdaDelta, NAdam, AdamW, OAdam

__all__ = [*_rules, "ADAM", "RADAM", "ADAGrad", "ADADelta", "NADAM", "ADAMW", "OADAM", "chain", "update", "source", "trace"]

# What needs SymPy or another library comes when it is first asked for.
_LATER = {
    "symbolic": "readings.sympy", "unroll": "readings.sympy", "prove": "proof",
    "compare": "porting.compare", "translate": "porting.translate", "as_torch": "adapters.torch", "as_optax": "adapters.optax",
    "latex": "readings.latex", "mathml": "readings.mathml", "javascript": "readings.javascript",
}  # fmt: skip


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
