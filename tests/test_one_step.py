"""Lesson 02: its losses, its steps, when they stop, and the readouts in the states that matter."""

import math

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import one_step, when_to_stop
from gdlesson.surfaces import numerical_gradient

gd_step, descend_until = (exercises()[name] for name in ("gd_step", "descend_until"))


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
        ({}, "With step size 0.10 the first step goes 0.40 to the left. The loss falls by 1.28; "
             "along the tangent it would fall by 1.60. After 8 steps w = 1.02 and the loss is "
             "0.67."),
        ({"w": 1.0}, "At w = 1.00 the slope is 0, so no step moves the ball."),
        ({"steps": 0}, "At w = 2.00 the loss is 2.67, and its slope is 4.00."),
        ({"lr": 0.25, "steps": 1}, "goes 1.00 to the left. The loss falls by 2.00; along the "
                                   "tangent it would fall by 4.00. After 1 step w = 1.00"),
        ({"lr": 0.5}, "goes 2.00 to the left. The loss does not change; along the tangent"),
        ({"lr": 0.6}, "The loss grows by 1.92; along the tangent it would fall by 9.60."),
        ({"w": 0.0}, "the first step goes 0.40 to the right. The loss falls by 1.28"),
    ],
)  # fmt: skip
def test_the_readout_describes_the_first_step(controls, sentence):
    explorer = one_step.explore(**controls)
    assert sentence in explorer.readout and explorer.live.alt == explorer.readout


def test_what_the_first_step_does_is_described_as_it_is(explorer):
    for w in np.linspace(-1, 3, 17):
        for lr in (0.01, 0.1, 0.25, 0.49, 0.5, 0.51, 0.6):
            explorer.set(w=w, lr=lr)
            change = 2 * (w - 1) ** 2 * ((1 - 4 * lr) ** 2 - 1)
            expected = "does not change" if lr == 0.5 else "grows" if change > 0 else "falls"
            if w == 1:
                assert "no step moves the ball" in explorer.readout
            else:
                assert f"The loss {expected}" in explorer.readout
                assert f"to the {'left' if w > 1 else 'right'}." in explorer.readout


def test_the_formula_has_the_numbers_of_the_first_step(explorer):
    text = explorer.views.formula.text.get_text()
    assert text.endswith("= 2.00 − 0.10 · 4.00 = 1.60")
    explorer.set(w=0.0)
    assert explorer.views.formula.text.get_text().endswith("0.00 − 0.10 · (−4.00) = 0.40")


def test_the_parts_of_the_first_step_have_their_lengths_and_vanish_where_they_have_none(explorer):
    parts = explorer.views.parts
    assert [part.get_text() for part in parts.moving] == ["0.40", "1.28"]
    assert parts.across.xy == pytest.approx((1.76, 8 / 3))
    explorer.set(lr=0.6, w=3.0)  # it ends outside the picture
    assert [part.get_text() for part in parts.moving] == ["", ""]
    explorer.set(lr=0.1, steps=0)
    assert [part.get_text() for part in parts.moving] == ["", ""]


def test_each_step_is_described_and_played(explorer):
    text, numbers = explorer.shown.step_text, explorer.shown.step_numbers
    assert numbers.shape == (9, 6) and explorer.live.play.steps == 8
    assert numbers[1] == pytest.approx([1.6, 2.4, 2 * 0.36 + 2 / 3, 1.36, 0.24, 0.4608])
    assert numbers[1:, 4] == pytest.approx(0.6 * numbers[:-1, 4])
    assert numbers[1:, 5] == pytest.approx(0.36 * numbers[:-1, 5])
    assert "w ← {0} − 0.10 · ({1}) = {3}" in text
    assert text.endswith("Its horizontal part is {4:g}, its vertical part {5:g}.")
    explorer.set(lr=0.6)  # uphill
    assert (explorer.shown.step_numbers[:, 4:] > 0).all()
    assert explorer.views.line.keyframes[explorer.views.line.line].shape == (9, 2, 2)


def test_the_ball_and_the_dashed_line_are_dragged_together(explorer):
    ball, grip = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": ball["x"] - 200, "y": ball["y"], "move": 1}
    assert explorer.controls["w"].value < 1
    explorer.live._drag = {"handle": 1, "x": grip["x"], "y": grip["y"], "move": 2}
    assert explorer.controls["w"].value == pytest.approx(2.0)
    explorer.live._drag = {"handle": 1, "x": grip["x"], "y": grip["y"] + 1000, "move": 3}
    assert explorer.controls["w"].value == -1
    explorer.reset()
    assert explorer.values == one_step.explore().values


