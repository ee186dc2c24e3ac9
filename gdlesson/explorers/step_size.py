"""Room of lesson 03: why descent crawls, overshoots or blows up."""

import numpy as np

from ..descent import descend
from ..formatting import number, percent, plural, vector
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import Contours, Curve, Formula, LossOverSteps, RegimeStrip, axes_at
from .base import Explorer
from .learner import Mine

PARABOLA = quadratic(10.0, start=[2.0], name="parabola 5w²")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")
LANDSCAPES = {  # name → surface, its curvatures, a first step size
    "parabola": (PARABOLA, np.array([10.0]), 0.05),
    "valley": (VALLEY, np.array([1.0, 25.0]), 0.02),
}
# A browser's slider knows only the places of its grid: 1/L, 2/L and the best step are on it.
GRID = {"parabola": (1 / 1000, ".3f"), "valley": (1 / 1300, ".4f")}

overshoot_question = Prediction(
    question=(
        "The ball starts at 2.0 on the parabola f(w) = 5w². With step size 0.05 it was within "
        "0.3 of the bottom after three steps. What happens at 0.21?"
    ),
    choices=(
        "It comes down the same side, about four times faster.",
        "It lands at the bottom in one step.",
        "It crosses the valley at each step and comes home.",
        "It crosses the valley at each step, and each jump is longer than the last.",
    ),
    answer="It crosses the valley at each step, and each jump is longer than the last.",
    because=(
        "One step multiplies w by 1 − 0.21 · 10 = −1.1: the sign turns, and the distance grows "
        "by 10 %."
    ),
    about={"landscape": "parabola", "lr": 0.21},
)


