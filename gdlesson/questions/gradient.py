"""Questions on lesson gradient: which way is down on a surface?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..surfaces import numerical_gradient, quadratic


def _draw_direction(rng):
    along, size = ((3, 4), 5) if rng.integers(2) else ((4, 3), 5)
    if rng.integers(3) == 0:
        along, size = (6, 8), 10
    signs = rng.choice([-1, 1], 2)
    g = rng.integers(1, 8, 2) * rng.choice([-1, 1], 2)
    return {
        "g1": int(g[0]),
        "g2": int(g[1]),
        "a1": int(signs[0]) * along[0],
        "a2": int(signs[1]) * along[1],
        "size": size,
    }


slope_in_direction = Question(
    name="slope_in_direction",
    lesson="gradient",
    section="A slope in every direction",
    text="At a point the gradient of a loss is ({g1}, {g2}). You walk from there in the direction "
    "of the arrow ({a1}, {a2}). What is the slope of the loss in this direction?",
    draw=_draw_direction,
    answer=lambda g1, g2, a1, a2, size: float(np.dot([g1, g2], [a1, a2])) / size,
    kind=Number(),
    misconceptions=(
        Misconception(
            "arrow not shortened to length 1",
            lambda g1, g2, a1, a2, size: g1 * a1 + g2 * a2,
            "You took the dot product with the whole arrow, whose length is {size}. A slope is the "
            "change for a path of length 1. What is the arrow of length 1 in this direction?",
        ),
        Misconception(
            "slope of the steepest direction",
            lambda g1, g2, a1, a2, size: float(np.hypot(g1, g2)),
            "That is the length of the gradient, the slope in the steepest direction. How does the "
            "slope depend on the angle between the gradient and your direction?",
        ),
        Misconception(
            "partial derivatives added",
            lambda g1, g2, a1, a2, size: g1 + g2,
            "You added the two partial derivatives. How far do you go along the first axis, and "
            "how far along the second, when you walk a path of length 1?",
        ),
    ),
    hint="Make the arrow 1 long. Then take its dot product with the gradient.",
    work=lambda g1, g2, a1, a2, size: {
        "d1": a1 / size,
        "d2": a2 / size,
        "part1": g1 * a1 / size,
        "part2": g2 * a2 / size,
    },
    solution="The arrow is {size} long, so the direction is d = ({d1}, {d2}). The slope is the dot "
    "product of the gradient and d. Its two products are {part1} and {part2}, and their sum is "
    "{answer}.",
)


def _draw_bowl(rng):
    mu = int(rng.choice([1, 2, 3, 4]))
    at = rng.choice([-3, -2, 2, 3, 4, 5], 2, replace=False)
    return {
        "mu": mu,
        "L": mu * int(rng.choice([3, 4, 9, 19])),
        "w1": int(at[0]),
        "w2": int(at[1]),
    }


def _best_lr(mu, L, w1, w2):
    """2/(μ + L), with the curvatures measured by the package on the question's bowl."""
    bowl = quadratic((mu, L))
    slopes = numerical_gradient(bowl.f, [w1, w2])
    return 2 / np.sum(slopes / [w1, w2])


