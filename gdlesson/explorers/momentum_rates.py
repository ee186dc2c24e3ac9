"""How fast momentum is on a bowl with curvatures from μ = 1 to L: roots, rates, counted steps."""

from functools import lru_cache

import numpy as np

COUNTED = 300  # steps; runs that need more are not told apart
TOL = 1e-6  # the share of the start's distance that is waited for
SHARES = 0.02 * np.arange(1, 201)  # the places of the sliders: lr in units of 1/L, and β
BETAS = 0.01 * np.arange(100)
WIDEST = 4.0  # of the step size, in 1/L: the stability limit 2(1 + β) at β = 1


def roots(lr, beta, curvature):
    """The roots of z² − (1 + β − lr·λ)z + β = 0 as complex numbers (..., 2), the larger first.

    lr, beta, curvature: numbers or arrays of one shape. With w_t = zᵗ they solve the recursion of
    momentum along a curvature λ (Polyak 1964).
    """
    half = (1 + beta - lr * curvature) / 2
    root = np.sqrt(np.asarray(half**2 - beta, dtype=complex))
    root = np.where(np.abs(root) < 1e-7, 0, root)  # a double root up to rounding
    far = half + np.where(half < 0, -root, root)
    return np.stack([far, half - np.where(half < 0, -root, root)], axis=-1)


def radius(lr, beta, curvature):
    """The share of the distance that remains per step in the long run, along one curvature."""
    return np.abs(roots(lr, beta, curvature)).max(axis=-1)


@lru_cache(maxsize=4)
def rates(L):
    """The larger radius of μ = 1 and L at every place of the sliders, β upwards; nan from 1 on."""
    beta, lr = np.meshgrid(BETAS, SHARES / L, indexing="ij")
    worst = np.maximum(radius(lr, beta, 1.0), radius(lr, beta, L))
    return np.where(worst < 1 - 1e-9, worst, np.nan)


@lru_cache(maxsize=4)
def counts(L):
    """`steps_needed` from (1, 1) at every place of the sliders, β upwards."""
    beta, lr = np.meshgrid(BETAS, SHARES / L, indexing="ij")
    return steps_needed(lr, beta, L)


def steps_needed(lr, beta, L):
    """From which step on at most a millionth of the distance from (1, 1) remains.

    lr, beta: arrays of one shape. inf where more than 300 steps are needed, nan where the run ends
    farther away than it started. A run that passes the minimum and leaves again is not there yet.
    """
    shape = np.shape(lr)
    lr, beta = np.ravel(lr), np.ravel(beta)
    factor = np.stack([1 + beta - lr, 1 + beta - lr * L])  # along the valley and across it
    old, new = np.ones_like(factor), np.ones_like(factor)
    arrived = np.full(lr.shape, np.inf)
    with np.errstate(all="ignore"):
        for step in range(1, COUNTED + 1):
            old, new = new, factor * new - beta * old
            left = new[0] ** 2 + new[1] ** 2
            there = left <= 2 * TOL**2
            arrived[~there] = np.inf
            arrived[there & np.isinf(arrived)] = step
        arrived[~(left <= 2)] = np.nan
    return arrived.reshape(shape)


def fewest(L):
    """The place of the sliders with the fewest counted steps: (share, β, steps).

    Of several, the one nearest to `best_place`.
    """
    number, place = counts(L), best_place(L)
    away = np.hypot(SHARES - place["share"], BETAS[:, None] - place["beta"])
    away = np.where(number == np.nanmin(number), away, np.inf)
    i, j = np.unravel_index(away.argmin(), away.shape)
    return round(float(SHARES[j]), 2), round(float(BETAS[i]), 2), int(number[i, j])


def best(L):
    """The step size and β with the smallest radius on curvatures from 1 to L (Polyak 1964)."""
    root = L**0.5
    return 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2


def best_place(L):
    """The place of the controls nearest to the best step size and β."""
    lr, beta = best(L)
    return {"share": round(round(lr * L / 0.02) * 0.02, 2), "beta": round(float(beta), 2)}


def exactly(share, beta, L):
    """lr and β of a place on the map; the place nearest to the best ones stands for these."""
    place = best_place(L)
    if np.isclose(share, place["share"]) and np.isclose(beta, place["beta"]):
        return best(L)
    return share / L, beta


def movement(lr, beta, L):
    """Whether the ball oscillates along the valley and across it (complex roots), or does not."""
    along, across = ((1 + beta - lr * c) ** 2 < 4 * beta - 1e-9 for c in (1, L))
    if along and across:
        return "oscillates along the valley and across it"
    if across:
        return "oscillates across the valley, but not along it"
    if along:
        return "oscillates along the valley, but not across it"
    if lr * L > 1 + beta + 1e-9:
        return "crosses the valley at every step"
    return "approaches the minimum without oscillating"
