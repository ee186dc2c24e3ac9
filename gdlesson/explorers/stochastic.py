"""The explorer of lesson 06: descent by one example at a time."""

from dataclasses import dataclass

import numpy as np

from ..descent import descend
from ..formatting import bracketed, percent, significant, vector
from ..formatting import step_size as text
from ..live.controls import choice, dragged, integers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..schedules import constant, cosine_decay, inverse_decay, step_decay
from ..views import (
    Column,
    Crosses,
    Formula,
    Line,
    NoisyLoss,
    Panel,
    Row,
    RunCloud,
    StepSizes,
)
from .base import Explorer
from .learner import LearnerText, compare
from .opinions import opinions as opinions  # a part of this lesson
from .penguin_line import LINE, PENGUINS, N, X, Y, above_minimum, bowl
from .records import Shown, Views
from .single_examples import (
    IN_FILE,
    LIMIT,
    PASSES,
    RUNS,
    UPDATES,
    epochs,
    noise_floor,
    one_by_one,
    sgd_epoch,
    shuffled,
)

STEP_SIZES = (
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3,
    0.4, 0.5,
)  # fmt: skip
SCHEDULES = {  # name → step size at update t
    "constant": constant,
    "÷10 each pass": lambda lr, t: step_decay(lr, t, 0.1, N),
    "1/t": lambda lr, t: inverse_decay(lr, t, 20),
    "cosine": lambda lr, t: cosine_decay(lr, t, UPDATES),
    "÷2 each 5": lambda lr, t: step_decay(lr, t, 0.5, 5),
}
ORDERS = ("shuffled", "as in the file")
FAR = 0.05  # runs with a larger share of their distance left are far from the best line
SETTLED = 0.01  # above its minimum: less is the loss of runs that have settled

settle_question = Prediction(
    question=(
        "A line through 333 standardised penguins starts at w = 0, b = 0. Each update uses the "
        "gradient of one penguin's loss only, with step size 0.05. We make 20 such runs, each in a "
        "random order of its own. Where are they after 999 updates, that is, after three passes "
        "over the data?"
    ),
    choices=(
        "At the best line, to many digits.",
        "In a cloud around the best line, where each of them still moves about.",
        "Far from one another, because one penguin carries too little information.",
        "Still near the start, because one penguin moves the line too little.",
    ),
    answer="In a cloud around the best line, where each of them still moves about.",
    because=(
        "Each penguin pulls the line towards itself, and at the best line these pulls cancel only "
        "on average. So the runs come near the best line quickly, but with a constant step size "
        "they never come to rest."
    ),
    about={"lr": 0.05, "schedule": "constant", "order": "shuffled"},
    name="settle",
)


@dataclass(frozen=True)
class OtherEpochs(LearnerText):
    """The words for a learner's epochs in a state where they are not those of the run."""

    reason: str = ""

    def same(self):
        return (
            f" Your epochs, drawn as {self.mark}, are the same as the package's. They are not on "
            f"the path of the run, because {self.reason}."
        )


class Stochastic(Explorer):
    """Twenty runs of descent by single examples, their loss, and their noise floor."""

    primary = "lr"
    picture_only = ("w", "b")
    learner_text = LearnerText(
        "epochs", plural=True, hint="They may use another order of the examples, or another rule."
    )

    def make_controls(self):
        return {
            "schedule": choice(SCHEDULES, description="step size"),
            "order": choice(ORDERS, description="order"),
            "seed": integers("seed", 0, 0, 50, width=230),
            "lr": stops("step size lr (at the start)", STEP_SIZES, 0.05),
            **dragged(2.0, w=0.0, b=0.0),
        }

    def disabled(self, values):
        return ("seed",) if values["order"] != "shuffled" and not self.learner else ()

    def draw(self, page):
        formula, land, loss, sizes = page.panels(
            Line(),
            Row(
                Panel(290, "w, standardised", "b", RunCloud.legend(RUNS)),
                Column(
                    Panel(
                        152,
                        y="loss above its minimum, log scale",
                        legend=NoisyLoss.legend(RUNS),
                        labels="10⁻⁶",
                    ),
                    Panel(
                        60,
                        f"update ({N} are one pass over the data)",
                        "step size, log scale",
                        labels="10⁻⁶",
                    ),
                ),
            ),
        )
        cloud = RunCloud(land, bowl(land, (0.5, 0.0), 1.15), page.palette, RUNS)
        return Views(
            [Handle(cloud.trail.ball, self.on_drag("w", "b"), "start, its w and b")],
            cloud=cloud,
            loss=NoisyLoss(loss, UPDATES, page.palette, RUNS),
            sizes=StepSizes(sizes, UPDATES, page.palette),
            formula=Formula(formula, page.palette),
            yours=Crosses(land, page.palette),
        )

    def show(self, views, values):
        start, schedule = (values["w"], values["b"]), SCHEDULES[values["schedule"]]
        sizes = schedule(values["lr"], np.arange(UPDATES))
        rows = shuffled(values["seed"]) if values["order"] == "shuffled" else IN_FILE
        runs = one_by_one(X[rows], Y[rows], start, sizes)
        batch = descend(
            LINE, GradientDescent(values["lr"]), start, PASSES,
            schedule=lambda t: schedule(1.0, t * N),
        ).w  # fmt: skip
        above, batch_above = above_minimum(runs), above_minimum(batch)
        mean, passes = above.mean(axis=1), N * np.arange(PASSES + 1)
        views.cloud.update(runs[:, 0], runs[-1], batch)
        views.loss.update(above[:, 0], mean, noise_floor(sizes), batch_above, passes)
        views.sizes.update(sizes)
        views.formula.update(*first_update(start, X[rows[0, 0]], Y[rows[0, 0]], values["lr"]))
        yours = self.compare_epochs(views.yours, values, sizes)
        return Shown(
            describe(values, sizes, runs[-1, 0], mean, batch_above[-1]) + yours,
            "Update {step} of {steps}: w = {0}, b = {1}, the loss is {2:g} above its minimum.",
            np.column_stack([runs[:, 0], above[:, 0]]),
        )

    def compare_epochs(self, crosses, values, sizes):
        """Draw a learner's epochs, each with the step size at which its pass begins."""
        if not self.learner:
            return ""
        start, seed, each = (values["w"], values["b"]), values["seed"], sizes[::N]
        words, reason = self.learner_text, ""
        if values["order"] != "shuffled":
            reason = "they shuffle the examples"
        elif (sizes.reshape(PASSES, N) != each[:, None]).any():
            reason = "they use one step size for a whole pass"
        if reason:
            words = OtherEpochs(words.noun, words.plural, hint=words.hint, reason=reason)
        expected = epochs(sgd_epoch, start, each, seed)
        return compare(
            self.learner, words, crosses, lambda fn: epochs(fn, start, each, seed), expected
        )


