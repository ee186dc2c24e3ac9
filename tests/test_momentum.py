"""Lesson 09's room: the map of step size and β, its best place, and the ball that never arrives."""

import numpy as np
import pytest

from gdlesson import Momentum, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import momentum
from gdlesson.surfaces import numerical_gradient


@pytest.fixture
def explorer():
    return momentum.explore()


@pytest.mark.parametrize("land, L", [("κ = 10", 10), ("κ = 25", 25), ("κ = 100", 100)])
def test_every_pixel_of_the_map_is_near_the_rate_of_theory(land, L):
    measured = momentum.rates(land)
    middle = (np.arange(momentum.SIDE) + 0.5) / momentum.SIDE
    for i in range(5, momentum.SIDE, 14):
        for j in range(3, momentum.SIDE, 14):
            beta, lr = middle[i], momentum.WIDEST * middle[j] / L
            theory = max(momentum.radius(lr, beta, c) for c in (1, L))
            if theory < 0.99:  # a double root comes near its rate slowly, from above
                assert measured[i, j] == pytest.approx(theory, abs=0.04), (beta, lr)
            if theory > 1.01:
                assert np.isnan(measured[i, j])


def test_a_pixel_is_the_run_of_its_step_size_and_beta():
    measured, middle = momentum.rates("κ = 25"), (np.arange(momentum.SIDE) + 0.5) / momentum.SIDE
    lr, beta = momentum.WIDEST * middle[30] / 25, middle[70]
    path = descend(momentum.LANDSCAPES["κ = 25"], Momentum(lr, beta), steps=momentum.STEPS)
    left = np.linalg.norm(path.last) / np.linalg.norm(path.start)
    assert measured[70, 30] == pytest.approx(left ** (1 / momentum.STEPS), rel=1e-9)


@pytest.mark.parametrize("land, steps", [("κ = 25", 44), ("κ = 100", 93)])
def test_the_best_place_is_reached_by_its_button_and_needs_that_many_steps(explorer, land, steps):
    explorer.set(land=land)
    explorer.buttons()["To the best place"]()
    assert f"a millionth of it is left after {steps} steps" in explorer.readout
    assert "No place on the map is faster" in explorer.readout
    explorer.buttons()["Plain descent"]()
    assert explorer.controls["beta"].value == 0


def test_the_border_is_where_the_radius_is_one():
    for beta in (0.0, 0.3, 0.9):
        border = 2 * (1 + beta) / 25
        assert momentum.radius(border, beta, 25) == pytest.approx(1)
        assert (
            momentum.radius(0.99 * border, beta, 25) < 1 < momentum.radius(1.01 * border, beta, 25)
        )


@pytest.mark.parametrize(
    "share, beta, said",
    [
        (1.0, 0.0, "glides along the valley. In the long run a step keeps 96 % of the distance"),
        (3.0, 0.5, "on the border 2(1 + β)/L, it jumps across the valley for ever."),
        (3.5, 0.5, "above 2(1 + β)/L = 3.00/L, it diverges."),
        (0.5, 0.9, "swings along the valley and across it."),
    ],
)
def test_the_readout_names_the_regime(explorer, share, beta, said):
    explorer.set(share=share, beta=beta)
    assert said in explorer.readout


def test_the_ball_goes_round_on_three_slopes_for_ever(explorer):
    explorer.set(land="three slopes")
    explorer.buttons()["To the best place"]()
    assert "goes round −1.80, 2.12, 0.65 for ever" in explorer.readout
    explorer.set(share=0.5, beta=0.5)
    assert "it comes to the minimum" in explorer.readout


def test_the_three_slopes_are_one_loss_and_its_gradient():
    for w in (-2.0, 0.5, 0.999, 1.5, 2.5):
        at = np.array([w])
        slope = numerical_gradient(momentum.THREE_SLOPES.f, at)
        np.testing.assert_allclose(slope, momentum.THREE_SLOPES.grad(at), rtol=1e-6)
    for joint in (1.0, 2.0):  # no jump
        below, above = (momentum.THREE_SLOPES.f(np.array([joint + e])) for e in (-1e-9, 1e-9))
        assert below == pytest.approx(above, abs=1e-6)


def test_point_and_ball_are_dragged(explorer):
    explorer.drag(9, -1)
    assert explorer.controls["share"].value == 4.0 and explorer.controls["beta"].value == 0
    explorer.move(-0.5, 2.25)
    assert explorer.path.start.tolist() == [-0.5, 2.25]
    explorer.reset()
    assert explorer.values == momentum.explore().values


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not():
    right = momentum.explore(mine=exercises()["momentum_step"].reference, beta=0.5)
    assert right.readout.endswith("Your path, the crosses, is the same.")
    averaged = momentum.explore(
        mine=lambda w, v, g, lr, beta: (w - lr * (beta * v + (1 - beta) * g), v), beta=0.5
    )
    assert "goes another way" in averaged.readout
    assert "nothing came back" in momentum.explore(mine=lambda w, v, g, lr, beta: None).readout
