"""An exercise of lesson 09: the epoch that early stopping keeps."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call


def best_epoch(validation_losses, patience):
    best = 0
    for epoch in range(len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def _epoch_probes():
    """Losses of which the last one, the lowest of all or one of two equal ones misleads."""
    short = np.array([0.7, 0.5, 0.6, 0.4, 0.8])
    bumpy = np.array([0.69, 0.58, 0.62, 0.6, 0.55, 0.57, 0.56, 0.59, 0.5, 0.52, 0.48, 0.6])
    back = np.array([0.9, 0.7, 0.8, 0.75, 0.72, 0.71, 0.6, 0.65])  # falls without a new lowest
    ties = np.array([0.8, 0.5, 0.6, 0.5, 0.5, 0.7, 0.5, 0.4, 0.9])
    late = np.array([1.0, 1.2, 1.1, 0.9, 1.3, 0.95, 1.4, 0.93, 0.5, 0.6, 0.7, 0.3])
    return [
        *(Call(short, patience) for patience in (1, 2, 3)),
        Call(np.array([0.7, 0.5, 0.6, 0.5, 0.4]), 2),
        *(Call(bumpy, patience) for patience in (1, 2, 3, 5, 20)),
        *(Call(back, patience) for patience in (2, 4, 5)),
        *(Call(ties, patience) for patience in (2, 4, 10)),
        *(Call(late, patience) for patience in (1, 2, 3, 4, 5)),
        Call(np.array([2.0, 1.5, 1.2, 0.9, 0.4]), 1, note="a loss that falls in every epoch"),
        Call(np.array([0.3, 0.5, 0.4, 0.6]), 2, note="a loss that is lowest at epoch 0"),
        Call(np.array([0.3]), 3, note="a single epoch"),
        Call(np.array([7.0, 3.0, 5.0, 4.0, 6.0, 1.0]), 3),
    ]


def _not_in_a_row(validation_losses, patience):
    """Count all epochs without improvement, also those with one in between."""
    best, bad = 0, 0
    for epoch in range(1, len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        else:
            bad += 1
        if bad >= patience:
            break
    return best


def _compared_with_the_epoch_before(validation_losses, patience):
    """An epoch without improvement is one with a loss above that of the epoch before."""
    best, bad = 0, 0
    for epoch in range(1, len(validation_losses)):
        better = validation_losses[epoch] < validation_losses[epoch - 1]
        bad = 0 if better else bad + 1
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        if bad >= patience:
            break
    return best


BETTER, WAITS, KEPT = "[epoch] < validation_losses[best]", "epoch - best >= patience", "return best"

# fmt: off
EPOCH_MISTAKES = [
    Mistake("patience without effect", edit(("            break", "            pass")),
        "Your function goes through all losses, whatever the patience is. With {given} it returns "
        "{got}, an epoch that training with this patience never reaches. What ends your loop?"),
    Mistake("stops at the first rise", edit((WAITS, "epoch > best")),
        "Training stops at the first epoch without improvement. That is a patience of 1, but a "
        "larger one allows some bad epochs. How many epochs have passed since the best one?"),
    Mistake("the epoch at which training stops",
        (edit((KEPT, "return epoch")), edit(("            break", "            return epoch"))),
        "You return the epoch at which training stops. The parameters that are kept are those of "
        "the lowest validation loss, some epochs before. Which variable holds that epoch?"),
    Mistake("patience counted back",
        either((KEPT, "return epoch - patience"), (KEPT, "return max(epoch - patience, 0)")),
        "You count back from the last epoch by the patience. That is the best epoch only if "
        "patience ended the training. What if the losses end before patience does?"),
    Mistake("the epoch before the last",
        (edit((KEPT, "return epoch - 1")),
         edit(("            break", "            return epoch - 1"))),
        "You return the epoch before the one at which training stops. The best epoch can be any "
        "number of epochs before the end. Which variable holds it?"),
    Mistake("the loss instead of the epoch",
        (edit((KEPT, "return validation_losses[best]")),
         edit(("            break", "            return validation_losses[best]"))),
        "You return the lowest validation loss. The number of its epoch is asked for. What is the "
        "position of this loss in the list?"),
    Mistake("epochs counted from 1", edit((KEPT, "return best + 1")),
        "Your epoch is one too large. The first loss, before any step, belongs to epoch 0. With "
        "which number does your count begin?"),
    Mistake("epoch 0 left out",
        (edit(("best = 0", "best = 1")),
         edit(("best = 0", "best = 1"), ("range(len", "range(1, len")),
         edit(("best = 0", "best = 1"), ("range(len", "range(2, len"))),
        "The loss at epoch 0 does not count in your function. It is the loss before the first "
        "step, and it can be the lowest. With which epoch does your comparison begin?"),
    Mistake("one epoch too patient", edit((WAITS, "epoch - best > patience")),
        "Training goes on for one epoch too many. With a patience of 1 it stops after one epoch "
        "without improvement. Does your comparison include equality?"),
    Mistake("one epoch too impatient",
        either((WAITS, "epoch - best >= patience - 1 and epoch > best"),
               (WAITS, "epoch - best >= patience - 1")),
        "Training stops one epoch too early. With a patience of 2, two epochs in a row must be "
        "without improvement. How many have passed when your loop ends?"),
    Mistake("a tie counted as an improvement", edit((BETTER, "[epoch] <= validation_losses[best]")),
        "A loss that is equal to the lowest one counts as an improvement in your function. Then "
        "the last of several equal losses is kept, and patience begins again. Which comparison "
        "excludes equality?"),
    Mistake("the highest loss", edit((BETTER, "[epoch] > validation_losses[best]")),
        "You keep the epoch with the highest loss. A loss measures how wrong the model is. In "
        "which direction should your comparison point?"),
    Mistake("bad epochs not in a row", _not_in_a_row,
        "You count all epochs without improvement. Patience counts those in a row, so an "
        "improvement sets the count back to 0. Where does your function do this?"),
    Mistake("compared with the epoch before",
        (_compared_with_the_epoch_before,
         edit((BETTER, "[epoch] < validation_losses[epoch - 1]"))),
        "You compare each loss with that of the epoch before. An improvement is a loss below all "
        "earlier ones. With which loss should a new one be compared?"),
    Mistake("compared with the first loss", edit((BETTER, "[epoch] < validation_losses[0]")),
        "You compare each loss with the first one. An improvement is a loss below the lowest so "
        "far. Which variable should the comparison use?"),
    Mistake("only the first epochs",
        (edit(("(len(validation_losses))", "(min(patience, len(validation_losses)))")),
         edit(("(len(validation_losses))", "(min(patience + 1, len(validation_losses)))"))),
        "You use the first losses only, as many as patience says. Patience is counted from the "
        "last improvement, not from the start. When does the count begin again?"),
    Mistake("the last loss is never seen",
        edit(("(len(validation_losses))", "(len(validation_losses) - 1)")),
        "Your loop ends before the last loss. Where the loss falls to the end, the last epoch is "
        "the best. At which number does range end?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="best_epoch",
        signature="best_epoch(validation_losses, patience)",
        reference=best_epoch,
        mistakes=EPOCH_MISTAKES,
        probes=_epoch_probes,
        hints=[
            "Go through the losses in their order, and store the epoch of the lowest one so far.",
            "The number of epochs in a row without improvement is the present epoch minus the "
            "best one so far.",
            "End the loop as soon as this number reaches the patience. Then return the best epoch.",
        ],
        returns=("the epoch",),
    ),
]
