"""Exercise: check a learner's function and say which mistake it is. Imports NumPy only.

A mistake is a function too. The check runs the reference, the known mistakes and the learner's
function on the same probes; what agrees with a mistake has its name and message. `check` never
raises, ends a function that does not come back, and changes nothing the learner wrote.
"""

import inspect
import random
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

import numpy as np

from .feedback import evidence, first_difference
from .probes import with_article
from .runner import Caller, Seen, describe_error, unwritten
from .time_limit import SECONDS, TookTooLong, guarded


@dataclass(frozen=True)
class Mistake:
    """A wrong answer as a function, its short name, and what to tell whoever wrote it.

    fn may be a tuple of functions that go wrong in the same way. convention: this is no mistake
    but another school's rule. In a message, {given}, {expected} and {got} stand for the first
    place where the answer differs from the reference's.
    """

    name: str
    fn: Callable | tuple
    message: str
    convention: bool = False

    @property
    def forms(self):
        return self.fn if isinstance(self.fn, tuple) else (self.fn,)


def Convention(name, fn, message):
    """A rule that is right elsewhere: named, compared with ours, and not called wrong."""
    return Mistake(name, fn, message, convention=True)


WORDS = {  # status → the word that goes with its colour, readable on light and on dark
    "passed": ("Passed", "#009e73"),
    "not yet": ("Not yet", "#8a94a0"),
    "mistake": ("Look again", "#d55e00"),
    "convention": ("Another convention", "#3a8fd0"),
    "error": ("Stopped", "#b5658f"),
}


@dataclass(frozen=True)
class Feedback:
    """What a check found.

    status: "passed", "not yet", "mistake", "convention" or "error". mistake: its short name, or
    None. message: one or two sentences, which are also its text in a notebook.
    """

    status: str
    mistake: str | None
    message: str

    def __repr__(self):
        return self.message

    def _repr_html_(self):
        word, colour = WORDS[self.status]
        text = escape(self.message.removeprefix(f"{word}: "))
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 0.1em 0.8em; '
            f'max-width: 52em; color: inherit"><b>{word}.</b> {text}</div>'
        )


@dataclass(frozen=True)
class Solution:
    """A solution that stays folded when a notebook is run: running a cell unfolds its output."""

    lines: str

    def __repr__(self):
        return self.lines

    def _repr_html_(self):
        title = "<summary>A solution: open it when yours is written</summary>"
        return f"<details>{title}<pre>{escape(self.lines)}</pre></details>"


class Exercise:
    """A function for the learner to write.

    name and signature: as the learner writes them; a parameter with a default may be left out.
    reference: the solution. mistakes: known wrong answers. probes: a function that returns
    fresh probes. hints: of growing strength. returns: names of the values that come back.
    """

    def __init__(
        self, name, signature, reference, mistakes, probes, hints, returns=("the answer",)
    ):
        self.name, self.signature, self.reference = name, signature, reference
        self.mistakes, self.probes, self.hints = tuple(mistakes), probes, tuple(hints)
        self.returns = returns
        parameters = signature[signature.index("(") + 1 : signature.rindex(")")].split(",")
        self.parameters = tuple(p.partition("=")[0].strip() for p in parameters)
        self.required = sum("=" not in p for p in parameters)
        self._known, self._hinted = {}, 0

    def __repr__(self):
        return f"Exercise({self.signature})"

    def hint(self):
        """Print the next hint; after the last one, the last again."""
        hint = self.hints[min(self._hinted, len(self.hints) - 1)]
        self._hinted += 1
        print(hint)

    def solution(self):
        """The reference's own lines, to be opened. Nothing the learner wrote is replaced."""
        return Solution(inspect.getsource(self.reference).rstrip())

    def check(self, fn):
        """Run `fn` on every probe and return `Feedback`; never raises.

        A real Ctrl-C is the one exception: it stops the check like anything else.
        """
        if not callable(fn) or issubclass(type(fn), type):
            what = "a class" if callable(fn) else with_article(fn)
            message = f"check takes the function itself, check({self.name}), and got {what}."
            return Feedback("error", None, message)
        if unwritten(fn):
            return Feedback("not yet", None, f"Not yet: {self.name} is still to be written.")
        right = self._seen(self.reference)
        right.all()  # before the learner's code runs
        theirs = Seen(lambda seen: self._look(fn, seen))
        with np.errstate(all="ignore"), _put_back():
            _, error, printed = guarded(theirs.all)
        if printed:
            print(printed, end="")
        if isinstance(error, TookTooLong):
            message = (
                f"{self.name} was stopped: it had not come back after {SECONDS:.0f} seconds. "
                "Which loop has no end, and what should end it?"
            )
            return Feedback("error", None, message)
        if error is not None:
            return Feedback("error", None, f"{self.name} stopped with {describe_error(error)}.")
        with np.errstate(all="ignore"):
            return self._judge(theirs, right)

    def _judge(self, theirs, right):
        if theirs.agrees(right):
            if theirs.changed:
                return _changes(theirs.changed, "The numbers are right, and")
            n = len(right.all())
            return Feedback("passed", None, f"Passed: {self.name} agrees in {n} places.")
        for mistake in self.mistakes:
            if any(theirs.agrees(self._seen(form)) for form in mistake.forms):
                status = "convention" if mistake.convention else "mistake"
                message = mistake.message
                if "{" in message:
                    message = message.format(**evidence(theirs, right))
                return Feedback(status, mistake.name, message)
        if theirs.changed:
            return _changes(theirs.changed, "The numbers are not all right, and")
        if theirs.stop:
            return Feedback(*theirs.stop.feedback)
        return Feedback("mistake", *first_difference(theirs, right))

    def _seen(self, fn):
        """What a function we know does on the probes, looked at once and kept."""
        if fn not in self._known:
            self._known[fn] = Seen(lambda seen: self._look(fn, seen, known=True))
        return self._known[fn]

    def _look(self, fn, seen, known=False):
        call = Caller(fn, self, seen, known)
        for probe in self.probes():
            look = getattr(probe, "expect", probe.observe) if known else probe.observe
            yield from look(call)


@contextmanager
def _put_back():
    """Random numbers and the depth of recursion go on as if the function had not run."""
    numpys, pythons, depth = np.random.get_state(), random.getstate(), sys.getrecursionlimit()
    try:
        yield
    finally:
        np.random.set_state(numpys)
        random.setstate(pythons)
        sys.setrecursionlimit(depth)


def _changes(name, numbers):
    message = (
        f"{numbers} your function changes the array {name} it was given, so whoever called it "
        "loses what was there. Which line writes into an argument, where a new array would do?"
    )
    return Feedback("mistake", "changes its arguments", message)
