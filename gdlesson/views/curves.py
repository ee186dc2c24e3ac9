"""A loss over one weight: the path on it, secants and the tangent."""

import numpy as np

from .landscape import Trail
from .paper import ball, in_sight, segments


class Curve:
    """A loss over one weight, with the path of a descent on it.

    tangent: draw the tangent at the ball. stairs: draw each step as the way across and the way
    down, a corner between them.
    """

    def __init__(self, ax, surface, palette, tangent=False, stairs=False):
        self.ax, self.surface = ax, surface
        _plot_loss(ax, surface, palette)
        self.trail = Trail(ax, palette)
        self.moving = [*self.trail.moving]
        self.progressive, self.keyframes = {**self.trail.progressive}, {}
        self.tangent = self.stairs = None
        if tangent:
            (self.tangent,) = ax.plot([], [], "-", color=palette.ball, lw=2.2, zorder=3)
            self.moving.append(self.tangent)
        if stairs:
            (self.stairs,) = ax.plot([], [], "--", color=palette.other, lw=1.2, zorder=3)
            self.moving.append(self.stairs)
            self.progressive[self.stairs] = 2

    def update(self, path):
        """path: a Path of one run over one weight."""
        points = np.column_stack([path.w[:, 0], path.loss])
        self.trail.update(points)
        self.keyframes = {**self.trail.keyframes}
        if self.tangent:
            with np.errstate(all="ignore"):  # a path may diverge
                slope = self.surface.grad(path.w)[:, 0]
                along = np.column_stack([np.ones_like(slope), slope])
                ends = segments(self.ax, points, along, 150)
            self.tangent.set_data(*ends[0].T)
            self.keyframes[self.tangent] = ends
        if self.stairs:
            stairs = np.repeat(points, 2, axis=0)[:-1]
            stairs[1::2, 0] = points[1:, 0]  # across at the old height, then down
            self.stairs.set_data(*in_sight(stairs, self.ax).T)


class Secants:
    """A curve, a tangent, and the secants of forward and central difference.

    The lines run across the whole axes.
    """

    def __init__(self, ax, palette):
        self.ax = ax
        (self.curve,) = ax.plot([], [], "-", color=palette.ink, lw=1.6, zorder=2)
        (self.tangent,) = ax.plot(
            [], [], "-", color=palette.ball, lw=5, alpha=0.35, zorder=2.5, label="tangent"
        )
        (self.forward,) = ax.plot(
            [], [], "o--", color=palette.path, lw=1.6, ms=12, mew=0, zorder=3, label="forward",
            markevery=[1],
        )  # fmt: skip
        (self.central,) = ax.plot(
            [], [], "s-", color=palette.other, lw=1.6, ms=6, mew=0, zorder=4, label="central",
            markevery=[1, 2],
        )  # fmt: skip
        self.ball = ball(ax, palette)
        self.moving = [self.curve, self.tangent, self.forward, self.central, self.ball]

    def update(self, points, slope, forward, central, curve):
        """points: (3, 2), at t − h, t and t + h. The three slopes. curve: (n, 2)."""
        left, middle, right = np.asarray(points, dtype=float)
        ends = np.array(self.ax.get_xlim())
        for line, rise, (x, y), through in [
            (self.tangent, slope, middle, []),
            (self.forward, forward, middle, [right]),
            (self.central, central, (left + right) / 2, [left, right]),
        ]:
            low, high = np.column_stack([ends, y + rise * (ends - x)])
            line.set_data(*np.transpose([low, *through, high]))
        self.ball.set_data(*middle[:, None])
        self.curve.set_data(*np.transpose(curve))


def _plot_loss(ax, surface, palette):
    """A loss over one weight, all of it inside the axes."""
    w = np.linspace(*surface.domain[0], 401)
    loss = surface.f(w[:, None])
    margin = 0.08 * np.ptp(loss)
    ax.set(xlim=surface.domain[0], ylim=(loss.min() - margin, loss.max() + margin))
    ax.plot(w, loss, color=palette.ink, lw=1.6, zorder=2)
