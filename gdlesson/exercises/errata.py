"""Exercises of lesson 19: twelve functions of earlier lessons, each with a slip to repair."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, Steps, scattered
from . import (
    adaptive,
    batch,
    classify,
    gradient,
    mini_batch,
    nesterov,
    network,
    schedules,
    stopping,
)
from .adam import ADAM_MISTAKES, adam_probes
from .errata_given import GIVEN


def errata_numerical_gradient(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def errata_logistic_gradient(w, b, X, y):
    z = X @ w + b
    e = np.exp(-np.abs(z))  # at most 1, so it never overflows
    p = np.where(z >= 0, 1, e) / (1 + e)
    error = p - y
    return X.T @ error / len(y), np.mean(error)


def errata_regression_gradient(w, b, x, y):
    r = w * x + b - y
    dw = 2 * np.mean(r * x)
    db = 2 * np.mean(r)
    return dw, db


def errata_standardise(x):
    if np.min(x) == np.max(x):
        return np.zeros(len(x))
    return (x - np.mean(x)) / np.std(x)


def errata_minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def errata_step_decay(lr0, t, drop, every):
    return lr0 * drop ** (t // every)


def errata_best_epoch(validation_losses, patience):
    best = 0
    for epoch in range(len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def errata_softmax_cross_entropy(scores, label):
    s = scores - np.max(scores)
    e = np.exp(s)
    p = e / np.sum(e)
    slopes = p.copy()
    slopes[label] = p[label] - 1
    return np.log(np.sum(e)) - s[label], slopes


def errata_nesterov_step(w, v, grad, lr, beta):
    g = grad(w - lr * beta * v)
    v = beta * v + g
    return w - lr * v, v


def errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def errata_brackets(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def errata_effective_step(s, lr, eps):
    return lr / (np.sqrt(s) + eps)


def _again(reference, module, name, hints):
    """An exercise of an earlier lesson under another name: its mistakes and probes are the same."""
    earlier = next(exercise for exercise in module.EXERCISES if exercise.name == name)
    return Exercise(
        name=reference.__name__,
        signature=earlier.signature.replace(name, reference.__name__, 1),
        reference=reference,
        mistakes=earlier.mistakes,
        probes=earlier.probes,
        hints=hints,
        returns=earlier.returns,
        overflow=earlier.overflow,
        endless=earlier.endless,
        given=GIVEN[reference.__name__],
    )


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
        "The bias correction uses i, the place of the row in the data. "
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
        "lr is divided by s without a square root. s contains squares, "
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

# fmt: off
EXERCISES = [
    _again(errata_numerical_gradient, gradient, "numerical_gradient", [
        "Try it on f(w) = w₀², whose slope at 1 is 2. What does the function give?",
        "w + e and w − e are not at the distance h from each other.",
        "Divide by 2 · h, in brackets.",
    ]),
    _again(errata_logistic_gradient, classify, "logistic_gradient", [
        "Take one row with the label 1 and p = 0.8. Should a descent step raise or lower b, and "
        "which sign does db need for that?",
        "The gradient contains the probability minus the truth.",
        "The residual is p − y.",
    ]),
    _again(errata_regression_gradient, batch, "mse_gradient", [
        "Which shape does dw have here, and which shape should it have?",
        "Each residual belongs to its own x. Do you multiply first or take the mean first?",
        "dw is 2 · mean(r · x), with the product inside the mean.",
    ]),
    _again(errata_standardise, batch, "standardise", [
        "Which mean and which standard deviation does the result have, and which should it have?",
        "Only one of the two numbers that describe a column is used.",
        "Subtract the mean of x from x, in brackets, before you divide.",
    ]),
    _again(errata_minibatches, mini_batch, "minibatches", [
        "Let X and y be the same numbers, and print a batch. Do its rows and labels agree?",
        "One order has to choose both the rows and their labels.",
        "With `rows` a piece of the order, yield X[rows], y[rows].",
    ]),
    _again(errata_step_decay, schedules, "step_decay", [
        "With drop = 0.5 and every = 10, which step size should there be at t = 9?",
        "The exponent is the number of drops so far, not the number of steps.",
        "t // every counts how many whole times `every` fits into t.",
    ]),
    _again(errata_best_epoch, stopping, "best_epoch", [
        "With the losses 3, 1, 2, 4 and a patience of 2, which epoch has the lowest loss?",
        "The loop ends some epochs after the best one.",
        "Return the variable that holds the epoch of the lowest loss so far.",
    ]),
    _again(errata_softmax_cross_entropy, network, "softmax_cross_entropy", [
        "What is np.exp(1000.0), and what is one such number divided by another?",
        "The probabilities do not change if the same number is subtracted from all scores.",
        "Begin with s = scores − np.max(scores), and use s in place of the scores.",
    ]),
    _again(errata_nesterov_step, nesterov, "nesterov_step", [
        "Where would w be after a step in which the new gradient is 0?",
        "The step subtracts lr · v. In which direction does the look-ahead go?",
        "Evaluate the gradient at w − lr·β·v.",
    ]),
    Exercise(
        name="errata_bias_correction",
        signature="errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0)",
        reference=errata_bias_correction,
        mistakes=INDEX_MISTAKES,
        probes=_index_probes,
        hints=[
            "Run the given lines over two epochs. Where does the correction begin again?",
            "The weight of the zero start in m and v depends on the number of their updates.",
            "t counts the updates from 1, and i the rows of the data. Only one of them is needed.",
        ],
        returns=("w", "m", "v"),
        given=GIVEN["errata_bias_correction"],
    ),
    _again(errata_brackets, adaptive, "adagrad_step", [
        "Consider a coordinate whose gradients are all 0. What does the given line compute there?",
        "Division comes before addition. Write the brackets that Python sees in w − lr·g / √s + ε.",
        "ε belongs in the denominator, in brackets with the root.",
    ]),
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
        given=GIVEN["errata_effective_step"],
    ),
]
# fmt: on
