"""LiveFigure: a matplotlib figure whose moving artists are redrawn on a canvas in the browser.

Matplotlib draws everything that stands still once, at twice the resolution, as a picture. Each
move sends only what moves: `Recorder` lets every moving artist draw itself as usual and notes the
paths in pixels; `live.js` draws them over the picture. The figure never meets pyplot.

May import: anywidget, matplotlib, NumPy. Nothing of ours.
"""

import io
import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D
from PIL import Image

HERE = pathlib.Path(__file__).parent
SHARPNESS = 2  # picture pixels to one pixel of the page, so that stills stay sharp


@dataclass(frozen=True)
class Handle:
    """A point that can be dragged.

    artist: a Line2D whose first point is where the handle sits.
    moved: called with the new place in data coordinates, `moved(x, y)`.
    label: what a screen reader calls it. along: "xy", or "x" or "y" for one direction.
    """

    artist: Artist
    moved: Callable[[float, float], None]
    label: str
    along: str = "xy"


class LiveFigure(anywidget.AnyWidget):
    """A figure that moves as fast as the kernel answers.

    LiveFigure(figure, moving=[artists], alt="what it shows"): change the artists, then call
    `refresh()`. `alt` is shown below the picture, read aloud, and is the picture's alt text.
    """

    _esm = HERE / "live.js"
    _css = HERE / "live.css"

    alt = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    _size = traitlets.List([1, 1]).tag(sync=True)  # of the figure, in pixels of the page
    _background = traitlets.Bytes().tag(sync=True)  # PNG of all that stands still
    _scene = traitlets.List().tag(sync=True)  # styles of what moves, bottom to top
    _points = traitlets.Bytes().tag(sync=True)  # float32 x, y of every vertex, in scene order
    _codes = traitlets.Bytes().tag(sync=True)  # one matplotlib path code a vertex
    _handles = traitlets.List().tag(sync=True)  # place and label of each draggable point

    # What the browser tells: a drag, the room it has for the picture, the page's theme.
    _drag = traitlets.Dict().tag(sync=True, echo_update=False)
    room = traitlets.Int(0).tag(sync=True, echo_update=False)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True, echo_update=False)

    def __init__(self, figure, moving=(), alt="", handles=(), **kwargs):
        super().__init__(alt=alt, **kwargs)
        self.observe(self._on_drag, "_drag")
        self.show(figure, moving, handles)

    def show(self, figure, moving=(), handles=()):
        """Show this figure instead: draw its still part and what moves on it."""
        self.figure, self.moving, self.handles = figure, list(moving), list(handles)
        for artist in self.moving:
            artist.set_animated(True)  # left out of the background
        self.redraw()

    def redraw(self):
        """Draw the still part again: it changed."""
        with self.hold_sync():
            size = self.figure.get_size_inches() * self.figure.dpi
            self._size = [round(side) for side in size]
            self._background = _background(self.figure)
            self.refresh()

    def refresh(self):
        """Send what moves as it now stands; the still part stays as it was drawn."""
        recorder = Recorder(self.figure)
        with np.errstate(all="ignore"):  # a diverging path leaves the picture, and that is fine
            for artist in sorted(self.moving, key=Artist.get_zorder):
                artist.draw(recorder)
        with self.hold_sync():
            self._scene, self._points, self._codes = recorder.result()
            self._handles = [self._place(handle) for handle in self.handles]

    def still(self):
        """The whole figure as PNG, matplotlib drawing all of it: for the saved notebook."""
        with np.errstate(all="ignore"):
            return _png(_drawn(self.figure, [*self.moving]), colours=96)

    def _place(self, handle):
        xy = np.column_stack(handle.artist.get_data())[:1]
        x, y = handle.artist.axes.transData.transform(xy)[0]
        box = handle.artist.axes.bbox
        x, y = np.clip([x, y], [box.x0, box.y0], [box.x1, box.y1])
        return {
            "x": round(float(x), 2),
            "y": round(self._size[1] - float(y), 2),
            "label": handle.label,
            "along": handle.along,
        }

    def _on_drag(self, change):
        drag = change["new"]
        if self.locked or not drag or not 0 <= drag["handle"] < len(self.handles):
            return
        handle = self.handles[drag["handle"]]
        box = handle.artist.axes.bbox
        place = [drag["x"], self._size[1] - drag["y"]]
        place = np.clip(place, [box.x0, box.y0], [box.x1, box.y1])
        x, y = handle.artist.axes.transData.inverted().transform(place)
        handle.moved(float(x), float(y))


