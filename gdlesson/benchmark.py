"""A fair race: every rule tuned alike on a course, then run afresh where nothing was tuned.

Imports NumPy and the ground floor. What is fair here: the same starts and batches for all, the same
number of gradients, one grid of step sizes, chosen by the median of ten seeds on a part of the data
that gives no gradients, and a last part that is looked at once.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import datasets, surfaces
from .descent import descend
from .optimizers import (
    AdaDelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    RMSProp,
)
from .problems import LogisticRegression, Network

RULES = {
    "descent": GradientDescent, "momentum": Momentum, "Nesterov": Nesterov, "AdaGrad": AdaGrad,
    "RMSProp": RMSProp, "AdaDelta": AdaDelta, "Adam": Adam, "AMSGrad": AMSGrad, "AdamW": AdamW,
    "NAdam": NAdam, "AdaMax": AdaMax, "Lion": Lion,
}  # fmt: skip
RATES = 10.0 ** (np.arange(-8, 3) / 2)  # the step sizes tried: 1e-4 to 10, two to each power of ten
STEPS = 200  # gradients a run may ask for
TUNING, FRESH = range(10), range(10, 20)  # seeds
COURSES = ("valley", "Rosenbrock", "penguins", "digits")


@dataclass(frozen=True, eq=False)
class Course:
    """Where a race is run.

    train gives the gradients, `tune` the loss that chooses a step size, `test` the loss at the end;
    on a surface they are one. start: seed → (d,). every: gradients between two looks at the loss.
    batch: rows of a mini-batch, or None for the whole.
    """

    name: str
    train: Any
    tune: Any
    test: Any
    start: Callable
    every: int = 1
    batch: int | None = None

    @property
    def looks(self):
        """After how many gradients the loss is looked at."""
        return np.arange(0, STEPS + 1, self.every)


@functools.cache
def course(name):
    """One of the four courses by its name. Raises ValueError for another."""
    if name == "valley":
        return _surface(name, surfaces.quadratic((1.0, 100.0), angle=np.pi / 6))
    if name == "Rosenbrock":
        return _surface(name, surfaces.catalogue[name])
    if name == "penguins":
        rows = datasets.penguins()
        measures = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
        X = np.column_stack([rows[measure] for measure in measures])
        parts = _parts(len(X), 200, 66)
        _, mean, scale = datasets.standardise(X[parts[0]])
        Z, female = (X - mean) / scale, rows["sex"] == "female"
        problems = [LogisticRegression(Z[part], female[part]) for part in parts]
        return Course(name, *problems, lambda seed: problems[0].start, every=25, batch=20)
    if name == "digits":
        rows = datasets.digits()
        parts = _parts(len(rows["label"]), 400, 100)
        problems = [
            Network(rows["pixels"][part] / 16, rows["label"][part], (64, 32, 10)) for part in parts
        ]
        return Course(name, *problems, problems[0].initial, every=25, batch=20)
    raise ValueError(f"the courses are {', '.join(COURSES)}, got {name!r}")


def runs(course, make, rates, seeds):
    """Yield a group of runs after the other: their points at every look, (looks, rates, seeds, d).

    make: makes the rule, given lr=…. rates: the step sizes, (rates,). On a surface all seeds are
    one group; over data each has batches of its own, and is one.
    """
    lr = np.asarray(rates, float)[:, None, None]
    for group in [list(seeds)] if course.batch is None else [[seed] for seed in seeds]:
        start = np.array([course.start(seed) for seed in group])
        batches = None if course.batch is None else course.train.batches(course.batch, group[0])
        yield descend(course.train, make(lr=lr), start, STEPS, batches).w[:: course.every]


def tuning(course, make, rates=RATES, seeds=TUNING):
    """Yield groups of losses on the part for tuning, (looks, rates, seeds); inf for diverged."""
    for w in runs(course, make, rates, seeds):
        with np.errstate(all="ignore"):  # left before the yield: who asks on may be another context
            loss = _finite(course.tune.f(w))
        yield loss


def tuned(loss, look=-1):
    """Index of the step size whose median loss over the seeds is lowest at a look.

    loss: (looks, rates, seeds).
    """
    return int(np.median(loss[look], axis=-1).argmin())


def final(course, make, rate, seeds=FRESH):
    """Loss and accuracy on the test part after the last gradient, (seeds,) each, at one step size.

    On a surface, which has no labels, the accuracy is nan.
    """
    last = [w[-1, 0] for w in runs(course, make, [rate], seeds)]
    w = np.concatenate(last)
    with np.errstate(all="ignore"):
        loss = _finite(course.test.f(w))
        right = getattr(course.test, "accuracy", lambda w: np.full(len(w), np.nan))(w)
    return loss, right


def run(course, make, rate, seeds=TUNING):
    """Losses on the part for tuning, (looks, seeds), each seed a descent of its own.

    As slow as that sounds, but it takes any rule, one from `from_function` too.
    """
    looked = []
    for seed in seeds:
        batches = None if course.batch is None else course.train.batches(course.batch, seed)
        path = descend(course.train, make(lr=float(rate)), course.start(seed), STEPS, batches)
        with np.errstate(all="ignore"):
            looked.append(_finite(course.tune.f(path.w[:: course.every])))
    return np.transpose(looked)


def saved(name):
    """The tuning of a course over data as it was run once: rule → (looks, rates, seeds).

    From data/race_{name}.csv: a line for each rule, rate and seed, with the loss at every look.
    """
    with datasets.opened(f"race_{name}.csv") as file:
        table = np.loadtxt(file, delimiter=",")
    shape = len(RULES), len(RATES), len(TUNING), -1
    return dict(zip(RULES, table.reshape(shape).transpose(0, 3, 1, 2), strict=True))


def results(name):
    """What the race ended with, run once: rule → (step size, losses, accuracies), over fresh seeds.

    From data/race_results.csv: course, rule, step size, loss and accuracy of each run.
    """
    ended = {}
    with datasets.opened("race_results.csv") as file:
        for line in file:
            where, rule, *numbers = line.rstrip("\n").split(",")
            if where == name:
                ended.setdefault(rule, []).append([float(number) for number in numbers])
    return {
        rule: (rows[0][0], *np.array(rows)[:, 1:].T)
        for rule, rows in sorted(ended.items(), key=lambda item: np.median(np.array(item[1])[:, 1]))
    }


def _surface(name, surface):
    low, high = np.transpose(surface.domain)

    def start(seed):
        return np.random.default_rng(seed).uniform(low, high)

    return Course(name, surface, surface, surface, start)


def _parts(n, train, tune):
    """Rows for training, tuning and testing, in an order drawn once."""
    return np.split(np.random.default_rng(0).permutation(n), [train, train + tune])


def _finite(loss):
    return np.where(np.isfinite(loss), loss, np.inf)
