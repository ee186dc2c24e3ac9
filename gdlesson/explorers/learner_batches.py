"""What a learner's minibatches contain, and the descent that they drive."""

from collections import Counter

import numpy as np

from ..checking.probes import numbers
from ..formatting import plural
from .mini_batch_numerics import SORTED, means, updates_an_epoch
from .penguin_line import N, X, Y


def examined(minibatches, size, seed, in_order, updates):
    """The `moments` of a learner's batches, (updates, 4), and what they contain, in a few words.

    A str, why there are none, instead of both where the function returns no batches. in_order: the
    rows it is given are sorted by flipper length. At least two epochs are drawn.
    """
    rows = SORTED if in_order else np.arange(N)
    x, y, rng = X[rows], Y[rows], np.random.default_rng(seed)
    epochs = []
    for _ in range(max(2, -(-updates // updates_an_epoch(size)))):
        batches = drawn(minibatches(x[:, None].copy(), y.copy(), size, rng))
        if isinstance(batches, str):
            return batches
        epochs.append(batches)
    flat = [batch for epoch in epochs for batch in epoch]
    starts = np.cumsum([0, *(len(b) for _, b in flat[:-1])])
    all_x, all_y = (np.concatenate(part) for part in zip(*flat, strict=True))
    return means(all_x, all_y, starts)[:updates], contents(epochs, x, y, size)


def drawn(returned):
    """The batches (x, y) of one epoch that were returned; a str where they are none."""
    if returned is None:
        return "the function returned no batches"
    batches = []
    for batch in returned:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            return "a batch is not a pair (X_b, y_b)"
        one, other = numbers(batch[0]), numbers(batch[1])
        if one is None or other is None or one.size != other.size or not one.size:
            return "a batch has different numbers of rows in X_b and y_b, or no rows"
        batches.append((one.ravel(), other.ravel()))
        if len(batches) > 3 * N:
            return "the epoch has no end"
    return batches or "the function returned no batches"


def contents(epochs, x, y, size):
    """What the batches of some epochs contain of the examples, as the end of a sentence.

    epochs: a list of lists of pairs (x, y). x, y: (N,), the examples. size: what was asked for.
    """
    whole, orders = Counter(zip(x.tolist(), y.tolist(), strict=True)), set()
    for batches in epochs:
        xs, ys = (np.concatenate(part) for part in zip(*batches, strict=True))
        pairs = list(zip(xs.tolist(), ys.tolist(), strict=True))
        orders.add(tuple(pairs))
        found = Counter(pairs)
        if found == whole:
            continue
        if Counter(xs.tolist()) == Counter(x.tolist()) and sorted(ys) == sorted(y):
            return (
                "combine the flipper of one penguin with the mass of another, because X and y are "
                "shuffled separately"
            )
        once = sum((found & whole).values())
        others = len(pairs) - once
        more = f", and {others} that are repeated or not in the data" if others else ""
        return f"contain {once} of the {N} examples in an epoch{more}"
    sizes = [len(b) for _, b in epochs[0]]
    if sizes != [min(size, N - at) for at in range(0, N, size)]:
        examples = plural(size, "example")
        return f"contain every example once in each epoch, but not in batches of {examples}"
    if len(orders) == 1 and size < N:
        return "contain every example once in each epoch, but in the same order every time"
    return "contain every example once in each epoch"
