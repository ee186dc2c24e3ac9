"""A learner's own function in a picture: the points it finds, or why there are none."""

import inspect
from dataclasses import dataclass
from functools import wraps

import numpy as np

from ..checking.errors import describe_error
from ..checking.probes import numbers
from ..checking.runner import unwritten
from ..checking.time_limit import TookTooLong, guarded
from ..optimizers import from_function

SECONDS = 2.0  # what one picture waits for
REMEMBERED = 32  # results, of calls with a key


class LearnerFunction:
    """A learner's function, which may be unwritten, raise, or never end. It gives data alone.

    fn: the function, or None where there is none. One that does not end is not called again.
    """

    def __init__(self, fn=None):
        self.fn, self.endless, self._known = fn, False, {}

    def __bool__(self):
        return self.fn is not None

    def call(self, work, key=None):
        """Return (work(fn), "") or (None, why not), as a part of a sentence.

        key: with one, the result is remembered and the next call with it costs nothing.
        """
        if unwritten(self.fn):
            return None, "your function is still to be written"
        if key is not None and key in self._known:
            return self._known[key]
        if self.endless:
            return None, "the function did not end. Run this cell again"
        result, error, _ = guarded(lambda: work(self.fn), SECONDS)
        if isinstance(error, TookTooLong):
            self.endless = True
            return None, f"the function did not end within {SECONDS:.0f} seconds"
        found = (None, describe_error(error)) if error is not None else (result, "")
        if key is not None:
            while len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = found
        return found

    def points(self, work, shape, key=None):
        """Return the points (n, *shape) that `work(fn)` finds and "", or None and why not."""

        def found(fn):
            try:
                return numbers(work(fn))
            except ReturnedNothing as nothing:
                return str(nothing)  # what did not come, where it is not points

        points, why = self.call(found, key)
        if why:
            return None, why
        if isinstance(points, str):
            return None, points or "the function returned no points"
        if points is None or points.ndim != 1 + len(shape) or points.shape[1:] != tuple(shape):
            points = ()
        return (points, "") if len(points) else (None, "the function returned no points")


class ReturnedNothing(Exception):
    """Raised where a learner's function returns None, as one that is not written does.

    Its text, where it has one, says so as a part of a sentence.
    """


def as_optimizer(fn, **hyper):
    """An optimizer that takes its steps by a learner's update function: see `from_function`.

    hyper: its hyper-parameters; those that fn does not have are left out.
    """

    @wraps(fn)
    def returning(*args):
        result = fn(*args)
        if result is None:
            raise ReturnedNothing
        return result

    names = inspect.signature(fn).parameters
    return from_function(returning, **{name: hyper[name] for name in hyper if name in names})


@dataclass(frozen=True)
class LearnerText:
    """How an explorer speaks of what a learner's function finds.

    noun: what it finds; plural: whether that is one or several. mark: how it is drawn. hint: what
    may be the reason where it differs, as a sentence.
    """

    noun: str = "path"
    plural: bool = False
    mark: str = "crosses"
    hint: str = ""

    def same(self):
        return f" Your {self.noun}, drawn as {self.mark}, {self._be} the same."

    def different(self):
        hint = f" {self.hint}" if self.hint else ""
        return f" Your {self.noun}, drawn as {self.mark}, {self._be} different.{hint}"

    def missing(self, why):
        return f" Your {self.noun} {self._be} not drawn: {why}."

    @property
    def _be(self):
        return "are" if self.plural else "is"


def compare(learner, text, crosses, work, expected, on_axes=None):
    """Draw what a learner's function finds, and return a sentence that compares it: see `Explorer`.

    learner: a LearnerFunction. text: a LearnerText. The rest as in `Explorer.compare`.
    """
    if not learner:
        return ""
    expected = np.asarray(expected)
    crosses.update(())
    points, why = learner.points(work, expected.shape[1:])
    if why:
        return text.missing(why)
    with np.errstate(all="ignore"):  # a path may diverge
        crosses.update(on_axes(points) if on_axes else points)
        same = points.shape == expected.shape and np.allclose(points, expected, equal_nan=True)
    return text.same() if same else text.different()
