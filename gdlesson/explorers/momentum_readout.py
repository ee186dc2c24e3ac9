"""What momentum does at a place of the map of lesson 11, as text."""

import numpy as np

from ..descent import descend
from ..formatting import decimals, percent
from ..optimizers import Momentum
from ..surfaces import quadratic
from .momentum_rates import best, exactly, movement, radius

COUNTED = 300  # steps at most


def describe(share, beta, L):
    """How fast this place of the map is in the long run, and its steps from (1, 1)."""
    lr, exact = exactly(share, beta, L)
    name = f"With step size {share:.2f}/L and β = {beta:.2f}"
    limit = f"2(1 + β)/L = {2 * (1 + beta):.2f}/L"
    worst = max(radius(lr, exact, curvature) for curvature in (1, L))
    if worst > 1 + 1e-9:
        return (
            f"{name}, above the stability limit {limit}, momentum diverges. In the long run the "
            f"distance grows by {percent(worst - 1)} per step."
        )
    if worst > 1 - 1e-9:
        return (
            f"{name}, at the stability limit {limit}, the ball jumps across the valley, and this "
            "distance never gets shorter."
        )
    bowl = quadratic((1.0, L), start=[1.0, 1.0])
    needed = descend(bowl, Momentum(lr, exact), steps=COUNTED).steps_to(1e-6)
    after = (
        f"{needed} steps reach a millionth of it"
        if np.isfinite(needed)
        else f"A millionth of it is not reached within {COUNTED} steps"
    )
    if np.isclose(worst, np.sqrt(best(L)[1]), rtol=1e-6):
        after += ". No other step size and β are better in the long run"
    return (
        f"{name} the ball {movement(lr, exact, L)}, and in the long run {percent(round(worst, 3))} "
        f"of the distance remains after each step. {after}."
    )


def describe_roots(pairs, beta):
    """The two pairs of roots, and the size that decides. pairs: (2, 2), those of μ and of L."""
    flat, steep = (_pair(pair) for pair in pairs)
    worst = float(np.abs(pairs).max())
    text = f"Along the valley the roots are {flat}, across it {steep}. "
    if worst > 1 + 1e-9:
        return text + f"One has a size above 1, |z| = {decimals(worst)}, so momentum diverges."
    if worst > 1 - 1e-9:
        return text + (
            "The root −1 has the size 1, so the ball jumps across the valley and never gets closer."
        )
    is_root = " = √β" if np.isclose(worst, np.sqrt(beta), rtol=1e-6) else ""
    return text + (
        f"The largest size is {_size(worst)}{is_root}, so in the long run "
        f"{percent(round(worst, 3))} of the distance remains after each step."
    )


def _pair(pair):
    """Two roots in words: 0.90 and 0.49, 0.67 twice, or 0.66 ± 0.35i."""
    first, second = pair
    if abs(first.imag) >= 5e-3:
        return f"{decimals(first.real)} ± {abs(first.imag):.2f}i"
    if decimals(first.real) == decimals(second.real):
        return f"{decimals(first.real)} twice"
    return f"{decimals(first.real)} and {decimals(second.real)}"


def _size(number):
    """A size with two decimals, or with as many as are needed to see that it is below 1."""
    places = next(n for n in range(2, 12) if round(number, n) != 1)
    return decimals(number, places)
