"""Lesson 05: a line through the penguins, its place on the loss, standardised data."""

import re

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import batch
from gdlesson.explorers.scaled_line import FITS


@pytest.fixture
def explorer():
    return batch.explore()


def drag(explorer, handle, across, up):
    place = explorer.live._handles[handle]
    explorer.live._drag = {
        "handle": handle, "x": place["x"] + across, "y": place["y"] - up, "move": 1
    }  # fmt: skip


def heights(explorer, line):
    """The masses on a line of the data view at the two places where it can be dragged."""
    (x0, x1), (y0, y1) = line.get_data()
    return [y0 + (y1 - y0) * (x - x0) / (x1 - x0) for x in batch.GRIPS]


def test_the_numbers_of_the_lesson():
    raw, scaled = FITS["raw"], FITS["standardised"]
    assert raw.best == pytest.approx([50.153266, -5872.0927], rel=1e-7)
    assert raw.best_loss == pytest.approx(153789.68, abs=0.01)
    assert scaled.best_loss == pytest.approx(raw.best_loss)
    limit = 2 / raw.L
    assert limit == pytest.approx(2.46e-5, rel=2e-3)
    assert scaled.best == pytest.approx([0.872979, 0], abs=1e-6)
    assert scaled.curvatures() == pytest.approx([2, 2])
    assert scaled.in_grams(scaled.best) == pytest.approx(raw.best)
    assert scaled.in_grams(scaled.from_grams(30.0, 12.0)) == pytest.approx([30, 12])
    path = descend(raw, GradientDescent(2.4e-5), steps=1000)
    assert path.last == pytest.approx([21.08, -1.256], abs=1e-2)
    assert -path.last[1] / 5872 < 1e-3 and batch.crawl_question.answer.endswith("a thousandth.")


CENTRED = ("centred only", "standardised")
BELOW, ABOVE = "is below the stability limit 2/L = ", "is above the stability limit 2/L = "


@pytest.mark.parametrize(
    "values, sentences",
    [
        (
            {},
            [
                f"Step size 2.0e-05 {BELOW}2.46e-05, so descent converges, but overshoots: every "
                "step crosses the valley. The condition number is 8.41e+06: after 30 steps, "
                "99.999 % of the distance to the best (w, b) remains, and the line is w = 21.1 g "
                "per mm, b = 0.1 g with loss 320,197; the lowest possible loss is 153,790.",
            ],
        ),
        (
            {"lr": 1e-6},
            [f"Step size 1.0e-06 {BELOW}2.46e-05, so descent converges. The condition number is"],
        ),
        (
            {"lr": 2.4e-5, "steps": 1000},
            ["99.98 % of the distance to the best (w, b) remains", "w = 21.1 g per mm, b = −1.3 g"],
        ),
        (
            {"lr": 2.5e-5},
            [
                f"Step size 2.5e-05 {ABOVE}2.46e-05, so descent diverges. The loss grew from "
                "18,345,755 to 101,850,406 in 30 steps; the lowest possible loss is 153,790."
            ],
        ),
        ({"lr": 3.2e-5, "steps": 1000}, ["diverges. The loss grew beyond all numbers in 1000"]),
        ({"lr": 2.46e-5}, ["Step size 2.46e-05 is below"]),  # between the slider's places
        (
            {"steps": 0},
            [
                "No step is taken: the line is w = 0.0 g per mm, b = 0.0 g with loss 18,345,755; "
                "the lowest possible loss is 153,790."
            ],
        ),
        (
            {"features": "standardised", "lr": 0.5, "steps": 1},
            [
                "Step size 0.50 is 1/L, so the first step ends at the minimum. After 1 step the "
                "line is w = 50.2 g per mm, b = −5872.1 g in raw numbers, with loss 153,790, the "
                "lowest possible."
            ],
        ),
        (
            {"features": "standardised", "lr": 0.1},
            [
                f"0.10 {BELOW}1.00, so descent converges. The condition number is 1: after 30 "
                "steps, 0.1 % of the distance",
                "loss 153,818; the lowest possible loss is 153,790.",
            ],
        ),
        (
            {"features": "standardised", "lr": 0.1, "steps": 100},
            ["After 62 steps only a millionth of the distance to the best (w, b) remains, and "],
        ),
        (
            {"features": "standardised", "lr": 0.9, "steps": 3},
            [
                "overshoots: every step crosses the minimum. The condition number is 1: after 3 "
                "steps, 51 % of the distance",
            ],
        ),
        (
            {"features": "scaled only", "steps": 1000},
            [
                f"Step size 0.0040 {BELOW}0.004803, so descent converges, but overshoots: every "
                "step crosses the valley. The condition number is 4.34e+04: after 1000 steps, 96 %",
            ],
        ),
        (
            {"features": "centred only", "steps": 1000},
            [
                f"Step size 0.0040 {BELOW}0.005106, so descent converges, but overshoots: every "
                "step crosses the valley. The condition number is 196: after 1000 steps, 0.03 % of",
            ],
        ),
        (
            {"features": "centred only", "w": 50.153266130, "b": 100.0, "lr": 0.006, "steps": 10},
            ["so descent diverges. "],
        ),
        (
            {"features": "standardised", "lr": 1.0},
            [
                "Step size 1.00 is the stability limit 2/L = 1.00: every step jumps to the other "
                "side, and the distance to the minimum never gets shorter. After 30 steps the line"
            ],
        ),
        (
            {"features": "standardised", "lr": 1.25, "steps": 200},
            [f"Step size 1.25 {ABOVE}1.00, so descent diverges. The loss grew from"],
        ),
        (
            {"lr": 2.5e-5, "steps": 1, "w": 20.93423, "b": 0.0},
            [
                "so descent diverges. Every step multiplies the distance across the valley by "
                "1.03, but the loss does not show it within 1 step: it is 321,046; the lowest "
                "possible loss is 153,790."
            ],
        ),
    ],
)
def test_the_readout_describes_what_happens(values, sentences):
    readout = batch.explore(**values).readout
    for sentence in sentences:
        assert sentence in readout


