"""Lesson 10's room: one step under the glass, and two descents from one start."""

import numpy as np
import pytest

from gdlesson import Momentum, Nesterov, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import nesterov


@pytest.fixture
def explorer():
    return nesterov.explore()


@pytest.mark.parametrize("step", [0, 1, 7, 40])
def test_the_step_under_the_glass_is_the_next_step_of_the_path(explorer, step, monkeypatch):
    seen = []
    monkeypatch.setattr(explorer.glass, "update", lambda *steps: seen.append(steps))
    explorer.set(step=10)
    explorer.set(step=step)
    carried, before, ahead = seen[-1]
    w, path = explorer.path.w, explorer.path
    np.testing.assert_allclose(ahead, w[step + 1] - w[step], atol=1e-12)
    lr = path.optimizer.lr
    np.testing.assert_allclose(before, carried - lr * path.problem.grad(w[step]), atol=1e-12)
    np.testing.assert_allclose(
        ahead, carried - lr * path.problem.grad(w[step] + carried), atol=1e-12
    )


def test_both_paths_are_the_packages(explorer):
    surface = nesterov.LANDS["κ = 25"]
    expected = descend(surface, Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.path.w, expected.w)
    rival = descend(surface, Momentum(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.rival.get_xydata(), rival.w)
    assert f"{expected.loss[-1]:.2g} with Nesterov, {rival.loss[-1]:.2g} with" in explorer.readout


@pytest.mark.parametrize(
    "values, said",
    [
        ({}, "Step 2 is 0.46 long, shorter than momentum's from the same place, 0.65."),
        ({"step": 0}, "Step 1 has nothing to carry on yet: both take the same step."),
        ({"share": 2.0}, "above (2 + 2β)/(1 + 2β) = 1.38/L, Nesterov diverges, momentum only"),
        ({"share": 2.4, "beta": 0.0}, "= 2.00/L, Nesterov diverges too."),
        ({"w1": 0.0, "w2": 0.0}, "The start is the minimum: no step moves it."),
    ],
)
def test_the_readout_says_what_looking_ahead_does(explorer, values, said):
    explorer.set(**values)
    assert said in explorer.readout


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_border_said_is_the_one_seen(beta):
    surface, border = nesterov.LANDS["κ = 25"], (2 + 2 * beta) / (1 + 2 * beta) / 25
    inside, outside = (
        descend(surface, Nesterov(share * border, beta), steps=3000) for share in (0.99, 1.01)
    )
    assert not inside.diverged and outside.diverged


def test_nesterovs_own_place_and_the_drag(explorer):
    explorer.buttons()["Nesterov's own"]()
    assert (explorer.controls["share"].value, explorer.controls["beta"].value) == (1.0, 0.67)
    explorer.drag(-9, 0.333)
    assert explorer.path.start.tolist() == [-2.5, 0.33]


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not():
    right = nesterov.explore(mine=exercises()["nesterov_step"].reference)
    assert right.readout.endswith("Your path, the crosses, is the same.")

    def momentum(w, v, grad, lr, beta):
        v = beta * v + grad(w)
        return w - lr * v, v

    assert "goes another way" in nesterov.explore(mine=momentum).readout
    assert "nothing came back" in nesterov.explore(mine=lambda w, v, grad, lr, beta: None).readout
