"""Doctests that need a library which is not installed are not collected."""

from importlib.util import find_spec

collect_ignore = [f"fluxopt_edu/adapters/{name}.py" for name in ("torch", "optax") if find_spec(name) is None]
