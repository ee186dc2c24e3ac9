"""Two descents compared: their losses on one chart, and one step of each, magnified."""

import numpy as np

from .paper import SMALL, legend_above, log_axis


class LossDuel:
    """The losses of two descents over their steps, on a log scale: one dashed, one solid.

    names: of the dashed and of the solid one. low, high: ends of the axis. every: the powers of
    ten from tick to tick.
    """

    def __init__(self, ax, steps, palette, names, low=1e-14, high=1e4, every=6):
        ax.set_xlim(-0.013 * steps, 1.013 * steps)
        log_axis(ax.yaxis, low, high, every=every)
        ax.grid(axis="y")
        (dashed,) = ax.plot([], [], "--", color=palette.ball, lw=1.5, label=names[0], zorder=4)
        (solid,) = ax.plot([], [], "-", color=palette.path, lw=1.8, label=names[1], zorder=3)
        self.lines, self.high = (dashed, solid), high
        legend_above(ax, self.lines, names)
        self.moving, self.progressive = [dashed, solid], {dashed: 1, solid: 1}

    def update(self, dashed, solid):
        """Both (steps + 1,). A loss that has left the picture is not drawn from there on."""
        for line, loss in zip(self.lines, (dashed, solid), strict=True):
            seen = np.logical_and.accumulate(loss < 1e4 * self.high)
            line.set_data(np.flatnonzero(seen), np.maximum(loss[seen], 1e-300))


class StepZoom:
    """One step with momentum, enlarged: what is carried on, and from its end two ways to go on.

    From a diamond a thick line leads to where the velocity alone would bring the point, a ring.
    From there a dashed line goes against the gradient measured at the diamond, where a thin copy
    of it shows its origin, and a solid line against the gradient measured at the ring. Both
    coordinates have one scale. A dotted line is the bottom of the valley.
    """

    legend = ("velocity", "−gradient here", "−gradient there")

    def __init__(self, ax, palette):
        self.ratio = ax.bbox.width / ax.bbox.height
        ax.set(xlim=(-self.ratio, self.ratio), ylim=(-1, 1), xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set(visible=True, color=palette.faint)
        (self.bottom,) = ax.plot([], [], ":", color=palette.ink, lw=1.4, zorder=1)
        self.name = ax.annotate(
            "bottom of the valley", (0, 0), (8, 4), textcoords="offset points", color=palette.ink,
            fontsize=SMALL, annotation_clip=True, zorder=1,
        )  # fmt: skip
        (self.carried,) = ax.plot([], [], "-", color=palette.faint, lw=6, zorder=2)
        (self.echo,) = ax.plot([], [], "--", color=palette.ball, lw=1.2, zorder=3)
        (self.before,) = ax.plot([], [], "--", color=palette.ball, lw=2.2, zorder=3)
        (self.ahead,) = ax.plot([], [], "-", color=palette.path, lw=2.2, zorder=3)
        (self.here,) = ax.plot([], [], "D", color=palette.ink, ms=9, mec=palette.paper, zorder=5)
        (self.ring,) = ax.plot([], [], "o", color=palette.paper, ms=11, mec=palette.ink, mew=1.8,
                               zorder=4)  # fmt: skip
        (self.old,) = ax.plot([], [], "o", color=palette.ball, ms=9, mec=palette.paper, zorder=5)
        (self.new,) = ax.plot([], [], "s", color=palette.path, ms=9, mec=palette.paper, zorder=5)
        legend_above(ax, [self.carried, self.before, self.ahead], self.legend)
        self.moving = [self.bottom, self.name, self.carried, self.echo, self.before, self.ahead,
                       self.ring, self.here, self.old, self.new]  # fmt: skip

    def update(self, carried, before, ahead, height=0.0):
        """Each (2,), in the coordinates of the weights, from the diamond. height: of the diamond
        above the bottom of the valley."""
        points = np.array([np.zeros(2), carried, before, ahead, np.subtract(before, carried)])
        middle = (points.max(axis=0) + points.min(axis=0)) / 2
        size = np.abs(points - middle) / (self.ratio, 1)
        scale = 0.82 / max(size.max(), 1e-300)
        here, ring, old, new, echo = (points - middle) * scale
        for line, ends in [
            (self.carried, [here, ring]), (self.before, [ring, old]), (self.ahead, [ring, new]),
            (self.echo, [here, echo]),
            (self.here, [here]), (self.ring, [ring]), (self.old, [old]), (self.new, [new]),
        ]:  # fmt: skip
            line.set_data(*np.transpose(ends))
        low = float(np.clip((-height - middle[1]) * scale, -9, 9))  # beyond 1 it is not in sight
        self.bottom.set_data([-self.ratio, self.ratio], [low, low])
        close = [x for x, y in (here, ring, old, new) if abs(y - low) < 0.3]
        right = bool(close) and sum(close) < 0  # the name is where fewer marks are
        self.name.xy = (self.ratio if right else -self.ratio, low)
        self.name.set(x=-8 if right else 8, ha="right" if right else "left")
