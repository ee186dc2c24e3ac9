"""Exercises of lesson 03: the path of gradient descent, and the largest step size."""

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


def largest_step(curvatures):
    return 2 / max(curvatures)


LARGEST, ANSWER = "max(curvatures)", "2 / max(curvatures)"
MEANS = ("2 / np.mean(curvatures)", "np.mean(2 / curvatures)", "sum(2 / curvatures)")

# fmt: off
LARGEST_MISTAKES = [
    Mistake("one over L", edit(("2 /", "1 /")),
        "The numerator is 1 instead of 2. At lr = 1/c the factor 1 − lr·c is 0, and somewhat "
        "longer steps still converge. For which lr is the factor −1?"),
    Mistake("flattest direction", edit(("max(", "min(")),
        "The smallest curvature is used. A step size that is safe along the flattest direction "
        "may diverge along the steepest. Which curvature sets the limit?"),
    Mistake("mean curvature", tuple(edit((ANSWER, mean)) for mean in MEANS),
        "The directions are averaged or added up. That hides the steepest direction, and one "
        "direction that diverges is enough. Which direction must still converge?"),
    Mistake("upside down",
        either((ANSWER, "max(curvatures) / 2"), (ANSWER, "2 * max(curvatures)"), (ANSWER, LARGEST)),
        "Your answer grows with the curvature. With {given} it should be {expected}, and yours "
        "is {got}. Steeper valleys need shorter steps: where does the curvature belong?"),
    Mistake("best step", edit((LARGEST, "(min(curvatures) + max(curvatures))")),
        "The smallest curvature is added to the largest. 2/(μ + L) is the best fixed step size, "
        "and longer ones still converge. From which lr on does the steepest direction diverge?"),
    Mistake("sum of curvatures",
        tuple(edit(("max(", f"np.{f}(")) for f in ("sum", "prod", "linalg.norm")),
        "All curvatures are combined into one number. Each direction has its own limit: with "
        "{given} the smallest is {expected}, and yours is {got}. Which direction has the "
        "smallest?"),
    Mistake("one position", either((LARGEST, "curvatures[0]"), (LARGEST, "curvatures[-1]")),
        "A curvature is chosen by its position. With {given} your function gives {got} instead "
        "of {expected}. The order of directions has no meaning: which property should decide?"),
    Mistake("one for each", edit((LARGEST, "curvatures")),
        "Your function returns one limit for each direction. All directions share one step size. "
        "Which of these limits is safe for all of them?"),
    Mistake("condition number",
        either((ANSWER, "max(curvatures) / min(curvatures)"), ("2 /", "2 * min(curvatures) /")),
        "Your answer contains a ratio of curvatures. A ratio stays the same when the whole loss "
        "is doubled, but the limit is then halved. Which single curvature sets the limit?"),
    Mistake("difference of curvatures", edit((LARGEST, "(max(curvatures) - min(curvatures))")),
        "The smallest curvature is subtracted from the largest. When all are equal, your "
        "function divides by 0, although there is a limit. Which of the two decides it?"),
    Mistake("another power",
        either((LARGEST, "max(curvatures) ** 2"), (LARGEST, "np.sqrt(max(curvatures))")),
        "A square or a square root of the curvature is used. With {given} your function gives "
        "{got} instead of {expected}. What happens to the limit when the curvature doubles?"),
    Mistake("2 below the line", edit((ANSWER, "1 / (2 * max(curvatures))")),
        "The 2 is in the denominator. With {given} your function gives {got}, a quarter of the "
        "limit {expected}. For which lr is 1 − lr·c equal to −1?"),
    Mistake("a little less",
        tuple(edit(("2 /", f"{most} /")) for most in (1.8, 1.9, 1.95, 1.98, 1.99, 1.999)),
        "Your numerator is a little smaller than 2. With {given} your function gives {got}, and "
        "the limit is {expected}. Which number in your formula makes this margin?"),
    Mistake("rounded",
        either(("2 /", "2 //"), *((ANSWER, f"round({ANSWER}, {digits})") for digits in (2, 3, 4))),
        "Your answer is rounded. With {given} it is {got}, and the limit is {expected}. Which "
        "part of your line removes digits?"),
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
        name="largest_step",
        signature="largest_step(curvatures)",
        reference=largest_step,
        mistakes=LARGEST_MISTAKES,
        probes=lambda: [
            *(Call(np.array(c)) for c in ([10.0], [1.0, 25], [0.01, 30, 4], [70000, 2], [5e-8])),
            Call(np.abs(scattered(120, 1e-8, 1e6, 1)), note="120 curvatures", atol=1e-20),
        ],
        hints=[
            "On a parabola with curvature 10 the limit is 0.2, and with curvature 25 it is 0.08.",
            "One step multiplies the position by 1 − lr·c. For which lr is this factor −1?",
            "The limit of one direction is 2/c. Which direction has the smallest limit?",
        ],
    ),
]
