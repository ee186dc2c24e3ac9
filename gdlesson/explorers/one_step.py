"""Room of lesson 02: what a loss is, and what one step of descent is."""

import numpy as np

from ..descent import descend
from ..formatting import plural
from ..live.controls import choice, powers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import Surface, catalogue
from ..views import NORMAL, Curve, DataLine, Threshold, axes_at
from .legacy import Formula, LegacyExplorer, Mine

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
        "The ball is at w = 2, where the loss has slope 4. It takes eight steps downhill; each is "
        "0.1 times the slope found where the step begins. How long are the steps?"
    ),
    choices=(
        "All eight are 0.4 long.",
        "Each is shorter than the one before.",
        "Each is longer than the one before: the ball gathers speed.",
        "They shrink until the ball lands on the bottom, after four steps.",
    ),
    answer="Each is shorter than the one before.",
    because=(
        "Towards the bottom the slope is gentler, and 0.1 times a smaller slope is a shorter step. "
        "Here every step is 0.6 times as long as the one before, and no step is the last."
    ),
    about={"loss": "three points", "lr": 0.1, "w": 2.0},
)


class OneStep(LegacyExplorer):
    """A ball that steps down a loss over one weight until its slope is small enough."""

    height, narrow_height = 420, 800
    primary = "lr"
    redrawn_by = ("loss", "steps")
    picture_only = ("w",)

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "loss": choice(LOSSES),
            "lr": slider("step size lr", 0.1, 0.01, 0.6),
            "tol": powers("stop at slope", 0.1, -4, 0, 0.25, 205, readout_format=".1g"),
            "steps": stops("at most steps", [1, 2, 3, 5, 10, 20, 30, 50, 100, 200], 20, 205),
            "w": slider("start w", 2.0, -1.0, 3.0),
        }

    def adapt(self, name):
        if name != "loss":
            return
        surface, _, (smallest, first, largest) = LOSSES[self.controls["loss"].value]
        for key, (low, high), step, value in [
            ("lr", (smallest, largest), smallest, first),
            ("w", surface.domain[0], 0.01, surface.start[0]),
        ]:
            control = self.controls[key]
            control.step = step
            control.min, control.max = min(low, control.min), max(high, control.max)
            control.value = value
            control.min, control.max = low, high
        self.controls["lr"].readout_format = ".3f" if smallest < 0.01 else ".2f"

    def draw(self, figure, palette, values):
        surface, formula, _ = LOSSES[values["loss"]]
        left, gap, top = 46, 62, 82
        room = self.width - left - 22
        data = surface is THREE_POINTS
        if self.narrow:
            places = [(left, top, room, 270), (left, 430, room, 300)]
            if data:
                half = (room - gap) // 2
                places[1:] = [(left + half + gap, 430, half, 300), (left, 430, half, 300)]
        else:
            half = (room - gap) * 6 // 11
            aside, rest = left + half + gap, room - half - gap
            places = [(left, top, half, 284), (aside, top, rest, 284)]
            if data:
                places[1:] = [(aside, top + 172, rest, 112), (aside, top, rest, 110)]
        land, slopes = (axes_at(figure, *place, palette) for place in places[:2])
        self.land = Curve(land, surface, palette, tangent=True, stairs=True)
        self.slopes = Threshold(slopes, values["steps"], palette)
        for ax, xlabel, title in [
            (land, "w", f"loss f(w) = {formula}"),
            (slopes, "step", "size of the slope"),
        ]:
            ax.set_xlabel(xlabel, fontsize=NORMAL, color=palette.ink, labelpad=3)
            ax.set_title(title, loc="left", fontsize=NORMAL, color=palette.ink, pad=7)
        self.formula = Formula(land, (6 - left, 20 - top), room + left, palette)
        self.line = None
        if data:
            ax = axes_at(figure, *places[2], palette, "x", "data and the line w·x")
            ax.set(xlim=(-2.2, 3), ylim=(-4.5, 4.5), yticks=[-4, 0, 4])
            ax.plot(X, Y, "o", color=palette.ink, ms=7, mew=0, zorder=5)
            self.line = DataLine(ax, X, Y, palette)
        views = [self.land, self.slopes, self.formula, *([self.line] if data else [])]
        return [*views, self.mine.on(land, palette)], [
            Handle(self.land.trail.ball, lambda x, y: self.set(w=round(x, 2)), "start", "x"),
            Handle(self.slopes.knob, self.drag_threshold, "where to stop", "y"),
        ]

    def drag_threshold(self, x, y):
        self.set(tol=10 ** np.clip(round(4 * np.log10(y)) / 4, -4, 0))

    def show(self, values):
        surface, _, _ = LOSSES[values["loss"]]
        lr, w = values["lr"], np.array([values["w"]])
        whole = descend(surface, GradientDescent(lr), w, values["steps"])
        with np.errstate(all="ignore"):
            small = np.flatnonzero(np.abs(surface.grad(whole.w)[:, 0]) <= values["tol"])
        taken = int(small[0]) if small.size else values["steps"]
        self.path = path = descend(surface, GradientDescent(lr), w, taken)
        with np.errstate(all="ignore"):
            self.g = surface.grad(path.w)[:, 0]
        self.land.update(path)
        self.slopes.update(np.abs(self.g), values["tol"])
        after = path.w[0, 0] - lr * self.g[0]
        self.formula.update(*step_in_numbers(path.w[0, 0], lr, self.g[0], after))
        if self.line:
            self.line.update(np.column_stack([path.w, np.zeros(taken + 1)]))
        mine = self.mine.update(
            lambda fn: repeated(fn, surface.grad, w, lr, taken),
            path.w,
            lambda w: np.column_stack([w[:, 0], surface.f(w)]),
        )
        return describe(surface, path, self.g, lr, values["tol"], bool(small.size)) + mine

    def each_step(self):
        lr = size(self.controls["lr"].value)
        said = (
            "Step {step} of {steps}: w = {0}, slope {1}, loss {2:g}. "
            f"The step from here: w ← {{0}} − {lr} · ({{1}}) = {{3}}."
        )
        w = self.path.w[:, 0]
        with np.errstate(all="ignore"):
            after = w - self.controls["lr"].value * self.g
        return said, np.column_stack([w, self.g, self.path.loss, after])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 02.

    after: a Prediction to answer or skip first. mine: your gd_step(w, g, lr), whose path is drawn
    beside the package's. values: controls to begin with, by name.
    """
    return OneStep(after, mine, **values)


def repeated(step, grad, w, lr, steps):
    """The path of steps + 1 points when one step is `step(w, g, lr)`."""
    path = [w]
    for _ in range(steps):
        after = step(path[-1].copy(), grad(path[-1]), lr)
        if after is None:
            return None
        path.append(np.asarray(after, dtype=float))
    return np.array(path)


def size(lr):
    """A step size as its slider has it: 0.10, 0.005."""
    return f"{lr:.2f}" if abs(lr - round(lr, 2)) < 1e-9 else f"{lr:.3f}"


def said(x):
    """A number of a loss with two decimals, more where it is small, fewer where it is large."""
    if not np.isfinite(x):
        return "beyond all numbers"
    if abs(x) >= 1e4:
        text = f"{x:.1e}"
    else:
        text = f"{x:.2f}" if abs(x) >= 0.995 or x == 0 else f"{x:.2g}"
    return text.replace("e-", "e_").replace("-", "−").replace("e_", "e-")


def step_in_numbers(w, lr, g, after):
    """The update rule with the numbers of the first step, and a shorter way to write it."""
    w, g, after = (f"{round(v, 2) + 0.0:.2f}".replace("-", "−") for v in (w, g, after))
    g = f"({g})" if g.startswith("−") else g
    numbers = f"{w} − {size(lr)} · {g} = {after}"
    return f"First step: *w* ← *w* − *lr* · slope = {numbers}", f"*w* ← {numbers}"


def describe(surface, path, g, lr, tol, stopped):
    """Why the run stopped, after how many steps, and how the loss stands there."""
    w, loss, lowest = path.last[0], path.loss[-1], float(surface.f(surface.minima[0]))
    name, steps = f"Step size {size(lr)}", plural(path.steps, "step")
    if path.steps == 0:
        text = f"{name}: no step is taken. At w = {said(w)} the slope, {said(abs(g[0]))}, is "
        text += f"{'0, and no step would move the ball' if g[0] == 0 else f'not above {tol:.2g}'}."
    elif stopped:
        text = f"{name}: stops after {steps}, where the slope, {said(abs(g[-1]))}, is not above "
        text += f"{tol:.2g}. w = {said(w)}, loss {said(loss)}."
    elif loss > path.loss[0] or not np.isfinite(loss):
        text = f"{name}: too long. The loss grew from {said(path.loss[0])} to {said(loss)} in "
        return text + f"{steps}."
    else:
        used = "is used up" if path.steps == 1 else "are used up"
        text = f"{name}: the {steps} {used} at w = {said(w)}, where the slope is still "
        text += f"{said(abs(g[-1]))}. The loss went from {said(path.loss[0])} to {said(loss)}."
    if loss - lowest > 0.1 * max(1.0, abs(lowest)):
        text += f" The lowest loss is {said(lowest)}, at w = {said(surface.minima[0, 0])}."
    return text
