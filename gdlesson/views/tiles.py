"""Small pictures in rows: digits of which some are faded, and weights. May import: matplotlib."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgb, to_rgba

from .paper import DPI

EDGE = 1  # pixels of a small picture that are free around it
GROUND = 0.25  # strength of the colour behind a picture that is not done
FADED = 0.86  # how much of the paper's colour lies over one that is


class Tiles:
    """Square grey pictures in rows and columns; those that are done are faded, step by step.

    pictures: (rows, columns, side, side) from 0 to 1. names: one for each row. A picture that is
    not done has a coloured ground, so that it differs from a faded one in colour and in strength.
    """

    def __init__(self, ax, pictures, names, palette):
        rows, columns, _, _ = pictures.shape
        width, height = ax.bbox.width, ax.bbox.height
        size = min(width / columns, height / rows)  # of one tile, so that all are square
        top = (height / size - rows) / 2
        ax.set(xlim=(0, width / size), ylim=(rows + top, -top))
        ax.imshow(
            _mosaic(pictures, palette), extent=(0, columns, rows, 0), aspect="auto",
            interpolation="nearest",
        )  # fmt: skip
        ax.set_xticks([])
        ax.set_yticks(np.arange(rows) + 0.5, names)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        row, column = np.divmod(np.arange(rows * columns), columns)
        self.places = np.column_stack([column, row]) + 0.5
        (self.covers,) = ax.plot(
            [], [], "s", color=to_rgba(palette.paper, FADED), ms=size * 72 / DPI, mew=0, zorder=3
        )
        self.moving = [self.covers]
        self.keyframes = {}

    def update(self, done):
        """done: (steps + 1, rows · columns), which pictures are done after each step."""
        frames = np.where(done[..., None], self.places, np.nan)
        self.covers.set_data(*frames[-1].T)
        self.keyframes = {self.covers: frames}


def _mosaic(pictures, palette):
    """One picture (height, width, 3) of all, each with a coloured ground and a free edge."""
    paper, ground, ink = (np.array(to_rgb(c)) for c in (palette.paper, palette.ball, palette.ink))
    ground = paper + GROUND * (ground - paper)
    drawn = ground + pictures[..., None] * (ink - ground)
    around = np.array([EDGE, EDGE])
    drawn = np.pad(drawn - paper, [(0, 0), (0, 0), around, around, (0, 0)]) + paper
    rows, columns, side, _, _ = drawn.shape
    return drawn.transpose(0, 2, 1, 3, 4).reshape(rows * side, columns * side, 3)


class WeightPictures:
    """The weights of each unit as a small square picture: one colour below 0, another above.

    shape: rows and columns of pictures. side: of a picture, in weights. limit: the size of a
    weight that has the full colour; 0 has the colour of the paper.
    """

    def __init__(self, ax, shape, side, limit, palette):
        (rows, columns), self.side = shape, side
        size = min(ax.bbox.width / columns, ax.bbox.height / rows)  # all are square
        aside, below = ax.bbox.width / size - columns, ax.bbox.height / size - rows
        ax.set(xlim=(-aside / 2, columns + aside / 2), ylim=(rows + below / 2, -below / 2))
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        shades = [palette.path, palette.paper, palette.ball]
        self.image = ax.imshow(
            np.zeros((rows * side, columns * side)), extent=(0, columns, rows, 0),
            cmap=LinearSegmentedColormap.from_list("weights", shades),
            norm=Normalize(-limit, limit, clip=True), interpolation="nearest", aspect="auto",
        )  # fmt: skip
        borders = [([0, columns], [y, y]) for y in range(rows + 1)]
        borders += [([x, x], [0, rows]) for x in range(columns + 1)]
        self.shape, self.moving = shape, [self.image]
        for ends in borders:  # above the image, so they are drawn with what moves
            self.moving += ax.plot(*ends, "-", color=palette.ink, lw=1, zorder=3)

    def update(self, weights):
        """weights: (side², rows · columns), a column for each unit."""
        rows, columns = self.shape
        tiles = np.reshape(weights, (self.side, self.side, rows, columns))
        side = self.side
        self.image.set_data(tiles.transpose(2, 0, 3, 1).reshape(rows * side, columns * side))
