"""Pictures of a descent: matplotlib artists made once, then moved by `.update(…)`.

A view draws its still part when it is made, lists the artists that move in `.moving`, and changes
only those afterwards. `.grows` {line: points a step} and `.jumps` {artist: its vertices after each
step} say how it is played. Colours come from a `Palette`, so that a page's dark theme is the same
picture drawn with the other one.
"""

from .charts import Boxes, Formula, LossOverSteps, RegimeStrip, Rivals
from .curves import Chord, Curve, Secants
from .data import DataBoundary, DataLine
from .duel import Glass, LossDuel
from .landscape import Bowl, Contours, HeatMap, Points, Trail
from .noise import NoisyLoss, StepCloud, StepSizes, Swarm
from .paper import DARK, LIGHT, NORMAL, SMALL, Palette, axes_at, blank_figure, in_sight
from .race import Pack, Standings
from .rates import Distances, ErrorOverSpacing, Factors, Threshold

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
    "ErrorOverSpacing",
    "Factors",
    "Formula",
    "Glass",
    "HeatMap",
    "LossDuel",
    "LossOverSteps",
    "NoisyLoss",
    "Pack",
    "Palette",
    "Points",
    "RegimeStrip",
    "Rivals",
    "Secants",
    "Standings",
    "StepCloud",
    "StepSizes",
    "Swarm",
    "Threshold",
    "Trail",
    "axes_at",
    "blank_figure",
    "in_sight",
]
