"""Where an answer differs, in words: what was expected, what came, and what is right everywhere.

Whatever is called right here is right in every call on the probes. Imports NumPy only.
"""

import numpy as np

from ..formatting import listed
from .partly import property_of_right_calls, property_of_right_entries
from .probes import close, describe


def evidence(case):
    """The words for {given}, {expected} and {got} in a message, or None."""
    if case is None or case.expected is None:
        return None
    i = case.wrong[0]
    got, expected, given = case.values[i], case.expected[i], case.moment.words
    if case.moment.at and got.size > 3 and got.shape == expected.shape:  # one of many will do
        j = np.flatnonzero(~case.right_entries(i))[0]
        got, expected, given = got.ravel()[j], expected.ravel()[j], case.moment.at(j)
    expected, got = _apart(expected, got)
    if len(case.values) > 1:
        got = f"{case.moment.names[i]} = {got}"
    return {"given": given, "got": got, "expected": expected}


def difference(cases, parameters):
    """(name or None, message) of the first case that differs, with what is right in all cases."""
    case = next(case for case in cases if case.wrong)
    if case.expected is None:
        return None, _no_way(case)
    i = case.wrong[0]
    name, got, expected = case.moment.names[i], case.values[i], case.expected[i]
    given = f"With {case.moment.words}"
    if got.shape != expected.shape:
        return "wrong shape", (
            f"{given}, {name} should have {_shape(expected)}, and yours has {_shape(got)}."
            f"{_in_another_shape(cases, i)} What does each number in it stand for?"
        )
    for special, name_of_it, why in (
        (np.isnan, "nan", "nan, not a number. Which line divides 0 by 0, or subtracts one huge "
         "number from another?"),
        (np.isinf, "infinite", "infinite. Which line divides by 0, or raises to a large power?"),
    ):  # fmt: skip
        if special(got).any() and not special(expected).any():
            which = name if got.size <= 12 else f"an entry of {name}"
            return name_of_it, f"{given}, {which} is {why}"
    name_of_it, alike = _alike_everywhere(cases, i)
    where, name_of_it = ("", name_of_it) if alike else _where_right(cases, parameters, i)
    message = f"{where}{_first_wrong(case, i)}{_right_values(cases)}{alike}"
    return name_of_it, f"{message} Which part of your function makes the difference?"


def _no_way(case):
    """What to say where many results are right, and this is none of them."""
    names = zip(case.moment.names, case.values, strict=True)
    came = listed([f"{name} = {describe(value)}" for name, value in names])
    message = f"With {case.moment.words}, no correct way leads to your result, {came}."
    if case.begun:
        return (
            f"With one example alone your result is right. {message} What changes in your "
            "function before it comes to the second example?"
        )
    return f"{message} Try one example alone, by hand."


def _first_wrong(case, i):
    """The first number or row of value i that is wrong, what it should be and what it is."""
    name, (got, expected) = case.moment.names[i], case.change(i)
    given, what = case.moment.words, name
    j = int(np.flatnonzero(~case.right_entries(i).ravel())[0])
    if got.ndim == 2:
        row = j // expected.shape[1]
        what, got, expected = f"row {row} of {name}", got[row], expected[row]
    elif got.size > 3 or (case.moment.step and got.size > 1):
        what = f"{name} in coordinate {j}" if case.moment.step else f"entry {j} of {name}"
        given = case.moment.at(j) if case.moment.at else given
        got, expected = got[j], expected[j]
    if case.moment.step and i == 0:
        expected, got = _apart(_one(expected), _one(got))
        return f"With {given}, {what} should change by {expected}, and yours changes by {got}."
    expected, got = _apart(_one(expected), _one(got))
    return f"With {given}, {what} should be {expected}, and your function gives {got}."


def _one(array):
    """A single number without its brackets."""
    return array.ravel()[0] if array.size == 1 and array.ndim == 1 else array


def _where_right(cases, parameters, i):
    """A sentence about where the answer is right, if that has a name, and that name."""
    calls, right = [case.args for case in cases], [not case.wrong for case in cases]
    telling = any(case for case in cases if not case.wrong and not case.is_a_copy)
    if telling and (text := property_of_right_calls(parameters, calls, right)):
        where = f"Your function is right where {text}, and in no other case that was tried. "
        return where, f"right only if {text}"
    masks = [case.right_entries(i) for case in cases]
    comparable = all(calls) and all(mask is not None for mask in masks)
    if comparable and (text := property_of_right_entries(parameters, calls, masks)):
        name = cases[0].moment.names[i]
        where = f"{name} is right where {text}, and in no other case that was tried. "
        return where, f"right only where {text}"
    return "", None


def _right_values(cases):
    """A sentence about the values that are right in every case."""
    names = cases[0].moment.names
    wrong = {i for case in cases for i in case.wrong}
    fine = [name for i, name in enumerate(names) if i not in wrong]
    if not fine or len(cases) < 2:
        return ""
    which = listed(fine)
    if which.startswith("the "):  # words, and not the letter of a variable
        which = which.capitalize()
    return f" {which} {'is' if len(fine) == 1 else 'are'} right in every case."


