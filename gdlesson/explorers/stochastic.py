"""The explorer of lesson 06: descent by one example at a time."""

from dataclasses import dataclass

import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, percent, significant, vector
from ..formatting import step_size as text
from ..live.controls import choice, dragged, integers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..views import Crosses, Formula, Line, NoisyLoss, Panel, Row, RunCloud, SquareFactors
from .base import Explorer
from .learner import LearnerText, compare
from .penguin_line import LINE, PENGUINS, N, X, Y, above_minimum, bowl
from .records import Shown, Views
from .single_examples import (
    IN_FILE,
    LIMIT,
    PASSES,
    RUNS,
    UPDATES,
    drawn,
    epochs,
    factor_of_batch,
    factor_of_examples,
    noise_floor,
    one_by_one,
    sgd_epoch,
    shuffled,
)

STEP_SIZES = (
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.17, 0.2,
    0.25, 0.3, 0.34, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1,
)  # fmt: skip
ORDERS = {  # name → the example of each update of each run, for a seed
    "shuffled": shuffled,
    "drawn with replacement": drawn,
    "as in the file": lambda seed: IN_FILE,
}
RIGHT = ("loss", "factor of one update")
FAR = 0.05  # runs with a larger share of their distance left are far from the best line
WIDE = 0.1  # a noise floor above this is a cloud as wide as the way to it
HUGE = 1e100

limit_question = Prediction(
    question=(
        "A line through 333 standardised penguins starts at w = 0, b = 0. With step size 0.5, one "
        "step of batch descent ends at the best line. Now each update uses one penguin's loss "
        "only, with the same step size. We make 20 such runs, each in a random order of its own. "
        "Where are they after three passes over the data?"
    ),
    choices=(
        "At the best line.",
        "In a cloud around the best line, where each of them still moves about.",
        "On the way to the best line, because one penguin moves the line only a little.",
        "Most of them far away, with losses above that of the start.",
    ),
    answer="Most of them far away, with losses above that of the start.",
    because=(
        "A penguin far from the mean flipper length turns the line too far. At x = 2 one update "
        "changes the residual r of this penguin to −4r, although the same step size is exactly "
        "right for the mean of all penguins."
    ),
    about={"lr": 0.5, "order": "shuffled"},
    name="limit",
)


@dataclass(frozen=True)
class OtherEpochs(LearnerText):
    """The words for a learner's epochs where the order of the run is not theirs."""

    def same(self):
        return (
            f" Your epochs, drawn as {self.mark}, are the same as the package's. They are not on "
            "the path of the run, because they shuffle the examples."
        )


class Stochastic(Explorer):
    """Twenty runs of descent by single examples, their loss, and their stability limit."""

    primary = "lr"
    redrawn_by = ("right",)
    picture_only = ("w", "b")
    learner_text = LearnerText(
        "epochs", plural=True, hint="They may use another order of the examples, or another rule."
    )

    def make_controls(self):
        return {
            "order": choice(ORDERS, description="order"),
            "seed": integers("seed", 0, 0, 50, width=230),
            "right": choice(RIGHT, description="right picture"),
            "lr": stops("step size lr", STEP_SIZES, 0.05),
            **dragged(2.0, w=0.0, b=0.0),
        }

    def disabled(self, values):
        return ("seed",) if values["order"] == "as in the file" and not self.learner else ()

    def draw(self, page, right):
        if right == "loss":
            label, legend = "loss above its minimum, log", NoisyLoss.legend(RUNS)
            panel = Panel(270, f"update ({N} are one pass)", label, legend, labels="10⁻⁴")
        else:
            label = "mean square distance, factor"
            panel = Panel(270, "step size lr", label, SquareFactors.legend)
        formula, land, other = page.panels(
            Line(), Row(Panel(270, "w, standardised", "b", RunCloud.legend(RUNS)), panel)
        )
        cloud = RunCloud(land, bowl(land, (0.5, 0.0), 1.15), page.palette, RUNS)
        loss = factors = None
        if right == "loss":
            loss = NoisyLoss(other, UPDATES, page.palette, RUNS, 1e-4, 1e2)
        else:
            sizes = np.linspace(0, 1.15, 116)
            single, batch = factor_of_examples(sizes), factor_of_batch(sizes)
            factors = SquareFactors(other, sizes, single, batch, (LIMIT, 1.0), page.palette)
        return Views(
            [Handle(cloud.trail.ball, self.on_drag("w", "b"), "start, its w and b")],
            cloud=cloud,
            loss=loss,
            factors=factors,
            formula=Formula(formula, page.palette),
            yours=Crosses(land, page.palette),
        )

    def show(self, views, values):
        start, lr = (values["w"], values["b"]), values["lr"]
        rows = ORDERS[values["order"]](values["seed"])
        runs = one_by_one(X[rows], Y[rows], start, lr)
        batch = descend(LINE, GradientDescent(lr), start, PASSES).w
        above, batch_above = heights(runs), above_minimum(batch)
        views.cloud.update(runs[:, 0], runs[-1], batch)
        if views.loss is not None:
            floor, passes = np.repeat(noise_floor([lr]), UPDATES), N * np.arange(PASSES + 1)
            views.loss.update(above[:, 0], above.mean(axis=1), floor, batch_above, passes)
        else:
            views.factors.update(lr, factor_of_examples(lr), factor_of_batch(lr))
        views.formula.update(*first_update(start, X[rows[0, 0]], Y[rows[0, 0]], lr))
        readout = describe(values, runs[-1, 0], above, batch_above[-1])
        return Shown(
            readout + self.compare_epochs(views.yours, values),
            "Update {step} of {steps}: w = {0}, b = {1}, the loss is {2:g} above its minimum.",
            np.column_stack([np.clip(runs[:, 0], -HUGE, HUGE), above[:, 0]]),
        )

    def compare_epochs(self, crosses, values):
        """Draw a learner's epochs, and compare them with those of the package."""
        if not self.learner:
            return ""
        start, lr, seed = (values["w"], values["b"]), values["lr"], values["seed"]
        words = self.learner_text
        if values["order"] != "shuffled":
            words = OtherEpochs(words.noun, words.plural, hint=words.hint)
        with np.errstate(all="ignore"):
            expected = epochs(sgd_epoch, start, lr, seed)
        return compare(
            self.learner, words, crosses, lambda fn: epochs(fn, start, lr, seed), expected
        )


