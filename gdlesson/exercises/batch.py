"""Exercises of batch."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Call


def mse_gradient(w, b, x, y):
    r = w * x + b - y
    return 2 * np.mean(r * x), 2 * np.mean(r)


def probes():
    """Lines through a few points: several n, b = 0 first, then not, a start in whole numbers."""
    x, y = np.array([1.0, 2.0, 4.0]), np.array([2.0, 3.0, 7.0])
    return [
        Call(0.5, 0.0, x, y, note="b = 0"),
        Call(0.5, 1.5, x, y),
        Call(-1.2, 0.7, np.array([0.01, 30.0, -1.0, 0.0, 2.5]), np.array([5.0, 1.0, 0, -3.0, 2.0])),
        Call(2, -1, np.array([3, 1, 4, 1]), np.array([2, 7, 1, 8])),
        Call(1.5, -0.5, np.array([2.0]), np.array([4.0]), note="a single point"),
    ]


def _times(k, j=None):
    return lambda w, b, x, y: tuple(
        c * d for c, d in zip((k, k if j is None else j), mse_gradient(w, b, x, y), strict=True)
    )


def _sums(k):
    return lambda w, b, x, y: _times(k * len(x))(w, b, x, y)


def _with(residual):
    def form(w, b, x, y):
        r = residual(w, b, x, y)
        return 2 * np.mean(r * x), 2 * np.mean(r)

    return form


def _square(w, b, x, y):
    r = (w * x + b)[:, None] - y
    return 2 * np.mean(r * x[:, None]), 2 * np.mean(r)


def _square_other(w, b, x, y):
    r = (w * x + b) - y[:, None]
    return 2 * np.mean(r * x[:, None]), 2 * np.mean(r)


def _parts(dw, db=lambda r, x, w, b: 2 * np.mean(r)):
    def form(w, b, x, y):
        r = w * x + b - y
        return dw(r, x, w, b), db(r, x, w, b)

    return form


MISTAKES = [
    Mistake(
        "uphill is downhill",
        (_times(-1), _sums(-1), _times(-0.5)),
        "Every sign is turned round: this is the direction of descent. With {given} the first "
        "slope is {expected}. Is your residual what the line says minus what was measured?",
    ),
    Mistake(
        "sum for mean",
        (_sums(1), _sums(0.5)),
        "A sum over the examples: twice the data, twice the gradient, and the step size would "
        "have to change with it. What makes the size of the data set drop out?",
    ),
    Convention(
        "half the squares",
        _times(0.5),
        "This is the gradient of half the mean square, ½·mean((wx + b − y)²), used in many "
        "courses so that the 2 cancels: not wrong, and half as long. Our loss has no ½; double "
        "both slopes to turn yours into ours.",
    ),
    Mistake(
        "no x in the slope",
        (
            _parts(lambda r, x, w, b: 2 * np.mean(r)),
            _parts(lambda r, x, w, b: np.mean(r), lambda r, x, w, b: np.mean(r)),
        ),
        "db is right and dw equals it. Turning the line moves far points more than near ones: "
        "what says how far along a point is?",
    ),
    Mistake(
        "x in both",
        (_parts(lambda r, x, w, b: 2 * np.mean(r * x), lambda r, x, w, b: 2 * np.mean(r * x)),),
        "dw is right and db equals it. Lifting the line lifts every point by the same: what does "
        "b have to do with x?",
    ),
    Mistake(
        "b is left out",
        _with(lambda w, b, x, y: w * x - y),
        "Right for b = 0 only: the residual does not know of the intercept. Where does the line "
        "cross x = 0?",
    ),
    Mistake(
        "every x with every y",
        (_square, _square_other),
        "The numbers are those of n × n residuals, each x with each y: a column minus a row "
        "broadcasts to a square. What are the shapes of your prediction and of y?",
    ),
    Mistake(
        "absolute error",
        (
            _parts(
                lambda r, x, w, b: np.mean(np.sign(r) * x), lambda r, x, w, b: np.mean(np.sign(r))
            ),
            _parts(
                lambda r, x, w, b: 2 * np.mean(np.abs(r) * x),
                lambda r, x, w, b: 2 * np.mean(np.abs(r)),
            ),
        ),
        "A point far above the line and one as far below should pull in opposite directions, each "
        "by its distance. Which of the two does an absolute value lose?",
    ),
    Mistake(
        "the loss, not its slope",
        (
            _parts(lambda r, x, w, b: np.mean(r**2), lambda r, x, w, b: np.mean(r**2)),
            _parts(lambda r, x, w, b: 2 * np.mean(r**2 * x), lambda r, x, w, b: 2 * np.mean(r**2)),
        ),
        "The square is still there. With {given} the slope is {expected} and yours is {got}: what "
        "becomes of r² when it is differentiated?",
    ),
    Mistake(
        "2 in one of them",
        (_times(1, 0.5), _times(0.5, 1)),
        "One of the two slopes is right, the other half of it. Both come from the same square: "
        "where does the 2 come from, and does it reach both?",
    ),
    Mistake(
        "one sign",
        (_times(1, -1), _times(-1, 1)),
        "One of the two slopes is right and the other has its sign turned round, so one number "
        "would climb while the other descends. Is the residual the same in both lines?",
    ),
    Mistake(
        "b taken away",
        _with(lambda w, b, x, y: w * x - b - y),
        "Right for b = 0 only: your residual takes b away, where the line adds it. What does the "
        "line say at x?",
    ),
    Mistake(
        "brackets",
        (
            _parts(
                lambda r, x, w, b: np.mean((r + w * x + b) * x),
                lambda r, x, w, b: np.mean(r + w * x + b),
            ),
            _parts(lambda r, x, w, b: np.mean((r + w * x + b) * x)),
            _parts(
                lambda r, x, w, b: 2 * np.mean(r * x), lambda r, x, w, b: np.mean(r + w * x + b)
            ),
            lambda w, b, x, y: (2 * np.mean(x * (w * x + b) - y), 2 * np.mean(w * x + b - y)),
            lambda w, b, x, y: (2 * np.mean(w * x + b - y * x), 2 * np.mean(w * x + b - y)),
        ),
        "With {given} the slope is {expected} and yours is {got}: a factor reaches one part of "
        "the residual and not the rest. Where do the brackets open that hold it together?",
    ),
    Mistake(
        "y in place of x",
        _parts(lambda r, x, w, b: 2 * np.mean(r * (w * x + b - r))),
        "db is right, and in dw each residual is multiplied by its y. Move w by 1: by how much "
        "does the line move at x?",
    ),
    Mistake(
        "x twice",
        _parts(lambda r, x, w, b: 2 * np.mean(r * x**2)),
        "db is right, and in dw each residual is multiplied by x². Move w by 1: by how much does "
        "the line move at x?",
    ),
    Mistake(
        "divided by n − 1",
        (
            lambda w, b, x, y: _times(len(x) / np.float64(len(x) - 1))(w, b, x, y),
            lambda w, b, x, y: _times(len(x) / (len(x) - 1 or 1))(w, b, x, y),
        ),
        "With {given} you get {got} for {expected}: you divide by n − 1, as the variance of a "
        "sample does. How many numbers does this mean have?",
    ),
    Mistake(
        "divided by n twice",
        lambda w, b, x, y: _times(1 / len(x))(w, b, x, y),
        "Right for a single point; with n points both slopes are n times too small. What has a "
        "mean been divided by already?",
    ),
    Mistake(
        "no mean",
        (
            _parts(lambda r, x, w, b: 2 * r * x, lambda r, x, w, b: 2 * r),
            _parts(lambda r, x, w, b: 2 * r * x),
            _parts(lambda r, x, w, b: 2 * np.mean(r * x), lambda r, x, w, b: 2 * r),
        ),
        "That is one slope for each point. The loss is one number, so w has one slope and b one: "
        "what makes one of many?",
    ),
    Mistake(
        "slopes swapped",
        lambda w, b, x, y: mse_gradient(w, b, x, y)[::-1],
        "Both numbers are right and have changed places: dw comes first, then db.",
    ),
    Mistake(
        "x outside the mean",
        (
            _parts(lambda r, x, w, b: 2 * np.mean(r) * np.mean(x)),
            _parts(lambda r, x, w, b: 2 * np.mean(r) * np.sum(x)),
            _parts(lambda r, x, w, b: 2 * np.mean(r) * x[-1]),
            _parts(lambda r, x, w, b: 2 * np.mean(r) * x),
            _parts(lambda r, x, w, b: 2 * np.sum(r) * x),
        ),
        "x stands outside the mean. Each residual has its own x: multiply first, then take the "
        "mean. Right for a single point, where the two are the same.",
    ),
    Mistake(
        "mean for one, sum for the other",
        (
            _parts(lambda r, x, w, b: 2 * np.sum(r * x)),
            _parts(lambda r, x, w, b: 2 * np.mean(r * x), lambda r, x, w, b: 2 * np.sum(r)),
        ),
        "One of the two is a mean and the other a sum, so they do not belong to one loss. Right "
        "for a single point. Which one grows with n?",
    ),
    Mistake(
        "w in place of x",
        (
            _parts(lambda r, x, w, b: 2 * np.mean(r * w)),
            _parts(lambda r, x, w, b: 2 * np.mean(r * w), lambda r, x, w, b: 2 * np.mean(r * b)),
        ),
        "The derivative of wx by w was taken to be w. Hold x still and move w by 1: by how much "
        "does wx move?",
    ),
    Mistake(
        "no residual",
        (
            _with(lambda w, b, x, y: w * x + b),
            _with(lambda w, b, x, y: -y),
            _with(lambda w, b, x, y: y + w * x + b),
        ),
        "With {given} the slope is {expected} and yours is {got}. The gradient is 0 where the "
        "line meets all points: does yours compare the line with y?",
    ),
]

EXERCISES = [
    Exercise(
        name="mse_gradient",
        signature="mse_gradient(w, b, x, y)",
        reference=mse_gradient,
        mistakes=MISTAKES,
        probes=probes,
        hints=[
            "Begin with the residuals: what the line says minus what was measured, one for each "
            "point.",
            "The square gives a 2; what is inside gives x for w, and 1 for b.",
            "dw is 2 · mean(r · x) and db is 2 · mean(r), with r the residuals.",
        ],
        returns=("dw", "db"),
    )
]
