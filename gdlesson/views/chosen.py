"""One of several curves, chosen: thick, with a band over the runs that it is the mean of."""

import numpy as np
from matplotlib.patches import Polygon


class ChosenCurve:
    """Thin still curves, one of them thick, and a band from its lowest to its highest run.

    ax: axes with their limits set and a log scale of y. curves: the (x, y) of the thin ones, (n,)
    each; what is outside the axes is cut.
    """

    def __init__(self, ax, palette, curves):
        self.ax = ax
        for x, y in curves:
            ax.plot(
                *self._seen(x, y), "-", color=palette.faint, lw=0.6, zorder=2, antialiased=False
            )
        self.band = ax.add_patch(
            Polygon(np.zeros((4, 2)), closed=True, fc=palette.path, lw=0, alpha=0.25, zorder=2.5)
        )
        (self.line,) = ax.plot([], [], "-", color=palette.path, lw=2.2, zorder=4)
        self.moving = [self.band, self.line]

    def update(self, x, runs):
        """x: (n,). runs: (n, m), the values of m runs at each x; the curve is their mean."""
        low, high = self._seen(x, runs.min(axis=1)), self._seen(x, runs.max(axis=1))
        self.band.set_xy(np.concatenate([low.T, high.T[::-1]]))
        self.line.set_data(*self._seen(x, runs.mean(axis=1)))

    def _seen(self, x, y):
        """The same points, (2, n): none is left of the axes, none far above, below or right."""
        (left, right), (bottom, top) = self.ax.get_xlim(), self.ax.get_ylim()
        return np.stack([np.clip(x, left, 10 * right), np.clip(y, bottom / 10, top * 10)])
