"""Pictures of a descent: matplotlib artists made once, then moved by `.update(…)`.

A view draws its still part when it is made, lists the artists that move in `.moving`, and changes
only those afterwards. `.grows` {line: points a step} and `.jumps` {artist: its vertices after each
step} say how it is played. Colours come from a `Palette`, so that a page's dark theme is the same
picture drawn with the other one.
"""

from .charts import Boxes, Distances, Factors, Formula, LossOverSteps, RegimeStrip, Rivals
from .data import DataBoundary, DataLine
from .landscape import Bowl, Chord, Contours, Curve, HeatMap, Points, Trail
from .paper import DARK, LIGHT, NORMAL, SMALL, Palette, axes_at, blank_figure, in_sight

__all__ = [
    "DARK",
    "LIGHT",
    "NORMAL",
    "SMALL",
    "Bowl",
    "Boxes",
    "Chord",
    "Contours",
    "Curve",
    "DataBoundary",
    "DataLine",
    "Distances",
    "Factors",
    "Formula",
    "HeatMap",
    "LossOverSteps",
    "Palette",
    "Points",
    "RegimeStrip",
    "Rivals",
    "Trail",
    "axes_at",
    "blank_figure",
    "in_sight",
]
