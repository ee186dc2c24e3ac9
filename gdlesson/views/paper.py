"""Palettes and the style of all pictures. May import: matplotlib, NumPy."""

from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.font_manager import FontProperties

from .glyphs import text_width

DPI = 100  # pixels of the page to an inch of figure
SMALL, NORMAL = 8.6, 9.4  # points: 12 and 13 pixels
HANDLE, HANDLE_PAD, COLUMN = 2.2, 0.7, 1.2  # of a legend, in widths of its font
TITLE = 25  # pixels: height of the title above a frame, with the space around it


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

    def settings(self):
        """The style of a picture in these colours, as matplotlib's rcParams."""
        axes = {"facecolor": self.paper, "edgecolor": self.faint, "linewidth": 0.8}
        axes |= {"spines.top": False, "spines.right": False}
        axes |= {"labelcolor": self.ink, "labelsize": NORMAL, "labelpad": 3}
        # A title is level, above the axis: read without turning the head, never cut at the left.
        axes |= {"titlelocation": "left", "titlepad": 7, "titlesize": NORMAL}
        axes |= {"titlecolor": self.ink}
        tick = {"color": self.ink, "labelsize": SMALL, "major.size": 3, "major.width": 0.8}
        legend = {"frameon": False, "fontsize": SMALL, "labelcolor": self.ink}
        legend |= {"handlelength": HANDLE, "handletextpad": HANDLE_PAD, "borderaxespad": 0}
        legend |= {"columnspacing": COLUMN}
        groups = {
            "figure": {"facecolor": self.paper},
            "axes": axes,
            "xtick": tick,
            "ytick": tick,
            "grid": {"color": self.faint, "alpha": 0.25, "linewidth": 0.6},
            "legend": legend,
            "text": {"color": self.ink},
            "font": {"size": SMALL},
        }
        return {
            f"{group}.{key}": value
            for group, values in groups.items()
            for key, value in values.items()
        }


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


def styled(palette):
    """A context in which figures are made and drawn in a palette's style."""
    return rc_context(palette.settings())


def ball(ax, palette):
    """A line of one point, without a place yet, drawn as all that can be dragged: a ball."""
    (point,) = ax.plot([], [], "o", color=palette.ball, ms=12, mec=palette.paper, mew=1.6, zorder=6)
    return point


def legend_above(ax, handles, names=None):
    """A legend above the frame: next to the title where there is space, otherwise above it."""
    names = [handle.get_label() for handle in handles] if names is None else list(names)
    title = ax.get_title("left")
    rows, columns = _legend_grid(title, names, ax.bbox.width * DPI / ax.figure.dpi)
    where = {"loc": "lower right", "bbox_to_anchor": (1, 1)}
    if rows:
        raised = 1 + TITLE * bool(title) / (ax.bbox.height * DPI / ax.figure.dpi)
        where = {"loc": "lower left", "bbox_to_anchor": (0, raised), "borderpad": 0.2}
    return ax.legend(handles, names, ncols=columns, **where)


def legend_rows(title, names, width):
    """How many rows of its own a legend above a frame of this width takes: 0 next to the title."""
    return _legend_grid(title, names, width)[0]


def _legend_grid(title, names, width):
    """Rows of its own and columns of a legend above a frame of `width` pixels."""
    font = FontProperties(size=SMALL)
    em = SMALL * DPI / 72
    widths = [text_width(name, font, DPI) + em * (HANDLE + HANDLE_PAD) for name in names]
    taken = text_width(title, FontProperties(size=NORMAL), DPI) + 2 * em if title else 0

    def needed(columns):  # matplotlib fills a legend column by column
        rows = -(-len(names) // columns)
        most = [max(widths[i : i + rows]) for i in range(0, len(names), rows)]
        return sum(most) + em * (COLUMN * (len(most) - 1) + 1)

    if taken + needed(len(names)) <= width:
        return 0, len(names)
    columns = next((n for n in range(len(names), 0, -1) if needed(n) <= width), 1)
    return -(-len(names) // columns), columns


def log_axis(axis, low, high, ticks=None, every=1):
    """A logarithmic axis from low to high, ticks at these values or at every so many powers."""
    letter = axis.axis_name
    axis.axes.set(**{f"{letter}scale": "log", f"{letter}lim": (low, high)})
    if ticks is None:
        first = every * np.ceil(np.log10(low) / every - 1e-9)
        axis.set_ticks(10.0 ** np.arange(first, np.log10(high) + 1e-9, every))
    else:
        axis.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def equal_limits(ax, centre, reach):
    """Limits of x and of y, with one scale on both axes, so that angles are seen as they are.

    centre: (2,). reach: how far the axes go at least from there, in each direction.
    """
    size = np.array([ax.bbox.width, ax.bbox.height])
    far = reach * size / size.min()
    return tuple((c - r, c + r) for c, r in zip(centre, far.tolist(), strict=True))


def in_sight(points, ax):
    """The points of a path to be drawn, those far outside the axes nearer, in their direction.

    points: (n, 2). A path that leaves for good is cut after its first far point, because what
    follows would only be huge numbers; one that comes back has all its points. Nothing is drawn
    from the first point on that is not finite.
    """
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    size, middle = np.abs(high - low), (low + high) / 2
    far = ~(np.abs(points - middle) < 20 * size).all(axis=1)  # nan is far too
    if not far.any():
        return points
    finite = np.logical_and.accumulate(np.isfinite(points).all(axis=1))
    near = np.flatnonzero(finite & ~far)
    seen = points[finite][: near[-1] + 2 if near.size else 0].copy()
    for i in np.flatnonzero(far[: len(seen)]):
        # seen from its neighbours, so that the lines which leave and enter the axes are in place
        ends = [points[j] for j in (i - 1, i + 1) if 0 <= j < len(seen) and not far[j]]
        origin = np.mean(ends or [middle], axis=0)
        step = points[i] - origin
        seen[i] = origin + step * np.min(20 * size / np.maximum(np.abs(step), 1e-300))
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
