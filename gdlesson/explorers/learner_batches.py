"""What a learner's minibatches contain, and the batches that drive a descent."""

from collections import Counter

import numpy as np

from ..checking.probes import numbers
from ..formatting import plural


def examined(minibatches, about, size, epochs):
    """The batches of some epochs, pairs A (1, B, d) and y (1, B), and what they contain, in words.

    about: a `Data`. A str, why there are none, instead of both where the function returns no
    batches. At least two epochs are drawn.
    """
    X, y = about.problem.X, about.problem.y
    rng, drawn = np.random.default_rng(0), []
    for _ in range(max(2, epochs)):
        batches = collected(minibatches(X.copy(), y.copy(), size, rng), X.shape[1], about.n)
        if isinstance(batches, str):
            return batches
        drawn.append(batches)
    flat = [
        (np.column_stack([part, np.ones(len(part))])[None], labels[None])
        for batches in drawn[:epochs]
        for part, labels in batches
    ]
    return flat, contents(drawn, X, y, size)


def collected(returned, columns, n):
    """The batches (X, y) of one epoch that were returned; a str where they are none."""
    if returned is None:
        return "the function returned no batches"
    batches, rows = [], 0
    for batch in returned:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            return "a batch is not a pair (X_b, y_b)"
        one, other = numbers(batch[0]), numbers(batch[1])
        if one is None or other is None or not other.size or one.size != columns * other.size:
            return "a batch has different numbers of rows in X_b and y_b, or no rows"
        batches.append((one.reshape(-1, columns), other.ravel()))
        rows += other.size
        if rows > 3 * n:
            return "the epoch has no end"
    return batches or "the function returned no batches"


def contents(epochs, X, y, size):
    """What the batches of some epochs contain of the examples, as the end of a sentence.

    epochs: a list of lists of pairs (X_b, y_b). X, y: the examples. size: what was asked for.
    """
    n, rows, labels = len(y), Counter(_bytes(X)), Counter(y.tolist())
    whole, orders = Counter(zip(_bytes(X), y.tolist(), strict=True)), set()
    for batches in epochs:
        parts, ys = (np.concatenate(part) for part in zip(*batches, strict=True))
        pairs = list(zip(_bytes(parts), ys.tolist(), strict=True))
        orders.add(tuple(pairs))
        found = Counter(pairs)
        if found == whole:
            continue
        if Counter(_bytes(parts)) == rows and Counter(ys.tolist()) == labels:
            return (
                "combine the x of one example with the y of another, because X and y are shuffled "
                "separately"
            )
        once = sum((found & whole).values())
        others = len(pairs) - once
        more = f", and {others} that are repeated or not in the data" if others else ""
        return f"contain {once} of the {n} examples in an epoch{more}"
    sizes = [len(labels) for _, labels in epochs[0]]
    if sizes != [min(size, n - at) for at in range(0, n, size)]:
        examples = plural(size, "example")
        return f"contain every example once in each epoch, but not in batches of {examples}"
    if len(orders) == 1 and size < n:
        return "contain every example once in each epoch, but in the same order every time"
    return "contain every example once in each epoch"


def _bytes(rows):
    return [row.tobytes() for row in np.ascontiguousarray(rows, float)]
