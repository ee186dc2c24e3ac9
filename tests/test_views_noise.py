"""The views of noise draw what they are given."""

import numpy as np
import pytest

from gdlesson import surfaces
from gdlesson.views import (
    LIGHT,
    NoisyLoss,
    Page,
    Panel,
    RunCloud,
    SquareFactors,
    StepCloud,
    StepSizes,
)

BOWL = surfaces.catalogue["elongated quadratic"]


@pytest.fixture
def ax():
    return Page(600, LIGHT).panels(Panel(280))[0]


def test_a_swarm_draws_one_path_all_ends_and_the_batch(ax):
    view = RunCloud(ax, BOWL, LIGHT, runs=2)
    path, ends = np.array([[0.0, 0], [1, 1], [2, 0]]), np.array([[2.0, 0], [1e6, 0]])
    view.update(path, ends, path[:2])
    np.testing.assert_array_equal(view.trail.line.get_xydata(), path)
    np.testing.assert_array_equal(view.ends.get_xydata(), ends[:1])  # the other one left
    np.testing.assert_array_equal(view.batch.get_xydata(), path[:2])
    assert [lines.filled for lines in ax.collections] == [False]  # shades would need many colours


def test_a_noisy_loss_has_a_floor_only_where_there_is_one(ax):
    view = NoisyLoss(ax, 3, LIGHT, runs=2, low=1e-6)
    run, floor = np.array([1.0, 0.5, 0.0, 1e99]), np.array([0.1, np.nan, np.nan])
    view.update(run, run, floor, run[:2], np.array([0, 3]))
    assert view.run.get_ydata().tolist() == [1.0, 0.5, pytest.approx(1e-9)]  # until it flies off
    assert view.floor.get_ydata().tolist() == [0.1]
    assert view.batch.get_xdata().tolist() == [0, 3]


def test_factors_are_marked_at_the_step_size_and_left_out_above_the_axes(ax):
    sizes = np.array([0.0, 0.5, 1.0])
    view = SquareFactors(ax, sizes, (1 - 3 * sizes) ** 2, (1 - 2 * sizes) ** 2, (0.6, 1.0), LIGHT)
    view.update(0.7, 1.21, 0.16)
    assert list(view.mark.get_xdata()) == [0.7, 0.7]
    assert view.one.get_xydata().tolist() == [[0.7, 1.21]]
    assert view.all.get_xydata().tolist() == [[0.7, 0.16]]
    view.update(1.0, 4.0, 1.0)
    assert np.isnan(view.one.get_ydata()).all() and list(view.all.get_ydata()) == [1.0]


def test_step_sizes_are_drawn_at_their_updates(ax):
    view = StepSizes(ax, 3, LIGHT)
    view.update(np.array([0.1, 0.01, 0.0]))
    assert view.line.get_xdata().tolist() == [0, 1, 2]
    assert view.line.get_ydata()[:2].tolist() == [0.1, 0.01]
    assert 0 < view.line.get_ydata()[2] < 1e-6  # below the axis, and still on a log scale


def test_a_cloud_of_steps_has_its_mean_and_the_whole_step(ax):
    view = StepCloud(ax, BOWL, LIGHT)
    view.update(np.array([1.0, 2.0]), np.array([[1.0, 0], [0, 1]]), np.array([0.5, 0.5]))
    assert view.tips.get_xydata().tolist() == [[2, 2], [1, 3]]
    assert view.mean.get_xydata().tolist() == [[1, 2], [1.5, 2.5]]
    assert view.whole.get_xydata().tolist() == view.mean.get_xydata().tolist()
    assert view.ring.get_xydata().tolist() == [[1.5, 2.5]]
    rays = view.rays.get_xydata().reshape(2, 3, 2)
    assert (rays[:, 0] == [1, 2]).all() and np.isnan(rays[:, 2]).all()
