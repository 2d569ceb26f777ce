"""The rules of Flux.jl v0.12.10, one file each."""

from .adabelief import AdaBelief
from .adadelta import AdaDelta
from .adagrad import AdaGrad
from .adam import Adam
from .adamax import AdaMax
from .adamw import AdamW
from .amsgrad import AMSGrad
from .descent import Descent
from .momentum import Momentum
from .nadam import NAdam
from .nesterov import Nesterov
from .oadam import OAdam
from .radam import RAdam
from .rmsprop import RMSProp
from .weight_decay import WeightDecay

__all__ = [
    "Descent", "Momentum", "Nesterov", "RMSProp", "Adam", "RAdam", "AdaMax", "AdaGrad", "AdaDelta",
    "AMSGrad", "NAdam", "AdamW", "OAdam", "AdaBelief", "WeightDecay",
]  # fmt: skip
