"""The first place where an answer differs, in words: expected, came, and what is right about it."""

import numpy as np

from .probes import AnyOf, close, listed, said


def evidence(theirs, right):
    """The first place where two functions differ, as words for a mistake's message."""
    for mine, ours in zip(theirs.moments, right.moments, strict=False):
        if not mine.agrees(ours) and not isinstance(ours.values, AnyOf):
            pairs = zip(mine.values, ours.values, strict=True)
            got, expected = next((a, b) for a, b in pairs if not close(a, b, ours.atol))
            return {"given": ours.given, "got": said(got), "expected": said(expected)}
    return {"given": "these numbers", "got": "something else", "expected": "another"}


def first_difference(theirs, right):
    """(name or None, message) of the first moment that differs, with what is right about it."""
    agreed = []
    for mine, ours in zip(theirs.moments, right.moments, strict=False):
        if mine.agrees(ours):
            agreed.append(ours)
            continue
        if ours.complaint:
            return None, ours.complaint
        if isinstance(ours.values, AnyOf):
            pairs = zip(ours.names, mine.values, strict=True)
            told = f"yours is {listed([f'{name} = {said(v)}' for name, v in pairs])}"
            message = f"With {ours.given} no order of the examples leads to your result: {told}."
            return None, message + " Try one example alone, by hand."
        return _difference(mine, ours, agreed)
    raise AssertionError("called for answers that agree")


def _difference(mine, ours, agreed):
    wrong = [
        i for i, (a, b) in enumerate(zip(mine.values, ours.values, strict=True))
        if not close(a, b, ours.atol)
    ]  # fmt: skip
    name, got, expected = ours.names[wrong[0]], mine.values[wrong[0]], ours.values[wrong[0]]
    if got.shape != expected.shape:
        message = (
            f"With {ours.given}, {name} should have {_shape(expected)} and has {_shape(got)}. "
            "What does each number in it stand for?"
        )
        return "wrong shape", message
    if np.isnan(got).any() and not np.isnan(expected).any():
        message = (
            f"With {ours.given}, {name} is {said(got)}: nan, not a number. Which line divides 0 "
            "by 0, or takes one huge number from another?"
        )
        return "nan", message
    others = [n for i, n in enumerate(ours.names) if i not in wrong]
    fine = f" {listed(others)} {'is' if len(others) == 1 else 'are'} right." if others else ""
    fine += _what_is_right(got, expected, ours)
    if ours.step:
        return None, _drift(ours, name, got, expected) + fine + _ask(ours)
    before = f"Right with {agreed[-1].given}. " if agreed and agreed[-1].given else ""
    message = (
        f"{before}With {ours.given}, {name} should be {said(expected)} and is {said(got)}.{fine} "
        "Which line makes the difference?"
    )
    return None, message


def _drift(ours, name, got, expected):
    before = ours.before[ours.names.index(name) if name in ours.names else 0]
    j = np.flatnonzero(~np.isclose(got, expected, rtol=1e-9, atol=0, equal_nan=True))[0]
    entry = f" in coordinate {j}" if got.size > 1 else ""
    first = "the first step" if ours.step == 2 else f"the first {ours.step - 1} steps"
    start = f"Right for {first}, then it drifts: " if ours.step > 1 else "From the first step on: "
    if name in ("w", "the answer"):
        should, did = said(expected[j] - before[j]), said(got[j] - before[j])
        return f"{start}step {ours.step} should move by {should}{entry} and moved by {did}."
    should, did = said(expected[j]), said(got[j])
    return f"{start}step {ours.step} should leave {name} at {should}{entry} and left {did}."


def _what_is_right(got, expected, ours):
    equal = np.isclose(got, expected, rtol=1e-9, atol=ours.atol)
    if 0 < equal.sum() < got.size and got.ndim == 1:
        return f" {equal.sum()} of {got.size} coordinates are right."
    with np.errstate(all="ignore"):
        factor = (got / expected).ravel()[np.asarray(expected).ravel() != 0]
    if ours.step or not factor.size or not np.isfinite(factor).all():
        return ""
    if np.allclose(factor, -1, rtol=1e-9):
        return " The size is right and the sign is not."
    if factor[0] and got.size > 1 and np.allclose(factor, factor[0], rtol=1e-9):
        return f" Every number is {said(factor[0])} times what it should be."
    return " The shape is right." if got.size > 1 else ""


def _ask(ours):
    if ours.step > 1 and len(ours.names) > 1:
        return f" What did {listed(ours.names[1:])} hold after step {ours.step - 1}?"
    return " Which line makes the difference?"


def _shape(array):
    return f"shape {array.shape}" if array.ndim else "no axes (one number)"