def test_a_learners_step_is_drawn_next_to_the_packages():
    def uphill(w, g, lr):
        return w + lr * g

    def unwritten(w, g, lr): ...

    def in_place(w, g, lr):
        w -= lr * g
        return w

    for step in (gd_step.reference, in_place):
        learner = one_step.explore(mine=step)
        assert learner.readout.endswith("Your path, drawn as crosses, is the same.")
    learner = one_step.explore(mine=uphill)
    assert learner.readout.endswith("Your path, drawn as crosses, is different.")
    assert learner.views.yours.line.get_xdata()[:2] == pytest.approx([2.0, 2.4])
    learner = one_step.explore(mine=unwritten)
    assert "Your path is not drawn: your function is still to be written." in learner.readout


# When to stop


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, "With step size 0.10 the run stops after 17 steps, because the size of the gradient "
             "is 0.00068, which is at most 0.001. Here w = 1.00 and the loss is 0.67."),
        ({"tol": 0.1}, "stops after 8 steps, because the size of the gradient is 0.067,"),
        ({"tol": 0.01}, "stops after 12 steps"),
        ({"steps": 10}, "ends after 10 steps, as many as are allowed, although the size of the "
                        "gradient is 0.024."),
        ({"lr": 0.5}, "ends after 30 steps, as many as are allowed, although the size of the "
                      "gradient is 4.00. Here w = 2.00 and the loss is 2.67. The lowest loss is "
                      "0.67, at w = 1.00."),
        ({"lr": 0.6}, "the steps are too long: the loss grew from 2.67 to 1.2e+09 in 30 steps"),
        ({"w": 1.0}, "At w = 1.00 the size of the gradient is 0.00, which is at most 0.001, so no "
                     "step is taken."),
        ({"loss": "plateau", "tol": 0.1}, "At w = 4.00 the size of the gradient is 0.028, which is "
                                          "at most 0.1, so no step is taken. The lowest loss is "
                                          "0.00, at w = 0.00."),
        ({"loss": "plateau", "tol": 0.01, "steps": 100}, "stops after 86 steps"),
        ({"loss": "two valleys", "tol": 0.1}, "The lowest loss is −3.51, at w = −1.30."),
        ({"loss": "two valleys", "lr": 0.25, "w": -2.0, "steps": 200},
         "After 7 steps the gradient is no longer a finite number, so the run ends."),
    ],
)  # fmt: skip
def test_the_readout_says_why_a_run_stops(controls, sentence):
    explorer = when_to_stop.explore(**controls)
    assert sentence in explorer.readout and explorer.live.alt == explorer.readout


def test_it_stops_at_the_first_gradient_that_is_small_enough():
    explorer = when_to_stop.explore(steps=100)
    for tol in 10 ** np.arange(-4, 0.25, 0.25):
        explorer.set(tol=tol)
        sizes = explorer.views.slopes.measured.get_ydata()
        assert (sizes[:-1] > tol).all() and sizes[-1] <= tol
        assert len(sizes) - 1 == math.ceil(math.log(tol / 4) / math.log(0.6))
        assert explorer.views.ordinary.measured.get_ydata() == pytest.approx(sizes)


def test_on_the_log_axis_the_same_factor_is_a_straight_line():
    explorer = when_to_stop.explore()
    line = explorer.views.slopes.measured
    pixels = line.axes.transData.transform(np.column_stack(line.get_data()))
    assert np.diff(pixels, n=2, axis=0) == pytest.approx(0, abs=1e-9)
    assert np.diff(line.get_ydata(), n=2).min() > 0  # and on an ordinary axis it is not


@pytest.mark.parametrize("loss", when_to_stop.LOSSES)
def test_the_end_point_is_that_of_the_exercise(loss):
    explorer = when_to_stop.explore(mine=descend_until.reference, loss=loss)
    rng = np.random.default_rng(3)
    lr, w = explorer.controls["lr"], explorer.controls["w"]
    for _ in range(40):
        explorer.set(
            lr=rng.uniform(lr.min, lr.max),
            w=rng.uniform(w.min, w.max),
            tol=10 ** rng.uniform(-4, 0),
        )
        assert explorer.readout.endswith("Your end point, drawn as a cross, is the same.")


