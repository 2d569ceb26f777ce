"""The errata name every default of the article that is not Flux's, and no other."""

import ast
import re

import pytest

import fluxopt_edu

# The calls as the article prints them, its slips of the pen included.
ARTICLE = [
    "Descent(eta=0.1)",
    "Momentum(eta=0.01, rho=0.9)",
    "Nesterov(eta=0.001, rho=0.9)",
    r"RMSProp(eta=0.001, rho=0.9, \epsilon=1e-8)",
    "ADAM(eta=0.001, beta::Tuple=(0.9,0.999), epsilon=1e-8)",
    "RADAM(eta=0.001, beta::Tuple=(0.9,0.999), epsilon=1e-8)",
    "AdaMax(eta=0.001, beta::=(0.9,0.999), epsilon=1e-8)",
    "ADAGrad(eta=0.1, epsilon=1e-8)",
    "ADADelta(rho=0.9,epsilon=1e-8)",
    "AMSGrad(eta=0.001, beta::Tuple=(0.9,0.999), epsilon=1e-8)",
    "NADAM(eta=0.001, beta::Tuple=(0.9,0.999), epsilon=1e-8)",
    "ADAMW(eta=0.001, beta::Tuple=(0.9,0.999), decay=0)",
    "OADAM}(eta=0.0001, beta::Tuple=(0.5,0.9), epsilon=1e-8)",
    "AdaBelief(eta=0.001, beta::Tuple=(0.9,0.999), epsilon=10e-8)",
]
# What the package has instead; OADAM's 0.0001 it keeps, though Flux's code runs 0.001.
CORRECTED = {"AdaBelief": {"epsilon": 1e-8}}


def read(call):
    """Name and defaults of a printed call."""
    name, arguments = re.fullmatch(r"(\w+)\}?\((.*)\)", call).groups()
    arguments = re.sub(r"::\w*", "", arguments).replace("\\", "")
    return name, {each.arg: ast.literal_eval(each.value) for each in ast.parse(f"f({arguments})", mode="eval").body.keywords}


@pytest.mark.parametrize("call", ARTICLE)
def test_the_defaults_are_the_articles_but_for_what_the_errata_say(call):
    name, printed = read(call)
    opt = getattr(fluxopt_edu, name)()
    assert printed | CORRECTED.get(name, {}) == {each: getattr(opt, each) for each in opt.hyper}
    assert all(printed[each] != right for each, right in CORRECTED.get(name, {}).items())


def test_all_fourteen_are_there():
    assert {getattr(fluxopt_edu, read(call)[0]) for call in ARTICLE} == {getattr(fluxopt_edu, name) for name in fluxopt_edu.rules.__all__ if name != "WeightDecay"}
