"""Questions on lesson momentum: how does a heavy ball go faster?"""

import math
from itertools import repeat
from types import SimpleNamespace

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..optimizers import Momentum
from ..surfaces import quadratic


def _draw_coasting(rng):
    return {
        "v": int(rng.choice([2, 3, 4, 5, 6, 8])),
        "lr": float(rng.choice([0.02, 0.05, 0.1, 0.2])),
        "beta": float(rng.choice([0.6, 0.7, 0.75, 0.8, 0.9])),
    }


def _coast(v, lr, beta):
    """The distance that momentum moves where the gradient is 0."""
    rule, w, v = Momentum(lr, beta), 0.0, float(v)
    for _ in range(400):
        w, v = rule.step(w, v, 0.0)
    return -w


coasting_distance = Question(
    name="coasting_distance",
    lesson="momentum",
    section="Say it in symbols",
    text="A ball with momentum comes from a slope onto level ground, where the gradient is 0. Its "
    "velocity is now v = {v}, with lr = {lr} and β = {beta}. How far does it still move, in all "
    "the steps that follow together?",
    draw=_draw_coasting,
    answer=_coast,
    kind=Number(),
    misconceptions=(
        Misconception(
            "first step only",
            lambda v, lr, beta: lr * beta * v,
            "{first} is the length of the first step on level ground. What remains of the "
            "velocity after it, and how long is the next step?",
        ),
        Misconception(
            "one step too many",
            lambda v, lr, beta: lr * v / (1 - beta),
            "This sum begins with lr·v. But each step multiplies v by β before the ball moves: how "
            "long is the first step on level ground?",
        ),
        Misconception(
            "sum of velocities taken for a distance",
            lambda v, lr, beta: beta * v / (1 - beta),
            "This is the sum of the velocities. What turns a velocity into the length of a step?",
        ),
    ),
    hint="How long are the first two steps on level ground? By what factor does each step differ "
    "from the one before?",
    work=lambda v, lr, beta: {"first": lr * beta * v, "rest": 1 - beta},
    solution="With gradient 0 each step multiplies v by β, so the first step has the length "
    "lr·βv = {first}. Each step is {beta} times as long as the one before, so together they are "
    "1/(1 − β) times as long as the first: {first}/{rest} = {answer}.",
)


def _draw_worth(rng):
    mu, root = int(rng.choice([1, 2, 3, 4, 5])), int(rng.choice([5, 7, 8, 9, 10, 12]))
    return {"mu": mu, "L": mu * root**2}


def _factors(mu, L):
    """What remains of the distance after a step in the long run: plain descent, momentum."""
    kappa = L / mu
    root = math.sqrt(kappa)
    return (kappa - 1) / (kappa + 1), (root - 1) / (root + 1)


def _worth(mu, L):
    plain, heavy = _factors(mu, L)
    return math.log(heavy) / math.log(plain)


def _describe_worth(mu, L):
    plain, heavy = _factors(mu, L)
    kappa, count = L // mu, _worth(mu, L)
    return {"kappa": kappa, "plain": plain, "heavy": heavy, "count": count}


