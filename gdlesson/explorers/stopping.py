"""The second explorer of lesson 07: training and validation loss, and when to stop."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..datasets import standardise
from ..descent import descend
from ..live.controls import integers, stops
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..views import Lines, Panel, Row, legend_above, log_axis
from .base import Explorer
from .penguin_line import FLIPPER, MASS, N, X, Y
from .records import Views

ORDER = np.random.default_rng(0).permutation(N)
TRAIN, VALIDATION = ORDER[:30], ORDER[30:]
LAST = 20_000
STOPS = {4: 220, 5: 184, 6: 141, 7: 111, 8: 113, 9: 88, 10: 368}  # degree → lowest validation loss
MARKS = sorted({0, LAST, *(round(10 ** (k / 10)) for k in range(44)), *STOPS.values()})
NAMES = ("training", "validation", "lowest")


class Stopping(Explorer):
    """A polynomial fitted to thirty penguins, and its loss on them and on the others."""

    primary = "epochs"
    redrawn_by = ("degree",)

    def make_controls(self):
        return {
            "epochs": stops("epochs", MARKS, LAST),
            "degree": integers("highest power", 10, 1, 10, width=300),
        }

    def buttons(self):
        return {"Stop early": self.stop}

    def stop(self):
        self.set(epochs=STOPS.get(self.controls["degree"].value, LAST))

    def draw(self, page, degree):
        data, loss = page.panels(
            Row(
                Panel(232, "flipper length, mm", "body mass, g"),
                Panel(232, "epoch, log scale", "loss, log", NAMES),
            )
        )
        palette, training = page.palette, trained(degree)
        draw_penguins(data, palette)
        data.plot(FLIPPER[TRAIN], MASS[TRAIN], "o", color=palette.path, ms=5.5, mec=palette.paper)
        (curve,) = data.plot([], [], color=palette.ball, lw=2.2, zorder=4)
        log_axis(loss.xaxis, 0.9, 2.6e4, ticks=[1, 11, 101, 1001, 10_001])  # epoch 0 is at 1
        loss.set_xticklabels(["0", "10", "100", "1,000", "10,000"])
        log_axis(loss.yaxis, 0.1, 2, ticks=[0.1, 0.2, 0.5, 1, 2])
        few = np.unique(np.geomspace(1, LAST + 1, 300).astype(int))
        lines = [
            loss.plot(few, losses[few - 1], dash, color=colour, lw=2)[0]
            for losses, dash, colour in (
                (training.loss, "-", palette.path),
                (training.validation, "--", palette.ball),
            )
        ]
        if training.overfits:
            lines.append(loss.axvline(training.best + 1, color=palette.ink, lw=1, ls=":"))
        legend_above(loss, lines, NAMES[: len(lines)])
        (mark,) = loss.plot([], [], color=palette.ink, lw=1.2, zorder=3)
        (dots,) = loss.plot([], [], "o", color=palette.ink, ms=8, mec=palette.paper, zorder=6)
        return Views(fitted=Lines(curve=curve, mark=mark, dots=dots))

    def show(self, views, values):
        training, now = trained(values["degree"]), values["epochs"]
        views.fitted.curve.set_data(*training.curve(now))
        views.fitted.mark.set_data([now + 1] * 2, [0.1, 2])
        losses = [training.loss[now], training.validation[now]]
        views.fitted.dots.set_data([now + 1] * 2, losses)
        return describe(training, values["degree"], now)


def stopping(**values):
    """Explore the training and the validation loss of a polynomial, and when to stop (lesson 07).

    values: first values of the controls: epochs, from 0 to 20,000, not all whole numbers; degree,
    the highest power of the flipper length, from 1 to 10. Raises ValueError for other values.
    """
    return Stopping(**values)


def draw_penguins(ax, palette):
    """All penguins as small dots over flipper length and mass, and the limits of the axes."""
    ax.plot(FLIPPER, MASS, "s", color=palette.faint, ms=2.2, mew=0, zorder=2, antialiased=False)
    ax.set(xlim=(168, 235), ylim=(2400, 6700), yticks=[3000, 4000, 5000, 6000])


@dataclass(frozen=True)
class Training:
    """Batch descent on powers of the flipper length.

    weights: epoch → (degree + 1,), for those in `MARKS`. loss, validation: (LAST + 1,), after each
    epoch. best: the epoch of the lowest validation loss. mm: (n,), and columns: (n, degree + 1),
    the places of the curve and their standardised powers.
    """

    weights: dict
    loss: np.ndarray
    validation: np.ndarray
    best: int
    mm: np.ndarray
    columns: np.ndarray

    def curve(self, epoch):
        """The model after an epoch: places in mm and masses in g, (n,) each."""
        return self.mm, MASS.mean() + MASS.std() * (self.columns @ self.weights[epoch])

    @property
    def overfits(self):
        """Whether the validation loss rises again after its lowest value."""
        return self.validation[-1] > self.validation[self.best] * (1 + 1e-6)


@lru_cache(maxsize=10)
def trained(degree):
    """The `Training` of a polynomial of this degree. The validation rows have no part in it."""
    powers = X[:, None] ** np.arange(1, degree + 1)
    rows, mean, scale = standardise(powers[TRAIN])
    path = descend(LinearRegression(rows, Y[TRAIN]), GradientDescent(0.05), steps=LAST)
    validation = LinearRegression((powers[VALIDATION] - mean) / scale, Y[VALIDATION]).f(path.w)
    mm = np.linspace(168, 235, 120)
    z = ((mm - FLIPPER.mean()) / FLIPPER.std())[:, None] ** np.arange(1, degree + 1)
    return Training(
        {mark: path.w[mark].copy() for mark in MARKS},
        path.loss,
        validation,
        int(validation.argmin()),
        mm,
        np.column_stack([(z - mean) / scale, np.ones(len(mm))]),
    )


def describe(training, degree, now):
    """Both losses after an epoch, and where the validation loss is lowest."""
    powers = "the first power only" if degree == 1 else f"powers up to {degree}"
    text = (
        f"With {powers}, the training loss at epoch {now:,} is {training.loss[now]:.3f} and the "
        f"validation loss {training.validation[now]:.3f}."
    )
    if not training.overfits:
        return f"{text} The validation loss does not rise again within {LAST:,} epochs."
    if now == training.best:
        return f"{text} Here the validation loss is lowest."
    lowest = training.validation[training.best]
    return f"{text} The validation loss is lowest, {lowest:.3f}, at epoch {training.best:,}."
