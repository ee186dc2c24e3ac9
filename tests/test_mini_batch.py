"""Lesson 07: every batch size at its own best learning rate, a learner's batches, and the noise."""

import itertools

import numpy as np
import pytest

from gdlesson import GradientDescent, descend, sweep
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import learner_batches, mini_batch
from gdlesson.explorers import mini_batch_numerics as numerics
from gdlesson.explorers.mini_batch_numerics import ALL, RATES, SIZES, data, tuned

BEST = {  # data → the best learning rate of each of SIZES
    "penguins": (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.2, 0.5),
    "digits": (0.01, 0.02, 0.04, 0.08, 0.16, 0.25, 0.4, 0.64, 0.8),
}


@pytest.fixture(scope="module")
def shared():
    return mini_batch.explore()


@pytest.fixture
def explorer(shared):
    shared.set(**{"data": "penguins", "size": 32, "axis": "examples"} | {"lr": 0.064})
    return shared


def ends(name, size):
    """The losses above the lowest of ten orders, at the best learning rate."""
    runs = tuned(name, size)
    return runs.above[-1][:, runs.best]


@pytest.mark.parametrize(
    "name, size, rate",
    [
        ("penguins", 32, 0.064),
        ("penguins", ALL, 0.32),
        ("penguins", 1, 0.0025),
        ("digits", 64, 0.32),
    ],
)
def test_the_runs_are_those_of_descend_with_batches(name, size, rate):
    about, runs, i = data(name), tuned(name, size), RATES.tolist().index(rate)
    for seed in (0, 9):
        batches = about.problem.batches(about.number(size), seed)
        steps = int(runs.updates[-1])
        path = descend(about.problem, GradientDescent(rate), steps=steps, batches=batches)
        above = path.loss[runs.updates] - about.problem.f(about.best)
        assert runs.above[:, seed, i] == pytest.approx(above, rel=1e-6, abs=1e-12)
    assert runs.seen[0] == 0 and runs.seen[-1] == 5 * about.n


def test_a_learning_rate_is_about_a_quarter_larger_than_the_one_before():
    assert len(RATES) == 37 and RATES[0] == 5e-4 and RATES[-1] == 2
    assert (RATES[1:] / RATES[:-1] > 1.24).all() and (RATES[1:] / RATES[:-1] < 1.29).all()


@pytest.mark.parametrize("name", BEST)
def test_the_best_learning_rate_grows_with_the_batch_up_to_its_limit(name):
    found = [mini_batch.best_rate(name, size) for size in SIZES]
    assert tuple(found) == BEST[name]
    assert data(name).limit == pytest.approx(1)
    each = np.array(found) / [data(name).number(size) for size in SIZES]
    if name == "penguins":  # in proportion up to 64, within the grid
        assert each[:7] == pytest.approx(0.002, rel=0.03)
    else:
        assert each[:5] == pytest.approx(0.01) and (np.diff(each[4:]) < 0).all()
        assert found[-1] == pytest.approx(5 * found[4])
        at_32 = tuned(name, 32).mean[[RATES.tolist().index(lr) for lr in (0.25, 0.32)]]
        assert at_32.round(4) == pytest.approx(0.0033)


@pytest.mark.parametrize("name", BEST)
def test_every_batch_size_divides_the_examples(name):
    """A smaller last batch makes a noisier step, just before the loss at the end is read."""
    assert [data(name).n % data(name).number(size) for size in SIZES] == [0] * len(SIZES)
    assert data(name).n == {"penguins": 256, "digits": 512}[name]
    assert len(set(numerics._drawn(333, 256))) == 256  # without replacement


def test_the_penguins_are_standardised_after_they_are_drawn():
    problem = data("penguins").problem
    for column in (problem.X[:, 0], problem.y):
        assert (np.mean(column), np.std(column)) == pytest.approx((0, 1))
    assert problem.curvatures() == pytest.approx([2, 2])


def test_on_the_penguins_no_batch_size_wins():
    means = [ends("penguins", size).mean() for size in SIZES[:-1]]
    ranges = [np.ptp(ends("penguins", size)) for size in SIZES[:-1]]
    assert max(means) - min(means) < min(ranges)
    assert (min(means), max(means)) == pytest.approx((7e-5, 8.8e-5), abs=5e-7)
    assert ends("penguins", ALL).max() < 1e-9  # a round bowl: one step at 1/L
    assert BEST["penguins"][-1] == 1 / data("penguins").problem.curvatures()[-1]


