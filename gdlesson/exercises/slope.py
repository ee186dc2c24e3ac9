"""Exercises of slope."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Call, named


def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def _probes():
    cubic = named("x³ − 2x", lambda x: x**3 - 2 * x)
    growth = named("eˣ", lambda x: np.exp(x))
    wave = named("sin 3x", lambda x: np.sin(3 * x))
    shifted = named("x² + 7", lambda x: x**2 + 7)
    return [
        Call(shifted, 3.0, 0.5),
        Call(cubic, 1.5, 0.1),
        Call(cubic, -2, 0.25),
        Call(growth, 0.3, 0.2),
        Call(wave, -0.7, 0.01),
        Call(wave, 0.4, 0.3),
    ]


MISTAKES = [
    Mistake(
        "forward difference",
        (
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / h,
            lambda f, x, h=1e-5: (f(x + 2 * h) - f(x)) / (2 * h),
        ),
        "This looks to the right only: the forward difference, whose error shrinks with h where "
        "the central one's shrinks with h². With {given} it gives {got} and the central one "
        "{expected}. Where is the second look?",
    ),
    Mistake(
        "backward difference",
        lambda f, x, h=1e-5: (f(x) - f(x - h)) / h,
        "This looks to the left only: the backward difference. Its secant leans as much as the "
        "forward one's, the other way. What lies as far to the right?",
    ),
    Mistake(
        "not divided by the width",
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h,
        "Twice the slope, everywhere: with {given} you get {got} for {expected}. The two points "
        "you compare: how far apart do they lie?",
    ),
    Mistake(
        "brackets",
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2 * h,
        "Your answer shrinks when h does. Python reads a / 2 * h from left to right: what is "
        "divided, and what is multiplied?",
    ),
    Mistake(
        "upside down",
        (
            lambda f, x, h=1e-5: (f(x - h) - f(x + h)) / (2 * h),
            lambda f, x, h=1e-5: (f(x - h) - f(x + h)) / h,
            lambda f, x, h=1e-5: (f(x) - f(x + h)) / h,
        ),
        "The sign is turned round: where the curve climbs, yours says it falls. Which of the two "
        "points comes first?",
    ),
    Mistake(
        "only the rise",
        (
            lambda f, x, h=1e-5: f(x + h) - f(x - h),
            lambda f, x, h=1e-5: f(x + h) - f(x),
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2,
        ),
        "That is the rise alone, or half of it, and it goes to 0 with h. A slope is "
        "rise over run: what is the run here?",
    ),
    Mistake(
        "missing brackets",
        (
            lambda f, x, h=1e-5: f(x + h) - f(x - h) / (2 * h),
            lambda f, x, h=1e-5: f(x + h) - f(x - h) / 2 * h,
            lambda f, x, h=1e-5: f(x + h) - f(x - h) / h,
        ),
        "Only the second value is divided: a division binds before a difference. What should be "
        "done first, and how does Python learn of it?",
    ),
    Mistake(
        "the mean height",
        (
            lambda f, x, h=1e-5: (f(x + h) + f(x - h)) / (2 * h),
            lambda f, x, h=1e-5: (f(x + h) + f(x - h)) / 2,
        ),
        "A sum of two heights is no rise: lift the whole curve by 7 and your answer changes, "
        "while the slope stays. What compares two heights?",
    ),
    Mistake(
        "curvature",
        (
            lambda f, x, h=1e-5: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
            lambda f, x, h=1e-5: (f(x + h) - 2 * f(x) + f(x - h)) / (2 * h),
        ),
        "Three points with −2 in the middle measure how the slope itself changes: the second "
        "derivative. The slope needs two of them.",
    ),
    Mistake(
        "h is ignored",
        (
            lambda f, x, h=1e-5: derivative(f, x, 1e-5),
            lambda f, x, h=1e-5: derivative(f, x, 1e-6),
            lambda f, x, h=1e-5: derivative(f, x, 1e-4),
            lambda f, x, h=1e-5: derivative(f, x, 1e-3),
        ),
        "A good slope, and the same one for every h: the spacing that is passed in is not used. "
        "The picture needs it to show a secant turn into a tangent.",
    ),
    Mistake(
        "half the spacing",
        (
            lambda f, x, h=1e-5: derivative(f, x, h / 2),
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h) / 2,
            lambda f, x, h=1e-5: derivative(f, x, h / 2) / 2,
        ),
        "With {given} the two points at x ± h give {expected}, and yours gives {got}. How far "
        "from x do you look on each side, and how far apart are the points then?",
    ),
    Mistake(
        "divided by h twice",
        (
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / h**2,
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h**2,
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h**2),
        ),
        "Your answer grows without end as h shrinks: with {given} it is {got}, and the slope is "
        "{expected}. How often is the rise divided by h, and how wide is the run?",
    ),
    Mistake(
        "no sign",
        (
            lambda f, x, h=1e-5: abs(f(x + h) - f(x - h)) / (2 * h),
            lambda f, x, h=1e-5: abs(f(x + h) - f(x)) / h,
        ),
        "Your slope is never below 0, so a curve that falls looks like one that climbs. The sign "
        "is what tells descent where to go; which part of your line takes it away?",
    ),
    Mistake(
        "rounded",
        tuple(lambda f, x, h=1e-5, k=k: round(derivative(f, x, h), k) for k in (2, 3, 4, 5, 6)),
        "Your slope is rounded: with {given} it is {got}, not {expected}. The picture of the error "
        "needs every digit. Can rounding wait until a number is printed?",
    ),
    Convention(
        "five points",
        lambda f, x, h=1e-5: (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h),
        "This is the five-point formula, more exact than asked: its error shrinks with h⁴. Ours "
        "is the central difference of two points, (f(x + h) − f(x − h)) / (2h), h² in the error.",
    ),
]

EXERCISES = [
    Exercise(
        name="derivative",
        signature="derivative(f, x, h=1e-5)",
        reference=derivative,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "A secant goes through two points of the curve. Take them at the same distance left "
            "and right of x.",
            "The rise is f at the right point minus f at the left one.",
            "From x − h to x + h the run is 2h: the slope is the rise over that, in brackets.",
        ],
    )
]
