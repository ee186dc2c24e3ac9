"""Exercises of lesson 02: one step of gradient descent, and a descent that stops."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, Steps, named, scattered


def gd_step(w, g, lr):
    return w - lr * g


def descend_until(grad, w, lr, tol, max_steps):
    for steps in range(max_steps):
        g = grad(w)
        if abs(g) <= tol or not np.isfinite(g):
            return w, steps
        w = w - lr * g
    return w, max_steps


def _step_probes():
    return [
        Steps(([2.0],), [([4.0], 0.1), ([0.3], 0.2), ([2.56], 0.25)]),
        Steps(
            ([1.0, 30.0, 0.01],),
            [([2.0, -7.0, 3e-8], 0.5), ([0.0, 11.0, -0.02], 0.05), ([-3e5, 0.5, 0.0], 1.5)],
        ),
        Steps(([3, -2],), [([1, 5], 0.25), ([-2, 1], 2)]),
        Steps(
            (np.zeros(150),),
            [(scattered(150, 1e-8, 1e6, 1), 0.3), (scattered(150, 1e-8, 1e6, 2), 0.007)],
        ),
        Steps((scattered(60, 1e-3, 1e3, 3),), [(scattered(60, 0.1, 50, 4), 12.5)]),
    ]


def _descent_probes():
    """Every descent also ends without its budget, so that one that ignores it can be compared."""
    double = named("2w", lambda w: 2 * w)
    parabola = named("4(w − 1)", lambda w: 4 * (w - 1))
    valleys = named("4w³ − 6w + 1", lambda w: 4 * w * w * w - 6 * w + 1)
    root = named("2w + eʷ", lambda w: 2 * w + np.exp(w))
    steep = named("w³", lambda w: w * w * w)
    edge = named("log w, nan where w < 0", lambda w: np.log(w) if w > 0 else np.nan)
    return [
        Call(parabola, 2.0, 0.1, 0.1, 70),
        Call(parabola, -0.5, 0.05, 0.3, 40),
        Call(parabola, 2.0, 0.1, 0.001, 5, note="a budget that is used up"),
        Call(double, 4.0, 0.25, 2.0, 10, note="a gradient of exactly tol"),
        Call(double, 0.3, 0.25, 1.0, 10, note="a gradient that is small from the start"),
        Call(double, 3.0, 0.5, 0.0, 10, note="tol = 0"),
        Call(valleys, 1.8, 0.02, 0.04, 50),
        Call(valleys, -0.6, 0.03, 0.02, 12),
        Call(root, 0.0, 0.3, 1e-4, 60),
        Call(root, 1.5, 0.1, 0.2, 3),
        Call(parabola, 3, 0.4, 0.5, 30, note="a start that is a whole number"),
        Call(steep, 3.0, 0.5, 0.01, 25, note="a gradient that becomes inf"),
        Call(edge, 3.0, 3.5, 0.01, 15, note="a gradient that becomes nan"),
        Call(parabola, 0.25, 0.45, 0.5, 0, note="max_steps = 0"),
    ]


# fmt: off
STEP_MISTAKES = [
    Mistake("uphill", edit(("w - lr", "w + lr")),
        "Your step goes uphill. The gradient points in the direction in which the loss grows: "
        "with {given} the step should end at {expected}, and yours ends at {got}. Which sign "
        "does the step need?"),
    Mistake("no lr", either(("lr * g", "g"), ("lr * g", "lr")),
        "One of the two factors of the step is missing. With {given} the step should end at "
        "{expected}, and yours ends at {got}. Which of g and lr does your line leave out?"),
    Mistake("the step, not the point", either(("w - ", ""), ("w - ", "-")),
        "Your function returns the step instead of the new point. With {given} the new point is "
        "{expected}, and your function gives {got}. From which point is the step taken?"),
    Mistake("only the sign", edit(("* g", "* np.sign(g)")),
        "Only the sign of the gradient is used. Each coordinate therefore moves by lr or not at "
        "all, however steep the loss is, and near a minimum such a step is too long. What should "
        "make it shorter there?"),
    Mistake("normalised",
        either(("* g", "* g / np.linalg.norm(g)"), ("* g", "* g / (np.linalg.norm(g) + 1e-8)"),
               ("* g", "* g / np.sum(np.abs(g))"), ("* g", "* g / np.max(np.abs(g))")),
        "The gradient is divided by its own size. The step is therefore as long on a gentle "
        "slope as on a steep one. Which part of your function divides by the size?"),
    Mistake("divided by lr", either(("lr * g", "g / lr"), ("lr * g", "lr / g")),
        "There is a division between lr and g. With {given} the step should end at {expected}, "
        "and yours ends at {got}. A larger lr and a larger g should both make the step longer: "
        "which operation does that?"),
    Mistake("scales the point",
        either(("lr * g", "lr * w"), ("lr * g", "lr * g * w"), ("lr * g", "lr * 2 * w")),
        "Your step is proportional to w itself. A point at w = 0 could then never move, however "
        "large the gradient is. Which two quantities should the step contain?"),
    Mistake("lr on both", either(("w - lr * g", "lr * (w - g)"), ("w - lr * g", "lr * w - g")),
        "The step size multiplies the point w. With lr = 0 the point should stay where it is, "
        "but in your function it does not. Which quantity should lr multiply?"),
    Mistake("lr twice", edit(("lr * g", "lr**2 * g")),
        "The step size enters the step twice. With {given} the step should end at {expected}, "
        "and yours ends at {got}. How many times does lr appear in the rule?"),
    Mistake("squared gradient", edit(("* g", "* g**2")),
        "A power of the gradient is used. A square has no sign, so your step goes in the same "
        "direction on both sides of a valley. What distinguishes the two sides?"),
    Mistake("no sign", edit(("* g", "* np.abs(g)")),
        "The absolute value of the gradient is used. Your step therefore goes in the same "
        "direction on both sides of a valley. Which part of your line removes the sign?"),
    Mistake("a factor of 2", either(("lr * g", "2 * lr * g"), ("lr * g", "lr * g / 2")),
        "Your step is twice or half as long as it should be. With {given} it ends at {got} "
        "instead of {expected}. The 2 from a square belongs to the gradient, and g is the whole "
        "gradient. Which number in your line is not part of the rule?"),
    Mistake("lr is not used", tuple(edit(first=f"lr = {lr}") for lr in (0.1, 0.01, 0.5)),
        "The argument lr is not used. With {given} the step should end at {expected}, and yours "
        "ends at {got}. Which number in your function should be lr?"),
    Mistake("clipped",
        (*either(("lr * g", "np.clip(lr * g, -1, 1)"), ("* g", "* g / max(np.linalg.norm(g), 1)")),
         *(edit(("* g", f"* np.clip(g, -{limit}, {limit})")) for limit in (1, 5, 10, 100))),
        "Large steps or gradients are reduced to a limit. This is clipping, a rule of its own "
        "that comes in a later lesson. With {given} plain descent ends at {expected}, and your "
        "step ends at {got}. Which part of your function sets the limit?"),
    Mistake("sum for product", either(("lr * g", "lr - g"), ("lr * g", "(lr - g)")),
        "lr and g are added or subtracted instead of multiplied. With lr = 0 the point should "
        "stay where it is, but in your function it moves. Which operation makes lr scale the "
        "gradient?"),
    Mistake("one gradient for all",
        either(("* g", "* np.sum(g)"), ("* g", "* np.mean(g)"), ("* g", "* np.linalg.norm(g)"),
               ("* g", "* g[0]")),
        "All coordinates take the same step. With {given} the step should end at {expected}, and "
        "yours ends at {got}. Each coordinate has its own entry of g: which part of your line "
        "makes a single number of them?"),
    Mistake("point and gradient swapped", edit(("w - lr * g", "g - lr * w")),
        "The point and the gradient have changed places. With {given} the step should end at "
        "{expected}, and yours ends at {got}. From which of the two does a step start?"),
    Mistake("the wrong way round", edit(("w - lr * g", "lr * g - w")),
        "The point is subtracted from the step. With {given} the step should end at {expected}, "
        "and yours ends at {got}. Which of the two comes first in the difference?"),
    Mistake("whole numbers",
        (edit(("w - lr * g", "(w - lr * g).astype(w.dtype)")),
         edit(("lr * g", "(lr * g).astype(g.dtype)"))),
        "Decimals are cut off when whole numbers are passed in. With {given} the step should end "
        "at {expected}, and yours ends at {got}. Which line gives a result the type of its "
        "input?"),
    Mistake("stays", edit(("w - lr * g", "w")),
        "Your function returns the point that it was given. A step that is computed but not "
        "returned has no effect. What should the last line return?"),
]

TEST, SMALL = "abs(g) <= tol or not np.isfinite(g)", "abs(g) <= tol"
LOOP, RETURN = "range(max_steps)", "return w, steps"
END = "return w, max_steps"
FIRST = "    for steps in range(max_steps):\n        g = grad(w)"
BODY = f"        if {TEST}:\n            {RETURN}\n        w = w - lr * g\n"
LATE = f"        w = w - lr * g\n        if {TEST}:\n            return w, steps + 1\n"

DESCENT_MISTAKES = [
    Mistake("uphill", edit(("w - lr", "w + lr")),
        "Your descent goes uphill. With {given} your function gives {got} instead of {expected}. "
        "Which sign does the step need?"),
    Mistake("no lr", either(("lr * g", "g"), ("lr * g", "lr")),
        "One of the two factors of the step is missing. With {given} your function gives {got} "
        "instead of {expected}. Which of g and lr does your step leave out?"),
    Mistake("sign of the gradient", either((SMALL, "g <= tol"), (SMALL, "-g <= tol")),
        "The gradient itself is compared with tol, and not its size. A gradient on one side of the "
        "minimum is negative, so it counts as small however steep the loss is. Which function "
        "removes the sign?"),
    Mistake("strictly below", edit((SMALL, "abs(g) < tol")),
        "A gradient of exactly tol does not end your descent. It should stop as soon as the "
        "size of the gradient is at most tol. Which comparison includes equality?"),
    Mistake("goes on at inf and nan",
        (edit((TEST, SMALL)), edit((TEST, "not abs(g) > tol")),
         edit((TEST, f"{SMALL} or np.isnan(g)")), edit((TEST, f"{SMALL} or np.isinf(g)")),
         edit((TEST, f"{SMALL} or not np.isfinite(w)"))),
        "Your descent goes on where the gradient is no finite number. With {given} your function "
        "gives {got} instead of {expected}. Every comparison with nan is False, and inf is larger"
        " than any tol: which test recognises both?"),
    Mistake("gradient once", edit((FIRST, "    g = grad(w)\n    for steps in range(max_steps):")),
        "The gradient is measured at the start only. It never becomes small then, because the "
        "point moves and g does not change. Where in the loop should g be computed?"),
    Mistake("one step too many",
        (edit((BODY, LATE)), edit((BODY, LATE.replace("steps + 1", "steps"))),
         edit((RETURN + "\n", "return w - lr * g, steps + 1\n")),
         edit(("        g = grad(w)\n", "        w = w - lr * grad(w)\n        g = grad(w)\n"),
              (BODY, BODY.replace("w, steps", "w, steps + 1").rpartition("        w =")[0]))),
        "Your descent takes a step before it tests the gradient. With {given} your function gives "
        "{got} instead of {expected}. What should happen at a start where the gradient is small "
        "already?"),
    Mistake("the budget", edit((LOOP, "range(500)"), (END, "return w, 500")),
        "The budget is not used. With {given} your function gives {got} instead of {expected}. "
        "Which test ends the loop after max_steps steps?"),
    Mistake("one step less", edit((LOOP, "range(max_steps - 1)"), (END, "return w, max_steps - 1")),
        "Your budget is one step too small. With {given} your function gives {got} instead of "
        "{expected}. How many times does your loop run?"),
    Mistake("one step more", edit((LOOP, "range(max_steps + 1)"), (END, "return w, max_steps + 1")),
        "Your budget is one step too large. With {given} your function gives {got} instead of "
        "{expected}. How many times does your loop run?"),
    Mistake("the last step not counted", edit((END, "return w, steps")),
        "The last step of the budget is not counted. In a loop over range(max_steps) the variable "
        "ends at max_steps − 1, and has no value at all where max_steps is 0. What should be "
        "returned after the loop?"),
    Mistake("counted from 1",
        (edit((RETURN + "\n", "return w, steps + 1\n")),
         edit((RETURN + "\n", "return w, steps + 1\n"), (END, "return w, max_steps + 1"))),
        "The number of steps is one too large. With {given} your function gives {got} instead of "
        "{expected}. How many steps have been taken when the first gradient is measured?"),
    Mistake("the budget, not the steps", edit((RETURN + "\n", END + "\n")),
        "Your function returns the budget instead of the steps that were taken. With {given} your"
        " function gives {got} instead of {expected}. Which variable counts the steps?"),
    Mistake("the wrong order",
        edit((RETURN + "\n", "return steps, w\n"), (END, "return max_steps, w")),
        "The two results have changed places. The point comes first, then the number of steps. "
        "What does your return line begin with?"),
    Mistake("length of the step", edit((SMALL, "abs(lr * g) <= tol")),
        "The length of the step is compared with tol, and not the gradient. A small step size then "
        "ends the descent where the loss is still steep. Which number measures how steep it is?"),
    Mistake("the point, not the gradient", edit((SMALL, "abs(w) <= tol")),
        "The point w is compared with tol. A minimum may be at any w, and what is small there is "
        "the gradient. Which variable holds it?"),
    Mistake("squared gradient", either((SMALL, "g * g <= tol"), (SMALL, "abs(g) <= tol * tol")),
        "One side of your comparison is squared. With {given} your function gives {got} instead "
        "of {expected}. Which two numbers should be compared?"),
    Mistake("both instead of either",
        edit((SMALL, f"{SMALL} and steps >= max_steps"), (LOOP, "range(500)"),
             (END, "return w, 500")),
        "Your descent ends only when the gradient is small and the budget is used up. Either of "
        "the two should be enough. Which word should join them?"),
    Mistake("no tolerance", edit((f"{SMALL} or ", "")),
        "A small gradient does not end your descent. With {given} your function gives {got} "
        "instead of {expected}. Where is the gradient compared with tol?"),
    Mistake("stays", edit(("w = w - lr * g", "w - lr * g")),
        "The point never moves. A new point that is computed but not stored has no effect. Which "
        "variable should be given the new point?"),
    Mistake("not counted",
        (edit((RETURN + "\n", "return w, 0\n"), (END, "return w, 0")),
         *(edit((LOOP, loop), (TEST, test), (RETURN + "\n", "return w, 0\n"), (END, "return w, 0"))
           for test in (TEST, "not abs(g) > tol")  # and the budget is never used up, except by 0
           for loop in ("range(500)", "range(500 if max_steps else 0)"))),
        "Your number of steps is always 0. With {given} your function gives {got} instead of "
        "{expected}. Which line counts a step?"),
    Mistake("no sign", edit(("lr * g", "lr * abs(g)")),
        "Your steps all go in one direction. Where the gradient is negative, the minimum is on the "
        "right. Which part of your step removes the sign?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="gd_step",
        signature="gd_step(w, g, lr)",
        reference=gd_step,
        mistakes=STEP_MISTAKES,
        probes=_step_probes,
        hints=[
            "The gradient g points uphill, so the step goes in the opposite direction. Its length "
            "is the step size times the size of g.",
            "At w = 2 with g = 4 and lr = 0.1, the step has length 0.4 and ends at 1.6.",
            "Return the old point minus the product of lr and g.",
        ],
        returns=("w",),
    ),
    Exercise(
        name="descend_until",
        signature="descend_until(grad, w, lr, tol, max_steps)",
        reference=descend_until,
        mistakes=DESCENT_MISTAKES,
        probes=_descent_probes,
        hints=[
            "A loop over range(max_steps) takes care of the budget. Each time, compute the "
            "gradient at w and test it before you take the step.",
            "Two conditions end the loop early: the size abs(g) is at most tol, or g is not "
            "finite. Which word joins them? Return w and the number of steps taken so far.",
            "In `for steps in range(max_steps):`, the variable steps is 0 before the first step, "
            "so it is the number of steps taken. After the loop, return w and max_steps.",
        ],
        returns=("the point", "the number of steps"),
    ),
]
