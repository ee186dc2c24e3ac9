"""Exercises of race."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Call, Steps
from . import adaptive, batch
from .adam import ADAM_MISTAKES, adam_probes, adam_step
from .adaptive import ADAGRAD_MISTAKES, GRADIENTS


def errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def _index_probes():
    """Three epochs over two rows: the index goes 0, 1, 0, 1, … while t goes on."""
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    rest = [
        (t, GRADIENTS[t % 4], 0.1, 0.9, 0.99, 1e-8, i)
        for t, i in zip(range(1, 7), (0, 1, 0, 1, 0, 1), strict=True)
    ]
    return [*adam_probes(4), Steps((w, np.zeros(5), np.zeros(5)), rest)]


def _by_index(shift):
    def form(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
        return adam_step(w, m, v, i + shift, g, lr, beta1, beta2, eps)

    return form


def _two_counters(up, down):
    """Adam whose two corrections count by up(t, i) and down(t, i)."""

    def form(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1 ** up(t, i)), v / (1 - beta2 ** down(t, i))
        return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v

    return form


INDEX_MISTAKES = [
    Mistake(
        "the index of the data",
        (
            _by_index(0),
            _by_index(1),
            _by_index(2),
            _two_counters(lambda t, i: max(i, 1), lambda t, i: max(i, 1)),
        ),
        "The slip is still there: the correction follows i, the place of the row in the data, "
        "which begins again at each epoch, and the steps leap each time. What counts the updates "
        "of m and v?",
    ),
    Mistake(
        "the index in one of them",
        (
            _two_counters(lambda t, i: t, lambda t, i: i),
            _two_counters(lambda t, i: t, lambda t, i: i + 1),
            _two_counters(lambda t, i: i, lambda t, i: t),
            _two_counters(lambda t, i: i + 1, lambda t, i: t),
        ),
        "One of the two corrections counts updates, and the other still follows the place of the "
        "row in the data. m and v are updated together: can they be of different age?",
    ),
    Mistake(
        "index and step mixed",
        (
            _two_counters(lambda t, i: t + i, lambda t, i: t + i),
            _two_counters(lambda t, i: t - i, lambda t, i: t - i),
            _two_counters(lambda t, i: t + i + 1, lambda t, i: t + i + 1),
            _two_counters(lambda t, i: t * (i + 1), lambda t, i: t * (i + 1)),
        ),
        "Your correction is made of t and i together, so it still jumps with the row of the data. "
        "Which of the two says how often m and v were updated?",
    ),
    *ADAM_MISTAKES,
]


def errata_brackets(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def errata_regression_gradient(w, b, x, y):
    r = w * x + b - y
    return 2 * np.mean(r * x), 2 * np.mean(r)


def errata_effective_step(s, lr, eps):
    return lr / (np.sqrt(s) + eps)


EFFECTIVE_MISTAKES = [
    Mistake(
        "no root",
        lambda s, lr, eps: lr / (s + eps),
        "The slip is still there: s holds squares, so with {given} the step would be {got} where "
        "it is {expected}. What brings s back to the unit of a gradient?",
    ),
    Convention(
        "epsilon inside the root",
        lambda s, lr, eps: lr / np.sqrt(s + eps),
        "Your ε is inside the root, as in Keras and optax: not wrong, but there ε = 1e-8 acts like "
        "1e-4 outside. Ours is added after the root: lr/(√s + ε).",
    ),
    Mistake(
        "epsilon outside the brackets",
        (
            lambda s, lr, eps: lr / np.sqrt(s) + eps,
            lambda s, lr, eps: lr * (1 / np.sqrt(s) + eps),
            lambda s, lr, eps: (lr + eps) / np.sqrt(s),
        ),
        "A division binds before a sum: where s is 0 you still divide by 0. What belongs below "
        "the line?",
    ),
    Mistake(
        "no epsilon",
        lambda s, lr, eps: lr / np.sqrt(s),
        "Right until a coordinate has seen nothing but 0: there the step is infinite. What does ε "
        "do, and where?",
    ),
    Mistake(
        "multiplied",
        (
            lambda s, lr, eps: lr * np.sqrt(s),
            lambda s, lr, eps: lr * (np.sqrt(s) + eps),
            lambda s, lr, eps: lr * s / (np.sqrt(s) + eps),
        ),
        "Steep coordinates would step further. The memory should hold them back: what is divided "
        "by what?",
    ),
    Mistake(
        "no lr",
        lambda s, lr, eps: 1 / (np.sqrt(s) + eps),
        "That is the multiplier. Whose multiple is the effective step?",
    ),
    Mistake(
        "square for root",
        lambda s, lr, eps: lr / (s**2 + eps),
        "s is a square already, and yours squares it again. Which way back to a gradient?",
    ),
    Mistake(
        "one number for all",
        (
            lambda s, lr, eps: lr / (np.sqrt(np.sum(s)) + eps),
            lambda s, lr, eps: lr / (np.sqrt(np.mean(s)) + eps),
            lambda s, lr, eps: lr / (np.linalg.norm(s) + eps),
            lambda s, lr, eps: lr / (np.sqrt(np.sum(s)) + eps) * np.ones(len(s)),
            lambda s, lr, eps: lr / (np.sqrt(np.mean(s)) + eps) * np.ones(len(s)),
        ),
        "One number for all coordinates: the point of the rule is that each has a step of its "
        "own. What should stay apart?",
    ),
    Mistake(
        "maximum for epsilon",
        lambda s, lr, eps: lr / np.maximum(np.sqrt(s), eps),
        "ε as a floor, max(√s, ε): close, and another rule where gradients are as small as ε. Ours "
        "adds it.",
    ),
    Mistake(
        "lr below the line",
        (
            lambda s, lr, eps: (np.sqrt(s) + eps) / lr,
            lambda s, lr, eps: 1 / (lr * np.sqrt(s) + eps),
        ),
        "A larger lr should make a larger step, and yours makes a smaller one. What stands above "
        "the line?",
    ),
    Mistake(
        "root of everything",
        (
            lambda s, lr, eps: np.sqrt(lr / (s + eps)),
            lambda s, lr, eps: np.sqrt(lr) / (np.sqrt(s) + eps),
        ),
        "The root has taken lr along. Only s is made of squares: how far does the root reach?",
    ),
]


def _effective_probes():
    return [
        Call(np.array([16.0]), 0.1, 1e-8, atol=0.0),
        Call(np.array([900.0, 1e-4, 1.0, 0.0]), 0.3, 0.01, atol=0.0),
        Call(np.array([1e-16, 4e-16, 250.0]), 0.1, 1e-8, atol=0.0),
        Call(np.array([4, 9, 2]), 2, 0.5, atol=0.0),
    ]


EXERCISES = [
    Exercise(
        name="errata_bias_correction",
        signature="errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0)",
        reference=errata_bias_correction,
        mistakes=INDEX_MISTAKES,
        probes=_index_probes,
        hints=[
            "Run it over two epochs: at which step does the correction begin again?",
            "The share that m and v hold of the truth depends on how often they were updated.",
            "t counts the updates from 1, i the rows of the data. Only one of them is needed.",
        ],
        returns=("w", "m", "v"),
    ),
    Exercise(
        name="errata_brackets",
        signature="errata_brackets(w, s, g, lr, eps)",
        reference=errata_brackets,
        mistakes=ADAGRAD_MISTAKES,
        probes=adaptive.probes,
        hints=[
            "Look at a coordinate whose gradients are all 0. What does the published line make of "
            "it?",
            "Division binds before addition: read w − lr·g / √s + ε with brackets where Python "
            "puts them.",
            "ε belongs below the line, in brackets with the root.",
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
            "What is the shape of the published dw, and what should it be?",
            "Each residual has its own x. In which order are they multiplied and added up?",
            "dw is 2 · mean(r · x): the product inside the mean.",
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
            "After one step s is g². Which effective step makes lr_eff · g as long as lr?",
            "s has the unit of a squared gradient; something is missing before it divides.",
            "lr over the root of s, with ε added to the root.",
        ],
    ),
]
