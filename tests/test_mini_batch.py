"""Lesson 07's room: three descents with something equal, a learner's batches, and when to stop."""

import numpy as np
import pytest

from gdlesson import GradientDescent, LinearRegression, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import mini_batch

X, Y, N, PROBLEM = mini_batch.X, mini_batch.Y, mini_batch.N, mini_batch.PROBLEM


@pytest.fixture
def explorer():
    return mini_batch.explore()


@pytest.mark.parametrize("size", mini_batch.SIZES)
def test_the_paths_are_those_of_descend_with_batches(size):
    updates = 2 * mini_batch.updates_an_epoch(size) + 1  # into a third epoch
    parts = mini_batch.moments(size, 3, False, updates)
    path = mini_batch.followed(parts, 0.1, -0.3, 1.0)
    batches = PROBLEM.batches(size, rng=3)
    expected = descend(PROBLEM, GradientDescent(0.1), [-0.3, 1.0], updates, batches=batches)
    assert path == pytest.approx(expected.w, rel=1e-9, abs=1e-12)
    above = expected.loss - PROBLEM.f(mini_batch.BEST)
    assert mini_batch.excess(path) == pytest.approx(above, abs=1e-12)


def test_sorted_rows_come_in_order_every_epoch():
    parts = mini_batch.moments(32, 0, True, 22)
    assert (parts[:11] == parts[11:]).all()
    assert (np.diff(parts[:11, 1]) > 0).all()  # the mean flipper of each batch


@pytest.mark.parametrize(
    "size, epoch",
    [
        (1, "333 updates an epoch, with one row each"),
        (2, "167 updates an epoch, the last with 1 row."),
        (32, "11 updates an epoch, the last with 13 rows."),
        (128, "3 updates an epoch, the last with 77 rows."),
        (N, "one update an epoch, with all rows: batch descent."),
    ],
)
def test_the_readout_says_what_an_epoch_is(explorer, size, epoch):
    explorer.set(size=size)
    assert explorer.readout.startswith(f"Batch size {size}, step size 0.050: {epoch}")


def test_as_many_examples_for_all(explorer):
    assert explorer.readout.endswith(
        "After 1,665 examples the loss is above the best by 0.83 with batch (5 updates), "
        "6.5e-05 with mini-batch (55), 0.007 with stochastic (1,665)."
    )
    for seed in range(20):  # the answer to the prediction does not hang on the seed
        explorer.set(seed=seed)
        batch, mini, stochastic = (above[done[-1]] for _, done, above in explorer.runs)
        assert mini < stochastic < batch


def test_as_many_updates_for_all(explorer):
    explorer.set(axis="updates")
    assert "After 60 updates" in explorer.readout
    assert "(19,980 examples)" in explorer.readout and "(60 examples)" in explorer.readout
    assert [done[-1] for _, done, _ in explorer.runs] == [60, 60, 60]
    assert mini_batch.seen(32, 60) == 5 * N + 5 * 32


def test_as_much_time_for_all_as_an_update_costs(explorer, monkeypatch):
    monkeypatch.setattr(mini_batch, "cost", lambda size: 1e-5 * (1 + size / N))
    explorer.set(axis="seconds", size=N)
    assert [done[-1] for _, done, _ in explorer.runs][::2] == [
        int(1665 * mini_batch.cost(1) / mini_batch.cost(N) + 1e-9), 1665
    ]  # fmt: skip
    assert explorer.losses.ax.get_xlim()[1] == pytest.approx(1.03e3 * 1665 * mini_batch.cost(1))
    assert "measured on this machine" in explorer.readout


def test_an_update_is_measured():
    assert 0 < mini_batch.cost(1) < 1 and mini_batch.cost(N) < 33 * mini_batch.cost(1)


def test_a_step_too_long_for_one_row_is_said(explorer):
    explorer.set(lr=0.5, order="sorted")
    assert "more than a million with stochastic" in explorer.readout
    assert "less than 1e-9 with batch" in explorer.readout  # 1/L lands
    assert "from short flippers to long ones every time" in explorer.readout


def test_frames_hold_every_update_once():
    shown = mini_batch.framed(np.array([0, 2, 2, 5]))
    assert shown.tolist() == [[0, 0, 0], [1, 2, 2], [2, 2, 2], [3, 4, 5]]
    assert mini_batch.framed(np.array([0, 0, 1])).tolist() == [[0], [0], [1]]


