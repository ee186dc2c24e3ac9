"""Pictures of a descent: matplotlib artists made once, then moved by `.update(…)`.

A view draws its still part when it is made, lists the artists that move in `.moving`, and
changes only those afterwards. Colours come from a `Palette`, so that a page's dark theme is the
same picture drawn with the other one. May import: matplotlib, NumPy. Nothing of ours.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

DPI = 100  # pixels of the page to an inch of figure
SMALL, NORMAL = 8.6, 9.4  # points: 12 and 13 pixels


@dataclass(frozen=True)
class Palette:
    """Colours that stay apart for colour-blind eyes (Okabe and Ito 2008), on one background."""

    paper: str
    ink: str
    faint: str
    path: str
    ball: str
    other: str
    low: str  # the ends of the colour scale of a loss
    high: str
    regimes: tuple  # backgrounds for monotone, oscillating, divergent


LIGHT = Palette(
    paper="#ffffff",
    ink="#1f2933",
    faint="#8a94a0",
    path="#0072b2",
    ball="#d55e00",
    other="#007a5a",
    low="#f7fafc",
    high="#9fb6c8",
    regimes=("#d9ecf8", "#fdeecb", "#f9d9cf"),
)
DARK = Palette(
    paper="#111418",
    ink="#e4e8ec",
    faint="#8a94a0",
    path="#5bb8f0",
    ball="#ff9b52",
    other="#3ecfa3",
    low="#161b21",
    high="#41566a",
    regimes=("#16354a", "#463714", "#4d2318"),
)


def blank_figure(width, height, palette):
    """A figure of `width` × `height` pixels of the page that pyplot does not know of."""
    return Figure((width / DPI, height / DPI), dpi=DPI, facecolor=palette.paper)


def axes_at(figure, left, top, width, height, palette, xlabel="", ylabel=""):
    """Axes with their frame at this place, in pixels from the top left of the figure."""
    across, down = figure.get_size_inches() * figure.dpi
    ax = figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))
    ax.set_facecolor(palette.paper)
    ax.tick_params(colors=palette.ink, labelsize=SMALL, length=3, width=0.8)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(palette.faint)
    ax.set_xlabel(xlabel, fontsize=NORMAL, color=palette.ink, labelpad=3)
    # Above the axis and level: read without turning the head, and never cut off at the left.
    ax.set_title(ylabel, loc="left", fontsize=NORMAL, color=palette.ink, pad=7)
    return ax


def in_sight(points, ax):
    """The points up to the first one far outside the axes, which is drawn near, in its direction.

    points: (n, 2). A diverging path leaves the picture; what follows would only be huge numbers.
    """
    size = np.array([np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())])
    far = ~(np.abs(points) < 20 * size).all(axis=1)  # nan is far too
    if not far.any():
        return points
    first = int(far.argmax())
    seen = points[: first + 1].copy()
    if not first or not np.isfinite(seen[first]).all():
        return seen[:first]
    step = seen[first] - seen[first - 1]
    seen[first] = seen[first - 1] + step * np.min(20 * size / np.maximum(np.abs(step), 1e-300))
    return seen


class Trail:
    """A path as a line through its points, a ball where it starts and a square where it ends."""

    def __init__(self, ax, palette, label="path"):
        self.ax = ax
        (self.line,) = ax.plot(
            [], [], "o-", color=palette.path, lw=1.4, ms=4.5, mec=palette.paper, mew=0.6, zorder=4,
            label=label,
        )  # fmt: skip
        (self.end,) = ax.plot(
            [], [], "s", color=palette.path, ms=7.5, mec=palette.paper, mew=1.2, zorder=5
        )
        (self.ball,) = ax.plot(
            [], [], "o", color=palette.ball, ms=12, mec=palette.paper, mew=1.6, zorder=6
        )
        self.moving = [self.line, self.end, self.ball]

    def update(self, points):
        """points: (n, 2), in data coordinates; the first is the start."""
        seen = in_sight(points, self.ax)
        self.line.set_data(*seen.T)
        self.end.set_data(*(points[-1:] if len(seen) == len(points) else points[:0]).T)
        self.ball.set_data(*points[:1].T)


class Curve:
    """A loss over one weight, with the path of a descent on it."""

    def __init__(self, ax, surface, palette):
        self.surface, (low, high) = surface, surface.domain[0]
        w = np.linspace(low, high, 401)
        loss = surface.f(w[:, None])
        room = 0.08 * np.ptp(loss)
        ax.set(xlim=(low, high), ylim=(loss.min() - room, loss.max() + room))
        ax.plot(w, loss, color=palette.ink, lw=1.6, zorder=2)
        self.trail = Trail(ax, palette)
        self.moving = self.trail.moving

    def update(self, path):
        self.trail.update(np.column_stack([path.w[:, 0], path.loss]))


class Contours:
    """A loss over two weights as lines of equal loss, with the path of a descent on it."""

    def __init__(self, ax, surface, palette, levels=13):
        (left, right), (bottom, top) = surface.domain
        x, y = np.meshgrid(np.linspace(left, right, 161), np.linspace(bottom, top, 161))
        loss = surface.f(np.stack([x, y], axis=-1))
        # Levels by equal shares of the square root: a quadratic's contours are evenly spaced.
        low, high = loss.min(), loss.max()
        steps = low + (high - low) * np.linspace(0, 1, levels) ** 2
        shades = LinearSegmentedColormap.from_list("loss", [palette.low, palette.high])
        ax.contourf(x, y, np.sqrt(loss - low), np.sqrt(steps - low), cmap=shades, zorder=1)
        ax.contour(x, y, loss, steps[1:], colors=palette.faint, linewidths=0.6, zorder=2)
        ax.plot(*surface.minima.T, "+", color=palette.ink, ms=11, mew=1.6, zorder=3)
        ax.set(xlim=(left, right), ylim=(bottom, top))
        self.trail = Trail(ax, palette)
        self.moving = self.trail.moving

    def update(self, path):
        self.trail.update(path.w)


class LossOverSteps:
    """The loss after each step on a log scale, measured as dots and predicted as a broad band.

    A loss of exactly zero is drawn at the floor; any other below it leaves the axes.
    """

    def __init__(self, ax, steps, palette, floor=1e-12, ceiling=1e6):
        self.floor, self.ceiling = floor, ceiling
        ax.set_yscale("log")
        ax.set(xlim=(-0.02 * steps, max(1, steps) * 1.02), ylim=(floor / 8, ceiling))
        ax.set_yticks(10.0 ** np.arange(np.log10(floor), np.log10(ceiling) + 1, 3))
        ax.minorticks_off()
        ax.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        (self.predicted,) = ax.plot(
            [], [], "-", color=palette.ball, lw=7, alpha=0.35, label="predicted", zorder=3
        )
        (self.measured,) = ax.plot(
            [], [], "o-", color=palette.path, lw=1.4, ms=3.5, label="measured", zorder=4
        )
        ax.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize=SMALL,
            labelcolor=palette.ink, handlelength=2.2, columnspacing=1.2, borderaxespad=0,
        )  # fmt: skip
        self.moving = [self.predicted, self.measured]

    def update(self, loss, predicted=None):
        """loss and predicted: (steps + 1,) each, or none predicted."""
        for line, values in [(self.measured, loss), (self.predicted, predicted)]:
            values = np.empty(0) if values is None else np.asarray(values)
            keep = values < 1e3 * self.ceiling  # beyond, and for nan, the line has left the picture
            keep = np.logical_and.accumulate(keep)
            step = np.arange(len(values))[keep]
            seen = np.where(values[keep] == 0, self.floor, values[keep])
            line.set_data(step, np.maximum(seen, 1e-300))


class RegimeStrip:
    """The step sizes from 0 to 3/L in three stretches, ticks at 1/L and 2/L, and the one in use."""

    def __init__(self, ax, curvature, palette):
        borders = np.arange(4) / curvature
        names = ("monotone", "oscillating", "divergent")
        for left, right, name, colour in zip(
            borders, borders[1:], names, palette.regimes, strict=False
        ):
            ax.axvspan(left, right, color=colour, lw=0)
            ax.text((left + right) / 2, 0.5, name, ha="center", va="center", fontsize=NORMAL,
                    color=palette.ink)  # fmt: skip
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
