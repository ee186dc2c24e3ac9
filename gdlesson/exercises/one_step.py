"""Exercises of one_step."""

import numpy as np

from ..checking.exercise import Exercise, Mistake
from ..checking.probes import Steps

X, Y = np.array([-1.0, 1.0, 2.0]), np.array([-2.0, 0.0, 2.0])


def gd_step(w, g, lr):
    return w - lr * g


def _probes():
    return [
        Steps(
            (np.array([2.0]),),
            [(np.array([4.0]), 0.1), (np.array([3.2]), 0.1), (np.array([2.56]), 0.25)],
        ),
        Steps(
            (np.array([1.0, 30.0, 0.01]),),
            [
                (np.array([2.0, -7.0, 3e-8]), 0.5),
                (np.array([0.0, 11.0, -0.02]), 0.05),
                (np.array([-300.0, 0.5, 0.0]), 1.5),
            ],
        ),
        Steps((np.array([3, -2]),), [(np.array([1, 5]), 0.25), (np.array([-2, 1]), 2)]),
    ]


def _unit(g):
    return g / np.linalg.norm(g)


MISTAKES = [
    Mistake(
        "uphill",
        lambda w, g, lr: w + lr * g,
        "Your step goes uphill: with {given} it lands at {got}. The gradient points where the "
        "loss grows; which way should we go?",
    ),
    Mistake(
        "no lr",
        (lambda w, g, lr: w - g, lambda w, g, lr: w - lr),
        "With {given} the step should end at {expected} and ends at {got}. Two things make a "
        "step, how steep it is and how far we dare: which one is missing in yours?",
    ),
    Mistake(
        "the step, not the point",
        (
            lambda w, g, lr: lr * g,
            lambda w, g, lr: -lr * g,
        ),
        "That is the step itself. The ball asks where it is afterwards: what does the step have "
        "to be taken from?",
    ),
    Mistake(
        "only the sign",
        (
            lambda w, g, lr: w - lr * np.sign(g),
            lambda w, g, lr: w + lr * np.sign(g),
        ),
        "Every step has the same length, however steep it is: only the sign of the gradient is "
        "used. Near the bottom such a step is too long. What should make it shorter there?",
    ),
    Mistake(
        "normalised",
        (
            lambda w, g, lr: w - lr * _unit(g),
            lambda w, g, lr: w - lr * g / np.sum(np.abs(g)),
            lambda w, g, lr: w - lr * g / np.max(np.abs(g)),
        ),
        "The gradient is given the length 1 before it is used, so the step is no shorter where "
        "the slope is gentle. Which line divides by its length?",
    ),
    Mistake(
        "divided by lr",
        (lambda w, g, lr: w - g / lr, lambda w, g, lr: w - lr / g),
        "A larger step size should make a longer step. With {given} yours ends at {got} and "
        "should end at {expected}: look at the division.",
    ),
    Mistake(
        "scales the point",
        (
            lambda w, g, lr: (1 - lr) * w,
            lambda w, g, lr: w - lr * w,
            lambda w, g, lr: w * (1 - lr * g),
            lambda w, g, lr: w - lr * g * w,
            lambda w, g, lr: w - lr * 2 * w,
        ),
        "The point itself is multiplied, so a ball at 0 could never leave it. What is subtracted "
        "should come from the gradient and the step size alone.",
    ),
    Mistake(
        "lr on both",
        (lambda w, g, lr: lr * (w - g), lambda w, g, lr: lr * w - g),
        "The step size shrinks the point too: with lr = 0 the ball would jump to 0 or run "
        "without you. What should lr = 0 do, and where does lr belong then?",
    ),
    Mistake(
        "lr twice",
        lambda w, g, lr: w - lr**2 * g,
        "The direction is right and the length is not: with {given} the step ends at {got}, not "
        "at {expected}. How often does lr enter?",
    ),
    Mistake(
        "squared gradient",
        lambda w, g, lr: w - lr * g**2,
        "A square has no sign: your step goes left on both sides of the valley. What tells the "
        "two sides apart?",
    ),
    Mistake(
        "no sign",
        lambda w, g, lr: w - lr * np.abs(g),
        "The length is right, and your step goes left on both sides of the valley: the sign of "
        "the gradient is lost. Which part of your line takes it away?",
    ),
    Mistake(
        "a factor of 2",
        (lambda w, g, lr: w - 2 * lr * g, lambda w, g, lr: w - lr * g / 2),
        "The direction is right and the length is not: with {given} the step ends at {got}, not "
        "at {expected}. A 2 may stand in the gradient of one loss or another; what does a step do "
        "with the gradient it is handed?",
    ),
    Mistake(
        "lr is not used",
        tuple(lambda w, g, lr, k=k: w - k * g for k in (0.1, 0.01, 0.001, 0.5)),
        "Your step takes the same share of the gradient whatever lr is: with {given} it ends at "
        "{got}, not at {expected}. Which number stands where the step size belongs?",
    ),
    Mistake(
        "clipped",
        (
            lambda w, g, lr: w - np.clip(lr * g, -1, 1),
            lambda w, g, lr: w - lr * np.clip(g, -1, 1),
        ),
        "What is beyond 1 is cut off: that is clipping, a rule of its own which lesson 13 names. "
        "With {given} you land at {got} and plain descent at {expected}.",
    ),
    Mistake(
        "sum for product",
        (lambda w, g, lr: w - lr - g, lambda w, g, lr: w - (lr - g)),
        "Step size and gradient are added up, so with lr = 0 the ball still moves. Which of the "
        "two should stretch or shrink the other?",
    ),
    Mistake(
        "one gradient for all",
        (
            lambda w, g, lr: w - lr * np.sum(g),
            lambda w, g, lr: w - lr * np.mean(g),
            lambda w, g, lr: w - lr * np.linalg.norm(g),
            lambda w, g, lr: w - lr * g[0],
        ),
        "Right for one coordinate, not for three: all coordinates take the same step. Each has "
        "its own slope; what became of them?",
    ),
    Mistake(
        "point and gradient swapped",
        lambda w, g, lr: g - lr * w,
        "Point and gradient have changed places. Which of the two do we start from?",
    ),
    Mistake(
        "whole numbers",
        (
            lambda w, g, lr: (w - lr * g).astype(np.asarray(w).dtype),
            lambda w, g, lr: w - (lr * g).astype(np.asarray(g).dtype),
            lambda w, g, lr: w - int(lr) * g if isinstance(lr, int) else w - lr * g // 1,
        ),
        "Right for 2.0 and wrong for 3: whole numbers stay whole and the rest is cut off. Which "
        "line turns the result back?",
    ),
    Mistake(
        "stays",
        lambda w, g, lr: w + 0.0,
        "The ball stays where it is. What is computed has to be handed back, too.",
    ),
]

EXERCISES = [
    Exercise(
        name="gd_step",
        signature="gd_step(w, g, lr)",
        reference=gd_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "The gradient g points uphill. How far we go is the step size times how steep it is.",
            "At w = 2 with g = 4 and lr = 0.1 the step is 0.4 long, and the new point is 1.6.",
            "Return the old point minus the product of lr and g.",
        ],
        returns=("w",),
    )
]
