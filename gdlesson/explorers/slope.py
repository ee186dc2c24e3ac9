"""The explorer of lesson 01: a slope from two points of a curve, and how far off it is."""

import math

import numpy as np

from ..formatting import bracketed, decimals, minus, significant
from ..live.controls import choice, powers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..views import Crosses, ErrorOverSpacing, Formula, Line, Panel, Row, Secants
from .base import Explorer
from .learner import LearnerText
from .records import Views


def _sine_derivatives(x):
    s, c = np.sin(x), np.cos(x)
    return np.array([s, c, -s, -c] * 4)


def _cubic_derivatives(x):
    return np.array([x * x * x - 3 * x, 3 * x * x - 3, 6 * x, 6.0])


def _quartic_derivatives(x):
    return np.array([f_quartic(x), 4 * x**3 - 6 * x + 1, 12 * x * x - 6, 24 * x, 24.0])


def f_cubic(x):
    return x * x * x - 3 * x


def f_quartic(x):
    return x**4 - 3 * x * x + x


CURVES = {  # name → formula, f, its derivatives at x (f itself first), where it is drawn, first x
    "sine": ("sin x", np.sin, _sine_derivatives, (-0.5, 6.5), 1.0),
    "cubic": ("x³ − 3x", f_cubic, _cubic_derivatives, (-2.2, 2.2), -1.5),
    "quartic": ("x⁴ − 3x² + x", f_quartic, _quartic_derivatives, (-2.0, 2.0), 1.5),
}
SPACINGS = 10.0 ** np.linspace(-16, 0, 161)  # the slider's grid: 1e-5, 1e-8 and 1e-15 are on it
FOR_FORWARD, FOR_CENTRAL = 10**-7.8, 10**-5.2  # its places next to √ε and to ε^⅓

halving_question = Prediction(
    question=(
        "We compute the slope of sin at x = 1 from two points of the curve, one at x and one at "
        "x + h. With h = 1e-8 the first eight digits are right. Now we halve h again and again, "
        "down to 1e-16. What happens to the error?"
    ),
    choices=(
        "It halves each time, because closer points give a better slope.",
        "It falls to about 1e-16 and stays there.",
        "It stays near 1e-8.",
        "It grows until no digit is right.",
    ),
    answer="It grows until no digit is right.",
    because=(
        "The smaller h is, the more leading digits f(x + h) and f(x) have in common. A computer "
        "stores about sixteen digits of each, so their difference has only the remaining ones: "
        "none at h = 1e-16."
    ),
    about={"curve": "sine", "h": 1e-16},
    name="halving",
)


class Slope(Explorer):
    """A slope from two points: the secants, at two magnifications, and their errors."""

    primary = "h"
    redrawn_by = adapts_to = ("curve",)
    picture_only = ("x",)
    learner_text = LearnerText("error")

    def make_controls(self):
        return {
            "curve": choice(CURVES),
            "h": powers("spacing h", 1.0, -16, 0, 0.1, readout_format=".1e"),
            "x": slider("point x", 1.0, -0.5, 6.5),
        }

    def buttons(self):
        return {
            "Best h for forward": lambda: self.set(h=FOR_FORWARD),
            "Best h for central": lambda: self.set(h=FOR_CENTRAL),
        }

    def adapt(self, before, after):
        *_, (low, high), first = CURVES[after["curve"]]
        return {"x": {"min": low, "max": high, "value": first}}

    def draw(self, page, curve):
        name, f, _, (low, high), _ = CURVES[curve]
        legend, formula, far, near, error = page.panels(
            Line(),
            Line(),
            Row(
                Row(
                    Panel(244, "x", f"f(x) = {name}"),
                    Panel(244, y="magnified to h", labels=""),
                    together=True,
                    width=2,
                ),
                Panel(244, "spacing h", "error", labels="10⁻¹²"),
            ),
        )
        x = np.linspace(low, high, 301)
        far.plot(x, f(x), color=page.palette.ink, lw=1.6, zorder=2)
        far.set_xlim(low, high)
        far.margins(y=0.12)
        far.autoscale_view(scalex=False)
        far.set_autoscale_on(False)
        near.set(xlim=(-1.8, 1.8), ylim=(-2.2, 2.2), xticks=[-1, 0, 1], yticks=[])
        near.set_xticklabels(["x − h", "x", "x + h"])
        secants = Secants(far, page.palette)
        errors = ErrorOverSpacing(error, SPACINGS, page.palette)
        legend.legend(
            handles=[secants.tangent, secants.forward, secants.central],
            loc="center left", bbox_to_anchor=(0, 0.5), ncols=3,
        )  # fmt: skip
        numbers = Formula(formula, page.palette)
        numbers.text.set_color(page.palette.other)
        return Views(
            [
                Handle(secants.ball, self.on_drag("x"), "point x", "x"),
                Handle(errors.head, self.on_drag("h"), "spacing h", "x"),
            ],
            far=secants,
            near=Secants(near, page.palette, curve=True, arrow=False),
            errors=errors,
            formula=numbers,
            yours=Crosses(error, page.palette),
        )

    def show(self, views, values):
        _, f, derivatives, *_ = CURVES[values["curve"]]
        x, h = values["x"], values["h"]
        known = derivatives(x)
        heights = np.array([f(x - h), f(x), f(x + h)])
        found = differences(f, x, h)
        views.far.update(np.column_stack([[x - h, x, x + h], heights]), known[1], *found)
        views.near.update(*magnified(f, x, h, known[1], heights, found))
        errors = np.abs(differences(f, x, SPACINGS) - known[1])
        views.errors.update(errors, h, np.abs(found - known[1]))
        views.formula.update(*with_numbers(heights, h, found[1]))
        share = np.minimum(1, SPACINGS / 1e-6)  # below 1e-6 right answers differ by their rounding
        yours = self.compare(
            views.yours,
            lambda fn: rises(fn, f, x, share),
            (differences(f, x, SPACINGS)[1] * share)[:, None],
            lambda points: as_errors(points[:, 0] / share[: len(points)], known[1]),
        )
        return describe(x, h, known, found) + yours


