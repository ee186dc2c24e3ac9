"""The second explorer of lesson 03: the parabola under the ball, and what it predicts."""

import math
from functools import cache

import numpy as np

from ..checking.probes import numbers
from ..formatting import decimals, significant
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..surfaces import catalogue
from ..views import LossAfterStep, Panel, Row, TouchingParabola
from .base import Explorer
from .local_parabola_numerics import Place, Sample
from .records import Views

CURVES = {  # name → surface, its formula over w, first w, first and largest step size
    "two valleys": (catalogue["quartic"], "w⁴ − 3w² + w", 1.8, 0.05, 0.2),
    "parabola": (catalogue["parabola"], "w²", 1.5, 0.3, 1.5),
    "plateau": (catalogue["plateau"], "w²/(1 + w²)", 0.5, 1.0, 4.0),
    "corner": (catalogue["absolute value"], "|w|", 1.5, 1.0, 3.0),
    "waves": (catalogue["Forrester"], "(6w − 2)² sin(12w − 4)", 0.65, 0.001, 0.01),
}
YOURS = "yours"
HERE, LARGEST = "at the ball", "largest in the picture"
SAMPLES = 1601  # places at which a curve is evaluated for its picture and its largest curvature
SIZES = 161  # step sizes between 0 and the largest


class LocalParabola(Explorer):
    """A ball on a curve, the parabola that touches the curve there, and one step on both."""

    primary = "lr"
    redrawn_by = adapts_to = ("curve",)
    picture_only = ("w",)

    def __init__(self, f=None, domain=(-3.0, 3.0), after=None, **values):
        self.domain = domain
        super().__init__(after, f, **values)

    def make_controls(self):
        names = [*CURVES, YOURS] if self.learner else list(CURVES)
        first = names[-1 if self.learner else 0]
        lr, w = self._ranges(first).values()
        return {
            "curve": choice(names, first),
            "curvature": choice((HERE, LARGEST), description="curvature"),
            "lr": slider("step size lr", lr["value"], lr["min"], lr["max"], lr["step"],
                         readout_format=lr["readout_format"]),
            "w": slider("position w", w["value"], w["min"], w["max"], w["step"]),
        }  # fmt: skip

    def buttons(self):
        return {"lr = 1/L": self.to_lowest, "Take the step": self.take_step}

    def to_lowest(self):
        """Set the step size to 1/L, where the parabola is lowest, if it has such a place."""
        place, curvature = self.place(self.values)
        if place is not None and 0 < curvature < math.inf:
            self.set(lr=min(1 / curvature, self.controls["lr"].max))

    def take_step(self):
        """Move the ball to where the step ends, if this is in the picture."""
        place, _ = self.place(self.values)
        ball = self.controls["w"]
        if place is not None and ball.min <= place.after(self.values["lr"]) <= ball.max:
            self.set(w=place.after(self.values["lr"]))

    def adapt(self, before, after):
        return self._ranges(after["curve"])

    def draw(self, page, curve):
        sample, _ = self.sample(curve)
        formula = CURVES[curve][1] if curve in CURVES else "f(w)"
        left, right = page.panels(
            Row(
                Panel(272, "w", f"loss {formula}", TouchingParabola.legend),
                Panel(272, "step size lr", "loss after one step", LossAfterStep.legend),
            )
        )
        sample = sample or Sample(np.linspace(*self.domain, 2), np.full(2, np.nan))
        sizes = np.linspace(0, self.controls["lr"].max, SIZES)
        curve = TouchingParabola(left, sample.w, sample.f, sample.limits, page.palette)
        after = LossAfterStep(right, sizes, sample.limits, page.palette)
        return Views(
            [
                Handle(curve.ball, self.on_drag("w"), "ball", "x"),
                Handle(after.head, self.on_drag("lr"), "step size", "x"),
            ],
            curve=curve,
            after=after,
        )

    def show(self, views, values):
        lr, sizes = values["lr"], views.after.sizes
        sample, why = self.sample(values["curve"])
        place, curvature = self.place(values)
        if why or place is None:
            views.curve.update((values["w"], np.mean(views.curve.limits)), None, (np.nan,) * 3)
            nothing = np.full(len(sizes), np.nan)
            views.after.update(np.nan, nothing, nothing, 0, (lr, np.nan, np.nan))
            return f"Your curve is not drawn: {why or 'it could not be evaluated at the ball'}."
        at = np.append(sizes, lr)
        real = self.losses(values["curve"], place.after(at), sample)
        fits = math.isfinite(curvature)
        predicted = place.predicted(at, curvature) if fits else np.full(len(at), np.nan)
        predicted = np.where(np.isfinite(real), predicted, np.nan)
        views.curve.update(
            (place.w, place.f),
            (lambda w: place.parabola(w, curvature)) if fits else None,
            (place.after(lr), real[-1], predicted[-1]),
        )
        views.after.update(
            place.f, real[:-1], predicted[:-1], curvature, (lr, real[-1], predicted[-1])
        )
        fall = place.f - real[-1], place.f - predicted[-1]
        if values["curvature"] == LARGEST:
            return describe_guarantee(place, lr, curvature, *sample.steady(*fall))
        return describe_prediction(place, lr, *sample.steady(*fall))

    def place(self, values):
        """The `Place` of the ball or None, and the curvature of the parabola that is drawn."""
        sample, why = self.sample(values["curve"])
        if why:
            return None, math.nan
        w, h = values["w"], sample.h
        heights = self.losses(values["curve"], w + h * np.array([-1, 0, 1]), sample)
        if not np.isfinite(heights).all():
            return None, math.nan
        place = Place.of(w, heights, sample)
        return place, sample.largest if values["curvature"] == LARGEST else place.curvature

    def losses(self, curve, w, sample):
        """The losses (n,) at places (n,), nan where they are outside the picture or no numbers."""
        inside = (w >= sample.w[0]) & (w <= sample.w[-1])
        found = np.full(len(w), np.nan)
        heights, why = self._evaluate(curve, w[inside])
        if not why:
            found[inside] = heights
        return found

    def sample(self, curve):
        """The `Sample` of a curve and "", or None and why there is none."""
        if curve in CURVES:
            return sample_of(curve), ""
        w = np.linspace(*self.domain, SAMPLES)
        heights, why = self._evaluate(curve, w, key="sample")
        if why:
            return None, why
        missing = ~np.isfinite(heights)
        if missing.all():
            return None, "the function returned no numbers"
        if missing.any():
            where = decimals(w[missing][0])
            return None, f"at w = {where} it has no finite value, so another domain is needed"
        return Sample(w, heights), ""

    def _evaluate(self, curve, w, key=None):
        if curve in CURVES:
            return CURVES[curve][0].f(w[:, None]), ""
        return self.learner.call(lambda fn: one_by_one(fn, w), key)

    def _start(self):
        """The ball's first place on your curve: where the curve bends upwards, if there is one."""
        low, high = self.domain
        places = low + (high - low) * np.array([0.8, 0.7, 0.9, 0.6, 0.3, 0.2, 0.4, 0.1])
        h = 1e-3 * (high - low)
        heights, why = self._evaluate(YOURS, np.concatenate([places - h, places, places + h]))
        left, middle, right = np.reshape(heights, (3, -1)) if not why else np.zeros((3, 8))
        with np.errstate(invalid="ignore"):
            upwards = left - 2 * middle + right > 0
        return float(places[np.argmax(upwards)])

    def _ranges(self, curve):
        """The range and first value of the step size and of the ball on a curve, as traits."""
        if curve in CURVES:
            surface, _, w, lr, most = CURVES[curve]
            low, high = surface.domain[0]
        else:
            low, high = self.domain
            sample, _ = self.sample(curve)
            most = sample.reach if sample else 1.0
            w, lr = self._start(), most / 10
        step = 10.0 ** math.floor(math.log10(most) - 1.95)
        margin = 0.01 * (high - low)  # so that the curve can be measured on both sides of the ball
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        return {
            "lr": {"min": 0.0, "max": most, "step": step, "readout_format": f".{digits}f",
                   "value": lr},
            "w": {"min": low + margin, "max": high - margin, "step": (high - low) / 500,
                  "value": w},
        }  # fmt: skip


