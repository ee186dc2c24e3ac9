"""Exercises of lesson 13: Newton's step, and a step size for each coordinate."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, scattered


def newton_step(w, g, H):
    return w - np.linalg.solve(H, g)


def _matrix(curvatures, seed):
    """A symmetric matrix with these eigenvalues, turned at random."""
    d = len(curvatures)
    axes, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))
    H = axes @ np.diag(curvatures) @ axes.T
    return (H + H.T) / 2


def _newton_probes():
    turned = [[13.0, -12.0], [-12.0, 13.0]]
    wide = 10 ** np.linspace(-2, 3, 8)
    return [
        Call([2.0, 1.0], [14.0, -11.0], turned),
        Call([3.0], [0.6], [[4.0]], note="one weight"),
        Call([0.5, -1.5], [2.0, 3.0], [[5.0, 1.0], [1.0, 2.0]]),
        Call([1.0, 0.3, -2.0], [0.7, -4.0, 2.5], _matrix([2.0, 7.0, 0.5], 1), note="three weights"),
        Call([3, -2], [1, 5], [[2, 1], [1, 3]], note="a point of whole numbers"),
        Call([2.0, 1.0], [4.0, -2.0], [[2.0, 0.5], [0.5, -3.0]], note="a saddle"),
        Call(scattered(8, 0.1, 100, 2), scattered(8, 1e-3, 1e2, 3), _matrix(wide, 4),
             note="eight weights", atol=1e-8),
    ]  # fmt: skip


SOLVE = "np.linalg.solve(H, g)"
LARGEST = (
    "np.linalg.norm(H, 2)", "np.max(H)", "np.linalg.norm(H)", "np.trace(H)", "np.mean(H)",
    "np.sum(H)", "np.linalg.det(H)",
)  # fmt: skip
ABSOLUTE = "(lambda c, V: V @ (V.T @ g / np.abs(c)))(*np.linalg.eigh(H))"

# fmt: off
NEWTON_MISTAKES = [
    Mistake("uphill", edit(("w - ", "w + ")),
        "Your step has the wrong sign. In a valley whose H does not change, w − H⁻¹g is the "
        "minimum, and your point is twice as far from it as the start. Which sign does the step "
        "need?"),
    Mistake("multiplied by H", either((SOLVE, "H @ g"), (SOLVE, "g * np.diag(H)")),
        "The gradient is multiplied by curvatures instead of divided. Where the curvature is "
        "large the step then becomes longer. Which vector p has the property H @ p = g?"),
    Mistake("entry by entry", either((SOLVE, "g / H"), (SOLVE, "H / g"),
                                    (SOLVE, "np.linalg.inv(H) * g")),
        "The division is made entry by entry, so it makes a table of numbers and no step. With "
        "{given} one point is expected. Which NumPy function solves H @ p = g for p?"),
    Mistake("entries inverted", either((SOLVE, "(1 / H) @ g"), (SOLVE, "H**-1.0 @ g")),
        "Each entry of H is inverted on its own. The inverse of a matrix is something else: H "
        "times it has ones on the diagonal and zeros elsewhere. Which function solves H @ p = g?"),
    Mistake("diagonal only", edit((SOLVE, "g / np.diag(H)")),
        "Only the diagonal of H is used, so each coordinate has its own step size. This is not "
        "Newton's step when H has other entries. Where do these enter the equation H @ p = g?"),
    Mistake("divided by eigenvalues", either((SOLVE, "g / np.linalg.eigvalsh(H)"),
                                             (SOLVE, "g / np.linalg.eigvalsh(H)[::-1]"),
                                             (SOLVE, "g / np.linalg.eigvals(H)")),
        "The coordinates of g are divided by the eigenvalues of H. The eigenvalues belong to the "
        "turned axes, and the coordinates of g to the axes of w. Which function solves H @ p = g?"),
    Mistake("row sums", either((SOLVE, "g / np.sum(H, axis=0)"),
                               (SOLVE, "g / np.abs(H).sum(axis=0)")),
        "Each coordinate is divided by the sum of a row of H. The entries of one row belong to "
        "different coordinates of the step. Which function solves all rows together?"),
    Mistake("one number for all", tuple(edit((SOLVE, f"g / {size}")) for size in LARGEST),
        "The gradient is divided by one number, so your step has the direction of plain descent. "
        "Newton's step has another direction. Which function takes all entries of H into account?"),
    Mistake("plain descent", either((SOLVE, "g"), (SOLVE, "0.1 * g"), (SOLVE, "0.01 * g")),
        "H is not used, so this is a step of plain descent. With {given} your function gives "
        "{got} instead of {expected}. What does Newton's step divide the gradient by?"),
    Mistake("shortened", tuple(edit((SOLVE, f"{lr} * {SOLVE}")) for lr in (0.1, 0.5, 0.01, 2)),
        "Newton's step, or H, is multiplied by a number. With {given} your function gives {got} "
        "instead of {expected}. Which step size does H⁻¹ already contain?"),
    Mistake("normalised", edit((SOLVE, f"{SOLVE} / np.linalg.norm({SOLVE})")),
        "Your step is divided by its own length. It then has the length 1, near the minimum as "
        "far from it. Which part of your line divides by the length?"),
    Mistake("no sign", either((SOLVE, f"np.abs({SOLVE})"), (SOLVE, "np.linalg.solve(H, np.abs(g))"),
                              (SOLVE, "np.linalg.solve(np.abs(H), g)")),
        "Signs are removed on the way. A negative entry of g or H then counts as a positive one. "
        "Which part of your line removes signs?"),
    Mistake("the point instead of the gradient", edit((SOLVE, "np.linalg.solve(H, w)")),
        "The equation is solved with w on the right. Newton's step asks where the gradient "
        "becomes 0. Which of your arguments is the gradient?"),
    Mistake("the point is divided", either((f"w - {SOLVE}", "np.linalg.solve(H, w - g)"),
                                           (SOLVE, "np.linalg.solve(H, w - g)")),
        "The point w enters the equation that is solved. Only the gradient is on its right side. "
        "What is subtracted from w afterwards?"),
    Mistake("H twice", either((SOLVE, "np.linalg.solve(H @ H, g)"),
                              (SOLVE, "np.linalg.solve(H, np.linalg.solve(H, g))")),
        "The gradient is divided by H twice. With {given} your function gives {got} instead of "
        "{expected}. How many times does H appear in H @ p = g?"),
    Mistake("half of H", either((SOLVE, "np.linalg.solve(np.tril(H), g)"),
                                (SOLVE, "np.linalg.solve(np.triu(H), g)")),
        "Only a part of H is in your equation. With {given} your function gives {got} instead of "
        "{expected}. Which entries of H are missing?"),
    Mistake("the step, not the point", either(("w - ", ""), ("w - ", "-")),
        "Your function returns the step instead of the point. Where is w after this step?"),
    Convention("absolute curvatures", edit((SOLVE, ABSOLUTE)),
        "Your step divides by the absolute values of the curvatures, as the saddle-free Newton "
        "method does (Dauphin et al. 2014). It is not wrong, but it is another method. We divide "
        "by H itself, so the step may lead to a saddle."),
    Convention("a number added to the diagonal",
        tuple(edit((SOLVE, f"np.linalg.solve(H + {c} * np.eye(len(w)), g)"))
              for c in (1e-3, 1e-2, 0.1, 1)),
        "A number is added to the diagonal of H, as in the Levenberg–Marquardt method. It is not "
        "wrong, and it shortens steps where curvatures are small. We use H as it is."),
]
# fmt: on


def rescaled_step(w, g, scale, lr):
    return w - lr * g / scale


STEP, POINT = "lr * g / scale", "w - lr * g / scale"
ONE = ("np.mean", "np.sum", "np.max", "np.min", "np.linalg.norm", "np.prod", "np.median")
SMALL = ("1e-10", "1e-9", "1e-8", "1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "0.01")

# fmt: off
RESCALED_MISTAKES = [
    Mistake("uphill", edit(("w - ", "w + ")),
        "Your step goes uphill. The gradient points in the direction in which the loss grows. "
        "Which sign does the step need?"),
    Mistake("multiplied by scale", edit(("/ scale", "* scale")),
        "The gradient is multiplied by scale instead of divided. Where the curvature is large, "
        "the step should become shorter. Which operation does that?"),
    Mistake("root of scale", edit(("/ scale", "/ np.sqrt(scale)")),
        "The square root of scale is in the denominator. Lesson 14 has a root there, because its "
        "scale contains squares. What is our gradient divided by?"),
    Mistake("square of scale", edit(("/ scale", "/ scale**2")),
        "The gradient is divided by the square of scale. With {given} your function gives {got} "
        "instead of {expected}. How many times does scale appear in the rule?"),
    Mistake("plain descent", edit((" / scale", "")),
        "scale is not used, so this is plain descent with one step size for all coordinates. "
        "What should each coordinate of the gradient be divided by?"),
    Mistake("no lr", edit(("lr * g", "g")),
        "The step is not multiplied by lr. It therefore has the same length for every step size. "
        "Where does lr enter the rule?"),
    Mistake("divided by lr", either((STEP, "g / (lr * scale)"), (STEP, "g / lr / scale * 1.0")),
        "The step is divided by lr. A larger step size should make the step longer. Which side of "
        "the fraction bar does lr belong on?"),
    Mistake("quotient upside down", either((STEP, "lr * scale / g"), (STEP, "scale / (lr * g)")),
        "The quotient is upside down. Where the gradient is almost 0 your step becomes huge. "
        "Which of g and scale is divided by the other?"),
    Mistake("no gradient in the step", edit(("lr * g", "lr")),
        "The step does not contain the gradient. lr / scale is only a step size for each "
        "coordinate. What do these step sizes multiply?"),
    Mistake("one number for all", tuple(edit(("/ scale", f"/ {f}(scale)")) for f in ONE),
        "All coordinates are divided by the same number, so this is plain descent with another "
        "step size. Which entry of scale belongs to which coordinate?"),
    Mistake("the point is divided", edit((POINT, "(w - lr * g) / scale")),
        "The point w is divided together with the step. Python divides before it subtracts only "
        "where no brackets change this. Which part of your line should be in the numerator?"),
    Mistake("the point is divided, not the gradient",
        edit((POINT, "w / scale - lr * g")),
        "The point w is divided by scale. Then w changes even where the gradient is 0. Which of w "
        "and g should be divided?"),
    Mistake("brackets", either((POINT, "(w - lr) * g / scale"), (STEP, "lr * (g / scale - w)")),
        "Brackets join w to the step. With {given} your function gives {got} instead of "
        "{expected}. Which part of the line is the step?"),
    Mistake("only the sign", either(("lr * g", "lr * np.sign(g)"), (STEP, "lr * np.sign(g)")),
        "The sign of the gradient is used without its size. A small slope then has the same "
        "effect as a large one. In which part of your line does the size get lost?"),
    Mistake("no sign", either(("lr * g", "lr * np.abs(g)"), (STEP, f"np.abs({STEP})")),
        "The sign of the gradient is removed, so w always moves in the same direction. Which part "
        "of your line removes the sign?"),
    Mistake("normalised",
        either(("lr * g", "lr * g / np.linalg.norm(g)"),
               (STEP, "lr * (g / scale) / np.linalg.norm(g / scale)")),
        "The step is divided by a length. Its own length then no longer depends on the gradient. "
        "Which part of your line divides by the length?"),
    Mistake("added up", either((STEP, "lr * np.sum(g / scale)"), (STEP, "lr * np.mean(g / scale)"),
                               (STEP, "lr * (g @ (1 / scale))")),
        "The coordinates are combined, so all of them move by the same number. Each coordinate "
        "moves by its own quotient. Which part of your line combines them?"),
    Mistake("added to scale", either(("/ scale", "/ (1 + scale)"), ("/ scale", "/ (scale + 0.1)"),
                                     ("/ scale", "/ (scale + lr)")),
        "Something is added to scale before the division. With {given} your function gives {got} "
        "instead of {expected}. What is in the denominator of the rule?"),
    Convention("a small number in the denominator",
        tuple(edit(("/ scale", f"/ (scale + {c})")) for c in SMALL),
        "A small number is added in the denominator, as in lessons 14 and 15, whose denominator "
        "may be 0. It is not wrong, but our scale is positive, so we divide by scale itself."),
    Mistake("other order", either(("/ scale", "/ np.sort(scale)"), ("/ scale", "/ scale[::-1]")),
        "The entries of scale are in another order. Each coordinate is then divided by the number "
        "of another one. Which part of your line changes the order?"),
    Mistake("the step, not the point", either(("w - ", ""), ("w - ", "-")),
        "Your function returns the step instead of the point. Where is w after this step?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="newton_step",
        signature="newton_step(w, g, H)",
        reference=newton_step,
        mistakes=NEWTON_MISTAKES,
        probes=_newton_probes,
        hints=[
            "The step p solves the equation H @ p = g, and the new point is w − p.",
            "np.linalg.solve(H, g) returns the p with H @ p = g.",
        ],
    ),
    Exercise(
        name="rescaled_step",
        signature="rescaled_step(w, g, scale, lr)",
        reference=rescaled_step,
        mistakes=RESCALED_MISTAKES,
        probes=lambda: [
            Call([2.0, 1.0], [2.0, 25.0], [1.0, 25.0], 1.0, atol=1e-11),
            Call([3.0], [0.6], [4.0], 0.3, note="one weight", atol=1e-14),
            Call([0.5, -1.5, 2.0], [2.0, -3.0, 0.4], [5.0, 2.0, 0.3], 0.7, atol=1e-14),
            Call([3, -2], [1, 5], [2, 8], 0.25, note="a point of whole numbers", atol=1e-14),
            Call([1.0, 0.2, -4.0, 7.0], [1e-4, 30.0, -2.0, 500.0], [0.01, 6.0, 3.0, 900.0], 0.15),
            Call(scattered(100, 0.01, 100, 1), scattered(100, 1e-3, 1e3, 2),
                 np.abs(scattered(100, 0.1, 1e3, 3)), 2.5, note="100 weights"),
        ],
        hints=[
            "NumPy divides two arrays of one shape coordinate by coordinate.",
            "The step is lr times the gradient, each coordinate divided by its entry of scale.",
            "w minus this step is the new point. scale is not changed.",
        ],
    ),
]  # fmt: skip
