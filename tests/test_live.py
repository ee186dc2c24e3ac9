"""LiveFigure without a browser: what is sent is what matplotlib would draw."""

import gc
import io
import subprocess
import sys
import warnings

import numpy as np
import pytest
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from gdlesson.explorers import catalogue as explorers
from gdlesson.explorers import step_size
from gdlesson.live import export, raster
from gdlesson.live.figure import Handle, LiveFigure, Recorder
from gdlesson.live.playback import Play
from gdlesson.views import LIGHT, styled


@pytest.fixture
def axes():
    """Axes that fill a figure of 400 × 200 pixels, data from 0 to 4 and 0 to 2."""
    figure = Figure((4, 2), dpi=100)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 4), ylim=(0, 2))
    return ax


def sent(live):
    points = np.frombuffer(live._points, np.float32).reshape(-1, 2)
    codes = np.frombuffer(live._codes, np.uint8)
    assert len(points) == len(codes) == sum(style["n"] for style in live._scene)
    return live._scene, points, codes


def test_a_line_is_sent_in_pixels_from_the_top_left(axes):
    (line,) = axes.plot([0, 1, 4], [0, 2, 1], color="#0072b2", lw=2.0, ls="--")
    scene, points, codes = sent(LiveFigure(axes.figure, [line], "a line"))
    assert points.tolist() == [[0, 200], [100, 0], [400, 100]]
    assert codes.tolist() == [1, 2, 2]
    assert scene[0]["stroke"] == "#0072b2ff"
    assert scene[0]["width"] == pytest.approx(2 * 100 / 72, abs=1e-3)
    assert scene[0]["clip"] == [0, 0, 400, 200]
    assert len(scene[0]["dash"]) == 2


def test_markers_are_one_outline_and_its_places(axes):
    (line,) = axes.plot([1, 2, np.nan, np.inf], [1, 1, 1, 1], "v", ms=7.2)
    scene, points, _ = sent(LiveFigure(axes.figure, [line]))
    assert scene[0]["kind"] == "markers"
    outline, places = points[: scene[0]["marker"]], points[scene[0]["marker"] :]
    assert places.tolist() == [[100, 100], [200, 100]]  # nan and inf are nowhere
    assert outline[:, 1].max() == pytest.approx(5)  # "v" points down: downwards is positive
    assert (outline[:, 1] > 0).sum() == 1


def test_text_is_sent_as_outlines_as_wide_as_matplotlibs(axes):
    text = axes.text(1, 1, "w ← 2.00", fontsize=12)
    _, points, codes = sent(LiveFigure(axes.figure, [text]))
    box = text.get_window_extent()
    assert points[:, 0].min() == pytest.approx(box.x0, abs=2)
    assert points[:, 0].max() == pytest.approx(box.x1, abs=2)
    assert set(codes.tolist()) <= {1, 2, 3, 4, 79}
    text.set_text("")
    recorder = Recorder(axes.figure)
    text.draw(recorder)
    assert recorder.result()[1] == b""


def test_a_patch_keeps_its_face_edge_and_alpha(axes):
    patch = axes.add_patch(Rectangle((1, 0.5), 2, 1, fc="red", ec="black", alpha=0.5))
    scene, points, _ = sent(LiveFigure(axes.figure, [patch]))
    assert (scene[0]["fill"], scene[0]["stroke"]) == ("#ff000080", "#00000080")
    assert np.ptp(points[:4], axis=0).tolist() == [200, 100]


@pytest.mark.parametrize("huge", [1e9, 1e300, np.inf, np.nan])
def test_what_leaves_the_picture_sends_no_huge_numbers(axes, huge):
    (line,) = axes.plot([1, 2, huge, -huge], [1, 1, huge, huge], "o-")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        live = LiveFigure(axes.figure, [line])
        live.still()
    _, points, _ = sent(live)
    assert np.isfinite(points).all() and np.abs(points).max() < 1e5


def test_the_background_leaves_out_what_moves_and_the_still_does_not(axes):
    axes.set_axis_off()
    (line,) = axes.plot([0, 4], [0, 2], "k", lw=10)
    live = LiveFigure(axes.figure, [line])
    with Image.open(io.BytesIO(live._background)) as background:
        assert background.size == (800, 400)
        assert background.convert("L").getextrema() == (255, 255)
    with Image.open(io.BytesIO(live.still())) as still:
        assert still.convert("L").getextrema()[0] == 0
    assert axes.figure.dpi == 100 and line.get_animated()


def test_dragging_calls_back_in_data_coordinates_and_stays_in_the_axes(axes):
    (ball,) = axes.plot([2], [1], "o")
    places = []
    live = LiveFigure(
        axes.figure, [ball], handles=[Handle(ball, lambda x, y: places.append((x, y)), "start")]
    )
    place = {"x": 200.0, "y": 100.0, "label": "start", "at": "(2, 1)", "along": "xy"}
    assert live._handles == [place]
    live._drag = {"handle": 0, "x": 100, "y": 50, "move": 1}
    live._drag = {"handle": 0, "x": 4000, "y": -70, "move": 2}
    live._drag = {"handle": 7, "x": 1, "y": 1, "move": 3}  # one that is no longer there
    assert places == [pytest.approx((1, 1.5)), pytest.approx((4, 2))]
    live.locked = True
    live._drag = {"handle": 0, "x": 1, "y": 1, "move": 4}
    assert len(places) == 2


