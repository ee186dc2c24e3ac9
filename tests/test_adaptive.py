"""Lesson 14: the step sizes of the coordinates, the turned valley, and long runs."""

import numpy as np
import pytest

from gdlesson import AdaGrad, RMSProp, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import adaptive, adaptive_long


@pytest.fixture
def explorer():
    return adaptive.explore()


def test_the_step_sizes_are_the_methods_own(explorer):
    surface = adaptive.valley("straight")
    g = descend(surface, AdaGrad(0.5), [2.0, 1.0], adaptive.STEPS).g
    expected = 0.5 / np.sqrt(np.cumsum(g**2, axis=0))
    for line, size in zip(explorer.views.sizes.moving, expected.T, strict=True):
        np.testing.assert_allclose(line.get_ydata(), size, rtol=1e-6)
        np.testing.assert_array_equal(line.get_xdata(), np.arange(1, adaptive.STEPS + 1))
    explorer.set(method="RMSProp", rho=0.8)
    g, s = descend(surface, RMSProp(0.5, 0.8), [2.0, 1.0], adaptive.STEPS).g, np.zeros(2)
    expected = np.empty_like(g)
    for t, square in enumerate(g**2):
        s = 0.8 * s + 0.2 * square
        expected[t] = 0.5 / np.sqrt(s)
    for line, size in zip(explorer.views.sizes.moving, expected.T, strict=True):
        shown = line.get_ydata()
        np.testing.assert_allclose(shown, size[: len(shown)], rtol=1e-5)


@pytest.mark.parametrize("turn, lines", [("straight", {1, 1 / 25}), ("turned by 45°", {1 / 13})])
def test_the_dotted_lines_are_one_over_the_curvatures_along_the_axes(turn, lines):
    sizes = adaptive.explore(turn=turn).views.sizes.first.axes
    dotted = [line.get_ydata() for line in sizes.lines if line.get_linestyle() == ":"]
    assert {line[0] for line in dotted if len(line)} == lines


def test_the_first_step_is_lr_in_every_coordinate():
    for scale in (1e-3, 1.0, 1e6):
        bowl = adaptive.quadratic((scale, 25 * scale))
        step = descend(bowl, AdaGrad(0.3, eps=0.0), [2.0, 1.0], steps=1).w[1] - [2.0, 1.0]
        np.testing.assert_allclose(step, [-0.3, -0.3])
        step = descend(bowl, RMSProp(0.3, 0.9, 0.0), [2.0, 1.0], steps=1).w[1] - [2.0, 1.0]
        np.testing.assert_allclose(step, -0.3 / np.sqrt([0.1, 0.1]))


def test_turned_the_descent_turns_along_and_adagrad_does_not(explorer):
    turn = adaptive.turned(np.pi / 4)
    paths = {}
    for method, lr in (("descent", 0.07), ("AdaGrad", 0.5)):
        for valley in adaptive.TURNS:
            explorer.set(method=method, lr=lr, turn=valley)
            paths[method, valley] = explorer.shown.step_numbers[:, :2]
    along = paths["descent", "straight"] @ turn.T
    np.testing.assert_allclose(paths["descent", "turned by 45°"], along, atol=1e-12)
    along = paths["AdaGrad", "straight"] @ turn.T
    assert np.abs(paths["AdaGrad", "turned by 45°"] - along).max() > 0.1


@pytest.mark.parametrize(
    "values, text",
    [
        ({}, "With AdaGrad and lr = 0.5, the step sizes of w₁ and w₂ end at 0.15 and 0.017."),
        ({"u1": 0.2, "u2": 2.0}, "end at 1.3 and 0.006."),
        ({"method": "descent"}, "With plain descent and lr = 0.5, the path diverges, "
                                "because the stability limit is 2/L = 0.08."),
        ({"method": "descent", "lr": 0.07}, "both coordinates have the same step size."),
        ({"u1": 0.0, "u2": 0.0}, "The ball starts at the minimum."),
        ({"u2": 0.0}, "The gradient of the other coordinate is always 0."),
    ],
)  # fmt: skip
def test_the_readout_describes_the_step_sizes(explorer, values, text):
    explorer.set(**values)
    assert text in explorer.readout


def test_the_ball_is_dragged_in_the_turned_valley_too(explorer):
    explorer.set(turn="turned by 45°")
    explorer.views.handles[0].moved(*(adaptive.turned(np.pi / 4) @ [-1.0, 0.5]))
    assert (explorer.controls["u1"].value, explorer.controls["u2"].value) == (-1.0, 0.5)
    explorer.set(turn="straight", u1=2.5, u2=2.5)
    explorer.set(turn="turned by 45°")
    assert (
        np.abs(explorer.shown.step_numbers[0, :2]).max() <= 2.5
    )  # still where it can be taken hold of
    explorer.reset()
    assert explorer.values == adaptive.explore().values


def test_a_learners_rule_is_drawn_whichever_it_is():
    right = adaptive.explore(mine=exercises()["adagrad_step"].reference)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")
    right.set(method="RMSProp")
    assert "is different. Does the chosen method fit your function?" in right.readout
    right = adaptive.explore(mine=exercises()["rmsprop_step"].reference, method="RMSProp", rho=0.7)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")
    nothing = adaptive.explore(mine=lambda w, s, g, lr, eps: None)
    assert "is not drawn: the function returned no points." in nothing.readout


