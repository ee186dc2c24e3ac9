"""Losses over one or two weights, each with its derivative beside it. Imports NumPy only."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss with its gradient and what is known of it.

    f: (..., d) → (...). grad: (..., d) → (..., d). domain: ((low, high), …), one pair a
    coordinate. minima: (k, d), the global ones. start: (d,). source: where it comes from.
    """

    name: str
    f: Callable
    grad: Callable
    domain: tuple
    minima: np.ndarray
    start: np.ndarray
    source: str

    def __repr__(self):
        return f"Surface({self.name!r})"


def quadratic(curvatures, angle=0.0, start=None, name=None):
    """½ Σ cᵢ uᵢ², u the coordinates turned by `angle`: a bowl with chosen curvatures.

    curvatures: one number for a parabola, two for a valley; the largest is L, the smallest μ.
    angle: in radians, for two curvatures; the axes of the valley turn counter-clockwise.
    start: (d,), by default 1 in every coordinate.
    Raises ValueError for curvatures that are not one or two finite numbers.
    """
    c = np.atleast_1d(np.asarray(curvatures, float))
    if c.shape not in ((1,), (2,)) or not np.isfinite(c).all():
        raise ValueError(f"curvatures must be one or two finite numbers, got {curvatures!r}")
    d = c.size
    turn = np.eye(d)
    if angle and d == 2:
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

    def f(w):
        u = w if not angle else w @ turn.T
        return 0.5 * (c * u**2).sum(-1)

    def grad(w):
        return c * w if not angle else (c * (w @ turn.T)) @ turn

    return Surface(
        name=name or "quadratic with curvature " + " and ".join(f"{x:g}" for x in c),
        f=f,
        grad=grad,
        domain=((-2.5, 2.5),) * d,
        minima=np.zeros((1, d)),
        start=np.ones(d) if start is None else np.asarray(start, float),
        source="any textbook on convex optimization",
    )
