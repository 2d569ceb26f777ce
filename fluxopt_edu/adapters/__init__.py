"""The rules as optimisers of other libraries, so that a recipe keeps Flux's numbers there.

Each adapter needs its library, which is imported when the adapter is first asked for.
"""

import importlib

_MODULES = {"as_torch": "torch", "as_optax": "optax"}

__all__ = [*_MODULES]


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
