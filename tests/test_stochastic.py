"""Lesson 06's room: the noise floor, the runs all at once, and what the readout says of them."""

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import stochastic
from gdlesson.problems import LinearRegression


@pytest.fixture
def explorer():
    return stochastic.explore()


def spread_of_one_update(lr):
    """The largest factor by which one update at random multiplies a spread of the runs."""
    _, spread = stochastic._noise()
    return abs(np.linalg.eigvals((1 - 4 * lr) * np.eye(4) + lr**2 * spread)).max()


def test_the_line_and_its_loss():
    assert np.abs(stochastic.BEST - (0.872979, 0)).max() < 1e-6
    w = np.random.default_rng(2).normal(size=(50, 2))
    line = LinearRegression(stochastic.X, stochastic.Y)
    assert stochastic.above_best(w) == pytest.approx(line.f(w) - line.f(stochastic.BEST))


def test_the_noise_floor_is_where_runs_at_random_settle():
    rows = np.random.default_rng(1).integers(0, stochastic.N, (1000, 2000))
    for lr in (0.02, 0.1, 0.2):
        x, y = stochastic.X[rows], stochastic.Y[rows]
        path = stochastic.one_by_one(x, y, stochastic.BEST, np.full(1000, lr))
        measured = stochastic.above_best(path[300:]).mean()
        assert stochastic.noise_floor([lr])[0] == pytest.approx(measured, rel=0.02)


def test_the_floor_of_small_steps_is_the_formula_and_there_is_none_above_the_border():
    C, _ = stochastic._noise()
    lr = 1e-5
    formula = lr * (C[0] + C[3]) / (2 * (2 - 2 * lr))
    assert stochastic.noise_floor([lr])[0] == pytest.approx(formula, rel=1e-4)
    assert spread_of_one_update(stochastic.BORDER) < 1 < spread_of_one_update(0.3489)
    assert np.isnan(stochastic.noise_floor([0.35, 0.5])).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_one_run_is_the_exercise_pass_after_pass(seed):
    rows = stochastic.orders(seed)
    assert rows.shape == (999, 20)
    for each in rows.reshape(3, 333, 20):
        assert (np.sort(each, axis=0) == np.arange(333)[:, None]).all()
    assert len({tuple(run) for run in rows.T}) == 20
    x, y = stochastic.X, stochastic.Y
    path = stochastic.one_by_one(x[rows], y[rows], (0.3, -0.2), np.full(999, 0.05))
    ours = stochastic.epochs(exercises()["sgd_epoch"].reference, (0.3, -0.2), [0.05] * 3, seed)
    assert path[::333, 0] == pytest.approx(np.array(ours), abs=1e-12)


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({}, "Step size 0.05: does not settle. After 3 passes the 20 runs are on average 0.021"),
        ({}, "its noise floor is 0.026. Batch descent, 3 steps in the same time, is 0.41 above"),
        ({"lr": 0.001}, "Step size 0.001: crawls, 14 % of the way is left."),
        ({"lr": 0.5}, "Step size 0.5 is above 0.349, where the noise grows"),
        ({"lr": 0.5, "schedule": "1/t"}, "Step size 0.5 begins above 0.349"),
        ({"lr": 0.01, "schedule": "1/t"}, "the runs freeze with 20 % of the way left."),
        ({"schedule": "÷2 each 5"}, "too fast, the runs freeze with 36"),
        ({"schedule": "1/t"}, "Step size 0.05 falling to 9.8e-4: settles."),
        ({"schedule": "cosine"}, "the step size 0.05 kept constant has a floor of 0.026."),
        ({"order": "as in the file"}, "the Chinstraps, and all 20 runs are one. After 3 passes"),
        ({"order": "as in the file"}, "w = 0.84, b = −0.43, 0.19 above the best loss."),
    ],
)
def test_the_readout_says_what_happens(explorer, values, sentence):
    explorer.set(**values)
    assert sentence in explorer.readout


