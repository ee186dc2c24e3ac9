"""Prediction: a question to answer before an explorer is unlocked. May import: ipywidgets."""

import textwrap
from html import escape

import ipywidgets as widgets
import traitlets

from .. import progress

SKIPPED = ""
# Narrow pages: choices of more than one line, and the field below its label.
STYLE = """<style>
.gdl-choices .widget-radio-box label {
  display: flex; flex-direction: row-reverse; justify-content: flex-end; gap: 6px;
  height: auto; line-height: 20px; margin-bottom: 4px;
}
.gdl-choices .widget-radio-box input { flex: none; height: 20px; margin: 0 0 0 2px; }
.gdl-why { height: auto; flex-wrap: wrap; }
.gdl-why input { min-width: 14em; }
</style>"""


class Prediction(traitlets.HasTraits):
    """A question with choices, asked before the picture shows the answer.

    Prediction(question, choices, answer, because): `answer` is one of `choices`, and `because`
    gives the reason. about: values of an explorer's controls, if the question is about one state;
    the readout of that state then quotes the prediction. name: under which it is recorded in the
    learner's progress; without one it is not. `chosen` is None until the learner decides, then
    their choice, or "" if they skip the question; `why` is the reason they give, or "".
    Raises ValueError if the answer is not among the choices.
    """

    chosen = traitlets.Unicode(None, allow_none=True)
    why = traitlets.Unicode("")

    def __init__(self, question, choices, answer, because, about=None, name=None):
        super().__init__()
        if answer not in choices:
            raise ValueError(f"the answer must be one of the choices, got {answer!r}")
        self.question, self.choices = question, tuple(choices)
        self.answer, self.because, self.about, self.name = answer, because, about, name
        self._box = None
        self.observe(lambda change: self._record(), ["chosen", "why"])

    def choose(self, choice, why=None):
        """Decide for a choice, and say why. Raises ValueError for one that is not offered."""
        if choice not in self.choices:
            raise ValueError(f"choose one of {list(self.choices)}, got {choice!r}")
        if why is not None:
            self.why = why
        self.chosen = choice

    def skip(self):
        """Unlock the explorer without a prediction; one made before stays."""
        if self.chosen is None:
            self.chosen = SKIPPED

    def in_words(self):
        """What the learner predicted and wrote, "" without a prediction."""
        return _in_words("You predicted", self.chosen, self.why)

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

    def _record(self):
        if self.name and self.chosen:
            status = "right" if self.chosen == self.answer else "wrong"
            progress.record("prediction", self.name, status, choice=self.chosen, why=self.why)

    def _earlier(self):
        """What was predicted before this kernel started, in words."""
        folder = progress.where()
        try:
            recorded = progress.load(folder)["predictions"] if folder and self.name else {}
        except (ValueError, OSError):  # the map of the course says so
            recorded = {}
        entry = recorded.get(self.name, {})
        return _in_words("Earlier you predicted", entry.get("choice"), entry.get("why", ""))

    def _build(self):
        wide = widgets.Layout(width="auto", max_width="52em")
        question = widgets.HTML(
            f'{STYLE}<b style="line-height: 1.5; display: block">{escape(self.question)}</b>',
            layout=wide,
        )
        choice = widgets.RadioButtons(options=self.choices, value=None, layout=wide)
        choice.add_class("gdl-choices")
        why = widgets.Text(
            value=self.why,
            description="Why? (one sentence, may be empty)",
            style={"description_width": "initial"},
            continuous_update=False,  # sent when the field is left, or by Enter
            layout=wide,
        ).add_class("gdl-why")
        show = widgets.Button(
            description="Show the answer", disabled=True, layout=widgets.Layout(width="auto")
        )
        reply = widgets.HTML(escape(self._earlier()), layout=wide)

        def chose(change):
            if change["new"] is not None:
                self.choose(change["new"], why.value)
                show.disabled = False
                reply.value = _announced(
                    "Noted. Find out in the picture below, then show the answer."
                )

        def reveal(_):
            right = self.chosen == self.answer
            words = f"{'As you predicted' if right else 'The answer'}: {self.answer} {self.because}"
            wrote = f"You wrote: {_sentence(self.why)}" if self.why.strip() else ""
            reply.value = _announced(words, wrote)

        choice.observe(chose, "value")
        traitlets.link((why, "value"), (self, "why"))
        show.on_click(reveal)
        row = widgets.Layout(flex_flow="row wrap", align_items="baseline", grid_gap="0 8px")
        answer = widgets.HBox([show, reply], layout=row)
        return widgets.VBox([question, choice, why, answer])


def _in_words(begin, chosen, why):
    """A choice and its reason as sentences, "" without a choice."""
    if not chosen:
        return ""
    if not why.strip():
        return f"{begin}: {chosen}"
    return f"{begin}: {_sentence(chosen)} You wrote: {_sentence(why)}"


def _sentence(text):
    """A learner's text in one line, ending like a sentence."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _announced(*paragraphs):
    """Texts as HTML that a screen reader speaks when it appears."""
    texts = "".join(f'<span style="display: block">{escape(p)}</span>' for p in paragraphs if p)
    return f'<div role="alert" style="line-height: 1.5">{texts}</div>'
