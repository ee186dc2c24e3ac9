"""The explorer of lesson 03: how large the step size can be."""

import numpy as np

from ..descent import descend
from ..formatting import first_step, percent, plural, significant
from ..formatting import step_size as text
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import (
    Contours,
    Crosses,
    Curve,
    Formula,
    Line,
    LossOverSteps,
    Panel,
    RegimeStrip,
    Row,
    Strip,
)
from .base import Explorer
from .records import AT_MINIMUM, Shown, Views

PARABOLA = quadratic(10.0, start=[2.0], name="parabola 5w²")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")
LANDSCAPES = {  # name → surface, its curvatures, a first step size
    "parabola": (PARABOLA, np.array([10.0]), 0.05),
    "valley": (VALLEY, np.array([1.0, 25.0]), 0.02),
}
# A browser's slider has only the places of its grid: 1/L, 2/L and the best step are on it.
GRID = {"parabola": (1 / 1000, ".3f"), "valley": (1 / 1300, ".4f")}
LOSSES = {"parabola": (1e-12, 1e6), "valley": (1e-3, 1e5)}  # lowest and highest in the picture
STEPS = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]

overshoot_question = Prediction(
    question=(
        "The ball starts at w = 2 on the parabola f(w) = 5w². With step size 0.05 it is within "
        "0.3 of the minimum after three steps. What happens with step size 0.21?"
    ),
    choices=(
        "It comes down on the same side, about four times as fast.",
        "It reaches the minimum in one step.",
        "It crosses the minimum at every step, and every jump is shorter than the last.",
        "It crosses the minimum at every step, and every jump is longer than the last.",
    ),
    answer="It crosses the minimum at every step, and every jump is longer than the last.",
    because=(
        "One step multiplies w by 1 − 0.21 · 10 = −1.1. So the sign changes at every step, and "
        "the distance to the minimum grows by 10 %."
    ),
    about={"landscape": "parabola", "lr": 0.21},
    name="overshoot",
)


