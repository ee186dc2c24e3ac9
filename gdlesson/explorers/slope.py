"""The explorer of lesson 01: a slope from a nudge, and how far off it is."""

import math

import numpy as np

from ..formatting import bracketed, decimals, minus, significant
from ..live.controls import choice, powers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..views import Crosses, ErrorOverSpacing, Formula, Line, Nudge, Panel, Row, Secants
from .base import Explorer
from .learner import LearnerText
from .records import Views
from .slope_errors import (
    SPACINGS,
    as_errors,
    describe_errors,
    differences,
    magnified,
    measured,
)


def f_parabola(t):
    return t * t


def f_cubic(t):
    return t * t * t - 3 * t


CURVES = {  # name → formula, f, its derivatives at t (f itself first), limits of t, f and the point
    "parabola": (
        "t²", f_parabola, lambda t: np.array([t * t, 2 * t, 2.0]),
        (-3.0, 3.0), (-1.5, 9.3), (-2.0, 2.0), 1.5,
    ),
    "cubic": (
        "t³ − 3t", f_cubic, lambda t: np.array([f_cubic(t), 3 * t * t - 3, 6 * t, 6.0]),
        (-2.5, 2.5), (-8.5, 8.5), (-1.5, 1.5), -1.2,
    ),
    "exponential": (
        "eᵗ", np.exp, lambda t: np.array([np.exp(t)] * 18), (-3.0, 2.0), (-1.5, 8.0), (-2.0, 1.0),
        1.0,
    ),
}  # fmt: skip
RIGHT, BOTH = "to the right", "to both sides"
SECANT, ERROR = "the secant", "its error"
LEAST = {SECANT: -3, ERROR: -16}  # powers of ten: the smallest nudge of each picture
GRID = 0.02  # of the power, so that an arrow key, four pixels, moves the second point of a secant

rise_over_run_question = Prediction(
    question=(
        "On the curve of t² we draw the line through two points, one at t = 1.5 and one at "
        "t = 2.5. Its rise is 6.25 − 2.25 = 4 and its run is 1, so rise over run is 4. Now the "
        "second point moves along the curve towards the first one. What happens to rise over run?"
    ),
    choices=(
        "It goes to 0, because the rise goes to 0.",
        "It grows without limit, because the run goes to 0.",
        "It comes ever closer to 3.",
        "It stays 4, because rise and run become smaller together.",
    ),
    answer="It comes ever closer to 3.",
    because=(
        "Here rise over run is 3 + h, where h is the run: 4 for h = 1, 3.1 for h = 0.1, 3.01 for "
        "h = 0.01. Rise and run both go to 0, but their ratio does not."
    ),
    about={"curve": "parabola", "t": 1.5, "h": 0.001},
    name="rise_over_run",
)


class ErrorText(LearnerText):
    """A learner's error is drawn and not compared: the lesson asks on which line it lies."""

    def same(self):
        return f" The crosses show the {self.noun} of your function."

    different = same


class Slope(Explorer):
    """A nudge on a curve: the secant and the tangent, or the errors of two differences."""

    primary = "h"
    redrawn_by = adapts_to = ("curve", "picture")
    learner_text = ErrorText("error")

    def make_controls(self):
        low, high = CURVES["parabola"][5]
        return {
            "curve": choice(CURVES),
            "nudge": choice([RIGHT, BOTH], description="nudge"),
            "h": powers("size of the nudge h", 1.0, LEAST[SECANT], 0, GRID, readout_format=".2g"),
            "t": slider("point t", 1.5, low, high, width=420),
            "picture": choice([SECANT, ERROR], description="picture of"),
        }

    def adapt(self, before, after):
        *_, (low, high), first = CURVES[after["curve"]]
        first = first if after["curve"] != before["curve"] else after["t"]
        least = LEAST[after["picture"]]
        return {
            "t": {"min": low, "max": high, "value": first},
            "h": {"min": least, "value": max(after["h"], 10.0**least)},
        }

    def disabled(self, values):
        return ("nudge",) if values["picture"] == ERROR else ()

    def draw(self, page, curve, picture):
        text, f, _, across, up, *_ = CURVES[curve]
        draw = _draw_secant if picture == SECANT else _draw_error
        return draw(page, self.on_drag("t"), self.drag_second, text, f, across, up)

    def drag_second(self, x, _):
        """The second point, or the triangle of the errors, is dragged to this place."""
        values = self.values
        self.move_to(h=x - values["t"] if values["picture"] == SECANT else x)

    def show(self, views, values):
        _, f, derivatives, *_ = CURVES[values["curve"]]
        t, nudge = values["t"], values["nudge"]
        h = float(f"{values['h']:.2g}")  # as the slider shows it
        known = derivatives(t)
        if values["picture"] == SECANT:
            left = t if nudge == RIGHT else t - h
            ends = np.array([[left, f(left)], [t + h, f(t + h)]])
            views.nudge.update((t, known[0]), known[1], ends)
            views.formula.update(*with_numbers(ends[:, 1], h, nudge))
            yours = " Your function's error is in the other picture." if self.learner else ""
            return describe(t, h, nudge, float(known[1]), ends) + yours
        heights = np.array([f(t - h), f(t), f(t + h)])
        found = differences(f, t, h)
        views.near.update(*magnified(f, t, h, known[1], heights, found))
        errors = np.abs(differences(f, t, SPACINGS) - known[1])
        views.errors.update(errors, h, np.abs(found - known[1]))
        views.formula.update(*central_with_numbers(heights[[0, 2]], h))
        yours = self.compare(
            views.yours,
            lambda fn: measured(fn, f, t),
            differences(f, t, SPACINGS)[1][:, None],
            lambda points: as_errors(points[:, 0], known[1]),
        )
        return describe_errors(CURVES[values["curve"]][0], t, h, known, found) + yours


