"""A curve with the parabola that touches it at one point, and the loss after one step on both."""

import numpy as np

from .paper import SMALL, ball, legend_above

LEGEND = ("curve", "parabola")


class TouchingParabola:
    """A curve, a parabola with the same height and slope at the ball, and the ends of one step.

    places, heights: (n,) each, of the curve. limits: of the vertical axis.
    """

    legend = LEGEND

    def __init__(self, ax, places, heights, limits, palette):
        self.places, self.limits = places, limits
        (curve,) = ax.plot(places, heights, color=palette.ink, lw=1.8, zorder=2)
        ax.set(xlim=(places[0], places[-1]), ylim=limits)
        (self.parabola,) = ax.plot([], [], "--", color=palette.other, lw=2, zorder=3)
        self.ends = Ends(ax, palette)
        self.ball = ball(ax, palette)
        legend_above(ax, [curve, self.parabola], self.legend)
        self.moving = [self.parabola, *self.ends.moving, self.ball]

    def update(self, point, parabola, end):
        """point: (2,), the ball's. parabola: takes places (n,) and gives heights (n,), or None.

        end: (place, height on the curve, height on the parabola); nan is not drawn.
        """
        self.ball.set_data(*np.reshape(point, (2, 1)))
        self.parabola.set_data([], [])
        if parabola is not None:
            heights, (low, high) = parabola(self.places), self.limits
            seen = np.where((heights >= low) & (heights <= high), heights, np.nan)
            self.parabola.set_data(self.places, seen)
        self.ends.update(end, self.limits)


class LossAfterStep:
    """The loss after one step over the step size: on the curve, and on the parabola.

    A dotted line is at the loss before the step; `.head` can be dragged along the step size.
    sizes: (n,), the step sizes. limits: of the vertical axis.
    """

    legend = LEGEND

    def __init__(self, ax, sizes, limits, palette):
        self.sizes, self.limits = sizes, limits
        ax.set(xlim=(sizes[0], sizes[-1]), ylim=limits)
        ax.locator_params("x", nbins=5)
        (self.before,) = ax.plot([], [], ":", color=palette.ball, lw=1.4, zorder=2)
        self.name = ax.annotate(
            "", (sizes[-1], 0), (0, 3), textcoords="offset points", ha="right", va="bottom",
            color=palette.ball, fontsize=SMALL, annotation_clip=False, zorder=2,
        )  # fmt: skip
        (self.curve,) = ax.plot([], [], color=palette.ink, lw=1.8, zorder=3)
        (self.parabola,) = ax.plot([], [], "--", color=palette.other, lw=2, zorder=3)
        (self.head,) = ax.plot(
            [], [], "v-", color=palette.ball, lw=1.2, ms=10, mec=palette.paper, clip_on=False,
            markevery=[0], zorder=2.5,
        )  # fmt: skip
        self.marks = [ax.plot([], [], color=palette.other, lw=1.4, zorder=4)[0] for _ in range(2)]
        self.labels = [
            ax.annotate(
                "", (0, limits[0]), (4, 2), textcoords="offset points", va="bottom",
                color=palette.other, fontsize=SMALL, annotation_clip=False, zorder=4,
                bbox={"fc": palette.paper, "lw": 0, "pad": 0.8},  # readable where the head crosses
            )
            for _ in range(2)
        ]  # fmt: skip
        self.ends = Ends(ax, palette)
        legend_above(ax, [self.curve, self.parabola], self.legend)
        self.moving = [
            self.before, self.name, self.head, self.curve, self.parabola, *self.marks, *self.labels,
            *self.ends.moving,
        ]  # fmt: skip

    def update(self, before, curve, parabola, curvature, end):
        """before: the loss at the ball. curve, parabola: (n,), nan where nothing is drawn.

        curvature: of the parabola: ticks are at 1/L and 2/L if there are such places. end: as in
        `TouchingParabola.update`; its place is the step size.
        """
        low, high = self.limits
        self.before.set_data(self.sizes[[0, -1]], [before, before])
        self.name.set_text("before the step" if np.isfinite(before) else "")
        self.name.xy = (self.sizes[-1], before if np.isfinite(before) else low)
        self.curve.set_data(*shown(self.sizes, curve, self.limits))
        self.parabola.set_data(*shown(self.sizes, parabola, self.limits))
        self.head.set_data([end[0]] * 2, [high, low])
        self.ends.update(end, self.limits)
        names = zip(self.marks, self.labels, (1, 2), strict=True)
        for mark, label, times in names:
            there = 0 < curvature < np.inf and times / curvature <= self.sizes[-1]
            at = times / curvature if there else 0
            mark.set_data(
                [at, at] if there else [], [low, low + 0.05 * (high - low)] if there else []
            )
            label.set_text(f"{times}/L" if there else "")
            label.xy = (at, low)
            right = at < 0.93 * self.sizes[-1]  # of its mark, where there is space
            label.set(ha="left" if right else "right", x=4 if right else -4)


class Ends:
    """Where one step ends, on the curve and on the parabola, and the gap between the two."""

    def __init__(self, ax, palette):
        (self.gap,) = ax.plot([], [], "-", color=palette.path, lw=1.4, zorder=3.5)
        (self.predicted,) = ax.plot(
            [], [], "D", color=palette.paper, ms=7.5, mec=palette.other, mew=2, zorder=5
        )
        (self.real,) = ax.plot(
            [], [], "s", color=palette.path, ms=7.5, mec=palette.paper, mew=1.2, zorder=5
        )
        self.moving = [self.gap, self.predicted, self.real]

    def update(self, end, limits):
        """end: as in `TouchingParabola.update`."""
        place, real, predicted = end
        heights = in_reach([real, predicted], limits)
        both = np.isfinite(heights).all()
        self.gap.set_data([place] * 2 if both else [], heights if both else [])
        for marker, height in zip((self.real, self.predicted), heights, strict=True):
            seen = np.isfinite(height)
            marker.set_data([place] if seen else [], [height] if seen else [])


def shown(places, heights, limits):
    """The places and heights (n,) without those that are not numbers, the others within reach."""
    keep = np.isfinite(heights)
    return places[keep], in_reach(heights[keep], limits)


def in_reach(heights, limits):
    """Heights far outside the limits brought nearer, where they are still out of sight."""
    low, high = limits
    return np.clip(heights, low - (high - low), high + (high - low))
