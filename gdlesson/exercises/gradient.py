"""Exercises of lesson 04: the gradient by differences, and the best fixed step size."""

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


def _gradient_probes():
    twisted = named("w₀³ + w₀w₁ + 2w₁²", lambda w: w.T[0] ** 3 + (w.T[0] + 2 * w.T[1]) * w.T[1])
    three = named("w₀w₁w₂ + e^w₂", lambda w: w.T[0] * w.T[1] * w.T[2] + np.exp(w.T[2]))
    one = named("w₀³", lambda w: w.T[0] ** 3)
    steep = named("10⁶(w₀³ + w₀w₁)", lambda w: 1e6 * (w.T[0] ** 3 + w.T[0] * w.T[1]))
    faint = named("10⁻⁸(w₁³ − w₀w₁)", lambda w: 1e-8 * (w.T[1] ** 3 - w.T[0] * w.T[1]))
    many = named("Σ wᵢ³ + wᵢwᵢ₊₁", lambda w: np.sum(w.T**3, 0) + np.sum(w.T[1:] * w.T[:-1], 0))
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


def best_step(mu, L):
    return 2 / (mu + L)


ANSWER, SUM = "2 / (mu + L)", "(mu + L)"
RATIOS = ("L / mu", "mu / L", "2 * mu / (mu + L)", "2 * L / (mu + L)")

# fmt: off
BEST_MISTAKES = [
    Mistake("one over L", edit((ANSWER, "1 / L")),
        "This is 1/L, the longest step that does not overshoot. It converges, but along the flat "
        "direction 1 − μ/L of the distance remains. How much longer may the step become?"),
    Mistake("the largest step", edit((SUM, "L")),
        "The smallest curvature is missing from your formula. 2/L is the stability limit, where "
        "the steep direction gets no closer. For which lr are both directions equally fast?"),
    Mistake("one over mu", either((SUM, "mu"), (ANSWER, "1 / mu")),
        "Your step size depends on the smallest curvature only. It suits the flat direction, but "
        "the steep one may diverge. How does the largest curvature limit the step?"),
    Mistake("one over the sum", edit(("2 /", "1 /")),
        "The numerator is 1 instead of 2. With {given} your function gives {got} instead of "
        "{expected}. For which lr are 1 − lr·μ and lr·L − 1 equal?"),
    Mistake("mean of two steps",
        tuple(edit((ANSWER, f"{steps} / mu + {steps} / L")) for steps in (0.5, 1, 2)),
        "The step sizes of the two directions are combined. The flat direction allows a much "
        "longer step and dominates the result. Which quantity should be equal in both "
        "directions?"),
    Mistake("upside down",
        either((ANSWER, "(mu + L) / 2"), (ANSWER, "mu + L"), (ANSWER, "2 * (mu + L)")),
        "Your answer grows with the curvatures. With {given} it should be {expected}, and yours "
        "is {got}. Steeper valleys need shorter steps: where do the curvatures belong?"),
    Mistake("the factor, not the step", edit((ANSWER, "(L - mu) / (L + mu)")),
        "This is the factor by which the best step multiplies the distance, (κ − 1)/(κ + 1). We "
        "ask for the step size itself. Which lr leads to this factor?"),
    Mistake("geometric mean",
        either((ANSWER, "1 / np.sqrt(mu * L)"), (ANSWER, "2 / np.sqrt(mu * L)")),
        "Your formula contains the geometric mean of the curvatures. With {given} it gives {got} "
        "instead of {expected}. The factors 1 − lr·c are linear in c: which mean fits them?"),
    Mistake("heavy ball's step",
        either((ANSWER, "4 / (np.sqrt(mu) + np.sqrt(L)) ** 2"), (ANSWER, "4 / (3 * L + mu)")),
        "This is the best step size of a method with momentum. Such methods come in lessons 11 "
        "and 12. In plain descent, for which lr are 1 − lr·μ and lr·L − 1 equal?"),
    Mistake("difference for sum", edit(("mu + L", "L - mu")),
        "The curvatures are subtracted instead of added. The closer they are, the longer your "
        "step becomes, without limit. For which lr are 1 − lr·μ and lr·L − 1 equal?"),
    Mistake("brackets", edit((SUM, "mu + L")),
        "Only μ is in the denominator. Python divides before it adds: with {given} your function "
        "gives {got} instead of {expected}. What should be in brackets?"),
    Mistake("a factor of 2", either(("2 /", "4 /"), (ANSWER, "1 / (2 * (mu + L))")),
        "Your fraction has a factor of 2 in the wrong place. With {given} your function gives "
        "{got} instead of {expected}. For which lr are 1 − lr·μ and lr·L − 1 equal?"),
    Mistake("product for sum", edit(("mu + L", "mu * L")),
        "The curvatures are multiplied instead of added. If both become ten times as large, your "
        "step becomes a hundred times shorter. How much shorter should it become?"),
    Mistake("condition number", tuple(edit((ANSWER, ratio)) for ratio in RATIOS),
        "Your answer contains a ratio of curvatures. A ratio stays the same when the whole loss "
        "is doubled, but the best step size is then halved. What should be in the numerator?"),
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
        name="best_step",
        signature="best_step(mu, L)",
        reference=best_step,
        mistakes=BEST_MISTAKES,
        probes=lambda: [
            *(Call(*c) for c in ((1.0, 25.0), (0.01, 30.0), (3, 4), (2.5, 100), (3e-8, 7e-8))),
            Call(2e-5, 1e6, atol=1e-20),
        ],
        hints=[
            "Along a direction of curvature c, |1 − lr·c| of the distance remains after each step.",
            "A longer step helps the flat direction until the steep one becomes the slower.",
            "The best step size makes 1 − lr·μ and lr·L − 1 equal. Solve this equation for lr.",
        ],
    ),
]