def test_rho_is_greyed_where_it_changes_nothing(explorer):
    rho = explorer.controls["rho"]
    for method in adaptive.METHODS:
        explorer.set(method=method)
        path = explorer.shown.step_numbers[:, :2]
        explorer.set(rho=0.6)
        assert rho.disabled == np.array_equal(explorer.shown.step_numbers[:, :2], path)
        explorer.set(rho=0.9)


def test_all_controls_are_disabled_until_the_prediction():
    question = adaptive.first_question
    question.chosen = None
    explorer = adaptive.explore(after=question, method="RMSProp")
    explorer.set(method="AdaGrad")
    assert all(control.disabled for control in explorer.controls.values())
    question.skip()
    disabled = [name for name, control in explorer.controls.items() if control.disabled]
    question.chosen = None
    assert disabled == ["rho"]


def test_adagrads_steps_on_a_constant_slope_shrink_and_rmsprops_do_not():
    t = np.arange(1, 101)
    explorer = adaptive_long.explore(land="constant slope")
    lines = explorer.views.lines
    np.testing.assert_allclose(lines.size.get_ydata(), 0.1 / np.sqrt(t))
    np.testing.assert_allclose(lines.distance.get_ydata()[1:], np.cumsum(1 / np.sqrt(t)))
    assert explorer.readout == (
        "With AdaGrad, lr = 0.1 and slope 1, 100 steps travel 18.59 lr. "
        "The last step is 0.1 lr long."
    )
    explorer.set(method="RMSProp", rho=0.99)
    lines = explorer.views.lines
    np.testing.assert_allclose(lines.size.get_ydata(), 0.1 / np.sqrt(1 - 0.99**t), rtol=1e-6)


@pytest.mark.parametrize("lr", [0.05, 0.1, 1.0])
def test_without_noise_rmsprop_bounces_at_half_a_step_size(lr):
    explorer = adaptive_long.explore(method="RMSProp", lr=lr)
    last = explorer.views.lines.distance.get_ydata()[-10:]
    np.testing.assert_allclose(last, lr / 2, rtol=1e-2)
    np.testing.assert_allclose(explorer.views.lines.size.get_ydata()[-1], 2, rtol=2e-2)
    assert "(0.5 lr)" in explorer.readout and explorer.readout.endswith("lr/√s ends at 2.")


def test_with_noise_adagrad_slows_and_rmsprop_settles():
    explorer = adaptive_long.explore(sigma=1.0)
    size = explorer.views.lines.size.get_ydata()
    np.testing.assert_allclose(size[-1], 0.1 / np.sqrt(400), rtol=0.2)
    explorer.set(method="RMSProp")
    distance, size = (explorer.views.lines.distance.get_ydata(), explorer.views.lines.size)
    np.testing.assert_allclose(size.get_ydata()[-50:], 0.1, rtol=0.1)
    np.testing.assert_allclose(distance[200:300].mean(), distance[300:].mean(), rtol=0.1)


def test_the_readout_gives_the_distance_that_is_drawn():
    explorer = adaptive_long.explore()
    for method in adaptive_long.METHODS:
        for lr in (0.01, 0.2, 1.0):
            for sigma in (0.0, 0.5, 2.0):
                explorer.set(method=method, lr=lr, sigma=sigma)
                last = np.sqrt((explorer.views.lines.distance.get_ydata()[-10:] ** 2).mean())
                text = f"last ten steps is {last:.2g} (" if last > 1e-12 else "is below 1e-12."
                assert text in explorer.readout


def test_controls_that_change_nothing_on_a_long_run_are_greyed():
    explorer = adaptive_long.explore(land="constant slope")
    assert [name for name, each in explorer.controls.items() if each.disabled] == ["sigma", "rho"]
    explorer.set(land="parabola", method="RMSProp")
    assert not any(each.disabled for each in explorer.controls.values())


@pytest.mark.parametrize("lr", [0.05, 0.2, 1.0])
def test_with_a_long_memory_the_bounce_comes_after_the_steps_of_the_picture(lr):
    explorer = adaptive_long.explore(method="RMSProp", lr=lr, rho=0.99)
    assert explorer.views.lines.distance.get_ydata()[-1] < lr / 100
    start = np.full((1, 1), adaptive_long.START)
    path = descend(adaptive_long.Parabola(), RMSProp(lr, 0.99), start, 20_000, keep="last")
    np.testing.assert_allclose(abs(path.last), lr / 2, rtol=1e-3)


def test_the_dashed_lines_are_what_the_lesson_derives():
    t, explorer = np.arange(1, 101), adaptive_long.explore(land="constant slope", lr=0.2)
    for method, law in (("AdaGrad", 0.2 / np.sqrt(t)), ("RMSProp", np.full(100, 0.2))):
        explorer.set(method=method)
        np.testing.assert_allclose(explorer.views.lines.distance_law.get_ydata(), t)
        np.testing.assert_allclose(explorer.views.lines.size_law.get_ydata(), law)
    explorer.set(land="parabola")
    assert set(explorer.views.lines.distance_law.get_ydata()) == {0.1}
    assert set(explorer.views.lines.size_law.get_ydata()) == {2.0}
    explorer.set(method="AdaGrad")
    assert not len(explorer.views.lines.distance_law.get_ydata())
