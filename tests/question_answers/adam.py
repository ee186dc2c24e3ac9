"""Answers to the questions of lesson adam, by closed forms and hand-written loops."""

import math


def second_step(beta1, g):
    """|m̂|/√v̂ with m̂ = (β₁ − 1)g/(1 + β₁) and v̂ = g²."""
    return (1 - beta1) / (1 + beta1)


def adamw_first_step(w, g, lr, decay):
    return lr * (1 + decay * w)


def adam_curves(start, lr):
    def adam(lr):
        w, m, v, losses = start, 0.0, 0.0, [start**2 / 2]
        for t in range(1, 41):
            m, v = 0.9 * m + 0.1 * w, 0.999 * v + 0.001 * w * w
            w -= lr * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
            losses.append(w**2 / 2)
        return losses

    w, s, adagrad = start, 0.0, [start**2 / 2]
    for _ in range(40):
        s += w * w
        w -= lr * w / math.sqrt(s)
        adagrad.append(w**2 / 2)
    return {
        "descent": [0.5 * (start * 0.9**t) ** 2 for t in range(41)],
        "adam": adam(lr),
        "slow": adam(lr / 10),
        "adagrad": adagrad,
    }


def rare_gradients(**patterns):
    """The sum has the sign of the large gradient where that exceeds the number of small ones."""
    return {key for key, (_, large, n) in patterns.items() if large > n}
