"""Step sizes that change with t = 0, 1, 2, …, a number or an array. Imports NumPy only.

`descend` takes a factor on lr: `schedule=lambda t: cosine_decay(1, t, 100)`. Each raises ValueError
for a time constant that is not a number above 0.
"""

import numpy as np


def constant(lr0, t):
    """The same step size lr0 at every t."""
    return lr0 + 0.0 * np.asarray(t)


def step_decay(lr0, t, drop, every):
    """lr0·drop^(t // every): constant for `every` steps, then multiplied by `drop`."""
    _check("every", every)
    return lr0 * drop ** (t // every)


def inverse_decay(lr0, t, tau):
    """lr0/(1 + t/τ): halved at t = τ; Robbins & Monro 1951, Ann. Math. Stat. 22(3):400–407."""
    _check("tau", tau)
    return lr0 / (1 + t / tau)


def cosine_decay(lr0, t, T):
    """½·lr0·(1 + cos(πt/T)): from lr0 at t = 0 to 0 at t = T; Loshchilov & Hutter 2017."""
    _check("T", T)
    return 0.5 * lr0 * (1 + np.cos(np.pi * t / T))


def _check(name, value):
    if not (isinstance(value, (int, float, np.number)) and 0 < value < np.inf):
        raise ValueError(f"{name} must be a number of steps above 0, got {value!r}")
