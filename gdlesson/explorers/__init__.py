"""The live pictures, one module per lesson. May import: live, views, checking, the core."""

from importlib import import_module

from ..lazy import LazyCatalogue

NAMES = (
    "digits",
    "slope", "rectangle", "one_step", "when_to_stop", "step_size", "local_parabola", "gradient",
    "gradient_axes", "batch", "stochastic", "single_gradients", "mini_batch", "range_test",
    "backtracking", "classify",
    "stopping", "landscapes", "stationary", "momentum",
    "momentum_slopes", "nesterov",
    "nesterov_shares",
    "curvature", "newton", "adaptive", "adaptive_long", "adam", "network", "race", "race_result",
    "sharpness",
    "clinic",
)  # fmt: skip


def _explore(name):
    return import_module(f"{__name__}.{name}").explore


_catalogue = LazyCatalogue(NAMES, _explore)


def catalogue():
    """Return the explorers by name: name → explore function, its module loaded on first access."""
    return _catalogue
