"""Exercise of lesson 07: cut an epoch into mini-batches."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Moment, numbers, with_article
from ..checking.runner import Stopped


def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


NO_END = "The batches have no end. An epoch is over when every row has come. What ends your loop?"
PROPERTIES = {  # that a right epoch does not have, and the message where one does
    "the shape of a batch": "A batch does not have the right shape. X_b has the columns of X, and "
    "y_b has one axis, with a label for each row of X_b. Which shapes do yours have?",
    "rows that are none": "A batch contains a row that is not in X. Either numbers were changed, "
    "or numbers of different rows were mixed. Which line does more than choosing rows?",
    "X and y shuffled apart": "X and y are not in the same order. Rows of X therefore come with "
    "the labels of other rows. How can one order serve both X and y?",
    "rows that never come": "Some rows never come in an epoch. An epoch contains every row of X "
    "exactly once. Which rows does your function leave out?",
    "rows that come twice": "Some rows come more than once in an epoch. An epoch contains every "
    "row of X exactly once. Where can a row be chosen for a second time?",
    "not shuffled": "The rows come in the order of the data. Data are often sorted, and then a "
    "batch contains examples of only one kind. What can rng do about the order?",
    "the same order again": "Every epoch has the same order. An order drawn by rng would change "
    "from one epoch to the next. What makes the order in your function?",
    "not from rng": "The order does not come from rng. With the same seed the epoch has another "
    "order the next time, so no run can be repeated. Which generator should draw the order?",
    "rows shuffled within batches": "The rows are shuffled only within their batch. Each batch "
    "contains the same rows in every epoch. Which should come first, shuffling or cutting?",
    "batches shuffled, not rows": "The batches are shuffled, but not the rows in them. A row comes "
    "with the same other rows in every epoch. Which should come first, shuffling or cutting?",
    "hardly shuffled": "The order of an epoch is still close to the order of the data. Neighbours "
    "stay together, or rows of the first half come first. Which method of rng gives an order in "
    "which every row can come anywhere?",
    "rows that never move": "Some rows are in the same batch in every epoch, for example in the "
    "first. A shuffled row can come in any batch. Which rows does your shuffling leave out?",
}


class Epochs:
    """Epochs of n rows from one generator. What all right orders have in common is compared."""

    count = 3  # five rows drawn with replacement may all differ once, but hardly three times

    def __init__(self, n, batch_size, columns=3):
        self.n, self.batch_size = n, batch_size
        self.given = f"n = {n} and batch_size = {batch_size}"
        self.X = np.arange(float(columns * n)).reshape(n, columns) ** 2 - 7
        self.y = np.arange(n) * 10.0 + 3

    def observe(self, call):
        epochs = self.run(call, 0)
        sizes = np.array([float(np.size(y)) for _, y in epochs[0]])
        names = ("the number of batches", "the list of batch sizes")
        yield Moment((np.array(float(len(sizes))), sizes), names, self.given)
        pairs = [pair for batches in epochs for pair in batches]
        shapes = {(X.ndim, X.shape[1:], y.ndim, X.shape[:1] == y.shape[:1]) for X, y in pairs}
        rows = [_places(self.X, [X for X, _ in batches]) for batches in epochs]
        labels = [_places(self.y, [y for _, y in batches]) for batches in epochs]
        yield self.has_not("the shape of a batch", shapes <= {(2, self.X.shape[1:], 1, True)})
        yield self.has_not("rows that are none", all(min(r, default=0) >= 0 for r in rows))
        yield self.has_not("X and y shuffled apart", rows == labels)
        yield self.has_not("rows that never come", all(len(set(r)) == self.n for r in rows))
        yield self.has_not("rows that come twice", all(len(set(r)) == len(r) for r in rows))

    def has_not(self, name, holds):
        """A moment that compares whether an epoch is without this property."""
        values = (np.array(float(holds)),)
        return Moment(values, given=self.given, complaint=PROPERTIES[name], mistake=name)

    def run(self, call, seed):
        """Epochs from one generator, each a list of pairs of arrays."""
        args = self.X, self.y, self.batch_size, np.random.default_rng(seed)
        return [call(*args, finish=self.collect) for _ in range(self.count)]

    def collect(self, got):
        """Return the batches as a list of pairs, copied as they come; raise where they are none."""
        if isinstance(got, (str, bytes, dict)) or not hasattr(type(got), "__iter__"):
            raise _no_pairs(with_article(got))
        if isinstance(got, tuple) and all(isinstance(part, np.ndarray) for part in got):
            raise _no_pairs(f"a single tuple of {len(got)} arrays")
        batches = []
        for batch in got:
            if isinstance(batch, np.ndarray):
                raise _no_pairs("an array for each batch")
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                size = f" of length {len(batch)}" if isinstance(batch, (tuple, list)) else ""
                raise _no_pairs(f"{with_article(batch)}{size} for each batch")
            batches.append(tuple(numbers(part) for part in batch))
            if any(part is None for part in batches[-1]):
                raise _no_pairs("a pair that does not contain numbers")
            if len(batches) > 3 * self.n:
                raise Stopped("endless", "mistake", "no end", NO_END)
        return batches


class Orders(Epochs):
    """Many epochs from one generator, and how the rows are shuffled in them."""

    count = 8  # a shuffled row is hardly in the same one of many batches eight times

    def observe(self, call):
        parts = [[_places(self.X, [X]) for X, _ in batches] for batches in self.run(call, 7)]
        again = [[_places(self.X, [X]) for X, _ in batches] for batches in self.run(call, 7)]
        orders = [[row for part in epoch for row in part] for epoch in parts]
        groups = [tuple(frozenset(part) for part in epoch) for epoch in parts]
        steps = np.abs(np.concatenate([np.diff(order) for order in orders]))
        early = [row < self.n / 2 for order in orders for row in order[: self.n // 2]] or [False]
        batch = [{row: i for i, part in enumerate(epoch) for row in part} for epoch in parts]
        moved = [len({places.get(row) for places in batch}) > 1 for row in range(self.n)]
        yield self.has_not("not shuffled", orders[0] != sorted(orders[0]))
        yield self.has_not("the same order again", any(order != orders[0] for order in orders))
        yield self.has_not("not from rng", parts == again)
        yield self.has_not("rows shuffled within batches", len(set(groups)) > 1)
        yield self.has_not("batches shuffled, not rows", len(set(map(frozenset, groups))) > 1)
        near = 2 * np.sum(steps == 1) > steps.size or abs(np.mean(early) - 0.5) > 0.25
        yield self.has_not("hardly shuffled", not near)
        yield self.has_not("rows that never move", all(moved))


def _places(data, parts):
    """For each row of the parts its index in the data, or −1."""
    place = {tuple(np.ravel(row)): i for i, row in enumerate(data)}
    return [place.get(tuple(np.ravel(row)), -1) for part in parts for row in np.atleast_1d(part)]


def _no_pairs(what):
    text = (
        f"Your function does not give pairs (X_b, y_b). It gave {what}. There should be one pair "
        "for each batch, from a `yield` in the loop or in a list. Which line makes the pairs?"
    )
    return Stopped(what, "mistake", "no pairs", text)


DRAW = "rng.permutation(len(X))"
IN_ORDER = DRAW, "np.arange(len(X))"
STARTS = "range(0, len(X), batch_size)"
ROWS = "order[start : start + batch_size]"
FULL = "len(X) // batch_size"  # the number of full batches
LOOP = f"for start in {STARTS}:\n        rows = {ROWS}\n"
AFRESH = "rng.choice(len(X), batch_size, replace=False)"


def _property(name, *forms):
    return Mistake(name, forms, PROPERTIES[name])


# fmt: off
MISTAKES = [
    Mistake("the last batch is dropped",
        either((STARTS, "range(0, len(X) - len(X) % batch_size, batch_size)"),
               (STARTS, "range(0, len(X) - batch_size, batch_size)")),
        "A last batch that is not full is missing from your epoch. With n = 10 and batch_size = "
        "4, two of the rows therefore never come. How far should your loop run so that they come "
        "too?"),
    Mistake("an empty batch",
        either((STARTS, "range(0, len(X) + 1, batch_size)"),
               (STARTS, "range(0, len(X) + batch_size, batch_size)")),
        "One of your batches has no rows. A mean over it is 0/0, which is nan. How many batches "
        "are there for n = 8 and batch_size = 4?"),
    Mistake("y before X", edit(("yield X[rows], y[rows]", "yield y[rows], X[rows]")),
        "y comes first in your pairs. They are therefore taken for rows, and the rows for labels. "
        "In which order does the exercise ask for the two?"),
    _property("not shuffled", edit(IN_ORDER)),
    _property(
        "X and y shuffled apart",
        edit(("y[rows]", "y[start : start + batch_size]")),
        edit(("X[rows]", "X[start : start + batch_size]")),
    ),
    Mistake("with replacement",
        (edit((DRAW, "rng.integers(0, len(X), len(X))")),
         edit((ROWS, "rng.choice(len(X), batch_size)")),
         edit((STARTS, f"range({FULL})"), (ROWS, "rng.choice(len(X), batch_size)"))),
        "The rows are drawn with replacement. Some rows therefore come more than once in an "
        "epoch, and others never come. Which method of rng gives an order in which each row "
        "occurs once?"),
    Mistake("drawn afresh for each batch",
        (edit((ROWS, f"{DRAW}[start : start + batch_size]")), edit((ROWS, f"{DRAW}[:batch_size]")),
         edit((ROWS, AFRESH)), edit((STARTS, f"range({FULL})"), (ROWS, AFRESH))),
        "The rows of each batch are drawn anew from all rows. A row can therefore come twice in "
        "an epoch, and others never come. How many times should an order be drawn in one epoch?"),
    _property(
        "the same order again",
        edit((DRAW, "np.random.default_rng(0).permutation(len(X))")),
        edit((DRAW, "np.arange(len(X))[::-1]")),
    ),
    _property("not from rng", edit((DRAW, "np.random.permutation(len(X))"))),
    _property("batches shuffled, not rows", edit(IN_ORDER, (STARTS, f"rng.permutation({STARTS})"))),
    _property("rows shuffled within batches", edit(IN_ORDER, (ROWS, f"rng.permutation({ROWS})"))),
    Mistake("the last batch is filled up",
        edit((ROWS, "np.take(order, range(start, start + batch_size), mode='wrap')")),
        "The last batch is filled up with rows that have already come. These rows count twice in "
        "the epoch. How many rows may the last batch have?"),
    Convention("equal parts",
        edit((LOOP, "for rows in np.array_split(order, -(-len(X) // batch_size)):\n")),
        "Your batches are as equal in size as possible, as np.array_split makes them. It is not "
        "wrong, and it avoids a small last batch. Ours have batch_size rows, except the last: 4, "
        "4 and 2 for n = 10 and batch_size = 4, not 4, 3 and 3."),
    Mistake("the number of batches",
        edit((LOOP, "for rows in np.array_split(order, batch_size):\n")),
        "batch_size is used as the number of batches. It is the number of rows in each batch. "
        "How many batches are there for n = 10 and batch_size = 4?"),
    Mistake("the number of batches is rounded down",
        edit((LOOP, f"for rows in np.array_split(order, {FULL}):\n")),
        "The number of batches, n / batch_size, is rounded down. For n = 10 and batch_size = 4 "
        "there are then two batches of 5 rows. In which direction should it be rounded?"),
    Mistake("single rows",
        (edit((STARTS, "range(len(X))"), ("start + batch_size", "start + 1")),
         edit((STARTS, "range(len(X))"), ("start : start + batch_size", "start"))),
        "Each batch is a single row. batch_size therefore has no effect. Where should batch_size "
        "appear in your function?"),
    Mistake("one row too few", edit(("start + batch_size", "start + batch_size - 1")),
        "Every full batch is one row short. A slice a:b in Python already leaves out b. How many "
        "rows does the slice start : start + batch_size contain?"),
    Mistake("overlapping batches",
        either(("start + batch_size", "start + batch_size + 1"), (STARTS, "range(len(X))"),
               (STARTS, f"range({FULL})"), (STARTS, f"range({FULL} + 1)"),
               (STARTS, "range(-(-len(X) // batch_size))")),
        "Your batches overlap, so some rows come in more than one batch. A slice a:b in Python "
        "ends before b. Where does each of your slices start and end?"),
    Mistake("the same rows in every batch", edit((ROWS, "order[:batch_size]")),
        "Every batch of an epoch contains the same rows. The other rows never come. What should "
        "change from one batch to the next?"),
    Mistake("only the first batch", edit(("yield X[rows], y[rows]", "return [(X[rows], y[rows])]")),
        "Your epoch ends after its first batch. A `return` leaves the function, also from inside "
        "a loop. How does the function go on to the next batch?"),
    Mistake("all at once", edit(first="batch_size = len(X)"),
        "All rows come in a single batch. batch_size therefore has no effect. How many rows "
        "should each batch contain?"),
]
# fmt: on


EXERCISES = [
    Exercise(
        name="minibatches",
        signature="minibatches(X, y, batch_size, rng)",
        reference=minibatches,
        mistakes=MISTAKES,
        probes=lambda: [
            Epochs(10, 4),
            Epochs(8, 4),
            Orders(60, 7),
            Epochs(7, 7),
            Epochs(6, 1, columns=1),
            Epochs(1, 3),
            Epochs(333, 48, columns=2),
            Epochs(5, 9),
        ],
        hints=[
            "Draw one order of all rows, then cut this order into pieces.",
            "The pieces begin at range(0, n, batch_size). A slice beyond the end stops at the end.",
            "With `rows` a piece of the order, yield X[rows], y[rows].",
        ],
    ),
]
