"""Save a live picture for slides: as it stands, its path step by step, or a slider that moves.

May import: live, matplotlib, Pillow; ipywidgets for the progress bar.
"""

import io
import pathlib
import textwrap

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from .figure import SHARPNESS, drawn_whole

MOST_FRAMES = 120
FRAME, SLIDE, LAST = 125, 80, 1500  # milliseconds of a step, a move of a slider, the end


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
    return _write_gif(path, _frames(live, steps), len(steps), FRAME, overwrite, progress)


def save_sweep(scenes, name, overwrite=False, progress=None):
    """Write a slider that moves, its picture below it and what is said of it, to a .gif file.

    scenes: for every frame (live, name of the control, its value as shown, how far along it is
    from 0 to 1, palette). progress: called with (frames drawn, of how many).
    """
    if not str(name).lower().endswith(".gif"):
        raise ValueError(f"a slider that moves is saved as .gif, not as {str(name)!r}")
    path = _free(name, overwrite, (".gif",))
    with_readouts = [(_small(live.still()), live.alt, *slider) for live, *slider in scenes]
    if not with_readouts:
        raise ValueError("a slider that moves needs values to move through, got none")
    width = with_readouts[0][0].width
    said = [textwrap.wrap(readout, width // 8) for _, readout, *_ in with_readouts]
    lines = max(map(len, said))
    images = (
        _with_slider(picture, "\n".join(text), lines, *slider)
        for (picture, _, *slider), text in zip(with_readouts, said, strict=True)
    )
    return _write_gif(path, images, len(said), SLIDE, overwrite, progress)


def _write_gif(path, images, count, lasting, overwrite, progress):
    report, done = (progress, lambda: None) if progress else _bar(count)
    frames = []
    for image in images:
        frames.append(image)
        report(len(frames), count)
    # One palette for all, from the first, the middle and the last: what stands still costs nothing.
    width, height = frames[0].size
    few = Image.new("RGB", (width, 3 * height))
    for i, frame in enumerate((frames[0], frames[len(frames) // 2], frames[-1])):
        few.paste(frame, (0, i * height))
    palette = few.quantize(96, Image.Quantize.MAXCOVERAGE, kmeans=1)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    durations = [lasting] * (len(frames) - 1) + [LAST]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    done()
    return _write(path, file.getvalue(), overwrite)


def _small(png):
    """A still as an RGB image, of as many pixels as on the page."""
    with Image.open(io.BytesIO(png)) as still:
        size = tuple(side // SHARPNESS for side in still.size)
        return still.convert("RGB").resize(size, Image.Resampling.BOX)


def _with_slider(picture, said, lines, label, value, along, palette):
    """A picture with a slider above it, and below it what is said, in room for so many lines."""
    width, height = picture.size
    above, below = 40, 17 * lines + 16
    tall = above + height + below
    figure = Figure((width / 100, tall / 100), dpi=100, facecolor=palette.paper)
    canvas = FigureCanvasAgg(figure)
    figure.figimage(np.asarray(picture), 0, below)
    y, left, right = 1 - 24 / tall, 210 / width, 1 - 90 / width
    at = left + along * (right - left)
    for ends, colour in [((left, right), palette.faint), ((left, at), palette.path)]:
        figure.add_artist(Line2D(ends, (y, y), color=colour, lw=4, solid_capstyle="round"))
    figure.add_artist(Line2D([at], [y], marker="o", ms=14, color=palette.path, mec=palette.paper))
    words = {"color": palette.ink, "fontsize": 11}
    figure.text(left - 16 / width, y, label, ha="right", va="center", **words)
    figure.text(right + 16 / width, y, value, va="center", **words)
    figure.text(46 / width, (below - 6) / tall, said, va="top", linespacing=1.3, **words)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


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
            yield Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


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