def test_seed_drag_and_reset(explorer):
    first = explorer.readout, explorer.live._points
    explorer.set(seed=1)
    assert explorer.live._points != first[1]
    explorer.reset()
    assert (explorer.readout, explorer.live._points) == first
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] + 40, "y": handle["y"] - 30, "move": 1}
    assert explorer.controls["w"].value > 0 and explorer.controls["b"].value > 0
    assert explorer.runs[0, 0] == pytest.approx([explorer.values["w"], explorer.values["b"]])
    assert len(explorer.each_step()[1]) == 1000


@pytest.mark.parametrize("order", stochastic.ORDERS)
def test_the_learners_epochs_are_drawn(order):
    mine = stochastic.explore(mine=exercises()["sgd_epoch"].reference, order=order)
    assert mine.readout.endswith("Your epochs, the crosses, are the same.")
    assert mine.mine.line.get_xydata().shape == (4, 2)

    def backwards(w, b, x, y, lr, rng):
        for i in rng.permutation(len(x))[::-1]:
            r = w * x[i] + b - y[i]
            w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
        return w, b

    mine = stochastic.explore(mine=backwards, order=order)
    assert mine.readout.endswith("come from another order, or another rule.")
    mine = stochastic.explore(mine=lambda w, b, x, y, lr, rng: None)
    assert "Your epochs are not drawn: nothing came back" in mine.readout
    assert len(mine.mine.line.get_xdata()) == 0


def test_wide_and_narrow_and_the_answer_beside_what_happens():
    question = stochastic.settle_question
    assert question.answer in question.choices
    explorer = stochastic.explore()
    explorer.live.room = 500
    assert explorer.narrow and explorer.readout.startswith("Step size 0.05: does not settle.")


def test_the_mean_of_all_single_steps_is_the_whole_gradients():
    explorer = stochastic.opinions(heard=333)
    cloud = explorer.cloud
    tip = cloud.ring.get_xydata()[0]
    np.testing.assert_allclose(cloud.mean.get_xydata()[1], tip, atol=1e-12)
    whole = stochastic.LINE.grad([-0.5, 0.8])
    np.testing.assert_allclose(tip, [-0.5, 0.8] - stochastic.CLOUD * whole, atol=1e-12)
    assert explorer.readout.endswith("The mean of all 333 is the whole gradient.")
    explorer.set(heard=1)
    first = np.random.default_rng(0).permutation(333)[0]
    off = np.linalg.norm(stochastic.single_gradients(-0.5, 0.8)[first] - whole)
    assert f"The first penguin heard is {off:.2f} off." in explorer.readout


def test_the_typical_distance_is_that_of_many_orders():
    explorer = stochastic.opinions()
    typical = explorer.typical.get_ydata()
    gradients = stochastic.single_gradients(-0.5, 0.8)
    rng, whole = np.random.default_rng(1), gradients.mean(axis=0)
    for n in (1, 10, 100, 300):
        means = [gradients[rng.permutation(333)[:n]].mean(axis=0) for _ in range(1000)]
        measured = np.sqrt(np.mean(np.sum((means - whole) ** 2, axis=1)))
        assert measured == pytest.approx(typical[n - 1], rel=0.1)


def test_opinions_are_dragged_and_brought_to_the_best_line():
    explorer = stochastic.opinions()
    explorer.drag(5, 0.123)
    assert (explorer.controls["w"].value, explorer.controls["b"].value) == (2.0, 0.12)
    explorer.buttons()["To the best line"]()
    assert "the whole gradient is almost 0" in explorer.readout


@pytest.mark.parametrize("how, settles", [("1/t", "settles"), ("÷2 each 5", "freeze")])
def test_only_a_schedule_that_arrives_is_said_to_settle(how, settles):
    explorer = stochastic.explore(schedule=how, lr=0.3 if how == "1/t" else 0.1)
    assert settles in explorer.readout
