"""Descent by mini-batches of every size, each at many learning rates and in ten random orders."""

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import datasets
from ..datasets import standardise
from ..problems import LinearRegression
from .penguin_line import FLIPPER, MASS

ALL = "all"  # the batch size that stands for all examples
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, ALL)
SEEDS = 10  # random orders, those of default_rng(0) to default_rng(9)
EPOCHS = 5
NUMBER = {"penguins": 256, "digits": 512}  # of examples: all SIZES divide it, none is left over
# Each is about a quarter larger than the one before, from 0.0005 to 2.
RATES = np.array(
    [round(m * 10.0**k, 6) for k in range(-4, 1) for m in (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8)]
)
RATES = RATES[(RATES >= 5e-4) & (RATES <= 2)]


class Data:
    """A linear regression, its lowest loss, and how far above it a loss is. The start is 0."""

    def __init__(self, problem):
        self.problem, self.n = problem, len(problem.y)
        self.best = np.linalg.lstsq(problem.A, problem.y, rcond=None)[0]
        self.hessian = 2 / self.n * problem.A.T @ problem.A
        self.limit = 2 / problem.curvatures()[-1]  # of the learning rate of batch descent

    def above(self, w):
        """The loss minus the lowest loss, (..., d) → (...)."""
        away = w - self.best
        return 0.5 * ((away @ self.hessian) * away).sum(axis=-1)

    def number(self, size):
        """The number of examples in a batch of this size."""
        return self.n if size == ALL else size


@lru_cache(maxsize=2)
def data(name):
    """The `Data` "penguins", mass over flipper length, or "digits", whether an image is a three.

    The examples are drawn at random, so many that every batch size divides their number. A smaller
    last batch would make a noisier step and blur the comparison of batch sizes.
    """
    if name == "penguins":
        rows = _drawn(len(MASS), NUMBER[name])
        return Data(LinearRegression(standardise(FLIPPER[rows])[0], standardise(MASS[rows])[0]))
    table = datasets.digits()
    rows = _drawn(len(table["label"]), NUMBER[name])
    pixels = table["pixels"][rows] / 16
    return Data(LinearRegression(pixels - pixels.mean(axis=0), table["label"][rows] == 3))


def _drawn(total, number):
    return np.random.default_rng(0).permutation(total)[:number]


@dataclass(frozen=True)
class Runs:
    """Descents along the same batches, one for each random order and learning rate.

    seen, updates: (points,), examples seen and updates made, the start first. above: (points,
    seeds, rates), the loss above the lowest. With `tuned`, `best` is the index of the learning
    rate whose loss at the end has the lowest mean over the orders.
    """

    seen: np.ndarray
    updates: np.ndarray
    above: np.ndarray

    @property
    def mean(self):
        """The mean loss above the lowest at the end, for each rate, (rates,)."""
        return self.above[-1].mean(axis=0)

    @property
    def best(self):
        return int(self.mean.argmin())


@np.errstate(over="ignore", invalid="ignore")
def descend_all(about, batches):
    """The `Runs` of all `RATES` along batches: pairs of rows A (seeds, B, d) and y (seeds, B)."""
    w, seen, updates, records = None, 0, 0, []
    for A, y in batches:
        if w is None:
            w = np.zeros((len(A), len(RATES), A.shape[2]))
            records.append((0, 0, about.above(w)))
        error = w @ A.swapaxes(1, 2) - y[:, None]
        w = w - RATES[:, None] * (2 / A.shape[1]) * (error @ A)
        before, seen, updates = seen, seen + A.shape[1], updates + 1
        if seen * 16 // about.n > before * 16 // about.n:  # sixteen points an epoch are enough
            records.append((seen, updates, about.above(w)))
    if records[-1][1] < updates:
        records.append((seen, updates, about.above(w)))
    seen, updates, above = (np.array(each) for each in zip(*records, strict=True))
    # A diverged run is far above every loss in the picture, but no infinite number.
    return Runs(seen, updates, np.clip(np.nan_to_num(above, nan=np.inf), 0, 1e99))


@lru_cache(maxsize=2 * len(SIZES))
def tuned(name, size):
    """The `Runs` of this batch size on the data of this name: all rates, ten orders, five epochs.

    The batches are those of `problem.batches(size, seed)`.
    """
    about = data(name)
    return descend_all(about, _batches(about, about.number(size)))


def _batches(about, size):
    rngs = [np.random.default_rng(seed) for seed in range(SEEDS)]
    A, y = about.problem.A, about.problem.y
    for _ in range(EPOCHS):
        orders = np.stack([rng.permutation(about.n) for rng in rngs])
        if size == about.n:  # in whatever order: the same sum, and the same digits
            orders = np.sort(orders)
        for i in range(0, about.n, size):
            rows = orders[:, i : i + size]
            yield A[rows], y[rows]


@lru_cache(maxsize=2 * len(SIZES))
def cost(name, size):
    """Seconds that one update takes with NumPy on this machine: the median of 7 measurements.

    The rows are picked from the data, as those of a mini-batch are.
    """
    about = data(name)
    A, y, size = about.problem.A, about.problem.y, about.number(size)
    order, w, times = np.random.default_rng(0).permutation(about.n), np.zeros(A.shape[1]), []
    for _ in range(7):
        before = time.perf_counter()
        for turn in range(40):
            rows = order[turn : turn + size] if size < about.n else order
            a = A[rows]
            w = w - 1e-3 * (2 / size) * ((a @ w - y[rows]) @ a)
        times.append((time.perf_counter() - before) / 40)
    return float(np.median(times))


def milliseconds(name, size, updates):
    """How long so many updates of this batch size take on this machine, in ms."""
    return 1e3 * cost(name, size) * updates
