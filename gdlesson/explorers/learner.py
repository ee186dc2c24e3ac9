"""Mine: a learner's own function, drawn beside the package's. May import: views, calling, …"""

import numpy as np

from ..checking.probes import numbers
from ..checking.runner import describe_error
from ..checking.time_limit import TookTooLong, guarded
from ..views import in_sight

SECONDS = 2.0  # what one picture waits for


class Mine:
    """A view of what a learner's function finds: a line of crosses, and a sentence about it.

    The function may be unwritten, raise, or never come back: then nothing is drawn, the sentence
    says so, and one without an end is not called again.

    fn: the function, or None for no view at all. noun: what it finds. mark: how that is drawn.
    """

    def __init__(self, fn, noun="path", mark="the crosses"):
        self.fn, self.noun, self.mark = fn, noun, mark
        self.endless = False

    def on(self, ax, palette):
        """Draw on these axes; returns itself, as the view it is from then on."""
        self.ax = ax
        (self.line,) = ax.plot(
            [], [], "x--", color=palette.other, ms=8, mew=1.8, lw=1.2, zorder=7, label="yours"
        )
        self.moving = [self.line]
        return self

    def update(self, work, expected, drawn=lambda points: points):
        """Draw what `work(fn)` returns; says how it compares with `expected`, both (n, d).

        drawn: of these points, the places (n, 2) on the axes.
        """
        self.line.set_data([], [])
        if self.fn is None:
            return ""
        points, why = self._points(work, np.shape(expected)[1:])
        if points is None:
            return f" Your {self.noun} is not drawn: {why}."
        with np.errstate(all="ignore"):  # a path may diverge
            self.line.set_data(*in_sight(drawn(points), self.ax).T)
            same = points.shape == np.shape(expected) and np.allclose(
                points, expected, equal_nan=True
            )
        return f" Your {self.noun}, {self.mark}, {'is the same' if same else 'goes another way'}."

    def _points(self, work, shape):
        """What the function finds and None, or None and why not."""
        result, why = self._found(lambda: numbers(work(self.fn)))
        if why:
            return None, why
        if result is None or result.ndim != 1 + len(shape) or result.shape[1:] != shape:
            return None, "nothing came back, or no points to draw"
        return (result, None) if len(result) else (None, "no points came back")

    def _found(self, work):
        """What `work()` returns and None, or None and why it did not: it calls the function."""
        if self.endless:
            return None, "the function had no end. Run this cell again"
        with np.errstate(all="ignore"):
            result, error, _ = guarded(work, SECONDS)
        if isinstance(error, TookTooLong):
            self.endless = True
            return None, f"it had not come back after {SECONDS:.0f} seconds"
        return (None, describe_error(error)) if error is not None else (result, None)
