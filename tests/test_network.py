"""Lesson 16: the training against PyTorch, and what the picture shows."""

import json
import pathlib

import numpy as np
import pytest

from gdlesson import numerical_gradient
from gdlesson.benchmark import course
from gdlesson.exercises import check, clipping
from gdlesson.exercises import network as reference
from gdlesson.explorers import network
from gdlesson.explorers.network_training import (
    EPOCHS,
    LIMIT,
    Clipped,
    Training,
    training_of,
    warm_cosine,
)

FOLDER = pathlib.Path(__file__).parent


def trained(lr=0.3, batch=32, schedule=False, clip=False, start="random", seed=0):
    training = Training(lr, batch, schedule, clip, start, seed)
    while training.epoch < EPOCHS:
        training.advance()
    return training


def test_the_training_is_that_of_pytorch():
    saved = json.loads((FOLDER / "network_reference.json").read_text(encoding="utf-8"))
    training = trained(saved["lr"], saved["batch"])
    ours = [training.problems.train.f(w) for w in training.w]
    np.testing.assert_allclose(ours, saved["losses"], rtol=1e-9)


def test_the_readout_of_the_first_picture():
    training_of.cache_clear()  # another test may have trained it further
    explorer = network.explore()
    assert "Training" not in explorer.readout and "after epoch 2 of 20 (26 updates)" in (
        explorer.readout
    )
    explorer.still()  # does the remaining work
    assert explorer.readout == (
        "Batches of 32 and learning rate 0.3: after epoch 20 of 20 (260 updates) the training loss "
        "is 0.071 and the validation loss 0.16; the network reads 399 of the 400 training digits "
        "and 97 of the 100 validation digits."
    )
    explorer.set(epoch=0)
    assert "(0 updates)" in explorer.readout


def test_a_start_at_zero_learns_how_frequent_each_digit_is():
    training = trained(start="all 0")
    (W1, b1), (W2, b2) = training.problems.train.unpack(training.w[-1])
    assert not W1.any() and not b1.any() and not W2.any() and b2.any()
    share = np.bincount(training.problems.train.y) / 400
    lowest = -(share * np.log(share)).sum()  # of all guesses that do not use the picture
    assert lowest < training.loss[-1] < np.log(10)


@pytest.mark.parametrize("seed", range(3))
def test_clipping_saves_the_training_that_a_large_learning_rate_spoils(seed):
    spoilt, clipped = (trained(1.4, 8, clip=clip, seed=seed) for clip in (False, True))
    assert spoilt.loss[-1] > np.log(10) and spoilt.loss.max() > 20
    assert clipped.loss[-1] < 0.01 and clipped.loss.max() < 4
    assert 0 < clipped.clipped < 1000 / 2


@pytest.mark.parametrize("batch", [8, 32, 128, 400])
def test_the_learning_rate_of_2_is_too_large_for_every_batch_size(batch):
    assert trained(2.0, batch).loss[-1] > np.log(10) > trained(1.0, batch).loss[-1]


def test_more_updates_reach_a_lower_loss_in_the_same_epochs():
    ends = [trained(1.0, batch).loss[-1] for batch in (8, 32, 128, 400)]
    assert ends == sorted(ends) and ends[0] < 0.01 < 0.1 < ends[-1]


def test_warm_up_rises_to_1_and_the_cosine_falls_to_0():
    factor = warm_cosine(13)
    values = np.array([factor(t) for t in range(13 * EPOCHS)])
    assert values[0] == 1 / 26 and values[25] == 1 == values.max() and values[26] == 1
    assert (np.diff(values[26:]) < 0).all() and 0 < values[-1] < 1e-3


def test_a_clipped_gradient_has_the_direction_and_at_most_the_limit():
    train = course("digits").train
    w = 3 * train.start
    g, clipped = train.grad(w), Clipped(train, 0.1).grad(w)
    assert np.linalg.norm(clipped) == pytest.approx(0.1)
    assert clipped @ g == pytest.approx(0.1 * np.linalg.norm(g))
    np.testing.assert_array_equal(Clipped(train, 100).grad(w), g)
    ours, theirs = clipping.clip_by_norm(g, LIMIT / 9), Clipped(train, LIMIT / 9).grad(w)
    np.testing.assert_allclose(ours, theirs, atol=1e-15)


def test_backward_and_the_softmax_give_the_gradient_of_the_network():
    net = course("digits").train.on(range(7))
    (W1, b1), (W2, b2) = net.unpack(net.start)
    h = np.tanh(net.X @ W1 + b1)
    pairs = [reference.softmax_cross_entropy(s, y) for s, y in zip(h @ W2 + b2, net.y, strict=True)]
    assert np.mean([loss for loss, _ in pairs]) == pytest.approx(net.f(net.start))
    dscores = np.array([slopes for _, slopes in pairs]) / 7
    _, dW1, db1 = reference.backward(net.X, W1, h, dscores @ W2.T)
    by_hand = net.pack([(dW1, db1[None]), (h.T @ dscores, dscores.sum(0)[None])])
    np.testing.assert_allclose(by_hand, net.grad(net.start), atol=1e-14)
    np.testing.assert_allclose(by_hand, numerical_gradient(net.f, net.start), atol=1e-8)


@pytest.mark.parametrize("subtract, name", [(max, "logarithm of a p"), (None, "another score")])
def test_a_softmax_must_be_finite_for_a_score_far_above_that_of_the_label(subtract, name):
    def softmax_cross_entropy(scores, label):
        e = np.exp(scores - (subtract(scores) if subtract else scores[label]))
        p = e / np.sum(e)
        return -np.log(p[label]), p - np.eye(len(p))[label]

    assert check(softmax_cross_entropy).mistake.startswith(name)


def test_a_small_slip_in_two_lines_is_named():
    def softmax_cross_entropy(scores, label):
        p = np.exp(scores) / np.sum(np.exp(scores))
        return -np.log(p[label]), p

    message = check(softmax_cross_entropy).message
    assert "overflows" in message and "probabilities themselves" in message
