"""Exercises of adaptive."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Steps


def adagrad_step(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop_step(w, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


GRADIENTS = [
    np.array([2.0, -30.0, 0.01, 0.0, 500.0]),
    np.array([1.5, 20.0, -0.02, 0.0, 0.0]),
    np.array([-0.4, 1e-8, 3e-8, 0.0, 0.0]),
    np.array([0.7, -30.0, 0.01, 0.0, 1e-8]),
]


def adagrad_probes():
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    return [
        Steps((np.array([1.0]), np.zeros(1)), [(np.array([4.0]), 0.1, 1e-8)] * 3),
        Steps(
            (w, np.zeros(5)),
            [(g, lr, 1e-8) for g, lr in zip(GRADIENTS, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps((w, np.zeros(5)), [(g, 0.3, 0.1) for g in GRADIENTS]),
        Steps((np.array([0.5, 0.7]), np.zeros(2)), [(np.array([1e-8, -3e-9]), 0.1, 1e-8)] * 2),
        Steps((np.array([3, -2]), np.array([4, 1])), [(np.array([1, 5]), 0.25, 0.01)]),
    ]


def _rmsprop_probes():
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    return [
        Steps((np.array([1.0]), np.zeros(1)), [(np.array([4.0]), 0.1, 0.9, 1e-8)] * 3),
        Steps(
            (w, np.zeros(5)),
            [(g, lr, 0.8, 1e-8) for g, lr in zip(GRADIENTS, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps((w, np.zeros(5)), [(g, 0.3, 0.95, 0.1) for g in GRADIENTS]),
        Steps((np.array([0.5, 0.7]), np.zeros(2)), [(np.array([1e-8, -3e-9]), 0.1, 0.9, 1e-8)] * 2),
        Steps((np.array([3, -2]), np.array([4, 1])), [(np.array([1, 5]), 0.25, 0.7, 0.01)]),
    ]


def _root(s, eps):
    return np.sqrt(s) + eps


def of_adagrad(memory=lambda s, g: s + g**2, scale=_root, step=None):
    """memory(s, g) → s; scale(s, eps) → what g is divided by; step(w, g, s, old, lr, eps) → w."""

    def form(w, s, g, lr, eps):
        new = memory(s, g)
        if step is not None:
            return step(w, g, new, s, lr, eps), new
        return w - lr * g / scale(new, eps), new

    return form


def _of_rmsprop(memory=None, scale=_root, step=None):
    def form(w, s, g, lr, rho, eps):
        new = rho * s + (1 - rho) * g**2 if memory is None else memory(s, g, rho)
        if step is not None:
            return step(w, g, new, s, lr, eps), new
        return w - lr * g / scale(new, eps), new

    return form


def shared(of):
    """What goes wrong in the step of AdaGrad goes wrong in RMSProp's in the same way."""
    return [
        Convention(
            "epsilon inside the root",
            of(scale=lambda s, eps: np.sqrt(s + eps)),
            "Your ε is inside the root, as in Keras and optax: not wrong, but there ε = 1e-8 acts "
            "like 1e-4 outside, and holds back small gradients. Ours is added after the root: "
            "√s + ε.",
        ),
        Mistake(
            "epsilon outside the brackets",
            (
                of(step=lambda w, g, s, old, lr, eps: w - lr * g / np.sqrt(s) + eps),
                of(step=lambda w, g, s, old, lr, eps: w - lr * (g / np.sqrt(s) + eps)),
                of(step=lambda w, g, s, old, lr, eps: w - (lr * g / np.sqrt(s) - eps)),
                of(step=lambda w, g, s, old, lr, eps: w - lr / np.sqrt(s) + eps * g),
            ),
            "A division binds before a sum: ε does not get below the line, and where every "
            "gradient was 0 there is still a division by 0. What should ε keep from being 0?",
        ),
        Mistake(
            "no epsilon",
            of(scale=lambda s, eps: np.sqrt(s)),
            "Right until a coordinate has seen nothing but 0: there 0/0 is nan, for good. What "
            "does ε do, and where?",
        ),
        Mistake(
            "epsilon is not used",
            tuple(of(scale=lambda s, eps, k=k: np.sqrt(s) + k) for k in (1e-8, 1e-7, 1e-10, 1e-6)),
            "Your ε is always the same, whichever is passed in: with {given} you get {got}, not "
            "{expected}. Which number stands where it belongs?",
        ),
        Mistake(
            "times epsilon",
            of(scale=lambda s, eps: np.sqrt(s) * eps),
            "The root is multiplied by ε, so a tiny ε makes a huge step. It should hardly be felt "
            "but where the root is 0: how does it join it?",
        ),
        Mistake(
            "the point is divided",
            of(step=lambda w, g, s, old, lr, eps: (w - lr * g) / (np.sqrt(s) + eps)),
            "The point is divided along with the step, so w shrinks where gradients were steep. "
            "What belongs above the line?",
        ),
        Mistake(
            "the gradient squared in the step",
            of(step=lambda w, g, s, old, lr, eps: w - lr * g**2 / (np.sqrt(s) + eps)),
            "The square goes into the memory alone. In the step it has no sign, and the ball goes "
            "left on both sides of the valley; what should stand above the line?",
        ),
        Mistake(
            "no root",
            (
                of(scale=lambda s, eps: s + eps),
                of(scale=lambda s, eps: s**2 + eps),
            ),
            "The gradient is divided by squares: a gradient ten times larger makes a step ten "
            "times shorter. What brings s back to the unit of a gradient?",
        ),
        Mistake(
            "uphill",
            of(step=lambda w, g, s, old, lr, eps: w + lr * g / (np.sqrt(s) + eps)),
            "Your step goes uphill. The gradient points where the loss grows; which way should w "
            "go?",
        ),
        Mistake(
            "not divided",
            (
                of(step=lambda w, g, s, old, lr, eps: w - lr * g),
                of(step=lambda w, g, s, old, lr, eps: w - lr * g * (np.sqrt(s) + eps)),
            ),
            "s is kept and does not shorten the step: steep coordinates go as far as ever. What "
            "should each coordinate's step be divided by?",
        ),
        Mistake(
            "no gradient in the step",
            of(step=lambda w, g, s, old, lr, eps: w - lr / (np.sqrt(s) + eps)),
            "lr/(√s + ε) is the step size that each coordinate has, and a step is that times "
            "something. Which way is down, and how steep?",
        ),
        Mistake(
            "no lr",
            of(step=lambda w, g, s, old, lr, eps: w - g / (np.sqrt(s) + eps)),
            "The memory is right and the step ignores lr. Where does it enter?",
        ),
        Mistake(
            "the old memory",
            (of(step=lambda w, g, s, old, lr, eps: w - lr * g / (np.sqrt(old) + eps)),),
            "The step is divided by the memory from before: at the first step that is 0, and the "
            "ball leaps by lr·g/ε. Which of your two lines should come first?",
        ),
        Mistake(
            "one number for all",
            (
                of(scale=lambda s, eps: np.sqrt(np.sum(s)) + eps),
                of(scale=lambda s, eps: np.sqrt(np.mean(s)) + eps),
                of(scale=lambda s, eps: np.sqrt(np.max(s)) + eps),
                of(scale=lambda s, eps: np.linalg.norm(s) + eps),
            ),
            "Right for one coordinate. With several you divide all by the same number, and the "
            "steep ones slow down the flat ones again. Whose memory is each entry of s?",
        ),
        Mistake(
            "the root is stored",
            (
                lambda *a: (of()(*a)[0], np.sqrt(of()(*a)[1])),
                lambda *a: (of()(*a)[0], np.sqrt(of()(*a)[1]) + a[-1]),
            ),
            "The step is right, and what you hand back as s is its root already: the next step "
            "adds a square to it. What should be remembered, and what only used?",
        ),
        Mistake(
            "the memory is not kept",
            (
                lambda *a: (of()(*a)[0], a[1]),
                lambda *a: (of()(*a)[0], a[2] ** 2),
            ),
            "The first step is right, then it forgets: the s you hand back does not hold what was "
            "seen before. What should the next step begin with?",
        ),
        Mistake(
            "the step, not the point",
            of(step=lambda w, g, s, old, lr, eps: lr * g / (np.sqrt(s) + eps)),
            "The first value is the step. Where is w after it?",
        ),
        Mistake(
            "maximum for epsilon",
            of(scale=lambda s, eps: np.maximum(np.sqrt(s), eps)),
            "ε as a floor, max(√s, ε): it keeps 0/0 away and is another rule. For gradients as "
            "small as ε yours steps up to twice as far. Ours adds it.",
        ),
    ]


