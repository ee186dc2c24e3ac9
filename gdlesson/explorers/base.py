"""Explorer: controls → descent → views → readout. May import the floor below: live, views, …"""

import base64
import math
from contextlib import contextmanager
from traceback import format_exception_only

import ipywidgets as widgets

from ..live.background import BackgroundRefinement
from ..live.controls import shown
from ..live.export import save_animation, save_picture, save_sweep
from ..live.figure import LiveFigure, png_size
from ..live.playback import Play
from ..views import DARK, LIGHT, blank_figure

STILL_WIDTH = 900  # of the saved picture, in pixels of the page
WIDEST = 1000


class Explorer:
    """A live picture with its controls and a readout that says what is happening.

    A lesson subclasses it with three methods:
      make_controls() → {name: ipywidget}, in the order they are shown;
      draw(figure, palette, values) → (views, handles): make the views and what can be dragged;
      show(values) → readout: run the descent, update the views, say it in one or two sentences.
    `values` are the controls' values by name. Where the views show a path it can be played;
    a fourth method, each_step(), gives the sentence and its numbers for every step.

    controls: name → ipywidget. figure: the matplotlib figure. readout: str.
    after: a Prediction to answer, or skip, before the controls wake. Other keywords set controls.
    """

    height = 440  # of the figure in pixels of the page, side by side
    narrow_height = 790  # and with its panels one above the other
    primary = None  # name of the control that has a row to itself
    redrawn_by = ()  # names of controls that change the still part of the picture
    refits = ()  # names of controls that change what others can take, and only what moves
    picture_only = ()  # names of controls that only the picture shows, such as a draggable start

    def __init__(self, after=None, **values):
        self.after = after
        self.controls = self.make_controls()
        self._put(values)
        self.defaults = self.values
        self.palette, self.width = LIGHT, STILL_WIDTH
        self._resting = BackgroundRefinement(self._rested)
        figure, handles = self._draw()
        self.readout = self._told(self.show(self.values))
        self.live = LiveFigure(figure, self._moving(), self.readout, handles, self._play())
        self._resting.begin(self.when_resting(self.values))
        self.box = self._layout()
        self._sleep(False)
        self._setting = self._stale = False
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self._on_control(name), "value")
        self.live.observe(lambda change: self._on_page(), ["room", "theme"])
        if after is not None and after.chosen is None:
            self._lock()

    @property
    def values(self):
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def figure(self):
        return self.live.figure

    @property
    def narrow(self):
        """Whether the page is too narrow for panels side by side."""
        return self.width < 680

    def set(self, **values):
        """Set several controls at once, as one move."""
        before = self.values
        with self._quietly():
            self._put(values)
        changed = [name for name, value in self.values.items() if value != before[name]]
        if changed:
            self._move(redraw=any(name in self.redrawn_by for name in changed))

    def reset(self):
        """All controls back to where they were, and the whole path shown."""
        self.set(**self.defaults)
        self.live.rest()

    def each_step(self):
        """A sentence for every step of the path, and its numbers (steps + 1, k): see `Play`."""
        return "", ()

    def when_resting(self, values):
        """A generator that makes a coarse picture finer, piece by piece, when the hand rests.

        None where there is nothing to refine. A piece should take less than 50 milliseconds.
        """

    def save(self, name, overwrite=False, progress=None, **sweep):
        """Save the picture as .png or .svg, or the path step by step as .gif.

        progress: called with (frames drawn, of how many); without it, a notebook shows a bar.
        sweep: one control's name = the values it moves through, for a .gif of the slider moving.
        Raises ValueError for another ending or control, FileExistsError unless `overwrite`.
        """
        with self._in_light():
            self._resting.finish()
            if sweep:
                return save_sweep(self._swept(sweep), name, overwrite, progress)
            if str(name).lower().endswith(".gif"):
                return save_animation(self.live, name, overwrite, progress)
            return save_picture(self.live, name, overwrite)

    def _swept(self, sweep):
        """The picture at each value of a control, with the place of its slider; then as before."""
        (name, values), *others = sweep.items()
        if others:
            raise ValueError(f"one control moves at a time, got {', '.join(sweep)}")
        control, before = self.controls.get(name), self.values
        try:
            for value in values:
                self.set(**{name: value})
                self._resting.finish()
                yield self.live, control.description or name, *shown(control), self.palette
        finally:
            self.set(**before)

    def buttons(self):
        """Name → what to do: the lesson's own buttons, shown beside Reset."""
        return {}

    def disabled(self, values):
        """Names of the controls that change nothing as things stand: they are greyed."""
        return ()

    def adapt(self, name):
        """Fit the other controls to a new value of `name`, one of `redrawn_by` or `refits`."""

    def still(self):
        """The picture as PNG, light and at the usual width whatever the page is like."""
        with self._in_light():
            self._resting.finish()
            return self.live.still()

    def _repr_mimebundle_(self, include=None, exclude=None):
        png = self.still()
        size = dict(zip(("width", "height"), png_size(png), strict=True))
        view = self.box._repr_mimebundle_()
        data = {**view, "text/plain": self.readout, "image/png": base64.b64encode(png).decode()}
        return data, {"image/png": {**size, "alt": self.readout}}

    @contextmanager
    def _in_light(self):
        """The picture as it is saved: light and at the usual width."""
        page = self.palette, self.width
        if page == (LIGHT, STILL_WIDTH):
            yield
            return
        with self.live.hold_sync():  # the page sees nothing of it
            self.palette, self.width = LIGHT, STILL_WIDTH
            self._move(redraw=True)
            try:
                yield
            finally:
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

    def _put(self, values):
        """Set controls, those first that others are fitted to: the order of keywords is free."""
        for name in values:
            if name not in self.controls:
                known = ", ".join(self.controls)
                raise ValueError(f"no control is called {name!r}; there are {known}")
        leaders = (*self.redrawn_by, *self.refits)
        for name in sorted(values, key=lambda name: name not in leaders):
            self.controls[name].value = values[name]
            if name in leaders:
                self.adapt(name)

    def _on_control(self, name):
        if self._setting:
            return
        if name in (*self.redrawn_by, *self.refits):
            with self._quietly():
                self.adapt(name)
        self._move(redraw=name in self.redrawn_by)

    def _on_page(self):
        self.palette = DARK if self.live.theme == "dark" else LIGHT
        if self.live.room:
            self.width = min(max(self.live.room, 360), WIDEST)
        self._move(redraw=True)

    def _draw(self):
        """A new figure with its views, for the page and the values as they are."""
        height = self.narrow_height if self.narrow else self.height
        figure = blank_figure(self.width, height, self.palette)
        self._views, handles = self.draw(figure, self.palette, self.values)
        return figure, handles

    def _moving(self):
        return [artist for view in self._views for artist in view.moving]

    def _play(self):
        return Play.of(self._views, *self.each_step())

    def _move(self, redraw=False):
        """Show the present values. What goes wrong is said in the readout, and raised."""
        try:
            with self.live.hold_sync():  # one message, so that all of it moves in one frame
                self._resting.give_up()
                drawn = self._draw() if redraw or self._stale else None
                self._stale = True  # until all of this has gone well
                self._say(self.show(self.values))
                self._sleep(self.live.locked)
                if drawn:
                    figure, handles = drawn
                    self.live.show(figure, self._moving(), handles, self._play())
                else:
                    self.live.refresh(self._play())
                self._stale = False
                self._resting.begin(self.when_resting(self.values))
        except Exception as error:
            why = format_exception_only(error)[-1].strip()
            self._say(f"This picture could not be drawn. {why}")
            raise

    def _rested(self):
        self.live.refresh()

    def _say(self, readout):
        self.readout = self.live.alt = self._told(readout)

    def _told(self, readout):
        """What happens, and beside it what was predicted."""
        question = self.after
        if question is None or not question.chosen or not self._is_at(question.about or {}):
            return readout
        return f"{readout} You predicted: {question.chosen}"

    def _is_at(self, place):
        """Whether these controls have these values, up to a slider's rounding."""
        return all(
            math.isclose(self.controls[name].value, value, rel_tol=1e-6)
            if isinstance(value, float)
            else self.controls[name].value == value
            for name, value in place.items()
        )

    def _layout(self):
        main = [self.controls[self.primary].add_class("gdl-main")] if self.primary else []
        aside = (*self.picture_only, self.primary)
        shown = [control for name, control in self.controls.items() if name not in aside]
        buttons = []
        for name, act in {**self.buttons(), "Reset": self.reset}.items():
            button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
            button.on_click(lambda _, act=act: act())
            buttons.append(button)
        row = widgets.HBox(
            [*shown, *buttons], layout=widgets.Layout(flex_flow="row wrap", grid_gap="2px 14px")
        )
        self._inputs = [*self.controls.values(), *buttons]
        return widgets.VBox([row, *main, self.live], layout=widgets.Layout(width="100%"))

    def _lock(self):
        """Let controls sleep until the prediction is made or skipped."""
        skip = widgets.Button(
            description="Explore without predicting", layout=widgets.Layout(width="auto")
        )
        skip.on_click(lambda _: self.after.skip())
        panel = widgets.HBox(
            [widgets.Label("Make your prediction above: it wakes the picture."), skip],
            layout=widgets.Layout(flex_flow="row wrap"),
        )
        self.box.children = (panel, *self.box.children)
        self._sleep(True)

        def wake(change):
            panel.layout.display = "none"  # taken out, it would have the picture drawn anew
            self._sleep(False)
            self.after.unobserve(wake, "chosen")
            self._move()

        self.after.observe(wake, "chosen")

    def _sleep(self, asleep):
        self.live.locked = asleep
        idle = [self.controls[name] for name in self.disabled(self.values)]
        for each in self._inputs:
            each.disabled = asleep or each in idle
