"""Questions on lesson mini-batch: how many examples per step?"""

from itertools import pairwise

import numpy as np

from ..checking.questions import Choice, Misconception, Number, Order, Question
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import LinearRegression


def _draw_costs(rng):
    return {
        "n": 6000,
        "size": int(rng.choice([20, 30, 40, 50, 60])),
        "fixed": int(rng.choice([20, 30, 40, 60, 80, 100])),
        "per_row": float(rng.choice([0.2, 0.5, 1.5, 2.5])),
    }


time_of_an_epoch = Question(
    name="time_of_an_epoch",
    lesson="mini_batch",
    section="What an update costs",
    text="An update takes {fixed} µs, whatever the batch size, and another {per_row} µs for each "
    "row in its batch. How long does one epoch over {n} rows take with batches of {size} rows? "
    "Answer in ms; 1 ms is 1000 µs.",
    draw=_draw_costs,
    answer=lambda n, size, fixed, per_row: n / size * (fixed + size * per_row) / 1000,
    kind=Number(unit="ms"),
    misconceptions=(
        Misconception(
            "fixed cost once in an epoch",
            lambda n, size, fixed, per_row: (fixed + n * per_row) / 1000,
            "You counted the fixed {fixed} µs only once. They are part of every update: how many "
            "updates are there in an epoch?",
        ),
        Misconception(
            "fixed cost for every row",
            lambda n, size, fixed, per_row: n * (fixed + per_row) / 1000,
            "This is the time of {n} updates with one row each. The fixed {fixed} µs are needed "
            "once for a whole batch: how many batches are there in an epoch?",
        ),
        Misconception(
            "one row counted for each batch",
            lambda n, size, fixed, per_row: n / size * (fixed + per_row) / 1000,
            "You counted {per_row} µs once for each batch. How many rows does a batch have?",
        ),
        Misconception(
            "time of one update",
            lambda n, size, fixed, per_row: (fixed + size * per_row) / 1000,
            "This is the time of one update. How many updates are there in an epoch?",
        ),
    ),
    hint="How many updates are there in an epoch? And how long does one of them take, with all "
    "the rows of its batch?",
    work=lambda n, size, fixed, per_row: {
        "updates": n // size,
        "one": fixed + size * per_row,
    },
    solution="An epoch has {n}/{size} = {updates} updates. Each takes {fixed} + {size} · {per_row} "
    "= {one} µs. Together they take {updates} · {one} µs = {answer}.",
)


def _draw_scaling(rng):
    limit = float(rng.choice([0.2, 0.4, 0.5, 0.8]))
    return {
        "size": int(rng.choice([2, 4, 5, 8, 10])),
        "lr": limit / float(rng.choice([8, 10, 16, 20, 40])),
        "L": 2 / limit,
    }


where_scaling_ends = Question(
    name="where_scaling_ends",
    lesson="mini_batch",
    section="Larger batches, larger steps",
    text="Descent works well with batches of {size} rows and lr = {lr}. For larger batches you "
    "raise lr in proportion to the batch size. The loss over all rows is a bowl whose largest "
    "curvature is L = {L}. From which batch size on would lr be too large even for the exact "
    "gradient?",
    draw=_draw_scaling,
    answer=lambda size, lr, L: size * (2 / L) / lr,
    kind=Number(unit="rows"),
    misconceptions=(
        Misconception(
            "limit 1/L instead of 2/L",
            lambda size, lr, L: size / L / lr,
            "At this batch size lr is 1/L = {inverse}, and with the exact gradient descent still "
            "converges. From which step size on does it not?",
        ),
        Misconception(
            "lr in proportion to the square root of the batch size",
            lambda size, lr, L: size * (2 / L / lr) ** 2,
            "You raised lr with the square root of the batch size. In proportion means: twice the "
            "rows, twice the lr. How many times as large may lr become?",
        ),
        Misconception(
            "ratio of the step sizes taken for the batch size",
            lambda size, lr, L: 2 / L / lr,
            "This is how many times as large lr may become before it reaches its limit. With which "
            "batch size did you start?",
        ),
        Misconception(
            "limit of the step size taken for the batch size",
            lambda size, lr, L: 2 / L,
            "This is the stability limit of lr. At which batch size does lr reach it?",
        ),
    ),
    hint="What is the stability limit of the exact gradient, and how many times as large as {lr} "
    "is it?",
    work=lambda size, lr, L: {"inverse": 1 / L, "limit": 2 / L, "times": 2 / L / lr},
    solution="With the exact gradient descent converges for lr below 2/L = {limit}. That is "
    "{times} times {lr}. The batch size grows by the same factor, so the limit is reached at "
    "{times} · {size} = {answer}.",
)


def _variance(rows, n, replaced):
    """The variance of a mean of so many of n rows, where the variance of one is 1."""
    return 1 / rows * (1 if replaced else 1 - rows / n)


def _batches(most, most_of, small, few, again):
    """Name → (rows of the batch, rows of the data, drawn with replacement?)."""
    return {
        "most": (most, most_of, False),
        "small": (small, 10_000, False),
        "few": (few, 10_000, True),
        "again": (again, again, True),
    }


def _draw_noise(rng):
    while True:  # until the four variances differ by an eighth or more
        most_of = int(rng.choice([40, 50, 100]))
        numbers = {
            "most": int(most_of * rng.choice([0.5, 0.6, 0.8, 0.9])),
            "most_of": most_of,
            "small": int(rng.choice([60, 80, 100, 150, 200])),
            "few": int(rng.choice([20, 30, 40, 60])),
            "again": int(rng.choice([25, 50, 80, 120])),
        }
        variances = sorted(_variance(*batch) for batch in _batches(**numbers).values())
        sizes = sorted(batch[0] for batch in _batches(**numbers).values())
        apart = all(b > 1.12 * a for row in (variances, sizes) for a, b in pairwise(row))
        if apart:
            return numbers


