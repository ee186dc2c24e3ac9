"""Descent by single examples on the line through the penguins: its runs and its noise floor."""

from functools import lru_cache

import numpy as np

from .penguin_line import BEST, LINE, N, X, Y

PASSES, RUNS = 3, 20
UPDATES = PASSES * N
IN_FILE = np.tile(np.arange(N), PASSES)[:, None].repeat(RUNS, axis=1)  # as `shuffled`, unshuffled
H = 2 * LINE.A[:, :, None] * LINE.A[:, None, :]  # (N, 2, 2), the curvature of each example's loss
CURVATURES = np.einsum("nij,nkl->ikjl", H, H).reshape(4, 4) / N  # the mean of H ⊗ H
MIXING = np.linalg.eigvalsh(CURVATURES).max() / 4  # for one weight it would be the mean of x⁴
LIMIT = 1 / MIXING  # the stability limit for examples drawn with replacement, 0.349


def sgd_epoch(w, b, x, y, lr, rng):
    """(w, b) after one update for each example (x, y), in an order drawn from rng."""
    for i in rng.permutation(len(x)):
        r = w * x[i] + b - y[i]
        w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
    return w, b


def epochs(fn, start, lr, seed):
    """The start and the points after each epoch of `fn`, an sgd_epoch: PASSES + 1 pairs (w, b).

    start: (w, b). lr: the step size. None if `fn` returns nothing.
    """
    rng, path = np.random.default_rng(seed), [tuple(map(float, start))]
    for _ in range(PASSES):
        after = fn(*path[-1], X.copy(), Y.copy(), float(lr), rng)
        if after is None:
            return None
        w, b = after
        path.append((w, b))
    return path


@lru_cache(maxsize=4)
def shuffled(seed):
    """The example of each update of each run, (updates, runs): in each pass all, in a fresh order.

    The first run has the orders that `sgd_epoch` draws from default_rng(seed), pass after pass.
    """
    first, others = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    rows = np.tile(np.arange(N), (RUNS, 1))
    passes = [others.permuted(rows, axis=1) for _ in range(PASSES)]
    for each in passes:
        each[0] = first.permutation(N)
    return np.concatenate(passes, axis=1).T


@lru_cache(maxsize=4)
def drawn(seed):
    """As `shuffled`, but each example is drawn from all, so that some come again in a pass."""
    return np.random.default_rng((seed, 2)).integers(0, N, (UPDATES, RUNS))


def one_by_one(x, y, start, lr):
    """The paths (updates + 1, runs, 2) of descent by single examples, all runs at once.

    x, y: (updates, runs), the example of each update. start: (w, b). lr: the step size.
    """
    path = np.empty((len(x) + 1, 2, x.shape[1]))
    path[0] = np.reshape(start, (2, 1))
    w, b = path[0]
    with np.errstate(all="ignore"):
        for t in range(len(x)):
            r = w * x[t]
            r += b
            r -= y[t]
            r *= 2 * lr
            w, b = np.subtract(w, r * x[t], out=path[t + 1, 0]), np.subtract(b, r, path[t + 1, 1])
    return path.transpose(0, 2, 1)


def single_gradients(w, b):
    """The gradient (N, 2) of each penguin's loss r², for the line w·x + b."""
    r = w * X + b - Y
    return np.stack([2 * r * X, 2 * r], axis=1)


def factor_of_examples(lr):
    """By what one update with a random example multiplies the mean square distance, (...) → (...).

    It is the factor in the long run, over all runs, without the noise at the best line itself: the
    largest eigenvalue of the mean of (1 − lr·H) ⊗ (1 − lr·H), where the mean of H is 2.
    """
    return 1 - 4 * lr * (1 - MIXING * lr)


def factor_of_batch(lr):
    """By what one step of batch descent multiplies the square distance, (...) → (...)."""
    return (1 - 2 * lr) ** 2


def noise_floor(lr):
    """The mean loss above its minimum at which runs with constant step sizes stay, (n,) → (n,).

    Each update draws its example at random, with replacement. The spread S of the runs solves
    S = E[(1 − lr·H)S(1 − lr·H)] + lr²·C, with H the curvature and C the covariance of the gradients
    of single examples; nan above `LIMIT`, where S grows without bound.
    """
    g = single_gradients(*BEST)
    C = (g.T @ g / N).ravel()
    lr = np.asarray(lr, float)[:, None, None]
    left = 4 * np.eye(4) - lr * CURVATURES  # both sides are divided by lr
    S = np.linalg.solve(left, lr * C[:, None])[..., 0]
    return np.where(lr[:, 0, 0] < LIMIT, S[:, 0] + S[:, 3], np.nan)