def test_the_answer_to_the_prediction():
    one, many = ends("penguins", 1), ends("penguins", 32)
    assert abs(one.mean() - many.mean()) < 0.2 * min(np.ptp(one), np.ptp(many))
    question = mini_batch.same_work_question
    assert question.answer.startswith("About equally close") and "32 times" in question.because
    assert BEST["penguins"][5] / BEST["penguins"][0] == pytest.approx(32)
    explorer = mini_batch.explore(after=question)
    assert explorer.values | question.about == explorer.values


def test_on_the_digits_all_examples_a_step_end_farthest():
    means = {size: ends("digits", size).mean() for size in SIZES}
    assert (np.diff([means[size] for size in SIZES[2:]]) > 0).all()  # the larger, the farther
    assert [round(means[size], 4) for size in (1, 32, 128, ALL)] == [0.0029, 0.0033, 0.0041, 0.0085]
    assert means[32] - means[1] < 0.4 * np.ptp(ends("digits", 1))  # about equally close up to 32
    assert ends("digits", 128).min() > ends("digits", 1).max() and means[ALL] > 2 * means[128]


def test_with_copies_only_batch_descent_uses_more_examples():
    """At the best rates after five epochs; for batch descent 0.8 is best for this goal too."""
    digits, rates = data("digits"), RATES[RATES >= 0.2]
    rule = GradientDescent(**sweep(lr=rates))
    for copies, expected in ((1, 512), (10, 560)):
        many = digits.problem.on(np.tile(np.arange(512), copies))
        batches = [many.batches(32, seed) for seed in range(10)]
        needed = [32 * steps_needed(descend(many, rule, steps=60, batches=b)) for b in batches]
        assert np.mean(needed, axis=0)[rates == 0.25] == pytest.approx(expected)
        assert np.mean(needed, axis=0).min() < expected  # another rate suits this goal better
        whole = steps_needed(descend(many, rule, steps=40))
        assert rates[whole.argmin()] == 0.8 and whole.min() == 5
        faster = np.mean(needed, axis=0)[rates == 0.5]
        assert faster < 0.7 * expected


def steps_needed(path):
    reached = data("digits").above(path.w) <= 0.01
    return np.where(reached.any(axis=0), reached.argmax(axis=0), 1e9)


def test_sorted_digits_are_worse_at_their_own_best_learning_rate_too():
    about = data("digits")
    order = np.argsort(about.problem.y, kind="stable")
    A, y = about.problem.A[order], about.problem.y[order]
    assert y.sum() == 50 and y[-50:].all()
    parts = [(A[None, i : i + 32], y[None, i : i + 32]) for i in range(0, 512, 32)] * 5
    runs = numerics.descend_all(about, parts)
    assert RATES[runs.best] == 0.05 and runs.mean.min() == pytest.approx(0.01257, abs=1e-5)
    assert runs.mean.min() > 3 * ends("digits", 32).max()


@pytest.mark.parametrize("lr", [0.25, 0.05])
def test_the_last_two_batches_of_sorted_digits_raise_the_answers(lr):
    problem = data("digits").problem
    order = np.argsort(problem.y, kind="stable")
    assert problem.y[order[-64:]].sum() == problem.y.sum() == 50
    batches = [problem.on(order[i : i + 32]) for i in range(0, 512, 32)] * 5
    path = descend(problem, GradientDescent(lr), steps=80, batches=batches)
    before, after = (problem.A @ path.w[i] for i in (78, 80))
    for part in (problem.y == 0, problem.y == 1):
        assert np.mean((after > before)[part]) > 0.8 and after[part].mean() > before[part].mean()


@pytest.mark.parametrize(
    "size, epoch",
    [
        (1, "256 updates, each with one example."),
        (2, "128 updates."),
        (128, "2 updates."),
        (ALL, "1 update, with all examples: this is batch descent."),
    ],
)
def test_the_readout_says_what_an_epoch_is(explorer, size, epoch):
    explorer.set(size=size)
    number = 256 if size == ALL else size
    assert explorer.readout.startswith(
        f"With batch size {number} an epoch has {epoch} At its best "
    )


def test_the_readout_in_the_states_of_the_lesson(explorer):
    assert explorer.readout == (
        "With batch size 32 an epoch has 8 updates. At its best learning rate, 0.064, the loss "
        "after 1,280 examples is 8.5e-05 above the lowest loss on average over 10 orders, from "
        "7e-06 to 0.00016."
    )
    explorer.set(size=1, lr=0.064)
    assert "At learning rate 0.064 the loss after 1,280 examples is 0.0" in explorer.readout
    assert "; at its best learning rate, 0.002, it is 8.8e-05." in explorer.readout
    explorer.set(size=ALL)
    assert explorer.readout == (
        "With batch size 256 an epoch has 1 update, with all examples: this is batch descent. At "
        "its best learning rate, 0.5, the loss after 1,280 examples is less than 1e-09 above the "
        "lowest loss, in every order."
    )
    explorer.set(lr=2.0)
    assert " is 4.6e+04 above the lowest loss, in every order; at its best" in explorer.readout


