"""Data and what a model makes of it: a fitted line, a border between two classes."""

import numpy as np


class DataLine:
    """Data (x, y) as dots and the line w·x + b through them."""

    def __init__(self, ax, x, y, palette):
        ax.plot(x, y, "o", color=palette.faint, ms=4, alpha=0.6, mew=0, zorder=2)
        ax.margins(0.04)
        ax.autoscale_view()
        ax.set_autoscale_on(False)
        self.ends = np.array(ax.get_xlim())
        (self.line,) = ax.plot([], [], color=palette.ball, lw=2.4, zorder=4)
        self.moving, self.jumps = [self.line], {}

    def update(self, weights):
        """weights: (2,), w and b, or (steps + 1, 2), of which the last is shown."""
        w, b = np.atleast_2d(weights).T
        lines = np.empty((len(w), 2, 2))
        lines[..., 0], lines[..., 1] = self.ends, np.outer(w, self.ends) + b[:, None]
        self.line.set_data(*lines[-1].T)
        self.jumps = {self.line: lines} if len(lines) > 1 else {}


class DataBoundary:
    """Points of two classes, by colour and shape, and the border w·x + b = 0 between them."""

    def __init__(self, ax, X, labels, palette, names=("0", "1")):
        styles = (("o", palette.path), ("^", palette.ball))
        for which, (marker, colour) in enumerate(styles):
            rows = np.asarray(X)[np.asarray(labels) == which]
            ax.plot(*rows.T, marker, color=colour, ms=5, alpha=0.7, mew=0, zorder=2,
                    label=names[which])  # fmt: skip
        ax.margins(0.04)
        ax.autoscale_view()
        ax.set_autoscale_on(False)
        corners = np.array([ax.get_xlim(), ax.get_ylim()])
        self.centre, self.reach = corners.mean(axis=1), 2 * np.linalg.norm(np.ptp(corners, axis=1))
        (self.line,) = ax.plot([], [], color=palette.ink, lw=2.2, zorder=4)
        self.moving, self.jumps = [self.line], {}

    def update(self, weights):
        """weights: (3,), w₁, w₂ and b, or (steps + 1, 3), of which the last is shown."""
        weights = np.atleast_2d(weights)
        w, b = weights[:, :2], weights[:, 2:]
        size = np.linalg.norm(w, axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):  # w = 0 draws no border
            normal = w / size
            foot = self.centre - normal * (normal @ self.centre[:, None] + b / size)
        along = normal[:, ::-1] * (-self.reach, self.reach)
        lines = np.stack([foot - along, foot + along], axis=1)
        self.line.set_data(*lines[-1].T)
        self.jumps = {self.line: lines} if len(lines) > 1 else {}