def test_another_end_point_is_called_different():
    def no_budget(grad, w, lr, tol, max_steps):
        return descend_until.reference(grad, w, lr, tol, 1000)

    def unwritten(grad, w, lr, tol, max_steps): ...

    readout = when_to_stop.explore(mine=no_budget, steps=5).readout
    assert readout.endswith("Your end point, drawn as a cross, is different.")
    readout = when_to_stop.explore(mine=unwritten).readout
    assert readout.endswith("Your end point is not drawn: your function is still to be written.")


@pytest.mark.parametrize("loss", when_to_stop.LOSSES)
def test_every_gradient_in_the_picture_is_on_the_log_axis(loss):
    explorer = when_to_stop.explore(loss=loss, steps=0)
    low, high = explorer.views.slopes.measured.axes.get_ylim()
    assert low < 10**-4  # the smallest tolerance
    for w in np.linspace(explorer.controls["w"].min, explorer.controls["w"].max, 41):
        explorer.set(w=w)
        assert explorer.views.slopes.measured.get_ydata()[0] <= high


def test_dragging_the_threshold():
    explorer = when_to_stop.explore()
    knob = explorer.live._handles[1]
    explorer.live._drag = {"handle": 1, "x": knob["x"], "y": knob["y"] - 20, "move": 1}
    tol = explorer.controls["tol"].value
    assert tol > 1e-3 and 4 * np.log10(tol) == pytest.approx(round(4 * np.log10(tol)))
    explorer.reset()
    assert explorer.values == when_to_stop.explore().values


def test_a_loss_brings_its_step_size_and_start():
    explorer = when_to_stop.explore(loss="plateau")
    lr = explorer.controls["lr"]
    assert (lr.min, lr.value, lr.max) == (0.1, 0.5, 3.0) and explorer.controls["w"].value == 4
    explorer.set(loss="two valleys")
    assert (lr.min, lr.value, lr.max) == (0.005, 0.02, 0.25)
    assert explorer.controls["w"].value == 1.8


# The second exercise


def while_loop(grad, w, lr, tol, max_steps):
    steps = 0
    g = grad(w)
    while abs(g) > tol and np.isfinite(g) and steps < max_steps:
        w = w - lr * g
        steps = steps + 1
        g = grad(w)
    return w, steps


def breaking(grad, w, lr, tol, max_steps):
    n = 0
    while n < max_steps:
        g = grad(w)
        if not tol < np.abs(g) < np.inf:
            break
        w, n = w + -g * lr, n + 1
    return np.array([w, n])


def with_a_path(grad, w, lr, tol, max_steps):
    path = [w]
    while len(path) <= max_steps and tol < abs(grad(path[-1])) < math.inf:
        path.append(path[-1] - lr * grad(path[-1]))
    return path[-1], len(path) - 1


def endless_loop(grad, w, lr, tol, max_steps):
    steps = 0
    while True:
        g = grad(w)
        if abs(g) <= tol or steps == max_steps or np.isnan(g) or np.isinf(g):
            return [w, steps]
        w -= lr * g
        steps += 1


def recursive(grad, w, lr, tol, max_steps):
    g = grad(w)
    if max_steps == 0 or np.linalg.norm(g) <= tol or not math.isfinite(g):
        return w, 0
    w, steps = recursive(grad, w - lr * g, lr, tol, max_steps - 1)
    return w, steps + 1


@pytest.mark.parametrize("fn", [while_loop, breaking, with_a_path, endless_loop, recursive])
def test_every_right_descent_passes(fn):
    assert descend_until.check(fn).status == "passed"


def never_finite(grad, w, lr, tol, max_steps):
    steps, g = 0, grad(w)
    while abs(g) > tol and steps < max_steps:
        w, steps = w - lr * g, steps + 1
        g = grad(w)
    return w, steps


def no_budget(grad, w, lr, tol, max_steps):
    steps = 0
    while abs(grad(w)) > tol and np.isfinite(grad(w)):
        w, steps = w - lr * grad(w), steps + 1
    return w, steps


def after_the_loop(grad, w, lr, tol, max_steps):
    for steps in range(max_steps):  # noqa: B007
        g = grad(w)
        if abs(g) <= tol or not np.isfinite(g):
            break
        w = w - lr * g
    return w, steps


