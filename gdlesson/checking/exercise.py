"""Exercise: compare a learner's function with a reference and name its mistake. NumPy only.

A mistake is a function too: mostly an edit of the reference. The check runs the reference, the
known mistakes, two of them at once and the learner's function on the same probes; what agrees
with a mistake has its name and message. `check` never raises, ends a function that does not come
back, and changes nothing of the learner's.
"""

import ast
import inspect
import warnings
from dataclasses import dataclass, replace
from functools import cache, cached_property
from html import escape
from itertools import combinations

import numpy as np

from .compare import cases, differing
from .errors import describe_error, error_name
from .explain import Search
from .feedback import Feedback
from .methods import methods
from .mistakes import Compiler, Convention, Mistake, edit, either, fill
from .probes import with_article
from .runner import Caller, Run, Stopped, unwritten
from .slips import two_slips
from .time_limit import SECONDS, TookTooLong, guarded
from .wording import difference, evidence

__all__ = ["Convention", "Exercise", "Feedback", "Mistake", "edit", "either"]


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
    reference: the solution, whose lines the edits of `mistakes` replace. mistakes: known wrong
    answers. probes: a function that returns the probes, called once. hints: of growing strength,
    or none. returns: names of the values that it returns. words: the strings among which its
    answer is one, for a function that returns no numbers. overflow: sentences for a function whose
    numbers are right although one overflows on the way; "" where this does not matter. endless:
    the question to a learner whose function does not return in time. given: the slip in a function
    that the lesson gives to be repaired, one of the mistakes with a message of its effect alone.
    """

    def __init__(
        self, name, signature, reference, mistakes, probes, hints=(), returns=("the answer",),
        words=(), overflow="", endless="Which loop has no end, and what should end it?", given=None,
    ):  # fmt: skip
        self.name, self.signature, self.reference = name, signature, reference
        self.mistakes, self.probes, self.hints = tuple(mistakes), cache(probes), tuple(hints)
        self.returns, self.words, self.overflow = returns, words, overflow
        self.endless, self.given = endless, given
        arguments = ast.parse(f"def {signature}: ...").body[0].args
        self.parameters = tuple(argument.arg for argument in arguments.args)
        self.required = len(arguments.args) - len(arguments.defaults)
        self.others = tuple  # a function that returns (name, reference) of the other exercises
        self._compiler, self._runs, self._hinted = Compiler(reference), {}, 0

    def __repr__(self):
        return f"Exercise({self.signature})"

    def hint(self):
        """Print the next hint; after the last one, the last again."""
        if not self.hints:
            print(f"There is no hint for {self.name}.")
            return
        print(self.hints[min(self._hinted, len(self.hints) - 1)])
        self._hinted += 1

    def solution(self):
        """The reference's own lines, to be opened. Nothing the learner wrote is replaced."""
        return Solution(inspect.getsource(self.reference).rstrip())

    def forms(self, mistake):
        """Return (form, function) for each form of a mistake, its edits compiled.

        Raises ValueError where the old text of an edit is not in the reference exactly once.
        """
        try:
            return [(form, self._compiler.function(form)) for form in mistake.forms]
        except OSError:  # a package without its sources: only functions remain
            return [(form, form) for form in mistake.forms if callable(form)]

    def functions(self, mistake):
        """Return the forms of a mistake as functions; see `forms`."""
        return [function for _, function in self.forms(mistake)]

    def pairs(self, of_one=False):
        """Yield (two mistakes, function) for each two edits that can be made together.

        of_one: whether the two edits are forms of one mistake, or of two.
        """
        edits = [(mistake, edit) for mistake in self.mistakes for edit in mistake.edits]
        for (first, one), (second, other) in combinations(edits, 2):
            alike = (first is second) == of_one
            if alike and (function := self._compiler.together(one, other)):
                yield (first, second), function

    def check(self, fn, seconds=SECONDS):
        """Run `fn` on every probe and return `Feedback`; never raises.

        seconds: how long it may take. Ctrl-C is the one exception: it stops the check, too.
        """
        if not callable(fn) or issubclass(type(fn), type):
            what = "a class" if callable(fn) else with_article(fn)
            message = f"check takes the function itself, check({self.name}), and got {what}."
            return Feedback("error", None, message)
        if unwritten(fn):
            return Feedback("not yet", None, f"Not yet: {self.name} is still to be written.")
        right = self.run(self.reference)
        right.all()  # before the learner's code runs
        theirs = Run(lambda run: self.observe(Caller(fn, self, run)))
        overflows = set()
        _, error, printed = guarded(lambda: _watched(theirs.all, overflows), seconds)
        if printed:
            print(printed, end="")
        if isinstance(error, TookTooLong):
            message = (
                f"{self.name} was stopped, because it did not return within {seconds:g} seconds. "
                f"{self.endless}"
            )
            return Feedback("error", None, message)
        if error is not None:
            message = f"{self.name} stopped with {describe_error(error)}."
            return Feedback("error", error_name(error), message)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            feedback = self._judge(fn, theirs, right, seconds)
        if feedback.status == "passed" and overflows and self.overflow:
            return replace(feedback, message=f"{feedback.message} {self.overflow}")
        return feedback

    def _judge(self, fn, theirs, right, seconds):
        if theirs.agrees(right):
            if theirs.changed:
                return _changes(theirs.changed, "The numbers are right, and your")
            n = len(right.all())
            return Feedback("passed", None, f"Passed: {self.name} agrees in {n} places.")
        compared = cases(self, theirs)
        first = next((case for case in compared if case.wrong), None) or differing(theirs, right)
        for mistake in self.mistakes:
            if any(theirs.agrees(self.run(form)) for form in self.functions(mistake)):
                if self.given and theirs.agrees(self.run(*self.functions(self.given))):
                    mistake = replace(mistake, message=self.given.message)
                return _named((mistake,), first)
        if theirs.stop and theirs.changed:
            begin = "Your" if first is None else "The numbers are not all right, and your"
            return _changes(theirs.changed, begin)
        if theirs.stop:
            feedback = self._past_errors(fn, theirs, seconds) if first else None
            return feedback or Feedback(*theirs.stop.feedback)
        if first.moment.complaint:
            return Feedback("mistake", first.moment.mistake, first.moment.complaint)
        search = Search(self, fn, theirs, compared)
        if slips := search.slips():
            return _named(slips, first, theirs.changed)
        if theirs.changed:
            return _changes(theirs.changed, "The numbers are not all right, and your")
        every = compared if any(case.wrong for case in compared) else [first]
        name, message = difference(every, self.parameters)
        if name not in ("wrong shape", "nan", "infinite") and (slip := search.ignored()):
            return _named((slip,), first)
        return Feedback("mistake", name, message)

    def _past_errors(self, fn, theirs, seconds):
        """Feedback for slips that explain an error and wrong numbers at other probes, or None."""
        theirs = Run(lambda run: self.observe(Caller(fn, self, run), past_errors=True))
        _, error, _ = guarded(theirs.all, seconds)
        compared = cases(self, theirs)
        first = next((case for case in compared if case.wrong), None)
        if error or first is None:
            return None
        slips = Search(self, fn, theirs, compared, past_errors=True).slips()
        return _named(slips, first) if slips else None

    def mutants(self, edit=None):
        """The `Mutants` of the reference, or of one with an edit; None without a source."""
        return self._compiler.mutants(edit)

    @cached_property
    def changed(self):
        """(change, function) for each small slip in the reference, likeliest first."""
        mutants = self.mutants()
        return [(c, mutants.make(c)) for c in mutants.changes()] if mutants else []

    @cached_property
    def method(self):
        """The name of the method that the reference is, or None."""
        right = self.run(self.reference)
        every = (m for m, _, function, _ in methods(self) if self.start(function).agrees(right))
        return next(every, None)

    def start(self, fn, past_errors=False):
        """A run of a function we know; its moments are computed as they are needed."""
        return Run(lambda run: self.observe(Caller(fn, self), True, past_errors))

    def run(self, fn):
        """The same, cached, for the reference and the known mistakes."""
        if fn not in self._runs:
            self._runs[fn] = self.start(fn)
        return self._runs[fn]

    def observe(self, call, known=False, past_errors=False):
        """Yield the moments of all probes.

        known: of a function of ours, not a learner's. past_errors: an error ends only its probe.
        """
        for probe in self.probes():
            try:
                yield from (getattr(probe, "expect", probe.observe) if known else probe.observe)(
                    call
                )
            except Stopped as stop:
                if not (past_errors and stop.is_error):
                    raise


def _watched(work, overflows):
    """Call `work()` and add a number's overflow in NumPy to the set `overflows`."""
    with np.errstate(over="call", call=lambda kind, flag: overflows.add(kind)):
        return work()


def _named(mistakes, case, changed=None):
    """Feedback for one slip, or for two at once. case: the first that differs.

    changed: the array among the arguments that the function changes.
    """
    status = "convention" if all(m.convention for m in mistakes) else "mistake"
    names = [m.name for m in mistakes]
    message = mistakes[0].message if len(mistakes) == 1 else two_slips(*mistakes)
    message = fill(message, lambda: evidence(case))
    if changed:
        names.append("changes its arguments")
        message += f" It also changes the array {changed} that is passed in: where does it do so?"
    return Feedback(status, " and ".join(names), message)


def _changes(name, numbers):
    """Feedback for a function that changes the array `name`. numbers: how the sentence begins."""
    message = (
        f"{numbers} function changes the array {name} that is passed in, so the caller loses "
        "its values. Which line writes into an argument where a new array is needed?"
    )
    return Feedback("mistake", "changes its arguments", message)
