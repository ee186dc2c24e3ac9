"""Panels are placed in rows and columns on a wide and on a narrow page; the style is a setting."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from gdlesson.views import (
    DARK,
    LIGHT,
    Column,
    Crosses,
    Line,
    Lines,
    Page,
    Panel,
    Row,
    Strip,
    equal_limits,
    in_sight,
    legend_above,
    log_axis,
    styled,
)

WIDE, NARROW = 900, 560


def frames(width, *parts):
    """Left, top, right and bottom of each frame in pixels from the top left, and the page."""
    page = Page(width, LIGHT)
    axes = page.panels(*parts)
    boxes = [ax.bbox.extents for ax in axes]
    return [(x0, page.height - y1, x1, page.height - y0) for x0, y0, x1, y1 in boxes], page


@pytest.fixture
def ax():
    with styled(LIGHT):
        (ax,) = Page(600, LIGHT).panels(Panel(300, "x", "what"))
        yield ax


def test_a_row_is_side_by_side_on_a_wide_page_and_stacked_on_a_narrow_one():
    row = Row(Panel(256, "w", "loss"), Panel(200, "step", "loss"))
    (first, second), wide = frames(WIDE, row)
    assert (first[1], first[3]) == pytest.approx((second[1], second[3]))  # frames equally high
    assert first[3] - first[1] == pytest.approx(256) and not wide.narrow
    assert first[2] - first[0] == pytest.approx(second[2] - second[0])
    (first, second), narrow = frames(NARROW, row)
    assert (first[0], first[2]) == pytest.approx((second[0], second[2])) and narrow.narrow
    assert second[1] > first[3] + 40  # space for tick labels, the label and the title
    assert second[3] - second[1] == pytest.approx(200)
    assert narrow.height > wide.height


def test_a_lower_column_is_stretched_to_the_height_of_its_row():
    tall, upper, lower = frames(
        WIDE, Row(Panel(400, "x", "y"), Column(Panel(100, "x", "y"), Panel(150, "x", "y")))
    )[0]
    assert upper[1] == pytest.approx(tall[1]) and lower[3] == pytest.approx(tall[3])
    assert (lower[3] - lower[1]) / (upper[3] - upper[1]) == pytest.approx(1.5)
    assert upper[0] == pytest.approx(lower[0])


def test_each_panel_has_space_for_its_own_labels():
    boxes = frames(WIDE, Row(Panel(200), Panel(200), Panel(200, labels="Nesterov"), Panel(200)))[0]
    gaps = [second[0] - first[2] for first, second in itertools.pairwise(boxes)]
    assert gaps[0] == pytest.approx(gaps[2]) and gaps[1] > gaps[0] + 20
    assert boxes[-1][2] == pytest.approx(WIDE - 18)


def test_rows_that_stay_together_and_columns_that_turn():
    parts = Row(Row(Panel(200), Panel(200), together=True, width=2), Panel(200))
    a, b, c = frames(NARROW, parts)[0]
    assert a[1] == b[1] and a[2] < b[0] and c[1] > a[3]
    a, b, c = frames(WIDE, parts)[0]
    assert a[1] == b[1] == c[1]
    parts = Row(Panel(300, width=6), Column(Panel(100), Panel(100), turned=True, width=5))
    a, b, c = frames(NARROW, parts)[0]
    assert b[1] == c[1] > a[3] and b[2] < c[0]
    a, b, c = frames(WIDE, parts)[0]
    assert (a[2] - a[0]) / (b[2] - b[0]) == pytest.approx(6 / 5)


@pytest.mark.parametrize("width", [360, 480, NARROW, 700, WIDE])
def test_nothing_overlaps_or_is_cut_off(width):
    """Every text and legend is inside the figure and apart from the others."""
    page = Page(width, LIGHT)
    names = ("predicted by the rule", "measured", "batch descent")
    with styled(LIGHT):
        strip, line, *axes = page.panels(
            Strip(), Line(),
            Row(Panel(150, "w", "loss, log scale", names, labels="10⁻¹²"),
                Column(Panel(80, "step", "step size"), Panel(80, "step", "loss", names[:2]))),
        )  # fmt: skip
        for ax, shown in ((axes[0], names), (axes[2], names[:2])):
            legend_above(ax, [ax.plot([0, 1], [0, 1])[0] for _ in shown], shown)
        log_axis(axes[0].yaxis, 1e-12, 1, every=6)
        text = line.annotate("a formula", (0, 1), va="top", annotation_clip=False)
        canvas = FigureCanvasAgg(page.figure)
        canvas.draw()
        boxes = [text.get_window_extent()]
        for ax in (strip, *axes):
            boxes += [ax.title.get_window_extent(), ax._left_title.get_window_extent()]
            boxes += [ax.xaxis.label.get_window_extent()]
            boxes += [tick.get_window_extent() for tick in ax.get_xticklabels()[1:-1]]
            boxes += [tick.get_window_extent() for tick in ax.get_yticklabels()[1:-1]]
            if ax.get_legend():
                texts = ax.get_legend().get_texts()
                boxes += [text.get_window_extent() for text in texts]
    boxes = [box for box in boxes if box.width > 1]
    assert len(boxes) > 20
    for i, box in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= page.height
        assert not any(box.shrunk(0.9, 0.8).overlaps(other.shrunk(0.9, 0.8)) for other in boxes[:i])


def test_the_style_comes_from_the_palette(ax):
    assert ax.get_facecolor()[:3] == (1, 1, 1) and not ax.spines["top"].get_visible()
    assert ax.xaxis.label.get_fontsize() == pytest.approx(9.4)
    with styled(DARK):
        (dark,) = Page(600, DARK).panels(Panel(300, "x"))
        assert dark.figure.get_facecolor()[0] < 0.1
        assert dark.xaxis.label.get_color() == DARK.ink


def test_a_logarithmic_axis_has_its_ticks_at_multiples_of_every():
    with styled(LIGHT):
        (ax,) = Page(600, LIGHT).panels(Panel(300))
        log_axis(ax.yaxis, 1e-13, 1e6, every=3)
        assert np.log10(ax.get_yticks()) == pytest.approx(range(-12, 7, 3))
        log_axis(ax.xaxis, 0.2, 1.5, (0.5, 1))
        assert [label.get_text() for label in ax.get_xticklabels()] == ["0.5", "1"]
        assert not len(ax.get_xticks(minor=True))


def test_what_is_far_is_measured_from_the_axes_and_not_from_zero(ax):
    ax.set(xlim=(1000, 1001), ylim=(-1001, -1000))
    near = np.array([[1000.1, -1000.2], [1000.9, -1000.5]])
    assert in_sight(near, ax).tolist() == near.tolist()
    seen = in_sight(np.array([[1000.1, -1000.2], [0.0, 1e9]]), ax)
    assert np.abs(seen - (1000.5, -1000.5)).max() < 25


def test_a_path_that_comes_back_is_drawn_to_its_end_and_one_that_does_not_is_cut(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    path = np.array([[0.2, 0.5], [50.2, 1e6], [-1e5, 400.0], [0.6, 300.0], [0.6, 0.4], [0.5, 0.5]])
    seen = in_sight(path, ax)
    assert seen.shape == path.shape and np.abs(seen).max() < 25
    assert seen[[0, 4, 5]].tolist() == path[[0, 4, 5]].tolist()
    for near, away in ((0, 1), (4, 3)):  # the lines between are where those of the path are
        true, drawn = (p[away] - p[near] for p in (path, seen))
        assert true / np.linalg.norm(true) == pytest.approx(drawn / np.linalg.norm(drawn))
        assert np.linalg.norm(drawn) > 19
    assert in_sight(path[:4], ax) == pytest.approx(seen[:2])
    assert not len(in_sight(path[1:4], ax))
    broken = path.copy()
    broken[2] = np.nan
    assert in_sight(broken, ax) == pytest.approx(seen[:2])


def test_lines_and_crosses_are_views(ax):
    lines = Lines(progressive=["rival"], rival=ax.plot([], [])[0], here=ax.plot([], [])[0])
    assert lines.moving == [lines.rival, lines.here] and lines.progressive == {lines.rival: 1}
    crosses = Crosses(ax, LIGHT)
    crosses.update([[0.25, 0.5], [0.5, 0.25]])
    assert crosses.line.get_xydata().tolist() == [[0.25, 0.5], [0.5, 0.25]]
    crosses.update(())
    assert not len(crosses.line.get_xdata())


@pytest.mark.parametrize("width, height", [(400, 200), (700, 300), (360, 400)])
def test_equal_limits_have_one_scale_and_reach_far_enough(width, height):
    ax = Page(width, LIGHT).panels(Panel(height))[0]
    (left, right), (bottom, top) = limits = equal_limits(ax, (1.0, -2.0), 1.5)
    ax.set(xlim=limits[0], ylim=limits[1])
    across, up = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
    assert across == pytest.approx(up)
    assert (left + right, bottom + top) == pytest.approx((2, -4))
    assert min(right - left, top - bottom) == pytest.approx(3)


def test_a_line_has_space_for_a_broken_formula_on_a_narrow_page_only():
    heights = [
        frames(width, Line(breaks=breaks), Panel(100))[1].height
        for width in (WIDE, NARROW)
        for breaks in (True, False)
    ]
    assert heights[0] == heights[1] == heights[3] < heights[2]
