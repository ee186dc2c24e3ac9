"""Lesson 01: the numbers in its pictures, and its readouts in the states that matter."""

import re

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import rectangle, slope, slope_errors


@pytest.fixture
def explorer():
    return slope.explore()


def test_the_derivatives_it_knows_are_those_of_its_curves():
    for _, f, derivatives, _, _, (low, high), first in slope.CURVES.values():
        assert low <= first <= high
        for t in np.linspace(low, high, 9):
            known = derivatives(t)
            assert known[0] == pytest.approx(f(t), abs=1e-12)
            for k in range(1, min(4, len(known))):
                change = (derivatives(t + 1e-5)[k - 1] - derivatives(t - 1e-5)[k - 1]) / 2e-5
                assert known[k] == pytest.approx(change, abs=1e-7)


def test_the_truncation_of_a_cubic_is_3th_plus_h2_and_h2():
    missing = slope_errors.truncation(slope.CURVES["cubic"][2](1.4), 0.5)
    assert missing == pytest.approx([3 * 1.4 * 0.5 + 0.25, 0.25])
    found = slope_errors.differences(np.exp, 1.0, 0.5)
    exponential = slope.CURVES["exponential"][2](1.0)
    assert slope_errors.truncation(exponential, 0.5) == pytest.approx(found - np.e, abs=1e-14)


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, "With a nudge of h = 1 to the right the rise is 4 and the run 1, so rise over run is "
             "4. At t = 1.50 the slope of the tangent is 3.00 > 0, so down is to the left."),
        ({"h": 0.01}, "the rise is 0.0301 and the run 0.01, so rise over run is 3.01."),
        ({"h": 0.5, "nudge": slope.BOTH}, "the rise is 3 and the run 1, so rise over run is 3."),
        ({"t": -1.0}, "is −2.00 < 0, so down is to the right."),
        ({"t": 0.0}, "is 0: the tangent is level, and its slope shows no way down."),
        ({"curve": "cubic", "t": 1.2, "h": 0.1}, "rise over run is 1.69. At t = 1.20 the slope of "
                                                 "the tangent is 1.32 > 0, so down is to the left"),
        ({"curve": "cubic", "t": -1.0, "h": 0.001},
         "the rise is −0.000002999 and the run 0.001, so rise over run is −0.002999."),
        ({"curve": "cubic"}, "The nudge is so large that rise over run has the wrong sign."),
        ({"picture": slope.ERROR, "curve": "cubic", "t": 1.2, "h": 0.1},
         "At t = 1.20 the slope of t³ − 3t is 1.32. With h = 0.1, the forward difference is off by "
         "0.37 (truncation), and the central difference is off by 0.01 (truncation)."),
        ({"picture": slope.ERROR, "curve": "cubic", "t": 1.2, "h": 1e-15}, "0.12 (rounding)"),
        ({"picture": slope.ERROR, "h": 1e-16}, "Here t + h is rounded to t"),
    ],
)  # fmt: skip
def test_the_readout_describes_the_state(controls, sentence):
    explorer = slope.explore(**controls)
    assert sentence in explorer.readout and explorer.live.alt == explorer.readout


@pytest.mark.parametrize("curve", slope.CURVES)
@pytest.mark.parametrize("nudge", [slope.RIGHT, slope.BOTH])
def test_the_readout_is_true_on_a_grid_of_states(curve, nudge):
    explorer = slope.explore(curve=curve, nudge=nudge)
    _, f, derivatives, _, _, (low, high), _ = slope.CURVES[curve]
    for t in np.linspace(low, high, 7).round(2).tolist():
        for h in (0.001, 0.02, 0.3, 1.0):
            explorer.set(t=t, h=h)
            assert not re.search(r"\de[+-]", explorer.readout)
            numbers = re.findall(r"−?\d+(?:\.\d+)?(?:e[+-]\d+)?", explorer.readout)
            rise, run, found = (float(n.replace("−", "-")) for n in numbers[1:4])
            left = t if nudge == slope.RIGHT else t - h
            expected = [f(t + h) - f(left), t + h - left]
            assert [rise, run] == pytest.approx(expected, rel=6e-4, abs=1e-12)
            assert found == pytest.approx(expected[0] / expected[1], rel=6e-4, abs=1e-9)
            known = derivatives(t)[1]
            down = f(t - 1e-4) < f(t) < f(t + 1e-4), f(t - 1e-4) > f(t) > f(t + 1e-4)
            said = "down is to the left" in explorer.readout, "to the right." in explorer.readout
            assert said == (down if known else (False, False)), explorer.readout
            wrong = "wrong sign" in explorer.readout
            assert wrong == (known * expected[0] < 0 and abs(expected[0]) > 1e-12)