def _by(key):
    return lambda **numbers: tuple(
        sorted(_batches(**numbers), key=lambda name: key(*_batches(**numbers)[name]))
    )


def _noise_work(**numbers):
    batches = _batches(**numbers)
    return {f"v_{name}": _variance(*batch) for name, batch in batches.items()} | {
        "share": numbers["most"] / numbers["most_of"]
    }


order_of_noise = Question(
    name="order_of_noise",
    lesson="mini_batch",
    section="Say it in symbols",
    text="The mean gradient of a batch estimates the whole gradient. In each of four data sets "
    "the gradients of single rows have the same variance σ². Put these batches in order, from the "
    "smallest to the largest variance of their mean gradient.",
    draw=_draw_noise,
    answer=_by(_variance),
    kind=Order(
        {
            "most": "{most} of {most_of} rows, drawn without replacement",
            "small": "{small} of 10 000 rows, drawn without replacement",
            "few": "{few} of 10 000 rows, drawn with replacement",
            "again": "{again} of {again} rows, drawn with replacement",
        }
    ),
    misconceptions=(
        Misconception(
            "variance without the factor 1 − B/n",
            _by(lambda rows, n, replaced: 1 / rows),
            "You ordered the batches by σ²/B. That is the variance with replacement. What changes "
            "when {most} of {most_of} rows are drawn without replacement?",
        ),
        Misconception(
            "share of the rows decides",
            _by(lambda rows, n, replaced: (-rows / n, replaced, -rows)),
            "You ordered the batches by their share of the rows. {small} of 10 000 rows are a "
            "small share: is the variance of their mean therefore large?",
        ),
        Misconception(
            "largest variance first",
            lambda **numbers: _by(_variance)(**numbers)[::-1],
            "Your order begins with the largest variance. Which of the four has the smallest?",
        ),
    ),
    hint="With replacement the variance is σ²/B. What is it without replacement, for a batch that "
    "is most of the rows, and for one that is a small part of them?",
    work=_noise_work,
    solution="With replacement the variance is about σ²/B: {v_few}·σ² for {few} rows and "
    "{v_again}·σ² for {again} rows, even though that data set has only {again}. Without "
    "replacement it is σ²/B · (1 − B/n): {v_small}·σ² for {small} of 10 000 rows, and {v_most}·σ² "
    "for {most} of {most_of}, because 1 − B/n is only 1 − {share}. So the order is {answer}.",
)

ROWS, EPOCHS = 60, 6


def _draw_sorted(rng):
    return {"data": int(rng.integers(1000)), "size": int(rng.choice([4, 5, 6]))}


def _sorted_curves(data, size):
    """The loss above its minimum for four runs on curved data; x is in ascending order."""
    rng = np.random.default_rng(data)
    x = np.sort(rng.uniform(-1.7, 1.7, ROWS))
    x = (x - x.mean()) / x.std()
    problem = LinearRegression(x, x + 0.5 * x**2 + 0.2 * rng.normal(size=ROWS))
    best = problem.f(problem.closed_form())
    steps = EPOCHS * ROWS // size

    def losses(lr, batches=None):
        path = descend(problem, GradientDescent(lr), [-1.0, 2.0], steps, batches=batches)
        return path.loss - best

    turns = [problem.on(slice(i, i + size)) for i in range(0, ROWS, size)] * EPOCHS
    return {
        "sorted": losses(0.1, turns),
        "single": losses(0.1, problem.batches(1, rng=data)),
        "short": losses(0.005, problem.batches(size, rng=data)),
        "whole": losses(0.02),
    }


not_shuffled = Question(
    name="not_shuffled",
    lesson="mini_batch",
    section="What goes wrong: the order",
    text="Four runs fit a line to {rows} rows; the curves show the loss above the minimum at each "
    "step. Three runs draw their rows in a new random order in each epoch, or use all rows. One "
    "run forgot to shuffle: in every epoch its batches of {size} rows come in the order of x. "
    "Which curve is it?",
    draw=_draw_sorted,
    answer=lambda data, size: "sorted",
    kind=Choice({"sorted": "", "single": "", "short": "", "whole": ""}),
    misconceptions=(
        Misconception(
            "irregular noise for missing shuffling",
            lambda data, size: "single",
            "This curve jumps without a pattern, as with rows in a random order. Without "
            "shuffling each epoch has the same batches in the same order: what does that do to the "
            "curve every {updates} steps?",
        ),
        Misconception(
            "slow progress for missing shuffling",
            lambda data, size: "short",
            "This run is slow because its step size is small. Without shuffling each epoch has the "
            "same batches in the same order: what does that do to the curve?",
        ),
        Misconception(
            "smooth curve for missing shuffling",
            lambda data, size: "whole",
            "This curve is smooth, as with the gradient of all rows. Batches in the order of x "
            "each pull the line towards their own rows: can the loss fall at every step?",
        ),
    ),
    hint="Without shuffling every epoch of {updates} steps has the same batches in the same "
    "order. Which curve repeats itself?",
    work=lambda data, size: {"rows": ROWS, "updates": ROWS // size},
    curves=_sorted_curves,
    solution="Without shuffling an epoch has {rows}/{size} = {updates} steps, and each epoch "
    "has the same batches in the same order. After the first epochs the loss therefore goes "
    "through nearly the same values every {updates} steps. Only {answer} does.",
)


QUESTIONS = (time_of_an_epoch, where_scaling_ends, order_of_noise, not_shuffled)
