"""The first explorer of lesson 08: a learning-rate range test, and runs with what it suggests."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from .. import datasets
from ..descent import descend
from ..formatting import significant
from ..live.controls import choice, powers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..views import Panel, RangeTest, Row, TwoRuns
from . import digits
from .base import Explorer
from .records import Views

STEPS = 100  # of a run with a constant learning rate
SIZE, SEED = 32, 0  # of the mini-batches of digits
HIDE, SHOW = "hide", "show"
PENGUINS, DIGITS = "penguins, not scaled", "digits"


@dataclass(frozen=True)
class Trial:
    """A loss that a learning rate is looked for.

    low, high: exponents of the learning rates. first: that of the slider. limits: of the loss.
    every: after how many steps the loss on all examples is computed, which takes time for digits.
    """

    low: int
    high: int
    first: float
    limits: tuple
    size: int | None  # of a mini-batch; None: all examples
    every: int


TRIALS = {
    PENGUINS: Trial(-8, -3, -7.0, (1e5, 1e9), None, 1),
    DIGITS: Trial(-3, 1, -1.0, (1e-2, 1e2), SIZE, 10),
}

lowest_question = Prediction(
    question=(
        "Descent fits a line to the penguins, in millimetres and grams (lesson 05). Its learning "
        "rate grows from step to step, from 10⁻⁸ to 10⁻³. The loss falls at first, is lowest when "
        "the learning rate is about 10⁻⁴, and then it explodes. A new descent of 100 steps uses "
        "the learning rate 10⁻⁴ from its first step on. How does it end?"
    ),
    choices=(
        "With a still lower loss, because this is the best learning rate.",
        "With about the same loss, because both have arrived.",
        "With a much larger loss than at the start.",
        "With about the loss of the start, because it hardly moves.",
    ),
    answer="With a much larger loss than at the start.",
    because=(
        "10⁻⁴ is above the stability limit of this loss, 2.46 · 10⁻⁵. In the test few steps "
        "were above the limit, too few for the growth to be seen."
    ),
    about={"loss": PENGUINS, "lr": 1e-4},
    name="lowest_in_test",
)


class Range(Explorer):
    """The loss while the learning rate grows, and the loss with a constant one."""

    primary = "lr"
    redrawn_by = adapts_to = ("loss",)

    def make_controls(self):
        first = TRIALS[PENGUINS]
        return {
            "loss": choice(TRIALS, description="loss"),
            "lr": powers("learning rate lr", 10.0**first.first, first.low, first.high, 0.1,
                         readout_format=".1e"),
            "test": stops("steps of the test", [30, 100, 300], 100, 260),
            "sweep": choice((HIDE, SHOW), description="sweep"),
        }  # fmt: skip

    def adapt(self, before, after):
        trial = TRIALS[after["loss"]]
        return {"lr": {"min": trial.low, "max": trial.high, "value": 10.0**trial.first}}

    def draw(self, page, loss):
        trial = TRIALS[loss]
        left, right = page.panels(
            Row(
                Panel(256, "learning rate", "loss in the test", RangeTest.legend, labels="10⁻²"),
                Panel(256, "step", f"loss with constant lr, {STEPS} steps", labels="10⁻²"),
            )
        )
        test = RangeTest(left, (10.0**trial.low, 10.0**trial.high), trial.limits, page.palette)
        return Views(
            [Handle(test.head, self.on_drag("lr"), "learning rate", "x")],
            test=test,
            run=TwoRuns(right, STEPS, trial.limits, page.palette),
        )

    def show(self, views, values):
        loss, lr, test = values["loss"], values["lr"], values["test"]
        rates, losses = range_test(loss, test)
        lowest = int(np.argmin(losses))
        shown = sweep(loss) if values["sweep"] == SHOW else ((), ())
        views.test.update(rates, losses, lowest, lr, shown)
        at, run = train(loss, lr)
        views.run.update(run, at=at)
        readout = describe(lr, rates[lowest], test, run)
        return readout + describe_sweep(*shown, run[0]) if values["sweep"] == SHOW else readout


def explore(after=None, **values):
    """Explore a learning-rate range test (lesson 08).

    after: a Prediction to answer or skip first. values: first values of the controls: loss,
    "penguins, not scaled" or "digits"; lr, from 1e-8 to 1e-3 for the penguins and from 0.001 to 10
    for the digits; test, its steps, 30, 100 or 300; sweep, "hide" or "show". Raises ValueError for
    other values.
    """
    return Range(after, **values)


@cache
def problem(loss):
    """The problem of a loss: flipper length to body mass, or the network of lesson 00."""
    if loss == DIGITS:
        return digits.problems()[0]
    data = datasets.penguins()
    return LinearRegression(data["flipper_length_mm"], data["body_mass_g"])


def start(loss):
    """The first parameters, (d,): those of the network by chance, a line of height 0."""
    return problem(loss).initial(SEED) if loss == DIGITS else np.zeros(2)


def batches(loss):
    """The examples of each step, without end."""
    size = TRIALS[loss].size
    return problem(loss).batches(size, np.random.default_rng(SEED)) if size else None


@cache
def range_test(loss, steps):
    """Learning rates (steps,) that grow by one factor, and the losses (steps,) before each step."""
    trial, whole = TRIALS[loss], problem(loss)
    rates = 10 ** np.linspace(trial.low, trial.high, steps)
    w, drawn, losses = start(loss), batches(loss), np.empty(steps)
    for t, lr in enumerate(rates):
        seen = next(drawn) if drawn else whole
        losses[t] = seen.f(w)
        w = w - lr * seen.grad(w)
    return rates, losses


@lru_cache(maxsize=128)
def train(loss, lr):
    """Steps (n,) of a run with a constant learning rate, and the losses of all examples there."""
    path = descend(
        problem(loss), GradientDescent(lr), start(loss), steps=STEPS, batches=batches(loss)
    )
    at = np.arange(0, STEPS + 1, TRIALS[loss].every)
    with np.errstate(all="ignore"):  # a run may diverge
        return at, problem(loss).f(path.w[at])


@cache
def sweep(loss):
    """Learning rates on a log scale, four to a power of ten, and where their runs end."""
    trial = TRIALS[loss]
    rates = 10 ** np.linspace(trial.low, trial.high, 4 * (trial.high - trial.low) + 1)
    return rates, np.array([train(loss, lr)[1][-1] for lr in rates])


def describe(lr, lowest, test, run):
    """Where the test was lowest, and how a whole run with this learning rate ends."""
    first = (
        f"In the test of {test} steps the loss is lowest at the learning rate "
        f"{significant(lowest, 2)}."
    )
    name = f"With the constant learning rate {significant(lr, 2)}"
    end, begin = run[-1], run[0]
    if not np.isfinite(end):
        return f"{first} {name} descent diverges: the loss grows beyond all numbers."
    change = f"from {significant(begin)} to {significant(end)} in {STEPS} steps"
    if end > begin:
        return f"{first} {name} the loss grows {change}."
    return f"{first} {name} the loss falls {change}."


def describe_sweep(rates, ends, begin):
    """Up to which learning rate the runs of the sweep end below the loss at their start."""
    largest = significant(rates[ends < begin][-1], 2)
    return f" In the sweep, the runs with learning rates up to {largest} end below their start."
