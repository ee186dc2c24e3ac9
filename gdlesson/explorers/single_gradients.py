"""The second explorer of lesson 06: single penguins' gradients around the gradient of the loss."""

import numpy as np

from ..formatting import decimals, significant, vector
from ..live.controls import dragged, integers, stops
from ..live.figure import Handle
from ..views import Lines, Panel, Row, StepCloud, legend_above, log_axis
from .base import Explorer
from .penguin_line import BEST, N, bowl
from .records import Views
from .single_examples import single_gradients

COUNTS = (*range(1, 10), *range(10, 30, 2), *range(30, 100, 5), *range(100, N, 20), N)
STEP = 0.15  # the step size of the arrows
NAMES = ("typical", "this order")


class SingleGradients(Explorer):
    """The steps of single penguins, and how close the mean of more and more of them comes."""

    primary = "count"
    picture_only = ("w", "b")

    def make_controls(self):
        return {
            "count": stops("penguins in the mean", COUNTS, 20),
            "seed": integers("seed of their order", 0, 0, 50, width=300),
            **dragged(2.0, w=-0.5, b=0.8),
        }

    def buttons(self):
        return {"To the best line": lambda: self.move_to(w=BEST[0], b=BEST[1])}

    def draw(self, page):
        land, error = page.panels(
            Row(
                Panel(280, "w, standardised", "b", StepCloud.legend),
                Panel(280, "penguins in the mean, log scale", "error of the mean, log", NAMES),
            )
        )
        cloud = StepCloud(land, bowl(land, (0.4, 0.0), 1.6), page.palette)
        log_axis(error.xaxis, 0.9, 400, ticks=[1, 10, 100, N])
        log_axis(error.yaxis, 8e-3, 20, ticks=[0.01, 0.1, 1, 10])
        error.grid(axis="y")
        (typical,) = error.plot([], [], ":", color=page.palette.ink, lw=1.6)
        (order,) = error.plot([], [], "-", color=page.palette.path, lw=1.4)
        (here,) = error.plot([], [], "o", color=page.palette.path, ms=8, mec=page.palette.paper)
        legend_above(error, [typical, order], NAMES)
        return Views(
            [Handle(cloud.ball, self.on_drag("w", "b"), "the line's w and b")],
            cloud=cloud,
            error=Lines(typical=typical, order=order, here=here),
        )

    def show(self, views, values):
        at, n = np.array([values["w"], values["b"]]), values["count"]
        order = np.random.default_rng(values["seed"]).permutation(N)
        gradients, count = single_gradients(*at)[order], np.arange(1, N + 1)
        whole = gradients.mean(axis=0)
        means = np.cumsum(gradients, axis=0) / count[:, None]
        error = np.linalg.norm(means - whole, axis=1)
        views.cloud.update(at, -STEP * gradients[:n], -STEP * whole)
        views.error.typical.set_data(count[:-1], typical_error(gradients)[:-1])
        views.error.order.set_data(count[:n], np.maximum(error[:n], 1e-4))
        views.error.here.set_data([n], [max(error[n - 1], 1e-2)])
        return describe(at, n, gradients, whole, error[n - 1])


def explore(after=None, **values):
    """Explore the gradients of single penguins around the gradient of the loss (lesson 06).

    after: a Prediction to answer or skip first. values: first values of the controls: count, the
    penguins in the mean, from 1 to 333, not all whole numbers; seed of their order, from 0 to 50;
    w and b of the line, from −2 to 2. Raises ValueError for other values.
    """
    return SingleGradients(after, **values)


def typical_error(gradients):
    """The distance of the mean of 1 … N gradients (N, d) from the mean of all, (N,).

    It is the root of the mean square over all orders: σ/√n · √((N − n)/(N − 1)).
    """
    N, n = len(gradients), np.arange(1, len(gradients) + 1)
    sigma = np.sqrt(((gradients - gradients.mean(axis=0)) ** 2).sum(axis=1).mean())
    return sigma * np.sqrt((N - n) / (n * (N - 1)))


def describe(at, n, gradients, whole, error):
    """The lengths of the gradients, and how far the mean of n of them is from the whole one."""
    length = float(np.linalg.norm(whole))
    single = decimals(np.linalg.norm(gradients, axis=1).mean())
    place = f"At w = {vector(at[:1])}, b = {vector(at[1:])}"
    if length < 0.02:
        text = (
            f"{place} the whole gradient is almost 0: its length is {significant(length, 1)}. The "
            f"gradients of single penguins have a mean length of {single}."
        )
    else:
        uphill = int((gradients @ whole < 0).sum())
        text = (
            f"{place} the whole gradient has length {decimals(length)}. The gradients of single "
            f"penguins have a mean length of {single}; {uphill} of {N} are at more than 90° to the "
            "whole gradient, so that steps against them begin uphill."
        )
    if n == N:
        return f"{text} The mean of all {N} is the whole gradient."
    which = "The gradient of the first penguin" if n == 1 else f"The mean of the first {n}"
    return f"{text} {which} is at a distance of {decimals(error)} from the whole gradient."
