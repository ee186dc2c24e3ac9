"""Room of lesson 01: how a slope tells where down is."""

import math

import numpy as np

from ..formatting import vector
from ..live.controls import choice, powers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..views import ErrorOverSpacing, Secants, axes_at
from .legacy import Formula, LegacyExplorer, Mine


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
        "We measure the slope of sin at x = 1 from two points of the curve, one at x and one h to "
        "its right. With h = 1e-8 the result is right to eight digits. Now we halve h again and "
        "again, down to 1e-16. What happens to the error?"
    ),
    choices=(
        "It halves each time: closer points, better slope.",
        "It falls to about 1e-16 and stays there.",
        "It stays near 1e-8.",
        "It grows, until no digit is right.",
    ),
    answer="It grows, until no digit is right.",
    because=(
        "The two heights agree in more and more digits. A computer keeps sixteen of them, and "
        "their difference has only the digits that are left: at h = 1e-16 none."
    ),
    about={"curve": "sine", "h": 1e-16},
)


class Slope(LegacyExplorer):
    """A slope measured from two points: the secants, seen near and far, and their errors."""

    height, narrow_height = 398, 734
    primary = "h"
    redrawn_by = ("curve",)
    picture_only = ("x",)

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine, noun="error")
        super().__init__(after, **values)

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

    def adapt(self, name):
        *_, (low, high), first = CURVES[self.controls["curve"].value]
        x = self.controls["x"]
        x.min, x.max = min(low, x.min), max(high, x.max)  # so that neither passes the other
        x.value = first
        x.min, x.max = low, high

    def draw(self, figure, palette, values):
        name, f, _, (low, high), _ = CURVES[values["curve"]]
        left, gap, top = 46, 44, 106
        room = self.width - left - 18
        if self.narrow:
            half, tall = (room - gap) // 2, 236
            places = [(left, top, half), (left + half + gap, top, half), (left, 434, room)]
        else:
            third, tall = (room - 2 * gap) // 3, 244
            places = [(left + i * (third + gap), top, third) for i in range(3)]
        labels = [("x", f"f(x) = {name}"), ("", "magnified to h"), ("spacing h", "error")]
        far, near, error = (
            axes_at(figure, x, y, width, tall, palette, *label)
            for (x, y, width), label in zip(places, labels, strict=True)
        )
        x = np.linspace(low, high, 301)
        far.plot(x, f(x), color=palette.ink, lw=1.6, zorder=2)
        far.set_xlim(low, high)
        far.margins(y=0.12)
        far.autoscale_view(scalex=False)
        far.set_autoscale_on(False)
        near.set(xlim=(-1.8, 1.8), ylim=(-2.2, 2.2), xticks=[-1, 0, 1], yticks=[])
        near.set_xticklabels(["x − h", "x", "x + h"])
        self.far, self.near = Secants(far, palette), Secants(near, palette, curve=True, arrow=False)
        self.errors = ErrorOverSpacing(error, SPACINGS, palette)
        self.formula = Formula(far, (6 - left, 40 - top), room + left, palette)
        self.formula.text.set_color(palette.other)
        figure.legend(
            handles=[self.far.tangent, self.far.forward, self.far.central], loc="upper left",
            bbox_to_anchor=(0, 1), ncols=3, frameon=False, labelcolor=palette.ink, fontsize=9.4,
            borderaxespad=0.3, handlelength=2.6,
        )  # fmt: skip
        views = [self.far, self.near, self.errors, self.formula]
        return [*views, self.mine.on(error, palette)], [
            Handle(self.far.ball, lambda x, y: self.set(x=round(x, 2)), "point x", "x"),
            Handle(self.errors.head, self.drag_spacing, "spacing h", "x"),
        ]

    def drag_spacing(self, h, y):
        self.set(h=10 ** np.clip(round(10 * math.log10(h)) / 10, -16, 0))

    def show(self, values):
        _, f, derivatives, *_ = CURVES[values["curve"]]
        x, h = values["x"], values["h"]
        known = derivatives(x)
        heights = np.array([f(x - h), f(x), f(x + h)])
        found = differences(f, x, h)
        self.far.update(np.column_stack([[x - h, x, x + h], heights]), known[1], *found)
        self._magnify(f, x, h, known[1], heights, found)
        errors = np.abs(differences(f, x, SPACINGS) - known[1])
        self.errors.update(errors, h, np.abs(found - known[1]))
        self.formula.update(*with_numbers(heights, h, found[1]))
        share = np.minimum(1, SPACINGS / 1e-6)  # below 1e-6 right answers differ by their rounding
        mine = self.mine.update(
            lambda fn: rises(fn, f, x, share),
            (differences(f, x, SPACINGS)[1] * share)[:, None],
            lambda points: self._as_errors(points[:, 0] / share[: len(points)], known[1]),
        )
        return describe(x, h, known, found) + mine

    def _magnify(self, f, x, h, slope, heights, found):
        """The same within 1.8 h of x, all heights measured from f(x) in a unit that fits."""
        s = np.linspace(-1.8, 1.8, 181)
        curve = (f(x + s * h) - heights[1]) / h
        unit = max(1.2 * abs(slope), np.abs(curve).max() / 1.8, 0.05)
        points = np.column_stack([[-1, 0, 1], (heights - heights[1]) / h / unit])
        slopes = np.array([slope, *found]) / unit
        self.near.update(points, *slopes, np.column_stack([s, curve / unit]))

    def _as_errors(self, slopes, slope):
        shown = slice(None, None, 5)
        error = np.clip(np.abs(slopes - slope), self.errors.floor, 30)
        return np.column_stack([SPACINGS[: len(slopes)], error])[shown]


