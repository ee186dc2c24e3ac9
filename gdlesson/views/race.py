"""Many rules at once: curves of which two are highlighted, and intervals row by row."""

import numpy as np

from .paper import SMALL, log_axis


class Pack:
    """A curve for each of many rules, thin, and two of them highlighted: one solid, one dashed.

    ticks: of the vertical axis, which is logarithmic. progressive: let the curves be played point
    by point; otherwise the thin ones are one line with gaps, which is quicker. A curve that leaves
    the axes at the top is drawn a little beyond them, no farther.
    """

    def __init__(self, ax, count, palette, low, high, ticks, progressive=False):
        log_axis(ax.yaxis, low, high, ticks)
        ax.grid(axis="y")
        self.high = high
        self.lines = [
            ax.plot([], [], color=palette.faint, lw=0.9, zorder=2)[0]
            for _ in range(count if progressive else 1)
        ]
        (self.rival,) = ax.plot([], [], "s--", color=palette.ball, ms=4.5, lw=1.8, zorder=4)
        (self.picked,) = ax.plot([], [], "o-", color=palette.path, ms=4.5, lw=2, zorder=5)
        (self.place,) = ax.plot([], [], "o", color=palette.path, ms=12, mec=palette.paper, mew=1.6,
                                zorder=7)  # fmt: skip
        (self.other,) = ax.plot([], [], "s", color=palette.ball, ms=9, mec=palette.paper, mew=1.2,
                                zorder=6)  # fmt: skip
        self.moving = [*self.lines, self.rival, self.picked, self.other, self.place]
        self.progressive = (
            dict.fromkeys([*self.lines, self.rival, self.picked], 1) if progressive else {}
        )

    def update(self, x, curves, picked, rival, every=1, places=()):
        """curves: (count, n) over x (n,). every: points to a marker. places: (x, y) to mark."""
        curves = np.clip(curves, 1e-300, 30 * self.high)
        if self.progressive:
            for line, curve in zip(self.lines, curves, strict=True):
                line.set_data(x, curve)
        else:
            gaps = np.pad(curves, ((0, 0), (0, 1)), constant_values=np.nan)
            self.lines[0].set_data(np.tile(np.append(x, np.nan), len(curves)), gaps.ravel())
        for line, index in ((self.picked, picked), (self.rival, rival)):
            line.set_data(x, curves[index])
            line.set_markevery(every)
        for marker, place in zip((self.place, self.other), places, strict=False):
            marker.set_data([place[0]], [np.clip(place[1], 1e-300, self.high)])


class Intervals:
    """A row for each rule with its mean, an interval, and perhaps the results of single seeds.

    A rule that differs from the reference has an orange square, one that does not a hollow ring;
    the reference itself is a blue dot. ticks: of the axis, from end to end; what is beyond is
    drawn at its end.
    """

    def __init__(self, ax, rows, palette, ticks, zero=False):
        low, high = ticks[0], ticks[-1]
        ax.set(xlim=(low, high), xticks=ticks, ylim=(rows - 0.4, -0.6), yticks=[])
        ax.spines["left"].set_visible(False)
        self.limits = low, high
        for row in range(rows):
            ax.axhline(row, color=palette.faint, alpha=0.25, lw=0.6)
        if zero:
            ax.axvline(0, color=palette.ink, lw=1, zorder=2)
        left = ax.get_yaxis_transform()
        self.names = [
            ax.text(-0.02, row, "", transform=left, ha="right", va="center", fontsize=SMALL,
                    color=palette.ink)
            for row in range(rows)
        ]  # fmt: skip
        (self.dots,) = ax.plot([], [], "o", color=palette.faint, ms=3, mew=0, alpha=0.7, zorder=3)
        styles = {  # marker, its face, its edge and the line, its size
            "tie": ("o", palette.paper, palette.ink, 6),
            "apart": ("s", palette.ball, palette.ball, 6),
            "reference": ("o", palette.path, palette.path, 7),
        }
        self.lines, self.marks = {}, {}
        for kind, (mark, face, edge, size) in styles.items():
            (self.lines[kind],) = ax.plot([], [], color=edge, lw=1.6, zorder=4)
            (self.marks[kind],) = ax.plot(
                [], [], mark, color=face, mec=edge, mew=1.4, ms=size, zorder=5, clip_on=False
            )
        self.moving = [self.dots, *self.lines.values(), *self.marks.values(), *self.names]

    def update(self, names, means, ends, kinds, dots=()):
        """names, means and kinds, "tie", "apart" or "reference": (rows,). ends: (rows, 2).

        dots: (rows, seeds), or none.
        """
        means, ends = np.clip(means, *self.limits), np.clip(ends, *self.limits)
        rows, kinds = np.arange(len(names)), np.array(kinds)
        for name, text in zip(names, self.names, strict=True):
            text.set_text(name)
        for kind, line in self.lines.items():
            of = kinds == kind
            gaps = np.pad(ends[of], ((0, 0), (0, 1)), constant_values=np.nan)
            line.set_data(gaps.ravel(), np.repeat(rows[of], 3))
            self.marks[kind].set_data(means[of], rows[of])
        if len(dots):
            inside = np.clip(dots, *self.limits)
            self.dots.set_data(inside.ravel(), np.repeat(rows + 0.3, np.shape(dots)[1]))
