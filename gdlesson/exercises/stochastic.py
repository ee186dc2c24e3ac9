"""Exercises of stochastic."""

from itertools import permutations, product

import numpy as np

from ..checking.exercise import Exercise, Mistake
from ..checking.probes import AnyOf, Call, Moment, describe


def sgd_epoch(w, b, x, y, lr, rng):
    for i in rng.permutation(len(x)):
        r = w * x[i] + b - y[i]
        w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
    return w, b


class OneOrder:
    """Stands in for `rng` where a function we know is tried in every order, or pair of orders."""

    def __init__(self, *orders):
        self.orders = [np.array(order) for order in orders]

    def permutation(self, n):
        return self.orders[0] if len(self.orders) == 1 else self.orders.pop(0)

    def integers(self, low, high=None, size=None):
        return self.orders[0]


class Epochs:
    """Epochs over a few points, each order of which leads elsewhere.

    A result is right when some order leads to it. Beside it: whether the order changes from epoch
    to epoch, follows `rng`, and is not the data's own.
    """

    def __init__(self, w, b, x, y, lr):
        self.data, self.lr = (w, b, x, y), lr

    def observe(self, call):
        results = [self.run(call, np.random.default_rng(seed)) for seed in range(6)]
        for values in results:
            yield Moment(values, call.returns, self.given, atol=1e-12)
        yield from self.character(call, results)

    def expect(self, call):
        n = len(self.data[2])
        orders = [(order,) for order in permutations(range(n))]
        if call.fn is _again:
            orders = [(draws,) for draws in product(range(n), repeat=n)]
        elif call.fn is _shuffled_apart:
            orders = product(permutations(range(n)), repeat=2)
        choices = AnyOf(tuple(self.run(call, OneOrder(*each)) for each in orders))
        results = [self.run(call, np.random.default_rng(seed)) for seed in range(6)]
        for _ in results:
            yield Moment(choices, call.returns, self.given, atol=1e-12)
        yield from self.character(call, results)

    @property
    def given(self):
        pairs = zip(("w", "b", "x", "y"), self.data, strict=True)
        return ", ".join(f"{name} = {describe(value)}" for name, value in pairs)

    def run(self, call, rng):
        return call(*self.data, self.lr, rng)

    def character(self, call, results):
        if len(self.data[2]) == 1:
            return
        rng = np.random.default_rng(5)
        epochs = {tuple(np.array(self.run(call, rng)).round(12)) for _ in range(12)}
        yield _whether(len(epochs) > 1, "the same order again", "every epoch goes through the "
            "examples in the same order. What does the next number from rng change?")  # fmt: skip
        seeds = {tuple(np.array(values).round(12)) for values in results}
        yield _whether(len(seeds) > 1, "rng is not used", "whatever rng is handed over, the "
            "same order comes out.")  # fmt: skip
        again = [self.run(call, np.random.default_rng(0)) for _ in range(4)]
        same = all(np.allclose(values, results[0], rtol=1e-9) for values in again)
        yield _whether(same, "not from rng", "the same rng leads to another result "
            "the next time. Where does your order come from?")  # fmt: skip
        w, b, x, y = self.data
        plain = sgd_epoch(w, b, x, y, self.lr, OneOrder(range(len(x))))
        forward = all(np.allclose(values, plain, rtol=1e-9) for values in results)
        yield _whether(not forward, "not shuffled", "the examples come in the order of the data.")


def _whether(holds, mistake, complaint):
    complaint = f"Each update is right, but {complaint}"
    return Moment((np.array(float(holds)),), complaint=complaint, mistake=mistake)


def _epochs():
    x, y = np.array([1.0, -2.0, 0.5, 3.0]), np.array([2.0, 1.0, -1.0, 0.5])
    return [
        Epochs(0.5, 0.2, np.array([3.0]), np.array([2.0]), 0.1),
        Epochs(0.5, -0.3, x, y, 0.07),
        Epochs(-1, 2, np.array([2, 1, -1]), np.array([1, 5, 3]), 0.04),
    ]


