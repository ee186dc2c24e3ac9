"""Lesson 10's second explorer: a random Hessian, and how often its eigenvalues are positive."""

import time

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import landscapes, random_hessians, stationary
from gdlesson.surfaces import catalogue as surfaces

EXACT = {1: 1 / 2, 2: (2 - 2**0.5) / 4, 3: 1 / 4 - 1 / (2**0.5 * np.pi)}


@pytest.mark.parametrize("d", EXACT)
def test_the_share_of_minima_is_the_exact_one_for_few_weights(d):
    minima, n = random_hessians.count_minima(d, 0.0)
    error = np.sqrt(EXACT[d] * (1 - EXACT[d]) / n)
    assert n == 10_000 and abs(minima / n - EXACT[d]) < 3 * error


@pytest.mark.parametrize("d, shift", [(3, 0.0), (5, 0.4), (20, 0.9)])
def test_tridiagonal_matrices_are_as_often_positive_as_full_ones(d, shift):
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(4000, d, d))
    full = (noise + noise.transpose(0, 2, 1)) / np.sqrt(8 * d)
    share = (np.linalg.eigvalsh(full)[:, 0] + shift > 0).mean()
    minima, n = random_hessians.count_minima(d, shift)
    assert 0 < minima < n
    assert abs(minima / n - share) < 4 * np.sqrt(share * (1 - share) * (1 / n + 1 / 4000))


def test_the_pivots_count_as_the_eigenvalues_do():
    diagonal, squares = random_hessians._tridiagonal(6)
    lowest = [
        np.linalg.eigvalsh(np.diag(a) + np.diag(np.sqrt(b), 1) + np.diag(np.sqrt(b), -1))[0]
        for a, b in zip(diagonal.T[:300], squares.T[:300], strict=True)
    ]
    minima, n = random_hessians.count_minima(6, 0.5)
    few = np.mean(np.array(lowest) > -0.5)
    assert abs(few - minima / n) < 0.1 and 0 < few < 1


def test_large_matrices_follow_the_semicircle_and_are_scaled_to_it():
    values = random_hessians.eigenvalues(200, 1)
    at = np.linspace(-1, 1, 21)
    below = (values[:, None] < at).mean(axis=0)
    assert np.abs(below - random_hessians.semicircle_below(at)).max() < 0.02
    assert random_hessians.semicircle_below(0.0) == 0.5
    H = random_hessians.hessian(50, 3, 0.25)
    np.testing.assert_array_equal(H, H.T)
    np.testing.assert_allclose(
        np.linalg.eigvalsh(H), random_hessians.eigenvalues(50, 3) + 0.25, atol=1e-12
    )


@pytest.mark.parametrize(
    "values, text",
    [
        ({}, "Of 2 curvatures, 1 is negative (50 %) and 1 is positive, so this stationary point is "
         "a saddle. Of 10,000 random Hessians with this size and shift, 1,491 (15 %) belong to a "
         "minimum."),
        ({"d": 200}, "Of 200 curvatures, 101 are negative (50 %) and 99 are positive, so this "
         "stationary point is a saddle. Of 500 random Hessians with this size and shift, none "
         "belongs to a minimum."),
        ({"shift": 1.0}, "Both curvatures are positive, so this stationary point is a minimum."),
        ({"d": 1, "shift": -1.2}, "The only curvature is negative, so this stationary point is a "
         "maximum. Of 10,000"),
        ({"d": 200, "shift": 0.95}, "Of 200 curvatures, 1 is negative (0.5 %) and 199 are"),
        ({"d": 200, "shift": 1.05}, "All 200 curvatures are positive, so this stationary point is "
         "a minimum. Of 500 random Hessians with this size and shift, all belong to a minimum."),
        ({"d": 6}, "Of 6 curvatures, 4 are negative (67 %) and 2 are positive, so this stationary "
         "point is a saddle. Of 10,000 random Hessians with this size and shift, none"),
    ],
)  # fmt: skip
def test_the_readout_counts_the_signs(values, text):
    assert stationary.explore(**values).readout.startswith(text)


