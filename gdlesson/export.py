"""Save a live picture for slides: as it stands, or its path step by step.

May import: live, matplotlib, Pillow; ipywidgets for the progress bar.
"""

import io
import pathlib

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image

from .live import drawn_whole

MOST_FRAMES = 120
FRAME, LAST = 125, 1500  # milliseconds


def save_picture(live, name, overwrite=False):
    """Write the picture to a .png or .svg file; returns its path."""
    path = _free(name, overwrite, (".png", ".svg"))
    if path.suffix.lower() == ".png":
        return _write(path, live.still(), overwrite)
    file = io.BytesIO()
    with np.errstate(all="ignore"), drawn_whole(live.figure, live.moving) as figure:
        canvas = figure.canvas
        FigureCanvasSVG(figure).print_svg(file, metadata={"Title": live.alt, "Date": None})
        figure.set_canvas(canvas)
    return _write(path, file.getvalue(), overwrite)


def save_animation(live, name, overwrite=False, progress=None):
    """Write the path, step by step, to a .gif file; returns its path.

    progress: called with (frames drawn, of how many). Raises ValueError where nothing is played.
    """
    path = _free(name, overwrite, (".gif",))
    if not live.play.steps:
        raise ValueError("this picture has no path to play; save it as .png or .svg")
    count = min(live.play.steps + 1, MOST_FRAMES)
    steps = np.unique(np.linspace(0, live.play.steps, count).round().astype(int))
    report, done = (progress, lambda: None) if progress else _bar(len(steps))
    frames = []
    for image in _frames(live, steps):
        frames.append(image)
        report(len(frames), len(steps))
    file = io.BytesIO()
    durations = [FRAME] * (len(frames) - 1) + [LAST]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    done()
    return _write(path, file.getvalue(), overwrite)


def _frames(live, steps):
    """An image after each of the steps: the still part once, over it what moves."""
    canvas = FigureCanvasAgg(live.figure)
    with np.errstate(all="ignore"):
        canvas.draw()
        still = canvas.copy_from_bbox(live.figure.bbox)
        for step in steps:
            canvas.restore_region(still)
            with live.play.at(step):
                for artist in sorted(live.moving, key=Artist.get_zorder):
                    artist.draw(canvas.get_renderer())
            image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
            yield image.quantize(128, dither=Image.Dither.NONE)


def _bar(count):
    """A progress bar where a notebook can show one: what to call for each frame, and at the end."""
    from IPython import get_ipython

    if getattr(get_ipython(), "kernel", None) is None:
        return (lambda drawn, of: None), (lambda: None)
    from IPython.display import display
    from ipywidgets import IntProgress

    bar = IntProgress(0, max=count, description="drawing")
    display(bar)
    return (lambda drawn, of: setattr(bar, "value", drawn)), bar.close


def _free(name, overwrite, endings):
    path = pathlib.Path(name)
    if path.suffix.lower() not in endings:
        raise ValueError(f"a picture is saved as .png, .svg or .gif, not as {str(name)!r}")
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists already; pass overwrite=True to replace it")
    return path


def _write(path, content, overwrite):
    with path.open("wb" if overwrite else "xb") as file:
        file.write(content)
    return path
