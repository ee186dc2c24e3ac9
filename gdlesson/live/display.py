"""What a notebook cell shows, and how it is freed again. May import: raster, IPython, ipywidgets.

IPython refers to everything that a cell displayed (`Out`), and ipywidgets to every open widget. So
a picture stays in memory for as long as the kernel runs, unless it is closed.
"""

import base64

import ipywidgets as widgets
from IPython import get_ipython

from .raster import png_size

_shown = {}  # the identifier of a cell → that of its last run, and the pictures shown by it


def bundle(box, png, text):
    """The data and metadata of an output: its widgets, its still picture and its text."""
    size = dict(zip(("width", "height"), png_size(png), strict=True))
    still = {"text/plain": text, "image/png": base64.b64encode(png).decode()}
    return {**box._repr_mimebundle_(), **still}, {"image/png": {**size, "alt": text}}


def close_earlier(picture):
    """Note that the running cell shows this picture; close what its earlier run showed.

    picture: has `close()`. What another cell shows too remains open. Nothing happens if the
    page does not identify the running cell, as in a script.
    """
    cell, run = _running()
    if cell is None:
        return
    last_run, pictures = _shown.get(cell, (run, []))
    _shown[cell] = run, [picture] if run != last_run else [*pictures, picture]
    open_ones = {id(each) for _, shown in _shown.values() for each in shown}
    for each in pictures:
        if id(each) not in open_ones:
            each.close()


def _running():
    """Identifiers of the running cell and of this run of it, or None and None."""
    message = getattr(get_ipython(), "get_parent", dict)() or {}
    cell = message.get("metadata", {}).get("cellId")
    return (cell, message["header"]["msg_id"]) if cell else (None, None)


def close_widgets(*roots):
    """Close widgets and all others in them: children, layouts and styles, which stay open alone."""
    for widget in roots:
        if widget.comm is None:
            continue  # closed before, and others may share it
        inner = [getattr(widget, name) for name in widget.keys]
        widget.unobserve_all()
        widget.close()
        for value in inner:
            parts = value if isinstance(value, list | tuple) else [value]
            close_widgets(*(part for part in parts if isinstance(part, widgets.Widget)))
