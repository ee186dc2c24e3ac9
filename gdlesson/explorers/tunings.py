"""The results behind lesson 17's race: the tuning of all methods on a course, and single runs."""

import inspect
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from .. import benchmark
from ..benchmark import RULES, course
from ..optimizers import from_function

NAMES = list(RULES)


@dataclass(frozen=True, eq=False)
class Tuning:
    """The losses of all methods on a course, (methods, evaluations, rates, seeds)."""

    losses: np.ndarray

    @cached_property
    def means(self):
        """The means over the seeds, (methods, evaluations, rates), inf where a run diverged."""
        with np.errstate(over="ignore"):
            return self.losses.mean(axis=-1)


@cache
def tuning_of(where):
    """The Tuning of a course: run now on a surface, run once and stored over data."""
    if course(where).batch is not None:
        return Tuning(np.array([benchmark.saved(where)[name] for name in NAMES]))
    runs = [list(benchmark.tuning(course(where), make)) for make in RULES.values()]
    return Tuning(np.array([np.concatenate(parts, axis=-1) for parts in runs]))


@lru_cache(maxsize=32)
def package_run(where, kind, rate):
    """The losses (evaluations, seeds) of a method of the package."""
    return benchmark.run(course(where), RULES[kind], rate)


def kind_of(fn):
    """Name of the method whose parameters a function has. Raises as `from_function` does."""
    classes = inspect.getmro(type(from_function(fn, lr=1.0)))
    return next(name for each in classes for name in NAMES if RULES[name] is each)
