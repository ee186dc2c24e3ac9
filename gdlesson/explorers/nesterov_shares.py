"""The second explorer of lesson 12: what share of the distance a step leaves, per curvature."""

import numpy as np

from ..formatting import percent
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..views import Panel, ShareOverCurvature
from .base import Explorer
from .nesterov import best_for_nesterov
from .records import Views

CONDITIONS = {f"κ = {k}": k for k in (5, 25, 100)}
END = 4.0  # of the step sizes, in units of 1/L
METHODS = ("momentum", "Nesterov")


class Shares(Explorer):
    """The share of the distance left after a step of momentum and of Nesterov's method."""

    primary = "share"
    redrawn_by = ()

    def make_controls(self):
        return {
            "share": slider("step size lr, in 1/L", 1.0, 0.02, END, 0.01),
            "beta": slider("β", 0.67, 0.0, 0.99, width=300),
            "condition": choice(CONDITIONS, "κ = 25"),
        }

    def buttons(self):
        return {
            "Momentum's best": lambda: self.take(best_for_momentum),
            "Nesterov's best": lambda: self.take(best_for_nesterov),
        }

    def take(self, best):
        """Set the best step size and β of a method, rounded to the sliders' grids.

        The step size is rounded down and β up, because a little less memory costs much more than
        a little too much: the two equal roots then become real, and one of them grows.
        """
        share, beta = best(CONDITIONS[self.controls["condition"].value])
        self.set(share=np.floor(100 * share) / 100, beta=np.ceil(100 * beta) / 100)

    def draw(self, page):
        (ax,) = page.panels(
            Panel(280, "lr · λ", "share left after a step, in the long run", METHODS)
        )
        shares = ShareOverCurvature(ax, page.palette, METHODS, END)
        return Views([Handle(shares.ball, self.on_drag("share"), "lr · L", "x")], shares=shares)

    def show(self, views, values):
        share, beta, condition = values["share"], values["beta"], CONDITIONS[values["condition"]]
        ends = np.array([share / condition, share])
        views.shares.update(
            lambda x: momentum_share(x, beta), lambda x: nesterov_share(x, beta), ends
        )
        return describe(share, beta, ends, values["condition"])


def explore(after=None, mine=None, **values):
    """Explore what share of the distance a step leaves, for every curvature (lesson 12).

    after: a Prediction to answer or skip first. mine: not used. values: first values of the
    controls: share, the step size in units of 1/L, from 0.02 to 4; beta from 0 to 0.99; condition,
    "κ = 5", "κ = 25" or "κ = 100". Raises ValueError for other values.
    """
    return Shares(after, mine, **values)


def best_for_momentum(condition):
    """Step size in units of 1/L, and β, that are best on a quadratic (Polyak 1964)."""
    root = np.sqrt(condition)
    return 4 * condition / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2


def momentum_share(x, beta):
    """The size of the larger root of z² − (1 + β − x)z + β. x: lr·λ, any shape."""
    return larger_root(1 + beta - x, beta)


def nesterov_share(x, beta):
    """The size of the larger root of z² − (1 + β)(1 − x)z + β(1 − x). x: lr·λ, any shape."""
    return larger_root((1 + beta) * (1 - x), beta * (1 - x))


def larger_root(total, product):
    """The size of the larger root of z² − total·z + product; two complex ones have one size."""
    spread = np.square(total) - 4 * np.asarray(product, float)
    real = (np.abs(total) + np.sqrt(np.maximum(spread, 0))) / 2
    return np.where(spread < 0, np.sqrt(np.maximum(product, 0)), real)


def describe(share, beta, ends, condition):
    """The largest share that each method leaves; it belongs to the smallest or largest curvature,
    because both shares first fall and then rise with lr·λ."""
    state = f"With step size {share:.2f}/L, β = {beta:.2f} and {condition}"
    ahead, heavy = (percent(of(ends, beta).max()) for of in (nesterov_share, momentum_share))
    limit, other = (2 + 2 * beta) / (1 + 2 * beta), 2 + 2 * beta
    left = "of the distance is left after each step"
    if share < limit - 1e-9:
        return f"{state}, in the long run {ahead} {left} with Nesterov, and {heavy} with momentum."
    if share < other - 1e-9:
        second = f"With momentum {heavy} {left}, in the long run."
    else:
        second = f"Momentum {failure(share, other)}."
    return f"{state}, Nesterov {failure(share, limit)}. {second}"


def failure(share, limit):
    """What a step size does that is not below the stability limit, in units of 1/L."""
    if share > limit + 1e-9:
        return f"diverges, because its stability limit is {limit:.3f}/L"
    return "does not converge, because this is its stability limit"
