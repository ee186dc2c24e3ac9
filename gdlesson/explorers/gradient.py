"""The explorer of lesson 04: which way is down on a surface."""

from dataclasses import replace

import numpy as np

from ..descent import descend
from ..formatting import first_step, percent, plural, step_text
from ..formatting import step_size as text
from ..live.controls import dragged, integers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import Bowl, Column, Crosses, Distances, Factors, Formula, Line, Panel, Row
from .base import Explorer
from .records import AT_MINIMUM, Shown, Views
from .step_size import best_step

CONDITIONS = (1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100)  # with μ = 1, so each is L as well
STEPS = 30
END = 2.2  # of the step sizes, in units of 1/L
GRID = 0.025  # of their slider
WAYS = ("along the valley", "across it")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")

downhill_question = Prediction(
    question=(
        "The ball is at (2, 1) on the slope of a long valley. The curvature across the valley is "
        "25 times the curvature along it, and the minimum is at (0, 0). In which direction does "
        "minus the gradient point?"
    ),
    choices=(
        "Straight at the minimum.",
        "Along the valley, in the direction in which the valley descends.",
        "Along the line of equal loss through the ball.",
        "At a right angle to the line of equal loss through the ball.",
    ),
    answer="At a right angle to the line of equal loss through the ball.",
    because=(
        "Along that line the loss does not change, and at a right angle to it the loss changes "
        "fastest. Here this direction is nearly across the valley and misses the minimum by 59°."
    ),
    about={"condition": 25, "turn": 0, "w1": 2.0, "w2": 1.0},
    name="downhill",
)


