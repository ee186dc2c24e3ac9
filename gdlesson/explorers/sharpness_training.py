"""Trainings of lesson 18 with the largest curvature along them. May import: the core."""

from functools import cache, lru_cache

import numpy as np

from .. import datasets
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import Network

SIZES = (64, 32, 32, 10)
STEPS, PIECE, EVERY = 2000, 20, 40  # steps in all, in a piece of work, and between two curvatures
WARM_UP = 500  # steps in which the step size rises
FIRST, MORE = 60, 12  # power iterations at the start, and later, from the direction found before
APART = 1e-4  # between the two gradients whose difference gives a product with the Hessian


@cache
def network(loss, seed=0):
    """The network on all 600 digits, pixels from 0 to 1 and centred."""
    rows = datasets.digits()
    pixels = rows["pixels"] / 16
    return Network(pixels - pixels.mean(axis=0), rows["label"], SIZES, seed=seed, loss=loss)


def hessian_times(problem, w, v):
    """The Hessian of a problem at w times v, by a central difference of gradients."""
    return (problem.grad(w + APART * v) - problem.grad(w - APART * v)) / (2 * APART)


class Training:
    """Descent on the network, `PIECE` steps by each `advance`, and its largest curvature.

    loss: after each step so far. at and curvature: the steps at which the largest curvature was
    computed, and its values. A training that diverges is done early.
    """

    def __init__(self, lr, loss="squared", batch=None, warm=False, seed=0):
        self.problem, self.lr, self.warm = network(loss, seed), lr, warm
        self.batches = self.problem.batches(batch, seed) if batch else None
        self.w, self.steps, self.diverged = self.problem.start, 0, False
        self.loss, self.at, self.curvature = self.problem.f(self.w)[None], [], []
        v = np.random.default_rng(seed).normal(size=self.problem.d)
        self.direction = v / np.linalg.norm(v)
        self.measure(FIRST)

    @property
    def begun(self):
        return self.steps > 0 or self.done

    @property
    def done(self):
        return self.diverged or self.steps >= STEPS

    def rate(self, t):
        """The step size of step t."""
        return self.lr * min(1, (t + 1) / WARM_UP) if self.warm else self.lr

    def advance(self):
        """Take the next steps; at every second call the largest curvature is measured too."""
        first = self.steps
        path = descend(
            self.problem, GradientDescent(1.0), self.w, PIECE, self.batches,
            schedule=lambda t: self.rate(first + t),
        )  # fmt: skip
        loss = path.loss[1:]
        left = np.flatnonzero(~(loss < 1e3 * self.loss[0]))
        if left.size:
            loss, self.diverged = loss[: left[0]], True
        self.w, self.steps = path.last, first + len(loss)
        self.loss = np.append(self.loss, loss)
        if not self.diverged and self.steps % EVERY == 0:
            self.measure(MORE)

    def measure(self, times):
        """Find the largest curvature by power iteration."""
        for _ in range(times):
            product = hessian_times(self.problem, self.w, self.direction)
            curvature = self.direction @ product
            self.direction = product / np.linalg.norm(product)
        self.at.append(self.steps)
        self.curvature.append(float(curvature))


@lru_cache(maxsize=32)
def training_of(lr, loss, batch, warm):
    """The training with these settings, as far as it has come."""
    return Training(lr, loss, batch, warm)