class StepSize(Explorer):
    """A step size on a parabola or a valley: the path, its loss, and the regime it is in."""

    primary = "lr"
    redrawn_by = ("landscape", "steps")
    adapts_to = ("landscape",)
    picture_only = ("landscape", "w1", "w2")  # a lesson is about one landscape

    def make_controls(self):
        return {
            "landscape": choice(LANDSCAPES),
            "lr": slider("step size lr", 0.05, 0.001, 0.3, 0.001, readout_format=".3f"),
            "steps": stops("steps", STEPS, 30, 220),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size": self.take_best}

    def take_best(self):
        _, curvatures, _ = LANDSCAPES[self.controls["landscape"].value]
        self.set(lr=best_step(curvatures))

    def adapt(self, before, after):
        surface, curvatures, first = LANDSCAPES[after["landscape"]]
        step, digits = GRID[after["landscape"]]
        limits = {"min": step, "max": 3 / curvatures.max(), "step": step}
        w1, w2, *_ = (*surface.start, 1.0)
        return {"lr": {**limits, "readout_format": digits, "value": first}, "w1": w1, "w2": w2}

    def draw(self, page, landscape, steps):
        surface, curvatures, _ = LANDSCAPES[landscape]
        one = len(curvatures) == 1
        names = ("w", "loss f(w) = 5w²") if one else ("w₁", "w₂")
        legend = LossOverSteps.legend if one else ()
        strip, *formula, land, loss = page.panels(
            Strip(),
            *[Line()] * one,  # the valley is a preview, before any formula
            Row(
                Panel(256, *names),
                Panel(256, "step", "loss, log scale", legend, labels="10⁻¹²"),
            ),
        )
        path = (Curve if one else Contours)(land, surface, page.palette)
        drag = self.on_drag("w1") if one else self.on_drag("w1", "w2")
        return Views(
            [Handle(path.trail.ball, drag, "start", "x" if one else "xy")],
            path=path,
            loss=LossOverSteps(loss, steps, page.palette, *LOSSES[landscape], predicted=one),
            strip=RegimeStrip(strip, curvatures.max(), page.palette),
            formula=Formula(*formula, page.palette) if one else None,
            yours=Crosses(land, page.palette),
        )

    def show(self, views, values):
        surface, curvatures, _ = LANDSCAPES[values["landscape"]]
        lr, start = values["lr"], [values["w1"], values["w2"]][: curvatures.size]
        path = descend(surface, GradientDescent(lr), start, values["steps"])
        views.path.update(path)
        views.strip.update(lr)
        if views.formula is None:
            views.loss.update(path.loss)
        else:
            views.loss.update(path.loss, predicted_loss(curvatures, lr, path))
            views.formula.update(*(way.replace("∇*f*", "*g*") for way in first_step(path, lr)))
        yours = self.compare(
            views.yours,
            lambda fn: fn(surface.grad, path.start.copy(), lr, values["steps"]),
            path.w,
            lambda w: np.column_stack([w, surface.f(w)])[:, :2],  # one weight: above it, its loss
        )
        return Shown.along(path, describe(curvatures, lr, path) + yours)


def explore(after=None, mine=None, **values):
    """Explore the step size on a parabola and in a valley (lesson 03).

    after: a Prediction to answer or skip first. mine: your gradient_descent(grad, w0, lr, steps),
    whose path is drawn as crosses. values: first values of the controls: landscape, "parabola" or
    "valley"; lr from 0.001 to 0.3, in the valley from 1/1300 to 0.12; steps, one of 1, 2, 3, 5,
    10, … 1000; w1 and w2, the start, from −2.5 to 2.5. Raises ValueError for other values.
    """
    return StepSize(after, mine, **values)


def best_step(curvatures):
    """2/(μ + L), the fixed step size with the smallest factor of its slowest direction."""
    return 2 / (np.min(curvatures) + np.max(curvatures))


def deciding_direction(curvatures, lr, start):
    """Index of the direction that decides in the long run, and its factor per step, |1 − lr·c|.

    It is the slowest to shrink, or the fastest to grow, of the directions in which the start is
    away from the minimum; None where there is no such direction.
    """
    factors = np.where(np.asarray(start) != 0, np.abs(1 - lr * curvatures), -1.0)
    slowest = int(np.argmax(factors))
    return (slowest, float(factors[slowest])) if factors[slowest] >= 0 else None


def predicted_loss(curvatures, lr, path):
    """½·c·u²·(1 − lr·c)²ᵗ of the deciding direction, for every step of the path."""
    decides = deciding_direction(curvatures, lr, path.start)
    if decides is None:
        return np.zeros(path.steps + 1)
    i, factor = decides
    with np.errstate(over="ignore"):
        return (
            0.5 * curvatures[i] * path.start[i] ** 2 * factor ** (2 * np.arange(path.steps + 1.0))
        )


def describe(curvatures, lr, path):
    """What this step size does here, in one or two sentences with the numbers."""
    decides = deciding_direction(curvatures, lr, path.start)
    if decides is None:
        return AT_MINIMUM
    direction, factor = decides
    name, limit = f"Step size {text(lr)}", f"2/L = {2 / curvatures.max():.3f}"
    along = f" along w{'₁₂'[direction]}" if len(curvatures) > 1 else ""
    if abs(factor - 1) < 1e-6:  # the slider's grid has the limit to seven decimals
        return (
            f"{name} is the stability limit {limit}: the ball jumps from one side of the minimum "
            f"to the other{along}, and the distance to the minimum stays the same."
        )
    if factor > 1:
        end = growth(path, factor, along)
        return f"{name} is above the stability limit {limit}, so descent diverges. {end}"
    if factor < 1e-6:
        return (
            f"{name} is 1/L, so the first step ends at the minimum. The loss there is 0, which is "
            "not on a log axis."
        )
    crosses = (1 - lr * curvatures < 0) & (path.start != 0)
    how = "converges without overshooting"
    if crosses.any():
        which = f" along w{'₁₂'[np.argmax(crosses)]}" if len(curvatures) > 1 else ""
        how = f"converges, but overshoots: every step crosses the minimum{which}"
    if lr * curvatures.max() > 2 - 1e-6:  # the direction that would diverge is not used
        how += f", but only from a start with w{'₁₂'[np.argmax(curvatures)]} = 0"
    needed = int(np.ceil(np.log(1e-6) / np.log(factor) - 1e-9))  # 0.1⁶ is 1e-6, not above it
    return (
        f"{name} {how}. After each step {percent(factor)} of the distance{along} remains; "
        f"{plural(needed, 'step')} reach a millionth of it."
    )


def growth(path, factor, along):
    """How the loss grew on a path that diverges; close to the minimum it may fall at first."""
    before, after = path.loss[0], path.loss[-1]
    steps = plural(path.steps, "step")
    if not np.isfinite(after):
        return f"The loss grew beyond all numbers in {steps}."
    if after < 1.001 * before:
        return (
            f"The distance{along} grows by {percent(factor - 1)} with each step, but the loss does "
            f"not show it within {steps}."
        )
    end = significant(after, 3 if after < 1000 else 2)
    return f"The loss grew from {significant(before)} to {end} in {steps}."
