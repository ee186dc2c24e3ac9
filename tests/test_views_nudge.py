"""The views of lesson 01: a nudge on a curve, and a rectangle that grows."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from gdlesson.views import LIGHT, GrowingRectangle, Nudge


@pytest.fixture
def ax():
    ax = Figure((5, 4)).add_subplot()
    ax.set(xlim=(-1, 4), ylim=(-2, 10))
    return ax


def test_secant_and_tangent_have_their_slopes_and_the_arrow_shows_the_way_down(ax):
    view = Nudge(ax, LIGHT)
    view.update((1, 1), 2.0, [(1, 1), (3, 9)])  # t² at 1, h = 2
    assert view.secant.get_xydata().tolist() == [[-1, -7], [4, 13]]
    assert view.tangent.get_xydata().tolist() == [[-1, -3], [4, 7]]
    assert view.legs.get_xydata().tolist() == [[1, 1], [3, 1], [3, 9]]
    tail, tip, *_ = view.arrow.get_xydata()
    assert tail.tolist() == [1, 1] and (tip < tail).all()
    view.update((1, 1), -2.0, [(1, 1), (3, 9)])
    tail, tip, *_ = view.arrow.get_xydata()
    assert tip[0] > tail[0] and tip[1] < tail[1]
    view.update((1, 1), 0.0, [(1, 1), (3, 9)])
    assert np.ptp(view.arrow.get_xydata(), axis=0).tolist() == [0, 0]  # level: no arrow


def test_run_and_rise_are_written_where_there_is_space_for_them(ax):
    view = Nudge(ax, LIGHT)
    view.update((1, 1), 2.0, [(1, 1), (3, 9)])
    assert (view.run.get_text(), view.rise.get_text()) == ("run", "rise")
    assert view.run.xy == (2, 1) and view.rise.xy == (3, 5)
    view.update((1, 1), 2.0, [(1, 1), (1.01, 1.0201)])
    assert (view.run.get_text(), view.rise.get_text()) == ("", "")
    view.update((1, 1), 0.0, [(1, 1), (3, 1)])
    assert (view.run.get_text(), view.rise.get_text()) == ("run", "")


def test_the_parts_of_a_growing_rectangle_have_the_areas_of_the_product_rule(ax):
    view = GrowingRectangle(ax, LIGHT)
    view.update((2.0, 3.0), (0.5, 0.25))
    sizes = [np.ptp(part.get_xy(), axis=0) for part in view.parts]
    assert [w * h for w, h in sizes] == [6, 2 * 0.25, 0.5 * 3, 0.5 * 0.25]
    assert sum(w * h for w, h in sizes) == 2.5 * 3.25
    assert view.corner.get_xydata().tolist() == [[2.5, 3.25]]
    assert [label.get_text() for label in view.labels] == [""] * 4


def test_the_sides_of_a_growing_rectangle_are_named_where_there_is_space(ax):
    view = GrowingRectangle(ax, LIGHT, ("u", "v", "Δu", "Δv"))
    view.update((2.0, 3.0), (1.0, 2.0))
    assert [label.get_text() for label in view.labels] == ["u", "v", "Δu", "Δv"]
    assert [label.xy for label in view.labels] == [(1, 5), (3, 1.5), (2.5, 5), (3, 4)]
    view.update((2.0, 3.0), (0.01, 0.02))
    assert [label.get_text() for label in view.labels] == ["u", "v", "", ""]