class StepSize(Explorer):
    """A step size on a parabola or a valley: the path, its loss, and the regime it is in."""

    primary = "lr"
    redrawn_by = ("landscape", "steps")
    picture_only = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        steps = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]
        return {
            "landscape": choice(LANDSCAPES),
            "lr": slider("step size lr", 0.05, 0.001, 0.3, 0.001, readout_format=".3f"),
            "steps": stops("steps", steps, 30, 220),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size": lambda: self.set(lr=best_step(self.curvatures()))}

    def curvatures(self):
        return LANDSCAPES[self.controls["landscape"].value][1]

    def adapt(self, name):
        if name == "landscape":
            surface, curvatures, first = LANDSCAPES[self.controls["landscape"].value]
            lr = self.controls["lr"]
            lr.step, lr.readout_format = GRID[self.controls["landscape"].value]
            lr.min, lr.max, lr.value = 0, 3 / curvatures.max(), first
            lr.min = lr.step
            start = (*surface.start, 1.0)
            self.controls["w1"].value, self.controls["w2"].value = start[:2]

    def draw(self, figure, palette, values):
        surface, curvatures, _ = LANDSCAPES[values["landscape"]]
        left, gap = 46, 56
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, 480) if self.narrow else (left + half + gap, 136)
        flat = values["landscape"] == "parabola"
        names = ("w", "loss f(w) = 5w²") if flat else ("w₁", "w₂")
        strip = axes_at(figure, left, 24, room, 26, palette)
        land = axes_at(figure, left, 136, half, 256, palette, *names)
        loss = axes_at(figure, across, down, half, 256, palette, "step", "loss, log scale")
        self.landscape = (Curve if flat else Contours)(land, surface, palette)
        self.loss = LossOverSteps(loss, values["steps"], palette)
        self.strip = RegimeStrip(strip, curvatures.max(), palette)
        self.formula = Formula(strip, (0, 62), room, palette)
        ball = self.landscape.trail.ball
        mine = self.mine.on(land, palette)
        views = [self.landscape, self.loss, self.strip, self.formula, mine]
        return views, [Handle(ball, self.drag, "start", "x" if flat else "xy")]

    def drag(self, x, y):
        flat = self.controls["landscape"].value == "parabola"  # there y is the loss, not a weight
        self.set(w1=round(x, 2), **({} if flat else {"w2": round(y, 2)}))

    def show(self, values):
        surface, curvatures, _ = LANDSCAPES[values["landscape"]]
        start = [values["w1"], values["w2"]][: curvatures.size]
        path = descend(surface, GradientDescent(values["lr"]), start, values["steps"])
        self.landscape.update(path)
        self.loss.update(path.loss, predicted_loss(curvatures, values["lr"], path))
        self.strip.update(values["lr"])
        self.formula.update(*first_step(path, values["lr"]))
        self.path = path
        mine = self.mine.update(
            lambda fn: fn(surface.grad, path.w[0].copy(), values["lr"], values["steps"]),
            path.w,
            lambda w: np.column_stack([w, surface.f(w)])[:, :2],  # one weight: over it its loss
        )
        return describe(curvatures, values["lr"], path) + mine

    def each_step(self):
        """w, where the step comes from, and the loss; a number or two for w."""
        w = "({0}, {1})" if self.path.w.shape[1] > 1 else "{0}"
        said = f"Step {{step}} of {{steps}}: w = {w}, loss {{{self.path.w.shape[1]}:g}}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 03.

    after: a Prediction to answer or skip first. mine: your gradient_descent(grad, w0, lr, steps),
    whose path is drawn beside the package's. values: controls to begin with, by name.
    """
    return StepSize(after, mine, **values)


def best_step(curvatures):
    """2/(μ + L), the fixed step size that shrinks the slowest direction most."""
    return 2 / (np.min(curvatures) + np.max(curvatures))


def deciding_direction(curvatures, lr, start):
    """Index of the direction that decides in the end, and its factor a step, |1 − lr·c|.

    It is the slowest to shrink, or the fastest to grow, of those the start is not already at the
    bottom of; None where it is at the bottom of all.
    """
    factors = np.where(np.asarray(start) != 0, np.abs(1 - lr * curvatures), -1.0)
    slowest = int(np.argmax(factors))
    return (slowest, float(factors[slowest])) if factors[slowest] >= 0 else None


def predicted_loss(curvatures, lr, path):
    """½·c·u²·(1 − lr·c)²ᵗ of the deciding direction, for every step of the path."""
    decides = deciding_direction(curvatures, lr, path.start)
    if decides is None:
        return np.zeros(path.steps + 1)
    i, factor = decides
    with np.errstate(over="ignore"):
        return (
            0.5 * curvatures[i] * path.start[i] ** 2 * factor ** (2 * np.arange(path.steps + 1.0))
        )


def first_step(path, lr):
    """The update rule with the numbers of the first step in it, and a shorter way to write it."""
    old, new, slope = (vector(v) for v in (path.w[0], path.w[1], path.g[0]))
    slope = f"({slope})" if slope.startswith("−") else slope
    numbers = f"{old} − {number(lr)} · {slope} = {new}"
    return f"First step: *w* ← *w* − *lr* · ∇*f* = {numbers}", f"First step: *w* ← {numbers}"


def describe(curvatures, lr, path):
    """What this step size does here, in one or two sentences with the numbers."""
    decides = deciding_direction(curvatures, lr, path.start)
    name = f"Step size {number(lr)}"
    if decides is None:
        return f"{name}: the start is the bottom. The gradient is 0 there, so no step moves it."
    direction, factor = decides
    border = 2 / curvatures.max()
    where = f" along w{'₁₂'[direction]}" if len(curvatures) > 1 else ""
    if abs(factor - 1) < 1e-6:  # the slider's grid has the border to seven decimals
        return f"{name} is 2/L = {border:.3f}: jumps from wall to wall{where} and back, for ever."
    if factor > 1:
        return f"{name} is above 2/L = {border:.3f}: diverges. " + growth(path, factor, where)
    if factor < 1e-6:
        return f"{name} is 1/L: landed. One step takes the ball to the bottom."
    crosses = (1 - lr * curvatures < 0) & (path.start != 0)
    if crosses[direction]:
        how = f"overshoots{where}, oscillating, and comes home"
    elif crosses.any():
        how = f"overshoots along w₂, oscillating, and crawls{where}"
    else:
        how = f"crawls{where}, monotone" if factor > 0.5 - 1e-9 else "comes down one side, monotone"
    needed = int(np.ceil(np.log(1e-6) / np.log(factor) - 1e-9))  # 0.1⁶ is 1e-6, not above it
    return (
        f"{name}: {how}. Each step keeps {percent(factor)} of the distance{where} "
        f"(measured {percent(measured_factor(path, direction))}); "
        f"{plural(needed, 'step')} reach 1e-6{' of it' if where else ''}."
    )


def growth(path, factor, where):
    """How the loss grew on a path that diverges; close to the bottom it may fall at first."""
    before, after = path.loss[0], path.loss[-1]
    steps = plural(path.steps, "step")
    if not np.isfinite(after):
        return f"The loss grew beyond all numbers in {steps}."
    if after < 1.001 * before:
        return f"The distance{where} grows by {percent(factor - 1)} a step; {steps} barely show it."
    after = f"{after:.3g}" if after < 1000 else f"{after:.2g}"
    return f"The loss grew from {before:.3g} to {after} in {steps}."


def measured_factor(path, direction):
    """Mean factor a step of the distance along a direction, over the second half of the path."""
    distance = np.abs(path.w[:, direction])
    seen = np.flatnonzero(distance > 1e-290 * distance[0])  # below, numbers run out
    first, last = seen[len(seen) // 2 - 1 if len(seen) > 2 else 0], seen[-1]
    return float((distance[last] / distance[first]) ** (1 / max(1, last - first)))
