"""gdlesson: gradient descent in live notebooks. This file gathers the ground floor, NumPy only."""

from .descent import Path, descend, sweep
from .optimizers import (
    AdaDelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    Optimizer,
    RMSProp,
    from_function,
    source,
)
from .surfaces import Surface, catalogue, numerical_gradient, quadratic

__version__ = "0.1.0"
__all__ = [
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "AdamW",
    "GradientDescent",
    "Lion",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "Path",
    "RMSProp",
    "Surface",
    "catalogue",
    "descend",
    "from_function",
    "numerical_gradient",
    "quadratic",
    "source",
    "sweep",
]
