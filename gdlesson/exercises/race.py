"""Exercises of lesson 19: four rules with a common slip, to correct."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, Steps, scattered
from . import adaptive, batch
from .adam import ADAM_MISTAKES, adam_probes


def errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def errata_brackets(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def errata_regression_gradient(w, b, x, y):
    r = w * x + b - y
    dw = 2 * np.mean(r * x)
    db = 2 * np.mean(r)
    return dw, db


def errata_effective_step(s, lr, eps):
    return lr / (np.sqrt(s) + eps)


def _index_probes():
    """Steps with one index throughout, and three epochs over two rows: t goes on, i does not."""
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    epochs = [
        (t, adaptive.GRADIENTS[t % 4], 0.1, 0.9, 0.99, 1e-8, i)
        for t, i in zip(range(1, 7), (0, 1, 0, 1, 0, 1), strict=True)
    ]
    return [*adam_probes(4), Steps((w, np.zeros(5), np.zeros(5)), epochs)]


# fmt: off
INDEX_MISTAKES = [
    Mistake("the index of the data",
        (edit(first="t = i"), edit(first="t = i + 1"), edit(first="t = i + 2"),
         edit(first="t = max(i, 1)")),
        "The slip is still there: the bias correction uses i, the place of the row in the data. "
        "i begins again in every epoch, but m and v do not. Which argument counts the updates of "
        "m and v?"),
    Mistake("the index in one of them",
        either(("beta1**t", "beta1**i"), ("beta2**t", "beta2**i"), ("beta1**t", "beta1 ** (i + 1)"),
               ("beta2**t", "beta2 ** (i + 1)")),
        "One of the two corrections still uses i, the place of the row in the data. m and v are "
        "updated together, so both have seen the same number of gradients. Which argument counts "
        "them?"),
    Mistake("index and step mixed",
        (edit(first="t = t + i"), edit(first="t = t - i"), edit(first="t = t + i + 1"),
         edit(first="t = t * i"), edit(first="t = t * (i + 1)"), edit(first="t = max(t, i)")),
        "The bias correction is computed from t and i together. It therefore still changes with "
        "the place of the row in the data. Which of the two counts the updates of m and v?"),
    *ADAM_MISTAKES,
]
# fmt: on


def _effective_probes():
    return [
        Call([16.0], 0.1, 1e-8, atol=0.0),
        Call([900.0, 1e-4, 1.0, 0.0], 0.3, 0.01, atol=0.0),
        Call([1e-16, 4e-16, 5e-15], 0.2, 3e-8, atol=0.0),
        Call([4, 9, 2], 3, 0.7, atol=0.0),
        Call(scattered(200, 1e-8, 1e6) ** 2, 40.0, 1e-3, atol=0.0),
    ]


# fmt: off
EFFECTIVE_MISTAKES = [
    Mistake("no root", edit(("np.sqrt(s)", "s")),
        "The slip is still there: lr is divided by s without a square root. s contains squares, "
        "so with {given} your function gives {got} instead of {expected}. What gives s the unit "
        "of a gradient?"),
    Mistake("epsilon outside the brackets",
        either(("(np.sqrt(s) + eps)", "np.sqrt(s) + eps"),
               ("lr / (np.sqrt(s) + eps)", "lr * (1 / np.sqrt(s) + eps)"),
               ("lr / (np.sqrt(s) + eps)", "(lr + eps) / np.sqrt(s)")),
        "ε is not in the denominator. Python divides before it adds, so you still divide by 0 "
        "where s is 0. Which brackets bring ε under the fraction bar?"),
    Mistake("no epsilon", edit((" + eps", "")),
        "ε is missing from the denominator. Where s is 0 the step is therefore infinite. Where "
        "should ε be added so that this cannot happen?"),
    Mistake("multiplied", either(("lr /", "lr *"), ("lr /", "lr * s /")),
        "lr is multiplied by s or by its root. Coordinates with large gradients then have larger "
        "steps, but s should make them smaller. What is divided by what?"),
    Mistake("no lr", edit(("lr /", "1 /")),
        "The result does not contain lr. 1/(√s + ε) is only a factor. Which learning rate does "
        "it multiply?"),
    Mistake("square for root", edit(("np.sqrt(s)", "s**2")),
        "s is squared instead of its root being taken. s already contains squares of gradients. "
        "What gives s the unit of a gradient?"),
    Mistake("one number for all",
        either(("sqrt(s)", "sqrt(np.sum(s))"), ("sqrt(s)", "sqrt(np.mean(s))"),
               ("np.sqrt(s)", "np.linalg.norm(s)"), ("sqrt(s)", "sqrt(np.full(len(s), np.sum(s)))"),
               ("sqrt(s)", "sqrt(np.full(len(s), np.mean(s)))")),
        "All coordinates have the same step size. The rule should give each coordinate its own. "
        "Which entry of s belongs to which coordinate?"),
    Mistake("lr below the line",
        either(("lr / (np.sqrt(s) + eps)", "(np.sqrt(s) + eps) / lr"), ("lr / (", "1 / (lr * "),
               ("lr / (", "1 / lr / (")),
        "lr is in the denominator. A larger learning rate should make a longer step, but here it "
        "makes a shorter one. What belongs in the numerator?"),
    Mistake("root of everything",
        either(("lr / (np.sqrt(s) + eps)", "np.sqrt(lr / (s + eps))"), ("lr /", "np.sqrt(lr) /")),
        "The square root is taken of lr too. Only s contains squares. Where does the root begin, "
        "and where does it end?"),
    *adaptive.EPSILON_MISTAKES,
]
# fmt: on

EXERCISES = [
    Exercise(
        name="errata_bias_correction",
        signature="errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0)",
        reference=errata_bias_correction,
        mistakes=INDEX_MISTAKES,
        probes=_index_probes,
        hints=[
            "Run the published lines over two epochs. Where does the correction begin again?",
            "The weight of the zero start in m and v depends on the number of their updates.",
            "t counts the updates from 1, and i the rows of the data. Only one of them is needed.",
        ],
        returns=("w", "m", "v"),
    ),
    Exercise(
        name="errata_brackets",
        signature="errata_brackets(w, s, g, lr, eps)",
        reference=errata_brackets,
        mistakes=adaptive.ADAGRAD_MISTAKES,
        probes=adaptive.probes,
        hints=[
            "Consider a coordinate whose gradients are all 0. What does the published line compute "
            "there?",
            "Division comes before addition. Write the brackets that Python sees in "
            "w − lr·g / √s + ε.",
            "ε belongs in the denominator, in brackets with the root.",
        ],
        returns=("w", "s"),
    ),
    Exercise(
        name="errata_regression_gradient",
        signature="errata_regression_gradient(w, b, x, y)",
        reference=errata_regression_gradient,
        mistakes=batch.MISTAKES,
        probes=batch.probes,
        hints=[
            "Which shape does the published dw have, and which shape should it have?",
            "Each residual belongs to its own x. Do you multiply first or take the mean first?",
            "dw is 2 · mean(r · x), with the product inside the mean.",
        ],
        returns=("dw", "db"),
    ),
    Exercise(
        name="errata_effective_step",
        signature="errata_effective_step(s, lr, eps)",
        reference=errata_effective_step,
        mistakes=EFFECTIVE_MISTAKES,
        probes=_effective_probes,
        hints=[
            "After one step s is g². Which effective step size makes a step of the length lr?",
            "s has the unit of a squared gradient. What is missing before lr is divided by it?",
            "Divide lr by the square root of s, with ε added to the root.",
        ],
    ),
]