def test_the_readout_speaks_of_the_best_learning_rate_in_every_state(explorer):
    for name, size in itertools.product(BEST, reversed(SIZES)):
        explorer.set(data=name, size=size)
        best = BEST[name][SIZES.index(size)]
        assert explorer.controls["lr"].value == best
        for lr in RATES[::5].tolist():
            explorer.set(lr=lr)
            assert f"best learning rate, {best:g}," in explorer.readout
            assert " ms" not in explorer.readout


def test_the_ball_chooses_a_learning_rate_and_the_button_the_best_one(explorer):
    explorer.on_knob(0.0205, 0.3)
    assert explorer.controls["lr"].value == 0.02
    explorer.buttons()["Best learning rate"]()
    assert explorer.controls["lr"].value == 0.064


def test_time_is_that_of_the_updates(explorer, monkeypatch):
    monkeypatch.setattr(numerics, "cost", lambda name, size: 1e-5 * (2 if size == ALL else 1))
    explorer.set(axis="time")
    assert explorer.readout.endswith(
        " Its 40 updates take 0.4 ms on this machine; with batch size 1 the same examples take 32 "
        "times as long."
    )
    assert explorer.views.way.line.get_xdata()[-1] == pytest.approx(0.4)
    explorer.set(size=1)
    assert explorer.readout.endswith(" Its 1280 updates take 13 ms on this machine.")
    explorer.set(size=ALL)
    assert explorer.readout.endswith("with batch size 1 the same examples take 128 times as long.")


@pytest.mark.parametrize("name", BEST)
def test_on_the_axis_of_time_every_way_ends_at_its_batch_size(explorer, monkeypatch, name):
    per_row = {"penguins": 1e-8, "digits": 3e-8}[name]
    monkeypatch.setattr(
        numerics, "cost", lambda name, size: 3e-6 + per_row * data(name).number(size)
    )
    explorer.set(data=name, axis="time")
    way = explorer.views.way.line.axes
    labels = {text.get_text(): text for text in way.texts}
    assert set(labels) == {str(size) for size in SIZES}
    for size in SIZES[:-1] if name == "penguins" else SIZES:
        explorer.set(size=size)
        line = explorer.views.way.line.get_xydata()
        assert labels[str(size)].xy == pytest.approx(line[-1])
    boxes = [text.get_window_extent() for text in labels.values()]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_larger_batches_cost_less_time_per_example():
    one, some, whole = (mini_batch.cost("digits", size) for size in (1, 32, ALL))
    assert one > 5 * some / 32 and one > 20 * whole / 512


def test_the_band_holds_all_orders_and_the_line_is_their_mean(explorer):
    runs = tuned("penguins", 32)
    line, band = explorer.views.ends.line.get_ydata(), explorer.views.ends.band.get_xy()
    seen = runs.mean < 10
    assert line[seen] == pytest.approx(runs.mean[seen])
    assert band[: len(RATES), 1] == pytest.approx(np.clip(runs.above[-1].min(axis=0), 3e-7, 30))


def test_another_batch_size_keeps_the_background_and_another_axis_changes_it(explorer):
    background = explorer.live._background
    explorer.set(size=8, lr=0.2)
    assert explorer.live._background == background
    explorer.set(data="digits")
    assert explorer.live._background != background


def backwards(X, y, batch_size, rng):
    order = rng.permutation(len(X))[::-1]
    return [(X[o], y[o]) for o in np.split(order, range(batch_size, len(X), batch_size))]


def in_order(X, y, batch_size, rng):
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


def apart(X, y, batch_size, rng):
    cuts = range(batch_size, len(X), batch_size)
    yield from zip(*(np.split(p[rng.permutation(len(X))], cuts) for p in (X, y)), strict=True)


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


@pytest.mark.parametrize("name", ["penguins", "digits"])
@pytest.mark.parametrize(
    "fn, contents",
    [
        (exercises()["minibatches"].reference, "contain every example once in each epoch."),
        (backwards, "contain every example once in each epoch."),
        (in_order, "every example once in each epoch, but in the same order every time."),
        (apart, "combine the x of one example with the y of another, because X and y "),
        (last_dropped, "contain {part} of the {n} examples in an epoch."),
        (twice, "contain {n} of the {n} examples in an epoch, and 32 that are repeated or not in"),
        (whole, "every example once in each epoch, but not in batches of 32 examples."),
    ],
)
def test_a_learners_batches_are_judged_by_what_they_contain(fn, contents, name):
    about = data(name)
    batches, sentence = learner_batches.examined(fn, about, 32, 5)
    assert contents.format(n=about.n, part=about.n - 32) in f"{sentence}."
    A, y = batches[0]
    assert A.shape == (1, y.size, about.problem.d)


