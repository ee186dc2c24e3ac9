"""Lesson 06: the noise floor, the stability limit, what the readouts describe; single gradients."""

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import single_examples, single_gradients, stochastic
from gdlesson.explorers.penguin_line import BEST, LINE, N, X, Y, above_minimum
from gdlesson.explorers.single_examples import (
    LIMIT,
    drawn,
    factor_of_batch,
    factor_of_examples,
    noise_floor,
    one_by_one,
    shuffled,
)
from gdlesson.problems import LinearRegression

DRAWN = "drawn with replacement"
FACTOR = "factor of one update"


@pytest.fixture(scope="module")
def made():
    return stochastic.explore()


@pytest.fixture
def explorer(made):
    made.reset()
    return made


def test_the_line_and_its_loss():
    assert np.abs(BEST - (0.872979, 0)).max() < 1e-6
    w = np.random.default_rng(2).normal(size=(50, 2))
    line = LinearRegression(X, Y)
    assert above_minimum(w) == pytest.approx(line.f(w) - line.f(BEST))


def test_the_noise_floor_is_where_runs_at_random_settle():
    rows = np.random.default_rng(1).integers(0, N, (1000, 2000))
    for lr in (0.02, 0.1, 0.2):
        path = one_by_one(X[rows], Y[rows], BEST, lr)
        measured = above_minimum(path[300:]).mean()
        assert noise_floor([lr])[0] == pytest.approx(measured, rel=0.02)


def test_the_noise_floor_of_small_steps_is_the_formula_of_the_lesson():
    sigma2 = (single_examples.single_gradients(*BEST) ** 2).sum(axis=1).mean()
    assert sigma2 == pytest.approx(1.809, abs=5e-4)
    for lr, rel in ((1e-5, 1e-4), (0.01, 0.02)):
        assert noise_floor([lr])[0] == pytest.approx(lr * sigma2 / (2 * (2 - 2 * lr)), rel=rel)
    assert noise_floor([LIMIT - 1e-6])[0] > 1000  # it grows without bound near the limit
    assert np.isnan(noise_floor([LIMIT + 1e-6, 0.5])).all()


def test_the_stability_limits_are_0_349_and_1():
    """By the means of u², uv and v² after one update, from those before it."""

    def factor(lr):
        a, c, d = 1 - 2 * lr * X**2, -2 * lr * X, 1 - 2 * lr + 0 * X
        rows = [[a * a, 2 * a * c, c * c], [a * c, a * d + c * c, c * d], [c * c, 2 * c * d, d * d]]
        return abs(np.linalg.eigvals(np.array(rows).mean(axis=2))).max()

    for lr in (0.01, 0.17, 0.3, 0.349, 0.5, 1.0):
        assert factor_of_examples(lr) == pytest.approx(factor(lr))
    assert abs(LIMIT - 0.34877) < 1e-5
    assert factor(LIMIT) == pytest.approx(1) and factor_of_examples(LIMIT) == pytest.approx(1)
    assert factor_of_examples(LIMIT / 2) < min(
        factor_of_examples(LIMIT / 2 + np.array([-1, 1]) / 99)
    )
    assert factor_of_batch(1.0) == 1 and factor_of_batch(0.5) == 0


def test_the_mean_square_distance_grows_by_the_factor():
    """All lines have the best one's residuals: only the noise that grows with the distance."""
    rows = np.random.default_rng(0).integers(0, N, (6, 200_000))
    fits = X[rows] * BEST[0] + BEST[1]
    for lr in (0.1, 0.4):
        square = above_minimum(one_by_one(X[rows], fits, BEST + 1.0, lr)).mean(axis=1)
        assert square[-1] / square[-2] == pytest.approx(factor_of_examples(lr), rel=0.05)


