"""Directions on a surface: the slope in each of them, and axes that can be turned."""

import numpy as np

from .paper import NORMAL

DEGREES = np.arange(0, 361, 5)


class SlopeInDirections:
    """The slope of a surface at one point, over the direction in which it is measured.

    As a share of the steepest slope. A triangle is at the direction of minus the gradient, squares
    at the two level ones, both only if the gradient is not 0, and `.here`, which can be dragged,
    at a direction of choice.
    """

    ticks = ("lowest", "0", "highest")

    def __init__(self, ax, palette):
        ax.set(xlim=(0, 360), ylim=(-1.15, 1.15), xticks=range(0, 361, 90), yticks=(-1, 0, 1))
        ax.set_xticklabels([f"{degrees}°" for degrees in range(0, 361, 90)])
        ax.set_yticklabels(self.ticks)
        ax.grid(axis="y")
        (self.curve,) = ax.plot([], [], "-", color=palette.ink, lw=1.6, zorder=3)
        (self.level,) = ax.plot([], [], "s", color=palette.paper, ms=7, mec=palette.ink, mew=1.4,
                                clip_on=False, zorder=4)  # fmt: skip
        (self.down,) = ax.plot([], [], "v", color=palette.ball, ms=10, mec=palette.paper, mew=1,
                               clip_on=False, zorder=5)  # fmt: skip
        (self.here,) = ax.plot([], [], "o", color=palette.other, ms=11, mec=palette.paper, mew=1.6,
                               clip_on=False, zorder=6)  # fmt: skip
        self.moving = [self.curve, self.level, self.down, self.here]
        self.keyframes = {}

    def update(self, g, direction):
        """g: (n, 2), the gradients at n points, none of them 0 but all; direction: in degrees."""
        steepest = np.degrees(np.arctan2(g[:, 1], g[:, 0]))
        size = np.any(g != 0, axis=1)[:, None]

        def points(degrees):
            degrees = np.broadcast_to(degrees, (len(g), np.shape(degrees)[-1]))
            slopes = size * np.cos(np.radians(degrees - steepest[:, None]))
            return np.stack([degrees, slopes], axis=2)

        level = (steepest[:, None] + (90, 270)) % 360
        lines = {self.curve: points(DEGREES), self.here: points([direction])}
        down = (steepest[:, None] + 180) % 360
        marks = slice(None) if g.any() else slice(0)  # on a flat line no direction is special
        lines |= {self.level: points(level)[:, marks], self.down: points(down)[:, marks]}
        for line, each in lines.items():
            line.set_data(*each[0].T)
        self.keyframes = lines


class TurnedAxes:
    """Two axes at right angles through the origin, and the coordinates of a point in them.

    A circle and a triangle are at the feet of the point on the first and the second axis. They
    are grey where the colours would mean something else.
    """

    names = ("u₁", "u₂")

    def __init__(self, ax, palette):
        self.ax, self.grey = ax, palette.faint
        self.colours = palette.path, palette.other
        self.axes, self.drops, self.feet, self.labels = [], [], [], []
        styles = ("-", "o", self.colours[0]), ("--", "^", self.colours[1])
        for name, (dash, marker, colour) in zip(self.names, styles, strict=True):
            self.axes += ax.plot([], [], dash, color=colour, lw=1.8, zorder=2.6)
            self.drops += ax.plot([], [], ":", color=palette.ink, lw=1.4, zorder=2.7)
            self.feet += ax.plot([], [], marker, color=colour, ms=8, mec=palette.paper, mew=1,
                                 zorder=5.2)  # fmt: skip
            label = ax.annotate(name, (0, 0), (0, 0), textcoords="offset points", ha="center",
                                va="center", color=colour, fontsize=NORMAL, zorder=5)  # fmt: skip
            self.labels.append(label)
        self.moving = [*self.axes, *self.drops, *self.feet, *self.labels]
        self.keyframes = {}

    def update(self, points, angle, grey=False):
        """points: (n, 2), the first is where the ball is. angle: of the first axis, in radians."""
        for parts in (self.axes, self.feet, self.labels):
            for part, colour in zip(parts, self.colours, strict=True):
                part.set_color(self.grey if grey else colour)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        x, y = self.ax.get_xlim()[1], self.ax.get_ylim()[1]
        self.keyframes = {}
        for i, axis in enumerate(turn):
            across = np.array([-axis[1], axis[0]])
            reach = min((side / abs(part) for side, part in zip((x, y), axis, strict=True)
                         if abs(part) > 1e-9))  # fmt: skip
            self.axes[i].set_data(*np.outer(axis, (-reach, reach)))
            self.labels[i].xy = 0.9 * reach * axis + 0.07 * y * across
            feet = (points @ axis)[:, None] * axis
            self.feet[i].set_data(*feet[:1].T)
            self.drops[i].set_data(*np.stack([points[0], feet[0]]).T)
            self.keyframes[self.feet[i]] = feet[:, None]
            self.keyframes[self.drops[i]] = np.stack([points, feet], axis=1)
