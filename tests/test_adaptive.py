"""Lesson 14: the squares with the side √s, the step sizes of the coordinates, the turned valley."""

import numpy as np
import pytest

from gdlesson import AdaGrad, RMSProp, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import adaptive


@pytest.fixture
def explorer():
    return adaptive.explore()


def test_squares_and_step_sizes_are_the_methods_own(explorer):
    surface = adaptive.valley("straight")
    lr, g = 0.5, descend(surface, AdaGrad(0.5), [2.0, 1.0], adaptive.STEPS).g
    s = np.cumsum(g**2, axis=0)
    np.testing.assert_allclose(adaptive.memory("AdaGrad", g, 0.9), s)
    for line, root in zip(explorer.views.sizes.moving, np.sqrt(s).T, strict=True):
        np.testing.assert_allclose(line.get_ydata(), lr / root, rtol=1e-6)
    explorer.set(method="RMSProp", rho=0.8)
    g, s = descend(surface, RMSProp(0.5, 0.8), [2.0, 1.0], adaptive.STEPS).g, np.zeros(2)
    for t, square in enumerate(g**2):
        s = 0.8 * s + 0.2 * square
        np.testing.assert_allclose(adaptive.memory("RMSProp", g, 0.8)[t], s)
    for line, root in zip(
        explorer.views.sizes.moving, np.sqrt(adaptive.memory("RMSProp", g, 0.8)).T, strict=True
    ):
        shown = line.get_ydata()
        np.testing.assert_allclose(shown, (lr / root)[: len(shown)], rtol=1e-5)


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
        ({}, "With AdaGrad and step size 0.5, the last step sizes of the two coordinates are 0.15 "
             "and 0.017."),
        ({"turn": "turned by 45°"}, "the steep slope is part of both coordinates' gradients."),
        ({"method": "descent"}, "With plain descent and step size 0.5, the loss grows and the path "
                                "diverges, because the stability limit is 2/L = 0.08."),
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
    assert "is different." in right.readout
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
