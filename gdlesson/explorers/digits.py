"""The first explorer of lesson 00: a network learns to read handwritten digits."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from .. import datasets
from ..descent import descend
from ..live.controls import stops
from ..optimizers import GradientDescent
from ..problems import Network
from ..views import LossOverSteps, Panel, Row, Tiles
from .base import Explorer
from .records import Shown, Views

SIZES = (64, 32, 10)
APART = 20  # digits of each class that the network is not trained on
STEPS = 100
STEP_SIZES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
STEP_TEXT = (
    "Step {step} of {steps}: the network reads {0:g} of the 400 training digits correctly, and "
    "{1:g} of the 200 digits that are kept apart. The loss is {2}."
)


class Digits(Explorer):
    """A small network after each step of its training: what it cannot read yet, and its loss."""

    primary = "lr"
    redrawn_by = ("lr",)  # the highest loss is 2.3 with most step sizes, and 200 with the largest

    def make_controls(self):
        return {"lr": stops("step size lr", STEP_SIZES, 0.3)}

    def draw(self, page, lr):
        height = min(236, page.width // 2 - 24)  # no higher than ten rows of twenty squares need
        tiles, loss = page.panels(
            Row(
                Panel(height, "", "digits kept apart: faded when read correctly", labels="0"),
                Panel(200, "step", "loss on the training digits", labels="100", width=0.75),
            )
        )
        _, apart = problems()
        ceiling = max(3, 1.1 * train(lr).loss.max())
        return Views(
            tiles=Tiles(tiles, apart.X.reshape(10, APART, 8, 8), range(10), page.palette),
            loss=LossOverSteps(
                loss, STEPS, page.palette, ceiling=ceiling, log=False, predicted=False
            ),
        )

    def show(self, views, values):
        training = train(values["lr"])
        views.tiles.update(training.read_apart)
        views.loss.update(training.loss)
        numbers = np.column_stack([training.read, training.read_apart.sum(-1), training.loss])
        return Shown(describe(values["lr"], training), STEP_TEXT, numbers)


def explore(after=None, **values):
    """Explore how a small network learns to read handwritten digits (lesson 00).

    after: a Prediction to answer or skip first. values: first value of the control lr, one of
    0.01, 0.03, 0.1, 0.3, 1, 3 and 10. Raises ValueError for other values.
    """
    return Digits(after, **values)


@dataclass(frozen=True)
class Training:
    """What is shown of a training, after each step.

    loss: (steps + 1,), on the training digits. read: (steps + 1,), how many of them are read
    correctly. read_apart: (steps + 1, n), which of the digits kept apart are.
    """

    loss: np.ndarray
    read: np.ndarray
    read_apart: np.ndarray


@cache
def problems():
    """The network on the 400 training digits, and on the 200 kept apart, in order of their label.

    Pixels are from 0 to 1.
    """
    data = datasets.digits()
    label = data["label"]
    first = [np.flatnonzero(label == digit)[:APART] for digit in range(10)]
    apart = np.concatenate(first)
    both = Network(data["pixels"] / 16, label, SIZES)
    return both.on(np.setdiff1d(np.arange(len(label)), apart)), both.on(apart)


@cache
def train(lr):
    """Train the network with all training digits at every step; it is remembered for each lr."""
    training, apart = problems()
    path = descend(training, GradientDescent(lr), steps=STEPS)
    read = (training.predict(path.w) == training.y).sum(-1)
    return Training(path.loss, read, apart.predict(path.w) == apart.y)


def describe(lr, training):
    """How many digits are read in the end, and whether the step size was too large for that."""
    read = f"{training.read[-1]} of the 400 training digits correctly"
    apart = f"{training.read_apart[-1].sum()} of the 200 digits that are kept apart"
    if training.loss[-1] < training.loss[0]:
        return f"After {STEPS} steps of size {lr:g} the network reads {read}, and {apart}."
    return (
        f"Steps of size {lr:g} are too large: after {STEPS} steps the loss is higher than before "
        f"the first. The network reads {read}, and {apart}."
    )
