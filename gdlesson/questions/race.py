"""Questions on lesson race: which optimizer should I use?"""

import numpy as np

from .. import benchmark
from ..checking.questions import Choice, Misconception, Number, Question, Several


def _draw_rows(rng):
    k = int(rng.choice([2, 3, 4, 5]))
    fine = float(rng.choice([0.002, 0.003, 0.004, 0.005]))
    return {"rows": int(rng.choice([50, 80, 100, 200])), "error": k * fine, "wanted": fine}


rows_for_error = Question(
    name="rows_for_error",
    lesson="race",
    section="The result",
    text="On a test set of {rows} rows, the mean loss of a network has a standard error of "
    "{error}: that is its standard deviation from one such test set to another. How many rows from "
    "the same source would a test set need for a standard error of {wanted}?",
    draw=_draw_rows,
    answer=lambda rows, error, wanted: rows * (error / wanted) ** 2,
    kind=Number(unit="rows"),
    misconceptions=(
        Misconception(
            "error in proportion to 1/n",
            lambda rows, error, wanted: rows * error / wanted,
            "With {ratio} times as many rows the variance of the mean is {ratio} times smaller. "
            "By what factor is the standard error smaller then?",
        ),
        Misconception(
            "root on the wrong side",
            lambda rows, error, wanted: rows * np.sqrt(error / wanted),
            "You took the root of the factor {ratio}. The standard error is proportional to 1/√n: "
            "which n makes √n {ratio} times as large?",
        ),
        Misconception(
            "fewer rows for a smaller error",
            lambda rows, error, wanted: rows * (wanted / error) ** 2,
            "This test set is smaller than the one you have. Does the mean of fewer rows vary "
            "less or more from one test set to another?",
        ),
    ),
    hint="The variance of a mean of n rows is σ²/n. How does its root depend on n?",
    work=lambda rows, error, wanted: {"ratio": error / wanted, "square": (error / wanted) ** 2},
    solution="The standard error is σ/√n, and it has to become {error}/{wanted} = {ratio} times "
    "smaller. So √n has to be {ratio} times and n {ratio}² = {square} times as large: "
    "{square} · {rows} = {answer}.",
)


def _draw_budget(rng):
    rates, betas = int(rng.choice([5, 6, 8])), int(rng.choice([2, 3, 4]))
    seeds, steps = int(rng.choice([3, 5, 10])), int(rng.choice([50, 100, 200, 250]))
    total = rates * betas * seeds * steps
    return {"total": total, "rates": rates, "betas": betas, "seeds": seeds}


budget_per_run = Question(
    name="budget_per_run",
    lesson="race",
    section="The rules of the race",
    text="For tuning, each method has a budget of {total} gradient evaluations. You tune momentum "
    "on a grid of {rates} learning rates and {betas} values of β, with {seeds} seeds for each "
    "combination. How many gradient evaluations can each run make?",
    draw=_draw_budget,
    answer=lambda total, rates, betas, seeds: total / (rates * betas * seeds),
    kind=Number(),
    misconceptions=(
        Misconception(
            "grid sizes added",
            lambda total, rates, betas, seeds: total / ((rates + betas) * seeds),
            "You added the numbers of learning rates and of values of β. How many combinations "
            "does the grid have?",
        ),
        Misconception(
            "seeds not counted",
            lambda total, rates, betas, seeds: total / (rates * betas),
            "This uses up the budget with one seed. How many runs are there, when each of the "
            "{points} combinations runs with {seeds} seeds?",
        ),
        Misconception(
            "second hyper-parameter not counted",
            lambda total, rates, betas, seeds: total / (rates * seeds),
            "This tunes the learning rate alone. Momentum is also run with each of {betas} values "
            "of β: how many runs is that?",
        ),
    ),
    hint="How many runs does the whole grid need, with all its seeds?",
    work=lambda total, rates, betas, seeds: {
        "points": rates * betas,
        "runs": rates * betas * seeds,
    },
    solution="The grid has {rates} · {betas} = {points} combinations, and with {seeds} seeds each "
    "that is {runs} runs. So each run can make {total}/{runs} = {answer} gradient evaluations. "
    "A method without β has {betas} times as many for each run.",
)


RATES = {"small": 0.01, "middle": 0.1, "large": 1}


def _draw_losses(rng):
    """Five losses for each learning rate: steady, best but for one bad seed, one lucky seed."""
    base = int(rng.integers(20, 40))  # in hundredths
    steady = base + 8 + rng.choice(6, 5, replace=False)
    usual = np.append(base + rng.choice(6, 4, replace=False), int(rng.integers(150, 400)))
    lucky = np.append(base + 25 + rng.choice(30, 4, replace=False), base - int(rng.integers(4, 9)))
    columns = [rng.permutation(c) / 100 for c in (steady, usual, lucky)]
    order = rng.permutation(3)
    return {key: tuple(float(x) for x in columns[i]) for key, i in zip(RATES, order, strict=True)}


def _chosen(statistic):
    return lambda **losses: min(losses, key=lambda key: statistic(losses[key]))


