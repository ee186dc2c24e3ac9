"""Numerics of the local parabola: a curve at many places, and the parabola at one of them."""

import math
from dataclasses import dataclass

import numpy as np

CORNER = 1.5  # how many times as large a curvature may be that is measured more closely


@dataclass(frozen=True, eq=False)
class Sample:
    """A curve at many places: w and f (n,)."""

    w: np.ndarray
    f: np.ndarray

    @property
    def h(self):
        """The spacing of the differences at the ball."""
        return 1e-4 * np.ptp(self.w)

    @property
    def limits(self):
        """Of the vertical axis, with space below for a prediction lower than the curve."""
        height = float(np.ptp(self.f))
        if not height > 0:  # a level curve, or none
            middle = float(self.f[0]) if np.isfinite(self.f[0]) else 0.0
            return middle - 1, middle + 1
        return float(self.f.min()) - 0.4 * height, float(self.f.max()) + 0.08 * height

    @property
    def closest(self):
        """The largest second difference between neighbours, whatever it means at a corner."""
        return largest_difference(self.f, self.w[1] - self.w[0])

    @property
    def largest(self):
        """The largest curvature in the picture; infinite where the curve has a corner."""
        coarse = largest_difference(self.f[::4], self.w[4] - self.w[0])
        if self.closest > CORNER * max(coarse, self.tiny):
            return math.inf
        return rounded(self.closest + (self.closest - coarse) / 15)  # the errors are as 1 to 16

    @property
    def tiny(self):
        """A curvature that is rounding or not seen in the picture."""
        return 1e-6 * (np.ptp(self.f) or 1) / np.ptp(self.w) ** 2

    @property
    def reach(self):
        """A step size that is large for this curve, with one digit."""
        most = 6 / self.largest if self.tiny < self.largest < math.inf else 0
        steepest = np.abs(np.diff(self.f)).max() / (self.w[1] - self.w[0])
        most = most or (np.ptp(self.w) / steepest if steepest else 1.0)
        unit = 10.0 ** math.floor(math.log10(most))
        return float(f"{math.ceil(most / unit - 1e-9) * unit:.1g}")

    def steady(self, *changes):
        """Changes of the loss, those that are rounding as exact zeros."""
        return [0.0 if abs(x) < 1e-9 * (np.ptp(self.f) or 1) else float(x) for x in changes]


@dataclass(frozen=True)
class Place:
    """The ball: its place, and the height, slope and curvature of the curve there."""

    w: float
    f: float
    slope: float
    curvature: float  # infinite at a corner

    @classmethod
    def of(cls, w, heights, sample):
        """heights: (3,), of the curve at w − h, w and w + h, with the sample's h."""
        left, middle, right = heights.tolist()
        slope = (right - left) / (2 * sample.h)
        curvature = rounded((left - 2 * middle + right) / sample.h**2)
        if abs(slope) < 1e-7 * (np.ptp(sample.f) or 1) / np.ptp(sample.w):
            slope = 0.0
        if abs(curvature) < sample.tiny:
            curvature = 0.0
        if sample.largest == math.inf and curvature > CORNER * sample.closest:
            curvature = math.inf
        return cls(w, middle, slope, curvature)

    def after(self, lr):
        """Where a step from here ends."""
        return self.w - lr * self.slope

    def parabola(self, w, curvature):
        """The heights of the parabola with this curvature that touches the curve here."""
        away = w - self.w
        return self.f + self.slope * away + 0.5 * curvature * away**2

    def predicted(self, lr, curvature):
        """The loss after one step on that parabola, f − lr·(1 − lr·L/2)·g²."""
        return self.f - lr * (1 - lr * curvature / 2) * self.slope**2


def rounded(x):
    """A measured number with the six digits that are not rounding."""
    return float(f"{x:.6g}")


def largest_difference(f, spacing):
    """The largest second difference of heights f (n,), those at the ends by extrapolation."""
    second = np.diff(f, 2) / spacing**2
    ends = 2 * second[[0, -1]] - second[[1, -2]]
    return float(max(second.max(), ends.max()))
