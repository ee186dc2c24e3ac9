"""Descent by single examples: where many runs end, and how their loss falls to its floor."""

import numpy as np

from .landscape import Contours
from .paper import SMALL, legend_above, log_axis


class RunCloud(Contours):
    """Lines of equal loss, one whole run, the ends of all runs, and batch descent."""

    @staticmethod
    def legend(runs):
        return "one run", f"ends of {runs} runs", "batch"

    def __init__(self, ax, surface, palette, runs):
        super().__init__(ax, surface, palette, levels=6, filled=False)
        self.trail.line.set(marker="", lw=0.7)
        self.trail.end.set(ms=10, mec=palette.ink, mew=1.6)  # found among all the updates
        (self.ends,) = ax.plot(
            [], [], "o", color=palette.paper, ms=6, mec=palette.path, mew=1.5, zorder=4.5
        )
        (self.batch,) = ax.plot([], [], "^:", color=palette.ink, ms=6.5, lw=1.3, zorder=5)
        legend_above(ax, [self.trail.line, self.ends, self.batch], self.legend(runs))
        self.moving += [self.ends, self.batch]

    def update(self, path, ends, batch):
        """path: (updates + 1, 2), of one run. ends: (runs, 2). batch: (steps + 1, 2)."""
        self.trail.update(path)
        self.keyframes = {**self.trail.keyframes}
        self.ends.set_data(*near(ends).T)
        self.batch.set_data(*near(batch).T)


class NoisyLoss:
    """The loss above its minimum after each update, on a log scale: the mean of all runs, the noise
    floor as a broad band and, as in `RunCloud`, one run and batch descent."""

    @staticmethod
    def legend(runs):
        return f"mean of {runs} runs", "noise floor"

    def __init__(self, ax, updates, palette, runs, low=1e-6, high=10.0):
        self.low, self.high = low, high
        _over_updates(ax, updates, palette, low, high)
        (self.floor,) = ax.plot([], [], "-", color=palette.ball, lw=7, alpha=0.35, zorder=3)
        (self.run,) = ax.plot([], [], "-", color=palette.path, lw=0.7, zorder=3.5)
        (self.mean,) = ax.plot([], [], "-", color=palette.ink, lw=1.7, zorder=4)
        (self.batch,) = ax.plot([], [], "^:", color=palette.ink, ms=6.5, lw=1.3, zorder=5)
        legend_above(ax, [self.mean, self.floor], self.legend(runs))
        self.moving = [self.floor, self.run, self.mean, self.batch]
        self.progressive, self.keyframes = {self.run: 1, self.mean: 1}, {}

    def update(self, run, mean, floor, batch, at):
        """run, mean: (updates + 1,). floor: (updates,), nan where there is none. batch, at: where
        batch descent is, and after how many updates' worth of examples; (steps + 1,) both."""
        for line, values in [(self.run, run), (self.mean, mean), (self.floor, floor)]:
            keep = np.logical_and.accumulate(values < 1e99)  # the beginning, of one that flies off
            line.set_data(np.flatnonzero(keep), np.maximum(values[keep], self.low / 1e3))
        self.batch.set_data(at, np.maximum(batch, self.low / 1e3))


