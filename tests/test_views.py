"""Views draw exactly what `update` was given."""

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.surfaces import quadratic
from gdlesson.views import (
    LIGHT,
    Bowl,
    Boxes,
    Contours,
    Curve,
    DataBoundary,
    DataLine,
    Distances,
    ErrorOverSpacing,
    Factors,
    Formula,
    HeatMap,
    Line,
    LossOverSteps,
    Page,
    Panel,
    Points,
    Rivals,
    Secants,
    Threshold,
)


@pytest.fixture
def ax():
    return Page(600, LIGHT).panels(Panel(300))[0]


def test_a_curve_has_tangents_and_stairs(ax):
    surface = quadratic(2.0, start=[2.0])  # f = w², slope 2w
    view = Curve(ax, surface, LIGHT, tangent=True, stairs=True)
    path = descend(surface, GradientDescent(0.25), steps=2)  # 2, 1, ½
    view.update(path)
    assert view.stairs.get_xydata().tolist() == [[2, 4], [1, 4], [1, 1], [0.5, 1], [0.5, 0.25]]
    ends = view.keyframes[view.tangent]
    rise, run = np.diff(ends, axis=1)[:, 0, ::-1].T
    assert rise / run == pytest.approx([4, 2, 1])
    assert ends.mean(axis=1) == pytest.approx(np.array([[2, 4], [1, 1], [0.5, 0.25]]))
    assert view.keyframes[view.trail.end].shape == (3, 1, 2)


def test_contours_point_down(ax):
    surface = quadratic((1.0, 4.0), start=[2.0, 1.0])
    view = Contours(ax, surface, LIGHT, arrows=True)
    view.update(descend(surface, GradientDescent(0.1), steps=3))
    tail, tip, *_ = view.arrow.get_xydata()
    assert tail.tolist() == [2, 1]
    assert (tip - tail)[1] / (tip - tail)[0] == pytest.approx(2)  # along −(2, 4)
    assert np.linalg.norm(np.diff(ax.transData.transform([tail, tip]), axis=0)) == pytest.approx(64)


def test_a_bowl_turns_and_stretches_its_lines_of_equal_loss(ax):
    view = Bowl(ax, LIGHT)
    angle, surface = np.radians(30), quadratic((1.0, 9.0), np.radians(30), start=[1.0, -0.5])
    view.update(descend(surface, GradientDescent(0.1), steps=2), 9, angle)

    def losses(patch):
        lines = patch.get_path().to_polygons(patch.get_transform(), closed_only=False)
        return [surface.f(ax.transData.inverted().transform(line)) for line in lines]

    [through] = losses(view.equal)
    assert through == pytest.approx(surface.f(surface.start), rel=0.01)
    for i, ring in enumerate(losses(view.rings)):
        assert ring == pytest.approx(4.5 * ((i + 1) * view.spacing) ** 2, rel=0.01)
    assert view.flat.get_xydata()[1] / view.far == pytest.approx([np.cos(angle), np.sin(angle)])
    assert view.flat.get_xydata()[1] @ view.steep.get_xydata()[1] == pytest.approx(0)
    assert view.keyframes[view.aim][:, 0] == pytest.approx(view.trail.line.get_xydata())


def test_factors_cross_at_the_best_step_and_distances_are_as_given(ax):
    view = Factors(ax, LIGHT)
    view.update(4, 1.5)
    assert view.best.get_xydata()[0] == pytest.approx([1.6, 0.6])
    assert view.along.get_xydata()[0] == pytest.approx([1.5, 1 - 1.5 / 4])
    assert view.across.get_xydata()[0] == pytest.approx([1.5, 0.5])
    view.update(1, 2)
    assert view.flat.get_xydata().tolist() == [[0, 1], [1, 0], [2.2, pytest.approx(1.2)]]
    other = Page(300, LIGHT).panels(Panel(200))[0]
    left = Distances(other, ["along", "across"], 2, LIGHT, floor=1e-4)
    left.update([[1, 0.5, 0], []], [[1, 0.5, 0.25], [1, 1e6, 1e12]])
    assert left.measured[0].get_xydata().tolist() == [[0, 1], [1, 0.5], [2, 1e-4]]
    assert len(left.measured[1].get_xydata()) == 0
    assert left.predicted[1].get_xydata().tolist() == [[0, 1]]  # then it has left the picture


def test_points_and_heat_map(ax):
    view = Points(ax, LIGHT, ["a", "b"])
    view.update([(1, 2), (3, 4)])
    assert [a.get_xydata().tolist() for a in view.artists] == [[[1, 2]], [[3, 4]]]
    heat = HeatMap(ax, (0, 2, 0, 1), LIGHT)
    heat.update([[0, 1], [0.5, np.nan]], (1, 0.5))
    assert heat.image.get_array().filled(-1).tolist() == [[0, 1], [0.5, -1]]
    assert heat.point.get_xydata().tolist() == [[1, 0.5]]
    still = HeatMap(ax, (0, 2, 0, 1), LIGHT, still=[[0, 1]])
    assert still.moving == [still.point] and still.image.get_array().tolist() == [[0, 1]]


def test_a_line_and_a_boundary(ax):
    line = DataLine(ax, [0, 10], [0, 5], LIGHT)
    line.update([[0, 1], [2, -1]])
    x, y = line.line.get_data()
    assert y == pytest.approx(2 * x - 1)
    assert line.keyframes[line.line][0, :, 1].tolist() == [1, 1]
    border = DataBoundary(ax, [(0, 0), (1, 1)], [0, 1], LIGHT)
    border.update([1.0, 2.0, -0.5])
    assert border.line.get_xydata() @ [1, 2] == pytest.approx([0.5, 0.5])
    border.update([0.0, 0.0, 1.0])
    assert np.isnan(border.line.get_xydata()).all()


