"""The line through the standardised penguins, body mass over flipper length: lessons 06 and 07."""

import numpy as np

from ..datasets import penguins, standardise
from ..problems import LinearRegression
from ..surfaces import Surface
from ..views import equal_limits

PENGUINS = penguins()
FLIPPER, MASS = PENGUINS["flipper_length_mm"], PENGUINS["body_mass_g"]
X, Y = standardise(FLIPPER)[0], standardise(MASS)[0]
LINE = LinearRegression(X, Y)
BEST, N = LINE.closed_form(), len(Y)


@np.errstate(over="ignore", invalid="ignore")
def above_minimum(w):
    """The loss of lines (w, b) minus the lowest loss, (..., 2) → (...).

    Both curvatures are 2 and the axes are those of the bowl, so it is the squared distance from the
    best line.
    """
    return ((w - BEST) ** 2).sum(axis=-1)


def bowl(ax, centre, reach):
    """The loss over w and b as a Surface, on the part that these axes show: see `equal_limits`."""
    limits = equal_limits(ax, centre, reach)
    return Surface("penguins", LINE.f, LINE.grad, limits, BEST[None], np.zeros(2), "lesson 05")