tuned_rate = Question(
    name="tuned_rate",
    lesson="race",
    section="The rules of the race",
    text="A method is tuned with five seeds at each of three learning rates. The list shows their "
    "validation losses. Which learning rate does this lesson's rule for tuning choose?",
    draw=_draw_losses,
    answer=lambda **losses: list(losses)[benchmark.tuned(np.array([list(losses.values())]))],
    kind=Choice(
        {key: f"lr = {rate}: {{{key}_losses}}" for key, rate in RATES.items()}, shuffled=False
    ),
    misconceptions=(
        Misconception(
            "the best single run",
            _chosen(min),
            "You chose the learning rate with the lowest single loss, {lowest}. Its other four "
            "seeds are much worse: what would five fresh seeds probably show?",
        ),
        Misconception(
            "median instead of mean",
            _chosen(np.median),
            "You chose the lowest median, which does not count the bad seed with {highest} there. "
            "A fresh seed may be as bad: which statistic counts every seed?",
        ),
    ),
    hint="The rule takes the lowest mean over the seeds: what is the sum of the five losses at "
    "each learning rate?",
    work=lambda **losses: (
        {f"{key}_losses": _written(row) for key, row in losses.items()}
        | {f"{key}_mean": f"{np.mean(row):.3f}" for key, row in losses.items()}
        | {
            "lowest": min(min(row) for row in losses.values()),
            "highest": max(max(row) for row in losses.values()),
        }
    ),
    solution="The rule takes the learning rate with the lowest mean. The means of the five losses "
    "are {small_mean} at lr = 0.01, {middle_mean} at 0.1 and {large_mean} at 1. One run that ends "
    "badly is a risk that the next seed has too, so it counts.",
)


def _written(losses):
    return ", ".join(f"{x:.2f}" for x in losses)


# What a comparison does, for each of four rules of the race: text if kept and text if broken.
RULES = {
    "rates": (
        "A and B each run at the best of the same {grid} learning rates, neither at an end",
        "A and B both run at A's best learning rate",
    ),
    "budget": ("A makes {steps} steps with {rows} rows each, B {b_steps} with {b_rows} rows",) * 2,
    "data": (
        "Learning rates are chosen on the validation set, and the test set is used once",
        "Learning rates are chosen on the test set, so that each method shows its best",
    ),
    "seeds": (
        "The mean of {runs} seeds is given for A and for B",
        "The mean of {runs} seeds is given for A, and the best of {runs} for B",
    ),
}


def _draw_comparison(rng):
    broken = rng.choice(list(RULES), int(rng.integers(1, 4)), replace=False)
    factor, steps = int(rng.choice([2, 4, 5])), int(rng.choice([100, 200, 400]))
    rows = int(rng.choice([10, 20, 32]))
    return {
        "rates": "rates" in broken,
        "data": "data" in broken,
        "seeds": "seeds" in broken,
        "steps": steps,
        "rows": rows,
        "b_steps": steps if "budget" in broken else steps // factor,
        "b_rows": rows * factor,
        "grid": int(rng.choice([21, 25, 31])),
        "runs": int(rng.choice([5, 10, 20])),
    }


def _unfair(steps, rows, b_steps, b_rows, **numbers):
    unequal = {"budget"} if steps * rows != b_steps * b_rows else set()
    return unequal | {key for key in ("rates", "data", "seeds") if numbers[key]}


def _statements(**numbers):
    broken = _unfair(**numbers)
    return {f"{key}_text": RULES[key][key in broken].format(**numbers) for key in RULES}


def _with_flipped(*keys):
    return lambda **numbers: _unfair(**numbers) ^ set(keys)


unfair_comparison = Question(
    name="unfair_comparison",
    lesson="race",
    section="The rules of the race",
    text="Two optimizers A and B are compared. Their cost is counted in gradients of single rows. "
    "Which of these make the comparison unfair?",
    draw=_draw_comparison,
    answer=_unfair,
    kind=Several({key: f"{{{key}_text}}" for key in RULES}),
    misconceptions=(
        Misconception(
            "one learning rate for all is fair",
            _with_flipped("rates"),
            "All is right except the learning rates. The best ones of two methods can differ a "
            "hundredfold: have A and B both been tuned here, in the same way?",
        ),
        Misconception(
            "equal steps are an equal budget",
            _with_flipped("budget"),
            "All is right except the budget. How many gradients of single rows does A evaluate, "
            "and how many does B?",
        ),
        Misconception(
            "test set used for choosing",
            _with_flipped("data"),
            "All is right except the data. What is the loss on a test set worth, after something "
            "has been chosen with it?",
        ),
        Misconception(
            "best of several runs as a result",
            _with_flipped("seeds"),
            "All is right except the seeds. How does the best of {runs} runs differ from a "
            "typical one, even for the same method?",
        ),
    ),
    hint="Ask of each: do both methods have the same chance, with equal tuning, an equal number of "
    "gradients, data not used for choosing, and typical seeds?",
    work=lambda **numbers: (
        _statements(**numbers)
        | {
            "a_total": numbers["steps"] * numbers["rows"],
            "b_total": numbers["b_steps"] * numbers["b_rows"],
        }
    ),
    solution="Each method needs its own tuning on the same grid, and a test set is only a test of "
    "what was not chosen with it. A evaluates {steps} · {rows} = {a_total} gradients of rows, and "
    "B evaluates {b_total}. A mean has to be compared with a mean. So the comparison is made "
    "unfair by {answer}.",
)


QUESTIONS = (rows_for_error, budget_per_run, tuned_rate, unfair_comparison)
