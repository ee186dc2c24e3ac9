"""The second explorer of lesson 05: a chord over a curve, and what convex means."""

from ..formatting import decimals, significant
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..surfaces import Surface, catalogue
from ..views import Chord as ChordOnCurve
from ..views import Panel
from .base import Explorer
from .penguin_line import BEST, LINE
from .records import Views

POINT = 0.005  # ends that are closer are one point


def _over_w():
    """The loss of the line through the standardised penguins over w alone, with the best b."""

    def lines(w):
        return w * [1.0, 0.0] + [0.0, BEST[1]]

    return Surface(
        name="penguins",
        f=lambda w: LINE.f(lines(w)),
        grad=lambda w: LINE.grad(lines(w))[..., :1],
        domain=((-1.0, 2.8),),
        minima=BEST[None, :1],
        start=BEST[:1],
        source="lesson 05",
    )


CURVES = {"penguins": _over_w(), "wavy": catalogue["quartic"]}
ENDS = {"penguins": (-0.5, 2.0), "wavy": (-1.5, 1.25)}  # of the first chord


class Chord(Explorer):
    """A curve, and a chord between two points on it that can be dragged."""

    redrawn_by = adapts_to = ("loss",)
    picture_only = ("left", "right")

    def make_controls(self):
        low, high = CURVES["penguins"].domain[0]
        left, right = ENDS["penguins"]
        return {
            "loss": choice(CURVES),
            "left": slider("left point", left, low, high),
            "right": slider("right point", right, low, high),
        }

    def adapt(self, before, after):
        low, high = CURVES[after["loss"]].domain[0]
        left, right = ENDS[after["loss"]]
        limits = {"min": low, "max": high}
        return {"left": {**limits, "value": left}, "right": {**limits, "value": right}}

    def draw(self, page, loss):
        (ax,) = page.panels(Panel(246, "w", "loss", labels="−0.5"))
        chord = ChordOnCurve(ax, CURVES[loss], page.palette)
        left, right = chord.points
        return Views(
            [
                Handle(left, self.on_drag("left"), "one end of the chord", "x"),
                Handle(right, self.on_drag("right"), "the other end of the chord", "x"),
            ],
            chord=chord,
        )

    def show(self, views, values):
        ends = sorted((values["left"], values["right"]))
        return describe(ends, views.chord.update([values["left"], values["right"]]))


def chord(**values):
    """Explore chords over the loss of the penguins, and over a wavy curve (lesson 05).

    values: first values of the controls: loss, "penguins" or "wavy"; left and right, the ends of
    the chord, from −1 to 2.8 on the first and from −2 to 2 on the second. Raises ValueError for
    other values.
    """
    return Chord(**values)


def describe(ends, gap):
    """Where the chord is above and below its curve. gap: chord − curve, along the chord."""
    left, right = ends
    if right - left < POINT:
        return "Both ends of the chord are at the same point. Drag them apart to draw a chord."
    above, below = distance(gap.max()), distance(-gap.min())
    between = f"Between w = {decimals(left)} and w = {decimals(right)} the chord lies"
    if gap.min() >= -1e-12:
        return f"{between} above the curve everywhere, by up to {above}."
    part = f", and above it by up to {above} elsewhere" if gap.max() > POINT else ""
    return f"{between} below the curve by up to {below}{part}, so the curve is not convex."


def distance(gap):
    return decimals(gap) if gap >= POINT else significant(gap, 1)
