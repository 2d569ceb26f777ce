"""The compiled form of each rule: source text made from the rule, one file each.

``python tools/kernels.py`` writes these files; `fluxopt_edu.readings.kernel` says what stands in them.
"""

import importlib
import sys

RULES = __package__.replace(".kernels", ".rules.")


def kernel_of(rule):
    """The kernel of a rule, or None if it has none: rules that others define run on the plain path.

    Parameters
    ----------
    rule : type
        An optimiser class that is one formula.

    Returns
    -------
    module or None
    """
    module = rule.__module__
    # the very class of this package: not another of the same name
    if not module.startswith(RULES) or getattr(sys.modules.get(module), rule.__name__, None) is not rule:
        return None
    return importlib.import_module(f"{__package__}.{module.removeprefix(RULES)}")
