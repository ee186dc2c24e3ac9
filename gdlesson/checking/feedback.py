"""The first place where an answer differs, in words: expected, came, and what is right about it."""

from dataclasses import replace

import numpy as np

from .probes import AnyOf, close, describe, listed


def evidence(theirs, right):
    """The first place where two functions differ, as words for a mistake's message."""
    for mine, ours in zip(theirs.moments, right.moments, strict=False):
        if not mine.agrees(ours) and not isinstance(ours.values, AnyOf):
            i = _wrong(mine, ours)[0]
            got, expected, given = mine.values[i], ours.values[i], ours.words
            if ours.at and got.size > 3 and got.shape == expected.shape:  # one of many will do
                j = _first(got, expected, ours.rounding(i, expected))
                got, expected, given = got[j], expected[j], ours.at(j)
            expected, got = _apart(expected, got)
            return {"given": given, "got": got, "expected": expected}
    return {"given": "these numbers", "got": "something else", "expected": "another"}


def two_slips(one, other):
    """The message about two mistakes at once: the first sentence of each."""
    return (
        f"Two things differ from the rule. {one.slip} {other.slip} "
        "Which line does each of them concern?"
    )


def first_difference(theirs, right):
    """(name or None, message) of the first moment that differs, with what is right about it."""
    agreed = []
    for mine, ours in zip(theirs.moments, right.moments, strict=False):
        if mine.agrees(ours):
            agreed.append(ours)
            continue
        if ours.complaint:
            return ours.mistake, ours.complaint
        if isinstance(ours.values, AnyOf) and len(ours.values.choices) == 1:
            ours = replace(ours, values=ours.values.choices[0])
        if isinstance(ours.values, AnyOf):
            pairs = zip(ours.names, mine.values, strict=True)
            told = f"yours is {listed([f'{name} = {describe(v)}' for name, v in pairs])}"
            message = f"With {ours.words} no order of the examples leads to your result: {told}."
            return None, message + " Try one example alone, by hand."
        i = _wrong(mine, ours)[0]
        factor = _factor_everywhere(theirs, right, i)
        return _difference(mine, ours, agreed, i, factor)
    raise AssertionError("called for answers that agree")


def _difference(mine, ours, agreed, i, factor):
    name, got, expected = ours.names[i], mine.values[i], ours.values[i]
    if got.shape != expected.shape:
        message = (
            f"With {ours.words}, {name} should have {_shape(expected)} and has {_shape(got)}."
            f"{_right_in_another_shape(got, expected)} What does each number in it stand for?"
        )
        return "wrong shape", message
    for wrong, called, why in (
        (np.isnan, "nan, not a number", "Which line divides 0 by 0, or takes one huge number "
         "from another?"),
        (np.isinf, "infinite", "Which line divides by 0, or raises to a large power?"),
    ):  # fmt: skip
        if wrong(got).any() and not wrong(expected).any():
            message = f"With {ours.words}, {name} is {describe(got)}: {called}. {why}"
            return ("nan" if wrong is np.isnan else "infinite"), message
    atol = ours.rounding(i, expected)
    others = [n for k, n in enumerate(ours.names) if k not in _wrong(mine, ours)]
    fine = f" {listed(others)} {'is' if len(others) == 1 else 'are'} right." if others else ""
    fine += _what_is_right(*_moves(got, expected, ours, i), atol, factor, ours.step)
    if ours.step:
        return None, _drift(ours, i, got, expected, atol) + fine + _ask(ours, i, others)
    if expected.ndim == 2:
        row = _first(got, expected, atol) // expected.shape[1]
        name, got, expected = f"row {row} of {name}", got[row], expected[row]
    expected, got = _apart(expected, got)
    message = (
        f"{_before(agreed)}With {ours.words}, {name} should be {expected} and is {got}.{fine} "
        "Which line makes the difference?"
    )
    return None, message


def _wrong(mine, ours):
    """Indices of the values that differ: what is remembered first, as the point follows it."""
    wrong = [
        i for i, (a, b) in enumerate(zip(mine.values, ours.values, strict=True))
        if not close(a, b, ours.rounding(i, b))
    ]  # fmt: skip
    return wrong[1:] + wrong[:1] if ours.step and wrong[0] == 0 else wrong


def _first(got, expected, atol):
    """Where, counted through all numbers, two arrays of one shape first differ."""
    return np.flatnonzero(~np.isclose(got, expected, rtol=1e-9, atol=atol, equal_nan=True))[0]


def _apart(*values):
    """Values in words, with as many digits as it takes to tell them apart."""
    for digits in (4, 6, 9, 17):
        texts = [describe(value, digits) for value in values]
        if len(set(texts)) == len(texts):
            break
    return texts


def _before(agreed):
    if not agreed:
        return ""
    given = agreed[-1].words
    if given and len(given) < 60:
        return f"Right with {given}. "
    return f"Right in the {'case' if len(agreed) == 1 else f'{len(agreed)} cases'} before. "


