"""An exercise of lesson 09: the gradient of logistic regression."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, scattered


def logistic_gradient(w, b, X, y):
    z = X @ w + b
    e = np.exp(-np.abs(z))  # at most 1, so it never overflows
    p = np.where(z >= 0, 1, e) / (1 + e)
    error = p - y
    return X.T @ error / len(y), np.mean(error)


def _probes():
    X = np.array([[1.0, 2.0], [-0.5, 0.3], [3.0, -1.0], [0.2, 0.1]])
    y = np.array([1.0, 0.0, 0.0, 1.0])
    huge = np.array([[1000.0, 0.0], [-1000.0, 2.0], [0.5, 1.0]])
    sure = np.array([[1e4, 0.3], [-1e4, 0.7], [2e4, -0.2], [-1.5e4, 0.9]])  # |z| from 5 to 40
    scales = np.array([1e-8, 1.0, 1e6])  # of the measurements, with weights for z of usual size
    many = scattered((150, 3), 0.1, 3, 1)
    return [
        Call([0.5, -0.3], 0.8, X[:3], y[:3]),
        Call([0.5, -0.3], 0.0, X, y, note="b = 0"),
        Call([2, -1], -1, X, [0, 1, 1, 0]),
        Call(np.zeros(2), 0.0, X[:3], [0.0, 1.0, 1.0], note="w = 0 and b = 0"),
        Call([0.4, 0.9], 0.3, [[2.0, -0.7]], [0.0]),
        Call([0.4], -0.6, [[2.0], [3.0], [0.5]], [1.0, 0.0, 0.0]),
        Call(scattered(5, 0.1, 2, 4), 0.9, scattered((2, 5), 0.1, 3, 5), [0.0, 1.0]),
        Call([1.0, 0.5], 0.2, huge, [0.0, 1.0, 1.0], note="z near ±1000"),
        Call([1.0, 0.5], 0.2, huge, [1.0, 0.0, 0.0], note="z near ±1000"),
        Call([0.0005, 3.0], -0.4, sure, [1.0, 0.0, 1.0, 0.0], atol=1e-9),
        Call([0.002, 0.6], 0.7, sure, [1.0, 0.0, 1.0, 0.0], atol=1e-9),
        Call(
            np.array([0.9, -1.3, 0.7]) / scales,
            0.4,
            many * scales,
            (many[:, 0] + many[:, 2] > 0.5) * 1.0,
            note="measurements of the sizes 1e-8, 1 and 1e6",
            atol=1e-20,
        ),
    ]


P = "np.where(z >= 0, 1, e) / (1 + e)"


def _error(*residuals):
    """Use another residual than p − y."""
    return tuple(edit(("p - y", residual)) for residual in residuals)


def _dw(*lines):
    """Compute dw from the residual in another way."""
    return tuple(edit(("X.T @ error / len(y)", line)) for line in lines)


# fmt: off
MISTAKES = [
    Mistake("uphill is downhill", _error("y - p"),
        "dw and db have the opposite sign. This is the direction of descent, −∇f, but the "
        "gradient ∇f is asked for. Which number is subtracted from which in your residual?"),
    Mistake("sum for mean", edit((" / len(y)", ""), ("np.mean", "np.sum")),
        "dw and db are sums over the examples where means are asked for. With twice as many "
        "examples they would be about twice as large, so the step size would have to change. What "
        "makes a sum independent of the number of examples?"),
    Mistake("mean for one, sum for the other", either((" / len(y)", ""), ("np.mean", "np.sum")),
        "One of dw and db is a sum over the examples and the other is a mean. They are then not "
        "the gradient of one loss, although a single example gives no difference. Which of the "
        "two grows with the number of examples?"),
    Mistake("linear residual", _error("z - y"),
        "The residual is z − y, as in linear regression. z can be any number, such as 5 or −3, "
        "but a probability lies between 0 and 1. Which function turns z into a probability?"),
    Mistake("squared error", _error("2 * (p - y) * p * (1 - p)", "(p - y) * p * (1 - p)"),
        "This is the gradient of the squared error of p. Its factor p(1 − p) is almost 0 where "
        "the model is sure and wrong, so the model hardly learns there. What is the derivative "
        "of the cross-entropy with respect to z?"),
    Mistake("gradient with respect to p", _error("(p - y) / (p * (1 - p))"),
        "The residual is the derivative of the loss with respect to p. The chain rule multiplies "
        "it by the slope of the sigmoid, p(1 − p), to get the derivative with respect to z. What "
        "remains of the fraction then?"),
    Convention("labels −1 and 1", edit(("X @ w + b", "-y * (X @ w + b)"), ("p - y", "-y * p")),
        "Every example with the label 0 drops out of your gradient. This happens when the formula "
        "for labels −1 and 1, which many textbooks use, meets our labels 0 and 1. That formula "
        "is not wrong for its own labels. With ours, the residual is p − y."),
    Mistake("overflow",
        (edit((P, "np.exp(z) / (1 + np.exp(z))")),
         edit((P, "[math.exp(a) / (1 + math.exp(a)) for a in z]"), first="import math"),
         edit((P, "[1 / (1 + math.exp(-a)) for a in z]"), first="import math")),
        "Your sigmoid overflows where z is far from 0. Your results are right for moderate z, "
        "but e to the power of 1000 is too large for a float and gives nan or an error. How can "
        "you write the sigmoid so that the exponent is never positive?"),
    Mistake("b is left out", edit((" + b", "")),
        "z does not contain b. With b = 0 there is no difference. What is z for a "
        "row of zeros?"),
    Mistake("b taken away", edit((" + b", " - b")),
        "b is subtracted in z, but the model adds it. With b = 0 there is no difference. What is "
        "z for a row of zeros?"),
    Mistake("divided by n·d",
        (edit(("len(y)", "X.size")),
         edit(("len(y)", "X.size"), ("np.mean(error)", "np.mean(error) / X.shape[1]"))),
        "A mean is divided by the number of measurements as well. With one measurement there is no "
        "difference. How many terms does a sum over the examples have?"),
    Mistake("divided by the number of columns",
        (edit(("len(y)", "X.shape[1]")),
         edit(("len(y)", "len(w)")),
         edit(("len(y)", "X.shape[1]"), ("np.mean(error)", "np.sum(error) / X.shape[1]")),
         edit(("len(y)", "len(w)"), ("np.mean(error)", "np.sum(error) / len(w)"))),
        "You divide by the number of columns of X. A column is a measurement, and a mean over the "
        "examples is asked for. Which number counts the examples?"),
    Mistake("one number for dw",
        _dw("np.mean(X.T @ error)", "np.sum(X.T @ error)", "np.mean(X.T * error)"),
        "dw is one number for all measurements. Every weight has a derivative of its own, so dw "
        "should have the shape of w. Which axis of X are the examples, and which the "
        "measurements?"),
    Mistake("dw and db swapped",
        edit(("X.T @ error / len(y), np.mean(error)", "np.mean(error), X.T @ error / len(y)")),
        "dw and db are returned in the wrong order. The derivatives with respect to w come "
        "first, as w comes before b in the arguments. What does your last line return?"),
    Mistake("a step instead",
        edit(("return X.T", "return w - X.T"), ("np.mean(error)", "b - np.mean(error)")),
        "Your function returns new parameters instead of the gradient. It subtracts the gradient "
        "from w and b, which is a step with lr = 1. Which function of the lesson makes the step?"),
    Mistake("no sign", either(("X.T @ error", "X.T @ np.abs(error)"), ("p - y", "np.abs(p - y)")),
        "The sign of the residual is lost. A prediction that is too high and one that is too low "
        "then have the same effect. What should decide whether z has to rise or to fall?"),
    Mistake("predictions are clipped",
        (*_error(*(f"np.clip(p, 1e-{k}, 1 - 1e-{k}) - y" for k in range(1, 13))),
         *(edit(("X @ w + b", f"np.clip(X @ w + b, -{k}, {k})")) for k in (5, 10, 15, 20, 25))),
        "p is kept away from 0 and 1. The logarithm in the loss may need this, but the gradient "
        "contains no logarithm, and its values for very sure predictions become wrong. What is p "
        "− y where p is 1 and y is 1?"),
    Mistake("no X in dw", _dw("np.mean(error) * np.ones(len(w))", "np.mean(error)"),
        "dw does not depend on the measurements except through p. When a weight changes, z changes "
        "in proportion to the weight's measurement. By what does the chain rule multiply p − y?"),
    Mistake("product of means", _dw("X.mean(axis=0) * np.mean(error)"),
        "dw is the mean of X times the mean of the residuals. The mean of a product is in "
        "general not the product of the means. Which residual belongs to which row of X?"),
    Mistake("decided, not predicted", either((P, "z > 0"), (P, "z >= 0")),
        "The predictions are rounded to 0 or 1, as in the perceptron. How sure the model is gets "
        "lost, and an example on the right side of the boundary has no gradient. What is p for z = "
        "0.1?"),
    Mistake("a factor 2", _error("2 * (p - y)", "(p - y) / 2"),
        "dw and db are wrong by a factor of 2. The square in the mean squared error gives a 2, "
        "but the cross-entropy contains no square. Which of your lines contains the factor?"),
    Mistake("sign in the sigmoid", edit(("X @ w + b", "-(X @ w + b)")),
        "Your sigmoid falls where it should rise. A large positive z should give a probability "
        "near 1. Which sign does z have in your exponent?"),
    Mistake("brackets in the sigmoid", edit((P, "1 / 1 + np.exp(-z)")),
        "Your p is 1 + e to the power of −z, because Python divides before it adds. This is "
        "larger than 1. What should be in the denominator?"),
    Mistake("the sigmoid of |z|", edit((P, "1 / (1 + e)")),
        "Where z is negative, your p is above 0.5, but it should be below: you compute 1 − p. "
        "For z >= 0 there is no difference. What is the numerator for negative z?"),
    Mistake("no denominator for negative z", edit((P, "np.where(z >= 0, 1 / (1 + e), e)")),
        "Where z is negative, the denominator 1 + e is missing. So p is almost 1 where z is "
        "slightly below 0, but 0.5 at z = 0. Which denominator do both cases have?"),
    Mistake("slopes of the sigmoid", _error("p * (1 - p) - y"),
        "The prediction is replaced by the slope of the sigmoid, p(1 − p). This slope cancels in "
        "the gradient of the cross-entropy. Which difference remains?"),
    Mistake("tanh", edit((P, "np.tanh(z)")),
        "tanh is used instead of the sigmoid. Its values lie between −1 and 1, but a probability "
        "lies between 0 and 1. Which function of z has these limits?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="logistic_gradient",
        signature="logistic_gradient(w, b, X, y)",
        reference=logistic_gradient,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Compute z = X @ w + b first, then the probabilities p = 1/(1 + e⁻ᶻ), then their "
            "difference from the labels.",
            "The derivative of the cross-entropy with respect to z is p − y. dw is the mean of "
            "this times each measurement, and db is its mean.",
            "Return X.T @ (p − y) / n and the mean of p − y. For z far from 0, write the sigmoid "
            "so that np.exp only gets numbers below 0.",
        ],
        returns=("dw", "db"),
        overflow="On the way, however, a number overflowed to inf, and NumPy will warn of it. In "
        "which line can np.exp get a large positive number?",
    ),
]
