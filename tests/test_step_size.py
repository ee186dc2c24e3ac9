"""The explorer of lesson 03: its readouts, and what all explorers share."""

import gc
import tracemalloc

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import catalogue as explorers
from gdlesson.explorers import step_size


@pytest.fixture
def explorer():
    return step_size.explore()


@pytest.mark.parametrize(
    "landscape, lr, sentence",
    [
        (
            "parabola",
            0.05,
            "Step size 0.050 converges without overshooting. After each step 50 % of the distance "
            "remains; 20 steps reach a millionth of it.",
        ),
        (
            "parabola",
            0.1,
            "Step size 0.100 is 1/L, so the first step ends at the minimum. The loss there is 0, "
            "which is not on a log axis.",
        ),
        (
            "parabola",
            0.15,
            "Step size 0.150 converges, but overshoots: every step crosses the minimum. After each "
            "step 50 % of the distance remains; 20 steps reach a millionth of it.",
        ),
        (
            "parabola",
            0.2,
            "Step size 0.200 is the stability limit 2/L = 0.200: the ball jumps from one side of "
            "the minimum to the other, and the distance to the minimum stays the same.",
        ),
        (
            "parabola",
            0.21,
            "Step size 0.210 is above the stability limit 2/L = 0.200, so descent diverges. "
            "The loss grew from 20 to 6.1e+03 in 30 steps.",
        ),
        (
            "valley",
            0.02,
            "Step size 0.020 converges without overshooting. After each step 98 % of the distance "
            "along w₁ remains; 684 steps reach a millionth of it.",
        ),
        (
            "valley",
            0.07,
            "Step size 0.070 converges, but overshoots: every step crosses the minimum along w₂. "
            "After each step 93 % of the distance along w₁ remains; 191 steps reach a millionth "
            "of it.",
        ),
        (
            "valley",
            0.08,
            "Step size 0.080 is the stability limit 2/L = 0.080: the ball jumps from one side of "
            "the minimum to the other along w₂, and the distance to the minimum stays the same.",
        ),
        (
            "valley",
            0.09,
            "Step size 0.090 is above the stability limit 2/L = 0.080, so descent diverges. "
            "The loss grew from 14.5 to 8.2e+06 in 30 steps.",
        ),
    ],
)
def test_the_readout_says_what_happens(explorer, landscape, lr, sentence):
    explorer.set(landscape=landscape)
    explorer.set(lr=lr)
    assert explorer.readout == sentence
    assert explorer.live.alt == explorer.readout == explorer._repr_mimebundle_()[0]["text/plain"]


def test_the_predicted_rate_is_the_measured_one(explorer):
    for landscape in step_size.LANDSCAPES:
        for lr in np.linspace(0.003, 1.9 / step_size.LANDSCAPES[landscape][1].max(), 40):
            explorer.set(landscape=landscape, lr=lr)
            surface, curvatures, _ = step_size.LANDSCAPES[landscape]
            path = step_size.descend(surface, step_size.GradientDescent(lr), steps=30)
            direction, factor = step_size.deciding_direction(curvatures, lr, path.start)
            if factor > 1e-9:
                assert measured_factor(path, direction) == pytest.approx(factor, rel=1e-6)
            assert (path.loss >= step_size.predicted_loss(curvatures, lr, path) * (1 - 1e-9)).all()


def measured_factor(path, direction):
    """Mean factor per step of the distance along a direction, over the second half of the path."""
    distance = np.abs(path.w[:, direction])
    first, last = path.steps // 2, path.steps
    return (distance[last] / distance[first]) ** (1 / (last - first))


def test_the_steps_it_names_are_the_steps_it_takes(explorer):
    """Every place of the slider that converges: "N steps reach a millionth", by the path itself."""
    parabola = step_size.PARABOLA
    for lr in np.arange(1, 200) / 1000:
        explorer.set(lr=lr)
        path = step_size.descend(parabola, step_size.GradientDescent(lr), start=1.0, steps=1500)
        steps = path.steps_to(1e-6 * (1 + 1e-9))
        if lr != 0.1 and steps <= 1500:  # there the first step lands
            assert f"; {steps} steps reach a millionth of it." in explorer.readout


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({"lr": 0.201, "steps": 1}, "The loss grew from 20 to 20.4 in 1 step."),
        (
            {"landscape": "valley", "w2": 0.01, "lr": 0.0807},
            "diverges. The distance along w₂ grows by 2 % with each step, but the loss does not "
            "show it within 30 steps.",
        ),
        (
            {"landscape": "valley", "w2": 0.0, "lr": 0.07},
            "converges without overshooting. After each step",
        ),
    ],
)
def test_the_readout_near_the_border(controls, sentence):
    assert sentence in step_size.explore(**controls).readout


