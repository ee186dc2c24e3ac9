"""Questions on lesson curvature: what if each direction had its own step?"""

import math

import numpy as np

from ..checking.questions import Choice, Misconception, Number, Question, Several
from ..surfaces import quadratic

POWERS = {4: "⁴³²", 6: "⁶⁵⁴", 8: "⁸⁷⁶"}  # p and the exponents of wᵖ, its slope and its curvature


def _draw_power(rng):
    p = int(rng.choice(list(POWERS)))
    return {"p": p, "w": (p - 1) * int(rng.integers(1, 7))}


def _newton(p, w):
    """The point after one Newton step on wᵖ."""
    slope, curvature = p * w ** (p - 1), p * (p - 1) * w ** (p - 2)
    return w - slope / curvature


def _describe_power(p, w):
    f, slope, curvature = POWERS[p]
    return {
        "f": f"w{f}",
        "slope": f"{p}w{slope}",
        "curvature": f"{p * (p - 1)}w{curvature}",
        "step": w / (p - 1),
        "by": p - 1,
    }


newton_on_a_power = Question(
    name="newton_on_a_power",
    lesson="curvature",
    section="Newton's step",
    text="The loss f(w) = {f} has the slope {slope} and the curvature {curvature}. To which w does "
    "one Newton step from w = {w} lead?",
    draw=_draw_power,
    answer=_newton,
    kind=Number(tolerance=0.005),
    misconceptions=(
        Misconception(
            "one step reaches the minimum of every loss",
            lambda p, w: 0,
            "One Newton step reaches the minimum where the curvature is the same everywhere. Here "
            "it changes with w: how long is the step, computed with the slope and the curvature at "
            "w = {w}?",
        ),
        Misconception(
            "loss over slope",
            lambda p, w: w * (1 - 1 / p),
            "You divided the loss by the slope. That is Newton's method for a zero of the loss. "
            "Here we look for a zero of the slope: what takes the place of the loss?",
        ),
        Misconception(
            "curvature over slope",
            lambda p, w: w - (p - 1) / w,
            "You divided the curvature by the slope. Should the step be longer or shorter where "
            "the curvature is larger?",
        ),
        Misconception(
            "length of the step for the new point",
            lambda p, w: w / (p - 1),
            "{step} is the length of the step. Where is w after it?",
        ),
    ),
    hint="Newton's step divides the slope by the curvature. How large are both at w = {w}?",
    work=_describe_power,
    solution="Newton's step subtracts the slope divided by the curvature. Here this quotient is "
    "{slope}/({curvature}) = w/{by}, which is {step} at w = {w}. So the step leads to "
    "{w} − {step} = {answer}, and not to the minimum at 0, because the curvature is not the same "
    "everywhere.",
)


def _draw_cost(rng):
    return {
        "gradient": int(rng.choice([500, 1000, 2000, 5000])),
        "descent": int(rng.choice([1000, 2000, 4000, 8000])),
        "newton": int(rng.choice([5, 8, 10, 20])),
    }


newton_break_even = Question(
    name="newton_break_even",
    lesson="curvature",
    section="What a Newton step costs",
    text="For a model with d weights, a step of plain descent costs about {gradient}·d operations, "
    "and a Newton step about d³. Plain descent needs {descent} steps, Newton's method {newton}. "
    "For how many weights do both cost the same?",
    draw=_draw_cost,
    answer=lambda gradient, descent, newton: math.sqrt(gradient * descent / newton),
    kind=Number(unit="weights", tolerance=0.03),
    misconceptions=(
        Misconception(
            "cost of one step, not of the run",
            lambda gradient, descent, newton: math.sqrt(gradient),
            "For this d one step of each costs the same. How many steps does each of them need?",
        ),
        Misconception(
            "cost of a Newton step taken for d²",
            lambda gradient, descent, newton: gradient * descent / newton,
            "This is the right size for d², because dividing d³ by d leaves d². What is d?",
        ),
        Misconception(
            "numbers of steps exchanged",
            lambda gradient, descent, newton: math.sqrt(gradient * newton / descent),
            "You multiplied the cost of each step by the other method's number of steps. Which of "
            "them needs {descent} steps?",
        ),
    ),
    hint="Write down the cost of both runs, steps times cost of a step, and set them equal.",
    work=lambda gradient, descent, newton: {
        "square": gradient * descent / newton,
        "d": math.sqrt(gradient * descent / newton),
    },
    solution="Plain descent costs {descent} · {gradient}·d operations, Newton's method "
    "{newton} · d³. Both are equal where d² = {descent} · {gradient}/{newton} = {square:.0f}, "
    "that is, for d = {d:.0f}. With more weights plain descent is cheaper.",
)


def _drawn(rng, signs, fits):
    """A gradient and two curvatures with these signs that fit."""
    while True:
        g = rng.integers(1, 7, 2) * rng.choice([-1, 1], 2)
        curvatures = rng.choice([1, 2, 3, 4, 6, 8], 2) * signs
        if fits(*(g**2 / curvatures)):
            return tuple(int(x) for x in (*g, *curvatures))


def _draw_points(rng):
    return {
        "points": {  # key → g₁, g₂ and the curvatures along the two axes
            "bowl": _drawn(rng, (1, 1), lambda one, other: True),
            "dome": _drawn(rng, (-1, -1), lambda one, other: True),
            "saddle_down": _drawn(rng, (1, -1), lambda one, other: one > -1.5 * other),
            "saddle_up": _drawn(rng, (1, -1), lambda one, other: 1.5 * one < -other),
        }
    }


