"""Descent by mini-batches on the line through the penguins: its epochs, its time and its noise."""

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .penguin_line import FLIPPER, MASS, N, X, Y, above_minimum

SORTED = np.argsort(X, kind="stable")
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, N)
EPOCHS = 5  # as many examples, or the time of as many epochs by single examples
UPDATES = 60


def updates_an_epoch(size):
    """The number of batches of this size in an epoch; the last may be smaller."""
    return -(-N // size)


def examples_after(size, updates):
    """The number of examples that so many updates with batches of this size use."""
    epochs, more = divmod(updates, updates_an_epoch(size))
    return epochs * N + more * size


def budget(axis):
    """What all descents have the same amount of: updates, examples, or time in milliseconds."""
    if axis == "seconds":
        return 1e3 * EPOCHS * N * cost(1)
    return UPDATES if axis == "updates" else EPOCHS * N


def places(axis, size):
    """Where on the axis of this budget each update ends, the start first: (updates + 1,)."""
    if axis == "updates":
        return np.arange(UPDATES + 1.0)
    if axis == "seconds":
        most = min(EPOCHS * N, int(EPOCHS * N * cost(1) / cost(size) + 1e-9))
        return 1e3 * cost(size) * np.arange(most + 1)
    updates = EPOCHS * updates_an_epoch(size)
    return np.array([examples_after(size, i) for i in range(updates + 1)], float)


@lru_cache(maxsize=len(SIZES))
def cost(size):
    """Seconds that one update with this many rows takes with NumPy: the median of 9 measurements.

    The rows are picked from the data, as a mini-batch is.
    """
    order, w, b, times = np.random.default_rng(0).permutation(N), 0.0, 0.0, []
    for _ in range(9):
        before = time.perf_counter()
        for turn in range(60):
            rows = order[turn : turn + size] if size < N else order
            x, y = X[rows], Y[rows]
            r = w * x + b - y
            w, b = w - 0.05 * 2 * (r @ x) / size, b - 0.05 * 2 * r.sum() / size
        times.append((time.perf_counter() - before) / 60)
    return float(np.median(times))


@lru_cache(maxsize=64)
def moments(size, seed, in_order, updates):
    """The means of x², x, xy and y over the batch of each update, (updates, 4).

    The batches are those of `LINE.batches(size, seed)`; in_order: they come by flipper length,
    the same in every epoch. The gradient of a line's loss needs nothing else, so an update along
    these means takes the same time for 1 row and for 333.
    """
    epochs = -(-updates // updates_an_epoch(size))
    if size == N:  # in whatever order
        return np.tile(means(X, Y, [0]), (updates, 1))
    if in_order:
        rows = np.tile(SORTED, epochs)
    else:
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.permutation(N) for _ in range(max(1, epochs))])
    starts = (N * np.arange(epochs)[:, None] + np.arange(0, N, size)).ravel()
    return means(X[rows], Y[rows], starts)[:updates]


def means(x, y, starts):
    """The means of x², x, xy and y over the parts that begin at `starts`: (parts, 4)."""
    counts = np.diff([*starts, len(x)])
    sums = [np.add.reduceat(each, starts) for each in (x * x, x, x * y, y)]
    return np.stack(sums, axis=1) / counts[:, None]


def descend_by_moments(parts, lr, w, b):
    """The path (updates + 1, 2) of descent along the gradients of these `moments`."""
    path = [(w, b)]
    for xx, x, xy, y in parts.tolist():
        w, b = w - lr * 2 * (xx * w + x * b - xy), b - lr * 2 * (x * w + b - y)
        path.append((w, b))
    return np.array(path)


@dataclass(frozen=True)
class Run:
    """A descent with batches of one size, and how it is played.

    at: (updates + 1,), the place of each update on the axis. w: (updates + 1, 2), the path. above:
    (updates + 1,), the loss above its minimum. done: (frames + 1,), the number of updates made
    after each frame.
    """

    size: int
    at: np.ndarray
    w: np.ndarray
    above: np.ndarray
    done: np.ndarray

    @property
    def heights(self):
        """The loss above its minimum after each frame, (frames + 1,), with inf for nan."""
        return np.nan_to_num(self.above[self.done], nan=np.inf)


def run(size, axis, frames, seed, in_order, lr, start):
    """The `Run` of batches of this size from (w, b), with the budget of an axis: see `moments`."""
    at = places(axis, size)
    w = descend_by_moments(moments(size, seed, in_order, len(at) - 1), lr, *start)
    times = budget(axis) * np.linspace(0, 1, frames + 1)
    done = np.searchsorted(at, times * (1 + 1e-12), "right") - 1
    return Run(size, at, w, above_minimum(w), done)


def framed(done):
    """The updates that each frame draws, (frames, most in a frame), the last one repeated.

    done: (frames,), the number of updates made after each frame.
    """
    most = max(1, int(np.diff(done).max()))
    before = np.concatenate([[0], done[:-1]])
    return np.minimum(before[:, None] + 1 + np.arange(most), done[:, None])


def in_grams(path):
    """Lines (w, b) by their two ends in mm and g: (n, 2) → (n, 2, 2)."""
    ends = np.array([168.0, 235.0])
    z = (ends - FLIPPER.mean()) / FLIPPER.std()
    with np.errstate(over="ignore", invalid="ignore"):
        heights = MASS.mean() + MASS.std() * (path[:, :1] * z + path[:, 1:])
        heights = np.clip(np.nan_to_num(heights, nan=1e5), -1e5, 1e5)
    return np.stack([np.broadcast_to(ends, heights.shape), heights], axis=-1)


def spread(size, start):
    """Standard deviations of the slope in w over single rows and over batches: σ, σ/√B·√(1 − B/n).

    The batches are drawn at random without replacement. start: (w, b), where the slopes are taken.
    """
    slopes = 2 * (start[0] * X + start[1] - Y) * X
    sigma = float(slopes.std(ddof=1))
    return sigma, sigma / size**0.5 * (1 - size / N) ** 0.5
