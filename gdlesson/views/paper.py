"""Paper and ink for pictures: palettes, a figure, its axes. May import: matplotlib, NumPy."""

from dataclasses import dataclass

import numpy as np
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
    paper="#111111",
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


def segments(ax, points, directions, length):
    """The two ends (n, 2, 2) of a segment `length` pixels long, centred at each point.

    points and directions: (n, 2), in data coordinates of linear axes.
    """
    along = _unit(ax, directions) * length / 2
    return np.stack([points - along, points + along], axis=1)


def arrows(ax, points, directions, length):
    """Outlines (n, 5, 2) of arrows `length` pixels long: tail, tip, one barb, tip, the other.

    A direction of zero has an arrow of no length.
    """
    along = _unit(ax, directions) * length
    scale = _pixels_a_unit(ax)
    across = (along * scale)[:, ::-1] * (-1, 1) / scale  # turned by 90° on the screen
    tip = points + along
    back, aside = 9 / length * along, 5 / length * across
    return np.stack([points, tip, tip - back + aside, tip, tip - back - aside], axis=1)


def _pixels_a_unit(ax):
    across, up = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
    return np.array([across, up])


def _unit(ax, directions):
    """Directions made one pixel of the page long, in data coordinates."""
    scale = _pixels_a_unit(ax)
    with np.errstate(over="ignore"):
        length = np.linalg.norm(directions * scale, axis=-1, keepdims=True)
    return np.divide(directions, length, out=np.zeros_like(directions), where=length > 0)
