"""Charts next to a landscape: the loss over the steps, the regimes, the state per coordinate."""

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon

from .glyphs import text_width
from .paper import NORMAL, legend_above, log_axis

ITALIC = {**{chr(97 + i): chr(0x1D44E + i) for i in range(26)}, "h": "ℎ", "β": "𝛽", "ε": "𝜀"}


class LossOverSteps:
    """The loss after each step, measured as dots and predicted as a broad band.

    last: the right end of the axis, in steps or in the unit of `update`'s `at`. On a log scale a
    loss below the floor, such as 0, leaves the axes downwards; a linear scale goes from 0 to the
    ceiling. predicted: whether there is a prediction, and so a legend.
    """

    legend = ("predicted", "measured")

    def __init__(
        self, ax, last, palette, floor=1e-12, ceiling=1e6, log=True, predicted=True
    ):  # fmt: skip
        self.floor, self.ceiling, self.log = floor, ceiling, log
        ax.set_xlim(-0.02 * last, max(1, last) * 1.02)
        if log:
            log_axis(ax.yaxis, floor / 8, ceiling, every=3)
        else:
            ax.set_ylim(-0.02 * ceiling, ceiling)
        ax.grid(axis="y")
        (self.predicted,) = ax.plot(
            [], [], "-", color=palette.ball, lw=7, alpha=0.35, label=self.legend[0], zorder=3
        )
        (self.measured,) = ax.plot(
            [], [], "o-", color=palette.path, lw=1.4, ms=3.5, label=self.legend[1], zorder=4
        )
        if predicted:
            legend_above(ax, [self.predicted, self.measured])
        self.moving = [self.predicted, self.measured]
        self.progressive = {self.measured: 1}

    def update(self, loss, predicted=None, at=None):
        """loss and predicted: (n,) each, or none predicted. at: (n,), their places: 0, 1, …"""
        at = np.arange(len(loss)) if at is None else np.asarray(at)
        for line, values in [(self.measured, loss), (self.predicted, predicted)]:
            values = np.empty(0) if values is None else np.asarray(values)
            keep = values < 1e3 * self.ceiling  # beyond, and for nan, the line has left the picture
            keep = np.logical_and.accumulate(keep)
            seen = values[keep]
            if self.log:
                seen = np.maximum(seen, 1e-300)
            line.set_data(at[: len(values)][keep], seen)


class RegimeStrip:
    """The step sizes from 0 to 3/L in three stretches, ticks at 1/L and 2/L, and the one in use."""

    def __init__(self, ax, curvature, palette):
        borders = np.arange(4) / curvature
        names = ("monotone", "oscillating", "divergent")
        for left, right, name, colour in zip(
            borders, borders[1:], names, palette.regimes, strict=False
        ):
            ax.axvspan(left, right, color=colour, lw=0)
            # at the left, where the mark of a first step size in the middle does not cross it
            ax.annotate(name, (left, 0.5), (6, 0), textcoords="offset points", va="center",
                        fontsize=NORMAL, color=palette.ink)  # fmt: skip
        ax.set(xlim=(0, borders[3]), ylim=(0, 1), yticks=[], xticks=borders[:3])
        ax.set_xticklabels(["0", f"1/L = {borders[1]:.3f}", f"2/L = {borders[2]:.3f}"])
        ax.spines["left"].set_visible(False)
        self.end = borders[3]
        (self.mark,) = ax.plot([], [], color=palette.ball, lw=1.6, zorder=5)
        (self.head,) = ax.plot(
            [], [], "v", color=palette.ball, ms=10, mec=palette.paper, clip_on=False, zorder=6
        )
        self.moving = [self.mark, self.head]

    def update(self, lr):
        lr = min(lr, self.end)
        self.mark.set_data([lr, lr], [0, 1])
        self.head.set_data([lr], [1.12])


