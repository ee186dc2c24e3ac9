"""Exercises of lesson 10: what kind of point a Hessian belongs to."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call

WORDS = ("minimum", "maximum", "saddle", "undecided")


def kind_of_point(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    low, high = np.min(curvatures), np.max(curvatures)
    if low < -1e-8 and high > 1e-8:
        return "saddle"
    if low > 1e-8:
        return "minimum"
    if high < -1e-8:
        return "maximum"
    return "undecided"


def _turned(*curvatures, seed=0):
    """A Hessian with these curvatures along axes that are no coordinate axes."""
    d = len(curvatures)
    axes, _ = np.linalg.qr(np.random.default_rng((seed, d)).normal(size=(d, d)))
    hessian = axes * np.array(curvatures, dtype=float) @ axes.T
    return (hessian + hessian.T) / 2


def _probes():
    """What counts as 0 is far below 1e-8, and what does not is far above, also as a share."""
    return [
        Call([[2.0, 0.0], [0.0, -2.0]]),
        Call([[2.0, 3.0], [3.0, 2.0]]),
        Call([[2.0, 1.0], [1.0, 3.0]]),
        Call([[-2.0, 1.0], [1.0, -3.0]]),
        Call([[-1.0, 2.0], [2.0, -1.0]]),
        Call([[1.0, -2.0], [-2.0, 5.0]]),
        Call([[3.0]]),
        Call([[-3.0]]),
        Call([[0.0]]),
        Call([[2.0, 0.0], [0.0, 0.0]]),
        Call([[0.0, 0.0], [0.0, -2.0]]),
        Call([[0.0, 0.0], [0.0, 0.0]]),
        Call([[1.0, 1e-7], [1e-7, 1e-7]]),
        Call([[-1e-7, 0.0], [0.0, -1.0]]),
        Call([[1.0, 0.0], [0.0, -1e-7]]),
        Call([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.0]]),
        Call([[2.0, 0.0, 0.0], [0.0, 1e-10, 0.0], [0.0, 0.0, 1.0]]),
        Call([[2.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, -1.0]]),
        Call([[-2.0, 0.0, 0.0], [0.0, -3.0, 0.0], [0.0, 0.0, -4.0]]),
        Call([[5.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -2.0]]),
        Call([[1, 2], [2, 1]], note="a Hessian of whole numbers"),
        *(Call(_turned(*curvatures), note=f"curvatures {', '.join(f'{c:g}' for c in curvatures)}")
          for curvatures in (
            (1, 2, 3, 4), (-1, -2, -3, -4), (-1, -2, 3, 4), (-0.5, 2, 3, 4), (-5, -6, -7, 0.2),
            (0, 1, 2), (0, -1, -2), (0, 1, -2), (0, 1, 3), (0, 2, 5), (0, -1, -4), (0, -3, -5),
            (0, 1, 2, 4, 7), (0, -1, -2, -4, -7), (1e-5, 1, 2), (-1e-5, 1, 2), (1e-3, -1, -2),
            (0.02, 0.3, 0.5), (0.4, -0.05, 0.9), (-0.2, -0.05, -0.3), (1, 2, 3, 4, 5, 6),
            (-1, -2, 1, 2, 3, 4), (-1, -1.5, -2, -2.5, -3, -3.5), (7, 8, 9, -0.1, 5, 6),
          )),
        Call(_turned(*np.linspace(0.5, 20, 12)), note="12 curvatures from 0.5 to 20"),
        Call(_turned(*np.linspace(-3, 5, 12)), note="12 curvatures from −3 to 5"),
    ]  # fmt: skip


EIGENVALUES, SADDLE = "np.linalg.eigvalsh(hessian)", "low < -1e-8 and high > 1e-8"
MINIMUM, MAXIMUM = "low > 1e-8:", "high < -1e-8:"
REST = 'return "undecided"'
TOLERANCES = "1e-6", "1e-4", "1e-3", "0.01", "0.1"


def _determinant(hessian):
    det = np.linalg.det(hessian)
    return "undecided" if abs(det) <= 1e-8 else "minimum" if det > 0 else "saddle"


def _two_weights(hessian):
    kind = _determinant(hessian)
    return "maximum" if kind == "minimum" and hessian[0, 0] < 0 else kind


# fmt: off
MISTAKES = [
    Mistake("only the diagonal", edit((EIGENVALUES, "np.diag(hessian)")),
        "Your function uses the diagonal entries only. They are the curvatures along the "
        "coordinate axes, and between the axes the curvature can have another sign. Which numbers "
        "are the smallest and the largest curvature over all directions?"),
    Mistake("the entries", edit((EIGENVALUES, "hessian")),
        "Your function uses the signs of the entries of the Hessian. An entry off the diagonal is "
        "no curvature of any direction. Which function of NumPy computes the curvatures along the "
        "turned axes?"),
    Mistake("only the determinant",
        (edit((EIGENVALUES, "np.linalg.det(hessian)")),
         edit((EIGENVALUES, "np.linalg.det(hessian)"), (REST, 'return "saddle"')), _determinant,
         lambda hessian: "minimum" if np.linalg.det(hessian) > 0 else "saddle"),
        "Your function uses the sign of the determinant only. The determinant is the product of "
        "all eigenvalues, so two negative ones cancel. What are the signs of the single "
        "eigenvalues?"),
    Mistake("the rule for two weights", _two_weights,
        "Your function uses the determinant and the first entry. This rule is right for two "
        "weights, but a Hessian of another size can have any number of negative eigenvalues. Which "
        "signs do they have to have at a minimum?"),
    Mistake("only the trace",
        (edit((EIGENVALUES, "np.trace(hessian)")),
         edit((EIGENVALUES, "np.trace(hessian)"), (REST, 'return "saddle"')),
         edit((EIGENVALUES, "np.linalg.eigvalsh(hessian).mean()"), (REST, 'return "saddle"'),
              (SADDLE, "False"))),
        "Your function uses the sign of the trace, the sum of the eigenvalues. One large positive "
        "eigenvalue outweighs several negative ones in a sum. Which signs do the single "
        "eigenvalues have?"),
    Mistake("minimum and maximum exchanged",
        edit(('return "minimum"', 'return "maximum"'), ('return "maximum"', 'return "minimum"')),
        "You exchanged minimum and maximum. Positive curvatures mean that the loss rises in every "
        "direction. Is the point then the lowest or the highest one nearby?"),
    Mistake("0 called a minimum or a maximum",
        (*either((MINIMUM, "low > -1e-8:"), (MAXIMUM, "high < 1e-8:")),
         edit((MINIMUM, "low > -1e-8:"), (MAXIMUM, "high < 1e-8:"))),
        "A curvature of 0 counts as one with a sign. Along a direction with curvature 0 the loss "
        "can rise or fall, as w⁴ and −w⁴ do. What can you know about such a point?"),
    Mistake("undecided called a saddle", edit((REST, 'return "saddle"')),
        "You return saddle where a curvature is 0 and the others have one sign. At a saddle the "
        "loss rises along one direction and falls along another. Which curvatures prove both?"),
    Mistake("the last case is missing", edit((REST, "return None")),
        "Your function returns nothing when none of its conditions is true. This happens where a "
        "curvature is 0 and the others, if any, have one sign. Which of the four words is left?"),
    Mistake("never undecided",
        either((REST, 'return "minimum"'), (REST, 'return "maximum"')),
        "Your function never returns undecided. With {given} the answer should be {expected}, and "
        "yours is {got}. Can the loss still fall along a direction with curvature 0?"),
    Mistake("undecided although both signs are there",
        edit(first='if np.any(abs(np.linalg.eigvalsh(hessian)) <= 1e-8): return "undecided"'),
        "You return undecided as soon as one curvature is 0. A positive and a negative curvature "
        "make a saddle, whatever the others are. In which order should your cases come?"),
    Mistake("no tolerance",
        (edit((SADDLE, "low < 0 < high"), (MINIMUM, "low > 0:"), (MAXIMUM, "high < 0:")),
         edit((SADDLE, "low < 0 < high"), (MINIMUM, "low >= 0:"), (MAXIMUM, "high <= 0:"))),
        "You compare the eigenvalues with 0 exactly. Rounding turns an eigenvalue of 0 into "
        "something like 1e-17 or −1e-17, and its sign is an accident. Which numbers should count "
        "as 0?"),
    Mistake("too large a tolerance",
        tuple(edit((SADDLE, f"low < -{tol} and high > {tol}"), (MINIMUM, f"low > {tol}:"),
                   (MAXIMUM, f"high < -{tol}:")) for tol in TOLERANCES),
        "Small curvatures count as 0 in your function. Only those between −1e-8 and 1e-8 should. "
        "With which number do you compare?"),
    Mistake("no saddle", edit((SADDLE, "False")),
        "Your function never returns saddle. With {given} the answer should be {expected}, and "
        "yours is {got}. Which two curvatures do you have to look for?"),
    Mistake("one negative curvature is enough", edit((SADDLE, "low < -1e-8")),
        "You call every point with a negative curvature a saddle. At a maximum all curvatures are "
        "negative. What else does a saddle need?"),
    Mistake("one positive curvature is enough",
        edit(first='if np.any(np.linalg.eigvalsh(hessian) > 1e-8): return "minimum"'),
        "You call every point with a positive curvature a minimum. At a saddle there are positive "
        "curvatures too. How many of them have to be positive at a minimum?"),
    Mistake("signs are lost", edit((EIGENVALUES, "abs(np.linalg.eigvalsh(hessian))")),
        "Your curvatures have lost their signs. This happens with abs, and with singular values "
        "(np.linalg.svd), which are never negative. Which line removes the sign?"),
    Mistake("only the first two weights",
        edit((EIGENVALUES, "np.linalg.eigvalsh(hessian[:2, :2])")),
        "Your function uses the first two rows and columns only. With {given} the answer should be "
        "{expected}, and yours is {got}. Which part of the Hessian is left out?"),
    Mistake("always the same word",
        tuple(lambda hessian, word=word: word for word in WORDS),
        "Your function returns the same word for every Hessian. With {given} the answer should be "
        "{expected}, and yours is {got}. Which of your conditions is always true or always false?"),
    Mistake("only the first entry", edit((EIGENVALUES, "hessian[0, 0]")),
        "Your function uses the first entry only. It is the curvature along the first coordinate "
        "axis. What about all other directions?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="kind_of_point",
        signature="kind_of_point(hessian)",
        reference=kind_of_point,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "The eigenvalues of the Hessian are the curvatures along the turned axes. "
            "np.linalg.eigvalsh(hessian) computes them.",
            "The smallest and the largest eigenvalue decide: np.min and np.max find them.",
            "Begin with the saddle, smallest below −1e-8 and largest above 1e-8. Then the minimum "
            "and the maximum; everything else is undecided.",
        ],
        returns=("the kind",),
        words=WORDS,
    ),
]