def test_a_line_has_residuals_and_ends_to_take_it_by(ax):
    line = DataLine(ax, [10, 0, 5], [5, 0, 9], LIGHT, residuals=[0, 2], grips=(0, 10))
    line.update([[0, 1], [0.5, 2]])
    teeth = line.comb.get_xydata().tolist()  # along the line, at each row to its point and back
    assert teeth == [[5, 4.5], [5, 9], [5, 4.5], [10, 7], [10, 5], [10, 7]]
    assert line.keyframes[line.comb].shape == (2, 6, 2)
    assert [grip.get_xydata().tolist() for grip in line.grips] == [[[0, 1]], [[10, 1]]]
    assert line.first.get_ydata().tolist() == [1, 1]
    line.update([1e300, 1e300])
    assert np.isfinite(line.line.get_ydata()).all() and not line.keyframes
    assert line.grips[0].get_ydata()[0] == ax.get_ylim()[1]  # in reach


def test_losses_boxes_and_formula(ax):
    loss = LossOverSteps(ax, 2, LIGHT, floor=1e-3)
    loss.update([1, 0.1, 0], at=[0, 10, 20])
    assert loss.measured.get_xydata().tolist() == [[0, 1], [10, 0.1], [20, 1e-300]]
    other = Page(300, LIGHT).panels(Panel(200))[0]
    boxes = Boxes(other, ["w₁", "w₂"], LIGHT, largest=2)
    boxes.update([[1, 2], [0.5, 1]])
    for box, side in zip(boxes.boxes, [0.5, 1], strict=True):
        pixels = np.ptp(other.transData.transform(box.get_xy()), axis=0)
        assert pixels == pytest.approx([pixels[1]] * 2)
        assert np.ptp(box.get_xy()[:, 1]) == side
    formula = Formula(Page(280, LIGHT).panels(Line())[0], LIGHT)
    formula.update("*w* ← " + "2 · " * 40, "*w* ← 1.60")
    assert formula.text.get_text() == "𝑤 ← 1.60"
    formula.update("*w* ← " + "2 · " * 40 + "2 = 1")
    lines = formula.text.get_text().split("\n")
    assert " ".join(lines) == "𝑤 ← " + "2 · " * 40 + "2 = 1" and len(lines) > 2
    assert all(map(formula._fits, lines))
    formula.update("*w* ← 2 · 2 · 2 · 2 · 2 · 2 = 64.000000000")
    assert formula.text.get_text() == "𝑤 ← 2 · 2 · 2 · 2 · 2 · 2\n= 64.000000000"
    assert formula.text.get_fontsize() * 100 / 72 >= 14


def test_secants_go_through_their_points_with_their_slopes(ax):
    ax.set(xlim=(-1, 3), ylim=(-1, 10))
    view = Secants(ax, LIGHT)
    points = [(0.5, 0.25), (1, 1), (1.5, 2.25)]  # t² at 1, h = ½
    view.update(points, slope=2.0, forward=2.5, central=2.0, curve=[(0, 0), (1, 1)])
    assert view.forward.get_xydata().tolist() == [[-1, -4], [1.5, 2.25], [3, 6]]
    assert view.central.get_xydata()[1:3].tolist() == [[0.5, 0.25], [1.5, 2.25]]
    assert view.tangent.get_xydata().tolist() == [[-1, -3], [3, 5]]
    assert view.curve.get_xydata().tolist() == [[0, 0], [1, 1]] and view.curve in view.moving


def test_errors_and_a_threshold_on_log_scales(ax):
    spacings = np.array([1e-4, 1e-2, 1.0])
    view = ErrorOverSpacing(ax, spacings, LIGHT)
    view.update(np.array([[0, 1e-3, 0.1], [1e-8, 1e-5, 1e-2]]), 1e-2, np.array([1e-3, 0.0]))
    assert view.lines[0].get_ydata().tolist() == [view.floor, 1e-3, 0.1]
    assert view.dots[1].get_xydata().tolist() == [[1e-2, view.floor]]
    assert list(view.head.get_xdata()) == [1e-2, 1e-2]
    other = Page(300, LIGHT).panels(Panel(200))[0]
    view = Threshold(other, 10, LIGHT, limits=(1e-4, 1e2))
    view.update([4, 2, 0, 1e9, 1], 0.1)
    assert view.measured.get_ydata().tolist() == [4, 2, 1e-4]
    assert list(view.line.get_ydata()) == [0.1, 0.1] and list(view.knob.get_ydata()) == [0.1]


def test_rivals_play_frame_by_frame(ax):
    ax.set(xlim=(0, 10), ylim=(0, 10))
    view = Rivals(ax, LIGHT)
    path = np.array([[[1, 1], [1, 1]], [[2, 3], [4, 5]], [[np.inf, 1], [np.nan, np.nan]]], float)
    view.update([path, path[:, -1:], path[:2]])
    first, second, third = view.lines
    assert first.get_xydata()[:3].tolist() == [[1, 1], [2, 3], [4, 5]]
    assert np.isfinite(first.get_xydata()).all()  # far, and out of sight
    assert (view.progressive[first], view.progressive[second], view.progressive[third]) == (2, 1, 2)
    assert view.keyframes[view.ends[0]][:2].tolist() == [[[1, 1]], [[4, 5]]]
    lines = Rivals(ax, LIGHT, straight=True)
    lines.update([path[:2]] * 3)
    assert lines.lines[0].get_xydata().tolist() == [[2, 3], [4, 5]]
    assert lines.keyframes[lines.lines[0]].shape == (2, 2, 2) and not lines.progressive
