"""Exercises of lesson 03: the path of gradient descent, and how many steps it needs."""

import math

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, named, scattered


def gradient_descent(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * grad(w))
    return np.array(path)


def _descent_probes():
    double = named("2w", lambda w: 2.0 * np.asarray(w))
    bowl = named("(w₀, 10w₁)", lambda w: np.array([1.0, 10.0]) * np.asarray(w))
    twisted = named("(w₀ + w₁, w₀ + 3w₁³)", lambda w: np.array([w[0] + w[1], w[0] + 3 * w[1] ** 3]))
    return [
        Call(double, [2.0], 0.1, 1, atol=1e-14),
        Call(bowl, [2.0, 1.0], 0.05, 4, atol=1e-14),
        Call(bowl, [3, -2], 0.15, 5, note="a start of whole numbers", atol=1e-14),
        Call(twisted, [1.0, -0.5], 0.1, 6, atol=1e-14),
        Call(named("cos w", lambda w: np.cos(w)), [0.5], 0.3, 3, atol=1e-14),
        Call(double, [4.0, 1.0], 0.25, 0, note="0 steps", atol=1e-14),
        Call(double, [4.0], 0.5, 4, note="a step that ends where the slope is 0"),
        Call(double, scattered(100, 1e-8, 1e6, 1), 0.3, 3, atol=1e-20),
        Call(named("0.1w", lambda w: 0.1 * w), [5e5, -0.2], 20.5, 150),
    ]


STEP, GRADIENT = "lr * grad(w)", "grad(w))"
ROWS, APPEND = "np.array(path)", "path.append(w - lr * grad(w))"
LATER, REST = (ROWS, "np.array(path[1:])"), (ROWS, "np.array(path)[1:]")
STOP = "\n        if np.linalg.norm(grad(w)) < 1e-6: break"
SHRUNK = ("1 / (t + 1)", "1 / np.sqrt(t + 1)", "0.5**t", "0.9**t", "0.99**t")

