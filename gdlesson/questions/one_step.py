"""Questions on lesson one-step: what is a loss, and what is one step of descent?"""

from dataclasses import replace

import numpy as np

from ..checking.questions import Choice, Match, Misconception, Number, Question, exchanged
from ..descent import descend
from ..formatting import bracketed, minus
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..surfaces import catalogue, quadratic


def _draw_examples(rng):
    while True:
        x1, x2 = int(rng.choice([1, -1, 2])), int(rng.choice([2, 3, 4]))
        y1, y2 = map(int, rng.integers(-4, 6, 2))
        w = int(rng.choice([1, 2, 3]))
        if w * x1 != y1 and w * x2 != y2:
            lr = float(rng.choice([0.02, 0.05, 0.1]))
            return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "w": w, "lr": lr}


def _slope(x1, y1, x2, y2, w):
    """The slope of the mean squared error of w·x: with a bias that is 0, the same in w."""
    return LinearRegression([x1, x2], [y1, y2]).grad([w, 0])[0]


def _after(times):
    """A function of the numbers: where a step ends whose slope is so many times the right one."""
    return lambda x1, y1, x2, y2, w, lr: w - lr * times * _slope(x1, y1, x2, y2, w)


def _after_step(x1, y1, x2, y2, w, lr):
    problem = LinearRegression([x1, x2], [y1, y2])
    return descend(problem, GradientDescent(lr), start=[w, 0], steps=1).last[0]


def _example_values(x1, y1, x2, y2, w, lr):
    r1, r2 = w * x1 - y1, w * x2 - y2
    slope = _slope(x1, y1, x2, y2, w)
    return {
        "r1": r1,
        "r2": r2,
        "product1": f"{bracketed(minus(str(r1)))} · {bracketed(minus(str(x1)))}",
        "product2": f"{bracketed(minus(str(r2)))} · {bracketed(minus(str(x2)))}",
        "slope": slope,
        "factor": bracketed(minus(f"{slope:g}")),
    }


step_on_two_examples = Question(
    name="step_on_two_examples",
    lesson="one_step",
    section="Say it in symbols",
    text="The model is w·x, and there are two examples, (x, y) = ({x1}, {y1}) and ({x2}, {y2}). "
    "The loss is the mean of the squares (w·x − y)². One step of descent starts at w = {w} with "
    "lr = {lr}. At which w does it end?",
    draw=_draw_examples,
    answer=_after_step,
    kind=Number(),
    misconceptions=(
        Misconception(
            "uphill",
            _after(-1),
            "Your step goes uphill. The slope at w = {w} is {slope}. Which direction should the "
            "step take?",
        ),
        Misconception(
            "sum instead of mean",
            _after(2),
            "You used the sum over the two examples. The loss is their mean. What does that "
            "change in the slope?",
        ),
        Misconception(
            "the 2 of the square forgotten",
            _after(0.5),
            "A factor is missing in your slope. What is the derivative of u², and which number is "
            "u here?",
        ),
        Misconception(
            "inner derivative forgotten",
            lambda x1, y1, x2, y2, w, lr: w - lr * (w * x1 - y1 + w * x2 - y2),
            "You left out a factor. When w changes by a little, w·x − y changes x times as much. "
            "Where does x belong in the slope?",
        ),
    ),
    hint="The slope is the mean of 2(w·x − y)·x over the two examples. Then w ← w − lr·slope.",
    work=_example_values,
    solution="The errors w·x − y are {r1} and {r2}. The slope, the mean of 2(w·x − y)·x, is "
    "(2 · {product1} + 2 · {product2})/2 = {slope}. The step goes to "
    "{w} − {lr} · {factor} = {answer}.",
)


def _draw_line(rng):
    begin, gap = int(rng.choice([10, 20, 30])), int(rng.choice([5, 10, 20]))
    return {
        "begin": begin,
        "gap": gap,
        "first": int(rng.choice([20, 40, 200, 400])),
        "ratio": float(rng.choice([0.5, 0.6, 0.7, 0.9])),
    }


