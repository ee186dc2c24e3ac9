"""The network of lesson 00 that learns to read digits: its numbers, its readout, its picture."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from gdlesson import datasets
from gdlesson.explorers import digits
from gdlesson.views import DARK, LIGHT, Tiles


def by_hand(lr, steps):
    """Losses and counts by formulas of their own, from the same first weights."""
    data = datasets.digits()
    X, y = data["pixels"] / 16, data["label"]
    seen, apart = dict.fromkeys(range(10), 0), np.zeros(len(y), bool)
    for i, label in enumerate(y.tolist()):
        apart[i] = seen[label] < 20
        seen[label] += 1
    training, _ = digits.problems()
    (A, a), (B, b) = (tuple(part.copy() for part in layer) for layer in training.unpack(
        training.start))  # fmt: skip
    truth, found = np.eye(10)[y[~apart]], []
    for _ in range(steps + 1):
        h = np.tanh(X @ A + a)
        p = np.exp(h @ B + b)
        p /= p.sum(1, keepdims=True)
        right = p.argmax(1) == y
        loss = -np.log((p[~apart] * truth).sum(1)).mean()
        found.append((loss, right[~apart].sum(), right[apart].sum()))
        x, h = X[~apart], h[~apart]
        error = (p[~apart] - truth) / len(truth)
        back = (error @ B.T) * (1 - h**2)
        A, a = A - lr * x.T @ back, a - lr * back.sum(0)
        B, b = B - lr * h.T @ error, b - lr * error.sum(0)
    return np.array(found).T


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.3, 1])
def test_the_numbers_are_those_of_formulas_written_out(lr):
    training = digits.train(lr)
    loss, read, apart = by_hand(lr, digits.STEPS)
    np.testing.assert_allclose(training.loss, loss, rtol=1e-9)
    np.testing.assert_array_equal(training.read, read)
    np.testing.assert_array_equal(training.read_apart.sum(-1), apart)


def test_no_digit_is_in_both_parts_and_every_row_shows_one_label():
    training, apart = digits.problems()
    assert len(training.y) == 400 and len(apart.y) == 200 and training.d == 2410
    assert apart.y.tolist() == np.repeat(np.arange(10), digits.APART).tolist()
    rows = np.concatenate([training.X, apart.X])
    data = datasets.digits()["pixels"] / 16
    assert sorted(map(tuple, rows)) == sorted(map(tuple, data))


@pytest.mark.parametrize("lr", digits.STEP_SIZES)
def test_the_readout_is_true_for_every_step_size(lr):
    explorer = digits.explore(lr=lr)
    training, text = digits.train(lr), explorer.readout
    numbers = [int(n) for n in re.findall(r"(\d+) of the", text)]
    assert numbers == [training.read[-1], training.read_apart[-1].sum()]
    grew = training.loss[-1] >= training.loss[0]
    assert ("too large" in text) == grew and f"size {lr:g} " in text
    counts, loss = np.hsplit(explorer.live.play.numbers, [2])
    assert counts.shape == (101, 2) and counts[-1].tolist() == numbers
    assert counts.max() < 1000  # so many digits are written by the step text
    assert loss.ravel().tolist() == training.loss.tolist()


def test_the_whole_loss_is_in_the_picture_with_every_step_size():
    explorer = digits.explore()
    for lr in digits.STEP_SIZES:
        explorer.set(lr=lr)
        loss = explorer.views.loss.measured
        assert len(loss.get_xdata()) == digits.STEPS + 1
        low, high = loss.axes.get_ylim()
        assert low < 0 and high == max(3, 1.1 * digits.train(lr).loss.max())


def test_what_the_lesson_says_of_its_step_sizes():
    assert digits.explore().readout == (
        "After 100 steps of size 0.3 the network reads 396 of the 400 training digits correctly, "
        "and 174 of the 200 digits that are kept apart."
    )
    assert "400 of the 400" in digits.explore(lr=1).readout
    apart = [digits.train(lr).read_apart.sum(-1) for lr in (0.3, 0.03, 1)]
    assert np.argmax(apart[0] >= 100) == 5  # half of them are faded
    assert [counts[-1] for counts in apart] == [174, 138, 178]
    loss = digits.train(3).loss
    assert loss[1] < loss[0] < loss[3] < loss[4] and loss.max() > 5 * loss[0]
    for lr in (3, 10):  # how many it reads then depends on every rounding
        assert digits.explore(lr=lr).readout.startswith(f"Steps of size {lr} are too large: ")


def test_a_digit_is_covered_exactly_where_it_is_read():
    explorer = digits.explore()
    frames = explorer.views.tiles.keyframes[explorer.views.tiles.covers]
    covered = np.isfinite(frames).all(-1)
    np.testing.assert_array_equal(covered, digits.train(0.3).read_apart)
    row, column = 7, 13
    at = frames[-1, row * digits.APART + column]
    assert at.tolist() == [column + 0.5, row + 0.5] or np.isnan(at).all()
    with explorer.live.play.at(0):
        x = explorer.views.tiles.covers.get_xdata()
        assert np.isfinite(x).sum() == digits.train(0.3).read_apart[0].sum()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_tiles_are_square_in_a_wide_and_in_a_high_panel(palette):
    pictures = np.zeros((2, 3, 4, 4))
    pictures[1, 2] = 1
    for size in [(6, 2), (3, 6)]:
        ax = Figure(size, dpi=100).add_axes((0, 0, 1, 1))
        tiles = Tiles(ax, pictures, ("first", "second"), palette)
        tiles.update(np.array([[False] * 6, [True] + [False] * 5]))
        (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (3, 2)])
        assert abs(x1 - x0) / 3 == pytest.approx(abs(y1 - y0) / 2)
        assert tiles.covers.get_markersize() * 100 / 72 == pytest.approx(abs(x1 - x0) / 3)
        (mosaic,) = ax.get_images()
        pixels = mosaic.get_array()
        assert pixels.shape == (12, 18, 3)
        np.testing.assert_allclose(pixels[8, 14], to_rgb(palette.ink))
        np.testing.assert_allclose(pixels[0, 0], to_rgb(palette.paper))
        assert len({tuple(pixels[2, 2]), to_rgb(palette.paper), to_rgb(palette.ink)}) == 3
