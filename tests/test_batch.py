"""Lesson 05's room: a line through the penguins, its place on the loss, and a chord."""

import warnings

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import batch


@pytest.fixture
def explorer():
    return batch.explore()


def drag(explorer, handle, across, up):
    place = explorer.live._handles[handle]
    explorer.live._drag = {
        "handle": handle, "x": place["x"] + across, "y": place["y"] - up, "move": 1
    }  # fmt: skip


def heights(explorer, line):
    """What a line of the data view says at the places of the two ends that can be taken."""
    (x0, x1), (y0, y1) = line.get_data()
    return [y0 + (y1 - y0) * (x - x0) / (x1 - x0) for x in batch.GRIPS]


def test_the_numbers_of_the_lesson():
    raw, scaled = batch.FITS["raw"], batch.FITS["standardised"]
    assert raw.best == pytest.approx([50.153266, -5872.0927], rel=1e-7)
    assert raw.best_loss == pytest.approx(153789.68, abs=0.01)
    assert scaled.best_loss == pytest.approx(raw.best_loss)
    assert 2 / raw.steepest == pytest.approx(2.46e-5, rel=2e-3)
    assert scaled.best == pytest.approx([0.872979, 0], abs=1e-6)
    assert scaled.curvatures() == pytest.approx([2, 2])
    assert scaled.in_grams(scaled.best) == pytest.approx(raw.best)
    assert scaled.in_grams(scaled.from_grams(30.0, 12.0)) == pytest.approx([30, 12])
    path = descend(raw, GradientDescent(2.4e-5), steps=1000)
    assert path.last == pytest.approx([21.08, -1.256], abs=1e-2)
    assert -path.last[1] / 5872 < 1e-3 and batch.crawl_question.answer.endswith("a thousandth.")


@pytest.mark.parametrize(
    "values, sentences",
    [
        ({}, ["2.0e-5 is below 2/L = 2.46e-5: overshoots across the valley and crawls along it."]),
        ({"lr": 1e-6}, ["Step size 1.0e-6 is below 2/L = 2.46e-5: crawls. More than 99.99 %"]),
        (
            {"lr": 2.4e-5, "steps": 1000},
            ["99.98 % of the way to the best (w, b) is left.", "adds 21.1 g, b is −1.3 g"],
        ),
        (
            {"lr": 2.5e-5},
            ["above 2/L = 2.46e-5: diverges. The loss grew from 18,345,755 to 101,850,406 in 30"],
        ),
        (
            {"steps": 0},
            ["No step taken: each mm of flipper adds 0.0 g, b is 0.0 g; loss 18,345,755, the best"],
        ),
        (
            {"features": "standardised", "lr": 0.5, "steps": 1},
            [
                "Step size 0.50 is below 2/L = 1.00: landed after 1 step. After 1 step each mm of "
                "flipper adds 50.2 g, b is −5872.1 g; loss 153,790, the best possible."
            ],
        ),
        ({"features": "standardised", "lr": 0.1}, ["153,790, the best possible to six digits."]),
        ({"features": "standardised", "lr": 0.9, "steps": 3}, ["overshoots and comes home. 51.20"]),
        (
            {"features": "standardised", "lr": 1.0},
            ["is 2/L = 1.00: jumps across the bowl and back"],
        ),
        ({"features": "standardised", "lr": 1.25, "steps": 200}, ["diverges. The loss grew from"]),
        (
            {"lr": 2.5e-5, "steps": 1, "w": 20.93423, "b": 0.0},
            ["diverges. 1 step barely show", "the best possible is 153,790."],
        ),
    ],
)
def test_the_readout_says_what_happens(values, sentences):
    readout = batch.explore(**values).readout
    for sentence in sentences:
        assert sentence in readout


def test_the_best_line_stays_and_is_the_closed_form(explorer):
    for features in batch.FITS:
        explorer.set(features=features)
        explorer.buttons()["Best line"]()
        assert explorer.readout.startswith("The start is the best line: each mm of flipper adds 50")
        assert explorer.grams[-1] == pytest.approx(batch.FITS["raw"].best)
    explorer.reset()
    assert explorer.values == batch.explore().values


@pytest.mark.parametrize("features", batch.FITS)
def test_dragging_the_ball_moves_the_line(features):
    explorer = batch.explore(features=features, steps=0)
    before = heights(explorer, explorer.line.first)
    drag(explorer, 0, 0, 20)  # up, in b: the line is lifted
    lifted = heights(explorer, explorer.line.first)
    assert lifted[0] - before[0] == pytest.approx(lifted[1] - before[1])
    assert lifted[0] > before[0] + 50
    drag(explorer, 0, 20, 0)  # to the right, in w: the line is turned
    turned = heights(explorer, explorer.line.first)
    assert turned[1] - turned[0] > lifted[1] - lifted[0] + 50
    assert explorer.grams[0] == pytest.approx(explorer.fit.in_grams(explorer.path.start))


