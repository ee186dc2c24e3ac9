"""The explorer of lesson 05: how descent fits a line to data."""

from functools import partial

import numpy as np

from ..descent import descend
from ..formatting import bracketed, minus
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import Surface
from ..views import (
    Contours,
    Crosses,
    DataLine,
    Formula,
    Line,
    Panel,
    Row,
    equal_limits,
    legend_above,
)
from .base import Explorer
from .batch_readout import describe, step_size
from .penguin_line import FLIPPER, MASS
from .records import Shown, Views
from .scaled_line import FITS, SCALE

SHOWN = np.argsort(FLIPPER, kind="stable")[16::43]  # eight penguins, from short to long flippers
GRIPS = (176.0, 227.0)  # mm: where the line of the start can be dragged
LEGEND = ("start", "after the last step")
MASSES = (-400, 7000)  # g: what the picture of the data shows

crawl_question = Prediction(
    question=(
        "A line, mass = w · flipper length + b, is fitted to 333 penguins by descent, in "
        "millimetres and grams. Descent starts at w = 0, b = 0, and the best line has b = −5872. "
        "The step size, 2.4e-05, is just below the stability limit. How much of the way to −5872 "
        "has b covered after 1000 steps?"
    ),
    choices=(
        "All of it, to within a gram.",
        "About half.",
        "About a tenth.",
        "Less than a thousandth.",
    ),
    answer="Less than a thousandth.",
    because=(
        "After 1000 steps b is at −1.26. The curvature of the loss along w is so large that only "
        "a tiny step size converges, and with a step size so small b hardly changes."
    ),
    about={"features": "raw", "lr": 2.4e-5, "steps": 1000, "w": 0.0, "b": 0.0},
    name="crawl",
)


STEP_SIZES = {  # of the slider: its grid and first place, its end, its first value, its digits
    "raw": (1e-6, 3.2e-5, 2e-5, ".1e"),  # a browser's slider counts no steps below 1e-6
    "scaled only": (1e-4, 0.006, 0.004, ".4f"),
    "centred only": (1e-4, 0.006, 0.004, ".4f"),
    "standardised": (0.01, 1.25, 0.1, ".2f"),
}
PLACES = {  # for w and for b: how far the start can be from 0, and the grid of a drag
    "raw": ((200.0, 0.01), (50_000.0, 1.0)),
    "scaled only": ((8.0, 0.001), (60.0, 0.001)),
    "centred only": ((200.0, 0.01), (50_000.0, 0.01)),  # the mean mass is no whole number
    "standardised": ((8.0, 0.001), (60.0, 0.001)),
}
NAMES = {  # of the axes
    "raw": ("w, g per mm", "b, g"),
    "scaled only": ("w, scaled", "b, scaled"),
    "centred only": ("w, g per mm", "b, g above the mean mass"),
    "standardised": ("w, standardised", "b, standardised"),
}


class Batch(Explorer):
    """A line through the penguins and its place on the loss: dragging either moves the other."""

    primary = "lr"
    redrawn_by = adapts_to = ("features",)
    picture_only = ("w", "b")

    def make_controls(self):
        grid, end, first, digits = STEP_SIZES["raw"]
        (far_w, grid_w), (far_b, grid_b) = PLACES["raw"]
        steps = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]
        return {
            "features": choice(FITS),
            "lr": slider("step size lr", first, grid, end, grid, readout_format=digits),
            "steps": stops("steps", steps, 30, 220),
            **dragged(far_w, grid_w, w=0.0),
            **dragged(far_b, grid_b, b=0.0),
        }

    def buttons(self):
        return {"Best line": self.take_best}

    def take_best(self):
        w, b = FITS[self.controls["features"].value].best
        self.set(w=w, b=b)

    def adapt(self, before, after):
        """The line of the start stays as it is: only its numbers become others."""
        features = after["features"]
        grid, end, first, digits = STEP_SIZES[features]
        lr = {"min": grid, "max": end, "step": grid, "readout_format": digits, "value": first}
        line = FITS[before["features"]].in_grams([before["w"], before["b"]])
        start = zip("wb", FITS[features].from_grams(*line), PLACES[features], strict=True)
        return {"lr": lr} | {
            name: {"min": -far, "max": far, "step": grid, "value": nearest(place, far, grid)}
            for name, place, (far, grid) in start
        }

    def draw(self, page, features):
        fit, names = FITS[features], NAMES[features]
        formula_w, formula_b, data, loss = page.panels(
            Line(),
            Line(),
            Row(
                Panel(276, "flipper length, mm", "body mass, g", LEGEND),
                Panel(276, *names, labels="−10000"),
            ),
        )
        data.set(ylim=MASSES, yticks=[0, 2000, 4000, 6000])
        line = DataLine(data, FLIPPER, MASS, page.palette, SHOWN, GRIPS)
        legend_above(data, [line.first, line.line], LEGEND)
        limits = seen_part(loss, fit)
        seen = Surface("penguins", fit.f, fit.grad, limits, fit.best[None], fit.start, "lesson 05")
        path = Contours(loss, seen, page.palette, levels=7)
        left, right = line.grips
        return Views(
            [
                Handle(path.trail.ball, self.on_drag("w", "b"), "start, its w and b"),
                Handle(left, partial(self.turn, 0), "left end of the line", "y"),
                Handle(right, partial(self.turn, 1), "right end of the line", "y"),
            ],
            line=line,
            path=path,
            formula_w=Formula(formula_w, page.palette),
            formula_b=Formula(formula_b, page.palette),
            yours=Crosses(loss, page.palette),
        )

    def turn(self, end, x, y):
        """Drag one end of the line, 0 or 1, to the mass y; the other stays where its grip is."""
        values, fit = self.values, FITS[self.controls["features"].value]
        w, b = fit.in_grams([values["w"], values["b"]])
        masses = [min(max(w * grip + b, MASSES[0]), MASSES[1]) for grip in GRIPS]  # as drawn
        masses[end] = round(y)
        w = (masses[1] - masses[0]) / (GRIPS[1] - GRIPS[0])
        w, b = fit.from_grams(w, masses[0] - w * GRIPS[0])
        self.set(w=float(w), b=float(b))

    def show(self, views, values):
        fit, lr = FITS[values["features"]], values["lr"]
        path = descend(fit, GradientDescent(lr), [values["w"], values["b"]], values["steps"])
        lines = fit.in_grams(path.w)
        views.path.update(path)
        views.line.update(lines)
        for i, formula in enumerate((views.formula_w, views.formula_b)):
            formula.update(*first_step(fit, path.start, step_size(values), lr, i))
        near = path.w[: until_far(path.w)]
        yours = self.compare(
            views.yours,
            lambda fn: descend_by(fn, fit, near[0], lr, len(near) - 1),
            near,
            partial(spread, views.yours.ax),
        )
        times = fit.in_square_grams(path.loss) / fit.best_loss
        return Shown(
            describe(fit, values, path, lines[-1]) + yours,
            "Step {step} of {steps}: the line is w = {0} g per mm, b = {1} g"
            f"{'' if values['features'] == 'raw' else ' in raw numbers'}, and the loss is "
            "{2:g} times the lowest possible.",
            np.column_stack([lines, times]),
        )


