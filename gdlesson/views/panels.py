"""Panels: axes in rows and columns, placed from a few heights, on a wide or a narrow page.

An explorer says which panels there are and what is written around them; how many pixels that
takes is decided here alone.
"""

from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from .glyphs import text_width
from .paper import DPI, SMALL, TITLE, legend_rows

NARROW = 680  # pixels: on a page less wide, the panels of a row are one above the other
MARGIN = 18  # right of the panels, for half of the last tick label
PAD = 8  # above the first and below the last
GAP = 14  # between the labels of a panel and the next panel; a line of text needs less
TICKS, LABEL, LINE = 20, 18, 21  # heights of the text around a panel
POINTER = 15
BESIDE = 16  # left of a frame: the tick, and the space before its label


@dataclass(frozen=True)
class Panel:
    """Axes with what is written around them.

    height: of the frame, in pixels; among panels of different heights in one row, the lower ones
    are stretched. x: label of the horizontal axis. y: what is drawn, above the frame. legend: the
    names of a legend above the frame, as given to `legend_above`. labels: the widest label left of
    the frame. width: the share of a row, compared with its other panels.
    """

    height: int
    x: str = ""
    y: str = ""
    legend: tuple = ()
    labels: str = "0000"
    width: float = 1
    gap = GAP

    @property
    def left(self):
        return BESIDE + _width(self.labels, SMALL) if self.labels else 0

    def above(self, width):
        title = TITLE if self.y or self.legend else 0
        return title + LINE * (legend_rows(self.y, self.legend, width) if self.legend else 0)

    def below(self, width):
        return TICKS + (LABEL if self.x else 0)

    def inner(self, width):
        return self.height

    def place(self, page, left, top, width, height):
        ax = page.axes(left, top, width, height)
        ax.set_xlabel(self.x)
        ax.set_title(self.y)
        return [ax]


@dataclass(frozen=True)
class Strip(Panel):
    """A low panel for a scale, with space above the frame for the pointer that moves on it."""

    height: int = 26
    labels: str = ""

    def above(self, width):
        return super().above(width) + POINTER


@dataclass(frozen=True)
class Line:
    """Empty axes as wide as the page, for lines of text: a `Formula`, or a legend of all panels.

    breaks: there is space for one more line on a narrow page, where a long formula is broken.
    """

    lines: int = 1
    width: float = 1
    breaks: bool = True
    left, gap = 0, 4

    def above(self, width):
        return 0

    below = above

    def inner(self, width):
        return LINE * (self.lines + (self.breaks and width < 600))

    def place(self, page, left, top, width, height):
        ax = page.axes(left, top, width, height)
        ax.set_axis_off()
        return [ax]


class Row:
    """Panels next to each other, their frames of one height; in a narrow figure one above the
    other, unless `together`."""

    def __init__(self, *parts, width=1, together=False):
        self.parts, self.width, self.together = parts, width, together
        self.left, self.gap = parts[0].left, GAP

    def _widths(self, width):
        parts = self.parts
        free = width - sum(part.left for part in parts[1:]) - GAP * (len(parts) - 1)
        return [free * part.width / sum(part.width for part in parts) for part in parts]

    def _most(self, what, width):
        pairs = zip(self.parts, self._widths(width), strict=True)
        return max(getattr(part, what)(each) for part, each in pairs)

    def above(self, width):
        return self._most("above", width)

    def below(self, width):
        return self._most("below", width)

    def inner(self, width):
        return self._most("inner", width)

    def place(self, page, left, top, width, height):
        placed = []
        left -= self.left
        for part, each in zip(self.parts, self._widths(width), strict=True):
            left += part.left
            placed += part.place(page, left, top, each, height)
            left += each + GAP
        return placed


class Column:
    """Panels one above the other, the left sides of their frames on one line; `turned`: next to
    each other in a narrow figure."""

    def __init__(self, *parts, width=1, turned=False):
        self.parts, self.width, self.turned = parts, width, turned
        self.left, self.gap = max(part.left for part in parts), GAP

    def above(self, width):
        return self.parts[0].above(width)

    def below(self, width):
        return self.parts[-1].below(width)

    def _between(self, width):
        """From the foot of each frame to the head of the next, in pixels."""
        pairs = zip(self.parts, self.parts[1:], strict=False)
        return [first.below(width) + first.gap + second.above(width) for first, second in pairs]

    def inner(self, width):
        return sum(part.inner(width) for part in self.parts) + sum(self._between(width))

    def place(self, page, left, top, width, height):
        between, placed = [*self._between(width), 0], []
        heights = [part.inner(width) for part in self.parts]
        stretch = (height - sum(between)) / sum(heights)
        for part, each, gap in zip(self.parts, heights, between, strict=True):
            placed += part.place(page, left, top, width, each * stretch)
            top += each * stretch + gap
        return placed


class Page:
    """The page of one picture: its width in pixels and its palette; `panels` makes its figure."""

    def __init__(self, width, palette):
        self.width, self.palette, self.figure = width, palette, None

    @property
    def narrow(self):
        return self.width < NARROW

    def panels(self, *parts):
        """Make a figure with these parts one above the other; returns its axes, in their order.

        parts: `Panel`, `Line`, `Row` and `Column`. The figure is as high as they need, and is
        never registered with pyplot.
        """
        column = Column(*(_narrowed(part) for part in parts) if self.narrow else parts)
        width = self.width - column.left - MARGIN
        top, inner = PAD + column.above(width), column.inner(width)
        self.height = top + inner + column.below(width) + PAD
        self.figure = Figure((self.width / DPI, self.height / DPI), dpi=DPI)
        return column.place(self, column.left, top, width, inner)

    def axes(self, left, top, width, height):
        """Axes with their frame at this place, in pixels from the top left."""
        across, down = self.width, self.height
        return self.figure.add_axes(
            (left / across, 1 - (top + height) / down, width / across, height / down)
        )


def _narrowed(part):
    """The part as it is on a narrow page."""
    if isinstance(part, Row) and not part.together:
        return Column(*(_narrowed(each) for each in part.parts), width=part.width)
    if isinstance(part, Column) and part.turned:
        return Row(*part.parts, width=part.width)
    if isinstance(part, Column):
        return Column(*(_narrowed(each) for each in part.parts), width=part.width)
    return part


def _width(text, size):
    return text_width(text, FontProperties(size=size), DPI)
