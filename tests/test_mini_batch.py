"""Lesson 07: three descents with equal budgets, a learner's batches, and when to stop."""

import numpy as np
import pytest

from gdlesson import GradientDescent, LinearRegression, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import mini_batch, stopping
from gdlesson.explorers import mini_batch_numerics as numerics
from gdlesson.explorers.penguin_line import BEST, FLIPPER, LINE, MASS, N, X, Y, above_minimum


@pytest.fixture
def explorer():
    return mini_batch.explore()


@pytest.fixture
def runs(explorer, monkeypatch):
    """For batch, mini-batch and stochastic descent, at the end: updates, and loss above minimum."""
    seen, describe = [], mini_batch.describe

    def noted(values, runs):
        seen[:] = [int(run.done[-1]) for run in runs], [run.heights[-1] for run in runs]
        return describe(values, runs)

    monkeypatch.setattr(mini_batch, "describe", noted)
    return seen


@pytest.mark.parametrize("size", numerics.SIZES)
def test_the_paths_are_those_of_descend_with_batches(size):
    updates = 2 * numerics.updates_an_epoch(size) + 1  # into a third epoch
    parts = numerics.moments(size, 3, False, updates)
    path = numerics.descend_by_moments(parts, 0.1, -0.3, 1.0)
    batches = LINE.batches(size, rng=3)
    expected = descend(LINE, GradientDescent(0.1), [-0.3, 1.0], updates, batches=batches)
    assert path == pytest.approx(expected.w, rel=1e-9, abs=1e-12)
    assert above_minimum(path) == pytest.approx(expected.loss - LINE.f(BEST), abs=1e-12)


def test_sorted_rows_come_in_order_every_epoch():
    parts = numerics.moments(32, 0, True, 22)
    assert (parts[:11] == parts[11:]).all()
    assert (np.diff(parts[:11, 1]) > 0).all()  # the mean flipper of each batch


@pytest.mark.parametrize(
    "size, epoch",
    [
        (1, "333 updates, each with one example: this is stochastic descent."),
        (2, "167 updates, the last with 1 example."),
        (32, "11 updates, the last with 13 examples."),
        (128, "3 updates, the last with 77 examples."),
        (N, "1 update, with all examples: this is batch descent."),
    ],
)
def test_the_readout_says_what_an_epoch_is(explorer, size, epoch):
    explorer.set(size=size)
    assert explorer.readout.startswith(f"With batch size {size} an epoch has {epoch} After 1,665 ")


def test_as_many_examples_for_all(explorer, runs):
    assert explorer.readout.endswith(
        "After 1,665 examples at step size 0.050 the loss is above its minimum by 0.83 with batch "
        "descent (5 updates), 6.5e-05 with mini-batches (55 updates) and 0.007 with stochastic "
        "descent (1,665 updates)."
    )
    for seed in range(20):  # the answer to the prediction does not depend on the seed
        explorer.set(seed=19 - seed)
        updates, (batch, mini, stochastic) = runs
        assert updates == [5, 55, 1665]
        assert mini < stochastic < batch


def test_at_another_step_size_batch_descent_arrives_in_one_update():
    assert "at 0.5, batch descent arrives in one update." in mini_batch.same_work_question.because
    once = descend(LINE, GradientDescent(0.5), [-0.3, 1.0], steps=1).last
    assert once == pytest.approx(BEST, abs=1e-9)


def test_as_many_updates_for_all(explorer, runs):
    explorer.set(axis="updates")
    assert "After 60 updates" in explorer.readout
    assert "(19,980 examples)" in explorer.readout and "(60 examples)" in explorer.readout
    assert runs[0] == [60, 60, 60]
    assert numerics.examples_after(32, 60) == 5 * N + 5 * 32
    assert explorer.shown.step_text.startswith("After {step} updates the loss is above its ")


def test_as_much_time_for_all_as_an_update_costs(explorer, runs, monkeypatch):
    def cost(size):
        return 1e-5 * (1 + size / N)

    monkeypatch.setattr(numerics, "cost", cost)
    explorer.set(axis="seconds", size=N)
    assert runs[0][::2] == [int(1665 * cost(1) / cost(N) + 1e-9), 1665]
    assert explorer.views.losses.ax.get_xlim()[1] == pytest.approx(1.03e3 * 1665 * cost(1))
    assert "After the same time, measured on this machine, at step" in explorer.readout
    assert explorer.shown.step_text.startswith("After {0} ms the loss")
    assert explorer.shown.step_numbers[[0, -1], 0] == pytest.approx([0, 1e3 * 1665 * cost(1)])


