"""Basins of attraction on the landscapes of lesson 10: the minimum that each start ends in."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..descent import descend
from ..optimizers import GradientDescent
from ..surfaces import Surface, catalogue

STEPS = 200
TOL = 0.1  # an end this near to a minimum counts as being there
COARSE, FINE, PIECE = 24, 120, 20  # squares along a side of the map; rows of a piece of work
STRIP = 400  # starts on a strip


@dataclass(frozen=True)
class Landscape:
    """A surface on which descent can get stuck, with a first step size and a first start."""

    surface: Surface
    lr: float
    start: tuple

    @property
    def flat(self):
        """Whether there is a single weight."""
        return len(self.surface.domain) == 1

    @property
    def minima(self):
        """All minima (k, d), the global ones first."""
        local = self.surface.local.reshape(-1, len(self.surface.domain))
        return np.concatenate([self.surface.minima, local])


LANDSCAPES = {
    "quartic": Landscape(catalogue["quartic"], 0.05, (1.8, 0.0)),
    "plateau": Landscape(catalogue["plateau"], 0.1, (4.0, 0.0)),
    "kink": Landscape(catalogue["absolute value"], 0.3, (2.0, 0.0)),
    "double well": Landscape(catalogue["double well"], 0.05, (1.2, 0.1)),
    "Himmelblau": Landscape(catalogue["Himmelblau"], 0.01, (-1.0, 0.5)),
    "Styblinski-Tang": Landscape(catalogue["Styblinski-Tang"], 0.02, (0.5, 0.0)),
}


class Basins:
    """The minimum that each start ends in, with one step size: a coarse map, then a fine one.

    coarse: what `ends_in` finds for the starts of a strip, (1, STRIP), or of a map, (COARSE,
    COARSE). fine: (FINE, FINE) after `refine`, None before it; a strip is fine at once.
    """

    def __init__(self, land, lr):
        self.land, self.lr = land, lr
        self.coarse = ends_in(land, lr, strip(land) if land.flat else grid(land, COARSE))
        self.fine = self.coarse if land.flat else None

    @property
    def finest(self):
        return self.coarse if self.fine is None else self.fine

    def refine(self):
        """A generator that makes the fine map in pieces of less than 50 milliseconds."""
        starts, rows = grid(self.land, FINE), []
        for first in range(0, FINE, PIECE):
            rows.append(ends_in(self.land, self.lr, starts[first : first + PIECE]))
            yield
        self.fine = np.concatenate(rows)


@lru_cache(maxsize=8)
def basins_of(name, lr):
    """The `Basins` of a landscape with this step size; the last ones are remembered."""
    return Basins(LANDSCAPES[name], lr)


def ends_in(land, lr, starts):
    """The minimum that each start is near after `STEPS` steps, and nan where it is near none.

    starts: (..., d). Returns (...), indices of rows of `land.minima`.
    """
    ends = descend(land.surface, GradientDescent(lr), starts, STEPS, keep="last").last
    which = np.full(starts.shape[:-1], np.nan)
    with np.errstate(all="ignore"):  # a descent may diverge
        for i, minimum in enumerate(land.minima):
            distance = np.sqrt(((ends - minimum) ** 2).sum(axis=-1))
            which[distance <= TOL] = i
    return which


def grid(land, side):
    """Starts (side, side, 2) in the middles of the squares of a map."""
    axes = [
        low + (np.arange(side) + 0.5) * (high - low) / side for low, high in land.surface.domain
    ]
    return np.stack(np.meshgrid(*axes), axis=-1)


def strip(land):
    """Starts (1, STRIP, 1) in the middles of the pieces of a strip."""
    low, high = land.surface.domain[0]
    return (low + (np.arange(STRIP) + 0.5) * (high - low) / STRIP)[None, :, None]


def few(land):
    """Starts (n, d) for a count: 21 on a line, or 5 by 5, with one in the middle."""
    axes = [np.linspace(0.9 * low, 0.9 * high, 21 if land.flat else 5)
            for low, high in land.surface.domain]  # fmt: skip
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))


@lru_cache(maxsize=8)
def counted(name, lr):
    """The starts (n, d) of `few` that do not diverge, and how many different ends they have."""
    land = LANDSCAPES[name]
    starts = few(land)
    ends = descend(land.surface, GradientDescent(lr), starts, STEPS, keep="last").last
    stay = np.isfinite(ends).all(axis=1)
    return starts[stay], different(ends[stay], TOL)


def different(ends, tol):
    """How many ends (n, d) are farther than tol from every end counted before them."""
    found = []
    for w in ends:
        if all(np.linalg.norm(w - end) > tol for end in found):
            found.append(w)
    return len(found)
