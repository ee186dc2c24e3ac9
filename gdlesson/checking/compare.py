"""Each call of a learner's function next to what the reference returns for it. NumPy only.

In a trajectory every step is judged on its own: what the reference makes of the point and the
state that this step was given. So what is called right is right in every call, and a slip is not
blamed for the drift that follows from it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .probes import AnyOf, Moment, close, near
from .runner import Caller, Stopped


@dataclass(frozen=True)
class Case:
    """A moment of the learner's function and the values expected there.

    expected: a tuple of arrays, or None where the reference has no single answer. begun: whether
    moments before it were right.
    """

    moment: Moment
    expected: tuple | None
    begun: bool = False

    @property
    def args(self):
        """The arguments of the call."""
        return self.moment.args

    @property
    def values(self):
        """What the function returned, a tuple of arrays."""
        return self.moment.values

    @cached_property
    def wrong(self):
        """Indices of the values that differ; the point last, because it follows from the state."""
        if self.expected is None:
            return tuple(range(len(self.values)))
        wrong = [
            i
            for i, (got, expected) in enumerate(zip(self.values, self.expected, strict=True))
            if not close(got, expected, self.moment.rounding(i, expected))
        ]
        return (*wrong[1:], 0) if self.moment.step and 0 in wrong else tuple(wrong)

    @property
    def is_a_copy(self):
        """Whether the right values are arguments, as after 0 steps."""
        arrays = [np.ravel(a) for a in self.args if isinstance(a, np.ndarray)]
        return all(
            any(np.array_equal(np.ravel(value), a) for a in arrays) for value in self.expected or ()
        )

    def right_entries(self, i):
        """Where value i is right, as a bool array; None where its shape differs."""
        got, expected = self.values[i], self.expected[i] if self.expected else None
        if expected is None or got.shape != expected.shape:
            return None
        rounding = self.moment.rounding(i, expected)
        return near(got, expected, rounding)

    def change(self, i):
        """(got, expected): of a trajectory's point how far it moved, of anything else itself."""
        got, expected = self.values[i], self.expected[i]
        if self.moment.step and i == 0 and got.shape == expected.shape:
            return got - self.moment.before[0], expected - self.moment.before[0]
        return got, expected


def cases(exercise, theirs):
    """Return a `Case` for each call of the learner's function, in order.

    None are returned where a result does not depend on the arguments alone.
    """
    call, found = Caller(exercise.reference, exercise), []
    for moment in theirs.moments:
        if not moment.args or any(isinstance(a, np.random.Generator) for a in moment.args):
            return []
        try:
            found.append(Case(moment, call(*moment.args)))
        except Stopped:
            found.append(Case(moment, None))
    return found


def differing(theirs, right):
    """Return the first `Case` that differs among moments that have no arguments, or None."""
    for i, (came, ours) in enumerate(zip(theirs.moments, right.moments, strict=False)):
        if not came.agrees(ours):
            values = ours.values
            if isinstance(values, AnyOf):
                values = values.choices[0] if len(values.choices) == 1 else None
            return Case(came, values, begun=i > 0)
    return None
