"""The widget of a question, and `ask`. May import: checking, questions, progress, anywidget.

The judging is done in Python: the page sends what was typed, and is sent what to show. Below the
widget there is a second output, the record of the last answer, which is saved with the notebook.
"""

import difflib
import os
import pathlib
from contextlib import suppress

import anywidget
import traitlets
from IPython.display import display

from .. import progress
from ..checking.feedback import WORDS
from ..checking.questions import Attempt, Question
from ..formatting import plural, sentence
from ..questions import catalogue
from .display import close_earlier
from .question_text import Text, html, plain, shown

HERE = pathlib.Path(__file__).parent
SAVED = "Your answer is saved with this notebook; you can change it until you hand it in."
UNANSWERED = "Not answered yet."


def ask(name, seed=None, answer=None, feedback=True):
    """Show a question of the course: a widget, with new numbers at each try.

    name: a question's name, as in `gdlesson.questions.catalogue()`, or a `Question`. seed: fixes
    the first numbers. answer: typed here instead, as text, or ... as long as there is none; then
    there is no widget and the `Feedback` on the answer is returned. feedback: with False, as in a
    test, an answer is saved and nobody is shown whether it is right.
    Raises ValueError for an unknown name or a seed that is not a whole number from 0 on.
    """
    question = _find(name)
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool) or seed < 0):
        raise ValueError(f"expected a seed that is a whole number from 0 on, got {seed!r}")
    if answer is None:
        if seed is None and progress.unattended():
            seed = 0
        widget = QuestionWidget(question, seed, feedback)
        display(widget)
        widget.record.show()
        close_earlier(widget)
        return None
    posed = question.pose(seed or 0)
    outcome = posed.judge(answer)
    display(Text(posed, solution=feedback and outcome.status == "passed"))
    if not feedback and outcome.status in ("passed", "mistake"):
        record = Record(question, graded=False)
        record.note(posed, answer, outcome, mistakes=0)
        return record.show()
    if feedback:
        _record(question, posed, answer, outcome)
    return outcome


def _find(name):
    if isinstance(name, Question):
        return name
    questions = catalogue()
    if name in questions:
        return questions[name]
    close = difflib.get_close_matches(str(name), questions, cutoff=0.5)
    similar = f": did you mean {' or '.join(close)}?" if close else ""
    raise ValueError(f"there is no question called {name!r}{similar}")


def _record(question, posed, reply, outcome):
    progress.record(
        "question",
        question.name,
        outcome.status,
        mistake=outcome.mistake,
        seed=posed.seed,
        reply=_as_text(reply),
    )


def _as_text(reply):
    return reply if isinstance(reply, str) else repr(reply)


