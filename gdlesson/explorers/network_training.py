"""A training of lesson 16's network, epoch by epoch. May import: the core."""

from functools import lru_cache

import numpy as np

from ..benchmark import course
from ..descent import descend
from ..optimizers import GradientDescent
from ..schedules import cosine_decay

EPOCHS = 20
AT_ONCE = 2  # epochs that are trained before the picture is shown
WARM_UP = 2  # epochs in which the learning rate rises
LIMIT = 1.0  # of the norm of a gradient, where it is clipped
BATCHES = (8, 32, 128, 400)
STARTS = {"random": 1, "all 0": 0, "10 times larger": 10}  # times the usual random weights
MARKS = 10  # losses recorded in an epoch of more updates


class Clipped:
    """A problem whose gradient is shortened to a norm of at most `limit`."""

    def __init__(self, problem, limit):
        self.f, self.problem, self.limit = problem.f, problem, limit

    def grad(self, w):
        g = self.problem.grad(w)
        norm = np.linalg.norm(g)
        return g * (self.limit / norm) if norm > self.limit else g


class Training:
    """The network of 64, 32 and 10 units on 400 digits, trained by `advance`, an epoch at a time.

    epoch: the epochs done. w: the weights after each of them, (2410,) each. at, loss and
    validation: the times, in epochs, at which the losses on 400 training and 100 validation digits
    were computed, and these losses. clipped: the updates whose gradient was shortened.
    """

    def __init__(self, lr, batch, schedule, clip, start, seed=0):
        self.problems = course("digits")
        train = self.problems.train
        self.lr, self.updates = lr, -(-len(train.y) // batch)
        batches = iter(lambda: train, None) if batch == 400 else train.batches(batch, seed)
        self.clip = clip
        self.batches = (Clipped(each, LIMIT) for each in batches) if clip else batches
        self.schedule = warm_cosine(self.updates) if schedule else None
        first = STARTS[start] * self.problems.start(seed)
        self.w, self.at, self.clipped = [first], np.zeros(1), 0
        self.loss, self.validation = (p.f(first)[None] for p in self._measured())

    @property
    def epoch(self):
        return len(self.w) - 1

    @property
    def begun(self):
        return self.epoch >= AT_ONCE

    @property
    def done(self):
        return self.epoch >= EPOCHS

    def _measured(self):
        return self.problems.train, self.problems.tune

    def advance(self):
        """Train for one epoch."""
        done = self.epoch * self.updates
        schedule = self.schedule and (lambda t: self.schedule(t + done))
        path = descend(
            self.problems.train, GradientDescent(self.lr), self.w[-1], self.updates,
            self.batches, schedule,
        )  # fmt: skip
        marks = np.unique(np.linspace(0, self.updates, MARKS + 1).round().astype(int))[1:]
        self.at = np.append(self.at, self.epoch + marks / self.updates)
        with np.errstate(all="ignore"):  # a training may diverge
            losses = [p.f(path.w[marks]) for p in self._measured()]
            norms = np.linalg.norm(path.g, axis=-1)
        self.clipped += int(self.clip and (norms > LIMIT * (1 - 1e-9)).sum())
        self.loss = np.append(self.loss, losses[0])
        self.validation = np.append(self.validation, losses[1])
        self.w.append(path.last.copy())  # `last` alone would hold the whole path

    def read(self, epoch):
        """How many of the training and of the validation digits are read after an epoch."""
        return [int((p.predict(self.w[epoch]) == p.y).sum()) for p in self._measured()]


def warm_cosine(updates):
    """Factors of the learning rate: rising over `WARM_UP` epochs, then falling like a cosine."""
    warm, last = WARM_UP * updates, EPOCHS * updates

    def factor(t):
        return (t + 1) / warm if t < warm else cosine_decay(1.0, t - warm, last - warm)

    return factor


@lru_cache(maxsize=64)
def training_of(lr, batch, schedule, clip, start):
    """The training with these settings, as far as it has come."""
    return Training(lr, batch, schedule, clip, start)