def test_refresh_sends_only_what_moves(axes):
    (line,) = axes.plot([0, 1], [0, 1])
    live = LiveFigure(axes.figure, [line])
    changed = []
    live.observe(lambda change: changed.append(change["name"]))
    line.set_data([0, 2], [0, 1])
    live.refresh()
    assert changed == ["_points"]


def test_a_still_keeps_the_colours_of_its_picture():
    explorer = step_size.explore(landscape="valley")
    with styled(LIGHT):
        drawn = np.asarray(raster.drawn(explorer.figure, explorer.live.moving)).astype(int)
    with Image.open(io.BytesIO(explorer.still())) as still:
        kept = np.asarray(still.convert("RGB")).astype(int)
    difference = np.abs(drawn - kept)
    assert difference.max() <= 24 and difference.mean() < 1.5  # of 255, in any pixel and colour
    assert not difference[(drawn == 255).all(axis=-1)].any()  # the paper is white


def test_a_drag_of_one_handle_moves_all_linked_ones_in_one_message(axes, monkeypatch):
    (one,), (two,) = axes.plot([1], [1], "o"), axes.plot([3], [1], "s")

    def moved(x, y):
        one.set_data([x], [y])
        two.set_data([4 - x], [y])
        live.refresh()

    handles = [Handle(one, moved, "one"), Handle(two, lambda x, y: moved(4 - x, y), "two")]
    live = LiveFigure(axes.figure, [one, two], handles=handles)
    sent = []
    monkeypatch.setattr(live, "send_state", lambda names=(): sent.append({*names}))
    live.set_state({"_drag": {"handle": 1, "x": 350.0, "y": 50.0, "move": 1}})
    assert [(h["x"], h["y"]) for h in live._handles] == [(50, 50), (350, 50)]
    moving = [names for names in sent if "_points" in names]
    assert len(moving) == 1 and "_handles" in moving[0]


def renderers():
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, RendererAgg)]


def test_all_pictures_share_one_renderer_and_hold_no_ticks(axes):
    """A renderer at twice the resolution takes 6 MB, ticks two thirds of a figure's memory."""
    axes.set(title="a title", xlabel="w", yscale="log", ylim=(0.01, 10))
    axes.text(1, 1, "a text")
    live = LiveFigure(axes.figure, axes.plot([0, 4], [1, 1]))
    live.still()
    (renderer,) = renderers()
    assert not [each for each in gc.get_referrers(renderer) if isinstance(each, Text)]
    del renderer
    ticks = [each for each in gc.get_objects() if isinstance(each, Tick)]
    assert not [tick for tick in ticks if tick.get_figure() is axes.figure]
    other = LiveFigure(Figure((3, 2), dpi=100))
    assert len(renderers()) == 1
    other.close()


def test_a_picture_drawn_again_is_the_same(axes):
    axes.tick_params(labelsize=7, length=2, labelright=True)
    axes.set_xticks([0, 1, 4], ["zero", "one", "four"])
    axes.set_yscale("symlog")
    axes.grid(axis="y")
    live = LiveFigure(axes.figure, axes.plot([0, 4], [0, 2]))
    first = live.still(), live._background
    live.redraw()
    assert (live.still(), live._background) == first


def test_saving_leaves_a_figure_as_it_was(axes, tmp_path):
    live = LiveFigure(axes.figure, axes.plot([0, 4], [0, 2]), play=Play(2))
    before, canvas = live.still(), axes.figure.canvas
    export.save_picture(live, tmp_path / "picture.svg")
    export.save_animation(live, tmp_path / "path.gif", progress=lambda drawn, count: None)
    assert axes.figure.canvas is canvas and axes.figure.dpi == 100
    assert live.still() == before


@pytest.mark.parametrize("height", [460, 461, 790, 1013])
def test_a_picture_has_every_row_of_pixels(height):
    """4.6 inches at 200 dots are 919.9999999999999 in floating point."""
    live = LiveFigure(Figure((3, height / 100), dpi=100))
    for png in (live.still(), live._background):
        assert raster.png_size(png) == live._size == [300, height]


def test_a_picture_loads_neither_pyplot_nor_what_only_saving_needs():
    code = (
        "import sys; from gdlesson.explorers import step_size; step_size.explore().still()\n"
        "print([m for m in ('matplotlib.pyplot', 'gdlesson.live.export') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["gradient", "landscapes", "adam"])
def test_a_saved_landscape_has_the_shades_of_the_live_one(name):
    """Every band has its own colour in the still, and it is that of the live picture."""
    explorer = explorers()[name]()
    with styled(LIGHT):
        live = np.asarray(raster.drawn(explorer.figure, explorer.live.moving))
    saved = np.asarray(Image.open(io.BytesIO(explorer.still())).convert("RGB"))
    colours, counts = np.unique(live.reshape(-1, 3), axis=0, return_counts=True)
    frequent = colours[counts > live[..., 0].size / 1000]
    assert len(frequent) >= 6
    for colour in frequent:
        here = (live == colour).all(-1)
        assert (saved[here] == colour).all()
