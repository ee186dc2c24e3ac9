"""Exercises of gradient."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Call, named


def numerical_gradient(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def _gradient_probes():
    twisted = named(
        "w₀³ + w₀w₁ + 2w₁²", lambda w: w[..., 0] ** 3 + w[..., 0] * w[..., 1] + 2 * w[..., 1] ** 2
    )
    three = named("w₀w₁w₂ + e^w₂", lambda w: w[..., 0] * w[..., 1] * w[..., 2] + np.exp(w[..., 2]))
    one = named("w₀³", lambda w: w[..., 0] ** 3)
    return [
        Call(twisted, np.array([1.0, 2.0]), 0.1, atol=1e-10),
        Call(twisted, np.array([-1.5, 0.3]), 0.01, atol=1e-10),
        Call(one, np.array([0.7]), 0.2, note="one coordinate", atol=1e-10),
        Call(three, np.array([1.2, -0.5, 0.9]), 0.3, atol=1e-10),
        Call(twisted, np.array([3, -2]), 0.5, note="a point of whole numbers", atol=1e-10),
    ]


def _each(quotient):
    """The gradient whose coordinates are quotient(f, w, e, h), e the step along one axis."""

    def form(f, w, h=1e-5):
        return np.array([quotient(f, w, e, h) for e in h * np.eye(len(w))])

    return form


def _together(f, w, h=1e-5):
    return (f(w + h) - f(w - h)) / (2 * h) * np.ones(len(w))


def _not_put_back(forward):
    def form(f, w, h=1e-5):
        u, g = np.array(w, dtype=float), np.zeros(len(w))
        for i in range(len(w)):
            before = f(u)
            u[i] += h
            ahead = f(u)
            if not forward:
                u[i] -= 2 * h
                before = f(u)
            g[i] = (ahead - before) / (h if forward else 2 * h)
        return g

    return form


def _whole(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        ahead, behind = np.array(w), np.array(w)
        ahead[i] += h if ahead.dtype.kind == "f" else int(h)
        behind[i] -= h if ahead.dtype.kind == "f" else int(h)
        g[i] = (f(ahead) - f(behind)) / (2 * h)
    return g


def _whole_cut(f, w, h=1e-5):
    """As `_whole`, with numbers cut after h was added or taken away."""
    g = np.zeros(len(w))
    for i in range(len(w)):
        ahead, behind = np.array(w), np.array(w)
        ahead[i], behind[i] = ahead[i] + h, behind[i] - h
        g[i] = (f(ahead) - f(behind)) / (2 * h)
    return g


def _last_only(f, w, h=1e-5):
    return np.eye(len(w))[-1] * numerical_gradient(f, w, h)


def _results_cut(f, w, h=1e-5):
    g = np.zeros_like(w)
    g[:] = numerical_gradient(f, w, h)
    return g


GRADIENT_MISTAKES = [
    Mistake(
        "forward difference",
        _each(lambda f, w, e, h: (f(w + e) - f(w)) / h),
        "One look, to the side where each coordinate grows: forward differences. Their error "
        "shrinks with h, the central ones' with h². With {given} you get {got} for {expected}.",
    ),
    Mistake(
        "backward difference",
        _each(lambda f, w, e, h: (f(w) - f(w - e)) / h),
        "Each coordinate is compared with its lower side only: backward differences. What would "
        "a look to the other side as well do to the error?",
    ),
    Mistake(
        "all coordinates at once",
        (
            _together,
            lambda f, w, h=1e-5: (f(w + h) - f(w)) / h * np.ones(len(w)),
            lambda f, w, h=1e-5: _together(f, w, h)[0],
        ),
        "With {given} every coordinate moves at the same time, so one number comes out for all "
        "of them. A partial derivative moves one and holds the others: which line chooses it?",
    ),
    Mistake(
        "not divided by the width",
        _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / h),
        "Twice the gradient: the direction is right and the length is not. How far apart are the "
        "two points you compare?",
    ),
    Mistake(
        "brackets",
        (
            _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / 2 * h),
            _each(lambda f, w, e, h: f(w + e) - f(w - e) / (2 * h)),
            _each(lambda f, w, e, h: (f(w + e) - f(w)) / 2 * h),
        ),
        "With {given} you get {got} for {expected}. Read the quotient aloud as Python does, from "
        "left to right and division before difference: what is divided by what?",
    ),
    Mistake(
        "uphill is downhill",
        _each(lambda f, w, e, h: (f(w - e) - f(w + e)) / (2 * h)),
        "This is the direction of descent already: every sign is turned round. The gradient "
        "itself points uphill; the step takes care of the rest.",
    ),
    Mistake(
        "only the rise",
        (
            _each(lambda f, w, e, h: f(w + e) - f(w - e)),
            _each(lambda f, w, e, h: f(w + e) - f(w)),
        ),
        "Those are rises, which go to 0 with h. A slope is rise over run: what is the run?",
    ),
    Mistake(
        "coordinate not put back",
        (_not_put_back(True), _not_put_back(False)),
        "Right in the first coordinate, then it drifts: the shift of one coordinate is still "
        "there when the next one is measured. Where does each begin afresh?",
    ),
    Mistake(
        "whole numbers",
        (_whole, _whole_cut),
        "Right for a point like (1.0, 2.0) and wrong for (3, −2): adding a small h to an array of "
        "whole numbers changes nothing, or too much. What type should the moved point have?",
    ),
    Mistake(
        "h is ignored",
        tuple(
            lambda f, w, h=1e-5, k=k: numerical_gradient(f, np.array(w, float), k)
            for k in (1e-3, 1e-4, 1e-5, 1e-6)
        ),
        "A good gradient, and the same one for every h: the spacing that is passed in is not used.",
    ),
    Mistake(
        "only one coordinate",
        (
            _last_only,
            lambda f, w, h=1e-5: np.eye(len(w))[0] * numerical_gradient(f, w, h),
        ),
        "One coordinate is right and the others are 0. Does your loop get to all of them, and "
        "does each result keep its place?",
    ),
    Mistake(
        "summed up",
        (
            lambda f, w, h=1e-5: np.sum(numerical_gradient(f, w, h)),
            lambda f, w, h=1e-5: np.linalg.norm(numerical_gradient(f, w, h)),
        ),
        "One number came out. A gradient has one for each coordinate: they must stay apart.",
    ),
    Mistake(
        "returns in the loop",
        lambda f, w, h=1e-5: numerical_gradient(f, w, h)[0],
        "One number comes back, the slope along the first coordinate: the function is over "
        "before the others are measured. Where does your return stand?",
    ),
    Mistake(
        "results cut to whole numbers",
        _results_cut,
        "Right for a point like (1.0, 2.0) and wrong for (3, −2): there your g holds whole numbers "
        "only, and each slope is cut when it is stored. Where does g get its type from?",
    ),
    Mistake(
        "moved by 1",
        (
            _each(lambda f, w, e, h: (f(w + e / h) - f(w - e / h)) / (2 * h)),
            _each(lambda f, w, e, h: (f(w + e / h) - f(w)) / h),
        ),
        "With {given} you get {got} for {expected}: each coordinate is moved by 1 and the rise is "
        "divided as if it had moved by h. How long is the vector you add to w?",
    ),
    Mistake(
        "measured at 0",
        _each(lambda f, w, e, h: (f(e) - f(-e)) / (2 * h)),
        "The same gradient comes out wherever w is: the steps are taken around 0. What should e "
        "be added to?",
    ),
    Mistake(
        "half the gradient",
        _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / (4 * h)),
        "The direction is right and every number is half of what it should be. How often is the "
        "rise divided by 2?",
    ),
    Mistake(
        "no sign",
        _each(lambda f, w, e, h: abs(f(w + e) - f(w - e)) / (2 * h)),
        "No slope of yours is below 0, so every direction seems to climb. Which part of your line "
        "takes the sign away?",
    ),
    Mistake(
        "normalised",
        lambda f, w, h=1e-5: (
            numerical_gradient(f, w, h) / np.linalg.norm(numerical_gradient(f, w, h))
        ),
        "The direction is right, and its length is always 1. How steep it is has been divided "
        "away.",
    ),
    Convention(
        "five points",
        _each(
            lambda f, w, e, h: (f(w - 2 * e) - 8 * f(w - e) + 8 * f(w + e) - f(w + 2 * e)) / 12 / h
        ),
        "This is the five-point formula, more exact than asked: its error shrinks with h⁴. Ours "
        "takes two points a coordinate, (f(w + e) − f(w − e)) / (2h), with h² in the error.",
    ),
]


def best_step(mu, L):
    return 2 / (mu + L)


def _two(k):
    return lambda mu, L: k(float(mu), float(L))


BEST_MISTAKES = [
    Mistake(
        "one over L",
        _two(lambda mu, L: 1 / L),
        "1/L is safe and never crosses the valley, but the flat direction crawls: 1 − 1/κ is left "
        "each step. A longer step lets the steep direction overshoot a little. By how much?",
    ),
    Mistake(
        "the largest step",
        _two(lambda mu, L: 2 / L),
        "That is the border: along the steep direction the ball jumps from wall to wall for ever. "
        "Which step treats both directions alike?",
    ),
    Mistake(
        "one over mu",
        (_two(lambda mu, L: 1 / mu), _two(lambda mu, L: 2 / mu)),
        "That step suits the flat direction alone; the steep one is thrown out of the valley. "
        "Both curvatures have a say.",
    ),
    Mistake(
        "one over the sum",
        _two(lambda mu, L: 1 / (mu + L)),
        "Half of the best step: with {given} you get {got}, and {expected} is still safe. For "
        "which lr are 1 − lr·μ and lr·L − 1 equal?",
    ),
    Mistake(
        "mean of two steps",
        (
            _two(lambda mu, L: (1 / mu + 1 / L) / 2),
            _two(lambda mu, L: (mu + L) / (2 * mu * L)),
            _two(lambda mu, L: 2 / mu + 2 / L),
            _two(lambda mu, L: 1 / mu + 1 / L),
        ),
        "A mean of the two directions' own steps is ruled by the flat one, which allows far too "
        "much. Balance the factors, not the steps.",
    ),
    Mistake(
        "upside down",
        (
            _two(lambda mu, L: (mu + L) / 2),
            _two(lambda mu, L: mu + L),
            _two(lambda mu, L: 2 * (mu + L)),
        ),
        "This grows with the curvatures: steeper walls would allow longer steps. Try the slider; "
        "is that so?",
    ),
    Mistake(
        "the factor, not the step",
        (
            _two(lambda mu, L: (L - mu) / (L + mu)),
            _two(lambda mu, L: (L / mu - 1) / (L / mu + 1)),
        ),
        "That is what the best step leaves of the distance, (κ − 1)/(κ + 1). Which step leads to "
        "it?",
    ),
    Mistake(
        "geometric mean",
        (
            _two(lambda mu, L: 1 / np.sqrt(mu * L)),
            _two(lambda mu, L: 2 / np.sqrt(mu * L)),
        ),
        "With {given} you get {got} for {expected}: that is built on the geometric mean of the "
        "curvatures. The factors 1 − lr·c are straight lines in c; which mean balances those?",
    ),
    Mistake(
        "heavy ball's step",
        _two(lambda mu, L: 4 / (np.sqrt(mu) + np.sqrt(L)) ** 2),
        "That is the best step of heavy-ball momentum, which comes in lesson 09. Plain descent "
        "has no velocity to balance with.",
    ),
    Mistake(
        "difference for sum",
        _two(lambda mu, L: 2 / (L - mu)),
        "The closer the two curvatures, the longer your step, without end: for a round bowl it "
        "would be infinite. What joins the two below the line?",
    ),
    Mistake(
        "brackets",
        (_two(lambda mu, L: 2 / mu + L), _two(lambda mu, L: 1 / mu + L)),
        "With {given} you get {got}, not {expected}: a division binds before a sum. What belongs "
        "below the line?",
    ),
    Mistake(
        "a factor of 2",
        (_two(lambda mu, L: 4 / (mu + L)), _two(lambda mu, L: 1 / (2 * (mu + L)))),
        "The sum is right and the number above it is not: with {given} you get {got} for "
        "{expected}. For which lr are 1 − lr·μ and lr·L − 1 equal?",
    ),
    Mistake(
        "product for sum",
        (_two(lambda mu, L: 2 / (mu * L)), _two(lambda mu, L: 1 / (mu * L))),
        "Make both curvatures ten times as large: the best step is ten times shorter, and yours a "
        "hundred times. What joins the two below the line?",
    ),
    Mistake(
        "condition number",
        (
            _two(lambda mu, L: L / mu),
            _two(lambda mu, L: mu / L),
            _two(lambda mu, L: 2 * mu / (mu + L)),
            _two(lambda mu, L: 2 * L / (mu + L)),
        ),
        "That is a ratio of the curvatures, which has no unit: make the hill twice as steep and "
        "it stays. A step size halves then.",
    ),
]

EXERCISES = [
    Exercise(
        name="numerical_gradient",
        signature="numerical_gradient(f, w, h=1e-5)",
        reference=numerical_gradient,
        mistakes=GRADIENT_MISTAKES,
        probes=_gradient_probes,
        hints=[
            "For each coordinate, move that one alone by h, up and down, and compare the heights.",
            "A vector of zeros with h in place i moves coordinate i: w + e and w − e.",
            "g[i] is (f(w + e) − f(w − e)) / (2h). Make e afresh for every i.",
        ],
    ),
    Exercise(
        name="best_step",
        signature="best_step(mu, L)",
        reference=best_step,
        mistakes=BEST_MISTAKES,
        probes=lambda: [Call(1.0, 25.0), Call(0.01, 30.0), Call(3, 4), Call(2.5, 100)],
        hints=[
            "Along a direction of curvature c each step keeps |1 − lr·c| of the distance.",
            "A longer step helps the flat direction until the steep one becomes the slower.",
            "Best is where 1 − lr·μ and lr·L − 1 are equal: solve that for lr.",
        ],
    ),
]
