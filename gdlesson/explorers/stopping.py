"""The second explorer of lesson 09: training and validation loss, and when patience ends."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.patches import Polygon

from ..datasets import penguins, standardise
from ..descent import descend
from ..formatting import plural
from ..live.controls import integers, stops
from ..optimizers import GradientDescent
from ..problems import LogisticRegression
from ..views import Crosses, Lines, Panel, Row, legend_above
from .base import Explorer
from .learner import LearnerText
from .records import Shown, Views

DATA = penguins()
MASS = DATA["body_mass_g"]
MALE = (DATA["sex"] == "male").astype(float)
ORDER = np.random.default_rng(2).permutation(len(MASS))
TRAIN, VALIDATION, TEST = ORDER[:30], ORDER[30:130], ORDER[130:]
EPOCHS, BATCH, LR = 200, 10, 2.0
PATIENCE = [1, 2, 3, 5, 10, 20, 30, 50, 100]
LOWEST, HIGHEST = 0.32, 0.76  # losses in the picture
LIGHT, HEAVY = 2600, 6400  # g, the ends of the axis
CURVES = ("the kept epoch", f"epoch {EPOCHS}")
LOSSES = ("training", "validation")


class Stopping(Explorer):
    """A flexible classifier of thirty penguins, and the epoch that a patience keeps."""

    primary = "patience"
    learner_text = LearnerText("epoch", mark="a cross")

    def make_controls(self):
        return {
            "patience": stops("patience, epochs", PATIENCE, 3),
            "degree": integers("highest power", 10, 1, 10, width=300),
            "seed": integers("seed of the mini-batches", 0, 0, 9, width=300),
        }

    def draw(self, page):
        data, losses = page.panels(
            Row(
                Panel(
                    250, "body mass, g", "probability that a penguin is male", CURVES, labels="0.00"
                ),
                Panel(250, "epoch", "loss", LOSSES, labels="0.00"),
            )
        )
        palette = page.palette
        draw_penguins(data, palette)
        (last,) = data.plot([], [], "--", color=palette.path, lw=1.8, zorder=3)
        (kept,) = data.plot([], [], color=palette.ball, lw=2.4, zorder=4)
        legend_above(data, [kept, last], CURVES)
        (training,) = losses.plot([], [], "--", color=palette.path, lw=1.8, zorder=3.5)
        (validation,) = losses.plot([], [], color=palette.ball, lw=1.4, zorder=3)
        legend_above(losses, [training, validation], LOSSES)
        losses.set(xlim=(-4, EPOCHS + 4), ylim=(LOWEST, HIGHEST))
        veil = losses.add_patch(
            Polygon(np.zeros((4, 2)), fc=palette.paper, alpha=0.7, lw=0, zorder=4)
        )
        (end,) = losses.plot([], [], color=palette.ink, lw=1.4, ls=":", zorder=5)
        (lowest,) = losses.plot(
            [], [], "s", color=palette.ink, ms=13, mfc="none", mew=1.4, zorder=6
        )
        (dot,) = losses.plot([], [], "o", color=palette.ball, ms=9, mec=palette.paper, zorder=7)
        return Views(
            curves=Lines(last=last, kept=kept),
            losses=Lines(training=training, validation=validation),
            stop=Lines(veil=veil, end=end, lowest=lowest, dot=dot),
            yours=Crosses(losses, palette, size=13, joined=False),
        )

    def show(self, views, values):
        run, patience = trained(values["degree"], values["seed"]), values["patience"]
        validation = run.losses[1]
        best, end = patient(validation, patience)
        views.curves.kept.set_data(*run.curve(best))
        views.curves.last.set_data(*run.curve(EPOCHS))
        epochs = np.arange(EPOCHS + 1)
        views.losses.training.set_data(epochs, run.losses[0])
        views.losses.validation.set_data(epochs, np.minimum(validation, 9))  # far outside
        stop, lowest = views.stop, int(validation.argmin())
        stop.veil.set_xy([(end, 0), (end, 9), (2 * EPOCHS, 9), (2 * EPOCHS, 0)])
        stop.end.set_data([end, end], [LOWEST, HIGHEST])
        stop.lowest.set_data([lowest], [validation[lowest]])
        stop.dot.set_data([best], [validation[best]])
        yours = self.compare(
            views.yours,
            lambda fn: epoch_of(fn, validation, patience),
            [[best]],
            lambda epochs: np.column_stack([epochs, run.height(epochs)]),
        )
        return Shown(describe(validation, patience, best, end) + yours)


def explore(after=None, mine=None, **values):
    """Explore early stopping: which epoch a patience keeps, of a classifier that overfits (09).

    after: a Prediction to answer or skip first. mine: your best_epoch(validation_losses,
    patience), whose epoch is drawn as a cross. values: first values of the controls: patience, one
    of 1, 2, 3, 5, 10, … 100; degree, the highest power of the body mass, from 1 to 10; seed of the
    mini-batches, from 0 to 9. Raises ValueError for other values.
    """
    return Stopping(after, mine, **values)


def patient(losses, patience):
    """The epoch that is kept, and the one after which training stops; both from 0.

    Training stops when `patience` epochs in a row have brought no loss below the lowest before.
    """
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best, epoch


def epoch_of(best_epoch, losses, patience):
    """The answer of a learner's function as points (1, 1); None where it returns none."""
    answer = best_epoch(losses.copy(), patience)
    return None if answer is None else [[float(answer)]]


