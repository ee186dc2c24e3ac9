"""Room of lesson 05: how descent fits a line to data."""

import re

import numpy as np

from ..datasets import penguins
from ..descent import descend
from ..formatting import plural, vector
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..surfaces import Surface, catalogue
from ..views import SMALL, Contours, DataLine, axes_at
from ..views import Chord as ChordView
from .legacy import Formula, LegacyExplorer, Mine

PENGUINS = penguins()
FLIPPER, MASS = PENGUINS["flipper_length_mm"], PENGUINS["body_mass_g"]
SHOWN = np.argsort(FLIPPER, kind="stable")[16::43]  # eight penguins, from short to long flippers
GRIPS = (176.0, 227.0)  # mm: where the line of the start can be taken

crawl_question = Prediction(
    question=(
        "A line, mass = w · flipper + b, is fitted to 333 penguins by descent, in millimetres and "
        "grams. It starts at w = 0, b = 0; the best line has b = −5872. With the largest safe "
        "step size, how much of its way has b gone after 1000 steps?"
    ),
    choices=(
        "All of it, to within a gram.",
        "About half.",
        "About a tenth.",
        "Less than a thousandth.",
    ),
    answer="Less than a thousandth.",
    because=(
        "After 1000 steps b is at −1.26. The loss is so steep in w that only a tiny step size is "
        "safe, and in b that step size hardly moves."
    ),
    about={"features": "raw", "lr": 2.4e-5, "steps": 1000, "w": 0.0, "b": 0.0},
)


class Fit(LinearRegression):
    """The loss of a line through the penguins in scaled numbers, (x − mx)/sx and (y − my)/sy.

    best: (w, b) in these numbers; best_loss: in g². places: the limits of w and of b.
    """

    def __init__(self, mx=0.0, sx=1.0, my=0.0, sy=1.0, places=(1.0, 1.0)):
        super().__init__((FLIPPER - mx) / sx, (MASS - my) / sy)
        self.scale, self.places = (mx, sx, my, sy), places
        self.best, self.steepest = self.closed_form(), float(self.curvatures()[-1])
        self.best_loss = float(self.f(self.best)) * sy**2

    def in_grams(self, weights):
        """(w, b) of these numbers as grams a millimetre and grams; (..., 2) → (..., 2)."""
        mx, sx, my, sy = self.scale
        with np.errstate(over="ignore", invalid="ignore"):
            w = np.asarray(weights)[..., 0] * (sy / sx)
            return np.stack([w, my + sy * np.asarray(weights)[..., 1] - w * mx], axis=-1)

    def from_grams(self, w, b):
        """The inverse of `in_grams`, for one line."""
        mx, sx, my, sy = self.scale
        return w * sx / sy, (w * mx + b - my) / sy


FITS = {
    "raw": Fit(places=(200.0, 50_000.0)),
    "standardised": Fit(FLIPPER.mean(), FLIPPER.std(), MASS.mean(), MASS.std(), places=(8.0, 8.0)),
}
STEP_SIZES = {  # the slider's grid and end, as many digits, and where it begins
    "raw": (1e-6, 3.2e-5, ".1e", 2e-5),  # a browser's slider counts no steps below 1e-6
    "standardised": (0.01, 1.25, ".2f", 0.1),
}


def _over_w():
    """The standardised loss over w alone, b at its best."""
    fit = FITS["standardised"]
    at = np.array([[1.0, 0.0]])

    def f(w):
        return fit.f(w * at + (0.0, fit.best[1]))

    def grad(w):
        return fit.grad(w * at + (0.0, fit.best[1]))[..., :1]

    low = fit.best[0] - 1.9
    return Surface(
        "penguins, over w", f, grad, ((low, low + 3.8),), fit.best[:1, None], np.zeros(1), "here"
    )


CURVES = {"penguins": _over_w(), "wavy": catalogue["quartic"]}


