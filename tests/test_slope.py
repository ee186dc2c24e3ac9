"""Lesson 01: the numbers in its picture, and its readout in the states that matter."""

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import slope


@pytest.fixture
def explorer():
    return slope.explore()


def test_the_derivatives_it_knows_are_those_of_its_curves():
    for _, f, derivatives, (low, high), _ in slope.CURVES.values():
        for x in np.linspace(low, high, 9):
            known = derivatives(x)
            assert known[0] == pytest.approx(f(x), abs=1e-12)
            for k in range(1, 4):
                change = (derivatives(x + 1e-5)[k - 1] - derivatives(x - 1e-5)[k - 1]) / 2e-5
                assert known[k] == pytest.approx(change, abs=1e-7)


def test_the_truncation_of_a_cubic_is_3xh_plus_h2_and_h2():
    missing = slope.truncation(slope.CURVES["cubic"][2](1.4), 0.5)
    assert missing == pytest.approx([3 * 1.4 * 0.5 + 0.25, 0.25])
    sine = slope.CURVES["sine"]
    found = slope.differences(np.sin, 1.0, 0.5)
    assert slope.truncation(sine[2](1.0), 0.5) == pytest.approx(found - np.cos(1.0), abs=1e-14)


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, "At x = 1.00 the slope is 0.54 > 0, so down is to the left. With h = 1, the forward "
             "difference is off by 0.47 (truncation), and the central difference is off by 0.086 "
             "(truncation)."),
        ({"x": 3.0}, "At x = 3.00 the slope is −0.99 < 0, so down is to the right."),
        ({"h": 1e-15}, "the forward difference is off by 0.015 (rounding), and the central "
                       "difference is off by 0.015 (rounding)."),
        ({"h": 1e-16}, "Here x + h is rounded to x"),
        ({"h": 1e-11}, "(rounding), and the central"),
        ({"x": 1.5}, "is off by 0.47 (truncation) and points down to the right, and the central"),
        ({"curve": "cubic", "x": 1.0, "h": 0.001},
         "the slope is 0, so neither side is down. With h = 0.001, the forward difference is off "
         "by 0.003 "),
        ({"x": 1.57}, "the slope is 0.0008 > 0, so down is to the left."),
    ],
)  # fmt: skip
def test_the_readout_describes_the_state(controls, sentence):
    explorer = slope.explore(**controls)
    assert sentence in explorer.readout and explorer.live.alt == explorer.readout


def test_special_spacings_are_places_of_the_slider(explorer):
    slider = explorer.controls["h"]
    for h in (1e-5, 1e-8, 1e-15, slope.FOR_FORWARD, slope.FOR_CENTRAL):
        places = (np.log10(h) - slider.min) / slider.step
        assert places == pytest.approx(round(places), abs=1e-9)
        assert np.isclose(slope.SPACINGS, h, atol=0).any()


def test_the_buttons_lie_in_the_valley_of_each_error(explorer):
    forward, central = np.abs(slope.differences(np.sin, 1.0, slope.SPACINGS) - np.cos(1.0))
    explorer.buttons()["Best h for forward"]()
    h = explorer.controls["h"].value
    assert h == pytest.approx(np.finfo(float).eps ** 0.5, rel=0.1)
    assert forward[np.isclose(slope.SPACINGS, h, atol=0)] < 2e-8
    explorer.buttons()["Best h for central"]()
    h = explorer.controls["h"].value
    assert h == pytest.approx(np.finfo(float).eps ** (1 / 3), rel=0.1)
    assert central[np.isclose(slope.SPACINGS, h, atol=0)] < 5e-11
    explorer.reset()
    assert explorer.values == slope.explore().values


def test_errors_fall_with_slope_one_and_two(explorer):
    lines = [np.log10(line.get_ydata()) for line in explorer.views.errors.lines]
    for line, power, at in zip(lines, (1, 2), (120, 145), strict=True):
        assert np.diff(line[at:155]) / 0.1 == pytest.approx(power, abs=0.05)


def test_the_formula_shows_as_many_digits_as_the_spacing_needs():
    heights = np.array([-1.5, 0.0, 0.25])
    full = slope.with_numbers(heights, 1.0, 0.875)[0]
    assert full.endswith("= (0.2500 − (−1.5000)) / 2 = 0.875")
    explorer = slope.explore(h=1e-15)
    assert (
        "(0.8414709848078971 − 0.8414709848078959) / 2e-15"
        in explorer.views.formula.text.get_text()
    )


def test_dragging_point_and_spacing(explorer):
    ball, spacing = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": ball["x"] + 60, "y": ball["y"], "move": 1}
    assert explorer.controls["x"].value > 1.5 and explorer.controls["h"].value == 1
    explorer.live._drag = {"handle": 1, "x": spacing["x"] - 80, "y": 200, "move": 2}
    h = explorer.controls["h"].value
    assert 1e-9 < h < 1e-3 and np.isclose(slope.SPACINGS, h, atol=0).any()
    assert explorer.live._handles[1]["x"] == pytest.approx(spacing["x"] - 80, abs=3)
    explorer.live._drag = {"handle": 1, "x": 0, "y": 200, "move": 3}
    assert explorer.controls["h"].value == pytest.approx(1e-16)


def test_a_curve_brings_its_own_point(explorer):
    explorer.set(x=6.0)
    explorer.set(curve="quartic")
    assert explorer.controls["x"].value == 1.5 and explorer.controls["x"].max == 2
    explorer.set(curve="sine")
    assert explorer.controls["x"].value == 1.0


@pytest.mark.parametrize("curve", slope.CURVES)
def test_a_learners_function_has_its_errors_drawn(curve):
    def forward(f, x, h=1e-5):
        return (f(x + h) - f(x)) / h

    def other_algebra(f, x, h=1e-5):
        return ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2

    def unwritten(f, x, h=1e-5): ...

    same = "Your error, drawn as crosses, is the same."
    for right in (exercises()["derivative"].reference, other_algebra):
        assert slope.explore(mine=right, curve=curve).readout.endswith(same)
    drawn = slope.explore(mine=forward, curve=curve)
    assert drawn.readout.endswith("Your error, drawn as crosses, is different.")
    assert len(drawn.views.yours.line.get_xdata()) == 33
    nothing = slope.explore(mine=unwritten, curve=curve)
    assert "Your error is not drawn: the function returned no points." in nothing.readout
    assert not len(nothing.views.yours.line.get_xdata())


def test_the_prediction_is_shown_at_the_smallest_spacing():
    question = slope.halving_question
    try:
        explorer = slope.explore(after=question)
        assert explorer.live.locked
        question.choose(question.answer)
        assert "predicted" not in explorer.readout
        explorer.set(h=1e-16)
        assert explorer.readout.endswith(f"You predicted: {question.answer}")
    finally:
        question.chosen = None
