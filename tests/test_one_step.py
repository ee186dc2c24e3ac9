"""Lesson 02: its losses, its steps, and its readout in the states that matter."""

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import one_step
from gdlesson.surfaces import numerical_gradient


@pytest.fixture
def explorer():
    return one_step.explore()


def test_the_loss_of_three_points_is_the_parabola_it_says():
    w = np.linspace(-1, 3, 9)[:, None]
    loss = one_step.THREE_POINTS
    assert loss.f(w) == pytest.approx(2 * (w[:, 0] - 1) ** 2 + 2 / 3)
    assert loss.grad(w) == pytest.approx(4 * (w - 1))
    assert loss.grad(w) == pytest.approx(numerical_gradient(loss.f, w), abs=1e-8)
    assert loss.f(np.array([2.0])) == pytest.approx(8 / 3)


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, "With step size 0.10 the run stops after 8 steps, because the size of the slope, "
             "0.067, is no longer above 0.1. Here w = 1.02, and the loss is 0.67."),
        ({"w": 1.0}, "At w = 1.00 the slope is 0, so no step moves the ball."),
        ({"lr": 0.25}, "stops after 1 step, because the size of the slope, 0.00, is no longer"),
        ({"lr": 0.6}, "With step size 0.60 the steps are too long. The loss grew from 2.67 to "),
        ({"lr": 0.5}, "ends after 20 steps, as many as are allowed, at w = 2.00. The size of the "
                      "slope is still 4.00."),
        ({"steps": 1}, "ends after 1 step, as many as are allowed, at w = 1.60. The size of the "
                       "slope is still 2.40. The loss went from 2.67 to 1.39."),
        ({"loss": "plateau"}, "At w = 4.00 the size of the slope, 0.028, is not above 0.1, so no "
                              "step is taken. The lowest loss is 0.00, at w = 0.00."),
        ({"loss": "plateau", "tol": 0.01, "steps": 100}, "stops after 86 steps"),
        ({"loss": "two valleys"}, "w = 1.1"),
        ({"loss": "two valleys"}, "The lowest loss is −3.51, at w = −1.30."),
        ({"loss": "two valleys", "lr": 0.25, "w": -2.0, "steps": 200}, "beyond all numbers"),
    ],
)  # fmt: skip
def test_the_readout_describes_the_state(controls, sentence):
    explorer = one_step.explore(**controls)
    assert sentence in explorer.readout and explorer.live.alt == explorer.readout


def test_the_formula_has_the_numbers_of_the_first_step(explorer):
    text = explorer.views.formula.text.get_text()
    assert text.endswith("slope = 2.00 − 0.10 · 4.00 = 1.60")
    explorer.set(w=0.0)
    assert explorer.views.formula.text.get_text().endswith("0.00 − 0.10 · (−4.00) = 0.40")


def test_it_stops_at_the_first_slope_that_is_small_enough(explorer):
    for tol in 10 ** np.arange(-4, 0.25, 0.25):
        explorer.set(tol=tol, steps=100)
        slopes = explorer.views.slopes.measured.get_ydata()
        assert (slopes[:-1] > tol).all() and slopes[-1] <= tol
        assert len(slopes) - 1 == np.ceil(np.log(tol / 4) / np.log(0.6))


def test_each_step_is_described_and_played(explorer):
    text, numbers = explorer.shown.step_text, explorer.shown.step_numbers
    assert numbers.shape == (9, 4) and explorer.live.play.steps == 8
    assert numbers[1] == pytest.approx([1.6, 2.4, 2 * 0.36 + 2 / 3, 1.36])
    assert "w ← {0} − 0.10 · ({1}) = {3}" in text
    assert explorer.views.line.keyframes[explorer.views.line.line].shape == (9, 2, 2)


def test_dragging_the_ball_and_the_threshold(explorer):
    ball, knob = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": ball["x"] - 200, "y": ball["y"], "move": 1}
    assert explorer.controls["w"].value < 1
    explorer.live._drag = {"handle": 1, "x": knob["x"], "y": knob["y"] + 20, "move": 2}
    tol = explorer.controls["tol"].value
    assert tol < 0.1 and 4 * np.log10(tol) == pytest.approx(round(4 * np.log10(tol)))
    assert explorer.live._handles[1]["y"] == pytest.approx(knob["y"] + 20, abs=5)
    explorer.reset()
    assert explorer.values == one_step.explore().values


def test_a_loss_brings_its_step_size_and_start(explorer):
    explorer.set(loss="plateau")
    lr = explorer.controls["lr"]
    assert (lr.min, lr.value, lr.max) == (0.1, 0.5, 3.0) and explorer.controls["w"].value == 4
    explorer.set(loss="two valleys")
    assert (lr.min, lr.value, lr.max) == (0.005, 0.02, 0.25)
    assert explorer.controls["w"].value == 1.8
    explorer.reset()
    assert explorer.values == one_step.explore().values


def test_a_learners_step_is_drawn_next_to_the_packages():
    def uphill(w, g, lr):
        return w + lr * g

    def unwritten(w, g, lr): ...

    def in_place(w, g, lr):
        w -= lr * g
        return w

    for loss in one_step.LOSSES:
        for step in (exercises()["gd_step"].reference, in_place):
            learner = one_step.explore(mine=step, loss=loss, tol=0.01)
            assert learner.readout.endswith("Your path, drawn as crosses, is the same.")
    learner = one_step.explore(mine=uphill)
    assert learner.readout.endswith("Your path, drawn as crosses, is different.")
    assert learner.views.yours.line.get_xdata()[:2] == pytest.approx([2.0, 2.4])
    learner = one_step.explore(mine=unwritten)
    assert "Your path is not drawn: the function returned no points." in learner.readout


def test_algebra_has_no_answer_where_descent_has():
    w = 0.0
    for _ in range(30):
        w -= 0.3 * (2 * w + np.exp(w))
    assert w == pytest.approx(-0.351733711249)  # minus Lambert's W(1/2)
    assert abs(2 * w + np.exp(w)) < 1e-12
