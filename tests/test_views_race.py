"""The race's views: what is drawn where."""

import numpy as np
import pytest

from gdlesson.views import LIGHT, Pack, Page, Panel, Standings


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


def test_standings_name_their_rows_and_keep_every_seed_in_sight(ax):
    table = Standings(ax, 4, LIGHT, 0.1, 10, (0.1, 1, 10))
    losses = np.array([[0.5, 0.2, 0.9], [1.0, np.inf, 2.0], [3.0, 4.0, 1e-9]])
    table.update(["b", "a", "c"], losses, "a", "c")
    assert [text.get_text() for text in table.names] == ["b", "a", "c", ""]
    others, rival, picked = (dots.get_xydata() for dots in table.dots)
    assert picked.tolist() == [[1, 1], [10, 1], [2, 1]]
    assert rival.tolist() == [[3, 2], [4, 2], [0.1, 2]]
    assert others[:, 1].tolist() == [0, 0, 0]
    assert table.medians.get_xydata().tolist() == [[0.5, 0], [2, 1], [3, 2]]
