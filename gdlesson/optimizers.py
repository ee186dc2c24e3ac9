"""One class per update rule; `step` reads like the formula. Imports NumPy only.

Every optimizer is a frozen dataclass whose fields are its hyper-parameters, with three pure
methods: `init(w)` makes the state, `look(w, state)` says where to measure the gradient, and
`step(w, state, g)` returns the next point and state. Arrays have layout (..., d); a
hyper-parameter is a number, or an array from `sweep` with a last axis of 1.
"""

import inspect
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Optimizer:
    """What all rules share: a step size, no state, and a gradient measured where we stand."""

    lr: float = 0.01

    def __post_init__(self):
        for field in fields(self):
            _check(field.name, getattr(self, field.name))

    def init(self, w):
        return None

    def look(self, w, state):
        return w


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Gradient descent, w ← w − lr·g (Cauchy 1847)."""

    lr: float = 0.01

    def step(self, w, state, g):
        return w - self.lr * g, state


def _check(name, value):
    """Raise ValueError unless the hyper-parameter is finite and not negative."""
    try:
        good = bool(np.all(np.isfinite(value)) and np.all(np.asarray(value) >= 0))
    except TypeError:
        good = False
    if not good:
        raise ValueError(f"{name} must be finite and 0 or more, got {value!r}")


def source(thing):
    """Print a class or function as its own lines."""
    print(inspect.getsource(thing).rstrip())
