"""Answers to the test of twelve, by other formulas than the package's."""

import numpy as np


def test_01_direction(w, slope):
    return min(("larger", w + 0.01), ("smaller", w - 0.01), key=lambda way: slope * way[1])[0]


def test_02_length(steep, flat):
    return (0.3 * steep) / (0.3 * flat)


def test_03_three_curves(L):
    products = {"small": 0.02, "good": 0.8, "large": 2.06}
    return {key: [0.5 * L * (1 - p) ** (2 * t) for t in range(26)] for key, p in products.items()}


def test_04_doubled(left):
    start, end = 10.0, 10.0 * left
    return abs(start - 2 * (start - end)) / start


def test_05_valley(ratio, x, y):
    def f(x, y):
        return (x**2 + ratio * y**2) / 2

    h = 1e-4
    return (f(x, y + h) - f(x, y - h)) / (f(x + h, y) - f(x - h, y))


def test_06_when_to_stop(seed, best, late):
    """The same descent, step by step with NumPy alone."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=20) * (np.arange(20) < 4)
    X = np.c_[rng.normal(size=(72, 20)), np.ones(72)]
    y = X[:, :20] @ truth + 1.5 * rng.normal(size=72)
    w, apart = np.zeros(21), []
    for _ in range(121):
        apart.append(np.mean((X[12:] @ w - y[12:]) ** 2))
        w = w - 0.05 * 2 / 12 * X[:12].T @ (X[:12] @ w - y[:12])
    losses = {"first": apart[0], "best": apart[best], "late": apart[late]}
    return min(losses, key=losses.get)


def test_07_noise_floor(level, share):
    """The variance of w ← (1 − lr)·w + lr·noise, summed until it no longer changes."""

    def variance(lr):
        v = 0.0
        for _ in range(40_000):
            v = (1 - lr) ** 2 * v + lr**2
        return v

    return level * share if abs(variance(1e-3 * share) / variance(1e-3) - share) < 1e-3 else None


def test_08_batch_noise(small, times, spread):
    return spread / times**0.5


def test_09_zero_gradient(up, down):
    around = [up * x**2 - down * y**2 for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
    return "minimum" if min(around) > 0 else "maximum" if max(around) < 0 else "saddle"


def test_10_momentum_speed(beta):
    return sum(beta**k for k in range(2000))


def test_11_adam_scale(scale):
    def step(g):
        return 0.1 * (0.1 * g / (1 - 0.9)) / ((0.001 * g**2 / (1 - 0.999)) ** 0.5)

    return step(scale) / step(1)


def test_12_sampling(rows, first, second):
    rng = np.random.default_rng(0)
    a, b = (rng.binomial(rows, k / rows, 4000) for k in (first, second))
    return "chance" if np.mean(a <= b) > 0.025 else "better"
