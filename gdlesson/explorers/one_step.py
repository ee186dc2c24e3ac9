"""The explorer of lesson 02: a loss over one weight, and the steps of descent on it."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, plural, significant
from ..live.controls import choice, powers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import Surface, catalogue
from ..views import Column, Crosses, Curve, DataLine, Formula, Line, Panel, Row, Threshold
from .base import Explorer
from .learner import as_optimizer
from .records import Shown, Views

X, Y = np.array([-1.0, 1.0, 2.0]), np.array([-2.0, 0.0, 2.0])
THREE_POINTS = Surface(
    name="three points",
    f=lambda w: np.mean((w * X - Y) ** 2, axis=-1),
    grad=lambda w: 2 * np.mean((w * X - Y) * X, axis=-1, keepdims=True),
    domain=((-1.0, 3.0),),
    minima=np.array([[1.0]]),
    start=np.array([2.0]),
    source="a line w·x through the origin, the mean of three squared errors",
    formula="2(w − 1)² + 2/3",
)
LOSSES = {  # name → surface, its formula over w; smallest, first and largest step size
    "three points": (THREE_POINTS, "2(w − 1)² + 2/3", (0.01, 0.1, 0.6)),
    "two valleys": (catalogue["quartic"], "w⁴ − 3w² + w", (0.005, 0.02, 0.25)),
    "plateau": (catalogue["plateau"], "w²/(1 + w²)", (0.1, 0.5, 3.0)),
}

length_question = Prediction(
    question=(
        "The ball is at w = 2, where the slope of the loss is 4. It takes eight steps downhill, "
        "each 0.1 times the slope at the point where the step starts. How long are the steps?"
    ),
    choices=(
        "All eight steps have the length 0.4.",
        "Each step is shorter than the one before.",
        "Each step is longer than the one before, because the ball gathers speed.",
        "They get shorter until the ball reaches the minimum after four steps.",
    ),
    answer="Each step is shorter than the one before.",
    because=(
        "The slope gets smaller towards the minimum, and 0.1 times a smaller slope is a shorter "
        "step. Here every step is 0.6 times as long as the one before, so no step reaches the "
        "minimum exactly."
    ),
    about={"loss": "three points", "lr": 0.1, "w": 2.0},
    name="step_length",
)


class OneStep(Explorer):
    """A ball that steps down a loss over one weight until the slope is small enough."""

    primary = "lr"
    redrawn_by = ("loss", "steps")
    adapts_to = ("loss",)
    picture_only = ("w",)

    def make_controls(self):
        return {
            "loss": choice(LOSSES),
            "lr": slider("step size lr", 0.1, 0.01, 0.6),
            "tol": powers("stop at slope", 0.1, -4, 0, 0.25, 205, readout_format=".1g"),
            "steps": stops("at most steps", [1, 2, 3, 5, 10, 20, 30, 50, 100, 200], 20, 205),
            "w": slider("start w", 2.0, -1.0, 3.0),
        }

    def adapt(self, before, after):
        surface, _, (smallest, first, largest) = LOSSES[after["loss"]]
        low, high = surface.domain[0]
        digits = ".3f" if smallest < 0.01 else ".2f"
        lr = {"min": smallest, "max": largest, "step": smallest, "readout_format": digits}
        return {
            "lr": {**lr, "value": first},
            "w": {"min": low, "max": high, "value": float(surface.start[0])},
        }

    def draw(self, page, loss, steps):
        surface, formula, _ = LOSSES[loss]
        data = surface is THREE_POINTS
        curve = Panel(284, "w", f"loss f(w) = {formula}", width=6)
        slope = Panel(112, "step", "size of the slope", labels="10⁻³", width=5)
        line = Panel(110, "x", "data and the line w·x", width=5)
        aside = Column(line, slope, turned=True, width=5) if data else slope
        text, land, *others = page.panels(Line(), Row(curve, aside))
        slopes = Threshold(others[-1], steps, page.palette)
        path = Curve(land, surface, page.palette, tangent=True, stairs=True)
        fitted = None
        if data:
            others[0].set(xlim=(-2.2, 3), ylim=(-4.5, 4.5), yticks=[-4, 0, 4])
            others[0].plot(X, Y, "o", color=page.palette.ink, ms=7, mew=0, zorder=5)
            fitted = DataLine(others[0], X, Y, page.palette)
        return Views(
            [
                Handle(path.trail.ball, self.on_drag("w"), "start", "x"),
                Handle(slopes.knob, self.on_drag(y="tol"), "where to stop", "y"),
            ],
            path=path,
            slopes=slopes,
            line=fitted,
            formula=Formula(text, page.palette),
            yours=Crosses(land, page.palette),
        )

    def show(self, views, values):
        surface, lr, tol = LOSSES[values["loss"]][0], values["lr"], values["tol"]
        start = np.array([values["w"]])
        with np.errstate(all="ignore"):
            whole = descend(surface, GradientDescent(lr), start, values["steps"])
            small = np.flatnonzero(np.abs(surface.grad(whole.w)[:, 0]) <= tol)
            taken = int(small[0]) if small.size else values["steps"]
            path = descend(surface, GradientDescent(lr), start, taken)
            w, g = path.w[:, 0], surface.grad(path.w)[:, 0]
            after = w - lr * g
        views.path.update(path)
        views.slopes.update(np.abs(g), tol)
        views.formula.update(*step_in_numbers(w[0], lr, g[0], after[0]))
        if views.line:
            views.line.update(np.column_stack([path.w, np.zeros(taken + 1)]))
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr), start, taken).w,
            path.w,
            lambda w: np.column_stack([w[:, 0], surface.f(w)]),
        )
        return Shown(
            describe(surface, path, g, lr, tol, bool(small.size)) + yours,
            "Step {step} of {steps}: w = {0}, slope {1}, loss {2:g}. "
            f"The next step: w ← {{0}} − {size(lr)} · ({{1}}) = {{3}}.",
            np.column_stack([w, g, path.loss, after]),
        )


def explore(after=None, mine=None, **values):
    """Explore the steps of descent on a loss over one weight (lesson 02).

    after: a Prediction to answer or skip first. mine: your gd_step(w, g, lr), whose path is drawn
    as crosses. values: first values of the controls: loss, "three points", "two valleys" or
    "plateau"; lr, from 0.01 to 0.6, 0.005 to 0.25 and 0.1 to 3 on these; tol, the slope at which
    to stop, from 1e-4 to 1; steps, at most, one of 1, 2, 3, 5, 10, … 200; w, the start, from −1 to
    3, −2 to 2 and −5 to 5. Raises ValueError for other values.
    """
    return OneStep(after, mine, **values)


def size(lr):
    """A step size as its slider shows it: 0.10, 0.005."""
    return decimals(lr, 2 if abs(lr - round(lr, 2)) < 1e-9 else 3)


def short(x):
    """A number with two decimals, or two significant digits if it is small or large."""
    return decimals(x) if x == 0 or 0.995 <= abs(x) < 1e4 else significant(x, 2)


def step_in_numbers(w, lr, g, after):
    """The update rule with the numbers of the first step, and a shorter text."""
    numbers = f"{decimals(w)} − {size(lr)} · {bracketed(decimals(g))} = {decimals(after)}"
    return f"First step: *w* ← *w* − *lr* · slope = {numbers}", f"*w* ← {numbers}"


def describe(surface, path, g, lr, tol, stopped):
    """Why the run stopped, after how many steps, and the loss there."""
    w, loss, lowest = path.last[0], path.loss[-1], float(surface.f(surface.minima[0]))
    name, steps = f"step size {size(lr)}", plural(path.steps, "step")
    if g[0] == 0:
        text = f"At w = {short(w)} the slope is 0, so no step moves the ball."
    elif path.steps == 0:
        text = (
            f"At w = {short(w)} the size of the slope, {short(abs(g[0]))}, is not above {tol:.2g}, "
            "so no step is taken."
        )
    elif stopped:
        text = (
            f"With {name} the run stops after {steps}, because the size of the slope, "
            f"{short(abs(g[-1]))}, is no longer above {tol:.2g}. Here w = {short(w)}, and the loss "
            f"is {short(loss)}."
        )
    elif loss > path.loss[0] or not np.isfinite(loss):
        return (
            f"With {name} the steps are too long. The loss grew from {short(path.loss[0])} to "
            f"{short(loss)} in {steps}."
        )
    else:
        text = (
            f"With {name} the run ends after {steps}, as many as are allowed, at w = {short(w)}. "
            f"The size of the slope is still {short(abs(g[-1]))}. The loss went from "
            f"{short(path.loss[0])} to {short(loss)}."
        )
    if loss - lowest > 0.1 * max(1.0, abs(lowest)):
        text += f" The lowest loss is {short(lowest)}, at w = {short(surface.minima[0, 0])}."
    return text
