"""The same chances for every rule: twelve trials to tune, fresh seeds to judge.

A trial is one setting of a rule, run from five seeds. The setting with the lowest median loss is the tuned one: it runs from
fifteen seeds that no trial has seen, and Flux's defaults run beside it.
"""

import numpy as np

from .. import rules

RULES = ["Descent", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "AdaDelta", "Adam", "AdaMax", "AMSGrad", "NAdam", "AdamW",
         "RAdam", "AdaBelief", "OAdam"]  # fmt: skip
ETAS = [float(f"{10**power:.3g}") for power in np.arange(-4.5, 1.5, 0.5)]  # two a decade, from 3.16e-5 to 10
TUNING, JUDGING = range(0, 5), range(5, 20)
SOLVED, LOST = 1e-12, 1e6  # losses beyond these are stored as these


def trials(rule, problem):
    """The twelve settings that a rule may choose from.

    Thirteen rules choose η and keep Flux's defaults otherwise. AdaDelta has no η: its trials are two ρ times six ε. On the digits
    AdamW's decay is 0.01 η, as PyTorch's default has it; elsewhere a decay would only move the minimum, and AdamW is Adam.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    problem : str

    Returns
    -------
    list of dict
        Keyword arguments of the rule.

    Examples
    --------
    >>> trials("Adam", "quadratic")[3]
    {'eta': 0.001}
    >>> trials("AdaDelta", "quadratic")[0]
    {'rho': 0.9, 'epsilon': 1e-08}
    """
    if rule == "AdaDelta":
        return [{"rho": rho, "epsilon": float(f"1e{power}")} for rho in (0.9, 0.99) for power in range(-8, 4, 2)]
    if rule == "AdamW" and problem == "digits":
        return [{"eta": eta, "decay": float(f"{0.01 * eta:.3g}")} for eta in ETAS]
    return [{"eta": eta} for eta in ETAS]


def positions(problem, rule, setting, seeds, nudge=0.0):
    """Where runs are after a tenth of the problem's steps and after all of them, one row a seed.

    Parameters
    ----------
    problem : Problem
    rule : str
    setting : dict
        Keyword arguments of the rule.
    seeds : sequence of int
    nudge : float, default 0
        The start is multiplied by 1 + `nudge`: a run whose end moves with it has no end that another machine would find again.

    Returns
    -------
    pair of ndarray, of shape ``(len(seeds), n)``
    """
    generators = [np.random.default_rng(seed) for seed in seeds]
    x = np.stack([problem.start(generator) for generator in generators]) * (1 + nudge)
    opt = getattr(rules, rule)(**setting)
    state = opt.init(x)
    with np.errstate(all="ignore"):  # a run may diverge: that is a result
        for t in range(problem.steps):
            if t == problem.steps // 10:
                early = x
            state, step = opt.apply(state, x, problem.gradient(x, generators))
            x = x - step
    return early, x


def losses(problem, x):
    """The loss of each row, between `SOLVED` and `LOST`, to three digits; `LOST` where a run has left the numbers."""
    with np.errstate(all="ignore"):
        values = np.nan_to_num(problem.loss(x), nan=LOST)
    return [float(f"{value:.3g}") for value in np.clip(values, SOLVED, LOST)]


def best(losses):
    """The places of the lowest median, one row of losses a trial; the first of them is the tuned setting."""
    medians = np.median(losses, axis=1)
    return np.flatnonzero(medians == medians.min()).tolist()
