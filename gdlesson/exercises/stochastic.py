"""Exercises of lesson 06: one epoch of stochastic gradient descent."""

from functools import partial
from itertools import islice, permutations, product

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import AnyOf, Moment, close, scattered


def sgd_epoch(w, b, x, y, lr, rng):
    for i in rng.permutation(len(x)):
        r = w * x[i] + b - y[i]
        w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
    return w, b


LIMIT = 1000  # enough for two independent orders of four examples, 24² = 576


class EveryOutcome:
    """Takes the place of rng in functions we know, so that they can run with each possible draw.

    chosen: for each draw of a run, in order, the number of its outcome; later draws have number 0.
    """

    def __init__(self, chosen):
        self.chosen, self.drawn, self.others = list(chosen), 0, []

    def permutation(self, n):
        return self._draw(permutations(range(n)))

    def integers(self, low, high, size):
        return self._draw(product(range(low, high), repeat=size))

    def _draw(self, outcomes):
        outcomes = list(islice(outcomes, LIMIT))
        if self.drawn == len(self.chosen):
            self.others += [(*self.chosen, number) for number in range(1, len(outcomes))]
            self.chosen.append(0)
        self.drawn += 1
        return np.array(outcomes[self.chosen[self.drawn - 1]], dtype=int)


def every_result(run):
    """The results of run(rng) for all that rng can draw, at most LIMIT of them."""
    results, remaining = [], [()]
    while remaining and len(results) < LIMIT:
        rng = EveryOutcome(remaining.pop())
        results.append(run(rng))
        remaining += rng.others
    return results


def unlike(rng, seed=None):
    """Another generator, with this seed; where every outcome is tried, rng itself."""
    return rng if isinstance(rng, EveryOutcome) else np.random.default_rng(seed)


class Epochs:
    """Epochs over a few examples: a result is right if some order of the examples leads to it."""

    def __init__(self, *args, atol=1e-12):
        self.args, self.atol = args, atol

    def observe(self, call):
        rngs = map(np.random.default_rng, range(6))
        return self._moments(call, (call(*self.args, rng) for rng in rngs))

    def expect(self, call):
        results = every_result(lambda rng: call(*self.args, rng))
        return self._moments(call, [AnyOf(tuple(results))] * 6)

    def _moments(self, call, results):
        for values in results:
            yield Moment(values, call.returns, partial(call.describe, self.args), atol=self.atol)


class LongEpoch:
    """An epoch over many examples, whose order must make no difference: are all of them used?"""

    def __init__(self, *args):
        self.args = args

    def observe(self, call):
        n = len(self.args[2])
        # From w = b = 0 and with y = 1, a tiny step adds 2 · lr to b in each update.
        _, b = call(0.0, 0.0, self.args[2], np.ones(n), 1e-15, np.random.default_rng(0))
        count = np.where(np.abs(b) <= 2e-14 * n, b / 2e-15, np.inf)  # else the step was not tiny
        yield Moment((count,), ("the number of updates",), f"{n} examples")
        values = call(*self.args, np.random.default_rng(0))
        expected = sgd_epoch(*self.args, np.random.default_rng(1))
        right = all(close(got, np.array(e), 0) for got, e in zip(values, expected, strict=True))
        yield fact(right, "only for few examples", (
            f"With {n} examples, your function does not use every example once. It is right for "
            "up to 4 examples. Which number in your function depends on how many there are?"
        ))  # fmt: skip


class Orders:
    """Whether the order of the examples changes from epoch to epoch, and comes from rng alone."""

    def __init__(self, *args):
        self.args = args

    def observe(self, call):
        def epoch(rng):
            return tuple(np.round(np.concatenate([*map(np.ravel, call(*self.args, rng))]), 9))

        rng = np.random.default_rng(5)
        orders = {epoch(rng) for _ in range(24)}
        repeated = {epoch(np.random.default_rng(5)) for _ in range(5)}
        yield fact(len(orders) > 1, "the same order again", SAME_ORDER)
        yield fact(len(repeated) == 1, "not from rng", NOT_FROM_RNG)
        yield fact(len(orders) >= 8, "few orders", (
            "Most orders of the examples never occur. In 24 epochs of 4 examples your function "
            "uses fewer than 8 different orders, while random orders give about 15. Which method "
            "of rng shuffles all the examples?"
        ))  # fmt: skip


def fact(holds, mistake, complaint):
    """A moment that compares whether something is true."""
    return Moment((np.array(float(holds)),), complaint=complaint, mistake=mistake)


SAME_ORDER = (
    "Every epoch uses the same order of the examples. For example, a generator that each call "
    "makes with a fixed seed has this effect. Which generator continues from epoch to epoch?"
)
NOT_FROM_RNG = (
    "The order of the examples does not come from rng alone. From the same state of rng your "
    "function gives different results, so no run can be repeated. What draws your order?"
)


def probes():
    four = 0.5, -0.3, np.array([1.0, -2.0, 0.5, 3.0]), np.array([2.0, 1.0, -1.0, 0.5]), 0.07
    first = np.arange(90) % 5 < 3
    return [
        Epochs(0.5, 0.2, np.array([3.0]), np.array([2.0]), 0.1),
        Epochs(3e-6, 1e-7, np.array([0.02]), np.array([-4e-7]), 0.3, atol=1e-300),
        Epochs(100.0, -7e4, np.array([2e3]), np.array([1e6]), 3e-8),
        Epochs(*four),
        Epochs(-1, 2, np.array([2, 0, -1]), np.array([1, 5, 3]), 0.04),
        # The step is so small that each residual is −y to ten digits.
        LongEpoch(0.0, 0.0, scattered(200, 0.1, 30, 1), scattered(200, 0.1, 100, 2), 1e-15),
        # The gradients of the two kinds of examples are perpendicular, so their updates commute.
        LongEpoch(0.3, 0.8, np.where(first, 2, -0.5), np.where(first, 5, 1), 0.003),
        Orders(*four),
    ]


