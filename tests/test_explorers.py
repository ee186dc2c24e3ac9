"""Every explorer of the lessons, with its controls anywhere in their ranges."""

import gc
import re
import time
import tracemalloc
import warnings
from threading import Thread

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from gdlesson.explorers import catalogue as explorers
from gdlesson.explorers import newton
from gdlesson.explorers.base import Explorer
from gdlesson.explorers.records import Views
from gdlesson.live import export
from gdlesson.live.controls import as_shown, choice, integers, powers, slider, stops
from gdlesson.views import Panel


def somewhere(control, rng):
    """A value the control can take; None where it has neither options nor a range."""
    if hasattr(control, "options"):
        return control.options[rng.integers(len(control.options))]
    if hasattr(control, "max"):
        place = rng.uniform(control.min, control.max)
        return type(control.value)(control.base**place if hasattr(control, "base") else place)
    return bool(rng.integers(2)) if isinstance(control.value, bool) else None


def check(explorer):
    points = np.frombuffer(explorer.live._points, np.float32).reshape(-1, 2)
    assert np.isfinite(points).all() and np.abs(points).max() <= 1e5
    size, at = np.array(explorer.live._size), 0
    for style in explorer.live._scene:  # inside the picture, or clipped on purpose
        drawn = points[at : at + style["n"]]
        if style["kind"] == "markers":  # an outline about (0, 0), then its places
            drawn = drawn[style["marker"] :]
        if "clip" not in style:
            assert (drawn >= -1).all() and (drawn <= size + 1).all(), style
        at += style["n"]
    words = explorer.readout.lower().replace(",", " ").replace(".", " ").split()
    assert explorer.readout and not {"nan", "inf", "-inf", "−inf"} & set(words)
    assert not re.search(r"\b(100|0)\.0+ %", explorer.readout)
    assert_one_style(explorer.readout)


def assert_one_style(text):
    """Numbers begin with a true minus sign, and exponents are as Python writes them."""
    assert not re.search(r"(?<![\w)])-[\d.]", text), text
    assert not re.search(r"\d[eE](?![+-]\d\d)[+−-]?\d", text), text


def ends(explorer):
    for name, control in explorer.controls.items():
        if hasattr(control, "options"):
            yield from ({name: option} for option in control.options)
        elif hasattr(control, "max"):
            low, high = control.min, control.max
            if hasattr(control, "base"):
                low, high = control.base**low, control.base**high
            yield from ({name: low}, {name: high})
        elif isinstance(control.value, bool):
            yield from ({name: True}, {name: False})


@pytest.mark.parametrize(
    "name, values",
    [
        ("landscapes", {"landscape": "double well", "lr": 1.0}),
        ("momentum", {"land": "κ = 100", "share": 0.02, "beta": 0.0}),
    ],
)
def test_all_of_something_is_100_percent_without_decimals(name, values):
    explorer = explorers()[name](**{key: v for key, v in values.items() if key != "lr"})
    explorer.set(**values)
    check(explorer)
    assert "100.0" not in explorer.readout


def test_one_style_of_numbers():
    for text in ("-3.4", "loss -3", "6.1e3", "2e-5", "2.0e+5", "(-2)"):
        with pytest.raises(AssertionError):
            assert_one_style(text)
    assert_one_style("−3.4, 6.1e+03, 2.0e-05, mini-batch, x-y, 3-fold at w₁-2")


FEW = 4  # states that are visited however long they take


def wander(name, states, seconds):
    rng = np.random.default_rng(7)
    figures = len(plt.get_fignums())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = explorers()[name]()
        for values in ends(explorer):
            explorer.set(**values)
            check(explorer)
            explorer.reset()
        done, until = 0, time.monotonic() + seconds  # after the ends, which are always all visited
        while done < states and (done < FEW or time.monotonic() < until):
            # What draws a new background takes long: every tenth state does.
            keep = explorer.redrawn_by if done % 10 else ()
            controls = {key: each for key, each in explorer.controls.items() if key not in keep}
            leading = [
                key for key in controls if key in (*explorer.redrawn_by, *explorer.adapts_to)
            ]
            for keys in (leading, [key for key in controls if key not in leading]):
                moves = {key: somewhere(controls[key], rng) for key in keys}
                explorer.set(**{key: value for key, value in moves.items() if value is not None})
            check(explorer)
            done += 1
    assert len(plt.get_fignums()) == figures
    return done


@pytest.mark.parametrize("name", explorers())
def test_nothing_breaks_an_explorer(name):
    assert wander(name, 1000, seconds=3) >= FEW


@pytest.mark.parametrize("name", explorers())
def test_a_hundred_moves_keep_nothing(name):
    rng = np.random.default_rng(11)
    explorer = explorers()[name]()
    control = explorer.controls[explorer.primary]
    places = [somewhere(control, rng) for _ in range(100)]
    for place in places[:20]:  # caches fill
        explorer.set(**{explorer.primary: place})
    gc.collect()
    tracemalloc.start()
    try:
        for place in places:
            explorer.set(**{explorer.primary: place})
        gc.collect()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 5e6