def test_the_best_line_stays_and_is_the_closed_form(explorer):
    for features in FITS:
        explorer.set(features=features)
        explorer.buttons()["Best line"]()
        back = "" if features == "raw" else " in raw numbers,"
        assert explorer.readout.startswith(
            "The start is the best line. The gradient there is 0, so no step moves it: the line is "
            f"w = 50.2 g per mm, b = −5872.1 g{back} with loss 153,790, the lowest possible."
        )
        lines = explorer.shown.step_numbers[:, :2]
        assert lines == pytest.approx(np.tile(FITS["raw"].best, (31, 1)))
    explorer.set(features="raw", lr=3.2e-5, steps=1000)
    explorer.buttons()["Best line"]()
    # Whether the computed gradient is exactly 0 there depends on how the processor adds.
    moved = explorer.shown.step_numbers[-1, :2] != pytest.approx(FITS["raw"].best, rel=1e-3)
    happens = "diverges even from the best line, because rounding errors grow."
    assert (happens if moved else "so no step moves it") in explorer.readout
    explorer.reset()
    assert explorer.values == batch.explore().values


@pytest.mark.parametrize("features", FITS)
def test_dragging_the_ball_moves_the_line(features):
    explorer = batch.explore(features=features, steps=0)
    before = heights(explorer, explorer.views.line.first)
    drag(explorer, 0, 0, 20)  # up, in b: the line is lifted
    lifted = heights(explorer, explorer.views.line.first)
    assert lifted[0] - before[0] == pytest.approx(lifted[1] - before[1], abs=1)
    assert lifted[0] > before[0] + 50
    drag(explorer, 0, 20, 0)  # to the right, in w: the line is turned
    turned = heights(explorer, explorer.views.line.first)
    assert turned[1] - turned[0] > lifted[1] - lifted[0] + 50
    start = explorer.values["w"], explorer.values["b"]
    assert explorer.shown.step_numbers[0, :2] == pytest.approx(FITS[features].in_grams(start))


