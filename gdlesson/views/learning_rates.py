"""Pictures of how a learning rate is chosen: by a range test, and by trying before a step."""

import numpy as np

from .paper import ball, legend_above, log_axis
from .parabola import in_reach


class RangeTest:
    """The loss of a range test over its learning rates, both on a log scale; `.head` is dragged.

    rates: (low, high), powers of ten. limits: of the loss. A triangle is where one whole run with a
    constant learning rate ended, the diamond is at the lowest loss of the test.
    """

    legend = ("range test", "its lowest", "sweep")

    def __init__(self, ax, rates, limits, palette):
        self.limits = limits
        log_axis(ax.xaxis, *rates)
        log_axis(ax.yaxis, *limits)
        ax.grid(axis="y")
        (self.test,) = ax.plot([], [], "-", color=palette.path, lw=1.8, zorder=3)
        (self.lowest,) = ax.plot(
            [], [], "D", color=palette.paper, ms=8, mec=palette.path, mew=2, zorder=5
        )
        (self.sweep,) = ax.plot(
            [], [], "^", color=palette.other, ms=7, mec=palette.paper, mew=0.8, zorder=4
        )
        (self.head,) = ax.plot(
            [], [], "v-", color=palette.ball, lw=1.6, ms=11, mec=palette.paper, clip_on=False,
            markevery=[0], zorder=4.5,
        )  # fmt: skip
        legend_above(ax, [self.test, self.lowest, self.sweep], self.legend)
        self.moving = [self.sweep, self.test, self.head, self.lowest]

    def update(self, rates, losses, lowest, lr, sweep=((), ())):
        """rates, losses: (n,). lowest: its index. sweep: learning rates and losses, or none."""
        self.test.set_data(rates, self._seen(losses))
        self.lowest.set_data(rates[[lowest]], losses[[lowest]])
        at, ends = (np.asarray(each, dtype=float) for each in sweep)
        inside = (ends >= self.limits[0]) & (ends <= self.limits[1])
        self.sweep.set_data(at[inside], ends[inside])
        self.head.set_data([lr, lr], self.limits[::-1])

    def _seen(self, losses):
        return np.clip(np.nan_to_num(losses, nan=np.inf), 1e-3 * self.limits[0],
                       1e3 * self.limits[1])  # fmt: skip


class TwoRuns:
    """Losses after each step on a log scale: one run as dots, and another one as a dashed line.

    steps: the right end. limits: of the loss. names: for a legend, of one run or of two.
    """

    def __init__(self, ax, steps, limits, palette, names=()):
        self.limits = limits
        ax.set_xlim(-0.02 * steps, 1.02 * steps)
        ax.xaxis.get_major_locator().set_params(integer=True)
        decades = np.log10(limits[1] / limits[0])
        log_axis(ax.yaxis, *limits, every=1 if decades < 9 else 3)
        ax.grid(axis="y")
        (self.other,) = ax.plot([], [], "--", color=palette.ball, lw=1.8, zorder=3)
        (self.run,) = ax.plot([], [], "o-", color=palette.path, lw=1.4, ms=3.5, zorder=4)
        if names:
            legend_above(ax, [self.run, self.other], names)
        self.moving = [self.other, self.run]
        self.progressive = {}

    def update(self, run, other=(), at=None):
        """run, other: (n,) losses after 0, 1, … steps, or after `at`; one may leave the axes."""
        for line, losses in ((self.run, run), (self.other, other)):
            losses = np.asarray(losses, dtype=float)
            keep = np.logical_and.accumulate(losses < 1e3 * self.limits[1])
            places = np.arange(len(losses)) if at is None else np.asarray(at)[: len(losses)]
            line.set_data(places[keep], np.maximum(losses[keep], 1e-3 * self.limits[0]))


class TriedSteps:
    """A curve, the tangent at the ball, the line of the condition, and the steps that are tried.

    places, heights: (n,) each, of the curve. limits: of the vertical axis.
    """

    legend = ("tangent", "limit", "rejected", "accepted")

    def __init__(self, ax, places, heights, limits, palette):
        self.limits, self.ends = limits, places[[0, -1]]
        ax.plot(places, heights, color=palette.ink, lw=1.8, zorder=2)
        ax.set(xlim=self.ends, ylim=limits)
        (self.tangent,) = ax.plot([], [], ":", color=palette.ball, lw=1.6, zorder=3)
        (self.limit,) = ax.plot([], [], "--", color=palette.other, lw=2, zorder=3)
        (self.rejected,) = ax.plot([], [], "x", color=palette.ink, ms=9, mew=2, zorder=4)
        (self.accepted,) = ax.plot(
            [], [], "s", color=palette.path, ms=9, mec=palette.paper, mew=1.2, zorder=5
        )
        self.ball = ball(ax, palette)
        legend_above(ax, [self.tangent, self.limit, self.rejected, self.accepted], self.legend)
        self.moving = [self.tangent, self.limit, self.rejected, self.accepted, self.ball]

    def update(self, point, slope, c, rejected, accepted):
        """point: (2,), the ball's. rejected: (k, 2), accepted: (2,), where the trials end."""
        w, loss = point
        self.ball.set_data([w], [loss])
        for line, share in ((self.tangent, 1.0), (self.limit, c)):
            heights = loss + share * slope * (self.ends - w)
            line.set_data(*_cut(self.ends, heights, self.limits))
        low, high = self.ends
        seen = np.array([p for p in (*rejected,) if low <= p[0] <= high and
                         self.limits[0] <= p[1] <= self.limits[1]]).reshape(-1, 2)  # fmt: skip
        self.rejected.set_data(*seen.T)
        inside = low <= accepted[0] <= high
        self.accepted.set_data(
            [accepted[0]] if inside else [], in_reach([accepted[1]], self.limits) if inside else []
        )


def _cut(places, heights, limits):
    """The part of a straight line, given by two points, that is between the limits."""
    (x0, x1), (y0, y1) = places, heights
    share = np.array([0.0, 1.0])
    if y0 != y1:
        cuts = np.sort((np.array(limits) - y0) / (y1 - y0))
        share = np.clip(cuts, 0, 1)
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
