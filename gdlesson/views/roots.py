"""The roots of a recursion in the complex plane, and the sequences that they make."""

import numpy as np
from matplotlib.patches import Circle

from .paper import SMALL, equal_limits, legend_above

LEGEND = ("flat, λ = μ", "steep, λ = L")


class RootPlane:
    """Two pairs of roots in the complex plane, one pair for each of two curvatures.

    The unit circle, outside of which a sequence diverges, does not move; a dotted circle has the
    radius √β. A root left of the picture is drawn as an arrowhead at its edge.
    """

    legend = (*LEGEND, "size √β")
    reach = 1.2

    def __init__(self, ax, palette):
        across, up = equal_limits(ax, (0, 0), self.reach)
        ax.set(xlim=across, ylim=up, xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        ax.set_facecolor(palette.regimes[2])
        ax.add_patch(Circle((0, 0), 1, fc=palette.paper, ec=palette.ink, lw=1.4, zorder=1))
        ax.axhline(0, color=palette.faint, lw=0.8, zorder=1.5)
        ax.axvline(0, color=palette.faint, lw=0.8, zorder=1.5)
        ax.annotate("|z| = 1", (0.71, 0.71), (5, 3), textcoords="offset points", fontsize=SMALL,
                    color=palette.ink, zorder=2)  # fmt: skip
        ax.annotate("diverges", (1, 0), (-5, 6), "axes fraction", "offset points", ha="right",
                    fontsize=SMALL, color=palette.ink, zorder=2)  # fmt: skip
        self.left = across[0]
        (self.ring,) = ax.plot([], [], ":", color=palette.ink, lw=1.4, zorder=3)
        styles = (("o", palette.path, 10), ("^", palette.other, 10))
        self.pairs = [
            ax.plot([], [], m, color=c, ms=s, mec=palette.paper, mew=1.2, zorder=5)[0]
            for m, c, s in styles
        ]
        self.beyond = [
            ax.plot([], [], "<", color=c, ms=10, mec=palette.paper, mew=1, clip_on=False,
                    zorder=6)[0]
            for _, c, _ in styles
        ]  # fmt: skip
        legend_above(ax, [*self.pairs, self.ring], self.legend)
        self.moving = [self.ring, *self.pairs, *self.beyond]

    def update(self, roots, beta):
        """roots: (2, 2) complex, a row for each curvature. beta: their product in each row."""
        turn = np.linspace(0, 2 * np.pi, 91)
        self.ring.set_data(np.sqrt(beta) * np.cos(turn), np.sqrt(beta) * np.sin(turn))
        for pair, arrow, row in zip(self.pairs, self.beyond, roots, strict=True):
            inside = row.real > self.left
            pair.set_data(row.real[inside], row.imag[inside])
            arrow.set_data(*([[self.left], [0]] if not inside.all() else [[], []]))


class TwoSequences:
    """The two coordinates of a path over its steps, from 1, on a linear axis."""

    legend = LEGEND

    def __init__(self, ax, steps, palette):
        ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(-2.2, 2.2), yticks=(-2, 0, 2))
        ax.axhline(0, color=palette.faint, lw=0.8, zorder=1.5)
        styles = (("o-", palette.path, 4), ("^-", palette.other, 5))
        self.lines = [
            ax.plot([], [], m, color=c, lw=1.1, ms=s, mew=0, zorder=4)[0] for m, c, s in styles
        ]
        self.moving = [*self.lines]
        self.progressive = dict.fromkeys(self.lines, 1)

    def update(self, path):
        """path: a Path of one run over two weights. It is cut where it has left the picture."""
        for line, w in zip(self.lines, path.w.T, strict=True):
            seen = np.logical_and.accumulate(np.abs(w) < 50)
            line.set_data(np.flatnonzero(seen), w[seen])
