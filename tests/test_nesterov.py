"""Lesson 12: one magnified step, and two descents from one start."""

import numpy as np
import pytest

from gdlesson import Momentum, Nesterov, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import nesterov


@pytest.fixture
def explorer():
    return nesterov.explore()


@pytest.mark.parametrize("step", [0, 1, 7, 40])
def test_the_magnified_step_is_the_next_step_of_the_path(explorer, step, monkeypatch):
    seen = []
    monkeypatch.setattr(explorer.views.zoom, "update", lambda *steps: seen.append(steps))
    explorer.set(step=10)
    explorer.set(step=step)
    carried, before, ahead = seen[-1]
    path = descend(nesterov.LANDS["κ = 25"], Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    w = path.w
    np.testing.assert_allclose(ahead, w[step + 1] - w[step], atol=1e-12)
    lr = path.optimizer.lr
    np.testing.assert_allclose(before, carried - lr * path.problem.grad(w[step]), atol=1e-12)
    np.testing.assert_allclose(
        ahead, carried - lr * path.problem.grad(w[step] + carried), atol=1e-12
    )


def test_both_paths_are_the_packages(explorer):
    surface = nesterov.LANDS["κ = 25"]
    expected = descend(surface, Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.shown.step_numbers[:, :2], expected.w)
    rival = descend(surface, Momentum(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.views.extra.rival.get_xydata(), rival.w)
    assert (
        f"{expected.loss[-1]:.2g} with Nesterov and {rival.loss[-1]:.2g} with" in explorer.readout
    )


@pytest.mark.parametrize(
    "values, text",
    [
        ({}, "Step 2 has the length 0.46, so it is shorter than momentum's "
             "from the same place, 0.65."),
        ({"step": 0}, "In step 1 the velocity is still 0, so both take the same step."),
        (
            {"share": 2.0},
            "Nesterov diverges, because its stability limit is 1.38/L; the limit of "
            "momentum is 3.60/L.",
        ),
        ({"share": 2.4, "beta": 0.0}, "is 2.00/L; momentum diverges too, above 2.00/L."),
        ({"w1": 0.0, "w2": 0.0}, "The ball starts at the minimum."),
    ],
)  # fmt: skip
def test_the_readout_describes_what_looking_ahead_does(explorer, values, text):
    explorer.set(**values)
    assert text in explorer.readout


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_limit_in_the_readout_is_the_measured_one(beta):
    surface, limit = nesterov.LANDS["κ = 25"], (2 + 2 * beta) / (1 + 2 * beta) / 25
    inside, outside = (
        descend(surface, Nesterov(share * limit, beta), steps=3000) for share in (0.99, 1.01)
    )
    assert not inside.diverged and outside.diverged


def test_nesterovs_own_place_and_the_drag(explorer):
    explorer.buttons()["Nesterov's own"]()
    assert (explorer.controls["share"].value, explorer.controls["beta"].value) == (1.0, 0.67)
    explorer.views.handles[0].moved(-9, 0.333)
    assert [explorer.controls[name].value for name in ("w1", "w2")] == [-2.5, 0.33]


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not():
    right = nesterov.explore(mine=exercises()["nesterov_step"].reference)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")

    def momentum(w, v, grad, lr, beta):
        v = beta * v + grad(w)
        return w - lr * v, v

    assert "is different." in nesterov.explore(mine=momentum).readout
    nothing = nesterov.explore(mine=lambda w, v, grad, lr, beta: None)
    assert "is not drawn: the function returned no points." in nothing.readout
