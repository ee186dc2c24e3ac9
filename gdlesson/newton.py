"""Newton's method, plain and damped: steps that use the curvature. May import: NumPy only."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

ENOUGH = 1e-4  # share of the fall that the slope promises; less makes a step shorter


@dataclass(frozen=True)
class Newton:
    """Newton's method, w ← w − p, where p solves H p = g and H is the Hessian at w.

    hessian: a function of the point, (d,) → (d, d). With the diagonal of the Hessian alone, each
    coordinate has a step size of its own. One run at a time: ValueError for points of another
    shape than (d,), LinAlgError where H has no inverse.
    Source: Nocedal & Wright 2006, Numerical Optimization, chapter 3.
    """

    hessian: Callable

    def init(self, w):
        if w.ndim != 1:
            raise ValueError(f"Newton's method takes one point of shape (d,), got shape {w.shape}")

    def look(self, w, state):
        return w

    def step(self, w, state, g):
        return w - np.linalg.solve(self.hessian(w), g), state


@dataclass(frozen=True)
class DampedNewton(Newton):
    """Newton's method with a line search: no step raises the loss, but one may end at a saddle.

    Where Newton's step does not point downhill, minus the gradient takes its place; then the step
    is halved until the loss falls enough (Armijo 1966). f: the loss, (d,) → a number.
    Source: Nocedal & Wright 2006, algorithms 3.1 and 3.2.
    """

    f: Callable

    def step(self, w, state, g):
        p = np.linalg.solve(self.hessian(w), g)
        if g @ p <= 0:
            p = g
        while p.any() and self.f(w - p) > self.f(w) - ENOUGH * (g @ p):
            p = p / 2
        return w - p, state