best_step_from_gradient = Question(
    name="best_step_from_gradient",
    lesson="gradient",
    section="The best fixed step",
    text="A loss has the form ½(λ₁w₁² + λ₂w₂²). At ({w1}, {w2}) its gradient is ({g1}, {g2}). "
    "Which fixed step size is the best, that is, for which one is the larger of the two factors, "
    "by size, smallest?",
    draw=_draw_bowl,
    answer=_best_lr,
    kind=Number(tolerance=0.015),
    misconceptions=(
        Misconception(
            "gradient taken for the curvatures",
            lambda mu, L, w1, w2: 2 / (abs(mu * w1) + abs(L * w2)),
            "{g1} and {g2} are slopes at one point. A curvature is the rate at which the slope "
            "grows. How far is the point from the minimum in each direction?",
        ),
        Misconception(
            "1/L, the step that lands in the steep direction",
            lambda mu, L, w1, w2: 1 / L,
            "With 1/L the steep direction is at the minimum after one step. What remains in the "
            "flat direction, and would a larger step size leave less?",
        ),
        Misconception(
            "stability limit taken for the best step",
            lambda mu, L, w1, w2: 2 / L,
            "With 2/L the ball jumps from side to side in the steep direction and never comes "
            "closer. For which step size do both directions have a factor of the same size?",
        ),
        Misconception(
            "1/μ, the step that lands in the flat direction",
            lambda mu, L, w1, w2: 1 / mu,
            "With 1/μ the flat direction is at the minimum after one step. What is the factor of "
            "the steep direction then?",
        ),
    ),
    hint="Compute the curvature in each direction: by how much does the slope grow for each unit?",
    work=lambda mu, L, w1, w2: {
        "g1": mu * w1,
        "g2": L * w2,
        "sum": mu + L,
        "factor": (L - mu) / (L + mu),
    },
    solution="The slope in each direction is its curvature times the distance, so the curvatures "
    "are μ = {mu} and L = {L}. The best fixed step size is 2/(μ + L) = 2/{sum} = {answer}. Then "
    "the factors of the two directions, {factor} and −{factor}, have the same size.",
)


def _draw_check(rng):
    a = int(rng.choice([1, 2, 5]))
    one, other = map(int, rng.choice([-3, -2, -1, 1, 2, 3], 2, replace=False))
    return {
        "a": a,
        "floor": one,
        "special": int(rng.integers(2, 6)),
        "zero": int(rng.integers(2, 6)),
        "other": (other, int(rng.choice([a * other**2, -1, -2]))),
    }


def _points(a, floor, special, zero, other):
    """key → (w₁, w₂)"""
    return {
        "floor": (floor, a * floor**2),
        "special": (1 / (2 * a), special),
        "zero": (0, zero),
        "other": other,
    }


def _partials(a, w):
    """∂f/∂w₁ by differences, and by the formula without the factor of the chain rule."""

    def f(w):
        return (a * w[..., 0] ** 2 - w[..., 1]) ** 2

    right = numerical_gradient(f, np.array(w, float))[0]
    return round(right, 4), round(2 * (a * w[0] ** 2 - w[1]), 4)


def _where(condition):
    """A function of the numbers: the points where condition(right, wrong) holds."""
    return lambda **numbers: {
        key for key, w in _points(**numbers).items() if condition(*_partials(numbers["a"], w))
    }


def _check_values(**numbers):
    a = numbers["a"]
    values = {"coefficient": "" if a == 1 else a, "inner": 2 * a}
    for key, w in _points(**numbers).items():
        right, wrong = _partials(a, w)
        values |= {f"{key}_at": w, f"{key}_right": right, f"{key}_wrong": wrong}
    return values


NO_SLOPE = "nothing to find where the right slope is 0"
LEFT_OUT = (
    "You left out the points where the right partial derivative is 0. The check compares it with "
    "the wrong one. What does the wrong formula give at {zero_at}?"
)

points_for_the_check = Question(
    name="points_for_the_check",
    lesson="gradient",
    section="Catch a wrong gradient",
    text="The loss is f = ({coefficient}w₁² − w₂)². Suppose we write ∂f/∂w₁ as "
    "2({coefficient}w₁² − w₂) and forget the factor {inner}w₁ of the chain rule. The other partial "
    "derivative is right. At which of these points (w₁, w₂) does a gradient check find the "
    "mistake? Choose all that apply.",
    draw=_draw_check,
    answer=_where(lambda right, wrong: right != wrong),
    kind=Several({key: f"{{{key}_at}}" for key in ("floor", "special", "zero", "other")}),
    misconceptions=(
        Misconception(
            "a gradient check works at any point",
            _where(lambda right, wrong: True),
            "You chose all the points. A check compares two numbers at one point. Where are the "
            "right and the wrong partial derivative the same number?",
        ),
        Misconception(
            "a factor of 1 overlooked",
            _where(lambda right, wrong: wrong != 0),
            "You left out only the points where the bracket is 0. There is another case: for which "
            "value of the forgotten factor does it make no difference?",
        ),
        Misconception(NO_SLOPE, _where(lambda right, wrong: right != 0), LEFT_OUT),
        Misconception(NO_SLOPE, _where(lambda right, wrong: right not in (0, wrong)), LEFT_OUT),
    ),
    hint="Compute the right and the wrong partial derivative at each point. Where do they differ?",
    work=_check_values,
    solution="The two formulas differ by the factor {inner}w₁. The right and the wrong number are "
    "{floor_right} and {floor_wrong} at {floor_at}, {special_right} and {special_wrong} at "
    "{special_at}, {zero_right} and {zero_wrong} at {zero_at}, {other_right} and {other_wrong} at "
    "{other_at}. The check finds the mistake where they differ, so the answer is {answer}.",
)


