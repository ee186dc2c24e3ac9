"""Play: what a picture shows after each step of a path. May import: NumPy."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Play:
    """How a picture is played, step by step, in the browser and in an animation.

    steps: their number. progressive: {line: points per step}, lines of which the first
    1 + step · points are drawn. keyframes: {line or patch: (steps + 1, n, 2)}, its vertices in
    data coordinates after each step. text: the readout of a step, with {step}, {steps} and, for
    the columns of `numbers` (steps + 1, k), {0} for two decimals or {0:g} for three digits.
    """

    steps: int = 0
    progressive: dict = field(default_factory=dict)
    keyframes: dict = field(default_factory=dict)
    text: str = ""
    numbers: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @classmethod
    def of(cls, views, text="", numbers=()):
        """Collect `progressive` and `keyframes` of several views; a view may lack either."""
        progressive, keyframes = {}, {}
        for view in views:
            progressive |= getattr(view, "progressive", {})
            keyframes |= getattr(view, "keyframes", {})
        lengths = [(len(line.get_xdata()) - 1) // each for line, each in progressive.items()]
        lengths += [len(frames) - 1 for frames in keyframes.values()]
        numbers = np.asarray(numbers, dtype=float)
        steps = len(numbers) - 1 if len(numbers) else max(lengths, default=0)
        return cls(max(0, steps), progressive, keyframes, text, numbers)

    @contextmanager
    def at(self, step):
        """Within the block, the artists are in their state after this step."""
        before = {line: line.get_data(orig=False) for line in self.progressive}
        before |= {artist: _vertices(artist) for artist in self.keyframes}
        try:
            for line, each in self.progressive.items():
                line.set_data(*(values[: 1 + step * each] for values in before[line]))
            for artist, frames in self.keyframes.items():
                _put(artist, frames[min(step, len(frames) - 1)])
            yield
        finally:
            for artist, vertices in before.items():
                if artist in self.keyframes:
                    _put(artist, vertices)
                else:
                    artist.set_data(*vertices)


def _vertices(artist):
    return artist.get_xydata() if hasattr(artist, "get_xydata") else artist.get_xy()


def _put(artist, vertices):
    if hasattr(artist, "set_data"):
        artist.set_data(*np.asarray(vertices).T)
    else:
        artist.set_xy(vertices)
