"""Lesson 12's room: the first steps' lengths, the two means, and where Adam fails."""

import numpy as np
import pytest

from gdlesson import Adam, AMSGrad
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import adam


@pytest.fixture
def explorer():
    return adam.explore()


def test_the_means_are_those_of_the_exercise():
    g = np.random.default_rng(0).normal(size=(12, 2)) * [1.0, 30.0]
    hyper = {"lr": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 1e-8}
    m_hat, root = adam.means(g, **hyper, correction=True)
    w, m, v = np.zeros(2), np.zeros(2), np.zeros(2)
    for t, each in enumerate(g, start=1):
        new, m, v = exercises()["adam_step"].reference(w, m, v, t, each, *hyper.values())
        np.testing.assert_allclose(w - new, 0.1 * m_hat[t - 1] / (root[t - 1] + 1e-8))
        w = new


def test_the_lengths_drawn_are_the_steps_made(explorer):
    for correction in (True, False):
        explorer.set(correction=correction)
        made = np.abs(np.diff(explorer.path.w, axis=0)) / 0.1
        for i, line in enumerate(explorer.lengths):
            np.testing.assert_allclose(line.get_ydata(), made[: adam.FIRST, i], atol=1e-9)


def test_a_constant_slope_shows_what_the_correction_corrects(explorer):
    explorer.set(example="constant slope")
    assert "its first step is 1.00 lr long. After 100 steps it has come 10.0" in explorer.readout
    explorer.set(correction=False)
    assert "first step is 3.16 lr long, the longest of the first 20 is 6.57 lr" in explorer.readout
    assert explorer.lengths[0].get_ydata().argmax() + 1 == 12
    assert explorer.rival.get_ydata()[-1] == pytest.approx(-10, abs=1e-4)  # with the correction


def test_adam_goes_the_wrong_way_and_amsgrad_does_not(explorer):
    explorer.set(example="Reddi's")
    assert {name: explorer.values[name] for name in adam.REDDI} == adam.REDDI
    assert "it goes the wrong way" in explorer.readout
    settings = {"lr": 0.2, "beta1": 0.0, "beta2": 1 / 17, "bias_correction": False}
    ends = [adam.run("Reddi's", rule(**settings), steps=1000).last[0] for rule in (Adam, AMSGrad)]
    assert ends == [pytest.approx(0.99349, abs=5e-6), -1]
    explorer.set(beta2=0.999)
    assert "it arrives" in explorer.readout
    explorer.set(example="valley")
    assert explorer.values["beta1"] == 0.9 and explorer.values["correction"]


def test_scale_does_not_change_the_path_and_eps_does(explorer):
    before = explorer.path.w
    scaled = adam.quadratic((1000.0, 25000.0), start=[2.0, 1.0])
    path = adam.descend(scaled, Adam(0.1, eps=0.0), steps=100)
    np.testing.assert_allclose(path.w, before, atol=1e-6)
    explorer.set(eps=1.0)
    first = explorer.path.w[0] - explorer.path.w[1]
    np.testing.assert_allclose(first, 0.1 * np.array([2 / 3, 25 / 26]))
    explorer.buttons()["Usual β and ε"]()
    np.testing.assert_allclose(explorer.path.w, before)


def test_the_ball_is_dragged(explorer):
    explorer.drag(9, 0.256)
    assert explorer.path.start.tolist() == [2.5, 0.26]
    explorer.reset()
    assert explorer.values == adam.explore().values


@pytest.mark.parametrize("example", adam.EXAMPLES)
def test_a_learners_rule_is_drawn_beside_ours(example):
    mine = adam.explore(mine=exercises()["adam_step"].reference, example=example)
    mine.set(correction=True)
    assert mine.readout.endswith("Your path, the crosses, is the same.")


def test_an_unwritten_rule_is_not_drawn():
    unwritten = adam.explore(mine=lambda w, m, v, t, g, lr, beta1, beta2, eps: None)
    assert "nothing came back" in unwritten.readout