def test_readouts_are_true_in_a_grid_of_states():
    explorer = stationary.explore()
    for d in stationary.SIZES[::5]:
        for shift in (-1.2, 0.0, 0.35):
            for number in (1, 40):
                explorer.set(d=d, shift=shift, number=number)
                values = np.linalg.eigvalsh(random_hessians.hessian(d, number, shift))
                assert np.abs(values).min() > 1e-6  # so that no rule of 0 decides
                kind = exercises()["kind_of_point"].reference(np.diag(values))
                assert f"stationary point is a {kind}." in explorer.readout
                down = int((values < 0).sum())
                texts = [count.get_text() for count in explorer.views.signs.counts]
                assert texts == [f"{down} negative", f"{d - down} positive"]
                ends = [dots.get_xdata() for dots in explorer.views.signs.kinds]
                np.testing.assert_allclose(np.sort(np.concatenate(ends)), values, atol=1e-9)
                assert explorer.views.shares.ball.get_ydata()[0] == pytest.approx(down / d)


def test_dragging_the_ball_changes_the_shift():
    explorer = stationary.explore(d=50)
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] + 60, "y": 0, "move": 1}
    assert explorer.values["shift"] > 0.1


def test_a_learners_kind_is_compared_with_the_signs():
    right = stationary.explore(mine=exercises()["kind_of_point"].reference)
    assert right.readout.endswith(" Your kind_of_point returns the same word.")
    right.set(d=200, shift=1.1)
    assert right.readout.endswith(" Your kind_of_point returns the same word.")
    wrong = stationary.explore(mine=lambda hessian: "minimum")
    assert wrong.readout.endswith(' Your kind_of_point returns "minimum", which is not the same.')

    def unwritten(hessian): ...

    for fn, why in [
        (unwritten, "your function is still to be written."),
        (lambda hessian: 1, "it returned no word."),
        (lambda hessian: 1 / 0, "ZeroDivisionError: division by zero."),
    ]:
        assert f"Your kind_of_point is not used: {why}" in stationary.explore(mine=fn).readout


def test_hessians_of_the_lesson():
    kind = exercises()["kind_of_point"].reference
    assert kind(np.array([[2, 0], [0, -2]])) == kind(np.array([[2, 3], [3, 2]])) == "saddle"
    well = landscapes.curvatures(surfaces["double well"], np.zeros(2))
    np.testing.assert_allclose(well, [-4, 2], atol=1e-6)
    for f, expected in [
        (lambda w: np.array([2 * w[0], -2 * w[1]]), (-2, 2)),
        (lambda w: np.array([2 * w[0] + 3 * w[1], 3 * w[0] + 2 * w[1]]), (-1, 5)),
        (lambda w: np.array([2 * w[0], 4 * w[1] ** 3]), (0, 2)),
        (lambda w: np.array([2 * w[0], -4 * w[1] ** 3]), (0, 2)),
    ]:
        surface = type("Surface", (), {"grad": staticmethod(f)})
        np.testing.assert_allclose(landscapes.curvatures(surface, np.zeros(2)), expected, atol=1e-6)


def test_an_answer_in_words_is_judged_as_words():
    exercise = exercises()["kind_of_point"]
    other = exercise.check(lambda hessian: "Minimum")
    assert (other.status, other.mistake) == ("mistake", "another word")
    assert "returns 'Minimum' where one of the words \"minimum\"" in other.message
    assert exercise.check(lambda hessian: 1.0).mistake == "another word"
    message = exercise.check(lambda hessian: "minimum").message
    assert 'the answer should be "saddle", and yours is "minimum"' in message


@pytest.mark.slow
def test_a_move_takes_few_milliseconds():
    explorer, taken = stationary.explore(d=200), []
    for shift in np.linspace(-1, 1, 41):
        begin = time.thread_time()
        explorer.set(shift=round(20 * shift) / 20)
        taken.append(time.thread_time() - begin)
    assert np.median(taken) < 0.05  # 2 ms where nothing else runs
