"""Differences of a function at every spacing, and how far off they are: numerics of lesson 01."""

import math

import numpy as np

from ..formatting import decimals, significant
from ..views import ErrorOverSpacing

SPACINGS = 10.0 ** np.linspace(-16, 0, 161)  # where the errors are drawn


def magnified(f, t, h, slope, heights, found):
    """What `Secants.update` takes for the curve within 1.8 h of t, heights measured from f(t).

    heights: f at t − h, t and t + h. found: forward and central difference. The unit of the heights
    is chosen so that curve and lines fit.
    """
    s = np.linspace(-1.8, 1.8, 181)
    curve = (f(t + s * h) - heights[1]) / h
    unit = max(1.2 * abs(slope), np.abs(curve).max() / 1.8, 0.05)
    points = np.column_stack([[-1, 0, 1], (heights - heights[1]) / h / unit])
    slopes = np.array([slope, *found]) / unit
    return points, *slopes, np.column_stack([s, curve / unit])


def as_errors(slopes, slope):
    """Points (spacing, error) of slopes measured at the first of the spacings, every fifth."""
    error = np.clip(np.abs(slopes - slope), ErrorOverSpacing.floor, 30)
    return np.column_stack([SPACINGS[: len(slopes)], error])[::5]


def differences(f, t, h):
    """Forward and central difference, (f(t + h) − f(t))/h and (f(t + h) − f(t − h))/2h: (2, …)."""
    return np.array([(f(t + h) - f(t)) / h, (f(t + h) - f(t - h)) / (2 * h)])


def measured(fn, f, t):
    """fn(f, t, h) at all spacings, (n, 1); None if fn returns nothing."""
    slopes = [fn(f, t, float(h)) for h in SPACINGS]
    if any(slope is None for slope in slopes):
        return None
    return [[slope] for slope in slopes]


def truncation(derivatives, h):
    """The truncation errors of forward and central difference, by Taylor's series: (2,)."""
    terms = [d * h ** (k - 1) / math.factorial(k) for k, d in enumerate(derivatives) if k > 1]
    return np.array([sum(terms), sum(terms[1::2])])


def describe_errors(name, t, h, known, found):
    """The slope, and the errors of the two differences with their cause."""
    slope = float(known[1])
    parts = []
    for kind, value, missing in zip(
        ("forward", "central"), found, truncation(known, h), strict=True
    ):
        error = value - slope
        cause = "truncation" if abs(missing) > abs(error - missing) else "rounding"
        off = f"is off by {significant(abs(error), 2)} ({cause})" if error else "is exact"
        parts.append(f"the {kind} difference {off}")
    text = (
        f"At t = {decimals(t)} the slope of {name} is {significant(slope, 6)}. With h = {h:g}, "
        f"{parts[0]}, and {parts[1]}."
    )
    if t + h == t:
        text += " Here t + h is rounded to t, because the sixteen digits of t + h do not reach h."
    return text