def test_every_path_is_played_to_its_end(explorer):
    play = explorer.live.play
    assert play.steps == 45 == len(play.numbers) - 1
    for line, end in zip(explorer.paths.lines, explorer.paths.ends, strict=True):
        assert len(line.get_xdata()) == 1 + 45 * play.progressive[line]
        assert end.get_xydata()[0].tolist() == line.get_xydata()[-1].tolist()
    assert play.numbers[-1] == pytest.approx([5, 0.8258, 6.50e-05, 0.00696], rel=5e-3)


def test_the_spread_is_that_of_batches():
    sigma, spread = mini_batch.spread(32, (-0.3, 1.0))
    slopes = 2 * (-0.3 * X + 1.0 - Y) * X
    rng = np.random.default_rng(1)
    drawn = [slopes[rng.permutation(N)[:32]].mean() for _ in range(20_000)]
    assert np.std(drawn) == pytest.approx(spread, rel=0.02)
    assert mini_batch.spread(N, (0, 0))[1] == 0
    assert mini_batch.spread(1, (-0.3, 1.0))[1] == pytest.approx(sigma, rel=2e-3)


def test_dragging_the_ball_and_the_way_back(explorer):
    handle, before = explorer.live._handles[0], explorer.values
    explorer.live._drag = {"handle": 0, "x": handle["x"] + 40, "y": handle["y"] + 30, "move": 1}
    assert explorer.values["w"] > -0.3 and explorer.values["b"] < 1
    assert explorer.start.ball.get_xydata()[0] == pytest.approx(
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


def whole(X, y, batch_size, rng):
    yield X, y


def endless(X, y, batch_size, rng):
    while True:
        yield X[:1], y[:1]


@pytest.mark.parametrize(
    "fn, said",
    [
        (exercises()["minibatches"].reference, "the crosses: every row once in each epoch."),
        (backwards, "the crosses: every row once in each epoch."),
        (in_order, "every row once in each epoch, and in the same order every time."),
        (apart, "a flipper meets the mass of another penguin"),
        (last_dropped, "320 of the 333 rows in an epoch."),
        (whole, "every row once in each epoch, in batches that are not of 32 rows."),
    ],
)
def test_a_learners_batches_are_judged_by_what_they_hold(fn, said):
    explorer = mini_batch.explore(mine=fn)
    assert said in explorer.readout
    assert len(explorer.mine.line.get_xdata()) > 1
    explorer.set(lr=0.1)
    assert said in explorer.readout


def test_a_learners_batches_drive_the_same_descent():
    explorer = mini_batch.explore(
        mine=exercises()["minibatches"].reference, axis="updates", size=64
    )
    drawn = explorer.mine.line.get_xydata()
    path = descend(PROBLEM, GradientDescent(0.05), [-0.3, 1.0], 60, batches=PROBLEM.batches(64, 0))
    assert drawn == pytest.approx(path.w[::2], abs=1e-9)


@pytest.mark.parametrize(
    "fn, why",
    [
        (lambda X, y, batch_size, rng: None, "nothing came back"),
        (lambda X: 0, "TypeError"),
        (lambda X, y, batch_size, rng: 3, "TypeError"),
        (lambda X, y, batch_size, rng: [X], "no pair"),
        (lambda X, y, batch_size, rng: [], "no batches came back"),
        (lambda X, y, batch_size, rng: [(X, y[:5])], "not as many rows of X as of y"),
        (endless, "an epoch has no end"),
    ],
)
def test_what_cannot_be_drawn_is_said(fn, why):
    explorer = mini_batch.explore(mine=fn)
    assert f"Your path is not drawn: {why}" in explorer.readout or why in explorer.readout
    assert len(explorer.mine.line.get_xdata()) == 0


def test_the_validation_loss_falls_and_rises():
    explorer = mini_batch.stopping()
    assert "training loss 0.139, validation loss 1.397" in explorer.readout
    assert "Its lowest is 0.250, at epoch 368." in explorer.readout
    explorer.buttons()["Stop early"]()
    assert explorer.controls["epochs"].value == 368
    assert "epoch 368: training loss 0.155, validation loss 0.250." in explorer.readout
    for degree in range(1, 11):
        explorer.set(degree=degree)
        rises = "Its lowest" in explorer.readout
        assert rises == (degree in mini_batch.STOPS)
        if rises:
            assert mini_batch.trained(degree)[2] == mini_batch.STOPS[degree]


def test_the_curve_is_the_model_that_was_trained():
    explorer = mini_batch.stopping(degree=1)
    x, mass = explorer.curve.get_data()
    line = LinearRegression(mini_batch.FLIPPER[mini_batch.TRAIN], mini_batch.MASS[mini_batch.TRAIN])
    w, b = line.closed_form()
    assert mass == pytest.approx(w * x + b)
    assert not set(mini_batch.TRAIN) & set(mini_batch.OTHERS)
