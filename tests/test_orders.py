"""sgd_epoch: every order of the examples is right, and what is wrong with an order is found."""

import random

import numpy as np
import pytest

from gdlesson.exercises.stochastic import EXERCISES, EveryOutcome, every_result

(SGD,) = EXERCISES


def epoch(order, factor=2.0, use_lr=True):
    """An sgd_epoch with this order(rng, n) of the examples, and 2 · lr as it should be or not."""

    def sgd_epoch(w, b, x, y, lr, rng):
        step = factor * (lr if use_lr else 1)
        for i in order(rng, len(x)):
            r = w * x[i] + b - y[i]
            w, b = w - step * r * x[i], b - step * r
        return w, b

    return SGD.check(sgd_epoch)


def test_a_function_is_run_with_every_outcome_once():
    orders = every_result(lambda rng: tuple(rng.permutation(4)))
    assert len(orders) == len(set(orders)) == 24
    draws = every_result(lambda rng: tuple(rng.integers(0, 3, 3)))
    assert len(draws) == len(set(draws)) == 27
    both = every_result(lambda rng: (*rng.permutation(4), *rng.permutation(4)))
    assert len(both) == len(set(both)) == 576
    assert every_result(lambda rng: 7) == [7]
    assert EveryOutcome([5]).permutation(3).tolist() == [2, 1, 0]


def swaps(rng, n):
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = rng.integers(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


@pytest.mark.parametrize("order", [swaps, lambda rng, n: np.argsort(rng.random(n))])
def test_any_way_to_shuffle_is_right_and_other_slips_are_found_with_it(order):
    assert epoch(order).status == "passed"
    assert epoch(order, factor=1).mistake == "no 2"
    assert epoch(order, factor=-2).mistake == "uphill"
    assert epoch(order, use_lr=False).mistake == "no lr"


def from_python(rng, n):
    return random.sample(range(n), n)


@pytest.mark.parametrize(
    "order, name",
    [
        (from_python, "not from rng"),
        (lambda rng, n: np.random.default_rng(42).permutation(n), "the same order again"),
        (lambda rng, n: rng.choice(n, n), "with replacement"),
        (lambda rng, n: range(n), "not shuffled"),
    ],
)
def test_a_wrong_order_is_found_alone_and_with_another_slip(order, name):
    assert epoch(order).mistake == name
    assert epoch(order, factor=1).mistake == f"no 2 and {name}"


def test_orders_that_are_hardly_random_are_refused():
    assert epoch(lambda rng, n: np.roll(range(n), rng.integers(n))).mistake == "few orders"
    assert epoch(lambda rng, n: [*rng.permutation(n - 1), n - 1]).mistake == "few orders"


def test_an_epoch_over_many_examples_uses_all_of_them():
    message = epoch(lambda rng, n: rng.permutation(n)[:32]).message
    assert "With 200 examples, the number of updates should be 200, and" in message
