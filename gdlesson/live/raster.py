"""Draw a figure to pixels without enlarging it. May import: matplotlib, NumPy, Pillow.

A matplotlib canvas costs each figure a renderer of 6 MB at twice the resolution, and the ticks of
its axes cost more than all its other artists. Here all figures are drawn with one renderer, and
the ticks are removed after each drawing: matplotlib makes them again from the axis' settings.
"""

import io
from collections import Counter
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.contour import ContourSet
from matplotlib.text import Text
from PIL import Image

STRIP = 64  # rows
EDGES = 40  # colours of a still beside those that cover an area
SMALLEST_AREA = 2e-4  # of the picture
SHARPNESS = 2  # picture pixels to one pixel of the page, so that stills are sharp


def background(figure):
    """PNG bytes of everything in the figure that does not move."""
    with agg(figure, SHARPNESS) as renderer:
        figure.draw(renderer)
        return _png(image(renderer), compress_level=1)


def still(figure, moving):
    """PNG bytes of the whole figure with a palette, which makes it two to three times smaller.

    moving: the artists that `background` leaves out.
    """
    with complete(moving), agg(figure, SHARPNESS) as renderer:
        figure.draw(renderer)
        return _png(_quantized(image(renderer)), optimize=True, compress_level=9)


def drawn(figure, moving, sharpness=SHARPNESS):
    """The whole figure, its `moving` artists included, as an RGB image."""
    with complete(moving), agg(figure, sharpness) as renderer:
        figure.draw(renderer)
        return image(renderer).convert("RGB")


def png_size(png):
    """Width and height, in pixels of the page, of a PNG that was drawn at `SHARPNESS`."""
    with Image.open(io.BytesIO(png)) as image:
        return [side // SHARPNESS for side in image.size]


@contextmanager
def complete(moving):
    """Within the block, drawing the figure draws these artists too."""
    for artist in moving:
        artist.set_animated(False)
    try:
        yield
    finally:
        for artist in moving:
            artist.set_animated(True)


@contextmanager
def agg(figure, sharpness=1):
    """An empty renderer with so many pixels to one pixel of the page; it is shared by all figures.

    Its pixels are valid within the block only.
    """
    dpi = figure.dpi
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_clip_path(ax.patch)  # of the grid lines, which come with the ticks
    figure.dpi = dpi * sharpness
    renderer = _renderer(*figure.canvas.get_width_height(), figure.dpi)
    renderer.clear()
    try:
        yield renderer
    finally:
        figure.dpi = dpi
        release(figure)


def release(figure):
    """Remove from a drawn figure what the next drawing makes again."""
    for text in figure.findobj(Text):
        text._renderer = None  # a text refers to the renderer that drew it
    for contours in figure.findobj(ContourSet):
        contours._contour_generator = None  # its lines are computed, the grid is not needed
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            vars(axis).pop("majorTicks", None)
            vars(axis).pop("minorTicks", None)


def dismantle(figure):
    """Free a figure that is not needed any more; nothing in it can be used after this.

    Its artists refer to one another, so its memory, 1 to 2 MB, would otherwise be free only after
    a full run of the garbage collector, by when several more may have been drawn and dropped.
    """
    for ax in figure.axes:
        for part in (*ax.get_children(), ax):
            vars(part).clear()
    vars(figure).clear()


@lru_cache(maxsize=1)  # of one size at a time: pictures of one page have mostly the same
def _renderer(width, height, dpi):
    return RendererAgg(width, height, dpi)


def image(renderer):
    """The renderer's own pixels as an RGBA image, without copying them."""
    return Image.fromarray(np.asarray(renderer.buffer_rgba()))


def _png(image, **options):
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def _quantized(picture):
    """The picture with a palette: frequent colours exactly, the others nearly.

    So the bands of a landscape have the shades of the live picture. It is done strip by strip,
    which needs a tenth of the memory of Pillow's own way.
    """
    width, height = picture.size
    strips = [picture.crop((0, y, width, min(y + STRIP, height))) for y in range(0, height, STRIP)]
    counts = Counter()
    for strip in strips:
        codes, numbers = np.unique(_codes(strip), return_counts=True)
        counts.update(dict(zip(codes.tolist(), numbers.tolist(), strict=True)))
    palette = _palette(counts)
    known = np.array(sorted(counts))
    distances = np.abs(_channels(known)[:, None] - _channels(palette)).sum(-1)
    nearest = distances.argmin(1).astype(np.uint8)
    result = Image.new("P", picture.size)
    result.putpalette(_channels(palette).astype(np.uint8).tobytes())
    for i, strip in enumerate(strips):
        rows = nearest[np.searchsorted(known, _codes(strip))]
        result.paste(Image.fromarray(rows, "P"), (0, i * STRIP))
    return result


def _palette(counts):
    """The codes of the colours of a still, from the codes of a picture and how often each occurs.

    Every colour that covers an area, and some for the edges of what is drawn on it.
    """
    if len(counts) <= EDGES:
        return np.array(sorted(counts))
    area = counts.total() * SMALLEST_AREA
    exact = [code for code, n in counts.most_common(128 - EDGES) if n > area]
    others = Image.new("RGB", (len(counts), 1))
    others.putdata([tuple(rgb) for rgb in _channels(np.array(sorted(counts))).tolist()])
    covering = others.quantize(EDGES, Image.Quantize.MAXCOVERAGE).getpalette()
    covering = np.reshape(covering, (-1, 3)) @ (1 << 16, 1 << 8, 1)
    return np.union1d(exact, covering)


def _codes(picture):
    """The colours of an RGBA image as whole numbers, shape (height, width)."""
    red, green, blue = np.moveaxis(np.asarray(picture)[..., :3].astype(np.int32), -1, 0)
    return red << 16 | green << 8 | blue


def _channels(codes):
    """Red, green and blue of colours that are whole numbers; shape (n, 3)."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], -1)
