"""Pictures of a descent: matplotlib artists made once, then moved by `.update(…)`.

A view draws its still part when it is made, lists the artists that move in `.moving`, and changes
only those afterwards. `.grows` {line: points a step} and `.jumps` {artist: its vertices after each
step} say how it is played. Colours come from a `Palette`, so that a page's dark theme is the same
picture drawn with the other one.
"""

from .charts import Boxes, ErrorOverSpacing, Formula, LossOverSteps, RegimeStrip, Threshold
from .data import DataBoundary, DataLine
from .landscape import Contours, Curve, HeatMap, Points, Secants, Trail
from .paper import DARK, LIGHT, NORMAL, SMALL, Palette, axes_at, blank_figure, in_sight

__all__ = [
    "DARK",
    "LIGHT",
    "NORMAL",
    "SMALL",
    "Boxes",
    "Contours",
    "Curve",
    "DataBoundary",
    "DataLine",
    "ErrorOverSpacing",
    "Formula",
    "HeatMap",
    "LossOverSteps",
    "Palette",
    "Points",
    "RegimeStrip",
    "Secants",
    "Threshold",
    "Trail",
    "axes_at",
    "blank_figure",
    "in_sight",
]
