"""Lines that an explorer makes itself, and the crosses of a learner's own path."""

import numpy as np

from .paper import in_sight


class Lines:
    """Artists of one picture that no other view has, by name, as a view.

    Lines(rival=…, here=…).rival is that artist again. progressive: the names of the lines that are
    played point by point.
    """

    def __init__(self, progressive=(), **artists):
        self.moving = list(artists.values())
        self.progressive = {artists[name]: 1 for name in progressive}
        self.__dict__.update(artists)


class Crosses:
    """What a learner's own function finds, as crosses.

    joined: by a dashed line. ink: in the colour of the text. every: second or third point, so
    that what is below remains visible.
    """

    def __init__(self, ax, palette, size=8, joined=True, ink=False, every=1):
        self.ax, self.every = ax, every
        (self.line,) = ax.plot(
            [], [], "x--" if joined else "x", color=palette.ink if ink else palette.other, ms=size,
            mew=1.8, lw=1.2, zorder=7, label="yours",
        )  # fmt: skip
        self.moving = [self.line]

    def update(self, points):
        """points: (n, 2), in data coordinates, or none. A path that leaves the axes is cut."""
        points = np.reshape(points, (-1, 2)).astype(float)
        self.line.set_data(*in_sight(points, self.ax)[:: self.every].T)
