"""The explorer of lesson 18: the largest curvature of a network's loss while it is trained."""

import numpy as np

from ..formatting import significant
from ..live.controls import choice, stops
from ..live.prediction import Prediction
from ..views import Lines, Panel, Row, legend_above, log_axis
from .live_training import LiveTraining
from .records import Views
from .sharpness_training import STEPS, WARM_UP, training_of

RATES = [0.1, 0.15, 0.25, 0.35, 0.6]
LOSSES = {"squared error": "squared", "cross-entropy": "cross-entropy"}
BATCHES = {"all 600": None, "100": 100, "32": 32, "8": 8}
WARM_UPS = {"none": False, f"{WARM_UP} steps": True}
LEGEND = ("largest curvature", "2/lr")
HIGHEST = 22  # of the axis of the curvature: 2/lr at the smallest step size is 20

climb_question = Prediction(
    question=(
        "A network is trained by steps of size 0.15 with all digits. At the start the largest "
        "curvature of its loss is 11.3, below 2/lr = 13.3. What does the largest curvature do in "
        "2000 steps?"
    ),
    choices=(
        "It falls: training finds flatter and flatter places.",
        "It rises, and in the end it hovers near 13.3.",
        "It rises far above 13.3, and training diverges.",
    ),
    answer="It rises, and in the end it hovers near 13.3.",
    because=(
        "With this loss the largest curvature grows as long as descent is stable. Above 2/lr "
        "descent overshoots in the direction of this curvature, which brings the curvature down "
        "again."
    ),
    about={"lr": 0.15, "loss": "squared error", "batch": "all 600", "warm": "none"},
    name="edge_of_stability",
)


class Sharpness(LiveTraining):
    """The largest curvature and the loss along a training, as it goes on."""

    primary = "lr"

    def make_controls(self):
        return {
            "lr": stops("learning rate lr", RATES, 0.1),
            "loss": choice(LOSSES, description="loss"),
            "batch": choice(BATCHES, description="digits in a step"),
            "warm": choice(WARM_UPS, description="warm-up"),
        }

    def draw(self, page):
        curvature, loss = page.panels(
            Row(
                Panel(250, "step", "curvature", LEGEND, "20"),
                Panel(250, "step", "loss on all digits, log scale", labels="10⁻³"),
            )
        )
        palette = page.palette
        curvature.set(ylim=(0, HIGHEST), yticks=range(0, HIGHEST, 5))
        log_axis(loss.yaxis, 3e-4, 30)
        for ax in (curvature, loss):
            ax.set(xlim=(-0.02 * STEPS, 1.02 * STEPS), xticks=range(0, STEPS + 1, 500))
            ax.grid(axis="y")
        (limit,) = curvature.plot([], [], "--", color=palette.ball, lw=1.6, zorder=3)
        (largest,) = curvature.plot([], [], "o-", color=palette.path, lw=1.4, ms=3.5, zorder=4)
        (fall,) = loss.plot([], [], "-", color=palette.path, lw=1.4, zorder=4)
        legend_above(curvature, [largest, limit], LEGEND)
        return Views(lines=Lines(limit=limit, largest=largest, fall=fall))

    def training(self, values):
        return training_of(
            values["lr"], LOSSES[values["loss"]], BATCHES[values["batch"]], WARM_UPS[values["warm"]]
        )

    def update(self, views, training, values):
        return update(views, training, values)


def explore(after=None, **values):
    """Explore the largest curvature along the training of a network (lesson 18).

    after: a Prediction to answer or skip first. values: first values of the controls: lr, one of
    0.1, 0.15, 0.25, 0.35 and 0.6; loss, "squared error" or "cross-entropy"; batch, "all
    600", "100", "32" or "8" digits in a step; warm, "none" or "500 steps". Raises ValueError for
    other values.
    """
    return Sharpness(after, **values)


def update(views, training, values):
    """Show a training as far as it has come; returns its readout."""
    steps = np.arange(0, STEPS + 1, 10)
    views.lines.limit.set_data(steps, [2 / training.rate(t) for t in steps])
    views.lines.largest.set_data(training.at, training.curvature)
    views.lines.fall.set_data(np.arange(len(training.loss)), training.loss)
    return describe(values, training)


def describe(values, training):
    """How far the training is, its largest curvature next to 2/lr, and what the loss did."""
    lr = values["lr"]
    text = f"Learning rate {lr:g} with {values['loss']}, {values['batch']} digits in a step"
    text += f" and a warm-up of {values['warm']}: " if training.warm else ": "
    if training.diverged:
        text += f"descent diverges within the first {training.steps + 1} steps. At step "
        text += f"{training.at[-1]} the largest curvature was "
        return text + f"{significant(training.curvature[-1], 3)}, and 2/lr is {2 / lr:.1f}."
    ups = int((np.diff(training.loss) > 0).sum())
    text += f"after {training.steps} of {STEPS} steps the largest curvature is "
    text += f"{significant(training.curvature[-1], 3)}"
    text += f", and 2/lr is {2 / training.rate(training.steps):.1f}. The loss "
    text += f"went from {significant(training.loss[0], 3)} to {significant(training.loss[-1], 2)}"
    return text + (
        f", but it rose in {ups} of the steps." if ups else ", and it fell in each step."
    )
