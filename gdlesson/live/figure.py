"""LiveFigure: a matplotlib figure whose moving artists are redrawn on a canvas in the browser.

Matplotlib draws everything that does not move once, at twice the resolution, as a picture. Each
move sends only the moving artists: `Recorder` lets them draw themselves as usual and records their
paths in pixels; `live.js` draws these over the picture. The figure is not registered with pyplot.

May import: raster, recorder, playback, anywidget, matplotlib, NumPy.
"""

import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist

from ..formatting import significant
from . import raster
from .playback import Play
from .recorder import FAR, Recorder

HERE = pathlib.Path(__file__).parent
# Joined, because a widget's script cannot import another file.
SCRIPTS = ("draw.js", "play.js", "controls.js", "live.js")


@dataclass(frozen=True)
class Handle:
    """A point that can be dragged.

    artist: a Line2D whose first point is the position of the handle.
    moved: called with the new position in data coordinates, `moved(x, y)`.
    label: its name for screen readers. along: "xy", or "x" or "y" for one direction.
    """

    artist: Artist
    moved: Callable[[float, float], None]
    label: str
    along: str = "xy"


class LiveFigure(anywidget.AnyWidget):
    """A matplotlib figure in a notebook whose moving artists follow every change at once.

    LiveFigure(figure, moving=[artists], alt="what it shows"): change the artists, then call
    `refresh()`. `alt` is shown below the picture, read aloud, and is the picture's alt text. With
    a `Play` there are buttons and a slider for its steps, which work without the kernel.
    """

    _esm = "\n".join((HERE / name).read_text("utf-8") for name in SCRIPTS)
    _css = (HERE / "live.css").read_text("utf-8")

    alt = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    _size = traitlets.List([1, 1]).tag(sync=True)  # of the figure, in pixels of the page
    _background = traitlets.Bytes().tag(sync=True)  # PNG of everything that does not move
    _scene = traitlets.List().tag(sync=True)  # styles of what moves, bottom to top
    _points = traitlets.Bytes().tag(sync=True)  # float32 x, y of every vertex, in scene order
    _codes = traitlets.Bytes().tag(sync=True)  # one matplotlib path code per vertex
    _pixels = traitlets.Bytes().tag(sync=True)  # RGBA of every image, in scene order
    _handles = traitlets.List().tag(sync=True)  # position and label of each draggable point
    _play = traitlets.Dict().tag(sync=True)  # number of steps, and the text of a step
    _frames = traitlets.Bytes().tag(sync=True)  # float32 vertices, after each step, of keyframes
    _numbers = traitlets.Bytes().tag(sync=True)  # float64, the numbers in each step's text
    _stops = traitlets.Int(0).tag(sync=True)  # counts calls of `stop`

    # Sent by the browser: a drag, the width available for the picture, the page's theme.
    _drag = traitlets.Dict().tag(sync=True, echo_update=False)
    available_width = traitlets.Int(0).tag(sync=True, echo_update=False)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True, echo_update=False)

    def __init__(self, figure, moving=(), alt="", handles=(), play=None, **kwargs):
        super().__init__(alt=alt, **kwargs)
        self.observe(self._on_drag, "_drag")
        self.show(figure, moving, handles, play)

    def show(self, figure, moving=(), handles=(), play=None):
        """Show this figure instead of the one before."""
        self.figure, self.moving, self.handles = figure, list(moving), list(handles)
        self.play = play or Play()
        for artist in self.moving:
            artist.set_animated(True)  # left out of the background
        self.redraw()

    def redraw(self):
        """Draw the background again, after a change of what does not move."""
        with self.hold_sync():
            size = self.figure.get_size_inches() * self.figure.dpi
            self._size = [round(side) for side in size]
            self._background = raster.background(self.figure)
            self.refresh()

    def refresh(self, play=None):
        """Send the moving artists in their present state, and how they are played."""
        self.play = self.play if play is None else play
        recorder, frames = Recorder(self.figure), []
        with np.errstate(all="ignore"):  # a diverging path may leave the picture
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
            self._play = {"steps": self.play.steps, "text": self.play.text}
            self._frames = b"".join(frame.tobytes() for frame in frames)
            self._numbers = self.play.numbers.tobytes()

    def stop(self):
        """Stop playing, and show the whole path."""
        self._stops += 1

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
        """PNG bytes of the whole figure, drawn by matplotlib: for the saved notebook."""
        with np.errstate(all="ignore"):
            return raster.still(self.figure, self.moving)

    def _place(self, handle):
        xy = np.column_stack(handle.artist.get_data())[:1]
        at = [significant(float(v)) for v in xy[0]]
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
