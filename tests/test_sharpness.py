"""Lesson 18: power iteration, the curvature along a training, and what the picture says."""

import numpy as np
import pytest

from gdlesson import numerical_gradient
from gdlesson.exercises.sharpness import largest_curvature
from gdlesson.explorers import sharpness
from gdlesson.explorers.sharpness_training import STEPS, Training, hessian_times, training_of
from gdlesson.problems import Network


def trained(steps, *args, **settings):
    training = Training(*args, **settings)
    while training.steps < steps and not training.done:
        training.advance()
    return training


def later(training, first):
    """The curvatures measured from a step on."""
    return np.array(training.curvature)[np.array(training.at) >= first]


def small_network():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 3))
    return Network(X, rng.integers(0, 2, 20), (3, 4, 2), loss="squared")


def test_power_iteration_finds_the_largest_eigenvalue_of_a_hessian():
    net = small_network()
    H = np.stack([hessian_times(net, net.start, e) for e in np.eye(net.d)])
    np.testing.assert_allclose(H, H.T, atol=1e-6)
    sizes = np.linalg.eigvalsh(H)
    found = largest_curvature(
        lambda v: hessian_times(net, net.start, v), net.d, 300, np.random.default_rng(1)
    )
    assert found == pytest.approx(sizes[np.abs(sizes).argmax()], rel=1e-6)


def test_the_product_with_the_hessian_is_the_change_of_the_gradient():
    net, v = small_network(), np.random.default_rng(2).normal(size=26)
    by_loss = numerical_gradient(lambda w: net.grad(w) @ v, net.start)
    np.testing.assert_allclose(hessian_times(net, net.start, v), by_loss, atol=1e-6)


def test_below_the_limit_the_curvature_climbs_and_the_loss_falls_at_each_step():
    training = trained(400, 0.1)
    assert (np.diff(training.loss) < 0).all()
    assert training.curvature[1] < training.curvature[-1] < 2 / 0.1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lr", [0.15, 0.25, 0.35])
def test_the_curvature_settles_at_2_divided_by_lr(lr, seed):
    training = trained(1200, lr, seed=seed)
    assert later(training, 700).mean() == pytest.approx(2 / lr, rel=0.05)
    assert training.loss[-1] < training.loss[600] < training.loss[200]
    if lr > 0.15:  # at 0.15 some starts need longer until the loss rises for the first time
        assert (np.diff(training.loss) > 0).any()


def test_with_cross_entropy_the_curvature_falls_far_below_the_limit():
    training = trained(600, 0.6, "cross-entropy")
    assert training.curvature[-1] < 0.2 < 2 / 0.6
    assert (np.diff(training.loss) < 0).all()


@pytest.mark.slow
def test_smaller_batches_stay_below_the_limit_and_warm_up_reaches_it_safely():
    small, large = (later(trained(1200, 0.15, batch=b), 600).mean() for b in (8, 100))
    assert small < 9 and small < large < 13.7
    assert trained(STEPS, 0.6).diverged
    warm = trained(1200, 0.6, warm=True)
    assert not warm.diverged and later(warm, 700).mean() == pytest.approx(2 / 0.6, rel=0.1)


def test_the_readout_counts_the_steps_in_which_the_loss_rose():
    training_of.cache_clear()  # another test may have trained it further
    explorer = sharpness.explore()
    assert explorer.readout.startswith(
        "Learning rate 0.1 with squared error, all 600 digits in a step: after 20 of 2000 steps"
    )
    assert explorer.readout.endswith("and it fell in each step.")
    explorer.set(lr=0.6)
    assert "descent diverges within the first" in explorer.readout