class Gradient(Explorer):
    """A bowl from above: minus the gradient, the path, and the factor of each direction."""

    primary = "share"
    adapts_to = ("condition",)
    picture_only = ("w1", "w2")
    best = False  # whether the button was pressed: then the best step size stays the best

    def make_controls(self):
        return {
            "condition": stops("condition number κ", CONDITIONS, 25, 330),
            "turn": integers("turned by °", 0, 0, 90, 5, 250),
            "share": slider("step size lr, in 1/L", 1.75, GRID, END, GRID, readout_format=".3f"),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size": self.take_best}

    def take_best(self):
        self.best = True
        self.set(share=best_share(self.controls["condition"].value))

    def adapt(self, before, after):
        was_best = np.isclose(before["share"], best_share(before["condition"]))
        return {"share": best_share(after["condition"])} if self.best and was_best else {}

    def draw(self, page):
        formula, land, factors, distances = page.panels(
            Line(),
            Row(
                Panel(338, "w₁", "w₂", Bowl.legend),
                Column(
                    Panel(116, "step size", "factor per step, |1 − lr·c|", Factors.legend),
                    Panel(148, "step", "distance left", WAYS),
                ),
            ),
        )
        bowl = Bowl(land, page.palette)
        return Views(
            [Handle(bowl.trail.ball, self.on_drag("w1", "w2"), "start")],
            bowl=bowl,
            factors=Factors(factors, page.palette, END),
            distances=Distances(distances, WAYS, STEPS, page.palette),
            formula=Formula(formula, page.palette),
            yours=Crosses(land, page.palette),
        )

    def show(self, views, values):
        condition, angle = values["condition"], np.radians(values["turn"])
        curvatures, lr = np.array([1.0, condition]), step_size(condition, values["share"])
        surface = quadratic(curvatures, angle, [values["w1"], values["w2"]])
        path = descend(surface, GradientDescent(lr), steps=STEPS)
        u = in_own_axes(path.w, angle)
        views.bowl.update(path, condition, angle)
        views.factors.update(condition, lr * condition)
        views.distances.update(*distances_left(u, 1 - lr * curvatures))
        views.formula.update(*first_step(path, lr))
        yours = self.compare(views.yours, lambda fn: descend_by(fn, surface, lr), path.w)
        miss = np.round(miss_angle(surface.grad(path.w), path.w), 1)
        return Shown(
            describe(curvatures, lr, u[0]) + yours,
            step_text(2, "where minus the gradient misses the minimum by {2:g}°"),
            np.column_stack([path.w, miss]),
        )


def explore(after=None, mine=None, **values):
    """Explore the gradient on a bowl seen from above (lesson 04).

    after: a Prediction to answer or skip first. mine: your numerical_gradient(f, w, h), with which
    the same descent is run and drawn as crosses. values: first values of the controls: condition,
    κ, one of 1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100; turn, from 0 to 90 degrees; share, the step
    size in units of 1/L, from 0.025 to 2.2; w1 and w2, the start, from −2.5 to 2.5. Raises
    ValueError for other values.
    """
    return Gradient(after, mine, **values)


def descend_by(fn, surface, lr):
    """The points of the same descent, its slopes measured by a learner's numerical_gradient.

    fn(f, w, h) → (d,). Returns (STEPS + 1, d), or None where `fn` returns nothing.
    """
    if fn(surface.f, surface.start.copy(), 1e-5) is None:
        return None
    measured = replace(surface, grad=lambda w: fn(surface.f, w.copy(), 1e-5))
    return descend(measured, GradientDescent(lr), steps=STEPS).w


def in_own_axes(w, angle):
    """Points (n, 2) in the axes of a bowl turned by this angle, in radians: (n, 2)."""
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    u = w @ turn.T
    u[np.abs(u) < 1e-9] = 0  # less is rounding, of a ball on an axis that is turned
    return u


def distances_left(u, factors):
    """The shares of the start's distance left along each direction: measured, and predicted.

    u: (steps + 1, 2), in the bowl's own axes; factors: (2,). Each is a list of two rows (steps +
    1,), empty for a direction in which the start is not away from the minimum.
    """
    steps = np.arange(len(u))
    measured = [np.abs(row / row[0]) if row[0] else [] for row in u.T]
    with np.errstate(under="ignore"):
        predicted = [np.abs(factor) ** steps if row[0] else []
                     for row, factor in zip(u.T, factors, strict=True)]  # fmt: skip
    return measured, predicted


def best_share(condition):
    """The place on the slider, lr·L, that means the best step size."""
    return round(best_step((1, condition)) * condition / GRID) * GRID


def step_size(condition, share):
    """lr = share/L for μ = 1 and L = condition; the place nearest to the best one is the best one.

    A browser's slider has only the places of its grid, and 2/(μ + L) is on none of them.
    """
    best = np.isclose(share, best_share(condition))
    return best_step((1, condition)) if best else share / condition


def miss_angle(g, w):
    """The angle in degrees between minus the gradient and the way to a minimum at 0.

    g, w: (..., 2). Where g is 0 it is 0.
    """
    sine = g[..., 0] * w[..., 1] - g[..., 1] * w[..., 0]
    return np.degrees(np.arctan2(np.abs(sine), (g * w).sum(axis=-1)))


def steps_needed(factors, u, share=1e-6):
    """The first step at which the distance of (u₁, u₂) is at most this share of the start's.

    u: (2,), the start along each direction; factors: (2,), their factors per step, below 1.
    """
    low, high = 0, 1
    while np.hypot(*(u * np.abs(factors) ** high)) > share * (1 + 1e-9) * np.hypot(*u):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        left = np.hypot(*(u * np.abs(factors) ** middle))
        low, high = (middle, high) if left > share * (1 + 1e-9) * np.hypot(*u) else (low, middle)
    return high


def describe(curvatures, lr, u):
    """Where minus the gradient points, and what the step size does along each direction."""
    if not u.any():
        return AT_MINIMUM
    return f"{_direction(curvatures, u)} {_convergence(curvatures, lr, u)}"


def _direction(curvatures, u):
    if curvatures[0] == curvatures[1]:
        return "In a round bowl, minus the gradient points straight at the minimum."
    if not u.all():
        return "On an axis of the bowl, minus the gradient points straight at the minimum."
    angle = miss_angle(curvatures * u, u)
    angle = f"{angle:.0f}°" if angle >= 0.5 else "less than 1°"
    return f"Minus the gradient misses the minimum by {angle}."


def _convergence(curvatures, lr, u):
    name, L = f"Step size {text(lr)}", curvatures[1]
    factors = np.where(u != 0, 1 - lr * curvatures, 0.0)
    worst = np.abs(factors).max()
    round_bowl = curvatures[0] == L
    across = "" if round_bowl else " across the valley"
    if worst > 1 + 1e-9:
        return (
            f"{name} is above the stability limit 2/L = {text(2 / L)}, so descent diverges: the "
            f"distance{across} grows by {percent(worst - 1)} with each step."
        )
    if worst > 1 - 1e-9:
        return (
            f"{name} is the stability limit 2/L: the ball jumps from one side of the minimum to "
            f"the other{across}, and this distance never gets shorter."
        )
    if worst < 1e-9:
        return f"{name} is 1/{'L' if u[1] else 'μ'}, so the first step lands at the minimum."
    steps = plural(steps_needed(factors, u), "step")
    along, steep = (_share(abs(factor)) for factor in factors)
    if round_bowl or not u.all():
        way = "" if round_bowl else " along the valley" if u[0] else across
        return (
            f"{name} converges. After each step {along if u[0] else steep} of the distance{way} "
            f"remains; {steps} reach a millionth of it."
        )
    if np.isclose(lr, best_step(curvatures), rtol=1e-9):
        return (
            f"{name} is the best one, 2/(μ + L): after each step {along} of the distance remains "
            f"in both directions, and {steps} reach a millionth of it."
        )
    crosses = ", but every step crosses the valley" if factors[1] < -1e-9 else ""
    flat = abs(factors[0]) > abs(factors[1])
    slower = "along the valley" if flat else "across the valley"
    return (
        f"{name} is below 2/L = {text(2 / L)}, so descent converges{crosses}. After each step "
        f"{steep} of the distance across the valley remains and {along} of the distance along it. "
        f"The slower direction is {slower}: {steps} reach a millionth of the distance."
    )


def _share(factor):
    return percent(factor) if factor > 1e-9 else "none"
