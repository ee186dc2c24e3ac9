"""What one check costs: right answers, known mistakes, two at once, and what nothing explains."""

import statistics
import time

import numpy as np

from gdlesson.checking.exercise import Exercise
from gdlesson.exercises import catalogue as exercises


def milliseconds(check, fn, runs=3):
    """Median time of a check, in ms."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        check(fn)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def fresh(exercise):
    """The exercise as it is before its first check: nothing is compiled yet."""
    parts = ["name", "signature", "reference", "mistakes", "probes", "hints", "returns"]
    return Exercise(*(getattr(exercise, part) for part in parts))


def odd(exercise):
    """A wrong answer that nothing explains: every value of the reference through a sine."""

    def form(*args):
        got = exercise.reference(*args)
        values = got if isinstance(got, tuple) else (got,)
        values = tuple(np.sin(3 * np.asarray(v)) + 0.01 * np.asarray(v) ** 2 for v in values)
        return values if isinstance(got, tuple) else values[0]

    return form


def pair(exercise):
    """A wrong answer with two known mistakes, from the middle of the list, or None."""
    pairs = list(exercise.pairs())
    return pairs[len(pairs) // 2][1] if pairs else None


columns = ("right", "known", "two", "first of two", "unexplained")
rows = []
print(" " * 28, *(f"{name:>13}" for name in columns), "(ms)")
for name, exercise in exercises().items():
    known, two = exercise.functions(exercise.mistakes[-1])[-1], pair(exercise)
    row = [
        milliseconds(exercise.check, exercise.reference),
        milliseconds(exercise.check, known),
        milliseconds(exercise.check, two),
        milliseconds(fresh(exercise).check, two, runs=1),
        milliseconds(exercise.check, odd(exercise)) if name != "minibatches" else float("nan"),
    ]
    rows.append(row)
    print(f"{name:28}", *(f"{value:13.1f}" for value in row))
print(f"{'median':28}", *(f"{np.nanmedian(column):13.1f}" for column in zip(*rows, strict=True)))
