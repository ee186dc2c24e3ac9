"""Answers to the questions of lesson clinic, by closed forms and hand-written loops."""

import numpy as np


def faults_from_curves(data, every, slow):
    """In the axes of w and b, x standardised, the loss above its minimum is the squared distance.

    Descent on all rows multiplies the distance by 1 − 2·lr.
    """
    rng = np.random.default_rng(data)
    x = rng.standard_normal(40)
    x = (x - x.mean()) / x.std()
    y = 2 * x + 1 + 0.5 * rng.standard_normal(40)
    best = np.array([(x * y).mean(), y.mean()])

    def whole(rates):
        left = np.cumprod([1.0, *(1 - 2 * lr for lr in rates)])
        return best @ best * left**2

    rng, w, order, noisy = np.random.default_rng(data), np.zeros(2), [], [best @ best]
    for _ in range(60):
        order = order or list(rng.permutation(40))
        i = order.pop(0)
        r = w[0] * x[i] + w[1] - y[i]
        w = w - 0.05 * 2 * r * np.array([x[i], 1])
        noisy.append((w - best) @ (w - best))
    return {
        "diverging": whole([1.01] * 60),
        "slow": whole([slow] * 60),
        "frozen": whole([0.05 * 0.5 ** (t // every) for t in range(60)]),
        "noisy": noisy,
    }


def epochs_for_updates(beta1, beta2):
    return (1 - beta2) ** 0.5 / (1 - beta1)


def fault_from_values(n, L, lr, w0, w1, w2):
    """Both faults make w grow; only a step that is too long changes its sign."""
    return "sum" if w0 * w1 < 0 else "sign"


def order_of_faults(L, lr):
    factors = {"right": 1 - lr * L, "half": 1 - lr * L / 2, "twice": 1 - 2 * lr * L}
    return [*sorted(factors, key=lambda key: abs(factors[key])), "uphill"]