def test_with_one_weight_the_limit_is_one_over_the_mean_of_the_fourth_power():
    x, rng = X[:, None], np.random.default_rng(3)
    for lr, grows in ((0.47, False), (0.51, True)):
        square = np.mean((1 - 2 * lr * x**2) ** 2)
        assert square == pytest.approx(1 - 4 * lr * (1 - lr * np.mean(X**4)))
        assert (square > 1) == grows
        one_update = 1 - 2 * lr * rng.choice(X, 400_000) ** 2
        assert np.mean(one_update**2) == pytest.approx(square, rel=0.02)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_one_run_is_the_exercise_pass_after_pass(seed):
    rows = shuffled(seed)
    assert rows.shape == drawn(seed).shape == (999, 20)
    for each in rows.reshape(3, 333, 20):
        assert (np.sort(each, axis=0) == np.arange(333)[:, None]).all()
    assert len({tuple(run) for run in rows.T}) == 20
    seen = np.mean([len(np.unique(run)) for run in drawn(seed)[:333].T]) / 333
    assert seen == pytest.approx(1 - (1 - 1 / 333) ** 333, abs=0.02)
    path = one_by_one(X[rows], Y[rows], (0.3, -0.2), 0.05)
    for fn in (exercises()["sgd_epoch"].reference, stochastic.sgd_epoch):
        ours = single_examples.epochs(fn, (0.3, -0.2), 0.05, seed)
        assert path[::333, 0] == pytest.approx(np.array(ours), abs=1e-12)


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({}, "With step size 0.050 the runs come near the best line and then move about. After "
             "3 passes the loss of the 20 runs is on average 0.021 above its minimum; for examples "
             "drawn with replacement, the noise floor of this step size is 0.026. Batch descent, "
             "which takes 3 steps with the same number of gradients, is 0.41 above the minimum."),
        ({"lr": 0.02}, "is on average 0.0095 above its minimum"),
        ({"lr": 0.03}, "is on average 0.013 above its minimum"),
        ({"lr": 0.001}, "Step size 0.001 is small: 14 % of the distance to the best line remains"),
        ({"lr": 0.3}, "With step size 0.300 the runs jump about widely around the best line."),
        ({"lr": 0.5}, "Step size 0.500 is above 0.349, the stability limit for examples drawn with "
             "replacement (these are shuffled). After 3 passes the median of the 20 losses is "
             "77 above the minimum (half of the runs are higher), their mean 1.5e+08; the highest "
             "on the way was 4.8e+10."),
        ({"lr": 0.5}, "with the same number of gradients, reaches the minimum."),
        ({"lr": 0.4, "order": DRAWN}, "is above 0.349, the stability limit for examples drawn with "
             "replacement: the mean over all possible runs grows without bound. After 3 passes "
             "the median of the 20 losses is 0.83 above the minimum (half of the runs are higher), "
             "their mean 27; the highest on the way was 9.5e+04."),
        ({"lr": 0.5, "order": DRAWN}, "the median of the 20 losses is 50 above the minimum (half "
             "of the runs are higher), their mean 2.6e+16;"),
        ({"lr": 0.6, "order": DRAWN}, "the median of the 20 losses is 6.6e+95 above the minimum"),
        ({"lr": 0.4, "right": FACTOR}, "An update with an example drawn with replacement "
             "multiplies the mean square distance by 1.235 in the long run, a step of batch "
             "descent by 0.040. After 3 passes the median of the 20 losses is 1.5 above the "
             "minimum (half of the runs are higher), their mean 4.3; the highest on the way was "
             "2.7e+05."),
        ({"lr": 0.17, "right": FACTOR}, "around the best line. An update with an example drawn "
             "with replacement multiplies the mean square distance by 0.651 in the long run, a "
             "step of batch descent by 0.436."),
        ({"lr": 1.1}, "is above both stability limits, 0.349 for examples drawn with "
             "replacement and 1 for batch descent."),
        ({"lr": 1.1}, "is more than 1e+98 above the minimum (half of the runs are higher), their "
             "mean more than 1e+98;"),
        ({"order": DRAWN}, "above its minimum; the noise floor of this step size is 0.026."),
        ({"order": "as in the file"}, "one species, the Chinstraps, and all 20 runs are "
         "the same. After 3 passes w = 0.84, b = −0.43, and the loss is 0.19 above its minimum."),
        ({"w": 0.87}, "the runs start close to the best line, and the noise drives them away."),
        ({"w": 0.87, "lr": 0.001}, "and the noise drives them away."),
    ],
)  # fmt: skip
def test_the_readout_describes_what_happens(explorer, values, sentence):
    explorer.set(**values)
    assert sentence in explorer.readout


