"""The views of directions: the slope in each of them, and axes that turn."""

import numpy as np
import pytest

from gdlesson.views import LIGHT, Page, Panel, SlopeInDirections, TurnedAxes


@pytest.fixture
def ax():
    [ax] = Page(600, LIGHT).panels(Panel(300))
    return ax


def test_the_slope_is_a_cosine_and_its_marks_are_where_it_is_lowest_and_0(ax):
    view = SlopeInDirections(ax, LIGHT)
    view.update(np.array([[3.0, 3.0], [0.0, -2.0]]), 45)
    degrees, slopes = view.curve.get_data()
    assert slopes == pytest.approx(np.cos(np.radians(degrees - 45)))
    assert view.down.get_xydata() == pytest.approx(np.array([[225, -1]]))
    assert view.level.get_xydata() == pytest.approx(np.array([[135, 0], [315, 0]]))
    assert view.here.get_xydata() == pytest.approx(np.array([[45, 1]]))
    assert view.keyframes[view.down][1] == pytest.approx(np.array([[90, -1]]))
    view.update(np.zeros((1, 2)), 45)
    assert not view.curve.get_ydata().any() and not view.here.get_ydata().any()
    assert not len(view.down.get_xdata()) and not len(view.level.get_xdata())


@pytest.mark.parametrize("degrees", [0, 30, 45, 90])
def test_the_axes_turn_and_the_feet_of_the_ball_are_on_them(ax, degrees):
    ax.set(xlim=(-3, 3), ylim=(-2, 2))
    view = TurnedAxes(ax, LIGHT)
    points = np.array([[1.0, 0.5], [-0.5, 0.25]])
    view.update(points, np.radians(degrees))
    axis = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    feet = [foot.get_xydata()[0] for foot in view.feet]
    assert feet[0] == pytest.approx((points[0] @ axis) * axis)
    assert feet[0] + feet[1] == pytest.approx(points[0])
    assert view.keyframes[view.drops[0]][1][1] == pytest.approx((points[1] @ axis) * axis)
    for label in view.labels:
        assert abs(label.xy[0]) < 3 and abs(label.xy[1]) < 2
