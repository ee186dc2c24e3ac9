"""Questions on lesson step-size: how large can the step size be?"""

from ..checking.questions import Match, Misconception, Number, Question, exchanged
from ..descent import descend
from ..formatting import bracketed, minus
from ..optimizers import GradientDescent
from ..surfaces import quadratic


def _descent(L, lr, steps):
    """The losses of descent on ½·L·w² from w = 1."""
    return descend(quadratic(L), GradientDescent(lr), start=[1.0], steps=steps).loss


def _draw_factor(rng):
    L = int(rng.choice([4, 5, 8, 10, 20, 25]))
    return {"L": L, "lr": float(rng.choice([0.2, 0.3, 0.4, 0.6, 0.7])) / L}


loss_factor = Question(
    name="loss_factor",
    lesson="step_size",
    section="Say it in symbols",
    text="A parabola has the curvature L = {L}. You take one step of descent with lr = {lr}. By "
    "what factor is the loss above the minimum multiplied?",
    draw=_draw_factor,
    answer=lambda L, lr: _descent(L, lr, 1)[1] / _descent(L, lr, 1)[0],
    kind=Number(),
    misconceptions=(
        Misconception(
            "factor of the position",
            lambda L, lr: 1 - lr * L,
            "{factor} is the factor of the position. The loss is proportional to the square of the "
            "position: what happens to it?",
        ),
        Misconception(
            "what is lost, not what remains",
            lambda L, lr: lr * L,
            "lr·L = {product} is the share of the position that one step removes. What remains of "
            "the position, and of its square?",
        ),
        Misconception(
            "one minus the square",
            lambda L, lr: 1 - (lr * L) ** 2,
            "You squared lr·L alone. By what is the position multiplied, and how does the loss "
            "depend on the position?",
        ),
    ),
    hint="By what factor is the position multiplied? And how does the loss depend on the position?",
    work=lambda L, lr: {"factor": 1 - lr * L, "product": lr * L},
    solution="One step multiplies the position by 1 − lr·L = 1 − {lr} · {L} = {factor}. The loss "
    "is proportional to the square of the position, so it is multiplied by {factor}² = {answer}.",
)


def _draw_slope(rng):
    return {"at": int(rng.choice([2, 3, 4])), "L": int(rng.choice([4, 5, 8, 10, 20]))}


limit_from_slope = Question(
    name="limit_from_slope",
    lesson="step_size",
    section="Say it in symbols",
    text="A parabola has its minimum at w = 0, and at w = {at} its slope is {slope}. From which "
    "step size on does descent no longer converge?",
    draw=_draw_slope,
    answer=lambda at, L: 2 / L,
    kind=Number(),
    misconceptions=(
        Misconception(
            "limit 1/L instead of 2/L",
            lambda at, L: 1 / L,
            "With lr = {inverse} the factor 1 − lr·L is 0, so a single step reaches the minimum. "
            "For which factors does the distance to the minimum shrink?",
        ),
        Misconception(
            "slope taken for curvature",
            lambda at, L: 2 / (L * at),
            "{slope} is the slope at one point. The curvature L is the rate at which the slope "
            "grows: how much does it grow from w = 0 to w = {at}, for each unit of w?",
        ),
        Misconception(
            "the curvature itself",
            lambda at, L: L,
            "{L} is the curvature L. Which step size makes the factor 1 − lr·L equal to −1?",
        ),
    ),
    hint="What is the curvature L of this parabola, and where does the factor 1 − lr·L reach −1?",
    work=lambda at, L: {"slope": at * L, "inverse": 1 / L},
    solution="The slope grows from 0 to {slope} over a distance of {at}, so the curvature is "
    "L = {slope}/{at} = {L}. Each step multiplies the distance by 1 − lr·L, which lies between −1 "
    "and 1 for step sizes below 2/L = {answer}. At {answer} itself the ball jumps from side to "
    "side without end.",
)


def _draw_runs(rng):
    return {"L": int(rng.choice([2, 4, 5, 10])), "slow": float(rng.choice([0.02, 0.03, 0.04]))}


RATIOS = {"best": 1.2, "wild": 1.9, "diverges": 2.05}  # lr·L of the runs; the slow one is drawn


def _run_curves(L, slow):
    return {key: _descent(L, product / L, 30) for key, product in ({"slow": slow} | RATIOS).items()}


which_step_size = Question(
    name="which_step_size",
    lesson="step_size",
    section="Explore",
    text="Four runs of descent on a parabola with curvature L = {L}, from the same start. Which "
    "curve of the loss belongs to which step size?",
    draw=_draw_runs,
    kind=Match(
        {
            "slow": "lr = {slow_lr}",
            "best": "lr = {best_lr}",
            "wild": "lr = {wild_lr}",
            "diverges": "lr = {diverges_lr}",
        }
    ),
    misconceptions=(
        Misconception(
            "larger steps are always faster",
            exchanged("best", "wild"),
            "You gave the curve that falls fastest to the larger of two step sizes. What is 1 − "
            "lr·L for each of them, and which is closer to 0?",
        ),
        Misconception(
            "divergence for slow convergence",
            exchanged("slow", "diverges"),
            "You gave the growing loss to the smallest step size. Which of the four exceeds 2/L?",
        ),
        Misconception(
            "slow by small steps and slow by overshooting",
            exchanged("slow", "wild"),
            "You exchanged the smallest step size and the one just below 2/L. The loss is "
            "multiplied by (1 − lr·L)²: for which of the two is it closer to 1?",
        ),
    ),
    hint="Compute 1 − lr·L for each step size: the loss is multiplied by its square.",
    work=lambda L, slow: {
        f"{key}_{what}": value
        for key, product in ({"slow": slow} | RATIOS).items()
        for what, value in (("lr", product / L), ("factor", 1 - product))
    },
    curves=_run_curves,
    solution="The factors 1 − lr·L are, in this order, {slow_factor}, {best_factor}, "
    "{wild_factor} and {diverges_factor}; the loss is multiplied by their squares. So the curves "
    "are {answer}.",
)


