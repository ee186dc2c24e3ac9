"""Room of lesson 04: which way is down on a surface."""

from dataclasses import replace

import numpy as np

from ..descent import descend
from ..formatting import number, percent, plural
from ..live.controls import dragged, integers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import Bowl, Distances, Factors, Formula, axes_at
from .base import Explorer
from .learner import Mine
from .step_size import best_step, first_step

CONDITIONS = (1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100)  # with μ = 1, so each is L as well
STEPS = 30
END = 2.2  # of the step sizes, in units of 1/L
GRID = 0.025  # of their slider
WAYS = ("along the valley", "across it")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")

downhill_question = Prediction(
    question=(
        "The ball stands at (2, 1) on the slope of a long valley, which bends 25 times as much "
        "across as along. The minimum is at (0, 0). Where does minus the gradient point?"
    ),
    choices=(
        "Straight at the minimum.",
        "Along the valley, the way its floor goes down.",
        "Along the line of equal loss through the ball.",
        "At a right angle to the line of equal loss through the ball.",
    ),
    answer="At a right angle to the line of equal loss through the ball.",
    because=(
        "Along that line nothing changes, and straight away from it the loss falls fastest. Here "
        "this is nearly across the valley, 59° beside the way to the minimum."
    ),
    about={"condition": 25, "turn": 0, "w1": 2.0, "w2": 1.0},
)


class Gradient(Explorer):
    """A bowl from above: minus the gradient, the path, and what each direction keeps a step."""

    height, narrow_height = 460, 900
    primary = "share"
    refits = ("condition",)
    picture_only = ("w1", "w2")
    shown = 25  # the condition number of the picture so far
    left, best = None, False  # the share `adapt` left, and whether the best one is meant

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

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
        self.set(share=best_share(self.controls["condition"].value))

    def adapt(self, name):
        """A step size that was the best stays the best."""
        share = self.controls["share"]
        if self.left is None or not np.isclose(share.value, self.left):  # it was moved since
            self.best = np.isclose(share.value, best_share(self.shown))
        if self.best:
            share.value = best_share(self.controls["condition"].value)
        self.left = share.value

    def draw(self, figure, palette, values):
        left, gap = 46, 60
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down, tall = (left, 506, 350) if self.narrow else (left + half + gap, 76, 338)
        land = axes_at(figure, left, 76, half, tall, palette, "w₁", "w₂")
        keeps = axes_at(
            figure, across, down, half, 116, palette, "step size", "one step keeps |1 − lr·c|"
        )
        left_over = axes_at(figure, across, down + 190, half, 148, palette, "step", "distance left")
        self.bowl = Bowl(land, palette)
        self.factors = Factors(keeps, palette, END)
        self.distances = Distances(left_over, WAYS, STEPS, palette)
        self.formula = Formula(land, (0, -62), room, palette)
        views = [self.bowl, self.factors, self.distances, self.formula, self.mine.on(land, palette)]
        return views, [Handle(self.bowl.trail.ball, self.drag, "start")]

    def drag(self, x, y):
        x, y = np.clip([x, y], -2.5, 2.5)
        self.set(w1=round(float(x), 2), w2=round(float(y), 2))

    def show(self, values):
        condition = self.shown = values["condition"]
        curvatures, lr = np.array([1.0, condition]), step_size(condition, values["share"])
        angle, start = np.radians(values["turn"]), [values["w1"], values["w2"]]
        surface = quadratic(curvatures, angle, start)
        path = self.path = descend(surface, GradientDescent(lr), steps=STEPS)
        factors = 1 - lr * curvatures
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        u = turn @ path.w.T
        u[np.abs(u) < 1e-9] = 0  # less is rounding, of a ball on an axis that is turned
        there = u[:, 0] != 0
        with np.errstate(under="ignore"):
            predicted = np.abs(factors[:, None]) ** np.arange(STEPS + 1)
        self.distances.update(
            [np.abs(row / row[0]) if row[0] else [] for row in u],
            [row if moves else [] for row, moves in zip(predicted, there, strict=True)],
        )
        self.bowl.update(path, condition, angle)
        self.factors.update(condition, lr * condition)
        self.formula.update(*first_step(path, lr))
        mine = self.mine.update(lambda fn: _descend_by(fn, surface, lr), path.w)
        return describe(curvatures, lr, u[:, 0]) + mine

    def each_step(self):
        """w, and the angle between minus the gradient and the way to the minimum."""
        aims = "Minus the gradient points {2:g}° beside the minimum."
        w = self.path.w
        beside = beside_the_minimum(self.path.problem.grad(w), w)
        said = f"Step {{step}} of {{steps}}: w = ({{0}}, {{1}}). {aims}"
        return said, np.column_stack([w, np.round(beside, 1)])


