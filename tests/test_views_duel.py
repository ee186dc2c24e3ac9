"""The views that compare two descents."""

import numpy as np
import pytest

from gdlesson.views import LIGHT, LossDuel, Page, Panel, StepZoom


@pytest.fixture
def ax():
    return Page(600, LIGHT).panels(Panel(250))[0]


def test_a_loss_that_left_is_not_drawn_from_there_on(ax):
    duel = LossDuel(ax, 3, LIGHT, ("a", "b"))
    duel.update(np.array([1.0, 1e20, 2.0, np.nan]), np.array([1.0, 0.1, 0.0, 0.01]))
    dashed, solid = duel.lines
    assert dashed.get_ydata().tolist() == [1.0]
    assert solid.get_ydata().tolist() == [1.0, 0.1, 1e-300, 0.01]
    assert [line.get_label() for line in duel.lines] == ["a", "b"]


def test_the_magnified_step_fills_the_frame_and_keeps_its_shape(ax):
    zoom = StepZoom(ax, LIGHT)
    for size in (1.0, 1e-6):
        zoom.update(*(size * np.array([[3.0, 0], [3, -4], [3, -2]])), height=size)
        here, ring, old, new = (
            line.get_xydata()[0] for line in (zoom.here, zoom.ring, zoom.old, zoom.new)
        )
        assert np.abs([here[1], old[1]]).max() == pytest.approx(0.82)  # the larger way fills it
        np.testing.assert_allclose((old - ring) / (new - ring)[1], [0, 2], atol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(ring - here) / np.linalg.norm(old - ring), 0.75)
        # the gradient at the diamond is drawn there, too, with its length and direction
        np.testing.assert_allclose(np.ptp(zoom.echo.get_xydata(), axis=0), np.abs(old - ring))
        below = here[1] - zoom.bottom.get_ydata()
        np.testing.assert_allclose(below, np.linalg.norm(old - ring) / 4)
    zoom.update(*np.zeros((3, 2)))
    assert zoom.here.get_xydata().tolist() == [[0, 0]]


def test_a_bottom_that_is_far_away_is_out_of_sight(ax):
    zoom = StepZoom(ax, LIGHT)
    zoom.update(*(1e-9 * np.array([[3.0, 0], [3, -4], [3, -2]])), height=1.0)
    assert list(zoom.bottom.get_ydata()) == [-9, -9]