STEPS = 40
DIVERGING = 2.1  # lr·L of the run above the limit
RUNS = ("flat", "steep", "both", "beyond")


def _draw_parts(rng):
    return {
        "L": int(rng.choice([10, 20, 40, 50])),
        "kappa": int(rng.choice([25, 40, 50])),
        "product": float(rng.choice([0.3, 0.4, 1.7])),
    }


def _part_curves(L, kappa, product):
    """Losses from four starts that all have the loss 1."""
    valley = quadratic((L / kappa, L))

    def losses(steep_share, product):
        start = [np.sqrt(2 * (1 - steep_share) * kappa / L), np.sqrt(2 * steep_share / L)]
        return descend(valley, GradientDescent(product / L), start=start, steps=STEPS).loss

    return {
        "flat": losses(0.0, product),
        "steep": losses(1.0, product),
        "both": losses(0.9, product),
        "beyond": losses(0.01, DIVERGING),
    }


loss_of_two_parts = Question(
    name="loss_of_two_parts",
    lesson="gradient",
    section="The loss is a sum of decaying parts",
    text="A valley has the curvatures {mu} along it and {L} across it. Four runs start at "
    "different points with the same loss. Which curve of the loss belongs to which run?",
    draw=_draw_parts,
    kind=Match(
        {
            "flat": "start on the axis along the valley, lr = {lr}",
            "steep": "start on the axis across the valley, lr = {lr}",
            "both": "start on neither axis, lr = {lr}",
            "beyond": "start on neither axis, lr = {lr_beyond}",
        }
    ),
    misconceptions=(
        Misconception(
            "along the valley is the fast direction",
            exchanged("flat", "steep"),
            "You exchanged the starts on the two axes. What is the size of 1 − lr·curvature in "
            "each direction, and which of the two is closer to 0?",
        ),
        Misconception(
            "a loss that falls at first converges",
            exchanged("both", "beyond"),
            "You exchanged the two runs that start on neither axis. Which of their step sizes is "
            "above 2/L, and what happens then in the direction across the valley?",
        ),
        Misconception(
            "every loss falls at one constant rate",
            exchanged("both", "steep"),
            "You exchanged the start on the axis across the valley and the one on neither axis. A "
            "loss with two parts has two rates. Which of the parts is left after many steps?",
        ),
    ),
    hint="Along each axis the loss is multiplied by (1 − lr·curvature)² at every step. From a "
    "start on neither axis it is the sum of two such parts.",
    work=lambda L, kappa, product: {
        "mu": L / kappa,
        "lr": product / L,
        "lr_beyond": DIVERGING / L,
        "limit": 2 / L,
        "rate_flat": (1 - product / kappa) ** 2,
        "rate_steep": (1 - product) ** 2,
    },
    curves=_part_curves,
    solution="With lr = {lr} a step multiplies the loss by {rate_flat:.3f} along the valley and by "
    "{rate_steep:.3f} across it. From a start on an axis there is only one part. From a start on "
    "neither axis the fast part vanishes first and the slow one is left. The step size {lr_beyond} "
    "is above 2/L = {limit}, so the part across the valley grows, and in the end the loss with it. "
    "At first this loss falls, because nearly all of it is in the part along the valley. So the "
    "curves are {answer}.",
)


QUESTIONS = (
    slope_in_direction,
    best_step_from_gradient,
    points_for_the_check,
    loss_of_two_parts,
)
