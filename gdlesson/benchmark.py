"""A fair comparison of optimizers: each is tuned in the same way, then run with fresh seeds.

Imports NumPy and the core. All optimizers get the same starts, batches, number of gradients and
grid of step sizes. The step size is chosen by the mean over ten seeds on a validation set, which
gives no gradients; the test set is used once, at the end, with ten other seeds.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import datasets, surfaces
from . import optimizers as o
from .descent import descend
from .problems import LogisticRegression, Network

RULES = {
    "descent": o.GradientDescent, "momentum": o.Momentum, "Nesterov": o.Nesterov,
    "AdaGrad": o.AdaGrad, "RMSProp": o.RMSProp, "AdaDelta": o.AdaDelta, "Adam": o.Adam,
    "AMSGrad": o.AMSGrad, "AdamW": o.AdamW, "NAdam": o.NAdam, "AdaMax": o.AdaMax, "Lion": o.Lion,
}  # fmt: skip
RATES = 10.0 ** (np.arange(-16, 9) / 4)  # step sizes 1e-4 to 100, four per power of ten
STEPS = 200  # gradient evaluations per run
TUNING, FRESH = range(10), range(10, 20)  # seeds
COURSES = ("valley", "Rosenbrock", "penguins", "digits")
CHANCES = ("seeds", "test rows", "both")  # what a bootstrap draws anew


@dataclass(frozen=True, eq=False)
class Course:
    """A problem on which optimizers are compared.

    train gives the gradients, `tune` the validation loss, `test` the loss at the end; on a surface
    all three are the same. start: seed → (d,). every: gradients between two evaluations of the
    loss. batch: rows of a mini-batch, or None for the whole training set.
    """

    name: str
    train: Any
    tune: Any
    test: Any
    start: Callable
    every: int = 1
    batch: int | None = None

    @property
    def evaluations(self):
        """The numbers of gradients after which the loss is evaluated."""
        return np.arange(0, STEPS + 1, self.every)


@functools.cache
def course(name):
    """Return one of the four courses by its name. Raises ValueError for another name."""
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
    """Yield groups of runs: their points at every evaluation, (evaluations, rates, seeds, d).

    make: makes the optimizer, given lr=…. rates: the step sizes, (rates,). On a surface all seeds
    are one group; over data each seed has its own batches, so it is a group of its own.
    """
    lr = np.asarray(rates, float)[:, None, None]
    for group in [list(seeds)] if course.batch is None else [[seed] for seed in seeds]:
        start = np.array([course.start(seed) for seed in group])
        batches = None if course.batch is None else course.train.batches(course.batch, group[0])
        yield descend(course.train, make(lr=lr), start, STEPS, batches).w[:: course.every]


def tuning(course, make, rates=RATES, seeds=TUNING):
    """Yield groups of validation losses, (evaluations, rates, seeds); inf for diverged runs."""
    for w in runs(course, make, rates, seeds):
        with np.errstate(all="ignore"):  # not held across a yield: the caller may resume elsewhere
            loss = _finite(course.tune.f(w))
        yield loss


def tuned(loss, at=-1):
    """Return the index of the step size with the lowest mean loss over the seeds.

    loss: (evaluations, rates, seeds). at: index of the evaluation. A step size with which a run
    has diverged has an infinite mean.
    """
    with np.errstate(over="ignore"):
        return int(loss[at].mean(axis=-1).argmin())


def final(course, make, rate, seeds=FRESH):
    """Return the loss of each test row, (seeds, rows), and the accuracy, (seeds,), at the end.

    A surface has no rows: its loss has one column, and its accuracy is nan.
    """
    w = np.concatenate([w[-1, 0] for w in runs(course, make, [rate], seeds)])
    with np.errstate(all="ignore"):
        if course.batch is None:
            return _finite(course.test.f(w))[:, None], np.full(len(w), np.nan)
        rows = [course.test.on(row).f(w) for row in range(len(course.test.y))]
        return _finite(np.stack(rows, axis=-1)), course.test.accuracy(w)


def resampled(losses, chance, draws=2000):
    """Return bootstrap means, (…, draws), of losses (…, seeds, rows).

    chance: what is drawn anew with replacement, one of `CHANCES`. Losses of several methods are
    paired: each draw takes the same seeds and the same rows of all. Drawing both counts the
    variance of single losses, which neither the seed nor the row explains, about three times, so
    that intervals are somewhat too wide. Raises ValueError for another chance. Sources: Efron and
    Tibshirani 1993, An Introduction to the Bootstrap; for both, Owen 2007, The Pigeonhole
    Bootstrap.
    """
    if chance not in CHANCES:
        raise ValueError(f"chance must be {', '.join(CHANCES)}, got {chance!r}")
    seeds, rows = losses.shape[-2:]
    of_seeds = _shares(seeds, draws, 0) if chance != "test rows" else np.full(seeds, 1 / seeds)
    of_rows = _shares(rows, draws, 1) if chance != "seeds" else np.full((1, rows), 1 / rows)
    return ((of_rows @ losses.swapaxes(-1, -2)) * of_seeds).sum(axis=-1)


@functools.lru_cache(maxsize=16)
def _shares(n, draws, seed):
    """How large a share each of n values has in each draw with replacement, (draws, n)."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), draws) / n


def run(course, make, rate, seeds=TUNING):
    """Return validation losses, (evaluations, seeds), from one descent per seed.

    Slower than `tuning`, but it takes any optimizer, also one from `from_function`.
    """
    losses = []
    for seed in seeds:
        batches = None if course.batch is None else course.train.batches(course.batch, seed)
        path = descend(course.train, make(lr=float(rate)), course.start(seed), STEPS, batches)
        with np.errstate(all="ignore"):
            losses.append(_finite(course.tune.f(path.w[:: course.every])))
    return np.transpose(losses)


def saved(name):
    """Return the stored tuning of a course over data: rule → (evaluations, rates, seeds).

    From data/race_{name}.csv: a line per rule, rate and seed, with the loss at every evaluation.
    """
    with datasets.opened(f"race_{name}.csv") as file:
        table = np.loadtxt(file, delimiter=",")
    shape = len(RULES), len(RATES), len(TUNING), -1
    return dict(zip(RULES, table.reshape(shape).transpose(0, 3, 1, 2), strict=True))


def results(name):
    """Return the stored results on fresh seeds: rule → (step size, losses, accuracies).

    losses: (seeds, rows), of the test rows. The rule with the lowest mean loss comes first. From
    data/race_results.csv: a line per run with course, rule, step size, accuracy and the losses.
    """
    ended = {}
    with datasets.opened("race_results.csv") as file:
        for line in file:
            where, rule, *numbers = line.rstrip("\n").split(",")
            if where == name:
                ended.setdefault(rule, []).append([float(number) for number in numbers])
    tables = {rule: np.array(lines) for rule, lines in ended.items()}
    order = sorted(tables, key=lambda rule: tables[rule][:, 2:].mean())
    return {r: (float(tables[r][0, 0]), tables[r][:, 2:], tables[r][:, 1]) for r in order}


def _surface(name, surface):
    low, high = np.transpose(surface.domain)

    def start(seed):
        return np.random.default_rng(seed).uniform(low, high)

    return Course(name, surface, surface, surface, start)


def _parts(n, train, tune):
    """Rows of the training, validation and test set, in an order drawn once."""
    return np.split(np.random.default_rng(0).permutation(n), [train, train + tune])


def _finite(loss):
    return np.where(np.isfinite(loss), loss, np.inf)