def explore(after=None, mine=None, **values):
    """Explore descent by single examples, its noise floor and its stability limit (lesson 06).

    after: a Prediction to answer or skip first. mine: your sgd_epoch(w, b, x, y, lr, rng), of which
    three epochs are drawn as crosses. values: first values of the controls: order, "shuffled",
    "drawn with replacement" or "as in the file"; seed of the orders, from 0 to 50; right, the right
    picture, "loss" or "factor of one update"; lr, the step size, one of 0.001, 0.002, 0.003, 0.005,
    0.007, 0.01, 0.015, … 1.1; w and b of the start, from −2 to 2. Raises ValueError for other
    values.
    """
    return Stochastic(after, mine, **values)


def heights(w):
    """The loss above its minimum, (..., 2) → (...), at most HUGE where a run flies off."""
    return np.nan_to_num(above_minimum(w), nan=HUGE, posinf=HUGE).clip(max=HUGE)


def first_update(start, x, y, lr):
    """The first update of w in one run with its numbers, and shorter texts."""
    w, b = start
    r = w * x + b - y
    old, new = vector([w]), vector([w - lr * 2 * r * x])
    numbers = (
        f"{old} − {text(lr)} · 2 · {bracketed(vector([r]))} · {bracketed(vector([x]))} = {new}"
    )
    return (
        f"First update of one run: *w* ← *w* − *lr* · 2*r* · *x* = {numbers}",
        f"First update: *w* ← {numbers}",
        f"*w* ← {numbers}",
    )


def size(loss):
    """A loss with two digits, up to where the picture no longer follows it."""
    return significant(loss, 2) if loss < HUGE / 100 else "more than 1e+98"


def describe(values, end, above, batch):
    """Where the runs are after three passes, and why they are there.

    end: (2,), of one run. above: (UPDATES + 1, RUNS), the loss above its minimum. batch: that of
    batch descent at the end.
    """
    lr, mean = values["lr"], above.mean(axis=1)
    if values["order"] == "as in the file":
        where = f"w = {vector(end[:1])}, b = {vector(end[1:])}, and " if mean[-1] < 1e4 else ""
        return (
            f"In the order of the file every pass ends with penguins of one species, the "
            f"{PENGUINS['species'][-1]}s, and all {RUNS} runs are the same. After {PASSES} passes "
            f"{where}the loss is {size(mean[-1])} above its minimum."
        )
    state, level = regime(lr, mean, values["order"])
    after = f" After {PASSES} passes the "
    if lr > LIMIT:
        runs = after + ends_above_the_limit(above)
    else:
        average = f"is on average {size(mean[-1])} above its minimum"
        runs = f"{after}loss of the {RUNS} runs {average}; {level}."
    if values["right"] != "loss":
        return (
            f"{state} An update with an example drawn with replacement multiplies the mean square "
            f"distance by {decimals(factor_of_examples(lr), 3)} in the long run, a step of batch "
            f"descent by {decimals(factor_of_batch(lr), 3)}.{runs if lr > LIMIT else ''}"
        )
    lands = "reaches the minimum" if batch < 1e-9 else f"is {size(batch)} above the minimum"
    return (
        f"{state}{runs} Batch descent, which takes {PASSES} steps with the same number of "
        f"gradients, {lands}."
    )


def ends_above_the_limit(above):
    """Where a typical run ends, which differs from the mean of all runs, and the highest leap.

    above: (UPDATES + 1, RUNS), the loss above its minimum.
    """
    return (
        f"median of the {RUNS} losses is {size(np.median(above[-1]))} above the minimum (half of "
        f"the runs are higher), their mean {size(above[-1].mean())}; the highest on the way was "
        f"{size(above.max())}."
    )


def regime(lr, mean, order):
    """What a step size does to random runs, and the noise floor where there is one.

    Returns a sentence, and the end of another one. mean: (UPDATES + 1,), of all runs.
    """
    name, random = f"Step size {text(lr)}", order == "drawn with replacement"
    if lr > 1:
        return (
            f"{name} is above both stability limits, {LIMIT:.3f} for examples drawn with "
            "replacement and 1 for batch descent."
        ), ""
    if lr > LIMIT:
        growth = ": the mean over all possible runs grows without bound."
        return (
            f"{name} is above {LIMIT:.3f}, the stability limit for examples drawn with "
            f"replacement{growth if random else ' (these are shuffled).'}"
        ), ""
    whose = "" if random else "for examples drawn with replacement, "
    floor = noise_floor([lr])[0]
    level = f"{whose}the noise floor of this step size is {significant(floor, 2)}"
    if mean[0] < min(floor / 10, mean[-1]):
        state = "the runs start close to the best line, and the noise drives them away."
        return f"{name}: {state}", level
    left = (1 - 2 * lr) ** UPDATES  # of the distance, on average
    if left > FAR:
        far = f"{percent(left)} of the distance to the best line remains on average."
        return f"{name} is small: {far}", level
    if floor > WIDE:
        return f"With step size {text(lr)} the runs jump about widely around the best line.", level
    return f"With step size {text(lr)} the runs come near the best line and then move about.", level
