"""Answers to the questions of lesson classify, by other formulas and hand-written loops."""

import numpy as np


def cross_entropy_by_hand(yes, no):
    """The logarithm of the likelihood, a product."""
    return -0.5 * np.log(yes * (1 - no))


def probability_after_a_step(x, lr, label):
    """The step from the loss by differences, and p by tanh."""

    def loss(w, b):
        sign = 1 if label else -1
        return np.log1p(np.exp(-sign * (w * x + b)))

    h = 1e-5
    w = -lr * (loss(h, 0) - loss(-h, 0)) / (2 * h)
    b = -lr * (loss(0, h) - loss(0, -h)) / (2 * h)
    return 0.5 * (1 + np.tanh((w * x + b) / 2))


def curves_of_overfitting(data):
    """Cross-entropy y·z − log(1 + eᶻ) with its sign changed, and its gradient mean((p − y)x)."""
    rng = np.random.default_rng(data)
    x = rng.uniform(-1, 1, 220)
    y = np.where(x + 0.6 * rng.normal(size=220) > 0, 1.0, 0.0)

    def losses(degree):
        w, b, found = np.zeros(degree), 0.0, []
        X = np.vander(x, degree + 1, increasing=True)[:, 1:]
        X = (X - X[:20].mean(axis=0)) / X[:20].std(axis=0)
        for _ in range(301):
            z = X @ w + b
            each = np.log(1 + np.exp(z)) - y * z
            found.append((each[:20].mean(), each[20:].mean()))
            error = (1 / (1 + np.exp(-z)) - y)[:20]
            w, b = w - 0.6 * error @ X[:20] / 20, b - 0.6 * error.mean()
        return np.array(found).T

    training, validation = losses(8)
    return {"training": training, "validation": validation, "simple": losses(1)[0]}


def test_rows_leak(**steps):
    """By the words: a mean of all three sets, the lowest test loss, or another test."""
    signs = ("of all three sets", "lowest test loss", "testing again")
    return {name for name, step in steps.items() if any(sign in step for sign in signs)}
