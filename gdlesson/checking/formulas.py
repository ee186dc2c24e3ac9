"""Gradients of a loss, schedules and differences that a learner may know. Imports NumPy only.

Each family yields (method, details, function with the parameters of the exercise, indices of the
returned values that belong to the method).
"""

from itertools import product

import numpy as np

# fmt: off
SLOPES = {  # (z, y) → the derivative of the loss with respect to the prediction z
    "the mean squared error": lambda z, y: 2 * (z - y),
    "the mean absolute error": lambda z, y: np.sign(z - y),
    "the Huber loss": lambda z, y: np.clip(z - y, -1, 1),
    "the Huber loss with the limit 1.5": lambda z, y: np.clip(z - y, -1.5, 1.5),
    "the smooth Huber loss": lambda z, y: (z - y) / np.sqrt(1 + (z - y) ** 2),
    "the root of the mean squared error": lambda z, y: (z - y) / np.sqrt(np.mean((z - y) ** 2)),
    "the fourth power of the error": lambda z, y: 4 * (z - y) ** 3,
    "the squared error of a sigmoid": lambda z, y: (
        2 * (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z))
    ),
    "the log-cosh loss": lambda z, y: np.tanh(z - y),
    "logistic regression": lambda z, y: sigmoid(z) - y,
    "Poisson regression": lambda z, y: np.exp(z) - y,
    "the perceptron": lambda z, y: (z > 0) - y,
}
SIGNED = {  # the same for labels −1 and 1
    "logistic regression with labels −1 and 1": lambda z, y: -y * sigmoid(-y * z),
    "the perceptron with labels −1 and 1": lambda z, y: -y * (y * z <= 0),
    "the hinge loss": lambda z, y: -y * (y * z < 1),
    "the squared hinge loss": lambda z, y: -2 * y * np.maximum(0, 1 - y * z),
    "the exponential loss": lambda z, y: -y * np.exp(-y * z),
}
PENALTIES = {
    "w added (an L2 penalty)": lambda w: w,
    "sign(w) added (an L1 penalty)": np.sign,
}
# fmt: on


def sigmoid(z):
    """1/(1 + e⁻ᶻ), without overflow."""
    return 0.5 * (1 + np.tanh(z / 2))


def losses(exercise):
    """Gradients on data: the mean of a slope times x, and the mean of the slope."""

    def gradient(slope, reduce=np.mean, penalty=lambda w: 0):
        def function(w, b, x, y):
            e = slope(x @ w + b if np.ndim(x) == 2 else w * x + b, y)
            return reduce((np.asarray(x).T * e).T, axis=0) + penalty(w), reduce(e)

        return function

    zero_one = {name: lambda z, y, f=slope: f(z, 2 * y - 1) for name, slope in SIGNED.items()}
    named = [*SLOPES.items(), *SIGNED.items(), *zero_one.items()]
    for (name, slope), k, reduce in product(named, (1, 2, 0.5), (np.mean, np.sum)):
        form = gradient(lambda z, y, f=slope, k=k: k * f(z, y), reduce)
        yield f"the gradient of {name}", "", form, (0, 1)
    asked = SLOPES[
        "logistic regression" if "X" in exercise.parameters else "the mean squared error"
    ]
    for (name, penalty), k in product(PENALTIES.items(), (0.1, 0.2, 0.01, 0.02, 0.001, 0.5, 1, 2)):
        form = gradient(asked, penalty=lambda w, f=penalty, k=k: k * f(w))
        yield f"the gradient with {k:g}·{name}", "", form, (0, 1)


