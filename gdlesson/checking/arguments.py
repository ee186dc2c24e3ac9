"""Arguments that have no effect on a result, or that are exchanged. Imports NumPy only.

Both are observed: an argument has no effect if the result stays the same, to the last bit,
whatever is passed in, where the reference's result changes.
"""

from itertools import combinations, product

import numpy as np

from .changes import USUAL
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
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        smaller = np.where(value == 0, 0.37, 0.83 * value)
        return [smaller, -1.7 * value - 0.3, smaller[::-1].copy()]
    if isinstance(value, (bool, np.bool_)):
        return [not value]
    if isinstance(value, (int, np.integer)) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "i"
    ):
        return [value + 1, value + 3]
    if isinstance(value, float):
        return [0.83 * value if value else 0.37, -1.7 * value - 0.3]
    if isinstance(value, (list, tuple)):
        return [type(value)(altered(each)[0] for each in value), value[::-1]]
    return []


def without_effect(exercise, fn, calls):
    """Return the indices of the arguments that never change the result of `fn`.

    calls: the `Record` of each call on the probes. Calls fn, so it belongs under a time limit.
    """
    learners, reference = Caller(fn, exercise), Caller(exercise.reference, exercise)
    indices = range(max(len(case.args) for case in calls)) if calls else ()
    return tuple(
        i
        for i in indices
        if not any(_changes(learners, case, i) for case in calls)
        and any(_changes(reference, case, i) for case in calls)
    )


def _changes(call, case, i):
    """Whether another value of argument i changes what comes back, or raises."""
    if i >= len(case.args):
        return False
    before = _outcome(call, case.args)
    return any(
        _outcome(call, (*case.args[:i], value, *case.args[i + 1 :])) != before
        for value in altered(case.args[i])
    )


def _outcome(call, args):
    """What a call returns, as something that can be compared to the last bit."""
    args = [np.random.default_rng(a.bit_generator.seed_seq) if _is_rng(a) else a for a in args]
    try:
        return _bits(call(*args, finish=_everything))
    except Exception as error:
        return type(error)


def _everything(got):
    return list(got) if hasattr(got, "__next__") else got


def _bits(value):
    if isinstance(value, (list, tuple)):
        return tuple(_bits(each) for each in value)
    array = np.asarray(value)
    return (array.shape, array.tobytes()) if array.dtype.kind in "fiub" else repr(value)


def _is_rng(value):
    return isinstance(value, np.random.Generator)


def fixed(fn, values):
    """The function with some arguments replaced. values: index → number."""

    def form(*args):
        args = list(args)
        for i, value in values.items():
            if i < len(args):
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
        passed = [case.args[i] for case in calls if i < len(case.args)]
        numbers = [value for value in passed if isinstance(value, (int, float))]
        if any(callable(value) or _is_rng(value) for value in passed):
            return
        more = ()
        if len(indices) == 1:
            more = WHOLE if all(isinstance(n, int) for n in numbers) else ROUND
        choices.append(list(dict.fromkeys((*numbers, *USUAL, *more))))
    for values in product(*choices):
        yield dict(zip(indices, values, strict=True))


def exchanged(fn, calls):
    """Yield (i, j, function) for each two arguments of one kind, exchanged."""
    first = calls[0].args if calls else ()
    for i, j in combinations(range(len(first)), 2):
        if np.shape(first[i]) == np.shape(first[j]) and callable(first[i]) == callable(first[j]):
            yield i, j, _with_exchange(fn, i, j)


def _with_exchange(fn, i, j):
    def form(*args):
        args = list(args)
        args[i], args[j] = args[j], args[i]
        return fn(*args)

    return form
