"""The legend of a heat map, and its numbers in bands: which colour means which number."""

import numpy as np

BANDS = 16


def banded(values, limits):
    """The values (...) between two limits, each replaced by the middle of its band.

    There are 16 bands of equal width. So a heat map shows lines of equal values, and its still
    needs few colours. What is not a number stays so.
    """
    low, high = limits
    band = np.clip(np.floor(BANDS * (np.asarray(values) - low) / (high - low)), 0, BANDS - 1)
    return low + (band + 0.5) * (high - low) / BANDS


class ColourScale:
    """A strip with the colours of a heat map of `banded` numbers, as an axis; it does not move.

    image: of the `HeatMap`. ticks: (number, text) pairs.
    """

    def __init__(self, ax, image, ticks):
        limits = image.norm.vmin, image.norm.vmax
        edges = np.linspace(*limits, BANDS + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        ax.pcolormesh(edges, [0, 1], middles[None], cmap=image.cmap, norm=image.norm, zorder=1)
        ax.set(xlim=limits, ylim=(0, 1), yticks=())
        ax.set_xticks([number for number, _ in ticks], [text for _, text in ticks])
        self.moving = []
