"""Every explorer of the lessons, with its controls anywhere they go."""

import gc
import time
import tracemalloc
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from gdlesson.explorers import catalogue as explorers
from gdlesson.live.controls import choice, integers, powers, shown, slider, stops


def somewhere(control, rng):
    """A value the control can take; None where it has neither options nor a range."""
    if hasattr(control, "options"):
        return control.options[rng.integers(len(control.options))]
    if hasattr(control, "max"):
        return type(control.value)(rng.uniform(control.min, control.max))
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


def ends(explorer):
    for name, control in explorer.controls.items():
        if hasattr(control, "options"):
            yield from ({name: option} for option in control.options)
        elif hasattr(control, "max"):
            yield from ({name: control.min}, {name: control.max})


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
        while done < states and time.monotonic() < until:
            # What draws a new background takes long: every tenth state does.
            keep = explorer.redrawn_by if done % 10 else ()
            controls = {key: each for key, each in explorer.controls.items() if key not in keep}
            moves = {key: somewhere(each, rng) for key, each in controls.items()}
            explorer.set(**{key: value for key, value in moves.items() if value is not None})
            check(explorer)
            done += 1
    assert len(plt.get_fignums()) == figures
    return done


@pytest.mark.parametrize("name", explorers())
def test_nothing_breaks_an_explorer(name):
    assert wander(name, 1000, seconds=3) > 3


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


def test_where_a_slider_stands():
    assert shown(slider("", 0.25, 0.0, 1.0)) == ("0.25", 0.25)
    assert shown(integers("", 3, 1, 5)) == ("3", 0.5)
    value, along = shown(powers("", 0.01, -4, 0, 0.1, readout_format=".1g"))
    assert value == "0.01" and along == pytest.approx(0.5)
    assert shown(stops("", [1, 10, 100], 100)) == ("100", 1.0)
    assert shown(choice(["here", "there", "where"], "there")) == ("there", 0.5)
