"""The explorer of lesson 14: a step size for every coordinate."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, listed, significant, small_loss
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import AdaGrad, GradientDescent, RMSProp
from ..surfaces import quadratic
from ..views import (
    Contours,
    Crosses,
    Formula,
    Line,
    Lines,
    Panel,
    Row,
    legend_above,
    log_axis,
)
from .base import Explorer
from .learner import LearnerText, as_optimizer
from .records import AT_MINIMUM, Shown, Views

STEPS = 60
CURVATURES = (1.0, 25.0)
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
METHODS = {  # name → the optimizer with this step size and ρ
    "descent": lambda lr, rho: GradientDescent(lr),
    "AdaGrad": lambda lr, rho: AdaGrad(lr),
    "RMSProp": lambda lr, rho: RMSProp(lr, rho),
}
TURNS = {"straight": 0.0, "turned by 45°": np.pi / 4}

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
    """A valley, straight or turned, and the step size of each coordinate over the steps."""

    primary = "lr"
    redrawn_by = ("turn",)
    picture_only = ("u1", "u2")
    learner_text = LearnerText(hint="Does the chosen method fit your function?")

    def make_controls(self):
        return {
            "method": choice(METHODS, "AdaGrad"),
            "turn": choice(TURNS, description="valley"),
            "rho": slider("ρ", 0.9, 0.5, 0.99, width=260),
            "lr": stops("step size lr", RATES, 0.5),
            **dragged(2.5, u1=2.0, u2=1.0),
        }

    def draw(self, page, turn):
        palette, names = page.palette, ("w₁", "w₂", "1/curvature")
        formula, map_, sizes = page.panels(
            Line(),
            Row(
                Panel(330, "w₁", "w₂", width=6),
                Panel(330, "step", "step size, log scale", names, "10⁻³", width=7),
            ),
        )
        path = Contours(map_, valley(turn), palette)
        sizes.set_xlim(0, STEPS + 1)
        log_axis(sizes.yaxis, 1e-3, 10)
        sizes.grid(axis="y")
        colours = palette.path, palette.ball
        # turned by 45°, the curvature is the same along both coordinate axes
        curvatures = CURVATURES if not TURNS[turn] else (np.mean(CURVATURES),)
        for curvature, colour in zip(curvatures, colours, strict=False):
            colour = colour if len(curvatures) > 1 else palette.ink
            sizes.axhline(1 / curvature, ls=":", color=colour, lw=1.6, zorder=2)
        (key,) = sizes.plot([], [], ":", color=palette.ink, lw=1.6)
        (first,) = sizes.plot([], [], "-", color=colours[0], lw=2)
        (second,) = sizes.plot([], [], "--", color=colours[1], lw=2)
        legend_above(sizes, [first, second, key], names)
        return Views(
            [Handle(path.trail.ball, self.drag, "start")],
            path=path,
            sizes=Lines(progressive=("first", "second"), first=first, second=second),
            formula=Formula(formula, palette),
            yours=Crosses(map_, palette),
        )

    def disabled(self, values):
        return () if values["method"] == "RMSProp" else ("rho",)

    def drag(self, x, y):
        """Set the start along and across the valley from a place (x, y) in the picture."""
        along, across = turned(-TURNS[self.controls["turn"].value]) @ np.array([x, y])
        self.move_to(u1=along, u2=across)

    def show(self, views, values):
        method, lr, rho = values["method"], values["lr"], values["rho"]
        surface, start = valley(values["turn"]), start_of(values)
        path = descend(surface, METHODS[method](lr, rho), start, STEPS)
        views.path.update(path)
        sizes = effective(path)
        for line, size in zip(views.sizes.moving, sizes.T, strict=True):
            shown = np.logical_and.accumulate(np.isfinite(size) & (size > 0))
            line.set_data(np.flatnonzero(shown) + 1, size[shown])  # steps count from 1
        views.formula.update(*first_step(path, method, lr, rho))
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr, rho=rho), start, STEPS).w,
            path.w,
        )
        return Shown.along(path, describe(values, path, sizes) + yours)


def explore(after=None, mine=None, **values):
    """Explore methods with a step size for every coordinate (lesson 14).

    after: a Prediction to answer or skip first. mine: your adagrad_step(w, s, g, lr, eps) or
    rmsprop_step(w, s, g, lr, rho, eps), whose path is drawn as crosses. values: first values of
    the controls: method, "descent", "AdaGrad" or "RMSProp"; turn, "straight" or
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


def start_of(values):
    """The start (2,) of these values. A corner of the straight valley is outside when turned."""
    start = turned(TURNS[values["turn"]]) @ np.array([values["u1"], values["u2"]])
    return np.clip(start, -2.5, 2.5)


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
    }[method]  # fmt: skip
    if not path.g[0, -1]:
        factor = ""
    numbers = f"{old} − {lr:g} · {g}{factor} = {new}"
    return f"First step: *w*₂ ← {numbers}", f"*w*₂ ← {numbers}"


def describe(values, path, sizes):
    """The step sizes of the coordinates at the end, and the loss they lead to."""
    method = "plain descent" if values["method"] == "descent" else values["method"]
    name = f"With {method} and lr = {values['lr']:g},"
    if not path.start.any():
        return AT_MINIMUM
    if not np.isfinite(path.loss[-1]) or path.loss[-1] > 1e6:
        return f"{name} the path diverges, because the stability limit is 2/L = 0.08."
    loss = f"After {STEPS} steps the loss is {small_loss(path.loss[-1])}."
    if method == "plain descent":
        return f"{name} both coordinates have the same step size. {loss}"
    last = [column[np.isfinite(column)] for column in sizes.T]
    own = listed([significant(size[-1], 2) for size in last if size.size])
    if all(size.size for size in last):
        return f"{name} the step sizes of w₁ and w₂ end at {own}. {loss}"
    return (
        f"{name} the step size of one coordinate ends at {own}. The gradient of the other "
        f"coordinate is always 0. {loss}"
    )
