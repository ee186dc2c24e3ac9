"""Exercises of lesson 01: the slope of a function from two of its points."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, named


def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def _probes():
    shifted = named("x² + 7", lambda x: x**2 + 7)
    cubic = named("x³ − 2x", lambda x: x**3 - 2 * x)
    growth = named("eˣ", lambda x: np.exp(x))
    wave = named("sin 3x", lambda x: np.sin(3 * x))
    faint = named("10⁻⁸ sin x", lambda x: 1e-8 * np.sin(x))
    return [
        Call(shifted, 3.0, 0.5),
        Call(cubic, 1.5, 0.1),
        Call(cubic, -2, 0.25),
        Call(growth, 0.3, 0.2),
        Call(wave, -0.7, 0.01),
        Call(wave, 0.4, 0.3),
        Call(wave, 1.1, 1e-3, atol=1e-9),
        Call(cubic, -3, 2),
        Call(cubic, 0.0, 0.125),
        Call(growth, 13.0, 0.4),
        Call(faint, 2.5, 0.6, atol=1e-20),
    ]


ALL = "(f(x + h) - f(x - h)) / (2 * h)"
FIVE = "(f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)"

# fmt: off
MISTAKES = [
    Mistake("forward difference",
        (edit(("f(x - h)", "f(x)"), ("(2 * h)", "h")),
         edit(("f(x - h)", "f(x)"), ("x + h", "x + 2 * h"))),
        "This is a forward difference, which uses x itself and a point to its right. Its error "
        "is proportional to h, that of the central difference to h². With {given} your function "
        "gives {got} instead of {expected}. Which point lies as far to the left of x?"),
    Mistake("backward difference",
        (edit(("f(x + h)", "f(x)"), ("(2 * h)", "h")),
         edit(("f(x + h)", "f(x)"), ("x - h", "x - 2 * h"))),
        "This is a backward difference, which uses x itself and a point to its left. Its error "
        "is proportional to h, that of the central difference to h². With {given} your function "
        "gives {got} instead of {expected}. Which point lies as far to the right of x?"),
    Mistake("not divided by the width",
        (*either(("(2 * h)", "h"), ("(2 * h)", "(4 * h)")), edit(("f(x - h)", "f(x)")),
         edit(("(f(x + h)", "(f(x)")), edit(("x + h", "x + h / 2"), ("x - h", "x - h / 2"))),
        "The rise is divided by a number that is not the distance between your two points. With "
        "{given} your function gives {got} instead of {expected}. How far apart are the two "
        "points at which you evaluate f?"),
    Mistake("brackets", edit(("(2 * h)", "2 * h")),
        "Your line divides by 2 and then multiplies by h. Python evaluates a / 2 * h from left "
        "to right, so your answer goes to 0 with h. Where does the denominator need brackets?"),
    Mistake("upside down", edit(("return (", "return -(")),
        "The sign of your slope is reversed. With {given} your function gives {got} instead of "
        "{expected}. Which of the two values of f should be subtracted from the other?"),
    Mistake("only the rise",
        (*either((" / (2 * h)", ""), ("(2 * h)", "2")),
         edit(("f(x - h)", "f(x)"), (" / (2 * h)", ""))),
        "The rise is not divided by the run. Your answer therefore goes to 0 when h does. How "
        "far apart are the two points that you compare?"),
    Mistake("missing brackets", edit(("(f(x + h) - f(x - h))", "f(x + h) - f(x - h)")),
        "Only the second value of f is divided. Python divides before it subtracts. What do you "
        "have to write so that the difference is computed first?"),
    Mistake("the mean height",
        (edit((") - f", ") + f")), edit((") - f", ") + f"), ("(2 * h)", "2"))),
        "The two values of f are added. If the whole curve is lifted by 7, your answer changes, "
        "but the slope does not. Which operation compares two heights?"),
    Mistake("curvature",
        (edit((" - f(x - h)", " - 2 * f(x) + f(x - h)"), ("(2 * h)", "h**2")),
         edit((" - f(x - h)", " - 2 * f(x) + f(x - h)"))),
        "Your formula measures how the slope changes. The numerator f(x + h) − 2f(x) + f(x − h) "
        "belongs to the second derivative. Which two of these three values does a slope need?"),
    Mistake("h is ignored", tuple(edit(first=f"h = {h}") for h in ("1e-5", "1e-6", "1e-3")),
        "The argument h is not used. With {given} your function gives {got} instead of "
        "{expected}. The lesson varies h to show how a secant becomes a tangent. Which number in "
        "your function should be h?"),
    Mistake("half the spacing", edit(first="h = h / 2"),
        "Your points are not at the distance h from x. With {given}, the points x − h and x + h "
        "give {expected}, and your function gives {got}. How far from x do you evaluate f?"),
    Mistake("divided by h twice",
        (*either(("(2 * h)", "(2 * h**2)"), ("(2 * h)", "h**2"), ("(2 * h)", "(2 * h) ** 2")),
         edit(("f(x - h)", "f(x)"), ("(2 * h)", "h**2"))),
        "The rise is divided by h twice. Your answer therefore grows without limit as h shrinks: "
        "with {given} it is {got} instead of {expected}. How many times does a slope divide by "
        "the run?"),
    Mistake("no sign", edit(("(f(x + h) - f(x - h))", "abs(f(x + h) - f(x - h))")),
        "The absolute value of the rise is used. A curve that falls then seems to rise, and "
        "descent would go in the wrong direction there. Which part of your line removes the "
        "sign?"),
    Mistake("rounded",
        (*either(("/ (2", "// (2"), (ALL, f"int({ALL})")),
         *(edit((ALL, f"round({ALL}, {digits})")) for digits in range(1, 7))),
        "Digits of your slope are cut off. With {given} it is {got} instead of {expected}, and "
        "the lesson measures errors that are smaller than the digits you remove. Which line "
        "rounds?"),
    Mistake("one value of f", edit(("f(x + h) - f(x - h)", "f(x + h - (x - h))")),
        "f is evaluated only once, at the distance between the two points. A rise is a "
        "difference of two values of f, not of two values of x. Which two values of f do you "
        "need?"),
    Mistake("h added to the value",
        (edit(("f(x + h)", "(f(x) + h)"), ("f(x - h)", "(f(x) - h)")),
         edit(("f(x + h)", "f(x) + h"), ("f(x - h)", "f(x) - h"))),
        "h is added to the value of f instead of to x. Your answer is therefore the same for "
        "every function. At which two points should f be evaluated?"),
    Convention("five points", (edit((ALL, FIVE)), edit((ALL, FIVE), first="h = h / 2")),
        "This is a formula with four points, which is more exact than the one we ask for. Its "
        "error is proportional to h⁴, that of the central difference to h². Our form uses two "
        "points: (f(x + h) − f(x − h)) / (2h)."),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="derivative",
        signature="derivative(f, x, h=1e-5)",
        reference=derivative,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "A secant goes through two points of the curve. Take one point at distance h to the "
            "left of x and one at distance h to the right.",
            "The rise is the value of f at the right point minus the value at the left point.",
            "The run from x − h to x + h is 2h. The slope is the rise divided by the run, and both "
            "need brackets.",
        ],
    )
]
