"""Draw a figure to pixels without enlarging it. May import: matplotlib, NumPy, Pillow.

A matplotlib canvas costs each figure a renderer of 6 MB at twice the resolution, and the ticks of
its axes cost more than all its other artists. Here all figures are drawn with one renderer, which
has pixels only while it draws, and the ticks are removed after each drawing: matplotlib makes them
again from the axis' settings.
"""

import ctypes
import io
import struct
import zlib
from collections import Counter
from contextlib import contextmanager, suppress

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
        return _quick_png(_pixels(renderer))


def still(figure, moving):
    """PNG bytes of the whole figure with a palette, which makes it two to three times smaller.

    moving: the artists that `background` leaves out.
    """
    with complete(moving), agg(figure, SHARPNESS) as renderer:
        figure.draw(renderer)
        file = io.BytesIO()
        _quantized(_pixels(renderer)).save(file, "PNG", optimize=True, compress_level=9)
        return file.getvalue()


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
    # `get_width_height` of Matplotlib 3.9 makes 919 rows of 4.6 inches at 200 dots.
    _renderer.resize(*(round(side) for side in figure.bbox.size), figure.dpi)
    try:
        yield _renderer
    finally:
        figure.dpi = dpi
        release(figure)
        _renderer.resize(1, 1, dpi)
        _return_freed_memory()


def release(figure):
    """Remove from a drawn figure what the next drawing makes again."""
    for text in figure.findobj(Text):
        text._renderer = None  # a text refers to the renderer that drew it
    for ax in figure.axes:
        for contours in ax.collections:
            if isinstance(contours, ContourSet):
                contours._contour_generator = None  # its lines are computed, its grid not needed
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


class _SharedRenderer(RendererAgg):
    """A renderer that can change its size; what it has measured and parsed remains.

    A new one would measure every text and parse every formula again, as those of log axes.
    """

    def resize(self, width, height, dpi):
        """New pixels, all empty, instead of those before."""
        parser = self.mathtext_parser
        super().__init__(width, height, dpi)
        self.mathtext_parser = parser


_renderer = _SharedRenderer(1, 1, 72)


def _return_freed_memory():
    """Return freed memory to the operating system, where the C library can do it.

    Otherwise the process may keep the pixels of a picture, 6 MB or more, after they are freed.
    """
    with suppress(TypeError, OSError, AttributeError):  # not Linux, or not the GNU library
        ctypes.CDLL(None).malloc_trim(0)


def _pixels(renderer):
    """The renderer's own pixels, not a copy: uint8, (height, width, 4)."""
    return np.asarray(renderer.buffer_rgba())


def image(renderer):
    """The renderer's own pixels as an RGBA image, without copying them."""
    return Image.fromarray(_pixels(renderer))


def _strips(pixels):
    """Pixels without their alpha, a few rows at a time: uint8, (rows, width, 3)."""
    for y in range(0, len(pixels), STRIP):
        yield pixels[y : y + STRIP, :, :3]


def _quick_png(pixels):
    """PNG bytes of opaque pixels, made twice as fast as by Pillow, which tries five filters.

    A picture of lines and plain areas takes as much space without a filter. Source: the PNG
    specification, W3C 2003.
    """
    height, width = pixels.shape[:2]
    compressor, data = zlib.compressobj(1), []
    for strip in _strips(pixels):
        rows = np.zeros((len(strip), 1 + 3 * width), np.uint8)  # each begins with its filter, none
        rows[:, 1:] = strip.reshape(len(strip), -1)
        data.append(compressor.compress(rows))
    data.append(compressor.flush())
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)  # 8 bits each of three colours
    chunks = [(b"IHDR", header), (b"IDAT", b"".join(data)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )  # fmt: skip


def _quantized(pixels):
    """The picture of these pixels with a palette: frequent colours exactly, the others nearly.

    So the bands of a landscape have the shades of the live picture. It is done strip by strip,
    which needs a tenth of the memory of Pillow's own way.
    """
    counts = Counter()
    for strip in _strips(pixels):
        codes, numbers = np.unique(_codes(strip), return_counts=True)
        counts.update(dict(zip(codes.tolist(), numbers.tolist(), strict=True)))
    palette = _palette(counts)
    known = np.array(sorted(counts))
    distances = np.abs(_channels(known)[:, None] - _channels(palette)).sum(-1)
    nearest = distances.argmin(1).astype(np.uint8)
    height, width = pixels.shape[:2]
    result = Image.new("P", (width, height))
    result.putpalette(_channels(palette).astype(np.uint8).tobytes())
    for i, strip in enumerate(_strips(pixels)):
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


def _codes(pixels):
    """The colours of pixels as whole numbers, shape (height, width)."""
    red, green, blue = np.moveaxis(pixels.astype(np.int32), -1, 0)
    return red << 16 | green << 8 | blue


def _channels(codes):
    """Red, green and blue of colours that are whole numbers; shape (n, 3)."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], -1)
