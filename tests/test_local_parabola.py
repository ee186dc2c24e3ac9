"""The second explorer of lesson 03: what a parabola at the ball predicts, and what happens."""

import io
import itertools
import json
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from gdlesson.explorers import local_parabola
from gdlesson.explorers.local_parabola import CURVES, HERE, LARGEST, sample_of
from gdlesson.explorers.local_parabola_numerics import Place, Sample

# name → (slope, curvature) at w, by the rules of lesson 01; the largest curvature in the picture
KNOWN = {
    "two valleys": (lambda w: (4 * w**3 - 6 * w + 1, 12 * w**2 - 6), 42.0),
    "parabola": (lambda w: (2 * w, 2.0), 2.0),
    "plateau": (lambda w: (2 * w / (1 + w * w) ** 2, 2 * (1 - 3 * w * w) / (1 + w * w) ** 3), 2.0),
    "corner": (lambda w: (np.sign(w), 0.0), math.inf),
}


def place_on(curve, w):
    sample = sample_of(curve)
    heights = CURVES[curve][0].f(np.array([[w - sample.h], [w], [w + sample.h]]))
    return Place.of(w, heights, sample)


@pytest.mark.parametrize("curve", KNOWN)
def test_slope_and_curvature_are_those_of_the_formula(curve):
    derivatives, largest = KNOWN[curve]
    for w in np.linspace(-1.9, 1.9, 38):
        place = place_on(curve, w)
        slope, curvature = derivatives(w)
        assert place.slope == pytest.approx(slope, abs=1e-5)
        assert place.curvature == pytest.approx(curvature, rel=6e-6, abs=2e-5)
    assert sample_of(curve).largest == pytest.approx(largest, rel=1e-5)


def test_the_largest_curvature_of_the_waves():
    w = np.linspace(0, 1, 200_001)
    a, b = 6 * w - 2, 12 * w - 4  # the product rule, twice
    curvature = 72 * np.sin(b) + 288 * a * np.cos(b) - 144 * a * a * np.sin(b)
    assert sample_of("waves").largest == pytest.approx(curvature.max(), rel=1e-5)


def test_the_ball_at_a_corner_has_no_curvature():
    assert place_on("corner", 0.0).curvature == math.inf
    readout = local_parabola.explore(curve="corner", w=0.0).readout
    assert readout == "At w = 0.00 the curve has a corner, so no parabola fits it there."


@pytest.mark.parametrize(
    "values, readout",
    [
        (
            {},
            "At w = 1.80 the slope is 13.5 and the curvature 32.9. With step size 0.05 the "
            "parabola predicts that the loss falls by 1.63, and it falls by 3.65.",
        ),
        (
            {"curve": "plateau", "lr": 1.6},
            "At w = 0.50 the slope is 0.64 and the curvature 0.256. With step size 1.6 the "
            "parabola predicts that the loss falls by 0.521, but it rises by 0.0154.",
        ),
        (
            {"curve": "plateau", "lr": 0.5, "curvature": LARGEST},
            "Everywhere in the picture the curvature is at most L = 2, so 2/L is 1. With step size "
            "0.5 the loss is guaranteed to fall by at least 0.102, and it falls by 0.169.",
        ),
        (
            {"curve": "plateau", "lr": 1.0, "curvature": LARGEST},
            "Everywhere in the picture the curvature is at most L = 2, so 2/L is 1. With step size "
            "1 the loss is guaranteed not to rise, and it falls by 0.181.",
        ),
        (
            {"curve": "plateau", "lr": 1.6, "curvature": LARGEST},
            "Everywhere in the picture the curvature is at most L = 2, so 2/L is 1. With step size "
            "1.6 no fall is guaranteed, and the loss rises by 0.0154.",
        ),
        (
            {"curve": "parabola", "lr": 1.0},
            "At w = 1.50 the slope is 3 and the curvature 2. With step size 1 the parabola "
            "predicts that the loss does not change, and it does not change.",
        ),
        (
            {"curve": "parabola", "lr": 1.5},
            "At w = 1.50 the slope is 3 and the curvature 2. With step size 1.5 the ball "
            "leaves the picture.",
        ),
        (
            {"curve": "parabola", "lr": 1.5, "curvature": LARGEST},
            "Everywhere in the picture the curvature is at most L = 2, so 2/L is 1. With step size "
            "1.5 the ball leaves the picture, so nothing is guaranteed.",
        ),
        (
            {"curve": "parabola", "w": 0.0},
            "At w = 0.00 the slope is 0 and the curvature 2. The slope is 0, so no step moves the "
            "ball.",
        ),
        (
            {"curve": "corner", "curvature": LARGEST},
            "The curve has a corner, or bends more sharply than can be measured. So there is no "
            "largest curvature, and no fall of the loss is guaranteed.",
        ),
    ],
)
def test_the_readout_says_what_is_predicted_and_what_happens(values, readout):
    assert local_parabola.explore(**values).readout == readout


