"""Landscapes and the path of a descent on them: a curve, contours, a heat map."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, LogNorm, Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from .paper import NORMAL, arrows, ball, equal_limits, in_sight, legend_above, segments


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
        self.ball = ball(ax, palette)
        self.moving = [self.line, self.end, self.ball]
        self.progressive, self.keyframes = {self.line: 1}, {}

    def update(self, points):
        """points: (n, 2), in data coordinates; the first is the start."""
        seen = in_sight(points, self.ax)
        self.line.set_data(*seen.T)
        self.end.set_data(*seen[-1:].T)  # of a path that left, out of the picture too
        self.ball.set_data(*points[:1].T)
        self.keyframes = {self.end: points[:, None]}


class Contours:
    """A loss over two weights as lines of equal loss, with the path of a descent on it.

    arrows: draw the way down, minus the gradient, at the ball. filled: shade the loss between the
    lines; unshaded, they are not smoothed either, so that a still needs few colours.
    """

    def __init__(self, ax, surface, palette, levels=13, arrows=False, filled=True):
        self.ax, self.surface = ax, surface
        (left, right), (bottom, top) = surface.domain
        x, y = np.meshgrid(np.linspace(left, right, 161), np.linspace(bottom, top, 161))
        loss = surface.f(np.stack([x, y], axis=-1))
        # Levels by equal shares of the square root: a quadratic's contours are evenly spaced.
        low, high = loss.min(), loss.max()
        steps = low + (high - low) * np.linspace(0, 1, levels) ** 2
        shades = LinearSegmentedColormap.from_list("loss", [palette.low, palette.high])
        if filled:
            ax.contourf(x, y, np.sqrt(loss - low), np.sqrt(steps - low), cmap=shades, zorder=1)
        ax.contour(
            x, y, loss, steps[1:], colors=palette.faint, linewidths=0.6, linestyles="solid",
            zorder=2, antialiased=filled,
        )  # fmt: skip
        ax.plot(
            *np.reshape(surface.minima, (-1, 2)).T, "+", color=palette.ink, ms=11, mew=1.6, zorder=3
        )
        ax.set(xlim=(left, right), ylim=(bottom, top))
        self.trail = Trail(ax, palette)
        self.moving = [*self.trail.moving]
        self.progressive, self.keyframes = self.trail.progressive, {}
        self.arrow = None
        if arrows:
            (self.arrow,) = ax.plot([], [], "-", color=palette.ball, lw=2.2, zorder=5.5)
            self.moving.append(self.arrow)

    def update(self, path):
        """path: a Path of one run over two weights."""
        self.trail.update(path.w)
        self.keyframes = {**self.trail.keyframes}
        if self.arrow:
            outlines = arrows(self.ax, path.w, -self.surface.grad(path.w), 64)
            self.arrow.set_data(*outlines[0].T)
            self.keyframes[self.arrow] = outlines


class Bowl:
    """A quadratic with two curvatures from above, turned and stretched without a new background.

    Its lines of equal loss are ellipses, one of them through the ball. An arrow shows minus the
    gradient there, at a right angle to that line; a dotted line the way to the minimum; two thin
    lines the axes of the bowl, flat and steep. Both coordinates have one scale, so that angles are
    seen as they are. reach: of each coordinate, at least, up and down. direction: draw an arrow in
    a direction of choice, too. plain: draw only the lines of equal loss and the path.
    """

    legend = ("minus the gradient", "to the minimum")
    spacing = 0.5  # between lines of equal loss, along the steep axis

    def __init__(self, ax, palette, reach=2.5, direction=False, plain=False):
        across, up = equal_limits(ax, (0, 0), reach)
        ax.set(xlim=across, ylim=up)
        self.ax, self.far = ax, np.hypot(across[1], up[1])
        rings = np.arange(self.spacing, self.far + self.spacing, self.spacing)
        circles = Outline.make_compound_path(*(Outline.circle(radius=ring) for ring in rings))
        self.rings = PathPatch(circles, fill=False, ec=palette.faint, lw=0.8, zorder=1)
        circle = Outline.unit_circle()
        self.equal = PathPatch(circle, fill=False, ec=palette.ink, lw=1.5, zorder=2.5)
        ax.add_patch(self.rings)
        ax.add_patch(self.equal)
        ax.plot([0], [0], "+", color=palette.ink, ms=11, mew=1.6, zorder=3)
        self.trail = Trail(ax, palette)
        self.progressive, self.keyframes = self.trail.progressive, {}
        self.plain, self.chosen = plain, None
        self.moving = [self.rings, self.equal, *self.trail.moving]
        if plain:
            return
        first, second = (palette.faint,) * 2 if direction else (palette.path, palette.other)
        (self.flat,) = ax.plot([], [], "-", color=first, lw=1, zorder=2)
        (self.steep,) = ax.plot([], [], "--", color=second, lw=1, zorder=2)
        (self.aim,) = ax.plot([], [], ":", color=palette.ink, lw=2, zorder=3)
        (self.arrow,) = ax.plot([], [], "-", color=palette.ball, lw=2.4, zorder=5.5)
        (self.corner,) = ax.plot([], [], "-", color=palette.ink, lw=1.2, zorder=5.4)
        shown = [self.arrow, self.aim]
        self.moving[2:2] = [self.flat, self.steep, self.aim, self.arrow, self.corner]
        if direction:
            (self.chosen,) = ax.plot([], [], "-", color=palette.other, lw=2.4, zorder=5.3)
            shown.append(self.chosen)
            self.moving.insert(2, self.chosen)
        legend_above(ax, shown, (*self.legend, "direction")[: len(shown)])

    def update(self, path, condition, angle, direction=None):
        """path: a Path of one run. condition: L/μ. angle: of the flat axis, and direction: of the
        arrow of choice, in radians."""
        bowl = Affine2D().scale(np.sqrt(condition), 1).rotate(angle)  # of circles, ellipses
        through = np.hypot(*bowl.inverted().transform(path.w[0]))
        self.rings.set_transform(bowl + self.ax.transData)
        self.equal.set_transform(Affine2D().scale(through) + bowl + self.ax.transData)
        self.trail.update(path.w)
        self.keyframes = {**self.trail.keyframes}
        if self.plain:
            return
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        for line, axis in zip((self.flat, self.steep), turn, strict=True):
            line.set_data(*np.outer(axis, (-self.far, self.far)))
        self.aim.set_data(*np.stack([path.w[0], np.zeros(2)]).T)
        self.keyframes[self.aim] = np.stack([path.w, np.zeros_like(path.w)], axis=1)
        down = -path.problem.grad(path.w)
        outlines = {self.arrow: arrows(self.ax, path.w, down, 76)}
        outlines[self.corner] = self._corners(path.w, down)
        if self.chosen:
            along = np.broadcast_to([np.cos(direction), np.sin(direction)], path.w.shape)
            outlines[self.chosen] = arrows(self.ax, path.w, along, 76)
        for line, each in outlines.items():
            line.set_data(*each[0].T)
        self.keyframes |= outlines

    def _corners(self, points, down):
        """The sign of a right angle (n, 3, 2) between these directions and the lines they cross."""
        forth = segments(self.ax, points, down, 40)[:, 1] - points
        aside = np.stack([-forth[:, 1], forth[:, 0]], axis=1)
        return np.stack([points + aside, points + aside + forth, points + forth], axis=1)


class Points:
    """Named points that can be dragged: `.artists` has one line a point, in order of the names."""

    def __init__(self, ax, palette, names):
        markers, colours = "oDs^v", (palette.ball, palette.path, palette.other)
        self.artists, self.labels = [], []
        for i, name in enumerate(names):
            (point,) = ax.plot(
                [], [], markers[i % 5], color=colours[i % 3], ms=11, mec=palette.paper, mew=1.6,
                zorder=7,
            )  # fmt: skip
            label = ax.annotate(
                name, (0, 0), (10, 8), textcoords="offset points", color=palette.ink,
                fontsize=NORMAL, zorder=7, annotation_clip=True,
            )  # fmt: skip
            self.artists.append(point)
            self.labels.append(label)
        self.moving = [*self.artists, *self.labels]

    def update(self, places):
        """places: (points, 2), in data coordinates."""
        for point, label, (x, y) in zip(self.artists, self.labels, places, strict=True):
            point.set_data([x], [y])
            label.xy = (x, y)


class HeatMap:
    """Numbers over a rectangle as coloured squares, and a point on it that can be dragged.

    extent: (left, right, bottom, top). limits: the numbers at the two ends of the colour scale;
    log: a log scale between them. colours: instead, one for each of the whole numbers 0, 1, 2, …
    still: the numbers of a map that does not change, as for `update`, with which it belongs to the
    still part. What is not a number has the colour of the paper.
    """

    def __init__(self, ax, extent, palette, limits=(0, 1), log=False, colours=None, still=None):
        if colours is None:
            shades = LinearSegmentedColormap.from_list("heat", [palette.path, palette.low])
            norm = (LogNorm if log else Normalize)(*limits, clip=True)
        else:
            shades, norm = ListedColormap(colours), Normalize(-0.5, len(colours) - 0.5)
        self.image = ax.imshow(
            np.full((1, 1), np.nan), cmap=shades, norm=norm, extent=extent, origin="lower",
            interpolation="none", aspect="auto", zorder=1,
        )  # fmt: skip
        self.point = ball(ax, palette)
        self.moving = [self.point]
        if still is None:
            self.moving.append(self.image)
        else:
            self.image.set_data(np.asarray(still, dtype=float))

    def update(self, values=None, point=None):
        """values: (rows, columns), the first row at the bottom. point: (2,). None: as it was."""
        if values is not None:
            self.image.set_data(np.asarray(values, dtype=float))
        if point is not None:
            self.point.set_data(*np.reshape(point, (2, 1)))
