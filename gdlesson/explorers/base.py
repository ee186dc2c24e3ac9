"""Explorer: controls → descent → views → readout. May import: live, views, checking, the core."""

from contextlib import contextmanager
from traceback import format_exception_only

from ..live.background import BackgroundRefinement, give_up_all, one_at_a_time
from ..live.controls import as_shown
from ..live.display import bundle, close_earlier
from ..live.figure import LiveFigure
from ..live.playback import Play
from ..live.raster import dismantle
from ..views import DARK, LIGHT, Page, styled
from .control_panel import ControlPanel
from .learner import LearnerFunction, LearnerText, compare
from .records import Shown
from .state import apply, at, changes, on_grid

STILL_WIDTH = 900  # of the saved picture, in pixels of the page
WIDEST = 1000


class Explorer:
    """A live picture with its controls and a readout that describes what happens.

    A lesson subclasses it, declares what is below, and writes three methods:
      make_controls() → {name: ipywidget}, in the order they are shown;
      draw(page, **still) → Views: place panels on the page, make the views and what can be
        dragged; `still` are the values of the controls in `redrawn_by`, and of no others;
      show(views, values) → readout or Shown: run the descent, update the views, describe the
        state in one or two sentences. `values` are the values of all controls by name.
    Where the views show a path, it can be played.

    after: a Prediction to answer, or skip, before the controls unlock. mine: a learner's function.
    Other keywords set controls. controls: name → ipywidget. readout: str. views and shown: what
    `draw` and `show` returned last, a Views and a Shown.
    Raises ValueError for an unknown control or a value outside its range.
    """

    primary = None  # name of the control that has a row to itself
    redrawn_by = ()  # names of the controls that change the still part of the picture
    adapts_to = ()  # names of the controls on which the values or ranges of others depend
    picture_only = ()  # names of the controls that only the picture shows, as a dragged start
    long_runs = ()  # names of the lesson's buttons that compute for seconds
    closed = False  # True once its cell has run again
    learner_text = LearnerText()

    def adapt(self, before, after):
        """What other controls become when one of `adapts_to` changes: {name: value or traits}.

        before, after: the values of all controls, before and after that change. Traits are those
        of the ipywidget, such as {"min": 0.1, "max": 0.5, "value": 0.2}.
        """
        return {}

    def buttons(self):
        """Name → what to do: the lesson's own buttons, next to Reset."""
        return {}

    def disabled(self, values):
        """Names of the controls that change nothing in this state: they are greyed."""
        return ()

    def refine(self, views, values):
        """A generator that refines a coarse picture piece by piece, when no move comes; or None.

        A piece should take less than 50 milliseconds.
        """

    def __init__(self, after=None, mine=None, **values):
        self.after, self.learner = after, LearnerFunction(mine)
        self.controls = self.make_controls()
        apply(self.controls, self._changes(values))
        self.defaults = self.values
        self.palette, self.width = LIGHT, STILL_WIDTH
        self._refinement = BackgroundRefinement(lambda: self.live.refresh(), self.report)
        with one_at_a_time, styled(self.palette):
            figure = self._draw()
            self.readout = self._with_prediction(self._show())
            views = self.views
            self.live = LiveFigure(figure, views.moving, self.readout, views.handles, self._play())
        self._refinement.begin(self.refine(self.views, self.values))
        self.panel = ControlPanel(self)
        self.box = self.panel.box
        self._enable()
        self._setting = self._stale = False
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self._on_control(name, change.old), "value")
        self.live.observe(lambda change: self._on_page(), ["available_width", "theme"])
        if after is not None:
            self.live.locked = after.chosen is None
            self._enable()
            self.panel.ask(after, self._unlock)

    @property
    def values(self):
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def figure(self):
        return self.live.figure

    def set(self, **values):
        """Set several controls at once, as one move: all of them, or none and a ValueError."""
        before = self.values
        changed = self._changes(values)
        with self._quietly():
            apply(self.controls, changed)
        changed = [name for name, value in self.values.items() if value != before[name]]
        if changed:
            self._move(redraw=any(name in self.redrawn_by for name in changed))

    def move_to(self, **places):
        """Set sliders to the places nearest to these, inside their ranges: for what is dragged."""
        self.set(**{name: on_grid(self.controls[name], x) for name, x in places.items()})

    def on_drag(self, x=None, y=None):
        """A `moved` for a `Handle`: dragging across sets the control `x`, up and down `y`."""

        def moved(across, up):
            places = {x: across, y: up}
            self.move_to(**{name: place for name, place in places.items() if name})

        return moved

    def reset(self):
        """All controls back to their first values, and the whole path shown."""
        self.set(**self.defaults)
        self.live.stop()

    def compare(self, crosses, work, expected, on_axes=None):
        """Draw the points that `work(fn)` finds with the learner's function; returns a sentence.

        crosses: a view. expected: (n, d), the package's points. on_axes: makes of points (n, d)
        their places (n, 2) on the axes. Without a function the sentence is empty.
        """
        return compare(self.learner, self.learner_text, crosses, work, expected, on_axes)

    def report(self, error):
        """Put an error into the readout; whoever calls this raises it too."""
        why = format_exception_only(error)[-1].strip()
        self._say(f"This picture could not be drawn. {why}")

    def save(self, name, overwrite=False, progress=None, **sweep):
        """Save the picture as .png or .svg, or the path step by step as .gif.

        progress: called with (frames drawn, of how many); without it, a notebook shows a bar.
        sweep: one control's name = the values it moves through, for a .gif of the slider moving.
        Raises ValueError for another ending or control, FileExistsError unless `overwrite`.
        """
        from ..live import export  # needed for saving only

        with self._in_light():
            self.finish()
            if sweep:
                return export.save_sweep(self._swept(sweep), name, overwrite, progress)
            return export.save(self.live, name, overwrite, progress)

    def _swept(self, sweep):
        """The picture at each value of a control, with the place of its slider; then as before."""
        (name, values), *others = sweep.items()
        if others:
            raise ValueError(f"one control moves at a time, got {', '.join(sweep)}")
        control, before = self.controls.get(name), self.values
        try:
            for value in values:
                self.set(**{name: value})
                self.finish()
                yield self.live, control.description or name, *as_shown(control), self.palette
        finally:
            self.set(**before)

    def finish(self):
        """Refine the picture to its end now."""
        self._refinement.finish()

    def still(self):
        """The picture as PNG, light and at the usual width whatever the page is like."""
        with self._in_light():
            self.finish()
            return self.live.still()

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.closed:
            return {"text/plain": self.readout}
        close_earlier(self)
        return bundle(self.box, self.still(), self.readout)

    def __repr__(self):
        return self.readout

    def close(self):
        """Free the picture's memory: only its readout remains."""
        if not self.closed:
            give_up_all(vars(self).values())
            self.panel.close()
            dismantle(self.figure)
            text = f"{self.readout} This picture is closed: run its cell again to see it."
            vars(self).clear()
            self.readout, self.closed = text, True

    @contextmanager
    def _in_light(self):
        """The picture as it is saved: light and at the usual width."""
        page, saved = (self.palette, self.width), (LIGHT, STILL_WIDTH)
        with one_at_a_time, styled(LIGHT), self.live.hold_sync():  # the page sees nothing of it
            if page != saved:
                self.palette, self.width = saved
                self._move(redraw=True)
            try:
                yield
            finally:
                if page != saved:
                    self.palette, self.width = page
                    self._move(redraw=True)

    @contextmanager
    def _quietly(self):
        """Change controls without a move for each."""
        self._setting = True
        try:
            yield
        finally:
            self._setting = False

    def _changes(self, values):
        return changes(self.controls, values, self.adapts_to, self.adapt)

    def _on_control(self, name, old):
        if self._setting:
            return
        if name in self.adapts_to:
            adapted = self.adapt(self.values | {name: old}, self.values)
            with self._quietly():
                apply(self.controls, adapted)
        self._move(redraw=name in self.redrawn_by)

    def _on_page(self):
        self.palette = DARK if self.live.theme == "dark" else LIGHT
        if self.live.available_width:
            self.width = min(max(self.live.available_width, 360), WIDEST)
        self._move(redraw=True)

    def _draw(self):
        """Make the figure and its views, for the page and the values as they are."""
        page = Page(self.width, self.palette)
        still = {name: self.controls[name].value for name in self.redrawn_by}
        self.views = self.draw(page, **still)
        return page.figure

    def _show(self):
        """Update the views; returns the readout."""
        shown = self.show(self.views, self.values)
        self.shown = Shown(shown) if isinstance(shown, str) else shown
        return self.shown.readout

    def _play(self):
        return Play.of(self.views.all, self.shown.step_text, self.shown.step_numbers)

    def _move(self, redraw=False):
        """Show the present values. An error is shown in the readout, and raised."""
        try:
            # one message, so that all of it moves in one frame
            with one_at_a_time, self.live.hold_sync():
                self._refinement.give_up()
                redraw = redraw or self._stale
                self._stale = True  # until all of this has gone well
                if redraw:
                    with styled(self.palette):
                        figure = self._draw()
                        self._say(self._show())
                        self._enable()
                        views = self.views
                        self.live.show(figure, views.moving, views.handles, self._play())
                else:
                    self._say(self._show())
                    self._enable()
                    self.live.refresh(self._play())
                self._stale = False
                self._refinement.begin(self.refine(self.views, self.values))
        except Exception as error:
            self.report(error)
            raise

    def _say(self, readout):
        self.readout = self.live.alt = self._with_prediction(readout)

    def _with_prediction(self, readout):
        """What happens, followed by what was predicted for this state."""
        question = self.after
        about_it = question and question.chosen and at(self.controls, question.about or {})
        return f"{readout} {question.in_words()}" if about_it else readout

    def _enable(self):
        """Grey the controls that change nothing now: all of them until a prediction is made."""
        self.panel.enable(not self.live.locked, self.disabled(self.values))

    def _unlock(self):
        self.live.locked = False
        self._move()