def test_an_update_is_measured():
    assert 0 < mini_batch.cost(1) < 1 and mini_batch.cost(N) < 33 * mini_batch.cost(1)


def test_a_step_too_long_for_one_example_is_named(explorer):
    explorer.set(lr=0.5, order="sorted")
    assert "more than a million with stochastic descent" in explorer.readout
    assert "less than 1e-09 with batch descent" in explorer.readout  # 1/L lands
    assert "Every epoch has the same order, from short flippers to long ones." in explorer.readout
    assert explorer.controls["seed"].disabled  # it changes nothing


def test_frames_hold_every_update_once():
    shown = numerics.framed(np.array([0, 2, 2, 5]))
    assert shown.tolist() == [[0, 0, 0], [1, 2, 2], [2, 2, 2], [3, 4, 5]]
    assert numerics.framed(np.array([0, 0, 1])).tolist() == [[0], [0], [1]]


def test_every_path_is_played_to_its_end(explorer):
    play = explorer.live.play
    assert play.steps == 45 == len(play.numbers) - 1
    paths = explorer.views.paths
    for line, end in zip(paths.lines, paths.ends, strict=True):
        assert len(line.get_xdata()) == 1 + 45 * play.progressive[line]
        assert end.get_xydata()[0].tolist() == line.get_xydata()[-1].tolist()
    assert play.numbers[-1] == pytest.approx([5, 0.8258, 6.50e-05, 0.00696], rel=5e-3)


def test_the_spread_is_that_of_batches():
    sigma, spread = numerics.spread(32, (-0.3, 1.0))
    slopes = 2 * (-0.3 * X + 1.0 - Y) * X
    rng = np.random.default_rng(1)
    drawn = [slopes[rng.permutation(N)[:32]].mean() for _ in range(20_000)]
    assert np.std(drawn) == pytest.approx(spread, rel=0.02)
    assert numerics.spread(N, (0, 0))[1] == 0
    assert numerics.spread(1, (-0.3, 1.0))[1] == pytest.approx(sigma, rel=2e-3)


def test_dragging_the_ball_and_the_way_back(explorer):
    handle, before = explorer.live._handles[0], explorer.values
    explorer.live._drag = {"handle": 0, "x": handle["x"] + 40, "y": handle["y"] + 30, "move": 1}
    assert explorer.values["w"] > -0.3 and explorer.values["b"] < 1
    assert explorer.views.start.ball.get_xydata()[0] == pytest.approx(
        [explorer.values["w"], explorer.values["b"]]
    )
    explorer.reset()
    assert explorer.values == before


def test_moving_keeps_the_background_and_another_axis_changes_it(explorer):
    background = explorer.live._background
    explorer.set(size=8, lr=0.2, order="sorted", seed=3)
    assert explorer.live._background == background
    explorer.set(axis="updates")
    assert explorer.live._background != background


def backwards(X, y, batch_size, rng):
    order = rng.permutation(len(X))[::-1]
    return [(X[o], y[o]) for o in (order[i : i + batch_size] for i in range(0, N, batch_size))]


def in_order(X, y, batch_size, rng):
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


def apart(X, y, batch_size, rng):
    yield from zip(*(
        np.split(part[rng.permutation(N)], range(batch_size, N, batch_size)) for part in (X, y)
    ), strict=True)  # fmt: skip


def last_dropped(X, y, batch_size, rng):
    yield from backwards(X, y, batch_size, rng)[:-1]


def twice(X, y, batch_size, rng):
    batches = backwards(X, y, batch_size, rng)
    yield from [*batches, batches[0]]


def whole(X, y, batch_size, rng):
    yield X, y


def endless(X, y, batch_size, rng):
    while True:
        yield X[:1], y[:1]