def _drift(ours, i, got, expected, atol):
    name, before = ours.names[i], ours.before[i]
    j = _first(got, expected, atol)
    entry = f" in coordinate {j}" if got.size > 1 else ""
    first = "the first step" if ours.step == 2 else f"the first {ours.step - 1} steps"
    start = f"Right for {first}, then it drifts: " if ours.step > 1 else "From the first step on: "
    if i == 0:
        should, did = _apart(expected[j] - before[j], got[j] - before[j])
        return f"{start}step {ours.step} should move by {should}{entry} and moved by {did}."
    should, did = _apart(expected[j], got[j])
    return f"{start}step {ours.step} should leave {name} at {should}{entry} and left {did}."


def _moves(got, expected, ours, i):
    """What to compare: of a trajectory's point how far it moved, of anything else itself."""
    if ours.step and i == 0:
        return got - ours.before[0], expected - ours.before[0]
    return got, expected


def _factor(got, expected):
    """The one factor between two arrays, or None where there is none."""
    some = np.abs(expected) > 1e-9 * np.max(np.abs(expected), initial=0)
    if got.shape != expected.shape or not some.any() or not np.isfinite(got).all():
        return None
    factor = got[some][0] / expected[some][0]
    return factor if factor and np.allclose(got, factor * expected, rtol=1e-7, atol=0) else None


def _factor_everywhere(theirs, right, i):
    """The factor that all moments share, or None; two of them at least must show it."""
    factors = []
    for mine, ours in zip(theirs.moments, right.moments, strict=False):
        if isinstance(ours.values, AnyOf) or len(mine.values) <= i or len(ours.values) <= i:
            return None
        got, expected = mine.values[i], ours.values[i]
        if got.shape != expected.shape or (mine.step and got.shape != mine.before[i].shape):
            return None
        if ours.step and i == 0:  # each from where it stood
            got, expected = got - mine.before[0], expected - ours.before[0]
        if expected.any() or got.any():
            factors.append(_factor(got, expected))
    if len(factors) < 2 or None in factors or not np.allclose(factors, factors[0], rtol=1e-6):
        return None
    return factors[0]


def _what_is_right(got, expected, atol, factor, step):
    what = "The step" if step else "Every number" if got.size > 1 else "It"
    if factor is not None and not np.isclose(factor, 1, rtol=1e-3):
        if np.isclose(factor, -1, rtol=1e-6):
            return " The size is right everywhere and the sign is not."
        way = "The direction is right: " if got.size > 1 and factor > 0 else ""
        here = f"{way}everywhere {what.lower()} is {describe(factor)} times what it should be."
        return f" {here[0].upper()}{here[1:]}"
    if np.allclose(got, expected, rtol=1e-3, atol=0):
        return " The first three digits agree: is something rounded, or something small left out?"
    equal = np.isclose(got, expected, rtol=1e-9, atol=atol)
    if 0 < equal.sum() < got.size:
        return _equal_ones(equal)
    if got.size > 1 and got.ndim == 1 and close(got[::-1], expected):
        return " The numbers are right and stand in the other order."
    if close(np.abs(got), np.abs(expected)):
        return " The size is right and the sign is not."
    here = _factor(got, expected) if got.size > 1 else None
    if here is not None:
        way = "The direction is right: " if here > 0 else ""
        what = what.lower() if way else what
        return f" {way}{what} is {describe(here)} times what it should be."
    return " The shape is right." if got.size > 1 and not step else ""


def _equal_ones(equal):
    if equal.ndim == 2:  # rows, such as the points of a path
        first = int(np.argmin(equal.all(axis=1)))
        return f" The first {first} rows are right." if first > 1 else ""
    places = [str(j) for j in np.flatnonzero(equal)]
    if len(places) > 3:
        return f" {len(places)} of {equal.size} coordinates are right."
    return f" Right in coordinate{'s' if len(places) > 1 else ''} {listed(places)}."


def _right_in_another_shape(got, expected):
    if got.ndim == 2 and close(got.T, expected):
        return " The numbers are right: rows and columns have changed places."
    if got.size == expected.size and close(got.ravel(), expected.ravel()):
        return " The numbers are right."
    if got.ndim == 0 and expected.ndim == 1 and expected.size and close(got, expected[0]):
        return " It is the first number alone."
    if got.ndim == expected.ndim and got.shape[1:] == expected.shape[1:]:
        n = min(len(got), len(expected))
        if n and close(got[:n], expected[:n]):
            what = "rows" if got.ndim == 2 else "numbers"
            return (
                f" Its first {n} {what} are right."
                if n > 1
                else f" Its first {what[:-1]} is right."
            )
    return ""


def _ask(ours, i, others):
    if i == 0 and ours.names[1:] and len(others) == len(ours.names) - 1:
        return f" Look at the line that moves {ours.names[0]}."
    if ours.step > 1 and len(ours.names) > 1:
        return f" What did {listed(ours.names[1:])} hold after step {ours.step - 1}?"
    return " Which line makes the difference?"


def _shape(array):
    return f"shape {array.shape}" if array.ndim else "no axes (one number)"