@pytest.mark.slow
@pytest.mark.parametrize("name", explorers())
def test_a_thousand_states_break_no_explorer(name):
    assert wander(name, 1000, seconds=1200) == 1000


def test_two_threads_draw_one_picture_at_a_time(monkeypatch):
    """JupyterLab handles some moves in a thread of their own; matplotlib's style is one for all."""
    first, second, inside, most, draw = newton.explore(), newton.explore(), [], [], Explorer._draw

    def slowly(explorer):
        inside.append(explorer)
        most.append(len(inside))
        time.sleep(0.05)
        figure = draw(explorer)
        inside.remove(explorer)
        return figure

    monkeypatch.setattr(Explorer, "_draw", slowly)
    style = dict(plt.rcParams)
    moves = [Thread(target=one.set, kwargs={"curve": "root"}) for one in (first, second)]
    for move in moves:
        move.start()
    for move in moves:
        move.join()
    assert most == [1, 1] and dict(plt.rcParams) == style
    for legend in (ax.get_legend() for one in (first, second) for ax in one.figure.axes):
        assert not legend.get_frame_on()


def test_saving_a_picture_and_its_path(tmp_path):
    explorer = explorers()["step_size"](steps=5)
    frames = []
    for ending, starts in [("png", b"\x89PNG"), ("svg", b"<?xml"), ("gif", b"GIF8")]:
        path = tmp_path / f"picture.{ending}"
        explorer.save(path, progress=lambda drawn, of: frames.append((drawn, of)))
        assert path.read_bytes().startswith(starts)
        with pytest.raises(FileExistsError, match="pass overwrite=True"):
            explorer.save(path)
        explorer.save(path, overwrite=True)
    assert frames == [(i, 6) for i in range(1, 7)]
    with pytest.raises(ValueError, match=r"saved as \.png, \.svg or \.gif"):
        explorer.save(tmp_path / "picture.doc")


def test_areas_keep_their_colours_in_an_animation():
    frame = np.full((60, 256, 3), 255, np.uint8)
    frame[:40, :100] = (250, 251, 253)  # so near to white that Pillow takes one for the other
    frame[40:50] = np.arange(256)[:, None]  # rarer than both
    image = Image.fromarray(frame)
    indexed = export._indexed(image, export._palette([image], size=60))
    kept = np.asarray(indexed.convert("RGB"), int)
    assert (kept[:40] == frame[:40]).all() and (kept[50:] == 255).all()
    assert len(indexed.getcolors()) == 60


def test_saving_a_slider_that_moves(tmp_path):
    explorer = explorers()["step_size"](landscape="valley")
    before, readout, path, frames = explorer.values, explorer.readout, tmp_path / "slider.gif", []
    explorer.save(
        path, progress=lambda drawn, of: frames.append((drawn, of)), lr=[0.02, 0.05, 0.082]
    )
    assert frames == [(1, 3), (2, 3), (3, 3)]
    assert (explorer.values, explorer.readout) == (before, readout)
    with Image.open(path) as gif:
        assert gif.n_frames == 3
        knobs = []
        for i in range(3):
            gif.seek(i)
            row = np.asarray(gif.convert("RGB"), int)[18]  # above the line, where only the knob is
            blue = np.flatnonzero(np.abs(row - (0, 0x72, 0xB2)).sum(axis=1) < 60)
            knobs.append(blue.mean())
    low, high = 0.001, 0.12  # the slider's ends in the valley
    expected = [210 + 600 * (lr - low) / (high - low) for lr in (0.02, 0.05, 0.082)]
    assert knobs == pytest.approx(expected, abs=2)
    with pytest.raises(ValueError, match="needs values to move through, got none"):
        explorer.save(tmp_path / "other.gif", lr=[])
    with pytest.raises(ValueError, match="one control moves at a time, got lr, steps"):
        explorer.save(tmp_path / "other.gif", lr=[0.1], steps=[1])
    with pytest.raises(ValueError, match=r"a slider that moves is saved as \.gif, not as"):
        explorer.save(tmp_path / "other.png", lr=[0.1])
    with pytest.raises(ValueError, match="no control is called 'rate'"):
        explorer.save(tmp_path / "other.gif", rate=[0.1])


def test_the_place_of_a_slider():
    assert as_shown(slider("", 0.25, 0.0, 1.0)) == ("0.25", 0.25)
    assert as_shown(integers("", 3, 1, 5)) == ("3", 0.5)
    value, along = as_shown(powers("", 0.01, -4, 0, 0.1, readout_format=".1g"))
    assert value == "0.01" and along == pytest.approx(0.5)
    assert as_shown(stops("", [1, 10, 100], 100)) == ("100", 1.0)
    assert as_shown(choice(["here", "there", "where"], "there")) == ("there", 0.5)


