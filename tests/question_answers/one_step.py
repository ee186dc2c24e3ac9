"""Answers to the questions of lesson one-step, by differences, logarithms and counter-examples."""

import math


def step_on_two_examples(x1, y1, x2, y2, w, lr):
    def loss(w):
        return ((w * x1 - y1) ** 2 + (w * x2 - y2) ** 2) / 2

    return w - lr * (loss(w + 1) - loss(w - 1)) / 2  # exact for a parabola


def straight_on_log_axis(begin, gap, first, ratio):
    """The straight line through the logarithms of the two losses."""
    slope = (math.log(first * ratio) - math.log(first)) / gap
    return math.exp(math.log(first) + slope * 3 * gap)


def small_slope_proves(w, tol, lr):
    """The sentence that holds for a plateau, a lifted plateau, a top and a minimum alike."""
    slope = 0.9 * tol
    cases = [  # distance to the nearest minimum, loss above the minimum
        (1000.0, 1.0),  # a wide plateau
        (math.inf, math.inf),  # −w² has a top and no minimum
        (slope / 2, slope**2 / 4),  # w², whose slope is 2w
    ]
    sentences = {
        "step": all(lr * slope < lr * tol for _ in cases),
        "near": all(distance < tol for distance, _ in cases),
        "loss": all(above < tol for _, above in cases),
        "lowest": all(math.isfinite(distance) and distance < 10 for distance, _ in cases),
    }
    (true,) = [key for key, holds in sentences.items() if holds]
    return true


def runs_on_a_plateau(near, away, lr, part):
    def run(w, lr):
        losses = []
        for _ in range(61):
            losses.append(1 / (1 + w**-2))
            if losses[-1] < 0.01:
                break
            w -= lr * 2 * w / (1 + w**2) ** 2
        return losses

    return {
        "plain": run(near, lr),
        "short": run(near, lr / part),
        "far": run(away, lr),
        "uphill": run(near, -lr),
    }
