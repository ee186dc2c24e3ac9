"""Changes of controls that are made as a whole or not at all: checks first, then the change."""

import math
from contextlib import ExitStack


def changes(controls, values, adapts_to, adapt):
    """The new traits of controls for these values: {name: {trait: value}}, or a ValueError.

    Values fit the state they lead to, whatever their order: a change of a control in `adapts_to`
    gives others new values and limits first, `adapt(before, after)`.
    """
    for name in values:
        if name not in controls:
            raise ValueError(f"no control is called {name!r}; there are {', '.join(controls)}")
    before = {name: control.value for name, control in controls.items()}
    leading = {name: checked(name, controls[name], values[name]) for name in values
               if name in adapts_to}  # fmt: skip
    after, found = before | leading, {}
    if after != before:
        found = {name: as_traits(new) for name, new in adapt(before, after).items()}
    for name, value in values.items():
        traits = found.setdefault(name, {})
        traits["value"] = checked(name, controls[name], value, traits)
    return found


def as_traits(new):
    """A new value of a control, or several of its traits, as {trait: value}."""
    return dict(new) if isinstance(new, dict) else {"value": new}


def checked(name, control, value, new=None):
    """The value that this control takes for `value`. Raises ValueError where it takes none.

    new: traits that the control will have by then, such as other limits.
    """
    new = new or {}

    def trait(key):
        return new.get(key, getattr(control, key))

    if hasattr(control, "options"):
        options = list(trait("options"))
        if value not in options:
            *others, last = map(str, options)
            known = f"{', '.join(others)} or {last}" if others else last
            raise ValueError(f"{name} must be {known}, got {value!r}")
        return options[options.index(value)]
    if isinstance(control.value, bool):
        if value not in (True, False):
            raise ValueError(f"{name} must be True or False, got {value!r}")
        return bool(value)
    low, high = trait("min"), trait("max")
    if hasattr(control, "base"):
        low, high = control.base**low, control.base**high
    whole = isinstance(control.value, int)
    number = _number(value)
    slack = 1e-9 * max(abs(low), abs(high))  # a range's end may come from a computation
    if number is None or not low - slack <= number <= high + slack or (whole and number % 1):
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{name} must be {kind} from {low:g} to {high:g}, got {value!r}")
    return int(number) if whole else min(max(number, low), high)


def _number(value):
    """The value as a float, or None where it is no finite number."""
    try:
        number = float(value) if not isinstance(value, (str, bytes, bool)) else math.nan
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def apply(controls, found):
    """Give controls new values or traits, by name; each sends one message for all its traits."""
    with ExitStack() as stack:
        for name in found:
            stack.enter_context(controls[name].hold_sync())
        for name, new in found.items():
            _apply(controls[name], as_traits(new))


def _apply(control, traits):
    limits = {key: traits.pop(key) for key in ("min", "max") if key in traits}
    value = traits.pop("value", control.value)
    if limits:  # first as wide as the old and the new ones together, so that no value is cut
        control.max = max(control.max, limits.get("max", control.max))
        control.min = min(control.min, limits.get("min", control.min))
    for key, trait in traits.items():
        setattr(control, key, trait)
    control.value = value
    for key, limit in limits.items():
        setattr(control, key, limit)
    if limits or traits:
        # A page takes them one after the other: a value before its limits would be cut to the old
        # ones, and sent back. `hold_sync` sends them again in any order, which changes nothing.
        control.send_state([*traits, *limits, "value"])


def on_grid(control, value):
    """The place of a slider nearest to a value, inside its range."""
    scale = math.log(max(value, 1e-300), control.base) if hasattr(control, "base") else value
    scale = min(max(float(scale), control.min), control.max)
    scale = control.min + round((scale - control.min) / control.step) * control.step
    scale = min(round(scale, 10), control.max)
    if hasattr(control, "base"):
        return control.base**scale
    return int(scale) if isinstance(control.value, int) else scale


def at(controls, values):
    """Whether controls have these values by name, up to a slider's rounding."""
    return all(
        math.isclose(controls[name].value, value, rel_tol=1e-6)
        if isinstance(value, float)
        else controls[name].value == value
        for name, value in values.items()
    )