def _uphill(points):
    """The points where the dot product of the gradient and Newton's step is positive."""
    slopes = {
        key: np.dot([g1, g2], -np.linalg.solve(np.diag([h1, h2]), [g1, g2]))
        for key, (g1, g2, h1, h2) in points.items()
    }
    return frozenset(key for key, slope in slopes.items() if slope > 0)


def _describe_points(points):
    values = {}
    for key, (g1, g2, h1, h2) in points.items():
        parts = -(g1**2) / h1, -(g2**2) / h2
        values |= {f"{key}_g": (g1, g2), f"{key}_h1": h1, f"{key}_h2": h2}
        values |= {f"{key}_slope": sum(parts)}
    return values


POINTS = ("bowl", "dome", "saddle_down", "saddle_up")

newton_uphill = Question(
    name="newton_uphill",
    lesson="curvature",
    section="Where Newton's step goes wrong",
    text="For four points of a loss you see the gradient g and the curvatures along the two axes, "
    "λ₁ and λ₂; the rest of H is 0. From which points does Newton's step begin by going uphill?",
    draw=_draw_points,
    answer=_uphill,
    kind=Several(
        {key: f"g = {{{key}_g}}, curvatures {{{key}_h1}} and {{{key}_h2}}" for key in POINTS}
    ),
    misconceptions=(
        Misconception(
            "Newton's step always goes downhill",
            lambda points: frozenset(),
            "Newton's step divides each coordinate of the gradient by a curvature. In which "
            "direction does this coordinate move where the curvature is negative?",
        ),
        Misconception(
            "uphill wherever one curvature is negative",
            lambda points: frozenset({"dome", "saddle_down", "saddle_up"}),
            "Where one of two curvatures is negative, one coordinate goes uphill and the other "
            "downhill. Which of them changes the loss more?",
        ),
        Misconception(
            "uphill only where all curvatures are negative",
            lambda points: frozenset({"dome"}),
            "Where both curvatures are negative the step goes uphill, but not only there. What if "
            "one is negative, and its coordinate changes the loss more than the other?",
        ),
    ),
    hint="In coordinate i the step is −gᵢ/λᵢ, and times gᵢ it gives that coordinate's part of the "
    "dot product of g and the step. What is the sign of the sum of both parts?",
    work=_describe_points,
    solution="Coordinate i moves by −gᵢ/λᵢ, so the dot product of g and the step is "
    "−g₁²/λ₁ − g₂²/λ₂. For g = {saddle_up_g} this is {saddle_up_slope}, for g = {saddle_down_g} "
    "it is {saddle_down_slope}; with two positive curvatures it is negative, with two negative "
    "ones positive. So the step goes uphill from {answer}.",
)


def _draw_turned(rng):
    mu = int(rng.choice([1, 2]))
    return {"mu": mu, "L": mu * int(rng.choice([19, 39, 49, 79, 99, 199]))}


def _shares(mu, L):
    """Key → what at most remains of the distance after a step, of the options that converge."""
    kappa, root = L / mu, math.sqrt(L / mu)
    return {"once": 0.0, "plain": (kappa - 1) / (kappa + 1), "root": (root - 1) / (root + 1)}


def _effect(mu, L):
    """The option that is true of the step divided by the diagonal of H, at 45°."""
    H = quadratic((mu, L), angle=math.pi / 4).grad(np.eye(2))
    largest = abs(np.linalg.eigvals(np.eye(2) - H / np.diag(H)[:, None])).max()
    if largest > 1:
        return "diverges"
    return next(key for key, share in _shares(mu, L).items() if abs(share - largest) < 1e-9)


diagonal_in_a_turned_valley = Question(
    name="diagonal_in_a_turned_valley",
    lesson="curvature",
    section="A step size for each coordinate",
    text="A valley with curvatures μ = {mu} and L = {L} is turned by 45°, so along each coordinate "
    "axis the curvature is {mean}. You divide each coordinate of the gradient by the curvature "
    "along its axis, and take lr = 1. What happens?",
    draw=_draw_turned,
    answer=_effect,
    kind=Choice(
        {
            "once": "One step reaches the minimum, from every start.",
            "plain": "It converges; after each step up to {plain} of the distance remains.",
            "root": "It converges; after each step up to {root} of the distance remains.",
            "diverges": "It diverges from almost every start.",
        }
    ),
    misconceptions=(
        Misconception(
            "diagonal of H taken for H",
            lambda mu, L: "once",
            "That is what dividing by the whole of H does. Here both coordinates are divided by "
            "{mean}: does this treat the steep and the flat direction differently?",
        ),
        Misconception(
            "rescaling replaces κ by its root",
            lambda mu, L: "root",
            "{root} belongs to √κ, as with momentum. Both coordinates are divided by the same "
            "number here: what does that do to κ?",
        ),
        Misconception(
            "limit 2/L without the division",
            lambda mu, L: "diverges",
            "lr = 1 is above 2/L = {limit}, but the gradient is divided first. With which step "
            "size would plain descent take the same step?",
        ),
    ),
    hint="Both coordinates are divided by the same number. With which step size does plain descent "
    "take the same step?",
    work=lambda mu, L: (
        {"mean": (mu + L) / 2, "limit": 2 / L, "kappa": L / mu, "total": mu + L} | _shares(mu, L)
    ),
    solution="Both coordinates are divided by {mean}, so the step is that of plain descent with "
    "step size 1/{mean} = 2/{total} = 2/(μ + L), its best one. As κ is still {kappa}, up to "
    "(κ − 1)/(κ + 1) = {plain} of the distance remains after each step. Only the whole of H "
    "takes account of the rotation.",
)


QUESTIONS = (
    newton_on_a_power,
    newton_break_even,
    newton_uphill,
    diagonal_in_a_turned_valley,
)
