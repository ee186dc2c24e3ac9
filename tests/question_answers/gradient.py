"""Answers to the questions of lesson gradient, by differences, a search and algebra."""

import numpy as np


def slope_in_direction(g1, g2, a1, a2, size):
    """The change of a plane over a short path."""
    length = np.hypot(a1, a2)
    h = 1e-3
    here, there = (g1 * (3 + t * a1 / length) + g2 * (7 + t * a2 / length) for t in (-h, h))
    return (there - here) / (2 * h)


def best_step_from_gradient(mu, L, w1, w2):
    """The lowest point of the larger factor, by ternary search."""

    def slower(lr):
        return max(abs(1 - lr * mu), abs(1 - lr * L))

    low, high = 0.0, 2.0
    for _ in range(200):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, two) if slower(one) < slower(two) else (one, high)
    return low


def points_for_the_check(a, floor, special, zero, other):
    points = {
        "floor": (floor, a * floor**2),
        "special": (0.5 / a, special),
        "zero": (0, zero),
        "other": other,
    }

    def differs(w1, w2):
        right = 4 * a**2 * w1**3 - 4 * a * w1 * w2
        wrong = 2 * a * w1**2 - 2 * w2
        return abs(right - wrong) > 1e-9

    return {key for key, point in points.items() if differs(*point)}


def loss_of_two_parts(L, kappa, product):
    """Sums of the two decaying parts, whose shares of the first loss are given."""
    t = np.arange(41)

    def parts(share, product):
        return (1 - share) * (1 - product / kappa) ** (2 * t) + share * (1 - product) ** (2 * t)

    return {
        "flat": parts(0, product),
        "steep": parts(1, product),
        "both": parts(0.9, product),
        "beyond": parts(0.01, 2.1),
    }