def without_sign(grad, w, lr, tol, max_steps):
    steps, g = 0, grad(w)
    while g > tol and np.isfinite(g) and steps < max_steps:
        w, steps = w - lr * g, steps + 1
        g = grad(w)
    return w, steps


def step_first(grad, w, lr, tol, max_steps):
    for steps in range(max_steps):
        w = w - lr * grad(w)
        if abs(grad(w)) <= tol or not np.isfinite(grad(w)):
            return w, steps + 1
    return w, max_steps


def same_gradient(grad, w, lr, tol, max_steps):
    steps, g = 0, grad(w)
    while abs(g) > tol and np.isfinite(g) and steps < max_steps:
        w, steps = w - lr * g, steps + 1
    return w, steps


def nothing_counted(grad, w, lr, tol, max_steps):
    steps = 0
    while abs(grad(w)) > tol and np.isfinite(grad(w)) and steps < max_steps:
        w = w - lr * grad(w)
    return w, steps


def only_the_gradient(grad, w, lr, tol, max_steps):
    steps = 0
    while abs(grad(w)) > tol:
        w = w - lr * grad(w)
    return w, steps


def counter_not_stored(grad, w, lr, tol, max_steps):
    steps = 0
    for _ in range(max_steps):
        g = grad(w)
        if abs(g) <= tol or not np.isfinite(g):
            break
        w = w - lr * g
        steps + 1
    return w, steps


@pytest.mark.parametrize(
    "fn, mistake",
    [
        (nothing_counted, "not counted"),
        (only_the_gradient, "not counted"),
        (counter_not_stored, "not counted"),
        (never_finite, "goes on at inf and nan"),
        (no_budget, "the budget"),
        (after_the_loop, "the last step not counted"),
        (without_sign, "sign of the gradient"),
        (step_first, "one step too many"),
        (same_gradient, "gradient once"),
    ],
)
def test_a_wrong_descent_is_named(fn, mistake):
    feedback = descend_until.check(fn)
    assert (feedback.status, feedback.mistake) == ("mistake", mistake)
    assert feedback.message.endswith("?")


def test_what_is_said_of_an_unlisted_mistake_is_true():
    def other_tolerance(grad, w, lr, tol, max_steps):
        return while_loop(grad, w, lr, min(tol, 1), max_steps)

    def strange_count(grad, w, lr, tol, max_steps):
        w, steps = while_loop(grad, w, lr, tol, max_steps)
        return w, steps + steps % 3

    assert "never larger" not in descend_until.check(other_tolerance).message
    assert "The point is right in every case." in descend_until.check(strange_count).message


def test_a_descent_that_never_ends_is_stopped():
    def forever(grad, w, lr, tol, max_steps):
        g = grad(w)
        while abs(g) > tol:
            w = w - lr * g

    feedback = descend_until.check(forever, seconds=0.5)
    assert feedback.status == "error" and "did not return" in feedback.message


# The numbers of the notebook


def test_the_table_of_ten_steps():
    x, y = np.array([-1, 1, 2]), np.array([-2, 0, 2])
    gradients, losses, w = [], [], 2
    for _ in range(10):
        gradients.append(np.mean(2 * (w * x - y) * x))
        losses.append(np.mean((w * x - y) ** 2))
        w = w - 0.1 * gradients[-1]
    assert np.divide(gradients[1:], gradients[:-1]) == pytest.approx(0.6)
    assert np.argmax(np.array(gradients) <= 0.1) == 8
    assert [round(loss, 4) for loss in losses[8:]] == [0.6672, 0.6669]
    tiny = np.mean((2 * x - y) ** 2) - np.mean(((2 - 0.00001 * 4) * x - y) ** 2)
    assert 0 < tiny < losses[8] - losses[9]


def test_a_formula_gives_the_minimum():
    x, y = one_step.X, one_step.Y
    assert np.sum(x * y) == np.sum(x * x) == 6 and 2 * (6 * 2 - 6) / 3 == 4 * (2 - 1)


def test_what_the_stops_of_the_second_picture_are():
    shorter = when_to_stop.explore(loss="plateau", tol=0.1).readout
    assert "the size of the gradient is 0.028" in shorter and "no step is taken" in shorter
    longer = when_to_stop.explore(loss="plateau", tol=0.01, steps=100).readout
    assert "stops after 86 steps" in longer and "w = 0.00018" in longer
    other = when_to_stop.explore(loss="two valleys", tol=0.1).readout
    assert "stops after 16 steps" in other and "w = 1.14" in other