class Batch(LegacyExplorer):
    """A line through the penguins and its place on the loss: each moves the other, or descends."""

    height, narrow_height = 412, 790
    primary = "lr"
    redrawn_by = ("features",)
    picture_only = ("w", "b")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        grid, end, digits, step_size = STEP_SIZES["raw"]
        steps = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]
        controls = {
            "features": choice(FITS),
            "lr": slider("step size lr", step_size, grid, end, grid, readout_format=digits),
            "steps": stops("steps", steps, 30, 220),
        }
        for name, far in zip("wb", FITS["raw"].places, strict=True):
            controls |= dragged(far, 0.1, **{name: 0.0})
        return controls

    def buttons(self):
        return {"Best line": self.put_best}

    def put_best(self):
        w, b = self.fit.best
        self.set(w=w, b=b)

    @property
    def fit(self):
        return FITS[self.controls["features"].value]

    def adapt(self, name):
        features = self.controls["features"].value
        lr = self.controls["lr"]
        grid, end, lr.readout_format, step_size = STEP_SIZES[features]
        lr.step = grid
        lr.min, lr.max, lr.value = 0, end, step_size
        lr.min = grid
        for name, far in zip("wb", self.fit.places, strict=True):
            control = self.controls[name]
            control.min, control.max = min(-far, control.min), max(far, control.max)
            control.value = 0.0
            control.min, control.max = -far, far

    def draw(self, figure, palette, values):
        left, gap, top, high = 58, 76, 80, 276
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        top += 16 if self.narrow else 0
        across, down = (left, top + high + 92) if self.narrow else (left + half + gap, top)
        raw = values["features"] == "raw"
        names = ("w, g per mm", "b, g") if raw else ("w, standardised", "b, standardised")
        data = axes_at(figure, left, top, half, high, palette, "flipper length, mm", "body mass, g")
        loss = axes_at(figure, across, down, half, high, palette, *names)
        data.set(ylim=(-400, 7000), yticks=[0, 2000, 4000, 6000])
        self.line = DataLine(data, FLIPPER, MASS, palette, SHOWN, GRIPS)
        data.legend(
            [self.line.first, self.line.line], ["start", "fitted"], loc="lower right",
            bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize=SMALL, labelcolor=palette.ink,
            handlelength=2.4, columnspacing=1.2, borderaxespad=0,
        )  # fmt: skip
        self.landscape = Contours(loss, self.seen(half / high), palette, levels=7)
        self.formulas = [
            Formula(data, (0, -66), half, palette),
            Formula(data, (0, -44) if self.narrow else (half + gap, -66), half, palette),
        ]
        mine = self.mine.on(loss, palette)
        handles = [Handle(self.landscape.trail.ball, self.drag, "start, its w and b")]
        for i, grip in enumerate(self.line.grips):
            end = ("left", "right")[i]
            handles.append(
                Handle(grip, lambda x, y, i=i: self.turn(i, y), f"{end} end of the line", "y")
            )
        return [self.line, self.landscape, *self.formulas, mine], handles

    def seen(self, ratio):
        """The loss with the part of it that is drawn; standardised, circles are drawn as such."""
        fit = self.fit
        across = ratio * 1.4
        w = fit.best[0]
        fit.domain = (
            ((-30.0, 90.0), (-14_000.0, 10_000.0))
            if fit is FITS["raw"]
            else ((w - across, w + across), (-1.4, 1.4))
        )
        return fit

    def drag(self, x, y):
        digits = (2, 0) if self.fit is FITS["raw"] else (3, 3)
        self.set(w=round(x, digits[0]), b=round(y, digits[1]))

    def turn(self, which, y):
        """Take one end of the line to this mass; the other stays where its grip is."""
        values = self.values
        w, b = self.fit.in_grams([values["w"], values["b"]])
        low, high = self.line.ax.get_ylim()
        ends = [min(max(w * x + b, low), high) for x in GRIPS]  # as the grips are drawn
        ends[which] = round(y)
        w = (ends[1] - ends[0]) / (GRIPS[1] - GRIPS[0])
        w, b = self.fit.from_grams(w, ends[0] - w * GRIPS[0])
        self.set(w=float(w), b=float(b))

    def show(self, values):
        fit, lr = self.fit, values["lr"]
        path = descend(fit, GradientDescent(lr), [values["w"], values["b"]], values["steps"])
        self.path, self.grams = path, fit.in_grams(path.w)
        self.landscape.update(path)
        self.line.update(self.grams)
        for i, formula in enumerate(self.formulas):
            formula.update(*first_step(fit, path.start, STEP_SIZES[values["features"]][2], lr, i))
        near = path.w[: until_far(path.w)]
        mine = self.mine.update(lambda fn: followed(fn, fit, near[0], lr, len(near) - 1), near)
        return describe(fit, values["features"], lr, path, self.grams[-1]) + mine

    @np.errstate(over="ignore")
    def each_step(self):
        """The line in grams, and the loss as a multiple of the best there is."""
        said = (
            "Step {step} of {steps}: each mm of flipper adds {0} g, b is {1} g. The loss is {2:g} "
            "times the best possible."
        )
        times = self.path.loss * self.fit.scale[3] ** 2 / self.fit.best_loss
        return said, np.column_stack([self.grams, times])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 05.

    after: a Prediction to answer or skip first. mine: your mse_gradient(w, b, x, y), whose descent
    is drawn beside the package's. values: controls to begin with, by name.
    """
    return Batch(after, mine, **values)


class Chord(LegacyExplorer):
    """A curve, and a chord between two points on it that can be dragged: what convex means."""

    height = narrow_height = 330
    redrawn_by = ("loss",)
    picture_only = ("left", "right")

    def make_controls(self):
        return {
            "loss": choice(CURVES),
            "left": slider("left point", -0.5, -2.0, 3.0, 0.1),
            "right": slider("right point", 2.0, -2.0, 3.0, 0.1),
        }

    def adapt(self, name):
        (low, high), *places = *CURVES[self.controls["loss"].value].domain, -1.5, 1.25
        if self.controls["loss"].value == "penguins":
            places = -0.5, 2.0
        for end, place in zip(("left", "right"), places, strict=True):
            control = self.controls[end]
            control.min, control.max, control.value = min(low, -2.0), max(high, 3.0), place
            control.min, control.max = low, high

    def draw(self, figure, palette, values):
        ax = axes_at(figure, 58, 34, self.width - 76, 246, palette, "w", "loss")
        self.chord = ChordView(ax, CURVES[values["loss"]], palette)
        handles = [
            Handle(point, lambda x, y, name=name: self.set(**{name: round(x, 2)}), label, "x")
            for point, name, label in zip(
                self.chord.points, ("left", "right"), ("one end", "the other end"), strict=True
            )
        ]
        return [self.chord], handles

    def show(self, values):
        ends = [values["left"], values["right"]]
        gap = self.chord.update(ends)
        between = f"Between {vector(ends[:1])} and {vector(ends[1:])} the chord"
        if abs(ends[0] - ends[1]) < 0.005:
            return "The two points are one, and a chord needs two: drag them apart."
        if gap.min() >= -1e-12:
            return f"{between} lies above the curve all the way, by up to {gap.max():.2f}."
        above = f", and above it by up to {gap.max():.2f}" if gap.max() > 0.005 else ""
        return f"{between} lies below the curve by up to {-gap.min():.2f}{above}: not convex."


def chord(**values):
    """The second explorer of lesson 05: a chord over the penguins' loss, or over a wavy one."""
    return Chord(**values)