class QuestionWidget(anywidget.AnyWidget):
    """A question to answer in a notebook; its arguments are those of `ask`."""

    _esm = "\n".join((HERE / name).read_text("utf-8") for name in ("controls.js", "question.js"))
    _css = (HERE / "question.css").read_text("utf-8")

    _question = traitlets.Dict().tag(sync=True)  # what is shown of it, and the number of the try
    _outcome = traitlets.Dict().tag(sync=True)  # of the last reply; empty before the first

    def __init__(self, question, seed=None, feedback=True):
        super().__init__()
        self._saved = question.pose(seed or 0)
        self._feedback = feedback
        self._attempt = Attempt(question, seed)
        self._tries = 0
        self.record = Record(question, feedback, seed)
        self._show()
        self.on_msg(self._on_message)

    def __repr__(self):
        return plain(self._saved)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = super()._repr_mimebundle_() or ({}, {})
        text = {"text/plain": repr(self), "text/html": html(self._saved, self._feedback)}
        return {**data, **text}, metadata

    def close(self):
        """Close the widget, and its layout, which ipywidgets leaves open."""
        layout = self.layout
        super().close()
        layout.close()

    def _show(self):
        self._outcome = {}
        self._question = {
            "try": self._tries,
            **shown(self._attempt.posed),
            "button": "Check" if self._feedback else "Save answer",
        }

    def _on_message(self, _, content, buffers):
        if not isinstance(content, dict):
            return
        # A button pressed again while Python was busy with another cell counts once.
        if "reply" in content and content.get("after") == self._outcome.get("count", 0):
            self._judge(content["reply"])
        elif content.get("again") == self._tries:
            self._attempt.again()
            self._tries += 1
            self._show()

    def _judge(self, reply):
        attempt = self._attempt
        was_finished = attempt.finished
        outcome = attempt.reply(reply) if self._feedback else attempt.posed.judge(reply)
        judged = outcome.status in ("passed", "mistake")
        if judged and not was_finished:  # after the worked solution, an answer proves nothing
            self.record.note(attempt.posed, reply, outcome, attempt.mistakes)
            if self._feedback:
                _record(attempt.question, attempt.posed, reply, outcome)
        word, colour = WORDS[outcome.status]
        if outcome.status == "error":
            word = "Unclear"
        text = outcome.message
        if text.startswith(f"{word}: "):
            text = text.removeprefix(f"{word}: ").capitalize()
        if judged and not self._feedback:
            (word, colour), text = ("Noted", WORDS["not yet"][1]), SAVED
        self._outcome = {
            "reply": reply,
            "count": self._outcome.get("count", 0) + 1,
            "word": word,
            "colour": colour,
            "text": text,
            "solution": attempt.solution if self._solves(outcome) else "",
            "finished": attempt.finished,
            "record": str(self.record) if judged and not was_finished else "",
        }

    def _solves(self, outcome):
        """Whether the worked solution is due: the learner has not found it."""
        return self._attempt.finished and outcome.status == "mistake"


class Record:
    """The last answer to a question, an output of its own that is saved with the notebook.

    graded: whether it says how right the answer was. seed: of the question as the cell asks it.
    What an earlier run of the cell recorded is shown, and saved, until there is a new answer.
    """

    def __init__(self, question, graded=True, seed=None):
        self._question, self._graded, self._handle = question, graded, None
        self._text, self._answer = UNANSWERED, {}
        with suppress(Exception):  # a file that cannot be read is progress's to report
            self._recall(seed)

    def __repr__(self):
        return self._text

    def _repr_mimebundle_(self, include=None, exclude=None):
        about = {"question": self._question.name, **self._answer}
        return {"text/plain": self._text}, {"gdlesson": about}

    def show(self):
        """Display it as an output of the running cell."""
        self._handle = display(self, display_id=True)

    def note(self, posed, reply, outcome, mistakes):
        """Change it to an answer, which was judged."""
        self._text = f"You answered {self._in_words(posed, reply)}"
        if self._graded:
            self._text += f": {_verdict(outcome)}"
            self._text += f" ({plural(mistakes, 'mistake')})" if mistakes else ""
        self._text = sentence(self._text)
        self._answer = {"seed": posed.seed, "reply": _as_text(reply)}
        if not self._graded:  # kept for another run of the cell, and not as right or wrong
            progress.record(
                "question", self._name, "answered", notebook=_notebook(), **self._answer
            )
        if self._handle:
            self._handle.update(self)

    @property
    def _name(self):
        """In the learner's progress: the answers of a test are apart from those of the lessons."""
        return self._question.name if self._graded else f"{self._question.name} (test)"

    def _recall(self, seed):
        folder = progress.where()
        if folder is None:
            return
        entry = progress.load(folder)["questions"].get(self._name, {})
        same_test = entry.get("notebook") == _notebook() and entry.get("seed") == (seed or 0)
        if "reply" not in entry or not (self._graded or same_test):
            return
        posed = self._question.pose(entry["seed"])
        text = f"Earlier you answered {self._in_words(posed, entry['reply'])}"
        if self._graded:
            text += f": {_verdict(posed.judge(entry['reply']))}"
        self._text = sentence(text)
        self._answer = {"seed": entry["seed"], "reply": entry["reply"]}

    @staticmethod
    def _in_words(posed, reply):
        return posed.kind.write(posed.kind.read(reply))


def _verdict(outcome):
    return "right" if outcome.status == "passed" else outcome.mistake or "not right"


def _notebook():
    return pathlib.Path(os.environ.get("JPY_SESSION_NAME", "")).name