def test_a_learners_batches_drive_the_same_descent():
    explorer = mini_batch.explore(mine=exercises()["minibatches"].reference, size=64)
    said = "Your batches, whose descent is shown by the crosses, contain every example once in each"
    assert explorer.readout.endswith(f" {said} epoch.")
    at, above = explorer.views.yours.line.get_xydata().T
    runs = tuned("penguins", 64)
    assert above == pytest.approx(runs.above[np.isin(runs.seen, at), 0, runs.best])


def test_a_learners_function_is_not_called_again_for_another_learning_rate():
    calls = []

    def counted(X, y, batch_size, rng):
        calls.append(batch_size)
        return backwards(X, y, batch_size, rng)

    explorer = mini_batch.explore(mine=counted)
    before = len(calls)
    explorer.set(lr=0.1)
    assert len(calls) == before
    explorer.set(size=64)
    assert len(calls) > before


@pytest.mark.parametrize(
    "fn, why",
    [
        (lambda X, y, batch_size, rng: None, "the function returned no batches"),
        (lambda X, y, batch_size, rng: [X], "a batch is not a pair (X_b, y_b)"),
        (lambda X, y, batch_size, rng: [], "the function returned no batches"),
        (
            lambda X, y, batch_size, rng: [(X, y[:5])],
            "a batch has different numbers of rows in X_b and y_b, or no rows",
        ),
        (endless, "the epoch has no end"),
    ],
)
def test_the_reason_why_nothing_is_drawn(fn, why):
    assert learner_batches.examined(fn, data("penguins"), 32, 5) == why


def test_a_function_that_fails_draws_nothing_and_is_named():
    explorer = mini_batch.explore(mine=lambda X: 0)
    assert " There are no crosses: TypeError" in explorer.readout
    assert len(explorer.views.yours.line.get_xdata()) == 0
    explorer = mini_batch.explore(mine=lambda X, y, batch_size, rng: [X])
    assert explorer.readout.endswith(" There are no crosses: a batch is not a pair (X_b, y_b).")


def test_the_variance_over_every_batch_of_seven_numbers():
    values = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0])
    sigma2, variance = np.var(values, ddof=1), exercises()["variance_of_batch"].reference
    for B in range(1, 8):
        means = [np.mean(values[list(rows)]) for rows in itertools.combinations(range(7), B)]
        assert np.var(means) == pytest.approx(variance(sigma2, B, 7), abs=1e-12)
    again = [np.mean(values[list(rows)]) for rows in itertools.product(range(7), repeat=3)]
    assert np.var(again) == pytest.approx(np.var(values) / 3)  # with replacement, and with n


WRONG = {
    "return sigma2 / B": "with replacement",
    "return (sigma2 / B * (1 - B / n)) ** 0.5": "the spread, not the variance",
    "return sigma2 / B**0.5 * (1 - B / n)": "proportional to one over the square root of B",
    "return sigma2 / B**2 * (1 - B / n)": "divided by B squared",
    "return sigma2 * B * (1 - B / n)": "the sum, not the mean",
    "return sigma2 * (1 - B / n)": "not divided by B",
    "return sigma2 / n * (1 - B / n)": "divided by n",
    "return sigma2 / B * B / n": "the share that is drawn",
    "return sigma2 / B * (1 - n / B)": "n over B",
    "return sigma2 / B * (1 + B / n)": "plus for minus",
    "return sigma2 / B * (1 - B / n) ** 0.5": "root of the factor",
    "return sigma2 / B * (1 - 1 / n)": "one example for the batch",
    "return sigma2 / B * (n - B)": "the number that is left out",
    "return sigma2**2 / B * (1 - B / n)": "sigma2 squared again",
    "return sigma2 // B * (1 - B / n)": "whole division",
    "return sigma2 / B * (1 - B / (n - 1))": "n − 1 in the factor",
    "return sigma2 / B * 1 - B / n": "missing brackets",
    "return sigma2 / B * (1 - B) / n": "brackets in the wrong place",
}


def variance_check(body):
    space = {}
    exec(f"def variance_of_batch(sigma2, B, n):\n    {body}", space)
    return exercises()["variance_of_batch"].check(space["variance_of_batch"])


@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_variance_has_the_name_of_its_mistake(body):
    found = variance_check(body)
    assert (found.status, found.mistake) == ("mistake", WRONG[body])


def test_another_convention_for_the_variance_is_named():
    found = variance_check("return sigma2 / B * (n - B) / (n - 1)")
    assert found.status == "convention" and "np.var" in found.message