@pytest.mark.parametrize("features", FITS)
@pytest.mark.parametrize("end", [0, 1])
def test_dragging_an_end_of_the_line_moves_the_ball_and_not_the_other_end(features, end):
    explorer = batch.explore(features=features, steps=0)
    before, ball = heights(explorer, explorer.views.line.first), explorer.live._handles[0]
    drag(explorer, 1 + end, 0, 30)
    after = heights(explorer, explorer.views.line.first)
    assert after[end] > before[end] + 100
    assert after[1 - end] == pytest.approx(before[1 - end], abs=1)
    moved = explorer.live._handles[0]
    assert (moved["x"] < ball["x"]) == (end == 0)
    assert (moved["y"] < ball["y"]) == (end == 0 or features in CENTRED)
    grip = explorer.live._handles[1 + end]
    assert explorer.views.line.grips[end].get_ydata()[0] == pytest.approx(after[end], abs=1)
    assert grip["along"] == "y"


def test_a_line_outside_the_picture_can_still_be_dragged(explorer):
    explorer.set(w=80.0, b=5000.0, steps=0)
    low, high = explorer.views.line.ax.get_ylim()
    assert [grip.get_ydata()[0] for grip in explorer.views.line.grips] == [high, high]
    drag(explorer, 1, 0, -60)
    left, right = heights(explorer, explorer.views.line.first)
    assert low < left < high and right == pytest.approx(high)


def test_both_views_play_the_same_steps(explorer):
    explorer.set(features="standardised", lr=0.1, steps=5, w=0.0, b=0.0)
    play = explorer.live.play
    assert play.steps == 5
    x0, x1 = explorer.views.line.ends
    lines = play.keyframes[explorer.views.line.line]
    slopes = (lines[:, 1, 1] - lines[:, 0, 1]) / (x1 - x0)
    fit = FITS["standardised"]
    path = descend(fit, GradientDescent(0.1), [0, 0], 5)
    assert slopes == pytest.approx(fit.in_grams(path.w)[:, 0])
    assert play.numbers[:, :2] == pytest.approx(fit.in_grams(path.w))
    assert play.text.startswith("Step {step} of {steps}: the line is w = {0} g per mm, b = {1} g")
    assert play.numbers[0, 2] == pytest.approx(646425 / 153789.68, rel=1e-5)
    assert len(explorer.views.path.trail.line.get_xdata()) == 6


@pytest.mark.parametrize("features", FITS)
def test_the_numbers_of_the_first_step_give_its_result(features, explorer):
    """Computed from the printed numbers, the result differs by no more than their rounding."""
    explorer.set(features=features)
    for w, b in [(0.0, 0.0), (1.5, -40.25)]:
        explorer.set(w=w, b=b)
        values = explorer.values
        start = [values["w"], values["b"]]
        for i in range(2):
            size = batch.step_size(values)
            text = batch.first_step(FITS[features], start, size, values["lr"], i)[-1]
            numbers = text.partition("← ")[2].replace("−", "-").replace(",", "")
            old, factor, new = re.fullmatch(rf"(\S+) - {size} · (.+) = (\S+)", numbers).groups()
            product = values["lr"] * float(factor.strip("()"))
            assert float(old) - product == pytest.approx(float(new), abs=0.012)
    assert "(−1,710,604.20) = 34.21" in batch.first_step(FITS["raw"], [0, 0], "2.0e-05", 2e-5, 0)[2]


def test_a_start_on_the_floor_of_the_valley_crosses_nothing():
    explorer = batch.explore(features="centred only", lr=0.004)
    w, b = FITS["centred only"].best
    explorer.set(w=w, b=b - 1000)
    assert "so descent converges. The condition number is 196" in explorer.readout
    explorer.set(lr=0.006, steps=1000)
    assert "even from the floor of the valley, because rounding errors grow." in explorer.readout