@pytest.mark.parametrize(
    "fn, contents",
    [
        (exercises()["minibatches"].reference, "contain every example once in each epoch."),
        (backwards, "contain every example once in each epoch."),
        (in_order, "every example once in each epoch, but in the same order every time."),
        (apart, "combine the flipper of one penguin with the mass of another, because X and y "),
        (last_dropped, "contain 320 of the 333 examples in an epoch."),
        (twice, "contain 333 of the 333 examples in an epoch, and 32 that are repeated or not in"),
        (whole, "every example once in each epoch, but not in batches of 32 examples."),
    ],
)
def test_a_learners_batches_are_judged_by_what_they_contain(fn, contents):
    explorer = mini_batch.explore(mine=fn)
    sentence = explorer.readout.split(" Your batches, whose descent is drawn as crosses, ")[1]
    assert contents in sentence
    assert len(explorer.views.yours.line.get_xdata()) > 1
    assert not explorer.controls["seed"].disabled
    explorer.set(lr=0.1)
    assert contents in explorer.readout


def test_a_learners_batches_drive_the_same_descent():
    explorer = mini_batch.explore(
        mine=exercises()["minibatches"].reference, axis="updates", size=64
    )
    crosses = explorer.views.yours.line.get_xydata()
    path = descend(LINE, GradientDescent(0.05), [-0.3, 1.0], 60, batches=LINE.batches(64, 0))
    assert crosses == pytest.approx(path.w[::2], abs=1e-9)


def test_a_learners_function_is_not_called_again_for_another_step_size():
    calls = []

    def counted(X, y, batch_size, rng):
        calls.append(batch_size)
        return backwards(X, y, batch_size, rng)

    explorer = mini_batch.explore(mine=counted)
    before = len(calls)
    explorer.set(lr=0.1, w=1.0)
    assert len(calls) == before
    explorer.set(size=64)
    assert len(calls) > before


@pytest.mark.parametrize(
    "fn, why",
    [
        (lambda X, y, batch_size, rng: None, "the function returned no batches."),
        (lambda X: 0, "TypeError"),
        (lambda X, y, batch_size, rng: 3, "TypeError"),
        (lambda X, y, batch_size, rng: [X], "a batch is not a pair (X_b, y_b)."),
        (lambda X, y, batch_size, rng: [], "the function returned no batches."),
        (
            lambda X, y, batch_size, rng: [(X, y[:5])],
            "a batch has different numbers of rows",
        ),
        (endless, "the epoch has no end."),
    ],
)
def test_the_reason_why_nothing_is_drawn(fn, why):
    explorer = mini_batch.explore(mine=fn)
    reason = explorer.readout.split(" Your batches are not drawn: ")[1]
    assert why in reason
    assert len(explorer.views.yours.line.get_xdata()) == 0


def test_the_validation_loss_falls_and_rises():
    explorer = mini_batch.stopping()
    assert explorer.readout == (
        "With powers up to 10, the training loss at epoch 20,000 is 0.139 and the validation loss "
        "1.397. The validation loss is lowest, 0.250, at epoch 368."
    )
    explorer.buttons()["Stop early"]()
    assert explorer.controls["epochs"].value == 368
    assert explorer.readout.endswith(
        "at epoch 368 is 0.155 and the validation loss 0.250. Here the validation loss is lowest."
    )
    for degree in range(1, 11):
        explorer.set(degree=degree)
        rises = "lowest" in explorer.readout
        assert rises == (degree in stopping.STOPS)
        assert rises != ("The validation loss does not rise again" in explorer.readout)
        best = [x for line in explorer.views.fitted.mark.axes.lines if line.get_linestyle() == ":"
                for x in line.get_xdata()]  # fmt: skip
        assert best == ([stopping.STOPS[degree] + 1] * 2 if rises else [])
        if rises:
            assert stopping.trained(degree).best == stopping.STOPS[degree]


def test_the_curve_is_the_model_that_was_trained():
    explorer = mini_batch.stopping(degree=1)
    x, mass = explorer.views.fitted.curve.get_data()
    line = LinearRegression(FLIPPER[stopping.TRAIN], MASS[stopping.TRAIN])
    w, b = line.closed_form()
    assert mass == pytest.approx(w * x + b)
    assert explorer.readout.startswith("With the first power only, the training loss at epoch ")
    assert not set(stopping.TRAIN) & set(stopping.VALIDATION)