class SquareFactors:
    """By what one update multiplies the mean square distance, over the step size: with single
    examples and with the batch, each with its stability limit, and a mark for the one in use.

    sizes: (n,), step sizes. single, batch: (n,), the factors. limits: where each of them is 1.
    """

    legend = ("single examples", "batch")

    def __init__(self, ax, sizes, single, batch, limits, palette, top=1.5):
        self.top = top
        ax.set(xlim=(0, sizes[-1]), ylim=(0, top), yticks=(0, 0.5, 1, 1.5))
        ax.set_xticks([0, 0.5, *limits])
        ax.set_xticklabels(["0", "0.5", *(f"{limit:.3g}" for limit in limits)])
        ax.axhspan(1, top, color=palette.regimes[2], lw=0)
        ax.text(
            0.62 * sizes[-1], 1.25, "grows", va="center", ha="center", fontsize=SMALL,
            color=palette.ink,
        )  # fmt: skip
        (examples,) = ax.plot(sizes, single, "-", color=palette.path, lw=1.8, zorder=3)
        (whole,) = ax.plot(sizes, batch, ":", color=palette.ink, lw=1.8, zorder=3)
        ax.vlines(limits, 0, 1, color=palette.faint, lw=0.8, zorder=2)
        (self.mark,) = ax.plot([], [], "-", color=palette.ball, lw=1.4, zorder=2.5)
        (self.one,) = ax.plot([], [], "o", color=palette.path, ms=8, mec=palette.paper, zorder=5)
        (self.all,) = ax.plot([], [], "^", color=palette.ink, ms=8, mec=palette.paper, zorder=5)
        legend_above(ax, [examples, whole], self.legend)
        self.moving = [self.mark, self.one, self.all]

    def update(self, lr, single, batch):
        """lr: the step size in use. single, batch: its factors, drawn up to the top of the axes."""
        self.mark.set_data([lr, lr], [0, self.top])
        self.one.set_data([lr], [single if single <= self.top else np.nan])
        self.all.set_data([lr], [batch if batch <= self.top else np.nan])


class StepSizes:
    """The step size at each update, on a log scale."""

    def __init__(self, ax, updates, palette, low=1e-6, high=1.0):
        self.low = low
        _over_updates(ax, updates, palette, low, high)
        (self.line,) = ax.plot([], [], "-", color=palette.ball, lw=1.8, zorder=3)
        self.moving = [self.line]

    def update(self, sizes):
        """sizes: (updates,)."""
        self.line.set_data(np.arange(len(sizes)), np.maximum(sizes, self.low / 1e3))


class StepCloud:
    """Steps along the gradients of single examples as thin lines from the ball, their mean as a
    thick one, and the step along the whole gradient as a dashed one with a ring."""

    legend = ("single", "mean", "whole gradient")

    def __init__(self, ax, surface, palette):
        contours = Contours(ax, surface, palette, levels=6, filled=False)
        self.ball = contours.trail.ball
        (self.rays,) = ax.plot([], [], "-", color=palette.faint, lw=0.6, zorder=2.5)
        (self.tips,) = ax.plot([], [], "o", color=palette.path, ms=3.4, mew=0, zorder=3)
        (self.mean,) = ax.plot([], [], "-", color=palette.path, lw=2.6, zorder=4)
        (self.whole,) = ax.plot([], [], "--", color=palette.ink, lw=1.6, zorder=5)
        (self.ring,) = ax.plot([], [], "o", color="none", ms=11, mec=palette.ink, mew=1.6, zorder=5)
        legend_above(ax, [self.tips, self.mean, self.ring], self.legend)
        self.moving = [self.rays, self.tips, self.mean, self.whole, self.ring, self.ball]

    def update(self, at, steps, whole):
        """at: (2,), where the steps begin. steps: (n, 2), of single examples. whole: (2,)."""
        tips = at + steps
        rays = np.stack(
            [np.broadcast_to(at, tips.shape), tips, np.full(tips.shape, np.nan)], axis=1
        )
        self.rays.set_data(*rays.reshape(-1, 2).T)
        self.tips.set_data(*tips.T)
        self.mean.set_data(*np.stack([at, tips.mean(axis=0)]).T)
        self.whole.set_data(*np.stack([at, at + whole]).T)
        self.ring.set_data(*(at + whole)[:, None])
        self.ball.set_data(*np.reshape(at, (2, 1)))


def near(points, far=1e3):
    """The points (n, 2) that a picture can show, or at least the side where they left it."""
    return points[(np.abs(points) < far).all(axis=-1)]


def _over_updates(ax, updates, palette, low, high):
    ax.set_xlim(-0.01 * updates, 1.01 * updates)
    log_axis(ax.yaxis, low, high, every=2)
    ax.set_xticks(np.linspace(0, updates, 4))
    ax.grid(axis="y")