def _descend_by(fn, surface, lr):
    """The points of the same descent, its slopes measured by a learner's numerical_gradient."""
    if fn(surface.f, surface.start.copy(), 1e-5) is None:
        return None
    measured = replace(surface, grad=lambda w: fn(surface.f, w.copy(), 1e-5))
    return descend(measured, GradientDescent(lr), steps=STEPS).w


def explore(after=None, mine=None, **values):
    """The explorer of lesson 04.

    after: a Prediction to answer or skip first. mine: your numerical_gradient(f, w, h), with which
    the same descent is run and drawn beside the package's. values: controls to begin with, by name.
    """
    return Gradient(after, mine, **values)


def best_share(condition):
    """The place on the slider, lr·L, that stands for the best step size."""
    return round(best_step((1, condition)) * condition / GRID) * GRID


def step_size(condition, share):
    """lr = share/L for μ = 1 and L = condition; the place nearest to the best one is the best one.

    A browser's slider knows only the places of its grid, and 2/(μ+L) lies on none of them.
    """
    best = np.isclose(share, best_share(condition))
    return best_step((1, condition)) if best else share / condition


def beside_the_minimum(g, w):
    """The angle in degrees between minus the gradient and the way to a minimum at 0.

    g, w: (..., 2). Where g is 0 it is 0.
    """
    sine = g[..., 0] * w[..., 1] - g[..., 1] * w[..., 0]
    return np.degrees(np.arctan2(np.abs(sine), (g * w).sum(axis=-1)))


def steps_needed(factors, u, share=1e-6):
    """The first step at which the distance of (u₁, u₂) is at most this share of the start's.

    u: (2,), the start along each direction; factors: (2,), what a step leaves of it, below 1.
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
        return "The start is the minimum: the gradient is 0 there, and no step moves it."
    return f"{_aims(curvatures, u)} {_goes(curvatures, lr, u)}"


def _aims(curvatures, u):
    if curvatures[0] == curvatures[1]:
        return "In a round bowl minus the gradient points at the minimum from everywhere."
    if not u.all():
        return "On an axis of the bowl minus the gradient points at the minimum."
    beside = beside_the_minimum(curvatures * u, u)
    beside = f"{beside:.0f}°" if beside >= 0.5 else "less than 1°"
    return f"Minus the gradient points {beside} beside the minimum."


def _goes(curvatures, lr, u):
    name, L = f"Step size {number(lr)}", curvatures[1]
    factors = np.where(u != 0, 1 - lr * curvatures, 0.0)
    worst = np.abs(factors).max()
    one = curvatures[0] == L
    across = "" if one else " across the valley"
    if worst > 1 + 1e-9:
        return (
            f"{name} is above 2/L = {number(2 / L)}: it diverges, the distance{across} grows by "
            f"{100 * (worst - 1):.2g} % a step."
        )
    if worst > 1 - 1e-9:
        return f"{name} is 2/L: it jumps from wall to wall{across} and back, for ever."
    if worst < 1e-9:
        return f"{name} is 1/{'L' if u[1] else 'μ'}: one step lands in the minimum."
    steps = plural(steps_needed(factors, u), "step")
    end = f"{steps} leave a millionth of the distance."
    along, steep = (_share(abs(factor)) for factor in factors)
    turns = ", from side to side" if factors[1] < -1e-9 else ""
    if one or not u.all():
        where = "" if one else f" {WAYS[0]}" if u[0] else across
        return (
            f"{name}: each step keeps {along if u[0] else steep} of the distance{where}; "
            f"{steps} leave a millionth."
        )
    if np.isclose(lr, best_step(curvatures), rtol=1e-9):
        return f"{name} is the best, 2/(μ+L): each step keeps {along} in both directions; {end}"
    flat = abs(factors[0]) > abs(factors[1])
    return (
        f"{name}: each step keeps {steep} across the valley{turns}, and {along} along it. The "
        f"steep direction sets the border 2/L = {number(2 / L)}"
        f"{', the flat one pays' if flat else ' and is the slower one'}: {end}"
    )


def _share(factor):
    return percent(factor) if factor > 1e-9 else "nothing"
