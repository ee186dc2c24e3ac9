"""Answers to the questions of lesson stochastic, by hand-written loops and balances."""

import numpy as np


def one_pass_by_hand(x1, y1, x2, y2, w, lr):
    """Each update moves w·x a share of 2·lr·x² towards y."""
    for x, y in ((x1, y1), (x2, y2)):
        share = 2 * lr * x * x
        w = (1 - share) * w + share * y / x
    return w


def floor_after_halving(L, lr, floor):
    """The variance of w, iterated until it no longer changes, with the noise that gives `floor`."""

    def settled(lr):
        V = 0.0
        for _ in range(2000):
            V = (1 - lr * L) ** 2 * V + lr**2
        return 0.5 * L * V

    return floor * settled(lr / 2) / settled(lr)


def converges_by_examples(x1, x2, slope, small, large):
    """Two hundred updates, and whether they end near the slope."""

    def ends_near(lr, single):
        w = 0.0
        for t in range(200):
            if single:
                x = (x1, x2)[t % 2]
                w -= lr * 2 * (w * x - slope * x) * x
            else:
                w -= lr * np.mean([2 * (w * x - slope * x) * x for x in (x1, x2)])
        return abs(w - slope) < 0.05 * slope

    return {
        f"{how}_{size}"
        for size, lr in (("small", small), ("large", large))
        for how in ("whole", "single")
        if ends_near(lr, how == "single")
    }


def limit_of_single_examples(x1, x2, x3, slope):
    """Halve the interval in which the mean square after one update stops being smaller."""
    low, high = 0.0, 2.0
    for _ in range(60):
        lr = (low + high) / 2
        after = [(1.0 - lr * 2 * (1.0 * x) * x) ** 2 for x in (x1, x2, x3)]
        low, high = (lr, high) if np.mean(after) < 1 else (low, lr)
    return low


def curves_of_single_examples(data, small, large):
    """The loss above its minimum: for centred x of variance 1 it is (w − w*)² + (b − b*)²."""
    rng = np.random.default_rng(data)
    x = rng.normal(size=24)
    x = (x - x.mean()) / x.std()
    y = 2 * x - 1 + 0.7 * rng.normal(size=24)
    best_w, best_b = np.mean(x * y), np.mean(y)

    def distances(lr, orders=None):
        w = b = 0.0
        losses = [(w - best_w) ** 2 + (b - best_b) ** 2]
        order = []
        for _ in range(240):
            if orders is None:
                rows = np.arange(24)
            else:
                order = order or list(orders.permutation(24))
                rows = [order.pop(0)]
            r = w * x[rows] + b - y[rows]
            w, b = w - lr * np.mean(2 * r * x[rows]), b - lr * np.mean(2 * r)
            losses.append((w - best_w) ** 2 + (b - best_b) ** 2)
        return losses

    return {
        "small": distances(small, np.random.default_rng(data)),
        "large": distances(large, np.random.default_rng(data)),
        "whole": distances(small),
    }
