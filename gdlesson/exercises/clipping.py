"""Exercise of lesson 16: a gradient that is shortened to a limit."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, scattered


def clip_by_norm(g, limit):
    norm = np.sqrt(np.sum(g**2))
    if norm > limit:
        return g * limit / norm
    return g


def _gradient_probes():
    """Gradients from 1 to 40 numbers, shorter and longer than the limit, 0, and a matrix."""
    return [
        Call([3.0, 4.0], 1.0),
        Call([3.0, 4.0], 10.0),
        Call([0.3, -0.4, 0.0], 1.0),
        Call([0.0, 0.0], 1.0, note="a gradient of 0"),
        Call([-7.0], 2.0),
        Call([5.0, -12.0, 84.0], 0.5),
        Call([0.9, 0.8, -0.7], 1.0, note="each number is below the limit, their norm above it"),
        Call([3, 4], 2, note="whole numbers"),
        Call([[2.0, -3.0], [6.0, 0.5]], 3.0, note="a matrix"),
        Call(scattered(40, 1e-3, 20, 5), 5.0),
        Call(scattered(40, 1e-3, 0.1, 6), 5.0),
    ]


LONG, SHORTER = "norm > limit", "g * limit / norm"

# fmt: off
CLIP_MISTAKES = [
    Mistake("each number clipped",
        (edit(("norm = np.sqrt(np.sum(g**2))", "return np.clip(g, -limit, limit)")),
         edit(("norm = np.sqrt(np.sum(g**2))", "return np.minimum(g, limit)"))),
        "You clip each number of the gradient on its own, which turns the gradient. [3, 4] with "
        "limit 1 becomes [1, 1] instead of [0.6, 0.8]. By which one factor should all of them be "
        "multiplied?"),
    Mistake("always rescaled", edit((LONG, "norm > 0")),
        "You also lengthen gradients that are shorter than the limit. A small gradient near a "
        "minimum should stay small. When should nothing be changed?"),
    Mistake("always divided", edit((LONG, "True")),
        "You divide by the norm also where the gradient is short, and a gradient of 0 becomes not "
        "a number. When should nothing be changed?"),
    Mistake("wrong way round", edit((LONG, "norm < limit")),
        "You change the gradients that are shorter than the limit, and leave the long ones. "
        "Which of the two should be shortened?"),
    Mistake("length 1", either((SHORTER, "g / norm")),
        "A long gradient gets the length 1 whatever the limit is. Your function is right only for "
        "limit = 1. Which length should the result have?"),
    Mistake("limit over 1", edit((SHORTER, "g * limit")),
        "You multiply by the limit without dividing by the norm. The result is then longer the "
        "longer the gradient was. Which factor makes its length equal to the limit?"),
    Mistake("divided by the limit", either((SHORTER, "g / limit"), (SHORTER, "g * norm / limit")),
        "The limit is in the denominator. With {given} your function gives {got} instead of "
        "{expected}. Which factor makes the length of g equal to the limit?"),
    Mistake("square of the norm",
        (edit(("np.sqrt(np.sum(g**2))", "np.sum(g**2)"))),
        "You use the sum of the squares as the length. The length of [3, 4] is 5 and not 25. "
        "Which root is missing?"),
    Mistake("another length",
        either(("np.sqrt(np.sum(g**2))", "np.max(np.abs(g))"),
               ("np.sqrt(np.sum(g**2))", "np.sum(np.abs(g))"),
               ("np.sqrt(np.sum(g**2))", "np.sqrt(np.mean(g**2))")),
        "You measure another length of the gradient, such as its largest number or the sum of the "
        "sizes. The norm of [3, 4] is 5. Which formula gives 5?"),
    Mistake("set to zero", edit((SHORTER, "0.0 * g")),
        "You drop a long gradient altogether. Its direction is still right, and only its length "
        "is too large. Which length should it have?"),
    Mistake("limit in every number", edit((SHORTER, "limit * np.sign(g)")),
        "Every number of a long gradient becomes the limit, with its sign. This changes the "
        "direction. By which one factor should all numbers be multiplied?"),
    Mistake("limit subtracted",
        either((SHORTER, "g - limit"), (SHORTER, "g * (norm - limit) / norm")),
        "You subtract the limit from a long gradient. Its length should become the limit. Which "
        "factor turns the length norm into the length limit?"),
    Mistake("length lost", either((SHORTER, "limit")),
        "You return the limit in place of a gradient. The result should have as many numbers as "
        "g and the same direction. What is multiplied by limit/norm?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="clip_by_norm",
        signature="clip_by_norm(g, limit)",
        reference=clip_by_norm,
        mistakes=CLIP_MISTAKES,
        probes=_gradient_probes,
        hints=[
            "The norm of g is the root of the sum of its squares.",
            "If the norm is at most the limit, return g as it is.",
            "Otherwise multiply g by limit divided by the norm: then its norm is the limit.",
        ],
        returns=("the clipped gradient",),
    ),
]