def explore(after=None, mine=None, **values):
    """Explore the slope of a curve from two of its points (lesson 01).

    after: a Prediction to answer or skip first. mine: your derivative(f, x, h), whose error is
    drawn as crosses. values: first values of the controls: curve, "sine", "cubic" or "quartic"; h,
    the spacing, from 1e-16 to 1; x, from −0.5 to 6.5 on the sine, −2.2 to 2.2 on the cubic and
    −2 to 2 on the quartic. Raises ValueError for other values.
    """
    return Slope(after, mine, **values)


def magnified(f, x, h, slope, heights, found):
    """What `Secants.update` takes for the curve within 1.8 h of x, heights measured from f(x).

    heights: f at x − h, x and x + h. found: forward and central difference. The unit of the heights
    is chosen so that curve and lines fit.
    """
    s = np.linspace(-1.8, 1.8, 181)
    curve = (f(x + s * h) - heights[1]) / h
    unit = max(1.2 * abs(slope), np.abs(curve).max() / 1.8, 0.05)
    points = np.column_stack([[-1, 0, 1], (heights - heights[1]) / h / unit])
    slopes = np.array([slope, *found]) / unit
    return points, *slopes, np.column_stack([s, curve / unit])


def as_errors(slopes, slope):
    """Points (spacing, error) of slopes measured at the first of the spacings, every fifth."""
    error = np.clip(np.abs(slopes - slope), ErrorOverSpacing.floor, 30)
    return np.column_stack([SPACINGS[: len(slopes)], error])[::5]


def differences(f, x, h):
    """Forward and central difference, (f(x + h) − f(x))/h and (f(x + h) − f(x − h))/2h: (2, …)."""
    return np.array([(f(x + h) - f(x)) / h, (f(x + h) - f(x - h)) / (2 * h)])


def rises(fn, f, x, share):
    """fn(f, x, h) at all spacings, each times its share, (n, 1); None if fn returns nothing."""
    slopes = [fn(f, x, float(h)) for h in SPACINGS]
    if any(slope is None for slope in slopes):
        return None
    return [[slope * each] for slope, each in zip(slopes, share, strict=True)]


def truncation(derivatives, h):
    """The truncation errors of forward and central difference, by Taylor's series: (2,)."""
    terms = [d * h ** (k - 1) / math.factorial(k) for k, d in enumerate(derivatives) if k > 1]
    return np.array([sum(terms), sum(terms[1::2])])


def with_numbers(heights, h, slope):
    """The central difference with its numbers, as many digits as h needs, and shorter texts."""
    left, _, right = heights
    rule = "central: (*f*(*x* + *h*) − *f*(*x* − *h*)) / 2*h* = "

    def numbers(digits):
        second = bracketed(minus(f"{left:.{digits}f}"))
        return (
            f"({minus(f'{right:.{digits}f}')} − {second}) / {2 * h:.3g} = {significant(slope, 6)}"
        )

    full = numbers(int(np.clip(4 - math.log10(h), 4, 16)))
    return rule + full, "central: " + full, full, numbers(6)


def side(slope):
    """The side on which the curve goes down."""
    return "left" if slope > 0 else "right"


def describe(x, h, known, found):
    """The slope, which way is down, and the errors of the two differences with their cause."""
    slope = float(known[1])
    digits = 2 if abs(slope) >= 0.005 or not slope else 4
    if slope:
        sign = ">" if slope > 0 else "<"
        text = f"the slope is {decimals(slope, digits)} {sign} 0, so down is to the {side(slope)}"
    else:
        text = "the slope is 0, so neither side is down"
    parts = []
    for name, value, missing in zip(
        ("forward", "central"), found, truncation(known, h), strict=True
    ):
        error = value - slope
        cause = "truncation" if abs(missing) > abs(error - missing) else "rounding"
        off = f"is off by {significant(abs(error), 2)} ({cause})" if error else "is exact"
        if slope * value < 0:
            off += f" and points down to the {side(value)}"
        parts.append(f"the {name} difference {off}")
    text = f"At x = {decimals(x)} {text}. With h = {h:.2g}, {parts[0]}, and {parts[1]}."
    if x + h == x:
        text += " Here x + h is rounded to x, because the sixteen digits of x + h do not reach h."
    return text
