"""Plan which states of an explorer are computed beforehand. May import: explorers, NumPy."""

from dataclasses import dataclass

import numpy as np

from ..explorers.state import on_grid


@dataclass(frozen=True)
class Plan:
    """How many states are computed.

    branches: combinations of choices, at most; other choices are moved alone. fine and coarse:
    places of the primary slider, alone and with another control moved. others: places of another
    slider. starts: places of a dragged start in its one direction, or in each of two.
    """

    branches: int
    fine: int
    coarse: int
    others: int
    starts: tuple


PLANS = (
    Plan(6, 61, 9, 5, (11, 5)),
    Plan(6, 41, 9, 5, (9, 5)),
    Plan(6, 31, 7, 4, (7, 4)),
    Plan(6, 21, 5, 3, (5, 3)),
    Plan(3, 21, 5, 3, (5, 3)),
    Plan(3, 13, 4, 2, (4, 2)),
    Plan(2, 13, 4, 2, (4, 2)),
    Plan(1, 13, 4, 2, (4, 2)),
    Plan(1, 7, 3, 2, (2, 2)),
)
MANY = 1000  # values of a slider, of which only some are computed
PROBE = PLANS[-1]  # shows what a state takes


def roles(explorer, plan):
    """Names of the choices whose combinations are computed, and of the controls moved alone.

    Choices on which the ranges of others depend come first.
    """
    visible = [name for name in explorer.controls if name not in explorer.picture_only]
    choices, product = [], 1
    for name in sorted(visible, key=lambda name: name not in explorer.adapts_to):
        if name == explorer.primary or not is_choice(explorer.controls[name]):
            continue
        count = len(options(explorer.controls[name]))
        if product * count <= plan.branches:
            choices.append(name)
            product *= count
    others = [name for name in visible if name not in (*choices, explorer.primary)]
    return [name for name in visible if name in choices], others


def dragged(explorer):
    """Names of the controls behind a point that is dragged in the picture alone."""
    if not explorer.views.handles:
        return []
    unused = explorer.disabled(explorer.values)
    names = [name for name in explorer.picture_only if name not in unused]
    return [name for name in names if options(explorer.controls[name]) is None]


def size(explorer, plan):
    """About how many states a plan has for this explorer."""
    choices, others = roles(explorer, plan)
    count = {name: len(places(control)) for name, control in explorer.controls.items()}
    alone = sum(
        count[name] - 1 if is_choice(explorer.controls[name]) else min(plan.others, count[name] - 1)
        for name in others
    )
    if names := dragged(explorer):
        alone += plan.starts[len(names) - 1] ** len(names)
    primary = count.get(explorer.primary, 1)
    combinations = np.prod([count[name] for name in choices], dtype=int)
    return int(combinations * (min(plan.fine, primary) + alone * min(plan.coarse, primary)))


def is_choice(control):
    """Whether a control offers named values: buttons, a menu or a box to tick."""
    named = type(control).__name__ in ("ToggleButtons", "Dropdown")
    return named or isinstance(control.value, bool)


def options(control):
    """The values of a control that has a list of them, None for one with a range."""
    if isinstance(control.value, bool):
        return [False, True]
    return list(control.options) if hasattr(control, "options") else None


def places(control):
    """The values that a control can take, in the order of its slider: all, or evenly spread."""
    if (values := options(control)) is not None:
        return values
    count = min(round((control.max - control.min) / control.step), MANY)
    ends = np.linspace(control.min, control.max, count + 1).tolist()
    scaled = [control.base**at if hasattr(control, "base") else at for at in ends]
    return list(dict.fromkeys(on_grid(control, at) for at in scaled))


def rank(explorer, name):
    """What sorts the values of a control in the order of its slider."""
    values = options(explorer.controls[name])
    return (lambda value: value) if values is None else values.index


def thinned(values, most, keep=None):
    """At most so many of the values, evenly spread and with both ends, and always `keep`."""
    values = list(values)
    chosen = set(values)
    if len(values) > most:
        chosen = {values[i] for i in np.linspace(0, len(values) - 1, most).round().astype(int)}
    if keep is not None and keep not in values:  # a value between two places of the slider
        return sorted({*chosen, keep})
    return [value for value in values if value in chosen or value == keep]


def is_named(value, numbers):
    """Whether a value of a control is one of these numbers, up to a slider's rounding."""
    if not isinstance(value, int | float):
        return False
    return any(abs(value - number) <= 1e-6 * abs(number) for number in numbers)