def explore(f=None, domain=(-3.0, 3.0), after=None, **values):
    """Explore the parabola that touches a curve at the ball, and the step it predicts (lesson 03).

    f: your own curve, a function of one number; domain: the smallest and the largest w at which it
    is drawn. after: a Prediction to answer or skip first. values: first values of the controls:
    curve, "two valleys", "parabola", "plateau", "corner", "waves" or, with f, "yours"; curvature
    of the parabola, "at the ball" or "largest in the picture"; lr, the step size, from 0 to a limit
    of the curve; w, the position of the ball. Raises ValueError for other values.
    """
    if f is not None and not callable(f):
        raise ValueError(f"f must be a function of one number, got {f!r}")
    try:
        low, high = (float(end) for end in domain)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"domain must be two numbers, the smaller one first, got {domain!r}")
    return LocalParabola(f, (low, high), after, **values)


@cache
def sample_of(curve):
    """The `Sample` of a curve of the catalogue."""
    surface = CURVES[curve][0]
    w = np.linspace(*surface.domain[0], SAMPLES)
    return Sample(w, surface.f(w[:, None]))


def one_by_one(fn, places):
    """fn at each place (n,), as floats; nan where it has no number."""
    return np.array([value(fn, float(w)) for w in places])


def value(fn, w):
    """fn(w) as a float, nan where it has no number, such as the logarithm of −1."""
    try:
        y = numbers(fn(w))
    except (ArithmeticError, ValueError):
        return math.nan
    return y.item() if y is not None and y.size == 1 else math.nan


