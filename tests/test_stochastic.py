"""Lesson 06: the noise floor, all runs at once, what the readouts describe; single gradients."""

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import opinions, single_examples, stochastic
from gdlesson.explorers.penguin_line import BEST, LINE, N, X, Y, above_minimum
from gdlesson.explorers.single_examples import LIMIT, noise_floor, one_by_one, shuffled
from gdlesson.problems import LinearRegression


@pytest.fixture
def explorer():
    return stochastic.explore()


def spread_of_one_update(lr):
    """The largest factor by which one update at random multiplies a spread of the runs."""
    _, curvatures = single_examples.noise_at_best()
    return abs(np.linalg.eigvals((1 - 4 * lr) * np.eye(4) + lr**2 * curvatures)).max()


def test_the_line_and_its_loss():
    assert np.abs(BEST - (0.872979, 0)).max() < 1e-6
    w = np.random.default_rng(2).normal(size=(50, 2))
    line = LinearRegression(X, Y)
    assert above_minimum(w) == pytest.approx(line.f(w) - line.f(BEST))


def test_the_noise_floor_is_where_runs_at_random_settle():
    rows = np.random.default_rng(1).integers(0, N, (1000, 2000))
    for lr in (0.02, 0.1, 0.2):
        path = one_by_one(X[rows], Y[rows], BEST, np.full(1000, lr))
        measured = above_minimum(path[300:]).mean()
        assert noise_floor([lr])[0] == pytest.approx(measured, rel=0.02)


def test_the_floor_of_small_steps_is_the_formula_and_there_is_none_above_the_limit():
    C, _ = single_examples.noise_at_best()
    lr = 1e-5
    formula = lr * (C[0] + C[3]) / (2 * (2 - 2 * lr))
    assert noise_floor([lr])[0] == pytest.approx(formula, rel=1e-4)
    assert spread_of_one_update(LIMIT) < 1 < spread_of_one_update(0.3489)
    assert np.isnan(noise_floor([0.35, 0.5])).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_one_run_is_the_exercise_pass_after_pass(seed):
    rows = shuffled(seed)
    assert rows.shape == (999, 20)
    for each in rows.reshape(3, 333, 20):
        assert (np.sort(each, axis=0) == np.arange(333)[:, None]).all()
    assert len({tuple(run) for run in rows.T}) == 20
    path = one_by_one(X[rows], Y[rows], (0.3, -0.2), np.full(999, 0.05))
    for fn in (exercises()["sgd_epoch"].reference, stochastic.sgd_epoch):
        ours = single_examples.epochs(fn, (0.3, -0.2), [0.05] * 3, seed)
        assert path[::333, 0] == pytest.approx(np.array(ours), abs=1e-12)


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({}, "With step size 0.050 the runs come near the best line and do not settle. After 3 "
             "passes the loss of the 20 runs is on average 0.021 above its minimum; for examples "
             "drawn with replacement, the noise floor of step size 0.050 is 0.026. Batch descent, "
             "which takes 3 steps with the same number of gradients, is 0.41 above it."),
        ({"lr": 0.001}, "Step size 0.001 is small: 14 % of the distance to the best line remains"),
        ({"lr": 0.5}, "Step size 0.500 is above 0.349, the stability limit for updates by one "),
        ({"lr": 0.5}, "with the same number of gradients, reaches it."),
        ({"lr": 0.5, "schedule": "1/t"}, "Step size 0.500 begins above 0.349"),
        ({"lr": 0.01, "schedule": "1/t"},
         "falls from 0.010 to 0.0002 too early: 20 % of the distance to the best line remains"),
        ({"schedule": "÷2 each 5"},
         "falls from 0.050 to 6.2e-62 so fast that the runs freeze: 36 % of the distance"),
        ({"schedule": "÷2 each 5", "lr": 0.3}, "the runs freeze before the noise has averaged out"),
        ({"schedule": "1/t"},
         "The step size falls from 0.050 to 0.00098, and the runs settle."),
        ({"schedule": "cosine"}, "replacement, the noise floor of step size 0.050 is 0.026."),
        ({"schedule": "÷10 each pass", "lr": 0.001}, "so fast that the runs freeze: 48 %"),
        ({"order": "as in the file"}, "one species, the Chinstraps, and all 20 runs are "
         "the same. After 3 passes w = 0.84, b = −0.43, and the loss is 0.19 above its minimum."),
        ({"w": 0.87}, "The runs start close to the best line, and the noise drives them away."),
        ({"w": 0.87, "lr": 0.001}, "and the noise drives them away."),
    ],
)  # fmt: skip
def test_the_readout_describes_what_happens(explorer, values, sentence):
    explorer.set(**values)
    assert sentence in explorer.readout


