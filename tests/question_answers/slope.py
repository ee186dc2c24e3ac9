"""Answers to the questions of lesson slope, by algebra and fitted polynomials."""

import numpy as np


def change_from_values(t, h, left, middle, right, step):
    """The derivative of the parabola through the three points is the central difference."""
    parabola = np.polyfit([-h, 0, h], [left, middle, right], 2)
    return np.polyval(np.polyder(parabola), 0) * step


def chained_changes(inner, outer, step):
    return inner * outer * step


def down_to_the_left(p, q, r, s):
    slopes = {"p": 2 * p[1] - p[0], "q": q[0] - 2 * q[1], "r": r[0], "s": 2 * s[1]}
    assert 0 not in slopes.values()
    return {key for key, slope in slopes.items() if slope > 0}


def lines_by_steepness(**lines):
    sizes = {k: abs(np.polyfit([t0, t1], [f0, f1], 1)[0]) for k, (t0, f0, t1, f1) in lines.items()}
    assert len({round(size, 6) for size in sizes.values()}) == 4
    return tuple(sorted(sizes, key=lambda key: -sizes[key]))
