"""Answers to the questions of lesson nesterov, by other formulas than the package's."""

from itertools import pairwise

import numpy as np


def nesterov_limit_from_momentum(limit, beta):
    """The step size at which a root of z² − (1 + β)(1 − lr·L)z + β(1 − lr·L) reaches size 1."""
    L = 2 * (1 + beta) / limit
    low, high = 0.0, limit
    for _ in range(50):
        lr = (low + high) / 2
        rest = 1 - lr * L
        grows = abs(np.roots([1, -(1 + beta) * rest, beta * rest])).max() > 1
        low, high = (low, lr) if grows else (lr, high)
    return low


def point_in_our_form(p, b, lr, beta):
    """One step in both forms with one gradient: PyTorch's next point is our next look-ahead."""
    g = 1.7
    v = beta * b + g
    next_p = p - lr * (g + beta * v)
    next_w = next_p + lr * beta * v
    return next_w + lr * v


def steps_across_valleys(small, large, middle):
    """By Polyak's and PyTorch's forms, counted in a loop for each direction."""
    root = large**0.5
    beta = (root - 1) / (root + 1)

    def plain(kappa):
        lr, w, h = 2 / (1 + kappa), np.ones(2), np.array([1, kappa])
        for t in range(2000):
            if np.hypot(*w) <= 1e-3 * 2**0.5:
                return t
            w = (1 - lr * h) * w

    def two_term(lr, beta, ahead):
        w = before = np.ones(2)
        h = np.array([1, large])
        for t in range(2000):
            if np.hypot(*w) <= 1e-3 * 2**0.5:
                return t
            look = w + beta * (w - before)
            w, before = look - lr * h * (look if ahead else w), w

    counts = {
        "small": plain(small),
        "middle": plain(middle),
        "heavy": two_term(4 / (1 + root) ** 2, beta**2, False),
        "nesterov": two_term(1 / large, beta, True),
    }
    ordered = sorted(counts, key=counts.get)
    for one, other in pairwise(ordered):  # no two of them are close
        assert counts[other] > 1.3 * counts[one]
    return tuple(ordered)


def same_path_as_momentum(L, slope, steps, beta):
    """By the gradients that the two methods meet, in Polyak's form."""

    def end(grad, count, beta, ahead):
        w = before = 1.0
        for _ in range(count):
            look = w + beta * (w - before)
            w, before = look - 0.1 * grad(look if ahead else w), w
        return w

    cases = {
        "first": (lambda w: L * w, 1, beta),
        "several": (lambda w: L * w, steps, beta),
        "line": (lambda w: slope, 10, beta),
        "memoryless": (lambda w: L * w, 10, 0),
    }
    return {
        key
        for key, case in cases.items()
        if np.isclose(end(*case, False), end(*case, True), rtol=1e-9, atol=1e-12)
    }
