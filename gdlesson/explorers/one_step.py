"""The first explorer of lesson 02: the loss of a line through three points, and steps down it."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, plural, significant
from ..live.controls import slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import Surface
from ..views import NORMAL, Crosses, Curve, DataLine, Formula, Line, Panel, Row
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
STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20]
GRIP = 2.6  # the x at which the dashed line can be taken and turned

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
    about={"lr": 0.1, "w": 2.0, "steps": 8},
    name="step_length",
)


class OneStep(Explorer):
    """A ball that steps down the loss of a line w·x through the origin, and the line itself."""

    primary = "lr"
    picture_only = ("w",)

    def make_controls(self):
        return {
            "lr": slider("step size lr", 0.1, 0.01, 0.6),
            "steps": stops("steps", STEPS, 8, 320),
            "w": slider("start w", 2.0, -1.0, 3.0),
        }

    def draw(self, page):
        text, land, data = page.panels(
            Line(),
            Row(
                Panel(284, "w", "loss f(w)", width=6, labels="8"),
                Panel(284, "x", "data, and the line w·x with its errors", width=5, labels="−4"),
            ),
        )
        palette = page.palette
        path = Curve(land, THREE_POINTS, palette, tangent=True, stairs=True)
        data.set(xlim=(-2.2, 3), ylim=(-4.5, 6.5), yticks=[-4, -2, 0, 2, 4, 6])
        data.plot(X, Y, "o", color=palette.ink, ms=7, mew=0, zorder=3.5)
        data.set_autoscale_on(False)
        line = DataLine(data, X, Y, palette, residuals=range(3), grips=[GRIP])
        line.grips[0].set(markersize=9, mfc=palette.paper, mec=palette.ball)  # no fourth point
        return Views(
            [
                Handle(path.trail.ball, self.on_drag("w"), "start", "x"),
                Handle(line.grips[0], self.turn, "line of the start", "y"),
            ],
            path=path,
            line=line,
            formula=Formula(text, palette),
            parts=Parts(land, palette),
            yours=Crosses(land, palette),
        )

    def turn(self, _, y):
        self.move_to(w=y / GRIP)

    def show(self, views, values):
        lr, start = values["lr"], np.array([values["w"]])
        path = descend(THREE_POINTS, GradientDescent(lr), start, values["steps"])
        w, g = path.w[:, 0], THREE_POINTS.grad(path.w)[:, 0]
        after = w - lr * g
        fall = path.loss - THREE_POINTS.f(after[:, None])
        views.path.update(path)
        views.line.update(np.column_stack([w, np.zeros_like(w)]))
        views.formula.update(*step_in_numbers(w[0], lr, g[0]))
        views.parts.update(path)
        yours = self.compare(
            views.yours,
            lambda fn: descend(THREE_POINTS, as_optimizer(fn, lr=lr), start, path.steps).w,
            path.w,
            lambda w: np.column_stack([w[:, 0], THREE_POINTS.f(w)]),
        )
        return Shown(
            describe(path, lr, g) + yours,
            "Step {step} of {steps}: w = {0}, slope {1}, loss {2:g}. "
            f"The next step: w ← {{0}} − {size(lr)} · ({{1}}) = {{3}}. "
            "Its horizontal part is {4:g}, its vertical part {5:g}.",
            np.column_stack([w, g, path.loss, after, np.abs(w - after), np.abs(fall)]),
        )


class Parts:
    """How long the horizontal and the vertical part of the first step are, written next to them."""

    def __init__(self, ax, palette):
        self.low, self.high = ax.get_xlim()
        self.across, self.down = self.moving = [
            ax.annotate("", (0, 0), (0, 0), textcoords="offset points", ha="center", va=va,
                        color=palette.other, fontsize=NORMAL, zorder=6)
            for va in ("bottom", "center")
        ]  # fmt: skip

    def update(self, path):
        """path: a Path of one run. What is too short, or out of the picture, has no number."""
        horizontal = vertical = 0.0
        if path.steps and self.low <= path.w[1, 0] <= self.high:
            (before, after), (top, foot) = path.w[:2, 0], path.loss[:2]
            horizontal, vertical = after - before, foot - top
            self.across.xy, self.across.xyann = (before + 0.6 * horizontal, top), (0, 3)
            self.down.xy, self.down.xyann = (after, (top + foot) / 2), (17 * np.sign(horizontal), 0)
        self.across.set_text(decimals(abs(horizontal)) if abs(horizontal) > 0.25 else "")
        fits = path.steps and self.low + 0.5 < path.w[1, 0] < self.high - 0.5
        self.down.set_text(decimals(abs(vertical)) if fits and abs(vertical) > 0.4 else "")


def explore(after=None, mine=None, **values):
    """Explore the loss of a line through three points, and steps of descent on it (lesson 02).

    after: a Prediction to answer or skip first. mine: your gd_step(w, g, lr), whose path is drawn
    as crosses. values: first values of the controls: lr, from 0.01 to 0.6; steps, one of 0, 1, …
    8, 10, 12, 15 and 20; w, the start, from −1 to 3. Raises ValueError for other values.
    """
    return OneStep(after, mine, **values)


def size(lr):
    """A step size as its slider shows it: 0.10, 0.005."""
    return decimals(lr, 2 if abs(lr - round(lr, 2)) < 1e-9 else 3)


def short(x):
    """A number with two decimals, or two significant digits if it is smaller or large."""
    return decimals(x) if x == 0 or 0.095 <= abs(x) < 1e4 else significant(x, 2)


def step_in_numbers(w, lr, g):
    """The update rule with the numbers of the first step, and a shorter text."""
    numbers = f"{decimals(w)} − {size(lr)} · {bracketed(decimals(g))} = {decimals(w - lr * g)}"
    return f"First step: *w* ← *w* − *lr* · *g* = {numbers}", f"*w* ← {numbers}"


def describe(path, lr, g):
    """What the first step does, and where the ball is after the last one."""
    w, loss = path.w[:, 0], path.loss
    if path.steps == 0:
        return (
            f"At w = {decimals(w[0])} the loss is {short(loss[0])}, and its slope is {short(g[0])}."
        )
    if g[0] == 0:
        return f"At w = {decimals(w[0])} the slope is 0, so no step moves the ball."
    where, change = "left" if g[0] > 0 else "right", loss[1] - loss[0]
    does = "grows by" if change > 0 else "falls by"
    does = "does not change" if abs(change) < 1e-9 else f"{does} {short(abs(change))}"
    return (
        f"With step size {size(lr)} the first step goes {short(lr * abs(g[0]))} to the {where}. "
        f"The loss {does}; along the tangent it would fall by {short(lr * g[0] ** 2)}. "
        f"After {plural(path.steps, 'step')} w = {short(w[-1])} and the loss is {short(loss[-1])}."
    )
