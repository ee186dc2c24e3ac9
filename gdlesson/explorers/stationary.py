"""The second explorer of lesson 10: the signs of a random Hessian's eigenvalues."""

import numpy as np

from ..formatting import percent
from ..live.controls import integers, slider, stops
from ..live.figure import Handle
from ..views import Panel, Row
from ..views.spectrum import ShareOfNegative, Signs
from .base import Explorer
from .learner import LearnerText
from .random_hessians import count_minima, eigenvalues, hessian, semicircle_below
from .records import Views

SIZES = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 70, 100, 150, 200]
FAR = 1.2  # the largest shift


class LearnerWord(LearnerText):
    """How the picture speaks of the word that a learner's kind_of_point returns."""

    def same(self):
        return " Your kind_of_point returns the same word."

    def missing(self, why):
        return f" Your kind_of_point is not used: {why}."


class Stationary(Explorer):
    """A random Hessian at a stationary point: its curvatures, counted by their signs."""

    primary = "d"
    learner_text = LearnerWord()

    def make_controls(self):
        return {
            "d": stops("weights d", SIZES, 2),
            "shift": slider("shift", 0.0, -FAR, FAR, 0.05, 420),
            "number": integers("matrix", 1, 1, 40, width=300),
        }

    def draw(self, page):
        signs, share = page.panels(
            Row(
                Panel(250, "curvature", "one triangle for each direction", labels="0"),
                Panel(
                    250,
                    "shift",
                    "downward directions",
                    ShareOfNegative.legend,
                    labels="100 %",
                ),
            )
        )
        shares = ShareOfNegative(share, page.palette, FAR, lambda shift: semicircle_below(-shift))
        return Views(
            [Handle(shares.ball, self.on_drag("shift"), "shift", "x")],
            signs=Signs(signs, page.palette),
            shares=shares,
        )

    def show(self, views, values):
        d, number, shift = values["d"], values["number"], values["shift"]
        curvatures = eigenvalues(d, number)
        views.signs.update(curvatures, shift)
        views.shares.update(curvatures, shift)
        up = int(np.sum(curvatures + shift > 0))
        return f"{describe(d, up)} {often(*count_minima(d, shift))}{self.yours(values, up)}"

    def yours(self, values, up):
        """What a learner's kind_of_point returns for this Hessian, as a sentence."""
        if not self.learner:
            return ""
        d, number, shift = (values[name] for name in ("d", "number", "shift"))
        word, why = self.learner.call(lambda fn: fn(hessian(d, number, shift)), (d, number, shift))
        if why or not isinstance(word, str):
            return self.learner_text.missing(why or "it returned no word")
        if word == kind(d, up):
            return self.learner_text.same()
        return f' Your kind_of_point returns "{word}", which is not the same.'


def explore(after=None, mine=None, **values):
    """Explore the curvatures at a stationary point, with a random matrix as a model (lesson 10).

    after: a Prediction to answer or skip first. mine: your kind_of_point(hessian), whose answer is
    compared with the signs in the picture. values: first values of the controls: d, the number of
    weights, one of 1, 2, 3, 4, 5, 6, 8, 10, 15, … 200; shift, added to every curvature, from −1.2
    to 1.2; number, which of 40 random matrices it is. Raises ValueError for other values.
    """
    return Stationary(after, mine, **values)


def kind(d, up):
    """The kind of a stationary point with d curvatures, `up` of them positive, no other 0."""
    return "minimum" if up == d else "maximum" if up == 0 else "saddle"


def describe(d, up):
    """The signs of d curvatures, `up` of them positive, in a sentence."""
    so = f"so this stationary point is a {kind(d, up)}."
    if kind(d, up) != "saddle":
        sign = "positive" if up else "negative"
        every = {1: "The only curvature is", 2: "Both curvatures are"}.get(
            d, f"All {d} curvatures are"
        )
        return f"{every} {sign}, {so}"
    down = f"{d - up} {'is' if d - up == 1 else 'are'} negative ({percent((d - up) / d)})"
    return f"Of {d} curvatures, {down} and {up} {'is' if up == 1 else 'are'} positive, {so}"


def often(minima, n):
    """How many of n random Hessians with this size and shift are those of a minimum."""
    count = f"{minima:,} ({percent(minima / n)}) belong{'s' if minima == 1 else ''}"
    if minima in (0, n):
        count = "all belong" if minima else "none belongs"
    return f"Of {n:,} random Hessians with this size and shift, {count} to a minimum."
