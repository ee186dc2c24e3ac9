"""Answers to the questions of lesson mini-batch, by counting and by hand-written loops."""

import numpy as np


def time_of_an_epoch(n, size, fixed, per_row):
    """Batch after batch, as a clock would measure it."""
    microseconds, remaining = 0.0, n
    while remaining > 0:
        rows = min(size, remaining)
        microseconds += fixed + per_row * rows
        remaining -= rows
    return microseconds / 1e3


def where_scaling_ends(size, lr, L):
    """The batch size at which a step with the exact gradient no longer shrinks the distance."""
    low, high = 0.0, 1e6
    for _ in range(80):
        rows = (low + high) / 2
        low, high = (low, rows) if abs(1 - lr * rows / size * L) >= 1 else (rows, high)
    return low


def order_of_noise(most, most_of, small, few, again):
    """The variance of a mean, summed over all pairs of rows by how often a pair is drawn."""

    def variance(B, n, replaced):
        if replaced:
            alone, pair = B / n + B * (B - 1) / n**2, B * (B - 1) / n**2
        else:
            alone, pair = B / n, B * (B - 1) / (n * (n - 1))
        y = np.random.default_rng(n).normal(size=n)
        y = (y - y.mean()) / y.std(ddof=0 if replaced else 1)
        squares, products = np.sum(y**2), np.sum(y) ** 2 - np.sum(y**2)
        return (alone * squares + pair * products) / B**2

    variances = {
        "most": variance(most, most_of, False),
        "small": variance(small, 10_000, False),
        "few": variance(few, 10_000, True),
        "again": variance(again, again, True),
    }
    return tuple(sorted(variances, key=variances.get))


def not_shuffled(data, size):
    """The run that moves within an epoch, and through the same losses as in the epoch before."""
    rng = np.random.default_rng(data)
    x = np.sort(rng.uniform(-1.7, 1.7, 60))
    x = (x - x.mean()) / x.std()
    y = x + 0.5 * x**2 + 0.2 * rng.normal(size=60)
    slope, height = np.polyfit(x, y, 1)
    updates = 60 // size

    def losses(lr, rows, orders):
        w, b, values = -1.0, 2.0, []
        order = []
        for _ in range(6 * updates):
            order = order or list(orders())
            now, order = order[:rows], order[rows:]
            r = w * x[now] + b - y[now]
            w, b = w - lr * np.mean(2 * r * x[now]), b - lr * np.mean(2 * r)
            values.append((w - slope) ** 2 + (b - height) ** 2)  # the loss above its minimum
        return np.array(values)

    def shuffled():
        generator = np.random.default_rng(data)
        return lambda: generator.permutation(60)

    runs = {
        "sorted": losses(0.1, size, lambda: range(60)),
        "single": losses(0.1, 1, shuffled()),
        "short": losses(0.005, size, shuffled()),
        "whole": losses(0.02, 60, lambda: range(60)),
    }
    repeats = []
    for name, values in runs.items():
        before, last = np.log10(values[-2 * updates : -updates]), np.log10(values[-updates:])
        turns = np.diff(np.sign(np.diff(last))) != 0  # a smooth fall has none
        if turns.any() and np.std(last - before) < 0.2 * np.std(last):
            repeats.append(name)
    (found,) = repeats
    return found
