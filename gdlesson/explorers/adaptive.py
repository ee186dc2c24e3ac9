"""Room of lesson 11: why one step size for all coordinates."""

import inspect

import numpy as np

from ..descent import descend
from ..formatting import vector
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import AdaDelta, AdaGrad, GradientDescent, RMSProp, from_function
from ..surfaces import quadratic
from ..views import SMALL, Boxes, Contours, LossDuel, axes_at
from .legacy import Formula, LegacyExplorer, Mine

STEPS = 60
CURVATURES = (1.0, 25.0)
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
METHODS = {
    "descent": lambda lr, rho: GradientDescent(lr),
    "AdaGrad": lambda lr, rho: AdaGrad(lr),
    "RMSProp": lambda lr, rho: RMSProp(lr, rho),
    "AdaDelta": lambda lr, rho: AdaDelta(lr, rho),
}
TURNS = {"straight": 0.0, "turned by 45°": np.pi / 4}
BEST = 2 / sum(CURVATURES)  # of plain descent

first_question = Prediction(
    question=(
        "The ball stands at (2, 1) in a valley with curvatures 1 and 25: the gradient is (2, 25). "
        "AdaGrad divides the step of each coordinate by the size of the gradients that coordinate "
        "has seen so far. Which coordinate moves farther in the first step?"
    ),
    choices=(
        "w₂, about 12 times as far: its gradient is 12.5 times as large.",
        "w₁: its gradient is divided by less.",
        "Both as far.",
    ),
    answer="Both as far.",
    because=(
        "So far each coordinate has seen one gradient, its own, and g divided by its own size is 1 "
        "or −1. The first step is lr in every coordinate."
    ),
    about={"method": "AdaGrad", "turn": "straight"},
)


class Adaptive(LegacyExplorer):
    """A step size for each coordinate: squares whose side is √s, and the step sizes over time."""

    height, narrow_height = 470, 900
    primary = "lr"
    redrawn_by = ("turn",)
    picture_only = ("u1", "u2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "method": choice(METHODS, "AdaGrad"),
            "turn": choice(TURNS, description="valley"),
            "rho": slider("ρ", 0.9, 0.5, 0.99, width=260),
            "lr": stops("step size lr", RATES, 0.5),
            **dragged(2.5, u1=2.0, u2=1.0),
        }

    def draw(self, figure, palette, values):
        left, gap, top = 46, 60, 72
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + 424) if self.narrow else (left + half + gap, top)
        surface = self.surface = valley(values["turn"])
        land = axes_at(figure, left, top, half, 340, palette, "w₁", "w₂")
        boxes = axes_at(figure, across, down + 80, 150, 70, palette, "", "√s, as a side")
        sizes = axes_at(
            figure, across + 206, down, half - 206, 150, palette, "step", "step size, log scale"
        )
        loss = axes_at(figure, across, down + 234, half, 106, palette, "step", "loss, log scale")
        self.land = Contours(land, surface, palette)
        self.boxes = Boxes(boxes, ("w₁", "w₂"), palette, largest=1.0)
        boxes.set_yticks([])
        sizes.set(xlim=(-1, STEPS + 1), yscale="log", ylim=(1e-4, 10), yticks=[1e-3, 1e-1, 10])
        sizes.minorticks_off()
        sizes.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        styles = (("w₁", palette.path, "-"), ("w₂", palette.ball, "--"))
        self.sizes = [
            sizes.plot([], [], dash, color=colour, lw=2, label=name)[0]
            for name, colour, dash in styles
        ]
        sizes.legend(
            loc="lower left", ncols=2, frameon=False, fontsize=SMALL, labelcolor=palette.ink,
            handlelength=1.6, columnspacing=0.8,
        )  # fmt: skip
        self.moving, self.progressive = self.sizes, dict.fromkeys(self.sizes, 1)
        self.losses = LossDuel(loss, STEPS, palette, ("plain descent, its best", "this"))
        self.formula = Formula(land, (0, -60), room, palette)
        mine = self.mine.on(land, palette)
        views = [self.land, self.boxes, self, self.losses, self.formula, mine]
        return views, [Handle(self.land.trail.ball, self.drag, "start")]

    def disabled(self, values):
        return () if values["method"] in ("RMSProp", "AdaDelta") else ("rho",)

    def drag(self, x, y):
        u = turned(-TURNS[self.controls["turn"].value]) @ np.array([x, y])
        u = np.clip(u, -2.5, 2.5)
        self.set(u1=round(float(u[0]), 2), u2=round(float(u[1]), 2))

    def show(self, values):
        method, lr, rho = values["method"], values["lr"], values["rho"]
        start = turned(TURNS[values["turn"]]) @ np.array([values["u1"], values["u2"]])
        start = np.clip(start, -2.5, 2.5)  # a corner of the straight valley is outside when turned
        path = self.path = descend(self.surface, METHODS[method](lr, rho), start, STEPS)
        plain = descend(self.surface, GradientDescent(BEST), start, STEPS)
        self.land.update(path)
        with np.errstate(all="ignore"):
            roots = np.sqrt(memory(method, path.g, rho))
            largest = np.nanmax(np.where(np.isfinite(roots), roots, 0)) or 1.0
            self.boxes.update(np.nan_to_num(roots / largest))
            sizes = effective(path)
        for line, size in zip(self.sizes, sizes.T, strict=True):
            seen = np.logical_and.accumulate(np.isfinite(size) & (size > 0))
            line.set_data(np.flatnonzero(seen), size[seen])
        self.losses.update(plain.loss, path.loss)
        self.formula.update(*first_step(path, method, lr, rho))
        mine = self.mine.update(lambda fn: _yours(fn, self.surface, start, lr, rho), path.w)
        return describe(values, path, plain, sizes) + mine

    def each_step(self):
        """w and the loss after every step."""
        said = "Step {step} of {steps}: w = ({0}, {1}), loss {2:g}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 11.

    after: a Prediction to answer or skip first. mine: your adagrad_step(w, s, g, lr, eps) or
    rmsprop_step(w, s, g, lr, rho, eps), whose path is drawn beside the package's. values: controls
    to begin with, by name; u1 and u2 are the start along and across the valley.
    """
    return Adaptive(after, mine, **values)


def _yours(fn, surface, start, lr, rho):
    """The path of a learner's rule, told by its parameters; None where nothing comes back."""
    names = inspect.signature(fn).parameters
    hyper = {name: value for name, value in (("lr", lr), ("rho", rho)) if name in names}
    given = {"w": start.copy(), "s": np.zeros(2), "g": surface.grad(start), "eps": 1e-8, **hyper}
    if set(names) <= set(given) and fn(*(given[name] for name in names)) is None:
        return None
    return descend(surface, from_function(fn, **hyper), start, STEPS).w


