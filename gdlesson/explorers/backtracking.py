"""The second explorer of lesson 08: step sizes that are tried before they are used."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..formatting import decimals, plural, significant
from ..live.controls import choice, powers, slider, stops
from ..live.figure import Handle
from ..surfaces import Surface, catalogue
from ..views import Crosses, Panel, Row, TriedSteps, TwoRuns
from .base import Explorer
from .learner import LearnerText, ReturnedNothing
from .records import Views

WALL = Surface(
    name="wall",
    f=lambda w: (np.exp(w) - w - 1).sum(-1),
    grad=lambda w: np.exp(w) - 1,
    domain=((-6.0, 4.0),),
    minima=np.array([[0.0]]),
    start=np.array([3.5]),
    source="chosen for this lesson",
    formula="eʷ − w − 1",
)
CURVES = {  # name → surface, its formula over w, first w
    "wall": (WALL, "eʷ − w − 1", 3.5),
    "two valleys": (catalogue["quartic"], "w⁴ − 3w² + w", 1.8),
    "plateau": (catalogue["plateau"], "w²/(1 + w²)", 2.0),
}
STEPS = 20
FLAT = 1e-5  # the slope at which a descent ends: nearer, rounding hides how far the loss falls
TRIES = 200  # of one step, at most
LIMITS = (1e-8, 1e3)


@dataclass(frozen=True)
class Search:
    """One descent by backtracking: w (steps + 1, 1), and for each step the sizes tried."""

    w: np.ndarray
    tried: tuple

    @property
    def count(self):
        return sum(len(sizes) for sizes in self.tried)


class Backtracking(Explorer):
    """A ball on a curve, the step sizes that are tried there, and the descent that they make."""

    primary = "lr"
    redrawn_by = adapts_to = ("curve",)
    picture_only = ("w",)
    learner_text = LearnerText(hint="Does your function shrink lr until the condition holds?")

    def make_controls(self):
        return {
            "curve": choice(CURVES),
            "lr": powers("first step size lr", 1.0, -2, 1, 0.1, readout_format=".2g"),
            "shrink": stops("shrink", [0.1, 0.3, 0.5, 0.8], 0.5, 220),
            "c": stops("c", [0, 0.0001, 0.1, 0.3, 0.5, 0.7], 0.3, 220),
            "w": slider("position w", 3.5, -5.9, 3.9, 0.02, 320),
        }

    def adapt(self, before, after):
        surface, _, w = CURVES[after["curve"]]
        low, high = surface.domain[0]
        return {"w": {"min": low + 0.1, "max": high - 0.1, "value": w}}

    def draw(self, page, curve):
        surface, formula, _ = CURVES[curve]
        left, right = page.panels(
            Row(
                Panel(262, "w", f"loss {formula}", TriedSteps.legend),
                Panel(262, "step", "loss above the minimum", ("backtracking", "constant lr"),
                      labels="10⁻⁸"),
            )
        )  # fmt: skip
        places = np.linspace(*surface.domain[0], 401)
        heights = surface.f(places[:, None])
        margin = 0.12 * np.ptp(heights)
        limits = (heights.min() - margin, heights.max() + margin)
        tried = TriedSteps(left, places, heights, limits, page.palette)
        return Views(
            [Handle(tried.ball, self.on_drag("w"), "ball", "x")],
            tried=tried,
            runs=TwoRuns(right, STEPS, LIMITS, page.palette, ("backtracking", "constant lr")),
            yours=Crosses(right, page.palette, joined=False),
        )

    def show(self, views, values):
        curve, lr, shrink, c = (values[name] for name in ("curve", "lr", "shrink", "c"))
        surface = CURVES[curve][0]
        start = np.array([values["w"]])
        search = search_from(curve, values["w"], lr, shrink, c)
        sizes, slope = search.tried[0], float(surface.grad(start)[0])
        ends = values["w"] - np.array(sizes) * slope
        with np.errstate(all="ignore"):
            trials = np.column_stack([ends, surface.f(ends[:, None])])
        views.tried.update(
            (values["w"], float(surface.f(start))), slope, c, trials[:-1], trials[-1]
        )
        lowest = float(surface.f(surface.minima[0]))
        constant = constant_from(curve, values["w"], lr)
        above = surface.f(search.w) - lowest
        views.runs.update(above, constant - lowest)
        yours = self.compare(
            views.yours,
            lambda fn: learner_path(fn, surface, start, lr, shrink, c),
            search.w,
            lambda w: np.column_stack([np.arange(len(w)), surface.f(w) - lowest]),
        )
        return describe(values["w"], slope, sizes, search, above) + yours


def explore(after=None, mine=None, **values):
    """Explore a backtracking line search on a curve (lesson 08).

    after: a Prediction to answer or skip first. mine: your backtrack(f, grad, w, lr, shrink, c),
    whose descent is drawn as crosses. values: first values of the controls: curve, "wall", "two
    valleys" or "plateau"; lr, the first step size, from 0.01 to 10; shrink, 0.1, 0.3, 0.5 or 0.8;
    c, 0, 0.0001, 0.1, 0.3, 0.5 or 0.7; w, the position of the ball. Raises ValueError for others.
    """
    return Backtracking(after, mine, **values)


def goes_on(surface, path):
    """Whether the last point of a path is on a slope; the first one always is."""
    return len(path) == 1 or np.abs(surface.grad(path[-1])).max() > FLAT


def sizes_tried(surface, w, lr, shrink, c):
    """The step sizes that are tried at w, (1,); the last is accepted."""
    g, f = surface.grad(w), float(surface.f(w))
    square, sizes = float(np.sum(g**2)), [lr]
    with np.errstate(all="ignore"):
        while surface.f(w - lr * g) > f - c * lr * square and len(sizes) < TRIES:
            lr = lr * shrink
            sizes.append(lr)
    return sizes


@lru_cache(maxsize=64)
def search_from(curve, w, lr, shrink, c):
    """The `Search` of `STEPS` steps, each of which begins with the first step size again."""
    surface, path, tried = CURVES[curve][0], [np.array([w])], []
    while len(path) <= STEPS and goes_on(surface, path):
        tried.append(sizes_tried(surface, path[-1], lr, shrink, c))
        path.append(path[-1] - tried[-1][-1] * surface.grad(path[-1]))
    return Search(np.array(path), tuple(tried))


def constant_from(curve, w, lr):
    """The losses (steps + 1,) of descent with a constant step size."""
    surface, path = CURVES[curve][0], [np.array([w])]
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            path.append(path[-1] - lr * surface.grad(path[-1]))
        return np.nan_to_num(surface.f(np.array(path)), nan=np.inf)


def learner_path(fn, surface, w, lr, shrink, c):
    """The descent (steps + 1, 1) with the step sizes that a learner's function returns."""
    path = [w]
    while len(path) <= STEPS and goes_on(surface, path):
        size = fn(surface.f, surface.grad, path[-1].copy(), lr, shrink, c)
        if size is None:
            raise ReturnedNothing
        path.append(path[-1] - size * surface.grad(path[-1]))
    return np.array(path)


def describe(w, slope, sizes, search, above):
    """Which step size is accepted at the ball, and how the descent ends."""
    if not slope:
        return "The ball is at a point where the slope is 0, so no step moves it."
    rejected = len(sizes) - 1
    first = f"At w = {decimals(w)} the slope is {significant(slope)}: "
    first += f"the first step size, {significant(sizes[0], 2)}, is accepted"
    if rejected:
        first = (
            f"At w = {decimals(w)} the slope is {significant(slope)}: "
            f"{plural(rejected, 'step size')} {'is' if rejected == 1 else 'are'} rejected, and "
            f"{significant(sizes[-1], 3)} is accepted"
        )
    steps = plural(len(above) - 1, "step")
    tried = f"{plural(search.count, 'step size')} {'is' if search.count == 1 else 'are'}"
    end = significant(above[-1], 2) if above[-1] > 1e-12 else "less than 1e-12"
    return (
        f"{first}. In {steps} of descent {tried} tried, and the loss ends {end} above its minimum."
    )