@pytest.mark.parametrize("features", batch.FITS)
@pytest.mark.parametrize("end", [0, 1])
def test_dragging_an_end_of_the_line_moves_the_ball_and_not_the_other_end(features, end):
    explorer = batch.explore(features=features, steps=0)
    before, ball = heights(explorer, explorer.line.first), explorer.live._handles[0]
    drag(explorer, 1 + end, 0, 30)
    after = heights(explorer, explorer.line.first)
    assert after[end] > before[end] + 100
    assert after[1 - end] == pytest.approx(before[1 - end], abs=1)
    moved = explorer.live._handles[0]
    assert (moved["x"] < ball["x"]) == (end == 0)
    assert (moved["y"] < ball["y"]) == (end == 0 or features == "standardised")
    grip = explorer.live._handles[1 + end]
    assert explorer.line.grips[end].get_ydata()[0] == pytest.approx(after[end], abs=1)
    assert grip["along"] == "y"


def test_a_line_outside_the_picture_can_still_be_taken(explorer):
    explorer.set(w=80.0, b=5000.0, steps=0)
    low, high = explorer.line.ax.get_ylim()
    assert [grip.get_ydata()[0] for grip in explorer.line.grips] == [high, high]
    drag(explorer, 1, 0, -60)
    left, right = heights(explorer, explorer.line.first)
    assert low < left < high and right == pytest.approx(high)


def test_both_views_play_the_same_steps(explorer):
    explorer.set(features="standardised", lr=0.1, steps=5)
    play = explorer.live.play
    assert play.steps == 5
    x0, x1 = explorer.line.ends
    lines = play.keyframes[explorer.line.line]
    slopes = (lines[:, 1, 1] - lines[:, 0, 1]) / (x1 - x0)
    assert slopes == pytest.approx(explorer.fit.in_grams(explorer.path.w)[:, 0])
    assert play.numbers[-1, :2] == pytest.approx(explorer.grams[-1])
    assert play.numbers[0, 2] == pytest.approx(646425 / 153789.68, rel=1e-5)
    assert len(explorer.landscape.trail.line.get_xdata()) == 6


def test_a_learners_gradient_drives_a_descent_of_its_own():
    def half(w, b, x, y):
        return tuple(g / 2 for g in exercises()["mse_gradient"].reference(w, b, x, y))

    def unwritten(w, b, x, y): ...

    for features in batch.FITS:
        for lr in (*batch.STEP_SIZES[features][:2],):
            for steps in (0, 30, 1000):  # at the last step size it diverges
                mine = batch.explore(
                    mine=exercises()["mse_gradient"].reference,
                    features=features,
                    lr=lr,
                    steps=steps,
                )
                assert mine.readout.endswith("Your path, the crosses, is the same.")
    assert batch.explore(mine=half).readout.endswith("goes another way.")
    drawn = batch.explore(mine=unwritten, steps=0)
    assert "nothing came back" in drawn.readout and len(drawn.mine.line.get_xdata()) == 0
    assert "TypeError" in batch.explore(mine=lambda w, b: (0, 0)).readout


def test_a_learners_function_cannot_change_the_penguins():
    def greedy(w, b, x, y):
        x *= 0
        y *= 0
        return 0.0, 0.0

    before = batch.FITS["raw"].A.copy()
    batch.explore(mine=greedy)
    assert np.array_equal(batch.FITS["raw"].A, before)


def test_the_prediction_is_said_where_it_was_about():
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
        explorer.live.room = room
        ax = explorer.landscape.ax
        across, up = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
        assert across == pytest.approx(up, rel=1e-3)


@pytest.mark.parametrize("loss", batch.CURVES)
def test_a_chord_lies_above_a_convex_curve_and_not_above_a_wavy_one(loss):
    chord = batch.chord(loss=loss)
    rng = np.random.default_rng(5)
    below = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(40):
            low, high = chord.controls["left"].min, chord.controls["left"].max
            chord.set(left=rng.uniform(low, high), right=rng.uniform(low, high))
            a, b = chord.controls["left"].value, chord.controls["right"].value
            t = np.linspace(0, 1, 201)[:, None]
            at = batch.CURVES[loss].f(np.array([[a], [b]]))
            over = at[0] + t[:, 0] * (at[1] - at[0]) - batch.CURVES[loss].f(a + t * (b - a))
            if abs(a - b) >= 0.005:
                assert ("below" in chord.readout) == (over.min() < -1e-12)
            below += "below" in chord.readout
            assert np.isfinite(np.frombuffer(chord.live._points, np.float32)).all()
    assert (below > 0) == (loss == "wavy")
    chord.set(left=1.0, right=1.0)
    assert chord.readout.startswith("The two points are one")


def test_a_chord_is_dragged_by_its_ends():
    chord = batch.chord()
    assert "by up to 1.56" in chord.readout  # (2.5 / 2)²: the middle of a chord of w²
    drag(chord, 1, -40, 100)
    assert chord.controls["right"].value < 2.0 and chord.controls["left"].value == -0.5
    chord.set(loss="wavy")
    assert "below the curve by up to 2.00" in chord.readout
    chord.reset()
    assert chord.values == batch.chord().values
