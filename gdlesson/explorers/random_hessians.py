"""Random symmetric matrices as a model of the Hessian at a stationary point (lesson 10).

The entries on and above the diagonal are independent normal numbers, those on the diagonal with
twice the variance (the Gaussian orthogonal ensemble). They are scaled so that most eigenvalues lie
between −1 and 1, however large the matrix is. A multiple of the identity matrix shifts them all.
"""

from functools import lru_cache

import numpy as np

SEED = 47  # with which no eigenvalue of a numbered matrix leaves the picture
DRAWS, ENTRIES = 10_000, 100_000  # matrices in a count; of large ones fewer, for their entries


def hessian(d, number, shift=0.0):
    """The matrix (d, d) with this number, 1, 2, …, shifted by `shift`."""
    noise = np.random.default_rng((SEED, d, number)).normal(size=(d, d))
    return (noise + noise.T) / np.sqrt(8 * d) + shift * np.eye(d)


@lru_cache(maxsize=64)
def eigenvalues(d, number):
    """The eigenvalues (d,) of the matrix that is not shifted, smallest first."""
    return np.linalg.eigvalsh(hessian(d, number))


def semicircle_below(x):
    """The share of eigenvalues below x in the limit of large matrices (Wigner's semicircle)."""
    x = np.clip(x, -1, 1)
    return 0.5 + (x * np.sqrt(1 - x**2) + np.arcsin(x)) / np.pi


def count_minima(d, shift):
    """(how many of n random matrices have positive eigenvalues only, n).

    Drawn as tridiagonal matrices, which have the same distribution of eigenvalues (Dumitriu and
    Edelman 2002); they are all positive if and only if every pivot of the elimination is.
    """
    diagonal, squares = _tridiagonal(d)
    pivot = diagonal[0] + shift
    positive = pivot > 0
    with np.errstate(all="ignore"):  # a matrix that is out may come to 0/0
        for a, b2 in zip(diagonal[1:], squares, strict=True):
            pivot = a + shift - b2 / pivot
            positive &= pivot > 0
    return int(positive.sum()), positive.size


@lru_cache(maxsize=1)
def _tridiagonal(d):
    """Diagonals (d, n) and squares of what is next to them (d − 1, n), of n random matrices."""
    rng, n = np.random.default_rng((SEED, d)), min(DRAWS, ENTRIES // d)
    diagonal = rng.normal(0, np.sqrt(1 / (2 * d)), (d, n))
    squares = rng.chisquare(np.arange(d - 1, 0, -1)[:, None], (d - 1, n)) / (4 * d)
    return diagonal, squares
