"""The legend of a heat map, and its numbers in bands: which colour means which number."""

import numpy as np

from .paper import log_axis

BANDS = 16


def banded(values, limits, log=False):
    """The values (...) between two limits, each replaced by the middle of its band.

    There are 16 bands of equal width, on a log scale if `log`. So a heat map shows lines of equal
    values, and its still needs few colours. What is not a number stays so.
    """
    low, high = np.log(limits) if log else limits
    place = (np.log(values) if log else np.asarray(values)) - low
    band = np.clip(np.floor(BANDS * place / (high - low)), 0, BANDS - 1)
    middle = low + (band + 0.5) * (high - low) / BANDS
    return np.exp(middle) if log else middle


class ColourScale:
    """A strip with the colours of a heat map of `banded` numbers, as an axis; it does not move.

    image: of the `HeatMap`. ticks: (number, text) pairs.
    """

    def __init__(self, ax, image, ticks, log=False):
        limits = image.norm.vmin, image.norm.vmax
        edges = np.geomspace(*limits, BANDS + 1) if log else np.linspace(*limits, BANDS + 1)
        middles = banded((edges[1:] + edges[:-1]) / 2, limits, log)
        ax.pcolormesh(edges, [0, 1], middles[None], cmap=image.cmap, norm=image.norm, zorder=1)
        if log:
            log_axis(ax.xaxis, *limits)
        ax.set(xlim=limits, ylim=(0, 1), yticks=())
        ax.set_xticks([number for number, _ in ticks], [text for _, text in ticks])
        self.moving = []
