"""Data and what a model makes of it: a fitted line, a border between two classes."""

import numpy as np
from matplotlib.patches import Polygon

FRAME = 2.5  # matplotlib's zorder of the frame; on a canvas, all that moves is above it


class DataLine:
    """Data (x, y) as dots and the line w·x + b through them.

    residuals: rows of the data whose distance to the line is drawn. grips: two places on the x axis
    where the line of the start, drawn dashed, has a point to take it by: `.grips`, the artists.
    """

    def __init__(self, ax, x, y, palette, residuals=(), grips=()):
        self.ax, rows = ax, sorted(residuals, key=lambda row: x[row])
        self.x, self.y = (np.asarray(values, float)[rows] for values in (x, y))
        ax.plot(x, y, "o", color=palette.faint, ms=4.4, mec=palette.paper, mew=0.5, zorder=2)
        ax.margins(0.04)
        ax.autoscale_view()
        ax.set_autoscale_on(False)
        self.ends, self.grip_x = np.array(ax.get_xlim()), np.array(grips, float)
        (self.line,) = ax.plot(
            [], [], color=palette.path if grips else palette.ball, lw=2.4, zorder=4, label="fitted"
        )
        self.moving, self.keyframes, self.comb, self.grips = [self.line], {}, None, []
        if rows:
            colour = self.line.get_color()
            ax.plot(self.x, self.y, "o", color=palette.paper, ms=5.5, mec=colour, mew=1.2, zorder=3)
            (self.comb,) = ax.plot([], [], color=colour, lw=1.4, zorder=3)
            self.moving.append(self.comb)
        if grips:
            (self.first,) = ax.plot([], [], "--", color=palette.ball, lw=1.8, zorder=5)
            self.grips = [
                ax.plot([], [], "o", color=palette.ball, ms=12, mec=palette.paper, mew=1.6,
                        clip_on=False, zorder=6)[0]
                for _ in grips
            ]  # fmt: skip
            self.moving += [self.first, *self.grips]

    def update(self, weights):
        """weights: (2,), w and b, or (steps + 1, 2), of which the last is shown."""
        weights = np.atleast_2d(weights)
        self.keyframes = {}
        self._put(self.line, self._heights(weights, self.ends))
        if self.comb:
            self._put(self.comb, self._teeth(weights))
        if self.grips:
            self.first.set_data(*self._heights(weights[:1], self.ends)[0].T)
            low, high = self.ax.get_ylim()
            for grip, (x, y) in zip(
                self.grips, self._heights(weights[:1], self.grip_x)[0], strict=True
            ):
                grip.set_data([x], [np.clip(y, low, high)])  # in reach, wherever the line is

    def _put(self, artist, frames):
        artist.set_data(*frames[-1].T)
        if len(frames) > 1:
            self.keyframes[artist] = frames

    def _heights(self, weights, x):
        """Points (steps + 1, n, 2) of the lines over x (n,); of a line that left, far outside."""
        far = 100 * np.abs(self.ax.get_ylim()).max()
        places = np.empty((len(weights), len(x), 2))
        places[..., 0] = x
        with np.errstate(over="ignore", invalid="ignore"):  # a diverging path may leave all numbers
            heights = weights[:, :1] * x + weights[:, 1:]
        places[..., 1] = np.clip(heights, -far, far)
        return places

    def _teeth(self, weights):
        """One stroke (steps + 1, 3n, 2) along the line and, at each row, to its point and back."""
        teeth = np.repeat(self._heights(weights, self.x), 3, axis=1)
        teeth[:, 1::3, 1] = self.y
        return teeth


class DataBoundary:
    """Points of two classes, by colour and shape, and the border w·x + b = 0 between them.

    shades: probabilities above 0.5. Each side of the border is shaded where the probability of its
    class, 1/(1 + e^−z) with z = ±(w·x + b), is above each of them: the surer, the darker. The
    points are then drawn above the shades, so they are among what moves. Limits that the axes have
    already are not changed.
    """

    def __init__(self, ax, X, labels, palette, names=("0", "1"), shades=()):
        styles = (("o", palette.path), ("^", palette.ball))
        self.points = []
        for which, (marker, colour) in enumerate(styles):
            rows = np.asarray(X)[np.asarray(labels) == which]
            self.points += ax.plot(*rows.T, marker, color=colour, ms=5, alpha=0.7, mew=0, zorder=3,
                                   label=names[which])  # fmt: skip
        ax.margins(0.04)
        ax.autoscale_view()
        ax.set_autoscale_on(False)
        corners = np.array([ax.get_xlim(), ax.get_ylim()])
        self.centre, self.reach = corners.mean(axis=1), 2 * np.linalg.norm(np.ptp(corners, axis=1))
        self.shades = {}  # patch: the z of its edge, and the side on which it lies
        for side, (_, colour) in zip((-1, 1), styles, strict=True):
            for i, p in enumerate(shades):  # a layer over others must be stronger to be seen
                alpha = 0.05 + 0.015 * i
                patch = Polygon(np.zeros((4, 2)), fc=colour, alpha=alpha, lw=0, zorder=FRAME + 0.1)
                self.shades[ax.add_patch(patch)] = (side * np.log(p / (1 - p)), side)
        (self.line,) = ax.plot([], [], color=palette.ink, lw=2.2, zorder=4)
        self.moving, self.keyframes = [*self.shades, self.line], {}
        if shades:  # below them otherwise
            self.moving += self.points

    def update(self, weights):
        """weights: (3,), w₁, w₂ and b, or (steps + 1, 3), of which the last is shown."""
        weights = np.atleast_2d(weights)
        w, middle = weights[:, :2], weights[:, :2] @ self.centre + weights[:, 2]  # z at the centre
        size = np.linalg.norm(w, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):  # w = 0 draws no border: nan
            normal = w / size[:, None]
        along = self.reach * np.stack([-normal[:, 1], normal[:, 0]], axis=1)

        def ends(distance):
            """Both ends of the line at this signed distance from the centre, in the picture."""
            distance = np.clip(distance, -self.reach, self.reach)
            foot = self.centre + normal * distance[:, None]
            return [foot - along, foot + along]

        with np.errstate(invalid="ignore", divide="ignore"):
            frames = {self.line: np.stack(ends(-middle / size), axis=1)}
            for patch, (z, side) in self.shades.items():
                outer = ends(np.full(len(w), side * self.reach))
                frames[patch] = np.stack([*ends((z - middle) / size), *outer[::-1]], axis=1)
        self.line.set_data(*frames[self.line][-1].T)
        for patch in self.shades:
            patch.set_xy(frames[patch][-1])
        self.keyframes = frames if len(weights) > 1 else {}