def _alike_everywhere(cases, i):
    """(name, sentence) for what the wrong values of all cases have in common."""
    pairs = [case.change(i) for case in cases if i in case.wrong and case.expected is not None]
    if any(got.shape != expected.shape for got, expected in pairs):
        return None, ""
    if any(hasattr(expected, "text") for _, expected in pairs):  # words have no size
        return None, ""
    what = "the step" if cases[0].moment.step and i == 0 else cases[0].moment.names[i]
    if factor := _factor([case for case in cases if case.expected], i):
        if np.isclose(factor, -1, rtol=1e-6):
            return "the sign", f" Everywhere {what} has the right size and the wrong sign."
        if not np.isclose(factor, 1, rtol=1e-3):
            times = f"{describe(factor)} times what it should be"
            return f"{describe(factor)} times as large", f" Everywhere {what} is {times}."
    if words := _limit([case for case in cases if case.expected], i):
        what = cases[0].moment.names[i] if len(cases[0].values) > 1 else "your answer"
        return f"never {words}", f" On all inputs that we tried, {what} is never {words}."
    for text, holds in (
        ("the first three digits agree: is something rounded, or a small term left out?",
         lambda got, expected: np.allclose(got, expected, rtol=1e-3, atol=0)),
        (f"{what} has its numbers in the opposite order.",
         lambda got, expected: got.ndim == 1 and got.size > 1 and close(got[::-1], expected)),
        (f"{what} has the right size, but not always the right sign.",
         lambda got, expected: close(np.abs(got), np.abs(expected))),
    ):  # fmt: skip
        if all(holds(*pair) for pair in pairs):
            return None, f" In every wrong case {text}"
    return None, ""


def _factor(cases, i):
    """The one factor between what value i is and what it should be in all cases, or None."""
    got, expected, rounding = (
        np.concatenate([np.ravel(array) for array in arrays])
        for arrays in zip(*(_with_rounding(case, i) for case in cases), strict=True)
    )
    if got.size != expected.size or np.sum(np.abs(expected) > 1e-9 * np.max(np.abs(expected))) < 2:
        return None
    largest = np.argmax(np.abs(expected))
    factor = got[largest] / expected[largest]
    off = np.abs(got - factor * expected)
    alike = off <= 1e-6 * np.abs(factor * expected) + 4 * rounding + 1e-15
    return factor if alike.all() else None


def _limit(cases, i):
    """In words: the limit that explains value i in all cases, or None."""
    got, expected = (
        np.concatenate([np.ravel(values[i]) for values in several])
        for several in ([case.values for case in cases], [case.expected for case in cases])
    )
    cut = ~np.isclose(got, expected, rtol=1e-9, atol=1e-12)
    limits = np.unique(np.abs(got[cut]))
    if len(limits) != 1 or (~cut).sum() < 3 or (cut.sum() < 2 and limits[0] != round(limits[0], 2)):
        return None
    low, high = got[cut].min(), got[cut].max()
    if low == high and (expected[cut] > high).all() and got.max() == high:
        return f"larger than {describe(high)}"
    if low == high and (expected[cut] < low).all() and got.min() == low:
        return f"smaller than {describe(low)}"
    if np.abs(got).max() > limits[0]:
        return None
    clipped = np.clip(expected[cut], -limits[0], limits[0])
    return f"larger than {describe(limits[0])} in size" if (clipped == got[cut]).all() else None


def _with_rounding(case, i):
    """What value i is, what it should be, and how far it may be off."""
    got, expected = case.change(i)
    return got, expected, np.broadcast_to(case.moment.rounding(i, case.expected[i]), expected.shape)


def _in_another_shape(cases, i):
    """What holds for the shapes of every case, as a sentence."""
    pairs = [(c.values[i], c.expected[i]) for c in cases if c.expected is not None and c.wrong]
    for text, holds in (
        ("The numbers are right, but rows and columns have changed places.",
         lambda got, expected: got.ndim == 2 and close(got.T, expected)),
        ("The numbers are right.",
         lambda got, expected: got.size == expected.size and close(got.ravel(), expected.ravel())),
        ("It is the first number alone.",
         lambda got, expected: got.ndim == 0 < expected.ndim and close(got, expected.ravel()[0])),
        ("What is there is right, but there is too little of it.",
         lambda got, expected: _begins(expected, got)),
        ("It begins with what is right, and there is too much of it.",
         lambda got, expected: _begins(got, expected)),
    ):  # fmt: skip
        if all(holds(*pair) for pair in pairs):
            return f" {text}"
    return ""


def _begins(longer, shorter):
    if longer.ndim != shorter.ndim or not shorter.ndim or longer.shape[1:] != shorter.shape[1:]:
        return False
    return 0 < len(shorter) < len(longer) and close(longer[: len(shorter)], shorter)


def _apart(*values):
    """Values in words, with as many digits as it takes to tell them apart."""
    for digits in (4, 6, 9, 17):
        texts = [describe(value, digits) for value in values]
        if len(set(texts)) == len(texts):
            break
    return texts


def _shape(array):
    return f"shape {array.shape}" if array.ndim else "no axes (one number)"