def turned(angle):
    """The matrix (2, 2) that turns a point by this angle, counter-clockwise."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def valley(turn):
    """The long valley, along the axes or turned; its start turns with it."""
    angle = TURNS[turn]
    return quadratic(CURVATURES, angle, start=turned(angle) @ [2.0, 1.0])


def memory(method, g, rho):
    """What s is after each step, from the gradients g (steps, d); 0 for plain descent."""
    if method == "descent":
        return np.zeros_like(g)
    if method == "AdaGrad":
        return np.cumsum(g**2, axis=0)
    s, now = np.empty_like(g), np.zeros(g.shape[1])
    for t, square in enumerate(g**2):
        now = s[t] = rho * now + (1 - rho) * square
    return s


def effective(path):
    """The step size of each coordinate at each step, (steps, d): its step divided by its slope."""
    with np.errstate(all="ignore"):
        return np.where(path.g != 0, -np.diff(path.w, axis=0) / path.g, np.nan)


def first_step(path, method, lr, rho):
    """The first step of w₂ with its numbers; and shorter."""
    g, old, new = (vector(v[-1:]) for v in (path.g[0], path.w[0], path.w[1]))
    g = f"({g})" if g.startswith("−") else g
    under = {
        "descent": "", "AdaGrad": f" / √({g}²)", "RMSProp": f" / √({1 - rho:.2g} · {g}²)",
        "AdaDelta": f" · √1e-6 / √({1 - rho:.2g} · {g}²)",
    }[method]  # fmt: skip
    if not path.g[0, -1]:
        under = ""
    numbers = f"{old} − {lr:g} · {g}{under} = {new}"
    return f"First step: *w*₂ ← {numbers}", f"*w*₂ ← {numbers}"


def describe(values, path, plain, sizes):
    """What the step sizes of the coordinates have become, and what that brought."""
    name = f"{values['method'].capitalize() if values['method'] == 'descent' else values['method']}"
    name = f"{name} with step size {values['lr']:g}"
    if not path.start.any():
        return "The start is the minimum: the gradient is 0 there, and no step moves it."
    if not np.isfinite(path.loss[-1]) or path.loss[-1] > 1e6:
        return f"{name}: diverges. 2/L = 0.08 is the border for every coordinate at once."
    last = [column[np.isfinite(column)] for column in sizes.T]
    told = " and ".join(
        f"{size[-1]:.2g}" if size.size else "open, for want of a slope" for size in last
    )
    ends = f"After {STEPS} steps the loss is {small(path.loss[-1])}"
    beside = f"plain descent at its best step size is at {small(plain.loss[-1])}."
    if values["method"] == "descent":
        return f"{name}: one step size for both coordinates. {ends}; {beside}"
    turn = " The valley is turned, so both coordinates see the steep slope." * (
        values["turn"] != "straight"
    )
    return f"{name}: the coordinates' own step sizes are now {told}. {ends}; {beside}{turn}"


def small(loss):
    """A loss in two digits, and what is smaller than any of interest as that."""
    return f"{loss:.2g}" if loss > 1e-12 else "below 1e-12"