def traits(explorer):
    """All that a control can show, by name."""
    names = ("value", "min", "max", "step", "options", "readout_format", "disabled")
    return {
        name: {key: getattr(control, key) for key in names if hasattr(control, key)}
        for name, control in explorer.controls.items()
    }


@pytest.mark.parametrize("name", explorers())
def test_what_is_refused_changes_nothing(name):
    explorer = explorers()[name]()
    controls, readout, points = traits(explorer), explorer.readout, explorer.live._points
    moves = {}  # of another control, which would be right
    for key, control in explorer.controls.items():
        moves[key] = next(v for v in [*ends(explorer)] if key in v and v[key] != control.value)
    for key, control in explorer.controls.items():
        wrong = ["nowhere"]
        if hasattr(control, "max"):
            top = control.base**control.max if hasattr(control, "base") else control.max
            wrong += [10**6 * (abs(top) + 1), float("nan"), None]  # of no state's range
        for value in wrong:
            other = next((move for name, move in moves.items() if name != key), {})
            with pytest.raises(ValueError, match=f"^{key} must be .*, got {value!r}"):
                explorer.set(**other, **{key: value})
            with pytest.raises(ValueError, match=f"^{key} must be"):
                explorers()[name](**{key: value})
    with pytest.raises(ValueError, match=r"^no control is called 'speed'; there are "):
        explorer.set(**next(iter(moves.values())), speed=1)
    assert (traits(explorer), explorer.readout, explorer.live._points) == (
        controls, readout, points,
    )  # fmt: skip


@pytest.mark.parametrize("name", explorers())
def test_an_explorer_documents_its_controls(name):
    explorer, text = explorers()[name](), explorers()[name].__doc__
    assert text.splitlines()[0].startswith("Explore ") and "ValueError" in text
    for key in explorer.controls:
        assert re.search(rf"\b{key}\b", text), f"{key} is not in the docstring of {name}"


@pytest.mark.parametrize("name", explorers())
def test_views_and_readouts_are_handed_on_and_not_left_on_the_explorer(name):
    explorer = explorers()[name]()
    assert explorer not in explorer.views.all
    ours = set(vars(Smallest()))
    own = {key: value for key, value in vars(explorer).items() if key not in ours}
    for values in ends(explorer):
        explorer.set(**values)
        explorer.reset()
    assert {key: value for key, value in vars(explorer).items() if key not in ours} == own


class Smallest(Explorer):
    def make_controls(self):
        return {}

    def draw(self, page):
        page.panels(Panel(100))
        return Views()

    def show(self, views, values):
        return "Nothing moves."


def test_a_value_that_the_new_state_does_not_have_is_refused_and_a_grid_is_not():
    step_size = explorers()["step_size"]
    explorer = step_size()
    for values, sentence in [
        ({"landscape": "valley", "steps": 7}, r"steps must be 1, 2, .* or 1000, got 7"),
        ({"landscape": "valley", "lr": 0.2}, r"lr must be a number from 0\.0007\d+ to 0\.12, got"),
        ({"landscape": "hill"}, "landscape must be parabola or valley, got 'hill'"),
        ({"lr": 5.0}, r"lr must be a number from 0\.001 to 0\.3, got 5\.0"),
    ]:
        before = traits(explorer)
        for make in (step_size, explorer.set):
            with pytest.raises(ValueError, match=f"^{sentence}"):
                make(**values)
        assert traits(explorer) == before
    assert step_size(lr=0.0123).values["lr"] == 0.0123
    assert step_size(landscape="valley", lr=0.3 / 2.5).values["lr"] == 0.12


def test_a_control_that_draw_did_not_declare_fails_at_once():
    class Forgetful(Smallest):
        def make_controls(self):
            return {"level": slider("level", 0.5, 0.0, 1.0)}

        def draw(self, page, level):
            return super().draw(page)

    with pytest.raises(TypeError, match="level"):
        Forgetful()


def test_a_dragged_place_is_on_the_grid_and_inside_the_range():
    class Dragged(Smallest):
        def make_controls(self):
            return {
                "w": slider("w", 0.5, -1.0, 1.0, 0.1),
                "h": powers("h", 0.1, -4, 0, 0.25),
                "n": integers("n", 3, 1, 9, 2),
            }

    explorer = Dragged()
    moved = explorer.on_drag("w", "h")
    moved(0.333, 0.02)
    assert explorer.values == pytest.approx({"w": 0.3, "h": 10**-1.75, "n": 3})
    moved(-7.0, -1.0)
    assert explorer.values == pytest.approx({"w": -1.0, "h": 1e-4, "n": 3})
    explorer.move_to(n=40)
    assert explorer.values["n"] == 9
