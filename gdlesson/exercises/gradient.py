"""Exercises of lesson 04: the gradient by differences, and the factor of each direction."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, named, scattered


def numerical_gradient(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def _loss(text, fn):
    """A loss by its text, of a point as a list or an array (d,), or of many points (n, d)."""
    return named(text, lambda w: fn(np.asarray(w).T))


def _gradient_probes():
    twisted = _loss("w₁³ + w₁w₂ + 2w₂²", lambda w: w[0] ** 3 + (w[0] + 2 * w[1]) * w[1])
    three = _loss("w₁w₂w₃ + e^w₃", lambda w: w[0] * w[1] * w[2] + np.exp(w[2]))
    one = _loss("w₁³", lambda w: w[0] ** 3)
    steep = _loss("10⁶(w₁³ + w₁w₂)", lambda w: 1e6 * (w[0] ** 3 + w[0] * w[1]))
    faint = _loss("10⁻⁸(w₂³ − w₁w₂)", lambda w: 1e-8 * (w[1] ** 3 - w[0] * w[1]))
    many = _loss("Σ wᵢ³ + wᵢwᵢ₊₁", lambda w: np.sum(w**3, 0) + np.sum(w[1:] * w[:-1], 0))
    return [
        Call(twisted, [1.0, 2.0], 0.1, atol=1e-10),
        Call(one, [0.7], 0.2, note="one coordinate", atol=1e-10),
        Call(three, [1.2, -0.5, 0.9], 0.3, atol=1e-10),
        Call(twisted, [3, -2], 0.5, note="a point of whole numbers", atol=1e-10),
        Call(twisted, [0.0, 0.0], 2, note="w = [0, 0] and h = 2", atol=1e-10),
        Call(twisted, [0.4, -1.1], 1e-5, atol=1e-9),
        Call(steep, [2.0, -7.0], 0.15, atol=1e-4),
        Call(faint, [0.8, 0.6], 0.25, atol=1e-18),
        Call(many, scattered(60, 0.01, 3, 1), 0.35, note="60 coordinates", atol=1e-9),
    ]


UP, DOWN, WIDTH = "f(w + e)", "f(w - e)", "(2 * h)"
RISE, E = "(f(w + e) - f(w - e))", "e = np.zeros(len(w))"
TOGETHER = ("e[i] = h", "e[:] = h")
FIVE = (RISE, "(f(w - 2 * e) - 8 * f(w - e) + 8 * f(w + e) - f(w + 2 * e))"), ("2 *", "12 *")

# fmt: off
GRADIENT_MISTAKES = [
    Mistake("forward difference", edit((DOWN, "f(w)"), (WIDTH, "h")),
        "These are forward differences, from w to a point ahead of it. Their error is "
        "proportional to h, that of central differences to h². Which point lies as far on the "
        "other side?"),
    Mistake("backward difference", edit((UP, "f(w)"), (WIDTH, "h")),
        "These are backward differences, from a point behind w to w. Their error is proportional "
        "to h, that of central differences to h². Which point lies as far on the other side?"),
    Mistake("all coordinates at once",
        (edit(TOGETHER), edit(TOGETHER, ("return g", "return g[0]"))),
        "All coordinates are moved at the same time. A partial derivative moves one coordinate "
        "and leaves the others where they are. Which line should choose the coordinate?"),
    Mistake("not divided by the width", either((WIDTH, "h"), (DOWN, "f(w)")),
        "Each rise is divided by a number that is not the distance between its two points. With "
        "{given} your function gives {got} instead of {expected}. How far apart are the points?"),
    Mistake("brackets", either((WIDTH, "2 * h"), (RISE, "f(w + e) - f(w - e)")),
        "A pair of brackets is missing in your quotient. Python divides before it subtracts, and "
        "reads a / 2 * h as (a / 2) * h. Which two parts of the quotient need brackets?"),
    Mistake("uphill is downhill", edit(("g[i] = (f", "g[i] = -(f")),
        "Every sign of your gradient is reversed. The gradient points uphill, and the update "
        "rule subtracts it. Which value of f should be subtracted from the other?"),
    Mistake("only the rise", either((" / (2 * h)", ""), (WIDTH, "2")),
        "The rises are not divided by the run. They go to 0 when h does, but a slope does not. "
        "How far apart are the two points of each rise?"),
    Mistake("coordinate not put back",
        (edit((f"        {E}\n", ""), ("g = np", f"{E}\n    g = np")),
         edit((DOWN, "f(w)"), (WIDTH, "h\n        w = w + e")),
         *either((WIDTH, "(2 * h)\n        w = w - e"), (WIDTH, "(2 * h)\n        w = w + e"))),
        "A coordinate that was moved is not put back. It is still moved when the next coordinate "
        "is measured. Which array should be made again for each one?"),
    Mistake("whole numbers",
        (edit((UP, "f((w + e).astype(w.dtype))"), (DOWN, "f((w - e).astype(w.dtype))")),
         edit((E, "e = np.zeros_like(w)"))),
        "Your moved points cannot hold decimals when w consists of whole numbers. A copy of w "
        "and zeros_like(w) have the type of w. Which array should be made of floats?"),
    Mistake("h is ignored", tuple(edit(first=f"h = {h}") for h in ("1e-5", "1e-6", "1e-3")),
        "The argument h is not used. With {given} your function gives {got} instead of "
        "{expected}. Which number in your function should be h?"),
    Mistake("only one coordinate",
        (edit(("    return g", "        return g")),
         *either((E, f"g = {E}"), ("g[i] =", "slope =")),
         *either(("(len(w)):", "(len(w) - 1):"), ("range(len(w))", "range(1, len(w))"))),
        "Some entries of your gradient are 0 although the slope is not. Does your loop reach "
        "every coordinate, store each slope in its own place, and leave it there?"),
    Mistake("summed up",
        tuple(edit(("return g", f"return np.{f}(g)")) for f in ("sum", "mean", "linalg.norm")),
        "The partial derivatives are combined into one number. A gradient has one entry for each "
        "coordinate. Which line combines them?"),
    Mistake("returns in the loop", either(("g[i] =", "return"), ("g[i] =", "g =")),
        "Your function returns the slope along one coordinate only. A return in the loop ends "
        "the function, and g = … replaces what g was. Where should the slopes be collected?"),
    Mistake("results cut to whole numbers", edit(("g = np.zeros(len(w))", "g = np.zeros_like(w)")),
        "Each slope is cut to a whole number when w consists of whole numbers. Your g then has "
        "the type of w and cannot store decimals. Which line decides the type of g?"),
    Mistake("a fixed divisor",
        tuple(edit((WIDTH, divisor)) for h in ("1e-5", "1e-6", "1e-3", "0.1")
              for divisor in (f"(2 * {h})", h)),
        "The divisor does not contain h. The points move apart when h grows, and the rise grows "
        "with their distance. How far apart are the two points, written with h?"),
    Mistake("moved by 1", edit(("e[i] = h", "e[i] = 1")),
        "Each coordinate is moved by 1 instead of h. With {given} your function gives {got} "
        "instead of {expected}. How long should the vector be that is added to w?"),
    Mistake("measured at 0", edit((UP, "f(e)"), (DOWN, "f(-e)")),
        "The points at which you evaluate f lie around 0 instead of around w. Your answer is "
        "therefore the same for every w. To what should e be added?"),
    Mistake("half the gradient", edit((WIDTH, "(4 * h)")),
        "Each rise is divided by 4h instead of 2h. With {given} your function gives {got} "
        "instead of {expected}. How many times is the rise divided by 2?"),
    Mistake("no sign", edit((RISE, "abs(f(w + e) - f(w - e))")),
        "The absolute value of each rise is used. Every direction then seems to go uphill. Which "
        "part of your line removes the sign?"),
    Mistake("normalised", edit(("return g", "return g / np.linalg.norm(g)")),
        "The gradient is divided by its own length. Its length is then 1 everywhere, on gentle "
        "slopes as on steep ones. Which line divides by the length?"),
    Convention("five points", (edit(*FIVE), edit(*FIVE, first="h = h / 2")),
        "This is a formula with four points, which is more exact than the one we ask for. Our "
        "form uses two points for each coordinate: (f(w + e) − f(w − e)) / (2h)."),
]
# fmt: on


def convergence_factors(curvatures, lr):
    return 1 - lr * curvatures


FACTORS, PART = "1 - lr * curvatures", "lr * curvatures"
MEANS = "np.mean(curvatures)", "np.median(curvatures)", "np.sum(curvatures)"

# fmt: off
FACTOR_MISTAKES = [
    Mistake("no sign", edit((FACTORS, f"np.abs({FACTORS})")),
        "The signs of the factors are removed. A negative factor means that the ball crosses the "
        "minimum in this direction. Which part of your line removes the signs?"),
    Mistake("factor of the loss", edit((FACTORS, f"({FACTORS}) ** 2")),
        "These are the factors of the loss, which is proportional to the square of the distance. "
        "We ask for the factor of the distance itself. Where does your line square?"),
    Mistake("uphill", edit(("1 - lr", "1 + lr")),
        "The step is added instead of subtracted. All your factors are larger than 1, so every "
        "step size would diverge. Which sign does the step have in the update rule?"),
    Mistake("reversed sign", edit((FACTORS, f"{PART} - 1")),
        "Every sign of your factors is reversed. With a very small step size nearly all of the "
        "distance remains, so the factor should be close to 1. What does your line give there?"),
    Mistake("what a step takes away", edit((FACTORS, PART)),
        "This is the share of the distance that a step takes away. We ask for the share that "
        "remains. What do these two shares add up to?"),
    Mistake("lr is missing", edit((PART, "curvatures")),
        "The step size is not used. With {given} your function gives {got} instead of {expected}. "
        "How long is a step along a direction whose slope is curvature times distance?"),
    Mistake("divided by lr", either((PART, "curvatures / lr"), (PART, "lr / curvatures")),
        "There is a quotient where a product is needed. A larger step size and a larger curvature "
        "both make the step longer. What follows for the operation between them?"),
    Mistake("brackets", edit((FACTORS, "(1 - lr) * curvatures")),
        "The curvatures multiply the 1 as well. With {given} your function gives {got} instead of "
        "{expected}. What should be multiplied by the curvatures?"),
    Mistake("twice the curvature", edit((FACTORS, "1 - 2 * lr * curvatures")),
        "Each curvature is multiplied by 2. For f = ½λu² the slope is λu, and the curvature is λ. "
        "Does a 2 remain when you differentiate this loss?"),
    Mistake("half the curvature",
        either((FACTORS, "1 - 0.5 * lr * curvatures"), ("1 - lr", "2 - lr")),
        "Your factors have a 2 in the wrong place. With {given} your function gives {got} instead "
        "of {expected}. What is the derivative of ½λu²?"),
    Mistake("slowest direction only",
        either((FACTORS, f"np.max(np.abs({FACTORS}))"), (FACTORS, f"np.max({FACTORS})"),
               (FACTORS, f"np.min({FACTORS})"), (PART, "lr * np.max(curvatures)")),
        "Your function returns one number. Each direction has a factor of its own: {expected}. "
        "Which part of your line chooses among the directions?"),
    Mistake("multiplied together", edit((FACTORS, f"np.prod({FACTORS})")),
        "The factors of all directions are multiplied with each other. Each one belongs to its own "
        "direction: {expected}. Which part of your line combines them?"),
    Mistake("mean curvature",
        tuple(edit((FACTORS, f"1 - lr * {mean} + 0 * curvatures")) for mean in MEANS),
        "All directions have the same factor. The curvatures are combined into one number before "
        "they are used. Which part of your line combines them?"),
    Mistake("curvatures divided by the largest",
        edit((PART, "lr * curvatures / np.max(curvatures)")),
        "The curvatures are divided by the largest one. The step size lr is given as a number, not "
        "in units of 1/L. Where does your line divide?"),
    Mistake("sorted", either((PART, "lr * np.sort(curvatures)"), (FACTORS, f"np.sort({FACTORS})")),
        "Your factors are sorted. Each factor should be in the place of its own curvature. Which "
        "part of your line changes the order?"),
    Mistake("reversed order", edit((FACTORS, f"({FACTORS})[::-1]")),
        "Your factors are in the reversed order. Each factor should be in the place of its own "
        "curvature. Which part of your line changes the order?"),
    Mistake("factor times curvature", edit((FACTORS, f"curvatures * ({FACTORS})")),
        "Each factor is multiplied by its curvature. With {given} your function gives {got} "
        "instead of {expected}. By which number does one step multiply the distance itself?"),
    Mistake("exponential", edit((FACTORS, f"np.exp(-{PART})")),
        "This is the exponential of −lr·λ, which is close to 1 − lr·λ only for very small steps. "
        "It is never negative, so it cannot describe overshooting. Which function is too much?"),
    Mistake("cut off",
        either((FACTORS, f"np.maximum({FACTORS}, 0)"), (FACTORS, f"np.clip({FACTORS}, -1, 1)")),
        "Your factors are cut off at a limit. With {given} your function gives {got} instead of "
        "{expected}. Which part of your line sets the limit?"),
    Mistake("rounded", tuple(edit((FACTORS, f"np.round({FACTORS}, {n})")) for n in (1, 2, 3, 4)),
        "Your factors are rounded. With {given} your function gives {got} instead of {expected}. "
        "Which part of your line removes digits?"),
    Mistake("best step size",
        edit((PART, "2 / (np.min(curvatures) + np.max(curvatures)) * curvatures")),
        "The best step size is used instead of lr. With {given} your function gives {got} instead "
        "of {expected}. Which step size should the factors belong to?"),
    Mistake("one over the factor", edit((FACTORS, f"1 / ({FACTORS})")),
        "Your numbers are 1 divided by the factors. They would lead from the new distance back to "
        "the old one. By which number is the old distance multiplied?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="numerical_gradient",
        signature="numerical_gradient(f, w, h=1e-5)",
        reference=numerical_gradient,
        mistakes=GRADIENT_MISTAKES,
        probes=_gradient_probes,
        hints=[
            "For each coordinate, move it alone by h, up and down, and compare the values of f.",
            "A vector e of zeros with h at position i moves coordinate i: take w + e and w − e.",
            "g[i] is (f(w + e) − f(w − e)) / (2h). Make a new e for every i.",
        ],
    ),
    Exercise(
        name="convergence_factors",
        signature="convergence_factors(curvatures, lr)",
        reference=convergence_factors,
        mistakes=FACTOR_MISTAKES,
        probes=lambda: [
            Call([1.0, 25.0], 0.07, atol=1e-14),
            Call([10.0], 0.21, note="one curvature", atol=1e-14),
            Call([4.0, 0.5, 30.0], 0.013, atol=1e-14),
            Call([2, 8, 3], 0.3, note="curvatures that are whole numbers", atol=1e-14),
            Call([6e-4, 900.0], 1.5e-3, atol=1e-14),
            Call([5.0, 5.0], 0.2, note="a round bowl at lr = 1/L", atol=1e-14),
            Call(np.abs(scattered(120, 1e-3, 1e3, 1)), 0.0015, note="120 curvatures", atol=1e-12),
        ],
        hints=[
            "Along a direction of curvature λ the slope at distance u is λu.",
            "Put this slope into the rule u ← u − lr · slope. What multiplies u on the right?",
            "NumPy computes with all entries of an array at once: no loop is needed.",
        ],
    ),
]
