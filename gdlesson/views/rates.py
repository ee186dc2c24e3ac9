"""Charts of how fast something falls: an error with h, a slope or a distance with the steps."""

import numpy as np

from .paper import SMALL, legend_above, log_axis


class ErrorOverSpacing:
    """The errors of forward and central difference against the spacing h, both on a log scale.

    An error of exactly zero is drawn at the floor. `.head` can be dragged along h.
    """

    floor = 1e-14

    def __init__(self, ax, spacings, palette):
        self.spacings = spacings
        log_axis(ax.xaxis, spacings.min() / 2, spacings.max() * 2, every=4)
        log_axis(ax.yaxis, self.floor, 30, every=4)
        ax.grid()
        styles = (("--", "o", palette.path), ("-", "s", palette.other))
        self.lines = [ax.plot([], [], s, color=c, lw=1.6, zorder=3)[0] for s, _, c in styles]
        self.dots = [
            ax.plot([], [], m, color=c, ms=8, mec=palette.paper, mew=1.2, zorder=5)[0]
            for _, m, c in styles
        ]
        (self.head,) = ax.plot(
            [], [], "v-", color=palette.ball, lw=1.4, ms=11, mec=palette.paper, clip_on=False,
            markevery=[0], zorder=4,
        )  # fmt: skip
        self.moving = [*self.lines, *self.dots, self.head]

    def update(self, errors, h, here):
        """errors: (2, n) at the spacings, forward and central. here: (2,), those at this h."""
        for line, dot, values, value in zip(self.lines, self.dots, errors, here, strict=True):
            line.set_data(self.spacings, np.maximum(values, self.floor))
            dot.set_data([h], [max(value, self.floor)])
        self.head.set_data([h, h], [30, self.floor])


class Threshold:
    """A number after each step on a log scale, and the line below which a run stops.

    last: the right end of the axis, in steps. limits: of the vertical axis, powers of ten.
    `.line` can be dragged up and down.
    """

    def __init__(self, ax, last, palette, limits=(1e-5, 1e2)):
        self.limits, self.last = limits, max(1, last)
        ax.set_xlim(-0.02 * self.last, 1.02 * self.last)
        log_axis(ax.yaxis, *limits)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.grid(axis="y")
        (self.line,) = ax.plot([], [], "--", color=palette.ball, lw=1.8, zorder=3)
        (self.knob,) = ax.plot(
            [], [], "D", color=palette.ball, ms=9, mec=palette.paper, mew=1.4, zorder=6,
            clip_on=False,
        )  # fmt: skip
        self.label = ax.annotate(
            "tol", (0, 1), (-2, -5), textcoords="offset points", ha="right", va="top",
            color=palette.ball, fontsize=SMALL, annotation_clip=False, zorder=5,
        )  # fmt: skip
        (self.measured,) = ax.plot(
            [], [], "o-", color=palette.path, lw=1.4, ms=4.5, mec=palette.paper, mew=0.6, zorder=4
        )
        self.moving = [self.line, self.knob, self.label, self.measured]
        self.progressive = {self.measured: 1}

    def update(self, values, threshold):
        """values: (n,), not negative; those below the axis are drawn at its foot."""
        values = np.asarray(values, dtype=float)
        keep = np.logical_and.accumulate(values < 1e3 * self.limits[1])
        seen = np.maximum(values[keep], self.limits[0])
        self.measured.set_data(np.arange(len(seen)), seen)
        end = 1.02 * self.last
        self.line.set_data([-0.02 * self.last, end], [threshold, threshold])
        self.knob.set_data([end], [threshold])
        self.label.xy = (end, threshold)


class Factors:
    """The factor of the distance per step, |1 − lr·c|, along a flat and a steep direction.

    Over the step size, in units of 1/L: the line of the steep direction does not move, the flat
    one's does. They cross at the best step size, a diamond; a circle and a triangle are at the
    step size in use.
    last: the right end of the axis.
    """

    legend = ("flat, λ = μ", "steep, λ = L", "best step")

    def __init__(self, ax, palette, last=2.2):
        at = np.array([0, 1, last])
        ax.set(xlim=(0, last), ylim=(0, 1.25), xticks=(0, 1, 2), yticks=(0, 0.5, 1))
        ax.set_xticklabels(("0", "1/L", "2/L"))
        ax.axhspan(1, 1.25, color=palette.regimes[2], lw=0)
        ax.text(0.02 * last, 1.115, "diverges", va="center", fontsize=SMALL, color=palette.ink)
        (steep,) = ax.plot(at, np.abs(1 - at), "--", color=palette.other, lw=1.6, zorder=3)
        self.last = last
        (self.flat,) = ax.plot([], [], "-", color=palette.path, lw=1.6, zorder=3)
        (self.mark,) = ax.plot([], [], "-", color=palette.faint, lw=1, zorder=2)
        (self.best,) = ax.plot(
            [], [], "D", color=palette.paper, ms=7, mec=palette.ink, mew=1.4, zorder=4
        )
        (self.along,) = ax.plot(
            [], [], "o", color=palette.path, ms=7, mec=palette.paper, mew=1, zorder=5
        )
        (self.across,) = ax.plot(
            [], [], "^", color=palette.other, ms=8, mec=palette.paper, mew=1, zorder=5
        )
        legend_above(ax, [self.flat, steep, self.best], self.legend)
        self.moving = [self.mark, self.flat, self.best, self.along, self.across]

    def update(self, condition, step):
        """condition: L/μ. step: lr·L."""
        at = np.array([0, min(condition, self.last), self.last])  # where the line is bent, too
        self.flat.set_data(at, np.abs(1 - at / condition))
        self.best.set_data([2 * condition / (condition + 1)], [(condition - 1) / (condition + 1)])
        self.mark.set_data([step, step], [0, 1.25])
        self.along.set_data([step], [abs(1 - step / condition)])
        self.across.set_data([step], [abs(1 - step)])


class Distances:
    """The distance left along each direction after each step, as a share of the start's.

    Measured as markers of its own for each, predicted as a broad band; on a log scale from the
    floor to the ceiling, an exact zero at the floor. names: of the directions, one or two.
    """

    def __init__(self, ax, names, steps, palette, floor=1e-6, ceiling=1e2):
        self.floor, self.ceiling = floor, ceiling
        ax.set_xlim(-0.02 * steps, 1.02 * steps)
        log_axis(ax.yaxis, floor / 2, ceiling, every=2)
        ax.grid(axis="y")
        styles = ("o-", palette.path, 3.5), ("^--", palette.other, 4.5)
        self.measured, self.predicted = [], []
        for name, (style, colour, size) in zip(names, styles, strict=False):
            (band,) = ax.plot([], [], "-", color=colour, lw=7, alpha=0.25, zorder=3)
            (line,) = ax.plot([], [], style, color=colour, lw=1.2, ms=size, zorder=4, label=name)
            self.predicted.append(band)
            self.measured.append(line)
        legend_above(ax, [*self.measured, self.predicted[0]], (*names, "predicted"))
        self.moving = [*self.predicted, *self.measured]
        self.progressive = dict.fromkeys(self.measured, 1)

    def update(self, measured, predicted):
        """measured, predicted: one row of shares (steps + 1) for each direction, or none in it."""
        for lines, shares in [(self.measured, measured), (self.predicted, predicted)]:
            for line, row in zip(lines, shares, strict=True):
                row = np.where(np.asarray(row) == 0, self.floor, row)
                seen = np.maximum(row[np.logical_and.accumulate(row < 1e3 * self.ceiling)], 1e-300)
                line.set_data(np.arange(len(seen)), seen)
