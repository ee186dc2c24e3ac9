"""LiveFigure: a matplotlib figure whose moving artists are redrawn on a canvas in the browser.

Matplotlib draws everything that stands still once, at twice the resolution, as a picture. Each
move sends only what moves: `Recorder` lets every moving artist draw itself as usual and notes the
paths in pixels; `live.js` draws them over the picture. The figure never meets pyplot.

May import: recorder, playing, anywidget, matplotlib, NumPy, Pillow.
"""

import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist

from . import raster
from .playback import Play
from .recorder import FAR, Recorder

HERE = pathlib.Path(__file__).parent
# Joined: a widget's script imports no other file.
SCRIPTS = ("draw.js", "play.js", "controls.js", "live.js")


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
    `refresh()`. `alt` is shown below the picture, read aloud, and is the picture's alt text. With
    a `Play` the picture has Play, Step and a slider over the steps, which never ask the kernel.
    """

    _esm = "\n".join((HERE / name).read_text("utf-8") for name in SCRIPTS)
    _css = (HERE / "live.css").read_text("utf-8")

    colours = 96  # of a saved still; fewer make it smaller where it has few to begin with

    alt = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    _size = traitlets.List([1, 1]).tag(sync=True)  # of the figure, in pixels of the page
    _background = traitlets.Bytes().tag(sync=True)  # PNG of all that stands still
    _scene = traitlets.List().tag(sync=True)  # styles of what moves, bottom to top
    _points = traitlets.Bytes().tag(sync=True)  # float32 x, y of every vertex, in scene order
    _codes = traitlets.Bytes().tag(sync=True)  # one matplotlib path code a vertex
    _pixels = traitlets.Bytes().tag(sync=True)  # RGBA of every image, in scene order
    _handles = traitlets.List().tag(sync=True)  # place and label of each draggable point
    _play = traitlets.Dict().tag(sync=True)  # steps, and the sentence said at each
    _frames = traitlets.Bytes().tag(sync=True)  # float32 vertices, after each step, of keyframes
    _numbers = traitlets.Bytes().tag(sync=True)  # float64, the numbers of each step's sentence
    _rests = traitlets.Int(0).tag(sync=True)  # counts up: show the whole path again

    # What the browser tells: a drag, the room it has for the picture, the page's theme.
    _drag = traitlets.Dict().tag(sync=True, echo_update=False)
    room = traitlets.Int(0).tag(sync=True, echo_update=False)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True, echo_update=False)

    def __init__(self, figure, moving=(), alt="", handles=(), play=None, **kwargs):
        super().__init__(alt=alt, **kwargs)
        self.observe(self._on_drag, "_drag")
        self.show(figure, moving, handles, play)

    def show(self, figure, moving=(), handles=(), play=None):
        """Show this figure instead: draw its still part and what moves on it."""
        self.figure, self.moving, self.handles = figure, list(moving), list(handles)
        self.play = play or Play()
        for artist in self.moving:
            artist.set_animated(True)  # left out of the background
        self.redraw()

    def redraw(self):
        """Draw the still part again: it changed."""
        with self.hold_sync():
            size = self.figure.get_size_inches() * self.figure.dpi
            self._size = [round(side) for side in size]
            self._background = raster.background(self.figure)
            self.refresh()

    def refresh(self, play=None):
        """Send what moves as it now stands, and its play; the still part stays as it was drawn."""
        self.play = self.play if play is None else play
        recorder, frames = Recorder(self.figure), []
        with np.errstate(all="ignore"):  # a diverging path leaves the picture, and that is fine
            for artist in sorted(self.moving, key=Artist.get_zorder):
                first = len(recorder.scene)
                recorder.whole = artist in self.play.progressive
                artist.draw(recorder)
                how = self._how(artist, recorder, frames)
                for style in recorder.scene[first:]:
                    style.update(how)
        with self.hold_sync():
            self._scene, self._points, self._codes, self._pixels = recorder.result()
            self._handles = [self._place(handle) for handle in self.handles]
            self._play = {"steps": self.play.steps, "said": self.play.said}
            self._frames = b"".join(frame.tobytes() for frame in frames)
            self._numbers = self.play.numbers.tobytes()

    def rest(self):
        """Stop playing: show the whole path."""
        self._rests += 1

    def _how(self, artist, recorder, frames):
        """How the styles of an artist play: point by point, or by keyframes that join `frames`."""
        if artist in self.play.progressive:
            return {"progressive": self.play.progressive[artist]}
        if artist not in self.play.keyframes:
            return {}
        steps, n, _ = np.shape(self.play.keyframes[artist])
        places = artist.get_transform().transform(np.reshape(self.play.keyframes[artist], (-1, 2)))
        places[~(np.abs(places) < FAR).all(axis=1)] = np.nan
        at = sum(frame.size for frame in frames) // 2
        frames.append(recorder.from_top(places))
        return {"keyframes": [at, n, steps]}

    def still(self):
        """The whole figure as PNG, matplotlib drawing all of it: for the saved notebook."""
        with np.errstate(all="ignore"):
            return raster.still(self.figure, self.moving, self.colours)

    def _place(self, handle):
        xy = np.column_stack(handle.artist.get_data())[:1]
        at = [f"{v:.3g}".replace("-", "−") for v in xy[0]]
        x, y = handle.artist.axes.transData.transform(xy)[0]
        box = handle.artist.axes.bbox
        x, y = np.clip([x, y], [box.x0, box.y0], [box.x1, box.y1])
        return {
            "x": round(float(x), 2),
            "y": round(self._size[1] - float(y), 2),
            "label": handle.label,
            "at": {"x": at[0], "y": at[1]}.get(handle.along, f"({', '.join(at)})"),
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