def _straight_run(begin, gap, first, ratio):
    """The losses of a run on a parabola that pass through the two losses of the question."""
    factor = ratio ** (1 / (2 * gap))  # of the position; the loss has its square
    start = np.sqrt(2 * first) / factor**begin
    steps = begin + 3 * gap
    return descend(quadratic(1.0), GradientDescent(1 - factor), start=[start], steps=steps).loss


straight_on_log_axis = Question(
    name="straight_on_log_axis",
    lesson="one_step",
    section="The same curve on two axes",
    text="The lowest value of a loss is 0. During a run, the loss lies on a straight line when it "
    "is drawn on a log axis, with the steps on an ordinary axis. It is {first} after {begin} steps "
    "and {second} after {next} steps. The line goes on. What is the loss after {end} steps?",
    draw=_draw_line,
    answer=lambda begin, gap, first, ratio: _straight_run(begin, gap, first, ratio)[-1],
    kind=Number(),
    misconceptions=(
        Misconception(
            "equal differences instead of equal factors",
            lambda begin, gap, first, ratio: first - 3 * first * (1 - ratio),
            "You subtracted the same amount for every {gap} steps. That would be a straight line "
            "on an ordinary axis. What is the same over equal distances on a log axis?",
        ),
        Misconception(
            "factor applied once",
            lambda begin, gap, first, ratio: first * ratio**2,
            "You multiplied {second} by the factor once. From step {next} to step {end} there are "
            "{later} steps. How many times {gap} steps is that?",
        ),
        Misconception(
            "one interval too many",
            lambda begin, gap, first, ratio: first * ratio**4,
            "You multiplied {second} by the factor three times. From step {next} to step {end} "
            "there are {later} steps. How many times {gap} steps is that?",
        ),
    ),
    hint="On a log axis, equal distances are equal factors. By what factor did the loss change "
    "from step {begin} to step {next}?",
    work=lambda begin, gap, first, ratio: {
        "second": first * ratio,
        "next": begin + gap,
        "end": begin + 3 * gap,
        "later": 2 * gap,
    },
    solution="From step {begin} to step {next} the loss is multiplied by {second}/{first} = "
    "{ratio}. On a straight line on a log axis, every {gap} steps multiply it by the "
    "same factor. Twice {gap} steps are left, so the loss becomes "
    "{second} · {ratio}² = {answer}.",
)


def _draw_stop(rng):
    return {
        "w": int(rng.integers(3, 10)),
        "tol": float(rng.choice([0.001, 0.01, 0.02])),
        "lr": float(rng.choice([0.05, 0.1, 0.2, 0.5])),
    }


small_slope_proves = Question(
    name="small_slope_proves",
    lesson="one_step",
    section="How each rule can mislead",
    text="A run of descent with lr = {lr} stops at w = {w}, because the size of the slope there is "
    "below {tol}. Nothing else is known about the loss. What follows?",
    draw=_draw_stop,
    answer=lambda w, tol, lr: "step",
    kind=Choice(
        {
            "step": "One more step would move w by less than {move}.",
            "near": "A minimum is less than {tol} away from w = {w}.",
            "loss": "The loss at w = {w} is less than {tol} above the minimum.",
            "lowest": "There is a minimum nearby, but perhaps not the lowest one.",
        }
    ),
    misconceptions=(
        Misconception(
            "slope taken for the distance to the minimum",
            lambda w, tol, lr: "near",
            "The slope says how much the loss changes for a small change of w, not how far w has "
            "to go. On a plateau, how far away can the minimum be?",
        ),
        Misconception(
            "slope taken for the loss",
            lambda w, tol, lr: "loss",
            "The slope says how fast the loss changes, not how large it is. Can a loss be large "
            "and nearly flat?",
        ),
        Misconception(
            "a small slope means a minimum",
            lambda w, tol, lr: "lowest",
            "A loss is nearly flat at a minimum, but also in other places, even far from any "
            "minimum. Which places are these?",
        ),
    ),
    hint="Imagine a loss with a wide plateau. Which of the sentences is true there as well?",
    work=lambda w, tol, lr: {"move": lr * tol},
    solution="A step moves w by lr times the slope, so by less than {lr} · {tol} = {move}. The "
    "other three sentences can be false: on a wide plateau the slope is small, although the loss "
    "can be large and the minimum far away.",
)

