"""The share of the distance that two methods leave after a step, for every curvature."""

import numpy as np

from .paper import DPI, SMALL, ball, legend_above


class ShareOverCurvature:
    """The share left after a step over lr·λ, of two methods: one dashed, one solid.

    Two upright lines mark the smallest and the largest curvature in use; on each of them a circle
    or a square shows what either method leaves, or a triangle at the top next to the second line
    that it is above the picture. A dark ball below the second line can be dragged.
    names: of the dashed and of the solid method. last: the right end of the axis.
    """

    bottom, top = -0.13, 1.3  # a share of 0 is above the ball

    def __init__(self, ax, palette, names, last=4.0):
        self.last = last
        self.pixel = last / (ax.bbox.width * DPI / ax.figure.dpi)
        self.at = np.unique(np.concatenate([np.linspace(0, last, 401), np.linspace(0, 0.1, 101)]))
        ax.set(xlim=(0, last), ylim=(self.bottom, self.top), xticks=range(5), yticks=(0, 0.5, 1))
        ax.axhspan(1, self.top, color=palette.regimes[2], lw=0)
        ax.text(
            0.6 * last, 1.06, "diverges", ha="center", va="center", fontsize=SMALL,
            color=palette.ink, bbox={"fc": palette.regimes[2], "lw": 0, "pad": 1},
        )  # fmt: skip
        (self.dashed,) = ax.plot([], [], "--", color=palette.ball, lw=2, zorder=3)
        (self.solid,) = ax.plot([], [], "-", color=palette.path, lw=2, zorder=3)
        self.marks, self.labels = [], []
        for name, height in (("lr·μ", -12), ("lr·L", -25)):  # apart, however close the lines are
            self.marks += ax.plot([], [], "-", color=palette.ink, lw=1, zorder=2)
            self.labels.append(
                ax.annotate(name, (0, self.top), (4, height), textcoords="offset points",
                            fontsize=SMALL, color=palette.ink, zorder=5,
                            bbox={"fc": palette.regimes[2], "lw": 0, "pad": 1})
            )  # fmt: skip
        (self.old,) = ax.plot([], [], "o", color=palette.ball, ms=8, mec=palette.paper, zorder=5)
        (self.new,) = ax.plot([], [], "s", color=palette.path, ms=8, mec=palette.paper, zorder=5)
        self.above = [
            ax.plot([], [], "^", color=color, ms=8, mec=palette.paper, zorder=5)[0]
            for color in (palette.ball, palette.path)
        ]
        self.ball = ball(ax, palette)
        self.ball.set_color(palette.ink)  # the dashed method has the colour of the other balls
        self.ball.set_markeredgecolor(palette.paper)
        self.ball.set_clip_on(False)
        legend_above(ax, [self.dashed, self.solid], names)
        self.moving = [
            *self.marks, *self.labels, self.dashed, self.solid, self.old, self.new,
            *self.above, self.ball,
        ]  # fmt: skip

    def update(self, dashed, solid, ends):
        """dashed, solid: functions of lr·λ, arrays to arrays. ends: (2,), lr·μ and lr·L."""
        ends = np.asarray(ends, float)
        space = ends[1] + 20 * self.pixel < self.last  # at the right of the second line
        left, right = (-12, 12) if space else (-30, -12)
        for line, points, beyond, side, share in [
            (self.dashed, self.old, self.above[0], left, dashed),
            (self.solid, self.new, self.above[1], right, solid),
        ]:
            values = share(self.at)
            seen = np.logical_and.accumulate(values < 1.5 * self.top)
            line.set_data(self.at[seen], values[seen])
            there = share(ends)
            points.set_data(ends[there <= self.top], there[there <= self.top])
            higher = ends[there > self.top] + side * self.pixel
            beyond.set_data(higher, np.full(higher.shape, self.top - 0.06))
        for mark, label, end in zip(self.marks, self.labels, ends, strict=True):
            mark.set_data([end, end], [self.bottom, self.top])
            width = 38 * self.pixel  # of a label; at the right end there is space below the curves
            low = end > self.last - width
            label.xy = (end - width, 0.7) if low else (end, self.top)
            label.get_bbox_patch().set_visible(not low)
        self.ball.set_data(ends[1:], [self.bottom])