def number(pattern, readout):
    found = re.search(pattern + r" by (?:at least )?([\d.e+-]+)[,.]", readout)
    return float(found[1].rstrip(".")) if found else None


def states(explorer, curve):
    explorer.set(curve=curve)
    lr, w = explorer.controls["lr"], explorer.controls["w"]
    for step, place in itertools.product(np.linspace(0, lr.max, 11), np.linspace(w.min, w.max, 13)):
        explorer.set(lr=step, w=place)
        yield step, place


@pytest.mark.parametrize("curve", CURVES)
def test_the_readout_is_true_in_every_state(curve):
    explorer, f = local_parabola.explore(), CURVES[curve][0].f
    low, high = CURVES[curve][0].domain[0]
    largest = sample_of(curve).largest
    seen = set()
    for lr, w in states(explorer, curve):
        place = place_on(curve, w)
        after = w - lr * place.slope
        if not place.slope or not low <= after <= high:
            continue
        fall = float(f(np.array([w])) - f(np.array([after])))
        predicted = lr * (1 - lr * place.curvature / 2) * place.slope**2
        text = explorer.readout
        for pattern, change in [("that the loss", predicted), ("(?:and|but) it", fall)]:
            for verb, sign in [("falls", 1), ("rises", -1)]:
                if (found := number(f"{pattern} {verb}", text)) is not None:
                    assert found == pytest.approx(sign * change, rel=6e-3, abs=1e-8)
        assert ("but it" in text) == (np.sign(fall) != np.sign(predicted) and lr > 0)
        explorer.set(curvature=LARGEST)
        if (least := number("guaranteed to fall", explorer.readout)) is not None:
            assert lr < 2 / largest and least <= fall * (1 + 6e-3)
            assert least == pytest.approx(lr * (1 - lr * largest / 2) * place.slope**2, rel=6e-3)
            seen.add("guaranteed")
        explorer.set(curvature=HERE)
    assert seen == (set() if curve == "corner" else {"guaranteed"})


@pytest.mark.parametrize("curve", [name for name in CURVES if name != "corner"])
def test_the_parabola_with_the_largest_curvature_is_nowhere_below_the_curve(curve):
    sample = sample_of(curve)
    for w in np.linspace(sample.w[16], sample.w[-17], 40):
        over = place_on(curve, w).parabola(sample.w, sample.largest) - sample.f
        assert over.min() > -1e-6 * np.ptp(sample.f)


def test_the_button_for_the_lowest_point_and_the_one_that_takes_the_step():
    explorer = local_parabola.explore(curve="two valleys")
    explorer.to_lowest()
    curvature = 12 * 1.8**2 - 6
    assert explorer.values["lr"] == pytest.approx(1 / curvature, rel=1e-6)
    explorer.take_step()
    assert explorer.values["w"] == pytest.approx(1.8 - (4 * 1.8**3 - 6 * 1.8 + 1) / curvature)
    explorer.set(w=0.0)  # the parabola opens downwards: it has no lowest point
    before = explorer.values
    explorer.to_lowest()
    assert explorer.values == before and "opens downwards" in explorer.readout
    explorer.set(curve="parabola", lr=1.5)  # this step leaves the picture
    explorer.take_step()
    assert explorer.values["w"] == 1.5


def test_a_learners_own_curve():
    explorer = local_parabola.explore(f=lambda w: 3 * w**2 + math.exp(w))
    assert explorer.values["curve"] == "yours" and explorer.values["w"] == pytest.approx(1.8)
    slope, curvature = 6 * 1.8 + math.exp(1.8), 6 + math.exp(1.8)
    assert f"the slope is {slope:.3g} and the curvature {curvature:.3g}." in explorer.readout
    explorer.set(curvature=LARGEST)
    assert f"at most L = {6 + math.exp(3):.3g}," in explorer.readout
    explorer.set(curve="plateau")
    assert explorer.controls["lr"].max == 4.0
    explorer.set(curve="yours")
    assert explorer.controls["lr"].max == pytest.approx(0.3)
    away = local_parabola.explore(f=math.sqrt, domain=(1, 5), w=4.0)
    assert "At w = 4.00 the slope is 0.25 and the curvature −0.0312" in away.readout


def test_a_learners_own_ball_starts_where_the_curve_bends_upwards():
    explorer = local_parabola.explore(f=lambda w: w**2 + np.cos(3 * w))  # at 1.8 it does not
    w = explorer.values["w"]
    assert w == pytest.approx(1.2) and 2 - 9 * math.cos(3 * w) > 0
    before = explorer.values["lr"]
    explorer.to_lowest()
    assert explorer.values["lr"] != before
    assert local_parabola.explore(f=lambda w: -(w**2)).values["w"] == pytest.approx(1.8)