def test_the_secant_turns_into_the_tangent(explorer):
    def angle():
        secant, tangent = (
            np.diff(line.get_xydata(), axis=0)[0]
            for line in (explorer.views.nudge.secant, explorer.views.nudge.tangent)
        )
        return abs(secant[1] / secant[0] - tangent[1] / tangent[0])

    for h in (1.0, 0.1, 0.01, 0.001):
        explorer.set(h=h)
        assert angle() == pytest.approx(h)  # of t², rise over run is 2t + h
    explorer.set(nudge=slope.BOTH, h=1.0)
    assert angle() == pytest.approx(0)


def test_the_numbers_of_the_text():
    f = slope.f_cubic
    assert (f(1.3) - f(1.2)) / 0.1 - 1.32 == pytest.approx(0.37)
    assert (f(1.3) - f(1.1)) / 0.2 - 1.32 == pytest.approx(0.01)
    assert (f(1.2) - f(1.1)) / 0.1 - 1.32 == pytest.approx(-0.35)
    assert f(1.1) < f(1.2) < f(-0.3)
    right, both = slope_errors.differences(f, 1.0, 0.5)  # and the tangent is level
    assert (right, both) == (1.75, 0.25)
    right, left = 1.2 + 1e-15, 1.2 - 1e-15
    assert f"{right - left:.3g}" == "2.22e-15"  # the distance of the rounded points
    exact = 1.32 * (right - left)  # the rise between them, up to their distance squared
    assert f(right) - f(left) == pytest.approx(exact, rel=0.02)
    assert f"{(f(right) - f(left)) / 2e-15:.2f}" == "1.44"
    errors = np.abs(slope_errors.differences(f, 1.2, slope_errors.SPACINGS) - 1.32)
    lowest = slope_errors.SPACINGS[errors.argmin(axis=1)]
    assert 3e-9 < lowest[0] < 3e-8 and 1e-6 < lowest[1] < 1e-5


def test_each_picture_has_nudges_of_its_own(explorer):
    assert explorer.controls["h"].min == -3 and explorer.controls["h"].value == 1
    explorer.set(picture=slope.ERROR)
    explorer.set(h=1e-15)
    explorer.set(picture=slope.SECANT)
    assert explorer.controls["h"].value == 0.001  # the least of this picture
    explorer.set(picture=slope.ERROR, h=1e-9)  # both at once, in any order
    assert explorer.controls["h"].value == 1e-9
    with pytest.raises(ValueError, match="h must be"):
        explorer.set(picture=slope.SECANT, h=1e-9)


def test_the_nudge_is_used_as_the_slider_shows_it(explorer):
    explorer.set(h=10**-0.3)
    assert "With a nudge of h = 0.5 to the right the rise is 1.75 and" in explorer.readout
    for power in (-1, -2, -3):
        explorer.set(h=10.0**power)
        assert f"so rise over run is {3 + 10.0**power:g}." in explorer.readout


def test_errors_fall_with_slope_one_and_two():
    explorer = slope.explore(picture=slope.ERROR, curve="exponential")
    lines = [np.log10(line.get_ydata()) for line in explorer.views.errors.lines]
    for line, power, at in zip(lines, (1, 2), (120, 145), strict=True):
        assert np.diff(line[at:150]) / 0.1 == pytest.approx(power, abs=0.05)


