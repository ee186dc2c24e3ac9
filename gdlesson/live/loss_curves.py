"""Loss curves as SVG text, the same to the letter on every machine. May import: NumPy.

A question's picture is sent with its text and saved inside a notebook's HTML, where matplotlib's
PNG would neither follow the theme of the page nor fit a narrow one.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..formatting import listed, significant

# Okabe and Ito's colours, darkened or lightened until each has a contrast of 3 on white and on the
# black of a dark page; the dashes are for eyes that cannot tell the colours apart.
STYLES = (
    ("#0072b2", ""),
    ("#d55e00", "9 4"),
    ("#00936b", "2.5 4"),
    ("#b5658f", "12 4 2.5 4"),
    ("currentColor", "20 5"),
    ("#8f7d00", "6 3 2 3 2 3"),
    ("#8a63d2", "16 3 6 3"),
    ("#7d7d7d", "5 2"),
)
INK, PAPER = "#1f2933", "#ffffff"
DECADES = 8  # below the highest start: further down a curve leaves the picture
ABOVE = 4  # decades, the same for curves that grow
NEAR, FAR = 0.9, 2.4  # from the last step to the letters, in heights of text; far with leader lines
MOVED = 0.5  # of its height: a letter that far above or below its curve's end has a leader line
TICKS = 5  # on an axis, at most


def picture(curves, width=600, height=300, size=14, saved=False):
    """Return the SVG of losses against steps on a logarithmic axis, a letter at each curve's end.

    curves: letter → losses (steps + 1,). width, height and size, that of the text, in pixels.
    saved: with a white background and dark text of its own, for a viewer whose theme is unknown.
    A loss of 0 or below leaves the picture at the bottom, one that is not finite at the top.
    """
    frame = _Frame.around(curves, width, height, size)
    names = {} if len(curves) == 1 else frame.names(curves)
    ink, paper = (INK, PAPER) if saved else ("currentColor", "var(--jp-layout-color0, Canvas)")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{described(curves)}" font-family="system-ui, sans-serif" '
        f'font-size="{size}" fill="{ink}" color="{ink}"'
        + (f' width="{width}" height="{height}">' if saved else ">")
    ]
    if saved:
        parts.append(f'<rect width="{width}" height="{height}" fill="{paper}"/>')
    parts += frame.axes()
    parts.append(  # an SVG in an SVG cuts off what leaves it
        f'<svg x="{frame.left}" y="{frame.top}" width="{frame.wide}" height="{frame.high}" '
        f'viewBox="{frame.left} {frame.top} {frame.wide} {frame.high}" overflow="hidden">'
    )
    for (colour, dash), losses in zip(STYLES, curves.values(), strict=False):
        line = _line(frame.points(losses), whole=saved)
        parts.append(
            f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="2.2" '
            f'stroke-linejoin="round" stroke-dasharray="{dash or "none"}"/>'
        )
    parts.append("</svg>")
    for (colour, _), letter in zip(STYLES, curves, strict=False):
        if letter in names:
            x, y = names[letter]
            if leader := frame.leader(curves[letter], x, y):
                parts.append(f'<path d="{leader}" fill="none" stroke="{colour}"/>')
            parts.append(
                f'<text x="{x:.1f}" y="{y:.1f}" font-weight="700" text-anchor="middle" '
                f'dominant-baseline="central" fill="{colour}" stroke="{paper}" stroke-width="4" '
                f'paint-order="stroke">{letter}</text>'
            )
    return "".join([*parts, "</svg>"])


def _line(points, whole):
    """A path through the points, to a tenth of a pixel or, a third as long, to whole ones."""
    scale = 1 if whole else 10
    places = np.rint(scale * np.array(points)).astype(int)
    steps = np.diff(places, axis=0)
    if whole:  # then several points may lie on one pixel
        steps = steps[steps.any(axis=1)]
    moves = "".join(f"l{dx / scale:g} {dy / scale:g}" for dx, dy in steps).replace(" -", "-")
    return f"M{places[0, 0] / scale:g} {places[0, 1] / scale:g}{moves}"


def described(curves):
    """Return what a picture of losses shows, in numbers, for those who cannot see it."""
    lines = "; ".join(f"{letter}: {_in_numbers(losses)}" for letter, losses in curves.items())
    if len(curves) == 1:
        return f"A curve of the loss: {lines.partition(': ')[2]}."
    return f"Curves of the loss, {listed(list(curves))}. {lines}."


def _in_numbers(losses):
    last = len(losses) - 1
    at = sorted({0, min(10, last // 3 or 1), last}) if last else [0]
    return ", ".join(f"{significant(float(losses[t]), 2)} at step {t}" for t in at)


@dataclass(frozen=True)
class _Frame:
    """Where the axes are, in pixels, and which losses, as powers of ten, they span."""

    left: int
    top: int
    wide: int
    high: int
    size: int
    last: int
    low: int
    up: int
    column: float = NEAR

    @classmethod
    def around(cls, curves, width, height, size):
        """With a wider margin if letters at the last step need leader lines."""
        low, up = _decades(curves.values())
        last = max(1, max(len(losses) for losses in curves.values()) - 1)
        left, top = round(4.3 * size), 2 * size
        right, below = 2 * size, round(3 * size)
        high = height - top - below
        frame = cls(left, top, width - left - right, high, size, last, low, up)
        if len(curves) > 1 and frame.crowded(curves):
            frame = replace(frame, wide=frame.wide - round((FAR - NEAR) * size), column=FAR)
        return frame

    @property
    def right(self):
        return self.left + self.wide

    @property
    def bottom(self):
        return self.top + self.high

    def x(self, step):
        return self.left + self.wide * step / self.last

    def y(self, power):
        return self.bottom - self.high * (power - self.low) / (self.up - self.low)

    def points(self, losses):
        """Places of the losses; those that no axis shows are above or below the frame."""
        powers = np.clip(_powers(losses), self.low - 2, self.up + 2)
        return [(self.x(t), self.y(power)) for t, power in enumerate(powers)]

    def names(self, curves):
        """Letter → place next to where its curve ends or leaves the frame, none upon another."""
        ends = {letter: self._end(self.points(losses)) for letter, losses in curves.items()}
        gap, size = 1.15 * self.size, self.size
        inside = {  # those that leave the frame earlier have their letters in a row
            edge: {c: x + 0.8 * size for c, (x, y) in ends.items() if y == edge and x < self.right}
            for edge in (self.top, self.bottom)
        }
        in_row = {c for row in inside.values() for c in row}
        short = {  # those that end before the last step have them at their own ends
            c: x + 0.9 * size for c, (x, _) in ends.items() if x < self.right and c not in in_row
        }
        column = {c: y for c, (_, y) in ends.items() if c not in in_row | set(short)}
        places = {
            c: (self.right + self.column * size, y)
            for c, y in _apart(column, gap, self.top, self.bottom).items()
        }
        spread = _apart(short, gap, self.left + size, self.right - size)
        places |= {c: (x, ends[c][1]) for c, x in spread.items()}
        for edge, row in inside.items():
            y = edge + (0.8 if edge == self.top else -0.8) * size
            spread = _apart(row, gap, self.left + size, self.right - size)
            places |= {c: (x, y) for c, x in spread.items()}
        return places

    def crowded(self, curves):
        """Whether a letter at the last step is not at the height of its curve's end."""
        ends = {letter: self._end(self.points(losses)) for letter, losses in curves.items()}
        return any(
            ends[letter][0] == self.right and abs(y - ends[letter][1]) > MOVED * self.size
            for letter, (_, y) in self.names(curves).items()
        )

    def leader(self, losses, x, y):
        """The line from a curve's end at the last step to its letter at (x, y), if they are far."""
        end_x, end_y = self._end(self.points(losses))
        if self.column == NEAR or end_x < self.right:
            return ""
        near = x - 0.5 * self.size
        return f"M{self.right + 2} {end_y:.1f}L{near - 4:.1f} {y:.1f}H{near:.1f}"

    def _end(self, points):
        """The last point, or the one on the frame where the curve leaves it for good."""
        seen = [self.top <= y <= self.bottom for _, y in points]
        if not any(seen):
            return points[0][0], self.top if points[0][1] < self.top else self.bottom
        t = len(seen) - 1 - seen[::-1].index(True)
        x, y = points[t]
        if t == len(points) - 1:
            return x, y
        next_x, next_y = points[t + 1]
        edge = self.top if next_y < self.top else self.bottom
        return x + (next_x - x) * (edge - y) / (next_y - y), edge

    def axes(self):
        """The frame, its grid, ticks and names, as SVG."""
        faint = 'stroke="currentColor" stroke-opacity="0.22"'
        parts = []
        for power in _ticks(self.low, self.up, (1, 2, 3, 4, 6)):
            y = f"{self.y(power):.1f}"
            parts.append(f'<path d="M{self.left} {y}H{self.right}" {faint}/>')
            parts.append(
                f'<text x="{self.left - 7}" y="{y}" text-anchor="end" '
                f'dominant-baseline="central">{significant(10.0**power)}</text>'
            )
        for step in _ticks(0, self.last, (1, 2, 5)):
            x = f"{self.x(step):.1f}"
            parts.append(f'<path d="M{x} {self.bottom}v5" stroke="currentColor"/>')
            parts.append(
                f'<text x="{x}" y="{self.bottom + 6 + 0.6 * self.size:.1f}" text-anchor="middle" '
                f'dominant-baseline="central">{step}</text>'
            )
        axis = f"M{self.left} {self.top}V{self.bottom}H{self.right}"
        parts.append(f'<path d="{axis}" fill="none" stroke="currentColor"/>')
        parts.append(f'<text x="{self.left - 7}" y="{self.size}">loss (log scale)</text>')
        middle = self.left + self.wide // 2
        parts.append(
            f'<text x="{middle}" y="{self.bottom + 2.7 * self.size:.1f}" '
            'text-anchor="middle">step</text>'
        )
        return parts


