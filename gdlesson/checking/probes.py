"""Probes: what a check has a function do, and what it observes. Imports NumPy only.

A probe's `observe(call)` calls a function through `call` and yields a `Moment` for each thing to
compare; a probe with `expect(call)` observes the functions we know in another way. `call` takes
the arguments of the exercise, gives the function copies of them, and returns a tuple of arrays.
"""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..formatting import significant


@dataclass(frozen=True)
class Moment:
    """One thing seen: values by name, and how they came about.

    values: a tuple of arrays, or AnyOf. names: of the values. given: the arguments in words, or
    a function that returns them.
    step and before: of a trajectory, its number from 1 and the point and state it started from;
    at: takes a coordinate and returns its part of `given`. complaint: what to say when this
    moment is the first to differ; mistake: the name of that. atol: how close is equal. args: of
    the one call that it comes from, if there is one.
    """

    values: tuple
    names: tuple = ("the answer",)
    given: str | Callable = ""
    step: int = 0
    before: tuple = ()
    at: Callable | None = None
    complaint: str | None = None
    mistake: str | None = None
    atol: float = 1e-12
    args: tuple = ()

    @property
    def words(self):
        """The arguments in words."""
        return self.given() if callable(self.given) else self.given

    def agrees(self, other):
        if isinstance(self.values, AnyOf):
            return all(replace(self, values=v).agrees(other) for v in self.values.choices)
        if isinstance(other.values, AnyOf):
            return any(self._close(values) for values in other.values.choices)
        return self._close(other.values)

    def _close(self, values):
        return len(self.values) == len(values) and all(
            close(own, values[i], self.rounding(i, own)) for i, own in enumerate(self.values)
        )

    def rounding(self, i, value):
        """How far value i may be off: where a step all but cancels a point, the point's digits."""
        if i >= len(self.before) or np.shape(self.before[i]) != value.shape:
            return self.atol
        before = np.nan_to_num(np.abs(self.before[i]), posinf=0)
        return np.maximum(self.atol, 1e-15 * before)


@dataclass(frozen=True)
class AnyOf:
    """Values of which any is right, such as one for each order of the examples."""

    choices: tuple


class Call:
    """One call with these arguments; lists become arrays. note: its name, such as "b = 0"."""

    def __init__(self, *args, note=None, atol=1e-12):
        self.args, self.note, self.atol = _arrays(args), note, atol

    def observe(self, call):
        values = call(*fresh(self.args))
        given = self.note or partial(call.describe, self.args)
        yield Moment(values, call.returns, given, atol=self.atol, args=self.args)


class Steps:
    """A small trajectory: what the function returned is what it gets at the next step.

    carried: the point and the state at the start, the first arguments. rest: for each step the
    arguments that follow. Lists become arrays.
    """

    def __init__(self, carried, rest):
        self.carried, self.rest = _arrays(carried), [_arrays(args) for args in rest]

    def observe(self, call):
        carried = self.carried
        for step, rest in enumerate(self.rest, 1):
            args = (*carried, *rest)
            values = call(*fresh(args))
            given = partial(call.describe, args)
            yield Moment(
                values, call.returns, given, step, carried, _at(call, args), atol=1e-300, args=args
            )
            if [v.shape for v in values] != [np.shape(c) for c in carried]:
                return
            carried = values


def _arrays(args):
    return tuple(np.array(a) if isinstance(a, list) else a for a in args)


def fresh(args):
    """The arguments, with a copy of each random generator: every function starts from the same."""
    return tuple(copy.deepcopy(a) if isinstance(a, np.random.Generator) else a for a in args)


def _at(call, args):
    def at(j):
        part = (a.ravel()[j] if isinstance(a, np.ndarray) and a.size > j else a for a in args)
        return f"{call.describe(tuple(part))} (coordinate {j})"

    return at


def named(text, fn):
    """The function, with the words that stand for it in a message."""
    fn.text = text
    return fn


def scattered(shape, low=0.1, high=10.0, seed=0):
    """Return numbers of both signs whose sizes spread evenly over the decades from low to high.

    They have three digits, no two are alike, and sums, means and neighbours do not coincide.
    """
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(np.log10(low), np.log10(high), shape)
    signs = rng.choice([-1.0, 1.0], shape)
    return np.vectorize(lambda x: float(f"{x:.3g}"))(signs * sizes)


class Word(np.ndarray):
    """A word that was returned, as the number of its place among the words there are.

    So words are compared as numbers are, and a message shows the word.
    """

    @classmethod
    def of(cls, text, words):
        """The word `text`; raises ValueError where it is not among `words`."""
        word = np.asarray(float(words.index(text))).view(cls)
        word.text = f'"{text}"'
        return word


def near(a, b, atol):
    """Where the arrays a and b agree, apart from rounding; NaN agrees with NaN.

    As np.isclose does, whose `atol` may be an array only from NumPy 2 on.
    """
    with np.errstate(all="ignore"):
        within = np.abs(a - b) <= atol + 1e-9 * np.abs(b)
    return within & np.isfinite(b) | (a == b) | np.isnan(a) & np.isnan(b)


def close(a, b, atol=1e-12):
    return a.shape == b.shape and bool(np.all(near(a, b, atol)))


def numbers(value):
    """The value as an array of floats, or None where it is something else."""
    if isinstance(value, (str, bytes)):
        return None
    try:
        if isinstance(value, np.ma.MaskedArray):  # what is masked is no number
            value = value.astype(float).filled(np.nan)
        array = np.asarray(value)
        if array.dtype.kind == "O":
            if any(entry is None for entry in array.flat):  # NumPy would make it nan
                return None
            array = array.astype(float)
        return np.array(array, dtype=float) if array.dtype.kind in "fiub" else None
    except Exception:
        return None


def describe(value, digits=4):
    """A value in a few words: numbers with four digits, anything else by its type."""
    if hasattr(value, "text"):
        return value.text
    array = numbers(value)
    if array is None:
        return str.__repr__(value)[:40] if type(value) is str else with_article(value)
    return f"an array of shape {array.shape}" if array.size > 12 else _text(array.tolist(), digits)


def _text(value, digits):
    if isinstance(value, list):
        return f"[{', '.join(_text(part, digits) for part in value)}]"
    return significant(value, digits) if math.isfinite(value) else str(value).replace("-", "−")


def with_article(value):
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
