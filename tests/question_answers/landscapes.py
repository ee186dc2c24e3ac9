"""Answers to the questions of lesson landscapes, by other formulas and hand-written loops."""

import numpy as np


def starts_of_a_basin(lr, **starts):
    """A step multiplies w by 1 − 4·lr·(w² − 1)."""
    found = set()
    for name, w in starts.items():
        for _ in range(1000):
            if abs(w) > 1e3:
                break
            w *= 1 - 4 * lr * (w * w - 1)
        if abs(w + 1) < 1e-6:
            found.add(name)
    return found


def which_are_saddles(**functions):
    """The signs of the function on a circle."""
    angle = np.linspace(0, 2 * np.pi, 721)
    x, y = np.cos(angle), np.sin(angle)
    values = {name: a * x * x + b * y * y + c * x * y for name, (a, b, c) in functions.items()}
    return {name for name, v in values.items() if v.min() < 0 < v.max()}


def steps_to_escape(near, steps, nearer):
    """The time grows with the logarithm of the distance."""
    return steps * (nearer - 1) / (near - 1)


def curves_of_landscapes(plateau, saddle, kink, bowl):
    """Loops with the derivatives of other forms of the same losses."""

    def losses(f, slope, lr, *w):
        found = [f(*w)]
        while len(found) <= 120 and found[-1] >= 0.01:
            w = [each - lr * d for each, d in zip(w, slope(*w), strict=True)]
            found.append(f(*w))
        return found

    return {
        "plateau": losses(
            lambda w: 1 - 1 / (1 + w * w), lambda w: [2 * w / (1 + w * w) ** 2], 0.25, plateau
        ),
        "saddle": losses(
            lambda x, y: x**2 + y**4 - 2 * y**2 + 1,
            lambda x, y: [2 * x, 4 * y**3 - 4 * y],
            0.06,
            1.2,
            10.0**-saddle,
        ),
        "kink": losses(abs, lambda w: [w / abs(w)], 0.05, kink),
        "bowl": losses(lambda w: w * w / 2, lambda w: [w], bowl, 2.0),
    }
