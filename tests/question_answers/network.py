"""Answers to the questions of lesson network: differences of the loss, and hand-written loops."""

import csv
import functools
import math
import pathlib

import numpy as np

DATA = pathlib.Path(__file__).parent.parent.parent / "gdlesson" / "data" / "digits600.csv"


def softmax_slope(a, b, c):
    """A central difference of −log softmax."""

    def loss(change):
        z = math.log(b) + change
        return math.log(a + c + math.exp(z)) - z

    return (loss(1e-5) - loss(-1e-5)) / 2e-5


def through_tanh(x, h, u, v, d):
    """A central difference of a loss whose gradient with respect to the scores is (d, −d)."""
    w = math.atanh(h) / x

    def loss(change):
        out = math.tanh((w + change) * x)
        return d * u * out - d * v * out

    return (loss(1e-6) - loss(-1e-6)) / 2e-6


def zero_layer(first, bias, second, hidden):
    """W₂ learns where h ≠ 0, W₁ and b₁ where W₂ ≠ 0, and b₂ always."""
    learning = {"b2"}
    if first == "random" or bias != "0":
        learning.add("W2")
    if second == "random":
        learning |= {"W1", "b1"}
    return learning


@functools.cache
def _rows(part):
    with DATA.open(encoding="utf-8") as file:
        lines = [[float(x) for x in line] for line in csv.reader(file) if line[0].isdigit()]
    table = np.array(lines)[60 * part : 60 * part + 60]
    return table[:, :64] / 16, np.eye(10)[table[:, 64].astype(int)]


def network_curves(lr, part, seed):
    X, T = _rows(part)
    rng = np.random.default_rng(seed)
    random = rng.normal(0, 1 / 8, (64, 8)), rng.normal(0, 1 / math.sqrt(8), (8, 10))

    def run(lr, W1, W2):
        b1, b2, losses = np.zeros(8), np.zeros(10), []
        for _ in range(17):
            h = np.tanh(X @ W1 + b1)
            z = h @ W2 + b2
            log_p = z - z.max(1, keepdims=True)
            log_p -= np.log(np.exp(log_p).sum(1, keepdims=True))
            losses.append(-(T * log_p).sum() / 60)
            dz = (np.exp(log_p) - T) / 60
            da = dz @ W2.T * (1 - h**2)
            W1, b1 = W1 - lr * (X.T @ da), b1 - lr * da.sum(0)
            W2, b2 = W2 - lr * (h.T @ dz), b2 - lr * dz.sum(0)
        return losses

    return {
        "good": run(lr, *random),
        "small": run(lr / 5, *random),
        "large": run(lr * 6, *random),
        "zero": run(lr, np.zeros((64, 8)), np.zeros((8, 10))),
    }