def until_far(w, far=1e6):
    """How many points of a path come before it is far out; beyond, rounding grows as it does."""
    return max(1, int(np.logical_and.accumulate((np.abs(w) < far).all(axis=1)).sum()))


def followed(mse_gradient, fit, start, lr, steps):
    """The path (steps + 1, 2) of descent along a learner's gradient; None where it gives none."""
    x, y = fit.X[:, 0].copy(), fit.y.copy()
    w, b = (float(each) for each in start)
    path = [(w, b)]
    for step in range(max(1, steps)):  # asked once even where no step is taken
        g = mse_gradient(w, b, x, y)
        if g is None:
            return None
        dw, db = g
        w, b = w - lr * dw, b - lr * db
        if step < steps:
            path.append((w, b))
    return path


def first_step(fit, start, digits, lr, i):
    """The update of w (i = 0) or b (1) with the numbers of the first step in it; and shorter."""
    slope = fit.grad(start)[i]
    new = vector([start[i] - lr * slope])
    name, slope = "wb"[i], vector([slope])
    slope = f"({slope})" if slope.startswith("−") else slope
    numbers = short(f"{vector([start[i]])} − {lr:{digits}} · {slope} = {new}")
    return (
        f"Step 1: *{name}* ← *{name}* − *lr* · *d{name}* = {numbers}",
        f"Step 1: *{name}* ← {numbers}",
        f"*{name}* ← {numbers}",
        f"*{name}* from {vector([start[i]])} to {new}",
    )


