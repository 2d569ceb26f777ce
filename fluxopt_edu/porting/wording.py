"""What rules, arguments and conditions are called in an answer."""

import sympy as sp

LENGTH = "2/(1 - beta_2) - 1 - 2*t*beta_2**t/(1 - beta_2**t)"


def condition_text(condition):
    """A condition as text, with ρ_t for what it is."""
    rho = sp.sympify(LENGTH, locals={n: sp.Symbol(n) for n in ("beta_2", "t")})
    if condition in (sp.true, sp.false):
        return str(condition)
    gap = sp.expand(condition.lhs - condition.rhs)
    for sign in (1, -1):
        rest = sp.simplify(gap - sign * rho)
        if rest.is_number:
            bound = sp.sstr(-sign * rest)
            signs = {">": ">", "<": "<", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
            turned = {">": "<", "<": ">", ">=": "≤", "<=": "≥", "==": "=", "!=": "≠"}
            relation = (signs if sign == 1 else turned)[condition.rel_op]
            return f"ρₜ {relation} {bound}"
    return sp.sstr(condition)


def definition(text):
    return f", ρₜ = {LENGTH}" if "ρₜ" in text else ""


def name(opt):
    """What an optimiser is called here: ``torch.AdamW``, ``AdamW``, or a chain of names."""
    if opt.label:
        return opt.label
    return f"chain({', '.join(map(name, opt.links))})" if type(opt).__name__ == "Chain" else type(opt).__name__


def own_name(system_, symbol):
    """The argument behind a symbol: ``betas[1]``, ``lambda``."""
    if symbol not in system_.hyper:
        return symbol
    _, own, k = system_.hyper[symbol]
    return own.rstrip("_") + ("" if k is None else f"[{k}]")