def test_the_formula_shows_as_many_digits_as_the_nudge_needs(explorer):
    full = slope.with_numbers(np.array([-1.5, 0.25]), 1.0, slope.BOTH)[0]
    assert full == "rise / run = (0.25 − (−1.50)) / 2 = 0.875"
    whole = slope.with_numbers(np.array([2.25, 6.25]), 1, slope.RIGHT)[0]
    assert whole == "rise / run = (6.25 − 2.25) / 1 = 4"
    fine = slope.with_numbers(np.array([2.25, 2.253001]), 0.001, slope.RIGHT)[0]
    assert fine == "rise / run = (2.253001 − 2.250000) / 0.001 = 3.001"
    explorer.set(picture=slope.ERROR, curve="cubic")
    explorer.set(t=1.2, h=1e-15)
    text = explorer.views.formula.text.get_text()
    assert "(−1.8719999999999986 − (−1.8720000000000014)) / 2e-15 = 1.44329" in text


def test_dragging_point_and_nudge(explorer):
    second, ball = explorer.live._handles
    explorer.live._drag = {"handle": 1, "x": ball["x"] - 200, "y": ball["y"], "move": 1}
    assert explorer.controls["t"].value < 0.5 and explorer.controls["h"].value == 1
    second = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": second["x"] - 60, "y": 200, "move": 2}
    assert 0.3 < explorer.controls["h"].value < 0.8
    explorer.live._drag = {"handle": 0, "x": 0, "y": 200, "move": 3}  # past the ball
    assert explorer.controls["h"].value == 0.001
    explorer.set(picture=slope.ERROR)
    explorer.reset()
    explorer.set(picture=slope.ERROR)
    (spacing,) = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": spacing["x"] - 80, "y": 200, "move": 4}
    assert 1e-9 < explorer.controls["h"].value < 1e-2
    assert explorer.live._handles[0]["x"] == pytest.approx(spacing["x"] - 80, abs=8)


def test_a_curve_brings_its_own_point_and_a_picture_does_not(explorer):
    explorer.set(t=-2.0)
    explorer.set(picture=slope.ERROR)
    assert explorer.controls["t"].value == -2
    explorer.set(curve="cubic")
    assert explorer.controls["t"].value == -1.2 and explorer.controls["t"].max == 1.5


@pytest.mark.parametrize("curve", slope.CURVES)
def test_a_learners_function_has_its_errors_drawn(curve):
    def forward(f, t, h=1e-5):
        return (f(t + h) - f(t)) / h

    def other_algebra(f, t, h=1e-5):
        return ((f(t + h) - f(t)) / h + (f(t) - f(t - h)) / h) / 2

    def unwritten(f, t, h=1e-5): ...

    sentence = "The crosses show the error of your function."
    shown = {"curve": curve, "picture": slope.ERROR}
    for right in (exercises()["derivative"].reference, other_algebra):
        assert slope.explore(mine=right, **shown).readout.endswith(sentence)
    drawn = slope.explore(mine=forward, **shown)
    assert drawn.readout.endswith(sentence)
    crosses = drawn.views.yours.line
    line = np.interp(crosses.get_xdata(), *drawn.views.errors.lines[0].get_data())
    assert crosses.get_ydata() == pytest.approx(line)
    assert crosses.get_color() not in [line.get_color() for line in drawn.views.errors.lines]
    assert len(drawn.views.yours.line.get_xdata()) == 33
    for fn, why in [
        (unwritten, "your function is still to be written"),
        (lambda f, t, h: None, "the function returned no points"),
    ]:
        nothing = slope.explore(mine=fn, **shown)
        assert nothing.readout.endswith(f"Your error is not drawn: {why}.")
    assert not len(nothing.views.yours.line.get_xdata())
    nothing.set(picture=slope.SECANT)
    assert nothing.readout.endswith("Your function's error is in the other picture.")


