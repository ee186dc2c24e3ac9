"""The second explorer of lesson 08: the step sizes that are tried, and what is said of them."""

import itertools
import re

import numpy as np
import pytest

from gdlesson.exercises import catalogue
from gdlesson.exercises.backtracking import backtrack
from gdlesson.explorers import backtracking
from gdlesson.explorers.backtracking import CURVES, WALL, search_from, sizes_tried


def test_the_wall_has_the_slope_and_curvature_of_its_formula():
    w = np.linspace(-6, 4, 21)[:, None]
    h = 1e-5
    slope = (WALL.f(w + h) - WALL.f(w - h)) / (2 * h)
    assert WALL.grad(w)[:, 0] == pytest.approx(slope, abs=1e-7)
    assert WALL.f(WALL.minima[0]) == 0 and WALL.grad(np.zeros(1)) == 0
    assert np.exp(3.5) == pytest.approx(33.1, abs=0.05)  # its curvature at the first place


@pytest.mark.parametrize("c", [0.1, 0.3, 0.7])
def test_what_is_accepted_is_not_below_the_bound_of_the_lesson(c):
    """On the way down the wall the curvature is at most that at the start."""
    for w in np.linspace(0.2, 3.9, 38):
        bound = 2 * (1 - c) / np.exp(w)
        sizes = sizes_tried(WALL, np.array([w]), 10.0, 0.5, c)
        assert sizes[-1] >= 0.5 * bound
        assert sizes == [10.0 * 0.5**k for k in range(len(sizes))]
        assert sizes[-1] == backtrack(WALL.f, WALL.grad, np.array([w]), 10.0, 0.5, c)


def test_the_answers_of_the_lesson():
    for w in np.arange(-5.9, 3.9, 0.02):
        if abs(w) > 0.01:  # at 0 rounding hides whether the loss falls
            assert (len(sizes_tried(WALL, np.array([w]), 1.0, 0.5, 0.3)) == 1) == (w < 0.59)
    for w, tries in ((0.58, 1), (0.59, 2)):
        assert len(sizes_tried(WALL, np.array([w]), 1.0, 0.5, 0.3)) == tries
    assert sizes_tried(WALL, np.array([3.5]), 1.0, 0.5, 0.7)[-1] == 0.015625
    assert "size, 1, is accepted. In 20" in backtracking.explore(c=0).readout
    assert "the loss ends 8.6 above its minimum" in backtracking.explore(c=0).readout
    assert not np.isfinite(backtracking.constant_from("two valleys", 1.8, 1.0)[-1])


@pytest.mark.parametrize("curve", CURVES)
def test_the_readout_is_true_in_every_state(curve):
    picture, surface = backtracking.explore(), CURVES[curve][0]
    picture.set(curve=curve)
    ball = picture.controls["w"]
    states = itertools.product(np.linspace(ball.min, ball.max, 7), (0.01, 1.0, 10.0), (0, 0.3, 0.7))
    for place, lr, c in states:
        picture.set(w=place, lr=lr, c=c)
        w = ball.value
        sizes = sizes_tried(surface, np.array([w]), picture.controls["lr"].value, 0.5, c)
        search = search_from(curve, w, picture.controls["lr"].value, 0.5, c)
        text = picture.readout
        if not surface.grad(np.array([w]))[0]:
            assert "so no step moves it" in text
            continue
        rejected = re.search(r"(\d+) step sizes? (is|are) rejected", text)
        assert (int(rejected[1]) if rejected else 0) == len(sizes) - 1
        assert f"{len(search.w) - 1} step" in text and re.search(
            rf"\b{search.count} step sizes? (is|are) tried", text
        )
        loss = surface.f(search.w)
        assert (np.diff(loss) <= 1e-15).all()


def test_a_learners_function_is_compared():
    assert "drawn as crosses, is the same" in backtracking.explore(mine=backtrack).readout
    half = backtracking.explore(mine=lambda f, grad, w, lr, shrink, c: lr / 2)
    assert "is different" in half.readout

    def unwritten(f, grad, w, lr, shrink, c): ...

    assert "still to be written" in backtracking.explore(mine=unwritten).readout
    nothing = backtracking.explore(mine=lambda f, grad, w, lr, shrink, c: None)
    assert "is not drawn" in nothing.readout


def test_a_search_that_does_not_end_is_asked_about_its_loop():
    def grows(f, grad, w, lr, shrink, c):
        while f(w - lr * grad(w)) > f(w) - c * lr * np.sum(grad(w) ** 2):
            lr = lr / shrink
        return lr

    message = catalogue()["backtrack"].check(grows, seconds=0.3).message
    assert "Does every pass of the loop make lr smaller?" in message