def test_a_start_at_the_minimum_or_on_an_axis_of_the_valley(explorer):
    explorer.set(w1=0.0)
    assert explorer.readout == (
        "The ball starts at the minimum. The gradient there is 0, so no step moves the ball."
    )
    explorer.set(landscape="valley")
    explorer.set(w1=2.0, w2=0.0, lr=0.1)
    assert explorer.readout.startswith(
        "Step size 0.100 converges without overshooting, but only from a start with w₂ = 0. "
    )


def test_extremes_stay_sane(explorer, capsys):
    for landscape in step_size.LANDSCAPES:
        explorer.set(landscape=landscape)
        explorer.controls["lr"].max = 1e300
        explorer.set(lr=1e300, steps=1000)
        assert (
            "so descent diverges. The loss grew beyond all numbers in 1000 steps."
            in explorer.readout
        )
        points = np.frombuffer(explorer.live._points, np.float32)
        assert np.isfinite(points).all() and np.abs(points).max() < 1e5
        explorer.set(lr=0.001, w1=-2.5, w2=2.5, steps=1)
        explorer.set(w1=1e-300, w2=0.0)
        assert not any(word in explorer.readout for word in ("nan", "inf"))
        explorer.reset()
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_a_thousand_moves_leave_nothing_behind(explorer):
    slider, figures = explorer.controls["lr"], len(plt.get_fignums())
    places = np.random.default_rng(3).uniform(slider.min, slider.max, 1200).round(3)

    def move(values):
        for lr in values:
            slider.value = lr
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = move(places[:200])  # the first ones fill caches
        after = move(places[200:])
    finally:
        tracemalloc.stop()
    assert after - before < 5e6
    assert len(plt.get_fignums()) == figures


def test_moving_the_slider_keeps_the_background_and_a_landscape_changes_it(explorer):
    background = explorer.live._background
    explorer.controls["lr"].value = 0.123
    assert explorer.live._background == background
    explorer.controls["landscape"].value = "valley"
    assert explorer.live._background != background
    assert explorer.controls["lr"].max == pytest.approx(3 / 25)


def test_dragging_the_ball_moves_start_path_and_readout(explorer):
    explorer.set(landscape="valley")
    handle = explorer.live._handles[0]
    before = explorer.live._points
    explorer.live._drag = {"handle": 0, "x": handle["x"] - 50, "y": handle["y"] + 30, "move": 1}
    assert explorer.controls["w1"].value < 2 and explorer.controls["w2"].value < 1
    assert explorer.live._points != before
    moved = explorer.live._handles[0]
    assert (moved["x"], moved["y"]) == pytest.approx((handle["x"] - 50, handle["y"] + 30), abs=1)


def test_buttons_find_the_best_step_and_the_way_back(explorer):
    explorer.set(landscape="valley")
    explorer.buttons()["Best step size"]()
    assert explorer.controls["lr"].value == pytest.approx(2 / 26)
    assert "173 steps reach a millionth" in explorer.readout
    explorer.reset()
    assert explorer.values == step_size.explore().values


def test_page_width_and_theme_redraw_and_the_still_stays_light(explorer):
    light = explorer.still()
    explorer.live.available_width = 600
    assert explorer.figure.get_size_inches()[0] == 6
    explorer.live.theme = "dark"
    assert explorer.figure.get_facecolor()[0] < 0.2
    assert explorer.still() == light
    assert explorer.figure.get_size_inches()[0] == 6
    assert explorer.figure.get_facecolor()[0] < 0.2


def test_what_is_shown_in_a_notebook():
    explorer = explorers()["step_size"]()
    data, metadata = explorer._repr_mimebundle_()
    assert set(data) == {
        "text/plain",
        "image/png",
        "application/vnd.jupyter.widget-view+json",
    }
    height = round(100 * explorer.figure.get_size_inches()[1])
    assert metadata == {"image/png": {"width": 900, "height": height, "alt": explorer.readout}}


