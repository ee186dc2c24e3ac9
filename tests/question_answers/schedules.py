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
