"""Lesson 11's room: the squares of s, the coordinates' own step sizes, and the turned valley."""

import numpy as np
import pytest

from gdlesson import AdaGrad, RMSProp, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import adaptive


@pytest.fixture
def explorer():
    return adaptive.explore()


def test_squares_and_step_sizes_are_the_methods_own(explorer):
    lr, g = 0.5, explorer.path.g
    s = np.cumsum(g**2, axis=0)
    np.testing.assert_allclose(adaptive.memory("AdaGrad", g, 0.9), s)
    for line, root in zip(explorer.sizes, np.sqrt(s).T, strict=True):
        np.testing.assert_allclose(line.get_ydata(), lr / root, rtol=1e-6)
    explorer.set(method="RMSProp", rho=0.8)
    g, s = explorer.path.g, np.zeros(2)
    for t, square in enumerate(g**2):
        s = 0.8 * s + 0.2 * square
        np.testing.assert_allclose(adaptive.memory("RMSProp", g, 0.8)[t], s)


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
            paths[method, valley] = explorer.path.w
    along = paths["descent", "straight"] @ turn.T
    np.testing.assert_allclose(paths["descent", "turned by 45°"], along, atol=1e-12)
    along = paths["AdaGrad", "straight"] @ turn.T
    assert np.abs(paths["AdaGrad", "turned by 45°"] - along).max() > 0.1


@pytest.mark.parametrize(
    "values, said",
    [
        ({}, "AdaGrad with step size 0.5: the coordinates' own step sizes are now 0.15 and 0.017."),
        ({"turn": "turned by 45°"}, "both coordinates see the steep slope."),
        ({"method": "descent"}, "Descent with step size 0.5: diverges."),
        ({"method": "descent", "lr": 0.07}, "one step size for both coordinates."),
        ({"u1": 0.0, "u2": 0.0}, "The start is the minimum"),
        ({"u2": 0.0}, "and open, for want of a slope."),
    ],
)
def test_the_readout_says_what_the_step_sizes_are(explorer, values, said):
    explorer.set(**values)
    assert said in explorer.readout


def test_the_ball_is_dragged_in_the_turned_valley_too(explorer):
    explorer.set(turn="turned by 45°")
    explorer.drag(*(adaptive.turned(np.pi / 4) @ [-1.0, 0.5]))
    assert (explorer.controls["u1"].value, explorer.controls["u2"].value) == (-1.0, 0.5)
    explorer.set(turn="straight", u1=2.5, u2=2.5)
    explorer.set(turn="turned by 45°")
    assert np.abs(explorer.path.start).max() <= 2.5  # still where it can be taken hold of
    explorer.reset()
    assert explorer.values == adaptive.explore().values


def test_a_learners_rule_is_drawn_whichever_it_is():
    right = adaptive.explore(mine=exercises()["adagrad_step"].reference)
    assert right.readout.endswith("Your path, the crosses, is the same.")
    right.set(method="RMSProp")
    assert "goes another way" in right.readout
    right = adaptive.explore(mine=exercises()["rmsprop_step"].reference, method="RMSProp", rho=0.7)
    assert right.readout.endswith("Your path, the crosses, is the same.")
    assert "nothing came back" in adaptive.explore(mine=lambda w, s, g, lr, eps: None).readout


def test_rho_is_greyed_where_it_changes_nothing(explorer):
    rho = explorer.controls["rho"]
    for method in adaptive.METHODS:
        explorer.set(method=method)
        path = explorer.path.w
        explorer.set(rho=0.6)
        assert rho.disabled == np.array_equal(explorer.path.w, path)
        explorer.set(rho=0.9)


def test_greyed_or_not_all_controls_sleep_until_the_prediction():
    question = adaptive.first_question
    question.chosen = None
    explorer = adaptive.explore(after=question, method="RMSProp")
    explorer.set(method="AdaGrad")
    assert all(control.disabled for control in explorer.controls.values())
    question.skip()
    asleep = [name for name, control in explorer.controls.items() if control.disabled]
    question.chosen = None
    assert asleep == ["rho"]
