"""Lesson 11: the map of step size and β, the best of them, and a cycle that never converges."""

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
    explorer.buttons()["Best step size and β"]()
    assert f"a millionth of it remains after {steps} steps" in explorer.readout
    assert "No other step size and β are faster in the long run" in explorer.readout
    explorer.buttons()["Plain descent"]()
    assert explorer.controls["beta"].value == 0


def test_the_stability_limit_is_where_the_radius_is_one():
    for beta in (0.0, 0.3, 0.9):
        limit = 2 * (1 + beta) / 25
        assert momentum.radius(limit, beta, 25) == pytest.approx(1)
        assert momentum.radius(0.99 * limit, beta, 25) < 1 < momentum.radius(1.01 * limit, beta, 25)


@pytest.mark.parametrize(
    "share, beta, text",
    [
        (1.0, 0.0, "without oscillating. In the long run 96 % of the distance remains after each"),
        (3.0, 0.5, "at the stability limit 2(1 + β)/L = 3.00/L, the ball jumps across the valley"),
        (3.5, 0.5, "above the stability limit 2(1 + β)/L = 3.00/L, momentum diverges."),
        (0.5, 0.9, "oscillates along the valley and across it."),
        (2.3, 0.2, "crosses the valley at every step."),
        (2.0, 0.4, "oscillates across the valley, but not along it."),
    ],
)
def test_the_readout_names_the_regime(explorer, share, beta, text):
    explorer.set(share=share, beta=beta)
    assert text in explorer.readout


def test_the_regimes_are_those_of_the_roots():
    rng = np.random.default_rng(0)
    for share, beta in zip(rng.uniform(0.02, 4, 400), rng.uniform(0, 0.99, 400), strict=True):
        roots = [np.roots([1, -(1 + beta - share * c), beta]) for c in (1 / 25, 1)]
        along, across = (np.iscomplex(pair).any() for pair in roots)
        text = momentum.movement(share / 25, beta, 25)
        assert text.startswith("oscillates") == bool(along or across)
        if text.startswith("crosses"):
            assert (roots[1].real <= 0).all()
        if text.startswith("approaches"):
            assert (np.concatenate(roots).real >= 0).all()


def test_the_ball_ends_in_a_cycle_on_three_slopes(explorer):
    explorer.set(land="three slopes")
    explorer.buttons()["Best step size and β"]()
    assert "ends in the cycle −1.80, 2.12, 0.65 and never converges" in explorer.readout
    explorer.set(share=0.5, beta=0.5)
    assert "momentum converges to the minimum" in explorer.readout


def test_the_three_slopes_are_one_loss_and_its_gradient():
    for w in (-2.0, 0.5, 0.999, 1.5, 2.5):
        at = np.array([w])
        slope = numerical_gradient(momentum.THREE_SLOPES.f, at)
        np.testing.assert_allclose(slope, momentum.THREE_SLOPES.grad(at), rtol=1e-6)
    for joint in (1.0, 2.0):  # no jump
        below, above = (momentum.THREE_SLOPES.f(np.array([joint + e])) for e in (-1e-9, 1e-9))
        assert below == pytest.approx(above, abs=1e-6)


def test_point_and_ball_are_dragged(explorer):
    point, ball = explorer.views.handles
    point.moved(9, -1)
    assert explorer.controls["share"].value == 4.0 and explorer.controls["beta"].value == 0
    ball.moved(-0.5, 2.25)
    assert explorer.shown.step_numbers[0, :2].tolist() == [-0.5, 2.25]
    explorer.reset()
    assert explorer.values == momentum.explore().values


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not():
    right = momentum.explore(mine=exercises()["momentum_step"].reference, beta=0.5)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")
    averaged = momentum.explore(
        mine=lambda w, v, g, lr, beta: (w - lr * (beta * v + (1 - beta) * g), v), beta=0.5
    )
    assert "is different." in averaged.readout
    nothing = momentum.explore(mine=lambda w, v, g, lr, beta: None)
    assert "is not drawn: the function returned no points." in nothing.readout
