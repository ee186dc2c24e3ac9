"""The explorer of lesson 19: how four programs, three of them with a slip, answer to the step."""

from functools import lru_cache

import numpy as np

from ..formatting import significant
from ..live.controls import choice, powers
from ..live.prediction import Prediction
from ..views import Panel, TwoRuns
from .base import Explorer
from .records import Views

ROWS, STEPS = 40, 60
LIMITS = (1e-4, 1e4)
LEGEND = ("this program", "all rows, no slip")

growing_question = Prediction(
    question=(
        "A program descends with all rows at each step. Its loss is a smooth bowl, and it grows at "
        "every step. You divide the learning rate by 10, again and again. The loss still grows at "
        "every step, only more slowly. What is wrong?"
    ),
    choices=(
        "The learning rate is still above the stability limit.",
        "The step has the wrong sign.",
        "The gradient is a sum over the rows instead of a mean.",
    ),
    answer="The step has the wrong sign.",
    because=(
        "Too long a step against the gradient becomes short enough if lr is divided by 10 a few "
        "times, also if the gradient is too large by a factor. A step along the gradient goes "
        "uphill, however short it is."
    ),
    about={"program": "A", "lr": 0.001},
    name="growing_loss",
)


class Clinic(Explorer):
    """The loss of a program at each step, next to one without a slip, with the same lr."""

    primary = "lr"

    def make_controls(self):
        return {
            "program": choice(PROGRAMS, description="program"),
            "lr": powers("learning rate lr", 0.1, -4, -0.7, 0.1, readout_format=".2g"),
        }

    def draw(self, page):
        (ax,) = page.panels(Panel(290, "step", "loss above the minimum", LEGEND, labels="10⁻⁴"))
        return Views(runs=TwoRuns(ax, STEPS, LIMITS, page.palette, LEGEND))

    def show(self, views, values):
        program, lr = values["program"], values["lr"]
        run, right = losses(program, lr), losses(RIGHT, lr)
        views.runs.update(run, right)
        return describe(program, lr, run, right)


def explore(after=None, **values):
    """Explore how four programs answer to a change of the learning rate (lesson 19).

    after: a Prediction to answer or skip first. values: first values of the controls: program,
    "A", "B", "C" or "D"; lr, from 0.0001 to 0.2. Raises ValueError for other values.
    """
    return Clinic(after, **values)


def data():
    """Points near a line: x and y, (ROWS,), x with mean 0 and deviation 1."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(ROWS)
    x = (x - x.mean()) / x.std()
    return x, 2 * x + 1 + 0.5 * rng.standard_normal(ROWS)


X, Y = data()
LOWEST = np.mean((np.polyval(np.polyfit(X, Y, 1), X) - Y) ** 2)


def gradient(w, b, t):
    """The slopes of the mean squared error, with all rows."""
    r = w * X + b - Y
    return 2 * np.mean(r * X), 2 * np.mean(r)


def uphill(w, b, t):
    """The direction in which the loss falls, for a step that subtracts."""
    dw, db = gradient(w, b, t)
    return -dw, -db


def summed(w, b, t):
    """The sum over the rows where the mean belongs."""
    dw, db = gradient(w, b, t)
    return ROWS * dw, ROWS * db


def outside(w, b, t):
    """x outside the mean: a slope of w for each row."""
    r = w * X + b - Y
    return 2 * np.mean(r) * X, 2 * np.mean(r)


def single(w, b, t):
    """The gradient of one row, which chance decides; nothing is wrong with it."""
    i = np.random.default_rng([3, t]).integers(ROWS)
    r = w * X[i] + b - Y[i]
    return 2 * r * X[i], 2 * r


PROGRAMS = {"A": uphill, "B": summed, "C": outside, "D": single}
RIGHT = "right"


@lru_cache(maxsize=256)
def losses(program, lr):
    """The losses above the lowest, (STEPS + 1,), of a program or of the right one.

    In program C the weight w becomes an array with a number for each row.
    """
    slopes = PROGRAMS.get(program, gradient)
    w, b, above = 0.0, 0.0, []
    with np.errstate(all="ignore"):  # a run may diverge
        for t in range(STEPS + 1):
            above.append(np.mean((w * X + b - Y) ** 2) - LOWEST)
            dw, db = slopes(w, b, t)
            w, b = w - lr * dw, b - lr * db
    return np.array(above)


def describe(program, lr, run, right):
    """The loss of this program at the start and at the end, and that of the right one."""
    return (
        f"Program {program} with learning rate {significant(lr, 2)}: the loss above the minimum is "
        f"{significant(run[0], 2)} at the start and {_end(run)} at the end, as the mean of the "
        f"last ten steps. Without a slip, and with all rows at each step, it is {_end(right)}."
    )


def _end(run):
    late = np.mean(run[-10:])
    low, high = LIMITS  # of the picture
    if late > high:
        return f"above {high:g}"
    return significant(late, 2) if late > low else f"below {low:g}"