def _draw_step(rng):
    L = int(rng.choice([2, 4, 5, 8, 10]))
    return {
        "L": L,
        "lr": float(rng.choice([0.4, 0.5, 0.8, 1.2, 1.4, 1.5, 1.8])) / L,
        "start": int(rng.choice([-10, -5, -2, 2, 5, 10])),
    }


def _end(L, lr, start):
    """Where one step ends on the parabola ½·L·w²."""
    path = descend(quadratic(L), GradientDescent(lr), start=[float(start)], steps=1)
    return path.last[0]


def _with_factor(change):
    """A function of the numbers: 1/L for a learner who takes 1 − lr·L for change(factor)."""
    return lambda L, lr, start: lr / (1 - change(_end(L, lr, start) / start))


step_size_to_land = Question(
    name="step_size_to_land",
    lesson="step_size",
    section="Say it in symbols",
    text="On a parabola with its minimum at w = 0, one step of descent with lr = {lr} leads from "
    "w = {start} to w = {end}. Which step size would lead from w = {start} to the minimum in one "
    "step?",
    draw=_draw_step,
    answer=_with_factor(lambda factor: factor),
    kind=Number(),
    misconceptions=(
        Misconception(
            "sign of the factor lost",
            _with_factor(lambda factor: -factor),
            "The step multiplied the position by {factor}, and you continued with {opposite}. On "
            "which side of the minimum did the step end?",
        ),
        Misconception(
            "factor taken for lr·L",
            _with_factor(lambda factor: 1 - abs(factor)),
            "{factor} is the factor of the position, 1 − lr·L. How large is lr·L?",
        ),
        Misconception(
            "2/L instead of 1/L",
            lambda L, lr, start: 2 / L,
            "With your step size the factor 1 − lr·L is −1, so the ball lands as far away on the "
            "other side. Which factor leads to the minimum?",
        ),
    ),
    hint="By what factor did the step multiply the position? Compute lr·L from it, and then L.",
    work=lambda L, lr, start: {
        "end": _end(L, lr, start),
        "factor": _end(L, lr, start) / start,
        "opposite": -_end(L, lr, start) / start,
        "product": lr * L,
        "bracketed": bracketed(minus(str(start))),
    },
    solution="The step multiplies the position by 1 − lr·L = {end}/{bracketed} = {factor}, so "
    "lr·L = {product} and L = {product}/{lr} = {L}. One step reaches the minimum when 1 − lr·L is "
    "0, and so lr = 1/L = {answer}.",
)


def _draw_guarantee(rng):
    L = int(rng.choice([2, 4, 5, 8, 10]))
    product = float(rng.choice([0.4, 0.5, 1.2, 1.5, 1.6]))
    return {"L": L, "lr": product / L, "slope": int(rng.choice([2, 3, 4, 5]))}


def _end_of_parabola(L, lr, slope):
    """The height after one step on the parabola of curvature L that starts at height 0."""
    step = -lr * slope
    return slope * step + 0.5 * L * step**2


guaranteed_fall = Question(
    name="guaranteed_fall",
    lesson="step_size",
    section="What is sure",
    text="The curvature of a loss is at most {L} everywhere, and at the ball its slope is {slope}. "
    "By at least how much does the loss fall in one step with lr = {lr}? Give the largest number "
    "that is sure.",
    draw=_draw_guarantee,
    answer=lambda L, lr, slope: -_end_of_parabola(L, lr, slope),
    kind=Number(),
    misconceptions=(
        Misconception(
            "the tangent's fall",
            lambda L, lr, slope: lr * slope**2,
            "{fall} is the fall along the tangent, lr·g². The curve may bend upwards by as much as "
            "L = {L}: what does this take away from the fall?",
        ),
        Misconception(
            "factor of the position",
            lambda L, lr, slope: lr * (1 - lr * L) * slope**2,
            "You used 1 − lr·L = {factor}, the factor of the position on a parabola. By which "
            "factor is the fall along the tangent, lr·g², reduced?",
        ),
        Misconception(
            "slope not squared",
            lambda L, lr, slope: lr * (1 - lr * L / 2) * slope,
            "You multiplied by the slope once. The step is lr·g long, and along the tangent the "
            "loss falls by slope times length: how many times does g appear?",
        ),
    ),
    hint="On the parabola with curvature L the loss falls by lr·(1 − lr·L/2)·g².",
    work=lambda L, lr, slope: {
        "fall": lr * slope**2,
        "factor": 1 - lr * L,
        "reduced": 1 - lr * L / 2,
        "square": slope**2,
    },
    solution="The loss is nowhere above the parabola with curvature L = {L} that touches it at the "
    "ball. On this parabola it falls by lr·(1 − lr·L/2)·g² = {lr} · {reduced} · {square} = "
    "{answer}.",
)


QUESTIONS = (loss_factor, limit_from_slope, which_step_size, step_size_to_land, guaranteed_fall)
