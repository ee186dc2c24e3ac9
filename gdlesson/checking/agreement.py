"""Whether a function agrees with a learner's numbers, found out quickly. Imports NumPy only."""

from functools import cached_property

import numpy as np

from .probes import Word, close

FEW = 40  # whole numbers, which many wrong functions have in common


class Agreement:
    """Compares functions with the run of a learner's function on an exercise's probes."""

    def __init__(self, exercise, theirs, cases, past_errors=False):
        """cases: the learner's calls as `Case`; none where a result depends on more than that.

        past_errors: the run continues after an error, at the next probe.
        """
        self.exercise, self.theirs, self.past_errors = exercise, theirs, past_errors
        self.cases = sorted(cases, key=lambda case: _effort(case.args))

    @cached_property
    def too_few_numbers(self):
        """Whether the results are a few whole numbers, which two slips would match by accident."""
        numbers = [entry for case in self.cases for value in case.values for entry in value.flat]
        return bool(numbers) and len(numbers) <= FEW and all(float(n).is_integer() for n in numbers)

    @cached_property
    def right(self):
        """Indices of the returned values that are right in every call."""
        wrong = {k for case in self.cases for k in case.wrong}
        return set(range(len(self.exercise.returns))) - wrong if self.cases else set()

    @cached_property
    def samples(self):
        """(arguments, values) of a few small calls, where most candidates fail."""
        wrong = [(case.args, case.values) for case in self.cases if case.wrong]
        right = [(case.args, case.values) for case in self.cases if not case.wrong]
        return [*wrong[:2], *right[:1], *wrong[2:3], *right[1:2]]

    def agrees(self, function):
        """Whether a function does what the learner's does, at every probe."""
        if function is None:
            return False
        for args, wanted in self.samples:
            got = self._values(function, args)
            if got is None or not all(map(_alike, got, wanted)):
                return False
        return self.theirs.agrees(self.exercise.start(function, self.past_errors))

    def explains_value(self, function, k):
        """Whether value k of the function is the learner's in every call."""
        for case in self.cases:
            got, wanted = self._values(function, case.args), case.values[k]
            if got is None or not close(got[k], wanted, case.moment.rounding(k, wanted)):
                return False
        return bool(self.cases)

    def _values(self, function, args):
        """What a function we know returns in this call, as a list of arrays, or None."""
        try:
            got = function(*(_copied(a) for a in args))
            if self.exercise.words:
                return [Word.of(got, self.exercise.words)]
            got = got if len(self.exercise.returns) > 1 else (got,)
            values = [np.asarray(value, dtype=float) for value in got]
        except Exception:
            return None
        return values if len(values) == len(self.exercise.returns) else None


def _copied(value):
    if isinstance(value, np.random.Generator):
        return np.random.default_rng(0)
    return value.copy() if isinstance(value, np.ndarray) else value


def _effort(args):
    """How long a call takes, roughly: the sizes of its arrays and its whole numbers."""
    return sum(np.size(a) + (abs(a) if isinstance(a, int) else 0) for a in args)


def _alike(got, wanted):
    if got.shape != wanted.shape:
        return False
    difference = np.abs(got - wanted)
    same = (difference <= 1e-9 * np.abs(wanted) + 1e-12) | (got == wanted) | (wanted != wanted)
    return bool(same.all())