def _by(update, order=lambda rng, n: rng.permutation(n)):
    """An epoch whose update is update(w, b, x_i, y_i, lr, r) → (w, b)."""

    def form(w, b, x, y, lr, rng):
        for i in order(rng, len(x)):
            w, b = update(w, b, x[i], y[i], lr, w * x[i] + b - y[i])
        return w, b

    return form


def _right(w, b, x, y, lr, r):
    return w - lr * 2 * r * x, b - lr * 2 * r


def _new_w_first(w, b, x, y, lr, r):
    w = w - lr * 2 * r * x
    return w, b - lr * 2 * (w * x + b - y)


def _new_b_first(w, b, x, y, lr, r):
    b = b - lr * 2 * r
    return w - lr * 2 * (w * x + b - y) * x, b


def _whole_batch(w, b, x, y, lr, rng):
    r = w * x + b - y
    return w - lr * 2 * np.mean(r * x), b - lr * 2 * np.mean(r)


def _whole_batch_often(w, b, x, y, lr, rng):
    for _ in range(len(x)):
        w, b = _whole_batch(w, b, x, y, lr, rng)
    return w, b


def _frozen(w, b, x, y, lr, rng):
    r = w * x + b - y
    return w - lr * 2 * np.sum(r * x), b - lr * 2 * np.sum(r)


def _shuffled_apart(w, b, x, y, lr, rng):
    for i, j in zip(rng.permutation(len(x)), rng.permutation(len(x)), strict=True):
        w, b = _right(w, b, x[i], y[j], lr, w * x[i] + b - y[j])
    return w, b


_again = _by(_right, lambda rng, n: rng.integers(0, n, n))