def test_the_prediction_is_shown_at_the_smallest_nudge():
    question = slope.rise_over_run_question
    try:
        explorer = slope.explore(after=question)
        assert explorer.live.locked
        question.choose(question.answer)
        assert "predicted" not in explorer.readout
        explorer.set(h=0.001)
        assert explorer.readout.endswith(f"You predicted: {question.answer}")
    finally:
        question.chosen = None


@pytest.mark.parametrize("sides", rectangle.SIDES)
def test_strips_and_corner_are_all_that_a_nudge_adds(sides):
    sizes, slopes, _ = rectangle.SIDES[sides]
    explorer = rectangle.explore(sides=sides)
    for t in (0.5, 0.9, 1.5):
        assert slopes(t) == pytest.approx((sizes(t + 1e-6) - sizes(t - 1e-6)) / 2e-6)
        for h in (0.01, 0.3, 1.0):
            growth, parts = rectangle.pieces(sides, t, h)
            assert sizes(t) + growth == pytest.approx(sizes(t + h))
            assert sizes(t).prod() + parts.sum() == pytest.approx(sizes(t + h).prod())
            explorer.set(t=t, h=h)
            found = re.findall(r"(?<= )\d+(?:\.\d+)?", explorer.readout)[2:5]
            power = 2 if sides == "square" else 3
            added = (t + h) ** power - t**power
            expected = [added, added / h, power * t ** (power - 1)]
            assert [float(number) for number in found] == pytest.approx(expected, rel=6e-4)
            exact = parts[:2].sum() / h == pytest.approx(expected[2])
            assert ("together stay" in explorer.readout) == exact
            assert ("together approach" in explorer.readout) != exact


def test_the_corner_is_dragged_and_drawn_at_the_new_sides():
    explorer = rectangle.explore()
    assert explorer.views.grown.corner.get_xydata().tolist() == [[2, 2]]
    (corner,) = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": corner["x"] - 30, "y": corner["y"], "move": 1}
    h = explorer.controls["h"].value
    assert 0.05 < h < 0.45
    assert explorer.views.grown.corner.get_xydata() == pytest.approx(np.array([[1.5 + h] * 2]))
    explorer.live._drag = {"handle": 0, "x": 0, "y": 0, "move": 2}
    assert explorer.controls["h"].value == 0.01
    explorer.set(h=0.3, sides="rectangle")
    assert explorer.views.grown.corner.get_xydata() == pytest.approx(np.array([[1.8, 1.8**2]]))


def test_the_formula_adds_the_parts_divided_by_h():
    explorer = rectangle.explore()
    text = explorer.views.formula.text.get_text()
    assert text.endswith("= 1.75 / 0.5 = 1.5 + 1.5 + 0.5 = 3.5")


@pytest.mark.parametrize("width", [600, 1000])
@pytest.mark.parametrize("picture", [slope.SECANT, slope.ERROR])
def test_an_arrow_key_moves_the_second_point(picture, width):
    explorer = slope.explore(picture=picture)
    explorer.live.available_width = width
    for key in (-4, 4):  # pixels
        for h in (0.02, 0.1, 0.32, 0.5, 0.91):
            explorer.move_to(h=h)
            place, before = explorer.live._handles[0], explorer.controls["h"].value
            explorer.live._drag = {"handle": 0, "x": place["x"] + key, "y": place["y"], "move": h}
            assert (explorer.controls["h"].value - before) * key > 0


@pytest.mark.parametrize(
    "fn", [lambda df, dg, g, t: df(g) * dg, lambda df, dg, g, t: df(g(t)) * dg]
)
def test_a_function_that_is_not_called_has_a_question_of_its_own(fn):
    feedback = exercises()["chain"].check(fn)
    assert feedback.mistake == "TypeError"
    assert feedback.message.endswith("Which function in this line has to be called, as in f(t)?")
