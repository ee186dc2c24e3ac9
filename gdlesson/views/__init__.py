"""Pictures of a descent: matplotlib artists made once, then moved by `.update(…)`.

A view draws its still part when it is made, lists the artists that move in `.moving`, and changes
only those afterwards. `.progressive` {line: points a step} and `.keyframes` {artist: its vertices
after each step} say how it is played. Colours come from a `Palette`, so that a page's dark theme is
the same picture drawn with the other one.
"""

from .axes import SlopeInDirections, TurnedAxes
from .charts import Boxes, Formula, LossOverSteps, RegimeStrip, Rivals
from .curves import Curve, Secants
from .data import DataBoundary, DataLine
from .duel import LossDuel, StepZoom
from .landscape import Bowl, Contours, HeatMap, Points, Trail
from .learning_rates import RangeTest, TriedSteps, TwoRuns
from .lines import Crosses, Lines
from .noise import NoisyLoss, RunCloud, SquareFactors, StepCloud, StepSizes
from .nudge import GrowingRectangle, Nudge
from .panels import Column, Line, Page, Panel, Row, Strip
from .paper import (
    DARK,
    LIGHT,
    NORMAL,
    SMALL,
    Palette,
    equal_limits,
    in_sight,
    legend_above,
    log_axis,
    styled,
)  # fmt: skip
from .parabola import LossAfterStep, TouchingParabola
from .race import Intervals, Pack
from .rates import Distances, ErrorOverSpacing, Factors, Threshold
from .roots import RootPlane, TwoSequences
from .scale import ColourScale, banded
from .shares import ShareOverCurvature
from .tiles import Tiles, WeightPictures

__all__ = [
    "DARK",
    "LIGHT",
    "NORMAL",
    "SMALL",
    "Bowl",
    "Boxes",
    "ColourScale",
    "Column",
    "Contours",
    "Crosses",
    "Curve",
    "DataBoundary",
    "DataLine",
    "Distances",
    "ErrorOverSpacing",
    "Factors",
    "Formula",
    "GrowingRectangle",
    "HeatMap",
    "Intervals",
    "Line",
    "Lines",
    "LossAfterStep",
    "LossDuel",
    "LossOverSteps",
    "NoisyLoss",
    "Nudge",
    "Pack",
    "Page",
    "Palette",
    "Panel",
    "Points",
    "RangeTest",
    "RegimeStrip",
    "Rivals",
    "RootPlane",
    "Row",
    "RunCloud",
    "Secants",
    "ShareOverCurvature",
    "SlopeInDirections",
    "SquareFactors",
    "StepCloud",
    "StepSizes",
    "StepZoom",
    "Strip",
    "Threshold",
    "Tiles",
    "TouchingParabola",
    "Trail",
    "TriedSteps",
    "TurnedAxes",
    "TwoRuns",
    "TwoSequences",
    "WeightPictures",
    "banded",
    "equal_limits",
    "in_sight",
    "legend_above",
    "log_axis",
    "styled",
]