def _powers(losses):
    """The logarithm of losses to base 10; +∞ where they are not finite, −∞ where not positive."""
    losses = np.asarray(losses, float)
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(losses), np.log10(np.maximum(losses, 0)), np.inf)


def _decades(curves):
    """The powers of ten between which the axis runs."""
    powers = [_powers(losses) for losses in curves]
    seen = [finite for p in powers if (finite := p[np.isfinite(p)]).size]
    if not seen:
        return 0, 1
    start = max(p[0] for p in seen)
    low = max(min(p.min() for p in seen), start - DECADES)
    up = min(max(p.max() for p in seen), start + ABOVE)
    # rounded first: a loss of 1 may be 0.9999999999999999 on another machine
    low, up = int(np.floor(round(low, 6))), int(np.ceil(round(up, 6)))
    up = min(max(up, low + 1), 308)  # there is no larger power of ten
    return min(low, up - 1), up


def _ticks(low, high, sizes):
    """The multiples from low to high of the smallest size, times a power of 10, that are few."""
    for size in (10**k * each for k in range(9) for each in sizes):
        ticks = range(-(-low // size) * size, high + 1, size)
        if len(ticks) <= TICKS:
            return ticks


def _apart(places, gap, low, high):
    """Places moved as little as needed, from low to high, so that neighbours are `gap` apart."""
    order = sorted(places, key=lambda name: (places[name], name))
    moved = []
    for name in order:  # push away from the one before, then back from the end
        moved.append(max(places[name], moved[-1] + gap if moved else low))
    limit = high
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = limit = min(moved[i], limit)
        limit -= gap
    return dict(zip(order, moved, strict=True))
