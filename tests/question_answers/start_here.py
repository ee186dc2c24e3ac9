"""Answers to the questions of lesson start-here, by loops and formulas of their own."""

import numpy as np

from gdlesson.datasets import digits


def second_limit(first):
    """Halve in on the step size at which a ball on a parabola no longer comes closer."""
    L = 1 / first
    low, high = 0.0, 10.0
    for _ in range(60):
        lr = (low + high) / 2
        low, high = (low, lr) if abs(1.0 - lr * L) >= 1 else (lr, high)
    return low


def other_start(L, product, times):
    """Each direction is multiplied by 1 − lr·curvature, whatever the start."""
    factors = np.array([1 - product / L, 1 - product])
    return "falls" if np.all(abs(factors) < 1) else "grows"


def step_sizes_by_loss(L, kappa, **products):
    def loss(product):
        along, across = 10 * (1 - product / kappa) ** 100, (1 - product) ** 100
        return 0.5 * (L / kappa * along**2 + L * across**2)

    return tuple(sorted(products, key=lambda key: loss(products[key])))


def network_step_sizes(weights, **step_sizes):
    """Backpropagation by hand, example by example in the gradient of the scores."""
    data = digits()
    X, labels = data["pixels"][:100] / 16 - 0.5, data["label"][:100]
    curves = {}
    for key, lr in step_sizes.items():
        rng = np.random.default_rng(weights)
        W, b = rng.normal(0, np.sqrt(1 / 64), (64, 16)), np.zeros(16)
        V, c = rng.normal(0, np.sqrt(1 / 16), (16, 10)), np.zeros(10)
        losses = []
        for _ in range(13):
            hidden = np.tanh(X @ W + b)
            scores = hidden @ V + c
            scores -= scores.max(1, keepdims=True)
            p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
            log_sum = np.log(np.exp(scores).sum(1))
            losses.append(np.mean(log_sum - scores[np.arange(100), labels]))
            for row, label in enumerate(labels):
                p[row, label] -= 1
            d_scores = p / 100
            d_hidden = d_scores @ V.T * (1 - hidden**2)
            V, c = V - lr * hidden.T @ d_scores, c - lr * d_scores.sum(0)
            W, b = W - lr * X.T @ d_hidden, b - lr * d_hidden.sum(0)
        curves[key] = losses
    return curves
