"""Answers to the questions of lesson momentum, by other formulas than the package's."""

import numpy as np


def coasting_distance(v, lr, beta):
    """The sum of the geometric series."""
    return lr * beta * v / (1 - beta)


def worth_of_a_momentum_step(mu, L):
    """From the roots of z² − (1 + β − lr·λ)z + β, at the best step size and β."""
    lr = 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2
    beta = (1 - np.sqrt(lr * mu)) ** 2
    heavy = max(abs(np.roots([1, -(1 + beta - lr * h), beta])).max() for h in (mu, L))
    plain = max(abs(1 - 2 / (mu + L) * h) for h in (mu, L))
    return np.log(heavy) / np.log(plain)


def momentum_converges(L, runs):
    """From the roots of z² − (1 + β − lr·λ)z + β, for curvatures up to L."""
    return {
        key
        for key, (product, beta) in runs.items()
        if all(
            abs(np.roots([1, -(1 + beta - share * product), beta])).max() < 1
            for share in (0.01, 0.1, 0.5, 1)
        )
    }


def noise_with_momentum(lr, beta, noise_seed):
    """In Polyak's form, w ← w − lr·g + β(w − w₋), with the same noise."""
    curves = {}
    for key, (step, memory) in {
        "large": (lr, beta),
        "medium": (lr * (1 - beta), beta),
        "small": (lr * (1 - beta), 0),
    }.items():
        noise = np.random.default_rng(noise_seed).normal(size=(400, 200))
        w = before = np.full(200, 3.0)
        losses = [4.5]
        for each in noise:
            w, before = w - step * (w + each) + memory * (w - before), w
            losses.append(np.mean(w**2) / 2)
        curves[key] = losses
    return curves