ADAGRAD_MISTAKES = [
    *shared(of_adagrad),
    Mistake(
        "no accumulation",
        of_adagrad(lambda s, g: g**2),
        "Your s holds the last gradient alone, so every step is lr long whatever came before. "
        "AdaGrad remembers all of them: what is added to what?",
    ),
    Mistake(
        "no square",
        (of_adagrad(lambda s, g: s + g), of_adagrad(lambda s, g: s + np.abs(g))),
        "Gradients are added up as they are: opposite signs cancel, or their sizes count without "
        "the square. What is always above 0 and has a root that is a size again?",
    ),
    Mistake(
        "averaged",
        (
            of_adagrad(lambda s, g: 0.9 * s + 0.1 * g**2),
            of_adagrad(lambda s, g: 0.9 * s + g**2),
            of_adagrad(lambda s, g: (s + g**2) / 2),
        ),
        "Your s forgets: that is RMSProp, the next exercise. AdaGrad's s only grows.",
    ),
    Mistake(
        "a sum over coordinates",
        (of_adagrad(lambda s, g: s + np.sum(g**2)), of_adagrad(lambda s, g: s + np.dot(g, g))),
        "All coordinates remember the same: g·g is one number, the squared length. Whose square "
        "belongs to which coordinate?",
    ),
]

