"""Losses over data: gradients, parts of the rows, many runs at once, closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlesson import (
    GradientDescent,
    LinearRegression,
    LogisticRegression,
    Momentum,
    Network,
    SoftmaxRegression,
    descend,
    numerical_gradient,
    sweep,
)

RNG = np.random.default_rng(7)
ROWS = 23
X = RNG.normal(size=(ROWS, 3))
VALUES = X @ [1.0, -2.0, 0.5] + 4 + 0.1 * RNG.normal(size=ROWS)
SIDES = (VALUES > 4).astype(float)
THREE = np.digitize(VALUES, [3.0, 5.0])

PROBLEMS = [
    LinearRegression(X, VALUES),
    LinearRegression(X[:, 0], VALUES),
    LogisticRegression(X, SIDES),
    SoftmaxRegression(X, THREE),
    Network(X, THREE, (3, 5, 3)),
    Network(X, THREE, (3, 4, 6, 3), "tanh", seed=3),
    Network(X, THREE, (3, 6, 3), "relu", seed=1),
    Network(X, THREE, (3, 4, 6, 3), seed=2, loss="squared"),
]
each = pytest.mark.parametrize("problem", PROBLEMS, ids=repr)


@each
@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_is_the_slope(problem, seed):
    w = np.random.default_rng(seed).normal(size=problem.d)
    assert problem.grad(w) == pytest.approx(numerical_gradient(problem.f, w, 1e-6), abs=2e-8)


@each
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), size=st.integers(1, ROWS))
def test_an_epoch_holds_every_row_once_and_its_mean_gradient_is_the_full_one(problem, seed, size):
    updates = -(-ROWS // size)
    supply = problem.batches(size, np.random.default_rng(seed))
    for _ in range(2):  # a second epoch is as complete as the first
        epoch = [next(supply) for _ in range(updates)]
        sizes = [len(batch.y) for batch in epoch]
        assert sizes[:-1] == [size] * (updates - 1) and sum(sizes) == ROWS
        rows = np.concatenate([np.column_stack([batch.X, batch.y]) for batch in epoch])
        whole = np.column_stack([problem.X, problem.y])
        assert sorted(map(tuple, rows)) == sorted(map(tuple, whole))
        w = np.random.default_rng(seed).normal(size=problem.d)
        # Weighted by the rows: the mean of batch means is another number, the last one is smaller.
        mean = sum(n * batch.grad(w) for n, batch in zip(sizes, epoch, strict=True)) / ROWS
        assert mean == pytest.approx(problem.grad(w), abs=1e-12)


@each
def test_many_runs_equal_the_runs_one_by_one(problem):
    starts = np.random.default_rng(1).normal(size=(4, 1, problem.d))
    rates = np.array([0.01, 0.1, 0.3])
    for optimizer in (GradientDescent, Momentum):
        together = descend(problem, optimizer(**sweep(lr=rates)), start=starts, steps=20)
        assert together.w.shape == (21, 4, 3, problem.d)
        for i in range(4):
            for j in range(3):
                alone = descend(problem, optimizer(rates[j]), start=starts[i, 0], steps=20)
                np.testing.assert_allclose(together.w[:, i, j], alone.w, rtol=1e-12, atol=1e-12)
                np.testing.assert_allclose(together.loss[:, i, j], alone.loss, rtol=1e-12)


@each
def test_more_runs_than_fit_at_once_give_the_same_numbers(problem, monkeypatch):
    w = np.random.default_rng(1).normal(size=(50, problem.d))
    f, grad = problem.f(w), problem.grad(w)
    # As if the rows were so wide that only two runs fit at once.
    problem = problem.on(np.arange(ROWS))
    problem.width = 4_000_000 // (2 * ROWS)
    np.testing.assert_allclose(problem.f(w), f, rtol=1e-13)
    np.testing.assert_allclose(problem.grad(w), grad, rtol=1e-12, atol=1e-15)
    assert problem.f(w[:0]).shape == (0,)


@each
def test_on_takes_indices_a_slice_a_mask_or_one_row(problem):
    w = np.ones(problem.d)
    mask = np.zeros(ROWS, bool)
    mask[2:5] = True
    first = problem.on([2, 3, 4])
    for rows in (slice(2, 5), mask, np.array([2, 3, 4])):
        assert problem.on(rows).f(w) == first.f(w)
    assert problem.on(3).f(w) == problem.on([3]).f(w)
    assert first.d == problem.d and len(problem.y) == ROWS


def test_linear_loss_is_the_mean_of_squares_by_hand():
    problem = LinearRegression([0, 1, 2], [1, 3, 2])
    assert problem.f([1, 1]) == pytest.approx((0 + 1 + 1) / 3)
    assert problem.grad([1, 1]) == pytest.approx([2 / 3 * (-1 + 2), 2 / 3 * (-1 + 1)], abs=1e-15)
    assert problem.predict([1, 1]) == pytest.approx([1, 2, 3])
    assert problem.predict([1, 1], [10]) == pytest.approx([11])


def test_closed_form_is_where_the_gradient_is_zero():
    problem = LinearRegression(X, VALUES)
    w = problem.closed_form()
    assert np.abs(problem.grad(w)).max() < 1e-13
    assert (problem.minima == [w]).all()
    assert descend(problem, GradientDescent(0.1), steps=500).steps_to(1e-6) < 500


def test_without_a_single_best_line_there_is_no_closed_form():
    problem = LinearRegression(np.ones((5, 2)), np.arange(5))
    with pytest.raises(ValueError, match="many lines fit best"):
        problem.closed_form()
    assert len(problem.minima) == 0
    with pytest.raises(ValueError, match="lists its minima"):
        descend(problem, GradientDescent(0.1), steps=2).steps_to(0.1)


def test_curvatures_tell_the_largest_safe_step():
    problem = LinearRegression(X, VALUES)
    border = 2 / problem.curvatures()[-1]
    for factor, diverged in [(0.999, False), (1.001, True)]:
        path = descend(problem, GradientDescent(factor * border), steps=20_000, keep="last")
        assert path.diverged is diverged


def test_logistic_regression_by_hand_and_at_a_thousand():
    problem = LogisticRegression([[1.0], [-1.0]], [1, 0])
    assert problem.f([0, 0]) == pytest.approx(np.log(2))
    assert problem.grad([0, 0]) == pytest.approx([-0.5, 0])
    assert problem.f([1000, 0]) == 0 and problem.grad([1000, 0]) == pytest.approx([0, 0])
    assert problem.f([-1000, 0]) == 1000 and problem.grad([-1000, 0]) == pytest.approx([-1, 0])
    assert problem.f([40, 0]) == pytest.approx(np.exp(-40), rel=1e-12)  # no 1 − 1 on the way
    assert (problem.predict([1, 0]) == [1, 0]).all() and problem.accuracy([1, 0]) == 1
    assert (problem.predict([1, 0], [[3], [-3], [4]]) == [1, 0, 1]).all()


def test_softmax_of_two_classes_is_logistic_regression():
    two, one = SoftmaxRegression(X, SIDES), LogisticRegression(X, SIDES)
    w = RNG.normal(size=4)
    both = np.column_stack([np.zeros(4), w]).ravel()  # class 1 scored against a constant 0
    assert two.f(both) == pytest.approx(one.f(w), rel=1e-13)
    assert two.grad(both).reshape(4, 2)[:, 1] == pytest.approx(one.grad(w), rel=1e-11)
    assert two.accuracy(both) == one.accuracy(w)
    assert np.isfinite(two.f(1000 * both)) and np.isfinite(two.grad(1000 * both)).all()


def test_a_small_batch_still_knows_all_classes():
    problem = SoftmaxRegression(X, THREE)
    part = problem.on(THREE == 0)
    assert part.classes == 3 and part.grad(part.start).shape == (12,)
    assert SoftmaxRegression(X, THREE, classes=5).d == 20


def test_network_packs_what_it_unpacks():
    network = Network(X, THREE, (3, 4, 6, 3))
    w = RNG.normal(size=(2, 5, network.d))
    layers = network.unpack(w)
    assert [W.shape[2:] for W, _ in layers] == [(3, 4), (4, 6), (6, 3)]
    assert [b.shape[2:] for _, b in layers] == [(1, 4), (1, 6), (1, 3)]
    assert (network.pack(layers) == w).all()
    assert network.d == 4 * 4 + 5 * 6 + 7 * 3


def test_network_forward_by_hand():
    network = Network([[2.0]], [1], (1, 1, 2))
    w = network.pack([(np.array([[0.5]]), np.array([[-0.5]])), (np.eye(2)[:1], np.ones((1, 2)))])
    scores = np.array([np.tanh(0.5) + 1, 1])
    assert network.f(w) == pytest.approx(np.log(np.exp(scores).sum()) - scores[1])
    assert network.predict(w) == [0] and network.accuracy(w) == 0
    assert (network.predict(w, [[2.0], [-9.0]]) == [0, 1]).all()


@pytest.mark.parametrize("activation, gain", [("tanh", 1), ("relu", 2)])
def test_initial_weights_keep_the_size_of_the_signal(activation, gain):
    network = Network(np.ones((2, 400)), [0, 1], (400, 300, 2), activation, seed=5)
    (W, b), _ = network.unpack(network.start)
    assert W.var() == pytest.approx(gain / 400, rel=0.02)
    assert (b == 0).all()
    assert (network.initial(5) == network.start).all()
    assert (network.initial(6) != network.start).any()


def test_accuracy_of_a_whole_path():
    problem = SoftmaxRegression(X, THREE)
    path = descend(problem, GradientDescent(0.5), steps=30)
    shares = problem.accuracy(path.w)
    assert shares.shape == (31,)
    assert shares[-1] == problem.accuracy(path.last) == np.mean(problem.predict(path.last) == THREE)


def test_the_same_seed_gives_the_same_batches():
    problem = LinearRegression(X, VALUES)
    for rng in (3, np.random.default_rng(3)):
        assert (next(problem.batches(4, rng)).y == next(problem.batches(4, 3)).y).all()
    a, b = problem.batches(ROWS, 3), []
    for _ in range(3):
        b.append(tuple(next(a).y))
    assert len(set(b)) == 3  # a fresh order each epoch


BAD = [
    (lambda: LinearRegression(X, VALUES[:-1]), "as many rows, got 23 and 22"),
    (lambda: LinearRegression(X[None], VALUES), r"X of shape \(n, k\) or \(n,\) and y of shape"),
    (lambda: LinearRegression(X, VALUES[:, None]), r"got X \(23, 3\) and y \(23, 1\)"),
    (lambda: LinearRegression([], []), r"got X \(0, 1\) and y \(0,\)"),
    (lambda: LinearRegression([1, np.nan], [1, 2]), "X must hold finite numbers"),
    (lambda: LinearRegression([1, 2], [1, np.inf]), "y must hold finite numbers"),
    (lambda: LinearRegression([1, 2], ["a", "b"]), "y must hold numbers, got a, b"),
    (lambda: LogisticRegression([1, 2], [-1, 1]), "labels must be 0 or 1, got -1.0, 1.0"),
    (lambda: SoftmaxRegression([1, 2], [0, 1.5]), "whole numbers from 0 to 1, got 0.0, 1.5"),
    (lambda: SoftmaxRegression([1, 2], [0, 3], classes=2), "whole numbers from 0 to 1"),
    (lambda: SoftmaxRegression([1, 2], [0, 0]), "two classes or more, got 1"),
    (lambda: Network(X, THREE, (3, 3)), "sizes must be"),
    (lambda: Network(X, THREE, (3, 4, 3), loss="hinge"), "loss must be"),
    (lambda: Network(X, THREE, (3, 0, 3)), "sizes must be"),
    (lambda: Network(X, THREE, (2, 4, 3)), "begin with 2 features, X has 3"),
    (lambda: Network(X, THREE, (3, 4, 2)), "whole numbers from 0 to 1, got"),
    (lambda: Network(X, THREE, (3, 4, 3), "sigmoid"), 'must be "tanh" or "relu", got \'sigmoid\''),
    (lambda: PROBLEMS[0].on([]), "a batch needs at least one row, got none"),
    (lambda: PROBLEMS[0].on(np.zeros(ROWS, bool)), "a batch needs at least one row, got none"),
    (lambda: PROBLEMS[0].batches(0), "size must be a whole number from 1 to 23, got 0"),
    (lambda: PROBLEMS[0].batches(24), "size must be a whole number from 1 to 23, got 24"),
    (lambda: PROBLEMS[0].batches(2.0), "size must be a whole number from 1 to 23, got 2.0"),
    (lambda: PROBLEMS[0].f([1, 2]), r"takes points of shape \(..., 4\), got shape \(2,\)"),
    (lambda: PROBLEMS[0].grad(1.0), r"takes points of shape \(..., 4\), got shape \(\)"),
    (lambda: PROBLEMS[0].predict(np.ones(4), [[1, 2]]), r"X of shape \(n, 3\), got \(1, 2\)"),
]


@pytest.mark.parametrize("make, sentence", BAD, ids=[sentence[:30] for _, sentence in BAD])
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_rows_that_are_not_there_are_refused():
    problem = LinearRegression(np.arange(3.0), np.arange(3.0))
    with pytest.raises(ValueError, match=r"rows must pick from 3 rows, 0 to 2, got \[7\]"):
        problem.on([7])
