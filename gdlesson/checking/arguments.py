"""Arguments that have no effect on a result, or that are exchanged. Imports NumPy only.

Both are observed: an argument has no effect if the result stays the same, to the last bit,
whatever is passed in, where the reference's result changes.
"""

from itertools import combinations, product

import numpy as np

from .mutants import USUAL
from .probes import fresh
from .runner import Caller

DIGITS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 9.5)
WHOLE = (*range(66), 80, 100, 128, 200, 256, 500, 512, 1000)
ROUND = tuple(float(f"{digit}e{power}") for power in range(-12, 4) for digit in DIGITS)


def altered(value):
    """Return other values of the same kind: numbers of another size and of another sign."""
    if isinstance(value, np.random.Generator):
        return [np.random.default_rng(987), np.random.default_rng(988)]
    if callable(value):
        return [lambda *args: 1.3 * np.asarray(value(*args)) + 0.2, lambda *args: -value(*args)]
    if np.asarray(value).dtype.kind == "i":
        return [value + 1, value + 3]
    others = [np.where(value == 0, 0.37, 0.83 * value), -1.7 * value - 0.3]
    return [*others, value[::-1].copy()] if isinstance(value, np.ndarray) else [*map(float, others)]


def without_effect(exercise, fn, calls):
    """Return the indices of the arguments that never change the result of `fn`.

    calls: the arguments of each call on the probes. Calls fn, so it belongs under a time limit.
    """
    learners, reference = Caller(fn, exercise), Caller(exercise.reference, exercise)
    return tuple(
        i
        for i in range(len(calls[0]) if calls else 0)
        if not any(_changes(learners, args, i) for args in calls)
        and any(_changes(reference, args, i) for args in calls)
    )


def _changes(call, args, i):
    """Whether another value of argument i changes what comes back, or raises."""
    before, others = _outcome(call, args), altered(args[i])
    if len(args) == 1 and np.size(args[0]) > 1:
        others = [*others, args[0][:-1]]  # alone, it may also have another length
    return any(_outcome(call, (*args[:i], other, *args[i + 1 :])) != before for other in others)


def _outcome(call, args):
    """What a call returns, as something that can be compared to the last bit."""
    try:
        return _bits(call(*fresh(args), finish=_everything))
    except Exception as error:
        return type(error)


def _everything(got):
    return list(got) if hasattr(got, "__next__") else got


def _bits(value):
    if isinstance(value, (list, tuple)):
        return tuple(_bits(each) for each in value)
    array = np.asarray(value)
    return (array.shape, array.tobytes()) if array.dtype.kind in "fiub" else repr(value)


def fixed(fn, values):
    """The function with some arguments replaced. values: index → number."""

    def form(*args):
        args = list(args)
        for i, value in values.items():
            fill = isinstance(args[i], np.ndarray)
            args[i] = np.full(args[i].shape, float(value)) if fill else value
        return fn(*args)

    return form


def constants(calls, indices):
    """Yield {index: number} for what may be used in place of these arguments.

    The usual constants and the values that the probes themselves pass in; of a single argument
    all round numbers.
    """
    choices = []
    for i in indices:
        passed = [args[i] for args in calls]
        if any(callable(value) or isinstance(value, np.random.Generator) for value in passed):
            return
        numbers, more = [value for value in passed if isinstance(value, (int, float))], ()
        if len(indices) == 1:
            more = WHOLE if all(isinstance(n, int) for n in numbers) else ROUND
        choices.append(dict.fromkeys((*numbers, *USUAL, *more)))
    for values in product(*choices):
        yield dict(zip(indices, values, strict=True))


def exchanged(fn, args):
    """Yield ((i, j), function) for each two arguments of one kind, exchanged. args: of one call."""
    for i, j in combinations(range(len(args)), 2):
        if np.shape(args[i]) == np.shape(args[j]) and callable(args[i]) == callable(args[j]):
            order = list(range(len(args)))
            order[i], order[j] = j, i
            yield (i, j), lambda *a, order=order: fn(*(a[k] for k in order))