RMSPROP_MISTAKES = [
    *shared(_of_rmsprop),
    Mistake(
        "rho and 1 − rho swapped",
        _of_rmsprop(lambda s, g, rho: (1 - rho) * s + rho * g**2),
        "ρ and 1 − ρ have changed places: at 0.9 your s forgets nine tenths at each step. Which "
        "share belongs to the past?",
    ),
    Mistake(
        "no 1 − rho",
        _of_rmsprop(lambda s, g, rho: rho * s + g**2),
        "The shares do not add up to 1: for a constant gradient s grows to g²/(1 − ρ), and steps "
        "are shorter than lr. What share should the new square have?",
    ),
    Mistake(
        "rho on both",
        _of_rmsprop(lambda s, g, rho: rho * (s + g**2)),
        "ρ takes its share of the new square too, and the two shares do not add up to 1. Which "
        "share is left for the new one?",
    ),
    Mistake(
        "rho is not used",
        tuple(_of_rmsprop(lambda s, g, rho, k=k: k * s + (1 - k) * g**2) for k in (0.9, 0.99)),
        "Your s forgets at the same rate whatever ρ is: with {given} you get {got}, not "
        "{expected}. Which numbers stand where ρ and 1 − ρ belong?",
    ),
    Mistake(
        "AdaGrad's sum",
        (
            _of_rmsprop(lambda s, g, rho: s + g**2),
            _of_rmsprop(lambda s, g, rho: s + (1 - rho) * g**2),
        ),
        "Nothing is ever forgotten: that is AdaGrad, whose steps shrink for ever. Which share of "
        "the old s is left?",
    ),
    Mistake(
        "no square",
        (
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * g),
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.abs(g)),
        ),
        "Gradients are averaged as they are: opposite signs cancel, and the root may be of a "
        "number below 0. What is always above 0?",
    ),
    Mistake(
        "no memory",
        (
            _of_rmsprop(lambda s, g, rho: g**2),
            _of_rmsprop(lambda s, g, rho: (1 - rho) * g**2),
        ),
        "Your s holds the last gradient alone. An average over steps keeps a share of what it "
        "was: which letter of the signature says how much?",
    ),
    Mistake(
        "the square of the average",
        (
            _of_rmsprop(lambda s, g, rho: (rho * s + (1 - rho) * g) ** 2),
            _of_rmsprop(lambda s, g, rho: rho * s + ((1 - rho) * g) ** 2),
        ),
        "The share is squared along with the gradient: 0.1 becomes 0.01. What belongs inside the "
        "square?",
    ),
    Mistake(
        "a sum over coordinates",
        (
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.sum(g**2)),
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.mean(g**2)),
        ),
        "All coordinates remember the same number. Whose square belongs to which coordinate?",
    ),
]

EXERCISES = [
    Exercise(
        name="adagrad_step",
        signature="adagrad_step(w, s, g, lr, eps)",
        reference=adagrad_step,
        mistakes=ADAGRAD_MISTAKES,
        probes=adagrad_probes,
        hints=[
            "Each coordinate keeps the sum of its own squared gradients in s.",
            "Add g² to s first. The root of s has the unit of a gradient.",
            "The step is lr · g over (√s + ε), ε after the root; return w and s.",
        ],
        returns=("w", "s"),
    ),
    Exercise(
        name="rmsprop_step",
        signature="rmsprop_step(w, s, g, lr, rho, eps)",
        reference=rmsprop_step,
        mistakes=RMSPROP_MISTAKES,
        probes=_rmsprop_probes,
        hints=[
            "AdaGrad with one line changed: s is an average that forgets, not a sum.",
            "The share ρ of the old s is left, and the share 1 − ρ of the new square comes in.",
            "Then the step as before: lr · g over (√s + ε).",
        ],
        returns=("w", "s"),
    ),
]
