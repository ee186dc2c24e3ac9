"""Exercises of lesson 01: a slope from two nudges, and the chain rule."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, named


def derivative(f, t, h=1e-5):
    return (f(t + h) - f(t - h)) / (2 * h)


def chain(df, dg, g, t):
    return df(g(t)) * dg(t)


def _derivative_probes():
    shifted = named("t² + 7", lambda t: t**2 + 7)
    cubic = named("t³ − 2t", lambda t: t**3 - 2 * t)
    growth = named("eᵗ", lambda t: np.exp(t))
    wave = named("sin 3t", lambda t: np.sin(3 * t))
    faint = named("10⁻⁸ sin t", lambda t: 1e-8 * np.sin(t))
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


def _chain_probes():
    def case(outer, inner, t):
        return Call(outer, *inner, t)

    square = named("2u", lambda u: 2 * u)
    cube = named("3u²", lambda u: 3 * u**2)
    growth = named("eᵘ", lambda u: np.exp(u))
    reciprocal = named("−1/u²", lambda u: -1 / u**2)
    line = named("3", lambda t: 3.0), named("3t − 4", lambda t: 3 * t - 4)
    falling = named("−0.5", lambda t: -0.5), named("2 − 0.5t", lambda t: 2 - 0.5 * t)
    parabola = named("2t", lambda t: 2 * t), named("t² + 0.3", lambda t: t**2 + 0.3)
    wave = named("cos t", lambda t: np.cos(t)), named("sin t + 2", lambda t: np.sin(t) + 2)
    return [
        case(square, line, 2.5),
        case(square, line, -1),
        case(cube, falling, 1.2),
        case(cube, parabola, -0.7),
        case(growth, parabola, 0.6),
        case(growth, falling, 3.0),
        case(reciprocal, wave, 0.9),
        case(reciprocal, line, 0.0),
        case(square, parabola, 0.0),
        case(cube, wave, 20.0),
    ]


ALL = "(f(t + h) - f(t - h)) / (2 * h)"
FIVE = "(f(t - 2 * h) - 8 * f(t - h) + 8 * f(t + h) - f(t + 2 * h)) / (12 * h)"

# fmt: off
DERIVATIVE_MISTAKES = [
    Mistake("forward difference",
        (edit(("f(t - h)", "f(t)"), ("(2 * h)", "h")),
         edit(("f(t - h)", "f(t)"), ("t + h", "t + 2 * h"))),
        "This is a forward difference, which uses t itself and a point to its right. Its error "
        "is proportional to h, that of the central difference to h². With {given} your function "
        "gives {got} instead of {expected}. Which point lies as far to the left of t?"),
    Mistake("backward difference",
        (edit(("f(t + h)", "f(t)"), ("(2 * h)", "h")),
         edit(("f(t + h)", "f(t)"), ("t - h", "t - 2 * h"))),
        "This is a backward difference, which uses t itself and a point to its left. Its error "
        "is proportional to h, that of the central difference to h². With {given} your function "
        "gives {got} instead of {expected}. Which point lies as far to the right of t?"),
    Mistake("not divided by the width",
        (*either(("(2 * h)", "h"), ("(2 * h)", "(4 * h)")), edit(("f(t - h)", "f(t)")),
         edit(("(f(t + h)", "(f(t)")), edit(("t + h", "t + h / 2"), ("t - h", "t - h / 2"))),
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
         edit(("f(t - h)", "f(t)"), (" / (2 * h)", ""))),
        "The rise is not divided by the run. Your answer therefore goes to 0 when h does. How "
        "far apart are the two points that you compare?"),
    Mistake("missing brackets", edit(("(f(t + h) - f(t - h))", "f(t + h) - f(t - h)")),
        "Only the second value of f is divided. Python divides before it subtracts. What do you "
        "have to write so that the difference is computed first?"),
    Mistake("the mean height",
        (edit((") - f", ") + f")), edit((") - f", ") + f"), ("(2 * h)", "2"))),
        "The two values of f are added. If the whole curve is lifted by 7, your answer changes, "
        "but the slope does not. Which operation compares two heights?"),
    Mistake("curvature",
        (edit((" - f(t - h)", " - 2 * f(t) + f(t - h)"), ("(2 * h)", "h**2")),
         edit((" - f(t - h)", " - 2 * f(t) + f(t - h)"))),
        "Your formula measures how the slope changes. The numerator f(t + h) − 2f(t) + f(t − h) "
        "belongs to the second derivative. Which two of these three values does a slope need?"),
    Mistake("h is ignored", tuple(edit(first=f"h = {h}") for h in ("1e-5", "1e-6", "1e-3")),
        "The argument h is not used. With {given} your function gives {got} instead of "
        "{expected}. Is there a line that sets h again and should be deleted, or a number where "
        "h should be?"),
    Mistake("half the spacing", edit(first="h = h / 2"),
        "Your points are not at the distance h from t. With {given}, the points t − h and t + h "
        "give {expected}, and your function gives {got}. How far from t do you evaluate f?"),
    Mistake("divided by h twice",
        (*either(("(2 * h)", "(2 * h**2)"), ("(2 * h)", "h**2"), ("(2 * h)", "(2 * h) ** 2")),
         edit(("f(t - h)", "f(t)"), ("(2 * h)", "h**2"))),
        "The rise is divided by h twice. Your answer therefore grows without limit as h shrinks: "
        "with {given} it is {got} instead of {expected}. How many times does a slope divide by "
        "the run?"),
    Mistake("no sign", edit(("(f(t + h) - f(t - h))", "abs(f(t + h) - f(t - h))")),
        "The absolute value of the rise is used. A curve that falls then seems to rise, and "
        "descent would go in the wrong direction there. Which part of your line removes the "
        "sign?"),
    Mistake("rounded",
        (*either(("/ (2", "// (2"), (ALL, f"int({ALL})")),
         *(edit((ALL, f"round({ALL}, {digits})")) for digits in range(1, 7))),
        "Digits of your slope are cut off. With {given} it is {got} instead of {expected}, and "
        "the lesson measures errors that are smaller than the digits you remove. Which line "
        "rounds?"),
    Mistake("one value of f", edit(("f(t + h) - f(t - h)", "f(t + h - (t - h))")),
        "f is evaluated only once, at the distance between the two points. A rise is a "
        "difference of two values of f, not of two values of t. Which two values of f do you "
        "need?"),
    Mistake("h added to the value",
        (edit(("f(t + h)", "(f(t) + h)"), ("f(t - h)", "(f(t) - h)")),
         edit(("f(t + h)", "f(t) + h"), ("f(t - h)", "f(t) - h"))),
        "h is added to the value of f instead of to t. Your answer is therefore the same for "
        "every function. At which two points should f be evaluated?"),
    Convention("five points", (edit((ALL, FIVE)), edit((ALL, FIVE), first="h = h / 2")),
        "This is a formula with four points, which is more exact than the one we ask for. Its "
        "error is proportional to h⁴, that of the central difference to h². Our form uses two "
        "points: (f(t + h) − f(t − h)) / (2h)."),
]
CHAIN, OUTER = "df(g(t)) * dg(t)", "df(g(t))"
CHAIN_MISTAKES = [
    Mistake("inner slope missing", edit((CHAIN, OUTER)),
        "The slope of g is missing. Your answer is by how much f changes for each unit of g(t), "
        "and not of t. With {given} it is {got} instead of {expected}. How much does g(t) change "
        "for each unit of t?"),
    Mistake("outer slope missing", edit((CHAIN, "dg(t)")),
        "The slope of f is missing. Your answer is by how much g(t) changes for each unit of t. "
        "With {given} it is {got} instead of {expected}. How much does f change for each unit of "
        "g(t)?"),
    Mistake("outer slope at t", either((OUTER, "df(t)"), (CHAIN, "df(t)")),
        "The slope of f is evaluated at t. But f is given g(t), so its slope is needed there: with "
        "{given} your function gives {got} instead of {expected}. What should df be given?"),
    Mistake("slopes added", edit(("* dg", "+ dg")),
        "The two slopes are added. If g(t) changes 3 times as much as t, and f twice as much as "
        "g(t), then f changes 6 times as much as t. Which operation makes 6 from 2 and 3?"),
    Mistake("slopes divided", either(("* dg", "/ dg"), (CHAIN, "dg(t) / df(g(t))")),
        "One slope is divided by the other. If g(t) changes 3 times as much as t, and f twice as "
        "much as g(t), then f changes 6 times as much as t. Which operation makes 6 from 2 and 3?"),
    Mistake("slopes subtracted", edit(("* dg", "- dg")),
        "One slope is subtracted from the other. If g(t) changes 3 times as much as t, and f twice "
        "as much as g(t), then f changes 6 times as much as t. Which operation makes 6 from 2 "
        "and 3?"),
    Mistake("value of g instead of its slope", edit(("dg(t)", "g(t)")),
        "The slope of f is multiplied by the value of g. What counts is how much g(t) "
        "changes, not how large it is: with {given} your function gives {got} instead of "
        "{expected}. Which argument gives the slope of g?"),
    Mistake("inner slope at g(t)", edit(("dg(t)", "dg(g(t))")),
        "The slope of g is evaluated at g(t). But g is given t, so its slope is needed there: with "
        "{given} your function gives {got} instead of {expected}. What should dg be given?"),
    Mistake("outer slope at the inner slope",
        either((OUTER, "df(dg(t))"), (CHAIN, "df(dg(t))")),
        "The slope of f is evaluated at the slope of g. f is given the value g(t), so its slope is "
        "needed at this value: with {given} your function gives {got} instead of {expected}. What "
        "should df be given?"),
    Mistake("the order of f and g", edit((CHAIN, "dg(df(t)) * df(t)")),
        "The roles of f and g are exchanged. In f(g(t)) the function g comes first, and f is given "
        "its value. With {given} your function gives {got} instead of {expected}. At which number "
        "is each slope needed?"),
    Mistake("product rule", either((CHAIN, "df(t) * g(t) + dg(t)"),
                                   (CHAIN, "df(g(t)) * g(t) + dg(t)"),
                                   (CHAIN, "df(t) * g(t) + df(t) * dg(t)")),
        "Your sum has the form of the product rule. That rule is for f(t) · g(t), where both are "
        "given t; here f is given g(t). How much does f change when g(t) changes a little?"),
    Mistake("always the slope of u²", edit((CHAIN, "2 * g(t) * dg(t)")),
        "You use the slope of u², which is 2u, for every f. With {given} your function gives {got} "
        "instead of {expected}. Which argument gives the slope of f?"),
    Mistake("slope of g twice", edit((CHAIN, "df(g(t)) * dg(t) ** 2")),
        "The slope of g is a factor twice. With {given} your function gives {got} instead of "
        "{expected}. How many times does a nudge of t pass through g?"),
    Mistake("upside down", edit(("return df", "return -df")),
        "The sign of your slope is reversed. With {given} your function gives {got} instead of "
        "{expected}. Where does the minus come from?"),
    Mistake("no sign", either((CHAIN, f"abs({CHAIN})"), (OUTER, f"abs({OUTER})"),
                              ("dg(t)", "abs(dg(t))")),
        "An absolute value removes the sign of a slope. With {given} your function gives {got} "
        "instead of {expected}. Which line removes it?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="derivative",
        signature="derivative(f, t, h=1e-5)",
        reference=derivative,
        mistakes=DERIVATIVE_MISTAKES,
        probes=_derivative_probes,
        hints=[
            "A secant goes through two points of the curve. Take one point at distance h to the "
            "left of t and one at distance h to the right.",
            "The rise is the value of f at the right point minus the value at the left point.",
            "The run from t − h to t + h is 2h. The slope is the rise divided by the run, and both "
            "need brackets.",
        ],
    ),
    Exercise(
        name="chain",
        signature="chain(df, dg, g, t)",
        reference=chain,
        mistakes=CHAIN_MISTAKES,
        probes=_chain_probes,
        hints=[
            "Follow a nudge of t. First it changes g(t), and then this change changes f.",
            "The change of g(t) is dg(t) times the nudge. The slope of f belongs to the number "
            "that f is given. Which number is this?",
            "f is given g(t), so its slope is df(g(t)). The two slopes are multiplied.",
        ],
    ),
]
