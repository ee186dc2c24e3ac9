"""The first version's way to write an explorer, until the last one is converted."""

import numpy as np

from ..checking.probes import numbers
from ..checking.runner import describe_error
from ..checking.time_limit import TookTooLong, guarded
from ..views import blank_figure, in_sight
from ..views.charts import Formula as NewFormula
from .base import Explorer
from .records import Shown, Views
from .state import checked

SECONDS = 2.0  # what one picture waits for


class LegacyExplorer(Explorer):
    """An explorer with draw(figure, palette, values), show(values), each_step, adapt(name)."""

    height, narrow_height = 440, 790
    refits = ()

    def __init__(self, after=None, *_, **values):
        self._first = values
        super().__init__(after)

    def each_step(self):
        return "", ()

    def when_resting(self, values):
        return None

    def adapt(self, name):
        pass

    @property
    def narrow(self):
        return self.width < 680

    def _changes(self, values):
        values = {**vars(self).pop("_first", {}), **values}
        for name in values:
            if name not in self.controls:
                known = ", ".join(self.controls)
                raise ValueError(f"no control is called {name!r}; there are {known}")
        leaders = (*self.redrawn_by, *self.refits)
        for name in sorted(values, key=lambda name: name not in leaders):
            value = checked(name, self.controls[name], values[name])
            was, self._setting = getattr(self, "_setting", False), True
            self.controls[name].value = value
            if name in leaders:
                self.adapt(name)
            self._setting = was
        return {}

    def _on_control(self, name, old):
        if self._setting:
            return
        if name in (*self.redrawn_by, *self.refits):
            with self._quietly():
                self.adapt(name)
        self._move(redraw=name in self.redrawn_by)

    def _draw(self):
        height = self.narrow_height if self.narrow else self.height
        figure = blank_figure(self.width, height, self.palette)
        views, handles = self.draw(figure, self.palette, self.values)
        self.views = Views(handles, **{f"view{i}": view for i, view in enumerate(views)})
        return figure

    def _show(self):
        readout = self.show(self.values)
        self.shown = Shown(readout, *self.each_step())
        return readout

    def refine(self, views, values):
        return self.when_resting(values)


class Formula(NewFormula):
    def __init__(self, ax, place, room, palette):
        super().__init__(ax, palette)
        x, y = (pixels * 72 / ax.figure.dpi for pixels in place)
        self.text.set_position((x, -y))
        self.width = room


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