def draw_penguins(ax, palette):
    """The training penguins as large dots, male at 1 and female at 0, the others as small ones."""
    ax.set(xlim=(LIGHT, HEAVY), ylim=(-0.07, 1.07), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.plot(MASS[VALIDATION], MALE[VALIDATION], "|", color=palette.faint, ms=9, mew=1, zorder=2)
    ax.plot(MASS[TRAIN], MALE[TRAIN], "o", color=palette.ink, ms=6, mec=palette.paper, zorder=2.5)


@dataclass(frozen=True)
class Run:
    """Training by mini-batches on powers of the body mass.

    weights: (EPOCHS + 1, degree + 1), after each epoch. losses: (2, EPOCHS + 1), on the training
    and on the validation set. grams: (n,), and rows: (n, degree), places of the curve and their
    standardised powers.
    """

    weights: np.ndarray
    losses: np.ndarray
    grams: np.ndarray
    rows: np.ndarray

    def curve(self, epoch):
        """The model after an epoch: places in g and probabilities, (n,) each."""
        w = self.weights[epoch]
        return self.grams, np.exp(-np.logaddexp(0, -(self.rows @ w[:-1] + w[-1])))

    def height(self, epochs):
        """The validation loss at these epochs, or at the nearest that there is."""
        at = np.clip(np.nan_to_num(np.ravel(epochs)).round(), 0, EPOCHS).astype(int)
        return self.losses[1][at]


def sets(degree):
    """Training, validation and test set as problems, and what turns masses in g into their rows.

    The mass and then its powers are standardised, with means and deviations of the training set.
    """
    _, middle, spread = standardise(MASS[TRAIN])

    def powers(mass):
        return ((mass - middle) / spread)[:, None] ** np.arange(1, degree + 1)

    _, mean, scale = standardise(powers(MASS[TRAIN]))

    def rows(mass):
        return (powers(mass) - mean) / scale

    problems = [
        LogisticRegression(rows(MASS[each]), MALE[each]) for each in (TRAIN, VALIDATION, TEST)
    ]
    return problems, rows


@lru_cache(maxsize=100)
def trained(degree, seed=0):
    """The `Run` of this highest power and this order of the mini-batches."""
    (training, validation, _), rows = sets(degree)
    each = len(TRAIN) // BATCH  # updates in an epoch
    batches = training.batches(BATCH, rng=seed)
    path = descend(training, GradientDescent(LR), steps=EPOCHS * each, batches=batches)
    weights = path.w[::each]
    grams = np.linspace(LIGHT, HEAVY, 120)
    losses = np.stack([training.f(weights), validation.f(weights)])
    return Run(weights, losses, grams, rows(grams))


def describe(losses, patience, best, end):
    """Where this patience stops, which epoch it keeps, and the best epoch of all."""
    lowest = int(losses.argmin())
    ends = f"training stops after epoch {end}"
    if end - best < patience:
        ends = f"training goes on to the last epoch, {EPOCHS}"
    text = (
        f"With a patience of {plural(patience, 'epoch')} {ends}. The best epoch so far is {best}, "
        f"with a validation loss of {losses[best]:.3f}"
    )
    if best == lowest:
        return f"{text}, which is the lowest of all {EPOCHS} epochs."
    return f"{text}; the lowest of all {EPOCHS} epochs is {losses[lowest]:.3f}, at epoch {lowest}."