RESIDUAL, B_UPDATE = "r = w * x[i] + b - y[i]", "b - lr * 2 * r"
WHOLE_BATCH = (
    (RESIDUAL, "r = w * x + b - y"),
    ("r * x[i]", "np.mean(r * x)"),
    (B_UPDATE, "b - lr * 2 * np.mean(r)"),
)

# fmt: off
SGD_MISTAKES = [
    Mistake("uphill", edit(("w - lr", "w + lr"), ("b - lr", "b + lr")),
        "Your updates go uphill. After each of them the line is farther from the example that "
        "was used. The gradient points in the direction in which the loss grows; which sign does "
        "each update need?"),
    Mistake("no 2",
        (edit(("w - lr * 2", "w - lr"), ("b - lr * 2", "b - lr")),
         *either(("w - lr * 2", "w - lr"), ("b - lr * 2", "b - lr"))),
        "A factor 2 is missing from the gradient. The loss of one example is r², and both "
        "updates contain its derivative with respect to r. What is this derivative?"),
    Mistake("one sign", either(("w - lr", "w + lr"), ("b - lr", "b + lr")),
        "One of w and b moves downhill and the other uphill. Both derivatives contain the same "
        "residual r, and both are subtracted. Which of your two updates has the other sign?"),
    Mistake("lr shared out", edit(first="lr = lr / len(x)"),
        "The step size is divided by the number of examples. With a single example this makes no "
        "difference, but with n examples every update is n times too short. How many examples "
        "does one update use?"),
    Mistake("no lr", edit(("w - lr * ", "w - "), ("b - lr * ", "b - ")),
        "lr has no effect on your updates. With half the step size, both updates should be half "
        "as long. Where does lr belong in them?"),
    Mistake("no x in the slope", edit(("r * x[i]", "r")),
        "The update of w does not contain x. Your w and b therefore always change by the same "
        "amount. What is the derivative of w · x[i] with respect to w?"),
    Mistake("x in both", edit((B_UPDATE, f"{B_UPDATE} * x[i]")),
        "The update of b contains a factor x. But a change of b moves the prediction by the same "
        "amount at every x. What is the derivative of the residual with respect to b?"),
    Mistake("b is left out", either((B_UPDATE, "b"), (" + b - y", " - y")),
        "b is missing from the residual or from the updates. The model w · x + b has two "
        "parameters, and every example changes both. In which lines does your function use b?"),
    Mistake(
        "two predictions",
        (
            edit(
                ("w, b = ", "w = "),
                (f", {B_UPDATE}", f"\n        {RESIDUAL}\n        b = {B_UPDATE}"),
            ),
            edit(
                ("w, b = ", f"b = {B_UPDATE}\n        {RESIDUAL}\n        w = "),
                (f", {B_UPDATE}", ""),
            ),
        ),
        "w and b are updated with two different residuals. The second update uses a prediction "
        "that the first update has already changed. What should be computed before either of "
        "them?",
    ),
    Mistake("the whole batch",
        (edit(*WHOLE_BATCH), edit(("rng.permutation(len(x))", "[0]"), *WHOLE_BATCH)),
        "Each update uses all the examples. This is batch descent, and the order of the examples "
        "makes no difference. How many examples should one update use?"),
    Mistake("all from one point",
        edit((RESIDUAL, "r = w0 * x[i] + b0 - y[i]"), first="w0, b0 = w, b"),
        "All residuals are computed with the w and b from the start of the epoch. But the first "
        "example has already changed the line when the second one comes. Which w and b does your "
        "residual use?"),
    Mistake("only one example",
        either(("rng.permutation(len(x))", "[0]"), ("(len(x))", "(len(x))[:1]")),
        "Only one example is used in the whole epoch. An epoch uses every example once. Is there "
        "a loop over all the examples, and does the return come after it?"),
    Mistake("one example short", either(("(len(x))", "(len(x) - 1)"), ("(len(x))", "(len(x))[1:]")),
        "One example is never used. With n examples your epoch makes n − 1 updates. Over which "
        "numbers does your loop run?"),
    Mistake("with replacement", edit(("permutation(len(x))", "integers(0, len(x), len(x))")),
        "The examples are drawn with replacement. In one epoch some of them come more than once "
        "and others not at all. Which method of rng puts all the examples in a random order?"),
    Mistake("not shuffled", edit(("rng.permutation", "range")),
        "The examples are not shuffled. In every epoch they come in the order of the data. How "
        "can rng give you a random order?"),
    Mistake("the same order again", edit(("rng.", "unlike(rng, 0).")),
        SAME_ORDER),
    Mistake("not from rng", edit(("rng.", "unlike(rng).")),
        NOT_FROM_RNG),
    Mistake("x and y shuffled apart",
        edit(("for i in rng", "for i, j in zip(rng"),
             ("(len(x)):", "(len(x)), rng.permutation(len(x))):"), ("y[i]", "y[j]")),
        "x and y are not in the same order. An x is therefore compared with the y of another "
        "example. How can one order serve both?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="sgd_epoch",
        signature="sgd_epoch(w, b, x, y, lr, rng)",
        reference=sgd_epoch,
        mistakes=SGD_MISTAKES,
        probes=probes,
        hints=[
            "An epoch is one loop over all the examples, in an order that rng draws.",
            "rng.permutation(len(x)) is such an order. For each i in it, compute the residual "
            "r = w · x[i] + b − y[i].",
            "Subtract lr · 2r · x[i] from w and lr · 2r from b, with the same r in both.",
        ],
        returns=("w", "b"),
    ),
]