# fmt: off
DESCENT_MISTAKES = [
    Mistake("uphill", edit(("w - lr", "w + lr")),
        "Your path goes uphill. The gradient points in the direction in which the loss grows. "
        "Which sign does the step need?"),
    Mistake("gradient once", edit((GRADIENT, "grad(path[0]))")),
        "The gradient is measured at the start only. Your path is therefore straight, with equal "
        "steps. At which point should each step measure the gradient?"),
    Mistake("gradient one step late", edit((GRADIENT, "grad(path[max(len(path) - 2, 0)]))")),
        "Each step uses the gradient at the point before. The start has no point before it, so "
        "the error begins with the second step. Where in the loop should the gradient be "
        "measured?"),
    Mistake("no lr", either((STEP, "grad(w)"), (STEP, "lr")),
        "One of the two factors of the step is missing. With {given} the path should be "
        "{expected}, and yours is {got}. Which of lr and the gradient does your step leave out?"),
    Mistake("only the sign",
        either((GRADIENT, "np.sign(grad(w)))"), (GRADIENT, "grad(w) / np.linalg.norm(grad(w)))")),
        "Your steps do not depend on the size of the gradient. They are as long near a minimum "
        "as far from it, so the path does not settle there. Which line removes the size?"),
    Mistake("clipped",
        tuple(edit((GRADIENT, f"np.clip(grad(w), -{c}, {c}))")) for c in (1, 5, 10, 100, 1000)),
        "Large gradients are cut off at a limit. This is clipping, which comes in lesson 16; "
        "here lr alone scales the gradient. Which part of your function sets the limit?"),
    Mistake("momentum", edit((STEP, "lr * grad(w) + 0.9 * (w - path[max(len(path) - 2, 0)])")),
        "Part of the step before is added to each step. This is momentum, with the usual β of "
        "0.9, which comes in lesson 11. What does a step of plain descent consist of?"),
    Mistake("one row short",
        (edit(("range(steps)", "range(steps - 1)")),
         *either((ROWS, "np.array(path[:-1])"), (ROWS, "np.array([path[0], *path[:-1]])"))),
        "The last point is missing from your path. The start and one point after each step make "
        "steps + 1 rows. How many steps does your loop make, and when does it store the point?"),
    Mistake("one row too many",
        (edit(("range(steps)", "range(steps + 1)")),
         *either((ROWS, "np.array([path[0], *path])"), (ROWS, "np.array([*path, path[-1]])"))),
        "One step too many is made, or one point is in your path twice. The start and one point "
        "for each step make steps + 1 rows. Which of your rows does not belong there?"),
    Mistake("no start", (edit(LATER), edit(REST), edit(REST, ("range(steps)", "range(steps + 1)"))),
        "The start is missing from your path. Its first row is the point after one step. What "
        "should the path contain before the loop begins?"),
    Mistake("only the end", edit((ROWS, "path[-1]")),
        "Your function returns the last point only. The path has a row for the start and for "
        "every point on the way. Where can your loop collect them?"),
    Mistake("rows alias", edit((ROWS, "np.array([path[-1]] * len(path))")),
        "Every row of your path holds the last point. This happens, for example, when one array "
        "is changed in place and stored again and again. Which line could make a new array?"),
    Mistake("integer start",
        edit((", dtype=float", ""), (APPEND, "path.append((w - lr * grad(w)).astype(w.dtype))")),
        "Decimals are cut off when the start consists of whole numbers. An array made from whole "
        "numbers stores nothing else. Which type should the path have?"),
    Mistake("always from the start",
        either(("path.append(w", "path.append(path[0]"), ("w = path[-1]", "w = path[0]")),
        "Every step starts from the first point. Your path therefore never gets farther than one "
        "step from there. From which point should the next step start?"),
    Mistake("steps, not points",
        either((ROWS, "np.diff(path, axis=0)"),
               (ROWS, "np.array([path[0], *np.diff(path, axis=0)])"),
               (ROWS, "np.array([path[0], *-np.diff(path, axis=0)])")),
        "Your rows contain steps instead of points. Each row should be the point after its step. "
        "To what should a step be added?"),
    Mistake("an empty row",
        (edit((ROWS, "np.array([0 * path[0], *path[1:]])")),
         edit(("(steps)", "(steps - 1)"), (ROWS, "np.array([*path, 0 * w0])[: steps + 1]"))),
        "One row of your path was never filled and contains zeros. The path has a row for the "
        "start and one for each step. Which row does no line of yours write?"),
    Mistake("starts at 0", edit(("np.array(w0, dtype=float)", "np.zeros(len(w0))")),
        "Your path starts at 0 instead of w0. With {given} it should be {expected}, and yours is "
        "{got}. What should the first row contain?"),
    Mistake("a step size that shrinks",
        tuple(edit(("for _", "for t"), (STEP, f"lr * {k} * grad(w)")) for k in SHRUNK),
        "Your step size shrinks from step to step. The first step still has the full lr. "
        "Schedules come in lesson 08; here lr is constant. Which line changes it?"),
    Mistake("stops when it is flat",
        either(("w = path[-1]", "w = path[-1]" + STOP), (APPEND, APPEND + STOP)),
        "Your loop ends where the gradient is small. The path then has fewer than steps + 1 "
        "rows, but here all steps are made. Which line ends the loop?"),
    Mistake("turned round", either((ROWS, "np.array(path)[::-1]"), (ROWS, "np.array(path).T")),
        "The rows of your path are reversed, or exchanged with its columns. Row t should be the "
        "point after t steps. Which part of your return line changes the order?"),
]
# fmt: on


def steps_needed(lr, L, tol):
    factor = abs(1 - lr * L)
    if factor >= 1:
        return math.inf
    if factor == 0:
        return 1
    return math.ceil(math.log(tol) / math.log(factor))


