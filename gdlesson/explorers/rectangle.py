"""The second explorer of lesson 01: a rectangle that grows, and the product rule."""

import numpy as np

from ..formatting import decimals, significant
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..views import Boxes, Formula, GrowingRectangle, Line, Panel, Row
from .base import Explorer
from .records import Views

SIDES = {  # name → sides at t, their slopes at t, names of the two sides
    "square": (lambda t: np.array([t, t]), lambda t: np.array([1.0, 1.0]), ("t", "t")),
    "rectangle": (lambda t: np.array([t, t * t]), lambda t: np.array([1.0, 2 * t]), ("t", "t²")),
}
PARTS = {  # what is written below the bars
    "square": ("upper strip\nt·h / h = t", "right strip\nh·t / h = t", "corner\nh·h / h = h"),
    "rectangle": ("upper strip\nu·Δv / h", "right strip\nΔu·v / h", "corner\nΔu·Δv / h"),
}
NAMES = {  # along the edges: of width and height, and of what each grows by
    "square": ("t", "t", "h", "h"),
    "rectangle": ("u", "v", "Δu", "Δv"),
}


class Rectangle(Explorer):
    """The area of a rectangle whose sides depend on t: what a nudge of t adds to it."""

    primary = "h"
    redrawn_by = ("sides",)

    def make_controls(self):
        return {
            "sides": choice(SIDES),
            "h": slider("nudge h", 0.5, 0.01, 1.0),
            "t": slider("t", 1.5, 0.5, 1.5, 0.1, width=360, readout_format=".1f"),
        }

    def draw(self, page, sides):
        sizes, _, (u, v) = SIDES[sides]
        largest = sizes(1.5) + pieces(sides, 1.5, 1.0)[0]
        square = sides == "square"
        formula, area, bars = page.panels(
            Line(),
            Row(
                Panel(250, f"width {u}" if square else f"width u = {u}",
                      f"height {v}" if square else f"height v = {v}", labels="0", width=0.55),
                # x: space for the second line of the bars' names
                Panel(250, x=" ", y="each part of the growth, divided by h", labels="0.0"),
            ),
        )  # fmt: skip
        up = 1.12 * largest[1]  # space for a name above the rectangle
        area.set(xlim=(0, 2.8), ylim=(0, up))
        if square:  # one scale on both axes
            across = up * area.bbox.width / area.bbox.height
            area.set(xlim=(0, across), xticks=[0, 1, 2], yticks=[0, 1, 2])
        most = max(pieces(sides, 1.5, 1.0)[1])  # h is 1 there
        grown = GrowingRectangle(area, page.palette, NAMES[sides])
        return Views(
            [Handle(grown.corner, self.drag_corner, "corner", "x")],
            grown=grown,
            parts=Boxes(bars, PARTS[sides], page.palette, most, square=False),
            formula=Formula(formula, page.palette),
        )

    def drag_corner(self, x, _):
        self.move_to(h=x - self.values["t"])  # both rectangles are t wide

    def show(self, views, values):
        sides, t, h = values["sides"], values["t"], values["h"]
        growth, parts = pieces(sides, t, h)
        views.grown.update(SIDES[sides][0](t), growth)
        views.parts.update(parts / h)
        views.formula.update(*with_numbers(parts, h))
        return describe(sides, t, h, parts)


def explore(after=None, **values):
    """Explore how the area of a square, and of a rectangle, grows with its sides (lesson 01).

    after: a Prediction to answer or skip first. values: first values of the controls: sides,
    "square" for t by t or "rectangle" for t by t²; t from 0.5 to 1.5; h, the nudge, from 0.01 to
    1. Raises ValueError for other values.
    """
    return Rectangle(after, **values)


def pieces(sides, t, h):
    """By how much the sides grow, (2,), and the areas of upper strip, right strip, corner, (3,)."""
    sizes = SIDES[sides][0]
    u, v = sizes(t)
    du, dv = growth = sizes(t + h) - sizes(t)
    return growth, np.array([u * dv, du * v, du * dv])


def with_numbers(parts, h):
    """The growth divided by h, part by part, and shorter texts."""
    total = significant(parts.sum(), 4)
    numbers = " + ".join(significant(part / h, 4) for part in parts)
    ending = f"{numbers} = {significant(parts.sum() / h, 4)}"
    return f"growth / *h* = {total} / {h:.3g} = {ending}", f"growth / *h* = {ending}", ending


def describe(sides, t, h, parts):
    """The growth of the area, the same divided by h, and what this approaches."""
    sizes, slopes, (u, v) = SIDES[sides]
    name = "square" if sides == "square" else f"rectangle with sides {u} and {v}"
    limit = sizes(t) @ slopes(t)[::-1]
    behave = "stay" if sides == "square" else "approach"
    added, rate = significant(parts.sum(), 4), significant(parts.sum() / h, 4)
    return (
        f"At t = {decimals(t, 1)} a nudge of h = {h:.3g} adds {added} to the area of the {name}; "
        f"divided by h, this is {rate}. As h becomes smaller, the strips' parts "
        f"together {behave} {significant(limit, 4)}, and the corner's part goes to 0."
    )
