"""Recorder: a matplotlib renderer that records what is drawn, for a canvas to draw again.

May import: matplotlib, NumPy, and the glyphs of `views`.
"""

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from ..views.glyphs import line_size, text_outline, text_width

FAR = 1e5  # pixels; points farther away are left out
GRID = 32  # places to a pixel


class Recorder(RendererBase):
    """A matplotlib renderer that records every path it is asked to draw, in pixels from the top.

    Text is recorded as the outlines of its glyphs, so that the browser needs no font.
    """

    def __init__(self, figure):
        super().__init__()
        self.dpi = figure.dpi
        self.width, self.height = figure.get_size_inches() * figure.dpi
        self.scene, self.points, self.codes, self.images = [], [], [], []
        self.whole = False  # record every vertex of a line: a progressive one is cut at its steps

    def flipy(self):
        return False  # y grows upwards here; `from_top` turns all points at once

    def option_scale_image(self):
        return True  # the browser enlarges the pixels of an image itself

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def draw_path(self, gc, path, transform, rgbFace=None):
        if self.whole and rgbFace is None:
            line = self._near(transform.transform(path.vertices))
            codes = np.full(len(line), Outline.LINETO)
            codes[:1] = Outline.MOVETO
            return self._record("path", gc, rgbFace, line, codes)
        # An open line is cut at its clip box, so that a diverging one sends no huge numbers; one
        # pixel outside it, so that its dashes begin as in matplotlib.
        clip = gc.get_clip_rectangle()
        cut = clip.padded(1).extents if clip and rgbFace is None else None
        outline = path.cleaned(transform, remove_nans=True, clip=cut, curves=True)
        self._record("path", gc, rgbFace, *_drawn_part(outline))
        return None

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        marker, marker_codes = _drawn_part(marker_path.cleaned(marker_trans, curves=True))
        places = self._near(trans.transform(path.vertices))
        if len(places):
            # `result` measures from the top; a marker's outline must only be turned.
            vertices = np.concatenate([marker + np.array([0, self.height]), places])
            codes = np.concatenate([marker_codes, np.full(len(places), Outline.MOVETO)])
            self._record("markers", gc, rgbFace, vertices, codes, marker=len(marker))

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        place = Affine2D()
        if transform is not None:
            place = Affine2D().scale(1 / width, 1 / height) + transform
        place = place + Affine2D().translate(x, y).scale(1, -1).translate(0, self.height)
        matrix = place.get_matrix()[:2].T.ravel().round(4).tolist()
        opaque = 1.0 if gc.get_alpha() is None or transform is None else gc.get_alpha()
        self._record("image", gc, None, np.empty((0, 2)), [], image=[width, height], matrix=matrix,
                   alpha=opaque)  # fmt: skip
        self.images.append(np.ascontiguousarray(im).tobytes())

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if ismath:
            return super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        scale = self.points_to_pixels(prop.get_size_in_points()) / text_to_path.FONT_SCALE
        outlines, codes, _ = text_outline(s, prop, scale)
        placed = Affine2D().scale(scale).rotate_deg(angle).translate(x, y).transform(outlines)
        gc.set_linewidth(0)
        self._record("path", gc, gc.get_rgb(), placed, codes)

    def get_text_width_height_descent(self, s, prop, ismath):
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        _, height, descent = line_size(prop, self.dpi)
        return text_width(s, prop, self.dpi), height, descent

    def _near(self, places):
        """Places not far outside the figure; of a progressive line, up to the first far one."""
        with np.errstate(invalid="ignore"):
            near = (np.abs(places) < FAR).all(axis=1)  # nan is far
        return places[np.logical_and.accumulate(near)] if self.whole else places[near]

    def _record(self, kind, gc, face, vertices, codes, **more):
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
        """Styles, float32 points from the top left, codes and pixels, as they are sent.

        They are removed here: matplotlib's texts refer to the renderer that drew them last.
        """
        points = self.from_top(np.concatenate([np.empty((0, 2)), *self.points]))
        codes = np.concatenate([np.empty(0, np.uint8), *self.codes]).astype(np.uint8)
        result = self.scene, points.tobytes(), codes.tobytes(), b"".join(self.images)
        self.scene, self.points, self.codes, self.images = [], [], [], []
        return result

    def from_top(self, points):
        """Points in matplotlib's pixels as float32 pixels from the top left, on a fine grid.

        No eye can see less, and a state that is stored takes fewer bytes.
        """
        turned = points * (1, -1) + (0, self.height)
        return (np.round(turned * GRID) / GRID).astype(np.float32)


def _drawn_part(outline):
    """Vertices and codes without the final stop that `Path.cleaned` adds.

    The vertex of a closing line has no meaning in matplotlib; here it is the one before.
    """
    drawn = outline.codes != Outline.STOP
    vertices, codes = outline.vertices[drawn], outline.codes[drawn]
    closing = np.flatnonzero(codes == Outline.CLOSEPOLY)
    vertices[closing] = vertices[closing - 1]
    return vertices, codes


_CAPS = {"butt": "butt", "round": "round", "projecting": "square"}


def _css(colour, gc):
    """A CSS colour; as in matplotlib, a forced alpha takes precedence over the colour's own."""
    alpha = gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3]
    return to_hex((*colour[:3], 1 if alpha is None else alpha), keep_alpha=True)
