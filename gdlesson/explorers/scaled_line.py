"""The line through the penguins in raw, scaled, centred and standardised numbers: lesson 05."""

import numpy as np

from ..problems import LinearRegression
from .penguin_line import FLIPPER, MASS


class Fit(LinearRegression):
    """The loss of a line through the penguins in other numbers, (x − mx)/sx and (y − my)/sy.

    best: (w, b) in these numbers. best_loss: in g². L and kappa: the largest curvature, and how
    many times the smallest it is. steep: the direction (2,) of the largest curvature.
    """

    def __init__(self, mx=0.0, sx=1.0, my=0.0, sy=1.0):
        super().__init__((FLIPPER - mx) / sx, (MASS - my) / sy)
        self.scale = mx, sx, my, sy
        self.best = self.closed_form()
        mu, self.L = map(float, self.curvatures())
        self.kappa = self.L / mu
        self.steep = np.linalg.eigh(self.A.T @ self.A)[1][:, -1]
        self.best_loss = float(self.in_square_grams(self.f(self.best)))

    @np.errstate(over="ignore", invalid="ignore")
    def in_grams(self, weights):
        """(w, b) of these numbers in g per mm and in g: (..., 2) → (..., 2)."""
        mx, sx, my, sy = self.scale
        w = np.asarray(weights)[..., 0] * (sy / sx)
        return np.stack([w, my + sy * np.asarray(weights)[..., 1] - w * mx], axis=-1)

    def from_grams(self, w, b):
        """The inverse of `in_grams`, for one line."""
        mx, sx, my, sy = self.scale
        return w * sx / sy, (w * mx + b - my) / sy

    @np.errstate(over="ignore")
    def in_square_grams(self, loss):
        """A loss of these numbers in g²."""
        return loss * self.scale[3] ** 2


CENTRE = {"mx": FLIPPER.mean(), "my": MASS.mean()}
SCALE = {"sx": FLIPPER.std(), "sy": MASS.std()}
FITS = {
    "raw": Fit(),
    "scaled only": Fit(**SCALE),
    "centred only": Fit(**CENTRE),
    "standardised": Fit(**CENTRE, **SCALE),
}