def explore(after=None, mine=None, **values):
    """The explorer of lesson 01.

    after: a Prediction to answer or skip first. mine: your derivative(f, x, h), whose error is
    drawn beside the package's. values: controls to begin with, by name.
    """
    return Slope(after, mine, **values)


def differences(f, x, h):
    """Forward and central difference, (f(x + h) − f(x))/h and (f(x + h) − f(x − h))/2h: (2, …)."""
    return np.array([(f(x + h) - f(x)) / h, (f(x + h) - f(x - h)) / (2 * h)])


def rises(fn, f, x, share):
    """fn(f, x, h) at all spacings, each times its share, (n, 1); None where nothing comes back."""
    slopes = [fn(f, x, float(h)) for h in SPACINGS]
    if any(slope is None for slope in slopes):
        return None
    return [[slope * each] for slope, each in zip(slopes, share, strict=True)]


def truncation(derivatives, h):
    """What is missing in forward and central difference before rounding, by Taylor: (2,)."""
    terms = [d * h ** (k - 1) / math.factorial(k) for k, d in enumerate(derivatives) if k > 1]
    return np.array([sum(terms), sum(terms[1::2])])


def with_numbers(heights, h, slope):
    """The central difference with its numbers, as many digits as h needs, and shorter ways."""
    left, _, right = heights
    rule = "central: (*f*(*x* + *h*) − *f*(*x* − *h*)) / 2*h* = "

    def numbers(digits):
        second = f"{left:.{digits}f}"
        second = f"({second})" if left < 0 else second
        return minus(f"({right:.{digits}f} − {second}) / {2 * h:.3g} = {slope:.6g}")

    full = numbers(int(np.clip(4 - math.log10(h), 4, 16)))
    return rule + full, "central: " + full, full, numbers(6)


def minus(text):
    """Numbers with a true minus sign, but for their exponents."""
    return text.replace("-", "−").replace("e−", "e-")


def side(slope):
    return "left" if slope > 0 else "right"


def describe(x, h, known, found):
    """The slope, which way is down, and how far off the two differences are, and why."""
    slope = float(known[1])
    digits = 2 if abs(slope) >= 0.005 or not slope else 4
    if slope:
        sign = ">" if slope > 0 else "<"
        said = f"the slope is {minus(f'{slope:.{digits}f}')} {sign} 0: down is to the {side(slope)}"
    else:
        said = "the slope is 0: flat, and neither side is down"
    short = truncation(known, h)
    parts = []
    for name, value, missing in zip(("forward", "central"), found, short, strict=True):
        error = value - slope
        rules = "truncation" if abs(missing) > abs(error - missing) else "rounding"
        off = f"off by {abs(error):.2g} ({rules})" if error else "exact"
        if slope * value < 0:
            off += f" and says down is to the {side(value)}"
        parts.append(f"{name} {off}")
    text = f"At x = {vector([x])} {said}. With h = {h:.2g}: {parts[0]}, {parts[1]}."
    if x + h == x:
        text += " Here x + h is x itself: sixteen digits have no room for h."
    return text