SGD_MISTAKES = [
    Mistake(
        "uphill",
        _by(lambda w, b, x, y, lr, r: (w + lr * 2 * r * x, b + lr * 2 * r)),
        "Every update goes uphill: the line moves away from the example it looks at. The gradient "
        "points where the loss grows; which way should w and b go?",
    ),
    Mistake(
        "no 2",
        _by(lambda w, b, x, y, lr, r: (w - lr * r * x, b - lr * r)),
        "Every step is half as long as the loss r² asks for: this is the gradient of ½r². What "
        "does the square leave in front when it is differentiated?",
    ),
    Mistake(
        "one sign",
        (
            _by(lambda w, b, x, y, lr, r: (w - lr * 2 * r * x, b + lr * 2 * r)),
            _by(lambda w, b, x, y, lr, r: (w + lr * 2 * r * x, b - lr * 2 * r)),
        ),
        "One of w and b moves downhill and the other uphill, so one undoes what the other mends. "
        "Both slopes come from one residual; which sign does each step have?",
    ),
    Mistake(
        "lr shared out",
        lambda w, b, x, y, lr, rng: sgd_epoch(w, b, x, y, lr / len(x), rng),
        "Right for a single example, and with n of them every step is n times too short. A step "
        "here looks at one example: what is there to take a mean of?",
    ),
    Mistake(
        "no lr",
        _by(lambda w, b, x, y, lr, r: (w - 2 * r * x, b - 2 * r)),
        "The step size changes nothing in your epoch. Where does lr enter?",
    ),
    Mistake(
        "no x in the slope",
        _by(lambda w, b, x, y, lr, r: (w - lr * 2 * r, b - lr * 2 * r)),
        "w and b always move by the same. Turning the line moves a far point more than a near "
        "one: what says how far along the example is?",
    ),
    Mistake(
        "x in both",
        _by(lambda w, b, x, y, lr, r: (w - lr * 2 * r * x, b - lr * 2 * r * x)),
        "Lifting the line lifts every point by the same, and your b moves more for a far one. "
        "What does b have to do with x?",
    ),
    Mistake(
        "b is left out",
        (
            _by(lambda w, b, x, y, lr, r: (w - lr * 2 * r * x, b)),
            _by(lambda w, b, x, y, lr, r: _right(w, b, x, y, lr, w * x - y)),
        ),
        "The intercept is left out: either it never moves, or the residual does not know of it. "
        "The line needs both w and b at every example.",
    ),
    Mistake(
        "two predictions",
        (_by(_new_w_first), _by(_new_b_first)),
        "Whichever moves second sees a prediction that the first has already changed. Both slopes "
        "belong to one and the same point: what should be computed before either moves?",
    ),
    Mistake(
        "the whole batch",
        (_whole_batch, _whole_batch_often),
        "Each step looks at all examples: that is batch descent, and no order matters to it. "
        "Here every example moves the line by itself. What does your loop run over?",
    ),
    Mistake(
        "all from one point",
        _frozen,
        "All residuals are taken at the start of the epoch. The second example should already see "
        "the line that the first one moved.",
    ),
    Mistake(
        "only one example",
        (
            lambda w, b, x, y, lr, rng: _right(w, b, x[0], y[0], lr, w * x[0] + b - y[0]),
            _by(_right, lambda rng, n: rng.permutation(n)[:1]),
        ),
        "One example, and the epoch is over. An epoch sees every example once: is your return "
        "inside the loop?",
    ),
    Mistake(
        "one example short",
        (
            _by(_right, lambda rng, n: rng.permutation(n)[: max(1, n - 1)]),
            _by(_right, lambda rng, n: rng.permutation(n)[1:] if n > 1 else [0]),
        ),
        "One example is never seen. How many numbers does your loop run over, and where does it "
        "begin?",
    ),
    Mistake(
        "with replacement",
        _again,
        "Examples are drawn with replacement: some come twice, and about a third never. An epoch "
        "sees each once: what draws an order in place of single numbers?",
    ),
    Mistake(
        "not shuffled",
        _by(_right, lambda rng, n: range(n)),
        "The examples come in the order of the data, epoch after epoch, so the noise repeats and "
        "adds up. What can rng do for the order?",
    ),
    Mistake(
        "the same order again",
        (
            _by(_right, lambda rng, n: np.random.default_rng(0).permutation(n)),
            _by(_right, lambda rng, n: np.random.default_rng(42).permutation(n)),
            _by(_right, lambda rng, n: range(n)[::-1]),
        ),
        "The order is the same in every epoch: it is made afresh from the same beginning each "
        "time. Who hands you a generator that goes on where it stopped?",
    ),
    Mistake(
        "x and y shuffled apart",
        _shuffled_apart,
        "An x meets another example's y: the two were shuffled each on its own. What keeps a pair "
        "together?",
    ),
]