def explore(after=None, mine=None, **values):
    """Explore how descent fits a line to the penguins (lesson 05).

    after: a Prediction to answer or skip first. mine: your mse_gradient(w, b, x, y), with which
    the same descent is run and drawn as crosses. values: first values of the controls: features,
    "raw", "scaled only", "centred only" or "standardised"; lr from 1e-06 to 3.2e-05, scaled or
    centred from 0.0001 to 0.006, standardised from 0.01 to 1.25; steps, one of 0, 1, 2, 3, 5, 10,
    … 1000; w and b of the start, from −200 to 200 and from −50000 to 50000, where x is scaled from
    −8 to 8 and from −60 to 60. Raises ValueError for other values.
    """
    return Batch(after, mine, **values)


def seen_part(ax, fit):
    """The limits of w and of b in these numbers; scaling changes only the numbers at the axes."""
    (w_unit, b_unit), (_, sx, _, sy) = (SCALE["sy"] / SCALE["sx"], SCALE["sy"]), fit.scale
    limits = ((-30.0, 90.0), (-14_000.0, 10_000.0))  # g per mm and g
    if fit.scale[0]:  # centred: a standard deviation up is as long as one across, for circles
        (left, right), (low, high) = equal_limits(ax, (0.6, -2.4), 3.6)
        limits = ((left * w_unit, right * w_unit), (low * b_unit, high * b_unit))
    return [(a / unit, b / unit) for (a, b), unit in zip(limits, (sy / sx, sy), strict=True)]


def nearest(place, far, grid):
    """The place on a slider from −far to far that is nearest to this one."""
    return round(round(min(max(place, -far), far) / grid) * grid, 10)


def until_far(w, far=1e6):
    """How many points of a path come before it is far out; beyond, rounding grows as it does."""
    return max(1, int(np.logical_and.accumulate((np.abs(w) < far).all(axis=1)).sum()))


def spread(ax, points, apart=0.06):
    """The points that get a cross: the first, each far enough from the one before, and the last.

    points: (n, 2). apart: a share of the axes. Crosses on every point of a slow path would merge
    into a bar that hides the path.
    """
    places = points / np.ptp([ax.get_xlim(), ax.get_ylim()], axis=1)
    chosen, last = [0], len(points) - 1
    for i, place in enumerate(places):
        if np.hypot(*(place - places[chosen[-1]])) >= apart:
            chosen.append(i)
    if chosen[-1] != last:
        chosen[max(1, len(chosen) - 1) :] = [last]
    return points[chosen]


def descend_by(mse_gradient, fit, start, lr, steps):
    """The path (steps + 1, 2) of descent along a learner's gradient; None where it gives none."""
    x, y = fit.X[:, 0].copy(), fit.y.copy()
    w, b = (float(each) for each in start)
    path = [(w, b)]
    for step in range(max(1, steps)):  # called once even where no step is taken
        g = mse_gradient(w, b, x, y)
        if g is None:
            return None
        dw, db = g
        w, b = w - lr * dw, b - lr * db
        if step < steps:
            path.append((w, b))
    return path


def first_step(fit, start, size, lr, i):
    """The first step of w (i = 0) or of b (1) with its numbers, and shorter texts."""
    name, slope = "wb"[i], fit.grad(start)[i]
    old, factor, new = (exact(each) for each in (start[i], slope, start[i] - lr * slope))
    numbers = f"{old} − {size} · {bracketed(factor)} = {new}"
    return (
        f"First step: *{name}* ← *{name}* − *lr* · *d{name}* = {numbers}",
        f"First step: *{name}* ← {numbers}",
        f"*{name}* ← {numbers}",
    )


def exact(x):
    """A number with two decimals however large it is, so that products agree: −19,645.13."""
    return minus(f"{round(x, 2) + 0.0:,.2f}")