def _steps_probes():
    """No count is near a whole number before it is rounded, except where tol is reached exactly."""
    return [
        Call(0.05, 10, 1e-6),
        Call(0.15, 10, 1e-6),  # overshoots
        Call(0.005, 10.0, 1e-6),
        Call(0.07, 25.0, 0.01),
        Call(0.125, 4.0, 0.25),  # two steps leave exactly tol
        Call(0.25, 4.0, 1e-6),  # lr = 1/L: one step ends at the minimum
        Call(0.5, 4.0, 1e-3),  # lr = 2/L
        Call(0.3, 10, 1e-6),  # above it
        Call(1.6, 0.5, 0.05),
        Call(0.0037, 300.0, 1e-9),
        Call(0.02, 1.5, 0.5),
    ]


def _signed_powers(lr, L, tol):
    """The least n by trying, with the sign of the factor; a large negative one ends it at 1."""
    return next(n for n in range(1000) if (1 - lr * L) ** n <= tol)


def _signed_powers_below_the_limit(lr, L, tol):
    return math.inf if abs(1 - lr * L) >= 1 else _signed_powers(lr, L, tol)


FACTOR, LIMIT, LANDS = "abs(1 - lr * L)", "factor >= 1", "return 1\n"
RATIO = "math.log(tol) / math.log(factor)"
ANSWER = f"math.ceil({RATIO})"
NEVER = ("0", "-1", "1", "math.nan", "10**6", "1000", "10_000")