def test_the_readout_is_true_at_every_step_size(explorer):
    for order in stochastic.ORDERS:
        for lr in stochastic.STEP_SIZES:
            explorer.set(lr=lr, order=order)
            mean = explorer.views.loss.mean.get_ydata()
            text = explorer.readout
            assert ("stability limit" in text) == (lr > LIMIT and order != "as in the file")
            if "come near" in text:
                assert mean[-300:].mean() < 0.15 < mean[0]
            if "jump about widely" in text:
                assert 0.08 < np.median(mean[-300:]) < 20
            if order == DRAWN and lr <= 0.1 and "then move about" in text:
                assert mean[-50:].mean() == pytest.approx(noise_floor([lr])[0], rel=0.6)
            assert "nan" not in text and "inf" not in text


def test_the_mean_loss_ends_below_0_01_with_step_sizes_from_0_002_to_0_02(explorer):
    for lr in stochastic.STEP_SIZES:
        explorer.set(lr=lr)
        below = explorer.views.loss.mean.get_ydata()[-1] < 0.01
        assert below == (0.002 <= lr <= 0.02), lr


def test_most_runs_at_one_half_end_higher_than_they_began():
    """The answer to the prediction, with other seeds too."""
    question = stochastic.limit_question
    assert question.answer == "Most of them far away, with losses above that of the start."
    for seed in range(5):
        rows = shuffled(seed)
        above = above_minimum(one_by_one(X[rows], Y[rows], (0, 0), 0.5))
        assert (above[-1] > above[0]).sum() >= 15
    x, residual = 2.0, 1.0  # why: one update of a penguin with x = 2, from w = b = 0
    assert residual - 0.5 * 2 * residual * (x**2 + 1) == -4


def test_at_0_4_most_runs_come_back(explorer):
    explorer.set(lr=0.4)
    ends = above_minimum(explorer.views.cloud.ends.get_xydata())
    assert len(ends) == 20 and np.sum(ends < 10) >= 15


def test_drawn_at_0_4_most_runs_end_in_the_picture_after_high_leaps(explorer):
    explorer.set(lr=0.4, order=DRAWN)
    assert "the highest on the way was 9.5e+04." in explorer.readout
    cloud = explorer.views.cloud
    (w, b), (left, right), (low, high) = (
        cloud.ends.get_xydata().T,
        cloud.ax.get_xlim(),
        cloud.ax.get_ylim(),
    )
    assert ((left < w) & (w < right) & (low < b) & (b < high)).sum() >= 11


def test_for_w_alone_a_shuffled_pass_has_a_higher_limit():
    assert 1 / np.mean(X**4) < 0.5  # the limit of examples drawn with replacement
    assert abs(np.prod(1 - 2 * 0.5 * X**2)) == pytest.approx(1e-122, rel=0.3)


def test_batch_descent_has_the_step_size_of_the_runs(explorer):
    explorer.set(lr=0.1)
    w, path = np.zeros(2), [np.zeros(2)]
    for _ in range(3):
        w = w - 0.1 * LINE.grad(w)
        path.append(w)
    assert explorer.views.cloud.batch.get_xydata() == pytest.approx(np.array(path))


def test_the_right_picture_is_the_loss_or_the_factor(explorer):
    assert explorer.views.factors is None
    floor = explorer.views.loss.floor.get_ydata()
    assert floor == pytest.approx(noise_floor([0.05])[0])
    explorer.set(right=FACTOR, lr=0.3)
    assert explorer.views.loss is None
    marked = explorer.views.factors
    assert marked.one.get_xydata() == pytest.approx(np.array([[0.3, factor_of_examples(0.3)]]))
    assert marked.all.get_xydata() == pytest.approx(np.array([[0.3, 0.16]]))


def test_seed_drag_and_reset(explorer):
    first = explorer.readout, explorer.live._points
    explorer.set(seed=1)
    assert explorer.live._points != first[1]
    explorer.reset()
    assert (explorer.readout, explorer.live._points) == first
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] + 40, "y": handle["y"] - 30, "move": 1}
    assert explorer.controls["w"].value > 0 and explorer.controls["b"].value > 0
    start = [explorer.values["w"], explorer.values["b"]]
    for line in (explorer.views.cloud.trail.line, explorer.views.cloud.batch):
        assert line.get_xydata()[0] == pytest.approx(start)
    assert explorer.shown.step_numbers.shape == (1000, 3)
    assert explorer.shown.step_numbers[0, :2] == pytest.approx(start)


def backwards(w, b, x, y, lr, rng):
    for i in rng.permutation(len(x))[::-1]:
        r = w * x[i] + b - y[i]
        w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
    return w, b