worth_of_a_momentum_step = Question(
    name="worth_of_a_momentum_step",
    lesson="momentum",
    section="The best step size and β",
    text="A bowl has curvatures from μ = {mu} to L = {L}. Plain descent has its best step size, "
    "momentum its best step size and β. In the long run, about how many steps of plain descent "
    "reduce the distance to the minimum as much as one step of momentum?",
    draw=_draw_worth,
    answer=_worth,
    kind=Number(unit="steps", tolerance=0.04),
    misconceptions=(
        Misconception(
            "κ instead of its root",
            lambda mu, L: L / mu,
            "{kappa} is κ. The steps of plain descent grow in proportion to κ: in proportion to "
            "what do those of momentum grow?",
        ),
        Misconception(
            "longer steps taken for fewer steps",
            lambda mu, L: 1 / (1 - _factors(mu, L)[1] ** 2),
            "1/(1 − β) is how much longer the steps become where the gradient stays the same. Here "
            "it does not: what share of the distance remains after a step of each method?",
        ),
        Misconception(
            "quotient of the remaining shares",
            lambda mu, L: _factors(mu, L)[0] / _factors(mu, L)[1],
            "This is {plain} divided by {heavy}. Several steps multiply the distance by a power of "
            "the share that remains after one: which power of {plain} is {heavy}?",
        ),
    ),
    hint="What share of the distance remains after a step of each method, in the long run? How "
    "often must the larger share be multiplied by itself to give the smaller one?",
    work=_describe_worth,
    solution="Here κ = {L}/{mu} = {kappa}. After a step of plain descent the share "
    "(κ − 1)/(κ + 1) = {plain} of the distance remains, after a step of momentum in the long run "
    "(√κ − 1)/(√κ + 1) = {heavy}. The power of {plain} that is {heavy} is "
    "ln {heavy} / ln {plain} = {count:.2f}. So one step of momentum is worth about √κ steps.",
)


def _draw_limits(rng):
    beta, small = float(rng.choice([0.5, 0.6])), float(rng.choice([0.1, 0.2]))
    between = float(rng.choice([2.2, 2.5, 2.8]))
    return {
        "L": int(rng.choice([10, 20, 25, 50])),
        "runs": {  # key → lr·L and β
            "between": (between, beta),
            "above": (float(rng.choice([3.4, 3.6, 3.8])), beta),
            "small_beta": (float(rng.choice([2.1, 2.7])), small),
            "long_steps": (1.5, 0.9),
            "safe": (1.2, small),
        },
    }


def _converging(L, runs):
    """The runs of momentum that converge along the curvature L, from w = 1."""
    bowl = quadratic(L)
    paths = {key: descend(bowl, Momentum(p / L, b), steps=200) for key, (p, b) in runs.items()}
    return frozenset(key for key, path in paths.items() if abs(path.last[0]) < 1e-3)


def _below(limit):
    """The runs whose lr·L is below a limit, a function of β."""
    return lambda L, runs: frozenset(key for key, (p, beta) in runs.items() if p < limit(beta))


RUN_KEYS = ("between", "above", "small_beta", "long_steps", "safe")

momentum_converges = Question(
    name="momentum_converges",
    lesson="momentum",
    section="The stability limit",
    text="The largest curvature of a bowl is L = {L}. With which of these pairs does momentum "
    "converge to the minimum?",
    draw=_draw_limits,
    answer=_converging,
    kind=Several({key: f"lr = {{{key}_lr}}, β = {{{key}_beta}}" for key in RUN_KEYS}),
    misconceptions=(
        Misconception(
            "limit 2/L whatever β is",
            _below(lambda beta: 2),
            "2/L = {plain_limit} is the limit of plain descent, with β = 0. A memory of the old "
            "step changes it: what is the limit for each of these β?",
        ),
        Misconception(
            "limit on the effective step lr/(1 − β)",
            _below(lambda beta: 2 * (1 - beta)),
            "You compared lr/(1 − β) with 2/L. That counts where the gradient stays the same. Near "
            "the limit it changes its sign at every step: what becomes of the velocity then?",
        ),
        Misconception(
            "limit 2/L divided by 1 − β",
            _below(lambda beta: 2 / (1 - beta)),
            "You allowed step sizes up to 2/((1 − β)L). Where the gradient changes its sign at "
            "every step, the steps become shorter by another factor than 1 − β: by which?",
        ),
    ),
    hint="Compute the stability limit of momentum for each β, and compare lr with it.",
    work=lambda L, runs: (
        {f"{key}_lr": p / L for key, (p, _) in runs.items()}
        | {f"{key}_beta": beta for key, (_, beta) in runs.items()}
        | {f"{key}_limit": 2 * (1 + beta) / L for key, (_, beta) in runs.items()}
        | {"plain_limit": 2 / L}
    ),
    solution="Momentum converges for lr below 2(1 + β)/L, that is, below {between_limit} for "
    "β = {between_beta}, below {small_beta_limit} for β = {small_beta_beta}, and below "
    "{long_steps_limit} for β = {long_steps_beta}. So it converges with {answer}.",
)