PLATEAU = catalogue["plateau"]
UPHILL = replace(PLATEAU, grad=lambda w: -PLATEAU.grad(w))
RUNS = ("plain", "short", "far", "uphill")
PLATEAU_STEPS = 60
ENOUGH = 0.01  # where a run stops: further down, the picture would press the other curves together


def _draw_plateau(rng):
    side = int(rng.choice([-1, 1]))
    return {
        "near": side,
        "away": 2 * side,
        "lr": float(rng.choice([0.1, 0.12, 0.14])),
        "part": int(rng.choice([10, 20])),
    }


def _plateau_curves(near, away, lr, part):
    def losses(problem, start, lr):
        loss = descend(problem, GradientDescent(lr), start=[float(start)], steps=PLATEAU_STEPS).loss
        return loss[: 1 + np.argmax(loss < ENOUGH)] if loss.min() < ENOUGH else loss

    return {
        "plain": losses(PLATEAU, near, lr),
        "short": losses(PLATEAU, near, lr / part),
        "far": losses(PLATEAU, away, lr),
        "uphill": losses(UPHILL, near, lr),
    }


runs_on_a_plateau = Question(
    name="runs_on_a_plateau",
    lesson="one_step",
    section="When to stop",
    text="The loss is f(w) = w²/(1 + w²), and g is its slope. Four runs differ in their start, "
    "their step size or the sign in the update rule. Each stops when its loss is below {enough}, "
    "or else after {steps} steps. Which curve of the loss belongs to which run?",
    draw=_draw_plateau,
    kind=Match(
        {
            "plain": "from w = {near}, w ← w − lr·g, lr = {lr}",
            "short": "from w = {near}, w ← w − lr·g, lr = {short_lr}",
            "far": "from w = {away}, w ← w − lr·g, lr = {lr}",
            "uphill": "from w = {near}, w ← w + lr·g, lr = {lr}",
        }
    ),
    misconceptions=(
        Misconception(
            "slow start on a plateau taken for a wrong sign",
            exchanged("far", "uphill"),
            "You exchanged the start at w = {away} and the rule with the plus sign. With the plus "
            "sign each step goes uphill. Which curve never falls?",
        ),
        Misconception(
            "small steps arrive first",
            exchanged("plain", "short"),
            "You gave the faster curve to the shorter steps. Both runs begin at w = {near}. Which "
            "of them is closer to the minimum after a few steps?",
        ),
        Misconception(
            "slow start on a plateau taken for a small step size",
            exchanged("far", "short"),
            "You exchanged the start at w = {away} and the small step size. Compute the loss at "
            "w = {near} and at w = {away}: where does each curve begin?",
        ),
    ),
    hint="Compute the loss at the two starts. Then ask which run climbs, and which moves slowest.",
    work=lambda near, away, lr, part: {
        "steps": PLATEAU_STEPS,
        "enough": ENOUGH,
        "short_lr": lr / part,
        "f_near": PLATEAU.f(np.array([float(near)])),
        "f_away": PLATEAU.f(np.array([float(away)])),
    },
    curves=_plateau_curves,
    solution="The loss is {f_near} at w = {near} and {f_away} at w = {away}, so the run from "
    "w = {away} is the only one that begins at {f_away}. Its loss falls slowly on the plateau and "
    "then fast. Of the other three, the run with the plus sign climbs, and with the "
    "step size {lr} the loss falls faster than with {short_lr}. So the curves are {answer}.",
)


QUESTIONS = (step_on_two_examples, straight_on_log_axis, small_slope_proves, runs_on_a_plateau)
