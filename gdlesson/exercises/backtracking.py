"""Exercise of lesson 08: a step size that is tried before it is used."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, named


def backtrack(f, grad, w, lr, shrink, c):
    g = grad(w)
    while f(w - lr * g) > f(w) - c * lr * np.sum(g**2):
        lr = lr * shrink
    return lr


def _probes():
    """Gentle places, where also a condition that asks for too much is met by some step size.

    A loop that asks for more than any step gives would not end. No comparison is closer than
    rounding, except the one with a loss exactly on the line.
    """
    half = named("½|w|²", lambda w: 0.5 * np.sum(w**2)), named("w", lambda w: 1.0 * w)
    bowl = (
        named("½(w₀² + 3w₁²)", lambda w: 0.5 * (w[0] ** 2 + 3 * w[1] ** 2)),
        named("(w₀, 3w₁)", lambda w: np.array([1.0, 3.0]) * w),
    )
    wall = (
        named("eʷ − w", lambda w: np.sum(np.exp(w) - w)),
        named("eʷ − 1", lambda w: np.exp(w) - 1),
    )
    valleys = (
        named("w⁴ − 3w² + w", lambda w: np.sum(w**4 - 3 * w**2 + w)),
        named("4w³ − 6w + 1", lambda w: 4 * w**3 - 6 * w + 1),
    )
    return [
        Call(*half, [3.0], 2.5, 0.5, 0.1),
        Call(*bowl, [2.0, 1.0], 1.1, 0.6, 0.08),
        Call(*wall, [1.5], 1.2, 0.7, 0.05),
        Call(*half, [4.0], 1.0, 0.5, 0.5, note="a loss exactly on the line"),
        Call(*bowl, [1.0, -2.0], 0.3, 0.5, 0.05, note="a first step size that is small enough"),
        Call(*valleys, [0.4, -0.3], 0.9, 0.8, 0.01),
        Call(*half, [3.0, -1.0, 2.0], 2.6, 0.995, 0.15, note="a shrink near 1"),
        Call(*wall, [0.9, -0.5, 1.3, 0.7], 3.0, 0.3, 0.02),
        Call(*half, [0.3, 0.2], 9.0, 0.6, 0.0, note="c = 0"),
        Call(*half, [2.0, 0.5], 1.95, 0.75, 0.1),
        Call(*half, [1.0, 2.0], 1.75, 0.9, 0.15),
    ]


EVIDENCE = "With {given} your function gives {got} instead of {expected}. "
G, WHILE, TRIED = "g = grad(w)", "while f", "f(w - lr * g)"
FALL, SQUARE = "c * lr * np.sum(g**2)", "np.sum(g**2)"
SHRINKS, RETURN = "lr = lr * shrink", "return lr"
LOOP = f"{WHILE}(w - lr * g) > f(w) - {FALL}:\n        {SHRINKS}"

# fmt: off
MISTAKES = [
    Mistake("any fall is enough", edit((f" - {FALL}", "")),
        f"Your condition accepts any fall of the loss. {EVIDENCE}The fall should be at least "
        "c · lr · |g|². Which term of the condition is missing?"),
    Mistake("no lr in the condition", edit((FALL, f"c * {SQUARE}")),
        f"lr is missing from the fall that is demanded. {EVIDENCE}A step half as long follows the "
        "slope half as far. What should happen to the demanded fall when lr is halved?"),
    Mistake("no c in the condition", edit((FALL, f"lr * {SQUARE}")),
        f"c is missing from the fall that is demanded. {EVIDENCE}Without it the whole fall along "
        "the tangent is demanded, which no loss that bends upwards has. Where should c stand?"),
    Mistake("the first lr in the condition",
        edit((G, f"{G}\n    first = lr"), (FALL, f"c * first * {SQUARE}")),
        f"The fall that is demanded belongs to the first step size. {EVIDENCE}A shorter step "
        "cannot make the loss fall as far. Which lr should the condition use after a rejection?"),
    Mistake("length, not its square",
        either((SQUARE, "np.sqrt(np.sum(g**2))"), (SQUARE, "np.sum(np.abs(g))")),
        f"The gradient enters the condition with its length, and not with its square. {EVIDENCE}"
        "The step is lr times the length, and the slope along it is the length again. What is "
        "their product?"),
    Mistake("mean, not sum", edit((SQUARE, "np.mean(g**2)")),
        f"You take the mean of the squares of the slopes. {EVIDENCE}|g|² is the sum of the "
        "squares, and for one weight both are the same. How many slopes does g hold here?"),
    Mistake("only the largest slope", either((SQUARE, "np.max(g**2)"), (SQUARE, "g[0]**2")),
        f"Only one of the slopes enters the condition. {EVIDENCE}|g|² is the sum of the squares of "
        "all slopes. Which function adds the entries of an array?"),
    Mistake("half of the fall",
        either((FALL, f"0.5 * {FALL}"), (FALL, f"2 * {FALL}"), (FALL, f"c * lr**2 * {SQUARE}")),
        f"The fall that is demanded has a wrong factor. {EVIDENCE}It should be c times lr times "
        "|g|². Which number does your condition have in addition?"),
    Mistake("plus for minus", edit((f"f(w) - {FALL}", f"f(w) + {FALL}")),
        f"Your condition lets the loss rise. {EVIDENCE}The loss after the step should be below "
        "f(w), by at least c · lr · |g|². Which sign does this term need?"),
    Mistake("uphill", edit((TRIED, "f(w + lr * g)")),
        "You try a step uphill. The loss rises along the gradient, so every step size is "
        "rejected until lr is too small to move w. Which sign does the step need?"),
    Mistake("gradient at the new point", edit((FALL, "c * lr * np.sum(grad(w - lr * g)**2)")),
        f"The condition uses the gradient at the point that is tried. {EVIDENCE}The line starts at "
        "w with the slope there. At which point should g be measured?"),
    Mistake("never shrinks", edit((LOOP, "pass")),
        f"Your function always returns the first step size. {EVIDENCE}A step size that fails the "
        "condition must be multiplied by shrink. Which statement repeats a test?"),
    Mistake("shrinks only once", edit((WHILE, "if f")),
        f"Your function shrinks lr at most once. {EVIDENCE}The shorter step must be tested too. "
        "Which statement repeats the test until it succeeds?"),
    Mistake("the first lr is not tried", edit((G, f"{G}\n    {SHRINKS}")),
        f"The first step size is never tried. {EVIDENCE}If it meets the condition, it is the "
        "answer. Does your function test before or after it shrinks?"),
    Mistake("one shrink too many", edit((RETURN, "return lr * shrink")),
        f"Your result is shrunk once more after it was accepted. {EVIDENCE}The answer is the "
        "first step size that meets the condition. What happens to lr after the last test?"),
    Mistake("the last that failed",
        (edit((RETURN, "return lr / shrink")),
         edit((G, f"{G}\n    last = lr"), (SHRINKS, f"last = lr\n        {SHRINKS}"),
              (RETURN, "return last"))),
        f"You return the step size before the accepted one. {EVIDENCE}That one failed the "
        "condition. Which value has lr when the loop ends?"),
    Mistake("less than, not at most", edit((f"{TRIED} >", f"{TRIED} >=")),
        "You reject a loss that is exactly on the line. The condition asks for at most f(w) − "
        "c · lr · |g|². Which comparison rejects only what lies above the line?"),
    Mistake("the point, not lr", edit((RETURN, "return w - lr * g")),
        f"You return the point after the step. {EVIDENCE}The function should return the accepted "
        "step size. Which variable holds it?"),
    Mistake("the loss, not lr", edit((RETURN, "return f(w - lr * g)")),
        f"You return the loss after the step. {EVIDENCE}The function should return the accepted "
        "step size. Which variable holds it?"),
    Mistake("number of shrinks",
        edit((G, f"{G}\n    k = 0"), (SHRINKS, f"{SHRINKS}\n        k = k + 1"),
             (RETURN, "return k")),
        f"You return how many times lr was shrunk. {EVIDENCE}The function should return the step "
        "size that is left after these k times. Which variable holds it?"),
    Mistake("w moves in the loop",
        either((SHRINKS, f"{SHRINKS}\n        w = w - lr * g"),
               (SHRINKS, f"w = w - lr * g\n        {SHRINKS}")),
        f"w changes in your loop. {EVIDENCE}All step sizes are tried from the same point; the step "
        "is made later, with the accepted one. Which variable alone should change in the loop?"),
    Mistake("always halves", edit((SHRINKS, "lr = lr * 0.5")),
        f"shrink is not used. {EVIDENCE}Which number in your loop should be shrink?"),
    Mistake("c is not used", (edit(first="c = 0.5"), edit(first="c = 0.2")),
        f"The argument c is not used. {EVIDENCE}Which number in your condition should be c?"),
    Mistake("steps along a unit arrow",
        edit((TRIED, "f(w - lr * g / np.sqrt(np.sum(g**2)))")),
        f"The step that you try has the length lr. {EVIDENCE}A step of descent is lr times the "
        "gradient, whatever its length is. Which division does not belong there?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="backtrack",
        signature="backtrack(f, grad, w, lr, shrink, c)",
        reference=backtrack,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Measure the gradient g once, at w. Its squared length |g|² is np.sum(g**2).",
            "A step size is rejected if f(w − lr · g) is above f(w) − c · lr · |g|².",
            "While lr is rejected, multiply it by shrink. Then return lr.",
        ],
        returns=("the step size",),
        endless="Does every pass of the loop make lr smaller? And does the loop go on only while "
        "the loss is above the limit?",
    )
]
