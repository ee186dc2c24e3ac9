"""The legend of a heat map: which colour means which number."""

import numpy as np

from .paper import log_axis


class ColourScale:
    """A strip with the colours of a heat map over its numbers, as an axis; it does not move.

    image: of the `HeatMap`. ticks: (number, text) pairs.
    """

    def __init__(self, ax, image, ticks, log=False):
        low, high = image.norm.vmin, image.norm.vmax
        values = np.geomspace(low, high, 240) if log else np.linspace(low, high, 240)
        edges = np.append(values, values[-1])
        ax.pcolormesh(edges, [0, 1], values[None], cmap=image.cmap, norm=image.norm, zorder=1)
        if log:
            log_axis(ax.xaxis, low, high)
        ax.set(xlim=(low, high), ylim=(0, 1), yticks=())
        ax.set_xticks([number for number, _ in ticks], [text for _, text in ticks])
        self.moving = []
