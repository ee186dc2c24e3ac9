"""What momentum does at a place of the map of lesson 11, as text."""

import numpy as np

from ..formatting import decimals, percent
from .momentum_rates import COUNTED, best, exactly, movement, radius, steps_needed


def describe(share, beta, L):
    """How fast this place of the map is in the long run, and by counted steps."""
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
    needed = float(steps_needed(np.array([lr]), np.array([exact]), L)[0])
    after = (
        f"From step {int(needed)} on, at most a millionth of it remains"
        if np.isfinite(needed)
        else f"A millionth of it is not reached within {COUNTED} steps"
    )
    if np.isclose(worst, np.sqrt(best(L)[1]), rtol=1e-6):
        after += ". No other step size and β are faster in the long run"
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
