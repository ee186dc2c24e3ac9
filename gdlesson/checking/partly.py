"""Where an answer is right and where it is not, if that has a name. Imports NumPy only.

"Right only where t = 1": the calls, or the entries of arrays, at which an answer is right are
exactly those with one property. A property that only a few calls share proves little, so unusual
ones must explain several.
"""

import numpy as np

from .probes import describe


def property_of_right_calls(parameters, calls, right):
    """Return the property, in words, that exactly the right calls have, or None.

    parameters: names. calls: argument tuples. right: one bool for each call.
    """
    right = np.asarray(right, dtype=bool)
    if right.all() or not right.any():
        return None
    for text, holds, enough in _of_calls(parameters, calls):
        holds = np.asarray(holds, dtype=bool)
        if (holds == right).all() and right.sum() >= enough and (~right).sum() >= 2:
            return text
    return None


def _of_calls(parameters, calls):
    """Yield (words, where it holds, how many right calls it takes to believe it)."""
    for i, name in enumerate(parameters):
        if any(i >= len(args) for args in calls):
            continue
        values = [args[i] for args in calls]
        if all(isinstance(v, (int, float, np.number)) for v in values):
            yield from _of_numbers(name, np.array(values, dtype=float))
        elif all(isinstance(v, np.ndarray) and v.dtype.kind in "fi" for v in values):
            yield from _of_arrays(name, values)


def _of_numbers(name, values):
    for special in (0, 1):
        yield f"{name} = {special}", values == special, 1
    yield f"{name} is positive", values > 0, 2
    yield f"{name} is a whole number", values == np.round(values), 3
    for value in np.unique(values)[:-1]:
        yield f"{name} is at most {describe(value)}", values <= value, 4
        yield f"{name} is larger than {describe(value)}", values > value, 4
    for value in np.unique(values):
        yield f"{name} = {describe(value)}", values == value, 3


def _of_arrays(name, values):
    sizes = np.array([v.shape[0] if v.ndim else 0 for v in values])
    one, many = ("row", "rows") if values[0].ndim == 2 else ("entry", "entries")
    yield f"{name} has one {one}", sizes == 1, 1
    yield f"{name} is 0", [not v.any() for v in values], 2
    yield f"{name} contains no 0", [v.all() for v in values], 3
    yield f"{name} contains no negative number", [(v >= 0).all() for v in values], 3
    yield f"{name} holds floats", [v.dtype.kind == "f" for v in values], 3
    for size in np.unique(sizes):
        yield f"{name} has {size} {many}", sizes == size, 3
        yield f"{name} has at most {size} {many}", sizes <= size, 3
    peaks = np.array([np.abs(v).max(initial=0.0) for v in values])
    for peak in np.unique(peaks)[:-1]:
        yield f"no entry of {name} is larger than {describe(peak)} in size", peaks <= peak, 4


def property_of_right_entries(parameters, calls, right):
    """Return the property that exactly the right entries of a result have, or None.

    right: for each call a bool array of the result's shape; arguments of that shape count.
    """
    marks = np.concatenate([np.ravel(mask) for mask in right])
    if marks.all() or marks.sum() < 5 or (~marks).sum() < 3:
        return None
    for i, name in enumerate(parameters):
        values = [args[i] for args in calls]
        if all(np.shape(v) == np.shape(m) != () for v, m in zip(values, right, strict=True)):
            values = np.concatenate([v.ravel() for v in values])
            for each, numbers in ((name, values), (f"|{name}|", np.abs(values))):
                for text, holds, _ in _of_numbers(each, numbers):
                    if (holds == marks).all():
                        return text
    places = np.concatenate([np.arange(mask.size) for mask in right])
    if (marks == (places == 0)).all():
        return "in the first coordinate"
    last = np.concatenate([np.arange(mask.size) == mask.size - 1 for mask in right])
    return "in the last coordinate" if (marks == last).all() else None