def explore(after=None, mine=None, **values):
    """Explore the slope of a curve by nudges (lesson 01).

    after: a Prediction to answer or skip first. mine: your derivative(f, t, h), whose error is
    drawn as crosses. values: first values of the controls: curve, "parabola", "cubic" or
    "exponential"; nudge, "to the right" or "to both sides"; picture, "the secant" or "its error";
    h, the nudge, used with two digits, from 0.001 to 1 and for the error from 1e-16; t, the
    point, from −2 to 2, on the cubic from −1.5 to 1.5 and on the exponential from −2 to 1.
    Raises ValueError for other values.
    """
    return Slope(after, mine, **values)


def _draw_secant(page, move_point, move_second, text, f, across, up):
    formula, ax = page.panels(
        Line(), Panel(300, "t", f"f(t) = {text}", legend=Nudge.legend, labels="−5")
    )
    ax.set(xlim=across, ylim=up)
    t = np.linspace(*across, 301)
    ax.plot(t, f(t), color=page.palette.ink, lw=1.6, zorder=2)
    nudge = Nudge(ax, page.palette)
    return Views(
        [
            Handle(nudge.second, move_second, "second point", "x"),
            Handle(nudge.ball, move_point, "point t", "x"),
        ],
        nudge=nudge,
        formula=_formula(formula, page.palette),
    )


def _draw_error(page, move_point, move_second, text, f, across, up):
    legend, formula, near, error = page.panels(
        Line(breaks=False),
        Line(),
        Row(
            Panel(244, y=f"{text}, magnified to h", labels="0"),
            Panel(244, "nudge h", "error of the slope", labels="10⁻¹²"),
        ),
    )
    near.set(xlim=(-1.8, 1.8), ylim=(-2.2, 2.2), xticks=[-1, 0, 1], yticks=[])
    near.set_xticklabels(["t − h", "t", "t + h"])
    secants = Secants(near, page.palette)
    errors = ErrorOverSpacing(error, SPACINGS, page.palette)
    legend.legend(
        handles=[secants.tangent, secants.forward, secants.central],
        loc="center left", bbox_to_anchor=(0, 0.5), ncols=3,
    )  # fmt: skip
    yours = Crosses(error, page.palette, joined=False)
    yours.line.set_color(page.palette.ink)  # seen on the line of the central difference, too
    return Views(
        [Handle(errors.head, move_second, "nudge h", "x")],
        near=secants,
        errors=errors,
        formula=_formula(formula, page.palette),
        yours=yours,
    )


def _formula(ax, palette):
    formula = Formula(ax, palette)
    formula.text.set_color(palette.other)
    return formula


def with_numbers(ends, h, nudge):
    """Rise over run with its numbers, as many digits as h needs, and a shorter text.

    ends: (2,), the heights of the left and the right point.
    """
    run = h if nudge == RIGHT else 2 * h
    digits = int(np.clip(4 - math.log10(h), 4, 16))
    full, short = (_quotient(ends, run, h, most) for most in (digits, 6))
    return f"rise / run = {full}", full, short


def central_with_numbers(ends, h):
    """The central difference with its rule and its numbers, and shorter texts; ends as above."""
    rule = "(*f*(*t* + *h*) − *f*(*t* − *h*)) / 2*h* = "
    name, full, short = "central difference = ", *with_numbers(ends, h, BOTH)[1:]
    return name + rule + full, rule + full, name + full, full, short


def _quotient(ends, run, h, digits):
    """Rise over run with so many digits, without zeros at the end of both heights."""
    left, right = (minus(f"{height:.{digits}f}") for height in ends.tolist())
    while left[-1] == right[-1] == "0" and left[-3] != ".":
        left, right = left[:-1], right[:-1]
    slope = (ends[1] - ends[0]) / run
    slope = written_out(slope) if h > 0.0009 else significant(slope, 6)
    return f"({right} − {bracketed(left)}) / {run:.3g} = {slope}"


def written_out(x):
    """A number with four significant digits and no exponent, which the lesson explains later."""
    return minus(np.format_float_positional(x, 4, fractional=False, trim="-"))


def side(slope):
    """The side on which the curve goes down."""
    return "left" if slope > 0 else "right"


def which_way(slope):
    """The slope of the tangent with its sign, and which way is down."""
    if not slope:
        return "0: the tangent is level, and its slope shows no way down"
    digits = 2 if abs(slope) >= 0.005 else 4
    sign = ">" if slope > 0 else "<"
    return f"{decimals(slope, digits)} {sign} 0, so down is to the {side(slope)}"


def describe(t, h, nudge, slope, ends):
    """Rise over run of the secant, the slope of the tangent, and which way is down."""
    run, rise = h if nudge == RIGHT else 2 * h, float(ends[1, 1] - ends[0, 1])
    found = rise / run
    text = (
        f"With a nudge of h = {h:g} {nudge} the rise is {written_out(rise)} and the run "
        f"{run:g}, so rise over run is {written_out(found)}. At t = {decimals(t)} the slope of "
        f"the tangent is {which_way(slope)}."
    )
    if slope * found < 0:
        text += " The nudge is so large that rise over run has the wrong sign."
    return text