def test_a_prediction_locks_the_explorer_until_made_or_skipped():
    question = step_size.Prediction("Up or down?", ["up", "down"], "down", "Gravity.")
    explorer = step_size.explore(after=question)
    assert explorer.live.locked and all(c.disabled for c in explorer.controls.values())
    question.choose("up")
    assert not explorer.live.locked
    assert not any(c.disabled for c in explorer.controls.values())
    assert explorer.readout.endswith("You predicted: up")
    about = step_size.Prediction("Up?", ["up", "down"], "down", "So.", about={"lr": 0.21})
    explorer = step_size.explore(after=about)
    about.choose("up")
    assert "predicted" not in explorer.readout  # it was not about this step size
    explorer.set(lr=0.21)
    assert explorer.readout.endswith("You predicted: up")
    skipped = step_size.Prediction("Up or down?", ["up", "down"], "down", "Gravity.")
    explorer = step_size.explore(after=skipped)
    skipped.skip()
    assert not explorer.live.locked and "predicted" not in explorer.readout


def test_an_exception_is_shown_and_raised(explorer, monkeypatch):
    def broken(views, values):
        raise RuntimeError("out of ink")

    monkeypatch.setattr(explorer, "show", broken)
    with pytest.raises(RuntimeError, match="out of ink"):
        explorer.controls["lr"].value = 0.2
    assert explorer.readout == "This picture could not be drawn. RuntimeError: out of ink"


def test_an_unknown_control_is_refused_by_name():
    with pytest.raises(ValueError, match="no control is called 'speed'; there are landscape, lr"):
        step_size.explore(speed=3)


def test_a_learners_function_is_drawn_as_crosses():
    calls = []

    def endless(grad, w0, lr, steps):
        calls.append(lr)
        while True:
            pass

    def unwritten(grad, w0, lr, steps): ...

    def short(grad, w0, lr, steps):
        return exercises()["gradient_descent"].reference(grad, w0, lr, 1)

    explorer = step_size.explore(mine=exercises()["gradient_descent"].reference)
    assert explorer.readout.endswith("Your path, drawn as crosses, is the same.")
    assert len(explorer.views.yours.line.get_xdata()) == 31
    explorer.set(landscape="valley")
    assert explorer.readout.endswith("is the same.")
    yours, ours = explorer.views.yours.line, explorer.views.path.trail.line
    assert yours.get_color() == explorer.palette.other != ours.get_color()
    assert step_size.explore(mine=short).readout.endswith("drawn as crosses, is different.")
    for fn, why in [
        (unwritten, "Your path is not drawn: your function is still to be written."),
        (lambda grad: 0, "Your path is not drawn: TypeError"),
        (lambda grad, w0, lr, steps: "path", "the function returned no points."),
    ]:
        explorer = step_size.explore(mine=fn)
        assert why in explorer.readout and len(explorer.views.yours.line.get_xdata()) == 0
    explorer = step_size.explore(mine=endless)
    assert "the function did not end within 2 seconds" in explorer.readout
    explorer.set(lr=0.1)
    assert "the function did not end. Run this cell again" in explorer.readout and calls == [0.05]


def test_the_order_of_keywords_is_free_and_a_wrong_name_changes_nothing(explorer):
    assert step_size.explore(lr=0.03, landscape="valley").controls["lr"].value == 0.03
    before = explorer.values
    with pytest.raises(ValueError, match="no control"):
        explorer.set(lr=0.2, speed=1)
    assert explorer.values == before


def test_a_failed_redraw_is_made_up_for_by_the_next_move(explorer, monkeypatch):
    def broken(views, values):
        raise RuntimeError("out of ink")

    with monkeypatch.context() as patch:
        patch.setattr(explorer, "show", broken)
        with pytest.raises(RuntimeError):
            explorer.controls["landscape"].value = "valley"
    points = explorer.live._points
    explorer.set(lr=0.05)
    assert explorer.live._points != points
    points = explorer.live._points
    explorer.set(lr=0.06)
    assert explorer.live._points != points


def test_dragging_on_the_parabola_leaves_the_second_weight_alone(explorer):
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] - 50, "y": handle["y"], "move": 1}
    assert explorer.controls["w1"].value < 2 and explorer.controls["w2"].value == 1.0


def test_a_small_loss_and_a_loss_of_zero_leave_the_axes(explorer):
    explorer.set(lr=0.05, steps=30)
    measured = explorer.views.loss.measured.get_ydata()
    assert np.diff(np.log10(measured)) == pytest.approx(np.full(30, np.log10(0.25)))
    explorer.set(lr=0.1)
    assert 0 < explorer.views.loss.measured.get_ydata()[1] < 1e-100
