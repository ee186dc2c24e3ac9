"""Questions on lesson batch: how does descent fit a line to data?"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..datasets import penguins, standardise
from ..descent import descend
from ..formatting import minus
from ..optimizers import GradientDescent
from ..problems import LinearRegression


def _draw_lines(rng):
    mx, my = map(int, rng.choice([2, 3, 4, 5, 6, 8, 10], 2, replace=False))
    slopes = map(int, rng.choice([1, 2, 3, 4, 5], 4, replace=False))
    up, down, intercept, swapped = slopes
    off = [int(rng.choice([-3, -2, 2, 3])), 0]
    rng.shuffle(off)
    off = [0, 0] if rng.integers(3) == 0 else off
    return {
        "mx": mx,
        "my": my,
        "up": (up, my - up * mx + off[0]),
        "down": (-down, my + down * mx + off[1]),
        "intercept": (intercept, my),
        "swapped": (swapped, mx - swapped * my),
    }


def _balanced(mx, my, **lines):
    """The lines whose slope in b, 2·mean(r), is 0 on data with these means."""
    problem = LinearRegression([mx - 1, mx + 1], [my + 2, my - 2])
    return {key for key, line in lines.items() if abs(problem.grad(line)[1]) < 1e-9}


def _line(w, b):
    slope = {1: "", -1: "−"}.get(w, w)
    return minus(f"y = {slope}x" if b == 0 else f"y = {slope}x {'+' if b > 0 else '−'} {abs(b)}")


lines_that_can_be_best = Question(
    name="lines_that_can_be_best",
    lesson="batch",
    section="Algebra can do it too",
    text="The mean of x in a data set is {mx}, and the mean of y is {my}. Nothing else is known. "
    "Which of these lines can be the best line, the one with the lowest mean squared error? Choose "
    "all that apply.",
    draw=_draw_lines,
    answer=_balanced,
    kind=Several({key: f"{{{key}_text}}" for key in ("up", "down", "intercept", "swapped")}),
    misconceptions=(
        Misconception(
            "b taken for the mean of y",
            lambda **numbers: {"intercept"},
            "You chose the line whose b is the mean of y. b is the value of the line at x = 0, and "
            "the mean of x is {mx} here. Which value must the best line have there?",
        ),
        Misconception(
            "x and y exchanged",
            lambda **numbers: {"swapped"},
            "Your line goes through ({my}, {mx}). Which of the two means belongs to x?",
        ),
        Misconception(
            "without data every line is possible",
            lambda **numbers: {"up", "down", "intercept", "swapped"},
            "You chose all four. At the best line db = 2·mean(r) is 0. What is the mean of r for "
            "each line, when the means of x and y are {mx} and {my}?",
        ),
    ),
    hint="At the best line db = 2·mean(r) is 0. Through which point must such a line go?",
    work=lambda mx, my, **lines: {
        **{f"{key}_text": _line(*line) for key, line in lines.items()},
        **{f"{key}_at": line[0] * mx + line[1] for key, line in lines.items()},
    },
    solution="At the best line db = 2·mean(r) is 0, and mean(r) is the value of the line at the "
    "mean of x minus the mean of y. So the line must have the value {my} at x = {mx}. There "
    "{up_text} is {up_at}, {down_text} is {down_at}, {intercept_text} is {intercept_at} and "
    "{swapped_text} is {swapped_at}. The answer is {answer}.",
)


def _draw_inputs(rng):
    x = np.sort(rng.choice([-3, -2, -1, 1, 2, 3, 4, 5], 4, replace=False))
    return dict(zip(("x1", "x2", "x3", "x4"), map(int, x), strict=True))


def _limit(**inputs):
    """2/L, with the curvature L measured as the growth of dw for one unit of w."""
    problem = LinearRegression(list(inputs.values()), np.zeros(4))
    return 2 / (problem.grad([1, 0])[0] - problem.grad([0, 0])[0])


def _of_inputs(function):
    return lambda **inputs: function(np.array(list(inputs.values()), float))


limit_from_inputs = Question(
    name="limit_from_inputs",
    lesson="batch",
    section="What raw millimetres do",
    text="The model is w·x, without b, and the loss is the mean squared error over four examples "
    "with x = {x1}, {x2}, {x3} and {x4}. Their y are not given. From which step size on does "
    "descent no longer converge?",
    draw=_draw_inputs,
    answer=_limit,
    kind=Number(),
    misconceptions=(
        Misconception(
            "the 2 of the square forgotten",
            _of_inputs(lambda x: 2 / np.mean(x**2)),
            "You took {mean} for the curvature. The slope is 2·mean(r·x): how fast does it grow "
            "with w?",
        ),
        Misconception(
            "limit 1/L instead of 2/L",
            _of_inputs(lambda x: 1 / (2 * np.mean(x**2))),
            "With this step size one step reaches the minimum. How far can the step size grow "
            "beyond that, until the ball never comes closer?",
        ),
        Misconception(
            "sum instead of mean",
            _of_inputs(lambda x: 2 / (2 * np.sum(x**2))),
            "You added the squares of the four x. The loss is a mean over the four examples. What "
            "does that change in the curvature?",
        ),
        Misconception(
            "square of the mean instead of mean of the squares",
            _of_inputs(lambda x: 2 / (2 * np.mean(x) ** 2) if np.mean(x) else np.inf),
            "You squared the mean of x. In the slope 2·mean(r·x) each x is multiplied by its own "
            "w·x − y. Of what is the mean taken?",
        ),
        Misconception(
            "curvature taken for its limit",
            _of_inputs(lambda x: 2 * np.mean(x**2)),
            "This is the curvature L of the loss. Which step size is the stability limit for L?",
        ),
    ),
    hint="The slope is 2·mean((w·x − y)·x). By how much does it grow when w grows by 1?",
    work=lambda **inputs: {
        "squares": " + ".join(str(x * x) for x in inputs.values()),
        "mean": sum(x * x for x in inputs.values()) / 4,
        "L": sum(x * x for x in inputs.values()) / 2,
    },
    solution="The slope is 2·mean((w·x − y)·x). When w grows by 1, it grows by 2·mean(x²), so "
    "L = 2 · ({squares})/4 = {L}, whatever the y are. Descent converges below 2/L = 2/{L} = "
    "{answer}.",
)


def _draw_feature(rng):
    return {
        "mean": int(rng.choice([20, 50, 100, 200])),
        "scale": float(rng.choice([0.1, 0.2, 0.25, 0.5, 3, 4, 5, 8, 12])),
    }


def _condition(mean, scale):
    """The condition number on two examples with this deviation, the mean taken away."""
    x = np.array([mean - scale, mean + scale])
    mu, L = LinearRegression(x - x.mean(), [0.0, 0.0]).curvatures()
    return L / mu


condition_after_centring = Question(
    name="condition_after_centring",
    lesson="batch",
    section="Standardise",
    text="A line w·x + b is fitted by descent on the mean squared error. The feature x has the "
    "mean {mean} and the standard deviation {scale}. You subtract the mean from x, but you do not "
    "divide by the standard deviation. What is the condition number then, that is, the largest "
    "curvature divided by the smallest?",
    draw=_draw_feature,
    answer=_condition,
    kind=Number(),
    misconceptions=(
        Misconception(
            "standard deviation instead of its square",
            lambda mean, scale: max(scale, 1 / scale),
            "You used the standard deviation itself. The curvature along w is 2·mean(x²). How does "
            "the mean of x² depend on the standard deviation of a centred x?",
        ),
        Misconception(
            "centring alone makes the bowl round",
            lambda mean, scale: 1,
            "A condition number of 1 means that both curvatures are the same. The curvature along "
            "b is 2. What is it along w?",
        ),
        Misconception(
            "mean counted after centring",
            lambda mean, scale: mean**2 + scale**2,
            "mean(x²) = {mean}² + {scale}² belongs to the feature before centring. What is the "
            "mean of x now?",
        ),
        Misconception(
            "flat over steep",
            lambda mean, scale: min(scale**2, 1 / scale**2),
            "A condition number is never below 1. Which of the two curvatures is the larger one?",
        ),
    ),
    hint="Compute the two curvatures, 2·mean(x²) along w and 2 along b, for the centred x.",
    work=lambda mean, scale: {
        "along_w": 2 * scale**2,
        "larger": max(2 * scale**2, 2),
        "smaller": min(2 * scale**2, 2),
    },
    solution="The centred x has mean 0, so w and b no longer influence each other, and mean(x²) is "
    "the square of the standard deviation. The curvatures are 2 · {scale}² = {along_w} along w and "
    "2 along b. Their ratio is {larger}/{smaller} = {answer}.",
)


STEPS = 20
RUNS = ("right", "half", "frozen", "summed")


@cache
def _penguins(species):
    """Flipper lengths in mm and masses in kg of one species."""
    data = penguins()
    rows = data["species"] == species
    return data["flipper_length_mm"][rows], data["body_mass_g"][rows] / 1000


@dataclass(frozen=True)
class Slipped:
    """The mean squared error of a line with a wrong gradient: dw and db times a factor each."""

    right: LinearRegression
    factors: tuple

    def f(self, w):
        return self.right.f(w)

    def grad(self, w):
        return self.right.grad(w) * self.factors


def _draw_penguins(rng):
    return {
        "species": str(rng.choice(["Adelie", "Chinstrap", "Gentoo"])),
        "first": int(rng.integers(50)),
        "lr": float(rng.choice([0.11, 0.12, 0.13])),
    }


def _program_curves(species, first, lr):
    x, y = (column[first : first + 10] for column in _penguins(species))
    problem = LinearRegression(standardise(x)[0], y)
    factors = {"right": (1, 1), "half": (0.5, 0.5), "frozen": (1, 0), "summed": (10, 10)}
    return {
        key: descend(Slipped(problem, pair), GradientDescent(lr), start=[0, 0], steps=STEPS).loss
        for key, pair in factors.items()
    }


fault_in_the_gradient = Question(
    name="fault_in_the_gradient",
    lesson="batch",
    section="Say it in symbols",
    text="For ten {species} penguins, x is the standardised flipper length and y the mass in kg. "
    "Four programs fit a line from w = b = 0 with lr = {lr}; one is correct. Which curve "
    "of the mean squared error belongs to which program?",
    draw=_draw_penguins,
    kind=Match(
        {
            "right": "dw = 2·mean(r·x), db = 2·mean(r)",
            "half": "dw = mean(r·x), db = mean(r)",
            "frozen": "dw = 2·mean(r·x), db = 0",
            "summed": "dw = 2·sum(r·x), db = 2·sum(r)",
        }
    ),
    misconceptions=(
        Misconception(
            "smaller slopes taken for faster descent",
            exchanged("right", "half"),
            "You exchanged the programs with and without the 2. What is the curvature of the "
            "standardised problem, and what is 1 − lr·L with it and with half of it?",
        ),
        Misconception(
            "parameter that never changes taken for small steps",
            exchanged("half", "frozen"),
            "You exchanged the program without the 2 and the one with db = 0. Which of them can "
            "never reach the best line, however many steps it takes?",
        ),
        Misconception(
            "sum and mean taken for the same",
            exchanged("right", "summed"),
            "You exchanged the programs with the mean and with the sum. For ten penguins the sum "
            "is ten times the mean. What does that do to the length of each step?",
        ),
        Misconception(
            "missing slope expected to diverge",
            exchanged("frozen", "summed"),
            "You exchanged the program with db = 0 and the one with the sum. The first one still "
            "takes right steps in w. For which of the two are the steps too long?",
        ),
    ),
    hint="Both curvatures of the standardised problem are 2. By what is the distance to the best "
    "line multiplied at each step, in each program?",
    work=lambda species, first, lr: {
        "factor": 1 - 2 * lr,
        "factor_half": 1 - lr,
        "factor_summed": 1 - 20 * lr,
    },
    curves=_program_curves,
    solution="Both curvatures are 2, so with the right slopes the distance to the best line is "
    "multiplied by 1 − 2·lr = {factor} at each step. Without the 2 it is {factor_half}, which is "
    "slower, and with the sum over ten it is 1 − 20·lr = {factor_summed}, which diverges. With "
    "db = 0 the line stays too low, and the loss stays high. So the curves are {answer}.",
)


QUESTIONS = (
    lines_that_can_be_best,
    limit_from_inputs,
    condition_after_centring,
    fault_in_the_gradient,
)