def explore(after=None, mine=None, **values):
    """Explore descent by single examples, its noise floor and its schedules (lesson 06).

    after: a Prediction to answer or skip first. mine: your sgd_epoch(w, b, x, y, lr, rng), of which
    three epochs are drawn as crosses. values: first values of the controls: schedule, "constant",
    "÷10 each pass", "1/t", "cosine" or "÷2 each 5"; order, "shuffled" or "as in the file"; seed of
    the orders, from 0 to 50; lr, the step size at the start, one of 0.001, 0.002, 0.003, 0.005,
    0.007, 0.01, 0.015, … 0.5; w and b of the start, from −2 to 2. Raises ValueError for other
    values.
    """
    return Stochastic(after, mine, **values)


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


def describe(values, sizes, end, mean, batch):
    """Where the runs are after three passes, and why they are there.

    sizes: (UPDATES,). end: (2,), of one run. mean: (UPDATES + 1,), the loss of the runs above its
    minimum. batch: that of batch descent at the end.
    """
    if values["order"] != "shuffled":
        return (
            f"In the order of the file every pass ends with penguins of one species, the "
            f"{PENGUINS['species'][-1]}s, and all {RUNS} runs are the same. After {PASSES} passes "
            f"w = {vector(end[:1])}, b = {vector(end[1:])}, and the loss is "
            f"{significant(mean[-1], 2)} above its minimum."
        )
    lands = "reaches it" if batch < 1e-9 else f"is {significant(batch, 2)} above it"
    state, floor = regime(values["lr"], values["schedule"], sizes, mean)
    return (
        f"{state} After {PASSES} passes the loss of the {RUNS} runs is on average "
        f"{significant(mean[-1], 2)} above its minimum{floor}. Batch descent, which takes {PASSES} "
        f"steps with the same number of gradients, {lands}."
    )


def regime(lr, schedule, sizes, mean):
    """What a step size and its schedule do to shuffled runs, and the noise floor where it counts.

    Returns a sentence, and the end of another one.
    """
    first = text(lr)
    falls = f"The step size falls from {first} to {significant(sizes[-1], 2)}"
    if lr > LIMIT:
        name = f"Step size {first} is" if schedule == "constant" else f"Step size {first} begins"
        return (
            f"{name} above {LIMIT:.3f}, the stability limit for updates by one example drawn at "
            "random: above this limit their mean loss grows without bound."
        ), ""
    floor = noise_floor([lr])[0]
    level = (
        f"; for examples drawn with replacement, the noise floor of step size {first} is "
        f"{significant(floor, 2)}"
    )
    if mean[0] < min(floor / 10, mean[-1]):
        return "The runs start close to the best line, and the noise drives them away.", level
    with np.errstate(under="ignore"):
        left = float(np.prod(1 - 2 * sizes))  # of the distance, on average
    far = f"{percent(left)} of the distance to the best line remains on average."
    frozen = 2 * N * sizes[-1] < 0.01  # another pass would take 1 % of the distance at most
    if schedule == "constant":
        if left > FAR:
            return f"Step size {first} is small: {far}", ""
        return f"With step size {first} the runs come near the best line and do not settle.", level
    if left > FAR:
        how = "so fast that the runs freeze" if frozen else "too early"
        return f"{falls} {how}: {far}", ""
    if mean[-1] < min(floor / 4, SETTLED):
        return f"{falls}, and the runs settle.", level
    if frozen:
        return f"{falls} so fast that the runs freeze before the noise has averaged out.", level
    return f"{falls}, but the runs have not settled yet.", level