@np.errstate(over="ignore")  # a diverging path may leave all numbers
def describe(fit, features, lr, path, line):
    """The line in words, its loss, and what the step size does."""
    loss = path.loss[-1] * fit.scale[3] ** 2
    now = f"each mm of flipper adds {grams(line[0])} g, b is {grams(line[1])} g; loss {large(loss)}"
    best = f"the best possible is {large(fit.best_loss)}"
    if loss <= fit.best_loss * (1 + 1e-9):
        now += ", the best possible."
    elif large(loss) == large(fit.best_loss):
        now += ", the best possible to six digits."
    else:
        now += f", {best}."
    if path.steps == 0:
        return f"No step taken: {now}"
    steps, border = plural(path.steps, "step"), 2 / fit.steepest
    digits = STEP_SIZES[features][2]
    name = short(f"Step size {lr:{digits}}")
    limit = short(f"2/L = {border:{'.2e' if features == 'raw' else '.2f'}}")
    away = np.linalg.norm(path.w - fit.best, axis=1)
    still = away[0] <= 1e-9 * np.linalg.norm(fit.best)
    if still and path.loss[-1] <= 1.001 * path.loss[0]:
        return f"The start is the best line: {now} The gradient is 0 there, so no step moves it."
    if abs(lr / border - 1) < 1e-9:
        return f"{name} is {limit}: jumps across the bowl and back, for ever. After {steps} {now}"
    if lr > border:
        return f"{name} is above {limit}: diverges. {growth(fit, path)}; {best}."
    left = away[-1] / away[0]
    across = 1 - lr * fit.steepest
    if left < 1e-6:
        needed = int(np.argmax(away <= 1e-6 * away[0]))
        how = f"landed after {plural(needed, 'step')}."
    elif features == "raw":
        how = "overshoots across the valley and crawls along it" if across < 0 else "crawls"
        how += f". {share(left)} of the way to the best (w, b) is left."
    else:
        how = "overshoots and comes home" if across < 0 else "comes home"
        how += f". {share(left)} of the way to the best (w, b) is left."
    return f"{name} is below {limit}: {how} After {steps} {now}"


def growth(fit, path):
    before, after = path.loss[[0, -1]] * fit.scale[3] ** 2
    steps = plural(path.steps, "step")
    if not np.isfinite(after):
        return f"The loss grew beyond all numbers in {steps}"
    if after <= 1.001 * before:
        return f"{steps[0].upper()}{steps[1:]} barely show it, the loss is {large(after)}"
    return f"The loss grew from {large(before)} to {large(after)} in {steps}"


def large(loss):
    """153,790, or 1.8e+09 where it would be long."""
    return f"{loss:,.0f}" if loss < 1e9 else short(f"{loss:.1e}")


def grams(w):
    """50.2, −0.3; large ones as 1.0e+6."""
    return f"{round(w, 1) + 0.0:.1f}".replace("-", "−") if abs(w) < 1e6 else short(f"{w:.1e}")


def share(left):
    """99.98 %, 3.2 %, 0.004 %: never 100 % of what is less, nor 0 % of what is more."""
    if left > 0.9999:
        return "More than 99.99 %"
    return short(f"{100 * left:.2f} %" if left > 0.001 else f"{100 * left:.1g} %")


def short(text):
    """2.4e-5 in place of 2.4e-05."""
    return re.sub(r"e([+-])0(\d)", r"e\1\2", text)
