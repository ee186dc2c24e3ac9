"""Exercise: check a learner's function and say which mistake it is. Imports NumPy only.

A mistake is a function too. The check runs the reference, the known mistakes and the learner's
function on the same probes; numbers that agree with a mistake's have its name and message.
"""

import copy
import dis
import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A wrong answer as a function, its short name, and what to tell whoever wrote it."""

    name: str
    fn: Callable
    message: str


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


class Exercise:
    """A function for the learner to write.

    name and signature: as the learner writes them. reference: the solution. mistakes: known wrong
    answers. probes: a function that returns fresh argument tuples. hints: of growing strength.
    """

    def __init__(self, name, signature, reference, mistakes, probes, hints):
        self.name, self.signature, self.reference = name, signature, reference
        self.mistakes, self.probes, self.hints = tuple(mistakes), probes, tuple(hints)
        self._hinted = 0

    def __repr__(self):
        return f"Exercise({self.signature})"

    def hint(self):
        """Print the next hint; after the last one, the last again."""
        hint = self.hints[min(self._hinted, len(self.hints) - 1)]
        self._hinted += 1
        print(hint)

    def solution(self):
        """Print the reference's own lines. Nothing the learner wrote is replaced."""
        print(inspect.getsource(self.reference).rstrip())

    def check(self, fn):
        """Run `fn` on every probe and return `Feedback`; never raises."""
        if not callable(fn):
            return Feedback("error", None, f"check takes a function, got {fn!r}.")
        if _unwritten(fn):
            return Feedback("not yet", None, f"Not yet: {self.name} is still to be written.")
        theirs = []
        for arguments in self.probes():
            before = copy.deepcopy(arguments)
            try:
                got = fn(*arguments)
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                return Feedback("error", None, f"{self.name} stopped with {what}")
            if got is None:
                message = "Nothing came back. What does your last line hand to the caller?"
                return Feedback("mistake", "no return", message)
            if not _same(before, arguments):
                message = (
                    "Your function changes the array it was given, so whoever called it loses the "
                    "start. Which line writes into an argument, where a new array would do?"
                )
                return Feedback("mistake", "changes its arguments", message)
            theirs.append(got)
        right = self._run(self.reference)
        if _agree(theirs, right):
            return Feedback("passed", None, f"Passed: {self.name} agrees on {len(right)} probes.")
        for mistake in self.mistakes:
            if _agree(theirs, self._run(mistake.fn)):
                return Feedback("mistake", mistake.name, mistake.message)
        return Feedback("mistake", None, self._first_difference(theirs, right))

    def _run(self, fn):
        results = []
        with np.errstate(all="ignore"):
            for arguments in self.probes():
                try:
                    results.append(fn(*arguments))
                except Exception:  # a mistake may well stop on some probe
                    results.append(None)
        return results

    def _first_difference(self, theirs, right):
        for arguments, got, expected in zip(self.probes(), theirs, right, strict=True):
            if not _close(got, expected):
                given = ", ".join(_brief(a) for a in arguments if not callable(a))
                return (
                    f"With {given} the answer is {_brief(expected)}, and yours is {_brief(got)}. "
                    f"Which line makes the difference?"
                )
        raise AssertionError("called for answers that agree")


def _unwritten(fn):
    """Whether a function's body is only a docstring, `...` or `pass`."""
    code = getattr(fn, "__code__", None)
    if code is None:
        return False
    body = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    ends = {"LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return all(step.opname in ends and step.argval is None for step in body)


def _numbers(value):
    try:
        return np.asarray(value, float)
    except (TypeError, ValueError):
        return None


def _close(got, expected):
    got, expected = _numbers(got), _numbers(expected)
    if got is None or expected is None or got.shape != expected.shape:
        return False
    return np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


def _agree(theirs, others):
    return all(_close(a, b) for a, b in zip(theirs, others, strict=True))


def _same(before, after):
    return all(
        callable(b) or np.array_equal(np.asarray(b), np.asarray(a), equal_nan=True)
        for b, a in zip(before, after, strict=True)
    )


def _brief(value):
    """A value short enough for a sentence."""
    numbers = _numbers(value)
    if numbers is None:
        return repr(value)[:60]
    if numbers.ndim == 0:
        return f"{numbers:.4g}"
    text = np.array2string(numbers, precision=4, threshold=8, separator=", ")
    return " ".join(text.split())
