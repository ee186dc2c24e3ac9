"""gdlesson: gradient descent in live notebooks. This file gathers the core, NumPy only."""

from .course import course_map
from .datasets import digits, engel, penguins, standardise
from .descent import Path, descend, sweep
from .exercises import check, hint, solution
from .newton import DampedNewton, Newton
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
from .problems import LinearRegression, LogisticRegression, Network, SoftmaxRegression
from .schedules import constant, cosine_decay, inverse_decay, step_decay
from .surfaces import Surface, catalogue, numerical_gradient, quadratic

__version__ = "0.2.0"
__all__ = [
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "AdamW",
    "DampedNewton",
    "GradientDescent",
    "LinearRegression",
    "Lion",
    "LogisticRegression",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Network",
    "Newton",
    "Optimizer",
    "Path",
    "RMSProp",
    "SoftmaxRegression",
    "Surface",
    "ask",
    "catalogue",
    "check",
    "constant",
    "cosine_decay",
    "course_map",
    "descend",
    "digits",
    "engel",
    "from_function",
    "hint",
    "inverse_decay",
    "numerical_gradient",
    "penguins",
    "quadratic",
    "solution",
    "source",
    "standardise",
    "step_decay",
    "sweep",
]


def __getattr__(name):
    if name == "ask":  # it loads the widgets, which nothing else here needs
        from .live.question import ask

        return ask
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
