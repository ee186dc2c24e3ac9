"""Probes: what a check has a function do, and what it sees. Imports NumPy only.

A probe's `look(call)` calls a function through `call` and yields a `Moment` for each thing to
compare; a probe with `expect(call)` looks in another way at the functions it knows. `call` takes
the arguments of the exercise, gives the function copies of them, and returns a tuple of arrays.
"""

import re
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Moment:
    """One thing seen: values by name, and how they came about.

    values: a tuple of arrays, or AnyOf. names: of the values. given: the arguments in words.
    step and before: of a trajectory, its number from 1 and the point and state it started from.
    complaint: what to say when this moment is the first to differ. atol: how close is equal.
    """

    values: tuple
    names: tuple = ("the answer",)
    given: str = ""
    step: int = 0
    before: tuple = ()
    complaint: str | None = None
    atol: float = 1e-12

    def agrees(self, other):
        if isinstance(self.values, AnyOf):
            return all(replace(self, values=v).agrees(other) for v in self.values.choices)
        if isinstance(other.values, AnyOf):
            return any(self._close(values) for values in other.values.choices)
        return self._close(other.values)

    def _close(self, values):
        return len(self.values) == len(values) and all(
            close(a, b, self.atol) for a, b in zip(self.values, values, strict=True)
        )


@dataclass(frozen=True)
class AnyOf:
    """Values of which any is right, such as one for each order of the examples."""

    choices: tuple


class Call:
    """One call with these arguments. note: for which case it stands, such as "b = 0"."""

    def __init__(self, *args, note=None, atol=1e-12):
        self.args, self.note, self.atol = args, note, atol

    def look(self, call):
        values = call(*self.args)
        yield Moment(values, call.returns, self.note or call.said(self.args), atol=self.atol)


class Steps:
    """A small trajectory: what the function returned is what it gets at the next step.

    carried: the point and the state at the start, the first arguments. rest: for each step the
    arguments that follow.
    """

    def __init__(self, carried, rest):
        self.carried, self.rest = carried, rest

    def look(self, call):
        carried = self.carried
        for step, rest in enumerate(self.rest, 1):
            args = (*carried, *rest)
            values = call(*args)
            yield Moment(values, call.returns, call.said(args), step, carried, atol=1e-300)
            if [v.shape for v in values] != [np.shape(c) for c in carried]:
                return
            carried = values


def named(text, fn):
    """The function, with the words that stand for it in a message."""
    fn.said = text
    return fn


def close(a, b, atol=1e-12):
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.isclose(a, b, rtol=1e-9, atol=atol, equal_nan=True).all())


def numbers(value):
    """The value as an array of floats, or None where it is something else."""
    if isinstance(value, (str, bytes)):
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            array = array.astype(float)
        return np.array(array, dtype=float) if array.dtype.kind in "fiub" else None
    except Exception:
        return None


def said(value):
    """A value in a few words: numbers with four digits, anything else by its type."""
    if hasattr(value, "said"):
        return value.said
    array = numbers(value)
    if array is None:
        return f"{str.__repr__(value)[:40]}" if type(value) is str else a_thing(value)
    if array.ndim == 0:
        text = f"{array:.4g}"
    elif array.size > 12:
        return f"an array of shape {array.shape}"
    else:
        text = " ".join(np.array2string(array, precision=4, separator=", ").split())
    return re.sub(r"(?<![0-9e])-", "−", text)


def a_thing(value):
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def listed(names):
    """w, v and s."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