NOISY_RUNS = 200  # averaged, so that the curves are smooth


def _draw_noise(rng):
    return {
        "lr": float(rng.choice([0.12, 0.15, 0.18, 0.2])),
        "beta": float(rng.choice([0.8, 0.9])),
        "noise_seed": int(rng.integers(1000)),
    }


def _noisy_runs(lr, beta):
    """Key → (lr, β) of the runs: effective step sizes lr/(1 − β), lr and lr·(1 − β)."""
    small = round(lr * (1 - beta), 6)
    return {"large": (lr, beta), "medium": (small, beta), "small": (small, 0.0)}


def _noise_curves(lr, beta, noise_seed):
    runs, rng, bowl = _noisy_runs(lr, beta), np.random.default_rng(noise_seed), quadratic(1)
    rule = Momentum(*np.array(list(runs.values())).T[:, :, None, None])  # all three in one call
    noisy = SimpleNamespace(grad=lambda w: bowl.grad(w) + rng.normal(size=(NOISY_RUNS, 1)))
    start = np.full((len(runs), NOISY_RUNS, 1), 3.0)
    losses = descend(bowl, rule, start, steps=400, batches=repeat(noisy)).loss.mean(2)
    return dict(zip(runs, losses.T, strict=True))


def _describe_noise(lr, beta, noise_seed):
    values = {"count": NOISY_RUNS}
    for key, (step, memory) in _noisy_runs(lr, beta).items():
        rest, both = 1 - memory, 1 + memory
        values[f"{key}_lr"] = step
        values[f"{key}_effective"] = step / rest
        values[f"{key}_floor"] = step * both / (rest * (2 * both - step)) / 2
    return values


noise_with_momentum = Question(
    name="noise_with_momentum",
    lesson="momentum",
    section="Where it goes wrong: noise",
    text="Each curve is the mean loss of {count} runs on ½w² from w = 3, with gradient noise of "
    "size 1. Which curve belongs to which step size and β?",
    draw=_draw_noise,
    kind=Match(
        {
            "large": "lr = {large_lr}, β = {beta}",
            "medium": "lr = {medium_lr}, β = {beta}",
            "small": "lr = {small_lr}, β = 0",
        }
    ),
    misconceptions=(
        Misconception(
            "momentum averages the noise away",
            exchanged("medium", "small"),
            "Of the two runs with lr = {small_lr} you gave the lower final loss to the one with "
            "momentum. How far does a single noisy gradient move the ball in the end, with β = 0 "
            "and with β = {beta}?",
        ),
        Misconception(
            "lower noise floor for the larger step size",
            exchanged("large", "medium"),
            "Of the two runs with β = {beta} you gave the lower final loss to the larger step "
            "size. What does the step size do to the noise in each step?",
        ),
        Misconception(
            "lowest noise floor for the longest steps",
            exchanged("large", "small"),
            "You gave the lowest final loss to the run with the largest effective step size. Once "
            "a run is near the minimum, how far does the noise carry it away again?",
        ),
    ),
    hint="Compute the effective step size lr/(1 − β) of each run. What does a larger one do to the "
    "noise floor?",
    work=_describe_noise,
    curves=_noise_curves,
    solution="The effective step sizes lr/(1 − β) are, in this order, {large_effective}, "
    "{medium_effective} and {small_effective}. The larger it is, the higher the noise floor: the "
    "mean loss stays at about {large_floor:.2g}, {medium_floor:.2g} and {small_floor:.2g}. So the "
    "curves are {answer}.",
)


QUESTIONS = (
    coasting_distance,
    worth_of_a_momentum_step,
    momentum_converges,
    noise_with_momentum,
)
