"""Save a live picture for slides: still, its path step by step, or with a moving slider.

May import: raster, matplotlib, Pillow; ipywidgets and IPython for the progress bar.
"""

import io
import pathlib
import textwrap

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from . import raster

MOST_FRAMES = 120
STEP, SLIDE, LAST = 125, 80, 1500  # milliseconds of a step, a move of a slider, the last frame


def save(live, name, overwrite=False, progress=None):
    """Write the picture to a .png or .svg file, or its path to a .gif file; returns the path."""
    if str(name).lower().endswith(".gif"):
        return save_animation(live, name, overwrite, progress)
    return save_picture(live, name, overwrite)


def save_picture(live, name, overwrite=False):
    """Write the picture to a .png or .svg file; returns its path."""
    path = _new_path(name, overwrite, (".png", ".svg"))
    if path.suffix.lower() == ".png":
        return _write(path, live.still(), overwrite)
    file, canvas, dpi = io.BytesIO(), live.figure.canvas, live.figure.dpi
    with np.errstate(all="ignore"), raster.complete(live.moving):
        try:
            svg = FigureCanvasSVG(live.figure)
            svg.print_svg(file, metadata={"Title": live.alt, "Date": None})
        finally:  # SVG has 72 dots per inch, and sets the figure to it
            live.figure.set_canvas(canvas)
            live.figure.dpi = dpi
            raster.release(live.figure)
    return _write(path, file.getvalue(), overwrite)


def save_animation(live, name, overwrite=False, progress=None):
    """Write the path, step by step, to a .gif file; returns its path.

    progress: called with (frames drawn, number of frames). Raises ValueError if there is no path.
    """
    path = _new_path(name, overwrite, (".gif",))
    if not live.play.steps:
        raise ValueError("this picture has no path to play; save it as .png or .svg")
    count = min(live.play.steps + 1, MOST_FRAMES)
    steps = np.unique(np.linspace(0, live.play.steps, count).round().astype(int))
    return _write_gif(path, _frames(live, steps), len(steps), STEP, overwrite, progress)


def save_sweep(scenes, name, overwrite=False, progress=None):
    """Write a moving slider, with the picture and its readout below, to a .gif file.

    scenes: for each frame (live, name of the control, its value as text, its position on the
    slider from 0 to 1, palette). progress: called with (frames drawn, number of frames). Raises
    ValueError for another ending, and if there are no scenes.
    """
    if not str(name).lower().endswith(".gif"):
        raise ValueError(f"a slider that moves is saved as .gif, not as {str(name)!r}")
    path = _new_path(name, overwrite, (".gif",))
    pictures = [(_page_image(live.still()), live.alt, *slider) for live, *slider in scenes]
    if not pictures:
        raise ValueError("a slider that moves needs values to move through, got none")
    width = pictures[0][0].width
    characters = int((width - 64) / 7.8)  # between the margins, in the font of the readout
    texts = [textwrap.wrap(readout, characters) for _, readout, *_ in pictures]
    lines = max(map(len, texts))
    images = (
        _with_slider(picture, "\n".join(text), lines, *slider)
        for (picture, _, *slider), text in zip(pictures, texts, strict=True)
    )
    return _write_gif(path, images, len(texts), SLIDE, overwrite, progress)


def _write_gif(path, images, count, duration, overwrite, progress):
    report, done = (progress, lambda: None) if progress else _progress_bar(count)
    frames = []
    for image in images:
        frames.append(image)
        report(len(frames), count)
    # One palette for all: then what does not move takes no space.
    palette = _palette([frames[0], frames[len(frames) // 2], frames[-1]])
    frames = [_indexed(frame, palette) for frame in frames]
    file = io.BytesIO()
    durations = [duration] * (len(frames) - 1) + [LAST]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    done()
    return _write(path, file.getvalue(), overwrite)


def _palette(frames, size=128):
    """The most frequent colours of frames, (size, 3); a mean of several would be seen in areas."""
    pixels = np.concatenate([_codes(frame).ravel() for frame in frames])
    codes, counts = np.unique(pixels, return_counts=True)
    return _colours(codes[np.argsort(-counts, kind="stable")[:size]])


def _indexed(image, palette):
    """An image in the nearest colours of a palette; Pillow takes others that are only near."""
    codes, where = np.unique(_codes(image), return_inverse=True)
    distances = (palette**2).sum(1) - 2 * _colours(codes) @ palette.T
    indices = distances.argmin(1).astype(np.uint8)[where].reshape(image.height, image.width)
    indexed = Image.fromarray(indices, "P")
    indexed.putpalette(palette.astype(np.uint8).tobytes())
    return indexed


def _codes(image):
    """One number for the colour of each pixel."""
    return np.asarray(image, int) @ (65536, 256, 1)


def _colours(codes):
    return (codes[:, None] >> (16, 8, 0) & 255).astype(float)


def _page_image(png):
    """A still as an RGB image, with one pixel for each pixel of the page."""
    with Image.open(io.BytesIO(png)) as still:
        size = tuple(side // raster.SHARPNESS for side in still.size)
        return still.convert("RGB").resize(size, Image.Resampling.BOX)


def _with_slider(picture, text, lines, label, value, position, palette):
    """A picture with a slider above it and a text of at most so many lines below it."""
    width, height = picture.size
    above, below = 40, 17 * lines + 16
    tall = above + height + below
    figure = Figure((width / 100, tall / 100), dpi=100, facecolor=palette.paper)
    figure.figimage(np.asarray(picture), 0, below)
    y, left, right = 1 - 24 / tall, 210 / width, 1 - 90 / width
    at = left + position * (right - left)
    for ends, colour in [((left, right), palette.faint), ((left, at), palette.path)]:
        figure.add_artist(Line2D(ends, (y, y), color=colour, lw=4, solid_capstyle="round"))
    figure.add_artist(Line2D([at], [y], marker="o", ms=14, color=palette.path, mec=palette.paper))
    style = {"color": palette.ink, "fontsize": 11}
    figure.text(left - 16 / width, y, label, ha="right", va="center", **style)
    figure.text(right + 16 / width, y, value, va="center", **style)
    figure.text(46 / width, (below - 6) / tall, text, va="top", linespacing=1.3, **style)
    return raster.drawn(figure, [], sharpness=1)


def _frames(live, steps):
    """An image after each step: the background drawn once, and over it the moving artists."""
    with np.errstate(all="ignore"), raster.agg(live.figure) as renderer:
        live.figure.draw(renderer)
        still = renderer.copy_from_bbox(live.figure.bbox)
        for step in steps:
            renderer.restore_region(still)
            with live.play.at(step):
                for artist in sorted(live.moving, key=Artist.get_zorder):
                    artist.draw(renderer)
            yield raster.image(renderer).convert("RGB")


def _progress_bar(count):
    """In a notebook, show a progress bar; what to call after each frame and at the end."""
    from IPython import get_ipython

    if getattr(get_ipython(), "kernel", None) is None:
        return (lambda drawn, count: None), (lambda: None)
    from IPython.display import display
    from ipywidgets import IntProgress

    bar = IntProgress(0, max=count, description="drawing")
    display(bar)
    return (lambda drawn, count: setattr(bar, "value", drawn)), bar.close


def _new_path(name, overwrite, endings):
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
