"""Schedules to exact values, and as the factor descend takes."""

import numpy as np
import pytest

from gdlesson import (
    GradientDescent,
    constant,
    cosine_decay,
    descend,
    inverse_decay,
    quadratic,
    step_decay,
)


def test_exact_values():
    t = np.arange(7)
    assert (constant(0.3, t) == [0.3] * 7).all()
    assert step_decay(0.8, t, 0.5, 3).tolist() == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2]
    assert inverse_decay(0.5, t[:5], 4) == pytest.approx([0.5, 0.4, 1 / 3, 2 / 7, 0.25])
    assert cosine_decay(2, np.array([0, 2, 3, 6]), 6) == pytest.approx([2, 1.5, 1, 0], abs=1e-15)
    assert step_decay(0.8, 5, 0.5, 3) == 0.4 and constant(0.3, 5) == 0.3


def test_as_the_factor_of_a_descent():
    path = descend(
        quadratic(1.0),
        GradientDescent(0.5),
        start=1,
        steps=3,
        schedule=lambda t: step_decay(1, t, 0.5, 2),
    )
    assert path.w[:, 0] == pytest.approx([1, 0.5, 0.25, 0.1875])
    assert path.optimizer.lr == 0.5


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda bad: step_decay(1, 0, 0.5, bad), "every"),
        (lambda bad: inverse_decay(1, 0, bad), "tau"),
        (lambda bad: cosine_decay(1, 0, bad), "T"),
    ],
)
@pytest.mark.parametrize("bad", [0, -3, np.nan, "ten"])
def test_a_time_that_makes_no_sense_is_refused(make, name, bad):
    with pytest.raises(ValueError, match=f"{name} must be a number of steps above 0, got"):
        make(bad)


def test_one_schedule_follows_the_mean_of_the_noise():
    """1/(1 + t) ends at a mean loss of 1/(2T), and no schedule a thousandth lower."""
    mean_square, T = 25.0, 1000
    for lr in inverse_decay(1, np.arange(T), 1):
        mean_square = (1 - lr) ** 2 * mean_square + lr**2
    assert mean_square / 2 == pytest.approx(1 / (2 * T))
    best = 25.0
    for _ in range(T):  # the best learning rate of each step, s/(1 + s)
        best = best / (1 + best)
    assert 0.999 < best / mean_square < 1


def test_the_numbers_of_the_lesson_do_not_depend_on_the_edges_of_its_grid():
    """A wider grid of drops does not help step decay, and no warm-up ends below cosine decay."""
    t, lrs = np.arange(1000), np.geomspace(0.003, 1, 26)

    def lowest(runs, curvatures=(1, 0.01)):
        losses = 0.0
        for curvature in curvatures:
            mean_square = 25.0
            for lr in np.array(runs).T:
                mean_square = (1 - lr * curvature) ** 2 * mean_square + lr**2
            losses = losses + curvature * mean_square / 2
        return losses.min()

    def decays(drops, everies):
        return [step_decay(lr0, t, d, e) for lr0 in lrs for d in drops for e in everies]

    grid = decays((0.1, 0.3, 0.5, 0.7, 0.9), (25, 50, 100, 200, 400, 800))
    wide = decays((0.03, 0.1, 0.2, 0.9, 0.95), (10, 25, 700, 800, 900))
    cosine = np.array([cosine_decay(lr0, t, 1000) for lr0 in lrs])
    for curvatures in ((1,), (1, 0.01)):
        assert lowest(grid, curvatures) == pytest.approx(lowest(wide, curvatures), rel=1e-9)
        for up in (10, 30, 100, 300):
            warm = np.minimum(1, (t + 1) / up) * cosine
            assert lowest(warm, curvatures) > lowest(cosine, curvatures)


def test_the_share_that_a_run_that_freezes_leaves():
    rates = step_decay(0.1, np.arange(500), 0.5, 5)
    assert rates.sum() == pytest.approx(1) and np.prod(1 - rates) == pytest.approx(0.355, abs=5e-4)