@pytest.mark.parametrize("order", stochastic.ORDERS)
def test_the_learners_epochs_are_drawn(order):
    explorer = stochastic.explore(mine=exercises()["sgd_epoch"].reference, order=order)
    assert "Your epochs, drawn as crosses, are the same" in explorer.readout
    assert not explorer.controls["seed"].disabled
    crosses = explorer.views.yours.line.get_xydata()
    assert crosses.shape == (4, 2)
    on_the_run = np.allclose(crosses, explorer.views.cloud.trail.line.get_xydata()[::333])
    assert on_the_run == (order == "shuffled")
    assert on_the_run != ("not on the path of the run" in explorer.readout)
    assert on_the_run or explorer.readout.endswith("because they shuffle the examples.")
    explorer = stochastic.explore(mine=backwards, order=order)
    assert explorer.readout.endswith("They may use another order of the examples, or another rule.")
    explorer = stochastic.explore(mine=lambda w, b, x, y, lr, rng: None)
    assert "Your epochs are not drawn: the function returned no points" in explorer.readout
    assert len(explorer.views.yours.line.get_xdata()) == 0


@pytest.mark.parametrize("lr", [0.5, 1.1])
def test_a_learners_epochs_may_diverge_too(lr):
    explorer = stochastic.explore(mine=exercises()["sgd_epoch"].reference, lr=lr)
    assert explorer.readout.endswith("Your epochs, drawn as crosses, are the same.")


def test_the_seed_is_greyed_where_it_changes_nothing(explorer):
    assert not explorer.controls["seed"].disabled
    explorer.set(order=DRAWN)
    assert not explorer.controls["seed"].disabled
    explorer.set(order="as in the file")
    assert explorer.controls["seed"].disabled


def test_wide_and_narrow_and_the_answer_next_to_what_happens():
    question = stochastic.limit_question
    assert question.answer in question.choices
    explorer = stochastic.explore(after=question)
    wide = explorer.live._size
    question.choose(question.choices[0])
    explorer.set(lr=0.5)
    assert explorer.readout.endswith(f"You predicted: {question.choices[0]}")
    explorer.live.available_width = 500
    assert explorer.live._size[0] == 500 and explorer.live._size[1] > wide[1]
    assert explorer.readout.startswith("Step size 0.500 is above 0.349")
    question.chosen = None


def test_the_mean_of_all_single_steps_is_the_whole_gradients():
    explorer = single_gradients.explore(count=333)
    cloud = explorer.views.cloud
    tip = cloud.ring.get_xydata()[0]
    np.testing.assert_allclose(cloud.mean.get_xydata()[1], tip, atol=1e-12)
    whole = LINE.grad([-0.5, 0.8])
    np.testing.assert_allclose(tip, [-0.5, 0.8] - single_gradients.STEP * whole, atol=1e-12)
    assert explorer.readout.endswith("The mean of all 333 is the whole gradient.")
    explorer.set(count=1)
    first = np.random.default_rng(0).permutation(333)[0]
    off = np.linalg.norm(single_examples.single_gradients(-0.5, 0.8)[first] - whole)
    assert explorer.readout.endswith(
        f"The gradient of the first penguin is at a distance of {off:.2f} from the whole gradient."
    )


def test_the_typical_error_is_that_of_many_orders():
    explorer = single_gradients.explore()
    typical = explorer.views.error.typical.get_ydata()
    gradients = single_examples.single_gradients(-0.5, 0.8)
    rng, whole = np.random.default_rng(1), gradients.mean(axis=0)
    for n in (1, 10, 100, 300):
        means = [gradients[rng.permutation(333)[:n]].mean(axis=0) for _ in range(1000)]
        measured = np.sqrt(np.mean(np.sum((means - whole) ** 2, axis=1)))
        assert measured == pytest.approx(typical[n - 1], rel=0.1)


def test_single_gradients_are_dragged_and_brought_to_the_best_line():
    explorer = single_gradients.explore()
    explorer.views.handles[0].moved(5, 0.123)
    assert (explorer.controls["w"].value, explorer.controls["b"].value) == (2.0, 0.12)
    explorer.buttons()["To the best line"]()
    assert (explorer.controls["w"].value, explorer.controls["b"].value) == (0.87, 0.0)
    assert "the whole gradient is almost 0: its length is 0.006." in explorer.readout
