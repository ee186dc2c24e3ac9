"""Answers to the questions of lesson adaptive, by other formulas than the package's."""

import math


def rare_feature_step_size(steps, every, often, rarely):
    return math.sqrt(every) * often / rarely


def unit_of_a_feature(small, large, factor):
    """By the mean squared error of three examples, and its derivative as a difference."""
    change = {}
    for scale in (1, factor):
        xs, ys = [scale, 2 * scale, -3 * scale], [1.0, 5.0, 2.0]

        def loss(w, xs=xs, ys=ys):
            return sum((w * x - y) ** 2 for x, y in zip(xs, ys, strict=True)) / 3

        g = (loss(1e-6) - loss(-1e-6)) / 2e-6
        change[scale] = abs(0.3 * g / math.sqrt(g**2) * xs[0])
    return change[factor] / change[1]


def step_sizes_of_four_weights(curvatures, start):
    """By numerical derivatives of ½ Σ λᵢwᵢ² at the start, smallest first."""

    def f(w):
        return sum(c * x**2 for c, x in zip(curvatures, w, strict=True)) / 2

    slopes = {}
    for i, name in enumerate(["w₁", "w₂", "w₃", "w₄"]):
        up, down = list(start), list(start)
        up[i], down[i] = start[i] + 1e-4, start[i] - 1e-4
        slopes[name] = abs(f(up) - f(down)) / 2e-4
    return tuple(sorted(slopes, key=slopes.get))


def loss_with_a_corner(c, lr):
    """By the lengths of the steps, which do not depend on where the ball is."""
    lengths = {
        "plain": [c * lr] * 200,
        "adagrad": [lr / math.sqrt(t) for t in range(1, 201)],
        "rmsprop": [lr / math.sqrt(1 - 0.9**t) for t in range(1, 201)],
        "small": [lr / 5 / math.sqrt(1 - 0.9**t) for t in range(1, 201)],
    }
    curves = {}
    for key, steps in lengths.items():
        points = [1 + (k * 0.6180339887) % 1 for k in range(1, 101)]
        losses = [c * sum(map(abs, points)) / 100]
        for length in steps:
            points = [w - math.copysign(length, w) for w in points]
            losses.append(c * sum(map(abs, points)) / 100)
        curves[key] = losses
    return curves
