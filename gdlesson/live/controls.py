"""Controls: the sliders and choices of all explorers, in one style. May import: ipywidgets."""

import math

import ipywidgets as widgets

SUBSCRIPTS = str.maketrans("12", "₁₂")


def slider(description, value, low, high, step=0.01, width=None, **more):
    """A slider of real numbers; without a `width` in pixels it takes a whole row."""
    return widgets.FloatSlider(
        value, min=low, max=high, step=step, **_style(description, width), **more
    )


def integers(description, value, low, high, step=1, width=None):
    """A slider of whole numbers."""
    return widgets.IntSlider(value, min=low, max=high, step=step, **_style(description, width))


def powers(description, value, low, high, step, width=None, **more):
    """A slider of powers of ten, from 10^low to 10^high."""
    return widgets.FloatLogSlider(
        value, base=10, min=low, max=high, step=step, **_style(description, width), **more
    )


def stops(description, options, value, width=None):
    """A slider that has these values only."""
    return widgets.SelectionSlider(options=options, value=value, **_style(description, width))


def choice(options, value=None, description=""):
    """A row of buttons of which one is pressed: the first one, if no value is given."""
    options = list(options)
    return widgets.ToggleButtons(
        options=options,
        value=options[0] if value is None else value,
        description=description,
        style={"button_width": "auto", "description_width": "initial"},
        layout={  # the description to the left of the buttons, as with a slider, and not above
            "display": "flex",
            "flex_flow": "row wrap",
            "align_items": "center",
            "grid_gap": "0 8px",
            "width": "max-content",
            "max_width": "100%",
        },
    )


def menu(description, options, value, width):
    """A list that opens, for more values than fit into a row of buttons."""
    return widgets.Dropdown(options=options, value=value, **_style(description, width))


def dragged(far, step=0.01, **where):
    """Name → slider from −far to far, for the position of a point dragged in the picture."""
    return {
        name: slider(f"position {name.translate(SUBSCRIPTS)}", value, -far, far, step, 300)
        for name, value in where.items()
    }


def as_shown(control):
    """The value of a slider or choice as text, and its position on the slider, from 0 to 1."""
    if hasattr(control, "index"):
        last = max(len(control.options) - 1, 1)
        return str(control.label), control.index / last
    value = at = control.value
    if hasattr(control, "base"):
        at = math.log(value, control.base)
    position = (at - control.min) / (control.max - control.min)
    return format(value, control.readout_format), position


def _style(description, width):
    layout = {"width": f"{width}px"} if width else {"width": "100%", "max_width": "760px"}
    return {
        "description": description,
        "style": {"description_width": "initial"},
        "layout": layout,
    }