@pytest.mark.parametrize("features", FITS)
def test_another_choice_of_features_shows_the_same_line(features, explorer):
    explorer.set(w=30.0, b=-1500.0, steps=0)
    before = heights(explorer, explorer.views.line.first)
    explorer.set(features=features)
    assert heights(explorer, explorer.views.line.first) == pytest.approx(before, abs=12)
    explorer.set(features="raw")
    assert heights(explorer, explorer.views.line.first) == pytest.approx(before, abs=12)
    explorer.set(w=200.0, b=50_000.0)  # outside the places of some of the others
    explorer.set(features=features)


def test_a_page_learns_the_limits_of_a_slider_before_its_value(explorer):
    """It takes what a message names in this order, and would cut the value to the old limits."""
    sent = []
    explorer.controls["lr"].send_state = lambda keys: sent.append(list(keys))
    explorer.set(features="standardised")
    assert sent[0][-1] == "value" and {"min", "max", "step", "readout_format"} < {*sent[0]}


def test_the_start_of_the_centred_line_is_the_exact_mean(explorer):
    explorer.set(features="centred only")
    assert explorer.values["b"] == pytest.approx(-np.mean(batch.MASS), abs=0.005)


def test_scaling_changes_only_the_numbers_at_the_axes(explorer):
    """Where the best line is in the picture, and how the lines of equal loss run there."""
    seen = {}
    for features, fit in FITS.items():
        explorer.set(features=features)
        ax = explorer.views.path.ax
        span = np.ptp([ax.get_xlim(), ax.get_ylim()], axis=1)
        bend = fit.A.T @ fit.A * np.outer(span, span)
        seen[features] = (*ax.transAxes.inverted().transform(ax.transData.transform(fit.best)),
                          *(bend / bend[0, 0]).ravel())  # fmt: skip
    assert seen["raw"] == pytest.approx(seen["scaled only"])
    assert seen["centred only"] == pytest.approx(seen["standardised"])
    assert seen["standardised"][3] == pytest.approx(0, abs=1e-9)  # upright: no mixed term


def test_what_scaling_and_centring_do_apart():
    kappa = {features: fit.kappa for features, fit in FITS.items()}
    assert kappa["raw"] == pytest.approx(8.4e6, rel=2e-3)
    assert kappa["scaled only"] == pytest.approx(4.3e4, rel=1e-2)
    assert kappa["centred only"] == pytest.approx(np.var(batch.FLIPPER))
    assert kappa["centred only"] == pytest.approx(196, rel=1e-3)
    assert kappa["standardised"] == pytest.approx(1)
    dw, db = FITS["raw"].grad([0.0, 0.0])
    assert np.degrees(np.arctan2(db, dw) + np.pi) == pytest.approx(0.28, abs=0.005)


@pytest.mark.parametrize("features", FITS)
def test_every_state_is_described_as_it_is(features):
    """A grid of step sizes, numbers of steps and starts: what is written is what happened."""
    fit = FITS[features]
    explorer = batch.explore(features=features)
    low, high = explorer.controls["lr"].min, explorer.controls["lr"].max
    best = fit.in_grams(fit.best)
    for lr in np.linspace(low, high, 4):
        for steps in (0, 1, 1000):
            for w, b in [(70.0, -9000.0), (best[0] + 1, best[1] - 201.0)]:
                w, b = fit.from_grams(w, b)
                explorer.set(lr=lr, steps=steps, w=w, b=b)
                readout, away = (
                    explorer.readout,
                    np.array(explorer.views.path.trail.line.get_xydata()),
                )
                assert ("No step is taken" in readout) == (steps == 0)
                if steps:
                    assert ("diverges" in readout) == (lr > 2 / fit.L + 1e-12)
                if "remains" in readout and "millionth" not in readout:
                    gone = np.linalg.norm(away - fit.best, axis=1)
                    share = re.search(r"steps?, (?:almost )?([\d.]+) %", readout)[1]
                    assert float(share) / 100 == pytest.approx(gone[-1] / gone[0], abs=6e-3)


