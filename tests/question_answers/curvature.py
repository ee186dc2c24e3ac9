"""Answers to the questions of lesson curvature, by other formulas than the package's."""

import numpy as np


def newton_on_a_power(p, w):
    """The minimum of the parabola with the polynomial's slope and curvature at w."""
    f = np.polynomial.Polynomial([0] * p + [1])
    parabola = np.polynomial.Polynomial([f(w), f.deriv()(w), f.deriv(2)(w) / 2])
    return w + parabola.deriv().roots()[0]


def newton_break_even(gradient, descent, newton):
    """By halving the interval in which the two costs cross."""
    low, high = 1.0, 1e6
    for _ in range(80):
        d = (low + high) / 2
        low, high = (low, d) if newton * d**3 > descent * gradient * d else (d, high)
    return low


def newton_uphill(points):
    """By the loss a small part of the step farther on."""
    found = set()
    for key, (g1, g2, h1, h2) in points.items():
        x, y = -1e-4 * g1 / h1, -1e-4 * g2 / h2
        change = g1 * x + g2 * y + h1 * x**2 / 2 + h2 * y**2 / 2
        if change > 0:
            found.add(key)
    return found


def diagonal_in_a_turned_valley(mu, L):
    """By a run from the start that is slowest: (1, 1) and (1, −1) are the valley's own axes."""
    half, other = (mu + L) / 2, (L - mu) / 2
    ratios = []
    for start in ([1.0, 1.0], [1.0, -1.0], [1.0, 0.0]):
        w, before = np.array(start), None
        for _ in range(50):
            before = np.hypot(*w)
            w = w - (half * w - other * w[::-1]) / half
        ratios.append(np.hypot(*w) / before)
    kappa = L / mu
    root = kappa**0.5
    expected = {
        "once": 0,
        "plain": (kappa - 1) / (kappa + 1),
        "root": (root - 1) / (root + 1),
    }
    if max(ratios) > 1:
        return "diverges"
    return next(key for key, share in expected.items() if abs(max(ratios) - share) < 1e-9)