# fmt: off
SHAPES = {  # (progress p, drop d) → the factor of lr0, in several forms
    "a constant step size": [lambda p, d: 1.0],
    "linear decay": [lambda p, d: 1 - p, lambda p, d: max(0, 1 - p), lambda p, d: 1 - d * p],
    "polynomial decay": [
        lambda p, d: (1 - p) ** 2, lambda p, d: (1 - p) ** 0.5,
        lambda p, d: (1 - p) ** 0.9, lambda p, d: 1 - p**2, lambda p, d: (1 - p) ** 3],
    "exponential decay": [
        lambda p, d: np.exp(-p), lambda p, d: np.exp(-d * p), lambda p, d: d**p],
    "a decay like 1/t": [
        lambda p, d: 1 / (1 + p), lambda p, d: 1 / (1 + d * p), lambda p, d: 1 / p],
    "a decay like 1/√t": [
        lambda p, d: (1 + p) ** -0.5, lambda p, d: (1 + d * p) ** -0.5, lambda p, d: p**-0.5],
    "a decay like 1/t²": [lambda p, d: 1 / (1 + p) ** 2, lambda p, d: 1 / (1 + p**2)],
    "a warm-up": [lambda p, d: min(1, p), lambda p, d: p],
    "a triangle": [lambda p, d: 1 - abs(2 * p - 1), lambda p, d: min(p, 1 - p)],
    "cosine decay": [lambda p, d: 0.5 * (1 + np.cos(np.pi * p))],
    "cosine decay with restarts": [lambda p, d: 0.5 * (1 + np.cos(np.pi * (p % 1)))],
    "step decay": [lambda p, d: d ** (p // 1)],
}
PROGRESS = (
    lambda t, T: t / T, lambda t, T: t, lambda t, T: (t + 1) / T, lambda t, T: t + 1,
    lambda t, T: max(t, 1),
)
RATES = (0.5, 0.1, 0.9, 0.01, 0.95, 0.99, 0.999, 0.001, 2, 3, 4, 5, 10)
# fmt: on


def schedules(exercise):
    """Schedules of the step size: lr0 times a shape of the progress."""
    ends = [name for name in ("T", "every") if name in exercise.parameters]
    drops = ["drop"] if "drop" in exercise.parameters else RATES
    for (name, shapes), end, drop, progress in product(SHAPES.items(), ends, drops, PROGRESS):
        for shape in shapes:

            def schedule(*args, end=end, drop=drop, progress=progress, shape=shape):
                given = dict(zip(exercise.parameters, args, strict=True))
                p = progress(given["t"], given[end])
                return given["lr0"] * shape(p, given.get(drop, drop))

            yield name, "", schedule, (0,)


STENCILS = {  # formula → ({place: weight}, power of h)
    "a central difference": ({1: 0.5, -1: -0.5}, 1),
    "a forward difference": ({1: 1, 0: -1}, 1),
    "a backward difference": ({0: 1, -1: -1}, 1),
    "a forward difference with three points": ({0: -1.5, 1: 2, 2: -0.5}, 1),
    "a backward difference with three points": ({0: 1.5, -1: -2, -2: 0.5}, 1),
    "a difference with five points": ({-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}, 1),
    "a central difference over 4h": ({2: 0.25, -2: -0.25}, 1),
    "a central difference over h": ({0.5: 1, -0.5: -1}, 1),
    "the second derivative": ({1: 1, 0: -2, -1: 1}, 2),
    "the second derivative with the spacing 2h": ({2: 0.25, 0: -0.5, -2: 0.25}, 2),
    "the second derivative to the right of the point": ({0: 1, 1: -2, 2: 1}, 2),
    "the third derivative": ({2: 0.5, 1: -1, -1: 1, -2: -0.5}, 3),
}


def differences(exercise):
    """Difference formulas: a sum of weights times values of f, over a power of h."""
    for name, (weights, power) in STENCILS.items():

        def along(f, x, h, e=1, weights=weights, power=power):
            return sum(k * f(x + place * h * e) for place, k in weights.items()) / h**power

        def each(f, w, h, along=along):
            return [along(f, w, h, e) for e in np.eye(len(w))]

        yield name, "", each if "w" in exercise.parameters else along, (0,)
    if "x" in exercise.parameters:
        yield "a complex step", "", lambda f, x, h: np.imag(f(x + 1j * h)) / h, (0,)
