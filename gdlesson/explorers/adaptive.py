"""The explorer of lesson 14: a step size for every coordinate."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, listed, significant, small_loss
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import AdaDelta, AdaGrad, GradientDescent, RMSProp
from ..surfaces import quadratic
from ..views import (
    Boxes,
    Column,
    Contours,
    Crosses,
    Formula,
    Line,
    Lines,
    LossDuel,
    Panel,
    Row,
    legend_above,
    log_axis,
)
from .base import Explorer
from .learner import as_optimizer
from .records import AT_MINIMUM, Shown, Views

STEPS = 60
CURVATURES = (1.0, 25.0)
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
METHODS = {  # name → the optimizer with this step size and ρ
    "descent": lambda lr, rho: GradientDescent(lr),
    "AdaGrad": lambda lr, rho: AdaGrad(lr),
    "RMSProp": lambda lr, rho: RMSProp(lr, rho),
    "AdaDelta": lambda lr, rho: AdaDelta(lr, rho),
}
TURNS = {"straight": 0.0, "turned by 45°": np.pi / 4}
BEST = 2 / sum(CURVATURES)  # of plain descent

first_question = Prediction(
    question=(
        "The ball is at (2, 1) in a valley with curvatures 1 and 25, so the gradient is (2, 25). "
        "AdaGrad divides the step of each coordinate by √s, where s is the sum of all squared "
        "gradients of that coordinate so far. Which coordinate moves farther in the first step?"
    ),
    choices=(
        "w₂, about 12 times as far, because its gradient is 12.5 times as large.",
        "w₁, because its gradient is divided by less.",
        "Both move equally far.",
    ),
    answer="Both move equally far.",
    because=(
        "After one gradient, √s is the size of that gradient, and g divided by its own size is 1 "
        "or −1. So the first step has the length lr in every coordinate."
    ),
    about={"method": "AdaGrad", "turn": "straight"},
    name="adagrad_first_step",
)


class Adaptive(Explorer):
    """A step size for each coordinate: squares with the side √s, and the step sizes over time."""

    primary = "lr"
    redrawn_by = ("turn",)
    picture_only = ("u1", "u2")

    def make_controls(self):
        return {
            "method": choice(METHODS, "AdaGrad"),
            "turn": choice(TURNS, description="valley"),
            "rho": slider("ρ", 0.9, 0.5, 0.99, width=260),
            "lr": stops("step size lr", RATES, 0.5),
            **dragged(2.5, u1=2.0, u2=1.0),
        }

    def draw(self, page, turn):
        legend = ("plain descent, its best", "this")
        formula, map_, boxes, sizes, loss = page.panels(
            Line(),
            Row(
                Panel(340, "w₁", "w₂"),
                Column(
                    Row(
                        Panel(130, y="√s as a side", labels="", width=2),
                        Panel(130, "step", "step size, log scale", ("w₁", "w₂"), "10⁻³", width=3),
                        together=True,
                    ),
                    Panel(106, "step", "loss, log scale", legend, labels="10⁻¹²"),
                ),
            ),
        )
        path = Contours(map_, valley(turn), page.palette)
        squares = Boxes(boxes, ("w₁", "w₂"), page.palette, largest=1.0)
        boxes.set_yticks([])
        sizes.set_xlim(-1, STEPS + 1)
        log_axis(sizes.yaxis, 1e-4, 10, every=2)
        sizes.grid(axis="y")
        (first,) = sizes.plot([], [], "-", color=page.palette.path, lw=2, label="w₁")
        (second,) = sizes.plot([], [], "--", color=page.palette.ball, lw=2, label="w₂")
        legend_above(sizes, [first, second])
        return Views(
            [Handle(path.trail.ball, self.drag, "start")],
            path=path,
            boxes=squares,
            sizes=Lines(progressive=("first", "second"), first=first, second=second),
            losses=LossDuel(loss, STEPS, page.palette, legend),
            formula=Formula(formula, page.palette),
            yours=Crosses(map_, page.palette),
        )

    def disabled(self, values):
        return () if values["method"] in ("RMSProp", "AdaDelta") else ("rho",)

    def drag(self, x, y):
        """Set the start along and across the valley from a place (x, y) in the picture."""
        along, across = turned(-TURNS[self.controls["turn"].value]) @ np.array([x, y])
        self.move_to(u1=along, u2=across)

    def show(self, views, values):
        method, lr, rho = values["method"], values["lr"], values["rho"]
        surface = valley(values["turn"])
        start = turned(TURNS[values["turn"]]) @ np.array([values["u1"], values["u2"]])
        start = np.clip(start, -2.5, 2.5)  # a corner of the straight valley is outside when turned
        path = descend(surface, METHODS[method](lr, rho), start, STEPS)
        plain = descend(surface, GradientDescent(BEST), start, STEPS)
        views.path.update(path)
        with np.errstate(all="ignore"):
            roots = np.sqrt(memory(method, path.g, rho))
            largest = np.nanmax(np.where(np.isfinite(roots), roots, 0)) or 1.0
            views.boxes.update(np.nan_to_num(roots / largest))
            sizes = effective(path)
        for line, size in zip(views.sizes.moving, sizes.T, strict=True):
            shown = np.logical_and.accumulate(np.isfinite(size) & (size > 0))
            line.set_data(np.flatnonzero(shown), size[shown])
        views.losses.update(plain.loss, path.loss)
        views.formula.update(*first_step(path, method, lr, rho))
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr, rho=rho), start, STEPS).w,
            path.w,
        )
        return Shown.along(path, describe(values, path, plain, sizes) + yours)


def explore(after=None, mine=None, **values):
    """Explore methods with a step size for every coordinate (lesson 14).

    after: a Prediction to answer or skip first. mine: your adagrad_step(w, s, g, lr, eps) or
    rmsprop_step(w, s, g, lr, rho, eps), whose path is drawn as crosses. values: first values of
    the controls: method, "descent", "AdaGrad", "RMSProp" or "AdaDelta"; turn, "straight" or
    "turned by 45°"; rho from 0.5 to 0.99; lr, one of 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, …
    2; u1 and u2, the start along and across the valley, from −2.5 to 2.5. Raises ValueError for
    other values.
    """
    return Adaptive(after, mine, **values)


def turned(angle):
    """The matrix (2, 2) that turns a point by this angle, in radians, counter-clockwise."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def valley(turn):
    """The long valley, along the axes or turned; its start turns with it."""
    angle = TURNS[turn]
    return quadratic(CURVATURES, angle, start=turned(angle) @ [2.0, 1.0])


