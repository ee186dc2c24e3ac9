"""An exercise of lesson 17: whether two methods differ by more than chance, by a bootstrap."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Moment, Word, describe, numbers, with_article
from ..checking.runner import Stopped


def is_difference_real(a, b):
    rng = np.random.default_rng(0)
    d = a - b
    draws = rng.choice(d, (2000, len(d)))
    means = np.mean(draws, axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return low > 0 or high < 0


class Vote:
    """Whether most of several calls find a difference between losses a and b.

    Each call has the pairs in another order, so that it draws anew. One bootstrap of a thousand
    draws may be on the wrong side of a limit that is near; most of five are not.
    """

    def __init__(self, a, b, calls=1):
        self.a, self.b, self.calls = np.array(a, float), np.array(b, float), calls

    def observe(self, call):
        orders = [np.random.default_rng(i).permutation(len(self.a)) for i in range(self.calls)]
        orders[0] = np.sort(orders[0])
        answers = [call(self.a[i], self.b[i], finish=_true_or_false) for i in orders]
        mean = np.mean(self.a - self.b)
        given = f"a = {describe(self.a)} and b = {describe(self.b)}, a mean difference of "
        given = f"{given}{describe(mean)}"
        yield Moment((_truth(2 * sum(answers) > self.calls),), call.returns, given)


def _truth(value):
    """True or False as a number that is described by its word."""
    truth = np.asarray(float(value)).view(Word)
    truth.text = str(bool(value))
    return truth


def _true_or_false(got):
    number = numbers(got)
    if number is None or number.size != 1 or number.ravel()[0] not in (0, 1):
        came = with_article(got) if number is None else describe(number)
        text = (
            f"Your function returns {came}, where True or False is expected. Is 0 inside the "
            "interval, or outside?"
        )
        raise Stopped("no truth", "mistake", "neither True nor False", text)
    return bool(number.ravel()[0])


def _with_noise(d, size, seed):
    """Losses of two methods that differ by d, with the same noise of the seeds in both."""
    noise = np.round(3 * size + size * np.random.default_rng(seed).normal(size=len(d)), 2)
    return noise + d, noise


def _probes():
    # Of the means of ten draws, 3.7 % are at most 0, and 1.2 %: between the usual limits.
    near_5 = np.array([0.3, 0.0, -0.5, -0.6, 1.4, 1.2, -0.4, 1.7, 0.1, 1.7])
    near_1 = np.array([1.0, 0.6, 0.1, -1.7, 0.6, 1.5, 1.6, 0.1, 2.8, 2.5])
    rng = np.random.default_rng(3)
    tie = np.round(rng.normal(2, 0.5, 10), 2), np.round(rng.normal(2, 0.5, 10), 2)
    wide = np.round(rng.normal(1.0, 1.6, 40), 2)  # four standard errors, 0.6 deviations
    small = np.array([0.01, 0.03, 0.02, 0.02, 0.01, 0.03, 0.02, 0.01, 0.02, 0.03])
    flat = np.array([2.0, 2.1, 1.9, 2.0, 2.1, 1.9, 2.0, 2.0])
    swings = np.array([1.0, 3.2, 2.4, 1.1, 3.0, 0.9, 2.9, 2.1])
    up, down = np.arange(10) / 10, np.arange(10)[::-1] / 10
    outlier = np.array([1.0] * 9 + [-6.0])
    one_below = np.array([1.0, 0.9, 1.1, 0.8, 1.2, 1.0, 0.9, 1.1, 1.0, -0.3])
    sure = np.array([0.4, 1.9, -0.8, 1.2, 0.5, 2.2, 1.7, -0.6, 1.4, 0.9])  # 0.3 % below 0
    # Forty differences of 2.7 standard errors: draws of ten would give an interval with 0.
    forty = np.random.default_rng(5).normal(size=40)
    forty = np.round((forty - forty.mean()) / forty.std() + 2.7 / 40**0.5, 2)
    one_of_sixty = np.append(np.linspace(0.4, 1.6, 59), -0.2)  # not all agree in sign
    return [
        Vote([2.0, 2.2, 2.1, 2.3, 2.0, 2.4], [1.0, 1.3, 1.1, 1.2, 1.4, 1.1]),
        Vote([1.0, 1.3, 1.1, 1.2, 1.4, 1.1], [2.0, 2.2, 2.1, 2.3, 2.0, 2.4]),
        Vote(*tie),
        Vote(*tie[::-1]),
        Vote(*_with_noise(small, 0.5, 1)),
        Vote(*_with_noise(-small, 0.5, 2)),
        Vote(*_with_noise(wide, 0.1, 3)),
        Vote(*_with_noise(-wide, 0.1, 3)),
        Vote(flat, swings),
        Vote(swings, flat),
        Vote(up + 0.27, down),
        Vote(up, down + 0.27),
        Vote(*_with_noise(outlier, 0.5, 4)),
        Vote(*_with_noise(-outlier, 0.5, 5)),
        Vote(flat, flat),
        Vote(*_with_noise(near_5, 0.3, 6), calls=5),
        Vote(*_with_noise(-near_5, 0.3, 7), calls=5),
        Vote(*_with_noise(near_1, 0.3, 8), calls=5),
        Vote(*_with_noise(-near_1, 0.3, 9), calls=5),
        Vote(*_with_noise(one_below, 0.3, 10)),
        Vote(*_with_noise(sure, 0.3, 11)),
        Vote([1.0, 4.0, 5.0, 6.0, 5.5, 4.5, 5.2], [1.0, 2.0, 2.5, 6.0, 2.2, 2.6, 2.4]),
        Vote(*_with_noise(forty, 0.3, 12)),
        Vote(*_with_noise(-forty, 0.3, 13)),
        Vote(*_with_noise(one_of_sixty, 0.3, 14)),
        Vote(*_with_noise(-one_of_sixty, 0.3, 15)),
    ]


def _two_intervals(a, b):
    """Whether the intervals of the two means, each for itself, have a gap between them."""
    rng = np.random.default_rng(0)
    ends = [
        np.percentile(rng.choice(values, (2000, len(values))).mean(axis=1), [2.5, 97.5])
        for values in (a, b)
    ]
    return ends[0][0] > ends[1][1] or ends[1][0] > ends[0][1]


DRAWS, MEANS = "rng.choice(d, (2000, len(d)))", "means = np.mean(draws, axis=1)"
LIMITS = "[2.5, 97.5]"
RETURN = "return low > 0 or high < 0"


# fmt: off
MISTAKES = [
    Mistake("resampled apart",
        edit((DRAWS, "rng.choice(a, (2000, len(d))) - rng.choice(b, (2000, len(d)))")),
        "You draw from a and from b apart. a[i] and b[i] come from the same seed, so their "
        "difference does not contain what the seed does to both. From which numbers should each "
        "draw be made?"),
    Mistake("two intervals compared", _two_intervals,
        "You compare an interval of a with an interval of b. Two such intervals can overlap "
        "although the difference is sure. What is the interval of the difference?"),
    Mistake("the spread of single results",
        (edit((MEANS, "means = d")), edit((DRAWS, "rng.choice(d, (2000, 1))"))),
        "Your interval is that of single differences. It says where the result of one more seed "
        "may be, but the question is about the mean. Of how many values is each mean computed?"),
    Mistake("no interval",
        (edit((DRAWS, "[d]")), edit((DRAWS, "rng.permuted(np.tile(d, (2000, 1)), axis=1)")),
         lambda a, b: np.mean(a) != np.mean(b), edit(("d = a - b", "d = np.abs(a - b)"))),
        "Your function calls every difference real. An interval cannot contain 0 if it has no "
        "width, as without replacement, or if it is one of np.abs(d). What are low and high where "
        "a and b differ by chance?"),
    Mistake("0 at an end",
        either((RETURN, "return not low < 0 < high"), (RETURN, "return low >= 0 or high <= 0")),
        "Where a and b are equal, your function finds a difference: both ends of the interval are "
        "0 there. An end counts as inside. Which comparisons should not include equality?"),
    Mistake("all seeds agree",
        (lambda a, b: np.all(a > b) or np.all(a < b),
         lambda a, b: np.all(a >= b) or np.all(a <= b)),
        "You ask whether all seeds agree which method is better. One seed that disagrees then "
        "decides, and how large the differences are does not count. Between which values are 95 % "
        "of the means of many draws?"),
    Mistake("draws of a fixed size", edit((DRAWS, "rng.choice(d, (2000, 10))")),
        "Each of your draws has 10 values, also where d has 40. The mean of 10 values varies twice "
        "as much as the mean of 40. How many values should a draw have?"),
    Mistake("best single runs compared",
        (lambda a, b: np.min(a) != np.min(b), lambda a, b: np.max(a) != np.max(b),
         lambda a, b: np.min(a) < np.min(b), lambda a, b: np.min(a) > np.min(b)),
        "You compare one run of a with one run of b. One lucky seed then decides. What does the "
        "mean over many draws of the seeds say?"),
    Mistake("one side only", either((RETURN, "return low > 0"), (RETURN, "return high < 0")),
        "Your function finds differences in one direction only. A difference is real if 0 is "
        "outside the interval, on either side. Which second case is missing?"),
    Mistake("the opposite",
        either((RETURN, "return low <= 0 <= high"), (RETURN, "return low < 0 < high"),
               (RETURN, "return low < 0 and high > 0")),
        "You return True where 0 is inside the interval. Then chance alone can explain the "
        "difference. When should the answer be True?"),
    Mistake("never real", edit((RETURN, "return low > 0 and high < 0")),
        "Your function never finds a difference. The lower end cannot be above 0 while the upper "
        "end is below. Which word joins the two cases?"),
    Mistake("one of two resampled",
        (edit((DRAWS, "rng.choice(a, (2000, len(d))) - np.mean(b)")),
         edit((DRAWS, "np.mean(a) - rng.choice(b, (2000, len(d)))"))),
        "You draw anew from one of the two only. The results of the other method would change with "
        "other seeds, too. What should be drawn so that both change together?"),
    Mistake("the median", edit((MEANS, "means = np.median(draws, axis=1)")),
        "You take medians of the draws. The exercise asks about means, which a single bad seed can "
        "move. Which function of NumPy belongs there?"),
    Mistake("too narrow an interval",
        (edit((LIMITS, "[5, 95]")), edit((DRAWS, "rng.choice(d, (2000, 2 * len(d)))"))),
        "Your interval is too narrow. It should contain 95 % of the means, each of as many values "
        "as d has. Which percentiles do you take, and how many values does a draw have?"),
    Mistake("too wide an interval",
        (*either((LIMITS, "[0.5, 99.5]"), (LIMITS, "[0, 100]"), (LIMITS, "[1, 99]")),
         edit((DRAWS, "rng.choice(d, (2000, len(d) // 2))")),
         edit((DRAWS, "rng.choice(d, (2000, 5))"))),
        "Your interval is too wide. It should contain 95 % of the means, each of as many values as "
        "d has. Which percentiles do you take, and how many values does a draw have?"),
    Mistake("percentiles as shares", edit((LIMITS, "[0.025, 0.975]")),
        "Your percentiles are 0.025 % and 0.975 %. np.percentile counts in per cent, so both are "
        "at the low end. What are the two ends in per cent?"),
    Mistake("a mean over the seeds",
        (edit((MEANS, "means = np.mean(draws, axis=0)")),),
        "Your mean is over the draws and not over the seeds. Each of its numbers is close to the "
        "mean of d, so the interval is too narrow. Along which axis are the values of one draw?"),
    Mistake("an interval of one method",
        (edit(("d = a - b", "d = a")), edit(("d = a - b", "d = b"))),
        "Your interval is that of one method's loss. A loss is above 0 in any case. Which numbers "
        "are 0 on average if the two methods are equally good?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="is_difference_real",
        signature="is_difference_real(a, b)",
        reference=is_difference_real,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Begin with the differences a − b, one for each seed.",
            "rng.choice(d, (2000, len(d))) makes 2000 draws with replacement, one in each row. "
            "Take the mean of each row.",
            "np.percentile(means, [2.5, 97.5]) gives the two ends of the interval. Return whether "
            "0 is outside.",
        ],
        words=("True", "False"),
        endless="How many draws does it make? 2000 are enough.",
    ),
]
