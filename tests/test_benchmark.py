"""The fair race: the same for all, tuned where nothing is judged, and saved as it ran."""

import numpy as np
import pytest

from gdlesson import Adam, GradientDescent, Momentum, benchmark, descend, from_function


@pytest.mark.parametrize("name", benchmark.COURSES)
def test_a_course_is_what_it_says(name):
    course = benchmark.course(name)
    assert course.name == name
    assert course.evaluations[0] == 0 and course.evaluations[-1] == benchmark.STEPS
    assert course.start(3).shape == (course.train.grad(course.start(3)).shape)
    np.testing.assert_array_equal(course.start(3), course.start(3))


def test_no_row_is_in_two_parts():
    for name, rows in (("digits", 600), ("penguins", 333)):
        course = benchmark.course(name)
        parts = [course.train, course.tune, course.test]
        assert sum(len(part.y) for part in parts) == rows
        seen = np.concatenate([part.X for part in parts])
        assert len(np.unique(seen.round(9), axis=0)) == len(np.unique(seen, axis=0))
        both = {row.tobytes() for row in course.train.X} & {row.tobytes() for row in course.test.X}
        assert not both


def test_an_unknown_course_is_named():
    with pytest.raises(ValueError, match=r"the courses are valley, .* got 'hill'"):
        benchmark.course("hill")


@pytest.mark.parametrize("name", ["valley", "penguins"])
def test_a_group_of_runs_is_the_runs_one_by_one(name):
    course, rates = benchmark.course(name), [0.001, 0.01]
    together = np.concatenate(list(benchmark.tuning(course, Momentum, rates, range(3))), axis=-1)
    assert together.shape == (len(course.evaluations), 2, 3)
    for i, rate in enumerate(rates):
        alone = benchmark.run(course, Momentum, rate, range(3))
        np.testing.assert_allclose(together[:, i], alone, rtol=1e-9)


def test_every_rule_sees_the_same_batches():
    course = benchmark.course("penguins")
    first = [
        np.concatenate(
            [batch.y for batch, _ in zip(problem.batches(20, 4), range(3), strict=False)]
        )
        for problem in (course.train, course.train)
    ]
    np.testing.assert_array_equal(*first)


def test_a_run_asks_for_as_many_gradients_as_any_other():
    asked = []

    class Counting:
        f = staticmethod(lambda w: (w**2).sum(-1))

        def grad(self, w):
            asked.append(1)
            return 2 * w

    bowl = Counting()
    course = benchmark.Course("bowl", bowl, bowl, bowl, lambda seed: np.ones(2))
    for rule in benchmark.RULES.values():
        asked.clear()
        list(benchmark.runs(course, rule, [0.01], [0]))
        assert len(asked) == benchmark.STEPS


def test_the_tuned_step_size_has_the_lowest_mean_and_a_diverged_one_never_wins():
    loss = np.array([[[3.0, 3.0, 3.0], [1.0, 1.0, np.inf], [2.0, 2.0, 0.0]]])
    assert benchmark.tuned(loss) == 2  # the median would say 1
    loss[0, 2] = 1e308  # the sum is beyond the largest number
    assert benchmark.tuned(loss) == 0


def test_the_package_tunes_as_the_exercise_asks():
    from gdlesson.exercises import catalogue

    for name in ("penguins", "digits"):
        loss = benchmark.saved(name)["RMSProp"][-1]
        rates = list(benchmark.RATES)
        run = lambda rate, seed: loss[rates.index(rate), seed]  # noqa: E731, B023
        best = catalogue()["tune"].reference(run, benchmark.RATES, benchmark.TUNING)
        assert best == benchmark.RATES[benchmark.tuned(loss[None])]


@pytest.mark.parametrize("name", benchmark.COURSES)
def test_no_step_size_that_was_chosen_is_at_an_end_of_the_grid(name):
    for rate, *_ in benchmark.results(name).values():
        assert benchmark.RATES[1] * 0.99 < rate < benchmark.RATES[-2] * 1.01


def test_divergence_is_a_loss_of_infinity():
    course = benchmark.course("valley")
    (loss,) = benchmark.tuning(course, GradientDescent, [10.0], range(2))
    assert np.isinf(loss[-1]).all() and not np.isnan(loss).any()


def test_on_a_parabola_the_race_is_arithmetic():
    class Parabola:
        f = staticmethod(lambda w: (w[..., 0]) ** 2)
        grad = staticmethod(lambda w: 2 * w)

    one = Parabola()
    course = benchmark.Course("parabola", one, one, one, lambda seed: np.array([1.0 + seed]))
    (loss,) = benchmark.tuning(course, GradientDescent, [0.05], [0, 1])
    t = np.arange(benchmark.STEPS + 1)
    np.testing.assert_allclose(loss[:, 0], (0.9**t)[:, None] ** 2 * np.array([1, 4]), rtol=1e-9)


