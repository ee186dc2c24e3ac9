"""Exercises of mini_batch."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Call, Moment, numbers, with_article
from ..checking.runner import Stopped


def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


class Epoch:
    """One epoch of batches and what is true of it: sizes, rows, pairs, and how it is shuffled."""

    def __init__(self, n, batch_size):
        self.n, self.batch_size = n, batch_size
        self.X = np.arange(3.0 * n).reshape(n, 3) ** 2 - 7
        self.y = np.arange(n) * 10.0 + 3

    def observe(self, call):
        batches = self.run(call, np.random.default_rng(0))
        given = f"n = {self.n} and batch_size = {self.batch_size}"
        rows, partners, columns = self.rows(batches)
        sizes = np.array([float(np.size(y)) for _, y in batches])
        count = np.array(float(len(batches)))
        yield Moment((count,), ("the number of batches",), given)
        yield Moment((columns,), ("the columns of every X_b",), given)
        yield Moment((sizes,), ("the list of batch sizes",), given)
        yield from _facts(
            given,
            (min(rows, default=0) >= 0, "rows that are none", "A row of your X_b is no row of X: "
             "were its numbers changed, or its columns mixed?"),
            (rows == partners, "X and y shuffled apart", "A row of X meets the label of another "
             "row. What keeps the two together?"),
            (len(set(rows)) == self.n, "rows that never come", "Some rows never come."),
            (len(set(rows)) == len(rows), "rows that come twice", "Some rows come more than once."),
        )  # fmt: skip
        if self.n > 7:
            yield from self.order(call, given, rows)

    def order(self, call, given, first):
        def epoch(rng):
            return tuple(self.rows(self.run(call, rng))[0])

        rng = np.random.default_rng(7)
        epochs = [epoch(rng) for _ in range(4)]
        seeds = {epoch(np.random.default_rng(seed)) for seed in range(4)}
        again = {epoch(np.random.default_rng(0)) for _ in range(3)} | {tuple(first)}
        plain = tuple(range(self.n))
        groups = {frozenset(rows[: self.batch_size]) for rows in epochs}
        yield from _facts(
            given,
            (len(set(epochs)) > 1, "the same order again", "Every epoch has the same order. What "
             "does the next number from rng change?"),
            (len(seeds) > 1, "rng is not used", "Whatever rng is handed over, the order is the "
             "same. What draws it?"),
            (len(again) == 1, "not from rng", "The same rng leads to another order the next time, "
             "so no run can be repeated. Where does your order come from?"),
            (epochs[0] != plain, "not shuffled", "The rows come in the order of the data."),
            (len(groups) > 1, "batches shuffled, not rows", "The first batch always holds the "
             "same rows. What should be shuffled, and when is it cut?"),
        )  # fmt: skip

    def run(self, call, rng):
        return call(self.X, self.y, self.batch_size, rng, finish=lambda got: self.taken(got))

    def taken(self, got):
        """The batches as a list of (X_b, y_b), copied one by one as they come."""
        batches = []
        if isinstance(got, (str, bytes, dict)):
            raise _unfit(f"a {type(got).__name__}")
        try:
            each = iter(got)
        except TypeError:
            raise _unfit(with_article(got)) from None
        for batch in each:
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                count = f"{len(batch)} things" if isinstance(batch, (tuple, list)) else "one thing"
                raise _unfit(f"{count} a batch")
            X, y = numbers(batch[0]), numbers(batch[1])
            if X is None or y is None:
                raise _unfit("batches that hold no numbers")
            batches.append((X, y))
            if len(batches) > 3 * self.n:
                raise Stopped(
                    "endless",
                    "mistake",
                    "no end",
                    "The batches have no end: an epoch "
                    "is over when every row has come once. What ends your loop?",
                )
        return batches

    def rows(self, batches):
        """Indices of the rows and of their labels as they came, −1 for none of ours."""
        columns = np.array([X.shape[1] if X.ndim == 2 else -1.0 for X, _ in batches])
        place = {tuple(row): i for i, row in enumerate(self.X)}
        label = {value: i for i, value in enumerate(self.y)}
        width = self.X.shape[1]
        rows = [
            place.get(tuple(row), -1)
            for X, _ in batches
            for row in (X if X.shape[1:] == (width,) else [()] * len(np.atleast_1d(X)))
        ]
        return rows, [label.get(value, -1) for _, y in batches for value in y.ravel()], columns


def _facts(given, *facts):
    """What is true or not of an epoch, each with its name and what to say where it is not."""
    for holds, mistake, complaint in facts:
        complaint = f"With {given}: {complaint}"
        yield Moment((np.array(float(holds)),), given=given, complaint=complaint, mistake=mistake)


def _unfit(what):
    message = (
        f"minibatches should hand out pairs (X_b, y_b), one by one, and yours gave {what}. "
        "Is there a yield, or a list, of pairs?"
    )
    return Stopped(what, "mistake", "no pairs", message)


def _from(orders, cut=lambda start, n, size: (start, start + size), stop=lambda n, size: n):
    """Batches from orders(rng, n) → the order for X and the one for y."""

    def form(X, y, batch_size, rng):
        n = len(X)
        for_X, for_y = orders(rng, n)
        for start in range(0, stop(n, batch_size), batch_size):
            a, b = cut(start, n, batch_size)
            yield X[for_X[a:b]], y[for_y[a:b]]

    return form


def _both(rng, n):
    order = rng.permutation(n)
    return order, order


def _same(order):
    def orders(rng, n):
        rows = order(rng, n)
        return rows, rows

    return orders


def _empty_last(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size + 1):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield X[rows], y[rows]


def _fresh_draw(X, y, batch_size, rng):
    for _ in range(0, len(X), batch_size):
        rows = rng.choice(len(X), min(batch_size, len(X)), replace=False)
        yield X[rows], y[rows]


def _drawn_again(count):
    """Draws each of count(n, batch_size) batches from all rows, with replacement."""

    def form(X, y, batch_size, rng):
        for _ in range(count(len(X), batch_size)):
            rows = rng.choice(len(X), batch_size)
            yield X[rows], y[rows]

    return form


def _equal_parts(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


def _shuffled_batches(X, y, batch_size, rng):
    starts = np.arange(0, len(X), batch_size)
    for start in rng.permutation(starts):
        yield X[start : start + batch_size], y[start : start + batch_size]


def _wrapped(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = np.take(order, range(start, start + batch_size), mode="wrap")
        yield X[rows], y[rows]


def _single_rows(X, y, batch_size, rng):
    for i in rng.permutation(len(X)):
        yield X[i : i + 1], y[i : i + 1]


def _only_X(X, y, batch_size, rng):
    for X_b, _ in minibatches(X, y, batch_size, rng):
        yield X_b


def _first_only(X, y, batch_size, rng):
    return [next(minibatches(X, y, batch_size, rng))]


def _in_place(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


BATCH_MISTAKES = [
    Mistake(
        "the last batch is dropped",
        (
            _from(_both, stop=lambda n, size: n - n % size),
            _from(_both, stop=lambda n, size: n - size + 1),
            _from(_both, stop=lambda n, size: n - size),
        ),
        "The last rows never come: with n = 10 and batches of 4 that is every fifth row. The last "
        "batch may be smaller: how far should your loop run?",
    ),
    Mistake(
        "an empty batch",
        _empty_last,
        "With 8 rows and batches of 4 there comes a third batch with nothing in it, and its mean "
        "will be nan. How many batches are there when the size divides n?",
    ),
    Mistake(
        "not shuffled",
        _from(_same(lambda rng, n: np.arange(n))),
        "The rows come in the order of the file. Data are often sorted, and then each batch shows "
        "one kind only. What can rng do for the order?",
    ),
    Mistake(
        "X and y shuffled apart",
        (
            _from(lambda rng, n: (rng.permutation(n), rng.permutation(n))),
            _from(lambda rng, n: (rng.permutation(n), np.arange(n))),
            _from(lambda rng, n: (np.arange(n), rng.permutation(n))),
        ),
        "X and y are not in one order, so a penguin gets another one's label. Is each of them "
        "shuffled on its own, or one of them not at all? One order has to serve both.",
    ),
    Mistake(
        "with replacement",
        _from(_same(lambda rng, n: rng.integers(0, n, n))),
        "Rows are drawn with replacement: some come twice, and about a third never. An epoch sees "
        "every row once: what draws an order in place of single numbers?",
    ),
    Mistake(
        "drawn afresh for each batch",
        (
            _fresh_draw,
            _drawn_again(lambda n, size: n // size),
            _drawn_again(lambda n, size: -(-n // size)),
        ),
        "Each batch is drawn from all rows again, whatever has been seen. An epoch uses every row "
        "once: draw one order for it, then cut that into pieces.",
    ),
    Mistake(
        "the same order again",
        (
            _from(_same(lambda rng, n: np.random.default_rng(0).permutation(n))),
            _from(_same(lambda rng, n: np.arange(n)[::-1])),
        ),
        "Every epoch has the same order: it is made afresh from the same beginning each time. Who "
        "hands you a generator that goes on where it stopped?",
    ),
    Mistake(
        "batches shuffled, not rows",
        _shuffled_batches,
        "The batches change places, but each holds the same rows in every epoch. What should be "
        "shuffled, and when is it cut?",
    ),
    Mistake(
        "the last batch is filled up",
        _wrapped,
        "The last batch is filled up with rows that have come already, so these count twice. It "
        "may be smaller.",
    ),
    Convention(
        "equal parts",
        _equal_parts,
        "The rows are shared out as evenly as can be, 4, 3 and 3 where ours are 4, 4 and 2: not "
        "wrong, and used to keep batches alike. Ours are batch_size long, and what is left over "
        "is the last one.",
    ),
    Mistake(
        "single rows",
        _single_rows,
        "Each batch holds a single row. Where does batch_size enter?",
    ),
    Mistake(
        "one row too few",
        _from(_both, cut=lambda start, n, size: (start, start + size - 1)),
        "Each batch is one row short: in Python a slice a:b leaves out b already.",
    ),
    Mistake(
        "overlapping batches",
        _from(_both, cut=lambda start, n, size: (start, start + size + 1)),
        "Neighbouring batches share a row. In Python a slice a:b ends before b: does yours need "
        "one more?",
    ),
    Mistake(
        "only the first batch",
        _first_only,
        "One batch, and the epoch is over. Is your return inside the loop, where a yield should "
        "be?",
    ),
    Mistake(
        "all at once",
        (lambda X, y, batch_size, rng: [(X[o := rng.permutation(len(X))], y[o])],),
        "All rows are in a single batch: shuffled, not cut. How many rows should each pair hold?",
    ),
]


def logistic_gradient(w, b, X, y):
    z = X @ w + b
    p = np.where(z >= 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))
    return X.T @ (p - y) / len(y), np.mean(p - y)


def _logistic_probes():
    X = np.array([[1.0, 2.0], [-0.5, 0.3], [3.0, -1.0], [0.2, 0.1]])
    y = np.array([1.0, 0.0, 0.0, 1.0])
    wide = np.array([[1000.0, 0.0], [-1000.0, 2.0], [0.5, 1.0]])
    return [
        Call(np.array([0.5, -0.3]), 0.0, X, y, note="b = 0"),
        Call(np.array([0.5, -0.3]), 0.8, X, y),
        Call(np.array([2, -1]), -1, X[:3], np.array([0, 1, 1])),
        Call(np.array([0.4]), 0.3, np.array([[2.0]]), np.array([1.0]), note="a single row"),
        Call(np.array([1.0, 0.5]), 0.2, wide, np.array([0.0, 1.0, 1.0]), note="logits of ±1000"),
        Call(np.array([1.0, 0.5]), 0.2, wide, np.array([1.0, 0.0, 0.0])),
    ]


def _p(z):
    return np.where(z >= 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))


def _log(error, over=lambda X: len(X), intercept=1):
    def form(w, b, X, y):
        e = error(X @ w + intercept * b, y)
        return X.T @ e / over(X), np.sum(e) / over(X)

    return form


def _no_intercept(w, b, X, y):
    e = _p(X @ w) - y
    return X.T @ e / len(y), np.mean(e)


def _only_dw(w, b, X, y):
    return logistic_gradient(w, b, X, y)[0], np.sum(_p(X @ w + b) - y)


def _only_db(w, b, X, y):
    return X.T @ (_p(X @ w + b) - y), np.mean(_p(X @ w + b) - y)


LOGISTIC_MISTAKES = [
    Mistake(
        "uphill is downhill",
        _log(lambda z, y: y - _p(z)),
        "Every sign is turned round: this is the direction of descent. The gradient asks for the "
        "prediction minus the label; what do you subtract from what?",
    ),
    Mistake(
        "sum for mean",
        _log(lambda z, y: _p(z) - y, over=lambda X: 1),
        "A sum over the rows: with twice the data it is twice as long, and the step size would "
        "have to change. What makes the number of rows drop out?",
    ),
    Mistake(
        "mean for one, sum for the other",
        (_only_dw, _only_db),
        "One of dw and db is a mean and the other a sum, so they do not belong to one loss. Right "
        "for a single row. Which one grows with n?",
    ),
    Mistake(
        "linear residual",
        _log(lambda z, y: z - y),
        "The residual is that of a straight line: your prediction can be 5 or −3, where a "
        "probability was meant. What bends z into the space between 0 and 1?",
    ),
    Mistake(
        "squared error",
        (
            _log(lambda z, y: 2 * (_p(z) - y) * _p(z) * (1 - _p(z))),
            _log(lambda z, y: (_p(z) - y) * _p(z) * (1 - _p(z))),
        ),
        "This is the gradient of a squared error: where the model is sure and wrong, p(1 − p) "
        "makes it nearly 0, and it never learns. What does the cross-entropy leave in its place?",
    ),
    Convention(
        "labels −1 and 1",
        (
            _log(lambda z, y: -y * _p(-y * z)),
            _log(lambda z, y: -np.where(y == 0, -1, 1) * _p(-y * z)),
        ),
        "This is the gradient for labels −1 and 1, as in many textbooks: not wrong there. Ours are "
        "0 and 1; put 2y − 1 in place of y, or use p − y.",
    ),
    Mistake(
        "overflow",
        (
            _log(lambda z, y: np.exp(z) / (1 + np.exp(z)) - y),
            _log(lambda z, y: _strict(z) - y),
            _log(lambda z, y: _strict(-z, up=True) - y),
        ),
        "Right until the logits are large: e to the 1000 is more than a float can hold. Which "
        "form of the sigmoid only ever sees e to the power of something below 0?",
    ),
    Mistake(
        "b is left out",
        _no_intercept,
        "Right for b = 0 only: the prediction does not know of the intercept.",
    ),
    Mistake(
        "b taken away",
        _log(lambda z, y: _p(z) - y, intercept=-1),
        "Right for b = 0 only: your logit takes b away, where the model adds it. What is z for a "
        "row of zeros?",
    ),
    Mistake(
        "divided by n·d",
        (
            lambda w, b, X, y: (X.T @ (_p(X @ w + b) - y) / X.size, np.mean(_p(X @ w + b) - y)),
            lambda w, b, X, y: tuple(g / X.shape[1] for g in logistic_gradient(w, b, X, y)),
        ),
        "Right where there is one feature, and with {given} you get {got} for {expected}: you "
        "divide by every number in X. How many rows is the mean taken over?",
    ),
    Mistake(
        "one number for dw",
        (
            lambda w, b, X, y: (np.mean(X.T @ (_p(X @ w + b) - y)), np.mean(_p(X @ w + b) - y)),
            lambda w, b, X, y: (np.sum(X.T @ (_p(X @ w + b) - y)), np.mean(_p(X @ w + b) - y)),
            lambda w, b, X, y: (np.mean(X.T * (_p(X @ w + b) - y)), np.mean(_p(X @ w + b) - y)),
            lambda w, b, X, y: (
                np.sum(X.T @ (_p(X @ w + b) - y)) / len(y),
                np.mean(_p(X @ w + b) - y),
            ),
        ),
        "dw came back as one number: rows and features are averaged together. Each feature has a "
        "weight and a slope of its own; which of the two axes should go?",
    ),
    Mistake(
        "no sign",
        (
            lambda w, b, X, y: (
                X.T @ np.abs(_p(X @ w + b) - y) / len(y),
                np.mean(_p(X @ w + b) - y),
            ),
            _log(lambda z, y: np.abs(_p(z) - y)),
        ),
        "How far a prediction is from its label is there, and on which side of it is lost. What "
        "tells the weights to grow or to shrink?",
    ),
    Mistake(
        "predictions are clipped",
        tuple(
            _log(lambda z, y, k=k: np.clip(_p(z), k, 1 - k) - y)
            for k in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
        ),
        "Right until the model is very sure: your predictions are kept away from 0 and 1. The "
        "logarithm in the loss may need that; is there one in the gradient?",
    ),
    Mistake(
        "no X in dw",
        (
            lambda w, b, X, y: (
                np.mean(_p(X @ w + b) - y) * np.ones(len(w)),
                np.mean(_p(X @ w + b) - y),
            ),
            lambda w, b, X, y: (np.mean(_p(X @ w + b) - y), np.mean(_p(X @ w + b) - y)),
        ),
        "db is right, and dw does not know of the features: each weight moves by how large its "
        "feature is. Where does X come back?",
    ),
    Mistake(
        "decided, not predicted",
        (
            _log(lambda z, y: (z > 0) - y),
            _log(lambda z, y: (_p(z) >= 0.5) - y),
        ),
        "Predictions are rounded to 0 or 1 first. That is the perceptron: how sure the model is "
        "gets lost, and there is no slope to follow where it is right.",
    ),
    Mistake(
        "a factor 2",
        (_log(lambda z, y: 2 * (_p(z) - y)), _log(lambda z, y: (_p(z) - y) / 2)),
        "Every number is off by the same factor of 2. The square left one in the lesson before; "
        "the cross-entropy has no square.",
    ),
    Mistake(
        "sign in the sigmoid",
        _log(lambda z, y: _p(-z) - y),
        "Your sigmoid falls where it should climb: a large z should mean a probability near 1. "
        "Which sign stands in the exponent?",
    ),
    Mistake(
        "slopes of the sigmoid",
        _log(lambda z, y: _p(z) * (1 - _p(z)) - y),
        "p(1 − p) is the slope of the sigmoid. In the gradient of the cross-entropy it cancels: "
        "what is left?",
    ),
    Mistake(
        "tanh",
        _log(lambda z, y: np.tanh(z) - y),
        "tanh runs from −1 to 1; a probability from 0 to 1. Which curve does that?",
    ),
]


def _strict(z, up=False):
    """A sigmoid by `math.exp`, which stops where NumPy returns inf."""
    if np.abs(z).max() > 700:
        raise OverflowError("math range error")
    return _p(-z if up else z)


EXERCISES = [
    Exercise(
        name="minibatches",
        signature="minibatches(X, y, batch_size, rng)",
        reference=minibatches,
        mistakes=BATCH_MISTAKES,
        probes=lambda: [Epoch(10, 4), Epoch(8, 4), Epoch(7, 7), Epoch(5, 9)],
        hints=[
            "Draw one order of all rows, then cut it into pieces.",
            "range(0, n, batch_size) are the places where pieces begin. A slice that reaches "
            "beyond the end stops there by itself.",
            "With rows a piece of the order, yield X[rows], y[rows].",
        ],
    ),
    Exercise(
        name="logistic_gradient",
        signature="logistic_gradient(w, b, X, y)",
        reference=logistic_gradient,
        mistakes=LOGISTIC_MISTAKES,
        probes=_logistic_probes,
        hints=[
            "First the logits z = X @ w + b, then the probabilities, then how far they are from "
            "the labels.",
            "The gradient of the cross-entropy by z is p − y: then dw is the mean of that times "
            "each feature, db its mean.",
            "X.T @ (p − y) / n and mean(p − y). For large z, let exp see only numbers below 0.",
        ],
        returns=("dw", "db"),
    ),
]
