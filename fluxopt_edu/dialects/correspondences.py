"""Substitutions that may turn a rule into another: candidates, of which `compare` accepts what it proves.

To declare one, add a `Candidate`. It speaks of two rules, a and b, by the symbols that all dialects
share (`symbols.TABLE` and `quantities`): a's and b's hyper-parameters as expressions in common ones.
What is not mentioned is the same on both sides. Each candidate is tried with a and b exchanged too, and
together with candidates of other topics. A wrong one does no harm: it is not proved.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Candidate:
    """One substitution.

    Attributes
    ----------
    topic : str
        Of two candidates with the same topic, one at most is used.
    b, a : dict of str to str
        Hyper-parameters of the one rule and the other, in the common ones and t. ``decay`` is λ, which
        SymPy cannot read as "lambda".
    states : dict of str to str
        States of a in the states of b, before step t, and in common hyper-parameters.
    shift : str
        a's parameter less b's, in the states of b.
    """

    topic: str
    b: dict = field(default_factory=dict)
    a: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    shift: str = "0"


CANDIDATES = (
    # b multiplies the decay by the learning rate
    Candidate("decay", b={"decay": "decay/eta"}),
    Candidate("decay", b={"decay": "decay/eta", "eta": "eta*kappa"}),  # the multiplier of AdamW's paper
    # b adds ε to the raw root, as Keras does; or a does, as an uncorrected rule
    Candidate("epsilon", b={"epsilon": "epsilon*sqrt(1 - beta_2**t)"}),
    Candidate("epsilon", b={"epsilon": "epsilon/sqrt(1 - beta_2**t)"}),
    # b takes the square of a's ε, or has ε where a has its square
    Candidate("epsilon", b={"epsilon": "epsilon**2"}),
    Candidate("epsilon", b={"epsilon": "epsilon**2", "epsilon_r": "epsilon**2"}),
    # a has one ε for two places
    Candidate("epsilon", b={"epsilon_r": "epsilon"}),
    Candidate("epsilon", b={"a_0": "epsilon"}),
    Candidate("epsilon", b={"delta": "epsilon"}),
    # ε inside the root is as good as in the sum
    Candidate("epsilon", b={"epsilon": "0", "a_0": "a_0 + epsilon"}, states={"acc": "acc - epsilon"}),
    # b corrects its averages, a does not
    Candidate("rate", b={"eta": "eta*(1 - beta_1**t)/sqrt(1 - beta_2**t)"}),
    # NAdam's factor β2 under the root
    Candidate("rate", b={"eta": "eta/sqrt(beta_2)", "epsilon": "epsilon/sqrt(beta_2)"}),
    # optimistic Adam's second weight, where it is not a multiple of η
    Candidate("optimism", b={"omega": "eta"}),
    # Optimisers.jl's Lion
    Candidate("average", b={"beta_1": "beta_1*(1 - beta_2)/beta_2", "beta_2": "1 - beta_2"}),
    # the learning rate inside the velocity, or outside
    Candidate("states", states={"v": "-eta*b"}),
    Candidate("states", states={"v": "-v"}),
    Candidate("states", states={"u": "eta*d"}),
    Candidate("states", states={"d": "eta*b"}),
    Candidate("states", states={"b": "eta*b"}),
    Candidate("states", states={"b": "d"}),
    # Nesterov's two sequences
    Candidate("states", shift="rho*v"),
    Candidate("states", shift="-rho*v"),
)

# What a hyper-parameter may be in a rule that has it, for one that has it not.
ELSEWHERE = {
    "eta": ("1",), "alpha": ("1",), "omega": ("1",), "kappa": ("1",), "theta": ("4", "5"), "psi": ("1",), "decay": ("0",),
    "epsilon": ("0",), "epsilon_r": ("0",), "a_0": ("0",), "delta": ("0",), "mu": ("0",), "tau": ("0",), "rho": ("0",),
}  # fmt: skip