# fmt: off
STEPS_MISTAKES = [
    Mistake("sign of the factor",
        (edit((FACTOR, "1 - lr * L")), _signed_powers, _signed_powers_below_the_limit),
        "Your factor is negative where the ball crosses the minimum. A negative number has no "
        "logarithm, and it is smaller than every tol. Which share of the distance remains after a "
        "step with the factor −0.5?"),
    Mistake("what a step removes", edit((FACTOR, "abs(lr * L)")),
        "You count with lr·L, the share of the distance that one step removes. With {given} the "
        "answer should be {expected}, and yours is {got}. Which share remains after a step?"),
    Mistake("factor of the loss",
        either((FACTOR, "(1 - lr * L) ** 2"), (RATIO, "math.log(tol) / math.log(factor) / 2")),
        "You count with the square of the factor. That is the factor of the loss, but tol is a "
        "share of the distance. With {given} the answer should be {expected}, and yours is {got}. "
        "By which factor does one step multiply the distance?"),
    Mistake("stops at 1/L", either((LIMIT, "lr * L > 1"), (LIMIT, "lr * L >= 1")),
        "You treat step sizes above 1/L as divergent. Between 1/L and 2/L the ball crosses the "
        "minimum, but it comes closer with each step. From which size of the factor on does the "
        "distance not shrink?"),
    Mistake("never infinite", tuple(edit(("math.inf", value)) for value in NEVER),
        "Where descent does not converge, you return an ordinary number. With {given} no number "
        "of steps is enough. Which value of the module math means infinitely many?"),
    Mistake("no case for lr = 1/L", edit(("factor == 0", "factor < 0")),
        "Your function stops where the factor is 0, because 0 has no logarithm. There lr is 1/L. "
        "How many steps does the ball then need to reach the minimum?"),
    Mistake("no case for lr = 2/L", edit((LIMIT, "factor > 1")),
        "Your function divides by 0 where the factor is 1. There lr is 2/L, and the ball jumps "
        "from side to side. How many steps bring it closer?"),
    Mistake("no step at lr = 1/L", edit((LANDS, "return 0\n")),
        "At lr = 1/L you count no step. The factor is 0 there, so one step ends at the minimum, "
        "but before this step the whole distance remains. How many steps are that?"),
    Mistake("one step too many",
        (edit((ANSWER, f"math.ceil({RATIO}) + 1")),
         edit((ANSWER, f"math.ceil({RATIO}) + 1"), (LANDS, "return 2\n"))),
        "Your count is one too large. With {given} it should be {expected}, and yours is {got}. "
        "After 0 steps the whole distance, a share of 1, remains: where does your count begin?"),
    Mistake("one step too few",
        (*either((ANSWER, f"math.floor({RATIO})"), (ANSWER, f"math.ceil({RATIO}) - 1")),
         edit((ANSWER, f"math.ceil({RATIO}) - 1"), (LANDS, "return 0\n"))),
        "Your count is one too small, or rounded down. With {given} it should be {expected}, and "
        "yours is {got}. After how many whole steps is the share at most tol for the first time?"),
    Mistake("less than, not at most", edit((ANSWER, f"math.floor({RATIO}) + 1")),
        "You wait until the share is less than tol. A share that is equal to tol is small enough "
        "here. Which comparison includes equality?"),
    Mistake("not a whole number", edit((ANSWER, RATIO)),
        "Your answer is not a whole number of steps. With {given} it should be {expected}, and "
        "yours is {got}. Up or down: to which whole number must it be rounded?"),
    Mistake("rounded to the nearest", edit((ANSWER, f"round({RATIO})")),
        "You round to the nearest whole number. Where this is downwards, the share is still above "
        "tol. With {given} the answer should be {expected}, and yours is {got}. In which direction "
        "must you round?"),
    Mistake("approximation for small step sizes",
        either((ANSWER, "math.ceil(math.log(1 / tol) / (lr * L))"),
               (ANSWER, "math.log(1 / tol) / (lr * L)")),
        "You replace the logarithm of the factor by −lr·L. That is close only for small step "
        "sizes. With {given} the answer should be {expected}, and yours is {got}. Which factor "
        "does one step have exactly?"),
    Mistake("curvature in the denominator", edit((FACTOR, "abs(1 - lr / L)")),
        "The step size is divided by the curvature. With {given} the answer should be {expected}, "
        "and yours is {got}. A larger curvature makes the slope larger: does the step then get "
        "longer or shorter?"),
    Mistake("plus for minus", edit((FACTOR, "abs(1 + lr * L)")),
        "Your factor is 1 + lr·L, so it is never below 1. That is a step uphill. Which sign does "
        "the step have in the rule of descent?"),
    Mistake("2 in the factor", edit((FACTOR, "abs(1 - 2 * lr * L)")),
        "Your factor has an additional 2. With {given} the answer should be {expected}, and yours "
        "is {got}. L is the curvature, so the slope at w is L·w: where could another 2 come from?"),
    Mistake("ratio upside down",
        either((RATIO, "math.log(factor) / math.log(tol)"), (RATIO, "tol / factor"),
               (RATIO, "math.log(tol) * math.log(factor)"), (RATIO, "math.log(tol / factor)")),
        "The two logarithms are combined in another way. From factorⁿ ≤ tol follows "
        "n·log(factor) ≤ log(tol). Which of the two do you divide by?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="gradient_descent",
        signature="gradient_descent(grad, w0, lr, steps)",
        reference=gradient_descent,
        mistakes=DESCENT_MISTAKES,
        probes=_descent_probes,
        hints=[
            "Begin with a list that contains the start as floats. Each step adds one point to it.",
            "The last point in the list is the current one. Measure the gradient there.",
            "Each new point is the last one minus lr times the gradient. Return np.array(path).",
        ],
        returns=("the path",),
    ),
    Exercise(
        name="steps_needed",
        signature="steps_needed(lr, L, tol)",
        reference=steps_needed,
        mistakes=STEPS_MISTAKES,
        probes=_steps_probes,
        hints=[
            "One step multiplies the distance by |1 − lr·L|. By what do n steps multiply it?",
            "Where |1 − lr·L| is 1 or more, no number of steps is enough: return math.inf.",
            "Where it is 0, one step is enough. Otherwise try n = 0, 1, 2, … until factor**n is at "
            "most tol, or round math.log(tol) / math.log(factor) up.",
        ],
        returns=("the number of steps",),
    ),
]