def change(fall):
    """A change of the loss in words: "falls by 0.2", "rises by 0.1" or "does not change"."""
    if not fall:
        return "does not change"
    return f"{'falls' if fall > 0 else 'rises'} by {significant(abs(fall))}"


def describe_prediction(place, lr, real, predicted):
    """What the parabola at the ball predicts of this step, and what happens. In two sentences.

    real, predicted: how far the loss falls; real is nan where the step leaves the picture.
    """
    here = f"At w = {decimals(place.w)} the slope is {significant(place.slope)} and the curvature "
    if place.curvature == math.inf:
        return f"At w = {decimals(place.w)} the curve has a corner, so no parabola fits it there."
    here += significant(place.curvature)
    if not place.slope:
        return f"{here}. The slope is 0, so no step moves the ball."
    if place.curvature < 0:
        here += ", so the parabola opens downwards and has no lowest point"
    if place.curvature == 0:
        here += ", so the parabola is a straight line"
    if not math.isfinite(real):
        return f"{here}. With step size {significant(lr)} the ball leaves the picture."
    join = "and" if np.sign(real) == np.sign(predicted) else "but"
    return (
        f"{here}. With step size {significant(lr)} the parabola predicts that the loss "
        f"{change(predicted)}, {join} it {change(real)}."
    )


def describe_guarantee(place, lr, largest, real, least):
    """What the largest curvature guarantees of this step, and what happens. In two sentences.

    real: how far the loss falls, nan where the step leaves the picture. least: how far it falls
    at least.
    """
    if largest == math.inf:
        return (
            "The curve has a corner, or bends more sharply than can be measured. So there is no "
            "largest curvature, and no fall of the loss is guaranteed."
        )
    limit = f", so 2/L is {significant(2 / largest)}" if largest > 0 else ""
    bound = f"Everywhere in the picture the curvature is at most L = {significant(largest)}{limit}."
    if not place.slope:
        return f"{bound} The slope at the ball is 0, so no step moves it."
    size = f"With step size {significant(lr)}"
    if not math.isfinite(real):
        return f"{bound} {size} the ball leaves the picture, so nothing is guaranteed."
    if least > 0:
        return (
            f"{bound} {size} the loss is guaranteed to fall by at least {significant(least)}, and "
            f"it {change(real)}."
        )
    if least == 0:
        return f"{bound} {size} the loss is guaranteed not to rise, and it {change(real)}."
    join = "but" if real > 0 else "and"
    return f"{bound} {size} no fall is guaranteed, {join} the loss {change(real)}."