def test_a_learners_rule_runs_as_the_packages():
    def gd_step(w, g, lr):
        return w - lr * g

    course = benchmark.course("penguins")
    mine = benchmark.run(course, lambda lr: from_function(gd_step, lr=lr), 0.1, range(2))
    np.testing.assert_array_equal(mine, benchmark.run(course, GradientDescent, 0.1, range(2)))


@pytest.mark.parametrize("name", ["penguins", "digits"])
def test_what_was_saved_is_what_runs(name):
    course, seeds = benchmark.course(name), [0, 7]
    tuning = benchmark.saved(name)
    assert list(tuning) == list(benchmark.RULES)
    now = np.concatenate(list(benchmark.tuning(course, Adam, seeds=seeds)), axis=-1)
    tame = slice(0, 6)  # larger steps bounce, and rounding decides where to
    np.testing.assert_allclose(now[:, tame], tuning["Adam"][:, tame][..., seeds], rtol=0.02)


def test_the_results_follow_from_the_tuning_and_keep_their_promise():
    ended = benchmark.results("digits")
    tuning = benchmark.saved("digits")
    for name, (rate, loss, right) in ended.items():
        assert np.isclose(rate, benchmark.RATES[benchmark.tuned(tuning[name])], rtol=1e-3)
        assert loss.shape == (len(benchmark.FRESH), 100) and right.shape == loss.shape[:1]
    assert set(ended) == set(benchmark.RULES)
    means = [loss.mean() for _, loss, _ in ended.values()]
    assert means == sorted(means)
    assert max(right.mean() for _, _, right in ended.values()) >= 0.97
    assert not set(benchmark.TUNING) & set(benchmark.FRESH)


def test_a_result_run_again():
    rate, loss, right = benchmark.results("penguins")["Adam"]
    now, accuracy = benchmark.final(benchmark.course("penguins"), Adam, 10**-1.0)
    assert np.isclose(rate, 0.1) and loss.shape == (10, 67)
    np.testing.assert_allclose(now, loss, rtol=0.01)
    np.testing.assert_allclose(accuracy, right, atol=1e-3)
    losses, nothing = benchmark.final(benchmark.course("valley"), Adam, 0.1, range(2))
    assert losses.shape == (2, 1) and np.isnan(nothing).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", benchmark.COURSES)
def test_all_results_run_again(name):
    for rule, (rate, loss, _) in benchmark.results(name).items():
        rate = benchmark.RATES[np.abs(np.log(benchmark.RATES / rate)).argmin()]
        now, _ = benchmark.final(benchmark.course(name), benchmark.RULES[rule], rate)
        np.testing.assert_allclose(np.median(now), np.median(loss), rtol=0.2, err_msg=rule)


def test_bootstrap_means_of_one_row_are_those_of_the_seeds():
    losses = np.arange(10.0)[:, None]
    means = benchmark.resampled(losses, "seeds", 20_000)
    assert np.isclose(means.mean(), 4.5, atol=0.05)
    assert np.isclose(means.std(), losses.std() / 10**0.5, rtol=0.02)
    np.testing.assert_allclose(benchmark.resampled(losses, "test rows"), 4.5)


def test_bootstrap_draws_seeds_and_rows_in_pairs():
    rng = np.random.default_rng(0)
    seeds, rows = rng.normal(size=(20, 1)), rng.normal(size=50)
    losses = seeds + rows
    for chance, variance in (
        ("seeds", seeds.var() / 20),
        ("test rows", rows.var() / 50),
        ("both", seeds.var() / 20 + rows.var() / 50),
    ):
        means = benchmark.resampled(np.array([losses, losses + 0.25]), chance, 20_000)
        assert means.shape == (2, 20_000)
        assert np.isclose(means[0].var(), variance, rtol=0.04)
        np.testing.assert_allclose(means[1] - means[0], 0.25)
    with pytest.raises(ValueError, match="chance must be seeds, test rows, both, got 'luck'"):
        benchmark.resampled(losses, "luck")


def test_drawing_both_counts_the_noise_of_single_losses_three_times():
    losses = np.random.default_rng(0).normal(size=(40, 60))
    means = benchmark.resampled(losses, "both", 20_000)
    assert np.isclose(means.var(), 3 * losses.var() / losses.size, rtol=0.1)


def test_descend_alone_makes_the_same_run():
    course = benchmark.course("digits")
    (w,) = benchmark.runs(course, Adam, [0.01], [3])
    path = descend(course.train, Adam(lr=0.01), course.start(3), 200, course.train.batches(20, 3))
    np.testing.assert_allclose(w[-1, 0, 0], path.last, atol=1e-9)
