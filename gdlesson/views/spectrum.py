"""The eigenvalues of a Hessian, and the share of them that is negative."""

import numpy as np

from .paper import NORMAL, ball, legend_above


class Signs:
    """A triangle for each eigenvalue, stacked where they lie close together: it points downwards
    and has another colour where the eigenvalue is negative. Both kinds are counted.

    far: how far the axis goes, on both sides of 0.
    """

    rows = 17  # how many triangles fit above each other

    def __init__(self, ax, palette, far=2.6):
        self.far = far
        ax.set(xlim=(-far, far), ylim=(0, self.rows + 3), yticks=())
        ax.axvline(0, color=palette.ink, lw=1, zorder=2)
        self.kinds = []
        for marker, colour in (("v", palette.ball), ("^", palette.path)):
            (dots,) = ax.plot([], [], marker, color=colour, mec=palette.paper, mew=0.5, zorder=4)
            self.kinds.append(dots)
        self.counts = [
            ax.annotate(
                "", (0, 1), (side * 9, -4), xycoords=("data", "axes fraction"),
                textcoords="offset points", ha=ha, va="top", color=palette.ink, fontsize=NORMAL,
                weight="bold", zorder=5,
            )
            for side, ha in ((-1, "right"), (1, "left"))
        ]  # fmt: skip
        self.moving = [*self.kinds, *self.counts]

    def update(self, eigenvalues, shift):
        """eigenvalues: (d,), smallest first, before the shift that is added to all of them."""
        width = 0.16 if len(eigenvalues) <= 70 else 0.1  # of a stack
        which = np.floor(eigenvalues / width)
        first = np.searchsorted(which, which)  # of each stack, as the values are in order
        unit = min(3.0, self.rows / (0.64 * width * len(which) + 4))
        heights = unit * (np.arange(len(which)) - first + 0.6)
        places = np.clip(eigenvalues + shift, -self.far, self.far)
        negative = eigenvalues + shift < 0
        for dots, count, those, sign in zip(
            self.kinds, self.counts, (negative, ~negative), ("negative", "positive"), strict=True
        ):
            dots.set_data(places[those], heights[those])
            dots.set_markersize(4.5 + 1.5 * unit)
            count.set_text(f"{those.sum()} {sign}")


class ShareOfNegative:
    """The share of negative eigenvalues over the shift: of one matrix, and of very large ones."""

    legend = ("this matrix", "very large d")

    def __init__(self, ax, palette, last, large):
        """last: the largest shift. large: shifts (n,) → shares (n,), for very large matrices."""
        self.last = last
        at = np.linspace(-last, last, 121)
        ax.set(xlim=(-last, last), ylim=(-0.04, 1.04), yticks=(0, 0.5, 1))
        ax.set_yticklabels(("0 %", "50 %", "100 %"))
        ax.grid(axis="y")
        (limit,) = ax.plot(at, large(at), "--", color=palette.ink, lw=1.3, zorder=3.7)
        (self.line,) = ax.plot([], [], "-", color=palette.other, lw=1.8, zorder=3.5)
        self.ball = ball(ax, palette)
        legend_above(ax, [self.line, limit], self.legend)
        self.moving = [self.line, limit, self.ball]  # the limit is visible on the line

    def update(self, eigenvalues, shift):
        """eigenvalues: (d,), smallest first, before the shift."""
        d = len(eigenvalues)
        steps = np.clip(np.repeat(-eigenvalues[::-1], 2), -self.last, self.last)
        shares = np.repeat(np.arange(d, -1, -1) / d, 2)
        self.line.set_data([-self.last, *steps, self.last], shares)
        self.ball.set_data([shift], [np.mean(eigenvalues + shift < 0)])