class Rivals:
    """Several descents on the same axes, each with a colour, a dash and a marker at its end.

    They are played together, frame by frame, however many updates each has made by then. On a log
    axis a height of 0 is drawn at the floor. straight: no descent is drawn but a line, which moves.
    """

    def __init__(self, ax, palette, straight=False):
        styles = [(palette.ball, "--", "s", 2.2, 7), (palette.path, "-", "o", 2.0, 8),
                  (palette.ink, "-", "^", 0.6, 8)]  # fmt: skip
        self.ax, self.straight, self.lines, self.ends = ax, straight, [], []
        for i, (colour, dash, marker, wide, size) in enumerate(styles):
            order = (5.2, 5.4, 5.0)[i]  # the thin one lies below
            wide = max(wide, 1.3) if straight else wide
            (line,) = ax.plot([], [], dash, color=colour, lw=wide, zorder=order)
            (end,) = ax.plot(
                [], [], marker, color=colour, ms=size, mec=palette.paper, mew=1, zorder=6 + i / 10
            )
            line.set_antialiased(straight or i < 2)  # thousands of soft edges make a large picture
            self.lines.append(line)
            self.ends.append(end)
        self.moving = self.lines if straight else [*self.lines, *self.ends]
        self.progressive, self.keyframes = {}, {}

    def update(self, paths):
        """paths: for each of three (frames, points a frame, 2), the first of one point repeated.

        With `straight`, (frames, 2, 2): the ends of the line after each frame.
        """
        self.progressive, self.keyframes = {}, {}
        for path, line, end in zip(paths, self.lines, self.ends, strict=True):
            if self.straight:
                line.set_data(*path[-1].T)
                self.keyframes[line] = path
                continue
            each = path.shape[1]
            points = self._seen(path.reshape(-1, 2)[each - 1 :])
            line.set_data(*points.T)
            end.set_data(*points[-1:].T)
            self.progressive[line] = each
            self.keyframes[end] = points[::each, None]

    def _seen(self, points):
        """The same points, those far outside drawn where they are out of sight."""
        low, high = np.array([self.ax.get_xlim(), self.ax.get_ylim()]).T
        if self.ax.get_yscale() == "log":
            points = np.where(points == 0, low, points)
            low, high = low * (1, 1e-3), high * (1, 1e3)
        else:
            low, high = low - 20 * (high - low), high + 20 * (high - low)
        return np.clip(np.nan_to_num(points, nan=np.inf), low, high)


class Boxes:
    """A number of each coordinate as a square with that side, or as a bar of that height.

    names: of the coordinates. largest: the number that fills the axes.
    """

    def __init__(self, ax, names, palette, largest=1.0, square=True):
        self.square, self.largest = square, largest
        places = np.arange(len(names))
        most = 1.05 * ax.bbox.height * len(names) / ax.bbox.width  # no square overlaps the next
        top = largest * (max(1.08, most) if square else 1.08)
        ax.set(xlim=(-0.6, len(names) - 0.4), ylim=(0, top), xticks=places)
        ax.set_xticklabels(names)
        across, up = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
        self.ratio = up / across  # a side in units of x to the same side in units of y
        colours = (palette.path, palette.ball, palette.other)
        self.boxes = [
            ax.add_patch(Polygon(np.zeros((5, 2)), closed=True, fc=colours[i % 3], ec=palette.ink,
                                 lw=1, alpha=0.8, zorder=3))
            for i in places
        ]  # fmt: skip
        self.moving, self.keyframes = [*self.boxes], {}

    def update(self, values):
        """values: (d,), or (steps + 1, d), of which the last are shown. All at least 0."""
        values = np.minimum(np.atleast_2d(values), 1e3 * self.largest)
        self.keyframes = {}
        for i, (box, value) in enumerate(zip(self.boxes, values.T, strict=True)):
            half = value * self.ratio / 2 if self.square else np.full_like(value, 0.3)
            left, right, zero = i - half, i + half, np.zeros_like(value)
            corners = [(left, zero), (right, zero), (right, value), (left, value), (left, zero)]
            frames = np.moveaxis(np.array(corners), 2, 0)
            box.set_xy(frames[-1])
            if len(frames) > 1:
                self.keyframes[box] = frames


class Formula:
    """A formula with numbers in it, its variables in italics, never wider than its axes.

    ax: an empty panel, a `Line`. `update` takes the formula from the longest to the shortest way
    to write it and shows the first that fits; the last is broken if it has to be, at its equals
    sign where that is enough.
    """

    size = 10.8  # points: 15 pixels

    def __init__(self, ax, palette):
        self.width, self.dpi = ax.bbox.width, ax.figure.dpi
        self.font = FontProperties(
            family=["DejaVu Sans", "DejaVu Serif", "STIXGeneral"], size=self.size
        )
        self.text = ax.annotate(
            "", (0, 1), (0, 0), "axes fraction", "offset points", va="top", color=palette.ink,
            fontproperties=self.font, annotation_clip=False, linespacing=1.3,
        )  # fmt: skip
        self.moving = [self.text]

    def update(self, *ways):
        """ways: the formula, then shorter ways to write it. `*w*` is a variable."""
        ways = [italic(way) for way in ways]
        fitting = (way for way in ways if self._fits(way))
        self.text.set_text(next(fitting, None) or self._broken(ways[-1]))

    def _fits(self, line):
        return text_width(line, self.font, self.dpi) <= self.width

    def _broken(self, way):
        """The formula in two lines or, at any space, in as many as it needs."""
        lines = "\n= ".join(way.rsplit(" = ", 1)).split("\n")
        if not all(map(self._fits, lines)):
            lines = [""]
            for word in way.split(" "):
                longer = f"{lines[-1]} {word}".strip()
                lines[-1:] = [longer] if self._fits(longer) else [lines[-1], word]
        return "\n".join(lines)


def italic(formula):
    """`*w* ← 2` with the letters between stars in italics."""
    parts = formula.split("*")
    parts[1::2] = ["".join(ITALIC.get(char, char) for char in part) for part in parts[1::2]]
    return "".join(parts)
