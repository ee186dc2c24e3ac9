"""Lines of text put together from the outlines of their glyphs. Imports matplotlib and NumPy."""

from functools import lru_cache

import numpy as np
from matplotlib.textpath import text_to_path


def text_width(s, prop, dpi):
    """Width in pixels of a line of text."""
    scale = prop.get_size_in_points() * dpi / 72 / text_to_path.FONT_SCALE
    return text_outline(s, prop, scale)[2] * scale


def text_outline(s, prop, scale):
    """Vertices, codes and width of a line of text, put together from glyphs laid out before.

    Matplotlib lays out a whole line anew each time, which for a number that changes with every
    move costs ten times as much. A glyph is half pixels wide, as in a still of twice the sharpness.
    """
    glyphs = [_glyph(char, prop) for char in s]
    widths = np.array([glyph[2] for glyph in glyphs])
    widths = np.round(2 * scale * widths) / (2 * scale)
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
def line_size(prop, dpi):
    """Width, height and descent of a line with both, which all lines of a font share."""
    return text_to_path.get_text_width_height_descent("lp", prop, False) * np.array(dpi / 72)
