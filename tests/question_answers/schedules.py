"""Answers to the questions of lesson schedules, by sums, turns and hand-written loops."""

import math

import numpy as np


def where_it_freezes(start, lr, drop, every):
    """The start less the sum of a geometric series."""
    return start - every * lr / (1 - drop)


def order_of_step_sizes(T, t, tau, drop, every):
    """cos² of half the angle for the cosine; one drop after another for step decay."""
    step = 1.0
    for update in range(1, t + 1):
        if update % every == 0:
            step *= drop
    values = {
        "cosine": math.cos(math.pi * t / (2 * T)) ** 2,
        "inverse": tau / (tau + t),
        "step": step,
    }
    return tuple(sorted(values, key=lambda name: -values[name]))


def which_schedule(lr, noise):
    """The runs as one recursion w ← w − lr·(w + noise) each."""
    step_sizes = {
        "long": [lr] * 400,
        "short": [0.02] * 400,
        "cosine": [lr / 2 * (1 + math.cos(math.pi * t / 400)) for t in range(400)],
        "frozen": [lr / 2 ** (t // 3) for t in range(400)],
    }
    losses = {}
    for name, sizes in step_sizes.items():
        rng = np.random.default_rng(noise)
        w = np.full(60, 5.0)
        losses[name] = [np.mean(w**2) / 2]
        for step in sizes:
            w = (1 - step) * w - step * rng.normal(size=60)
            losses[name].append(np.mean(w**2) / 2)
    return losses


def robbins_monro(**powers):
    """Partial sums up to 2ᵏ: doubling t adds ever less to a sum that is finite, and else not."""

    def grows(p):
        blocks = [np.sum(np.arange(2.0**k, 2.0 ** (k + 1)) ** -p) for k in (8, 12)]
        return blocks[1] > 0.9 * blocks[0]

    return {name for name, p in powers.items() if grows(p) and not grows(2 * p)}


def rate_in_a_test(low, high, steps, lowest):
    """One multiplication after another, then a tenth."""
    factor = math.exp((math.log(high) - math.log(low)) / steps)
    lr = low
    for _ in range(lowest):
        lr *= factor
    return lr / 10


def accepted_step_size(L, w, lr, shrink, c):
    """The losses themselves, tried one after another."""
    while 0.5 * L * (w - lr * L * w) ** 2 > 0.5 * L * w**2 - c * lr * (L * w) ** 2 + 1e-12:
        lr = lr * shrink
    return lr


def eight_curves(small, near, above, far, rows):
    """The slopes of the mean of the squares, and of single squares, by hand."""
    rng = np.random.default_rng(rows)
    x = rng.normal(size=20)
    x = math.sqrt(2) * (x - x.mean()) / x.std()
    y = x + np.repeat([2.0, 0.0], 10) + 0.3 * rng.normal(size=20)
    slope, height = np.sum(x * y) / np.sum(x * x), y.mean()
    rng = np.random.default_rng(rows)
    shuffled = [i for _ in range(3) for i in rng.permutation(20)]
    everything = [slice(None)] * 60
    halved = [0.125 * 0.5 ** (t // 2) for t in range(60)]
    runs = {
        "small": ([small / 4] * 60, everything),
        "good": ([0.05] * 60, everything),
        "near": ([near / 4] * 60, everything),
        "above": ([above / 4] * 60, everything),
        "far": ([far / 4] * 60, everything),
        "frozen": (halved, everything),
        "shuffled": ([0.05] * 60, shuffled),
        "ordered": ([0.05] * 60, [*range(20)] * 3),
    }
    losses = {}
    for name, (sizes, seen) in runs.items():
        w, b = slope + 0.5, height + 3.0
        losses[name] = [2 * (w - slope) ** 2 + (b - height) ** 2]
        for lr, rows_seen in zip(sizes, seen, strict=True):
            r = w * x[rows_seen] + b - y[rows_seen]
            w, b = w - lr * np.mean(2 * r * x[rows_seen]), b - lr * np.mean(2 * r)
            losses[name].append(2 * (w - slope) ** 2 + (b - height) ** 2)
    return losses
