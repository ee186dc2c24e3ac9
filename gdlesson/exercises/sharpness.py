"""Exercise of lesson 18: the largest curvature by power iteration."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, named


def largest_curvature(hessian_times, d, steps, rng):
    v = rng.normal(size=d)
    for _ in range(steps):
        u = hessian_times(v)
        v = u / np.linalg.norm(u)
    return v @ hessian_times(v)


def _times(text, H):
    return named(f"the product with {text}", lambda v: np.asarray(H, float) @ v)


def _turned(curvatures, seed):
    """A Hessian with these curvatures in directions that are along no axis."""
    axes = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(curvatures),) * 2))[0]
    return axes * curvatures @ axes.T


def _probes():
    """Hessians of 1 to 30 weights; the largest curvature along an axis, turned, and negative."""
    return [
        Call(_times("[[3]]", [[3.0]]), 1, 5, np.random.default_rng(1), atol=1e-8),
        Call(_times("[[1, 0], [0, 25]]", [[1.0, 0.0], [0.0, 25.0]]), 2, 60,
             np.random.default_rng(2), atol=1e-8),
        Call(_times("[[2, −1], [−1, 2]]", [[2.0, -1.0], [-1.0, 2.0]]), 2, 80,
             np.random.default_rng(3), atol=1e-8),
        Call(_times("[[2, 1], [1, 2]]", [[2.0, 1.0], [1.0, 2.0]]), 2, 80,
             np.random.default_rng(4), atol=1e-8),
        Call(_times("[[1, 0], [0, −7]]", [[1.0, 0.0], [0.0, -7.0]]), 2, 60,
             np.random.default_rng(5), atol=1e-8),
        Call(_times("a Hessian with the curvatures 0.5, 2 and 9", _turned([0.5, 2.0, 9.0], 6)), 3,
             80, np.random.default_rng(6), atol=1e-8),
        Call(_times("a Hessian with the curvatures 0.01, 0.02 and 0.3",
                    _turned([0.01, 0.02, 0.3], 7)), 3, 400, np.random.default_rng(7), atol=1e-8),
        Call(_times("a Hessian of 30 weights, the largest curvature 40",
                    _turned([*np.linspace(-3, 8, 29), 40.0], 8)), 30, 400,
             np.random.default_rng(8), atol=1e-8),
    ]  # fmt: skip


START, LENGTH = "rng.normal(size=d)", "u / np.linalg.norm(u)"
LAST = "return v @ hessian_times(v)"

# fmt: off
MISTAKES = [
    Mistake("never normalised",
        (edit((LENGTH, "u")), edit((LENGTH, "u / np.linalg.norm(v)"))),
        "The length of v is not brought back to 1. With {given} your function gives {got} instead "
        "of {expected}. By what should u be divided in each turn?"),
    Mistake("normalised only at the end",
        (edit((LENGTH, "u"), (LAST, "v = v / np.linalg.norm(v)\n    " + LAST)),
         edit((LENGTH, "u"), (LAST, "return (v @ hessian_times(v)) / (v @ v)"))),
        "You divide by the length of v only once, at the end. After 400 multiplications its "
        "numbers have become too large, or 0. In which line should the division be, so that v has "
        "length 1 in each turn?"),
    Mistake("v is not replaced", edit((LENGTH, "v / np.linalg.norm(v)")),
        "In each turn u is computed and not used, so v remains the random start. The next v should "
        "be the product with the Hessian, divided by its norm. Which vector is divided?"),
    Mistake("normalised by another length",
        either((LENGTH, "u / np.max(np.abs(u))"), (LENGTH, "u / np.sum(np.abs(u))"),
               (LENGTH, "u / np.sum(u**2)"), (LENGTH, "u / np.sum(u)")),
        "v does not have length 1, because you divide by another number than the norm of u. Then "
        "v · Hv is the curvature times the square of the length of v. What is the norm of u?"),
    Mistake("the size of Hv",
        edit((LAST, "return np.linalg.norm(hessian_times(v))")),
        "You return the length of Hv, which is never negative. A curvature can be negative: the "
        "loss then bends downwards along v. Which product of v and Hv has its sign?"),
    Mistake("the direction", edit((LAST, "return v")),
        "You return the direction v. The curvature along v is one number. Which product of v and "
        "Hv is it?"),
    Mistake("the vector Hv",
        (edit((LAST, "return hessian_times(v)")), edit((LAST, "return v * hessian_times(v)"))),
        "You return a vector where one number is asked for. The curvature along v is v · Hv. Which "
        "operator multiplies two vectors in pairs and adds up?"),
    Mistake("start not random",
        (edit((START, "np.ones(d)")), edit((START, "np.eye(d)[0]"))),
        "Your iteration starts from a fixed vector. If it is at right angles to the direction of "
        "the largest curvature, power iteration never finds that direction. Which argument gives "
        "random numbers?"),
    Mistake("no iteration",
        edit(("range(steps)", "range(0)")),
        "You return the curvature along the random start. All curvatures contribute to it. How "
        "many times should v be multiplied by the Hessian first?"),
    Mistake("return in the loop",
        edit(("    v = u / np.linalg.norm(u)\n    return",
              "    v = u / np.linalg.norm(u)\n        return")),
        "The return line is inside the loop, so v is multiplied by the Hessian only once. The "
        "loop ends after its first turn. How far should the return line be indented?"),
    Mistake("square", (edit((LAST, "return (v @ hessian_times(v)) ** 2")),
                       edit((LAST, "return hessian_times(v) @ hessian_times(v)"))),
        "You return the square of the curvature. With {given} your function gives {got} instead "
        "of {expected}. How many times does the Hessian appear in v · Hv?"),
    Mistake("root", edit((LAST, "return np.sqrt(v @ hessian_times(v))")),
        "You return the root of the curvature. With {given} your function gives {got} instead of "
        "{expected}. Which product of v and Hv is the curvature along v?"),
    Mistake("length of v", edit((LAST, "return v @ v")),
        "You return v · v, which is 1 for every v of length 1. The curvature along v needs the "
        "Hessian. Which vector should be multiplied by v?"),
    Mistake("sign", edit((LAST, "return -(v @ hessian_times(v))")),
        "Your curvature has the wrong sign. For [[1, 0], [0, 25]] the largest curvature is 25. "
        "Where does the minus come in?"),
    Mistake("mean", edit((LAST, "return np.mean(v * hessian_times(v))")),
        "You take the mean of the products, so the result depends on the number of weights. The "
        "curvature along v is their sum. Which operator adds up the products of two vectors?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="largest_curvature",
        signature="largest_curvature(hessian_times, d, steps, rng)",
        reference=largest_curvature,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Begin with random numbers: v = rng.normal(size=d).",
            "In each of the `steps` turns: u = hessian_times(v), and then v is u divided by its "
            "norm, np.linalg.norm(u).",
            "At the end return v @ hessian_times(v).",
        ],
        returns=("the curvature",),
    ),
]
