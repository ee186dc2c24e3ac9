"""Exercises of lesson 02: one step of gradient descent."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Steps, scattered


def gd_step(w, g, lr):
    return w - lr * g


def _probes():
    return [
        Steps(([2.0],), [([4.0], 0.1), ([0.3], 0.2), ([2.56], 0.25)]),
        Steps(
            ([1.0, 30.0, 0.01],),
            [([2.0, -7.0, 3e-8], 0.5), ([0.0, 11.0, -0.02], 0.05), ([-3e5, 0.5, 0.0], 1.5)],
        ),
        Steps(([3, -2],), [([1, 5], 0.25), ([-2, 1], 2)]),
        Steps(
            (np.zeros(150),),
            [(scattered(150, 1e-8, 1e6, 1), 0.3), (scattered(150, 1e-8, 1e6, 2), 0.007)],
        ),
        Steps((scattered(60, 1e-3, 1e3, 3),), [(scattered(60, 0.1, 50, 4), 12.5)]),
    ]


# fmt: off
MISTAKES = [
    Mistake("uphill", edit(("w - lr", "w + lr")),
        "Your step goes uphill. The gradient points in the direction in which the loss grows: "
        "with {given} the step should end at {expected}, and yours ends at {got}. Which sign "
        "does the step need?"),
    Mistake("no lr", either(("lr * g", "g"), ("lr * g", "lr")),
        "One of the two factors of the step is missing. With {given} the step should end at "
        "{expected}, and yours ends at {got}. Which of g and lr does your line leave out?"),
    Mistake("the step, not the point", either(("w - ", ""), ("w - ", "-")),
        "Your function returns the step instead of the new point. With {given} the new point is "
        "{expected}, and your function gives {got}. From which point is the step taken?"),
    Mistake("only the sign", edit(("* g", "* np.sign(g)")),
        "Only the sign of the gradient is used. Each coordinate therefore moves by lr or not at "
        "all, however steep the loss is, and near a minimum such a step is too long. What should "
        "make it shorter there?"),
    Mistake("normalised",
        either(("* g", "* g / np.linalg.norm(g)"), ("* g", "* g / (np.linalg.norm(g) + 1e-8)"),
               ("* g", "* g / np.sum(np.abs(g))"), ("* g", "* g / np.max(np.abs(g))")),
        "The gradient is divided by its own size. The step is therefore as long on a gentle "
        "slope as on a steep one. Which part of your function divides by the size?"),
    Mistake("divided by lr", either(("lr * g", "g / lr"), ("lr * g", "lr / g")),
        "There is a division between lr and g. With {given} the step should end at {expected}, "
        "and yours ends at {got}. A larger lr and a larger g should both make the step longer: "
        "which operation does that?"),
    Mistake("scales the point",
        either(("lr * g", "lr * w"), ("lr * g", "lr * g * w"), ("lr * g", "lr * 2 * w")),
        "Your step is proportional to w itself. A point at w = 0 could then never move, however "
        "large the gradient is. Which two quantities should the step contain?"),
    Mistake("lr on both", either(("w - lr * g", "lr * (w - g)"), ("w - lr * g", "lr * w - g")),
        "The step size multiplies the point w. With lr = 0 the point should stay where it is, "
        "but in your function it does not. Which quantity should lr multiply?"),
    Mistake("lr twice", edit(("lr * g", "lr**2 * g")),
        "The step size enters the step twice. With {given} the step should end at {expected}, "
        "and yours ends at {got}. How many times does lr appear in the rule?"),
    Mistake("squared gradient", edit(("* g", "* g**2")),
        "A power of the gradient is used. A square has no sign, so your step goes in the same "
        "direction on both sides of a valley. What distinguishes the two sides?"),
    Mistake("no sign", edit(("* g", "* np.abs(g)")),
        "The absolute value of the gradient is used. Your step therefore goes in the same "
        "direction on both sides of a valley. Which part of your line removes the sign?"),
    Mistake("a factor of 2", either(("lr * g", "2 * lr * g"), ("lr * g", "lr * g / 2")),
        "Your step is twice or half as long as it should be. With {given} it ends at {got} "
        "instead of {expected}. The 2 from a square belongs to the gradient, and g is the whole "
        "gradient. Which number in your line is not part of the rule?"),
    Mistake("lr is not used", tuple(edit(first=f"lr = {lr}") for lr in (0.1, 0.01, 0.5)),
        "The argument lr is not used. With {given} the step should end at {expected}, and yours "
        "ends at {got}. Which number in your function should be lr?"),
    Mistake("clipped",
        (*either(("lr * g", "np.clip(lr * g, -1, 1)"), ("* g", "* g / max(np.linalg.norm(g), 1)")),
         *(edit(("* g", f"* np.clip(g, -{limit}, {limit})")) for limit in (1, 5, 10, 100))),
        "Large steps or gradients are reduced to a limit. This is clipping, a rule of its own "
        "that comes in lesson 16. With {given} plain descent ends at {expected}, and your step "
        "ends at {got}. Which part of your function sets the limit?"),
    Mistake("sum for product", either(("lr * g", "lr - g"), ("lr * g", "(lr - g)")),
        "lr and g are added or subtracted instead of multiplied. With lr = 0 the point should "
        "stay where it is, but in your function it moves. Which operation makes lr scale the "
        "gradient?"),
    Mistake("one gradient for all",
        either(("* g", "* np.sum(g)"), ("* g", "* np.mean(g)"), ("* g", "* np.linalg.norm(g)"),
               ("* g", "* g[0]")),
        "All coordinates take the same step. With {given} the step should end at {expected}, and "
        "yours ends at {got}. Each coordinate has its own entry of g: which part of your line "
        "makes a single number of them?"),
    Mistake("point and gradient swapped", edit(("w - lr * g", "g - lr * w")),
        "The point and the gradient have changed places. With {given} the step should end at "
        "{expected}, and yours ends at {got}. From which of the two does a step start?"),
    Mistake("the wrong way round", edit(("w - lr * g", "lr * g - w")),
        "The point is subtracted from the step. With {given} the step should end at {expected}, "
        "and yours ends at {got}. Which of the two comes first in the difference?"),
    Mistake("whole numbers",
        (edit(("w - lr * g", "(w - lr * g).astype(w.dtype)")),
         edit(("lr * g", "(lr * g).astype(g.dtype)"))),
        "Decimals are cut off when whole numbers are passed in. With {given} the step should end "
        "at {expected}, and yours ends at {got}. Which line gives a result the type of its "
        "input?"),
    Mistake("stays", edit(("w - lr * g", "w")),
        "Your function returns the point that it was given. A step that is computed but not "
        "returned has no effect. What should the last line return?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="gd_step",
        signature="gd_step(w, g, lr)",
        reference=gd_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "The gradient g points uphill, so the step goes in the opposite direction. Its length "
            "is the step size times the size of g.",
            "At w = 2 with g = 4 and lr = 0.1, the step has length 0.4 and ends at 1.6.",
            "Return the old point minus the product of lr and g.",
        ],
        returns=("w",),
    )
]
