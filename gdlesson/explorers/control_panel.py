"""ControlPanel: an explorer's controls and buttons above its picture. May import: live."""

from weakref import WeakMethod

import ipywidgets as widgets

from ..live.display import close_widgets


class ControlPanel:
    """The box of an explorer: a row of controls and buttons, the primary control, the picture."""

    def __init__(self, explorer):
        buttons = {**explorer.buttons(), "Reset": explorer.reset}
        self.controls = explorer.controls
        self.buttons = [_button(name, act) for name, act in buttons.items()]
        apart = (*explorer.picture_only, explorer.primary)
        row = [control for name, control in self.controls.items() if name not in apart]
        parts = [
            widgets.HBox(
                [*row, *self.buttons],
                layout=widgets.Layout(flex_flow="row wrap", grid_gap="2px 14px"),
            ),
            explorer.live,
        ]
        if explorer.primary:
            parts.insert(1, self.controls[explorer.primary].add_class("gdl-main"))
        self._stop_waiting = lambda: None
        self.box = widgets.VBox(parts, layout=widgets.Layout(width="100%"))

    def enable(self, enabled, but=()):
        """Enable or disable all controls and buttons; those named in `but` are disabled."""
        for name, control in self.controls.items():
            control.disabled = not enabled or name in but
        for button in self.buttons:
            button.disabled = not enabled

    def ask(self, question, then):
        """Show that a prediction is waited for, if it is.

        `then()` is called when the prediction or its reason changes, or the question is skipped.
        then: a method, which may go before the question does.
        """
        notice = widgets.HBox(
            [
                widgets.Label("Make your prediction above to unlock this picture."),
                _button("Explore without predicting", question.skip),
            ],
            layout=widgets.Layout(flex_flow="row wrap"),
        )
        if question.chosen is None:
            self.box.children = (notice, *self.box.children)
        method = WeakMethod(then)

        def answered(change):
            if (then := method()) is None:
                stop()
            elif question.chosen is not None:  # and not a reason alone
                notice.layout.display = "none"  # removed, it would have the picture drawn again
                then()

        def stop():
            question.unobserve(answered, ["chosen", "why"])

        question.observe(answered, ["chosen", "why"])
        self._stop_waiting = stop

    def close(self):
        """Wait for no prediction any more, and close all widgets."""
        self._stop_waiting()
        close_widgets(self.box, *self.controls.values())


def _button(name, act):
    button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: act())
    return button
