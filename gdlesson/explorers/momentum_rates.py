"""How fast momentum is on a bowl with curvatures from μ = 1 to L: roots and rates."""

from functools import lru_cache

import numpy as np

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


def places(finer=1):
    """The step sizes, in units of 1/L, and the β of the sliders, or of a grid finer than these."""
    return 0.02 / finer * np.arange(1, 200 * finer + 1), 0.01 / finer * np.arange(100 * finer)


@lru_cache(maxsize=4)
def rates(L, finer=1):
    """The larger radius of μ = 1 and L at all `places`, β upwards; nan from 1 on."""
    shares, betas = places(finer)
    beta, lr = np.meshgrid(betas, shares / L, indexing="ij")
    worst = np.maximum(radius(lr, beta, 1.0), radius(lr, beta, L))
    return np.where(worst < 1 - 1e-9, worst, np.nan)


def best(L):
    """The step size and β with the smallest radius on curvatures from 1 to L (Polyak 1964)."""
    root = L**0.5
    return 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2


def best_place(L):
    """The place of the controls nearest to the best step size and β."""
    lr, beta = best(L)
    return {"share": round(round(lr * L / 0.02) * 0.02, 2), "beta": round(float(beta), 2)}


def exactly(share, beta, L):
    """lr and β of a place on the map; the place nearest to the best ones stands for these.

    Likewise, with β = 0 the place nearest to the best step size of plain descent, 2/(L + μ).
    """
    place = best_place(L)
    if np.isclose(share, place["share"]) and np.isclose(beta, place["beta"]):
        return best(L)
    if beta == 0 and np.isclose(share, plain_share(L)):
        return 2 / (L + 1), 0.0
    return share / L, beta


def plain_share(L):
    """The step size of the controls, in 1/L, nearest to the best one of plain descent."""
    return round(round(2 * L / (L + 1) / 0.02) * 0.02, 2)


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