def test_the_prediction_on_the_plateau_is_in_the_picture():
    explorer = local_parabola.explore(curve="plateau", lr=1.6)
    (height,) = explorer.views.after.ends.predicted.get_ydata()
    assert explorer.views.after.limits[0] < height == pytest.approx(0.2 - 0.521, abs=1e-3)


def unwritten(w): ...


def endless(w):
    while True:
        pass


@pytest.mark.parametrize(
    "f, why",
    [
        (unwritten, "your function is still to be written."),
        (lambda w: "high", "the function returned no numbers."),
        (
            lambda w: math.log(w),
            "at w = −3.00 it has no finite value, so another domain is needed.",
        ),
        (lambda w: np.log(w), "at w = −3.00 it has no finite value, so another domain is needed."),
        (lambda w: 1 / w, "at w = 0.00 it has no finite value, so another domain is needed."),
        (lambda: 1, "TypeError"),
        (endless, "the function did not end."),
    ],
)
def test_a_curve_that_cannot_be_drawn_is_described(f, why):
    explorer = local_parabola.explore(f=f)
    assert explorer.readout.startswith("Your curve is not drawn: ") and why in explorer.readout
    json.dumps(explorer.live._handles, allow_nan=False)  # what is sent to the page
    explorer.take_step()
    explorer.to_lowest()
    explorer.set(curve="parabola")
    assert explorer.readout.startswith("At w = 1.50 the slope is 3")


@pytest.mark.parametrize(
    "f, readout",
    [
        (lambda w: 3, "The slope is 0, so no step moves the ball."),
        (lambda w: 2 * w, "the curvature 0, so the parabola is a straight line."),
        (lambda w: np.array([w**2]), "the slope is 3.6 and the curvature 2."),
        (lambda w: abs(w - 0.3337), "the curvature 0, so the parabola is a straight line."),
        (lambda w: -(w**2), "−2, so the parabola opens downwards and has no lowest point."),
    ],
)
def test_unusual_curves(f, readout):
    assert readout in local_parabola.explore(f=f).readout


def test_a_corner_is_found_wherever_it_is_and_one_that_points_up_is_harmless():
    w = np.linspace(-3, 3, 1601)
    for corner in np.linspace(-2.9, 2.9, 77):
        assert Sample(w, np.abs(w - corner)).largest == math.inf
        assert Sample(w, -np.abs(w - corner)).largest == pytest.approx(0, abs=1e-6)
    assert Sample(w, np.round(w)).largest == math.inf  # a staircase
    smooth = Sample(w, np.where(w < 0, 0, w**2))  # the curvature jumps, the slope does not
    assert smooth.largest == pytest.approx(2, rel=1e-4)


@pytest.mark.parametrize(
    "arguments, why",
    [
        ({"f": 3}, "f must be a function of one number, got 3"),
        ({"domain": 3}, "domain must be two numbers, the smaller one first, got 3"),
        ({"domain": (2, 1)}, "domain must be two numbers, the smaller one first"),
        ({"domain": (0, math.inf)}, "domain must be two numbers, the smaller one first"),
        ({"curve": "yours"}, "curve must be"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, why):
    with pytest.raises(ValueError, match=f"^{why}"):
        local_parabola.explore(**arguments)


def test_what_is_drawn_is_in_the_picture_at_all_widths():
    explorer = local_parabola.explore(curve="waves")
    for width in (900, 600, 360):
        explorer.live.available_width = width
        assert explorer.figure.get_size_inches()[0] == pytest.approx(width / 100)
        for lr in (0.0, 0.001, 0.01):
            explorer.set(lr=lr, curvature=LARGEST)
            points = np.frombuffer(explorer.live._points, np.float32)
            assert np.isfinite(points).all() and np.abs(points).max() < 3000


def test_the_label_of_two_over_l_is_readable_where_the_line_of_the_step_size_crosses_it():
    explorer = local_parabola.explore(curve="two valleys", curvature=LARGEST, lr=0.054)
    still = plt.imread(io.BytesIO(explorer.still()))
    dense = still.shape[1] / 900
    box = explorer.views.after.labels[1].get_window_extent()
    x, _ = explorer.views.after.head.get_transform().transform((0.054, 0))
    assert box.x0 < x < box.x1
    x0, y0, x1, y1 = (round(side * dense) for side in box.extents)
    orange = np.abs(still[::-1][y0:y1, x0:x1, :3] - to_rgb(explorer.palette.ball)).max(axis=-1)
    assert orange.min() > 0.2
