"""An exercise of lesson 17: tune a learning rate over several seeds."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, named


def tune(run, learning_rates, seeds):
    means = []
    for lr in learning_rates:
        losses = [run(lr, seed) for seed in seeds]
        means.append(np.mean(losses))
    means = np.where(np.isnan(means), np.inf, means)
    return learning_rates[np.argmin(means)]


def _table(learning_rates, seeds, losses):
    """A probe: losses has a row for each learning rate, and a column for each seed.

    Arguments that are not in the table give a loss too, so that a wrong call goes on.
    """
    cells = {
        (lr, seed): loss
        for lr, row in zip(learning_rates, losses, strict=True)
        for seed, loss in zip(seeds, row, strict=True)
    }

    def run(lr, seed):
        elsewhere = 2.5 + np.sin(7 * np.log(abs(lr) + 1e-3) + 3 * seed)
        return cells.get((float(lr), int(seed)), elsewhere)

    rows = [", ".join(f"{loss:g}" for loss in row) for row in losses]
    text = f"a table with the losses [{']['.join(rows)}], a row for each learning rate"
    return Call(named(text, run), np.array(learning_rates), np.array(seeds))


def _probes():
    """The lowest mean, median, single run and worst run are at different learning rates."""
    nan, inf = np.nan, np.inf
    rng = np.random.default_rng(17)
    many = np.round(rng.uniform(0.5, 3.0, (9, 12)), 3)
    many[5] = np.round(rng.uniform(0.7, 2.0, 12), 3)
    three = [0.01, 0.1, 1.0]
    return [
        _table(three, [4, 9], [[1.0, 2.0], [0.5, 1.1], [0.3, 3.0]]),
        _table(three, [4, 9, 2], [[0.6, 0.7, 0.8], [0.2, 0.3, 1.9], [0.1, 0.9, 1.2]]),
        _table(three, [1, 2, 3], [[0.2, 0.3, 2.9], [1.0, 1.1, 0.9], [0.9, 1.4, 0.1]]),
        _table([0.001, 0.03, 0.3], [7, 8], [[0.9, 1.0], [0.4, nan], [2.0, 1.0]]),
        _table([0.5, 0.2, 0.05, 0.02], [3, 6, 5],
               [[nan, nan, nan], [inf, 0.1, 0.1], [0.5, 0.6, 0.9], [0.4, 0.9, 0.8]]),
        _table([0.1, 0.2, 0.4], [5, 1], [[3.0, 4.0], [2.0, 2.5], [2.2, 2.1]]),
        _table([0.3], [8, 2], [[1.0, 2.0]]),
        _table([0.03, 0.3], [6], [[0.8], [0.9]]),
        _table([1.0, 2.0, 3.0], [2, 1, 3], [[2.0, 1.0, 1.5], [1.4, 1.4, 1.5], [1.2, 3.0, 0.9]]),
        _table([0.02, 0.2, 2.0], [11, 12, 13, 14],
               [[1e-4, 1e-4, 1.0, 1.0], [0.1, 0.2, 0.1, 0.2], [0.3, 0.2, 0.3, 1e-6]]),
        _table([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0], list(range(20, 32)), many),
        _table([1e-3, 1e-2, 0.1], [0, 1, 2],
               [[inf, inf, inf], [nan, 2.0, 2.0], [5.0, 6.0, 7.0]]),
        _table([1e-3, 1e-2, 0.1], [4, 5], [[nan, 1.0], [2.0, 3.0], [1.5, 2.5]]),
    ]  # fmt: skip


def _best_of_each_seed(run, learning_rates, seeds):
    """The learning rate that is best for the most seeds."""
    best = [int(np.nanargmin([run(lr, seed) for lr in learning_rates])) for seed in seeds]
    return learning_rates[np.argmax(np.bincount(best))]


def _mean_of_the_best(run, learning_rates, seeds):
    """The mean over the seeds of the learning rate that is best for each."""
    best = [int(np.nanargmin([run(lr, seed) for lr in learning_rates])) for seed in seeds]
    return np.mean(learning_rates[best])


def _first_is_never_beaten(run, learning_rates, seeds):
    """A comparison with the first mean, which stays where that is nan."""
    best, lowest = learning_rates[0], np.mean([run(learning_rates[0], seed) for seed in seeds])
    for lr in learning_rates[1:]:
        mean = np.mean([run(lr, seed) for seed in seeds])
        if mean < lowest:
            best, lowest = lr, mean
    return best


MEAN, GUARD = "np.mean(losses)", "np.where(np.isnan(means), np.inf, means)"
RETURN = "return learning_rates[np.argmin(means)]"
RUN = "[run(lr, seed) for seed in seeds]"
FINITE = "np.isfinite(losses)"

# fmt: off
MISTAKES = [
    Mistake("nan wins",
        (edit((GUARD, "np.array(means)")), edit((GUARD, "np.nan_to_num(means)"))),
        "A learning rate with a loss of nan wins in your function. np.argmin returns the place of "
        "the first nan, and np.nan_to_num makes 0 of it. Which number should stand for a diverged "
        "run, so that it can never be the lowest?"),
    Mistake("a first nan is never beaten", _first_is_never_beaten,
        "Your function returns the first learning rate if its mean is nan. A comparison with nan, "
        "such as 0.5 < np.nan, is always False, so no later mean beats it. With which number can "
        "the search begin, so that every finite mean is lower?"),
    Mistake("diverged runs are left out",
        (edit((MEAN, f"np.mean(np.array(losses)[{FINITE}]) if np.any({FINITE}) else np.inf")),
         edit((MEAN, "np.nanmean(losses) if not np.all(np.isnan(losses)) else np.inf")),
         edit((MEAN, "np.ma.masked_invalid(losses).mean() if np.any(np.isfinite(losses)) else "
               "np.inf"))),
        "Your mean leaves out runs that diverged. A learning rate at which one run of two diverges "
        "is then judged by the other run alone. As how large should the loss of a diverged run "
        "count?"),
    Mistake("the best single run", either((MEAN, "np.min(losses)"), (MEAN, "np.nanmin(losses)")),
        "You compare the best single run of each learning rate. One lucky seed then decides, and "
        "the next seed need not be lucky. Which number describes all the runs at a learning rate?"),
    Mistake("the worst run", edit((MEAN, "np.max(losses)")),
        "You compare the worst run of each learning rate. That is a very careful choice, in which "
        "only one seed counts. Which number describes all the runs at a learning rate?"),
    Convention("the median",
        either((MEAN, "np.median(losses)"), (MEAN, "np.nanmedian(losses)"),
               (MEAN, "np.median(np.where(np.isnan(losses), np.inf, losses))")),
        "You compare medians. This is not wrong, and many comparisons do it: a median is not moved "
        "by one bad seed. We take the mean, because a learning rate at which some runs diverge "
        "should not be chosen."),
    Convention("the mean of the logarithms",
        either((MEAN, "np.mean(np.log(losses))"), (MEAN, "np.exp(np.mean(np.log(losses)))")),
        "You average the logarithms of the losses. This is not wrong if losses differ by powers of "
        "ten, but one very low loss then counts much. We take the mean of the losses themselves."),
    Mistake("the place in the list", edit((RETURN, "return np.argmin(means)")),
        "You return the place of the best learning rate in the list. The learning rate itself is "
        "asked for. Which entry of learning_rates is at this place?"),
    Mistake("the lowest mean", either((RETURN, "return np.min(means)")),
        "You return the lowest mean loss. The learning rate with this loss is asked for. Which "
        "function of NumPy gives the place of the lowest entry?"),
    Mistake("the highest mean",
        (edit(("np.argmin(means)", "np.argmax(means)")),
         edit(("np.argmin(means)", "np.argmax(means)"), (GUARD, "np.nan_to_num(means)"))),
        "You return the learning rate with the highest mean loss. A loss measures how wrong a "
        "model is. In which direction should you look?"),
    Mistake("one seed only",
        (edit((RUN, "[run(lr, seeds[0])]")), edit((RUN, "[run(lr, seeds[-1])]")),
         edit((RUN, "[run(lr, seed) for seed in seeds[:1]]"))),
        "Your function uses one seed only. The result of a single run depends on its random start "
        "and its batches. What should happen with the other seeds?"),
    Mistake("one seed left out",
        (edit((RUN, "[run(lr, seed) for seed in seeds[:-1]] or [run(lr, seeds[0])]")),
         edit((RUN, "[run(lr, seed) for seed in seeds[1:]] or [run(lr, seeds[0])]"))),
        "One of the seeds is left out. All learning rates are compared with all seeds. Where does "
        "your loop over the seeds begin, and where does it end?"),
    Mistake("seeds of its own",
        either((RUN, "[run(lr, seed) for seed in range(len(seeds))]"),
               (RUN, "[run(lr, seed) for seed in range(10)]"),
               (RUN, "[run(lr, seed) for seed in range(10, 20)]")),
        "Your function runs with seeds of its own. The argument seeds says which runs are for "
        "tuning, and the other seeds are needed for the comparison afterwards. Over what should "
        "the loop go?"),
    Mistake("arguments of run exchanged", edit(("run(lr, seed)", "run(seed, lr)")),
        "You call run with the seed first. Its first argument is the learning rate. In which order "
        "are the arguments of run(lr, seed)?"),
    Mistake("the first learning rate", edit((RETURN, "return learning_rates[0]")),
        "You return the first learning rate, whatever the losses are. A `return` inside the loop "
        "ends it at its first round. Where should the choice be made?"),
    Mistake("the last learning rate",
        either((RETURN, "return learning_rates[-1]"), (RETURN, "return lr")),
        "You return the last learning rate, whatever the losses are. After the loop, lr has its "
        "last value. How does your function remember which learning rate was best?"),
    Mistake("the best of most seeds", _best_of_each_seed,
        "You choose the learning rate that is best for the most seeds. By how much it is better or "
        "worse does not count then. Which number should be computed for each learning rate?"),
    Mistake("a mean of learning rates", _mean_of_the_best,
        "You average the learning rates that are best for each seed. This average may never have "
        "been tried. For which quantity should the mean be taken?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="tune",
        signature="tune(run, learning_rates, seeds)",
        reference=tune,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "For each learning rate, collect run(lr, seed) over all seeds, and take the mean.",
            "np.mean of losses with a nan is nan, and np.isnan finds it. Put np.inf in its place.",
            "np.argmin gives the place of the lowest mean. Return the learning rate at this place.",
        ],
        returns=("the learning rate",),
    ),
]
