"""Lesson 15: the lengths of the first steps, the two averages, and where Adam fails."""

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
        made = np.abs(np.diff(explorer.shown.step_numbers[:, :2], axis=0)) / 0.1
        for i, line in enumerate(explorer.views.lengths.moving):
            np.testing.assert_allclose(line.get_ydata(), made[: adam.FIRST, i], atol=1e-9)


def test_a_constant_slope_shows_what_the_correction_corrects(explorer):
    explorer.set(example="constant slope")
    assert "a first step of 1.00 lr. After 100 steps it has moved 10.0" in explorer.readout
    explorer.set(correction=False)
    assert "first step of 3.16 lr; the longest of the first 20 steps is 6.57 lr" in explorer.readout
    assert explorer.views.lengths.w1.get_ydata().argmax() + 1 == 12
    assert explorer.views.runs.other.get_ydata()[-1] == pytest.approx(
        -10, abs=1e-4
    )  # with the correction


def test_adam_goes_the_wrong_way_and_amsgrad_does_not(explorer):
    explorer.set(example="Reddi's")
    assert {name: explorer.values[name] for name in adam.REDDI} == adam.REDDI
    assert "Adam ends at 1.00 after 300 steps" in explorer.readout
    assert "AMSGrad ends at −0.24. The best point is −1, and the worst is 1." in explorer.readout
    settings = {"lr": 0.2, "beta1": 0.0, "beta2": 1 / 17, "bias_correction": False}
    ends = [adam.run("Reddi's", rule(**settings), steps=1000).last[0] for rule in (Adam, AMSGrad)]
    assert ends == [pytest.approx(0.99349, abs=5e-6), -1]
    explorer.set(beta2=0.999)
    assert "Adam ends at −0.98 after 300 steps" in explorer.readout
    explorer.set(example="valley")
    assert explorer.values["beta1"] == 0.9 and explorer.values["correction"]


def test_scale_does_not_change_the_path_and_eps_does(explorer):
    before = explorer.shown.step_numbers[:, :2]
    scaled = adam.quadratic((1000.0, 25000.0), start=[2.0, 1.0])
    path = adam.descend(scaled, Adam(0.1, eps=0.0), steps=100)
    np.testing.assert_allclose(path.w, before, atol=1e-6)
    explorer.set(eps=1.0)
    first = -np.diff(explorer.shown.step_numbers[:2, :2], axis=0)[0]
    np.testing.assert_allclose(first, 0.1 * np.array([2 / 3, 25 / 26]))
    explorer.buttons()["Usual β and ε"]()
    np.testing.assert_allclose(explorer.shown.step_numbers[:, :2], before)


def test_the_ball_is_dragged(explorer):
    explorer.views.handles[0].moved(9, 0.256)
    assert explorer.shown.step_numbers[0, :2].tolist() == [2.5, 0.26]
    explorer.reset()
    assert explorer.values == adam.explore().values


@pytest.mark.parametrize("example", adam.EXAMPLES)
def test_a_learners_rule_is_drawn_next_to_ours(example):
    mine = adam.explore(mine=exercises()["adam_step"].reference, example=example)
    mine.set(correction=True)
    assert mine.readout.endswith("Your path, drawn as crosses, is the same.")


def test_an_unwritten_rule_is_not_drawn():
    unwritten = adam.explore(mine=lambda w, m, v, t, g, lr, beta1, beta2, eps: None)
    assert "is not drawn: the function returned no points." in unwritten.readout
