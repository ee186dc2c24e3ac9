"""The explorer of lesson 04: which way is down on a surface."""

import numpy as np

from ..descent import descend
from ..formatting import decimals, percent, plural, step_text, vector
from ..formatting import step_size as text
from ..live.controls import dragged, integers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import Bowl, Panel, Row, SlopeInDirections
from .base import Explorer
from .records import AT_MINIMUM, Shown, Views

CURVATURES = (1, 4, 9, 25)  # across the valley; along it the curvature is 1
SNAP = 0.03  # how close to an axis of the valley the ball is put onto it
SHARE = 1.75  # the step size, in units of 1/L
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")

downhill_question = Prediction(
    question=(
        "The ball is at (2, 1) on the side of a long valley. The curvature across the valley is "
        "25 times the curvature along it, and the minimum is at (0, 0). In which direction does "
        "the loss fall most steeply?"
    ),
    choices=(
        "Straight towards the minimum.",
        "Along the valley, in the direction in which the valley descends.",
        "Along the level line through the ball.",
        "At a right angle to the level line through the ball.",
    ),
    answer="At a right angle to the level line through the ball.",
    because=(
        "Along that line the loss does not change, and at a right angle to it the loss changes "
        "fastest. Here this direction is nearly across the valley and misses the minimum by 59°."
    ),
    about={"across": 25, "w1": 2.0, "w2": 1.0},
    name="downhill",
)


class Gradient(Explorer):
    """A bowl from above: minus the gradient, and the slope in every direction."""

    primary = "direction"
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "direction": integers("direction, in °", 30, 0, 360),
            "across": stops("curvature across", CURVATURES, 25, 260),
            "steps": stops("steps of descent", (0, 1, 2, 3, 5, 10, 20, 30), 0, 260),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def move_to(self, **places):
        """As every explorer, and a ball close to an axis of the valley is put onto it.

        Only there minus the gradient points at the minimum, and no hand meets a line exactly.
        """
        for name in {"w1", "w2"} & places.keys():
            if abs(places[name]) < SNAP:
                places[name] = 0.0
        super().move_to(**places)

    def draw(self, page):
        land, slopes = page.panels(
            Row(
                Panel(330, "w₁", "w₂", (*Bowl.legend, "direction"), width=8),
                Panel(330, "direction", "slope", labels="highest", width=5),
            )
        )
        bowl = Bowl(land, page.palette, direction=True)
        slope = SlopeInDirections(slopes, page.palette)
        return Views(
            [
                Handle(bowl.trail.ball, self.on_drag("w1", "w2"), "start"),
                Handle(slope.here, self.on_drag("direction"), "direction", "x"),
            ],
            bowl=bowl,
            slope=slope,
        )

    def show(self, views, values):
        across, direction = values["across"], values["direction"]
        surface = quadratic((1, across), start=[values["w1"], values["w2"]])
        path = descend(surface, GradientDescent(SHARE / across), steps=values["steps"])
        g = surface.grad(path.w)
        views.bowl.update(path, across, 0.0, np.radians(direction))
        views.slope.update(g, direction)
        miss = np.round(miss_angle(g, path.w), 1)
        return Shown(
            describe(path, g[0], direction, across),
            step_text(2, "where minus the gradient misses the minimum by {2:g}°"),
            np.column_stack([path.w, miss]),
        )


def explore(after=None, **values):
    """Explore the slope in every direction on a bowl seen from above (lesson 04).

    after: a Prediction to answer or skip first. values: first values of the controls: direction,
    from 0 to 360 degrees; across, the curvature across the valley, 1, 4, 9 or 25; steps, one of 0,
    1, 2, 3, 5, 10, 20 and 30; w1 and w2, the start, from −2.5 to 2.5. Raises ValueError for other
    values.
    """
    return Gradient(after, **values)


def miss_angle(g, w):
    """The angle in degrees between minus the gradient and the way to a minimum at 0.

    g, w: (..., 2). Where g is 0 it is 0.
    """
    sine = g[..., 0] * w[..., 1] - g[..., 1] * w[..., 0]
    return np.degrees(np.arctan2(np.abs(sine), (g * w).sum(axis=-1)))


def describe(path, g, direction, across):
    """The slope in a direction, where minus the gradient points, and how near the steps come."""
    if not g.any():
        return AT_MINIMUM
    u = np.radians(direction)
    slope = decimals(g[0] * np.cos(u) + g[1] * np.sin(u))
    return (
        f"In the direction of {direction}° the slope is {slope}. Minus the gradient, "
        f"{vector(-g)}, points to {_opposite(g)}°, where the slope is {decimals(-np.hypot(*g))}, "
        f"{_aim(g, path.start)}.{_steps(path, across)}"
    )


def _opposite(g):
    """The direction of −g in whole degrees, from 0 to 359."""
    return round(np.degrees(np.arctan2(-g[1], -g[0]))) % 360


def _aim(g, w):
    angle = miss_angle(g, w)
    if angle < 1e-6:
        return "and straight at the minimum"
    return f"and misses the minimum by {angle:.0f}°" if angle >= 0.5 else (
        "and misses the minimum by less than 1°"
    )  # fmt: skip


def _steps(path, across):
    if not path.steps:
        return ""
    left = percent(np.hypot(*path.last) / np.hypot(*path.start))
    lr = text(SHARE / across)
    return (
        f" After {plural(path.steps, 'step')} with step size {lr}, {left} of the distance remains."
    )
