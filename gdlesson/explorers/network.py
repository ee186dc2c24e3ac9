"""The explorer of lesson 16: a network of one hidden layer learns to read digits."""

import numpy as np

from ..formatting import listed, significant
from ..live.controls import choice, integers, stops
from ..live.prediction import Prediction
from ..views import Lines, Panel, Row, WeightPictures, legend_above, log_axis
from .live_training import LiveTraining
from .network_training import BATCHES, EPOCHS, LIMIT, STARTS, training_of
from .records import Views

RATES = [0.03, 0.1, 0.3, 0.7, 1.0, 1.4, 2.0]
SCHEDULES = {"constant": False, "warm-up, then cosine": True}
CLIPPING = {"none": False, "norm at most 1": True}
GUESSING = np.log(10)
LEGEND = ("training", "validation", "guessing")
SCALE = 0.6  # the size of a weight in full colour

zero_question = Prediction(
    question=(
        "The network has 64 inputs, 32 hidden units and 10 outputs. Guessing among ten digits "
        "has the loss ln 10 = 2.30. Suppose that all weights and biases are 0 at the start. What "
        "is the loss on the training digits after 20 epochs at a learning rate that suits random "
        "weights?"
    ),
    choices=(
        "Near 0: the gradient moves the weights away from 0.",
        "Near 2.3: the network has learned almost nothing.",
        "Far above 2.3: it diverges.",
    ),
    answer="Near 2.3: the network has learned almost nothing.",
    because=(
        "All hidden outputs are 0, so the weights behind them have no gradient; and these weights "
        "are 0, so no gradient reaches the first layer. Only the ten biases of the scores learn."
    ),
    about={"start": "all 0", "lr": 0.3, "batch": 32, "schedule": "constant", "clip": "none"},
    name="zero_start",
)


class NetworkTraining(LiveTraining):
    """The loss of a network as it is trained, and the weights of its hidden units."""

    primary = "lr"

    def make_controls(self):
        return {
            "lr": stops("learning rate lr", RATES, 0.3),
            "batch": choice(BATCHES, 32, "batch size"),
            "schedule": choice(SCHEDULES, description="schedule"),
            "clip": choice(CLIPPING, description="clipping"),
            "start": choice(STARTS, description="start"),
            "epoch": integers("shown after epoch", EPOCHS, 0, EPOCHS, width=360),
        }

    def draw(self, page):
        loss, weights = page.panels(
            Row(
                Panel(224, "epoch", "loss, log", LEGEND, "10⁻⁴"),
                Panel(224, "", "weights into each of the 32 hidden units", labels=""),
            )
        )
        palette = page.palette
        log_axis(loss.yaxis, 1e-4, 300)
        loss.set(xlim=(-0.3, EPOCHS + 0.3), xticks=range(0, EPOCHS + 1, 5))
        loss.grid(axis="y")
        guessing = loss.axhline(GUESSING, color=palette.ink, ls=":", lw=1.2, zorder=2)
        (training,) = loss.plot([], [], "-", color=palette.path, lw=1.6, zorder=4)
        (validation,) = loss.plot([], [], "--", color=palette.ball, lw=1.6, zorder=3)
        (here,) = loss.plot([], [], "o", color=palette.path, ms=6, mec=palette.paper, zorder=5)
        legend_above(loss, [training, validation, guessing], LEGEND)
        return Views(
            loss=Lines(training=training, validation=validation, here=here),
            weights=WeightPictures(weights, (4, 8), 8, SCALE, palette),
        )

    def training(self, values):
        return training_of(
            values["lr"], values["batch"], SCHEDULES[values["schedule"]],
            CLIPPING[values["clip"]], values["start"],
        )  # fmt: skip

    def update(self, views, training, values):
        return update(views, training, values)


def explore(after=None, **values):
    """Explore how a network of one hidden layer learns to read handwritten digits (lesson 16).

    after: a Prediction to answer or skip first. values: first values of the controls: lr, one of
    0.03, 0.1, 0.3, 0.7, 1, 1.4 and 2; batch, 8, 32, 128 or 400; schedule, "constant" or "warm-up,
    then cosine"; clip, "none" or "norm at most 1"; start, "random", "all 0" or "10 times larger";
    epoch, the one that is shown, 0 to 20. Raises ValueError for other values.
    """
    return NetworkTraining(after, **values)


def update(views, training, values):
    """Show a training as far as it has come; returns its readout."""
    epoch = min(values["epoch"], training.epoch)
    done = training.at <= epoch
    at, loss = training.at[done], training.loss[done]
    views.loss.training.set_data(at, loss)
    views.loss.validation.set_data(at, training.validation[done])
    views.loss.here.set_data(at[-1:], loss[-1:])
    first, _ = training.problems.train.unpack(training.w[epoch])
    views.weights.update(first[0])
    return describe(values, training, epoch)


def describe(values, training, epoch):
    """The settings, the losses and the digits read after an epoch, and how far the loss rose."""
    read, read_validation = training.read(epoch)
    done = training.at <= epoch
    loss, peak = training.loss[done], training.loss[done].argmax()
    settings = [f"batches of {values['batch']}", f"learning rate {values['lr']:g}"]
    settings += [values["schedule"]] * SCHEDULES[values["schedule"]]
    settings += [f"gradients clipped at {LIMIT:g}"] * CLIPPING[values["clip"]]
    text = f"{listed(settings).capitalize()}: after epoch {epoch} of {EPOCHS}"
    text += f" ({epoch * training.updates} updates) the training loss is "
    text += f"{significant(loss[-1], 2)} and the validation loss "
    text += f"{significant(training.validation[done][-1], 2)}; the network reads {read} of the "
    text += f"400 training digits and {read_validation} of the 100 validation digits."
    if loss[peak] > 1.5 * loss[0] and peak > 0:
        text += f" The training loss rose to {significant(loss[peak], 2)}"
        text += f" at epoch {training.at[peak]:.1f}."
    elif epoch and values["start"] == "all 0":
        text += " It has learned no more than how frequent each digit is."
    return text