@pytest.mark.parametrize("schedule", stochastic.SCHEDULES)
def test_runs_freeze_only_where_more_updates_bring_nothing(explorer, schedule):
    for lr in stochastic.STEP_SIZES:
        explorer.set(lr=lr, schedule=schedule)
        if "freeze" in explorer.readout:  # ten times as many updates of the last size
            last = explorer.views.sizes.line.get_ydata()[-1]
            assert 1 - (1 - 2 * min(last, 1e-4)) ** 3330 < 0.1
            assert schedule != "1/t" and schedule != "constant"


def test_batch_descent_has_the_schedule_of_the_runs(explorer):
    explorer.set(lr=0.1, schedule="÷10 each pass")
    w, path = np.zeros(2), [np.zeros(2)]
    for lr in (0.1, 0.01, 0.001):
        w = w - lr * LINE.grad(w)
        path.append(w)
    assert explorer.views.cloud.batch.get_xydata() == pytest.approx(np.array(path))


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


@pytest.mark.parametrize("schedule", stochastic.SCHEDULES)
def test_crosses_are_on_the_run_where_a_pass_has_one_step_size(schedule):
    explorer = stochastic.explore(mine=exercises()["sgd_epoch"].reference, schedule=schedule)
    crosses = explorer.views.yours.line.get_xydata()
    on_the_run = np.allclose(crosses, explorer.views.cloud.trail.line.get_xydata()[::333])
    assert on_the_run == (schedule in ("constant", "÷10 each pass"))
    assert on_the_run == explorer.readout.endswith("Your epochs, drawn as crosses, are the same.")
    assert on_the_run or explorer.readout.endswith("they use one step size for a whole pass.")


def test_the_seed_is_greyed_where_it_changes_nothing(explorer):
    assert not explorer.controls["seed"].disabled
    explorer.set(order="as in the file")
    assert explorer.controls["seed"].disabled


def test_wide_and_narrow_and_the_answer_next_to_what_happens():
    question = stochastic.settle_question
    assert question.answer in question.choices
    explorer = stochastic.explore(after=question)
    wide = explorer.live._size
    question.choose(question.choices[0])
    assert explorer.readout.endswith(f"You predicted: {question.choices[0]}")
    explorer.live.available_width = 500
    assert explorer.live._size[0] == 500 and explorer.live._size[1] > wide[1]
    assert explorer.readout.startswith("With step size 0.050 the runs come near the best line")
    question.chosen = None


def test_the_mean_of_all_single_steps_is_the_whole_gradients():
    explorer = stochastic.opinions(count=333)
    cloud = explorer.views.cloud
    tip = cloud.ring.get_xydata()[0]
    np.testing.assert_allclose(cloud.mean.get_xydata()[1], tip, atol=1e-12)
    whole = LINE.grad([-0.5, 0.8])
    np.testing.assert_allclose(tip, [-0.5, 0.8] - opinions.STEP * whole, atol=1e-12)
    assert explorer.readout.endswith("The mean of all 333 is the whole gradient.")
    explorer.set(count=1)
    first = np.random.default_rng(0).permutation(333)[0]
    off = np.linalg.norm(single_examples.single_gradients(-0.5, 0.8)[first] - whole)
    assert explorer.readout.endswith(
        f"The gradient of the first penguin is at a distance of {off:.2f} from the whole gradient."
    )


def test_the_typical_error_is_that_of_many_orders():
    explorer = stochastic.opinions()
    typical = explorer.views.error.typical.get_ydata()
    gradients = single_examples.single_gradients(-0.5, 0.8)
    rng, whole = np.random.default_rng(1), gradients.mean(axis=0)
    for n in (1, 10, 100, 300):
        means = [gradients[rng.permutation(333)[:n]].mean(axis=0) for _ in range(1000)]
        measured = np.sqrt(np.mean(np.sum((means - whole) ** 2, axis=1)))
        assert measured == pytest.approx(typical[n - 1], rel=0.1)


def test_single_gradients_are_dragged_and_brought_to_the_best_line():
    explorer = stochastic.opinions()
    explorer.views.handles[0].moved(5, 0.123)
    assert (explorer.controls["w"].value, explorer.controls["b"].value) == (2.0, 0.12)
    explorer.buttons()["To the best line"]()
    assert (explorer.controls["w"].value, explorer.controls["b"].value) == (0.87, 0.0)
    assert "the whole gradient is almost 0: its length is 0.006." in explorer.readout


@pytest.mark.parametrize("how, settles", [("1/t", "settle"), ("÷2 each 5", "freeze")])
def test_only_a_schedule_that_arrives_settles(how, settles):
    explorer = stochastic.explore(schedule=how, lr=0.3 if how == "1/t" else 0.1)
    assert f"the runs {settles}" in explorer.readout