def memory(method, g, rho):
    """s after each step, (steps, d), from the gradients g (steps, d); 0 for plain descent."""
    if method == "descent":
        return np.zeros_like(g)
    if method == "AdaGrad":
        return np.cumsum(g**2, axis=0)
    s, now = np.empty_like(g), np.zeros(g.shape[1])
    for t, square in enumerate(g**2):
        now = s[t] = rho * now + (1 - rho) * square
    return s


def effective(path):
    """The step size of each coordinate at each step, (steps, d): its step divided by −g."""
    with np.errstate(all="ignore"):
        return np.where(path.g != 0, -np.diff(path.w, axis=0) / path.g, np.nan)


def first_step(path, method, lr, rho):
    """The first step of w₂ with its numbers, and a shorter text."""
    old, new = (decimals(w[-1]) for w in path.w[:2])
    g = bracketed(decimals(path.g[0, -1]))
    factor = {
        "descent": "", "AdaGrad": f" / √({g}²)", "RMSProp": f" / √({1 - rho:.2g} · {g}²)",
        "AdaDelta": f" · √1e-6 / √({1 - rho:.2g} · {g}²)",
    }[method]  # fmt: skip
    if not path.g[0, -1]:
        factor = ""
    numbers = f"{old} − {lr:g} · {g}{factor} = {new}"
    return f"First step: *w*₂ ← {numbers}", f"*w*₂ ← {numbers}"


def describe(values, path, plain, sizes):
    """The step sizes of the coordinates at the end, and the loss they lead to."""
    method = "plain descent" if values["method"] == "descent" else values["method"]
    name = f"With {method} and step size {values['lr']:g},"
    if not path.start.any():
        return AT_MINIMUM
    if not np.isfinite(path.loss[-1]) or path.loss[-1] > 1e6:
        why = ", because the stability limit is 2/L = 0.08" * (method == "plain descent")
        return f"{name} the loss grows and the path diverges{why}."
    end, best = small_loss(path.loss[-1]), small_loss(plain.loss[-1])
    losses = (
        f"After {STEPS} steps the loss is {end}; with plain descent at its best step size it is "
        f"{best}."
    )
    if method == "plain descent":
        return f"{name} both coordinates have the same step size. {losses}"
    last = [column[np.isfinite(column)] for column in sizes.T]
    own = listed([significant(size[-1], 2) for size in last if size.size])
    if all(size.size for size in last):
        text = f"{name} the last step sizes of the two coordinates are {own}. {losses}"
    else:
        text = (
            f"{name} the last step size of one coordinate is {own}. The gradient of the other "
            f"coordinate is always 0. {losses}"
        )
    turn = " The valley is turned, so the steep slope is part of both coordinates' gradients."
    return text + turn * (values["turn"] != "straight")