def step_decay(lr0, t, drop, every):
    return lr0 * drop ** (t // every)


def cosine_decay(lr0, t, T):
    return 0.5 * lr0 * (1 + np.cos(np.pi * t / T))


STEP_MISTAKES = [
    Mistake(
        "smooth",
        lambda lr0, t, drop, every: lr0 * drop ** (t / every),
        "This falls a little at every t: exponential decay. Right where t is a multiple of "
        "`every`; between them the step size should stay. Which division forgets the rest?",
    ),
    Mistake(
        "one drop early",
        (
            lambda lr0, t, drop, every: lr0 * drop ** ((t + 1) // every),
            lambda lr0, t, drop, every: lr0 * drop ** (t // every + 1),
            lambda lr0, t, drop, every: lr0 * drop ** np.ceil(t / every),
        ),
        "With {given} you get {got} for {expected}: the drop comes too early. t counts from 0: "
        "how many drops lie behind t = 0?",
    ),
    Mistake(
        "one drop late",
        (
            lambda lr0, t, drop, every: lr0 * drop ** (max(t - 1, 0) // every),
            lambda lr0, t, drop, every: lr0 * drop ** max(t // every - 1, 0),
            lambda lr0, t, drop, every: lr0 * drop ** ((t - 1) // every),
        ),
        "With {given} you get {got} for {expected}: the drop comes too late. t counts from 0, so "
        "t = every is the first of the second stretch.",
    ),
    Mistake(
        "one drop only",
        lambda lr0, t, drop, every: lr0 * drop if t >= every else lr0,
        "Right up to the second drop, which never comes. How many times has the step size been "
        "lowered at t = 2·every?",
    ),
    Mistake(
        "only at the multiples",
        (
            lambda lr0, t, drop, every: lr0 * drop if t % every == 0 else lr0,
            lambda lr0, t, drop, every: lr0 * drop if t and t % every == 0 else lr0,
        ),
        "The step size drops at one t and is back at the next. A stretch of `every` steps should "
        "keep it: what has to be counted?",
    ),
    Mistake(
        "times, not to the power",
        (
            lambda lr0, t, drop, every: lr0 * drop * (t // every),
            lambda lr0, t, drop, every: lr0 * drop * (t // every + 1),
            lambda lr0, t, drop, every: lr0 * (1 - drop * (t // every)),
            lambda lr0, t, drop, every: lr0 - drop * (t // every),
        ),
        "Each drop should lower what the one before has left. With {given} you get {got} for "
        "{expected}: how do you multiply by `drop` once more each time?",
    ),
    Mistake(
        "divided by drop",
        (
            lambda lr0, t, drop, every: lr0 / drop ** (t // every),
            lambda lr0, t, drop, every: lr0 * (1 - drop) ** (t // every),
        ),
        "With {given} you get {got}, and it should be {expected}: drop is the factor that is left "
        "each time, 0.5 for half. Which way does yours go?",
    ),
    Mistake(
        "at every step",
        (
            lambda lr0, t, drop, every: lr0 * drop**t,
            lambda lr0, t, drop, every: lr0 * drop ** (t % every),
            lambda lr0, t, drop, every: lr0 * drop ** (t * every),
        ),
        "The exponent counts steps where it should count drops. How often does `every` fit into t?",
    ),
    Mistake(
        "drops in mid-stretch",
        lambda lr0, t, drop, every: lr0 * drop ** round(t / every),
        "With {given} you get {got} for {expected}: rounding to the nearest whole number drops "
        "half a stretch early. How many *whole* stretches lie behind t?",
    ),
    Mistake(
        "one over t",
        (
            lambda lr0, t, drop, every: lr0 / (1 + drop * (t // every)),
            lambda lr0, t, drop, every: lr0 / (1 + drop * t),
            lambda lr0, t, drop, every: lr0 / (1 + t // every),
        ),
        "That falls like 1/t, ever more slowly. Here each drop takes the same share of what is "
        "left: what is multiplied by `drop`, and how often?",
    ),
    Mistake(
        "e for drop",
        (
            lambda lr0, t, drop, every: lr0 * np.exp(-drop * (t // every)),
            lambda lr0, t, drop, every: lr0 * np.exp(-drop * t),
        ),
        "That is exponential decay at the rate `drop`. With {given} you get {got} for {expected}: "
        "here `drop` itself is the factor that is left each time.",
    ),
    Mistake(
        "t and every swapped",
        (
            lambda lr0, t, drop, every: lr0 * drop ** (every // t) if t else lr0,
            lambda lr0, t, drop, every: lr0 * drop ** (every % t) if t else lr0,
        ),
        "You count how often t fits into `every`, which at t = 0 has no answer. Which of the two "
        "is the longer, late in a run?",
    ),
    Mistake(
        "drop is not used",
        tuple(lambda lr0, t, drop, every, k=k: lr0 * k ** (t // every) for k in (0.5, 0.1, 0.9)),
        "The drops come in the right places and are always of the same size: with {given} you get "
        "{got} for {expected}. Which number stands where `drop` belongs?",
    ),
    Mistake(
        "factor, not step size",
        lambda lr0, t, drop, every: drop ** (t // every),
        "That is the factor alone. What does it scale?",
    ),
    Mistake(
        "power of the product",
        lambda lr0, t, drop, every: (lr0 * drop) ** (t // every),
        "The power takes lr0 along: at t = 0 you get 1, whatever lr0 is. What should be raised, "
        "and what only multiplied?",
    ),
    Mistake(
        "constant",
        lambda lr0, t, drop, every: lr0,
        "Right before the first drop, then nothing happens. Where does t enter?",
    ),
]

_turn = 2 * np.pi
COSINE_MISTAKES = [
    Mistake(
        "goes below zero",
        (
            lambda lr0, t, T: lr0 * np.cos(np.pi * t / T),
            lambda lr0, t, T: 0.5 * lr0 * np.cos(np.pi * t / T),
        ),
        "Past the middle your step size is below 0, and the descent climbs. A cosine runs from 1 "
        "to −1: how is that lifted and shrunk to run from 1 to 0?",
    ),
    Mistake(
        "folded at zero",
        (
            lambda lr0, t, T: abs(lr0 * np.cos(np.pi * t / T)),
            lambda lr0, t, T: lr0 * max(0.0, np.cos(np.pi * t / T)),
            lambda lr0, t, T: lr0 * max(1e-8, np.cos(np.pi * t / T)),
        ),
        "The step size is 0 in the middle already: what lay below 0 is folded up or cut off. A "
        "cosine runs from 1 to −1; how is that lifted and shrunk to run from 1 to 0?",
    ),
    Mistake(
        "starts again",
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * (t % T) / T)),
        "At t = T the step size is back at its start: that is a warm restart. Ours ends there, at "
        "0; what does t % T leave of the last t?",
    ),
    Mistake(
        "cut to whole numbers",
        (
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t // T)),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * (t // T))),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * int(t / T))),
        ),
        "The step size stays, then leaps: with {given} you get {got} for {expected}. The angle "
        "should grow a little at every t; which division forgets the rest?",
    ),
    Mistake(
        "a short pi",
        tuple(
            lambda lr0, t, T, k=k: 0.5 * lr0 * (1 + np.cos(k * t / T))
            for k in (3.14, 3.1416, 22 / 7)
        ),
        "Right to a few digits: with {given} you get {got} for {expected}. π has more digits than "
        "you gave it, and NumPy knows them.",
    ),
    Mistake(
        "not halved",
        lambda lr0, t, T: lr0 * (1 + np.cos(np.pi * t / T)),
        "Twice as large everywhere: at t = 0 it should be lr0. How large is 1 + cos(0)?",
    ),
    Mistake(
        "a full turn",
        (
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(_turn * t / T)),
            lambda lr0, t, T: lr0 * np.cos(np.pi * t / T) ** 2,
        ),
        "It falls to 0 in the middle and climbs back: a full turn of the cosine. How much of a "
        "turn goes from its top to its bottom?",
    ),
    Mistake(
        "a quarter turn",
        (
            lambda lr0, t, T: lr0 * np.cos(np.pi * t / (2 * T)),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t / (2 * T))),
        ),
        "The cosine is turned by a quarter only, so it is steep at the end or does not reach 0. "
        "Ours arrives level: how far does a cosine turn from its top to its bottom?",
    ),
    Mistake(
        "no pi",
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(t / T)),
        "At t = T some of the step size is left: a cosine counts in radians. Which angle is half "
        "a turn?",
    ),
    Mistake(
        "degrees",
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(180 * t / T)),
        "The step size jumps up and down: 180 is half a turn in degrees, and np.cos counts in "
        "radians.",
    ),
    Mistake(
        "climbs",
        (
            lambda lr0, t, T: 0.5 * lr0 * (1 - np.cos(np.pi * t / T)),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.sin(np.pi * t / T)),
        ),
        "At t = 0 it should be lr0, and with {given} you get {got}. Which end of the curve does "
        "yours begin at?",
    ),
    Mistake(
        "t and T swapped",
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * T / t)) if t else np.nan,
        "The time that has passed is divided into the whole. Which share of T is behind us at t?",
    ),
    Mistake(
        "straight line",
        lambda lr0, t, T: lr0 * (1 - t / T),
        "Right at the start, in the middle and at the end: a straight line joins the three. The "
        "cosine leaves slowly and arrives slowly.",
    ),
    Mistake(
        "off by one",
        (
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * (t + 1) / T)),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t / (T + 1))),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t / (T - 1))),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * (t - 1) / T)),
        ),
        "The curve is moved or stretched by one step: with {given} you get {got} for {expected}. "
        "It is lr0 at t = 0 and 0 at t = T.",
    ),
    Mistake(
        "factor, not step size",
        (
            lambda lr0, t, T: 0.5 * (1 + np.cos(np.pi * t / T)),
            lambda lr0, t, T: 0.5 * (lr0 + np.cos(np.pi * t / T)),
        ),
        "The factor from 1 to 0 is there, and lr0 does not scale it: at t = 0 it should be lr0.",
    ),
    Mistake(
        "brackets",
        (
            lambda lr0, t, T: 0.5 * lr0 * 1 + np.cos(np.pi * t / T),
            lambda lr0, t, T: 0.5 * lr0 + np.cos(np.pi * t / T),
            lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t) / T),
            lambda lr0, t, T: 0.5 * (1 + lr0 * np.cos(np.pi * t / T)),
        ),
        "With {given} you get {got} for {expected}. The sum 1 + cos belongs in brackets, and so "
        "does what the cosine is taken of: what does each bracket close around?",
    ),
]

EXERCISES = [
    Exercise(
        name="sgd_epoch",
        signature="sgd_epoch(w, b, x, y, lr, rng)",
        reference=sgd_epoch,
        mistakes=SGD_MISTAKES,
        probes=_epochs,
        hints=[
            "An epoch is a loop over the examples in an order that rng draws.",
            "rng.permutation(len(x)) is such an order. At each i, take the residual of that one "
            "example.",
            "With r the residual at i, w loses lr · 2r · x[i] and b loses lr · 2r, both from the "
            "same r.",
        ],
        returns=("w", "b"),
    ),
    Exercise(
        name="step_decay",
        signature="step_decay(lr0, t, drop, every)",
        reference=step_decay,
        mistakes=STEP_MISTAKES,
        probes=lambda: [
            Call(0.2, 0, 0.5, 10),
            Call(0.2, 9, 0.5, 10),
            Call(0.2, 10, 0.5, 10),
            Call(0.3, 37, 0.1, 12),
            Call(0.3, 11, 0.7, 3),
            Call(1, 14, 0.25, 7),
            Call(2.0, 5, 0.9, 1),
        ],
        hints=[
            "Count the drops that lie behind t: none before `every`, one from `every` on.",
            "t // every is that number.",
            "lr0 is multiplied by drop once for each of them: a power.",
        ],
    ),
    Exercise(
        name="cosine_decay",
        signature="cosine_decay(lr0, t, T)",
        reference=cosine_decay,
        mistakes=COSINE_MISTAKES,
        probes=lambda: [
            Call(0.2, 0, 100),
            Call(0.2, 25, 100),
            Call(0.2, 50, 100),
            Call(0.7, 100, 100),
            Call(3, 7, 12),
            Call(0.05, 1, 8),
        ],
        hints=[
            "Over half a turn a cosine falls from 1 to −1, slowly at both ends.",
            "1 + cos runs from 2 to 0 then; the angle at t is π · t / T.",
            "Half of lr0 times that sum.",
        ],
    ),
]
