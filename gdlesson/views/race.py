"""Many rules at once: curves of which two are highlighted, and the standings seed by seed."""

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


class Standings:
    """A row for each rule, best first, with a dot for the loss of each seed and a bar, the median.

    The highlighted rules have dots of their own colour and shape. What is beyond the axis is drawn
    at its end.
    """

    def __init__(self, ax, rows, palette, low, high, ticks):
        log_axis(ax.xaxis, low, high, ticks)
        ax.set(ylim=(rows - 0.4, -0.6), yticks=[])
        ax.spines["left"].set_visible(False)
        self.limits = low, high
        left = ax.get_yaxis_transform()
        for row in range(rows):
            ax.axhline(row, color=palette.faint, alpha=0.25, lw=0.6)
        self.names = [
            ax.text(-0.02, row, "", transform=left, ha="right", va="center", fontsize=SMALL,
                    color=palette.ink)
            for row in range(rows)
        ]  # fmt: skip
        styles = (("o", palette.faint, 3.5), ("s", palette.ball, 4.5), ("o", palette.path, 5))
        self.dots = [
            ax.plot(
                [], [], mark, color=colour, ms=size, zorder=3 + i, alpha=0.85, mew=0, clip_on=False
            )[0]
            for i, (mark, colour, size) in enumerate(styles)
        ]
        (self.medians,) = ax.plot(
            [], [], "|", color=palette.ink, ms=15, mew=1.8, zorder=7, clip_on=False
        )
        self.moving = [*self.dots, self.medians, *self.names]

    def update(self, names, losses, picked, rival):
        """names and losses (rows, seeds), best first. picked, rival: two of the names."""
        losses = np.clip(losses, *self.limits)
        rows = np.repeat(np.arange(len(names)), losses.shape[1]).reshape(losses.shape)
        for name, text in zip(names, self.names, strict=False):
            text.set_text(name)
        for text in self.names[len(names) :]:
            text.set_text("")
        style = np.array([(name == picked) * 2 or int(name == rival) for name in names])
        for i, dots in enumerate(self.dots):
            dots.set_data(losses[style == i].ravel(), rows[style == i].ravel())
        self.medians.set_data(np.median(losses, axis=1), np.arange(len(names)))