WRONG = {
    "return x - x.mean()": "only centred",
    "return x / x.std()": "only scaled and a constant column divides by 0",
    "return (x - x.mean()) / x.std()": "a constant column divides by 0",
    "s = x.std(ddof=1)\n    return (x - x.mean()) / s if s else 0 * x": "n − 1 in the deviation",
    "return (x - x.min()) / np.ptp(x) if np.ptp(x) else 0 * x": "min–max scaling",
    "return (x - x.mean()) / (x.std() + 1e-8)": "a small number in the denominator",
    "x -= x.mean()\n    x /= x.std()\n    return x": "changes its arguments",
    "s = x.std()\n    return (x - x.mean()) / s if s else x": "constant column",
}


def written(body):
    made = {"np": np}
    exec(f"def standardise(x):\n    {body}", made)
    return exercises()["standardise"].check(made["standardise"])


@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_way_to_standardise_is_named(body):
    assert written(body).mistake == WRONG[body]


def test_a_learners_gradient_drives_a_descent_of_its_own():
    def half(w, b, x, y):
        return tuple(g / 2 for g in exercises()["mse_gradient"].reference(w, b, x, y))

    def unwritten(w, b, x, y): ...

    for features in FITS:
        mine = batch.explore(mine=exercises()["mse_gradient"].reference, features=features)
        for lr in batch.STEP_SIZES[features][:2]:
            for steps in (0, 30, 1000):  # at the last step size it diverges
                mine.set(lr=lr, steps=steps)
                assert mine.readout.endswith("Your path, drawn as crosses, is the same.")
    half_as_far = batch.explore(mine=half)
    assert half_as_far.readout.endswith("Your path, drawn as crosses, is different.")
    crosses = half_as_far.views.yours.line.get_xydata()
    path = batch.descend_by(half, FITS["raw"], (0.0, 0.0), half_as_far.values["lr"], 30)
    assert crosses[[0, -1]] == pytest.approx(np.array(path)[[0, -1]])
    drawn = batch.explore(mine=unwritten, steps=0)
    assert drawn.readout.endswith("Your path is not drawn: your function is still to be written.")
    nothing = batch.explore(mine=lambda w, b, x, y: None)
    assert nothing.readout.endswith("Your path is not drawn: the function returned no points.")
    assert len(drawn.views.yours.line.get_xdata()) == 0
    assert "TypeError" in batch.explore(mine=lambda w, b: (0, 0)).readout


@pytest.mark.parametrize("features", FITS)
def test_the_crosses_of_a_slow_path_do_not_merge(features):
    reference = exercises()["mse_gradient"].reference
    mine = batch.explore(mine=reference, features=features, steps=1000)
    crosses = mine.views.yours.line.get_xydata()
    ax = mine.views.yours.ax
    gaps = np.diff(ax.transData.transform(crosses), axis=0)
    assert 2 <= len(crosses) <= 30 and (np.hypot(*gaps.T)[:-1] > 12).all()
    assert crosses[[0, -1]] == pytest.approx(mine.views.path.trail.line.get_xydata()[[0, -1]])
    mine.set(steps=0)
    assert len(mine.views.yours.line.get_xydata()) == 1


def test_a_learners_function_cannot_change_the_penguins():
    def greedy(w, b, x, y):
        x *= 0
        y *= 0
        return 0.0, 0.0

    before = FITS["raw"].A.copy()
    batch.explore(mine=greedy)
    assert np.array_equal(FITS["raw"].A, before)


def test_the_prediction_is_quoted_where_it_was_about():
    question = batch.Prediction(
        batch.crawl_question.question,
        batch.crawl_question.choices,
        batch.crawl_question.answer,
        batch.crawl_question.because,
        batch.crawl_question.about,
    )
    explorer = batch.explore(after=question)
    question.choose("About half.")
    assert "predicted" not in explorer.readout
    explorer.set(**question.about)
    assert explorer.readout.endswith("You predicted: About half.")


def test_a_circle_is_drawn_as_a_circle(explorer):
    explorer.set(features="standardised")
    for room in (900, 560):
        explorer.live.available_width = room
        ax = explorer.views.path.ax
        across, up = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
        assert across == pytest.approx(up, rel=1e-3)