class Recorder(RendererBase):
    """A matplotlib renderer that notes every path it is asked to draw, in pixels from the top.

    Text arrives as the outlines of its glyphs, so that the browser needs no font of ours.
    """

    def __init__(self, figure):
        super().__init__()
        self.dpi = figure.dpi
        self.width, self.height = figure.get_size_inches() * figure.dpi
        self.scene, self.points, self.codes = [], [], []

    def flipy(self):
        return False  # y grows upwards here; `_note` turns it round once, for all

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def draw_path(self, gc, path, transform, rgbFace=None):
        # An open line is cut at its clip box, so that a diverging one sends no huge numbers.
        clip = gc.get_clip_rectangle()
        cut = (clip.x0, clip.y0, clip.x1, clip.y1) if clip and rgbFace is None else None
        outline = path.cleaned(transform, remove_nans=True, clip=cut, curves=True)
        self._note("path", gc, rgbFace, *_drawn_part(outline))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        marker, marker_codes = _drawn_part(marker_path.cleaned(marker_trans, curves=True))
        places = trans.transform(path.vertices)
        far = 10 * max(self.width, self.height)
        with np.errstate(invalid="ignore"):
            places = places[(np.abs(places) < far).all(axis=1)]  # also drops nan
        if len(places):
            # `result` measures from the top: a marker's own outline must only turn round.
            vertices = np.concatenate([marker + np.array([0, self.height]), places])
            codes = np.concatenate([marker_codes, np.full(len(places), Outline.MOVETO)])
            self._note("markers", gc, rgbFace, vertices, codes, marker=len(marker))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if ismath:
            return super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        outlines, codes, _ = _text(s, prop)
        scale = self.points_to_pixels(prop.get_size_in_points()) / text_to_path.FONT_SCALE
        placed = Affine2D().scale(scale).rotate_deg(angle).translate(x, y).transform(outlines)
        gc.set_linewidth(0)
        self._note("path", gc, gc.get_rgb(), placed, codes)

    def get_text_width_height_descent(self, s, prop, ismath):
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        scale = self.points_to_pixels(prop.get_size_in_points()) / text_to_path.FONT_SCALE
        _, height, descent = _tall(prop, self.dpi)
        return _text(s, prop)[2] * scale, height, descent

    def _note(self, kind, gc, face, vertices, codes, **more):
        clip = gc.get_clip_rectangle()
        offset, dashes = gc.get_dashes()
        style = {"kind": kind, "n": len(codes), **more}
        if gc.get_linewidth() > 0:
            style["stroke"] = _css(gc.get_rgb(), gc)
            style["width"] = round(self.points_to_pixels(gc.get_linewidth()), 3)
            style["join"], style["cap"] = str(gc.get_joinstyle()), _CAPS[str(gc.get_capstyle())]
            if dashes is not None:
                style["dash"] = [round(self.points_to_pixels(dash), 3) for dash in dashes]
                style["offset"] = round(self.points_to_pixels(offset), 3)
        if face is not None and len(face) and (len(face) < 4 or face[3] > 0):
            style["fill"] = _css(face, gc)
        if clip is not None:
            x, y, width, height = clip.bounds
            style["clip"] = [
                round(float(v), 2) for v in (x, self.height - y - height, width, height)
            ]
        self.scene.append(style)
        self.points.append(vertices)
        self.codes.append(codes)

    def result(self):
        """Styles, float32 points from the top left, and codes, as `LiveFigure` sends them."""
        points = np.concatenate([np.empty((0, 2)), *self.points])
        points = (points * (1, -1) + (0, self.height)).astype(np.float32)
        codes = np.concatenate([np.empty(0, np.uint8), *self.codes]).astype(np.uint8)
        return self.scene, points.tobytes(), codes.tobytes()


def _drawn_part(outline):
    """Vertices and codes without the stop at the end that `Path.cleaned` adds."""
    drawn = outline.codes != Outline.STOP
    return outline.vertices[drawn], outline.codes[drawn]


def _text(s, prop):
    """Vertices, codes and width of a line of text, put together from glyphs laid out before.

    Matplotlib lays out a whole line anew each time, which for a number that changes with every
    move costs ten times as much.
    """
    glyphs = [_glyph(char, prop) for char in s]
    widths = np.array([glyph[2] for glyph in glyphs])
    starts = np.cumsum(widths) - widths
    outlines = [glyph[0] + (x, 0) for glyph, x in zip(glyphs, starts, strict=True)]
    codes = [glyph[1] for glyph in glyphs]
    if not glyphs:
        return np.empty((0, 2)), np.empty(0, np.uint8), 0.0
    return np.concatenate(outlines), np.concatenate(codes), float(widths.sum())


@lru_cache(maxsize=2048)
def _glyph(char, prop):
    """Vertices, codes and advance of one glyph at `FONT_SCALE`."""
    outline = [np.asarray(part) for part in text_to_path.get_text_path(prop, char)]
    if not outline[0].size:  # a space
        outline = [np.empty((0, 2)), np.empty(0, np.uint8)]
    bar = text_to_path.get_text_path(prop, "|")[0]
    after = text_to_path.get_text_path(prop, char + "|")[0]
    advance = np.max(np.asarray(after)[:, 0]) - np.max(np.asarray(bar)[:, 0])
    return outline[0], outline[1].astype(np.uint8), float(advance)


@lru_cache(maxsize=64)
def _tall(prop, dpi):
    """Width, height and descent of a line with both, which all lines of a font share."""
    return text_to_path.get_text_width_height_descent("lp", prop, False) * np.array(dpi / 72)


_CAPS = {"butt": "butt", "round": "round", "projecting": "square"}


def _css(colour, gc):
    """A CSS colour: matplotlib's own rule is that a forced alpha wins over the colour's."""
    alpha = gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3]
    return to_hex((*colour[:3], 1 if alpha is None else alpha), keep_alpha=True)


def _drawn(figure, moving):
    """The figure as an RGB image at `SHARPNESS`, with `moving` artists drawn too."""
    dpi = figure.dpi
    canvas = FigureCanvasAgg(figure)
    try:
        for artist in moving:
            artist.set_animated(False)
        figure.dpi = dpi * SHARPNESS
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    finally:
        figure.dpi = dpi
        for artist in moving:
            artist.set_animated(True)


def _background(figure):
    return _png(_drawn(figure, []))


def _png(image, colours=None):
    """PNG bytes; with `colours`, of that many at most, which makes a still three times smaller."""
    if colours:
        # Maximum coverage keeps a colour that few pixels have; the median cut turns the ball grey.
        image = image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=bool(colours), compress_level=9 if colours else 1)
    return file.getvalue()


def png_size(png):
    """Width and height, in pixels of the page, of a PNG that `still` made."""
    with Image.open(io.BytesIO(png)) as image:
        return [side // SHARPNESS for side in image.size]
