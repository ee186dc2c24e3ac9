"""The second explorer of lesson 14: how AdaGrad and RMSProp behave on a long run."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..descent import descend
from ..formatting import significant
from ..live.controls import choice, slider, stops
from ..optimizers import AdaGrad, RMSProp
from ..views import Lines, Panel, Row, legend_above, log_axis
from .base import Explorer
from .records import Views

STEPS = {"constant slope": 100, "parabola": 400}
RUNS = 100  # with noise, the distance is the root mean square of so many runs
START = 2.0
METHODS = {"AdaGrad": lambda lr, rho: AdaGrad(lr), "RMSProp": RMSProp}


@dataclass(frozen=True)
class Slope:
    """The loss w, whose slope is 1 everywhere."""

    def f(self, w):
        return w[..., 0]

    def grad(self, w):
        return np.ones_like(w)


@dataclass(frozen=True)
class Parabola:
    """The loss ½(w − centre)². With a centre drawn anew at each step, its slope is w with noise."""

    centre: np.ndarray | float = 0.0

    def f(self, w):
        return ((w - self.centre) ** 2).sum(-1) / 2

    def grad(self, w):
        return w - self.centre


class LongRun(Explorer):
    """One weight: how far AdaGrad or RMSProp has come after each step, and its step size."""

    primary = "lr"
    redrawn_by = ("land", "method")

    def make_controls(self):
        return {
            "land": choice(STEPS, "parabola", description="loss"),
            "method": choice(METHODS, "AdaGrad"),
            "lr": stops("step size lr", (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), 0.1),
            "sigma": slider("noise σ", 0.0, 0, 2, 0.1, 260),
            "rho": slider("ρ", 0.9, 0.5, 0.99, width=260),
        }

    def draw(self, page, land, method):
        palette, steps = page.palette, STEPS[land]
        slope = land == "constant slope"
        names = ("this method", *expected(land, method)[0])
        title = "distance travelled / lr" if slope else "distance, log scale"
        roots = ("lr/√s", *expected(land, method)[1])
        left, right = page.panels(
            Row(
                Panel(300, "step t", title, names, "10⁻³"),
                Panel(300, "step t", "step size, log scale", roots, "10⁻³"),
            )
        )
        for ax in (left, right):
            ax.set_xlim(-0.013 * steps, 1.013 * steps)
            ax.grid(axis="y")
        if slope:
            left.set_ylim(0, 120)
        else:
            log_axis(left.yaxis, 1e-3, 10)
        log_axis(right.yaxis, 1e-4, 10)
        (distance,) = left.plot([], [], "-", color=palette.path, lw=2, zorder=4)
        (distance_law,) = left.plot([], [], "--", color=palette.ball, lw=1.6, zorder=5)
        (size,) = right.plot([], [], "-", color=palette.path, lw=2, zorder=4)
        (size_law,) = right.plot([], [], "--", color=palette.ball, lw=1.6, zorder=5)
        legend_above(left, [distance, distance_law][: len(names)], names)
        legend_above(right, [size, size_law], roots)
        return Views(
            lines=Lines(distance=distance, distance_law=distance_law, size=size, size_law=size_law),
        )

    def disabled(self, values):
        slope = ("sigma",) if values["land"] == "constant slope" else ()
        return slope + (() if values["method"] == "RMSProp" else ("rho",))

    def show(self, views, values):
        lines, lr, slope = views.lines, values["lr"], values["land"] == "constant slope"
        path = run(**values)
        distance, size = travelled(path, slope), step_sizes(path)
        t = np.arange(len(size)) + 1.0
        lines.distance.set_data(np.arange(len(distance)), distance / lr if slope else distance)
        lines.size.set_data(t, size)
        laws = {"t": t, "lr/√t": lr / np.sqrt(t), "lr": lr + 0 * t, "lr/2": lr / 2 + 0 * t,
                "2/λ": 2 + 0 * t}  # fmt: skip
        for line, names in zip(
            (lines.distance_law, lines.size_law),
            expected(values["land"], values["method"]),
            strict=True,
        ):
            for name in names:
                line.set_data(t, laws[name])
        return describe(values, distance, size)


def explore(after=None, **values):
    """Explore long runs of AdaGrad and RMSProp on one weight (lesson 14).

    after: a Prediction to answer or skip first. values: first values of the controls: land,
    "constant slope" (slope 1, 100 steps) or "parabola" (curvature 1, 400 steps from 2); method,
    "AdaGrad" or "RMSProp"; lr, one of 0.01, 0.02, 0.05, 0.1, 0.2, 0.5 and 1; sigma, the standard
    deviation of the gradient's noise on the parabola, from 0 to 2; rho from 0.5 to 0.99. Raises
    ValueError for other values.
    """
    return LongRun(after, **values)


def expected(land, method):
    """Names of the dashed lines, left and right, that the lesson derives for the long run."""
    if land == "constant slope":
        return ("t",), ("lr/√t" if method == "AdaGrad" else "lr",)
    return ((), ("lr/√t",)) if method == "AdaGrad" else (("lr/2",), ("2/λ",))


@cache
def noise():
    """Standard normal numbers for each step and run, (steps, RUNS, 1)."""
    return np.random.default_rng(0).standard_normal((STEPS["parabola"], RUNS, 1))


def run(land, method, lr, sigma, rho):
    """The Path of one run, or of RUNS runs where the gradient has noise."""
    rule, steps = METHODS[method](lr, rho), STEPS[land]
    if land == "constant slope":
        return descend(Slope(), rule, np.zeros((1, 1)), steps)
    if not sigma:
        return descend(Parabola(), rule, np.full((1, 1), START), steps)
    batches = map(Parabola, sigma * noise())
    return descend(Parabola(), rule, np.full((RUNS, 1), START), steps, batches)


def travelled(path, slope):
    """How far from its start the path is, or from the minimum at 0: root mean square, (steps+1,)"""
    w = path.w - path.start * slope
    return np.sqrt((w[..., 0] ** 2).mean(axis=1))


def step_sizes(path):
    """lr/√s at each step, (steps,): the step divided by −g, its median over the runs."""
    with np.errstate(all="ignore"):
        return np.nanmedian(-np.diff(path.w, axis=0) / path.g, axis=(1, 2))


def describe(values, distance, size):
    """How far the method has come at the end, and its last step size."""
    method, lr, steps = values["method"], values["lr"], len(size)
    name = f"With {method}, lr = {lr:g}"
    if values["land"] == "constant slope":
        return (
            f"{name} and slope 1, {steps} steps travel {significant(distance[-1] / lr, 4)} lr. "
            f"The last step is {significant(size[-1] / lr, 2)} lr long."
        )
    sigma = f"noise σ = {values['sigma']:g}" if values["sigma"] else "no noise"
    end = np.sqrt((distance[-10:] ** 2).mean())
    units = significant(end / lr, 2) if end < 10 * lr else f"{end / lr:.0f}"
    where = f"{significant(end, 2)} ({units} lr)" if end > 1e-12 else "below 1e-12"
    return (
        f"{name} and {sigma}, the distance from the minimum in the last ten steps is {where}. "
        f"The step size lr/√s ends at {significant(size[-1], 2)}."
    )
