"""The race's views: what is drawn where."""

import numpy as np
import pytest

from gdlesson.views import LIGHT, Intervals, Pack, Page, Panel


@pytest.fixture
def ax():
    return Page(600, LIGHT).panels(Panel(300))[0]


def test_a_pack_picks_two_out_and_marks_their_places(ax):
    pack = Pack(ax, 3, LIGHT, 1e-2, 1e2, (0.1, 1, 10))
    x, curves = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, np.inf], [5.0, 6.0]])
    pack.update(x, curves, 2, 1, places=[(1.0, 5.0), (2.0, np.inf)])
    assert pack.picked.get_ydata().tolist() == [5, 6]
    assert pack.rival.get_ydata().tolist() == [3, 3e3]  # beyond the axes, no farther
    assert pack.place.get_xydata().tolist() == [[1, 5]]
    assert pack.other.get_xydata().tolist() == [[2, 1e2]]  # in sight
    thin = pack.lines[0].get_ydata()
    assert len(pack.lines) == 1 and np.isnan(thin[2::3]).all()
    assert not pack.progressive


def test_a_pack_that_grows_has_a_line_for_each(ax):
    pack = Pack(ax, 3, LIGHT, 1e-2, 1e2, (0.1, 1, 10), progressive=True)
    pack.update(np.arange(4), np.ones((3, 4)), 0, 1)
    assert [len(line.get_xdata()) for line in pack.lines] == [4, 4, 4]
    assert set(pack.progressive) == {*pack.lines, pack.picked, pack.rival}


def test_intervals_have_a_row_each_and_a_mark_for_what_they_are(ax):
    table = Intervals(ax, 3, LIGHT, (-1, 0, 1), zero=True)
    ends = np.array([[-0.5, 0.5], [0.0, 0.0], [0.25, 7.0]])
    kinds = ("tie", "reference", "apart")
    table.update(["b", "a", "c"], np.array([0.1, 0.0, 3.0]), ends, kinds, np.full((3, 2), 0.5))
    assert [text.get_text() for text in table.names] == ["b", "a", "c"]
    assert table.marks["tie"].get_xydata().tolist() == [[0.1, 0]]
    assert table.marks["apart"].get_xydata().tolist() == [[1, 2]]  # at the end of the axis
    assert table.lines["apart"].get_xdata()[:2].tolist() == [0.25, 1]
    assert table.lines["tie"].get_ydata().tolist() == [0, 0, 0]
    assert len(table.dots.get_xdata()) == 6
