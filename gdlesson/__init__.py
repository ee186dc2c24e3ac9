"""gdlesson: gradient descent in live notebooks. This file gathers the ground floor, NumPy only."""

from .descent import Path, descend, sweep
from .optimizers import GradientDescent, source

__version__ = "0.1.0"
__all__ = ["GradientDescent", "Path", "descend", "source", "sweep"]
