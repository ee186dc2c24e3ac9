"""Views hold exactly what `update` was told."""

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.surfaces import quadratic
from gdlesson.views import (
    LIGHT,
    Boxes,
    Contours,
    Curve,
    DataBoundary,
    DataLine,
    ErrorOverSpacing,
    Formula,
    HeatMap,
    LossOverSteps,
    Points,
    Secants,
    Threshold,
    axes_at,
    blank_figure,
)


@pytest.fixture
def ax():
    return axes_at(blank_figure(600, 400, LIGHT), 50, 50, 500, 300, LIGHT)


def test_a_curve_has_tangents_and_stairs(ax):
    surface = quadratic(2.0, start=[2.0])  # f = w², slope 2w
    view = Curve(ax, surface, LIGHT, tangent=True, stairs=True)
    path = descend(surface, GradientDescent(0.25), steps=2)  # 2, 1, ½
    view.update(path)
    assert view.stairs.get_xydata().tolist() == [[2, 4], [1, 4], [1, 1], [0.5, 1], [0.5, 0.25]]
    ends = view.jumps[view.tangent]
    rise, run = np.diff(ends, axis=1)[:, 0, ::-1].T
    assert rise / run == pytest.approx([4, 2, 1])
    assert ends.mean(axis=1) == pytest.approx(np.array([[2, 4], [1, 1], [0.5, 0.25]]))
    assert view.jumps[view.trail.end].shape == (3, 1, 2)


def test_contours_point_down(ax):
    surface = quadratic((1.0, 4.0), start=[2.0, 1.0])
    view = Contours(ax, surface, LIGHT, arrows=True)
    view.update(descend(surface, GradientDescent(0.1), steps=3))
    tail, tip, *_ = view.arrow.get_xydata()
    assert tail.tolist() == [2, 1]
    assert (tip - tail)[1] / (tip - tail)[0] == pytest.approx(2)  # along −(2, 4)
    assert np.linalg.norm(np.diff(ax.transData.transform([tail, tip]), axis=0)) == pytest.approx(64)


def test_points_and_heat_map(ax):
    view = Points(ax, LIGHT, ["a", "b"])
    view.update([(1, 2), (3, 4)])
    assert [a.get_xydata().tolist() for a in view.artists] == [[[1, 2]], [[3, 4]]]
    heat = HeatMap(ax, (0, 2, 0, 1), LIGHT)
    heat.update([[0, 1], [0.5, np.nan]], (1, 0.5))
    assert heat.image.get_array().filled(-1).tolist() == [[0, 1], [0.5, -1]]
    assert heat.point.get_xydata().tolist() == [[1, 0.5]]


def test_a_line_and_a_boundary(ax):
    line = DataLine(ax, [0, 10], [0, 5], LIGHT)
    line.update([[0, 1], [2, -1]])
    x, y = line.line.get_data()
    assert y == pytest.approx(2 * x - 1)
    assert line.jumps[line.line][0, :, 1].tolist() == [1, 1]
    border = DataBoundary(ax, [(0, 0), (1, 1)], [0, 1], LIGHT)
    border.update([1.0, 2.0, -0.5])
    assert border.line.get_xydata() @ [1, 2] == pytest.approx([0.5, 0.5])
    border.update([0.0, 0.0, 1.0])
    assert np.isnan(border.line.get_xydata()).all()


def test_losses_boxes_and_formula(ax):
    loss = LossOverSteps(ax, 2, LIGHT, floor=1e-3)
    loss.update([1, 0.1, 0], at=[0, 10, 20])
    assert loss.measured.get_xydata().tolist() == [[0, 1], [10, 0.1], [20, 1e-3]]
    other = axes_at(blank_figure(300, 300, LIGHT), 50, 50, 200, 200, LIGHT)
    boxes = Boxes(other, ["w₁", "w₂"], LIGHT, largest=2)
    boxes.update([[1, 2], [0.5, 1]])
    for box, side in zip(boxes.boxes, [0.5, 1], strict=True):
        pixels = np.ptp(other.transData.transform(box.get_xy()), axis=0)
        assert pixels == pytest.approx([pixels[1]] * 2)
        assert np.ptp(box.get_xy()[:, 1]) == side
    formula = Formula(ax, (0, 10), 200, LIGHT)
    formula.update("*w* ← " + "2 · " * 40, "*w* ← 1.60")
    assert formula.text.get_text() == "𝑤 ← 1.60"
    formula.update("*w* ← " + "2 · " * 40 + "2 = 1")
    assert formula.text.get_text().endswith("\n= 1")
    assert formula.text.get_fontsize() * 100 / 72 >= 14


def test_secants_go_through_their_points_with_their_slopes(ax):
    ax.set(xlim=(-1, 3), ylim=(-1, 10))
    view = Secants(ax, LIGHT, curve=True)
    points = [(0.5, 0.25), (1, 1), (1.5, 2.25)]  # x² at 1, h = ½
    view.update(points, slope=2.0, forward=2.5, central=2.0, curve=[(0, 0), (1, 1)])
    assert view.forward.get_xydata().tolist() == [[-1, -4], [1.5, 2.25], [3, 6]]
    assert view.central.get_xydata()[1:3].tolist() == [[0.5, 0.25], [1.5, 2.25]]
    assert view.tangent.get_xydata().tolist() == [[-1, -3], [3, 5]]
    tail, tip, *_ = view.arrow.get_xydata()
    assert tail.tolist() == [1, 1] and (tip < tail).all()
    assert view.curve in view.moving and Secants(ax, LIGHT, arrow=False).arrow is None


def test_errors_and_a_threshold_on_log_scales(ax):
    spacings = np.array([1e-4, 1e-2, 1.0])
    view = ErrorOverSpacing(ax, spacings, LIGHT)
    view.update(np.array([[0, 1e-3, 0.1], [1e-8, 1e-5, 1e-2]]), 1e-2, np.array([1e-3, 0.0]))
    assert view.lines[0].get_ydata().tolist() == [view.floor, 1e-3, 0.1]
    assert view.dots[1].get_xydata().tolist() == [[1e-2, view.floor]]
    assert list(view.head.get_xdata()) == [1e-2, 1e-2]
    other = axes_at(blank_figure(300, 300, LIGHT), 50, 50, 200, 200, LIGHT)
    view = Threshold(other, 10, LIGHT, limits=(1e-4, 1e2))
    view.update([4, 2, 0, 1e9, 1], 0.1)
    assert view.measured.get_ydata().tolist() == [4, 2, 1e-4]
    assert list(view.line.get_ydata()) == [0.1, 0.1] and list(view.knob.get_ydata()) == [0.1]
