"""Prediction: a question to answer before an explorer is unlocked. May import: ipywidgets."""

import textwrap
from html import escape

import ipywidgets as widgets
import traitlets

SKIPPED = ""


class Prediction(traitlets.HasTraits):
    """A question with choices, asked before the picture shows the answer.

    Prediction(question, choices, answer, because): `answer` is one of `choices`, and `because`
    gives the reason. about: values of an explorer's controls, if the question is about one state;
    the readout of that state then quotes the prediction. `chosen` is None until the learner
    decides, then their choice, or "" if they skip the question; it is not saved anywhere.
    Raises ValueError if the answer is not among the choices.
    """

    chosen = traitlets.Unicode(None, allow_none=True)

    def __init__(self, question, choices, answer, because, about=None):
        super().__init__()
        if answer not in choices:
            raise ValueError(f"the answer must be one of the choices, got {answer!r}")
        self.question, self.choices = question, tuple(choices)
        self.answer, self.because, self.about = answer, because, about
        self._box = None

    def choose(self, choice):
        """Decide for a choice. Raises ValueError for one that is not offered."""
        if choice not in self.choices:
            raise ValueError(f"choose one of {list(self.choices)}, got {choice!r}")
        self.chosen = choice

    def skip(self):
        """Unlock the explorer without a prediction; one made before stays."""
        if self.chosen is None:
            self.chosen = SKIPPED

    def __repr__(self):
        texts = [(self.question, "", ""), *((choice, "  ( ) ", " " * 6) for choice in self.choices)]
        return "\n".join(  # as a saved notebook, a page and a slide show it
            textwrap.fill(text, 76, initial_indent=first, subsequent_indent=rest)
            for text, first, rest in texts
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self._box is None:
            self._box = self._build()
        return {**self._box._repr_mimebundle_(), "text/plain": repr(self)}

    def _build(self):
        wide = widgets.Layout(width="auto", max_width="52em")
        question = widgets.HTML(
            f'<b style="line-height: 1.5; display: block">{escape(self.question)}</b>', layout=wide
        )
        choice = widgets.RadioButtons(options=self.choices, value=None, layout=wide)
        show = widgets.Button(
            description="Show the answer", disabled=True, layout=widgets.Layout(width="auto")
        )
        reply = widgets.HTML(layout=wide)

        def chose(change):
            if change["new"] is not None:
                self.choose(change["new"])
                show.disabled = False
                reply.value = "Noted. Find out in the picture below, then show the answer."

        def reveal(_):
            right = self.chosen == self.answer
            reply.value = (
                f"{'As you predicted' if right else 'The answer'}: {escape(self.answer)} "
                f"{escape(self.because)}"
            )

        choice.observe(chose, "value")
        show.on_click(reveal)
        return widgets.VBox([question, choice, widgets.HBox([show, reply])])
