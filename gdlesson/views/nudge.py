"""A nudge on a curve, and the rectangle that grows when its sides are nudged."""

import numpy as np
from matplotlib.patches import Polygon

from .paper import NORMAL, arrows, ball, legend_above

APART = 34  # pixels: a label is written where there is this much space


class Nudge:
    """A curve, its tangent at a point, and the secant through two points near it: `.second`.

    Run and rise of the secant are the legs of a triangle. An arrow at the point shows the way down.
    """

    legend = ("tangent", "secant")

    def __init__(self, ax, palette):
        self.ax = ax
        (self.tangent,) = ax.plot([], [], "-", color=palette.ball, lw=5, alpha=0.35, zorder=2.5)
        (self.secant,) = ax.plot([], [], "-", color=palette.path, lw=1.6, zorder=3)
        (self.legs,) = ax.plot([], [], "--", color=palette.other, lw=1.4, zorder=3)
        (self.first,) = ax.plot([], [], "o", color=palette.path, ms=8, mew=0, zorder=5)
        self.second = ball(ax, palette)
        self.second.set(color=palette.path, markersize=11, zorder=5)
        (self.arrow,) = ax.plot([], [], "-", color=palette.ball, lw=2.4, zorder=5.5)
        self.ball = ball(ax, palette)
        self.run, self.rise = (
            ax.annotate("", (0, 0), off, "data", "offset points", color=palette.other, ha=ha,
                        va=va, fontsize=NORMAL, zorder=4, annotation_clip=True)
            for off, ha, va in [((0, -4), "center", "top"), ((6, 0), "left", "center")]
        )  # fmt: skip
        legend_above(ax, [self.tangent, self.secant], self.legend)
        self.moving = [self.tangent, self.secant, self.legs, self.first, self.second, self.arrow,
                       self.ball, self.run, self.rise]  # fmt: skip

    def update(self, here, slope, ends):
        """here: (2,), the point. slope: of the tangent there. ends: (2, 2), of the secant."""
        (x0, y0), (x1, y1) = ends
        across = np.array(self.ax.get_xlim())
        self.tangent.set_data(across, here[1] + slope * (across - here[0]))
        self.secant.set_data(across, y0 + (y1 - y0) / (x1 - x0) * (across - x0))
        self.legs.set_data([x0, x1, x1], [y0, y0, y1])
        self.first.set_data([x0], [y0])
        self.second.set_data([x1], [y1])
        self.ball.set_data([here[0]], [here[1]])
        down = -np.sign(slope) * np.array([[1.0, slope]])
        self.arrow.set_data(*arrows(self.ax, np.array([here]), down, 58)[0].T)
        wide, high = np.abs(np.diff(self.ax.transData.transform(ends), axis=0)[0])
        self._label(self.run, "run", ((x0 + x1) / 2, y0), wide > APART)
        self._label(self.rise, "rise", (x1, (y0 + y1) / 2), wide > APART and high > APART / 2)
        edge = self.ax.transData.transform((x1, y1))[0] > self.ax.bbox.x1 - APART
        self.rise.set(ha="right" if edge else "left", position=(-6 if edge else 6, 0))
        self.run.set(va="top" if y1 >= y0 else "bottom", position=(0, -4 if y1 >= y0 else 4))

    def _label(self, label, text, place, shown):
        low, high = self.ax.get_ylim()
        label.xy = place
        label.set_text(text if shown and low < place[1] < high else "")


class GrowingRectangle:
    """A rectangle, the two strips by which it grows, and the corner: `.corner` can be dragged.

    names: of width and height, and of what each grows by, written along the edges.
    """

    def __init__(self, ax, palette, names=("", "", "", "")):
        self.ax, self.names = ax, names
        colours = (palette.high, palette.path, palette.ball, palette.other)
        self.parts = [
            ax.add_patch(Polygon(np.zeros((5, 2)), closed=True, fc=colour, ec=palette.ink, lw=1,
                                 alpha=0.8, zorder=3))
            for colour in colours
        ]  # fmt: skip
        self.corner = ball(ax, palette)
        self.labels = [
            ax.annotate("", (0, 0), off, "data", "offset points", color=palette.ink, ha=ha, va=va,
                        fontsize=NORMAL, zorder=4)
            for off, ha, va in 2 * [((0, 3), "center", "bottom"), ((5, 0), "left", "center")]
        ]  # fmt: skip
        self.moving = [*self.parts, *self.labels, self.corner]

    def update(self, sides, growth):
        """sides: (2,), width and height. growth: (2,), by how much each grows."""
        (u, v), (du, dv) = sides, growth
        places = [(0, 0, u, v), (0, v, u, dv), (u, 0, du, v), (u, v, du, dv)]
        for part, (x, y, w, h) in zip(self.parts, places, strict=True):
            part.set_xy([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)])
        self.corner.set_data([u + du], [v + dv])
        places = [(u / 2, v + dv), (u + du, v / 2), (u + du / 2, v + dv), (u + du, v + dv / 2)]
        wide, high = np.diff(self.ax.transData.transform([(0, 0), (du, dv)]), axis=0)[0]
        shown = (True, True, wide > APART, high > APART / 2)
        for label, name, place, seen in zip(self.labels, self.names, places, shown, strict=True):
            label.xy = place
            label.set_text(name if seen else "")
